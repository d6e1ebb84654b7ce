"""From form tables to SDTM domains, with small hand-made records of the real study's forms."""

import ibis
import pyarrow as pa
import pytest

from grevy.definition import load_study
from grevy.sdtm.domains import get_domain
from grevy.sdtm.trace import number_records
from tests.unit.form_entries import FIRST_DOSE, d, pick, tabulate, treated


@pytest.fixture(scope="module")
def study():
    return load_study("studies/surufatinib_nen")


@pytest.fixture(scope="module")
def cohort(study):
    """The tabulation of all cases below at once: {subject: {domain: rows}}."""
    tabulated = tabulate(study, ENTRIES)
    subjects = {entry[1] for entry in ENTRIES}
    return {
        subject: {
            domain: [row for row in rows if row["USUBJID"] == f"{study.id}-{subject}"]
            for domain, rows in tabulated.items()
        }
        for subject in subjects
    }


# --- Cases: one subject each, all tabulated together ---------------------------------------------

BASELINE_LESIONS = [
    ("T1", "TARGET", "LIVER", "NON_NODAL", "40"),
    ("T2", "TARGET", "LIVER", "NON_NODAL", "30.5"),
    ("T3", "TARGET", "LYMPH_NODE", "NODAL", "20"),
    ("NT1", "NON_TARGET", "BONE", "BONE_BLASTIC", None),
    ("NT2", "NON_TARGET", "LYMPH_NODE", "NODAL", "12"),
]
BASELINE = {
    "scan_date": d("2024-02-15"),
    "lesions": [
        {"method": "CT"}
        | dict(zip(("lesion_id", "role", "organ", "kind", "diameter_mm"), lesion, strict=True))
        for lesion in BASELINE_LESIONS
    ],
}


def assessed(subject, *assessments):
    """A treated subject with the baseline above and one assessment per dict, at weeks 8 and 16."""
    dates = [d("2024-04-26"), d("2024-06-21")]
    visits = [
        (
            "tumor_assessment",
            subject,
            "IMAGING",
            k,
            {"done": "Y", "assessment_date": dates[k - 1]} | assessment,
        )
        for k, assessment in enumerate(assessments, start=1)
    ]
    return [*treated(subject), ("baseline_lesions", subject, "SCREENING", 1, BASELINE), *visits]


CONSENT = {"consent_date": d("2024-02-10")}
REFUSAL = {"decision": "NOT_ELIGIBLE", "decision_date": d("2024-02-20"), "in03": "NOT_MET", "ex04": "MET"}
STOP = {"last_dose_date": d("2024-06-01"), "reason": "PROGRESSION_CLINICAL", "progression_date": "2024-06-03"}
LEFT = {"end_date": d("2024-12-01"), "reason": "LOST", "last_contact_date": d("2024-11-01")}
TAKEN = {"start_date": d(FIRST_DOSE), "end_date": d("2024-03-28"), "dose_mg": 300, "change_reason": "START"}
REST = {"start_date": d("2024-03-29"), "dose_mg": 0, "change_reason": "ADVERSE_EVENT", "ae_number": 1}
PARTNER = {"drug": "TORIPALIMAB", "partner_class": "PD1", "start_date": "2024-03-01"}
EVEROLIMUS = {"name": "everolimus", "therapy_class": "TARGETED", "start_date": "2024-08"}
DIAGNOSIS = {"diagnosis_date": "2022", "nen_class": "NET_G2", "ki67": "8.5", "prior_systemic_lines": 2}
HYPERTENSION = {
    "term": "high blood pressure",
    "decod": "Hypertension",
    "soc": "Vascular disorders",
    "start_date": "2024-03",
    "ongoing": "Y",
    "grade": 3,
    "serious": "N",
    "related_surufatinib": "PROBABLE",
    "related_partner": "NOT_RELATED",
    "action": "REDUCED",
    "outcome": "NOT_RECOVERED",
}
NEW_LESION = {"lesion_id": "N1", "organ": "LUNG", "status": "EQUIVOCAL", "first_seen_date": d("2024-04-24")}
SPLIT = {"lesions": [{"lesion_id": "T1", "state": "SPLIT", "fragments": "22+16.5"}]}
STATES = [
    {"lesion_id": "T1", "state": "ABSENT"},
    {"lesion_id": "T2", "state": "TOO_SMALL"},
    {"lesion_id": "T3", "state": "NOT_EVALUABLE", "ne_reason": "motion"},
    {"lesion_id": "NT1", "state": "UNEQUIVOCAL_PD", "scan_date": d("2024-04-28")},
    {"lesion_id": "NT2", "state": "MEASURED", "diameter_mm": "9"},
]
LATER_STATES = [
    {"lesion_id": "T2", "state": "TOO_SMALL", "diameter_mm": "4"},
    {"lesion_id": "NT1", "state": "NOT_EVALUABLE"},
]
MERGED = [
    {"lesion_id": "T1", "state": "MEASURED", "diameter_mm": "60"},
    {"lesion_id": "T2", "state": "MERGED", "merged_into": "T1"},
]
UNKNOWN_LESIONS = [
    {"lesion_id": "T1", "state": "MEASURED", "diameter_mm": "33"},
    {"lesion_id": "T2", "state": "NOT_EVALUABLE"},
    {"lesion_id": "NT1", "state": "PRESENT"},
]

