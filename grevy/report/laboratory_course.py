"""Laboratory values over the visits: a box per group and visit, medians joined, limits of normal, n below."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from grevy.report import style
from grevy.report.axes import Scale, draw_left_axis, list_ticks
from grevy.report.groups import Group, read_groups
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, fit_size, text_width
from grevy.report.tables import anchor_of
from grevy.report.words import Words

ALT = Words(
    "{name} over the visits: for each of {groups} and each of {visits} visits a box from the first to the "
    "third quartile with the median, whiskers from the 10th to the 90th percentile, medians joined by a "
    "line. "
    "{limits}The vertical axis runs from {low} to {high}. Numbers of subjects stand under each visit. The "
    "values follow as data.",
    "{name}随访视变化：{groups}在{visits}次访视的箱线图（第一至第三四分位数及中位数，须线为第10至第90百分位数），"
    "中位数以线相连。{limits}纵轴为{low}至{high}。各访视例数列于下方。数值另附。",
)
LIMITS = Words("Dashed lines at the limits of normal: {values}. ", "虚线为正常值界限：{values}。")


def split_tests(rows: Sequence[ResultRow]) -> list[list[ResultRow]]:
    """The rows of each test, in their order."""
    return [list(own) for name, own in groupby(rows, key=lambda row: row.parameter) if name]


def _visits(rows: Sequence[ResultRow]) -> list[float]:
    return sorted({row.time for row in rows if row.time is not None})


def _groups(rows: Sequence[ResultRow]) -> list[Group]:
    first = next(row.row_id for row in rows if row.time == 0.0)
    return read_groups(rows, first)


def _ticks(rows: Sequence[ResultRow]) -> list[float]:
    ends = [
        value
        for row in rows
        if row.operation in ("middle", "limit")
        for value in (row.value, row.value_lower, row.value_upper)
        if value is not None
    ]
    return list_ticks(min(ends), max(ends), 6)


def figure_laboratory_course(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """Draw one test."""
    groups, visits, ticks = _groups(rows), _visits(rows), _ticks(rows)
    top, bottom = style.COURSE_TOP, style.COURSE_TOP + style.COURSE_HEIGHT
    drawing = Drawing(style.FIGURE_WIDTH, bottom + 8.5 + 3.6 * len(groups) + 4)
    y = Scale(bottom, top, ticks[0], ticks[-1])
    x = Scale(style.COURSE_LEFT, style.COURSE_LEFT + style.COURSE_WIDTH, -0.5, len(visits) - 0.5)
    name = Words(rows[0].group_label_en, rows[0].group_label_zh).in_language(language)
    size = fit_size(name, 100, style.AXIS_TITLE_SIZE)
    drawing.text((style.COURSE_LEFT, 4.4), name, size, ink=style.TEXT, weight=style.HEADING_WEIGHT)
    draw_left_axis(drawing, style.COURSE_LEFT, y, ticks)
    drawing.line((x.start, bottom), (x.end, bottom), style.TEXT, style.AXIS_LINE)
    _draw_limits(drawing, rows, x, y)
    for number, group in enumerate(groups):
        shift = style.COURSE_BOX * 1.1 * (number - (len(groups) - 1) / 2)
        own = [row for row in rows if row.column_id == group.id]
        _draw_group(drawing, own, group, x, y, shift)
        _draw_counts(drawing, own, group, x, bottom + 8.5 + 3.6 * number, language)
    _name_visits(drawing, rows, x, bottom, language)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def describe_laboratory_course(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words."""
    separator = "; " if language == "en" else "；"
    ticks = _ticks(rows)
    limits = [
        f"{Words(row.row_label_en, row.row_label_zh).in_language(language)} {row.value_text}"
        for row in rows
        if row.operation == "limit"
    ]
    said = LIMITS.filled(values=separator.join(limits)).in_language(language) if limits else ""
    return ALT.filled(
        name=Words(rows[0].group_label_en, rows[0].group_label_zh).in_language(language),
        groups=separator.join(group.name.in_language(language) for group in _groups(rows)),
        visits=len(_visits(rows)), limits=said, low=f"{ticks[0]:g}", high=f"{ticks[-1]:g}",
    ).in_language(language)  # fmt: skip


