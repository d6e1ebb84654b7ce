"""Result rows laid out as tables: which number stands where, and nothing else.

A cell is the text of one result row, or of several where a row and a column hold more than one. The order of
rows and columns, their labels and their grouping come with the rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from grevy.report.references import Place, read_places
from grevy.report.result_rows import ResultRow
from grevy.report.words import PAGE, Words

PERCENT = re.compile(r"^\([<>]?[\d.]+%\)$")
REGIMEN_COLUMNS = ("MONO", "COMBO")
DISEASE_COLUMNS = ("NET G1/G2", "NET G3", "NEC/MiNEN")


@dataclass(frozen=True)
class Value:
    """One printed number: its text in two halves that meet at the seam of the column, and where it leads."""

    result_id: str
    anchor: str
    place: int
    left: str
    right: str
    is_percent: bool = False
    is_text: bool = False
    zh: str | None = None
    footnote: str = ""
    places: tuple[Place, ...] = ()  # what a text of a checklist names


@dataclass(frozen=True)
class Row:
    label: Words
    indent: int = 0
    is_heading: bool = False
    is_bold: bool = False
    cells: tuple[tuple[Value, ...], ...] = ()
    stands_for: str = ""  # the output whose place in print is this row

    @property
    def is_entry(self) -> bool:
        """In a listing the first cell says what the label says, and stands in its place."""
        return bool(self.cells and self.cells[0]) and self.cells[0][0].left == self.label.en


@dataclass(frozen=True)
class Column:
    id: str
    label: Words
    n: Value | None = None
    n_stands_below: bool = False  # the same number is printed in the body, which then has its address


@dataclass(frozen=True)
class Spanner:
    label: Words | None
    width: int


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    spanners: tuple[Spanner, ...]
    rows: tuple[Row, ...]
    left_width: int
    right_width: int
    percent_width: int
    reasons: dict[str, Words] = field(default_factory=dict)
    is_listing: bool = False


def anchor_of(result_id: str) -> str:
    """The address of a number on the page: its identifier without blanks."""
    return re.sub(r"\s+", "_", result_id)


def split_value(text: str) -> tuple[str, str]:
    """Estimate and bracket of a printed value, or the two ends of a range.

    `158 (76.0%)` gives `158` and `(76.0%)`; `19, 83` gives `19,` and `83`; a bare interval has no left half.
    """
    if text.startswith("("):
        return "", text
    left, bracket, right = text.partition(" (")
    if bracket:
        return left, f"({right}"
    left, comma, right = text.partition(", ")
    return (f"{left},", right) if comma else (text, "")


SIZE_ROW = "N"
NUMBER = re.compile(r"^[(<>]?[−+\d]|^(NR|NC|–)")


def table_of(rows: Sequence[ResultRow], *, is_listing: bool = False) -> Table:
    """Lay out the rows of one output: the N of each column stands in the head and not in the body."""
    sizes: dict[str, ResultRow] = {}
    for row in rows:
        if row.operation == "n" and row.time is None:  # the number at a visit is not the size of a column
            sizes.setdefault(row.column_id, row)
    body = [row for row in rows if not (row.operation == "n" and row.row_id == SIZE_ROW)]
    if len(sizes) < 2:  # a column that counts subjects is not the size of a column
        sizes = {}
    columns = _columns(body or rows, sizes)
    marks = _Marks()
    laid_out = tuple(_rows(body, columns, marks))
    values = [v for row in laid_out for cell in row.cells for v in cell if not v.is_text]
    return Table(
        columns=columns,
        spanners=_spanners(columns),
        rows=laid_out,
        left_width=max((len(v.left) for v in values), default=1),
        right_width=max((len(v.right) for v in values), default=0),
        percent_width=max((len(v.right) for v in values if v.is_percent), default=0),
        reasons=marks.reasons,
        is_listing=is_listing,
    )


class _Marks:
    """Letters for the reasons under a table, in order of appearance."""

    def __init__(self) -> None:
        self.reasons: dict[str, Words] = {}
        self._letters: dict[str, str] = {}

    def letter(self, reason: str | None, reason_zh: str | None) -> str:
        if not reason:
            return ""
        if reason not in self._letters:
            self._letters[reason] = chr(ord("a") + len(self._letters))
            self.reasons[self._letters[reason]] = Words(reason, reason_zh or reason)
        return self._letters[reason]


def _columns(rows: Sequence[ResultRow], sizes: Mapping[str, ResultRow]) -> tuple[Column, ...]:
    first = {row.column_id: row for row in sorted(rows, key=lambda r: r.column_order, reverse=True)}
    return tuple(
        Column(
            row.column_id,
            Words(row.column_label_en, row.column_label_zh),
            value_of(sizes[row.column_id]) if row.column_id in sizes else None,
            row.column_id in sizes and sizes[row.column_id].row_id != SIZE_ROW,
        )
        for row in sorted(first.values(), key=lambda r: r.column_order)
    )


def _spanners(columns: tuple[Column, ...]) -> tuple[Spanner, ...]:
    """A line above the header that tells regimens from disease classes, where a table has both."""
    kinds = [
        "disease" if c.id in DISEASE_COLUMNS else "regimen" if c.id in REGIMEN_COLUMNS else ""
        for c in columns
    ]
    if not {"disease", "regimen"} <= set(kinds):
        return ()
    words = {"regimen": PAGE["by_regimen"], "disease": PAGE["by_disease"], "": None}
    spanners: list[Spanner] = []
    for position, kind in enumerate(kinds):
        if position and kinds[position - 1] == kind:
            spanners[-1] = Spanner(words[kind], spanners[-1].width + 1)
        else:
            spanners.append(Spanner(words[kind], 1))
    return tuple(spanners)


def _rows(body: Sequence[ResultRow], columns: tuple[Column, ...], marks: _Marks) -> list[Row]:
    """Rows in their order, each group under its heading; a row that is the group itself is bold.

    One that has no other row of its group under it heads nothing, and is as plain as they are.
    """
    places = {column.id: place for place, column in enumerate(columns)}
    ordered = sorted(body, key=lambda row: (row.row_order, row.column_order))
    laid_out: list[Row] = []
    group_before = None
    step_in = _groups_to_indent(body)
    lines = Counter(group for group, _ in {(row.group_label_en, row.row_order) for row in body})
    for _, part in groupby(ordered, key=lambda row: row.row_order):
        cells: list[list[Value]] = [[] for _ in columns]
        for row in part:
            cells[places[row.column_id]].append(value_of(row, marks))
        label, group = (
            Words(row.row_label_en, row.row_label_zh),
            Words(row.group_label_en, row.group_label_zh),
        )
        is_own_heading = group == label and not row.indent
        if group.en and group != group_before and not is_own_heading:
            laid_out.append(Row(group, is_heading=True))
        group_before = group
        indent = (row.indent or 0) + (group.en in step_in and not is_own_heading)
        is_bold = is_own_heading and lines[group.en] > 1
        laid_out.append(Row(label, indent, is_bold=is_bold, cells=tuple(tuple(c) for c in cells)))
    return laid_out


def _groups_to_indent(body: Sequence[ResultRow]) -> set[str]:
    """Groups with a heading of their own over rows that are not set in yet."""
    lowest: dict[str, int] = {}
    own_heading = {row.group_label_en for row in body if row.group_label_en == row.row_label_en}
    for row in body:
        if row.group_label_en and row.group_label_en not in own_heading:
            indent = row.indent or 0
            lowest[row.group_label_en] = min(lowest.get(row.group_label_en, indent), indent)
    return {group for group, indent in lowest.items() if indent == 0}


def value_of(row: ResultRow, marks: _Marks | None = None) -> Value:
    """A result as it is printed; words instead of a number are not split."""
    is_told = row.reason == row.row_label_en  # the row says itself why it has no value
    mark = marks.letter(row.reason, row.reason_zh) if marks and not is_told else ""
    place = (row.result_id, anchor_of(row.result_id), row.place)
    zh = row.value_text_zh if row.value_text_zh != row.value_text else None
    if zh is not None or not NUMBER.match(row.value_text):
        return Value(*place, row.value_text, "", is_text=True, zh=zh, footnote=mark, places=read_places(row))
    left, right = split_value(row.value_text)
    return Value(*place, left, right, is_percent=bool(PERCENT.match(right)), footnote=mark)
