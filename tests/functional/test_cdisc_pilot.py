"""The CDISC pilot, from its tabulation to its analysis data sets: what agrees, what differs, and why."""

import re
from pathlib import Path

import pandas as pd
import pytest

from tests.functional.cdisc_pilot import (
    UNEXPLAINED,
    Comparison,
    compare,
    compare_run,
    copy_tabulation,
    write_table,
)

pytestmark = pytest.mark.slow

DOCUMENT = Path(__file__).parents[2] / "docs" / "explanation" / "cdisc-pilot.md"
TABLE = re.compile(r"<!-- comparison -->\n(.*?)\n<!-- end of comparison -->", re.DOTALL)
TUMOR_OUTPUTS = [
    "T14.2.1",
    "F14.2.1",
    "T14.2.2",
    "T14.2.4",
    "T14.2.5",
    "T14.2.6",
    "F14.2.4",
    "T14.2.7",
    "F14.2.8",
    "F14.2.9",
    "T14.2.8",
    "T14.2.9",
    "T14.2.10",
    "TX2",
    "TX3",
    "TX4",
    "TX6.2",
    "TX7.1",
    "TX7.2",
    "TX8.1",
    "TX8.2",
    "FX8.1",
    "FX8.2",
]


@pytest.fixture(scope="module")
def analyzed(grevy, tmp_path_factory):
    """One run on the pilot's tabulation: how it ended, and its folder."""
    folder = tmp_path_factory.mktemp("pilot")
    copy_tabulation(folder / "sdtm")
    run = folder / "run"
    ended = grevy("analyse", "--sdtm", folder / "sdtm", "--out", run, "--set", "measurement.readings=each")
    assert ended.code == 0, ended.err
    return ended, run


@pytest.fixture(scope="module")
def comparisons(analyzed) -> list[Comparison]:
    return compare_run(analyzed[1])


@pytest.fixture(scope="module")
def results(analyzed) -> pd.DataFrame:
    return pd.read_parquet(analyzed[1] / "results.parquet")


def test_every_difference_is_explained(comparisons):
    assert [done for done in comparisons if UNEXPLAINED in done.differ] == []


def test_counts_are_those_of_the_document(comparisons):
    """Write them anew: python -m tests.functional.cdisc_pilot RUN, where RUN is the folder of a run."""
    assert TABLE.search(DOCUMENT.read_text(encoding="utf-8"))[1] == write_table(comparisons)


def test_all_254_treated_subjects_are_in_the_safety_set_in_columns_by_arm(results):
    sizes = results[(results["output_id"] == "T14.3.1.2") & (results["row_id"] == "N")]
    assert dict(zip(sizes["column_label_en"], sizes["value"], strict=True)) == {
        "Placebo": 86,
        "Xanomeline High Dose": 72,
        "Xanomeline Low Dose": 96,
        "Total": 254,
    }


def test_screen_failures_are_counted_and_in_no_arm(results):
    flow = results[results["output_id"] == "F14.1.1"].set_index(["row_id", "column_id"])["value"]
    assert flow["NOT_ENROLLED", "TOTAL"] == 52
    assert flow["NOT_ENROLLED"].drop("TOTAL").sum() == 0


def test_outputs_the_data_cannot_bear_are_left_out_with_the_reason(results):
    left_out = results[results["row_id"] == "EMPTY"].set_index("output_id")["reason"]
    assert set(TUMOR_OUTPUTS) <= set(left_out.index)
    assert left_out["T14.2.1"].startswith("No responses at all")
    assert left_out["T14.1.6"].startswith("Class, site and grade of the neoplasm are unknown")
    assert left_out["T14.3.1.4"].startswith("Adverse events have no CTCAE grade")


def test_report_says_whose_data_they_are_and_names_no_other_drug(analyzed):
    ended, run = analyzed
    page = (run / "report.html").read_text(encoding="utf-8")
    visible = page[: page.index('<script type="text/plain" id="data">')]
    assert "columns are the actual arms of DM" in ended.out
    assert "Study CDISCPILOT01, tabulated elsewhere" in visible
    body = visible[visible.index("<main") : visible.index('id="settings"')]
    assert not re.search("surufatinib|索凡替尼|monotherapy|chosen by the physician", body, re.IGNORECASE)


def test_what_this_study_declares_of_its_own_drug_is_not_asked_of_another(results):
    """Neither its groups of special interest nor its plan of enrollment; units are those of the data."""
    reasons = results[results["row_id"] == "EMPTY"].set_index("output_id")["reason"]
    assert reasons["T14.3.1.9"] == "The analysis plan declares no group of special interest."
    enrollment = results[results["output_id"] == "F14.1.2"]
    assert set(enrollment["column_id"]) == {"ENROLLED", "CUMULATIVE"}
    assert enrollment["value"].max() == 254
    by_visit = results[results["output_id"] == "T14.3.4.1"]["group_label_en"]
    assert "Hemoglobin, mmol/L" in set(by_visit)


def test_placebo_is_drawn_as_a_dose_and_every_arm_has_its_sign(analyzed, results):
    weeks = results[results["output_id"] == "F14.3.5"].set_index(["row_id", "column_id"])["value"]
    assert weeks["1|0", "PBO"] == 86
    assert weeks["1|NONE"].sum() == 0
    page = (analyzed[1] / "report.html").read_text(encoding="utf-8")
    start = page.index('id="F14.3.3-en-t"')
    drawing = page[start : page.index("</svg>", start)]
    for arm in ("Placebo", "Xanomeline High Dose", "Xanomeline Low Dose"):
        assert arm in drawing


def test_a_difference_without_a_reason_is_told():
    rows = pd.DataFrame({"A": ["x", "y", None], "B": ["x", "z", "w"]})
    filled = ("empty there", lambda rows: rows["A"].isna())
    done = compare("D", "V", rows, rows["A"], rows["B"], filled)
    assert (done.agree, done.differ) == (1, {"empty there": 1, UNEXPLAINED: 1})
