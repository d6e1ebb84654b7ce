"""Cumulative incidence of competing causes: stacked to 100 percent with those without any."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from grevy.report import style
from grevy.report.kaplan_meier import LABELS as CURVE_LABELS
from grevy.report.kaplan_meier import Frame, draw_axes, list_ticks
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, Point
from grevy.report.tables import anchor_of
from grevy.report.words import SHORT_NAMES, Words

FREE = {
    "TTF": Words("Still on treatment", "仍在治疗"),
    "TTHYP": Words("On treatment, no event", "治疗中，未发生事件"),
}
AT_MONTH = Words("{month} months, % (95% CI)", "{month} 个月，%（95%CI）")
NOTE = Words("Faded: fewer than 10 at risk", "淡色：风险集少于 10 人")
ALT = Words(
    "Stacked cumulative incidence, {group}. {causes}. The time axis runs from 0 to {end} months; what "
    "remains above the areas is the share without any of these. Numbers at risk stand under the axis.",
    "累积发生率堆积图，{group}。{causes}。横轴为 0 至 {end} 个月；"
    "面积以上部分为未发生任何事件的比例。横轴下方为风险集人数。",
)
ALT_CAUSE = Words("{cause}: {value} at {month} months", "{cause}：{month}个月时 {value}")


@dataclass(frozen=True)
class Layer:
    """One cause: its steps (months, share) and its incidences at the landmarks."""

    label: Words
    steps: Sequence[tuple[float, float]]
    landmarks: Sequence[ResultRow]

    def share_at(self, month: float) -> float:
        """The share in force at a time."""
        return max((value for time, value in self.steps if time <= month), default=0.0)


@dataclass(frozen=True)
class Panel:
    """One group of subjects."""

    parameter: str
    label: Words
    layers: Sequence[Layer]
    at_risk: Sequence[ResultRow]
    last: float

    @property
    def fades_from(self) -> float:
        """Time of the first printed number at risk under ten."""
        few = [row.time for row in self.at_risk if row.value < style.KM_FEW_AT_RISK]
        return min(few, default=math.inf)


def read_panel(rows: Sequence[ResultRow], column: str) -> Panel | None:
    """The group of a column; None where nothing was estimated."""
    own = [row for row in rows if row.column_id == column and row.time is not None]
    steps = [row for row in own if row.operation == "incidence"]
    if not steps:
        return None
    layers = []
    for cause in sorted({row.group_1_value for row in steps}):
        of_cause = [row for row in steps if row.group_1_value == cause]
        rates = [row for row in own if row.operation == "rate" and row.group_1_value == cause]
        label = Words(of_cause[0].group_label_en, of_cause[0].group_label_zh)
        layers.append(Layer(label, sorted((row.time, row.value) for row in of_cause), rates))
    label = SHORT_NAMES.get(column, Words(own[0].column_label_en, own[0].column_label_zh))
    at_risk = [row for row in own if row.operation == "at_risk"]
    last = max(row.time for row in own if row.operation in ("incidence", "follow_up"))
    return Panel(steps[0].parameter, label, layers, at_risk, last)


def figure_incidence(panel: Panel, end: int, language: str, *, is_simulated: bool) -> Drawing:
    """Draw one group: key with landmarks, stacked areas, numbers at risk."""
    top = 14.0 + style.KM_KEY_PITCH * (len(panel.layers) + 1)
    height = top + style.INCIDENCE_AXES_HEIGHT + 26
    drawing = Drawing(style.FIGURE_WIDTH, height)
    frame = Frame(top, end, style.INCIDENCE_AXES_HEIGHT)
    _draw_key(drawing, panel, language)
    _draw_layers(drawing, frame, panel)
    draw_axes(drawing, frame, panel.parameter, language, has_half=False)
    _draw_at_risk(drawing, frame, panel, language)
    place = (style.KM_AXES_LEFT, height - 1)
    drawing.text(place, NOTE.in_language(language), style.NOTE_SIZE, ink=style.SECONDARY)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def describe_incidence(panel: Panel, end: int, language: str) -> str:
    """The figure in words: each cause with its incidence at one year, or at the first landmark there is."""
    causes = []
    for layer in panel.layers:
        row = next((one for one in layer.landmarks if one.time == 12), next(iter(layer.landmarks), None))
        if row is not None:
            words = ALT_CAUSE.filled(
                cause=layer.label.in_language(language), value=row.value_text, month=f"{row.time:g}"
            )
            causes.append(words.in_language(language))
    joined = ("；" if language == "zh" else "; ").join(causes)
    return ALT.filled(group=panel.label.in_language(language), causes=joined, end=end).in_language(language)


# ---- Parts -----------------------------------------------------------------------------------------------


def _draw_key(drawing: Drawing, panel: Panel, language: str) -> None:
    """Over the areas, from the top of the stack down: sample, cause, incidence at each landmark."""
    size, (wide, high) = style.TICK_SIZE, style.INCIDENCE_SWATCH
    name = panel.label.in_language(language)
    drawing.text((2, 3.5), name, style.AXIS_TITLE_SIZE, ink=style.TEXT, weight=style.HEADING_WEIGHT)
    columns = style.INCIDENCE_KEY_COLUMNS
    for row, x in zip(panel.layers[0].landmarks, columns, strict=False):
        words = AT_MONTH.filled(month=f"{row.time:g}").in_language(language)
        drawing.text((x, 8.6), words, style.MARK_SIZE, ink=style.TEXT, anchor="end")
    drawing.line((2, 10.0), (columns[-1], 10.0), style.TEXT, 0.5)
    y = 10.0
    entries = [(FREE[panel.parameter], None, ())] + [
        (layer.label, ink, layer.landmarks)
        for layer, ink in reversed(list(zip(panel.layers, style.CAUSES[panel.parameter], strict=False)))
    ]
    for label, ink, landmarks in entries:
        y += style.KM_KEY_PITCH
        drawing.rect((2, y - high), wide, high, ink, edge=style.TEXT, points=0.4)
        drawing.text((10, y - 0.2), label.in_language(language), size, ink=style.TEXT)
        for row, x in zip(landmarks, columns, strict=False):
            link = (anchor_of(row.result_id), row.place)
            drawing.text((x, y - 0.2), row.value_text, size, ink=style.TEXT, anchor="end", link=link)


def _draw_layers(drawing: Drawing, frame: Frame, panel: Panel) -> None:
    """Areas on one another, each from the sum of those below it to its own sum."""
    times = sorted({time for layer in panel.layers for time, _ in layer.steps} | {panel.last})
    floor = [0.0] * len(times)
    for layer, ink in zip(panel.layers, style.CAUSES[panel.parameter], strict=False):
        ceiling = [low + layer.share_at(time) for low, time in zip(floor, times, strict=True)]
        upper, lower = _trace(frame, times, ceiling), _trace(frame, times, floor)
        drawing.area([*upper, *reversed(lower)], ink)
        drawing.path(upper, style.PAPER, 0.5)
        floor = ceiling
    if panel.fades_from < panel.last:
        left, right = frame.x(panel.fades_from), frame.x(panel.last)
        veil = [(left, frame.top), (right, frame.top), (right, frame.bottom), (left, frame.bottom)]
        drawing.area(veil, style.PAPER, opacity=style.INCIDENCE_VEIL)


def _trace(frame: Frame, times: Sequence[float], shares: Sequence[float]) -> list[Point]:
    """Corners of a step function."""
    corners: list[Point] = []
    for time, share in zip(times, shares, strict=True):
        x, y = frame.x(time), frame.y(100 * share)
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    return corners


def _draw_at_risk(drawing: Drawing, frame: Frame, panel: Panel, language: str) -> None:
    y = frame.bottom + 16.5
    words = CURVE_LABELS["at_risk"].in_language(language)
    drawing.text((2, y), words, style.RISK_TABLE_SIZE, ink=style.TEXT, weight=style.HEADING_WEIGHT)
    for row in panel.at_risk:
        if row.time in list_ticks(frame.end):
            few = row.value < style.KM_FEW_AT_RISK
            drawing.text(
                (frame.x(row.time), y + style.KM_RISK_PITCH), row.value_text, style.RISK_TABLE_SIZE,
                ink=style.FAINT if few else style.TEXT, anchor="middle",
                link=(anchor_of(row.result_id), row.place),
            )  # fmt: skip
