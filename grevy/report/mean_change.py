"""Mean change of a questionnaire score over the visits, with intervals and the change that counts."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from grevy.report import style
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, text_width
from grevy.report.tables import REGIMEN_COLUMNS, anchor_of
from grevy.report.words import SHORT_NAMES, Words

COLUMNS = (*REGIMEN_COLUMNS, "TOTAL")
LABELS = {
    "axis": Words("Mean change from baseline, points", "较基线平均变化（分）"),
    "visits": Words("Visit (C: cycle, day 1; EOT: end of treatment)", "访视（C：周期第1天；EOT：治疗结束）"),
    "n": Words("n", "例数"),
    "better": Words("better", "改善"),
    "worse": Words("worse", "恶化"),
}
END = "EOT"  # as in the laboratory courses
ALT = Words(
    "Mean change from baseline with 95 percent intervals, {scale}. A change of {worse} is worse, of {better} "
    "better. {groups}. The numbers of subjects stand under the axis.",
    "较基线平均变化及95%置信区间，{scale}。{worse} 计为恶化，{better} 计为改善。{groups}。横轴下方为例数。",
)
ALT_GROUP = Words("{group}: {value} at {visit}", "{group}：{visit}时 {value}")


@dataclass(frozen=True)
class ScaleOfFigure:
    """The rows of one scale: means and numbers by visit and group, and the changes that count."""

    title: Words
    means: Sequence[ResultRow]
    counts: Sequence[ResultRow]
    worse: ResultRow
    better: ResultRow

    @property
    def visits(self) -> dict[float, str]:
        """Places on the axis with their short names."""
        return {row.time: _shorten(row.group_1_value) for row in self.counts}

    def of(self, column: str) -> list[ResultRow]:
        """The means of a group that could be estimated."""
        return [row for row in self.means if row.column_id == column and row.value is not None]


def _shorten(visit: str) -> str:
    found = re.fullmatch(r"CYCLE (\d+) DAY 1", visit)
    return f"C{found[1]}" if found else END if visit == "END OF TREATMENT" else visit.title()


def read_scales(rows: Sequence[ResultRow]) -> list[ScaleOfFigure]:
    """The scales with a visit to draw, in the order of the rows."""
    scales = []
    for code in dict.fromkeys(row.parameter for row in rows if row.operation == "mean_change"):
        own = [row for row in rows if row.parameter == code]
        means = [row for row in own if row.operation == "mean_change"]
        counts = [row for row in own if row.operation == "n"]
        limits = {row.row_id.rpartition("|")[2]: row for row in own if row.operation == "threshold"}
        title = Words(own[0].group_label_en, own[0].group_label_zh)
        scales.append(ScaleOfFigure(title, means, counts, limits["worse"], limits["better"]))
    return scales


class _Frame:
    """Places of visits and points on the canvas."""

    def __init__(self, scale: ScaleOfFigure, top: float) -> None:
        ends = [abs(scale.worse.value), abs(scale.better.value)]
        ends += [abs(end) for row in scale.means for end in (row.value_lower, row.value_upper) if end]
        self.reach = style.CHANGE_TICKS * math.ceil((max(ends) + 1) / style.CHANGE_TICKS)
        self.top, self.bottom = top, top + style.CHANGE_AXES_HEIGHT
        self.places = list(scale.visits)

    def x(self, place: float) -> float:
        step = style.CHANGE_AXES_WIDTH / (len(self.places) + 1)
        return style.CHANGE_AXES_LEFT + step * (self.places.index(place) + 1)

    def y(self, points: float) -> float:
        return (self.top + self.bottom) / 2 - style.CHANGE_AXES_HEIGHT / 2 * points / self.reach


def figure_mean_change(scale: ScaleOfFigure, language: str, *, is_simulated: bool) -> Drawing:
    """Draw one scale."""
    groups = [column for column in COLUMNS if scale.of(column)]
    top = 11.0
    height = top + style.CHANGE_AXES_HEIGHT + 14 + style.KM_RISK_PITCH * (len(groups) + 1) + 3
    drawing, frame = Drawing(style.FIGURE_WIDTH, height), _Frame(scale, top)
    title = scale.title.in_language(language)
    drawing.text((2, 3.5), title, style.AXIS_TITLE_SIZE, ink=style.TEXT, weight=style.HEADING_WEIGHT)
    _draw_key(drawing, groups, scale, language)
    _draw_axes(drawing, frame, scale, language)
    for number, column in enumerate(groups):
        _draw_group(drawing, frame, scale.of(column), column, number - (len(groups) - 1) / 2)
    _draw_counts(drawing, frame, scale, groups, language)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def describe_mean_change(scale: ScaleOfFigure, language: str) -> str:
    """The figure in words: the last mean of each group."""
    said = []
    for column in COLUMNS:
        means = scale.of(column)
        if means:
            name = _name(column, means[0]).in_language(language)
            visit = means[-1].row_label_zh if language == "zh" else means[-1].row_label_en
            said.append(ALT_GROUP.filled(group=name, value=means[-1].value_text, visit=visit))
    joined = ("；" if language == "zh" else "; ").join(words.in_language(language) for words in said)
    return ALT.filled(
        scale=scale.title.in_language(language), worse=scale.worse.value_text,
        better=scale.better.value_text, groups=joined,
    ).in_language(language)  # fmt: skip


def _name(column: str, row: ResultRow) -> Words:
    return SHORT_NAMES.get(column, Words(row.column_label_en, row.column_label_zh))


# ---- Parts -----------------------------------------------------------------------------------------------


def _draw_key(drawing: Drawing, groups: Sequence[str], scale: ScaleOfFigure, language: str) -> None:
    x = style.CHANGE_AXES_LEFT
    for column in groups:
        stroke, name = style.STROKES[column], _name(column, scale.of(column)[0]).in_language(language)
        drawing.line((x, 7.6), (x + 7, 7.6), stroke.ink, stroke.width, dash=stroke.dash)
        drawing.text((x + 9, 8.7), name, style.TICK_SIZE, ink=stroke.text)
        x += 15 + text_width(name, style.TICK_SIZE)


def _draw_axes(drawing: Drawing, frame: _Frame, scale: ScaleOfFigure, language: str) -> None:
    left, right = style.CHANGE_AXES_LEFT, style.CHANGE_AXES_LEFT + style.CHANGE_AXES_WIDTH
    tick = style.TICK_LENGTH * style.MM_PER_POINT
    drawing.line((left, frame.top), (left, frame.bottom), style.TEXT, style.AXIS_LINE)
    drawing.line((left, frame.bottom), (right, frame.bottom), style.TEXT, style.AXIS_LINE)
    for points in range(-frame.reach, frame.reach + 1, style.CHANGE_TICKS):
        y, text = frame.y(points), f"{points:+d}".replace("-", "−") if points else "0"
        drawing.line((left - tick, y), (left, y), style.TEXT, style.AXIS_LINE)
        drawing.text((left - 1.8, y + 1), text, style.TICK_SIZE, ink=style.TEXT, anchor="end")
    drawing.line((left, frame.y(0)), (right, frame.y(0)), style.RULE, style.REFERENCE_LINE)
    for row, word in ((scale.worse, "worse"), (scale.better, "better")):
        y = frame.y(row.value)
        drawing.line((left, y), (right, y), style.RULE, style.REFERENCE_LINE, dash=style.REFERENCE_DASH)
        arrow = "↑" if row.value > 0 else "↓"
        words = f"{arrow} {LABELS[word].in_language(language)} {row.value_text}"
        place = (right, _clear_of_whiskers(frame, scale, row, right - text_width(words, style.NOTE_SIZE)))
        drawing.text(place, words, style.NOTE_SIZE, ink=style.SECONDARY, anchor="end")
    for place, name in scale.visits.items():
        drawing.text(
            (frame.x(place), frame.bottom + 4), name, style.TICK_SIZE, ink=style.TEXT, anchor="middle"
        )
    drawing.text(
        ((left + right) / 2, frame.bottom + 9), LABELS["visits"].in_language(language),
        style.AXIS_TITLE_SIZE, ink=style.TEXT, anchor="middle",
    )  # fmt: skip
    drawing.text(
        (left - 11.5, (frame.top + frame.bottom) / 2), LABELS["axis"].in_language(language),
        style.AXIS_TITLE_SIZE, ink=style.TEXT, anchor="middle", turned=True,
    )  # fmt: skip


def _clear_of_whiskers(frame: _Frame, scale: ScaleOfFigure, line: ResultRow, left: float) -> float:
    """The height of the words at a dashed line: beyond the line and beyond the intervals that stand there."""
    near = [
        row for column in COLUMNS for row in scale.of(column)
        if row.time is not None and frame.x(row.time) + 2 * style.CHANGE_APART > left
    ]  # fmt: skip
    if line.value > 0:
        tops = [frame.y(row.value_upper) for row in near if row.value_upper is not None]
        return max(min([frame.y(line.value), *tops]) - 1.2, frame.top + 2.0)
    feet = [frame.y(row.value_lower) for row in near if row.value_lower is not None]
    return min(max([frame.y(line.value), *feet]) + 3.2, frame.bottom - 0.8)


def _draw_group(
    drawing: Drawing, frame: _Frame, means: Sequence[ResultRow], column: str, side: float
) -> None:
    """Means joined by a line, each with its interval; groups stand beside each other at a visit.

    The end of treatment lies at another time for every subject: no line leads to it.
    """
    stroke, mark = style.STROKES[column], style.CHANGE_MARK
    places = [(frame.x(row.time) + side * style.CHANGE_APART, frame.y(row.value)) for row in means]
    planned = [place for place, row in zip(places, means, strict=True) if _shorten(row.group_1_value) != END]
    if len(planned) > 1:
        drawing.path(planned, stroke.ink, stroke.width, dash=stroke.dash)
    for (x, y), row in zip(places, means, strict=True):
        if row.value_lower is not None and row.value_upper is not None:
            low, high = frame.y(row.value_lower), frame.y(row.value_upper)
            drawing.line((x, low), (x, high), stroke.ink, style.CHANGE_WHISKER)
        drawing.rect((x - mark / 2, y - mark / 2), mark, mark, stroke.ink, title=row.value_text)


def _draw_counts(
    drawing: Drawing, frame: _Frame, scale: ScaleOfFigure, groups: Sequence[str], language: str
) -> None:
    y = frame.bottom + 14
    words = LABELS["n"].in_language(language)
    drawing.text((2, y), words, style.RISK_TABLE_SIZE, ink=style.TEXT, weight=style.HEADING_WEIGHT)
    for column in groups:
        y += style.KM_RISK_PITCH
        name = _name(column, scale.of(column)[0]).in_language(language)
        drawing.text((2, y), name, style.RISK_TABLE_SIZE, ink=style.STROKES[column].text)
        for row in scale.counts:
            if row.column_id == column:
                drawing.text(
                    (frame.x(row.time), y), row.value_text, style.RISK_TABLE_SIZE, ink=style.TEXT,
                    anchor="middle", link=(anchor_of(row.result_id), row.place),
                )  # fmt: skip
