"""A virtual cohort as the entries its sites would have typed, calibrated to published results.

Mechanistic: lesions grow and are measured, so that RECIST responses happen; events change doses; records are
entered late, corrected and left incomplete. Needs a seed and nothing else; no clock, no database.
"""

from grevy.simulate.assumptions import load_assumptions
from grevy.simulate.calibration import (
    calibration_table,
    mean_calibration,
    summarize_adam,
    summarize_courses,
)
from grevy.simulate.cohort import SimulatedStudy, simulate_study, simulate_tables, simulate_truth

__all__ = [
    "SimulatedStudy",
    "calibration_table",
    "load_assumptions",
    "mean_calibration",
    "simulate_study",
    "simulate_tables",
    "simulate_truth",
    "summarize_adam",
    "summarize_courses",
]
