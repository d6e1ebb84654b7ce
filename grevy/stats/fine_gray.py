"""Subdistribution hazards (Fine and Gray 1999) by weights, and beside them the cause-specific model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from grevy.stats.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    read_covariates,
    read_numbers,
    read_times,
    sum_by,
)
from grevy.stats.cox import CoxFit, fit_cox
from grevy.stats.cox_residuals import add_robust_variance
from grevy.stats.no_estimate import NoEstimate
from grevy.stats.risk_sets import Ties


@dataclass(frozen=True)
class WeightedRows:
    """Intervals at risk for the event of interest; `subject` is the row that an interval came from."""

    subject: IntArray
    entry: FloatArray
    time: FloatArray
    event: FloatArray
    weight: FloatArray


@dataclass(frozen=True)
class CompetingModels:
    """The models of one cause: on the subdistribution, without and with robust error, and cause-specific."""

    subdistribution: CoxFit | NoEstimate
    robust: CoxFit | NoEstimate
    cause_specific: CoxFit | NoEstimate


def build_weighted_rows(time: ArrayLike, cause: ArrayLike, of_interest: int = 1) -> WeightedRows:
    """Keep those with a competing event at risk, with the chance that they would not yet be censored.

    As `finegray`: the weight at t of a subject with a competing event at T is G(t-) / G(T-), where G is the
    curve of being uncensored and events precede censorings that day.
    """
    (times, _), kinds = read_times(time), read_numbers(cause, "cause")
    n = len(times)
    grid = np.unique(times[kinds == of_interest])
    competing = np.flatnonzero((kinds > 0) & (kinds != of_interest))
    after = grid[None, :] > times[competing][:, None]
    which, step = np.nonzero(after)
    subject = competing[which]
    until = grid[step]
    since = np.maximum(np.concatenate([[-np.inf], grid])[step], times[subject])
    own, later = (_uncensored_before(times, kinds == 0, at) for at in (times[subject], until))
    weight = np.divide(later, own, out=np.zeros_like(later), where=own > 0)
    kept = weight > 0
    return WeightedRows(
        subject=np.concatenate([np.arange(n), subject[kept]]),
        entry=np.concatenate([np.full(n, -np.inf), since[kept]]),
        time=np.concatenate([times, until[kept]]),
        event=np.concatenate([(kinds == of_interest).astype(float), np.zeros(kept.sum())]),
        weight=np.concatenate([np.ones(n), weight[kept]]),
    )


def fit_competing_models(
    time: ArrayLike,
    cause: ArrayLike,
    covariates: ArrayLike,
    *,
    of_interest: int = 1,
    ties: Ties = "efron",
    minimum_events: int = 1,
) -> CompetingModels:
    """Fine-Gray model and, always beside it, the Cox model of the cause alone.

    The first says who will have the event by some time, the second what drives its rate; neither may be read
    as the other.
    """
    rows = build_weighted_rows(time, cause, of_interest)
    matrix = read_covariates(covariates, len(np.asarray(time)))
    fit = fit_cox(
        rows.time,
        rows.event,
        matrix[rows.subject],
        entry=rows.entry,
        weight=rows.weight,
        ties=ties,
        minimum_events=minimum_events,
    )
    specific = fit_cox(
        time, np.asarray(cause) == of_interest, matrix, ties=ties, minimum_events=minimum_events
    )
    robust = add_robust_variance(fit, rows.subject) if isinstance(fit, CoxFit) else fit
    return CompetingModels(fit, robust, specific)


def _uncensored_before(times: FloatArray, is_censored: BoolArray, at: FloatArray) -> FloatArray:
    """Chance of not being censored before each time; who has an event that day leaves before the censored."""
    distinct, place = np.unique(times, return_inverse=True)
    size = len(distinct)
    censored = sum_by(place, is_censored.astype(float), size)
    later = np.concatenate([np.cumsum(np.bincount(place)[::-1])[::-1][1:], [0]])
    curve = np.cumprod(1 - censored / np.maximum(later + censored, 1))
    return np.concatenate([[1.0], curve])[np.searchsorted(distinct, at)]
