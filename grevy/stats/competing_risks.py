"""Cumulative incidence where other events compete: Aalen-Johansen, and Gray's comparison of groups.

`cause` is 0 for a censored row and otherwise the number of what happened.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from grevy.stats.arrays import (
    FloatArray,
    IntArray,
    Rows,
    accumulate,
    read_levels,
    read_numbers,
    read_times,
    sum_by,
)
from grevy.stats.curve_readings import NO_ESTIMATE, Estimate
from grevy.stats.kaplan_meier import Counts, compute_limits, count_rows
from grevy.stats.no_estimate import NoEstimate, Reason
from grevy.stats.statistics_of_tests import ChiSquare, compute_quadratic_form


@dataclass(frozen=True)
class CumulativeIncidence:
    """Probability of each cause up to each distinct time: one row per time, one column per cause."""

    time: FloatArray
    causes: tuple[int, ...]
    n_risk: FloatArray
    n_event: FloatArray
    incidence: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    event_free: FloatArray

    def read_at(self, cause: int, time: float) -> Estimate:
        """Incidence of a cause up to a time with its limits; no value past the last follow-up."""
        column = self.causes.index(cause)
        step = int(np.searchsorted(self.time, time, side="right")) - 1
        if not len(self.time) or (time > self.time[-1] and self.event_free[-1] > 0):
            return NO_ESTIMATE
        if step < 0:
            return Estimate(0.0, None, None)
        found = (part[step, column] for part in (self.incidence, self.lower, self.upper))
        return Estimate(*(None if np.isnan(part) else float(part) for part in found))


def estimate_cumulative_incidence(
    time: ArrayLike,
    cause: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    confidence: float = 0.95,
    interval: str = "log-log",
) -> CumulativeIncidence | NoEstimate:
    """Aalen-Johansen estimate with the error of the infinitesimal jackknife, as `survfit` of survival 3.

    One minus Kaplan-Meier would count those with a competing event as if the event could still come.
    """
    kinds = read_numbers(cause, "cause").astype(int)
    causes = tuple(int(kind) for kind in np.unique(kinds[kinds > 0]))
    if not len(kinds) or not causes:
        return NoEstimate(Reason.NO_EVENT if len(kinds) else Reason.EMPTY)
    counts = count_rows(time, kinds > 0, entry, weight)
    size = len(counts.time)
    n_event = np.column_stack([sum_by(counts.place, counts.weight * (kinds == k), size) for k in causes])
    before = accumulate_survival(counts)
    step = (before[:-1] / np.where(counts.n_risk > 0, counts.n_risk, 1.0))[:, None] * n_event
    incidence = np.cumsum(step, axis=0)
    error = np.column_stack([_compute_error(counts, step[:, c], kinds == k) for c, k in enumerate(causes)])
    with np.errstate(invalid="ignore", divide="ignore"):
        lower, upper = compute_limits(incidence, error / incidence, confidence=confidence, interval=interval)
    return CumulativeIncidence(
        counts.time, causes, counts.n_risk, n_event, incidence, error, lower, upper, before[1:]
    )


def accumulate_survival(counts: Counts) -> FloatArray:
    """Kaplan-Meier curve with a leading 1: entry i holds the curve just before the i-th time."""
    return np.concatenate([[1.0], np.cumprod(1 - counts.hazard)])


def _compute_error(counts: Counts, step: FloatArray, is_cause: Rows) -> FloatArray:
    """Square root of the sum of squared influences of the rows on the incidence of a cause.

    With K the sum of d / (n (n - d)) and F the incidence, the influence of a row at risk is the sum over
    times of S h (K - K(entry) - 1/n); its event adds S / n; after its end only F goes on, times its
    influence on log S. So every influence is linear in the running sums, and their squares add up by moments.
    """
    left = counts.n_risk - counts.n_event
    growth = accumulate(np.divide(counts.hazard, left, out=np.zeros_like(left), where=left > 1e-12))
    total = accumulate(step)
    at_risk = np.where(counts.n_risk > 0, counts.n_risk, 1.0)
    part = accumulate(step * (growth[:-1] - 1 / at_risk))
    begin, end = counts.entered, counts.place + 1
    # at risk: part + slope * total + level
    slope = -growth[begin]
    level = -part[begin] - slope * total[begin]
    survival = accumulate_survival(counts)[:-1]
    own = is_cause * (survival / at_risk)[counts.place]
    after = growth[end] - growth[begin]
    rest = left[counts.place]
    after = after - np.divide(counts.event, rest, out=np.zeros_like(after), where=rest > 1e-12)
    fixed = part[end] + slope * total[end] + level + own - after * total[end]
    square = counts.weight**2
    now, whole = part[1:], total[1:]
    ended = _sum_square(counts.place, square, [fixed, after], [np.ones_like(whole), whole])
    entered = _sum_square(begin, square, [np.ones_like(slope), slope, level], [now, whole, np.ones_like(now)])
    gone = _sum_square(
        counts.place, square, [np.ones_like(slope), slope, level], [now, whole, np.ones_like(now)]
    )
    return np.sqrt(np.maximum(ended + entered - gone, 0))


def _sum_square(
    place: IntArray, square: FloatArray, parts: list[FloatArray], factors: list[FloatArray]
) -> FloatArray:
    """Sum over rows up to each time of a squared linear combination whose factors change with time."""
    size = len(factors[0])
    found = np.zeros(size)
    for part, factor in zip(parts, factors, strict=True):
        for other, other_factor in zip(parts, factors, strict=True):
            moment = np.cumsum(sum_by(place, square * part * other, size + 1))[:size]
            found += factor * other_factor * moment
    return found


# --- Gray's test --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GrayTest:
    """Score of each group and its variance, for one cause, and the test."""

    groups: Rows
    score: FloatArray
    variance: FloatArray
    test: ChiSquare


def compare_cumulative_incidence(
    time: ArrayLike,
    cause: ArrayLike,
    group: ArrayLike,
    *,
    of_interest: int = 1,
    stratum: ArrayLike | None = None,
) -> GrayTest | NoEstimate:
    """Gray's test of equal cumulative incidence (Gray 1988), with rho = 0, as `cuminc`."""
    (times, _), kinds = read_times(time), read_numbers(cause, "cause")
    levels, place = read_levels(group, len(times))
    if len(levels) < 2:
        return NoEstimate(Reason.ONE_GROUP if len(levels) else Reason.EMPTY)
    if not (kinds == of_interest).any():
        return NoEstimate(Reason.NO_EVENT)
    _, strata = read_levels(stratum, len(times))
    score, variance = np.zeros(len(levels)), np.zeros((len(levels), len(levels)))
    for number in range(strata.max() + 1):
        inside = strata == number
        happened = np.where(kinds[inside] == of_interest, 1, np.where(kinds[inside] > 0, 2, 0))
        part, spread = _score_groups(times[inside], happened, place[inside], len(levels))
        score, variance = score + part, variance + spread
    test = compute_quadratic_form(score[:-1], variance[:-1, :-1])
    if not test.df:
        return NoEstimate(Reason.NO_VARIATION)
    return GrayTest(levels, score, variance, test)


