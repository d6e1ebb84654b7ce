"""Every edit check of the study fires on one set of values and stays silent on another.

The silent set is a complete, consistent subject on monotherapy: there each check is false, not just unknown.
A firing set is that subject with the few changes named here.
"""

import copy
from datetime import date
from pathlib import Path

import pytest

from grevy.definition import load_study, validate_values

TODAY = date(2026, 1, 31)
STUDY = load_study(Path("studies/surufatinib_nen"))
CHECKS = {check.id: (form, check) for form in STUDY.forms.values() for check in form.checks}

MET = dict.fromkeys(("in01", "in02", "in03", "in04", "in05", "in06"), "MET")
NOT_MET = dict.fromkeys(("ex01", "ex02", "ex03", "ex04", "ex05", "ex06"), "NOT_MET")
LESION = {
    "lesion_id": "T1",
    "role": "TARGET",
    "organ": "LIVER",
    "kind": "NON_NODAL",
    "method": "CT",
    "slice_mm": "5",
    "diameter_mm": "32.5",
    "scan_date": "2024-01-10",
    "prior_local_therapy": "N",
    "progressed_since": "N",
}
FOLLOWED = {
    "lesion_id": "T1",
    "state": "MEASURED",
    "diameter_mm": "30",
    "fragments": "20+10",
    "merged_into": "T2",
    "scan_date": "2024-03-14",
    "ne_reason": "motion",
}
NEW_LESION = {
    "lesion_id": "N1",
    "organ": "BONE",
    "status": "EQUIVOCAL",
    "first_seen_date": "2024-03-14",
    "scan_date": "2024-03-14",
}
SUBJECT = {
    "informed_consent": {"consent_date": "2024-01-05", "consent_version": "2.0"},
    "demographics": {
        "birth_date": "1964-03",
        "sex": "F",
        "height_cm": "160",
        "weight_kg": "60",
        "ecog": "1",
        "childbearing": "N",
    },
    "nen_diagnosis": {
        "diagnosis_date": "2022-06",
        "confirmed": "HISTOLOGY",
        "primary_site": "PANCREAS",
        "differentiation": "WELL",
        "nen_class": "NET_G2",
        "ki67": "10",
        "mitoses": "5",
        "stage": "IV",
        "advanced_date": "2023-02",
        **dict.fromkeys(
            ("liver_met", "node_met", "bone_met", "lung_met", "peritoneum_met", "other_met"), "Y"
        ),
        "prior_systemic_lines": 1,
        "prior_surufatinib": "N",
    },
    "eligibility": {
        **MET,
        **NOT_MET,
        "life_expectancy_weeks": 52,
        "pregnancy_test": "NEG",
        "major_surgery_date": "2022-08",
        "decision": "ELIGIBLE",
        "decision_date": "2024-01-12",
    },
    "regimen_decision": {"decision_date": "2024-01-12", "regimen": "MONO", "partners": []},
    "surufatinib_dosing": {
        "start_date": "2024-01-15",
        "end_date": "2024-02-20",
        "dose_mg": 300,
        "schedule": "QD",
        "change_reason": "START",
        "ae_number": 1,
    },
    "baseline_lesions": {"scan_date": "2024-01-10", "lesions": [LESION]},
    "tumor_assessment": {
        "done": "Y",
        "assessment_date": "2024-03-14",
        "not_done_reason": "-",
        "target_response": "SD",
        "non_target_response": "NON_CR_NON_PD",
        "overall_response": "SD",
        "lesions": [FOLLOWED],
        "new_lesions": [NEW_LESION],
    },
    "adverse_event": {
        "start_date": "2024-02",
        "end_date": "2024-03",
        "ongoing": "N",
        "grade": 2,
        "serious": "N",
        "related_surufatinib": "RELATED",
        "outcome": "RECOVERED",
    },
    "end_of_treatment": {
        "last_dose_date": "2024-09-01",
        "reason": "PROGRESSION_RECIST",
        "progression_date": "2024-08-30",
        "ae_number": 1,
        "detail": "-",
    },
    "survival_followup": {"contact_date": "2024-12-01", "status": "ALIVE"},
    "subsequent_therapy": {"name": "everolimus", "start_date": "2024-10", "end_date": "2024-12"},
    "death": {"death_date": "2025-03-02", "cause": "PD", "detail": "-", "ae_number": 1},
    "end_of_study": {"end_date": "2025-03-10", "reason": "DEATH", "last_contact_date": "2025-03-02"},
}

