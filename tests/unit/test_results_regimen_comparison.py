"""Regimens side by side after weighting: the numbers of R on public data, balance, refusals, records."""

import json
from pathlib import Path

import numpy as np
import pytest
from explored import STUDY, cell, number, read
from printed_rows import draw, print_rows

from grevy.definition.analysis_plan import Arm
from grevy.definition.words import Text
from grevy.report.footnotes import FOOTNOTES
from grevy.report.footnotes.real_world import CONFOUNDED
from grevy.report.love_plot import describe_love_plot, figure_love_plot, read_pairs
from grevy.report.overlap import figure_overlap, read_bins
from grevy.results.frames import AnalysisData
from grevy.results.regimen_balance import estimate_balance, estimate_love_plot, estimate_overlap
from grevy.results.weighted_outcomes import estimate_weighted_outcomes

REFERENCE = Path(__file__).parents[1] / "reference"
COLON = json.loads((REFERENCE / "data.json").read_text(encoding="utf-8"))["sets"]["colon"]
EXPECTED = json.loads((REFERENCE / "resampling.json").read_text(encoding="utf-8"))["propensity"]
STANDING_FOR = {"BMI": "sex", "AGE": "age", "KI67": "extent", "CGAXULN": "node4"}
"""Covariates of the plan and the columns of R's colon data that stand in them, in R's order."""


def read_colon(values=None):
    subjects = {name: [float(x) for x in COLON[source]] for name, source in STANDING_FOR.items()}
    subjects["COHORT"] = ["COMBO" if x == 1 else "MONO" for x in COLON["lev5fu"]]
    days = [float(x) for x in COLON["time"]]
    return read(subjects, days, COLON["event"], map(number, STANDING_FOR), values)


@pytest.fixture(scope="module")
def colon():
    return read_colon()


def test_differences_before_and_after_weighting_are_those_of_r(colon):
    rows = list(estimate_balance(colon))
    for side in ("before", "after"):
        found = [
            row.value
            for name in STANDING_FOR
            for row in rows
            if row.line.group_1 == name and row.column.id == f"SMD_{side.upper()}"
        ]
        assert found == pytest.approx(EXPECTED[side], rel=1e-6)
    weights = np.array(EXPECTED["truncated"])[np.array(COLON["lev5fu"]) == 1]
    size = cell(rows, "EFFECTIVE", "COMBO_AFTER").value
    assert size == pytest.approx(weights.sum() ** 2 / (weights**2).sum(), rel=1e-6)


def test_the_weighted_hazard_ratio_is_that_of_coxph_with_its_robust_error(colon):
    row = cell(estimate_weighted_outcomes(colon), "PFS|WEIGHTED", "RATIO")
    assert np.log(row.value) == pytest.approx(EXPECTED["coefficient"], rel=1e-6)
    error = (np.log(row.upper) - np.log(row.lower)) / (2 * 1.959963984540054)
    assert error == pytest.approx(EXPECTED["error"], rel=1e-6)
    assert len(row.records.index) == len(COLON["time"])


def test_without_truncation_the_weights_are_the_plain_ones():
    rows = list(estimate_balance(read_colon({"comparison.truncation": "0"})))
    weights = np.array(EXPECTED["stabilized"])[np.array(COLON["lev5fu"]) == 0]
    assert cell(rows, "WEIGHT", "MONO_AFTER").upper == pytest.approx(weights.max(), rel=1e-6)


def test_overlap_weights_balance_the_covariates_of_the_model_exactly():
    """A property of the logistic model (Li, Morgan and Zaslavsky 2018, theorem 3)."""
    rows = list(estimate_love_plot(read_colon({"comparison.weights": "overlap"})))
    after = [row.value for row in rows if row.column.id == "AFTER"]
    assert after == pytest.approx([0, 0, 0, 0], abs=1e-9)
    assert max(row.value for row in rows if row.column.id == "BEFORE") > 0.01


def test_the_bins_of_the_score_hold_everybody_once(colon):
    rows = list(estimate_overlap(colon))
    assert sum(row.value for row in rows if row.line.operation == "count") == len(COLON["time"])
    total = sum(row.value for row in rows if row.line.operation == "weighted count")
    assert total == pytest.approx(sum(EXPECTED["truncated"]), rel=1e-6)


SMALL = {
    "AGE": [50.0, 61.0, 72.0, 55.0, None, 66.0] * 4,
    "COHORT": ["MONO", "MONO", "COMBO", "COMBO", "MONO", "MONO"] * 4,
}


def test_a_regimen_with_too_few_subjects_is_not_compared():
    """8 of 24 subjects are in combination, fewer than the 10 of the plan."""
    data = read(SMALL, [10.0] * 24, [1] * 24, [number("AGE")])
    for estimate in (estimate_balance, estimate_love_plot, estimate_overlap, estimate_weighted_outcomes):
        (row,) = estimate(data)
        assert row.reason.en == "Fewer than 10 subjects of a regimen have all covariates known."
        assert row.reason.zh


def test_who_has_a_covariate_missing_is_left_out_and_counted():
    twice = {name: values * 2 for name, values in SMALL.items()}
    data = read(twice, [10.0 + i for i in range(48)], [1] * 48, [number("AGE")])
    rows = list(estimate_balance(data))
    assert cell(rows, "LEFT", "MONO_BEFORE").value == 8
    assert cell(rows, "N", "MONO_BEFORE").value == 24
    ratio = cell(estimate_weighted_outcomes(data), "PFS|CRUDE", "RATIO")
    assert len(ratio.records.index) == 40


def test_three_arms_are_not_compared():
    data = read(SMALL, [10.0] * 24, [1] * 24, [number("AGE")])
    arms = tuple(Arm(code=code, label=Text(en=code, zh=code)) for code in ("A", "B", "C"))
    three = AnalysisData(data.frames, STUDY, data.conventions, data.plan.model_copy(update={"arms": arms}))
    (row,) = estimate_weighted_outcomes(three)
    assert row.reason.en == "A comparison needs exactly two regimens."


@pytest.mark.parametrize("output", ["TX6.1", "FX6.1", "FX6.2", "TX6.2"])
def test_each_comparison_is_printed_with_the_caution(output):
    assert CONFOUNDED in FOOTNOTES[output]
    assert "differences are not effects of treatment" in CONFOUNDED.en


# --- figures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_love_plot_has_two_marks_per_characteristic_and_their_values(colon, language):
    rows = print_rows(colon, "FX6.1", estimate_love_plot(colon))
    svg = draw(figure_love_plot, rows, language)
    keys = 2  # each mark stands twice in the head
    assert svg.count("<rect") == len(STANDING_FOR) + keys
    assert svg.count('Z"') == len(STANDING_FOR) + keys
    for row in rows:
        assert f">{row.value_text}</text>" in svg
    assert "4" in describe_love_plot(rows, language)


def test_the_overlap_draws_a_bar_for_each_count_above_0(colon):
    rows = print_rows(colon, "FX6.2", estimate_overlap(colon))
    svg = draw(figure_overlap, rows)
    keys = 3
    assert svg.count("<rect") == sum(row.value > 0 for row in rows) + keys


def test_nothing_to_compare_is_nothing_to_draw():
    data = read(SMALL, [10.0] * 24, [1] * 24, [number("AGE")])
    assert read_pairs(print_rows(data, "FX6.1", estimate_love_plot(data))) == []
    assert read_bins(print_rows(data, "FX6.2", estimate_overlap(data))) == []
