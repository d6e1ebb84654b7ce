"""The engine under the expressions: where an intermediate table is computed once and kept.

A derivation is one expression from the forms to the data set. Written out as one query it would be hundreds
of kilobytes of SQL that takes longer to compile than to run, so it is cut where several later steps read the
same table. Nothing else in `sdtm` and `adam` knows which engine runs it.

What the steps say depends on the columns of the inputs, the study and the plan, never on the records. So the
steps of one build are a program: `run_program` writes it down the first time and only runs it after that, in
this process and, where `programs` can keep it, in later ones.
While a step is written, DuckDB computes those before it on the other core, in the order in which they were
written. Written steps run side by side where none needs the other: most tables are too small for DuckDB to
share the work on one of them between cores.
"""

import gc
import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from queue import Queue
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from grevy.programs import Program, Step, compute_key, read_program, write_program

Keep = Callable[[ir.Table], ir.Table]
"""Computes a table once; the identity leaves it an expression."""

Derive = Callable[[dict[str, ir.Table], Keep], dict[str, ir.Table]]
"""From input tables to kept tables, by name."""

_KEPT = re.compile(r"grevy_(step|run_[0-9a-f]+_step)_")
"""How the name of a kept table begins; an input is a view, whose rows have no place."""

PROGRAMS = 32
"""How many programs are remembered; the oldest makes room."""

# fusing nested selects makes shorter SQL and takes most of the compile time; the engines fuse them anyway
ibis.options.sql.fuse_selects = False


def keep_beside(table: ir.Table) -> Keep:
    """Keep tables in the session of the engine that ``table`` lives in; they go when the session does."""
    engine = table.get_backend()

    def keep(expression: ir.Table) -> ir.Table:
        step = _compile_step(engine, f"grevy_step_{_draw_name()}", expression)
        _run_step(engine, step)
        return _refer(engine, step)

    return keep


def add_ordered(rows: ir.Table, **columns: ir.Value) -> ir.Table:
    """Add columns that are computed over the ordered rows of a group, such as a number within it.

    An engine sorts whole rows for such a column. Where DuckDB has kept the table, only what the columns need
    is sorted, and comes back to its row by the row's place in the table: half of the time for wide rows.
    """
    operation = rows.op()
    is_kept = isinstance(operation, ops.DatabaseTable) and _KEPT.match(operation.name)
    if not is_kept or rows.get_backend().name != "duckdb":
        return rows.mutate(**columns)
    place = rows.rowid()
    others = rows.select(*(name for name in rows.columns if name not in columns), PLACE_OF_ROW=place)
    return others.inner_join(rows.select(PLACE_OF_ROW=place, **columns), "PLACE_OF_ROW").drop("PLACE_OF_ROW")


# --- One step ----------------------------------------------------------------------------------------


def _compile_step(engine: Any, name: str, expression: ir.Table) -> Step:
    constants = tuple(table.to_expr() for table in expression.op().find(ops.InMemoryTable))
    return Step(name, engine.compile(expression), expression.schema(), constants)


def _run_step(engine: Any, step: Step) -> None:
    for constant in step.constants:
        engine._run_pre_execute_hooks(constant)
    if engine.name != "duckdb":
        _keep_on_spark(engine, step)
        return
    # one statement, which may be run again: a step is there with all of its rows or not at all
    columns = ", ".join(
        f'cast("{name}" as {engine.compiler.type_mapper.to_string(type_)}) as "{name}"'
        for name, type_ in step.schema.items()
    )
    kind = "table" if _is_in_memory(engine) else "temp table"
    engine.raw_sql(f"create or replace {kind} {step.name} as select {columns} from ({step.sql})")


_in_memory: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()


def _is_in_memory(engine: Any) -> bool:
    """Whether all tables of DuckDB go with the session; in somebody's file only temporary ones do."""
    if engine not in _in_memory:
        found = "select path is null from duckdb_databases() where database_name = current_database()"
        _in_memory[engine] = engine.con.execute(found).fetchall()[0][0]
    return _in_memory[engine]