ENTRIES = [
    *treated("01-001"),
    ("informed_consent", "01-002", "SCREENING", 1, CONSENT),
    ("eligibility", "01-002", "SCREENING", 1, REFUSAL),
    ("informed_consent", "01-003", "SCREENING", 1, CONSENT),
    *treated("01-004"),
    ("death", "01-004", "EOS", 1, {"death_date": "2024-09", "cause": "PD"}),
    *treated("01-005"),
    ("survival_followup", "01-005", "SURVIVAL_FU", 1, {"contact_date": d("2024-10-01"), "status": "DEAD"}),
    *treated("01-006"),
    ("end_of_treatment", "01-006", "EOT", 1, STOP),
    ("end_of_study", "01-006", "EOS", 1, LEFT),
    *treated("01-007")[:-1],
    ("surufatinib_dosing", "01-007", "LOG", 1, TAKEN),
    ("surufatinib_dosing", "01-007", "LOG", 1, REST),
    ("adverse_event", "01-007", "LOG", 1, {"term": "rash", "start_date": "2024-03-28", "grade": 3}),
    *treated("01-008", regimen="COMBO", dose=250, partners=[PARTNER]),
    ("subsequent_therapy", "01-008", "LOG", 1, EVEROLIMUS),
    *treated("01-009"),
    ("adverse_event", "01-009", "LOG", 1, HYPERTENSION),
    ("adverse_event", "01-009", "LOG", 1, {"term": "cough", "start_date": "UNK", "grade": 1}),
    *treated("01-010"),
    ("nen_diagnosis", "01-010", "SCREENING", 1, DIAGNOSIS),
    *assessed("02-001", {"lesions": STATES}, {"lesions": LATER_STATES}),
    *assessed("02-002", SPLIT, SPLIT),
    *assessed(
        "02-003",
        {"lesions": [{"lesion_id": "T2", "state": "MEASURED", "diameter_mm": "31"}]},
        {"lesions": MERGED},
    ),
    *assessed(
        "02-004", {"new_lesions": [NEW_LESION]}, {"new_lesions": [NEW_LESION | {"status": "UNEQUIVOCAL"}]}
    ),
    *assessed("02-005", {"done": "N", "not_done_reason": "patient refused", "assessment_date": None}),
    *assessed(
        "02-006",
        {"target_response": "SD", "non_target_response": "NON_CR_NON_PD", "overall_response": "SD"},
        {"overall_response": "NE", "non_target_response": "NA"},
    ),
    *(entry for entry in assessed("02-007", {"lesions": UNKNOWN_LESIONS}) if entry[0] != "baseline_lesions"),
]


