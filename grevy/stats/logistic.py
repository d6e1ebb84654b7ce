"""Logistic models: maximum likelihood with Wald and profile limits, and Firth's for separated data."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import chdtri, expit, ndtr, ndtri

from grevy.stats.arrays import FloatArray, read_covariates, read_numbers, read_optional
from grevy.stats.information import find_collinear, invert, solve
from grevy.stats.no_estimate import NoEstimate, Reason
from grevy.stats.statistics_of_tests import ChiSquare

MOST_ITERATIONS = 500  # Firth's way to the maximum is slow where the likelihood is flat
SMALL_DECREMENT = 1e-16
SMALL_STEP = 1e-4
LONGEST_STEP = 5.0  # of any linear predictor: beyond it lies flat land, from which no way leads back


@dataclass(frozen=True)
class LogisticModel:
    """The rows: covariates with a leading column of ones, outcome, weight and offset."""

    design: FloatArray
    outcome: FloatArray
    weight: FloatArray
    offset: FloatArray
    is_penalized: bool  # by half the log determinant of the information (Firth 1993)


@dataclass(frozen=True)
class LogisticFit:
    """A fitted model; the intercept comes first. With Firth's penalty the likelihood is the penalized one."""

    model: LogisticModel
    coefficients: FloatArray
    variance: FloatArray
    log_likelihood: float
    null_log_likelihood: float
    iterations: int

    @property
    def std_error(self) -> FloatArray:
        """Standard error of each coefficient."""
        return np.sqrt(np.diag(self.variance))

    @property
    def p(self) -> FloatArray:
        """Two-sided p-value of each coefficient, Wald."""
        return 2 * ndtr(-np.abs(self.coefficients / self.std_error))

    @property
    def probability(self) -> FloatArray:
        """Fitted probability of each row."""
        return expit(self.model.design @ self.coefficients + self.model.offset)

    @property
    def deviance(self) -> float:
        """Minus twice the log likelihood: 0 for a model that knows every outcome."""
        return -2 * self.log_likelihood

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return self.deviance + 2 * len(self.coefficients)

    @property
    def likelihood_ratio_test(self) -> ChiSquare:
        """Against the model with nothing but the intercept."""
        return ChiSquare(2 * (self.log_likelihood - self.null_log_likelihood), len(self.coefficients) - 1)

    def compute_limits(self, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Wald limits of the coefficients, on the log odds scale."""
        spread = ndtri((1 + confidence) / 2) * self.std_error
        return self.coefficients - spread, self.coefficients + spread


def fit_logistic(
    outcome: ArrayLike,
    covariates: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    offset: ArrayLike | None = None,
    minimum_events: int = 1,
) -> LogisticFit | NoEstimate:
    """Logistic regression by maximum likelihood, as `glm` with a binomial family.

    Where covariates separate those with from those without the outcome there is no maximum; the result then
    says so and names a covariate that runs away (Albert and Anderson 1984). `minimum_events` is asked of the
    rarer outcome.
    """
    model = _read(outcome, covariates, weight, offset, is_penalized=False)
    rarer = min(model.outcome.sum(), len(model.outcome) - model.outcome.sum())
    if 0 < rarer < minimum_events:
        return NoEstimate(Reason.TOO_FEW_EVENTS, str(minimum_events))
    return _fit(model)


def fit_firth(
    outcome: ArrayLike,
    covariates: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    offset: ArrayLike | None = None,
) -> LogisticFit | NoEstimate:
    """Logistic regression with Firth's penalty, which is finite for separated data too (Heinze 2002)."""
    return _fit(_read(outcome, covariates, weight, offset, is_penalized=True))


def _read(
    outcome: ArrayLike,
    covariates: ArrayLike,
    weight: ArrayLike | None,
    offset: ArrayLike | None,
    *,
    is_penalized: bool,
) -> LogisticModel:
    outcomes = read_numbers(outcome, "outcome")
    n = len(outcomes)
    design = np.column_stack([np.ones(n), read_covariates(covariates, n)])
    weights, offsets = read_optional(weight, "weight", n, 1.0), read_optional(offset, "offset", n, 0.0)
    return LogisticModel(design, outcomes, weights, offsets, is_penalized)


def _fit(model: LogisticModel) -> LogisticFit | NoEstimate:
    if not len(model.outcome):
        return NoEstimate(Reason.EMPTY)
    if not (model.weight @ model.outcome > 0 and model.weight @ (1 - model.outcome) > 0):
        return NoEstimate(Reason.NO_EVENT)
    start = np.zeros(model.design.shape[1])
    dependent = find_collinear(_weigh(model, start)[0])
    if dependent is not None:
        return NoEstimate(Reason.COLLINEAR, f"covariate {dependent}")
    every, none = np.arange(len(start)), np.arange(1)
    found = _maximize(model, start, every)
    if isinstance(found, NoEstimate):
        return found
    beta, log_likelihood, iterations = found
    null = _maximize(model, start, none)
    if isinstance(null, NoEstimate):
        return null
    return LogisticFit(model, beta, invert(_weigh(model, beta)[0]), log_likelihood, null[1], iterations)


def _weigh(model: LogisticModel, beta: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Information, fitted probabilities, and the share of each row in the information."""
    probability = expit(model.design @ beta + model.offset)
    spread = model.weight * probability * (1 - probability)
    return (model.design * spread[:, None]).T @ model.design, probability, spread


def _compute_penalty(model: LogisticModel, information: FloatArray, spread: FloatArray) -> FloatArray:
    """Leverage of each row: Firth's penalty adds it, times 1/2 - p, to the residual."""
    inverse = np.linalg.solve(information, model.design.T).T
    return np.asarray(spread * np.einsum("ij,ij->i", model.design, inverse))


def _log_likelihood(model: LogisticModel, beta: FloatArray) -> float:
    predictor = model.design @ beta + model.offset
    found = float(model.weight @ (model.outcome * predictor - np.logaddexp(0, predictor)))
    if model.is_penalized:
        found += 0.5 * float(np.linalg.slogdet(_weigh(model, beta)[0])[1])
    return found


def _maximize(
    model: LogisticModel, beta: FloatArray, free: np.ndarray
) -> tuple[FloatArray, float, int] | NoEstimate:
    """Newton's method over the free coefficients, the others held; steps that lead down are halved."""
    beta, now = beta.copy(), _log_likelihood(model, beta)
    for iteration in range(1, MOST_ITERATIONS + 1):
        information, probability, spread = _weigh(model, beta)
        residual = model.weight * (model.outcome - probability)
        if model.is_penalized:
            residual = residual + _compute_penalty(model, information, spread) * (0.5 - probability)
        score = model.design[:, free].T @ residual
        step = solve(information[np.ix_(free, free)], score)
        if step is None:
            return NoEstimate(Reason.SEPARATED)
        decrement = float(score @ step)
        runs = float(np.abs(model.design[:, free] @ step).max(initial=0))
        # without a gain worth the name a coefficient still moves: it is on its way to infinity
        if not model.is_penalized and decrement < 1e-12 and runs > SMALL_STEP:
            reach = np.abs(step) * np.abs(model.design[:, free] - model.design[:, free].mean(axis=0)).max(
                axis=0
            )
            return NoEstimate(Reason.SEPARATED, f"covariate {free[int(np.argmax(reach))]}")
        step = step * min(1.0, LONGEST_STEP / max(runs, 1e-300))
        for _ in range(30):
            tried = beta.copy()
            tried[free] += step
            then = _log_likelihood(model, tried)
            if np.isfinite(then) and then >= now - 1e-12 * abs(now):
                break
            step = step / 2
        beta, now = tried, then
        if decrement < SMALL_DECREMENT * max(1.0, abs(now)):
            return beta, now, iteration
    return NoEstimate(Reason.NOT_CONVERGED)


def compute_profile_limits(
    fit: LogisticFit, column: int, *, confidence: float = 0.95
) -> tuple[float, float] | NoEstimate:
    """Limits where twice the fall of the (penalized) likelihood is the quantile of chi-square.

    All other coefficients are fitted again at each value. R's `confint` interpolates between a few points;
    this finds the limit itself.
    """
    others = np.delete(np.arange(len(fit.coefficients)), column)
    depth = float(chdtri(1, 1 - confidence)) / 2

    def build_fall() -> Callable[[float], float]:
        nearest = [fit.coefficients]  # each fit begins at the one before it: the way goes out in small steps

        def fall(value: float) -> float:
            start = nearest[-1].copy()
            start[column] = value
            found = _maximize(fit.model, start, others)
            if isinstance(found, NoEstimate):
                return np.nan
            nearest.append(found[0])
            return fit.log_likelihood - found[1] - depth

        return fall

    center, error = float(fit.coefficients[column]), float(fit.std_error[column])
    limits = [_find_limit(build_fall(), center, sign * error) for sign in (-1, 1)]
    lower, upper = limits
    if lower is None or upper is None:
        return NoEstimate(Reason.NOT_CONVERGED)
    return lower, upper


def _find_limit(fall: Callable[[float], float], center: float, step: float) -> float | None:
    inner, end = center, center + step
    for _ in range(40):
        here = fall(end)
        if np.isnan(here):
            return None
        if here > 0:
            return float(brentq(fall, inner, end, xtol=1e-12, rtol=1e-12))
        inner, end = end, end + step / 2
        step *= 1.1
    return None
