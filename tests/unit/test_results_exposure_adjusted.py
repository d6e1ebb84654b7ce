"""Events per 100 patient-years, by hand: two subjects, three events of one term."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from grevy.definition import load_study
from grevy.results import build_results
from grevy.results.conventions import read_conventions
from grevy.results.frames import AnalysisData, collect_frames
from grevy.results.time_at_risk import DIED, GOES_ON, STOPPED, find_end_of_risk

STUDY = load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")
CONVENTIONS = read_conventions(STUDY.analysis)


def build(plan):
    """A: dose from 1 Jan to 1 Mar 2023, window to 31 Mar, 90 days; therapy on 12 Mar. B: died on day 10."""
    keys = {"STUDYID": ["S", "S"], "USUBJID": ["A", "B"], "ASEQ": [1, 1]}
    adsl = keys | {
        "SAFFL": ["Y", "Y"],
        "COHORT": ["MONO", "MONO"],
        "TRTSDT": [date(2023, 1, 1), date(2023, 5, 1)],
        "TRTEDT": [date(2023, 3, 1), date(2023, 5, 8)],
        "DTHDT": [None, date(2023, 5, 10)],
        "NWTRSDT": [date(2023, 3, 12), None],
    }
    adae = {
        "STUDYID": ["S"] * 3,
        "USUBJID": ["A"] * 3,
        "ASEQ": [1, 2, 3],
        "AEDECOD": ["Hypertension"] * 3,
        "TRTEMFL": ["Y"] * 3,
        "ASTDT": [date(2023, 2, 9), date(2023, 1, 20), date(2023, 3, 1)],
    }
    return build_results({"ADSL": pa.table(adsl), "ADAE": pa.table(adae)}, STUDY, plan, "x")


@pytest.fixture(scope="module")
def results():
    return build(STUDY.analysis)


def cell(results, line):
    (row,) = (r for r in results.rows.to_pylist() if r["result_id"] == f"T14.3.1.10|{line}|MONO")
    return row


def test_time_ends_with_the_window_or_with_death(results):
    assert cell(results, "YEARS")["value"] == pytest.approx((90 + 10) / 365.25)


def test_time_ends_before_new_therapy_where_the_plan_says_so():
    """A: 1 January to 11 March are 70 days; events from the 12th on are not counted either."""
    ended = build(STUDY.analysis.with_values({"te.end_at_new_therapy": "true"}))
    assert cell(ended, "YEARS")["value"] == pytest.approx((70 + 10) / 365.25)


def test_first_events_end_the_time_at_risk(results):
    """One subject with an event on day 20 and 10 days of the other; limits of `poisson.test(1)`."""
    row = cell(results, "PT|Hypertension|FIRST")
    per = 100 * 365.25 / (20 + 10)
    assert row["value"] == pytest.approx(per)
    assert row["value_lower"] == pytest.approx(0.02531780798 * per, rel=1e-6)
    assert row["value_upper"] == pytest.approx(5.571643390 * per, rel=1e-6)
    assert row["n_records"] == 1


def test_all_events_count_over_all_time(results):
    """Limits of `poisson.test(3)`."""
    row = cell(results, "PT|Hypertension|ALL")
    per = 100 * 365.25 / 100
    assert row["value"] == pytest.approx(3 * per)
    assert row["value_lower"] == pytest.approx(0.6186721229 * per, rel=1e-6)
    assert row["value_upper"] == pytest.approx(8.767272800 * per, rel=1e-5)
    assert row["n_records"] == 3


def test_time_ends_with_what_is_known_of_a_subject():
    """All dosed 1 January to 1 March 2023, window to 31 March: 90 days, or to the day that comes first."""
    known = {
        "seen beyond the window": (date(2023, 6, 1), None, None, 90),
        "seen last in the window": (date(2023, 3, 20), None, None, 79),
        "died in the window": (date(2023, 3, 9), date(2023, 3, 10), None, 69),
        "died after it": (date(2023, 4, 30), date(2023, 5, 1), None, 90),
        "cut off on treatment": (date(2023, 1, 31), None, date(2023, 1, 31), 31),
    }
    n = len(known)
    seen, died, cut, days = zip(*known.values(), strict=True)
    adsl = pa.table(
        {
            "STUDYID": ["S"] * n, "USUBJID": list("ABCDE"), "ASEQ": [1] * n, "SAFFL": ["Y"] * n,
            "TRTSDT": [date(2023, 1, 1)] * n, "TRTEDT": [date(2023, 3, 1)] * n, "LSTALVDT": list(seen),
            "DTHDT": list(died), "CUTDT": list(cut),
        }
    )  # fmt: skip
    data = AnalysisData(collect_frames({"ADSL": adsl}), STUDY, CONVENTIONS, STUDY.analysis)
    risk = find_end_of_risk(data)
    assert risk.days.tolist() == list(days)
    # last seen alive the day before, and still a death: it competes with events and has a narrative
    assert risk.cause.tolist() == [STOPPED, GOES_ON, DIED, STOPPED, GOES_ON]
