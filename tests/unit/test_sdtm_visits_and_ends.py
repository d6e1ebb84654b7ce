"""Visits that took place, were missed or were never planned, and how a death ends a participation."""

import ibis
import pytest

from grevy.definition import load_study
from grevy.sdtm import build_trial_design, derive_start_of_study
from grevy.sdtm.domains import build_empty
from tests.unit.form_entries import d, pick, tabulate, treated

STUDY = load_study("studies/surufatinib_nen")
MISSED = {"done": "N", "not_done_reason": "patient refused"}
NOT_REACHED = {"contact_date": d("2024-09-09"), "contact": "NOT_REACHED"}
DIED = {"end_date": d("2024-09-17"), "reason": "DEATH"}


@pytest.fixture(scope="module")
def sdtm():
    return tabulate(
        STUDY,
        [
            *treated("01-001"),
            ("tumor_assessment", "01-001", "IMAGING", 1, {"done": "Y", "assessment_date": d("2024-04-26")}),
            ("tumor_assessment", "01-001", "IMAGING", 2, MISSED),
            ("vital_signs", "01-001", "UNSCHEDULED", 1, {"assessed_date": d("2024-05-02"), "sbp": 150}),
            (
                "safety_followup",
                "01-001",
                "SAFETY_FU",
                1,
                {"contact_date": d("2024-09-08"), "contact": "PHONE"},
            ),
            ("end_of_study", "01-001", "EOS", 1, DIED | {"last_contact_date": d("2024-09-10")}),
            ("death", "01-001", "EOS", 1, {"death_date": "2024-09", "cause": "PD"}),
        ],
    )


def test_visit_that_took_place_has_dates_and_a_missed_one_its_reason(sdtm):
    imaging = [row for row in sdtm["SV"] if 100 < row["VISITNUM"] < 200]
    assert pick(imaging, "VISIT", "SVPRESP", "SVOCCUR", "SVREASOC", "SVSTDTC") == [
        ("WEEK 8", "Y", "Y", None, "2024-04-26"),
        ("WEEK 16", "Y", "N", "patient refused", None),
    ]


def test_what_no_schedule_plans_is_no_prespecified_visit(sdtm):
    others = [row for row in sdtm["SV"] if row["VISITNUM"] > 900]
    assert pick(others, "VISIT", "SVPRESP", "SVOCCUR", "SVUPDES") == [
        ("UNSCHEDULED 1", None, None, "UNSCHEDULED VISIT"),
        ("END OF STUDY", None, None, "END OF STUDY"),
    ]


def test_a_contact_says_how_it_was_made_and_one_that_failed_does_not(sdtm):
    def contacts(tables):
        rows = [row for row in tables["SV"] if row["VISIT"] == "SAFETY FOLLOW-UP"]
        return pick(rows, "SVCNTMOD", "SVSTDTC")

    failed = [*treated("01-001"), ("safety_followup", "01-001", "SAFETY_FU", 1, NOT_REACHED)]
    assert contacts(sdtm) == [("TELEPHONE CALL", "2024-09-08")]
    assert contacts(tabulate(STUDY, failed)) == [(None, "2024-09-09")]


def test_every_planned_visit_stands_in_the_trial_design(sdtm):
    planned = {row["VISIT"] for row in build_trial_design(STUDY)["TV"].to_pyarrow().to_pylist()}
    assert {row["VISIT"] for row in sdtm["SV"] if row["SVPRESP"] == "Y"} <= planned


def test_death_as_the_end_of_study_is_dated_as_in_demographics(sdtm):
    ends = [row for row in sdtm["DS"] if row["DSSCAT"] == "STUDY PARTICIPATION"]
    assert pick(ends, "DSDECOD", "DSSTDTC") == [("DEATH", "2024-09")]
    assert pick(sdtm["DM"], "DTHDTC") == [("2024-09",)]


def test_study_starts_with_the_first_consent_of_somebody_enrolled():
    summary = build_trial_design(STUDY)["TS"]
    subjects = ibis.memtable(
        {"RFICDTC": ["2024-01-05", "2024-02-10", "2024-03-01"], "ARMNRS": ["SCREEN FAILURE", None, None]}
    )

    def find_start(dm):
        rows = derive_start_of_study(summary, dm).to_pyarrow().to_pylist()
        return pick([row for row in rows if row["TSPARMCD"] == "SSTDTC"], "TSVAL", "TSVALNF")

    assert find_start(subjects) == [("2024-02-10", None)]
    assert find_start(build_empty("DM")) == [(None, "NI")]
