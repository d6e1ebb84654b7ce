"""Study days and durations: day 1 is the day of the first dose, and there is no day 0."""

from datetime import date

DAYS_PER_MONTH = 30.4375
"""365.25 / 12: durations are computed in days and converted only to be shown."""


def study_day(day: date, first_dose: date) -> int:
    """Study day of a date; the day before the first dose is -1."""
    elapsed = (day - first_dose).days
    return elapsed + 1 if elapsed >= 0 else elapsed


def elapsed_days(day: int) -> int:
    """Days since first dose of a study day."""
    if day == 0:
        raise ValueError("study day 0 does not exist; the day before the first dose is -1")
    return day - 1 if day > 0 else day


def duration_days(start: date, end: date) -> int:
    """Length of a time from start to end, both days included."""
    return (end - start).days + 1


def months(days: int) -> float:
    """Days as months, for display."""
    return days / DAYS_PER_MONTH
