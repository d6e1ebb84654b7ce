"""What the figures of adverse events share: the rows of a term, its name on one line, the end of an axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from grevy.report import style
from grevy.report.result_rows import ResultRow
from grevy.report.svg import Drawing, Point, fit_size, text_width, wrap_text
from grevy.report.words import Words


@dataclass(frozen=True)
class Term:
    """An adverse event with the rows about it."""

    name: Words
    rows: Sequence[ResultRow]

    def find(self, row_id_end: str, column: str) -> ResultRow | None:
        """The row whose identifier ends so, in a column."""
        found = (r for r in self.rows if r.row_id.endswith(row_id_end) and r.column_id == column)
        return next(found, None)


def read_terms(rows: Sequence[ResultRow]) -> list[Term]:
    """The terms in the order of the rows, which is that of their frequency."""
    of_terms = [row for row in rows if row.group_label_en]
    return [
        Term(Words(*names), list(own))
        for names, own in groupby(of_terms, lambda r: (r.group_label_en, r.group_label_zh))
    ]


def percent_of(row: ResultRow | None) -> float:
    """Share of the column, 0 where there is no such row or nobody in the column."""
    return 100 * row.value / row.denominator if row and row.value and row.denominator else 0.0


def find_end(percents: Sequence[float], step: int = 20) -> int:
    """The end of a percent axis: the next even break."""
    return min(100, max(step, step * ceil(max(percents, default=0.0) / step)))


def draw_name(drawing: Drawing, place: Point, words: str, width: float, anchor: str) -> None:
    """A name beside its row, around the height of `place`: smaller or on two lines where it is long."""
    x, y = place
    size = fit_size(words, width, style.TICK_SIZE)
    lines = [words] if text_width(words, size) <= width else wrap_text(words, size, width)[:2]
    for number, line in enumerate(lines):
        shift = style.LINE_PITCH * (number - (len(lines) - 1) / 2)
        drawing.text((x, y + 1 + shift), line, size, ink=style.TEXT, anchor=anchor)