# --- Subjects ------------------------------------------------------------------------------------


def test_treated_subject_has_arm_reference_dates_and_age(cohort):
    (dm,) = cohort["01-001"]["DM"]
    expected = {
        "USUBJID": "SURU-NEN-01-001",
        "SITEID": "01",
        "RFICDTC": "2024-02-10",
        "RFSTDTC": FIRST_DOSE,
        "RFXSTDTC": FIRST_DOSE,
        "RFXENDTC": None,
        "ARMCD": "MONO",
        "ACTARM": "Surufatinib 300 mg monotherapy",
        "ARMNRS": None,
        "BRTHDTC": "1960-02",
        "AGE": 63.0,  # birthday is read as 15 February: five days after the consent
        "AGEU": "YEARS",
        "SEX": "F",
        "RACE": "ASIAN",
        "COUNTRY": "CHN",
        "DTHFL": None,
    }
    assert {name: dm[name] for name in expected} == expected


def test_screen_failure_and_subject_awaiting_treatment_have_no_arm_but_a_reason(cohort):
    refused, waiting = cohort["01-002"], cohort["01-003"]
    assert pick(refused["DM"], "ARMCD", "ARMNRS") == [(None, "SCREEN FAILURE")]
    assert pick(waiting["DM"], "ARMCD", "ARMNRS") == [(None, "NOT ASSIGNED")]
    # only violated criteria, with the answer to the criterion as asked
    assert pick(refused["IE"], "IETESTCD", "IECAT", "IEORRES") == [
        ("EX04", "EXCLUSION", "Y"),
        ("IN03", "INCLUSION", "N"),
    ]


def test_size_stands_in_vital_signs_and_the_reason_for_the_regimen_with_the_subject(cohort):
    supplement = cohort["01-001"]["SUPPDM"]
    assert {(row["QNAM"], row["QVAL"], row["IDVAR"]) for row in supplement} == {
        ("REGREAS", "GUIDELINE", None),
    }
    sizes = cohort["01-001"]["VS"]
    assert {(row["VSTESTCD"], row["VSORRES"], row["VSSTRESU"]) for row in sizes} == {
        ("HEIGHT", "160.5", "cm")
    }


def test_death_is_dated_by_its_form_and_flagged_when_only_heard_of(cohort):
    reported, heard_of = cohort["01-004"], cohort["01-005"]
    assert pick(reported["DM"], "DTHFL", "DTHDTC") == [("Y", "2024-09")]
    assert pick(heard_of["DM"], "DTHFL", "DTHDTC") == [("Y", None)]
    assert pick(reported["DD"], "DDTESTCD", "DDSTRESC", "DDDTC") == [
        ("PRCDTH", "DISEASE PROGRESSION", "2024-09")
    ]
    assert pick(heard_of["SS"], "SSSTRESC", "SSDTC", "VISITNUM") == [("DEAD", "2024-10-01", 801.0)]


# --- Disposition and exposure --------------------------------------------------------------------


def test_consent_enrolment_end_of_treatment_and_of_study_are_dispositions(cohort):
    sdtm = cohort["01-006"]
    assert pick(
        sdtm["DS"], "DSSEQ", "DSCAT", "DSSCAT", "DSDECOD", "DSTERM", "DSSTDTC", "DSSTDY", "EPOCH"
    ) == [
        (
            1.0,
            "PROTOCOL MILESTONE",
            None,
            *["INFORMED CONSENT OBTAINED"] * 2,
            "2024-02-10",
            -20.0,
            "SCREENING",
        ),
        (
            2.0,
            "PROTOCOL MILESTONE",
            None,
            *["ELIGIBILITY CRITERIA MET"] * 2,
            "2024-02-20",
            -10.0,
            "SCREENING",
        ),
        (
            3.0,
            "DISPOSITION EVENT",
            "STUDY TREATMENT",
            "PROGRESSIVE DISEASE",
            "CLINICAL PROGRESSION",
            "2024-06-03",
            95.0,
            "FOLLOW-UP",
        ),
        (
            4.0,
            "DISPOSITION EVENT",
            "STUDY PARTICIPATION",
            *["LOST TO FOLLOW-UP"] * 2,
            "2024-12-01",
            276.0,
            "FOLLOW-UP",
        ),
    ]
    assert pick(sdtm["DM"], "RFXENDTC", "RFPENDTC") == [("2024-06-01", "2024-12-01")]
    # the last contact of somebody who was lost tells that he was alive
    assert pick(sdtm["SS"], "SSSTRESC", "SSDTC") == [("ALIVE", "2024-11-01")]


