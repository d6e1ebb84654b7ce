"""Harrell's C: how often of two subjects the one with the higher risk has the event first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from grevy.stats.arrays import FloatArray, IntArray, accumulate, read_levels, read_numbers, sum_by
from grevy.stats.no_estimate import NoEstimate, Reason
from grevy.stats.risk_sets import RiskSets, build_risk_sets


@dataclass(frozen=True)
class Concordance:
    """C with its error, and the (weighted) pairs that were compared."""

    value: float
    std_error: float
    concordant: float
    discordant: float
    tied: float


def compute_concordance(
    risk: ArrayLike,
    time: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    stratum: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
) -> Concordance | NoEstimate:
    """C (Harrell 1982) with the error of the infinitesimal jackknife, as `concordance` of survival 3.

    A pair counts if one has the event while the other is at risk and goes on, or is censored that day. Equal
    risks count half. Pairs are formed within strata.
    """
    sets = build_risk_sets(time, event, entry=entry, stratum=stratum, weight=weight)
    risks = read_numbers(risk, "risk")
    influence = np.zeros((len(risks), 3))
    for stratum_number in np.unique(sets.stratum):
        rows = np.flatnonzero(sets.stratum == stratum_number)
        influence[rows] = _sum_pairs(sets, rows, risks)
    # every pair was counted once for each of its two
    concordant, discordant, tied = 0.5 * sets.weight @ influence
    pairs = concordant + discordant + tied
    if pairs <= 0:
        return NoEstimate(Reason.NO_EVENT)
    somer = (concordant - discordant) / pairs
    change = (influence[:, 0] - influence[:, 1] - somer * influence.sum(axis=1)) / pairs
    change = sets.weight * change
    if cluster is not None:
        levels, place = read_levels(cluster, len(change))
        change = sum_by(place, change, len(levels))
    error = float(np.sqrt((change**2).sum())) / 2
    return Concordance((somer + 1) / 2, error, concordant, discordant, tied)


def _sum_pairs(sets: RiskSets, rows: IntArray, risk: FloatArray) -> FloatArray:
    """Weights of a row's partners in concordant, discordant and tied pairs."""
    died = rows[sets.event[rows]]
    # the event comes first on its day; a row goes on after it if its key is larger
    when, until = 2 * sets.place[died], 2 * sets.place[rows] + ~sets.event[rows]
    since = 2 * sets.entered[rows]
    found = np.zeros((len(rows), 3))
    own = np.flatnonzero(sets.event[rows])
    value, event_value = risk[rows], risk[died]
    weight, event_weight = sets.weight[rows], sets.weight[died]
    ends = [(until, 1.0)] + ([(since, -1.0)] if sets.has_entry else [])
    for end, sign in ends:
        # as the one with the event: partners that go on, with lower and with higher risk
        lower = _sum_dominated(when, event_value, end, value, weight)
        higher = _sum_dominated(when, -event_value, end, -value, weight)
        every = _sum_above(when, end, weight)
        found[own] += sign * np.column_stack([lower, higher, every - lower - higher])
        # as the one that goes on: events before its end, with higher and with lower risk
        above = _sum_dominated(-end, -value, -when, -event_value, event_weight)
        below = _sum_dominated(-end, value, -when, event_value, event_weight)
        before = _sum_above(-end, -when, event_weight)
        found += sign * np.column_stack([above, below, before - above - below])
    return found


def _sum_above(key: IntArray, item_key: IntArray, weight: FloatArray) -> FloatArray:
    """For each key the weight of the items with a larger key."""
    order = np.argsort(item_key, kind="stable")
    running = accumulate(weight[order])
    return running[-1] - running[np.searchsorted(item_key[order], key, side="right")]


def _sum_dominated(
    key: IntArray, value: FloatArray, item_key: IntArray, item_value: FloatArray, weight: FloatArray
) -> FloatArray:
    """For each key and value the weight of the items with a larger key and a smaller value.

    A merge sort from the top: items and questions in order of value are divided by ever smaller halves of
    the order of keys, and at each division the questions of the lower half collect from the upper half. The
    cost is n log n, so that a million rows are possible.
    """
    n = len(key)
    keys, values = np.concatenate([key, item_key]), np.concatenate([value, item_value])
    is_item = np.arange(len(keys)) >= n
    weights = np.where(is_item, np.concatenate([np.zeros(n), weight]), 0.0)
    rank = np.empty(len(keys), dtype=np.int64)
    rank[np.lexsort((~is_item, keys))] = np.arange(len(keys))  # an equal key is not larger
    members = np.lexsort((is_item, values))  # an equal value is not smaller
    total = np.zeros(len(keys))
    for level in range(max(len(keys) - 1, 1).bit_length() - 1, -1, -1):
        part = rank[members] >> level
        is_upper = part & 1 == 1
        running = accumulate(np.where(is_upper, weights[members], 0.0))[:-1]
        block = part >> 1
        starts = np.searchsorted(block, block)
        total[members] += np.where(is_upper, 0.0, running - running[starts])
        members = members[np.argsort(part, kind="stable")]
    return total[:n]
