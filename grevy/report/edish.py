"""eDISH: peak aminotransferase against peak bilirubin, normal at baseline and not, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log10

from grevy.report import style
from grevy.report.groups import TOTAL, Group, draw_mark, read_groups
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, fit_size, text_width
from grevy.report.tables import anchor_of
from grevy.report.words import Words

LABELS = {
    "x": Words("Peak ALT or AST (× ULN, log scale)", "ALT或AST峰值（× ULN，对数刻度）"),
    "y": Words("Peak total bilirubin (× ULN, log scale)", "总胆红素峰值（× ULN，对数刻度）"),
    "filled": Words("Filled: in the Hy's law range", "实心：Hy's法则范围内"),
}
ALT = Words(
    "eDISH plot. One mark per subject: peak of ALT or AST against peak of total bilirubin in multiples of "
    "the upper limit of normal, both axes logarithmic, with lines at 3 and 2. {panels}. Marks by group: "
    "{groups}. The values follow as data.",
    "eDISH图。每例受试者一个标记：ALT或AST峰值与总胆红素峰值（正常值上限的倍数），两轴均为对数刻度，参考线位于3和2。"
    "{panels}。按组别标记：{groups}。数值另附。",
)
PANELS = ("NORMAL", "ABNORMAL")
CORNERS = {"CHOLESTASIS": (0, 0), "HY": (1, 0), "NORMAL": (0, 1), "TEMPLE": (1, 1)}
FOOT = 21.0


@dataclass(frozen=True)
class Point:
    """One subject: its column, quadrant and the two peaks."""

    x: ResultRow
    y: ResultRow

    @property
    def group(self) -> str:
        return str(self.x.group_1_value)


def read_points(rows: Sequence[ResultRow], panel: str) -> list[Point]:
    """The subjects of a panel who have both peaks."""
    peaks = [r for r in rows if r.operation == "peak" and r.row_id.startswith(f"{panel}|")]
    points = []
    for _, own in groupby(peaks, key=lambda row: row.row_id):
        by_measure = {row.column_id: row for row in own}
        points.append(Point(by_measure["ALT_AST"], by_measure["BILI"]))
    return points


def _read_groups(rows: Sequence[ResultRow]) -> list[Group]:
    """The groups that anybody of either panel belongs to."""
    both = [group for panel in PANELS for group in read_groups(rows, f"{panel}|N")]
    return list({group.id: group for group in both}.values())


def figure_edish(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """Two square panels with lines, corners and marks."""
    drawing = Drawing(style.FIGURE_WIDTH, style.EDISH_TOP + style.EDISH_SIDE + FOOT)
    groups = _read_groups(rows)
    for number, panel in enumerate(PANELS):
        left = style.EDISH_LEFT + number * (style.EDISH_SIDE + style.EDISH_GAP)
        _draw_panel(drawing, rows, panel, left, groups, language, has_labels=number == 0)
    bottom = style.EDISH_TOP + style.EDISH_SIDE
    drawing.text(
        (style.FIGURE_WIDTH / 2, bottom + 9), LABELS["x"].in_language(language), style.AXIS_TITLE_SIZE,
        ink=style.TEXT, anchor="middle",
    )  # fmt: skip
    drawing.text(
        (3.6, style.EDISH_TOP + style.EDISH_SIDE / 2), LABELS["y"].in_language(language),
        style.AXIS_TITLE_SIZE, ink=style.TEXT, anchor="middle", turned=True,
    )  # fmt: skip
    x, y = style.EDISH_LEFT, bottom + 15
    for group in groups:
        draw_mark(drawing, (x + 1, y - 1), group, style.EDISH_RADIUS * 1.4, is_filled=False)
        name = group.name.in_language(language)
        drawing.text((x + 3, y), name, style.TICK_SIZE, ink=style.TEXT)
        x += text_width(name, style.TICK_SIZE) + 8
    drawing.text((x, y), LABELS["filled"].in_language(language), style.NOTE_SIZE, ink=style.SECONDARY)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def describe_edish(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words: who is in the critical range of each panel."""
    separator = "; " if language == "en" else "；"
    said = []
    for panel in PANELS:
        cells = {r.row_id: r for r in rows if r.column_id == TOTAL and r.row_id.startswith(f"{panel}|")}
        whole, critical = cells[f"{panel}|N"], cells[f"{panel}|HY"]
        name = Words(whole.group_label_en, whole.group_label_zh).in_language(language)
        words = Words(critical.row_label_en, critical.row_label_zh).in_language(language)
        said.append(f"{name}: n = {whole.value_text}, {words}: {critical.value_text}")
    groups = separator.join(group.name.in_language(language) for group in _read_groups(rows))
    return ALT.filled(panels=separator.join(said), groups=groups).in_language(language)


def _scale(value: float, ticks: Sequence[float], length: float) -> float:
    inside = min(max(value, ticks[0]), ticks[-1])
    return length * (log10(inside) - log10(ticks[0])) / (log10(ticks[-1]) - log10(ticks[0]))


def _x(left: float, value: float) -> float:
    return left + _scale(value, style.EDISH_X, style.EDISH_SIDE)


def _y(value: float) -> float:
    return style.EDISH_TOP + style.EDISH_SIDE - _scale(value, style.EDISH_Y, style.EDISH_SIDE)


