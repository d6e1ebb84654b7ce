"""Joins of few rows: every pair that agrees in the equal fields, then whatever else is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.operations as ops

from grevy.adam.few_rows.scope import Compute, Rows, Scope
from grevy.adam.few_rows.values import Writer

Run = Callable[[dict[str, Rows]], Rows]
Places = list[int | None]
"""For each row of the join, the row of one table; None where an outer join found none."""


@dataclass(frozen=True)
class _Link:
    """One table joined to those before it."""

    how: str
    table: Run
    equal: Sequence[tuple[Compute, Compute]]
    """Fields that must agree: of the tables before, of this one."""
    others: Sequence[Compute]


def write_join(chain: Any, write: Callable[[Any], Run]) -> Run:
    """The function of a chain of joins."""
    references = [chain.first, *(link.table for link in chain.rest)]
    places = {reference: place for place, reference in enumerate(references)}
    first = write(chain.first)
    links = [_write_link(link, places, write) for link in chain.rest]
    writer = Writer(places, write)
    computed = {name: writer.write(value) for name, value in chain.values.items()}

    def run(tables: dict[str, Rows]) -> Rows:
        left = first(tables)
        sources: list[Rows] = [left]
        picked: list[Places] = [list(range(left.size))]
        for link in links:
            sources.append(link.table(tables))
            picked = _join(link, sources, picked, tables)
        scope = _scope(sources, picked, tables)
        return Rows({name: compute(scope) for name, compute in computed.items()}, scope.size)

    return run


def _write_link(link: Any, places: dict[Any, int], write: Callable[[Any], Run]) -> _Link:
    alone = Writer({link.table: 0}, write)  # its table by itself
    before = Writer(places, write)
    equal, others = [], []
    for predicate in link.predicates:
        sides = (predicate.left, predicate.right) if isinstance(predicate, ops.Equals) else ()
        here = [_reads(side) == {link.table} for side in sides]
        there = [link.table not in _reads(side) for side in sides]
        if sides and here[1] and there[0]:
            equal.append((before.write(sides[0]), alone.write(sides[1])))
        elif sides and here[0] and there[1]:
            equal.append((before.write(sides[1]), alone.write(sides[0])))
        else:
            others.append(before.write(predicate))
    return _Link(link.how, write(link.table), equal, others)


def _reads(value: Any) -> set[Any]:
    return {one.rel for one in value.find(ops.Field)}


def _scope(sources: Sequence[Rows], picked: Sequence[Places], tables: dict[str, Rows]) -> Scope:
    rows = [source.pick(places) for source, places in zip(sources, picked, strict=False)]
    return Scope(rows, len(picked[0]), tables)


def _join(
    link: _Link, sources: Sequence[Rows], picked: list[Places], tables: dict[str, Rows]
) -> list[Places]:
    left_size, right = len(picked[0]), sources[-1]
    pairs = _find_pairs(link, sources, picked, tables)
    if link.how in ("semi", "anti"):
        met = {one for one, _ in pairs}
        kept = [row for row in range(left_size) if (row in met) == (link.how == "semi")]
        return [[places[row] for row in kept] for places in picked] + [[None] * len(kept)]
    rows: list[tuple[int | None, int | None]] = [*pairs]
    if link.how in ("left", "outer"):
        met = {one for one, _ in pairs}
        rows += [(row, None) for row in range(left_size) if row not in met]
    if link.how in ("right", "outer"):
        found = {other for _, other in pairs}
        rows += [(None, row) for row in range(right.size) if row not in found]
    if link.how not in ("inner", "left", "right", "outer"):
        raise NotImplementedError(f"{link.how} join")
    before = [[None if one is None else places[one] for one, _ in rows] for places in picked]
    return [*before, [other for _, other in rows]]


def _find_pairs(
    link: _Link, sources: Sequence[Rows], picked: list[Places], tables: dict[str, Rows]
) -> list[tuple[int, int]]:
    right = sources[-1]
    before, alone = _scope(sources[:-1], picked, tables), Scope([right], right.size, tables)
    if link.equal:
        keys = [compute(alone) for _, compute in link.equal]
        found: dict[tuple[Any, ...], list[int]] = {}
        for row, key in enumerate(zip(*keys, strict=True)):
            if None not in key:
                found.setdefault(key, []).append(row)
        wanted = zip(*(compute(before) for compute, _ in link.equal), strict=True)
        pairs = [(row, other) for row, key in enumerate(wanted) for other in found.get(key, ())]
    else:
        pairs = [(row, other) for row in range(len(picked[0])) for other in range(right.size)]
    if not link.others or not pairs:
        return pairs
    together: list[Places] = [[places[row] for row, _ in pairs] for places in picked]
    together.append([other for _, other in pairs])
    scope = _scope(sources, together, tables)
    conditions = [compute(scope) for compute in link.others]
    return [pair for pair, met in zip(pairs, zip(*conditions, strict=True), strict=True) if all(met)]
