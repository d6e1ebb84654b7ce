"""Result rows laid out as tables: which number stands where, and nothing else.

A cell is the text of one result row, or of several where a row and a column hold more than one. The order of
rows and columns, their labels and their grouping come with the rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

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


@dataclass(frozen=True)
class Row:
    label: Words
    indent: int = 0
    is_heading: bool = False
    is_bold: bool = False
    cells: tuple[tuple[Value, ...], ...] = ()


@dataclass(frozen=True)
class Column:
    id: str
    label: Words
    n: Value | None


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


def table_of(rows: pd.DataFrame) -> Table:
    """Lay out the rows of one output: the N of each column stands in the head and not in the body."""
    sizes = rows[rows["operation"] == "n"].drop_duplicates("column_id")
    body = rows[~((rows["operation"] == "n") & (rows["row_id"] == SIZE_ROW))]
    columns = _columns(body if len(body) else rows, sizes)
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


def _columns(body: pd.DataFrame, headers: pd.DataFrame) -> tuple[Column, ...]:
    named = pd.concat([headers, body]).sort_values("column_order", kind="stable")
    named = named.drop_duplicates("column_id")
    by_column = {row.column_id: row for row in headers.itertuples()}
    return tuple(
        Column(
            row.column_id,
            Words(row.column_label_en, row.column_label_zh),
            _value(by_column[row.column_id]) if row.column_id in by_column else None,
        )
        for row in named.itertuples()
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


def _rows(body: pd.DataFrame, columns: tuple[Column, ...], marks: _Marks) -> list[Row]:
    """Rows in their order, each group under its heading; a group whose first row is the group itself is bold."""
    places = {column.id: place for place, column in enumerate(columns)}
    laid_out: list[Row] = []
    group_before = ""
    for _, part in body.sort_values(["row_order", "column_order"], kind="stable").groupby(
        "row_order", sort=True
    ):
        first = part.iloc[0]
        label = Words(first["row_label_en"], first["row_label_zh"])
        group = Words(first["group_label_en"] or "", first["group_label_zh"] or "")
        is_own_heading = bool(group.en) and group == label
        if group.en and group.en != group_before and not is_own_heading:
            laid_out.append(Row(group, is_heading=True))
        group_before = group.en
        cells: list[list[Value]] = [[] for _ in columns]
        for row in part.itertuples():
            cells[places[row.column_id]].append(_value(row, marks))
        in_group = bool(group.en) and not is_own_heading
        indent = max(int(first["indent"]), int(in_group))
        laid_out.append(Row(label, indent, is_bold=is_own_heading, cells=tuple(tuple(c) for c in cells)))
    return laid_out


def _value(row: Any, marks: _Marks | None = None) -> Value:
    mark = marks.letter(row.reason, row.reason_zh) if marks else ""
    place = (row.result_id, anchor_of(row.result_id), int(row.place))
    zh = row.value_text_zh if row.value_text_zh != row.value_text else None
    if zh is not None or not NUMBER.match(row.value_text):
        return Value(*place, row.value_text, "", is_text=True, zh=zh, footnote=mark)
    left, right = split_value(row.value_text)
    return Value(*place, left, right, is_percent=bool(PERCENT.match(right)), footnote=mark)
