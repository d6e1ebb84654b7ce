"""Every edit check of laboratory, heart and questionnaires fires on one set of values and not on another.

The silent set is a consistent subject whose values are all unremarkable. A firing set is that subject with
the few changes named here; where what the check looks for is an absence, the silent set stays as it is.
"""

import copy
from datetime import date
from pathlib import Path

import pytest
from test_study_checks_across_visits import FIRES as ACROSS_VISITS

from grevy.definition import load_study, validate_values

TODAY = date(2026, 1, 31)
STUDY = load_study(Path("studies/surufatinib_nen"))

# fmt: off
DAY = "2024-03-11"
DONE = {"completed_date": DAY, "mode": "SELF"}
SUBJECT = {
    "informed_consent": {"consent_date": "2024-01-05"},
    "demographics": {"sex": "F", "childbearing": "Y", "weight_kg": "60", "ecog": "0"},
    "eligibility": {"decision": "ELIGIBLE", "decision_date": "2024-01-12"},
    "end_of_treatment": {"last_dose_date": "2024-03-20"},
    "death": {"death_date": "2025-03-02"},
    "vital_signs": {
        "assessed_date": DAY, "position": "SITTING", "sbp": 124, "dbp": 78, "sbp_2": 120, "dbp_2": 76,
        "pulse": 72, "temperature": "36.5", "weight": "59.5",
    },
    "ecog": {"assessed_date": DAY, "score": "1"},
    "hematology": {
        "collected_date": DAY, "wbc": "5.6 10^9/L", "neut": "3.4 10^9/L", "lym": "1.6 10^9/L",
        "plt": "190 10^9/L", "hgb": "12.8 g/dL", "rbc": "4.3 10^12/L",
    },
    "chemistry": {
        "collected_date": DAY, "alt": "24 U/L", "ast": "22 U/L", "alp": "80 U/L", "ggt": "30 U/L",
        "ldh": "180 U/L", "ck": "90 U/L", "amylase": "60 U/L", "lipase": "40 U/L", "bili": "12 umol/L",
        "bili_direct": "4 umol/L", "albumin": "4.2 g/dL", "protein": "70 g/L", "urea": "5 mmol/L",
        "creat": "70 umol/L", "urate": "300 umol/L", "glucose": "5.2 mmol/L", "k": "4.1 mmol/L",
        "na": "140 mmol/L", "cl": "102 mmol/L", "ca": "2.3 mmol/L", "mg": "0.9 mmol/L", "phos": "1.1 mmol/L",
    },
    "urinalysis": {
        "collected_date": DAY, "protein": "1+", "blood": "NEG", "glucose": "NEG", "wbc": "NEG", "ph": "6.0",
        "protein_creat": "0.3 g/g", "protein_24h_date": "2024-03-12", "protein_24h": "350 mg/day",
    },
    "coagulation": {
        "collected_date": DAY, "inr": "1.0", "pt": "12 s", "aptt": "30 s", "fibrinogen": "3.1 g/L",
    },
    "thyroid": {"collected_date": DAY, "tsh": "2.1 mIU/L", "ft3": "4.8 pmol/L", "ft4": "15 pmol/L"},
    "lipids": {
        "collected_date": DAY, "trig": "1.2 mmol/L", "chol": "4.6 mmol/L", "hdl": "1.3 mmol/L",
        "ldl": "2.6 mmol/L",
    },
    "tumor_markers": {
        "collected_date": DAY, "cga": "120 ng/mL", "nse": "14 ng/mL", "hiaa_24h": "30 umol/day",
    },
    "cardiac_markers": {"collected_date": DAY, "ntprobnp": "90 ng/L", "troponin": "8 ng/L"},
    "pregnancy_test": {"test_date": DAY, "specimen": "SERUM", "result": "NEG"},
    "ecg": {
        "ecg_date": DAY, "heart_rate": 75, "pr_ms": 160, "qrs_ms": 90, "qt_ms": 380, "rr_ms": 800,
        "qtcf_ms": 409, "interpretation": "ABNORMAL_NCS", "finding": "flat T waves",
    },
    "echocardiogram": {"exam_date": DAY, "method": "ECHO", "lvef": "62", "gls": "-20", "nyha": "1"},
    "qlq_c30": {**DONE, **{f"q{n}": 1 + n % 2 for n in range(1, 29)}, "q29": 5, "q30": 6},
    "qlq_ginet21": {**DONE, **{f"q{n}": 1 + n % 2 for n in range(31, 52)}},
    "eq5d5l": {
        **DONE, "mobility": 1, "self_care": 1, "usual_activities": 2, "pain": 2, "anxiety": 1, "vas": 80,
    },
    "adherence": {
        "completed_date": DAY, "missed_doses_28d": 1, "mars_total": 23, "external_total": "7",
    },
}
OWN = [form for form in SUBJECT if form not in (
    "informed_consent", "demographics", "eligibility", "end_of_treatment", "death",
)]
CHECKS = {
    check.id: (form, check)
    for form in OWN
    for check in STUDY.forms[form].checks
    if check.id not in ACROSS_VISITS
}

