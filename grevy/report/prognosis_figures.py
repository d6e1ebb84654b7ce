"""Calibration and decision curves of the prognostic models, one small panel per model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from math import ceil

from grevy.report import style
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, text_width
from grevy.report.words import Words

CALIBRATION_ALT = Words(
    "Calibration of the prognostic models in {n} panels ({panels}): observed risk against predicted risk in "
    "quarters of the predicted (filled: apparent; open: corrected for optimism), with the line of agreement. "
    "The values follow as a table.",
    "预后模型的校准图，共{n}幅（{panels}）：按预测风险四分位组绘制观察风险与预测风险（实心：表观；空心：校正乐观度后），并标出一致线。数值见下表。",
)
DECISION_ALT = Words(
    "Decision curves of the prognostic models in {n} panels ({panels}): net benefit by threshold of acting "
    "on the model (solid), on everybody (dashed) and on nobody (line at 0). The values follow as a table.",
    "预后模型的决策曲线，共{n}幅（{panels}）：按阈值绘制按模型干预（实线）、全部干预（虚线）和均不干预（0线）的净获益。数值见下表。",
)
PREDICTED = Words("Predicted risk, %", "预测风险，%")
OBSERVED = Words("Observed risk, %", "观察风险，%")
THRESHOLD = Words("Threshold, %", "阈值，%")
BENEFIT = Words("Net benefit", "净获益")
PER_LINE, PANEL, SIDE, HIGH = 3, 56.7, 38.0, 38.0
LEFT, TOP, FOOT = 13.0, 8.0, 13.0
LOWEST = -0.05

Cells = dict[str, ResultRow]


def read_panels(rows: Sequence[ResultRow], needed: set[str]) -> list[tuple[Words, list[Cells]]]:
    """The points of each panel in their order; rows without all their values are no points."""
    ordered = sorted(rows, key=lambda row: (row.row_order, row.column_order))
    points = [
        {row.column_id: row for row in part if row.value is not None}
        for _, part in groupby(ordered, key=lambda row: row.row_order)
    ]
    points = [cells for cells in points if needed <= cells.keys()]
    panels = groupby(points, key=_name_of)
    return [(name, list(part)) for name, part in panels]


def _name_of(cells: Cells) -> Words:
    first = next(iter(cells.values()))
    return Words(first.group_label_en or "", first.group_label_zh or "")


def read_calibration(rows: Sequence[ResultRow]) -> list[tuple[Words, list[Cells]]]:
    return read_panels(rows, {"PREDICTED", "OBSERVED"})


def read_decisions(rows: Sequence[ResultRow]) -> list[tuple[Words, list[Cells]]]:
    return read_panels(rows, {"MODEL", "ALL"})


def figure_calibration(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """Points of each quarter about the line of agreement; corrected for optimism they are open."""

    def fill(drawing: Drawing, corner: tuple[float, float], points: list[Cells]) -> None:
        x, y = corner
        drawing.line(
            (x, y + HIGH), (x + SIDE, y), style.SECONDARY, style.REFERENCE_LINE, dash=style.REFERENCE_DASH
        )
        places = [
            (x + SIDE * (p["PREDICTED"].value or 0) / 100, y + HIGH * (1 - (p["OBSERVED"].value or 0) / 100))
            for p in points
        ]
        drawing.path(places, style.TEXT, 0.8)
        for p, (across, _) in zip(points, places, strict=True):
            if "CORRECTED" in p:
                share = min(max(p["CORRECTED"].value or 0.0, 0.0), 100.0)
                height = y + HIGH * (1 - share / 100)
                drawing.dot((across, height), 0.9, style.PAPER, style.TEXT, 0.4)
        for place in places:
            drawing.dot(place, 0.9, style.TEXT, style.TEXT, 0.5)
        _mark_percents(drawing, corner)
        for percent in (0, 50, 100):
            height = y + HIGH * (1 - percent / 100)
            drawing.line((x - 1, height), (x, height), style.TEXT, style.AXIS_LINE)
            drawing.text((x - 1.6, height + 1), str(percent), style.MARK_SIZE, ink=style.TEXT, anchor="end")

    titles = PREDICTED, OBSERVED
    return _draw_panels(read_calibration(rows), fill, titles, language, is_simulated)


def figure_decisions(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """Benefit from the line of nobody upwards; what lies far below it is cut."""
    panels = read_decisions(rows)

    def fill(drawing: Drawing, corner: tuple[float, float], points: list[Cells]) -> None:
        x, y = corner
        highest = max(max(p[name].value or 0 for name in ("MODEL", "ALL")) for p in points)
        end = max(ceil(highest * 10) / 10, 0.1)

        def place(p: Cells, name: str) -> tuple[float, float]:
            share = p[name].time or 0.0
            value = max(p[name].value or 0.0, LOWEST)
            return x + SIDE * share, y + HIGH * (end - value) / (end - LOWEST)

        zero = y + HIGH * end / (end - LOWEST)
        drawing.line((x, zero), (x + SIDE, zero), style.RULE, style.REFERENCE_LINE)
        everybody = [p for p in points if (p["ALL"].value or 0.0) > LOWEST]
        drawing.path([place(p, "ALL") for p in everybody], style.SECONDARY, 1.0, dash=style.REFERENCE_DASH)
        drawing.path([place(p, "MODEL") for p in points], style.TEXT, 1.2)
        _mark_percents(drawing, corner)
        for value in (0.0, end):
            height = y + HIGH * (end - value) / (end - LOWEST)
            drawing.line((x - 1, height), (x, height), style.TEXT, style.AXIS_LINE)
            drawing.text((x - 1.6, height + 1), f"{value:.1f}", style.MARK_SIZE, ink=style.TEXT, anchor="end")

    return _draw_panels(panels, fill, (THRESHOLD, BENEFIT), language, is_simulated)


def _mark_percents(drawing: Drawing, corner: tuple[float, float]) -> None:
    x, y = corner
    for percent in (0, 50, 100):
        at = x + SIDE * percent / 100
        drawing.line((at, y + HIGH), (at, y + HIGH + 1), style.TEXT, style.AXIS_LINE)
        drawing.text((at, y + HIGH + 3.8), str(percent), style.MARK_SIZE, ink=style.TEXT, anchor="middle")


Fill = Callable[[Drawing, tuple[float, float], list[Cells]], None]


def _draw_panels(
    panels: list[tuple[Words, list[Cells]]],
    fill: Fill,
    titles: tuple[Words, Words],
    language: str,
    is_simulated: bool,
) -> Drawing:
    lines = ceil(len(panels) / PER_LINE)
    height = TOP + HIGH + FOOT
    drawing = Drawing(style.FIGURE_WIDTH, lines * height + 3)
    for number, (name, points) in enumerate(panels):
        corner = (LEFT + PANEL * (number % PER_LINE), TOP + height * (number // PER_LINE))
        x, y = corner
        drawing.line((x, y), (x, y + HIGH), style.TEXT, style.AXIS_LINE)
        drawing.line((x, y + HIGH), (x + SIDE, y + HIGH), style.TEXT, style.AXIS_LINE)
        fill(drawing, corner, points)
        words = name.in_language(language)
        size = style.NOTE_SIZE * min(1.0, SIDE * 1.25 / max(text_width(words, style.NOTE_SIZE), 0.1))
        drawing.text((x, y - 2.4), words, size, ink=style.TEXT, weight=style.HEADING_WEIGHT)
        drawing.text(
            (x + SIDE / 2, y + HIGH + 8), titles[0].in_language(language), style.NOTE_SIZE, ink=style.TEXT,
            anchor="middle",
        )  # fmt: skip
        drawing.text(
            (x - 8, y + HIGH / 2), titles[1].in_language(language), style.NOTE_SIZE, ink=style.TEXT,
            anchor="middle", turned=True,
        )  # fmt: skip
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def _describe(panels: list[tuple[Words, list[Cells]]], alt: Words, language: str) -> str:
    names = ("、" if language == "zh" else ", ").join(name.in_language(language) for name, _ in panels)
    return alt.filled(n=len(panels), panels=names).in_language(language)


def describe_calibration(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words."""
    return _describe(read_calibration(rows), CALIBRATION_ALT, language)


def describe_decisions(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words."""
    return _describe(read_decisions(rows), DECISION_ALT, language)
