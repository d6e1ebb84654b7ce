"""The edit checks across visits, logs and the end of the study: each fires on one subject and not on another.

As in `test_study_files_checks.py`: on the complete, consistent subject each check is false, not just unknown.
That subject has a visit, the visits before it and the records of its logs, which are told apart by name.
"""

from datetime import date
from pathlib import Path

import pytest
from test_study_files_checks import FOLLOWED, change_subject, evaluate_check
from test_study_files_checks import SUBJECT as CORE

from grevy.definition import load_study, validate_values

TODAY = date(2026, 1, 31)
STUDY = load_study(Path("studies/surufatinib_nen"))

LESION = {**FOLLOWED, "method": "CT"}
DOSE = {"start_date": "2024-01-15", "end_date": "2024-02-20", "dose_mg": 300, "change_reason": "START"}
SECOND_DOSE = {
    "start_date": "2024-02-21",
    "end_date": "2024-09-01",
    "dose_mg": 250,
    "change_reason": "PLANNED",
}
EVENT = {"decod": "Diarrhoea", "start_date": "2024-02-10", "serious": "N", "outcome": "RECOVERED"}
FATAL = {"decod": "Sepsis", "start_date": "2025-02-20", "serious": "Y", "outcome": "FATAL"}

EARLIER = {
    "vital_signs": {"assessed_date": "2024-02-12", "weight": "60"},
    "hematology": {"collected_date": "2024-02-12", "hgb": "12.8 g/dL", "plt": "190 10^9/L"},
    "chemistry": {"collected_date": "2024-02-12", "creat": "70 umol/L"},
    "ecog": {"assessed_date": "2024-02-12", "score": "1"},
    "ecg": {"ecg_date": "2024-01-10", "qtcf_ms": 410},
    "echocardiogram": {"exam_date": "2024-01-10", "method": "ECHO", "lvef": "62"},
    "tumor_assessment": {
        "assessment_date": "2024-02-12",
        "overall_response": "SD",
        "target_response": "SD",
        "lesions": [{**LESION, "diameter_mm": "32"}],
    },
    "surufatinib_dosing": DOSE,
    "survival_followup": {"contact_date": "2024-11-01", "status": "ALIVE"},
}
HERE = {
    "vital_signs": {"assessed_date": "2024-03-11", "weight": "59.5"},
    "hematology": {"collected_date": "2024-03-11", "hgb": "125 g/L", "plt": "180 10^9/L"},
    "chemistry": {"collected_date": "2024-03-11", "creat": "72 umol/L"},
    "ecog": {"assessed_date": "2024-03-11", "score": "1"},
    "ecg": {"ecg_date": "2024-03-11", "qtcf_ms": 420},
    "echocardiogram": {"exam_date": "2024-03-11", "method": "ECHO", "lvef": "60"},
    "tumor_assessment": {**CORE["tumor_assessment"], "lesions": [LESION]},
    "surufatinib_dosing": {**SECOND_DOSE, "records": [DOSE, SECOND_DOSE]},
    "adverse_event": {**EVENT, "records": [EVENT, FATAL]},
    "serious_adverse_event": {"ae_number": 2},
    "drug_accountability": {"returned_date": "2024-02-12"},
    "death": {"death_date": "2025-03-02", "cause": "AE", "ae_number": 2},
}
SUBJECT = {
    **CORE,
    **HERE,
    **{
        f"{word}.{form}": values
        for form, values in EARLIER.items()
        for word in ("previous", "first", "repeat_before")
    },
}

