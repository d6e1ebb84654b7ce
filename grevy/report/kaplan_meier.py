"""Kaplan-Meier figures: curves with bands, censoring ticks and the number at risk under its ticks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from grevy.report import style
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, Point
from grevy.report.tables import anchor_of
from grevy.report.words import SHORT_NAMES, Words

LABELS = {
    "time": Words("Months since first dose", "自首次给药起的时间（月）"),
    "at_risk": Words("Number at risk", "风险集人数"),
    "events": Words("Cumulative events", "累积事件数"),
    "n": Words("n", "例数"),
    "events_head": Words("Events (%)", "事件（%）"),
    "events_count": Words("Events", "事件"),
    "median_head": Words("Median, months (95% CI)", "中位数，个月（95%CI）"),
    "note": Words("Tick: censored. Faded: fewer than 10 at risk", "竖线：删失。淡色：风险集少于 10 人"),
    "TTD": Words("Free of deterioration (%)", "无恶化比例（%）"),
    "TTF": Words("Left treatment (%)", "已终止治疗（%）"),
    "TTHYP": Words("Cumulative incidence (%)", "累积发生率（%）"),
    "PFS": Words("Progression-free survival (%)", "无进展生存率（%）"),
    "OS": Words("Overall survival (%)", "总生存率（%）"),
    "CRSD": Words("Still in response (%)", "仍处于缓解（%）"),
}
TIMES = {"CRSD": Words("Months since start of response", "自缓解开始起的时间（月）")}
OPERATIONS = ("survival", "censor_tick", "at_risk", "cumulative_events")
ALT = Words(
    "Kaplan-Meier curves. {groups}. The curves start at 100 percent; the time axis runs from 0 to {end} "
    "months, the vertical axis from 0 to 100 percent. "
    "Numbers at risk stand under the axis, the plotted data in the "
    "table that follows.",
    "Kaplan-Meier 曲线。{groups}。曲线自 100% 起；横轴为 0 至 {end} 个月，纵轴为 0 至 100%。"
    "横轴下方为风险集人数，图中数据见下表。",
)
ALT_GROUP = Words("{group}: median {median} months", "{group}：中位数 {median} 个月")


class Step(NamedTuple):
    """The curve from a time on; limits are absent where they cannot be estimated."""

    time: float
    value: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Curve:
    """One group of a figure: its steps, its ticks, its risk table, and the numbers of the small table."""

    id: str
    label: Words
    steps: Sequence[Step]
    censored: Sequence[ResultRow]
    at_risk: Sequence[ResultRow]
    events: Sequence[ResultRow]
    summary: Mapping[str, ResultRow]
    level: int | None = None  # the place of a subgroup among those of its variable

    @property
    def stroke(self) -> style.Stroke:
        if self.level is not None:
            return style.LEVEL_STROKES[self.level % len(style.LEVEL_STROKES)]
        return style.STROKES.get(self.id, style.STROKES["TOTAL"])

    @property
    def fades_from(self) -> float:
        """Time of the first printed number at risk under ten."""
        few = [row.time for row in self.at_risk if row.value < style.KM_FEW_AT_RISK]
        return min(few, default=math.inf)


def read_curves(
    rows: Sequence[ResultRow], summary: Sequence[tuple[str, ResultRow]], column_ids: Sequence[str]
) -> list[Curve]:
    """The groups of a figure in the asked order, from its own rows and those of the table beside it.

    A group without a step has no curve. The last step is drawn to the last time of its group.
    """
    curves = []
    for column in column_ids:
        own = [row for row in rows if row.column_id == column and row.time is not None]
        parts = {name: [row for row in own if row.operation == name] for name in OPERATIONS}
        steps = [Step(r.time, r.value, r.value_lower, r.value_upper) for r in parts["survival"]]
        if not steps:
            continue
        last = max((row.time for row in parts["censor_tick"]), default=0.0)
        if last > steps[-1].time:
            steps.append(steps[-1]._replace(time=last))
        label = SHORT_NAMES.get(column, Words(own[0].column_label_en, own[0].column_label_zh))
        numbers = {role: row for role, row in summary if row.column_id == column}
        curves.append(
            Curve(
                column,
                label,
                steps,
                parts["censor_tick"],
                parts["at_risk"],
                parts["cumulative_events"],
                numbers,
            )
        )
    return curves


def last_tick(rows: Sequence[ResultRow]) -> int:
    """The end of the time axis: the labelled tick after the last plotted time."""
    longest = max((row.time for row in rows if row.time is not None), default=0.0)
    return max(1, math.ceil(longest / style.MONTHS_BETWEEN_TICKS)) * style.MONTHS_BETWEEN_TICKS


class Frame:
    """Places of data on the canvas."""

    def __init__(self, top: float, end: int, height: float = style.KM_AXES_HEIGHT) -> None:
        self.top, self.end, self.height = top, end, height
        self.bottom = top + height

    def x(self, months: float) -> float:
        return style.KM_AXES_LEFT + style.KM_AXES_WIDTH * months / self.end

    def y(self, percent: float) -> float:
        return self.bottom - self.height * percent / 100


def figure_kaplan_meier(
    curves: Sequence[Curve],
    parameter: str,
    end: int,
    language: str,
    *,
    is_simulated: bool,
    title: str = "",
    axes_height: float = style.KM_AXES_HEIGHT,
) -> Drawing:
    """Draw one panel of curves; all panels of a report share the same time axis."""
    top = 9.0 + style.KM_KEY_PITCH * len(curves)
    blocks = 1 + any(len(c.events) for c in curves)
    height = top + axes_height + 14 + blocks * (6 + style.KM_RISK_PITCH * len(curves)) + 4
    drawing, frame = Drawing(style.FIGURE_WIDTH, height), Frame(top, end, axes_height)
    if title:
        drawing.text((2, 3.5), title, style.AXIS_TITLE_SIZE, ink=style.TEXT, weight=style.HEADING_WEIGHT)
    _draw_key(drawing, curves, language, under_title=bool(title))
    draw_axes(drawing, frame, parameter, language)
    for curve in curves:
        _draw_band(drawing, frame, curve)
    for curve in curves:
        _draw_curve(drawing, frame, curve)
    below = frame.bottom + 16.5
    below = _draw_counts(drawing, frame, curves, "at_risk", below, language)
    if blocks == 2:
        _draw_counts(drawing, frame, curves, "events", below + 1.8, language)
    drawing.text(
        (style.KM_AXES_LEFT, height - 1),
        LABELS["note"].in_language(language),
        style.NOTE_SIZE,
        ink=style.SECONDARY,
    )
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def describe_kaplan_meier(curves: Sequence[Curve], end: int, language: str) -> str:
    """The figure in words: groups with median and interval, and the range of the axes."""
    groups = [
        ALT_GROUP.filled(
            group=curve.label.in_language(language),
            median=curve.summary["median"].value_text if "median" in curve.summary else "–",
        ).in_language(language)
        for curve in curves
    ]
    joined = ("；" if language == "zh" else "; ").join(groups)
    return ALT.filled(groups=joined, end=end).in_language(language)


# ---- Parts -----------------------------------------------------------------------------------------------


def _draw_key(drawing: Drawing, curves: Sequence[Curve], language: str, *, under_title: bool) -> None:
    """The small table over the curves: line sample, n, events, median with interval.

    Its rule goes on under a title, which may be longer than the labels of the axis are wide.
    """
    left, n_at, events_at, median_at = style.KM_AXES_LEFT, 98.0, 126.0, 166.0
    size = style.TICK_SIZE
    counted = [curve.summary["events"].value_text for curve in curves if "events" in curve.summary]
    events = "events_head" if any("%" in text for text in counted) else "events_count"
    for key, x in (("n", n_at), (events, events_at), ("median_head", median_at)):
        drawing.text((x, 3.5), LABELS[key].in_language(language), size, ink=style.TEXT, anchor="end")
    drawing.line((2.0 if under_title else left, 5.0), (median_at, 5.0), style.TEXT, 0.5)
    for position, curve in enumerate(curves, start=1):
        y = 4.6 + position * style.KM_KEY_PITCH
        stroke = curve.stroke
        drawing.line((left, y - 1.1), (left + 7, y - 1.1), stroke.ink, stroke.width, dash=stroke.dash)
        drawing.text(
            (left + 9, y), curve.label.in_language(language), size, ink=stroke.text,
            weight=style.HEADING_WEIGHT,
        )  # fmt: skip
        for key, x in (("n", n_at), ("events", events_at), ("median", median_at)):
            row = curve.summary.get(key)
            if row is not None:
                link = (anchor_of(row.result_id), row.place)
                drawing.text((x, y), row.value_text, size, ink=style.TEXT, anchor="end", link=link)


def draw_axes(
    drawing: Drawing, frame: Frame, parameter: str, language: str, *, has_half: bool = True
) -> None:
    """Axes of months and percent; a dashed line at one half, from which the median is read."""
    tick = style.TICK_LENGTH * style.MM_PER_POINT
    left, right = frame.x(0), frame.x(frame.end)
    drawing.line((left, frame.top), (left, frame.bottom), style.TEXT, style.AXIS_LINE)
    drawing.line((left, frame.bottom), (right, frame.bottom), style.TEXT, style.AXIS_LINE)
    for percent in range(0, 101, 20):
        y = frame.y(percent)
        drawing.line((left - tick, y), (left, y), style.TEXT, style.AXIS_LINE)
        drawing.text((left - 1.8, y + 1), str(percent), style.TICK_SIZE, ink=style.TEXT, anchor="end")
    for month in list_ticks(frame.end):
        x = frame.x(month)
        drawing.line((x, frame.bottom), (x, frame.bottom + tick), style.TEXT, style.AXIS_LINE)
        drawing.text((x, frame.bottom + 4), str(month), style.TICK_SIZE, ink=style.TEXT, anchor="middle")
    if has_half:
        drawing.line((left, frame.y(50)), (right, frame.y(50)), style.RULE, 0.5, dash=style.REFERENCE_DASH)
    middle = (left + right) / 2
    title = LABELS.get(parameter, Words(parameter, parameter)).in_language(language)
    drawing.text(
        (middle, frame.bottom + 9), TIMES.get(parameter, LABELS["time"]).in_language(language),
        style.AXIS_TITLE_SIZE, ink=style.TEXT, anchor="middle",
    )  # fmt: skip
    drawing.text(
        (left - 9.5, (frame.top + frame.bottom) / 2), title, style.AXIS_TITLE_SIZE, ink=style.TEXT,
        anchor="middle", turned=True,
    )  # fmt: skip


def list_ticks(end: int) -> range:
    """Every three months; every six where the labels of a long axis would touch."""
    return range(0, end + 1, style.MONTHS_BETWEEN_TICKS if end <= 60 else 2 * style.MONTHS_BETWEEN_TICKS)


def _draw_band(drawing: Drawing, frame: Frame, curve: Curve) -> None:
    """The interval; the total goes without, for three bands on one another cannot be told apart."""
    if curve.id == "TOTAL":
        return
    for part, opacity in (
        (_until(curve.steps, curve.fades_from), style.KM_BAND_OPACITY),
        (_since(curve.steps, curve.fades_from), style.KM_BAND_OPACITY_FADED),
    ):
        known = [step for step in part if step.lower is not None and step.upper is not None]
        if len(known) > 1:
            upper = trace_steps([(s.time, s.upper) for s in known], frame)
            lower = trace_steps([(s.time, s.lower) for s in known], frame)
            drawing.area([*upper, *reversed(lower)], curve.stroke.ink, opacity=opacity)


def _draw_curve(drawing: Drawing, frame: Frame, curve: Curve) -> None:
    stroke = curve.stroke
    for part, opacity in (
        (_until(curve.steps, curve.fades_from), 1.0),
        (_since(curve.steps, curve.fades_from), style.KM_OPACITY_FADED),
    ):
        if len(part) > 1:
            corners = trace_steps([(s.time, s.value) for s in part], frame)
            drawing.path(corners, stroke.ink, stroke.width, dash=stroke.dash, opacity=opacity)
    half = style.KM_CENSOR_HEIGHT * style.MM_PER_POINT / 2
    for row in curve.censored:
        x, y = frame.x(row.time), frame.y(100 * row.value)
        faded = style.KM_OPACITY_FADED if row.time > curve.fades_from else 1.0
        drawing.path([(x, y - half), (x, y + half)], stroke.ink, style.KM_CENSOR_LINE, opacity=faded)


def _until(steps: Sequence[Step], end: float) -> list[Step]:
    """The steps up to a time, the last one drawn as far as that."""
    before = [step for step in steps if step.time <= end]
    return [*before, before[-1]._replace(time=end)] if before and len(before) < len(steps) else before


def _since(steps: Sequence[Step], start: float) -> list[Step]:
    """The steps from a time on, with the one in force at that time first."""
    before = [step for step in steps if step.time <= start]
    after = [step for step in steps if step.time > start]
    return [before[-1]._replace(time=start), *after] if before and after else after


def trace_steps(points: Sequence[tuple[float, float]], frame: Frame) -> list[Point]:
    """Corners of a step function, its values as fractions."""
    corners: list[Point] = []
    for time, value in points:
        x, y = frame.x(time), frame.y(100 * value)
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    return corners


def _draw_counts(
    drawing: Drawing, frame: Frame, curves: Sequence[Curve], kind: str, top: float, language: str
) -> float:
    """One block of counts, centred under the ticks; returns where the next block begins."""
    drawing.text(
        (2, top), LABELS[kind].in_language(language), style.RISK_TABLE_SIZE, ink=style.TEXT,
        weight=style.HEADING_WEIGHT,
    )  # fmt: skip
    for position, curve in enumerate(curves, start=1):
        y = top + position * style.KM_RISK_PITCH
        name = curve.label.in_language(language)
        drawing.text((2, y), name, style.RISK_TABLE_SIZE, ink=curve.stroke.text)
        counts = curve.at_risk if kind == "at_risk" else curve.events
        for row in [row for row in counts if row.time in list_ticks(frame.end)]:
            few = kind == "at_risk" and row.value < style.KM_FEW_AT_RISK
            drawing.text(
                (frame.x(row.time), y), row.value_text, style.RISK_TABLE_SIZE,
                ink=style.FAINT if few else style.TEXT, anchor="middle",
                link=(anchor_of(row.result_id), row.place),
            )  # fmt: skip
    return top + len(curves) * style.KM_RISK_PITCH + 4.2
