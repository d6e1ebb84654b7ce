"""Comparison of event times between groups: log-rank and Peto-Peto, by strata, with trend.

In a study of one arm these are exploratory; the display that prints them says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from grevy.stats.arrays import FloatArray, Rows, accumulate, read_levels
from grevy.stats.no_estimate import NoEstimate, Reason
from grevy.stats.risk_sets import RiskSets, build_risk_sets
from grevy.stats.statistics_of_tests import ChiSquare, compute_quadratic_form


@dataclass(frozen=True)
class LogRank:
    """Observed and expected events per group, their variance and the test."""

    groups: Rows
    n: FloatArray
    observed: FloatArray
    expected: FloatArray
    variance: FloatArray
    test: ChiSquare

    def compute_trend(self, scores: Sequence[float]) -> ChiSquare | NoEstimate:
        """Test for trend over ordered groups (Tarone 1975), one score per group."""
        score = np.asarray(scores, dtype=float)
        variance = float(score @ self.variance @ score)
        if variance <= 0:
            return NoEstimate(Reason.NO_VARIATION)
        return ChiSquare(float(score @ (self.observed - self.expected)) ** 2 / variance, 1)


def compute_log_rank(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    *,
    stratum: ArrayLike | None = None,
    entry: ArrayLike | None = None,
) -> LogRank | NoEstimate:
    """Log-rank test (Mantel 1966) with the hypergeometric variance, as `survdiff`."""
    sets = build_risk_sets(time, event, entry=entry, stratum=stratum)
    return _compare(sets, group, np.ones(sets.size))


def compute_peto_peto(
    time: ArrayLike, event: ArrayLike, group: ArrayLike, *, stratum: ArrayLike | None = None
) -> LogRank | NoEstimate:
    """Test that weighs early events more: by the pooled curve just before each time (Peto and Peto 1972).

    `survdiff` with rho = 1.
    """
    sets = build_risk_sets(time, event, stratum=stratum)
    ones = np.ones(len(sets.time))
    hazard = sets.sum_deaths(ones) / sets.sum_at_risk(ones)
    # where all die the stratum ends: what is left afterwards is asked by nobody
    before = accumulate(np.log1p(-np.where(hazard < 1, hazard, 0.0)))[:-1]
    starts = np.searchsorted(sets.group_stratum, sets.group_stratum)
    return _compare(sets, group, np.exp(before - before[starts]))


def _compare(sets: RiskSets, group: ArrayLike, weight: FloatArray) -> LogRank | NoEstimate:
    levels, place = read_levels(group, len(sets.time))
    if len(levels) < 2:
        return NoEstimate(Reason.ONE_GROUP if len(levels) else Reason.EMPTY)
    if not sets.size:
        return NoEstimate(Reason.NO_EVENT)
    member = np.eye(len(levels))[place]
    n_risk, n_event = sets.sum_at_risk(member), sets.sum_deaths(member)
    n, d = n_risk.sum(axis=1), n_event.sum(axis=1)
    share = n_risk / n[:, None]
    spread = weight**2 * d * (n - d) / np.maximum(n - 1, 1)
    variance = np.diag(spread @ share) - share.T @ (share * spread[:, None])
    observed, expected = weight @ n_event, weight @ (share * d[:, None])
    test = compute_quadratic_form((observed - expected)[1:], variance[1:, 1:])
    if not test.df:
        return NoEstimate(Reason.NO_VARIATION)
    return LogRank(levels, member.sum(axis=0), observed, expected, variance, test)
