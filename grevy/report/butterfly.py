"""The butterfly of adverse events: two groups back to back, grades stacked, one scale for both."""

from __future__ import annotations

from collections.abc import Sequence

from grevy.report import style
from grevy.report.event_terms import Term, draw_name, find_end, percent_of, read_terms
from grevy.report.groups import TOTAL, Group, read_groups
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, text_width
from grevy.report.tables import anchor_of
from grevy.report.words import Words

LABELS = {
    "axis": Words("Subjects (%)", "受试者（%）"),
    "grade": Words("Highest grade", "最高级别"),
    "missing": Words("missing", "缺失"),
    "all": Words("All subjects", "全部受试者"),
}
ALT = Words(
    "Butterfly chart of the {n} most frequent treatment-emergent adverse events by highest grade. {sides}, "
    "on one scale from 0 to {end} percent; grades are stacked, grade 1 outermost. Most frequent: "
    "{first}, {counts}. The counts follow as a table.",
    "最常见的{n}种治疗期间不良事件的蝴蝶图，按最高级别。{sides}，两侧同一刻度0至{end}%；各级别堆叠，1级在最外侧。"
    "最常见：{first}，{counts}。例数见下表。",
)
STACK = ("5", "4", "3", "2", "1", "0")  # from the middle outwards
FOOT = 17.0


def read_sides(rows: Sequence[ResultRow]) -> list[Group]:
    """Two groups face each other; one, or more than two, are shown together on one side."""
    groups = read_groups(rows)
    if len(groups) == 2:
        return groups
    return [Group(TOTAL, LABELS["all"], style.STROKES[TOTAL], "circle")]