def _keep_on_spark(engine: Any, step: Step) -> None:
    """Spark's own cache keeps the whole plan behind the rows; a checkpoint cuts it.

    Spark's counts are 32 bits wide where Ibis says 64, so the columns are given the types that were said.
    """
    from ibis.backends.pyspark.datatypes import PySparkSchema

    rows = engine._session.sql(step.sql)
    rows.to(PySparkSchema.from_ibis(step.schema)).localCheckpoint().createOrReplaceTempView(step.name)


def _refer(engine: Any, step: Step) -> ir.Table:
    """The table of a step, without asking the engine for its columns: it may not have been computed yet."""
    return ops.DatabaseTable(name=step.name, schema=step.schema, source=engine).to_expr()


def _draw_name() -> str:
    """A name that no other run has drawn: several may share the session of an engine, and so its tables."""
    return uuid4().hex


# --- A program of steps ------------------------------------------------------------------------------


_programs: dict[Hashable, Program] = {}


def run_program(inputs: Mapping[str, ir.Table], derive: Derive, settings: Hashable) -> dict[str, ir.Table]:
    """Tables that ``derive`` gives for the inputs, kept in the engine of the inputs.

    ``settings`` is everything besides the columns of the inputs that the derivation depends on. Called again
    with the same settings and columns, the statements of the first time run on the new inputs. A program of
    `sdtm` or `adam` is also kept for other processes, so `repr` writes its settings the same in each of them.
    """
    engine = next(iter(inputs.values())).get_backend()
    schemas = tuple((name, tuple(table.schema().items())) for name, table in sorted(inputs.items()))
    key = (engine.name, schemas, settings)
    prefix = f"grevy_run_{_draw_name()}_"
    sources = {name: _show(engine, f"{prefix}in_{name}", table) for name, table in inputs.items()}
    remembered = _programs.get(key)
    name = None if remembered else _name_kept(engine, derive, schemas, settings)
    known = read_program(name) if name else remembered
    if known:
        program = _repeat_program(engine, prefix, known, inputs)
    else:
        program = _write_program(engine, prefix, sources, derive)
        if name:
            write_program(name, program)
    _remember(key, known or program)
    _drop(engine, "view", [f"{prefix}in_{name}" for name in inputs])
    steps = {step.name: step for step in program.steps}
    results = {name: steps.pop(prefix + suffix) for name, suffix in program.results.items()}
    _drop(engine, "table" if engine.name == "duckdb" else "view", steps)
    return {name: _refer(engine, step) for name, step in results.items()}


def _name_kept(engine: Any, derive: Derive, schemas: Hashable, settings: Hashable) -> str | None:
    """The name by which other processes find a program: DuckDB's only, and of code that the name covers."""
    if engine.name != "duckdb" or not derive.__module__.startswith(("grevy.sdtm.", "grevy.adam.")):
        return None
    return compute_key(f"{derive.__module__}.{derive.__qualname__}", repr(schemas), settings)


def _remember(key: Hashable, program: Program) -> None:
    if key not in _programs:
        while len(_programs) >= PROGRAMS:
            del _programs[next(iter(_programs))]
        _programs[key] = program


def _show(engine: Any, name: str, table: ir.Table) -> ir.Table:
    """Give an input a name of this run, so that the statements do not depend on what it is called."""
    engine._run_pre_execute_hooks(table)
    engine.raw_sql(f"create or replace temporary view {name} as {engine.compile(table)}")
    return ops.DatabaseTable(name=name, schema=table.schema(), source=engine).to_expr()


def _write_program(engine: Any, prefix: str, sources: dict[str, ir.Table], derive: Derive) -> Program:
    program, kept, numbers = Program(prefix), set[str](), count()
    with _collecting_no_cycles(), _running_behind(engine) as run:

        def keep(expression: ir.Table) -> ir.Table:
            step = _compile_step(engine, f"{prefix}step_{next(numbers)}", expression)
            run(step)
            program.steps.append(step)
            kept.add(step.name)
            return _refer(engine, step)

        for name, table in derive(sources, keep).items():
            operation = table.op()
            is_kept = isinstance(operation, ops.DatabaseTable) and operation.name in kept
            found = operation.name if is_kept else keep(table).op().name
            program.results[name] = found.removeprefix(prefix)
    return program


