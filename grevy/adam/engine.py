"""The engine under the expressions: where an intermediate table is computed once and kept.

A derivation is one expression from the tabulation to the data set. Written out as one query it would be
hundreds of kilobytes of SQL that takes longer to compile than to run, so it is cut where several later
steps read the same table. Nothing else in `adam` knows which engine runs it.

What the steps say depends on the columns of the inputs and on the plan, never on the records. So the steps of
one build are a program: `run_program` writes it down the first time and only runs it after that.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

Keep = Callable[[ir.Table], ir.Table]
"""Computes a table once; the identity leaves it an expression."""

Derive = Callable[[dict[str, ir.Table], Keep], dict[str, ir.Table]]
"""From input tables to kept tables, by name."""

PROGRAMS = 32
"""How many programs are remembered; the oldest makes room."""

_numbers = count()

# fusing nested selects makes shorter SQL and takes most of the compile time; the engines fuse them anyway
ibis.options.sql.fuse_selects = False


def keep_beside(table: ir.Table) -> Keep:
    """Keep tables in the session of the engine that ``table`` lives in; they go when the session does."""
    engine = table.get_backend()

    def keep(expression: ir.Table) -> ir.Table:
        return _run_step(engine, _compile_step(engine, f"grevy_step_{next(_numbers)}", expression))

    return keep


# --- One step ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A kept table: its name, the statement that computes it, and the constant tables the statement reads."""

    name: str
    sql: str
    schema: ibis.Schema
    constants: tuple[ir.Table, ...]


def _compile_step(engine: Any, name: str, expression: ir.Table) -> Step:
    constants = tuple(table.to_expr() for table in expression.op().find(ops.InMemoryTable))
    return Step(name, engine.compile(expression), expression.schema(), constants)


def _run_step(engine: Any, step: Step) -> ir.Table:
    for constant in step.constants:
        engine._run_pre_execute_hooks(constant)
    if engine.name == "duckdb":
        # what create_table does, without copying and rewriting the statement three times over
        table = _refer(engine, step.name, step.schema)
        columns = ", ".join(
            f'"{name}" {engine.compiler.type_mapper.to_string(type_)}' for name, type_ in step.schema.items()
        )
        engine.raw_sql(f"create temp table {step.name} ({columns})")
        engine.raw_sql(f"insert into {step.name} {step.sql}")
        return table
    return _keep_on_spark(engine, step)


def _keep_on_spark(engine: Any, step: Step) -> ir.Table:
    """Spark's own cache keeps the whole plan behind the rows; a checkpoint cuts it.

    Spark's counts are 32 bits wide where Ibis says 64, so the columns are given the types that were said.
    """
    from ibis.backends.pyspark.datatypes import PySparkSchema

    rows = engine._session.sql(step.sql)
    rows.to(PySparkSchema.from_ibis(step.schema)).localCheckpoint().createOrReplaceTempView(step.name)
    return engine.table(step.name)


def _refer(engine: Any, name: str, schema: ibis.Schema) -> ir.Table:
    """A table that the engine has under this name, without asking it for the columns."""
    return ops.DatabaseTable(name=name, schema=schema, source=engine).to_expr()


# --- A program of steps ------------------------------------------------------------------------------


@dataclass
class Program:
    """The steps of a build in order; `prefix` begins the name of every table in their statements."""

    prefix: str
    steps: list[Step] = field(default_factory=list)
    results: dict[str, str] = field(default_factory=dict)


_programs: dict[Hashable, Program] = {}


def run_program(inputs: Mapping[str, ir.Table], derive: Derive, settings: Hashable) -> dict[str, ir.Table]:
    """Tables that ``derive`` gives for the inputs, kept in the engine of the inputs.

    ``settings`` is everything besides the columns of the inputs that the derivation depends on. Called again
    with the same settings and columns, the statements of the first time run on the new inputs.
    """
    engine = next(iter(inputs.values())).get_backend()
    schemas = tuple((name, tuple(table.schema().items())) for name, table in sorted(inputs.items()))
    key = (engine.name, schemas, settings)
    prefix = f"grevy_run_{next(_numbers)}_"
    sources = {name: _show(engine, f"{prefix}in_{name}", table) for name, table in inputs.items()}
    program = _programs.get(key)
    if program is None:
        program, kept = _write_program(engine, prefix, sources, derive)
        while len(_programs) >= PROGRAMS:
            del _programs[next(iter(_programs))]
        _programs[key] = program
    else:
        kept = _repeat_program(engine, prefix, program)
    _drop(engine, "view", [f"{prefix}in_{name}" for name in inputs])
    results = {name: kept[prefix + suffix] for name, suffix in program.results.items()}
    _drop_steps(engine, kept.keys() - {prefix + suffix for suffix in program.results.values()})
    return results


def _show(engine: Any, name: str, table: ir.Table) -> ir.Table:
    """Give an input a name of this run, so that the statements do not depend on what it is called."""
    engine._run_pre_execute_hooks(table)
    engine.raw_sql(f"create or replace temporary view {name} as {engine.compile(table)}")
    return _refer(engine, name, table.schema())


def _write_program(
    engine: Any, prefix: str, sources: dict[str, ir.Table], derive: Derive
) -> tuple[Program, dict[str, ir.Table]]:
    program, kept, numbers = Program(prefix), dict[str, ir.Table](), count()

    def keep(expression: ir.Table) -> ir.Table:
        step = _compile_step(engine, f"{prefix}step_{next(numbers)}", expression)
        program.steps.append(step)
        kept[step.name] = _run_step(engine, step)
        return kept[step.name]

    for name, table in derive(sources, keep).items():
        operation = table.op()
        if not isinstance(operation, ops.DatabaseTable) or operation.name not in kept:
            keep(table)
            program.results[name] = program.steps[-1].name.removeprefix(prefix)
        else:
            program.results[name] = operation.name.removeprefix(prefix)
    return program, kept


def _repeat_program(engine: Any, prefix: str, program: Program) -> dict[str, ir.Table]:
    kept = {}
    for step in program.steps:
        name, sql = (text.replace(program.prefix, prefix) for text in (step.name, step.sql))
        kept[name] = _run_step(engine, Step(name, sql, step.schema, step.constants))
    return kept


def _drop_steps(engine: Any, names: Any) -> None:
    _drop(engine, "table" if engine.name == "duckdb" else "view", names)


def _drop(engine: Any, kind: str, names: Any) -> None:
    for name in names:
        engine.raw_sql(f"drop {kind} {name}")
