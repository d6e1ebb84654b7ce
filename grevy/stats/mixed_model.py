"""Mixed model for repeated measures: restricted maximum likelihood, Satterthwaite's degrees of freedom."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from grevy.stats.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    Rows,
    read_covariates,
    read_levels,
    read_numbers,
)
from grevy.stats.covariance_structures import Covariance, Structure, build_covariance, start_parameters
from grevy.stats.cox import find_collinear, solve
from grevy.stats.no_estimate import NoEstimate, Reason
from grevy.stats.ranks_and_means import Mean

MOST_ITERATIONS = 100
SMALL_DECREMENT = 1e-13
FALLBACK: tuple[Structure, ...] = ("unstructured", "autoregressive", "compound symmetry")


@dataclass(frozen=True)
class RepeatedMeasures:
    """One row per subject, one column per visit; what is missing is 0 in all arrays and counts nowhere."""

    outcome: FloatArray
    design: FloatArray  # subject, visit, covariate
    visits: Rows
    pattern: IntArray  # per subject, which of the patterns of visits it has
    patterns: BoolArray
    rows: int


@dataclass(frozen=True)
class State:
    """The likelihood at given parameters of the covariance, and what its derivatives are made of."""

    log_likelihood: float
    coefficients: FloatArray
    variance: FloatArray
    precision: FloatArray  # inverse covariance of each subject's visits
    weighted_design: FloatArray
    weighted_residual: FloatArray


@dataclass(frozen=True)
class MixedFit:
    """A fitted model; `structure` is the one that was used, to be told where it is not the first choice."""

    structure: Structure
    coefficients: FloatArray
    variance: FloatArray
    covariance: FloatArray
    visits: Rows
    log_likelihood: float
    subjects: int
    rows: int
    gradients: FloatArray  # of `variance` by each parameter of the covariance
    parameter_variance: FloatArray

    def estimate(self, contrast: ArrayLike, *, confidence: float = 0.95) -> Mean:
        """A combination of coefficients, with Satterthwaite's degrees of freedom (Fai and Cornelius 1996)."""
        weights = np.asarray(contrast, dtype=float)
        value, variance = float(weights @ self.coefficients), float(weights @ self.variance @ weights)
        slope = np.einsum("p,kpq,q->k", weights, self.gradients, weights)
        df = 2 * variance**2 / float(slope @ self.parameter_variance @ slope)
        error = float(np.sqrt(variance))
        spread = float(stdtrit(df, (1 + confidence) / 2)) * error
        p = 2 * float(stdtr(df, -abs(value / error)))
        return Mean(value, error, df, value - spread, value + spread, p)


def fit_mixed_model(
    outcome: ArrayLike,
    design: ArrayLike,
    subject: ArrayLike,
    visit: ArrayLike,
    *,
    structures: Sequence[Structure] = FALLBACK,
) -> MixedFit | NoEstimate:
    """Fit by the first of the structures that converges; as `mmrm` and SAS PROC MIXED with REML.

    One row per subject and visit, rows with a missing outcome left out before. `design` holds all columns,
    that of the intercept too. Missing measurements are taken as missing at random.
    """
    data = read_measures(outcome, design, subject, visit)
    if not data.rows:
        return NoEstimate(Reason.EMPTY)
    flat = data.design.reshape(-1, data.design.shape[2])
    dependent = find_collinear(flat.T @ flat)
    if dependent is not None:
        return NoEstimate(Reason.COLLINEAR, f"covariate {dependent + 1}")
    if data.rows <= flat.shape[1]:
        return NoEstimate(Reason.NO_VARIATION)
    for structure in structures:
        found = _maximize(data, structure)
        if found is not None:
            return found
    return NoEstimate(Reason.NOT_CONVERGED, ", ".join(structures))


def read_measures(
    outcome: ArrayLike, design: ArrayLike, subject: ArrayLike, visit: ArrayLike
) -> RepeatedMeasures:
    """Lay the rows out by subject and visit."""
    values = read_numbers(outcome, "outcome")
    matrix = read_covariates(design, len(values))
    subjects, who = read_levels(subject, len(values))
    visits, when = read_levels(visit, len(values))
    if len(np.unique(who * len(visits) + when)) < len(values):
        raise ValueError("A subject has two rows at one visit; expected one row per subject and visit.")
    shape = (len(subjects), len(visits))
    laid, present = np.zeros(shape), np.zeros(shape, dtype=bool)
    laid[who, when], present[who, when] = values, True
    covariates = np.zeros((*shape, matrix.shape[1]))
    covariates[who, when] = matrix
    patterns, pattern = np.unique(present, axis=0, return_inverse=True)
    return RepeatedMeasures(laid, covariates, visits, pattern.ravel(), patterns, len(values))


