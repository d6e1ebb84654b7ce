"""Limits of normal of the sites' laboratories: by test, sex, age and day.

A laboratory report gives a value and the limits that its laboratory uses. The value is typed; the limits are
kept once per site, and looked up by the day of the sample.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

LAB_RANGES = "lab_range"
"""Name of the table beside those of the forms."""

LAB_RANGE_SCHEMA = pa.schema(
    [
        ("SITEID", pa.string()),
        ("TEST", pa.string()),
        ("SEX", pa.string()),
        ("AGE_FROM", pa.int64()),
        ("AGE_TO", pa.int64()),
        ("VALID_FROM", pa.date32()),
        ("VALID_TO", pa.date32()),
        ("UNIT", pa.string()),
        ("LOW", pa.decimal128(18, 6)),
        ("HIGH", pa.decimal128(18, 6)),
        ("ENTERED_AT", pa.timestamp("us", tz="UTC")),
        ("ENTERED_BY", pa.string()),
    ]
)
"""One row per site, test, sex, ages and day they hold from. VALID_TO is the day before the next ones."""


@dataclass(frozen=True)
class LabRange:
    """Limits of one test (`form.item`) at a site; `sex` is F, M or empty; ages are from <= age < to."""

    site: str
    test: str
    sex: str
    age_from: int
    age_to: int
    valid_from: date
    unit: str
    low: Decimal | None
    high: Decimal | None
    by: str
    role: str
    at: datetime

    @property
    def place(self) -> tuple[str, str, str, int, int]:
        """What the next limits have in common with these."""
        return (self.site, self.test, self.sex, self.age_from, self.age_to)


def latest_ranges(ranges: Iterable[LabRange], as_of: datetime) -> list[LabRange]:
    """The limits known at a moment: the last ones entered for each place and day, in the order of both."""
    known: dict[tuple[object, ...], LabRange] = {}
    for limits in sorted((r for r in ranges if r.at <= as_of), key=lambda r: r.at):
        known[(*limits.place, limits.valid_from)] = limits
    return sorted(known.values(), key=lambda r: (r.place, r.valid_from))


def build_lab_range_table(ranges: Iterable[LabRange]) -> pa.Table:
    """Table of limits, as `latest_ranges` gives them."""
    ordered = list(ranges)
    rows = []
    for limits, following in zip(ordered, (*ordered[1:], None), strict=False):
        until = following.valid_from if following and following.place == limits.place else None
        rows.append(
            {
                "SITEID": limits.site,
                "TEST": limits.test,
                "SEX": limits.sex,
                "AGE_FROM": limits.age_from,
                "AGE_TO": limits.age_to,
                "VALID_FROM": limits.valid_from,
                "VALID_TO": None if until is None else date.fromordinal(until.toordinal() - 1),
                "UNIT": limits.unit,
                "LOW": limits.low,
                "HIGH": limits.high,
                "ENTERED_AT": limits.at,
                "ENTERED_BY": limits.by,
            }
        )
    return pa.Table.from_pylist(rows, schema=LAB_RANGE_SCHEMA)


def find_range(
    ranges: Iterable[LabRange], *, site: str, test: str, sex: str | None, age: int | None, on: date
) -> LabRange | None:
    """Limits for one sample; those of the subject's sex go before those of both, None where none hold."""
    fitting = [
        limits
        for limits in ranges
        if (limits.site, limits.test) == (site, test)
        and limits.sex in ("", sex)
        and age is not None
        and limits.age_from <= age < limits.age_to
        and limits.valid_from <= on
    ]
    return max(fitting, key=lambda r: (r.sex != "", r.valid_from, r.at), default=None)
