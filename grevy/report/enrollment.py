"""Enrollment over time: actual steps against the dashed plan, months below, sites beside."""

from __future__ import annotations

from collections.abc import Sequence

from grevy.report import style
from grevy.report.axes import Scale, draw_bottom_axis, draw_left_axis, draw_turned_title, list_ticks
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, fit_size, text_width
from grevy.report.tables import anchor_of
from grevy.report.words import Words

LABELS = {
    "y": Words("Subjects enrolled", "累计入组人数"),
    "month": Words("Per month", "每月"),
    "actual": Words("Actual", "实际"),
    "plan": Words("Plan", "计划"),
    "site": Words("Site {name}", "中心 {name}"),
    "x": Words("Subjects (bar: actual, line: plan)", "人数（条：实际，竖线：计划）"),
    "x_alone": Words("Subjects", "人数"),
}
ALT = Words(
    "Enrollment over time. {n} subjects were enrolled from {first} to {last}, drawn as steps{plan}; the "
    "number "
    "of each month stands below. Beside it a bar for each of {sites} sites, from {least} to {most} subjects. "
    "The values follow as a table.",
    "入组随时间变化。{first}至{last}共入组{n}例，以阶梯线表示{plan}；下方为每月人数。右侧为{sites}个中心的条形图，"
    "各中心{least}至{most}例。数值见下表。",
)
AGAINST = Words(" against a dashed plan of {planned} by then", "，虚线为计划（届时{planned}例）")


def _select(rows: Sequence[ResultRow], start: str, column: str) -> list[ResultRow]:
    return [row for row in rows if row.row_id.startswith(start) and row.column_id == column]


