"""The edit checks of history, therapy, examination, accountability, safety and deviation records.

As in `test_study_files_checks.py`: on the complete, consistent subject each check is false, not just unknown;
a firing set is that subject with the few changes named here.
"""

from datetime import date
from pathlib import Path

import pytest
from test_study_files_checks import SUBJECT as CORE
from test_study_files_checks import change_subject, evaluate_check

from grevy.definition import load_study, validate_values

TODAY = date(2026, 1, 31)
STUDY = load_study(Path("studies/surufatinib_nen"))
SYSTEM = {"system": "ABDOMEN", "result": "ABN_NCS", "finding": "liver edge palpable"}
RECORDS = {
    "regimen_decision": {
        "decision_date": "2024-01-12",
        "regimen": "COMBO",
        "partners": [{"drug": "TORIPALIMAB", "partner_class": "PD1"}],
    },
    "medical_history": {
        "term": "hypertension",
        "start_date": "2015",
        "end_date": "2024-01-20",
        "ongoing": "N",
        "treated": "Y",
    },
    "previous_malignancy": {
        "type": "BASAL_CELL_SKIN",
        "term": "basal cell carcinoma",
        "diagnosis_date": "2010-05",
        "treatment": "excision",
        "cured": "Y",
    },
    "prior_therapy": {
        "therapy_type": "SSA",
        "agents": "octreotide LAR",
        "setting": "ADVANCED",
        "line": 1,
        "start_date": "2023-03",
        "end_date": "2023-11",
        "best_response": "SD",
        "stop_reason": "PROGRESSION",
    },
    "concomitant_medication": {
        "name": "amlodipine",
        "drug_class": "ANTIHYPERTENSIVE",
        "indication": "hypertension",
        "reason": "AE",
        "ae_number": 1,
        "dose": "5",
        "unit": "MG",
        "frequency": "QD",
        "route": "ORAL",
        "start_date": "2024-02",
        "ongoing": "N",
        "end_date": "2024-06",
        "cyp3a4": "NONE",
    },
    "procedure": {
        "name": "cholecystectomy",
        "category": "SURGERY",
        "procedure_date": "2024-04-02",
        "major": "Y",
        "ae_number": 1,
    },
    "physical_examination": {"exam_date": "2024-01-10", "systems": [SYSTEM]},
    "partner_dosing": {
        "drug": "TORIPALIMAB",
        "other_drug": "-",
        "start_date": "2024-01-15",
        "end_date": "2024-01-15",
        "dose": "240",
        "unit": "MG",
        "frequency": "Q3W",
        "change_reason": "START",
        "ae_number": 1,
    },
    "drug_accountability": {
        "dispensed_date": "2024-01-15",
        "dispensed": 168,
        "returned_date": "2024-02-12",
        "returned": 12,
        "lost": 0,
    },
    "serious_adverse_event": {
        "ae_number": 1,
        "report_type": "INITIAL",
        "onset_date": "2024-02-10",
        "aware_at": "2024-02-10T09:30",
        **dict.fromkeys(("death", "life_threatening", "disability", "congenital", "important"), "N"),
        "hospitalization": "Y",
        "admission_date": "2024-02-10",
        "discharge_date": "2024-02-15",
        "outcome": "RECOVERED",
        "causality": "RELATED",
        "expected": "Y",
        "reported_at": "2024-02-11T09:30",
    },
    "pregnancy_report": {
        "whose": "PARTNER",
        "aware_date": "2024-05-02",
        "reported_date": "2024-05-03",
        "last_menses": "2024-03-20",
        "due_date": "2024-12-25",
        "outcome": "LIVE_BIRTH",
        "outcome_date": "2024-12-20",
    },
    "protocol_deviation": {
        "deviation_date": "2024-03-14",
        "category": "ELIGIBILITY",
        "severity": "MAJOR",
        "description": "scan 10 days late",
        "action": "site trained",
        "ethics_date": "2024-03-20",
    },
    "reconsent": {
        "consent_date": "2024-06-01",
        "consent_version": "3.0",
        "reason": "AMENDMENT",
        "detail": "-",
    },
    "unscheduled_visit": {
        "visit_date": "2024-02-10",
        "reason": "ADVERSE_EVENT",
        "ae_number": 1,
        "detail": "-",
    },
    "safety_followup": {
        "contact_date": "2024-10-01",
        "contact": "VISIT",
        "new_ae": "N",
        "new_therapy": "N",
    },
    "disease_extent": {
        "assessed_date": "2024-01-10",
        "ajcc_edition": "V8",
        "tnm_t": "T3",
        "tnm_n": "N1",
        "tnm_m": "M1C",
        "liver_burden": "GT10",
        "organ_count": 6,
        "sstr_date": "2024-01-08",
        "sstr_tracer": "DOTATATE",
        "krenning": "3",
        "fdg_done": "Y",
        "fdg_positive": "N",
        "hereditary": "NONE",
    },
}
SUBJECT = {**CORE, **RECORDS}
SUBJECT["nen_diagnosis"] = {**CORE["nen_diagnosis"], "sstr": "POS"}

