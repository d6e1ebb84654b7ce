"""Conditions: three values, partial dates, rows, types."""

from datetime import date
from pathlib import Path

import pytest

from grevy.definition import load_study
from grevy.definition.conditions import Condition, evaluate_all
from grevy.definition.vocabulary import ConditionMistake, Vocabulary, item_terms, rows_term, series_terms

STUDY = load_study(Path("studies/surufatinib_nen"))
NY = frozenset("YN")
ROLE = item_terms("scan", "role", "code", frozenset({"TARGET", "NON_TARGET"}), "lesions")
SIZE = item_terms("scan", "size", "decimal", None, "lesions")
SEEN = item_terms("scan", "seen", "date", None, "lesions")
WORDS = Vocabulary(
    [
        *item_terms("form", "number", "integer", None),
        *item_terms("form", "size", "decimal", None),
        *item_terms("form", "word", "text", None),
        *item_terms("form", "answer", "code", NY),
        *item_terms("form", "start", "partial_date", None),
        *item_terms("form", "end", "partial_date", None),
        *item_terms("form", "day", "date", None),
        *item_terms("form", "moment", "datetime", None),
        *ROLE,
        *SIZE,
        *SEEN,
        rows_term("scan", "lesions", [ROLE[0], SIZE[0], SEEN[0]]),
    ]
)

HGB = item_terms("hematology", "hgb", "quantity", None, unit="g/L", test="HGB")
STUDY_WORDS = Vocabulary([*HGB, *series_terms(HGB), *item_terms("demographics", "sex", "code", None)])


def bound(text, group=None):
    condition = Condition(text)
    condition.bind(WORDS, group=group)
    return condition


def evaluate(text, row=None, today=None, group=None, **values):
    return bound(text, group).evaluate({"form": values}, row=row, today=today)


# ---- unknown ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("form.number >= 3", {"number": 3}, True),
        ("form.number >= 3", {"number": 2}, False),
        ("form.number >= 3", {}, None),
        ("form.number >= 3", {"number": None}, None),
        # the other side decides
        ('form.number >= 3 || form.answer == "Y"', {"answer": "Y"}, True),
        ('form.number >= 3 && form.answer == "Y"', {"answer": "N"}, False),
        # the other side does not decide
        ('form.number >= 3 || form.answer == "Y"', {"answer": "N"}, None),
        ('form.number >= 3 && form.answer == "Y"', {"answer": "Y"}, None),
        ("!(form.number >= 3)", {}, None),
        # blank text is missing; so is a value that cannot be read
        ('form.word == ""', {"word": ""}, None),
        ("form.size > 1", {"size": "large"}, None),
        # decided: yes, no, anything else is unknown
        ('decided(form.answer, ["Y"], ["N"])', {"answer": "Y"}, True),
        ('decided(form.answer, ["Y"], ["N"])', {"answer": "N"}, False),
        ('decided(form.answer, ["Y"], [])', {"answer": "N"}, None),
        ('decided(form.answer, ["Y"], [])', {}, None),
    ],
)
def test_a_missing_value_makes_unknown_unless_the_rest_decides(text, values, expected):
    assert evaluate(text, **values) is expected


def test_given_is_known_when_the_form_is_known():
    condition = bound("form.start.given")
    assert condition.evaluate({"form": {"start": "2024"}}) is True
    assert condition.evaluate({"form": {"start": "UNK"}}) is True
    assert condition.evaluate({"form": {}}) is False
    assert condition.evaluate({}) is None


