"""The engine under the expressions: where an intermediate table is computed once and kept.

A derivation is one expression from the tabulation to the data set. Written out as one query it would be
hundreds of kilobytes of SQL that takes longer to compile than to run, so it is cut where several later
steps read the same table. Nothing else in `adam` knows which engine runs it.
"""

from collections.abc import Callable
from itertools import count
from typing import Any

import ibis
import ibis.expr.types as ir

Keep = Callable[[ir.Table], ir.Table]
"""Computes a table once; the identity leaves it an expression."""

_numbers = count()

# fusing nested selects makes shorter SQL and takes most of the compile time; the engines fuse them anyway
ibis.options.sql.fuse_selects = False


def keep_beside(table: ir.Table) -> Keep:
    """Keep tables in the session of the engine that ``table`` lives in; they go when the session does."""
    engine = table.get_backend()

    def keep(expression: ir.Table) -> ir.Table:
        name = f"grevy_step_{next(_numbers)}"
        if engine.name == "duckdb":
            # what create_table does, without copying and rewriting the statement three times over
            engine._run_pre_execute_hooks(expression)
            table = engine.create_table(name, schema=expression.schema(), temp=True)
            engine.raw_sql(f"insert into {name} {engine.compile(expression)}")
            return table
        return _keep_on_spark(engine, name, expression)

    return keep


def _keep_on_spark(engine: Any, name: str, expression: ir.Table) -> ir.Table:
    """Spark's own cache keeps the whole plan behind the rows; a checkpoint cuts it.

    Spark's counts are 32 bits wide where Ibis says 64, so the columns are given the types that were said.
    """
    from ibis.backends.pyspark.datatypes import PySparkSchema

    rows = engine._session.sql(engine.compile(expression))
    rows.to(PySparkSchema.from_ibis(expression.schema())).localCheckpoint().createOrReplaceTempView(name)
    return engine.table(name)
