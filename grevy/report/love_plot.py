"""How far regimens are apart in each characteristic before and after weighting (a love plot)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from grevy.report import style
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, text_width
from grevy.report.tables import anchor_of
from grevy.report.words import Words

LIMIT = 0.1
ALT = Words(
    "Standardized differences between the regimens in {n} characteristics: open squares before weighting, "
    "filled diamonds after weighting. Before weighting {before} are below 0.10, after weighting {after}. The "
    "axis runs from 0 to {end}; a dashed line stands at 0.10. The values follow as a table.",
    "两种治疗方案在{n}项特征上的标准化差异：空心方块为加权前，实心菱形为加权后。低于0.10者加权前{before}项，"
    "加权后{after}项。横轴为0至{end}，虚线为0.10。数值见下表。",
)
AXIS = Words("Standardized difference, absolute", "标准化差异（绝对值）")
TOP, FOOT, PITCH, INDENT = 9.0, 13.0, 4.0, 4.0
AXIS_LEFT, AXIS_WIDTH = 70.0, 72.0
BEFORE_X, AFTER_X = 156.0, 169.0
HALF = 0.95  # of a mark, in mm


@dataclass(frozen=True)
class Pair:
    """One characteristic: how far apart before and after weighting."""

    before: ResultRow
    after: ResultRow


def read_pairs(rows: Sequence[ResultRow]) -> list[Pair]:
    """The characteristics in their order."""
    ordered = sorted(rows, key=lambda row: (row.row_order, row.column_order))
    pairs = []
    for _, part in groupby(ordered, key=lambda row: row.row_order):
        cells = {row.column_id: row for row in part}
        if {"BEFORE", "AFTER"} <= cells.keys():
            pairs.append(Pair(cells["BEFORE"], cells["AFTER"]))
    return pairs


def find_end(pairs: Sequence[Pair]) -> float:
    """The end of the axis: whole tenths, and the line at 0.10 never at the edge."""
    largest = max(max(pair.before.value or 0, pair.after.value or 0) for pair in pairs)
    return max(ceil(10 * largest), 3) / 10


def figure_love_plot(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """Names at the left, marks on one axis, values at the right."""
    pairs = read_pairs(rows)
    groups = [(name, list(part)) for name, part in groupby(pairs, key=_group_of)]
    bottom = TOP + PITCH * (len(pairs) + sum(bool(name.en) for name, _ in groups))
    drawing = Drawing(style.FIGURE_WIDTH, bottom + FOOT)
    end = find_end(pairs)
    _draw_head(drawing, pairs[0], language)
    _draw_axis(drawing, bottom, end, language)
    y = TOP
    for name, part in groups:
        if name.en:
            drawing.text((2, y + 2.8), name.in_language(language), style.RISK_TABLE_SIZE, ink=style.TEXT)
            y += PITCH
        for pair in part:
            _draw_pair(drawing, pair, y, end, language, is_member=bool(name.en))
            y += PITCH
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def _group_of(pair: Pair) -> Words:
    return Words(pair.before.group_label_en or "", pair.before.group_label_zh or "")


def _x(value: float, end: float) -> float:
    return AXIS_LEFT + AXIS_WIDTH * value / end


def _draw_head(drawing: Drawing, pair: Pair, language: str) -> None:
    """The key: each mark beside its name, and the same names over the values."""
    for x, row, draw in (
        (AXIS_LEFT + 3, pair.before, _draw_square),
        (AXIS_LEFT + 38, pair.after, _draw_diamond),
    ):
        draw(drawing, x, 4)
        label = row.column_label_zh if language == "zh" else row.column_label_en
        drawing.text((x + 2.5, 5), label, style.NOTE_SIZE, ink=style.SECONDARY)
    for x, draw in ((BEFORE_X - 4, _draw_square), (AFTER_X - 4, _draw_diamond)):
        draw(drawing, x, 4)
    drawing.line((0, 7), (style.FIGURE_WIDTH, 7), style.TEXT, style.AXIS_LINE)


def _draw_pair(drawing: Drawing, pair: Pair, y: float, end: float, language: str, *, is_member: bool) -> None:
    label = pair.before.row_label_zh if language == "zh" else pair.before.row_label_en
    indent = INDENT if is_member else 0.0
    size = style.RISK_TABLE_SIZE * min(
        1.0, (AXIS_LEFT - 5 - indent) / text_width(label, style.RISK_TABLE_SIZE)
    )
    drawing.text((2 + indent, y + 2.8), label, size, ink=style.TEXT)
    middle = y + PITCH / 2
    before, after = (_x(row.value or 0.0, end) for row in (pair.before, pair.after))
    drawing.line((before, middle), (after, middle), style.RULE, style.REFERENCE_LINE)
    _draw_square(drawing, before, middle)
    _draw_diamond(drawing, after, middle)
    for x, row in ((BEFORE_X, pair.before), (AFTER_X, pair.after)):
        drawing.text(
            (x, y + 2.8), row.value_text, style.RISK_TABLE_SIZE, ink=style.TEXT, anchor="end",
            link=(anchor_of(row.result_id), row.place),
        )  # fmt: skip


def _draw_square(drawing: Drawing, x: float, y: float) -> None:
    drawing.rect((x - HALF, y - HALF), 2 * HALF, 2 * HALF, style.PAPER, edge=style.TEXT, points=0.8)


def _draw_diamond(drawing: Drawing, x: float, y: float) -> None:
    half = 1.25 * HALF
    drawing.area([(x - half, y), (x, y - half), (x + half, y), (x, y + half)], style.TEXT)


def _draw_axis(drawing: Drawing, bottom: float, end: float, language: str) -> None:
    drawing.line((AXIS_LEFT, bottom), (AXIS_LEFT + AXIS_WIDTH, bottom), style.TEXT, style.AXIS_LINE)
    tenths = round(10 * end)
    step = 1 if tenths <= 8 else 2 if tenths <= 16 else 5
    for tick in range(0, tenths + 1, step):
        x = _x(tick / 10, end)
        drawing.line((x, bottom), (x, bottom + 1), style.TEXT, style.AXIS_LINE)
        drawing.text((x, bottom + 4.2), f"{tick / 10:.1f}", style.TICK_SIZE, ink=style.TEXT, anchor="middle")
    x = _x(LIMIT, end)
    drawing.line((x, TOP - 1), (x, bottom), style.SECONDARY, style.REFERENCE_LINE, dash=style.REFERENCE_DASH)
    drawing.text(
        (AXIS_LEFT + AXIS_WIDTH / 2, bottom + 8.6), AXIS.in_language(language), style.NOTE_SIZE,
        ink=style.TEXT, anchor="middle",
    )  # fmt: skip


def describe_love_plot(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words."""
    pairs = read_pairs(rows)
    before, after = (
        sum((row.value or 0) < LIMIT for row in side)
        for side in ([pair.before for pair in pairs], [pair.after for pair in pairs])
    )
    return ALT.filled(n=len(pairs), before=before, after=after, end=f"{find_end(pairs):.1f}").in_language(
        language
    )
