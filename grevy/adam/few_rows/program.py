"""A derivation written down once, as functions, and called for each subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from grevy.adam.few_rows.relations import Relations, Run
from grevy.adam.few_rows.scope import Rows

Derive = Callable[[dict[str, ir.Table], Callable[[ir.Table], ir.Table]], dict[str, ir.Table]]


@dataclass(frozen=True)
class Program:
    """The steps of a derivation in order, and which of the kept tables are its results."""

    steps: tuple[tuple[str, Run], ...]
    results: dict[str, str]
    reads: frozenset[str]
    """The inputs that a step reads; the others may be left out."""

    def run(self, inputs: Mapping[str, pa.Table | Rows]) -> dict[str, list[dict[str, Any]]]:
        """The tables that the derivation gives, as rows."""
        tables = {
            name: table if isinstance(table, Rows) else Rows(table.to_pydict(), table.num_rows)
            for name, table in inputs.items()
        }
        for name, run in self.steps:
            tables[name] = run(tables)
        return {name: tables[kept].to_dicts() for name, kept in self.results.items()}


def write_program(schemas: Mapping[str, ibis.Schema], derive: Derive) -> Program:
    """Write a derivation down; what it does depends on the columns of its inputs and never on their rows."""
    relations, steps, numbers = Relations(), [], count()

    def keep(expression: ir.Table) -> ir.Table:
        name = f"kept {next(numbers)}"
        steps.append((name, relations.write(expression.op())))
        return ibis.table(expression.schema(), name=name)

    inputs = {name: ibis.table(schema, name=name) for name, schema in schemas.items()}
    results = {name: keep(table).op().name for name, table in derive(inputs, keep).items()}
    return Program(tuple(steps), results, frozenset(inputs) & relations.read)
