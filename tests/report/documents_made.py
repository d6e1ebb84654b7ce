"""Documents of one output, for what the small run does not have: long tables and odd signs."""

from __future__ import annotations

from dataclasses import replace

from grevy.report.document import Document, Section
from grevy.report.tables import Row, Value
from grevy.report.words import same

LONG = "T14.1.5"


def with_rows(document: Document, output_id: str, rows: list[Row]) -> Document:
    """The document with one output only, whose table has these rows."""
    output = next(output for output in document.outputs if output.id == output_id)
    assert output.table
    output = replace(output, table=replace(output.table, rows=tuple(rows), reasons={}), reasons=())
    return replace(document, sections=[Section("14.1", same("Participants"), [output])], switches=[])


def long_rows(groups: int, rows: int) -> list[Row]:
    """Groups of rows that go over several pages; each number stands once."""
    found: list[Row] = []
    for group in range(groups):
        found.append(Row(same(f"Group {group}"), is_heading=True))
        for row in range(rows):
            number = 1000 + 100 * group + row
            cells = tuple(
                (Value(f"r{number}|{c}", f"r{number}|{c}", 0, str(number + c), ""),) for c in range(3)
            )
            found.append(Row(same(f"Row {group}.{row}"), 1, cells=cells))
    return found
