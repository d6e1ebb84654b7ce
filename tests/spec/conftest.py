"""The `spec` fixture: a drawn table in, a call, a drawn table out."""

from __future__ import annotations

import re
from datetime import date

import ibis
import pyarrow as pa
import pytest

INTEGER = re.compile(r"-?\d+")
DECIMAL = re.compile(r"-?\d+\.\d+")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def infer(cells: list[str]) -> tuple[pa.DataType, list]:
    """Type of a drawn column: whole numbers, decimals or ISO dates if all cells are, otherwise text."""
    filled = [cell for cell in cells if cell]
    if filled and all(INTEGER.fullmatch(cell) for cell in filled):
        return pa.int64(), [int(cell) if cell else None for cell in cells]
    if filled and all(INTEGER.fullmatch(cell) or DECIMAL.fullmatch(cell) for cell in filled):
        return pa.float64(), [float(cell) if cell else None for cell in cells]
    if filled and all(ISO_DATE.fullmatch(cell) for cell in filled):
        return pa.date32(), [date.fromisoformat(cell) if cell else None for cell in cells]
    return pa.string(), [cell or None for cell in cells]


def read_drawn(text: str, types: dict[str, pa.DataType] | None = None) -> pa.Table:
    """A drawn table as Arrow: columns parted by |, one row per line, empty = null, # begins a comment."""
    lines = [line.split("#")[0].rstrip() for line in text.splitlines()]
    grid = [[cell.strip() for cell in line.split("|")] for line in lines if line.strip()]
    names, rows = grid[0], grid[1:]
    for row in rows:
        assert len(row) == len(names), f"a drawn row has {len(row)} cells, expected {len(names)}: {row}"
    arrays = []
    for position, name in enumerate(names):
        kind, values = infer([row[position] for row in rows])
        arrays.append(pa.array(values, kind).cast((types or {}).get(name, kind)))
    return pa.table(arrays, names=names)


def draw(rows: list[dict], names: list[str]) -> str:
    cells = [names] + [["" if row[n] is None else str(row[n]) for n in names] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(names))]
    return "\n".join(" | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in cells)


def sort_key(row: dict, names: list[str]) -> list[tuple[bool, str]]:
    return [(row[name] is not None, str(row[name])) for name in names]


def check_spec(derive, *, given, expect, types=None, **arguments) -> None:
    """Call `derive` with the drawn table (or tables, by name) and compare the drawn columns of its result.

    Columns of the result that are not drawn are not looked at; the order of rows does not matter.
    """
    if isinstance(given, dict):
        tables = {name: ibis.memtable(read_drawn(text, types)) for name, text in given.items()}
        result = derive(**tables, **arguments)
    else:
        result = derive(ibis.memtable(read_drawn(given, types)), **arguments)
    drawn = read_drawn(expect)
    names = drawn.column_names
    wanted = drawn.to_pylist()
    found = result.select(names).to_pyarrow().to_pylist()
    wanted, found = (sorted(rows, key=lambda row: sort_key(row, names)) for rows in (wanted, found))
    same = len(wanted) == len(found) and all(
        equal(w[name], f[name]) for w, f in zip(wanted, found, strict=True) for name in names
    )
    assert same, f"\nexpected\n{draw(wanted, names)}\n\nfound\n{draw(found, names)}"


def equal(wanted, found) -> bool:
    if isinstance(wanted, (int, float)) and found is not None:
        return float(found) == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    return wanted == found


@pytest.fixture
def spec():
    return check_spec
