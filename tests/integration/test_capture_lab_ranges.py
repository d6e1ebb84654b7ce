"""Limits of normal: who may set them, what they may be, and which of them hold for a sample."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from grevy.capture.actions import set_lab_range
from grevy.capture.errors import AgainstPolicy, NotPermitted, ReasonMissing, UnknownPlace
from grevy.capture.models import LabRange, LedgerRowsStay
from grevy.capture.revisions import read_lab_ranges
from grevy.snapshot import LabRange as Limits
from grevy.snapshot import build_lab_range_table, find_range, latest_ranges

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
WEIGHT = "demographics.weight_kg"


def limits(**changes):
    """Limits of a test that the small study has an item with a unit for."""
    given = {
        "site": "01", "test": WEIGHT, "sex": "", "age_from": 0, "age_to": 150, "valid_from": date(2026, 1, 1),
        "unit": "kg", "low": Decimal("7.0"), "high": Decimal("40"), "by": "crc01", "role": "coordinator",
        "at": AT,
    }  # fmt: skip
    return Limits(**{**given, **changes})


def test_limits_are_kept_as_they_were_entered(study, people):
    set_lab_range(study, limits(), origin="import")
    (row,) = LabRange.objects.all()
    assert (row.site, row.test, row.low, row.high, row.by, row.role) == (
        "01", WEIGHT, "7.0", "40", "crc01", "coordinator",
    )  # fmt: skip
    assert row.hash == row.compute_hash()
    assert read_lab_ranges() == [limits()]


def test_limits_are_never_changed(study, people):
    set_lab_range(study, limits(), origin="import")
    row = LabRange.objects.get()
    row.low = "1"
    with pytest.raises(LedgerRowsStay):
        row.save()


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"by": "monitor"}, NotPermitted, "may not set_lab_range"),
        ({"site": "99"}, NotPermitted, "may not set_lab_range"),
        ({"test": "demographics.wait"}, UnknownPlace, "no such test"),
        ({"test": "demographics.sex"}, UnknownPlace, "no such test"),
        ({"unit": "g"}, AgainstPolicy, "Allowed: kg"),
        ({"sex": "X"}, AgainstPolicy, "Allowed: F, M"),
        ({"age_from": 18, "age_to": 18}, AgainstPolicy, "younger one first"),
        ({"low": None, "high": None}, AgainstPolicy, "no limit"),
        ({"low": Decimal(40), "high": Decimal(40)}, AgainstPolicy, "not below the upper"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(study, people, changes, error, says):
    with pytest.raises(error, match=says):
        set_lab_range(study, limits(**changes), origin="import")
    assert not LabRange.objects.exists()


def test_limits_of_the_same_day_are_replaced_with_a_reason_only(study, people):
    set_lab_range(study, limits(), origin="import")
    corrected = limits(high=Decimal(41), at=AT.replace(hour=9))
    with pytest.raises(ReasonMissing):
        set_lab_range(study, corrected, origin="import")
    set_lab_range(study, corrected, reason="Typing mistake", origin="import")
    (known,) = latest_ranges(read_lab_ranges(), AT.replace(hour=10))
    assert known.high == 41
    (before,) = latest_ranges(read_lab_ranges(), AT)
    assert before.high == 40


def test_limits_hold_until_the_next_ones_begin():
    later = limits(valid_from=date(2026, 3, 1), low=Decimal(8))
    table = build_lab_range_table(latest_ranges([later, limits()], AT)).to_pylist()
    assert [(row["VALID_FROM"], row["VALID_TO"]) for row in table] == [
        (date(2026, 1, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), None),
    ]


@pytest.mark.parametrize(
    ("changes", "low"),
    [
        ({}, 7),
        # from the day they hold on
        ({"on": date(2026, 2, 28)}, 7),
        ({"on": date(2026, 3, 1)}, 8),
        ({"on": date(2025, 12, 31)}, None),
        # the sex goes before both, the upper end of the ages is no longer inside
        ({"sex": "F"}, 5),
        ({"sex": "F", "age": 59}, 5),
        ({"sex": "F", "age": 60}, 7),
        ({"site": "02"}, None),
        ({"age": None}, None),
    ],
)
def test_a_sample_finds_its_limits(changes, low):
    known = [
        limits(),
        limits(valid_from=date(2026, 3, 1), low=Decimal(8)),
        limits(sex="F", age_from=18, age_to=60, low=Decimal(5)),
    ]
    sample = {"site": "01", "test": WEIGHT, "sex": "M", "age": 40, "on": date(2026, 2, 1), **changes}
    found = find_range(known, **sample)
    assert (found and found.low) == low


def test_a_place_tells_what_limits_have_in_common():
    assert limits().place == replace(limits(), valid_from=date(2027, 1, 1), low=None).place
