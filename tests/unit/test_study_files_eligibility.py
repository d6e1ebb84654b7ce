"""Eligibility with three values: met, not met, cannot be said yet."""

import copy
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from grevy.definition import StudyMistakes, evaluate_eligibility, load_study

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


# ---- What the forms of screening prove ------------------------------------------------------------------

LIMITS = {
    "chemistry.alt": (Decimal(9), Decimal(50)),
    "chemistry.ast": (Decimal(15), Decimal(40)),
    "chemistry.bili": (None, Decimal(20)),
    "chemistry.creat": (Decimal(57), Decimal(97)),
}


def with_evidence(**forms):
    data = copy.deepcopy(ELIGIBLE)
    for form, values in forms.items():
        data[form] = {**data.get(form, {}), **values}
    return evaluate_eligibility(STUDY, data, LIMITS)


@pytest.mark.parametrize(
    ("criterion", "forms", "is_fulfilled"),
    [
        # neutrophils, in either unit: exactly 1.5 is enough
        ("IN04", {"hematology": {"neut": "1.5 10^9/L"}}, True),
        ("IN04", {"hematology": {"neut": "1.49 10^3/uL"}}, False),
        ("IN04", {"hematology": {"hgb": "8.9 g/dL"}}, False),
        ("IN04", {"hematology": {"hgb": "9.0 g/dL"}}, True),
        # a result below the limit of detection proves nothing here
        ("IN04", {"hematology": {"plt": "<100 10^9/L"}}, True),
        # ALT 2.5 times the upper limit, 5 times with liver metastases
        ("IN04", {"chemistry": {"alt": "125 U/L"}, "nen_diagnosis": {"liver_met": "N"}}, True),
        ("IN04", {"chemistry": {"alt": "126 U/L"}, "nen_diagnosis": {"liver_met": "N"}}, False),
        ("IN04", {"chemistry": {"alt": "126 U/L"}, "nen_diagnosis": {"liver_met": "Y"}}, True),
        ("IN04", {"chemistry": {"alt": "126 U/L"}}, True),
        ("IN04", {"chemistry": {"alt": "251 U/L"}}, False),
        ("IN04", {"chemistry": {"bili": "1.76 mg/dL"}}, False),
        # a test without limits of normal proves nothing
        ("IN04", {"chemistry": {"ggt": "5000 U/L"}}, True),
        ("IN04", {"urinalysis": {"protein_24h": "999 mg/day"}}, True),
        ("IN04", {"urinalysis": {"protein_24h": "1.0 g/day"}}, False),
        ("IN04", {"ecg": {"qt_ms": 480, "heart_rate": 60}}, True),
        ("IN04", {"ecg": {"qt_ms": 481, "heart_rate": 60}}, False),
        ("IN04", {"echocardiogram": {"lvef": "50"}}, True),
        ("IN04", {"echocardiogram": {"lvef": "49.9"}}, False),
        # pressure: the mean of two readings
        ("EX03", {"vital_signs": {"sbp": 158, "sbp_2": 140}}, True),
        ("EX03", {"vital_signs": {"sbp": 158, "sbp_2": 142}}, False),
        ("EX03", {"vital_signs": {"dbp": 100}}, False),
        ("EX03", {"echocardiogram": {"nyha": "2"}}, True),
        ("EX03", {"echocardiogram": {"nyha": "3"}}, False),
        # major surgery: 29 days before the decision, and 30
        ("EX03", {"procedure": {"records": [{"major": "Y", "procedure_date": "2023-12-14"}]}}, False),
        ("EX03", {"procedure": {"records": [{"major": "Y", "procedure_date": "2023-12-13"}]}}, True),
        ("EX03", {"procedure": {"records": [{"major": "N", "procedure_date": "2024-01-10"}]}}, True),
        # only the month is known: nothing is proven
        ("EX03", {"procedure": {"records": [{"major": "Y", "procedure_date": "2023-12"}]}}, True),
        ("EX04", {"pregnancy_test": {"result": "POS"}}, False),
        ("EX01", {"previous_malignancy": {"records": []}}, True),
    ],
)
def test_data_of_screening_go_before_the_judgment(criterion, forms, is_fulfilled):
    result = with_evidence(**forms)
    expected = is_fulfilled if criterion.startswith("IN") else not is_fulfilled
    assert result.criteria[criterion] is expected
    assert result.eligible is is_fulfilled
    assert result.contradicted == (() if is_fulfilled else (criterion,))


