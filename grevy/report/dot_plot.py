"""The dot plot of adverse events: percent per group, grade 3 or higher inside, the onset beside."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from grevy.report import style
from grevy.report.event_terms import (
    Term,
    draw_name,
    find_end,
    percent_of,
    read_terms,
)
from grevy.report.groups import TOTAL, Group, draw_mark, read_groups
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, fit_size, text_width
from grevy.report.tables import anchor_of
from grevy.report.words import Words

LABELS = {
    "axis": Words("Subjects (%)", "受试者（%）"),
    "counts": Words("Any grade, n (%)", "任何级别，例数（%）"),
    "onset": Words("Days to first onset", "至首次发生天数"),
    "median": Words("median (Q1, Q3), all", "中位数（Q1, Q3），全部"),
    "any": Words("any grade", "任何级别"),
    "severe": Words("grade ≥3", "≥3级"),
}
ALT = Words(
    "Dot plot of the {n} most frequent treatment-emergent adverse events. For each of {groups} a line from "
    "the percent with grade 3 or higher to the percent with any grade, on an axis from 0 to {end}; beside it "
    "the median and quartiles of the days to first onset on a log axis. Most frequent: {first}, {counts}. "
    "Differences are descriptive. The counts follow as a table.",
    "最常见的{n}种治疗期间不良事件的点图。{groups}各有一条线，自≥3级百分比至任何级别百分比，横轴0至{end}；"
    "旁列至首次发生天数的中位数和四分位数（对数轴）。最常见：{first}，{counts}。差异仅作描述。例数见下表。",
)
FOOT = 20.0
MOST_COLUMNS = 2
"""Groups whose counts have room beside the marks; those of more stand in the table."""


def figure_dots(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """Draw a row per term: marks, counts, onset."""
    terms, groups = read_terms(rows), read_groups(rows)
    bottom = style.DOTS_TOP + style.DOTS_PITCH * len(terms)
    drawing = Drawing(style.FIGURE_WIDTH, bottom + FOOT)
    end = _find_end(terms, groups)
    _draw_head(drawing, groups, language)
    for number, term in enumerate(terms):
        y = style.DOTS_TOP + style.DOTS_PITCH * (number + 0.5)
        _draw_term(drawing, term, groups, y, end, language)
    _draw_axes(drawing, bottom, end, language)
    _draw_key(drawing, rows, groups, bottom + 14.5, language)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def describe_dots(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words."""
    terms, groups = read_terms(rows), read_groups(rows)
    sizes = {row.column_id: row.value_text for row in rows if row.row_id == "N"}
    separator = "; " if language == "en" else "；"
    names = separator.join(f"{g.name.in_language(language)} (n = {sizes[g.id]})" for g in groups)
    found = [(g, terms[0].find("|ANY", g.id)) for g in groups]
    counts = separator.join(f"{g.name.in_language(language)} {r.value_text}" for g, r in found if r)
    return ALT.filled(
        n=len(terms), groups=names, end=_find_end(terms, groups), first=terms[0].name.in_language(language),
        counts=counts,
    ).in_language(language)  # fmt: skip


def _find_end(terms: Sequence[Term], groups: Sequence[Group]) -> int:
    return find_end([percent_of(term.find("|ANY", group.id)) for term in terms for group in groups])


def _x(percent: float, end: int) -> float:
    return style.DOTS_LEFT + style.DOTS_WIDTH * percent / end


def _x_of_days(days: float) -> float:
    first, last = style.DOTS_DAYS[0] / 2, style.DOTS_DAYS[-1] * 2
    inside = min(max(days, first), last)
    return style.DOTS_ONSET + style.DOTS_ONSET_WIDTH * log(inside / first) / log(last / first)


def _column_of(number: int, groups: Sequence[Group]) -> float:
    """Where the counts of a group end; three groups stand closer."""
    return style.DOTS_COUNTS + (31.0 / max(len(groups), 1)) * (number + 1) - 1.5


def _draw_head(drawing: Drawing, groups: Sequence[Group], language: str) -> None:
    shown = groups if len(groups) <= MOST_COLUMNS else []
    if shown:
        middle = (style.DOTS_COUNTS + _column_of(len(groups) - 1, groups)) / 2
        drawing.text(
            (middle, 3.6), LABELS["counts"].in_language(language), style.NOTE_SIZE, ink=style.TEXT,
            anchor="middle", weight=style.HEADING_WEIGHT,
        )  # fmt: skip
    for number, group in enumerate(shown):
        name = group.name.in_language(language)
        size = fit_size(name, 31.0 / len(groups) - 1, style.NOTE_SIZE)
        drawing.text((_column_of(number, groups), 7.4), name, size, ink=group.stroke.text, anchor="end")
    middle = style.DOTS_ONSET + style.DOTS_ONSET_WIDTH / 2
    for y, key in ((3.6, "onset"), (7.4, "median")):
        drawing.text(
            (middle, y), LABELS[key].in_language(language), style.NOTE_SIZE, ink=style.TEXT, anchor="middle",
            weight=style.HEADING_WEIGHT if key == "onset" else 400,
        )  # fmt: skip
    drawing.line((0, 9), (style.FIGURE_WIDTH, 9), style.TEXT, style.AXIS_LINE)