# Check -> form -> item -> value; None takes a value away; a list takes the place of the rows.
FIRES = {
    "IC_FUTURE": {"informed_consent": {"consent_date": "2026-02-01"}},
    "IC_AFTER_DECISION": {"informed_consent": {"consent_date": "2024-01-13"}},
    "DM_ADULT": {"demographics": {"birth_date": "2006-01-06"}},
    "DM_VERY_OLD": {"demographics": {"birth_date": "1932"}},
    "DM_BMI": {"demographics": {"weight_kg": "103"}},
    "DM_CHILDBEARING_AGE": {"demographics": {"childbearing": "Y", "birth_date": "1950"}},
    "DM_ECOG_4": {"demographics": {"ecog": "4"}},
    "MH_NOT_CONFIRMED": {"nen_diagnosis": {"confirmed": "NONE"}},
    "MH_G1": {"nen_diagnosis": {"nen_class": "NET_G1", "ki67": "3", "mitoses": None}},
    "MH_G2": {"nen_diagnosis": {"ki67": "20.1"}},
    "MH_G3": {"nen_diagnosis": {"nen_class": "NET_G3", "ki67": "20", "mitoses": None}},
    "MH_NEC": {"nen_diagnosis": {"nen_class": "NEC_SMALL", "ki67": "15", "mitoses": "20"}},
    "MH_LUNG_MITOSES": {
        "nen_diagnosis": {"primary_site": "LUNG", "nen_class": "NEC_LARGE", "mitoses": "10"},
    },
    "MH_NET_POOR": {"nen_diagnosis": {"differentiation": "POOR"}},
    "MH_NEC_WELL": {"nen_diagnosis": {"nen_class": "NEC_LARGE"}},
    "MH_ADVANCED_BEFORE_DIAGNOSIS": {"nen_diagnosis": {"advanced_date": "2022-05-31"}},
    "MH_DIAGNOSIS_AFTER_CONSENT": {"nen_diagnosis": {"diagnosis_date": "2024-02"}},
    "MH_EARLY_STAGE": {"nen_diagnosis": {"stage": "II"}},
    "MH_STAGE_IV_NO_METASTASIS": {
        "nen_diagnosis": dict.fromkeys(
            ("liver_met", "node_met", "bone_met", "lung_met", "peritoneum_met", "other_met"), "N"
        ),
    },
    "MH_METASTASIS_NOT_STAGE_IV": {"nen_diagnosis": {"stage": "III"}},
    "MH_PRIOR_SURUFATINIB_NO_LINE": {"nen_diagnosis": {"prior_surufatinib": "Y", "prior_systemic_lines": 0}},
    "IE_ELIGIBLE_AGAINST_INCLUSION": {"eligibility": {"in04": "NOT_MET"}},
    "IE_ELIGIBLE_AGAINST_EXCLUSION": {"eligibility": {"ex02": "MET"}},
    "IE_ELIGIBLE_NOT_ASSESSED": {"eligibility": {"ex05": "NOT_ASSESSED"}},
    "IE_UNDATED_DECISION": {"eligibility": {"decision_date": None}},
    "IE_LIFE_EXPECTANCY": {"eligibility": {"life_expectancy_weeks": 12}},
    "IE_UNCONFIRMED": {"nen_diagnosis": {"confirmed": "NONE"}},
    "IE_PREGNANT": {"eligibility": {"pregnancy_test": "POS"}},
    "IE_PREGNANCY_TEST_MAN": {"demographics": {"sex": "M"}},
    "IE_PREGNANCY_TEST_MISSING": {
        "demographics": {"childbearing": "Y"},
        "eligibility": {"pregnancy_test": None},
    },
    "IE_CONTRACEPTION_NOT_APPLICABLE": {
        "demographics": {"childbearing": "Y"},
        "eligibility": {"in06": "NOT_APPLICABLE"},
    },
    "IE_RECENT_SURGERY": {"eligibility": {"major_surgery_date": "2023-12-14"}},
    "IE_DECISION_BEFORE_CONSENT": {"eligibility": {"decision_date": "2024-01-04"}},
    "RD_COMBINATION_WITHOUT_PARTNER": {"regimen_decision": {"regimen": "COMBO"}},
    "RD_MONOTHERAPY_WITH_PARTNER": {"regimen_decision": {"partners": [{"drug": "TORIPALIMAB"}]}},
    "RD_PARTNER_CLASS": {
        "regimen_decision": {"partners": [{"drug": "TORIPALIMAB", "partner_class": "CHEMO"}]},
    },
    "RD_BEFORE_CONSENT": {"regimen_decision": {"decision_date": "2024-01-01"}},
    "RD_NOT_ELIGIBLE": {"eligibility": {"decision": "NOT_ELIGIBLE"}},
    "EX_END_BEFORE_START": {"surufatinib_dosing": {"end_date": "2024-01-14"}},
    "EX_FIRST_DOSE_MONOTHERAPY": {"surufatinib_dosing": {"dose_mg": 250}},
    "EX_FIRST_DOSE_COMBINATION": {
        "regimen_decision": {"regimen": "COMBO"},
        "surufatinib_dosing": {"dose_mg": 200},
    },
    "EX_DOSE_ABOVE_COMBINATION": {"regimen_decision": {"regimen": "COMBO"}},
    "EX_START_WITH_ZERO": {"surufatinib_dosing": {"dose_mg": 0}},
    "EX_RECOVERED_WITH_ZERO": {"surufatinib_dosing": {"dose_mg": 0, "change_reason": "RECOVERED"}},
    "EX_THREE_ONE_DOSE": {"surufatinib_dosing": {"schedule": "3W1"}},
    "EX_ADVERSE_EVENT_NUMBER": {"surufatinib_dosing": {"change_reason": "ADVERSE_EVENT", "ae_number": None}},
    "EX_BEFORE_CONSENT": {"surufatinib_dosing": {"start_date": "2024-01-04"}},
    "EX_BEFORE_DECISION": {"surufatinib_dosing": {"start_date": "2024-01-11"}},
    "BL_NO_TARGET": {"baseline_lesions": {"lesions": [{**LESION, "role": "NON_TARGET"}]}},
    "BL_MORE_THAN_FIVE_TARGETS": {"baseline_lesions": {"lesions": [LESION] * 6}},
    "BL_MORE_THAN_TWO_PER_ORGAN": {"baseline_lesions": {"lesions": [LESION] * 3}},
    "BL_LESION_TWICE": {"baseline_lesions": {"lesions": [LESION] * 2}},
    "BL_SCAN_TOO_OLD": {"baseline_lesions": {"scan_date": "2023-12-14"}},
    "BL_NUMBER_FORM": {"baseline_lesions": {"lesions": [{**LESION, "lesion_id": "NT1"}]}},
    "BL_TARGET_NOT_MEASURED": {"baseline_lesions": {"lesions": [{**LESION, "diameter_mm": None}]}},
    "BL_TARGET_NODE_SMALL": {
        "baseline_lesions": {"lesions": [{**LESION, "kind": "NODAL", "diameter_mm": "14.9"}]},
    },
    "BL_NODE_NORMAL": {"baseline_lesions": {"lesions": [{**LESION, "kind": "NODAL", "diameter_mm": "9.9"}]}},
    "BL_TARGET_SMALL": {"baseline_lesions": {"lesions": [{**LESION, "diameter_mm": "9.9"}]}},
    "BL_TARGET_THICK_SLICE": {
        "baseline_lesions": {"lesions": [{**LESION, "slice_mm": "8", "diameter_mm": "15.9"}]},
    },
    "BL_TARGET_CHEST_XRAY": {
        "baseline_lesions": {"lesions": [{**LESION, "method": "CHEST_XRAY", "diameter_mm": "19"}]},
    },
    "BL_TARGET_METHOD": {"baseline_lesions": {"lesions": [{**LESION, "method": "PET_CT"}]}},
    "BL_TARGET_KIND": {"baseline_lesions": {"lesions": [{**LESION, "kind": "BONE_BLASTIC"}]}},
    "BL_SIMPLE_CYST": {"baseline_lesions": {"lesions": [{**LESION, "kind": "SIMPLE_CYST"}]}},
    "BL_TARGET_TREATED": {"baseline_lesions": {"lesions": [{**LESION, "prior_local_therapy": "Y"}]}},
    "BL_NODE_ORGAN": {"baseline_lesions": {"lesions": [{**LESION, "organ": "LYMPH_NODE"}]}},
    "TA_CALL_DIFFERS": {"tumor_assessment": {"computed_response": "PD"}},
    "TA_OTHER_REASON_UNSAID": {"tumor_assessment": {"computed_response": "PD", "call_reason": "OTHER"}},
    "TA_UNKNOWN_LESION": {"tumor_assessment": {"lesions": [{**FOLLOWED, "lesion_id": "T9"}]}},
    "TA_UNDATED": {"tumor_assessment": {"assessment_date": None}},
    "TA_NOT_DONE_WITHOUT_REASON": {"tumor_assessment": {"done": "N", "not_done_reason": None}},
    "TA_NOT_DONE_WITH_LESIONS": {"tumor_assessment": {"done": "N"}},
    "TA_BEFORE_BASELINE": {"tumor_assessment": {"assessment_date": "2024-01-10"}},
    "TA_AFTER_DEATH": {"tumor_assessment": {"assessment_date": "2025-03-03"}},
    "TA_NEW_LESION_NO_PD": {"tumor_assessment": {"new_lesions": [{**NEW_LESION, "status": "UNEQUIVOCAL"}]}},
    "TA_COMPONENT_PD": {"tumor_assessment": {"non_target_response": "PD"}},
    "TA_OVERALL_CR": {"tumor_assessment": {"overall_response": "CR"}},
    "TA_NON_TARGET_WORDS": {"tumor_assessment": {"non_target_response": "SD"}},
    "TA_TARGET_WORDS": {"tumor_assessment": {"target_response": "NED"}},
    "TA_LESION_TWICE": {"tumor_assessment": {"lesions": [FOLLOWED] * 2}},
    "TA_MEASURED_WITHOUT_DIAMETER": {"tumor_assessment": {"lesions": [{**FOLLOWED, "diameter_mm": None}]}},
    "TA_ABSENT_WITH_DIAMETER": {"tumor_assessment": {"lesions": [{**FOLLOWED, "state": "ABSENT"}]}},
    "TA_MEASURED_ZERO": {"tumor_assessment": {"lesions": [{**FOLLOWED, "diameter_mm": "0"}]}},
    "TA_SPLIT_WITHOUT_PARTS": {
        "tumor_assessment": {"lesions": [{**FOLLOWED, "state": "SPLIT", "fragments": None}]},
    },
    "TA_PARTS_FORM": {"tumor_assessment": {"lesions": [{**FOLLOWED, "fragments": "22 and 16"}]}},
    "TA_MERGED_WITHOUT_PARTNER": {
        "tumor_assessment": {"lesions": [{**FOLLOWED, "state": "MERGED", "merged_into": " "}]},
    },
    "TA_MERGED_INTO_ITSELF": {"tumor_assessment": {"lesions": [{**FOLLOWED, "merged_into": "T1"}]}},
    "TA_NOT_EVALUABLE_WITHOUT_REASON": {
        "tumor_assessment": {"lesions": [{**FOLLOWED, "state": "NOT_EVALUABLE", "ne_reason": None}]},
    },
    "TA_TARGET_STATE": {"tumor_assessment": {"lesions": [{**FOLLOWED, "state": "UNEQUIVOCAL_PD"}]}},
    "TA_LESION_SCAN_EARLY": {"tumor_assessment": {"lesions": [{**FOLLOWED, "scan_date": "2024-03-13"}]}},
    "TA_NEW_LESION_NUMBER": {"tumor_assessment": {"new_lesions": [{**NEW_LESION, "lesion_id": "T9"}]}},
    "TA_NEW_LESION_FIRST_SEEN": {
        "tumor_assessment": {"new_lesions": [{**NEW_LESION, "first_seen_date": "2024-03-15"}]},
    },
    "AE_END_BEFORE_START": {"adverse_event": {"end_date": "2024-01"}},
    "AE_ONGOING_WITH_END": {"adverse_event": {"ongoing": "Y"}},
    "AE_ENDED_WITHOUT_END": {"adverse_event": {"end_date": None}},
    "AE_GRADE_5_NOT_FATAL": {"adverse_event": {"grade": 5}},
    "AE_FATAL_NOT_GRADE_5": {"adverse_event": {"outcome": "FATAL"}},
    "AE_FATAL_NOT_SERIOUS": {"adverse_event": {"outcome": "FATAL", "grade": 5}},
    "AE_GRADE_4_NOT_SERIOUS": {"adverse_event": {"grade": 4}},
    "AE_RECOVERED_ONGOING": {"adverse_event": {"ongoing": "Y", "outcome": "SEQUELAE"}},
    "AE_NOT_RECOVERED_ENDED": {"adverse_event": {"outcome": "NOT_RECOVERED"}},
    "AE_BEFORE_CONSENT": {"adverse_event": {"start_date": "2023"}},
    "AE_AFTER_DEATH": {"adverse_event": {"start_date": "2025-04"}},
    "AE_PARTNER_IN_MONOTHERAPY": {"adverse_event": {"related_partner": "RELATED"}},
    "AE_RELATIONSHIP_MISSING": {"adverse_event": {"serious": "Y", "related_surufatinib": None}},
    "AE_FUTURE": {"adverse_event": {"start_date": "2026-02"}},
    "EOT_PROGRESSION_UNDATED": {"end_of_treatment": {"progression_date": None}},
    "EOT_PROGRESSION_BEFORE_CONSENT": {"end_of_treatment": {"progression_date": "2023-12"}},
    "EOT_BEYOND_PROGRESSION": {"end_of_treatment": {"progression_date": "2024-08-17"}},
    "EOT_ADVERSE_EVENT_NUMBER": {"end_of_treatment": {"reason": "ADVERSE_EVENT", "ae_number": None}},
    "EOT_OTHER_WITHOUT_DETAIL": {"end_of_treatment": {"reason": "OTHER", "detail": ""}},
    "EOT_AFTER_DEATH": {"end_of_treatment": {"last_dose_date": "2025-03-03"}},
    "EOT_BEFORE_CONSENT": {"end_of_treatment": {"last_dose_date": "2024-01-04"}},
    "SS_BEFORE_CONSENT": {"survival_followup": {"contact_date": "2024-01-04"}},
    "SS_ALIVE_AFTER_DEATH": {"survival_followup": {"contact_date": "2025-03-03"}},
    "SS_DEAD_BEFORE_DEATH": {"survival_followup": {"status": "DEAD"}},
    "CM_END_BEFORE_START": {"subsequent_therapy": {"end_date": "2024-09"}},
    "CM_BEFORE_CONSENT": {"subsequent_therapy": {"start_date": "2023"}},
    "CM_BEFORE_LAST_DOSE": {"subsequent_therapy": {"start_date": "2024-08"}},
    "CM_AFTER_DEATH": {"subsequent_therapy": {"start_date": "2025-04"}},
    "DD_ADVERSE_EVENT_NUMBER": {"death": {"cause": "AE", "ae_number": None}},
    "DD_OTHER_WITHOUT_DETAIL": {"death": {"cause": "OTHER", "detail": None}},
    "DD_BEFORE_CONSENT": {"death": {"death_date": "2023"}},
    "DD_BEFORE_LAST_DOSE": {"death": {"death_date": "2024-08-31"}},
    "DD_FUTURE": {"death": {"death_date": "2027"}},
    "EOS_CONTACT_AFTER_END": {"end_of_study": {"last_contact_date": "2025-03-11"}},
    "EOS_LOST_WITHOUT_CONTACT": {"end_of_study": {"reason": "LOST", "last_contact_date": None}},
    "EOS_DEATH_WITHOUT_DATE": {"death": {"death_date": None}},
    "EOS_BEFORE_CONSENT": {"end_of_study": {"end_date": "2024-01-04"}},
    "EOS_SCREEN_FAILURE_ELIGIBLE": {"end_of_study": {"reason": "SCREEN_FAILURE"}},
}

