"""Ridge and lasso for Cox and logistic models, for many weighted samples at once.

A bootstrap sample is the original rows with whole weights, so that 500 fits are one fit with a leading axis.
The penalty acts on coefficients per standard deviation of their covariate in each sample. Ties by Breslow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from grevy.stats.arrays import BoolArray, FloatArray, IntArray

Penalty = Literal["ridge", "lasso"]

GRIDS: dict[Penalty, FloatArray] = {
    "ridge": np.array([256.0, 64.0, 16.0, 4.0, 1.0]),
    "lasso": np.array([32.0, 16.0, 8.0, 4.0, 2.0, 1.0, 0.25]),
}
"""Tried from strong to weak, each fit from where the last one ended."""
MOST_STEPS, SWEEPS = 25, 200
SMALL_STEP = 1e-6  # of a coefficient; the next step would be its square
SAMPLES_AT_ONCE = 25  # what fits into the cache of a core


class Evaluation(NamedTuple):
    """Log-likelihood, score and information of each sample."""

    log_likelihood: FloatArray
    score: FloatArray
    information: FloatArray


@dataclass(frozen=True)
class CoxRows:
    """Rows in falling order of time; `last` and `first` bound the rows of a row's own time."""

    order: IntArray
    time: FloatArray
    event: FloatArray
    last: IntArray
    first: IntArray

    def evaluate(self, beta: FloatArray, x: FloatArray, weight: FloatArray) -> Evaluation:
        """The partial likelihood (Breslow 1974) of each sample; `x` has one axis for samples, maybe of 1."""
        predictor = np.matmul(x, beta[:, :, None])[:, :, 0]
        risk = weight * np.exp(predictor)
        died = weight * self.event
        total = _positive(np.cumsum(risk, axis=1)[:, self.last])
        mean = np.cumsum(risk[:, :, None] * x, axis=1)[:, self.last] / total[:, :, None]
        log_likelihood = (died * (predictor - np.log(total))).sum(axis=1)
        score = np.matmul((died[:, :, None] * (x - mean)).transpose(0, 2, 1), np.ones(x.shape[1]))
        met = (risk * self._sum_hazard(died / total))[:, :, None]
        information = np.matmul((met * x).transpose(0, 2, 1), np.broadcast_to(x, mean.shape))
        information -= np.matmul((died[:, :, None] * mean).transpose(0, 2, 1), mean)
        return Evaluation(log_likelihood, score, information)

    def _sum_hazard(self, hazard: FloatArray) -> FloatArray:
        """Hazard up to a row's own time: all less that of later times."""
        running = np.concatenate([np.zeros((len(hazard), 1)), np.cumsum(hazard, axis=1)], axis=1)
        return running[:, -1:] - running[:, self.first]

    def baseline(self, beta: FloatArray, x: FloatArray, weight: FloatArray, until: FloatArray) -> FloatArray:
        """Cumulative hazard up to each time of a row whose covariates are 0, of each sample (Breslow)."""
        risk = weight * np.exp(np.matmul(x, beta[:, :, None])[:, :, 0])
        total = _positive(np.cumsum(risk, axis=1)[:, self.last])
        steps = (weight * self.event / total)[:, ::-1]
        running = np.concatenate([np.zeros((len(steps), 1)), np.cumsum(steps, axis=1)], axis=1)
        return np.asarray(running[:, np.searchsorted(self.time[::-1], until, side="right")])


def _positive(values: FloatArray) -> FloatArray:
    return np.where(values > 0, values, 1.0)


def sort_cox_rows(time: FloatArray, event: BoolArray) -> CoxRows:
    """Rows by falling time; of equal times all are at risk."""
    order = np.argsort(-time, kind="stable")
    times = time[order]
    last = len(times) - 1 - np.searchsorted(times[::-1], times, side="left")
    first = len(times) - np.searchsorted(times[::-1], times, side="right")
    return CoxRows(order, times, event[order].astype(float), last, first)


@dataclass(frozen=True)
class LogisticRows:
    """Rows as they come; the first column of the covariates is 1 and not penalized."""

    event: FloatArray

    def evaluate(self, beta: FloatArray, x: FloatArray, weight: FloatArray) -> Evaluation:
        """The binomial likelihood of each sample."""
        predictor = np.matmul(x, beta[:, :, None])[:, :, 0]
        probability = 1 / (1 + np.exp(-predictor))
        log_likelihood = (weight * (self.event * predictor - np.logaddexp(0, predictor))).sum(axis=1)
        residual = (weight * (self.event - probability))[:, :, None]
        spread = (weight * probability * (1 - probability))[:, :, None]
        score = (residual * x).sum(axis=1)
        information = np.matmul(
            (spread * x).transpose(0, 2, 1), np.broadcast_to(x, (len(weight), *x.shape[1:]))
        )
        return Evaluation(log_likelihood, score, information)


Rows = CoxRows | LogisticRows


@dataclass(frozen=True)
class Penalized:
    """Coefficients of each sample with the penalty that was chosen, and the parameters they are worth."""

    coefficients: FloatArray
    strength: FloatArray
    df: FloatArray


