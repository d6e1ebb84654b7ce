"""How well predictions tell subjects apart and hold what they promise, for many predictions at once."""

from dataclasses import dataclass

import numpy as np

from grevy.stats.arrays import BoolArray, FloatArray, IntArray
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
    found = []
    for start in range(0, len(risk), SAMPLES_AT_ONCE):
        part, own = risk[start : start + SAMPLES_AT_ONCE], weight[start : start + SAMPLES_AT_ONCE]
        apart = part[:, pairs.sooner] - part[:, pairs.later]
        heavy = own[:, pairs.sooner] * own[:, pairs.later]
        right = (heavy * ((apart > 1e-12) + 0.5 * (np.abs(apart) <= 1e-12))).sum(axis=1)
        pairs_of_row = heavy.sum(axis=1)
        found.append(np.divide(right, pairs_of_row, out=np.full(len(right), np.nan), where=pairs_of_row > 0))
    return np.concatenate(found)


def weigh_for_censoring(time: FloatArray, event: BoolArray, horizon: float) -> FloatArray:
    """Weights of the Brier score under censoring (Graf 1999): who is lost counts through others."""
    curve = estimate_kaplan_meier(time, ~event)
    survival = np.concatenate([[1.0], curve.survival])
    until_before = survival[np.searchsorted(curve.time, time, side="left")]
    at_horizon = survival[np.searchsorted(curve.time, horizon, side="right")]
    weight = np.where(time > horizon, 1 / at_horizon if at_horizon > 0 else 0.0, 0.0)
    had_it = event & (time <= horizon)
    weight[had_it] = 1 / until_before[had_it]
    return weight


def compute_brier(
    predicted: FloatArray, happened: BoolArray, censoring: FloatArray, weight: FloatArray
) -> FloatArray:
    """Mean squared distance of the predicted risk from what happened, per row of predictions."""
    error = censoring * (happened - predicted) ** 2
    return np.asarray((weight * error).sum(axis=1) / weight.sum(axis=1))


def compute_risk(time: FloatArray, event: BoolArray, horizon: float) -> float:
    """Share with the event by the horizon, by Kaplan-Meier; 0 of nobody."""
    if not len(time):
        return 0.0
    curve = estimate_kaplan_meier(time, event)
    survival = np.concatenate([[1.0], curve.survival])
    return 1 - float(survival[np.searchsorted(curve.time, horizon, side="right")])


def compute_net_benefit(
    predicted: FloatArray, time: FloatArray, event: BoolArray, horizon: float, threshold: float
) -> float:
    """True positives less false positives at the exchange rate of the threshold (Vickers and Elkin 2006).

    Under censoring the positives' risk is that of Kaplan-Meier among them (Vickers 2008).
    """
    chosen = predicted >= threshold
    share = float(chosen.mean())
    risk = compute_risk(time[chosen], event[chosen], horizon)
    return share * (risk - (1 - risk) * threshold / (1 - threshold))