# Where the complete subject leaves a check unknown: rows that monotherapy does not have.
SILENT = {
    "TA_CALL_DIFFERS": {"tumor_assessment": {"computed_response": "SD"}},
    "TA_OTHER_REASON_UNSAID": {"tumor_assessment": {"computed_response": "PD", "call_reason": "MARGIN"}},
    "RD_PARTNER_CLASS": {"regimen_decision": {"partners": [{"drug": "TORIPALIMAB", "partner_class": "PD1"}]}},
}


def change_subject(subject, changes):
    """The subject with some values changed; None takes a value away, a list takes the place of the rows."""
    changed = copy.deepcopy(subject)
    for form, values in changes.items():
        changed[form].update(values)
        changed[form] = {item: value for item, value in changed[form].items() if value is not None}
    return changed


def evaluate_check(check_id, subject):
    """The results of a check: one for the form, or one per row."""
    form, check = CHECKS[check_id]
    rows = subject[form.name][check.each] if check.each else [None]
    return [check.when.evaluate(subject, row=row, today=TODAY) for row in rows]


def subject_with(changes):
    return change_subject(SUBJECT, changes)


def results(check_id, subject):
    return evaluate_check(check_id, subject)


@pytest.mark.parametrize("check_id", sorted(FIRES))
def test_check_fires(check_id):
    assert True in results(check_id, subject_with(FIRES[check_id]))


