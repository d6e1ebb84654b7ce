"""Examinations, accountability, findings about the neoplasm, consent given again, and partners."""

import pytest

from grevy.definition import load_study
from tests.unit.form_entries import d, pick, tabulate, treated

STUDY = load_study("studies/surufatinib_nen")
SUBJECT, LOG, CYCLE = "01-001", ("LOG", 1), ("CYCLE", 2)
SYSTEMS = [
    {"system": "SKIN", "result": "NORMAL"},
    {"system": "LYMPH", "result": "ABN_CS", "finding": "Node of 2 cm in the left groin"},
]
EXTENT = {
    "assessed_date": d("2024-02-12"),
    "organ_count": 3,
    "sstr_date": d("2024-01-20"),
    "sstr_tracer": "DOTATATE",
}
URINE = {"collected_date": d("2024-03-29"), "ph": "6.5", "protein_24h": "2.4 g/day"}
RETURNED = {"returned_date": d("2024-03-28"), "returned": 6, "lost": 2}


@pytest.fixture(scope="module")
def sdtm():
    return tabulate(
        STUDY,
        [
            *treated(SUBJECT, regimen="COMBO", dose=250),
            ("physical_examination", SUBJECT, *CYCLE, {"exam_date": d("2024-03-29"), "systems": SYSTEMS}),
            (
                "physical_examination",
                SUBJECT,
                "SCREENING",
                1,
                {"exam_date": d("2024-02-12"), "systems": SYSTEMS},
            ),
            (
                "physical_examination",
                SUBJECT,
                "CYCLE",
                1,
                {"exam_date": d("2024-03-01"), "systems": SYSTEMS[:1]},
            ),
            ("physical_examination", SUBJECT, "CYCLE", 3, {"not_done_reason": "OTHER"}),
            (
                "drug_accountability",
                SUBJECT,
                *CYCLE,
                {"dispensed_date": d("2024-03-01"), "dispensed": 84} | RETURNED,
            ),
            ("disease_extent", SUBJECT, "SCREENING", 1, EXTENT),
            ("urinalysis", SUBJECT, *CYCLE, URINE),
            ("reconsent", SUBJECT, *LOG, {"consent_date": d("2024-05-02"), "consent_version": "2.0"}),
            ("adverse_event", SUBJECT, *LOG, {"term": "Rash", "start_date": "2024-04-02", "grade": 3}),
            (
                "partner_dosing",
                SUBJECT,
                *LOG,
                {"drug": "TORIPALIMAB", "start_date": d("2024-04-05"), "ae_number": 1},
            ),
        ],
    )


def test_examination_is_one_record_per_system_with_the_finding_as_it_was_written(sdtm):
    examined = [row for row in sdtm["PE"] if row["VISIT"] in ("CYCLE 2 DAY 1", "CYCLE 3 DAY 1")]
    assert pick(examined, "PETESTCD", "PETEST", "PESTRESC", "PESTAT", "PEDTC", "PEDY", "VISIT") == [
        ("SKIN", "Skin", "NORMAL", None, "2024-03-29", 29.0, "CYCLE 2 DAY 1"),
        (
            "LYMPHN",
            "Lymph nodes",
            "Node of 2 cm in the left groin",
            None,
            "2024-03-29",
            29.0,
            "CYCLE 2 DAY 1",
        ),
        ("PEALL", "All Physical Examinations", None, "NOT DONE", None, None, "CYCLE 3 DAY 1"),
    ]


def test_last_examination_of_each_system_before_the_first_dose_is_flagged(sdtm):
    flagged = [row for row in sdtm["PE"] if row["PELOBXFL"]]
    assert sorted(pick(flagged, "PETESTCD", "PEDTC", "PELOBXFL")) == [
        ("LYMPHN", "2024-02-12", "Y"),
        ("SKIN", "2024-03-01", "Y"),
    ]


def test_capsules_returned_and_lost_have_the_date_of_the_return(sdtm):
    assert sorted(pick(sdtm["DA"], "DATESTCD", "DASTRESN", "DADTC", "DADY")) == [
        ("DISPAMT", 84.0, "2024-03-01", 1.0),
        ("LOSTAMT", 2.0, "2024-03-28", 28.0),
        ("RETAMT", 6.0, "2024-03-28", 28.0),
    ]


def test_extent_of_disease_is_a_finding_about_the_neoplasm_and_imaging_has_a_date_of_its_own(sdtm):
    assert sorted(pick(sdtm["FA"], "FATESTCD", "FAOBJ", "FASTRESC", "FASTRESN", "FADTC", "FALOBXFL")) == [
        ("ORGCNT", "NEUROENDOCRINE NEOPLASM", "3", 3.0, "2024-02-12", "Y"),
        ("SSTRTRAC", "NEUROENDOCRINE NEOPLASM", "68GA-DOTATATE", None, "2024-01-20", "Y"),
    ]


def test_collection_whose_date_is_missing_does_not_take_that_of_the_dipstick(sdtm):
    assert sorted(pick(sdtm["LB"], "LBTESTCD", "LBSTRESN", "LBDTC")) == [
        ("PH", 6.5, "2024-03-29"),
        ("PROTEXR", 2.4, None),
    ]


def test_consent_to_a_new_version_is_a_milestone_of_its_own(sdtm):
    consents = [row for row in sdtm["DS"] if row["DSDECOD"] == "INFORMED CONSENT OBTAINED"]
    assert pick(consents, "DSCAT", "DSSTDTC", "EPOCH", "DSREFID") == [
        ("PROTOCOL MILESTONE", "2024-02-10", "SCREENING", None),
        ("PROTOCOL MILESTONE", "2024-05-02", "TREATMENT", "2.0"),
    ]


def test_partner_changed_for_an_adverse_event_is_related_to_it(sdtm):
    (partner,) = [row for row in sdtm["CM"] if row["CMSCAT"] == "ADMINISTERED"]
    assert (partner["CMTRT"], partner["CMSTDTC"]) == ("TORIPALIMAB", "2024-04-05")
    number = str(int(partner["CMSEQ"]))
    related = [row for row in sdtm["RELREC"] if row["USUBJID"]]
    assert sorted(pick(related, "RELID", "RDOMAIN", "IDVAR", "IDVARVAL")) == [
        (f"AECM{number}", "AE", "AESEQ", "1"),
        (f"AECM{number}", "CM", "CMSEQ", number),
    ]