def _score_groups(
    time: FloatArray, kind: Rows, group: IntArray, n_groups: int
) -> tuple[FloatArray, FloatArray]:
    """Score and variance within a stratum: one row per distinct time, one column per group."""
    distinct, place = np.unique(time, return_inverse=True)
    member = np.eye(n_groups)[group]
    size = len(distinct)
    leaving = sum_by(place, member, size)
    risk = np.cumsum(leaving[::-1], axis=0)[::-1]
    event, other = (sum_by(place, member * (kind == k)[:, None], size) for k in (1, 2))
    present = risk > 0
    safe = np.where(present, risk, 1.0)
    survival = np.cumprod(1 - (event + other) / safe, axis=0)
    before = np.vstack([np.ones(n_groups), survival[:-1]])
    own = np.cumsum(before * event / safe, axis=0)
    own_before = np.vstack([np.zeros(n_groups), own[:-1]])

    # the risk set as it would be without competing events: y / S, times 1 - F
    size_at = np.where(present & (before > 0), safe / np.where(before > 0, before, 1.0), 0.0)
    total = size_at.sum(axis=1, keepdims=True)
    adjusted = size_at * (1 - own_before)
    events = event.sum(axis=1, keepdims=True)
    sum_adjusted = adjusted.sum(axis=1, keepdims=True)
    expected = events * np.divide(adjusted, sum_adjusted, out=np.zeros_like(adjusted), where=sum_adjusted > 0)
    score = (event - expected).sum(axis=0)

    jump = np.divide(events, total, out=np.zeros_like(events), where=total > 0)
    pooled = np.cumsum(jump, axis=0)
    pooled_before = np.vstack([[[0.0]], pooled[:-1]])
    share = np.divide(size_at, total, out=np.zeros_like(size_at), where=total > 0)
    direct = size_at[:, :, None] * (np.eye(n_groups) - share[:, None, :])  # of group i, by group k
    later = np.cumsum(direct * (jump / (1 - pooled_before))[:, :, None], axis=0)

    ratio = np.where(survival > 0, (1 - pooled) / np.where(survival > 0, survival, 1.0), 0.0)
    # what an event, or a competing one, in group k does to the score of group i by its direct effect, and to
    # what comes later; `later` at the end is the whole, `later` now the part that has passed
    pull = 1 - ratio
    tied = np.where(events > 1, 1 - (events - 1) / np.maximum(total * before - 1, 1e-300), 1.0)
    weight = np.where(present, tied * before * jump / safe, 0.0)
    ahead = later[-1] - later
    effect = direct + pull[:, :, None].transpose(0, 2, 1) * ahead
    variance = np.einsum("tik,tjk,tk->ij", effect, effect, weight)

    tied = np.where(other > 1, 1 - (other - 1) / np.maximum(safe - 1, 1e-300), 1.0)
    weight = np.where(survival > 0, tied * before**2 * other / safe**2, 0.0)
    effect = -ratio[:, :, None].transpose(0, 2, 1) * ahead
    return score, variance + np.einsum("tik,tjk,tk->ij", effect, effect, weight)
