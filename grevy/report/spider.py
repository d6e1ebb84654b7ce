"""The spider: change of the sum of diameters over time, one line per subject, by best response."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from grevy.report import style
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, Point, text_width
from grevy.report.tables import anchor_of
from grevy.report.words import RESPONSES, Words

LABELS = {
    "x": Words("Months since first dose", "自首次给药起的时间（月）"),
    "y": Words("Change in sum of diameters (%)", "直径总和较基线的变化（%）"),
    "all": Words("All subjects", "全部受试者"),
    "new": Words("New lesion", "新病灶"),
    "ongoing": Words("Ongoing", "治疗中"),
    "cut": Words("Lines over +100% are cut at the edge", "超过 +100% 的线条在边缘截断"),
}
ALT = Words(
    "Spider plot. One line per subject: change of the sum of diameters from baseline in percent against "
    "months since first dose, coloured by confirmed best response. {panels}. The vertical axis runs from "
    "−100 to +100 percent with lines at +20 and −30, the time axis from 0 to {end} months. Open triangles "
    "mark new lesions, arrows treatment that goes on. The values follow as data.",
    "蜘蛛图。每例受试者一条线：直径总和较基线的变化（百分比）随自首次给药起的月数，按经确认的最佳疗效着色。"
    "{panels}。纵轴为 −100% 至 +100%，虚线位于 +20% 和 −30%；横轴为 0 至 {end} 个月。空心三角为新病灶，"
    "箭头表示治疗仍在进行。数值另附。",
)
ORDER = ("NE", "NED", "NON-CR/NON-PD", "SD", "PD", "PR", "CR")  # what is drawn later lies above
KEY = ("CR", "PR", "SD", "PD", "NE")
TOP, BOTTOM = 100.0, -100.0
TOTAL = "TOTAL"

Course = tuple[str, Sequence[ResultRow]]


def select_courses(rows: Sequence[ResultRow]) -> list[Course]:
    """The lines: class of the disease, then the points and the mark of one subject in time."""
    points = [row for row in rows if row.operation in ("change", "new_lesion")]
    return [
        (column, list(own)) for (column, _), own in groupby(points, lambda r: (r.column_id, r.group_label_en))
    ]


def figure_spider(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """Draw the lines: in one panel, or by disease class where one would be too dense."""
    panels = _list_panels(rows, language)
    end = _last_month(rows)
    drawing = Drawing(style.FIGURE_WIDTH, style.SPIDER_HEIGHT)
    width = (style.FIGURE_WIDTH - style.SPIDER_LEFT - 2) / len(panels) - style.SPIDER_GAP
    for place, (column, name, courses) in enumerate(panels):
        left = style.SPIDER_LEFT + place * (width + style.SPIDER_GAP)
        frame = _Frame(left, width, end)
        _draw_axes(drawing, frame, has_labels=place == 0)
        _draw_heading(drawing, left, name, [row for row in rows if row.row_id == "drawn"], column)
        for _, own in sorted(courses, key=lambda course: ORDER.index(course[1][0].group_1_value or "NE")):
            _draw_course(drawing, frame, own)
    _draw_titles(drawing, language)
    _draw_key(drawing, rows, language)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def describe_spider(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words: panels with their number of lines."""
    panels = "; " if language == "en" else "；"
    said = panels.join(f"{name}: {len(courses)}" for _, name, courses in _list_panels(rows, language))
    return ALT.filled(panels=said, end=_last_month(rows)).in_language(language)


def _list_panels(rows: Sequence[ResultRow], language: str) -> list[tuple[str, str, list[Course]]]:
    courses = select_courses(rows)
    if len(courses) < style.SPIDER_PANELS_FROM:
        return [(TOTAL, LABELS["all"].in_language(language), courses)]
    names = {row.column_id: Words(row.column_label_en, row.column_label_zh) for row in rows}
    by_column = {name: [course for course in courses if course[0] == name] for name in names}
    return [(name, names[name].in_language(language), own) for name, own in by_column.items() if own]


def _draw_heading(drawing: Drawing, left: float, name: str, counts: Sequence[ResultRow], column: str) -> None:
    y, size = style.SPIDER_TOP - 2.2, style.AXIS_TITLE_SIZE
    drawing.text((left, y), name, size, ink=style.TEXT, weight=style.HEADING_WEIGHT)
    for row in counts:
        if row.column_id == column and row.value is not None:
            link = (anchor_of(row.result_id), row.place)
            x = left + style.BOLD_WIDER * text_width(name, size) + 2
            drawing.text((x, y), "n =", size, ink=style.TEXT)
            x += text_width("n =", size) + 0.4
            drawing.text((x, y), row.value_text, size, ink=style.TEXT, link=link)


def _last_month(rows: Sequence[ResultRow]) -> int:
    longest = max((row.time for row in rows if row.time is not None), default=0.0)
    return max(1, math.ceil(longest / style.SPIDER_MONTHS)) * style.SPIDER_MONTHS


class _Frame:
    """Places of data in one panel."""

    def __init__(self, left: float, width: float, end: int) -> None:
        self.left, self.width, self.end = left, width, end
        self.bottom = style.SPIDER_TOP + style.SPIDER_AXES_HEIGHT

    def x(self, months: float) -> float:
        return self.left + self.width * months / self.end

    def y(self, percent: float) -> float:
        limited = max(BOTTOM, min(TOP, percent))
        return style.SPIDER_TOP + style.SPIDER_AXES_HEIGHT * (TOP - limited) / (TOP - BOTTOM)


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"−{-number}" if number < 0 else "0"


