"""The conventions that stand under each output, by its number."""

from grevy.report.footnotes.effectiveness import EFFECTIVENESS
from grevy.report.footnotes.exploration import EXPLORATION
from grevy.report.footnotes.participants import PARTICIPANTS
from grevy.report.footnotes.patient_reported import PATIENT_REPORTED
from grevy.report.footnotes.real_world import REAL_WORLD
from grevy.report.footnotes.safety import SAFETY
from grevy.report.words import Words

__all__ = ["FOOTNOTES"]

FOOTNOTES: dict[str, tuple[Words, ...]] = (
    PARTICIPANTS | EFFECTIVENESS | EXPLORATION | PATIENT_REPORTED | SAFETY | REAL_WORLD
)
