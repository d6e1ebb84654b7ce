"""The day of the first dose, of which study days, windows and baselines are counted: one meaning for all
pages, that of the data sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from grevy.definition.partial_values import read_date, read_decimal

DOSE_LOG = "surufatinib_dosing"


def first_dose_of(rows: Iterable[Mapping[str, Any]]) -> date | None:
    """The earliest start of a dose above 0 mg, of the lines of the dose log; a line of 0 mg is a pause."""
    days = (read_date(row.get("start_date")) for row in rows if (read_decimal(row.get("dose_mg")) or 0) > 0)
    return min((day for day in days if day is not None), default=None)