def _draw_limits(drawing: Drawing, rows: Sequence[ResultRow], x: Scale, y: Scale) -> None:
    for row in rows:
        if row.operation == "limit":
            height = y.at(row.value)
            drawing.line(
                (x.start, height), (x.end, height), style.SECONDARY, style.REFERENCE_LINE,
                dash=style.REFERENCE_DASH,
            )  # fmt: skip
            words = "LLN" if row.row_id.endswith("LLN") else "ULN"
            drawing.text((x.end + 1, height + 0.9), words, style.NOTE_SIZE, ink=style.SECONDARY)


def _draw_group(
    drawing: Drawing, rows: Sequence[ResultRow], group: Group, x: Scale, y: Scale, shift: float
) -> None:
    """Whiskers, boxes and the line of medians; the line is broken where a visit has nobody."""
    width = (x.at(1) - x.at(0)) * style.COURSE_BOX
    boxes = {row.time: row for row in rows if row.operation == "box"}
    whiskers = [row for row in rows if row.operation == "middle" and row.value_lower is not None]
    drawing.segments(
        [
            ((x.at(row.time + shift), y.at(row.value_lower)), (x.at(row.time + shift), y.at(row.value_upper)))
            for row in whiskers
        ],
        group.stroke.ink,
        0.6,
    )
    drawing.path(
        [(x.at(time + shift), y.at(row.value)) for time, row in sorted(boxes.items())], group.stroke.ink,
        style.TOTAL_CURVE_LINE, dash=group.stroke.dash,
    )  # fmt: skip
    corners, medians = [], []
    for time, row in sorted(boxes.items()):
        left, right = x.at(time + shift) - width / 2, x.at(time + shift) + width / 2
        upper, lower = y.at(row.value_upper), y.at(row.value_lower)
        corners.append([(left, upper), (right, upper), (right, lower), (left, lower)])
        medians.append(((left, y.at(row.value)), (right, y.at(row.value))))
    drawing.outlines(corners, style.PAPER, group.stroke.ink, 0.6)
    drawing.segments(medians, group.stroke.ink, 1.6)


def _draw_counts(
    drawing: Drawing, rows: Sequence[ResultRow], group: Group, x: Scale, line: float, language: str
) -> None:
    """The number of subjects under each visit; every other one where the visits stand close."""
    name = group.name.in_language(language)
    size = fit_size(name, style.COURSE_LEFT - 3, style.NOTE_SIZE)
    drawing.text((1, line), name, size, ink=group.stroke.text, weight=style.HEADING_WEIGHT)
    every = _every(x)
    for row in rows:
        if row.operation == "count" and row.time is not None and int(row.time) % every == 0:
            link = (anchor_of(row.result_id), row.place)
            drawing.text(
                (x.at(row.time), line), row.value_text, style.NOTE_SIZE, ink=style.TEXT, anchor="middle",
                link=link,
            )  # fmt: skip


def _every(x: Scale) -> int:
    room = x.at(1) - x.at(0)
    return (
        1 + int(text_width("C10D15", style.NOTE_SIZE) > room) + int(text_width("C10", style.NOTE_SIZE) > room)
    )


def _name_visits(drawing: Drawing, rows: Sequence[ResultRow], x: Scale, bottom: float, language: str) -> None:
    names = {row.time: row.group_1_value for row in rows if row.group_1 == "AVISIT"}
    last = len(names) - 1
    every = _every(x)
    for time, name in names.items():
        place = x.at(time)
        drawing.line((place, bottom), (place, bottom + 1), style.TEXT, style.AXIS_LINE)
        if int(time) % every == 0 or time == last:
            drawing.text((place, bottom + 4.2), name, style.NOTE_SIZE, ink=style.TEXT, anchor="middle")
