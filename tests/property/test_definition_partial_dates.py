"""Conditions on partial dates against the plain reading: try every day each date may be."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grevy.definition.conditions import Condition
from grevy.definition.vocabulary import Vocabulary, item_terms

WORDS = Vocabulary([*item_terms("f", "a", "partial_date", None), *item_terms("f", "b", "partial_date", None)])

months = st.builds("{:04d}-{:02d}".format, st.integers(2023, 2024), st.integers(1, 12))
days = st.dates(date(2023, 1, 1), date(2024, 12, 31)).map(date.isoformat)
partial_dates = st.one_of(months, days, st.just("2024"))


def possible_days(text):
    """Every day of 2022 to 2025 whose ISO form begins with the text."""
    first = date(2022, 1, 1)
    return [day for n in range(4 * 366) if (day := first + timedelta(n)).isoformat().startswith(text)]


def condition(text):
    bound = Condition(text)
    bound.bind(WORDS)
    return bound


RELATIONS = {
    "f.a < f.b": lambda a, b: a < b,
    "f.a >= f.b": lambda a, b: a >= b,
    "days(f.a, f.b) > 28": lambda a, b: (b - a).days > 28,
    "age(f.a, f.b) < 1": lambda a, b: b.year - a.year - ((b.month, b.day) < (a.month, a.day)) < 1,
}


@pytest.mark.parametrize("text", RELATIONS)
@settings(max_examples=60, deadline=None)
@given(a=partial_dates, b=partial_dates)
def test_certain_means_that_every_possible_day_agrees(text, a, b):
    outcomes = {RELATIONS[text](*pair) for pair in product(possible_days(a), possible_days(b))}
    expected = outcomes.pop() if len(outcomes) == 1 else None
    assert condition(text).evaluate({"f": {"a": a, "b": b}}) is expected