@pytest.mark.parametrize("check_id", sorted(FIRES))
def test_check_is_silent(check_id):
    outcome = results(check_id, subject_with(SILENT.get(check_id, {})))
    assert outcome
    assert set(outcome) == {False}


@pytest.mark.parametrize("check_id", sorted(FIRES))
def test_check_is_unknown_without_values_unless_it_asks_for_them(check_id):
    form, check = CHECKS[check_id]
    row = {} if check.each else None
    expected = {None, False} | (
        {True} if ".given" in check.when.text or ".exists(" in check.when.text else set()
    )
    assert check.when.evaluate({form.name: {}}, row=row) in expected
    assert check.when.evaluate({}, row=None) is None


def test_fired_checks_come_back_as_problems_with_their_level_and_row():
    subject = subject_with(FIRES["BL_TARGET_SMALL"])
    values = {
        **subject["baseline_lesions"],
        "lesions": [LESION, {**LESION, "lesion_id": "T2", "diameter_mm": "8"}],
    }
    problems = validate_values("baseline_lesions", values, STUDY, others=subject, today=TODAY)
    (problem,) = (problem for problem in problems if problem.rule in CHECKS)
    assert (problem.rule, problem.level, problem.item, problem.row) == (
        "BL_TARGET_SMALL",
        "soft",
        "lesions.diameter_mm",
        1,
    )


@pytest.mark.parametrize("form", [name for name in SUBJECT if name not in ("tumor_assessment",)])
def test_the_consistent_subject_has_no_check_that_fires(form):
    problems = validate_values(form, SUBJECT[form], STUDY, others=SUBJECT, today=TODAY)
    assert [p.rule for p in problems if p.rule in CHECKS] == []