# Form -> prefix of its checks, its date, and one of its values.
DATED = {
    "vital_signs": ("VS", "assessed_date", "pulse"),
    "ecog": ("EC", "assessed_date", "score"),
    "hematology": ("HM", "collected_date", "plt"),
    "chemistry": ("CH", "collected_date", "alt"),
    "urinalysis": ("UR", "collected_date", "protein"),
    "coagulation": ("CO", "collected_date", "inr"),
    "thyroid": ("TH", "collected_date", "tsh"),
    "lipids": ("LI", "collected_date", "trig"),
    "tumor_markers": ("TM", "collected_date", "cga"),
    "cardiac_markers": ("CK", "collected_date", "troponin"),
    "pregnancy_test": ("PG", "test_date", "result"),
    "ecg": ("EG", "ecg_date", "qt_ms"),
    "echocardiogram": ("CV", "exam_date", "lvef"),
    "qlq_c30": ("QC", "completed_date", "q7"),
    "qlq_ginet21": ("QG", "completed_date", "q44"),
    "eq5d5l": ("EQ", "completed_date", "vas"),
    "adherence": ("AD", "completed_date", "missed_doses_28d"),
}


def cases_of_dates():
    """What every dated form asks: a date, values, a reason for none, within the time of the subject."""
    for form, (prefix, day, value) in DATED.items():
        nothing = dict.fromkeys(SUBJECT[form])
        yield f"{prefix}_UNDATED", form, {**nothing, value: SUBJECT[form][value]}
        yield f"{prefix}_EMPTY", form, {**nothing, day: DAY}
        yield f"{prefix}_BEFORE_CONSENT", form, {day: "2024-01-04"}
        yield f"{prefix}_AFTER_DEATH", form, {day: "2025-03-03"}
        if STUDY.forms[form].find("not_done_reason"):
            yield f"{prefix}_NOTHING", form, nothing
            yield f"{prefix}_NOT_DONE_WITH_VALUES", form, {
                **nothing, "not_done_reason": "REFUSED", value: SUBJECT[form][value],
            }