def test_dosing_intervals_are_exposure_and_point_at_the_adverse_event(cohort):
    sdtm = cohort["01-007"]
    assert pick(sdtm["EX"], "EXSEQ", "EXDOSE", "EXSTDTC", "EXENDTC", "EXADJ", "EXDOSFRQ") == [
        (1.0, 300.0, FIRST_DOSE, "2024-03-28", "START OF TREATMENT", "QD"),
        (2.0, 0.0, "2024-03-29", None, "ADVERSE EVENT", "QD"),
    ]
    related = [row for row in sdtm["RELREC"] if row["USUBJID"]]
    assert sorted(pick(related, "RELID", "RDOMAIN", "IDVAR", "IDVARVAL")) == [
        ("AEEX2", "AE", "AESEQ", "1"),
        ("AEEX2", "EX", "EXSEQ", "2"),
    ]


def test_partners_and_subsequent_therapy_are_told_apart(cohort):
    sdtm = cohort["01-008"]
    assert pick(sdtm["CM"], "CMCAT", "CMTRT", "CMCLAS", "CMSTDTC", "CMSTDY") == [
        ("COMBINATION PARTNER", "TORIPALIMAB", "PD-1 INHIBITOR", "2024-03-01", 1.0),
        ("SUBSEQUENT ANTI-CANCER THERAPY", "everolimus", "TARGETED THERAPY", "2024-08", None),
    ]


# --- Adverse events ------------------------------------------------------------------------------


def test_adverse_event_is_submitted_in_the_words_of_the_code_lists(cohort):
    sdtm = cohort["01-009"]
    known, unknown = sdtm["AE"]
    expected = {
        "AESEQ": 1.0,
        "AESPID": "1",
        "AEDECOD": "Hypertension",
        "AEBODSYS": "Vascular disorders",
        "AESTDTC": "2024-03",
        "AESTDY": None,
        "AEENRTPT": "ONGOING",
        "AETOXGR": "3",
        "AESER": "N",
        "AEREL": "PROBABLE",
        "AEACN": "DOSE REDUCED",
        "AEOUT": "NOT RECOVERED/NOT RESOLVED",
        "AESDTH": None,
    }
    assert {name: known[name] for name in expected} == expected
    assert (unknown["AETERM"], unknown["AESTDTC"], unknown["AESEQ"]) == ("cough", None, 2.0)
    assert pick(sdtm["SUPPAE"], "QNAM", "QVAL", "IDVARVAL") == [("RELPART", "NOT RELATED", "1")]


def test_diagnosis_is_history_with_qualifiers(cohort):
    sdtm = cohort["01-010"]
    assert pick(sdtm["MH"], "MHCAT", "MHSTDTC") == [("NEN DIAGNOSIS", "2022")]
    assert {row["QNAM"]: row["QVAL"] for row in sdtm["SUPPMH"]} == {
        "NENCLASS": "NET G2",
        "KI67": "8.5",
        "PRIORLIN": "2",
    }


# --- Lesions -------------------------------------------------------------------------------------


def results(sdtm, visitnum):
    names = ("TRTESTCD", "TRSTRESC", "TRSTRESN", "TRSTAT")
    return {row["TRLNKID"]: tuple(row[n] for n in names) for row in sdtm["TR"] if row["VISITNUM"] == visitnum}