# ---- numbers and dates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("form.size == 12.5", {"size": "12.50"}, True),
        ("form.number == 2 * form.size", {"number": 25, "size": "12.5"}, True),
        ('form.word == "3"', {"word": "3"}, True),
        ("days(form.day, form.end) == 29", {"day": "2024-02-01", "end": "2024-03-01"}, True),
        ("age(form.start, form.day) < 18", {"start": "2006-01-06", "day": "2024-01-05"}, True),
        ("age(form.start, form.day) < 18", {"start": "2006-01-05", "day": "2024-01-05"}, False),
        ("form.moment > form.day", {"moment": "2024-01-05T08:30", "day": "2024-01-05"}, True),
        # impossible days are no dates
        ("form.day == form.day", {"day": "2024-02-30"}, None),
    ],
)
def test_numbers_and_dates(text, values, expected):
    assert evaluate(text, **values) is expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-03-02", "2024-03-01", True),
        ("2024-03-01", "2024-03-01", False),
        # every possible day breaks it
        ("2024-03", "2024-02", True),
        ("2024", "2023", True),
        # some do
        ("2024-03", "2024-03", None),
        ("2024-03-15", "2024-03", None),
        ("2024", "2024-06-30", None),
        # none does
        ("2024-03-01", "2024-03", False),
        ("2024-02", "2024-03", False),
        # asked, unknown
        ("UNK", "2024-03", None),
        ("2024-13", "2024-03", None),
    ],
)
def test_a_partial_date_is_certain_only_if_every_possible_day_agrees(start, end, expected):
    assert evaluate("form.end < form.start", start=start, end=end) is expected


def test_age_with_a_partial_birth_date_is_unknown_only_around_the_birthday():
    assert evaluate("age(form.start, form.day) < 18", start="2006", day="2023-12-31") is True
    assert evaluate("age(form.start, form.day) < 18", start="2006-01", day="2024-01-05") is None
    assert evaluate("age(form.start, form.day) < 18", start="2005", day="2024-01-05") is False


def test_today_is_unknown_unless_it_is_given():
    assert evaluate("form.day > today", day="2024-01-05") is None
    assert evaluate("form.day > today", day="2024-01-05", today=date(2024, 1, 4)) is True
    assert evaluate("form.day > today", day="2024-01-05", today=date(2024, 1, 5)) is False


# ---- rows ------------------------------------------------------------------------------------------------


def over_rows(text, *rows):
    return bound(text).evaluate({"scan": {"lesions": list(rows)}})


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"role": "TARGET", "size": "12"}], True),
        ([{"role": "TARGET", "size": "9"}, {"role": "NON_TARGET"}], False),
        ([{"role": "TARGET"}, {"role": "TARGET", "size": "12"}], True),
        ([{"role": "TARGET"}, {"role": "TARGET", "size": "9"}], None),
        ([], False),
    ],
)
def test_exists_over_rows_has_three_values(rows, expected):
    assert over_rows('scan.lesions.exists(r, r.role == "TARGET" && r.size >= 10)', *rows) is expected


def test_rows_of_a_form_that_is_not_known_are_unknown():
    assert bound('scan.lesions.exists(r, r.role == "TARGET")').evaluate({}) is None


def test_rows_are_counted_and_compared_with_each_other():
    text = "scan.lesions.exists(a, count(scan.lesions.filter(b, b.role == a.role)) > 1)"
    assert over_rows(text, {"role": "TARGET"}, {"role": "NON_TARGET"}) is False
    assert over_rows(text, {"role": "TARGET"}, {"role": "TARGET"}) is True


def test_dates_of_rows_are_dates():
    text = "scan.lesions.exists(r, days(r.seen, form.day) > 28)"
    rows = {"scan": {"lesions": [{"seen": "2024-01-01"}]}}
    assert bound(text).evaluate({**rows, "form": {"day": "2024-01-30"}}) is True
    assert bound(text).evaluate({**rows, "form": {"day": "2024-01-29"}}) is False
    assert over_rows("scan.lesions.exists(r, has(r.seen))", {"seen": "2024-01-01"}) is True
    assert over_rows("scan.lesions.exists(r, has(r.seen))", {"seen": "2024-31-01"}) is False