# Check -> form -> item -> value; None takes a value away; a list takes the place of the rows.
FIRES = {
    "HX_END_BEFORE_START": {"medical_history": {"end_date": "2014"}},
    "HX_AFTER_CONSENT": {"medical_history": {"start_date": "2024-01-06"}},
    "HX_BEFORE_BIRTH": {"medical_history": {"start_date": "1963"}},
    "HX_TREATED_ENDED": {"medical_history": {"end_date": "2024-01-04"}},
    "HX_NEOPLASM_HERE": {"medical_history": {"term": "胃癌"}},
    "PM_WITHIN_FIVE_YEARS": {"previous_malignancy": {"type": "OTHER", "diagnosis_date": "2019-01-06"}},
    "PM_EXCEPTION_NOT_CURED": {"previous_malignancy": {"cured": "N", "diagnosis_date": "2022"}},
    "PM_AFTER_CONSENT": {"previous_malignancy": {"diagnosis_date": "2024-02"}},
    "PM_BEFORE_BIRTH": {"previous_malignancy": {"diagnosis_date": "1960"}},
    "PM_CURED_WITHOUT_TREATMENT": {"previous_malignancy": {"treatment": None}},
    "PT_END_BEFORE_START": {"prior_therapy": {"end_date": "2023-02"}},
    "PT_AFTER_CONSENT": {"prior_therapy": {"start_date": "2024-02"}},
    "PT_NOT_ENDED": {"prior_therapy": {"end_date": "2024-01-13"}},
    "PT_SYSTEMIC_BEFORE_DIAGNOSIS": {
        "prior_therapy": {"therapy_type": "EVEROLIMUS", "start_date": "2022-05"},
    },
    "PT_SSA_BEFORE_DIAGNOSIS": {"prior_therapy": {"start_date": "2022-05"}},
    "PT_ADVANCED_TOO_EARLY": {"prior_therapy": {"end_date": "2023-01"}},
    "PT_ADJUVANT_WHEN_ADVANCED": {"prior_therapy": {"setting": "ADJUVANT"}},
    "PT_LINE_MISSING": {"prior_therapy": {"line": None}},
    "PT_LINE_ABOVE_TOTAL": {"prior_therapy": {"line": 2}},
    "PT_CURATIVE_ADVANCED": {"prior_therapy": {"therapy_type": "SURGERY_CURATIVE"}},
    "PT_DEBULKING_ADJUVANT": {
        "prior_therapy": {"therapy_type": "SURGERY_DEBULKING", "setting": "ADJUVANT"},
    },
    "PT_RECENT_SURGERY": {
        "prior_therapy": {"therapy_type": "SURGERY_DEBULKING", "start_date": "2023-12-14"},
    },
    "PT_SURUFATINIB_UNDECLARED": {"prior_therapy": {"agents": "Surufatinib"}},
    "PT_STOPPED_FOR_PROGRESSION": {"prior_therapy": {"end_date": None}},
    "CC_END_BEFORE_START": {"concomitant_medication": {"end_date": "2024-01"}},
    "CC_ONGOING_WITH_END": {"concomitant_medication": {"ongoing": "Y"}},
    "CC_ENDED_WITHOUT_END": {"concomitant_medication": {"end_date": None}},
    "CC_AFTER_DEATH": {"concomitant_medication": {"start_date": "2025-03-03"}},
    "CC_FUTURE": {"concomitant_medication": {"start_date": "2026-02"}},
    "CC_ADVERSE_EVENT_NUMBER": {"concomitant_medication": {"ae_number": None}},
    "CC_REASON_OTHER": {"concomitant_medication": {"reason": "OTHER", "indication": None}},
    "CC_DOSE_WITHOUT_UNIT": {"concomitant_medication": {"unit": None}},
    "CC_UNIT_WITHOUT_DOSE": {"concomitant_medication": {"dose": None}},
    "CC_ANTITUMOR_CLASS": {"concomitant_medication": {"drug_class": "ANTINEOPLASTIC"}},
    "CC_ANTITUMOR_NAME": {"concomitant_medication": {"name": "Everolimus 10 mg"}},
    "CC_SSA_FOR_TUMOR": {"concomitant_medication": {"drug_class": "SSA", "reason": "OTHER"}},
    "CC_STRONG_INHIBITOR": {"concomitant_medication": {"cyp3a4": "INHIBITOR"}},
    "CC_STRONG_INDUCER": {"concomitant_medication": {"cyp3a4": "INDUCER"}},
    "CC_INHIBITOR_BY_NAME": {"concomitant_medication": {"name": "伊曲康唑胶囊"}},
    "CC_INDUCER_BY_NAME": {"concomitant_medication": {"name": "Rifampicin"}},
    "PR_MAJOR_SURGERY_BEFORE_DOSE": {"procedure": {"procedure_date": "2023-12-14"}},
    "PR_MAJOR_MISSING": {"procedure": {"major": None}},
    "PR_BEFORE_CONSENT": {"procedure": {"procedure_date": "2023"}},
    "PR_AFTER_DEATH": {"procedure": {"procedure_date": "2025-03-03"}},
    "PR_FUTURE": {"procedure": {"procedure_date": "2026-02"}},
    "PR_RADIOTHERAPY_ON_STUDY": {"procedure": {"category": "RADIOTHERAPY"}},
    "PE_UNDATED": {"physical_examination": {"exam_date": None}},
    "PE_NOT_DONE_WITH_SYSTEMS": {"physical_examination": {"not_done_reason": "REFUSED"}},
    "PE_FINDING_MISSING": {"physical_examination": {"systems": [{**SYSTEM, "finding": None}]}},
    "PE_NORMAL_WITH_FINDING": {"physical_examination": {"systems": [{**SYSTEM, "result": "NORMAL"}]}},
    "PE_SYSTEM_TWICE": {"physical_examination": {"systems": [SYSTEM, SYSTEM]}},
    "PE_BEFORE_CONSENT": {"physical_examination": {"exam_date": "2024-01-04"}},
    "PE_AFTER_DEATH": {"physical_examination": {"exam_date": "2025-03-03"}},
    "PX_END_BEFORE_START": {"partner_dosing": {"end_date": "2024-01-14"}},
    "PX_ADVERSE_EVENT_NUMBER": {"partner_dosing": {"change_reason": "ADVERSE_EVENT", "ae_number": None}},
    "PX_START_WITH_ZERO": {"partner_dosing": {"dose": "0"}},
    "PX_MONOTHERAPY": {"regimen_decision": {"regimen": "MONO"}},
    "PX_NOT_DECLARED": {"partner_dosing": {"drug": "SINTILIMAB"}},
    "PX_OTHER_WITHOUT_NAME": {"partner_dosing": {"drug": "OTHER", "other_drug": None}},
    "PX_BEFORE_CONSENT": {"partner_dosing": {"start_date": "2024-01-04"}},
    "PX_AFTER_DEATH": {"partner_dosing": {"start_date": "2025-03-03"}},
    "DA_DISPENSED_UNDATED": {"drug_accountability": {"dispensed_date": None}},
    "DA_RETURNED_UNDATED": {"drug_accountability": {"returned_date": None}},
    "DA_RETURNED_ABOVE_DISPENSED": {"drug_accountability": {"returned": 160, "lost": 9}},
    "DA_RETURNED_BEFORE_DISPENSED": {"drug_accountability": {"returned_date": "2024-01-14"}},
    "DA_TOO_FEW_DISPENSED": {"drug_accountability": {"dispensed": 111}},
    "DA_TAKEN_ABOVE_DOSE": {"drug_accountability": {"dispensed": 181}},
    "DA_BEFORE_CONSENT": {"drug_accountability": {"dispensed_date": "2024-01-04"}},
    "DA_DISPENSED_AFTER_END": {"drug_accountability": {"dispensed_date": "2024-09-02"}},
    "SAE_WITHOUT_EVENT_NUMBER": {"serious_adverse_event": {"ae_number": None}},
    "SAE_NO_CRITERION": {"serious_adverse_event": {"hospitalization": "N"}},
    "SAE_AWARE_BEFORE_ONSET": {"serious_adverse_event": {"onset_date": "2024-02-11"}},
    "SAE_REPORTED_LATE": {"serious_adverse_event": {"reported_at": "2024-02-11T09:31"}},
    "SAE_REPORTED_BEFORE_AWARE": {"serious_adverse_event": {"reported_at": "2024-02-10T09:29"}},
    "SAE_NOT_REPORTED": {"serious_adverse_event": {"reported_at": None}},
    "SAE_AWARE_FUTURE": {"serious_adverse_event": {"aware_at": "2026-02-01T00:00"}},
    "SAE_DEATH_NOT_FATAL": {"serious_adverse_event": {"death": "Y"}},
    "SAE_FATAL_NOT_DEATH": {"serious_adverse_event": {"outcome": "FATAL"}},
    "SAE_ADMISSION_MISSING": {"serious_adverse_event": {"admission_date": None}},
    "SAE_DISCHARGE_BEFORE_ADMISSION": {"serious_adverse_event": {"discharge_date": "2024-02-09"}},
    "SAE_EXPECTEDNESS_MISSING": {"serious_adverse_event": {"expected": None}},
    "SAE_BEFORE_CONSENT": {"serious_adverse_event": {"aware_at": "2024-01-04T12:00"}},
    "PGR_MAN": {"demographics": {"sex": "M"}, "pregnancy_report": {"whose": "SUBJECT"}},
    "PGR_NOT_CHILDBEARING": {"pregnancy_report": {"whose": "SUBJECT"}},
    "PGR_DUE_BEFORE_MENSES": {"pregnancy_report": {"due_date": "2024-03-19"}},
    "PGR_DUE_DATE_UNLIKELY": {"pregnancy_report": {"due_date": "2025-01-09"}},
    "PGR_OUTCOME_UNDATED": {"pregnancy_report": {"outcome_date": None}},
    "PGR_OUTCOME_BEFORE_MENSES": {"pregnancy_report": {"outcome_date": "2024-03-19"}},
    "PGR_REPORTED_LATE": {"pregnancy_report": {"reported_date": "2024-05-04"}},
    "DV_BEFORE_CONSENT": {"protocol_deviation": {"deviation_date": "2023"}},
    "DV_FUTURE": {"protocol_deviation": {"deviation_date": "2026-02"}},
    "DV_AFTER_DEATH": {"protocol_deviation": {"deviation_date": "2025-04"}},
    "DV_MAJOR_WITHOUT_ACTION": {"protocol_deviation": {"action": None}},
    "DV_ELIGIBILITY_MINOR": {"protocol_deviation": {"severity": "MINOR"}},
    "DV_ETHICS_BEFORE_DEVIATION": {"protocol_deviation": {"ethics_date": "2024-03-13"}},
    "RC_BEFORE_CONSENT": {"reconsent": {"consent_date": "2024-01-04"}},
    "RC_SAME_VERSION": {"reconsent": {"consent_version": "2.0"}},
    "RC_AFTER_DEATH": {"reconsent": {"consent_date": "2025-03-03"}},
    "RC_FUTURE": {"reconsent": {"consent_date": "2026-02-01"}},
    "RC_OTHER_WITHOUT_DETAIL": {"reconsent": {"reason": "OTHER", "detail": None}},
    "UV_ADVERSE_EVENT_NUMBER": {"unscheduled_visit": {"ae_number": None}},
    "UV_WITHOUT_DETAIL": {"unscheduled_visit": {"reason": "SYMPTOM", "detail": None}},
    "UV_BEFORE_CONSENT": {"unscheduled_visit": {"visit_date": "2024-01-04"}},
    "UV_AFTER_DEATH": {"unscheduled_visit": {"visit_date": "2025-03-03"}},
    "SF_BEFORE_LAST_DOSE": {"safety_followup": {"contact_date": "2024-08-31"}},
    "SF_OUTSIDE_WINDOW": {"safety_followup": {"contact_date": "2024-10-09"}},
    "SF_AFTER_DEATH": {"safety_followup": {"contact_date": "2025-03-03"}},
    "SF_QUESTIONS_OPEN": {"safety_followup": {"new_therapy": None}},
    "SF_FUTURE": {"safety_followup": {"contact_date": "2026-02-01"}},
    "DE_LIVER_BURDEN_NONE": {"disease_extent": {"liver_burden": "NONE"}},
    "DE_LIVER_BURDEN_WITHOUT_METASTASIS": {"nen_diagnosis": {"liver_met": "N"}},
    "DE_M1_STAGE": {"nen_diagnosis": {"stage": "III"}},
    "DE_M0_STAGE_IV": {"disease_extent": {"tnm_m": "M0"}},
    "DE_M1A_ONLY_LIVER": {"disease_extent": {"tnm_m": "M1A"}},
    "DE_NO_ORGANS_WITH_M1": {"disease_extent": {"organ_count": 0}},
    "DE_KRENNING_NEGATIVE": {"disease_extent": {"krenning": "1"}},
    "DE_KRENNING_POSITIVE": {"nen_diagnosis": {"sstr": "NEG"}},
    "DE_SSTR_AFTER_ASSESSMENT": {"disease_extent": {"sstr_date": "2024-01-11"}},
    "DE_AFTER_DECISION": {"disease_extent": {"assessed_date": "2024-01-13"}},
    "DE_TNM_WITHOUT_EDITION": {"disease_extent": {"ajcc_edition": None}},
}

