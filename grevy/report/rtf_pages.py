"""Heights on a page of the RTF: every line has an exact height, whatever face the reader's machine has.

What is counted here is what a word processor sets, so that it breaks no page of its own. Heights are in lines
of the table, lengths in mm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grevy.report.arial import count_lines_in_arial, measure_arial
from grevy.report.grid import Grid, Head, Line, Printed
from grevy.report.listing_pages import measure_listing
from grevy.report.paging import INDENT, OVER_GROUP, Widths, break_head

TWIPS_PER_MM = 1440 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 16838, 11906  # A4, landscape
MARGIN, TOP = 1134, 1417
ROOM = PAGE_WIDTH - 2 * MARGIN
POINTS, NOTE_POINTS, TITLE_POINTS = 9.0, 8.0, 10.5
LINE_HEIGHT = 240  # twips of one line of 9 point type; exact, for the faces of a machine are not known
NOTE_LINE_HEIGHT, TITLE_LINE_HEIGHT = 200, 290
NOTE_SPACE, TITLE_SPACE = 60, 120
SPARE_LINES = 1.5  # rules of rows, and a line that a reader breaks otherwise
GAP, GAP_OF_WORDS = 28, 45  # twips on each side of a cell: texts must not touch each other
SURE = 0.98  # of a line: some readers move signs that may not begin one


@dataclass(frozen=True)
class Note:
    """A note under a table; one with a mark explains that mark."""

    text: str
    mark: str = ""


def gap_of(grid: Grid) -> int:
    """The room on each side of a cell, in twips."""
    return GAP_OF_WORDS if grid.is_of_words else GAP


def measure_for_rtf(grid: Grid) -> Widths:
    """The columns of a patient listing: no date, identifier or name of a column is broken."""
    indent = max((INDENT * line.indent for line in grid.lines if not line.is_heading), default=0.0)
    beside = 2 * GAP_OF_WORDS / TWIPS_PER_MM
    return measure_listing(
        grid, POINTS, lambda text, points: measure_arial(text, points) / SURE, beside, indent
    )


def lines_for_rows(grid: Grid, widths: Widths, heading: str, subtitle: str, notes: Sequence[Note]) -> float:
    """How many lines a page has for the rows of a table."""
    titles = _count(heading, TITLE_POINTS, ROOM / TWIPS_PER_MM, is_bold=True) * TITLE_LINE_HEIGHT
    below = LINE_HEIGHT if subtitle else 0
    said = sum(_height_of_note(note) for note in notes)
    taken = titles + below + TITLE_SPACE + said
    heads = _lines_of_heads(grid, widths) + bool(grid.spanners) + SPARE_LINES
    return (PAGE_HEIGHT - TOP - MARGIN - taken) / LINE_HEIGHT - heads


def count_row(line: Line, widths: Widths, points: float, *, gap: int = GAP_OF_WORDS) -> float:
    """The height of a row: the most lines of any of its cells, and the room over a group."""
    padding = 2 * gap / TWIPS_PER_MM
    room = sum(widths.all) if line.is_heading and not line.cells else widths.stub
    is_bold = line.begins_group
    most = _count(line.label, points, room - INDENT * line.indent - padding, is_bold=is_bold)
    # a heading has no cells
    for cell, width in zip(line.cells, widths.columns, strict=False):
        most = max(most, sum(_count_value(value, points, width - padding) for value in cell))
    return most + (OVER_GROUP if line.begins_group else 0)


def _count_value(value: Printed, points: float, width: float) -> int:
    return _count(value.measured, points, width) if value.is_text else 1


def _count(text: str, points: float, width: float, *, is_bold: bool = False) -> int:
    return count_lines_in_arial(text, points, SURE * width, is_bold=is_bold)


def _height_of_note(note: Note) -> int:
    text = f"{note.mark} {note.text}" if note.mark else note.text
    return _count(text, NOTE_POINTS, ROOM / TWIPS_PER_MM) * NOTE_LINE_HEIGHT + NOTE_SPACE


def _lines_of_heads(grid: Grid, widths: Widths) -> int:
    padding = 2 * gap_of(grid) / TWIPS_PER_MM
    heads = [(Head(grid.stub), widths.stub), *zip(grid.heads, widths.columns, strict=True)]
    return max(_lines_of_head(head, width, padding) for head, width in heads)


def _lines_of_head(head: Head, width: float, padding: float) -> int:
    lines = break_head(head.label, width, POINTS)
    return sum(_count(line, POINTS, width - padding, is_bold=True) for line in lines) + bool(head.n)
