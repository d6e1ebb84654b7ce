"""The groups of a figure: regimens in their colors, or the arms of data of another study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from grevy.report import style
from grevy.report.result_rows import ResultRow
from grevy.report.svg import Drawing, Point
from grevy.report.words import SHORT_NAMES, Words

TOTAL = "TOTAL"
SHAPES = ("circle", "square", "diamond")
ARM_STROKES = (
    style.STROKES["MONO"],
    style.STROKES["COMBO"],
    style.Stroke(style.SECONDARY, style.SECONDARY, style.THIRD_DASH, style.CURVE_LINE),
)
"""Data with arms have no regimens: the colors are free for them."""


class Group(NamedTuple):
    """A column of the results as it is drawn."""

    id: str
    name: Words
    stroke: style.Stroke
    shape: str


def read_groups(rows: Sequence[ResultRow], row_id: str = "N") -> list[Group]:
    """The columns that have subjects, without their total; at most as many as there are signs."""
    sizes = [r for r in rows if r.row_id == row_id and r.column_id != TOTAL]
    found = []
    for place, row in enumerate(sizes[: len(SHAPES)]):
        name = SHORT_NAMES.get(row.column_id, Words(row.column_label_en, row.column_label_zh))
        known = list(style.COHORT_FILL).index(row.column_id) if row.column_id in style.COHORT_FILL else place
        if row.value:
            found.append(Group(row.column_id, name, ARM_STROKES[known], SHAPES[known]))
    return found


def draw_mark(drawing: Drawing, place: Point, group: Group, radius: float, *, is_filled: bool) -> None:
    """The sign of a group; an open one is white inside."""
    x, y = place
    fill, ink = group.stroke.ink if is_filled else style.PAPER, group.stroke.ink
    if group.shape == "circle":
        drawing.dot(place, radius, fill, ink, 0.8)
        return
    r = radius * (1.25 if group.shape == "diamond" else 0.9)
    corners = {
        "square": [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)],
        "diamond": [(x, y - r), (x + r, y), (x, y + r), (x - r, y)],
    }
    drawing.outline(corners[group.shape], fill, ink, 0.8)
