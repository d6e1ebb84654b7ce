"""Reductions, over groups of rows and over windows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ibis.expr.operations as ops

from grevy.adam.few_rows.scope import Column, Compute, Scope

Order = tuple[Compute, bool, bool]
"""What to order by, whether ascending, whether missing values come first."""


def _some(function: Callable[[Column], Any]) -> Callable[[Column], Any]:
    """Of nothing there is no smallest, no sum, no any."""
    return lambda values: function(values) if values else None


REDUCTIONS: dict[type, Callable[[Column], Any]] = {
    ops.Min: _some(min),
    ops.Max: _some(max),
    ops.Sum: _some(sum),
    ops.Count: len,
    ops.CountStar: len,
    ops.Any: _some(any),
    ops.All: _some(all),
}


def pick_where(column: Column, kept: Column | None, places: Sequence[int]) -> Column:
    """The values at these places that are there and meet the condition."""
    if kept is None:
        return [column[place] for place in places if column[place] is not None]
    return [column[place] for place in places if kept[place] and column[place] is not None]


def group_rows(keys: Sequence[Column], size: int) -> list[list[int]]:
    """Places of the rows by equal keys, in the order of first sight; without keys all rows are one group."""
    if not keys:
        return [list(range(size))]
    found: dict[tuple[Any, ...], list[int]] = {}
    for place, key in enumerate(zip(*keys, strict=True)):
        found.setdefault(key, []).append(place)
    return list(found.values())


def order_rows(places: list[int], orders: Sequence[tuple[Column, bool, bool]]) -> list[int]:
    """Places in the order of the keys; rows that are equal in all of them stay as they came."""
    for column, ascending, nulls_first in reversed(orders):
        there = [place for place in places if column[place] is not None]
        missing = [place for place in places if column[place] is None]
        there.sort(key=column.__getitem__, reverse=not ascending)
        places = missing + there if nulls_first else there + missing
    return places


def compute_window(
    groups: Sequence[Compute],
    orders: Sequence[Order],
    parts: tuple[Callable[[Column], Any], Compute, Compute | None] | None,
    start: Any,
    end: Any,
) -> Compute:
    """A reduction over the rows around each row; without ``parts`` the row's number from 0."""
    first, last = _offset(start), _offset(end)

    def compute(scope: Scope) -> Column:
        keys = [one(scope) for one in groups]
        sorting = [(one(scope), ascending, nulls_first) for one, ascending, nulls_first in orders]
        column = parts[1](scope) if parts else []
        kept = parts[2](scope) if parts and parts[2] else None
        found: Column = [None] * scope.size
        for group in group_rows(keys, scope.size):
            places = order_rows(group, sorting)
            if parts is None:
                for number, place in enumerate(places):
                    found[place] = number
            elif first is None and last is None:
                value = parts[0](pick_where(column, kept, places))
                for place in places:
                    found[place] = value
            else:
                for number, place in enumerate(places):
                    low = 0 if first is None else max(number + first, 0)
                    high = len(places) if last is None else max(number + last + 1, 0)
                    found[place] = parts[0](pick_where(column, kept, places[low:high]))
        return found

    return compute


def _offset(boundary: Any) -> int | None:
    """Rows after the current one, negative before it; None where the window has no such end."""
    if boundary is None:
        return None
    rows = boundary.value.arg.value if isinstance(boundary.value, ops.Cast) else boundary.value.value
    return -rows if boundary.preceding else rows
