"""Values as forms store them, read into types: whole and partial dates, numbers, codes.

A partial date is a type, not text: `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `UNK` (asked, unknown). It is never
completed; for comparisons it stands for all days it may be, from the first to the last.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

UNKNOWN_DATE = "UNK"
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
# ASCII alone: "１２" is a number to Python and none to a database, so a stored one would be lost on its way.
# And so many digits before the point that every engine computes with them exactly; nothing is measured with
# more. Behind it there are as many as a quotient of two values has, which is a value that is derived.
_NUMBER = r"-?\d{1,15}(?:\.\d{1,28})?"
_DECIMAL = re.compile(_NUMBER, re.ASCII)
_QUANTITY = re.compile(rf"(<=|>=|<|>)?({_NUMBER}) (\S.*)", re.ASCII)


@dataclass(frozen=True)
class Quantity:
    """A value with its unit as printed; `comparator` where it is beyond what can be measured."""

    comparator: str
    value: Decimal
    unit: str


def read_date(value: object) -> date | None:
    """A whole date from `YYYY-MM-DD`, or None where the text is none (2026-02-30 is none)."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def read_datetime(value: object) -> datetime | None:
    """A point in time from `YYYY-MM-DDTHH:MM`, or None."""
    if not isinstance(value, str) or not _DATETIME.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def read_partial_date(value: object) -> tuple[date, date] | None:
    """First and last possible day of a partial date, or None where it is none or unknown."""
    match = _PARTIAL.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if year is None or month is None:
            return date(year or 0, 1, 1), date(year or 0, 12, 31)
        last_day = day or calendar.monthrange(year, month)[1]
        return date(year, month, day or 1), date(year, month, last_day)
    except (ValueError, calendar.IllegalMonthError):
        return None


def read_integer(value: object) -> int | None:
    """A whole number; True and False are none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def read_decimal(value: object) -> Decimal | None:
    """An exact decimal from text such as `12.5`; a float does not say what was typed."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def read_quantity(value: object) -> Quantity | None:
    """A value with its unit from text such as `132 g/L` or `<0.5 ng/mL`, or None."""
    match = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    return Quantity(match[1] or "", Decimal(match[2]), match[3]) if match else None


def read_text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def is_missing(value: object) -> bool:
    """Nothing was entered: no value or blank text."""
    return value is None or (isinstance(value, str) and not value.strip())
