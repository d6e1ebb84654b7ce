"""Cox models: ties by Efron or Breslow, strata, weights, offset, late entry; their three tests."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from grevy.stats.arrays import FloatArray, read_covariates, read_optional
from grevy.stats.information import find_collinear, invert, solve
from grevy.stats.no_estimate import NoEstimate, Reason
from grevy.stats.risk_sets import RiskSets, Steps, Ties, build_risk_sets, build_steps
from grevy.stats.statistics_of_tests import ChiSquare, compute_quadratic_form

MOST_ITERATIONS = 60
SMALL_DECREMENT = 1e-14  # squared distance to the maximum, in standard errors
SMALL_STEP = 1e-4  # of any linear predictor; more than this at no gain means that it runs away


@dataclass(frozen=True)
class CoxModel:
    """The rows of a model as it is fitted: covariates about their mean, risk sets and steps."""

    covariates: FloatArray
    center: FloatArray
    offset: FloatArray
    sets: RiskSets
    steps: Steps
    ties: Ties | Literal["exact"]


@dataclass(frozen=True)
class Evaluation:
    """The partial likelihood at given coefficients, and what residuals and tests are made of."""

    log_likelihood: float
    score: FloatArray
    information: FloatArray
    risk: FloatArray  # weight times relative hazard, per row
    mean: FloatArray  # weighted mean of the covariates at each step
    hazard: FloatArray  # of each step


@dataclass(frozen=True)
class CoxFit:
    """A fitted model. `variance` is the one that limits and the Wald test use, robust if it was made so."""

    model: CoxModel
    coefficients: FloatArray
    variance: FloatArray
    naive_variance: FloatArray
    log_likelihood: float
    null_log_likelihood: float
    likelihood_ratio_test: ChiSquare
    wald_test: ChiSquare
    score_test: ChiSquare
    robust_score_test: ChiSquare | None
    linear_predictor: FloatArray
    iterations: int
    events: int

    @property
    def std_error(self) -> FloatArray:
        """Standard error of each coefficient."""
        return np.sqrt(np.diag(self.variance))

    @property
    def hazard_ratio(self) -> FloatArray:
        """Ratio of hazards per unit of each covariate."""
        return np.exp(self.coefficients)

    @property
    def p(self) -> FloatArray:
        """Two-sided p-value of each coefficient, Wald."""
        return 2 * ndtr(-np.abs(self.coefficients / self.std_error))

    def compute_limits(self, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Limits of the hazard ratios."""
        spread = ndtri((1 + confidence) / 2) * self.std_error
        return np.exp(self.coefficients - spread), np.exp(self.coefficients + spread)


def fit_cox(
    time: ArrayLike,
    event: ArrayLike,
    covariates: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    stratum: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    offset: ArrayLike | None = None,
    ties: Ties = "efron",
    minimum_events: int = 1,
) -> CoxFit | NoEstimate:
    """Fit a Cox model (Cox 1972) by Newton's method, as `coxph`; one row per subject or per interval."""
    sets = build_risk_sets(time, event, entry=entry, stratum=stratum, weight=weight)
    model = build_model(sets, covariates, offset, ties, minimum_events)
    return model if isinstance(model, NoEstimate) else maximize(model, evaluate)


def build_model(
    sets: RiskSets,
    covariates: ArrayLike,
    offset: ArrayLike | None,
    ties: Ties | Literal["exact"],
    minimum_events: int,
) -> CoxModel | NoEstimate:
    """The model that is fitted, whatever is done with ties, or why there is none."""
    n = len(sets.time)
    if not n:
        return NoEstimate(Reason.EMPTY)
    if len(sets.deaths) < max(minimum_events, 1):
        return NoEstimate(Reason.TOO_FEW_EVENTS if len(sets.deaths) else Reason.NO_EVENT, str(minimum_events))
    matrix = read_covariates(covariates, n)
    center = np.average(matrix, axis=0, weights=sets.weight)
    offsets = read_optional(offset, "offset", n, 0.0)
    # exact ties are summed over sets and have no steps of their own: those of Breslow group the times
    steps = build_steps(sets, "breslow" if ties == "exact" else ties)
    return CoxModel(matrix - center, center, offsets - offsets.mean(), sets, steps, ties)


