"""Partial dates: what a date with missing parts may be, and whether an order of two such dates is certain."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Literal

UNKNOWN = "UNK"
"""Asked and not known, as entered."""

_TEXT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?", re.ASCII)


class Certainty(Enum):
    """Three-valued answer to a question about partial dates."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    NO = "no"


@dataclass(frozen=True)
class PartialDate:
    """A date whose day, month and year, in this order, may be missing."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def first(self) -> date:
        """First day it may be."""
        return date(self.year or date.min.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """Last day it may be; 29 February in a leap year."""
        year, month = self.year or date.max.year, self.month or 12
        return date(year, month, self.day or monthrange(year, month)[1])

    @property
    def flag(self) -> Literal["D", "M", "Y"] | None:
        """Highest part that an imputation has to fill in: the day, the month, the year, or none."""
        if self.day is not None:
            return None
        return "D" if self.month is not None else "M" if self.year is not None else "Y"


def parse(text: str | None) -> PartialDate:
    """Read "2024-02-29", "2024-02", "2024", "UNK" or nothing; a time of day is left out.

    Raises ValueError for a text that is no date of the calendar.
    """
    if text is None or text.strip() in ("", UNKNOWN):
        return PartialDate()
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no date; allowed: YYYY-MM-DD, YYYY-MM, YYYY or {UNKNOWN}")
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        # the calendar refuses a part that does not exist, such as month 13 or day 0
        date(year or 0, 1 if month is None else month, 1 if day is None else day)
    except ValueError as error:
        raise ValueError(f"{text!r} is not in the calendar: {error}") from None
    return PartialDate(year, month, day)


def impute(partial: PartialDate, rule: Literal["first", "middle", "last"]) -> date | None:
    """Fill in the first, middle (15th; 30 June) or last day it may be; nothing without a year."""
    if partial.year is None:
        return None
    if rule == "first":
        return partial.first
    if rule == "last":
        return partial.last
    if partial.month is None:
        return date(partial.year, 6, 30)
    return date(partial.year, partial.month, partial.day or 15)


def is_before(one: PartialDate, other: PartialDate) -> Certainty:
    """Whether one date lies before another: for certain, possibly, or not at all."""
    if one.last < other.first:
        return Certainty.CERTAIN
    return Certainty.POSSIBLE if one.first < other.last else Certainty.NO


def is_same_day(one: PartialDate, other: PartialDate) -> Certainty:
    """Whether two dates are the same day; certain only if both are complete."""
    if one.last < other.first or other.last < one.first:
        return Certainty.NO
    complete = one.flag is None and other.flag is None
    return Certainty.CERTAIN if complete else Certainty.POSSIBLE
