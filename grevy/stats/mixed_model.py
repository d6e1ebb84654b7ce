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
    sum_by,
)
from grevy.stats.covariance_structures import Covariance, Structure, build_covariance, start_parameters
from grevy.stats.information import find_collinear, solve
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
    pattern_precision: FloatArray  # inverse covariance of the visits of each pattern
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
    return State(-0.5 * float(total), coefficients, variance, inverse, weighted, weighted_residual)


def _differentiate(
    data: RepeatedMeasures, at: State, covariance: Covariance
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Gradient, observed and expected information, and the gradients of the coefficients' variance.

    With P the projection of restricted likelihood and V' the derivatives of the covariance: the gradient is
    (y'P V' P y - tr P V') / 2, the expected information tr(P V' P V') / 2 (Harville 1977).
    """
    d, g, u = covariance.first, at.weighted_design, at.weighted_residual
    k, number, visits = len(d), len(data.patterns), len(data.visits)
    # subjects with the same visits have the same precision: only sums over them are needed
    shared = sum_by(data.pattern, (g @ at.variance @ g.transpose(0, 2, 1)).reshape(len(g), -1), number)
    square = sum_by(data.pattern, (u[:, :, None] * u[:, None, :]).reshape(len(u), -1), number)
    shared, square = (part.reshape(number, visits, visits) for part in (shared, square))
    count, w = np.bincount(data.pattern, minlength=number)[:, None, None], at.pattern_precision
    balance = square.sum(axis=0) + shared.sum(axis=0) - (count * w).sum(axis=0)
    gradient = 0.5 * np.tensordot(d, balance, 2)

    flat = d.reshape(k, -1)

    def cross(other: FloatArray) -> FloatArray:
        """Sum of tr(V' W V' other) over the patterns, for each pair of parameters.

        The patterns are summed first: a product for each pattern and pair costs seconds with many visits.
        """
        summed = w.reshape(number, -1).T @ other.reshape(number, -1)
        middle = summed.reshape((visits,) * 4).transpose(3, 0, 1, 2).reshape(visits**2, visits**2)
        return np.asarray(flat @ middle @ flat.T)

    outer = (g.reshape(len(g), -1).T @ g.reshape(len(g), -1)).reshape(visits, -1, visits, g.shape[2])
    moved = at.variance @ np.tensordot(d, outer.transpose(0, 2, 1, 3), 2)
    mixed = cross(shared)
    expected = cross(count * w) - mixed - mixed.T
    expected = 0.5 * (expected + moved.reshape(k, -1) @ moved.transpose(0, 2, 1).reshape(k, -1).T)

    onto = np.tensordot(d, np.tensordot(u, g, (0, 0)), 2)
    observed = cross(square) - onto @ at.variance @ onto.T - expected
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
        gradient, observed, expected, gradients = _differentiate(data, at, covariance)
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
    coefficients = np.linalg.solve(flat.T @ flat, flat.T @ data.outcome.ravel())
    present = data.patterns[data.pattern]
    square = np.where(present, data.outcome - data.design @ coefficients, 0.0) ** 2
    spread = square.sum(axis=0) / np.maximum(present.sum(axis=0), 1)
    return np.asarray(np.maximum(spread, 1e-3 * spread.mean()))
