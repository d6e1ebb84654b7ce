"""Every output of the report: number, title, analysis set, the switches it depends on, and who estimates it.

Numbers follow ICH E3, section 14. The footnotes of an output name exactly the switches declared here.
"""

from grevy.results.outputs.declared import Output
from grevy.results.outputs.effectiveness import EFFECTIVENESS
from grevy.results.outputs.exploration import EXPLORATION
from grevy.results.outputs.listings import LISTINGS
from grevy.results.outputs.participants import PARTICIPANTS
from grevy.results.outputs.patient_reported import PATIENT_REPORTED
from grevy.results.outputs.real_world import REAL_WORLD
from grevy.results.outputs.safety import SAFETY

__all__ = ["OUTPUTS", "Output"]

OUTPUTS = (*PARTICIPANTS, *EFFECTIVENESS, *EXPLORATION, *PATIENT_REPORTED, *SAFETY, *REAL_WORLD, *LISTINGS)
