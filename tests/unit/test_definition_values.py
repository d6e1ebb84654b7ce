"""Values of a form: types, code lists, ranges, required items, conditions, in both languages."""

from pathlib import Path

import pytest

from grevy.definition import load_study, validate_values
from grevy.definition.partial_values import read_decimal, read_partial_date

STUDY = load_study(Path("studies/surufatinib_nen"))


def problems(form, values, **kwargs):
    return [(p.item, p.level, p.rule) for p in validate_values(form, values, STUDY, **kwargs)]


def of_item(form, item, value, **others):
    return [p for p in validate_values(form, {item: value, **others}, STUDY) if p.item == item]


@pytest.mark.parametrize(
    ("form", "item", "value"),
    [
        ("informed_consent", "consent_date", "2024-1-5"),
        ("informed_consent", "consent_date", "2024-02-30"),
        ("informed_consent", "consent_date", "2024-02"),
        ("informed_consent", "consent_date", "UNK"),
        ("informed_consent", "consent_version", 2),
        ("demographics", "birth_date", "1964-13"),
        ("demographics", "birth_date", "64"),
        ("demographics", "height_cm", 170.5),
        ("demographics", "height_cm", "170,5"),
        ("demographics", "height_cm", "1e2"),
        ("demographics", "sex", True),
        ("nen_diagnosis", "prior_systemic_lines", "2"),
        ("nen_diagnosis", "prior_systemic_lines", 2.0),
        ("nen_diagnosis", "prior_systemic_lines", True),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(form, item, value):
    (problem,) = of_item(form, item, value)
    assert (problem.level, problem.rule) == ("hard", "type")
    assert str(value) in problem.message.en
    assert str(value) in problem.message.zh


@pytest.mark.parametrize("value", ["1964", "1964-03", "1964-03-31", "UNK"])
def test_partial_dates_are_values_of_their_own(value):
    assert of_item("demographics", "birth_date", value) == []


def test_a_code_outside_its_list_is_refused_with_the_codes_allowed():
    (problem,) = of_item("demographics", "sex", "X")
    assert (problem.level, problem.rule) == ("hard", "code")
    assert problem.message.en == "Sex is X; allowed: M, F. Correct it."
    assert problem.message.zh == "“性别”为X，可选：M、F。请更正。"
    assert ("dose_mg", "hard", "code") in problems("surufatinib_dosing", {"dose_mg": 275})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("170", []),
        ("140", []),
        ("139.9", [("soft", "soft_range")]),
        ("200.1", [("soft", "soft_range")]),
        ("250", [("soft", "soft_range")]),
        ("250.01", [("hard", "hard_range")]),
        ("79.9", [("hard", "hard_range")]),
    ],
)
def test_soft_and_hard_ranges_include_their_bounds(value, expected):
    assert [(p.level, p.rule) for p in of_item("demographics", "height_cm", value)] == expected


def test_a_partial_date_is_out_of_range_only_if_every_possible_day_is():
    assert of_item("end_of_treatment", "progression_date", "2020", reason="PROGRESSION_RECIST") == []
    (problem,) = of_item("end_of_treatment", "progression_date", "2019-12", reason="PROGRESSION_RECIST")
    assert (problem.level, problem.rule) == ("hard", "hard_range")


def test_the_words_of_a_range():
    (problem,) = of_item("nen_diagnosis", "ki67", "101")
    assert problem.message.en == "Ki-67 index is 101%; allowed: 0 to 100%. Correct it."
    assert problem.message.zh == "“Ki-67增殖指数”为101%，允许范围为0～100%。请更正。"
    (problem,) = of_item("eligibility", "life_expectancy_weeks", 300)
    assert problem.message.zh == "“预计生存期”为300周，预期范围为4～260周。请更正，或填写说明后确认。"


def test_a_required_item_counts_only_where_it_is_shown():
    assert ("sex", "required", "required") in problems("demographics", {})
    assert ("other_reason", "required", "required") in problems("eligibility", {"ex06": "MET"})
    assert ("other_reason", "required", "required") not in problems("eligibility", {"ex06": "NOT_MET"})
    assert ("other_reason", "required", "required") not in problems("eligibility", {})


def test_a_value_that_is_not_expected_is_asked_about():
    assert ("childbearing", "soft", "when") in problems("demographics", {"sex": "M", "childbearing": "N"})
    assert ("childbearing", "soft", "when") not in problems("demographics", {"childbearing": "N"})


def test_an_unknown_item_and_a_group_that_is_no_list_are_refused():
    assert ("shoe_size", "hard", "unknown_item") in problems("demographics", {"shoe_size": "42"})
    assert ("lesions", "hard", "type") in problems("baseline_lesions", {"lesions": "none"})
    assert ("lesions", "hard", "type") in problems("baseline_lesions", {"lesions": ["T1"]})


def test_rows_are_judged_one_by_one_and_their_key_is_no_item():
    rows = [{"_key": "a", "lesion_id": "T1", "role": "TARGET"}, {"_key": "b", "color": "red"}]
    found = {(p.item, p.row) for p in validate_values("baseline_lesions", {"lesions": rows}, STUDY)}
    assert ("lesions.color", 1) in found
    assert ("lesions.lesion_id", 1) in found
    assert ("lesions.lesion_id", 0) not in found
    assert ("lesions._key", 0) not in found


def test_an_unknown_form_is_a_key_error():
    with pytest.raises(KeyError):
        validate_values("nothing", {}, STUDY)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
    ],
)
def test_first_and_last_possible_day(text, first, last):
    days = read_partial_date(text)
    assert days is not None
    assert [day.isoformat() for day in days] == [first, last]


@pytest.mark.parametrize("text", ["2023-02-29", "2024-00", "UNK", "", None, "24", "2024-1", 2024])
def test_no_partial_date(text):
    assert read_partial_date(text) is None


def test_decimals_are_exact_and_floats_are_none():
    assert str(read_decimal("1.10")) == "1.10"
    assert read_decimal(1.1) is None
    assert read_decimal(True) is None