ALL_SAME = {f"q{n}": 2 for n in range(1, 29)}
FIRES = {
    **{check: {form: changes} for check, form, changes in cases_of_dates()},
    "VS_SYSTOLIC_BELOW_DIASTOLIC": {"vital_signs": {"sbp": 78, "dbp": 124}},
    "VS_SECOND_SYSTOLIC_BELOW_DIASTOLIC": {"vital_signs": {"sbp_2": 76}},
    "VS_READING_INCOMPLETE": {"vital_signs": {"dbp": None}},
    "VS_SECOND_READING_INCOMPLETE": {"vital_signs": {"sbp_2": None}},
    "VS_SECOND_WITHOUT_FIRST": {"vital_signs": {"sbp": None, "dbp": None}},
    "VS_READINGS_APART": {"vital_signs": {"sbp_2": 145}},
    "VS_NARROW_PULSE_PRESSURE": {"vital_signs": {"dbp": 110}},
    "VS_HYPERTENSION": {"vital_signs": {"dbp": 100}},
    "VS_HYPERTENSIVE_CRISIS": {"vital_signs": {"sbp": 180}},
    "VS_FEVER": {"vital_signs": {"temperature": "38"}},
    "VS_WEIGHT_FAR_FROM_SCREENING": {"vital_signs": {"weight": "47.9"}},
    "EC_FAR_FROM_SCREENING": {"ecog": {"score": "3"}},
    "HM_DIFFERENTIAL_ABOVE_TOTAL": {"hematology": {"lym": "2.5 10^9/L"}},
    "HM_SHARE_AS_COUNT": {"hematology": {"neut": "62 10^9/L"}},
    "HM_HGB_UNIT": {"hematology": {"hgb": "12.8 g/L"}},
    "HM_HGB_AGAINST_RBC": {"hematology": {"rbc": "9 10^12/L"}},
    "HM_NEUTROPENIA": {"hematology": {"neut": "0.99 10^3/uL"}},
    "HM_THROMBOCYTOPENIA": {"hematology": {"plt": "49 10^9/L"}},
    "HM_ANEMIA": {"hematology": {"hgb": "7.9 g/dL"}},
    "CH_DIRECT_ABOVE_TOTAL": {"chemistry": {"bili_direct": "0.8 mg/dL"}},
    "CH_ALBUMIN_ABOVE_PROTEIN": {"chemistry": {"protein": "42 g/L"}},
    "CH_ALBUMIN_UNIT": {"chemistry": {"albumin": "4.2 g/L"}},
    "CH_CREATININE_UNIT": {"chemistry": {"creat": "0.8 umol/L"}},
    "CH_BILIRUBIN_UNIT": {"chemistry": {"bili": "0.7 umol/L"}},
    "CH_CALCIUM_UNIT": {"chemistry": {"ca": "9.2 mmol/L"}},
    "CH_GLUCOSE_UNIT": {"chemistry": {"glucose": "94 mmol/L"}},
    "CH_URATE_UNIT": {"chemistry": {"urate": "5.1 umol/L"}},
    "CH_CHLORIDE_ABOVE_SODIUM": {"chemistry": {"na": "102 mmol/L", "cl": "140 mmol/L"}},
    "CH_TRANSAMINASES": {"chemistry": {"ast": "201 U/L"}},
    "CH_LIVER_INJURY": {"chemistry": {"alt": "121 U/L", "bili": "2.5 mg/dL"}},
    "CH_POTASSIUM_HIGH": {"chemistry": {"k": "6.1 mmol/L"}},
    "CH_POTASSIUM_LOW": {"chemistry": {"k": "2.9 mEq/L"}},
    "CH_SODIUM_LOW": {"chemistry": {"na": "124 mmol/L"}},
    "CH_CORRECTED_CALCIUM": {"chemistry": {"ca": "3.2 mmol/L"}},
    "CH_GLUCOSE_LOW": {"chemistry": {"glucose": "50 mg/dL"}},
    "CH_HEMOLYSIS": {"chemistry": {"k": "5.6 mmol/L", "ldh": "501 U/L", "ast": "81 U/L"}},
    "UR_24H_PROTEIN_MISSING": {"urinalysis": {"protein": "2+", "protein_24h": None}},
    "UR_24H_UNDATED": {"urinalysis": {"protein_24h_date": None}},
    "UR_24H_FAR": {"urinalysis": {"protein_24h_date": "2024-03-19"}},
    "UR_24H_UNIT": {"urinalysis": {"protein_24h": "350 g/day"}},
    "UR_24H_AGAINST_DIPSTICK": {"urinalysis": {"protein": "NEG", "protein_24h": "1 g/day"}},
    "UR_PROTEINURIA": {"urinalysis": {"protein_24h": "2 g/day"}},
    "UR_RATIO_AGAINST_24H": {"urinalysis": {"protein_creat": "3 g/g"}},
    "CO_INR_AGAINST_PT": {"coagulation": {"inr": "2.0"}},
    "CO_INR_HIGH": {"coagulation": {"inr": "2.6"}},
    "CO_FIBRINOGEN_UNIT": {"coagulation": {"fibrinogen": "310 g/L"}},
    "TH_TSH_HIGH": {"thyroid": {"tsh": "10.1 uIU/mL"}},
    "TH_TSH_AGAINST_FT4": {"thyroid": {"tsh": "0.05 mIU/L", "ft4": "8 pmol/L"}},
    "TH_FT4_UNIT": {"thyroid": {"ft4": "1.2 pmol/L"}},
    "LI_PARTS_ABOVE_TOTAL": {"lipids": {"ldl": "3.7 mmol/L"}},
    "LI_CHOLESTEROL_UNIT": {"lipids": {"chol": "178 mmol/L"}},
    "LI_TRIGLYCERIDES_HIGH": {"lipids": {"trig": "600 mg/dL"}},
    "TM_NSE_HEMOLYSIS": {"tumor_markers": {"nse": "101 ug/L", "cga": "99 ng/mL"}},
    "CK_TROPONIN_HIGH": {"cardiac_markers": {"troponin": "0.053 ng/mL"}},
    "CK_NTPROBNP_HIGH": {"cardiac_markers": {"ntprobnp": "1801 pg/mL"}},
    "PG_MAN": {"demographics": {"sex": "M"}},
    "PG_NOT_CHILDBEARING": {"demographics": {"childbearing": "N"}},
    "PG_POSITIVE": {"pregnancy_test": {"result": "POS"}},
    "PG_POSITIVE_BUT_ELIGIBLE": {"pregnancy_test": {"result": "POS", "test_date": "2024-01-12"}},
    "PG_SPECIMEN_MISSING": {"pregnancy_test": {"specimen": None}},
    "EG_QTCF_AGAINST_QT": {"ecg": {"qtcf_ms": 425}},
    "EG_RATE_AGAINST_RR": {"ecg": {"rr_ms": 900}},
    "EG_QT_ABOVE_RR": {"ecg": {"qt_ms": 800, "rr_ms": 380}},
    "EG_QRS_ABOVE_QT": {"ecg": {"qrs_ms": 380}},
    "EG_QTCF_ABOVE_500": {"ecg": {"qtcf_ms": 501}},
    "EG_NORMAL_WITH_LONG_QTC": {"ecg": {"interpretation": "NORMAL", "qtcf_ms": 481}},
    "EG_FINDING_MISSING": {"ecg": {"finding": None}},
    "CV_METHOD_MISSING": {"echocardiogram": {"method": None}},
    "CV_LVEF_LOW": {"echocardiogram": {"lvef": "49"}},
    "CV_STRAIN_AGAINST_LVEF": {"echocardiogram": {"lvef": "38"}},
    "CV_STRAIN_WITHOUT_ECHO": {"echocardiogram": {"method": "MUGA"}},
    "CV_NYHA_AGAINST_ELIGIBILITY": {"echocardiogram": {"nyha": "3", "exam_date": "2024-01-10"}},
    "QC_ANSWERS_MISSING": {"qlq_c30": {"q17": None}},
    "QC_SAME_ANSWER_EVERYWHERE": {"qlq_c30": ALL_SAME},
    "QC_BEST_ITEMS_WORST_GLOBAL": {"qlq_c30": {**dict.fromkeys(ALL_SAME, 1), "q29": 2, "q30": 2}},
    "QC_WORST_ITEMS_BEST_GLOBAL": {"qlq_c30": {**dict.fromkeys(ALL_SAME, 4), "q29": 6, "q30": 6}},
    "QC_SHORT_WALK_AGAINST_LONG": {"qlq_c30": {"q3": 4, "q2": 1}},
    "QC_MODE_MISSING": {"qlq_c30": {"mode": None}},
    "QG_ANSWERS_MISSING": {"qlq_ginet21": {"q50": None}},
    "QG_SAME_ANSWER_EVERYWHERE": {"qlq_ginet21": {f"q{n}": 3 for n in range(31, 52)}},
    "QG_LOSS_AND_GAIN": {"qlq_ginet21": {"q45": 4, "q46": 4}},
    "EQ_ANSWERS_MISSING": {"eq5d5l": {"pain": None}},
    "EQ_BEST_PROFILE_LOW_VAS": {"eq5d5l": {"usual_activities": 1, "pain": 1, "vas": 19}},
    "EQ_WORST_PROFILE_HIGH_VAS": {
        "eq5d5l": {"mobility": 5, "self_care": 5, "usual_activities": 5, "pain": 4, "anxiety": 4, "vas": 81},
    },
    "EQ_SAME_ANSWER_EVERYWHERE": {
        "eq5d5l": dict.fromkeys(("mobility", "self_care", "usual_activities", "pain", "anxiety"), 3),
    },
    "EQ_SELF_CARE_AGAINST_MOBILITY": {"eq5d5l": {"self_care": 5, "usual_activities": 1}},
    "AD_ALL_MISSED": {"adherence": {"missed_doses_28d": 28}},
    "AD_MISSED_AGAINST_SCALE": {"adherence": {"missed_doses_28d": 7, "mars_total": 25}},
    "AD_AFTER_TREATMENT": {"adherence": {"completed_date": "2024-04-18"}},
}
# fmt: on


