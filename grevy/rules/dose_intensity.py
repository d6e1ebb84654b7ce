"""Surufatinib: dose levels, and the dose taken against the dose planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from grevy.rules.dose_levels import DOSE_LEVELS

START_DOSE_MG = {"MONO": 300, "COMBO": 250}
DOSE_LEVELS_MG = tuple(level.dose_mg for level in DOSE_LEVELS if not level.days_off)
"""A reduction goes one level down; there is no way back up in this study."""


@dataclass(frozen=True)
class DoseInterval:
    """Consecutive days at one dose per day; an interruption has 0 mg."""

    days: int
    dose_mg: int


def cumulative_dose_mg(intervals: Sequence[DoseInterval]) -> int:
    """Dose taken over all intervals."""
    return sum(interval.days * interval.dose_mg for interval in intervals)


def relative_dose_intensity(intervals: Sequence[DoseInterval], start_dose_mg: int) -> Fraction:
    """Percent of the planned dose that was taken; interruptions stay in the days that were planned.

    28 days of 300 mg, 7 days of rest and 21 days of 250 mg are 13,650 of 16,800 mg: 81.25 percent.
    """
    days = sum(interval.days for interval in intervals)
    if days <= 0 or start_dose_mg <= 0:
        raise ValueError(f"{days} days at {start_dose_mg} mg planned; both must be positive")
    return Fraction(100 * cumulative_dose_mg(intervals), days * start_dose_mg)


def next_lower_dose_mg(dose_mg: int) -> int | None:
    """Dose after a reduction by one level; none below 200 mg (then 3 weeks on, 1 week off, or stop)."""
    return next((level for level in DOSE_LEVELS_MG if level < dose_mg), None)
