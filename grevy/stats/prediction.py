"""How well predictions tell subjects apart and hold what they promise, for many predictions at once."""

from dataclasses import dataclass

import numpy as np

from grevy.stats.arrays import BoolArray, FloatArray, IntArray
from grevy.stats.calibration import estimate_risks
from grevy.stats.kaplan_meier import estimate_kaplan_meier
from grevy.stats.penalized import SAMPLES_AT_ONCE


@dataclass(frozen=True)
class Pairs:
    """Who had the event while who went on: the pairs that a risk should order."""

    sooner: IntArray
    later: IntArray


def list_pairs(time: FloatArray, event: BoolArray) -> Pairs:
    """Pairs of Harrell's C (1982); one who is censored on the day of the other's event goes on."""
    is_sooner = event[:, None] & (
        (time[:, None] < time[None, :]) | ((time[:, None] == time[None, :]) & ~event[None, :])
    )
    sooner, later = np.nonzero(is_sooner)
    return Pairs(sooner, later)


def list_answer_pairs(event: BoolArray) -> Pairs:
    """Pairs of a yes and a no: their C is the area under the ROC curve."""
    sooner, later = np.nonzero(event[:, None] & ~event[None, :])
    return Pairs(sooner, later)


def compute_concordances(
    pairs: Pairs, risk: FloatArray, weight: FloatArray, within: IntArray | None = None
) -> FloatArray:
    """C of each row of risks, with the weights of that row; only pairs `within` the same group count.

    Without a pair there is no C: NaN.
    """
    if within is not None:
        same = within[pairs.sooner] == within[pairs.later]
        pairs = Pairs(pairs.sooner[same], pairs.later[same])
    return compute_weighted_concordances(pairs, risk, weight, np.ones((len(pairs.sooner), 1)))[:, 0]


def compute_weighted_concordances(
    pairs: Pairs, risk: FloatArray, weight: FloatArray, of_pair: FloatArray
) -> FloatArray:
    """C of each row of risks for each column of weights of the pairs, times the weights of that row.

    A pair of equal risks counts one half. Without a pair of some weight there is no C: NaN.
    """
    found = []
    for start in range(0, len(risk), SAMPLES_AT_ONCE):
        part, own = risk[start : start + SAMPLES_AT_ONCE], weight[start : start + SAMPLES_AT_ONCE]
        apart = part[:, pairs.sooner] - part[:, pairs.later]
        heavy = own[:, pairs.sooner] * own[:, pairs.later]
        right = (heavy * ((apart > 1e-12) + 0.5 * (np.abs(apart) <= 1e-12))) @ of_pair
        total = heavy @ of_pair
        found.append(np.divide(right, total, out=np.full(right.shape, np.nan), where=total > 0))
    return np.concatenate(found)


# --- Censoring ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Censoring:
    """Probability of being still followed after each distinct time, by Kaplan-Meier.

    Who has an event on a day is gone before others are lost on that day, as events precede censorings in the
    curve of the events: the product of both curves is the share still at risk. So in R's `concordance`, `pec`
    and `prodlim`; a curve with event and censoring merely exchanged differs at such ties.
    """

    time: FloatArray
    followed: FloatArray

    def at(self, time: FloatArray | float) -> FloatArray:
        """Just after a time."""
        return self._step(np.searchsorted(self.time, time, side="right"))

    def before(self, time: FloatArray | float) -> FloatArray:
        """Just before a time: the chance of one with an event at that time to be seen having it."""
        return self._step(np.searchsorted(self.time, time, side="left"))

    def _step(self, place: IntArray) -> FloatArray:
        return np.asarray(np.concatenate([[1.0], self.followed])[place])


def estimate_censoring(time: FloatArray, event: BoolArray) -> Censoring:
    """How long subjects would be followed if nobody had an event."""
    curve = estimate_kaplan_meier(time, event)
    left = curve.n_risk - curve.n_event
    lost = np.divide(curve.n_censored, left, out=np.zeros_like(left), where=left > 0)
    return Censoring(curve.time, np.cumprod(1 - lost))