@pytest.mark.parametrize(
    ("tumor", "is_present"),
    [
        # five years before consent on 2024-01-05
        ({"type": "OTHER", "diagnosis_date": "2019-01-06", "cured": "Y"}, True),
        ({"type": "OTHER", "diagnosis_date": "2019-01-05", "cured": "Y"}, False),
        ({"type": "BASAL_CELL_SKIN", "diagnosis_date": "2023-01-05", "cured": "Y"}, False),
        ({"type": "BASAL_CELL_SKIN", "diagnosis_date": "2023-01-05", "cured": "N"}, True),
        ({"type": "OTHER", "diagnosis_date": "UNK", "cured": "Y"}, False),
    ],
)
def test_another_malignancy_excludes_for_five_years(tumor, is_present):
    harmless = {"type": "OTHER", "diagnosis_date": "1999-01-01", "cured": "Y"}
    result = with_evidence(previous_malignancy={"records": [harmless, tumor]})
    assert result.criteria["EX01"] is is_present


def test_creatinine_fails_only_where_the_clearance_is_low_as_well():
    person = {"weight_kg": "70", "birth_date": "1964-01-05", "sex": "M"}
    high = {"creat": "150 umol/L", "collected_date": "2024-01-06"}
    result = with_evidence(demographics=person, chemistry=high)
    # 1.55 times the upper limit, clearance (140 - 60) x 70 x 1.23 / 150 = 45.9
    assert result.derived["clearance"] == "45.920000"
    assert result.criteria["IN04"] is False
    heavy = with_evidence(demographics={**person, "weight_kg": "80"}, chemistry=high)
    assert heavy.criteria["IN04"] is True


def test_severe_impairment_of_kidney_or_liver_is_a_contraindication():
    person = {"birth_date": "1954", "sex": "M"}
    kidney = {"creat": "250 umol/L", "collected_date": "2024-01-06"}
    assert with_evidence(demographics=person, chemistry=kidney).criteria["EX03"] is True
    liver = {"bili": "60 umol/L", "albumin": "25 g/L"}
    result = with_evidence(chemistry=liver, coagulation={"inr": "2.4"})
    assert result.derived["child_pugh"] == "11"
    assert result.criteria["EX03"] is True


def test_what_the_judgment_leaves_open_the_data_may_still_decide():
    open_judgment = {"in04": "NOT_ASSESSED"}
    result = with_evidence(eligibility=open_judgment, hematology={"neut": "1.0 10^9/L"})
    assert (result.criteria["IN04"], result.contradicted) == (False, ())
    assert with_evidence(eligibility=open_judgment, hematology={"neut": "3 10^9/L"}).criteria["IN04"] is None


def test_every_limit_and_derived_value_is_used():
    conditions = " ".join(c.against.text for c in STUDY.eligibility if c.against)
    unused = [f"limit.{limit.name}" for limit in STUDY.limits if f"limit.{limit.name}" not in conditions]
    unused += [f"derived.{d.name}" for d in STUDY.derived if f"derived.{d.name}" not in conditions]
    assert unused == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("function: egfr", "function: gfr", "unknown function 'gfr'"),
        ("of: [ecg.qt_ms, ecg.heart_rate]", "of: [ecg.qt_ms]", "is computed from (integer)"),
        ("of: [chemistry.alt]", "of: [chemistry.alat]", "is computed from (no item)"),
        ("limit.neut_min ||", "limit.neut_max ||", "unknown item 'limit.neut_max'"),
        ("- name: plt_min", "- name: neut_min", "limit 'neut_min' stands twice"),
    ],
)
def test_a_mistake_in_limits_and_derived_values_is_told(tmp_path, old, new, says):
    shutil.copytree("studies/surufatinib_nen", tmp_path / "study")
    path = tmp_path / "study" / "eligibility.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StudyMistakes) as caught:
        load_study(tmp_path / "study")
    told = [str(mistake) for mistake in caught.value.mistakes]
    assert [text for text in told if says in text and "eligibility.yaml, line" in text], told
