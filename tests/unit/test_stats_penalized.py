"""Penalized fits of many samples: against unpenalized fits, a direct optimizer, and the conditions of a "
"maximum."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from grevy.stats.concordance import compute_concordance
from grevy.stats.cox import fit_cox
from grevy.stats.logistic import fit_logistic
from grevy.stats.penalized import GRIDS, LogisticRows, fit_penalized, fit_plain, sort_cox_rows
from grevy.stats.prediction import (
    compute_brier,
    compute_concordances,
    compute_net_benefit,
    list_answer_pairs,
    list_pairs,
    weigh_for_censoring,
)

SETS = json.loads((Path(__file__).parents[1] / "reference" / "data.json").read_text(encoding="utf-8"))["sets"]
LUNG = {name: np.array(SETS["lung"][name], dtype=float) for name in ("time", "event", "age", "sex", "ecog")}
TIME, EVENT = LUNG["time"], LUNG["event"] == 1
X = np.column_stack([LUNG[name] - LUNG[name].mean() for name in ("age", "sex", "ecog")])
ROWS = sort_cox_rows(TIME, EVENT)
SORTED = X[ROWS.order]
ALIKE = np.ones((1, len(TIME)))
ANSWER = LogisticRows(EVENT.astype(float))
DESIGN = np.column_stack([np.ones(len(X)), X])


def draw(seed, samples=3):
    random = np.random.default_rng(seed)
    n = len(TIME)
    return np.array([np.bincount(random.integers(0, n, n), minlength=n) for _ in range(samples)], dtype=float)


def test_without_a_penalty_they_are_those_of_the_plain_fits_also_in_a_resample():
    weight = np.concatenate([ALIKE, draw(1)])
    found = fit_plain(ROWS, SORTED[None], weight)
    answers = fit_plain(ANSWER, DESIGN[None], weight)
    for number, counts in enumerate(weight.astype(int)):
        rows = np.repeat(ROWS.order, counts)
        expected = fit_cox(TIME[rows], EVENT[rows], X[rows], ties="breslow").coefficients
        assert found[number] == pytest.approx(expected, rel=1e-6)
        rows = np.repeat(np.arange(len(X)), counts)
        assert answers[number] == pytest.approx(fit_logistic(EVENT[rows], X[rows]).coefficients, rel=1e-6)


def test_a_sample_that_a_value_separates_has_no_plain_fit_and_nobody_is_warned():
    """The steps run off: the analysis says why there is no number, and the screen nothing."""
    apart = np.array([0.0, 0, 0, 1, 1, 1])
    design = np.column_stack([np.ones(6), apart])
    weight = np.array([[1.0] * 6, [1, 2, 0, 1, 1, 1]])
    mixed = np.column_stack([np.ones(6), [0.0, 1, 1, 1, 0, 0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(fit_plain(LogisticRows(apart), design[None], weight)).all()
        assert np.isfinite(fit_plain(LogisticRows(apart), mixed[None], weight)).all()


def penalized_fits(penalty):
    yield ROWS, SORTED, 0, fit_penalized(ROWS, SORTED, ALIKE, penalty)
    yield ANSWER, DESIGN, 1, fit_penalized(ANSWER, DESIGN, ALIKE, penalty, free=1)


def test_ridge_is_what_a_direct_optimizer_finds():
    for rows, x, free, fit in penalized_fits("ridge"):
        penalty = fit.strength[0] * x.std(axis=0) ** 2
        penalty[:free] = 0

        def lose(beta, rows=rows, x=x, penalty=penalty):
            return (penalty * beta**2).sum() / 2 - rows.evaluate(beta[None], x[None], ALIKE).log_likelihood[0]

        best = minimize(lose, np.zeros(x.shape[1]), tol=1e-12).x
        assert fit.coefficients[0] == pytest.approx(best, abs=2e-5)
        score = rows.evaluate(fit.coefficients, x[None], ALIKE).score[0]
        assert score == pytest.approx(penalty * fit.coefficients[0], abs=1e-6)


def test_lasso_meets_the_conditions_of_a_maximum(monkeypatch):
    """Karush, Kuhn and Tucker: the score of what stands is the penalty, of what is left out within it."""
    monkeypatch.setitem(GRIDS, "lasso", np.array([14.0]))
    left_out = 0
    for rows, x, free, fit in penalized_fits("lasso"):
        limit = 14.0 * x.std(axis=0)
        limit[:free] = 0
        beta = fit.coefficients[0]
        score = rows.evaluate(fit.coefficients, x[None], ALIKE).score[0]
        stands = np.abs(beta) > 1e-10
        left_out += int((~stands).sum())
        assert score[stands] == pytest.approx((limit * np.sign(beta))[stands], abs=1e-5)
        assert (np.abs(score[~stands]) <= limit[~stands] + 1e-8).all()
    assert left_out > 0


def test_the_strength_is_the_one_with_the_smallest_aic(monkeypatch):
    chosen = fit_penalized(ROWS, SORTED, ALIKE, "ridge").strength[0]
    found = {}
    for strength in GRIDS["ridge"].copy():
        monkeypatch.setitem(GRIDS, "ridge", np.array([strength]))
        fit = fit_penalized(ROWS, SORTED, ALIKE, "ridge")
        at = ROWS.evaluate(fit.coefficients, SORTED[None], ALIKE)
        information = at.information[0]
        penalty = np.diag(strength * SORTED.std(axis=0) ** 2)
        df = np.trace(np.linalg.inv(information + penalty) @ information)
        assert fit.df[0] == pytest.approx(df, rel=1e-6)
        found[strength] = 2 * df - 2 * at.log_likelihood[0]
    assert chosen == min(found, key=found.get)


def test_concordance_is_that_of_survival_and_of_repeated_rows():
    risk = X @ [0.0137, -0.511, 0.4321]
    weight = np.concatenate([ALIKE, draw(2, 1)])
    found = compute_concordances(list_pairs(TIME, EVENT), np.array([risk, risk]), weight)
    assert found[0] == pytest.approx(compute_concordance(risk, TIME, EVENT).value, rel=1e-9)
    rows = np.repeat(np.arange(len(X)), weight[1].astype(int))
    pairs = list_pairs(TIME[rows], EVENT[rows])
    again = compute_concordances(pairs, risk[rows][None], np.ones((1, len(rows))))
    assert found[1] == pytest.approx(again[0], rel=1e-9)


def test_concordance_of_an_answer_by_hand_and_within_groups():
    """Yes: 3, 1. No: 2, 0. Pairs 3>2, 3>0, 1<2, 1>0: three of four; within groups 3>2 and 1>0."""
    pairs = list_answer_pairs(np.array([True, False, True, False]))
    risk, ones = np.array([[3.0, 2, 1, 0]]), np.ones((1, 4))
    assert compute_concordances(pairs, risk, ones)[0] == 0.75
    assert compute_concordances(pairs, risk, ones, within=np.array([0, 0, 1, 1]))[0] == 1.0


def test_brier_score_by_hand():
    """Times 1 (event), 2 (lost), 3 (event), 4; horizon 3. Who is lost passes on to the later two: 1, 0, "
    "1.5, 1.5."""
    time, event = np.array([1.0, 2, 3, 4]), np.array([True, False, True, False])
    weight = weigh_for_censoring(time, event, 3)
    assert weight == pytest.approx([1, 0, 1.5, 1.5])
    predicted = np.array([[0.5, 0.5, 0.5, 0.0]])
    assert compute_brier(predicted, time <= 3, weight, np.ones((1, 4)))[0] == pytest.approx(
        (0.25 + 0.375) / 4
    )


def test_net_benefit_by_hand():
    """Two of four are above 0.25; one of them has the event: 1/4 - 1/4 * (0.25 / 0.75)."""
    predicted = np.array([0.6, 0.3, 0.1, 0.1])
    time, event = np.array([1.0, 9, 1, 9]), np.array([True, False, True, False])
    assert compute_net_benefit(predicted, time, event, 5, 0.25) == pytest.approx(1 / 4 - 1 / 4 / 3)
    assert compute_net_benefit(predicted, time, event, 5, 0.95) == 0
