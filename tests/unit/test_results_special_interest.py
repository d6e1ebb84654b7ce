"""Events of special interest, by hand: four subjects of one regimen and the groups of the plan."""

from datetime import date

import pyarrow as pa
import pytest

from grevy.definition import load_study
from grevy.definition.analysis_plan import SpecialInterest
from grevy.results.conventions import read_conventions
from grevy.results.frames import AnalysisData, collect_frames
from grevy.results.special_interest import estimate_special_interest

STUDY = load_study("studies/surufatinib_nen")
FIRST = date(2026, 1, 1)


def subject(name, end, death=None, seen=date(2026, 6, 30)):
    return {
        "STUDYID": "S", "USUBJID": name, "ASEQ": 1, "SAFFL": "Y", "COHORT": "MONO", "TRTSDT": FIRST,
        "TRTEDT": end, "DTHDT": death, "LSTALVDT": seen,
    }  # fmt: skip


def event(name, number, term, grade, start, end=None, **more):
    return {
        "STUDYID": "S", "USUBJID": name, "ASEQ": number, "AEDECOD": term, "ATOXGR": grade, "ASTDT": start,
        "AENDT": end, "TRTEMFL": "Y", "AREL": "RELATED", **more,
    }  # fmt: skip


ADSL = [
    # event on day 11, again after it had ended
    subject("A", None),
    # event on day 31
    subject("B", None),
    # treatment ended on 1 January: at risk to 31 January
    subject("C", FIRST),
    # died on 20 January
    subject("D", None, death=date(2026, 1, 20), seen=date(2026, 1, 20)),
]
ADAE = [
    event("A", 1, "Hypertension", 2, date(2026, 1, 11), date(2026, 1, 20), AEOUT="RECOVERED/RESOLVED"),
    event("A", 2, "Hypertensive crisis", 3, date(2026, 2, 1), AESER="Y", AEACN="DRUG WITHDRAWN",
          AEOUT="NOT RECOVERED/NOT RESOLVED"),
    event("B", 1, "Hypertension", 1, date(2026, 1, 31), AREL="NOT RELATED"),
    # means something else
    event("B", 2, "Portal hypertension", 3, date(2026, 1, 5)),
    # below the grade the group begins with
    event("C", 1, "Diarrhoea", 2, date(2026, 1, 3)),
    # before treatment
    event("D", 1, "Hypertension", 3, date(2025, 12, 1)) | {"TRTEMFL": None},
]  # fmt: skip


def make_table(rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def make_data(plan):
    frames = collect_frames({"ADSL": make_table(ADSL), "ADAE": make_table(ADAE)})
    return AnalysisData(frames, STUDY, read_conventions(plan), plan)


@pytest.fixture(scope="module")
def printed():
    """{line of the group of hypertension: text in the column of monotherapy}"""
    rows = estimate_special_interest(make_data(STUDY.analysis))
    return {row.line.id: row.text for row in rows if row.column.id == "MONO"}


def test_subjects_by_kind_count_once(printed):
    shown = [printed[f"HYPERTENSION|{kind}"] for kind in ("ANY", "GRADE3", "SERIOUS", "RELATED")]
    assert shown == ["2 (50.0%)", "1 (25.0%)", "1 (25.0%)", "1 (25.0%)"]


def test_onset_is_that_of_the_first_event(printed):
    assert printed["HYPERTENSION|ONSET|median"] == "21.0 (11.0, 31.0)"
    assert printed["HYPERTENSION|ONSET|range"] == "11, 31"


def test_duration_of_first_events_goes_on_where_no_end_is_known(printed):
    """A: ended after 10 days; B: goes on at day 151. Half have ended by day 10, then the curve is flat."""
    assert printed["HYPERTENSION|DURATION"] == "81 (10, NR)"


def test_what_was_done_and_how_it_went_are_of_those_with_an_event(printed):
    assert printed["HYPERTENSION|AGAIN"] == "1/2 (50.0%)"
    assert printed["HYPERTENSION|DISCONTINUATION"] == "1/2 (50.0%)"
    assert printed["HYPERTENSION|INTERRUPTION"] == "0/2"
    # A recovered from one event and not from the other: the worse counts; of B nothing is said
    assert "HYPERTENSION|OUTCOME|RECOVERED/RESOLVED" not in printed
    assert printed["HYPERTENSION|OUTCOME|NOT RECOVERED/NOT RESOLVED"] == "1/2 (50.0%)"
    assert printed["HYPERTENSION|OUTCOME|UNKNOWN"] == "1/2 (50.0%)"


def test_death_and_end_of_treatment_compete(printed):
    """Day 11: 1 of 4. Day 20: D died, so 2 of 4 are left; day 31: B of the two, and C stops.

    As if censored, one minus Kaplan-Meier would say 1 - 3/4 × 1/2 = 62.5% at 3 months.
    """
    assert printed["HYPERTENSION|INCIDENCE|1"].startswith("25.0 (")
    assert printed["HYPERTENSION|INCIDENCE|3"].startswith("50.0 (")


def test_a_group_that_nobody_has_is_one_line(printed):
    assert [line for line in printed if line.startswith("DIARRHEA")] == ["DIARRHEA|ANY"]
    assert printed["DIARRHEA|ANY"] == "0"


def test_a_plan_without_groups_says_so():
    plan = STUDY.analysis.model_copy(update={"special_interest": SpecialInterest()})
    (row,) = estimate_special_interest(make_data(plan))
    assert (row.line.id, row.reason.en) == (
        "EMPTY", "The analysis plan declares no group of special interest.",
    )  # fmt: skip