# Check -> form -> item -> value; None takes a value away; a list takes the place of the rows.
FIRES = {
    "VS_WEIGHT_CHANGE": {"vital_signs": {"weight": "53.9"}},
    "VS_BEFORE_LAST_VISIT": {"vital_signs": {"assessed_date": "2024-02-11"}},
    "VS_AFTER_END_OF_STUDY": {"vital_signs": {"assessed_date": "2025-03-11"}},
    "HM_BEFORE_LAST_VISIT": {"hematology": {"collected_date": "2024-02-11"}},
    "HM_AFTER_END_OF_STUDY": {"hematology": {"collected_date": "2025-03-11"}},
    "HM_HGB_FALL": {"hematology": {"hgb": "10.8 g/dL"}},
    "HM_PLT_HALVED": {"hematology": {"plt": "94 10^9/L"}},
    "CH_BEFORE_LAST_VISIT": {"chemistry": {"collected_date": "2024-02-11"}},
    "CH_AFTER_END_OF_STUDY": {"chemistry": {"collected_date": "2025-03-11"}},
    "CH_CREATININE_RISE": {"chemistry": {"creat": "105 umol/L"}},
    "EC_CHANGE_OF_TWO": {"ecog": {"score": "3"}},
    "EG_QTCF_RISE": {"ecg": {"qtcf_ms": 470}},
    "CV_LVEF_FALL": {"echocardiogram": {"lvef": "49"}},
    "CV_METHOD_CHANGED": {"echocardiogram": {"method": "MUGA"}},
    "TA_BEFORE_LAST_VISIT": {"tumor_assessment": {"assessment_date": "2024-02-11"}},
    "TA_AFTER_END_OF_STUDY": {"tumor_assessment": {"assessment_date": "2025-03-11"}},
    "TA_LESION_NOT_AT_BASELINE": {"tumor_assessment": {"lesions": [LESION, {**LESION, "lesion_id": "NT7"}]}},
    "TA_BASELINE_LESION_MISSING": {"tumor_assessment": {"lesions": []}},
    "TA_DIAMETER_JUMP": {"tumor_assessment": {"lesions": [{**LESION, "diameter_mm": "48.1"}]}},
    "TA_METHOD_CHANGED": {"tumor_assessment": {"lesions": [{**LESION, "method": "MRI"}]}},
    "TA_BETTER_AFTER_PROGRESSION": {"previous.tumor_assessment": {"overall_response": "PD"}},
    "TA_TARGET_AFTER_COMPLETE": {"previous.tumor_assessment": {"target_response": "CR"}},
    "EX_OVERLAP": {"surufatinib_dosing": {"start_date": "2024-02-20"}},
    "EX_GAP": {"surufatinib_dosing": {"start_date": "2024-02-22"}},
    "EX_STILL_OPEN": {"previous.surufatinib_dosing": {"end_date": None}},
    "EX_START_TWICE": {"surufatinib_dosing": {"change_reason": "START"}},
    "EX_AFTER_DEATH": {"surufatinib_dosing": {"end_date": "2025-03-03"}},
    "EX_AFTER_LAST_DOSE": {"surufatinib_dosing": {"end_date": "2024-09-02"}},
    "EOT_LAST_DOSE_NOT_RECORDED": {"end_of_treatment": {"last_dose_date": "2024-09-02"}},
    "DA_RETURNED_WITHOUT_DOSE": {"drug_accountability": {"returned_date": "2024-01-14"}},
    "AE_TWICE": {"adverse_event": {"records": [EVENT, EVENT]}},
    "SAE_NO_SERIOUS_EVENT": {"adverse_event": {"records": [EVENT]}},
    "DD_BEFORE_DOSE": {"death": {"death_date": "2024-02-20"}},
    "DD_BEFORE_ADVERSE_EVENT": {"death": {"death_date": "2025-02-19"}},
    "DD_NO_FATAL_EVENT": {"adverse_event": {"records": [EVENT]}},
    "EOS_BEFORE_LAST_DOSE": {"end_of_study": {"end_date": "2024-08-31"}},
    "EOS_CONTACT_AFTER_DEATH": {"end_of_study": {"last_contact_date": "2025-03-03"}},
    "SS_BEFORE_LAST_CONTACT": {"survival_followup": {"contact_date": "2024-10-31"}},
    "SS_ALIVE_AFTER_DEAD": {"previous.survival_followup": {"status": "DEAD"}},
}

# Just on the quiet side of a limit
SILENT = {
    "VS_WEIGHT_CHANGE": {"vital_signs": {"weight": "54"}},
    "VS_BEFORE_LAST_VISIT": {"vital_signs": {"assessed_date": "2024-02-12"}},
    "VS_AFTER_END_OF_STUDY": {"vital_signs": {"assessed_date": "2025-03-10"}},
    "HM_HGB_FALL": {"hematology": {"hgb": "10.81 g/dL"}},
    "HM_PLT_HALVED": {"hematology": {"plt": "95 10^9/L"}},
    "CH_CREATININE_RISE": {"chemistry": {"creat": "104 umol/L"}},
    "EC_CHANGE_OF_TWO": {"ecog": {"score": "2"}},
    "EG_QTCF_RISE": {"ecg": {"qtcf_ms": 469}},
    "CV_LVEF_FALL": {"echocardiogram": {"lvef": "50"}},
    "TA_LESION_NOT_AT_BASELINE": {"tumor_assessment": {"lesions": [{**LESION, "lesion_id": "N1"}]}},
    "TA_DIAMETER_JUMP": {"tumor_assessment": {"lesions": [{**LESION, "diameter_mm": "48"}]}},
    "TA_BETTER_AFTER_PROGRESSION": {
        "previous.tumor_assessment": {"overall_response": "PD"},
        "tumor_assessment": {"overall_response": "NE"},
    },
    "EX_AFTER_LAST_DOSE": {"surufatinib_dosing": {"end_date": "2024-09-02", "dose_mg": 0}},
}


def results(check_id, changes):
    return evaluate_check(check_id, change_subject(SUBJECT, changes))


@pytest.mark.parametrize("check_id", sorted(FIRES))
def test_check_fires(check_id):
    assert True in results(check_id, FIRES[check_id])


@pytest.mark.parametrize("check_id", sorted(FIRES))
def test_check_is_silent(check_id):
    outcome = results(check_id, SILENT.get(check_id, {}))
    assert outcome
    assert set(outcome) == {False}


@pytest.mark.parametrize("form", [name for name in HERE if name != "death"])
def test_the_consistent_visit_has_no_check_that_fires(form):
    own = {item: value for item, value in SUBJECT[form].items() if item != "records"}
    problems = validate_values(form, own, STUDY, others=SUBJECT, today=TODAY)
    assert [p.rule for p in problems if p.rule in FIRES] == []


@pytest.mark.parametrize("form", sorted(EARLIER))
def test_without_an_earlier_record_nothing_is_said(form):
    alone = {name: values for name, values in SUBJECT.items() if "." not in name}
    own = {item: value for item, value in SUBJECT[form].items() if item != "records"}
    problems = validate_values(form, own, STUDY, others=alone, today=TODAY)
    assert [p.rule for p in problems if p.rule in FIRES] == []
