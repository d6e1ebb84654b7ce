"""ISO 8601 text of --DTC variables: how much of a date is given, and the study day of a complete one.

The calendar is written as patterns, so that a text is checked before it is converted: where the day does not
exist one engine would raise and another give null. Every expression runs alike on DuckDB and on Spark.
"""

import ibis
import ibis.expr.types as ir

_YEAR = "[12][0-9]{3}"
_MONTH = "(0[1-9]|1[0-2])"
# a year divisible by 4, and by 400 where it ends a century
_LEAP_YEAR = "([12][0-9](0[48]|[2468][048]|[13579][26])|(12|16|20|24|28)00)"
_COMPLETE = (
    f"^({_YEAR}-("
    "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    "|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP_YEAR}-02-29)(T.*)?$"
)
_YEAR_MONTH = f"^{_YEAR}-{_MONTH}-?$"
# a day without its month ("2026---15") says no more than the year
_YEAR_ONLY = f"^{_YEAR}(-{{0,2}}|---[0-9]{{2}})$"


def is_complete(dtc: ir.StringValue) -> ir.BooleanValue:
    """Whether year, month and day are given and exist in the calendar; a time of day may follow."""
    return dtc.re_search(_COMPLETE)


def is_year_and_month(dtc: ir.StringValue) -> ir.BooleanValue:
    """Whether year and month are given and the day is missing."""
    return dtc.re_search(_YEAR_MONTH)


def is_year(dtc: ir.StringValue) -> ir.BooleanValue:
    """Whether the year is given and the month is missing."""
    return dtc.re_search(_YEAR_ONLY)


def compute_last_day(dtc: ir.StringValue) -> ir.StringValue:
    """Last day of the month that a --DTC text begins with, as two digits; 29 in February of a leap year."""
    month = dtc.substr(5, 2)
    return ibis.cases(
        (month.isin(["04", "06", "09", "11"]), "30"),
        ((month == "02") & dtc.re_search(f"^{_LEAP_YEAR}-"), "29"),
        (month == "02", "28"),
        else_="31",
    )


def compute_complete_date(dtc: ir.StringValue) -> ir.DateValue:
    """Date of a --DTC that gives year, month and day; null for a partial one."""
    return ibis.ifelse(is_complete(dtc), dtc.substr(0, 10), ibis.null("string")).cast("date")


def compute_study_day(date: ir.DateValue, start: ir.DateValue) -> ir.IntegerValue:
    """Study day: day 1 is the day of the first dose and the day before it is -1, there is no day 0."""
    elapsed = date.delta(start, unit="day").cast("int64")
    return ibis.ifelse(elapsed >= 0, elapsed + 1, elapsed)
