"""Partial dates: reading, the days they may be, and three-valued comparison."""

from datetime import date

import pytest

from grevy.rules.partial_dates import PartialDate, impute, is_before, is_same_day, parse


@pytest.mark.parametrize(
    ("text", "first", "middle", "last", "flag"),
    [
        ("2024-02-29", "2024-02-29", "2024-02-29", "2024-02-29", None),
        ("2024-02-29T08:15", "2024-02-29", "2024-02-29", "2024-02-29", None),
        ("2024-02", "2024-02-01", "2024-02-15", "2024-02-29", "D"),
        ("2023-02", "2023-02-01", "2023-02-15", "2023-02-28", "D"),
        ("2024", "2024-01-01", "2024-06-30", "2024-12-31", "M"),
        ("UNK", None, None, None, "Y"),
        ("", None, None, None, "Y"),
        (None, None, None, None, "Y"),
    ],
)
def test_partial_date_may_be_any_day_between_two(text, first, middle, last, flag):
    partial = parse(text)
    imputed = [impute(partial, rule) for rule in ("first", "middle", "last")]
    assert imputed == [day and date.fromisoformat(day) for day in (first, middle, last)]
    assert partial.flag == flag


@pytest.mark.parametrize(
    "text", ["2023-02-29", "2024-13", "2024-00", "24-01-01", "2024-1", "yesterday", "0000"]
)
def test_text_that_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=text):
        parse(text)


@pytest.mark.parametrize(
    ("one", "other", "before", "same"),
    [
        ("2024-01-31", "2024-02-01", "certain", "no"),
        ("2024-02-01", "2024-02-01", "no", "certain"),
        ("2024-02-02", "2024-02-01", "no", "no"),
        ("2024-01", "2024-02", "certain", "no"),
        ("2024-02", "2024-02", "possible", "possible"),
        # the first day of the month cannot follow any other day of it
        ("2024-02-29", "2024-02", "no", "possible"),
        ("2024-02-28", "2024-02", "possible", "possible"),
        ("2024-02", "2024-02-01", "no", "possible"),
        ("2024", "2024-01-01", "no", "possible"),
        ("2023", "2024", "certain", "no"),
        ("UNK", "2024-02-01", "possible", "possible"),
        ("2024-02-01", "UNK", "possible", "possible"),
    ],
)
def test_comparison_is_certain_possible_or_no(one, other, before, same):
    assert is_before(parse(one), parse(other)).value == before
    assert is_same_day(parse(one), parse(other)).value == same


def test_unknown_date_is_the_default():
    assert PartialDate() == parse("UNK")