def _draw_term(
    drawing: Drawing, term: Term, groups: Sequence[Group], y: float, end: int, language: str
) -> None:
    place = (style.DOTS_LEFT - 2, y)
    draw_name(drawing, place, term.name.in_language(language), style.DOTS_LEFT - 3, "end")
    right = style.DOTS_LEFT + style.DOTS_WIDTH
    drawing.line((style.DOTS_LEFT, y), (right, y), style.GRID, style.GRID_LINE)
    for number, group in enumerate(groups):
        of_any, severe = term.find("|ANY", group.id), term.find("|SEVERE", group.id)
        here = y + style.DOTS_PITCH * style.DOTS_APART * (2 * number - (len(groups) - 1))
        places = [(_x(percent_of(row), end), here) for row in (severe, of_any)]
        drawing.path(places, group.stroke.ink, 0.8, opacity=0.6)
        draw_mark(drawing, places[0], group, style.DOT_RADIUS, is_filled=True)
        draw_mark(drawing, places[1], group, style.DOT_RADIUS, is_filled=False)
        if len(groups) <= MOST_COLUMNS:
            _draw_counts(drawing, _column_of(number, groups), y + 1, group, of_any)
    onset = term.find("|ONSET", TOTAL)
    if onset is not None and onset.value is not None:
        _draw_onset(drawing, onset, y)


def _draw_counts(drawing: Drawing, x: float, y: float, group: Group, of_any: ResultRow | None) -> None:
    """The subjects of any grade, with their records; those of grade 3 or higher stand in the table."""
    if of_any is not None and of_any.value is not None:
        link = (anchor_of(of_any.result_id), of_any.place)
        text = of_any.value_text
        drawing.text((x, y), text, style.SMALLEST_SIZE, ink=group.stroke.text, anchor="end", link=link)


def _draw_onset(drawing: Drawing, onset: ResultRow, y: float) -> None:
    x = _x_of_days(onset.value)
    ends = [_x_of_days(part) for part in (onset.value_lower, onset.value_upper) if part is not None]
    if len(ends) == 2:
        drawing.line((ends[0], y), (ends[1], y), style.TEXT, 1.0)
    r = 1.0
    drawing.area([(x, y - r), (x + 0.7 * r, y), (x, y + r), (x - 0.7 * r, y)], style.TEXT)


def _draw_axes(drawing: Drawing, bottom: float, end: int, language: str) -> None:
    tick = style.TICK_LENGTH * style.MM_PER_POINT
    right = style.DOTS_LEFT + style.DOTS_WIDTH
    drawing.line((style.DOTS_LEFT, bottom), (right, bottom), style.TEXT, style.AXIS_LINE)
    places = [(_x(percent, end), str(percent)) for percent in range(0, end + 1, 20)]
    far = style.DOTS_ONSET + style.DOTS_ONSET_WIDTH
    drawing.line((style.DOTS_ONSET, bottom), (far, bottom), style.TEXT, style.AXIS_LINE)
    places += [(_x_of_days(days), str(days)) for days in style.DOTS_DAYS]
    for x, words in places:
        drawing.line((x, bottom), (x, bottom + tick), style.TEXT, style.AXIS_LINE)
        drawing.text((x, bottom + 4.4), words, style.TICK_SIZE, ink=style.TEXT, anchor="middle")
    middle = (style.DOTS_LEFT + right) / 2
    words = LABELS["axis"].in_language(language)
    drawing.text((middle, bottom + 8.6), words, style.AXIS_TITLE_SIZE, ink=style.TEXT, anchor="middle")


def _draw_key(
    drawing: Drawing, rows: Sequence[ResultRow], groups: Sequence[Group], y: float, language: str
) -> None:
    x = 4.0
    for group in groups:
        name = group.name.in_language(language)
        drawing.text((x, y), name, style.TICK_SIZE, ink=group.stroke.text, weight=style.HEADING_WEIGHT)
        x += text_width(name, style.TICK_SIZE) + 2
        size = next(r for r in rows if r.row_id == "N" and r.column_id == group.id)
        drawing.text((x, y), "n =", style.TICK_SIZE, ink=style.TEXT)
        x += text_width("n =", style.TICK_SIZE) + 0.5
        link = (anchor_of(size.result_id), size.place)
        drawing.text((x, y), size.value_text, style.TICK_SIZE, ink=style.TEXT, link=link)
        x += text_width(size.value_text, style.TICK_SIZE) + 3
        for key, is_filled in (("severe", True), ("any", False)):
            draw_mark(drawing, (x, y - 1), group, style.DOT_RADIUS, is_filled=is_filled)
            words = LABELS[key].in_language(language)
            drawing.text((x + 1.8, y), words, style.TICK_SIZE, ink=style.TEXT)
            x += text_width(words, style.TICK_SIZE) + 5
        x += 3
        if x > 100 and group is not groups[-1] and len(groups) > 2:
            x, y = 4.0, y + 4.0
