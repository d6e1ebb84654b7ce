"""Partial dates: what a --DTC text says, and the analysis dates made from it."""

import calendar
from datetime import date, timedelta

import ibis
import pytest

from grevy.adam.dates import (
    compute_date,
    compute_date_flag,
    compute_earliest,
    compute_latest,
    compute_study_day,
)
from grevy.sdtm.dates import compute_complete_date


def evaluate(expression):
    """Run an expression over one column and give its values as Python objects."""
    return [value.as_py() for value in expression.to_pyarrow()]


def texts(*values):
    return ibis.memtable({"DTC": list(values)}, schema={"DTC": "string"}).DTC


@pytest.mark.parametrize(
    ("dtc", "first", "middle", "last", "flag"),
    [
        # complete
        ("2024-03-31", "2024-03-31", "2024-03-31", "2024-03-31", None),
        ("2024-03-31T23:59", "2024-03-31", "2024-03-31", "2024-03-31", None),
        # day missing; February in common, leap, and century years
        ("2024-04", "2024-04-01", "2024-04-15", "2024-04-30", "D"),
        ("2023-02", "2023-02-01", "2023-02-15", "2023-02-28", "D"),
        ("2024-02", "2024-02-01", "2024-02-15", "2024-02-29", "D"),
        ("1900-02", "1900-02-01", "1900-02-15", "1900-02-28", "D"),
        ("2000-02", "2000-02-01", "2000-02-15", "2000-02-29", "D"),
        # month missing
        ("2024", "2024-01-01", "2024-06-30", "2024-12-31", "M"),
        ("2024---15", "2024-01-01", "2024-06-30", "2024-12-31", "M"),
        # nothing usable
        ("--12-15", None, None, None, None),
        ("UNK", None, None, None, None),
        ("", None, None, None, None),
        (None, None, None, None, None),
        # not in the calendar
        ("2023-02-29", None, None, None, None),
        ("2024-04-31", None, None, None, None),
        ("2024-13", None, None, None, None),
        ("2024-00-10", None, None, None, None),
        ("2024-1-1", None, None, None, None),
    ],
)
def test_partial_date_is_imputed_with_one_rule_and_flagged(dtc, first, middle, last, flag):
    column = texts(dtc)
    found = [
        evaluate(compute_date(column, "first")),
        evaluate(compute_date(column, "middle")),
        evaluate(compute_date(column, "last")),
    ]
    assert found == [[value and date.fromisoformat(value)] for value in (first, middle, last)]
    assert evaluate(compute_date_flag(column)) == [flag]


def test_every_day_of_the_calendar_is_complete_and_no_other_day_is():
    years = (1896, 1900, 2000, 2023, 2024, 2100, 2400)
    days = [f"{y}-{m:02}-{d:02}" for y in years for m in range(1, 13) for d in range(1, 32)]
    expected = [
        date.fromisoformat(day)
        if int(day[8:]) <= calendar.monthrange(int(day[:4]), int(day[5:7]))[1]
        else None
        for day in days
    ]
    assert evaluate(compute_complete_date(texts(*days))) == expected


def test_unknown_rule_is_refused():
    with pytest.raises(ValueError, match="allowed: first, middle, last"):
        compute_date(texts("2024"), "average")


def test_study_day_has_no_day_0():
    start = date(2024, 3, 1)
    dates = [start + timedelta(days) for days in (-2, -1, 0, 1)]
    table = ibis.memtable({"DT": [*dates, None]}, schema={"DT": "date"})
    assert evaluate(compute_study_day(table.DT, ibis.date(2024, 3, 1))) == [-2, -1, 1, 2, None]


def test_earliest_and_latest_skip_a_missing_date():
    early, late = date(2024, 1, 1), date(2024, 2, 1)
    pairs = ibis.memtable(
        {"A": [early, late, None, early, None], "B": [late, early, early, None, None]},
        schema={"A": "date", "B": "date"},
    )
    assert evaluate(compute_earliest(pairs.A, pairs.B)) == [early, early, early, early, None]
    assert evaluate(compute_latest(pairs.A, pairs.B)) == [late, late, early, early, None]
