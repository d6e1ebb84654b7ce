"""Propensity scores by regimen, back to back: where a regimen stands alone, nothing can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from grevy.report import style
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing
from grevy.report.words import Words

ALT = Words(
    "Histogram of propensity scores, the two regimens back to back: {first} upwards, {second} downwards. "
    "Filled bars count subjects, outlined bars count them with their weights. Scores run from {low} to "
    "{high}. The values follow as a table.",
    "倾向性评分直方图，两种治疗方案上下相对：{first}向上，{second}向下。实心柱为受试者例数，轮廓柱为加权例数。"
    "评分范围为{low}至{high}。数值见下表。",
)
AXIS = Words("Propensity score: probability of {second}", "倾向性评分：接受{second}的概率")
COUNT = Words("Subjects", "受试者例数")
KEY = (Words("Subjects", "受试者"), Words("With weights", "加权后"))
TOP, LEFT, WIDTH, HALF, FOOT = 10.0, 18.0, 148.0, 30.0, 14.0
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True)
class Bin:
    """The counts of a bin: of the first and second regimen, as they are and weighted."""

    low: float
    cells: tuple[ResultRow, ResultRow, ResultRow, ResultRow]


def read_bins(rows: Sequence[ResultRow]) -> list[Bin]:
    """The bins from low to high."""
    ordered = sorted(rows, key=lambda row: (row.row_order, row.column_order))
    bins = []
    for _, part in groupby(ordered, key=lambda row: row.row_order):
        cells = tuple(part)
        if len(cells) == 4 and cells[0].time is not None:
            bins.append(Bin(cells[0].time, cells))
    return bins


def figure_overlap(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """Bars up and down from one line."""
    bins = read_bins(rows)
    drawing = Drawing(style.FIGURE_WIDTH, TOP + 2 * HALF + FOOT)
    largest = max(cell.value or 0 for part in bins for cell in part.cells)
    step = next((step for step in STEPS if largest / step <= 4), STEPS[-1])
    end = step * ceil(largest / step)
    for part in bins:
        _draw_bin(drawing, part, end)
    _draw_axes(drawing, bins[0], step, end, language)
    _draw_key(drawing, bins[0], language)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def _draw_bin(drawing: Drawing, part: Bin, end: float) -> None:
    middle, width, gap = TOP + HALF, WIDTH * 0.05, 0.5
    x = LEFT + WIDTH * part.low + gap / 2
    for number, cell in enumerate(part.cells):
        height = HALF * (cell.value or 0) / end
        if not height:
            continue
        is_up, is_weighted = number % 2 == 0, number >= 2
        ink = style.MONO if is_up else style.COMBO
        corner = (x, middle - height if is_up else middle)
        drawing.rect(
            corner, width - gap, height, None if is_weighted else ink,
            edge=style.TEXT if is_weighted else None, points=0.9, title=cell.value_text,
        )  # fmt: skip


def _label(row: ResultRow, language: str) -> str:
    """The regimen's name without what is said of the weights."""
    text = row.column_label_zh if language == "zh" else row.column_label_en
    return text.rpartition("，" if language == "zh" else ", ")[0]


def _draw_axes(drawing: Drawing, part: Bin, step: int, end: float, language: str) -> None:
    middle, bottom = TOP + HALF, TOP + 2 * HALF
    drawing.line((LEFT, middle), (LEFT + WIDTH, middle), style.TEXT, style.AXIS_LINE)
    drawing.line((LEFT, TOP), (LEFT, bottom), style.TEXT, style.AXIS_LINE)
    for count in range(0, int(end) + 1, step):
        for y in {middle - HALF * count / end, middle + HALF * count / end}:
            drawing.line((LEFT - 1, y), (LEFT, y), style.TEXT, style.AXIS_LINE)
            drawing.text((LEFT - 1.8, y + 1), str(count), style.TICK_SIZE, ink=style.TEXT, anchor="end")
    for tenth in range(0, 11, 2):
        x = LEFT + WIDTH * tenth / 10
        drawing.line((x, bottom), (x, bottom + 1), style.TEXT, style.AXIS_LINE)
        drawing.text((x, bottom + 4.4), f"{tenth / 10:.1f}", style.TICK_SIZE, ink=style.TEXT, anchor="middle")
    drawing.line((LEFT, bottom), (LEFT + WIDTH, bottom), style.TEXT, style.AXIS_LINE)
    title = AXIS.filled(second=_label(part.cells[1], language)).in_language(language)
    drawing.text(
        (LEFT + WIDTH / 2, bottom + 9.4), title, style.AXIS_TITLE_SIZE, ink=style.TEXT, anchor="middle"
    )
    drawing.text(
        (LEFT - 11, middle), COUNT.in_language(language), style.AXIS_TITLE_SIZE, ink=style.TEXT,
        anchor="middle", turned=True,
    )  # fmt: skip


def _draw_key(drawing: Drawing, part: Bin, language: str) -> None:
    """The regimens at their own half; filled and outlined above."""
    right = LEFT + WIDTH
    for cell, y, ink in (
        (part.cells[0], TOP + 4, style.MONO),
        (part.cells[1], TOP + 2 * HALF - 2, style.COMBO_TEXT),
    ):
        drawing.text(
            (right, y), _label(cell, language), style.NOTE_SIZE, ink=ink, anchor="end",
            weight=style.HEADING_WEIGHT,
        )  # fmt: skip
    x = LEFT
    for number, words in enumerate(KEY):
        if number:
            drawing.rect((x, 2.4), 4, 3, None, edge=style.TEXT, points=0.9)
        else:
            drawing.rect((x, 2.4), 2, 3, style.MONO)
            drawing.rect((x + 2, 2.4), 2, 3, style.COMBO)
        drawing.text((x + 5.5, 5), words.in_language(language), style.NOTE_SIZE, ink=style.SECONDARY)
        x += 36


def describe_overlap(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words."""
    bins = read_bins(rows)
    first, second = (_label(cell, language) for cell in bins[0].cells[:2])
    low, high = f"{bins[0].low:.2f}", f"{bins[-1].low + 0.05:.2f}"
    return ALT.filled(first=first, second=second, low=low, high=high).in_language(language)
