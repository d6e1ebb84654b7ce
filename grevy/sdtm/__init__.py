"""Form tables to SDTMIG 3.4 domains, by the targets that the forms declare; no analysis decisions."""

from grevy.sdtm.tabulation import build_sdtm
from grevy.sdtm.trial_design import build_trial_design, derive_start_of_study

__all__ = ["build_sdtm", "build_trial_design", "derive_start_of_study"]