def fit_penalized(
    rows: Rows, x: FloatArray, weight: FloatArray, penalty: Penalty, *, free: int = 0
) -> Penalized:
    """Fit every sample with the strength of the grid that has the smallest AIC (Gray 1992; Zou 2007).

    `x` is (rows, columns), in the order of `rows`; the first `free` columns bear no penalty.
    """
    parts = [
        _fit_part(rows, x, weight[start : start + SAMPLES_AT_ONCE], penalty, free)
        for start in range(0, len(weight), SAMPLES_AT_ONCE)
    ]
    return Penalized(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("coefficients", "strength", "df")
        )
    )


def _fit_part(rows: Rows, x: FloatArray, weight: FloatArray, penalty: Penalty, free: int) -> Penalized:
    scale = _spread(x, weight)
    scale[:, :free] = 0.0
    columns = x[None]
    beta = np.zeros((len(weight), x.shape[1]))
    best = Penalized(beta.copy(), np.zeros(len(weight)), np.zeros(len(weight)))
    lowest = np.full(len(weight), np.inf)
    for strength in GRIDS[penalty]:
        beta, at = _maximize(rows, columns, weight, beta, strength, scale, SOLVERS[penalty])
        df = DEGREES[penalty](at.information, beta, strength, scale)
        criterion = 2 * (df - at.log_likelihood)
        better = criterion < lowest
        lowest = np.where(better, criterion, lowest)
        best = Penalized(
            np.where(better[:, None], beta, best.coefficients),
            np.where(better, strength, best.strength),
            np.where(better, df, best.df),
        )
    return best


def fit_plain(rows: Rows, x: FloatArray, weight: FloatArray) -> FloatArray:
    """Coefficients without a penalty; `x` may differ from sample to sample. NaN where there are none."""
    beta = np.zeros((len(weight), x.shape[2]))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        scale = np.zeros_like(beta)
        found, at = _maximize(rows, x, weight, beta, 0.0, scale, _step_ridge)
        is_curved = np.linalg.det(at.information) > 1e-10  # not so where the steps ran off, and it is NaN
    return np.where(is_curved[:, None] & (np.abs(found) <= 50), found, np.nan)


def _spread(x: FloatArray, weight: FloatArray) -> FloatArray:
    total = _positive(weight.sum(axis=1, keepdims=True))
    mean = weight @ x / total
    return np.sqrt(np.maximum(weight @ x**2 / total - mean**2, 0.0))


Solver = Callable[[Evaluation, FloatArray, float, FloatArray], FloatArray]


def _maximize(
    rows: Rows,
    x: FloatArray,
    weight: FloatArray,
    beta: FloatArray,
    strength: float,
    scale: FloatArray,
    solve: Solver,
) -> tuple[FloatArray, Evaluation]:
    """Newton's method for all samples until the last of them stands still."""
    at = rows.evaluate(beta, x, weight)
    for _ in range(MOST_STEPS):
        new = solve(at, beta, strength, scale)
        moved = np.abs(new - beta).max()
        beta = new
        at = rows.evaluate(beta, x, weight)
        if moved < SMALL_STEP:
            break
    return beta, at


def _step_ridge(at: Evaluation, beta: FloatArray, strength: float, scale: FloatArray) -> FloatArray:
    penalty = strength * scale**2
    curved = at.information.copy()
    place = np.arange(beta.shape[1])
    curved[:, place, place] += penalty + 1e-12
    return beta + np.linalg.solve(curved, (at.score - penalty * beta)[:, :, None])[:, :, 0]


def _step_lasso(at: Evaluation, beta: FloatArray, strength: float, scale: FloatArray) -> FloatArray:
    """Coordinate descent on the quadratic approximation (Friedman, Hastie and Tibshirani 2010)."""
    limit = strength * scale
    target = at.score + np.matmul(at.information, beta[:, :, None])[:, :, 0]
    new = beta.copy()
    for _ in range(SWEEPS):
        before = new.copy()
        for place in range(beta.shape[1]):
            own = at.information[:, place, place]
            pull = target[:, place] - (at.information[:, place] * new).sum(axis=1) + own * new[:, place]
            size = np.maximum(np.abs(pull) - limit[:, place], 0.0)
            new[:, place] = np.sign(pull) * size / np.where(own > 1e-12, own, np.inf)
        if np.abs(new - before).max() < 1e-10:
            break
    return new


def _count_ridge(information: FloatArray, beta: FloatArray, strength: float, scale: FloatArray) -> FloatArray:
    """Trace of the information over the information with its penalty: the parameters it is worth."""
    place = np.arange(beta.shape[1])
    curved = information.copy()
    curved[:, place, place] += strength * scale**2 + 1e-12
    return np.asarray(np.trace(np.linalg.solve(curved, information), axis1=1, axis2=2))


def _count_lasso(information: FloatArray, beta: FloatArray, strength: float, scale: FloatArray) -> FloatArray:
    return np.asarray((np.abs(beta) > 1e-10).sum(axis=1).astype(float))


SOLVERS: dict[Penalty, Solver] = {"ridge": _step_ridge, "lasso": _step_lasso}
DEGREES: dict[Penalty, Callable[[FloatArray, FloatArray, float, FloatArray], FloatArray]] = {
    "ridge": _count_ridge,
    "lasso": _count_lasso,
}