def weigh_pairs_to(pairs: Pairs, time: FloatArray, censoring: Censoring, until: float) -> FloatArray:
    """Weights of pairs that make Harrell's C that of Uno (2011): free of how censoring fell.

    Pairs with their event up to `until` count, each by the inverse square of the chance to be followed to
    just before it (`n/G2` and `ymax` of R's `concordance`). Past the last follow-up there is no such C.
    """
    seen = time[pairs.sooner]
    return np.asarray(np.where(seen <= until, censoring.before(seen) ** -2.0, 0.0))


def weigh_pairs_at(pairs: Pairs, time: FloatArray, censoring: Censoring, horizon: float) -> FloatArray:
    """Weights of pairs that make C the area under the ROC curve at a horizon.

    Cumulative cases against dynamic controls (Heagerty and Zheng 2005): an event up to the horizon against
    being free of it after, the event by the inverse chance of being seen (Uno 2007; Hung and Chiang 2010).
    """
    seen = time[pairs.sooner]
    is_pair = (seen <= horizon) & (time[pairs.later] > horizon)
    return np.asarray(np.where(is_pair, 1 / censoring.before(seen), 0.0))


def weigh_for_censoring(time: FloatArray, event: BoolArray, horizon: float) -> FloatArray:
    """Weights of the Brier score under censoring (Graf 1999): who is lost counts through others.

    An event up to the horizon by the chance to be followed to just before it, whoever goes on by that to be
    followed to the horizon, whoever was lost by nothing. They add up to the number of subjects; where nobody
    is followed past the horizon they do not, and there is no score: ask `Censoring.at` first.
    """
    censoring = estimate_censoring(time, event)
    had_it = event & (time <= horizon)
    goes_on = time > horizon
    chance = np.where(goes_on, censoring.at(horizon), censoring.before(time))
    return np.divide(had_it | goes_on, chance, out=np.zeros(len(time)), where=chance > 0)


def compute_brier(
    predicted: FloatArray, happened: BoolArray, censoring: FloatArray, weight: FloatArray
) -> FloatArray:
    """Mean squared distance of the predicted risk from what happened, per row of predictions."""
    error = censoring * (happened - predicted) ** 2
    return np.asarray((weight * error).sum(axis=1) / weight.sum(axis=1))


def list_brier_times(time: FloatArray, until: float) -> FloatArray:
    """When the Brier score changes before `until`: at 0 and wherever anybody has the event or is lost."""
    return np.unique(np.append(time[time < until], 0.0))


def compute_integrated_brier(
    hazard: FloatArray,
    predictor: FloatArray,
    time: FloatArray,
    event: BoolArray,
    weight: FloatArray,
    until: float,
) -> FloatArray:
    """Mean over time of the Brier score up to `until` (Graf 1999), of models of proportional hazards.

    `hazard` is the cumulative baseline hazard of each model at the times of `list_brier_times`, between which
    the score stands still, so that the integral is a sum. For each model the score with its own weights and
    the one in the data as they are.
    """
    at = list_brier_times(time, until)
    each = np.array([weigh_for_censoring(time, event, moment) for moment in at]).T
    free = np.where(time[:, None] > at[None, :], each, 0.0)
    lasting = np.diff(at, append=until) / until
    each, free = each * lasting, free * lasting
    start = free.sum(axis=1)
    weights = np.stack([weight, np.ones_like(weight)], axis=1)
    found = np.empty((len(hazard), 2))
    for number, (base, own) in enumerate(zip(hazard, np.exp(predictor), strict=True)):
        survival = np.exp(-own[:, None] * base[None, :])
        # (1 - survival)^2 of the free and survival^2 of those with the event, multiplied out
        error = start + (survival * (each * survival - 2 * free)).sum(axis=1)
        found[number] = weights[number] @ error
    return found / weights.sum(axis=2)


def compute_net_benefit(
    predicted: FloatArray, time: FloatArray, event: BoolArray, horizon: float, threshold: float
) -> float:
    """True positives less false positives at the exchange rate of the threshold (Vickers and Elkin 2006).

    Under censoring the positives' risk is that of Kaplan-Meier among them (Vickers 2008); NaN where none of
    them was followed to the horizon. Nobody above the threshold is no benefit.
    """
    chosen = predicted >= threshold
    if not chosen.any():
        return 0.0
    ones, until = np.ones((1, int(chosen.sum()))), np.array([horizon])
    risk = float(estimate_risks(time[chosen], event[chosen], ones, until)[0, 0])
    return float(chosen.mean()) * (risk - (1 - risk) * threshold / (1 - threshold))