def figure_enrollment(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """Draw the course with its months, then the sites."""
    sites = _select(rows, "SITE|", "ENROLLED")
    height = max(style.ENROLLMENT_HEIGHT, style.ENROLLMENT_TOP + style.ENROLLMENT_PITCH * len(sites) + 18)
    drawing = Drawing(style.FIGURE_WIDTH, height)
    _draw_course(drawing, rows, language)
    _draw_months(drawing, rows, language)
    _draw_sites(drawing, sites, _select(rows, "SITE|", "PLANNED"), language)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def describe_enrollment(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words."""
    course, plan = _select(rows, "MONTH|", "CUMULATIVE"), _select(rows, "MONTH|", "PLANNED")
    sites = _select(rows, "SITE|", "ENROLLED")
    against = AGAINST.filled(planned=plan[-1].value_text).in_language(language) if plan else ""
    counts = sorted(sites, key=lambda row: row.value or 0)
    return ALT.filled(
        n=course[-1].value_text, first=course[0].row_label_en, last=course[-1].row_label_en, plan=against,
        sites=len(sites), least=counts[0].value_text, most=counts[-1].value_text,
    ).in_language(language)  # fmt: skip


def _draw_course(drawing: Drawing, rows: Sequence[ResultRow], language: str) -> None:
    course, plan = _select(rows, "MONTH|", "CUMULATIVE"), _select(rows, "MONTH|", "PLANNED")
    left, width, top = style.ENROLLMENT_LEFT, style.ENROLLMENT_WIDTH, style.ENROLLMENT_TOP
    ticks = list_ticks(0, max(row.value for row in (*course, *plan)), 5)
    scale = Scale(top + style.ENROLLMENT_COURSE, top, 0, ticks[-1])
    pitch = width / len(course)
    draw_left_axis(drawing, left, scale, ticks)
    drawing.line((left, scale.start), (left + width, scale.start), style.TEXT, style.AXIS_LINE)
    if plan:
        track = [(left + pitch * (n + 1), scale.at(row.value)) for n, row in enumerate(plan)]
        drawing.path(
            [(left, scale.start), *track], style.SECONDARY, style.CURVE_LINE, dash=style.REFERENCE_DASH
        )
    steps = [(left, scale.start)]
    for number, row in enumerate(course):
        x = left + pitch * (number + 1)
        steps += [(x, steps[-1][1]), (x, scale.at(row.value))]
    drawing.path(steps, style.TEXT, 1.5)
    _name_lines(drawing, course, plan, scale, language)
    draw_turned_title(drawing, scale, LABELS["y"].in_language(language))


def _name_lines(
    drawing: Drawing, course: Sequence[ResultRow], plan: Sequence[ResultRow], scale: Scale, language: str
) -> None:
    """Names at the ends of the lines with the last numbers, apart where the lines end close together."""
    named = [("actual", course[-1], style.TEXT, style.HEADING_WEIGHT)]
    named += [("plan", plan[-1], style.SECONDARY, 400)] if plan else []
    x, last = style.ENROLLMENT_LEFT + style.ENROLLMENT_WIDTH + 1.2, -100.0
    for key, row, ink, weight in sorted(named, key=lambda entry: -(entry[1].value or 0)):
        last = max(scale.at(row.value) + 1.0, last + 3.8)
        words = LABELS[key].in_language(language)
        drawing.text((x, last), words, style.TICK_SIZE, ink=ink, weight=weight)
        link = (anchor_of(row.result_id), row.place)
        end = x + text_width(words, style.TICK_SIZE) + 1.2
        drawing.text((end, last), row.value_text, style.TICK_SIZE, ink=ink, weight=weight, link=link)


def _draw_months(drawing: Drawing, rows: Sequence[ResultRow], language: str) -> None:
    """A bar for each month, under the steps; the year stands under its first month."""
    months = _select(rows, "MONTH|", "ENROLLED")
    left, width = style.ENROLLMENT_LEFT, style.ENROLLMENT_WIDTH
    top = style.ENROLLMENT_TOP + style.ENROLLMENT_COURSE + 8
    ticks = list_ticks(0, max(max(row.value for row in months), 1), 2)
    scale = Scale(top + style.ENROLLMENT_MONTHS, top, 0, ticks[-1])
    pitch = width / len(months)
    draw_left_axis(drawing, left, scale, ticks)
    drawing.line((left, scale.start), (left + width, scale.start), style.TEXT, style.AXIS_LINE)
    every = max(1, round(len(months) / 10))
    for number, row in enumerate(months):
        x, y = left + pitch * number, scale.at(row.value)
        if row.value:
            drawing.rect(
                (x + 0.1 * pitch, y), 0.8 * pitch, scale.start - y, style.NET_LOW_LINE,
                title=f"{row.row_label_en}: {row.value_text}",
            )  # fmt: skip
        year, month = row.row_label_en.split("-")
        if number % every == 0:
            drawing.text(
                (x + pitch / 2, scale.start + 4), month, style.TICK_SIZE, ink=style.TEXT, anchor="middle"
            )
        if number == 0 or month == "01":
            drawing.text((x, scale.start + 8), year, style.TICK_SIZE, ink=style.TEXT)
    draw_turned_title(drawing, scale, LABELS["month"].in_language(language))


def _draw_sites(
    drawing: Drawing, sites: Sequence[ResultRow], plan: Sequence[ResultRow], language: str
) -> None:
    planned = {row.row_id: row for row in plan}
    left, right, top = style.ENROLLMENT_SITES, style.FIGURE_WIDTH - 9.0, style.ENROLLMENT_TOP
    pitch = style.ENROLLMENT_PITCH
    largest = max([*(row.value for row in sites), *(row.value for row in plan), 1])
    ticks = list_ticks(0, largest, 4)
    scale = Scale(left, right, 0, ticks[-1])
    for number, row in enumerate(sorted(sites, key=lambda row: (-(row.value or 0), row.row_order))):
        y = top + pitch * number
        label = Words(row.row_label_en, row.row_label_zh).in_language(language)
        name = LABELS["site"].filled(name=label).in_language(language)
        size = fit_size(name, left - style.ENROLLMENT_LEFT - style.ENROLLMENT_WIDTH - 24, style.TICK_SIZE)
        drawing.text((left - 1.4, y + pitch / 2 + 1), name, size, ink=style.TEXT, anchor="end")
        end = scale.at(row.value)
        drawing.rect((left, y + 0.15 * pitch), end - left, 0.7 * pitch, style.NET_LOW_LINE)
        if row.row_id in planned:
            x = scale.at(planned[row.row_id].value)
            drawing.line((x, y + 0.05 * pitch), (x, y + 0.95 * pitch), style.TEXT, 1.2)
            end = max(end, x)
        link = (anchor_of(row.result_id), row.place)
        drawing.text(
            (end + 1.2, y + pitch / 2 + 1), row.value_text, style.TICK_SIZE, ink=style.TEXT, link=link
        )
    bottom = top + pitch * len(sites) + 1
    draw_bottom_axis(drawing, bottom, scale, ticks)
    words = LABELS["x" if plan else "x_alone"].in_language(language)
    drawing.text(
        ((left + right) / 2 - 4, bottom + 9), words, style.NOTE_SIZE, ink=style.TEXT, anchor="middle"
    )