def _draw_axes(drawing: Drawing, frame: _Frame, *, has_labels: bool) -> None:
    tick = style.TICK_LENGTH * style.MM_PER_POINT
    right = frame.left + frame.width
    drawing.path(
        [(frame.left, style.SPIDER_TOP), (frame.left, frame.bottom), (right, frame.bottom)], style.TEXT,
        style.AXIS_LINE,
    )  # fmt: skip
    for percent in style.SPIDER_TICKS:
        y = frame.y(percent)
        drawing.line((frame.left - tick, y), (frame.left, y), style.TEXT, style.AXIS_LINE)
        if has_labels:
            drawing.text(
                (frame.left - 1.6, y + 1), _signed(percent), style.TICK_SIZE, ink=style.TEXT, anchor="end"
            )
    for percent in style.WATERFALL_LINES:
        drawing.line(
            (frame.left, frame.y(percent)), (right, frame.y(percent)), style.SECONDARY, style.REFERENCE_LINE,
            dash=style.REFERENCE_DASH,
        )  # fmt: skip
    drawing.line((frame.left, frame.y(0)), (right, frame.y(0)), style.TEXT, style.AXIS_LINE)
    step = style.SPIDER_MONTHS * max(1, math.ceil(frame.end / style.SPIDER_MONTHS * 6.5 / frame.width))
    for month in range(0, frame.end + 1, step):
        x = frame.x(month)
        drawing.line((x, frame.bottom), (x, frame.bottom + tick), style.TEXT, style.AXIS_LINE)
        drawing.text((x, frame.bottom + 4.4), str(month), style.TICK_SIZE, ink=style.TEXT, anchor="middle")


def _draw_course(drawing: Drawing, frame: _Frame, own: Sequence[ResultRow]) -> None:
    response = own[0].group_1_value
    stroke = style.RESPONSE_STROKES.get(response, style.RESPONSE_STROKES["SD"])
    opacity = style.SPIDER_STABLE_OPACITY if stroke.width == style.SPIDER_STABLE_LINE else 1.0
    points = [(frame.x(0), frame.y(0))]
    points += [(frame.x(row.time), frame.y(row.value)) for row in own if row.operation == "change"]
    drawing.path(points, stroke.ink, stroke.width, dash=stroke.dash, opacity=opacity)
    for row in own:
        if row.operation == "new_lesion":
            _draw_triangle(drawing, (frame.x(row.time), frame.y(row.value)), stroke.ink)
        elif row.where:
            _draw_arrow(drawing, points[-1], stroke.ink)


def _draw_triangle(drawing: Drawing, place: Point, ink: style.Ink) -> None:
    x, y = place
    drawing.outline([(x, y + 0.8), (x - 0.8, y - 0.6), (x + 0.8, y - 0.6)], style.PAPER, ink, 0.7)


def _draw_arrow(drawing: Drawing, place: Point, ink: style.Ink) -> None:
    x, y = place
    drawing.path([(x, y), (x + 1.4, y)], ink, style.SPIDER_LINE)
    drawing.area([(x + 2.2, y), (x + 1.1, y - 0.55), (x + 1.1, y + 0.55)], ink)


def _draw_titles(drawing: Drawing, language: str) -> None:
    middle = style.SPIDER_TOP + style.SPIDER_AXES_HEIGHT / 2
    drawing.text(
        (4.2, middle), LABELS["y"].in_language(language), style.AXIS_TITLE_SIZE, ink=style.TEXT,
        anchor="middle", turned=True,
    )  # fmt: skip
    drawing.text(
        (style.FIGURE_WIDTH / 2, style.SPIDER_TOP + style.SPIDER_AXES_HEIGHT + 9),
        LABELS["x"].in_language(language),
        style.AXIS_TITLE_SIZE,
        ink=style.TEXT,
        anchor="middle",
    )


def _draw_key(drawing: Drawing, rows: Sequence[ResultRow], language: str) -> None:
    """What is on the page, under the axis: responses, then signs."""
    present = {row.group_1_value for row in rows if row.operation == "change"}
    x, y = style.SPIDER_LEFT, style.SPIDER_HEIGHT - 7
    for response in (name for name in KEY if name in present):
        stroke = style.RESPONSE_STROKES[response]
        drawing.path([(x, y - 1), (x + 5, y - 1)], stroke.ink, style.CURVE_LINE, dash=stroke.dash)
        x = _write(drawing, x + 6.2, y, RESPONSES[response].in_language(language))
    x, y = style.SPIDER_LEFT, y + 4.6
    if any(row.operation == "new_lesion" for row in rows):
        _draw_triangle(drawing, (x + 1, y - 1), style.TEXT)
        x = _write(drawing, x + 2.8, y, LABELS["new"].in_language(language))
    if any(row.operation == "change" and row.where for row in rows):
        _draw_arrow(drawing, (x, y - 1), style.TEXT)
        x = _write(drawing, x + 3.4, y, LABELS["ongoing"].in_language(language))
    if any(row.operation == "change" and row.value > TOP for row in rows):
        _write(drawing, x, y, LABELS["cut"].in_language(language))


def _write(drawing: Drawing, x: float, y: float, words: str) -> float:
    drawing.text((x, y), words, style.TICK_SIZE, ink=style.TEXT)
    return x + text_width(words, style.TICK_SIZE) + 4