def test_baseline_lesions_are_identified_and_measured(cohort):
    sdtm = cohort["02-005"]
    assert pick(sdtm["TU"], "TULNKID", "TUTESTCD", "TUSTRESC", "TULOC", "TULOBXFL", "TUDTC") == [
        ("T1", "TUMIDENT", "TARGET", "LIVER", "Y", "2024-02-15"),
        ("T2", "TUMIDENT", "TARGET", "LIVER", "Y", "2024-02-15"),
        ("T3", "TUMIDENT", "TARGET", "LYMPH NODE", "Y", "2024-02-15"),
        ("NT1", "TUMIDENT", "NON-TARGET", "BONE", "Y", "2024-02-15"),
        ("NT2", "TUMIDENT", "NON-TARGET", "LYMPH NODE", "Y", "2024-02-15"),
    ]
    assert results(sdtm, 1.0) == {
        "T1": ("LDIAM", "40", 40.0, None),
        "T2": ("LDIAM", "30.5", 30.5, None),
        "T3": ("LPERP", "20", 20.0, None),
        "NT1": ("TUMSTATE", "PRESENT", None, None),
        "NT2": ("LPERP", "12", 12.0, None),
    }


def test_lesion_states_at_a_visit(cohort):
    sdtm = cohort["02-001"]
    assert results(sdtm, 101.0) == {
        "T1": ("TUMSTATE", "ABSENT", None, None),
        "T2": ("LDIAM", "TOO SMALL TO MEASURE", None, None),
        "T3": ("LPERP", None, None, "NOT DONE"),
        "NT1": ("TUMSTATE", "UNEQUIVOCAL", None, None),
        "NT2": ("LPERP", "9", 9.0, None),
    }
    # a reliable measurement counts even where the lesion is small
    assert results(sdtm, 102.0) == {"T2": ("LDIAM", "4", 4.0, None), "NT1": ("TUMSTATE", "NE", None, None)}
    dates = {
        row["TRLNKID"]: (row["TRDTC"], row["TRLNKGRP"]) for row in sdtm["TR"] if row["VISITNUM"] == 101.0
    }
    assert dates["T1"] == ("2024-04-26", "IMAGING-1")
    assert dates["NT1"] == ("2024-04-28", "IMAGING-1")
    assert [row["TRREASND"] for row in sdtm["TR"] if row["TRSTAT"]] == ["motion"]


def test_lesions_of_a_subject_without_baseline_have_the_role_of_their_number(cohort):
    assert results(cohort["02-007"], 101.0) == {
        "T1": ("LDIAM", "33", 33.0, None),
        "T2": ("LDIAM", None, None, "NOT DONE"),
        "NT1": ("TUMSTATE", "PRESENT", None, None),
    }


def test_split_lesion_is_followed_in_its_parts(cohort):
    sdtm = cohort["02-002"]
    parts = [row for row in sdtm["TU"] if row["TUTESTCD"] == "TUSPLIT"]
    assert pick(parts, "TULNKID", "TUGRPID", "VISITNUM") == [("T1.1", "T1", 101.0), ("T1.2", "T1", 101.0)]
    for visitnum in (101.0, 102.0):
        assert results(sdtm, visitnum) == {
            "T1.1": ("LDIAM", "22", 22.0, None),
            "T1.2": ("LDIAM", "16.5", 16.5, None),
        }


def test_merged_lesion_has_no_result_of_its_own(cohort):
    sdtm = cohort["02-003"]
    members = [row for row in sdtm["TU"] if row["TUTESTCD"] == "TUMERGE"]
    assert pick(members, "TULNKID", "TUGRPID", "VISITNUM") == [("T2", "T1", 102.0), ("T1", "T1", 102.0)]
    assert results(sdtm, 102.0) == {"T1": ("LDIAM", "60", 60.0, None)}