# Just on the quiet side of a limit, where the complete subject lies far from it or another case is told apart
SILENT = {
    "PM_WITHIN_FIVE_YEARS": {"previous_malignancy": {"type": "OTHER", "diagnosis_date": "2019-01-05"}},
    "PT_RECENT_SURGERY": {
        "prior_therapy": {"therapy_type": "SURGERY_DEBULKING", "start_date": "2023-12-13"},
    },
    "PR_MAJOR_SURGERY_BEFORE_DOSE": {"procedure": {"procedure_date": "2023-12-13"}},
    "PR_RADIOTHERAPY_ON_STUDY": {"procedure": {"category": "ENDOSCOPY"}},
    "CC_STRONG_INHIBITOR": {"concomitant_medication": {"cyp3a4": "INDUCER"}},
    "CC_INHIBITOR_BY_NAME": {"concomitant_medication": {"name": "itraconazole", "cyp3a4": "INHIBITOR"}},
    "CC_INDUCER_BY_NAME": {"concomitant_medication": {"name": "rifampin", "cyp3a4": "INDUCER"}},
    "DA_TOO_FEW_DISPENSED": {"drug_accountability": {"dispensed": 112}},
    "DA_TAKEN_ABOVE_DOSE": {"drug_accountability": {"dispensed": 180}},
    "PGR_MAN": {"demographics": {"sex": "M"}},
    "PX_MONOTHERAPY": {
        "partner_dosing": {"start_date": "2024-10-01"},
        "regimen_decision": {"regimen": "MONO"},
    },
    "SF_OUTSIDE_WINDOW": {"safety_followup": {"contact_date": "2024-10-08"}},
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


@pytest.mark.parametrize("form", [name for name in RECORDS if name != "regimen_decision"])
def test_the_consistent_records_have_no_check_that_fires(form):
    problems = validate_values(form, SUBJECT[form], STUDY, others=SUBJECT, today=TODAY)
    assert [p.rule for p in problems if p.rule in FIRES] == []
