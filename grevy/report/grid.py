"""A table in one language as the printed formats need it: heads, lines and cells as plain texts.

PDF, RTF and DOCX print the same grid; each adds only how its format says "row", "rule" and "page".
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from grevy.report.references import PageOf, measure_out, write_out
from grevy.report.tables import Row, Table, Value
from grevy.report.words import PAGE

DOSE = re.compile(r"(?<=\d) mg")
NOTHING = "–"  # of a kind of entry that nobody has: its label says so


@dataclass(frozen=True)
class Printed:
    """One value: two halves that meet at the seam of its column, or words that are not split."""

    left: str
    right: str = ""
    is_percent: bool = False
    is_text: bool = False
    mark: str = ""
    parts: tuple[str | PageOf, ...] = ()  # of a text that names places: the same with their pages

    @property
    def text(self) -> str:
        """The value as its result row prints it."""
        return f"{self.left} {self.right}" if self.left and self.right else self.left or self.right

    @property
    def measured(self) -> str:
        """The text whose width counts."""
        return measure_out(self.parts) or self.text


@dataclass(frozen=True)
class Head:
    """The head of a column: its name, and its N where it has one."""

    label: str
    n: str = ""


@dataclass(frozen=True)
class Line:
    """A row of the body; a heading has no cells."""

    label: str
    indent: int = 0
    is_heading: bool = False
    is_bold: bool = False
    cells: tuple[tuple[Printed, ...], ...] = ()
    stands_for: str = ""  # the output of which this row is the place

    @property
    def title(self) -> str:
        """The heading of the output that the row stands for."""
        return f"{self.label}\u2003{self.cells[0][0].text}"

    @property
    def begins_group(self) -> bool:
        """A heading, or a group with numbers of its own: what is said again on a continued page."""
        return self.is_heading or self.is_bold


@dataclass(frozen=True)
class Grid:
    """A table in one language."""

    stub: str
    heads: tuple[Head, ...]
    spanners: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]
    is_listing: bool
    percent_width: int
    has_places: bool = False  # texts that name places in the report

    @property
    def is_of_words(self) -> bool:
        """Columns of texts, each as wide as its texts need, and not of numbers under each other."""
        return self.is_listing or self.has_places

    @property
    def printed(self) -> list[Printed]:
        """All values of the body."""
        return [value for line in self.lines for cell in line.cells for value in cell]

    @property
    def marks(self) -> set[str]:
        """The marks that stand in the body: a reason without its mark explains nothing."""
        return {value.mark for value in self.printed}


def lay_out(table: Table, language: str, printed: Collection[str] = ()) -> Grid:
    """Write a table out in one language; in a listing the first column stands in the place of the labels.

    `printed` names what has a page in the document: places that a text names are followed by it.
    """
    first = 1 if table.is_listing else 0
    stub = table.columns[0].label.in_language(language) if table.is_listing else ""
    return Grid(
        stub=stub,
        heads=tuple(
            Head(
                DOSE.sub("\u00a0mg", c.label.in_language(language)),
                print_value(c.n, language).text if c.n else "",
            )
            for c in table.columns[first:]
        ),
        spanners=tuple((s.label.in_language(language) if s.label else "", s.width) for s in table.spanners),
        lines=tuple(_line(row, table, language, printed) for row in table.rows),
        is_listing=table.is_listing,
        percent_width=table.percent_width,
        has_places=any(value.places for row in table.rows for cell in row.cells for value in cell),
    )


def _line(row: Row, table: Table, language: str, printed: Collection[str]) -> Line:
    cells = tuple(tuple(print_value(value, language, printed) for value in cell) for cell in row.cells)
    label = row.label.in_language(language)
    if table.is_listing and cells:
        entry = " ".join(value.text for value in cells[0])
        if entry == NOTHING and label:
            entry = ""
        label = entry if row.is_entry or not label else f"{label} {entry}".strip()
        cells = cells[1:]
    return Line(label, row.indent, row.is_heading, row.is_bold, cells, row.stands_for)


def print_value(value: Value, language: str, printed: Collection[str] = ()) -> Printed:
    """The text of a result in one language."""
    if value.is_text:
        words = value.zh if language == "zh" and value.zh is not None else value.left
        parts = write_out(value.places, language, printed)
        return Printed(words, is_text=True, mark=value.footnote, parts=parts)
    return Printed(value.left, value.right, value.is_percent, mark=value.footnote)


def continued(label: str, language: str) -> str:
    """The label of a group that goes on on another page."""
    return PAGE["continued"].filled(what=label).in_language(language)
