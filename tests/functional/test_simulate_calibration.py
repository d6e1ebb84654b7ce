"""The virtual cohort against the published figures, and the check itself against figures that are wrong."""

import numpy as np
import pandas as pd
import pytest

from grevy.simulate import (
    calibration_table,
    load_assumptions,
    mean_calibration,
    simulate_truth,
    summarize_adam,
    summarize_courses,
)
from grevy.simulate.calibration import (
    exact_interval,
    median_months,
    percent_surviving,
    relative_dose_intensity,
)

SEEDS = range(101, 111)  # not those of the table in the documents


@pytest.fixture(scope="module")
def means():
    tables = [calibration_table(summarize_courses(simulate_truth(seed=s).courses.values())) for s in SEEDS]
    return mean_calibration(tables)


@pytest.mark.slow
def test_means_over_ten_cohorts_lie_within_the_published_intervals(means):
    outside = means.loc[~means["inside"], ["measure", "group", "term", "lower", "mean", "upper"]]
    assert outside.empty, outside.to_string()


@pytest.mark.slow
def test_every_target_group_and_the_label_are_compared(means):
    assert set(means.loc[means["measure"] == "pfs_median", "group"]) == {
        "NET_G12_PANCREATIC", "NET_G12_EXTRAPANCREATIC", "NET_G3", "NEC",
    }  # fmt: skip
    assert (means["measure"] == "ae_any").sum() == 21
    assert (means["measure"] == "ae_grade3").sum() == 10
    assert means["not_reached"].sum() == 0


def test_cohort_with_other_biology_falls_outside():
    assumed = load_assumptions()
    faster = {
        name: group.model_copy(update={"shrink": 4 * group.shrink}) for name, group in assumed.groups.items()
    }
    wrong = assumed.model_copy(update={"groups": faster})
    table = calibration_table(summarize_courses(simulate_truth(seed=1, assumptions=wrong).courses.values()))
    responses = table[(table["measure"] == "orr") & (table["group"] != "NEC")]  # the interval of NEC is wide
    assert not responses["inside"].any()
    assert (responses["simulated"] > responses["upper"]).all()


# ------------------------------------------------------------------------------------------------------
# The measures, against published oracles
# ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "n", "lower", "upper"),
    [
        (20, 104, 12.2, 28.1),
        (13, 126, 5.6, 17.0),
        (5, 21, 8.2, 47.2),
        (109, 126, 79.3, 91.9),
        (0, 10, 0, 30.8),
        (10, 10, 69.2, 100),
    ],
)
def test_exact_interval_of_a_published_count(events, n, lower, upper):
    assert np.round(exact_interval(events, n), 1) == pytest.approx([lower, upper])


def test_kaplan_meier_of_the_6_mp_arm():
    text = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
    months = np.array([float(word.rstrip("+")) for word in text.split()])
    events = np.array([not word.endswith("+") for word in text.split()])
    days = months * 30.4375
    assert median_months(days, events) == pytest.approx(23)
    assert percent_surviving(days, events, 10) == pytest.approx(75.29, abs=0.01)


def test_relative_dose_intensity_of_the_worked_example():
    doses = [(0, 27, 300), (28, 34, 0), (35, 55, 250)]
    assert relative_dose_intensity(doses, 300, 400) == pytest.approx(81.25)


def test_median_that_is_not_reached_is_no_number_and_is_counted():
    assert np.isnan(median_months(np.array([10, 20]), np.array([False, False])))
    table = pd.DataFrame(
        {
            "measure": ["m"] * 1,
            "lower": [1.0],
            "upper": [3.0],
            "simulated": [np.nan],
            "n": [1],
            "inside": [False],
        }
    )
    means = mean_calibration([table, table.assign(simulated=2.0)])
    assert means["cohorts_inside"][0] == 50
    assert (means["mean"][0], means["not_reached"][0], bool(means["inside"][0])) == (2.0, 1, True)


def test_summary_from_analysis_data_sets_has_the_same_columns():
    adam = {
        "ADSL": pd.DataFrame(
            {
                "USUBJID": ["A", "B"], "SAFFL": ["Y", "N"], "NENGRP": ["NET G1/G2", "NET G3"],
                "PANCFL": ["Y", None], "COHORT": ["MONO", "COMBO"], "DCTREAS": ["ADVERSE EVENT", None],
                "DCSREAS": ["LOST TO FOLLOW-UP", None],
            }
        ),
        "ADTTE": pd.DataFrame(
            {"USUBJID": ["A", "A"], "PARAMCD": ["PFS", "OS"], "AVAL": [100, 200], "CNSR": [0, 1]}
        ),
        "ADRS": pd.DataFrame({"USUBJID": ["A"], "PARAMCD": ["CBOR"], "AVALC": ["PR"]}),
        "ADEX": pd.DataFrame(
            {"USUBJID": ["A"] * 3, "PARAMCD": ["RDI", "NREDUC", "NINTERR"], "AVAL": [88.0, 1.0, 0.0]}
        ),
        "ADAE": pd.DataFrame(
            {
                "USUBJID": ["A", "A"], "TRTEMFL": ["Y", None],
                "AEDECOD": ["Epistaxis", "Proteinuria"], "ATOXGR": [3, 3],
            }
        ),
    }  # fmt: skip
    summary = summarize_adam(adam)
    assert set(summary.columns) == set(summarize_courses([]).columns)
    row = summary.iloc[0]
    assert (row["GROUP"], row["PFS"], row["PFSEVENT"], row["OSEVENT"]) == (
        "NET_G12_PANCREATIC",
        100,
        True,
        False,
    )
    assert (row["TOXSTOP"], row["LOST"], row["REDUCED"], row["INTERRUPTED"]) == (True, True, True, False)
    assert row["GRADES"] == {"haemorrhage": 3}
