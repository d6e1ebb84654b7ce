"""Small analysis data of what patients report, drawn by hand; `analyse` makes them what estimates read."""

from datetime import date
from pathlib import Path

import pyarrow as pa

from grevy.definition import load_study
from grevy.results.conventions import read_conventions
from grevy.results.frames import AnalysisData, collect_frames

STUDY = load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")
START = date(2024, 1, 1)


def draw_table(text: str) -> pa.Table:
    """A drawn table: columns parted by |, numbers where all filled cells are numbers, dates in ISO form."""
    lines = [line.split("#")[0] for line in text.splitlines()]
    grid = [[cell.strip() for cell in line.split("|")] for line in lines if line.strip()]
    columns = {name: [row[place] for row in grid[1:]] for place, name in enumerate(grid[0])}
    return pa.table({name: _read(cells) for name, cells in columns.items()})


def _read(cells: list[str]) -> pa.Array:
    filled = [cell for cell in cells if cell]
    for kind in (float, date.fromisoformat):
        try:
            return (
                pa.array([kind(cell) if cell else None for cell in cells]) if filled else pa.nulls(len(cells))
            )
        except ValueError:
            continue
    return pa.array([cell or None for cell in cells])


def analyse(switches: dict[str, str] | None = None, **drawn: str) -> AnalysisData:
    """Data sets by name; subjects are numbered, in the study S, and their records in the drawn order."""
    tables = {}
    for name, text in drawn.items():
        table = draw_table(text)
        subjects = [f"{subject:g}" for subject in table["SUBJECT"].to_pylist()]
        sequence = [subjects[: place + 1].count(subject) for place, subject in enumerate(subjects)]
        keys = {"STUDYID": ["S"] * len(subjects), "USUBJID": subjects, "ASEQ": sequence}
        columns = {column: table[column] for column in table.column_names if column != "SUBJECT"}
        tables[name] = pa.table(keys | columns)
    plan = STUDY.analysis.with_values(switches or {})
    return AnalysisData(collect_frames(tables), STUDY, read_conventions(plan), plan)


def find(rows, line: str, column: str = "TOTAL"):
    """The row of a line and column."""
    (row,) = (row for row in rows if row.line.id == line and row.column.id == column)
    return row
