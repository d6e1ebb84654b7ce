"""Result rows as plain records, read once for the whole report."""

from __future__ import annotations

from collections import Counter, namedtuple
from collections.abc import Iterable, Sequence

import pyarrow as pa

from grevy.results.rows import SCHEMA

ResultRow = namedtuple("ResultRow", (*SCHEMA.names, "place"))
"""One statistic, with `place`: its position among all rows, by which the page names it."""


def read_result_rows(table: pa.Table) -> list[ResultRow]:
    """Read the rows; each identifier must stand once, for it is the address of a number."""
    columns = [table[name].to_pylist() for name in SCHEMA.names]
    rows = [ResultRow(*cells, place) for place, cells in enumerate(zip(*columns, strict=True))]
    identifier, times = next(iter(Counter(row.result_id for row in rows).most_common(1)), ("", 1))
    if times > 1:
        raise ValueError(f"results: identifier {identifier!r} stands {times} times; expected once.")
    return rows


def rows_of_output(rows: Iterable[ResultRow], output_id: str) -> list[ResultRow]:
    return [row for row in rows if row.output_id == output_id]


def find_row(rows: Sequence[ResultRow], output_id: str, row_id: str, column_id: str) -> ResultRow | None:
    """The row at one place of one output, if it is there."""
    wanted = (output_id, row_id, column_id)
    return next((row for row in rows if (row.output_id, row.row_id, row.column_id) == wanted), None)
