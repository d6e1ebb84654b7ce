"""Dates of the analysis data sets: one rule for partial --DTC texts in all of them (reporting switch W6).

The analysis copy of a partial date is imputed and flagged (--DTF), the collected text stays as it is in the
tabulation. The two ends of what a partial date may mean are `compute_date(dtc, "first")` and
`compute_date(dtc, "last")`; they are equal for a complete date.
"""

from typing import Literal

import ibis
import ibis.expr.types as ir

from grevy.sdtm.dates import compute_last_day, compute_study_day, is_complete, is_year, is_year_and_month

__all__ = [
    "DateRule",
    "compute_date",
    "compute_date_flag",
    "compute_earliest",
    "compute_latest",
    "compute_new_therapy_start",
    "compute_study_day",
]

DateRule = Literal["first", "middle", "last"]

# what stands for a missing month and day; the middle of a year is 30 June, as admiral imputes it
_MISSING_MONTH: dict[str, str] = {"first": "-01-01", "middle": "-06-30", "last": "-12-31"}


def compute_date(dtc: ir.StringValue, rule: DateRule) -> ir.DateValue:
    """Date of a --DTC text; a missing day or month is imputed with the first, middle or last one possible.

    "2024-02" gives 2024-02-01, 2024-02-15 or 2024-02-29; "2024" gives 2024-01-01, 2024-06-30 or
    2024-12-31. Null where not even the year is known, or the text is no date of the calendar.
    """
    if rule not in _MISSING_MONTH:
        raise ValueError(f"rule {rule!r} for partial dates; allowed: {', '.join(_MISSING_MONTH)}")
    day: str | ir.StringValue = {"first": "01", "middle": "15", "last": compute_last_day(dtc)}[rule]
    imputed = ibis.cases(
        (is_complete(dtc), dtc.substr(0, 10)),
        (is_year_and_month(dtc), dtc.substr(0, 7) + "-" + day),
        (is_year(dtc), dtc.substr(0, 4) + _MISSING_MONTH[rule]),
    )
    return imputed.cast("date")


def compute_date_flag(dtc: ir.StringValue) -> ir.StringValue:
    """Imputation flag (--DTF) of `compute_date`: D the day, M month and day, null nothing imputed.

    ADaM's third value, Y for a date imputed as a whole, is given by whoever replaces a date whose year is
    unknown: such a text has no imputed date here, so it has no flag either.
    """
    return ibis.cases((is_year_and_month(dtc), "D"), (is_year(dtc), "M"))


def compute_earliest(date: ir.DateValue, other: ir.DateValue) -> ir.DateValue:
    """Compute the earlier of two dates; one alone when the other is missing, on every engine."""
    return ibis.least(date.coalesce(other), other.coalesce(date))


def compute_latest(date: ir.DateValue, other: ir.DateValue) -> ir.DateValue:
    """Compute the later of two dates; one alone when the other is missing, on every engine."""
    return ibis.greatest(date.coalesce(other), other.coalesce(date))


def compute_new_therapy_start(dtc: ir.StringValue, first_dose: ir.DateValue, rule: DateRule) -> ir.DateValue:
    """Start of another anti-cancer therapy; a partial one that may be after the first dose is (W10).

    It takes the day of its rule, but none on which study treatment had not begun.
    """
    start = compute_date(dtc, rule)
    may_be_after = (compute_date(dtc, "last") > first_dose).fill_null(False)
    return ibis.cases((may_be_after, compute_latest(start, first_dose)), else_=start)
