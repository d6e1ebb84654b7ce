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
from grevy.stats.curve_readings import estimate_survival_at
from grevy.stats.kaplan_meier import estimate_kaplan_meier
from grevy.stats.penalized import fit_penalized, sort_cox_rows
from grevy.stats.prediction import (
    compute_weighted_concordances,
    list_pairs,
    weigh_for_censoring,
    weigh_pairs_at,
    weigh_pairs_to,
)

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
    assert [name.en for name, _ in panels][:3] == [f"PFS at {month} months" for month in (6, 12, 24)]
    assert draw(figure_calibration, printed).count("<circle") == 2 * sum(len(p) for _, p in panels)
    decisions = print_rows(lung, "FX8.2", estimate_decision_curves(lung))
    assert len(read_decisions(decisions)) == 2
    for language in ("en", "zh"):
        assert "PFS" in describe_calibration(printed, language)
        assert "PFS" in describe_decisions(decisions, language)
        assert draw(figure_decisions, decisions, language).count("stroke-dasharray") == 2


def judge(found, of_model):
    """Uno's C, and AUC and Brier score at 12 months, of one model under the weights of a sample."""
    days, last = 12 * 30.4375, 24 * 30.4375
    risk, hazards, weight = of_model
    at = (list_pairs(found.time, found.event), found.time, found.censoring)
    columns = np.column_stack([weigh_pairs_to(*at, last), weigh_pairs_at(*at, days)])
    c = compute_weighted_concordances(at[0], np.log(risk)[None], weight[None], columns)[0]
    chance = weigh_for_censoring(found.time, found.event, days)
    happened = found.time <= days
    brier = (weight * chance * (happened - -np.expm1(-hazards(days) * risk)) ** 2).sum() / weight.sum()
    return [*c, brier]


def test_the_measures_under_censoring_are_corrected_by_the_same_loop(lung):
    """Each sample's model from repeated rows; its baseline by Breslow, term by term."""
    found = fit_prognoses(lung)["PFS"]
    ones = np.ones(N)
    differences = []
    for weight in found.weight:
        drawn = np.repeat(np.arange(N), weight.astype(int))
        time, event, x = found.time[drawn], found.event[drawn], found.x[drawn]
        sample = sort_cox_rows(time, event)
        beta = fit_penalized(sample, x[sample.order], np.ones((1, len(drawn))), "ridge").coefficients[0]
        at_risk = [np.exp(x[time >= moment] @ beta).sum() for moment in time[event]]

        def hazards(days, moments=time[event], at_risk=at_risk):
            return sum(1 / total for moment, total in zip(moments, at_risk, strict=True) if moment <= days)

        risk = np.exp(found.x @ beta)
        own, all_alike = (judge(found, (risk, hazards, one)) for one in (weight, ones))
        differences.append(np.subtract(own, all_alike))
    rows = list(estimate_performance(lung))
    optimism = [cell(rows, f"{name}|OPTIMISM", "PFS").value for name in ("UNO", "AUC12", "BRIER12")]
    assert optimism == pytest.approx(np.mean(differences[1:], axis=0), abs=1e-6)
    apparent = cell(rows, "BRIER12|APPARENT", "PFS").value
    assert cell(rows, "BRIER12|CORRECTED", "PFS").value == pytest.approx(apparent - optimism[2])


def observe(risk, time, event, days):
    """Mean predicted and observed risk of each quarter of repeated rows."""
    limits = np.quantile(risk, [0.25, 0.5, 0.75], method="inverted_cdf")
    quarter = np.searchsorted(limits, risk, side="left")
    found = []
    for place in range(4):
        inside = quarter == place
        curve = estimate_kaplan_meier(time[inside], event[inside])
        found.append([risk[inside].mean(), 1 - estimate_survival_at(curve, days).value])
    return np.array(found)


def test_calibration_is_corrected_by_the_mean_error_of_the_samples(lung):
    found, days = fit_prognoses(lung)["PFS"], 6 * 30.4375
    risk = found.risk_by(days)
    errors = []
    for one, weight in zip(risk, found.weight.astype(int), strict=True):
        drawn = np.repeat(np.arange(N), weight)
        in_sample = observe(one[drawn], found.time[drawn], found.event[drawn], days)
        in_data = observe(one, found.time, found.event, days)
        errors.append((in_sample - in_data) @ [-1, 1])
    apparent = observe(risk[0], found.time, found.event, days)
    corrected = apparent[:, 1] - np.mean(errors[1:], axis=0)
    rows = list(estimate_calibration(lung))
    for place in range(4):
        values = [
            cell(rows, f"PFS|6|{place + 1}", name).value for name in ("PREDICTED", "OBSERVED", "CORRECTED")
        ]
        assert values == pytest.approx([*(100 * apparent[place]), 100 * corrected[place]])


def test_past_the_last_follow_up_there_is_a_reason_and_no_number():
    """The last of each quarter are lost within ten months: nothing is known at 12 and 24."""
    n = 24
    days = [30.0 + 11 * i for i in range(n)]
    values = {"prediction.repeats": "2"}
    data = read(
        {"AGE": [50.0 + (7 * i) % 11 for i in range(n)]}, days, [1] * 16 + [0] * 8, [number("AGE")], values
    )
    reason = "No subject was followed as long as this."
    rows = list(estimate_performance(data))
    for line in ("UNO", "AUC12", "AUC24", "BRIER12", "BRIER24", "IBS"):
        row = cell(rows, f"{line}|APPARENT", "PFS")
        assert row.value is None
        assert row.reason.en == reason
    assert cell(rows, "AUC6|CORRECTED", "PFS").value is not None
    assert cell(list(estimate_prognostic_models(data)), "PFS|AVERAGE|12", "COEFFICIENT").reason.en == reason
    calibration = list(estimate_calibration(data))
    assert cell(calibration, "PFS|12|1", "OBSERVED").reason.en == reason
    assert cell(calibration, "PFS|12|1", "CORRECTED").reason.en == reason
    panels = read_calibration(print_rows(data, "FX8.1", calibration))
    assert [name.en for name, _ in panels] == ["PFS at 6 months"]
    decisions = list(estimate_decision_curves(data))
    assert cell(decisions, "PFS|05", "MODEL").reason.en == reason
    assert read_decisions(print_rows(data, "FX8.2", decisions)) == []


def test_who_is_left_out_is_counted_by_the_covariate_that_is_missing():
    n = 24
    age = [np.nan, np.nan, *(50.0 + i % 7 for i in range(n - 2))]
    bmi = [1.0, np.nan, np.nan, *(float(i % 5) for i in range(n - 3))]
    subjects = {"AGE": age, "BMI": bmi, "CGAXULN": [1.6 + i % 3 for i in range(n)]}
    covariates = [number(name) for name in subjects]
    days = [10.0 + i for i in range(n)]
    data = read(subjects, days, [1] * n, covariates, {"prediction.repeats": "0"})
    rows = list(estimate_performance(data))
    assert cell(rows, "N", "PFS").value == n - 3
    left_out = {row.line.id: row.records.index.tolist() for row in rows if "LEFT_OUT" in row.line.id}
    assert left_out == {"LEFT_OUT": [0, 1, 2], "LEFT_OUT|AGE": [0, 1], "LEFT_OUT|BMI": [1, 2]}