def evaluate(model: CoxModel, coefficients: FloatArray) -> Evaluation:
    """Log partial likelihood, its gradient and its information."""
    if model.ties == "exact":
        raise ValueError("Residuals and robust variance are not defined for exact ties; use Efron's.")
    sets, steps, x = model.sets, model.steps, model.covariates
    predictor = x @ coefficients + model.offset
    risk = sets.weight * np.exp(predictor)
    weighted = np.column_stack([risk, risk[:, None] * x])
    at_risk, dying = sets.sum_at_risk(weighted), sets.sum_deaths(weighted)
    met = at_risk[steps.group] - steps.fraction[:, None] * dying[steps.group]
    mean = met[:, 1:] / met[:, :1]
    hazard = steps.weight / met[:, 0]
    died = sets.deaths
    log_likelihood = sets.weight[died] @ predictor[died] - steps.weight @ np.log(met[:, 0])
    score = sets.weight[died] @ x[died] - steps.weight @ mean
    found = Evaluation(float(log_likelihood), score, np.empty(0), risk, mean, hazard)
    return replace(found, information=compute_information(model, found, np.ones(len(hazard))))


def compute_information(model: CoxModel, at: Evaluation, factor: FloatArray) -> FloatArray:
    """Sum over steps of the covariance of the covariates among those at risk, each times a factor.

    Instead of second moments per step, each row gets the hazard it met: the sum over risk sets of
    r x x' / sum(r) is the sum over rows of r x x' times that hazard.
    """
    x = model.covariates
    met = at.risk * sum_hazard(model, factor * at.hazard)
    between = (model.steps.weight * factor)[:, None] * at.mean
    return (x * met[:, None]).T @ x - at.mean.T @ between


def sum_hazard(model: CoxModel, hazard: FloatArray) -> FloatArray:
    """Sum over the steps that a row met, per row; of tied events a row meets its share (Efron)."""
    sets, steps = model.sets, model.steps
    met = sets.sum_while_at_risk(sum_by_group(model, hazard))
    spared = sum_by_group(model, (hazard.T * steps.fraction).T)
    met[sets.deaths] -= spared[sets.group_of_death]
    return met


def sum_by_group(model: CoxModel, values: FloatArray) -> FloatArray:
    """Sum of the values of the steps of each group."""
    starts = np.searchsorted(model.steps.group, np.arange(model.sets.size))
    return np.add.reduceat(values, starts, axis=0)


Likelihood = Callable[[CoxModel, FloatArray], Evaluation]


def maximize(model: CoxModel, likelihood: Likelihood) -> CoxFit | NoEstimate:
    """Newton's method, until a step is nothing beside the standard errors."""
    beta = np.zeros(model.covariates.shape[1])
    start = at = likelihood(model, beta)
    if not len(beta):
        return NoEstimate(Reason.NO_VARIATION)
    dependent = find_collinear(start.information)
    if dependent is not None:
        return NoEstimate(Reason.COLLINEAR, f"covariate {dependent + 1}")
    for iteration in range(1, MOST_ITERATIONS + 1):
        step = solve(at.information, at.score)
        if step is None:
            return NoEstimate(Reason.SEPARATED)
        is_there = float(at.score @ step) < SMALL_DECREMENT
        runs = np.abs(model.covariates @ step).max()
        if is_there and runs > SMALL_STEP:
            worst = int(np.argmax(np.abs(step) * np.abs(model.covariates).max(axis=0)))
            return NoEstimate(Reason.SEPARATED, f"covariate {worst + 1}")
        beta, at = _step(model, likelihood, beta, at, step)
        if is_there:
            return _describe(model, beta, start, at, iteration)
    return NoEstimate(Reason.NOT_CONVERGED)


def _step(
    model: CoxModel, likelihood: Likelihood, beta: FloatArray, at: Evaluation, step: FloatArray
) -> tuple[FloatArray, Evaluation]:
    """One step uphill; a step that leads down is halved."""
    for _ in range(30):
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            found = likelihood(model, beta + step)
        slack = 1e-12 * abs(at.log_likelihood)
        if np.isfinite(found.log_likelihood) and found.log_likelihood >= at.log_likelihood - slack:
            return beta + step, found
        step = step / 2
    return beta, at


def _describe(
    model: CoxModel, beta: FloatArray, start: Evaluation, at: Evaluation, iterations: int
) -> CoxFit:
    variance = invert(at.information)
    gain = 2 * (at.log_likelihood - start.log_likelihood)
    return CoxFit(
        model=model,
        coefficients=beta,
        variance=variance,
        naive_variance=variance,
        log_likelihood=at.log_likelihood,
        null_log_likelihood=start.log_likelihood,
        likelihood_ratio_test=ChiSquare(gain, len(beta)),
        wald_test=ChiSquare(float(beta @ at.information @ beta), len(beta)),
        score_test=compute_quadratic_form(start.score, start.information),
        robust_score_test=None,
        linear_predictor=model.covariates @ beta + model.offset,
        iterations=iterations,
        events=len(model.sets.deaths),
    )