def _draw_panel(
    drawing: Drawing, rows: Sequence[ResultRow], panel: str, left: float, groups: Sequence[Group],
    language: str, *, has_labels: bool,
) -> None:  # fmt: skip
    right, bottom = left + style.EDISH_SIDE, style.EDISH_TOP + style.EDISH_SIDE
    drawing.rect((_x(left, 3), style.EDISH_TOP), right - _x(left, 3), _y(2) - style.EDISH_TOP, style.CRITICAL)
    drawing.path([(left, style.EDISH_TOP), (left, bottom), (right, bottom)], style.TEXT, style.AXIS_LINE)
    dash = style.REFERENCE_DASH
    for ends in (
        ((_x(left, 3), style.EDISH_TOP), (_x(left, 3), bottom)),
        ((left, _y(2)), (right, _y(2))),
    ):
        drawing.line(*ends, style.SECONDARY, style.REFERENCE_LINE, dash=dash)
    _draw_ticks(drawing, left, has_labels=has_labels)
    whole = next(r for r in rows if r.row_id == f"{panel}|N" and r.column_id == TOTAL)
    name = Words(whole.group_label_en, whole.group_label_zh).in_language(language)
    size = fit_size(name, style.EDISH_SIDE - 16, style.AXIS_TITLE_SIZE)
    drawing.text((left, 5), name, size, ink=style.TEXT, weight=style.HEADING_WEIGHT)
    link = (anchor_of(whole.result_id), whole.place)
    drawing.text((right, 5), whole.value_text, style.NOTE_SIZE, ink=style.TEXT, anchor="end", link=link)
    before = right - text_width(whole.value_text, style.NOTE_SIZE) - 0.8
    drawing.text((before, 5), "n =", style.NOTE_SIZE, ink=style.TEXT, anchor="end")
    by_id = {group.id: group for group in groups}
    points = read_points(rows, panel)
    for point in sorted(points, key=lambda p: p.x.where == "HY"):
        place = (_x(left, point.x.value), _y(point.y.value))
        if point.group in by_id:
            is_critical = point.x.where == "HY"
            draw_mark(drawing, place, by_id[point.group], style.EDISH_RADIUS, is_filled=is_critical)
    if points:
        _draw_corners(drawing, rows, panel, left, language)
        _name_critical(drawing, points, left)


def _draw_ticks(drawing: Drawing, left: float, *, has_labels: bool) -> None:
    tick, bottom = style.TICK_LENGTH * style.MM_PER_POINT, style.EDISH_TOP + style.EDISH_SIDE
    for value in style.EDISH_X:
        x = _x(left, value)
        drawing.line((x, bottom), (x, bottom + tick), style.TEXT, style.AXIS_LINE)
        drawing.text((x, bottom + 4.4), f"{value:g}", style.TICK_SIZE, ink=style.TEXT, anchor="middle")
    for value in style.EDISH_Y:
        y = _y(value)
        drawing.line((left - tick, y), (left, y), style.TEXT, style.AXIS_LINE)
        if has_labels:
            drawing.text((left - 1.6, y + 1), f"{value:g}", style.TICK_SIZE, ink=style.TEXT, anchor="end")


def _draw_corners(
    drawing: Drawing, rows: Sequence[ResultRow], panel: str, left: float, language: str
) -> None:
    """Name and count of each quadrant in its corner."""
    half = {0: _x(left, 3) - left, 1: left + style.EDISH_SIDE - _x(left, 3)}
    for key, (column, row_place) in CORNERS.items():
        row = next(r for r in rows if r.row_id == f"{panel}|{key}" and r.column_id == TOTAL)
        x = left + style.EDISH_SIDE - 1.2 if column else left + 1.6
        y = style.EDISH_TOP + (4.0 if row_place == 0 else style.EDISH_SIDE - 5.6)
        words = Words(row.row_label_en, row.row_label_zh).in_language(language)
        size = fit_size(words, half[column] - 3, style.NOTE_SIZE)
        anchor, weight = ("end" if column else "start"), style.HEADING_WEIGHT if key == "HY" else 400
        drawing.text((x, y), words, size, ink=style.TEXT, anchor=anchor, weight=weight)
        link = (anchor_of(row.result_id), row.place)
        drawing.text(
            (x, y + 3.6), row.value_text, style.NOTE_SIZE, ink=style.TEXT, anchor=anchor, weight=weight,
            link=link,
        )  # fmt: skip


def _name_critical(drawing: Drawing, points: Sequence[Point], left: float) -> None:
    """Subjects of the critical range in a column with leaders, where they are few enough to be read."""
    critical = [point for point in points if point.x.where == "HY"]
    if not critical or len(critical) > style.EDISH_NAMED:
        return
    x, y = left + style.EDISH_SIDE - 18, style.EDISH_TOP + 13.0
    for point in sorted(critical, key=lambda p: (-p.y.value, p.x.row_id)):
        place = (_x(left, point.x.value), _y(point.y.value))
        drawing.line(place, (x - 0.6, y - 0.9), style.RULE, 0.4)
        name = "-".join(point.x.row_label_en.split("-")[-2:])  # without the code of the study
        drawing.text((x, y), name, style.SMALLEST_SIZE, ink=style.TEXT)
        y += 3.2