def test_new_lesion_is_identified_once_at_first_sight(cohort):
    sdtm = cohort["02-004"]
    new = [row for row in sdtm["TU"] if row["TUSTRESC"] == "NEW"]
    assert pick(new, "TULNKID", "TULOC", "TUDTC", "VISITNUM") == [("N1", "LUNG", "2024-04-24", 101.0)]
    seen = [row for row in sdtm["TR"] if row["TRLNKID"] == "N1"]
    assert pick(seen, "TRTESTCD", "TRSTRESC", "TRDTC") == [
        ("TUMSTATE", "EQUIVOCAL", "2024-04-26"),
        ("TUMSTATE", "UNEQUIVOCAL", "2024-06-21"),
    ]


def test_assessment_not_done_is_one_record(cohort):
    sdtm = cohort["02-005"]
    missed = [row for row in sdtm["TR"] if row["VISITNUM"] == 101.0]
    assert pick(missed, "TRTESTCD", "TRLNKID", "TRSTAT", "TRREASND", "VISIT") == [
        ("TRALL", None, "NOT DONE", "patient refused", "WEEK 8")
    ]


def test_investigators_calls_and_performance_status_are_responses(cohort):
    sdtm = cohort["02-006"]
    assert pick(sdtm["RS"], "RSCAT", "RSTESTCD", "RSSTRESC", "RSLNKGRP") == [
        ("ECOG", "ECOG101", "1", None),
        ("RECIST 1.1", "NTRGRESP", "NON-CR/NON-PD", "IMAGING-1"),
        ("RECIST 1.1", "OVRLRESP", "SD", "IMAGING-1"),
        ("RECIST 1.1", "TRGRESP", "SD", "IMAGING-1"),
        ("RECIST 1.1", "OVRLRESP", "NE", "IMAGING-2"),
    ]


# --- The whole tabulation ------------------------------------------------------------------------

DOMAINS_BUILT = {
    *("DM", "DS", "IE", "MH", "EX", "AE", "TU", "TR", "RS", "DD", "SS", "CM"),
    *("SUPPDM", "SUPPMH", "SUPPAE", "SUPPCM", "SUPPPR", "SUPPDV", "SUPPEG", "SUPPRS", "RELREC", "TRACE"),
    *("SE", "SV", "PR", "DV", "PE", "FA", "DA", "CO"),
}
# there as soon as a form of the study declares a test of them
DOMAINS_MEASURED = {"LB", "VS", "EG", "CV", "QS", "SC"}


@pytest.mark.parametrize("subject", ["01-007", "01-009", "02-001", "02-002", "02-003"])
def test_every_domain_has_its_declared_variables_and_unique_keys(cohort, subject):
    whole = cohort[subject]
    assert set(whole) - DOMAINS_MEASURED == DOMAINS_BUILT
    for name, rows in whole.items():
        if name == "TRACE" or not rows:
            continue
        assert list(rows[0]) == [variable.name for variable in get_domain(name).variables]
        keys = pick(rows, *get_domain(name).keys)
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize("subject", ["01-006", "01-007", "02-003", "02-004"])
def test_every_record_is_traced_to_one_entry(cohort, subject):
    whole = cohort[subject]
    expected = {
        (name, row["USUBJID"], row.get("VISITNUM" if name == "SV" else f"{name}SEQ"))
        for name, rows in whole.items()
        for row in rows
        if not name.startswith("SUPP") and name not in ("RELREC", "TRACE")
    }
    found = [(row["DOMAIN"], row["USUBJID"], row["SEQ"]) for row in whole["TRACE"]]
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_part_of_a_split_lesion_leads_to_the_row_it_was_entered_in(cohort):
    sdtm = cohort["02-002"]
    part = next(row for row in sdtm["TR"] if row["TRLNKID"] == "T1.2")
    (origin,) = [row for row in sdtm["TRACE"] if (row["DOMAIN"], row["SEQ"]) == ("TR", part["TRSEQ"])]
    assert origin["REVISION"] == "tumor_assessment/02-002/IMAGING-1/1"
    assert origin["ROWKEY"] == "lesions r1"