def subject_with(changes):
    subject = copy.deepcopy(SUBJECT)
    for form, values in changes.items():
        subject[form].update(values)
        subject[form] = {item: value for item, value in subject[form].items() if value is not None}
    return subject


def fired(check_id, subject):
    form, _ = CHECKS[check_id]
    problems = validate_values(form, subject[form], STUDY, others=subject, today=TODAY)
    return {problem.rule for problem in problems}


def test_every_check_has_a_case_that_fires_and_one_that_does_not():
    assert set(FIRES) == set(CHECKS)
    assert len(CHECKS) >= 45
    assert all(form in SUBJECT for form, _ in CHECKS.values())


@pytest.mark.parametrize("check_id", sorted(CHECKS))
def test_check_fires(check_id):
    assert check_id in fired(check_id, subject_with(FIRES[check_id]))


@pytest.mark.parametrize("check_id", sorted(CHECKS))
def test_check_is_false_on_the_consistent_subject(check_id):
    """False and not just unknown: every value the check reads is there."""
    _, check = CHECKS[check_id]
    assert check.when.evaluate(SUBJECT, today=TODAY) is False


@pytest.mark.parametrize("form", OWN)
def test_the_consistent_subject_has_no_problem_at_all(form):
    assert validate_values(form, SUBJECT[form], STUDY, others=SUBJECT, today=TODAY) == ()


@pytest.mark.parametrize("check_id", sorted(CHECKS))
def test_hard_checks_refuse_only_the_impossible(check_id):
    """A hard check stops the entry, so it stands for a contradiction and not for a rare value."""
    _, check = CHECKS[check_id]
    contradiction = check_id.endswith("_NOT_DONE_WITH_VALUES") or check_id in (
        "VS_SYSTOLIC_BELOW_DIASTOLIC",
        "VS_SECOND_SYSTOLIC_BELOW_DIASTOLIC",
        "EG_QRS_ABOVE_QT",
    )
    assert (check.level == "hard") is contradiction
