"""What people type is read into one stored value, and a stored value is shown so that it reads back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grevy.capture.typed import read_typed, show_typed, split_quantity

TODAY = date(2026, 3, 5)


def item(kind: str, study):
    """An item of the study of that type."""
    for form in study.forms.values():
        for one in [*form.items, *(each for group in form.groups for each in group.items)]:
            if one.type == kind:
                return one
    raise AssertionError(f"the study has no item of type {kind}")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2026-03-05", "2026-03-05"),
        ("20260305", "2026-03-05"),
        ("2026/3/5", "2026-03-05"),
        ("2026.3.5", "2026-03-05"),
        ("5mar2026", "2026-03-05"),
        ("05-Mar-2026", "2026-03-05"),
        ("2026年3月5日", "2026-03-05"),
        ("２０２６－０３－０５", "2026-03-05"),
        ("t", "2026-03-05"),
        ("t-1", "2026-03-04"),
        ("t+2", "2026-03-07"),
    ],
)
def test_a_date_is_typed_in_several_ways(study, typed, stored):
    assert read_typed(item("date", study), typed, TODAY) == (stored, None)


@pytest.mark.parametrize(
    "typed", ["03/04/2026", "31/12/2026", "2026-02-30", "2026-13-01", "yesterday", "2026"]
)
def test_a_date_that_can_be_read_two_ways_or_none_is_explained(study, typed):
    value, message = read_typed(item("date", study), typed, TODAY)
    assert value is None
    assert message is not None
    assert typed in message.en
    assert typed in message.zh


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2026-03", "2026-03"),
        ("2026", "2026"),
        ("UN-UNK-2026", "2026"),
        ("UN-Mar-2026", "2026-03"),
        ("UNK", "UNK"),
        ("不详", "UNK"),
    ],
)
def test_a_date_may_be_known_in_part(study, typed, stored):
    value, message = read_typed(item("partial_date", study), typed, TODAY)
    assert message is None
    assert value == read_typed(item("partial_date", study), stored, TODAY)[0]


def test_a_decimal_comma_is_explained_and_not_guessed(study):
    value, message = read_typed(item("decimal", study), "12,5", TODAY)
    assert value is None
    assert message is not None
    assert "12.5" in message.en


@given(
    day=st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)), length=st.sampled_from([4, 7, 10])
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_date_that_is_shown_reads_back_as_the_same(study, language, day, length):
    value = day.isoformat()[:length]
    one = item("partial_date", study)
    assert read_typed(one, show_typed(one, value, language), TODAY) == (value, None)


@given(number=st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-9999, max_value=9999))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_number_that_is_shown_reads_back_with_its_decimals(study, language, number):
    one = item("decimal", study)
    assert read_typed(one, show_typed(one, str(number), language), TODAY) == (str(number), None)


@given(
    typed=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    sign=st.sampled_from(["", "<", ">="]),
)
def test_the_parts_of_a_quantity_put_together_are_what_was_typed(study, typed, sign):
    units = tuple(str(unit) for unit in (item("quantity", study).unit, *item("quantity", study).units))
    text = f"{sign}{typed.strip()} {units[0]}"
    for _ in range(3):
        comparator, number, unit = split_quantity(text, units)
        again = f"{comparator}{number} {unit}".strip()
        assert again.replace(" ", "") == text.replace(" ", "")
        text = again


def test_figures_in_full_width_are_the_same_and_others_are_none(study):
    assert read_typed(item("decimal", study), "１２．５", TODAY) == ("12.5", None)
    assert read_typed(item("integer", study), "１２", TODAY) == (12, None)
    assert read_typed(item("quantity", study), "＜５　ｇ／Ｌ", TODAY) == ("<5 g/L", None)
    assert read_typed(item("text", study), "１２", TODAY) == ("１２", None)
    for typed in ("١٢", "1²", "1" * 16, "1e5"):
        value, message = read_typed(item("decimal", study), typed, TODAY)
        assert value is None, typed
        assert message is not None
    assert read_typed(item("date", study), "٢٠٢٦-٠٣-٠٥", TODAY)[0] is None