def _evaluate(data: RepeatedMeasures, covariance: FloatArray) -> State | None:
    """The restricted likelihood; None where the matrix is no covariance."""
    visits = len(data.visits)
    inverse = np.zeros((len(data.patterns), visits, visits))
    log_determinant = np.zeros(len(data.patterns))
    try:
        np.linalg.cholesky(covariance)
        for number, present in enumerate(data.patterns):
            inner = covariance[np.ix_(present, present)]
            inverse[number][np.ix_(present, present)] = np.linalg.inv(inner)
            log_determinant[number] = np.linalg.slogdet(inner)[1]
    except np.linalg.LinAlgError:
        return None
    precision = inverse[data.pattern]
    weighted = precision @ data.design
    p = data.design.shape[2]
    flat = weighted.reshape(-1, p)
    information = data.design.reshape(-1, p).T @ flat
    variance: FloatArray = np.asarray(np.linalg.inv(information), dtype=float)
    coefficients = variance @ (flat.T @ data.outcome.ravel())
    present = data.patterns[data.pattern]
    residual = np.where(present, data.outcome - data.design @ coefficients, 0.0)
    weighted_residual = (precision @ residual[:, :, None])[:, :, 0]
    total = log_determinant[data.pattern].sum() + np.linalg.slogdet(information)[1]
    total += (residual * weighted_residual).sum() + (data.rows - p) * np.log(2 * np.pi)
    return State(-0.5 * float(total), coefficients, variance, precision, weighted, weighted_residual)


def _differentiate(
    at: State, covariance: Covariance
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Gradient, observed and expected information, and the gradients of the coefficients' variance.

    With P the projection of restricted likelihood and V' the derivatives of the covariance: the gradient is
    (y'P V' P y - tr P V') / 2, the expected information tr(P V' P V') / 2 (Harville 1977).
    """
    d, w, g, u = covariance.first, at.precision, at.weighted_design, at.weighted_residual
    k = len(d)
    shared = g @ at.variance @ g.transpose(0, 2, 1)
    balance = u.T @ u + shared.sum(axis=0) - w.sum(axis=0)
    gradient = 0.5 * np.tensordot(d, balance, 2)

    dw = np.einsum("kab,nbc->knac", d, w)
    ds = np.einsum("kab,nbc->knca", d, shared)
    outer = np.einsum("nap,nbq->abpq", g, g)
    moved = at.variance @ np.tensordot(d, outer, 2)  # variance times the derivative of the information
    flat = dw.reshape(k, -1)
    trace = flat @ dw.transpose(0, 1, 3, 2).reshape(k, -1).T
    cross = flat @ ds.reshape(k, -1).T
    trace = trace - cross - cross.T + moved.reshape(k, -1) @ moved.transpose(0, 2, 1).reshape(k, -1).T
    expected = 0.5 * trace

    du = np.einsum("kab,nb->kna", d, u)
    wdu = np.einsum("nab,knb->kna", w, du)
    onto = np.einsum("nap,kna->kp", g, du)
    quadratic = du.reshape(k, -1) @ wdu.reshape(k, -1).T - onto @ at.variance @ onto.T
    observed = quadratic - expected
    if covariance.second is not None:
        observed = observed - 0.5 * np.tensordot(covariance.second, balance, 2)
    return gradient, observed, expected, moved @ at.variance


def _maximize(data: RepeatedMeasures, structure: Structure) -> MixedFit | None:
    """Newton's method on the parameters of the covariance, Fisher's scoring while far from the maximum."""
    visits = len(data.visits)
    parameters = start_parameters(structure, _spread_of_visits(data))
    covariance = build_covariance(structure, parameters, visits)
    at = _evaluate(data, covariance.matrix)
    for _ in range(MOST_ITERATIONS):
        if at is None:
            return None
        gradient, observed, expected, gradients = _differentiate(at, covariance)
        information = observed if _is_positive(observed) else expected
        if not _is_positive(information):
            return None
        step = solve(information, gradient)
        if step is None:
            return None
        if float(gradient @ step) < SMALL_DECREMENT and information is observed:
            return MixedFit(
                structure,
                at.coefficients,
                at.variance,
                covariance.matrix,
                data.visits,
                at.log_likelihood,
                len(data.outcome),
                data.rows,
                gradients,
                np.asarray(np.linalg.inv(observed), dtype=float),
            )
        parameters, covariance, at = _step(data, structure, parameters, step, at)
    return None


def _step(
    data: RepeatedMeasures, structure: Structure, parameters: FloatArray, step: FloatArray, at: State
) -> tuple[FloatArray, Covariance, State | None]:
    for _ in range(40):
        tried = parameters + step
        covariance = build_covariance(structure, tried, len(data.visits))
        found = _evaluate(data, covariance.matrix)
        if found is not None and found.log_likelihood >= at.log_likelihood - 1e-11 * abs(at.log_likelihood):
            return tried, covariance, found
        step = step / 2
    return parameters, build_covariance(structure, parameters, len(data.visits)), None


def _is_positive(matrix: FloatArray) -> bool:
    scale = np.sqrt(np.maximum(np.diag(matrix), 0))
    if not np.isfinite(matrix).all() or (scale <= 0).any():
        return False
    return bool(np.linalg.eigvalsh(matrix / np.outer(scale, scale))[0] > 1e-10)


def _spread_of_visits(data: RepeatedMeasures) -> FloatArray:
    """Variance of the residuals of ordinary least squares at each visit."""
    flat = data.design.reshape(-1, data.design.shape[2])
    coefficients = np.linalg.lstsq(flat, data.outcome.ravel(), rcond=None)[0]
    present = data.patterns[data.pattern]
    square = np.where(present, data.outcome - data.design @ coefficients, 0.0) ** 2
    spread = square.sum(axis=0) / np.maximum(present.sum(axis=0), 1)
    return np.asarray(np.maximum(spread, 1e-3 * spread.mean()))