def test_study_without_entries_gives_empty_domains(study):
    assert all(rows == [] for rows in tabulate(study, []).values())


def test_records_of_two_groups_of_one_form_are_numbered_alike_in_whatever_order_they_arrive():
    """A lesion and a new lesion may both be row 1 of their form on one day; only the key tells them apart."""
    entry = {
        "USUBJID": "S-1", "TRDTC": "2026-01-05", "FORM": "tumor_assessment", "EVENTID": "IMAGING",
        "EVENTSEQ": 1, "FORMSEQ": 1, "ROWNO": 1, "PART": "",
    }  # fmt: skip
    rows = [{**entry, "ROWKEY": key} for key in ("new_lesions 1", "lesions 1")]

    def numbers(given):
        numbered = number_records(ibis.memtable(pa.Table.from_pylist(given)), "TR").to_pyarrow().to_pylist()
        return {row["ROWKEY"]: row["TRSEQ"] for row in numbered}

    assert numbers(rows) == numbers(rows[::-1]) == {"lesions 1": 1, "new_lesions 1": 2}


# --- The records of the log ----------------------------------------------------------------------


def test_conditions_drugs_and_procedures_of_the_log(study):
    log = ("LOG", 1)
    sdtm = tabulate(
        study,
        [
            *treated("01-001"),
            ("medical_history", "01-001", *log, {"term": "Hypertension", "ongoing": "Y", "treated": "Y"}),
            ("concomitant_medication", "01-001", *log, {"name": "Amlodipine", "ongoing": "Y", "dose": "5"}),
            ("prior_therapy", "01-001", *log, {"therapy_type": "EVEROLIMUS", "agents": "Everolimus"}),
            ("prior_therapy", "01-001", *log, {"therapy_type": "SURGERY_CURATIVE", "line": 1}),
            ("protocol_deviation", "01-001", *log, {"description": "Visit late", "severity": "MINOR"}),
        ],
    )
    assert ("GENERAL MEDICAL HISTORY", "Hypertension", "ONGOING") in pick(
        sdtm["MH"], "MHCAT", "MHTERM", "MHENRTPT"
    )
    drugs = pick(sdtm["CM"], "CMCAT", "CMTRT", "CMENTPT")
    assert ("CONCOMITANT MEDICATION", "Amlodipine", "END OF STUDY") in drugs
    assert ("PRIOR ANTI-CANCER THERAPY", "Everolimus", None) in drugs
    # surgery is a procedure; an operation that nobody described is known by its class
    assert pick(sdtm["PR"], "PRCAT", "PRTRT") == [("PRIOR ANTI-CANCER THERAPY", "CURATIVE SURGERY")]
    assert [row["DVTERM"] for row in sdtm["DV"]] == ["Visit late"]
    assert ("TREATED", "Y") in pick(sdtm["SUPPMH"], "QNAM", "QVAL")


def test_elements_follow_each_other_and_visits_have_their_dates(study):
    sdtm = tabulate(study, treated("01-001"))
    assert pick(sdtm["SE"], "ETCD", "SESTDTC", "SEENDTC") == [
        ("SCRN", "2024-02-10", FIRST_DOSE),
        ("TRTMONO", FIRST_DOSE, None),
    ]
    assert ("SCREENING", "2024-02-10") in pick(sdtm["SV"], "VISIT", "SVSTDTC")


def test_criteria_of_the_last_report_stand_with_the_adverse_event(study):
    sdtm = tabulate(
        study,
        [
            *treated("01-001"),
            ("adverse_event", "01-001", "LOG", 1, {"term": "Bleeding", "start_date": "2024-03-10"}),
            ("serious_adverse_event", "01-001", "LOG", 1, {"ae_number": 1, "hospitalization": "N"}),
            ("serious_adverse_event", "01-001", "LOG", 1, {"ae_number": 1, "hospitalization": "Y"}),
        ],
    )
    assert pick(sdtm["AE"], "AETERM", "AESHOSP") == [("Bleeding", "Y")]