@contextmanager
def _running_behind(engine: Any) -> Iterator[Callable[[Step], None]]:
    """Run steps one after another while the next one is written; all have run when the block is left.

    The mistake of the first step that failed is raised, by the next step or at the end. Spark plans a step
    when it is given, so there every step runs at once.
    """
    if engine.name != "duckdb":
        yield lambda step: _run_step(engine, step)
        return
    given: list[Future[None]] = []

    def run(step: Step) -> None:
        for future in given:
            if future.done():
                future.result()
        given.append(worker.submit(_run_step, engine, step))

    with ThreadPoolExecutor(max_workers=1) as worker:
        try:
            yield run
            for future in given:
                future.result()
        finally:
            worker.shutdown(cancel_futures=True)


@contextmanager
def _collecting_no_cycles() -> Iterator[None]:
    """Expressions are a million small objects that live until the end; looking for dead cycles among them,
    again and again, takes a quarter of the time that it takes to write a program."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _repeat_program(engine: Any, prefix: str, program: Program, inputs: Mapping[str, ir.Table]) -> Program:
    """Run the statements of a program under the names of this run."""
    steps = [
        replace(
            step, name=step.name.replace(program.prefix, prefix), sql=step.sql.replace(program.prefix, prefix)
        )
        for step in program.steps
    ]
    engines = [engine]
    if (
        engine.name == "duckdb"
        and _is_in_memory(engine)
        and all(_is_seen_beside(table) for table in inputs.values())
    ):
        engines.append(_connect_beside(engine, prefix, inputs))
    _run_steps(engines, steps)
    return Program(prefix, steps, program.results)


def _is_seen_beside(table: ir.Table) -> bool:
    """Whether a second connection can read an input; it sees no temporary table or view of the first."""
    named = table.op().find(ops.DatabaseTable)
    return all(_KEPT.match(operation.name) for operation in named)


def _connect_beside(engine: Any, prefix: str, inputs: Mapping[str, ir.Table]) -> Any:
    """A second connection to the same tables, with the inputs of the run under the same names."""
    beside = ibis.duckdb.from_connection(engine.con.cursor())
    for name, table in inputs.items():
        _show(beside, f"{prefix}in_{name}", table)
    return beside


def _run_steps(engines: list[Any], steps: list[Step]) -> None:
    """Run each step when all that it reads is there, as many at a time as there are connections."""
    free: Queue[Any] = Queue()
    for engine in engines:
        free.put(engine)

    def run(step: Step) -> str:
        engine = free.get()
        try:
            _run_step(engine, step)
        finally:
            free.put(engine)
        return step.name

    waiting = {step.name: (step, _find_read(step, steps)) for step in steps}
    with ThreadPoolExecutor(max_workers=len(engines)) as workers:
        running: set[Future[str]] = set()
        try:
            while waiting or running:
                for name in [name for name, (_, read) in waiting.items() if not read][: len(engines)]:
                    running.add(workers.submit(run, waiting.pop(name)[0]))
                ended, running = wait(running, return_when=FIRST_COMPLETED)
                for name in [future.result() for future in ended]:
                    for _, read in waiting.values():
                        read.discard(name)
        finally:
            workers.shutdown(cancel_futures=True)


def _find_read(step: Step, steps: list[Step]) -> set[str]:
    """The steps whose tables a statement reads."""
    names = {other.name for other in steps if other is not step}
    return names.intersection(re.findall(r"grevy_run_[0-9a-f]+_step_[0-9]+", step.sql))


def _drop(engine: Any, kind: str, names: Any) -> None:
    for name in names:
        engine.raw_sql(f"drop {kind} {name}")
