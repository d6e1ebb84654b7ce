"""Who is at risk at each time of an event, by stratum: what log-rank tests and Cox models share.

A row is at risk after its entry and up to its time, both in its own stratum. All sums over risk sets are
differences of running sums, so that their cost grows with the number of rows and not with its square.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from grevy.stats.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    accumulate,
    read_levels,
    read_numbers,
    read_optional,
    read_times,
    sum_by,
)

Ties = Literal["efron", "breslow"]


@dataclass(frozen=True)
class RiskSets:
    """Rows as they came, and the groups: the distinct times of events within each stratum, in order.

    `place` and `entered` count distinct times: a row is at risk at those from `entered` to `place`. A group
    has the rows whose key is from its own to the end of its stratum, without those that enter later.
    """

    time: FloatArray
    event: BoolArray
    weight: FloatArray
    stratum: IntArray
    place: IntArray
    entered: IntArray
    has_entry: bool
    order: IntArray  # rows by stratum and time
    first: IntArray  # per group, the position in `order` from which rows are still followed
    end: IntArray  # per group, the end of its stratum in `order`
    entry_order: IntArray
    entry_first: IntArray
    deaths: IntArray  # the rows with an event
    group_of_death: IntArray
    group_time: FloatArray
    group_stratum: IntArray
    begin: IntArray  # per row, the first group at which it may be at risk
    last: IntArray  # per row, one past the last such group

    @property
    def size(self) -> int:
        """Number of groups."""
        return len(self.group_time)

    def sum_at_risk(self, values: FloatArray) -> FloatArray:
        """Sum of the values of those at risk, per group."""
        total = _accumulate_from_end(values[self.order])
        found = total[self.first] - total[self.end]
        if self.has_entry:
            late = _accumulate_from_end(values[self.entry_order])
            found = found - (late[self.entry_first] - late[self.end])
        return found

    def sum_deaths(self, values: FloatArray) -> FloatArray:
        """Sum of the values of those with the event, per group."""
        return sum_by(self.group_of_death, values[self.deaths], self.size)

    def sum_while_at_risk(self, values: FloatArray) -> FloatArray:
        """Sum over the groups at which a row was at risk, per row."""
        running = accumulate(values)
        return running[self.last] - running[self.begin]


def _accumulate_from_end(values: FloatArray) -> FloatArray:
    """Entry i holds the sum of the values from i on; small sums at the end keep all their digits."""
    return accumulate(values[::-1])[::-1]


def build_risk_sets(
    time: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    stratum: ArrayLike | None = None,
    weight: ArrayLike | None = None,
) -> RiskSets:
    """Order the rows and find the groups; rows of weight 0 count as absent."""
    times, entries = read_times(time, entry)
    n = len(times)
    weights = read_optional(weight, "weight", n, 1.0)
    events = (read_numbers(event, "event") != 0) & (weights > 0)
    _, strata = read_levels(stratum, n)
    distinct, place = np.unique(times, return_inverse=True)
    entered = np.searchsorted(distinct, entries, side="right")
    width = len(distinct) + 1
    key, entry_key = strata * width + place, strata * width + entered
    order, entry_order = np.argsort(key, kind="stable"), np.argsort(entry_key, kind="stable")
    groups = np.unique(key[events])
    deaths = np.flatnonzero(events)
    return RiskSets(
        time=times,
        event=events,
        weight=weights,
        stratum=strata,
        place=place,
        entered=entered,
        has_entry=entry is not None,
        order=order,
        first=np.searchsorted(key[order], groups),
        end=np.searchsorted(key[order], (groups // width + 1) * width),
        entry_order=entry_order,
        entry_first=np.searchsorted(entry_key[entry_order], groups, side="right"),
        deaths=deaths,
        group_of_death=np.searchsorted(groups, key[deaths]),
        group_time=distinct[groups % width],
        group_stratum=groups // width,
        begin=np.searchsorted(groups, entry_key),
        last=np.searchsorted(groups, key, side="right"),
    )


@dataclass(frozen=True)
class Steps:
    """The terms of the partial likelihood: one per group (Breslow), or one per event (Efron).

    Efron 1977: of d tied events the k-th (from 0) meets the risk set less k/d of the tied ones. With weights
    each step has the mean weight of the tied events.
    """

    group: IntArray
    fraction: FloatArray
    weight: FloatArray


def build_steps(sets: RiskSets, ties: Ties) -> Steps:
    """Lay out the steps of the partial likelihood for the way in which ties are handled."""
    total = sets.sum_deaths(sets.weight)
    groups = np.arange(sets.size)
    if ties == "breslow":
        return Steps(groups, np.zeros(sets.size), total)
    if ties != "efron":
        raise ValueError(f"Ties '{ties}' are unknown; allowed: efron, breslow.")
    tied = np.bincount(sets.group_of_death, minlength=sets.size)
    group = np.repeat(groups, tied)
    step = np.arange(len(group)) - np.repeat(np.cumsum(tied) - tied, tied)
    return Steps(group, step / tied[group], (total / tied)[group])
