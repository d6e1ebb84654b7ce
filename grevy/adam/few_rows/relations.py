"""Tables made of tables: projections, filters, aggregates, unions, joins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis.expr.operations as ops

from grevy.adam.few_rows.joins import write_join
from grevy.adam.few_rows.scope import Rows, Scope
from grevy.adam.few_rows.values import Writer
from grevy.adam.few_rows.windows import group_rows, order_rows

Run = Callable[[dict[str, Rows]], Rows]
"""Computes a table from the kept ones, by name."""


@dataclass
class Relations:
    """Turns relations into functions."""

    written: dict[Any, Run] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    """Names of the tables that were read."""

    def write(self, node: Any) -> Run:
        if node not in self.written:
            self.written[node] = self._write(node)
        return self.written[node]

    def _write(self, node: Any) -> Run:
        if isinstance(node, (ops.UnboundTable, ops.DatabaseTable)):
            name = node.name
            self.read.add(name)
            return lambda tables: tables[name]
        if isinstance(node, ops.InMemoryTable):
            table = node.data.to_pyarrow(node.schema)
            constant = Rows(table.to_pydict(), table.num_rows)
            return lambda _tables: constant
        if isinstance(node, ops.JoinReference):
            return self.write(node.parent)
        if isinstance(node, ops.JoinChain):
            return write_join(node, self.write)
        if isinstance(node, ops.Union):
            return self._union(node)
        return self._of_parent(node)

    def _of_parent(self, node: Any) -> Run:
        make = _MAKERS.get(type(node))
        if make is None:
            raise NotImplementedError(type(node).__name__)
        parent = self.write(node.parent)
        change = make(node, Writer({node.parent: 0}, self.write))
        return lambda tables: change(parent(tables), tables)

    def _union(self, node: Any) -> Run:
        left, right, names = self.write(node.left), self.write(node.right), list(node.schema.names)

        def run(tables: dict[str, Rows]) -> Rows:
            one, other = left(tables), right(tables)
            rows = Rows({name: one[name] + other[name] for name in names}, one.size + other.size)
            return _distinct(rows) if node.distinct else rows

        return run


Change = Callable[[Rows, dict[str, Rows]], Rows]


def _distinct(rows: Rows) -> Rows:
    return rows.pick([group[0] for group in group_rows(list(rows.columns.values()), rows.size)])


def _project(node: Any, writer: Writer) -> Change:
    computed = {
        name: writer.write(value.arg if isinstance(value, ops.Unnest) else value)
        for name, value in node.values.items()
    }
    lists = [name for name, value in node.values.items() if isinstance(value, ops.Unnest)]

    def change(parent: Rows, tables: dict[str, Rows]) -> Rows:
        scope = Scope([parent], parent.size, tables)
        rows = Rows({name: compute(scope) for name, compute in computed.items()}, parent.size)
        return _unnest(rows, lists) if lists else rows

    return change


def _unnest(rows: Rows, lists: Sequence[str]) -> Rows:
    """One row for each member of the lists; an empty list leaves no row."""
    lengths = [max(len(rows[name][place] or ()) for name in lists) for place in range(rows.size)]
    places = [place for place, length in enumerate(lengths) for _ in range(length)]
    columns = dict(rows.pick(places).columns)
    for name in lists:
        columns[name] = [member for one in rows[name] for member in one or ()]
    return Rows(columns, len(places))


def _filter(node: Any, writer: Writer) -> Change:
    conditions = [writer.write(one) for one in node.predicates]

    def change(parent: Rows, tables: dict[str, Rows]) -> Rows:
        scope = Scope([parent], parent.size, tables)
        columns = [condition(scope) for condition in conditions]
        return parent.pick([place for place, met in enumerate(zip(*columns, strict=True)) if all(met)])

    return change


def _aggregate(node: Any, writer: Writer) -> Change:
    keys = {name: writer.write(value) for name, value in node.groups.items()}
    metrics = {name: writer.write(value, per_group=True) for name, value in node.metrics.items()}

    def change(parent: Rows, tables: dict[str, Rows]) -> Rows:
        inner = Scope([parent], parent.size, tables)
        columns = {name: compute(inner) for name, compute in keys.items()}
        groups = group_rows(list(columns.values()), parent.size)
        outer = Scope([], len(groups), tables, groups, inner)
        firsts = {name: [column[group[0]] for group in groups] for name, column in columns.items()}
        return Rows(firsts | {name: compute(outer) for name, compute in metrics.items()}, len(groups))

    return change


def _sort(node: Any, writer: Writer) -> Change:
    keys = [(writer.write(key.arg), key.ascending, key.nulls_first) for key in node.keys]

    def change(parent: Rows, tables: dict[str, Rows]) -> Rows:
        scope = Scope([parent], parent.size, tables)
        orders = [(compute(scope), ascending, first) for compute, ascending, first in keys]
        return parent.pick(order_rows(list(range(parent.size)), orders))

    return change


def _drop_null(node: Any, writer: Writer) -> Change:
    names = [one.name for one in node.subset] if node.subset else list(node.schema.names)
    enough = any if node.how == "any" else all

    def change(parent: Rows, _tables: dict[str, Rows]) -> Rows:
        columns = [parent[name] for name in names]
        rows = enumerate(zip(*columns, strict=True))
        return parent.pick([place for place, row in rows if not enough(value is None for value in row)])

    return change


def _select(node: Any, _writer: Writer) -> Change:
    names = list(node.schema.names)
    return lambda parent, _tables: Rows({name: parent[name] for name in names}, parent.size)


_MAKERS: dict[type, Callable[[Any, Writer], Change]] = {
    ops.Project: _project,
    ops.Filter: _filter,
    ops.Aggregate: _aggregate,
    ops.Sort: _sort,
    ops.DropNull: _drop_null,
    ops.DropColumns: _select,
    ops.Distinct: lambda _node, _writer: lambda parent, _tables: _distinct(parent),
}
