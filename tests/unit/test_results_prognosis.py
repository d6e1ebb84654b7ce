"""Prognostic models as rows: optimism by an independent loop, the same numbers again, reasons for none."""

import numpy as np
import pytest
from explored import LUNG, cell, number, read, read_lung
from printed_rows import draw, print_rows

from grevy.report.prognosis_figures import (
    describe_calibration,
    describe_decisions,
    figure_calibration,
    figure_decisions,
    read_calibration,
    read_decisions,
)
from grevy.results.prognosis import fit_prognoses
from grevy.results.prognostic_models import (
    estimate_calibration,
    estimate_decision_curves,
    estimate_performance,
    estimate_prognostic_models,
)
from grevy.stats.concordance import compute_concordance
from grevy.stats.cox import fit_cox
from grevy.stats.penalized import fit_penalized, sort_cox_rows

N = len(LUNG["time"])


@pytest.fixture(scope="module")
def lung():
    return read_lung()


def test_optimism_is_that_of_a_loop_over_resampled_rows(lung):
    """Each sample made of repeated rows, fitted and judged by other functions than the rows' own."""
    rows = list(estimate_performance(lung))
    found = fit_prognoses(lung)["PFS"]
    differences = []
    for counts in found.weight[1:].astype(int):
        drawn = np.repeat(np.arange(N), counts)
        time, event, x = found.time[drawn], found.event[drawn], found.x[drawn]
        sample = sort_cox_rows(time, event)
        beta = fit_penalized(sample, x[sample.order], np.ones((1, len(drawn))), "ridge").coefficients[0]
        in_sample = compute_concordance(x @ beta, time, event).value
        differences.append(in_sample - compute_concordance(found.x @ beta, found.time, found.event).value)
        slopes = [
            fit_cox(t, e, (z @ beta)[:, None], ties="breslow").coefficients[0]
            for t, e, z in ((time, event, x), (found.time, found.event, found.x))
        ]
        differences[-1] = (differences[-1], slopes[0] - slopes[1])
    optimism = np.mean(differences, axis=0)
    assert cell(rows, "C|OPTIMISM", "PFS").value == pytest.approx(optimism[0], abs=1e-9)
    assert cell(rows, "SLOPE|OPTIMISM", "PFS").value == pytest.approx(optimism[1], abs=1e-6)
    apparent, corrected = (cell(rows, f"C|{part}", "PFS").value for part in ("APPARENT", "CORRECTED"))
    assert corrected == pytest.approx(apparent - optimism[0], abs=1e-9)


def test_each_center_is_predicted_by_the_others(lung):
    found = fit_prognoses(lung)["PFS"]
    concordant = pairs = 0.0
    for site in range(5):
        others, own = found.site != site, found.site == site
        rows = sort_cox_rows(found.time[others], found.event[others])
        x = found.x[others][rows.order]
        beta = fit_penalized(rows, x, np.ones((1, len(x))), "ridge").coefficients[0]
        one = compute_concordance(found.x[own] @ beta, found.time[own], found.event[own])
        concordant += one.concordant + one.tied / 2
        pairs += one.concordant + one.discordant + one.tied
    assert found.concordance_elsewhere == pytest.approx(concordant / pairs, rel=1e-6)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(lung):
    first, again, other = (
        cell(estimate_performance(data), "C|CORRECTED", "PFS").value
        for data in (lung, read_lung(), read_lung(seed=7))
    )
    assert first == again != other


def test_without_repeats_nothing_is_corrected_and_the_reason_is_told():
    row = cell(estimate_performance(read_lung(repeats=0)), "C|CORRECTED", "PFS")
    assert row.value is None
    assert row.reason.en == "No bootstrap repeats are set."


def test_the_largest_effect_has_100_points_and_a_missing_outcome_a_reason(lung):
    rows = list(estimate_prognostic_models(lung))
    for outcome in ("PFS", "SEVERE"):
        points = [
            abs(row.value) for row in rows if row.column.id == "POINTS" and row.line.parameter == outcome
        ]
        assert max(points) == pytest.approx(100)
        assert len(points) == 2
    assert cell(rows, "OS", "COEFFICIENT").reason.en == "This endpoint is not in the data."
    ratio = cell(rows, "PFS|SEX|F", "RATIO")
    assert ratio.value == pytest.approx(np.exp(cell(rows, "PFS|SEX|F", "COEFFICIENT").value))
    assert len(ratio.records.index) == N


def test_few_events_are_not_modeled():
    data = read({"AGE": [50.0 + i for i in range(12)]}, [9.0] * 12, [1] * 9 + [0] * 3, [number("AGE")])
    assert fit_prognoses(data)["PFS"].en == "Too few events."


def test_lasso_is_another_model(lung):
    other = fit_prognoses(read_lung(penalty="lasso", repeats=1))["PFS"]
    assert other.fits.coefficients[0] != pytest.approx(fit_prognoses(lung)["PFS"].fits.coefficients[0])


def test_quarters_hold_everybody_and_figures_draw_them(lung):
    rows = list(estimate_calibration(lung))
    sizes = [row.value for row in rows if row.column.id == "N" and row.line.id.startswith("PFS|6|")]
    assert sum(sizes) == N
    printed = print_rows(lung, "FX8.1", rows)
    panels = read_calibration(printed)
    assert [name.en for name, _ in panels][:2] == ["PFS at 6 months", "PFS at 12 months"]
    assert draw(figure_calibration, printed).count("<circle") == sum(len(points) for _, points in panels)
    decisions = print_rows(lung, "FX8.2", estimate_decision_curves(lung))
    assert len(read_decisions(decisions)) == 2
    for language in ("en", "zh"):
        assert "PFS" in describe_calibration(printed, language)
        assert "PFS" in describe_decisions(decisions, language)
        assert draw(figure_decisions, decisions, language).count("stroke-dasharray") == 2