def test_a_condition_of_a_row_reads_that_row():
    text = 'scan.lesions.role == "TARGET" && !scan.lesions.size.given'
    group = ("scan", "lesions")
    assert evaluate(text, group=group, row={"role": "TARGET"}) is True
    assert evaluate(text, group=group, row={"role": "TARGET", "size": "3"}) is False
    assert evaluate(text, group=group, row={}) is None
    assert evaluate(text, group=group) is None


def test_many_conditions_give_what_each_gives_alone():
    texts = ["form.number > 1", "form.end < form.start", 'form.answer == "Y"', "form.size.given"]
    conditions = [bound(text) for text in texts]
    data = {"form": {"number": 2, "start": "2024", "end": "2024-02"}}
    assert (
        evaluate_all(conditions, data) == [c.evaluate(data) for c in conditions] == [True, None, None, False]
    )
    assert evaluate_all([], data) == []


# ---- what does not compile -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("form.nubmer > 3", "unknown item 'form.nubmer'; allowed: form.number"),
        ('form.number > "3"', "'>' cannot be used on (number, text)"),
        ("form.day > 3", "'>' cannot be used on (date, number)"),
        ("form.number + 3", "a condition must be true or false, this one is a number"),
        ('form.answer == "X"', "'form.answer' has no code 'X'; allowed: N, Y"),
        ('form.answer in ["Y", "MAYBE"]', "has no code 'MAYBE'"),
        ('decided(form.answer, ["Y"], ["NO"])', "has no code 'NO'"),
        ("form.number >", "the condition cannot be read at character"),
        ("weeks(form.day) > 3", "undeclared reference to 'weeks'"),
        ('scan.lesions.exists(r, r.roll == "TARGET")', "unknown item 'r.roll'; allowed: scan.lesions.role"),
        ('scan.lesions.exists(r, r.size == "TARGET")', "'==' cannot be used on (number, text)"),
        ('scan.lesions.exists(r, r.role == "BOTH")', "'scan.lesions.role' has no code 'BOTH'"),
        ('scan.lesions.role == "TARGET"', "belongs to the rows of 'scan.lesions'"),
    ],
)
def test_mistakes_are_found_when_the_condition_is_compiled(text, says):
    with pytest.raises(ConditionMistake) as raised:
        bound(text)
    assert says in str(raised.value)
    assert raised.value.found
    assert raised.value.allowed


def test_words_in_quotes_are_left_alone():
    assert evaluate('form.word == "form.other is 3"', word="form.other is 3") is True


def test_names_tells_what_a_condition_reads():
    assert bound("form.end.given && form.end < form.start").names == ("form.end", "form.start")


def test_every_condition_of_the_study_evaluates_on_nothing_and_on_empty_forms():
    empty = {name: {} for name in STUDY.forms}
    for form in STUDY.forms.values():
        entries = [*form.checks, *(item for _, item in form.all_items()), *form.groups]
        for condition in (entry.when for entry in entries if entry.when):
            assert condition.evaluate({}) is None
            assert condition.evaluate(empty, row={}) in (True, False, None)
    for criterion in STUDY.eligibility:
        assert criterion.met.evaluate({}) is None
        assert criterion.met.evaluate(empty) in (False, None)


def test_other_records_of_a_form_are_named_only_where_there_can_be_several():
    def bind(text):
        condition = Condition(text)
        condition.bind(STUDY_WORDS)
        return condition

    fall = bind("previous.hematology.hgb - hematology.hgb >= 20")
    assert fall.names == ("previous.hematology.hgb", "hematology.hgb")
    own = {"hematology": {"hgb": "100 g/L"}}
    assert fall.evaluate(own) is None
    assert fall.evaluate({**own, "previous.hematology": {}}) is None
    assert fall.evaluate({**own, "previous.hematology": {"hgb": "12 g/dL"}}) is True
    with pytest.raises(ConditionMistake, match=r"unknown item 'previous\.demographics\.sex'"):
        bind('previous.demographics.sex == "F"')
    with pytest.raises(ConditionMistake, match="cannot be used on"):
        bind('previous.hematology.hgb == "12 g/dL"')
