"""Residuals of a Cox model, and the robust variance that is made of them."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from grevy.stats.arrays import FloatArray, read_levels, sum_by
from grevy.stats.cox import CoxFit, Evaluation, evaluate, sum_by_group, sum_hazard
from grevy.stats.statistics_of_tests import compute_quadratic_form


def compute_martingale_residuals(fit: CoxFit) -> FloatArray:
    """Observed less expected events of each row (Barlow and Prentice 1988)."""
    model = fit.model
    met = sum_hazard(model, evaluate(model, fit.coefficients).hazard)
    return model.sets.event - np.exp(fit.linear_predictor) * met


def compute_deviance_residuals(fit: CoxFit) -> FloatArray:
    """Martingale residuals made more symmetric (Therneau, Grambsch and Fleming 1990)."""
    residual = compute_martingale_residuals(fit)
    event = fit.model.sets.event
    log = np.log(np.where(event, event - residual, 1.0))
    return np.sign(residual) * np.sqrt(-2 * (residual + event * log))


def compute_schoenfeld_residuals(fit: CoxFit) -> FloatArray:
    """Covariates of each event less their mean among those at risk, in order of stratum and time."""
    return _schoenfeld(fit)[np.lexsort((fit.model.sets.deaths, fit.model.sets.group_of_death))]


def compute_scaled_schoenfeld_residuals(fit: CoxFit) -> FloatArray:
    """Schoenfeld residuals on the scale of the coefficients, about them (Grambsch and Therneau 1994)."""
    return compute_schoenfeld_residuals(fit) @ fit.naive_variance * fit.events + fit.coefficients


def compute_score_residuals(fit: CoxFit) -> FloatArray:
    """Contribution of each row to the score, not weighted."""
    return _score_residuals(fit, evaluate(fit.model, fit.coefficients))


def compute_dfbeta(fit: CoxFit) -> FloatArray:
    """About how much each coefficient would change without the row, its weight included."""
    return fit.model.sets.weight[:, None] * compute_score_residuals(fit) @ fit.naive_variance


def add_robust_variance(fit: CoxFit, cluster: ArrayLike | None = None) -> CoxFit:
    """The model with the variance of Lin and Wei 1989, rows of a cluster taken together.

    Efron's handling of ties and the weights are in the residuals, as in `coxph`.
    """
    model = fit.model
    weight = model.sets.weight[:, None]
    change = _collapse(compute_dfbeta(fit), cluster)
    at_null = _score_residuals(fit, evaluate(model, np.zeros(len(fit.coefficients))))
    score = _collapse(weight * at_null, cluster)
    variance = change.T @ change
    return replace(
        fit,
        variance=variance,
        wald_test=compute_quadratic_form(fit.coefficients, variance),
        robust_score_test=compute_quadratic_form(score.sum(axis=0), score.T @ score),
    )


def _collapse(residuals: FloatArray, cluster: ArrayLike | None) -> FloatArray:
    if cluster is None:
        return residuals
    levels, place = read_levels(cluster, len(residuals))
    return sum_by(place, residuals, len(levels))


def _mean_at_death(fit: CoxFit, at: Evaluation) -> FloatArray:
    """Mean of the covariates that each event met, over the steps of its tied group."""
    sets = fit.model.sets
    steps = sum_by_group(fit.model, np.ones(len(at.hazard)))
    return (sum_by_group(fit.model, at.mean) / steps[:, None])[sets.group_of_death]


def _schoenfeld(fit: CoxFit) -> FloatArray:
    at = evaluate(fit.model, fit.coefficients)
    return fit.model.covariates[fit.model.sets.deaths] - _mean_at_death(fit, at)


def _score_residuals(fit: CoxFit, at: Evaluation) -> FloatArray:
    model = fit.model
    x, sets = model.covariates, model.sets
    relative = (at.risk / np.where(sets.weight > 0, sets.weight, 1.0))[:, None]
    met = sum_hazard(model, at.hazard)[:, None]
    met_mean = sum_hazard(model, at.hazard[:, None] * at.mean)
    residual = -relative * (x * met - met_mean)
    residual[sets.deaths] += x[sets.deaths] - _mean_at_death(fit, at)
    return residual
