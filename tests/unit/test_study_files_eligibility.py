"""Eligibility with three values: met, not met, cannot be said yet."""

import copy
from pathlib import Path

import pytest

from grevy.definition import evaluate_eligibility, load_study

STUDY = load_study(Path("studies/surufatinib_nen"))
ELIGIBLE = {
    "informed_consent": {"consent_date": "2024-01-05"},
    "demographics": {"sex": "F", "childbearing": "Y"},
    "nen_diagnosis": {"confirmed": "HISTOLOGY"},
    "baseline_lesions": {"lesions": [{"role": "TARGET", "kind": "NON_NODAL", "diameter_mm": "12"}]},
    "eligibility": {
        **dict.fromkeys(("in01", "in02", "in03", "in04", "in05", "in06"), "MET"),
        **dict.fromkeys(("ex01", "ex02", "ex03", "ex04", "ex05", "ex06"), "NOT_MET"),
        "pregnancy_test": "NEG",
        "decision_date": "2024-01-12",
    },
}


def subject(**changes):
    data = copy.deepcopy(ELIGIBLE)
    for form, values in changes.items():
        data[form].update(values)
    return data


def lesion(role, kind, diameter=None):
    return {"baseline_lesions": {"lesions": [{"role": role, "kind": kind, "diameter_mm": diameter}]}}


def outcome(criterion, **changes):
    return evaluate_eligibility(STUDY, subject(**changes)).criteria[criterion]


def test_all_met_is_eligible():
    result = evaluate_eligibility(STUDY, ELIGIBLE)
    assert result.eligible is True
    assert {name: met for name, met in result.criteria.items() if name.startswith("IN") and not met} == {}
    assert {
        name: met for name, met in result.criteria.items() if name.startswith("EX") and met is not False
    } == {}


def test_nothing_entered_is_nothing_known():
    result = evaluate_eligibility(STUDY, {})
    assert result.eligible is None
    assert set(result.criteria.values()) == {None}


def test_one_criterion_that_fails_decides_whatever_is_unknown():
    assert evaluate_eligibility(STUDY, {"nen_diagnosis": {"confirmed": "NONE"}}).eligible is False
    assert evaluate_eligibility(STUDY, {"eligibility": {"ex02": "MET"}}).eligible is False


def test_one_not_assessed_leaves_the_decision_open():
    assert evaluate_eligibility(STUDY, subject(eligibility={"in04": "NOT_ASSESSED"})).eligible is None
    assert evaluate_eligibility(STUDY, subject(eligibility={"ex01": "NOT_ASSESSED"})).eligible is None


def test_not_applicable_counts_as_no_obstacle():
    assert evaluate_eligibility(STUDY, subject(eligibility={"ex04": "NOT_APPLICABLE"})).eligible is True


@pytest.mark.parametrize(
    ("criterion", "changes", "expected"),
    [
        # consent: judged and dated
        ("IN01", {}, True),
        ("IN01", {"informed_consent": {"consent_date": None}}, False),
        ("IN01", {"eligibility": {"in01": "NOT_ASSESSED"}}, None),
        ("IN01", {"eligibility": {"in01": "NOT_MET"}}, False),
        # histology or cytology
        ("IN02", {"nen_diagnosis": {"confirmed": "CYTOLOGY"}}, True),
        ("IN02", {"nen_diagnosis": {"confirmed": "NONE"}}, False),
        ("IN02", {"nen_diagnosis": {"confirmed": None}}, None),
        # a measurable lesion: 10 mm, nodes 15 mm
        ("IN03", {"baseline_lesions": {"lesions": []}}, False),
        ("IN03", lesion("TARGET", "NON_NODAL", "10"), True),
        ("IN03", lesion("TARGET", "NON_NODAL", "9.9"), False),
        ("IN03", lesion("TARGET", "NODAL", "14.9"), False),
        ("IN03", lesion("TARGET", "NODAL", "15"), True),
        ("IN03", lesion("TARGET", "NODAL"), None),
        ("IN03", lesion("NON_TARGET", "NON_NODAL"), False),
        # more than 12 weeks; the number wins over the judgment
        ("IN05", {"eligibility": {"life_expectancy_weeks": 12}}, False),
        ("IN05", {"eligibility": {"life_expectancy_weeks": 13}}, True),
        ("IN05", {"eligibility": {"in05": "NOT_ASSESSED"}}, None),
        # contraception: men and women not of childbearing age need none
        ("IN06", {"demographics": {"sex": "M"}, "eligibility": {"in06": "NOT_APPLICABLE"}}, True),
        ("IN06", {"demographics": {"childbearing": "N"}, "eligibility": {"in06": "NOT_APPLICABLE"}}, True),
        ("IN06", {"eligibility": {"in06": "NOT_APPLICABLE"}}, None),
        ("IN06", {"eligibility": {"in06": "NOT_MET"}}, False),
        # major surgery less than 30 days before
        ("EX03", {"eligibility": {"major_surgery_date": "2023-12-14"}}, True),
        ("EX03", {"eligibility": {"major_surgery_date": "2023-12-13"}}, False),
        ("EX03", {"eligibility": {"major_surgery_date": "2023-12"}}, None),
        ("EX03", {"eligibility": {"major_surgery_date": "2023-11"}}, False),
        ("EX03", {"eligibility": {"major_surgery_date": "UNK"}}, None),
        ("EX03", {"eligibility": {"major_surgery_date": "UNK", "ex03": "MET"}}, True),
        # pregnant or lactating
        ("EX04", {"eligibility": {"pregnancy_test": "POS"}}, True),
        ("EX04", {"eligibility": {"ex04": "MET"}}, True),
        ("EX04", {"demographics": {"sex": "M"}, "eligibility": {"ex04": "NOT_ASSESSED"}}, False),
        ("EX04", {"eligibility": {"ex04": "NOT_ASSESSED"}}, None),
        ("EX06", {"eligibility": {"ex06": "MET"}}, True),
    ],
)  # fmt: skip
def test_criterion(criterion, changes, expected):
    assert outcome(criterion, **changes) is expected