def figure_butterfly(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """Draw the bars of every term, the names between them."""
    terms, sides = read_terms(rows), read_sides(rows)
    bottom = style.BUTTERFLY_TOP + style.BUTTERFLY_PITCH * len(terms)
    drawing = Drawing(style.FIGURE_WIDTH, bottom + FOOT)
    end = _find_end(terms, sides)
    middle = style.FIGURE_WIDTH / 2
    edges = {-1: middle - style.BUTTERFLY_MIDDLE / 2, 1: middle + style.BUTTERFLY_MIDDLE / 2}
    places = [(-1, sides[0]), (1, sides[1])] if len(sides) == 2 else [(1, sides[0])]
    for direction, side in places:
        _draw_axis(drawing, edges[direction], direction, bottom, end)
        _draw_heading(drawing, rows, side, edges[direction], direction, language)
    for number, term in enumerate(terms):
        y = style.BUTTERFLY_TOP + style.BUTTERFLY_PITCH * number
        place = (middle, y + style.BUTTERFLY_PITCH / 2)
        draw_name(drawing, place, term.name.in_language(language), style.BUTTERFLY_MIDDLE - 2, "middle")
        for direction, side in places:
            _draw_bars(drawing, term, side, y, edges[direction], direction, end)
    drawing.text(
        (middle, bottom + 4.4), LABELS["axis"].in_language(language), style.TICK_SIZE, ink=style.TEXT,
        anchor="middle",
    )  # fmt: skip
    _draw_key(drawing, terms, bottom + 12.0, language)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def describe_butterfly(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words."""
    terms, sides = read_terms(rows), read_sides(rows)
    sizes = {row.column_id: row.value_text for row in rows if row.row_id == "N"}
    names = [f"{side.name.in_language(language)} (n = {sizes.get(side.id, '0')})" for side in sides]
    first = terms[0]
    of_first = {r.column_id: r.value_text for r in first.rows if r.row_label_en == first.name.en}
    counts = [f"{side.name.in_language(language)} {of_first.get(side.id, '0')}" for side in sides]
    separator = "; " if language == "en" else "；"
    return ALT.filled(
        n=len(terms), sides=separator.join(names), end=_find_end(terms, sides),
        first=first.name.in_language(language), counts=separator.join(counts),
    ).in_language(language)  # fmt: skip


def _find_end(terms: Sequence[Term], sides: Sequence[Group]) -> int:
    shown = {side.id for side in sides}
    return find_end(
        [percent_of(r) for t in terms for r in t.rows if r.row_label_en == t.name.en and r.column_id in shown]
    )


def _draw_axis(drawing: Drawing, edge: float, direction: int, bottom: float, end: int) -> None:
    far = edge + direction * style.BUTTERFLY_AXIS
    drawing.line((edge, bottom), (far, bottom), style.TEXT, style.AXIS_LINE)
    drawing.line((edge, style.BUTTERFLY_TOP - 1), (edge, bottom), style.TEXT, style.AXIS_LINE)
    tick = style.TICK_LENGTH * style.MM_PER_POINT
    for percent in range(0, end + 1, 20):
        x = edge + direction * style.BUTTERFLY_AXIS * percent / end
        drawing.line((x, bottom), (x, bottom + tick), style.TEXT, style.AXIS_LINE)
        drawing.text((x, bottom + 4.4), str(percent), style.TICK_SIZE, ink=style.TEXT, anchor="middle")


def _draw_heading(
    drawing: Drawing, rows: Sequence[ResultRow], side: Group, edge: float, direction: int, language: str
) -> None:
    """The name of the side with its number of subjects, over its axis."""
    size = next((r for r in rows if r.row_id == "N" and r.column_id == side.id), None)
    name = side.name.in_language(language)
    x = edge + direction * style.BUTTERFLY_AXIS if direction < 0 else edge
    drawing.text((x, 5.5), name, style.AXIS_TITLE_SIZE, ink=side.stroke.text, weight=style.HEADING_WEIGHT)
    if size is not None:
        x += text_width(name, style.AXIS_TITLE_SIZE) + 2
        drawing.text((x, 5.5), "n =", style.AXIS_TITLE_SIZE, ink=style.TEXT)
        x += text_width("n =", style.AXIS_TITLE_SIZE) + 0.6
        link = (anchor_of(size.result_id), size.place)
        drawing.text((x, 5.5), size.value_text, style.AXIS_TITLE_SIZE, ink=style.TEXT, link=link)


def _draw_bars(
    drawing: Drawing, term: Term, side: Group, y: float, edge: float, direction: int, end: int
) -> None:
    height = style.BUTTERFLY_PITCH * style.BUTTERFLY_BAR
    top = y + (style.BUTTERFLY_PITCH - height) / 2
    x = edge
    for grade in STACK:
        row = next((r for r in term.rows if r.group_1_value == grade and r.column_id == side.id), None)
        width = style.BUTTERFLY_AXIS * percent_of(row) / end
        if row is None or not width:
            continue
        left = x if direction > 0 else x - width
        pale = grade in ("1", "0")
        drawing.rect(
            (left, top), width, height, style.GRADE_FILL[grade], edge=style.RULE if pale else None,
            points=0.4, title=f"{row.row_label_en}: {row.value_text}",
        )  # fmt: skip
        x += direction * width
    whole = next((r for r in term.rows if r.row_label_en == term.name.en and r.column_id == side.id), None)
    if whole is not None:
        anchor = "start" if direction > 0 else "end"
        drawing.text(
            (x + direction * 1.0, y + 3.5), whole.value_text, style.NOTE_SIZE, ink=side.stroke.text,
            anchor=anchor, link=(anchor_of(whole.result_id), whole.place),
        )  # fmt: skip


def _draw_key(drawing: Drawing, terms: Sequence[Term], y: float, language: str) -> None:
    present = {r.group_1_value for t in terms for r in t.rows if r.group_1 == "ATOXGR" and r.value}
    words = LABELS["grade"].in_language(language)
    x = 30.0
    drawing.text((x, y), words, style.TICK_SIZE, ink=style.TEXT, weight=style.HEADING_WEIGHT)
    x += text_width(words, style.TICK_SIZE) + 4
    for grade in (g for g in reversed(STACK) if g in present and g != "0"):
        drawing.rect((x, y - 2.3), 3.4, 2.6, style.GRADE_FILL[grade], edge=style.RULE, points=0.4)
        drawing.text((x + 4.6, y), grade, style.TICK_SIZE, ink=style.TEXT)
        x += 12
    if "0" in present:
        drawing.rect((x, y - 2.3), 3.4, 2.6, style.GRADE_MISSING, edge=style.RULE, points=0.4)
        drawing.text((x + 4.6, y), LABELS["missing"].in_language(language), style.TICK_SIZE, ink=style.TEXT)
