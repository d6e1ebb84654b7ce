"""The forest of one arm: an estimate per subgroup with its interval; no effect sizes, no comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, sqrt

from grevy.report import style
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, text_width
from grevy.report.tables import anchor_of, split_value
from grevy.report.words import Words

COUNTS, ESTIMATES = (("PFS_EVENTS", "RESPONDERS"), ("PFS_MEDIAN", "ORR"))
WHOLE = "ALL"
ALT = Words(
    "Forest plot of one arm: {outcome} in {n} subgroups, each with its 95% confidence interval, number of "
    "subjects and of events. All subjects together: {whole}, drawn as a dashed line. The axis runs "
    "from 0 to {end}. Subgroups are not compared with each other. The values follow as a table.",
    "单臂森林图：{n}个亚组的{outcome}及其95%置信区间、受试者例数和事件数。全体受试者：{whole}，以虚线表示。"
    "横轴为0至{end}。亚组之间不作比较。数值见下表。",
)
OVERALL = Words("All subjects", "全体受试者")
TOP, FOOT, INDENT = 9.0, 13.0, 4.0
COUNT_X, N_X = 66.0, 78.0
AXIS_LEFT, AXIS_WIDTH, ESTIMATE_X = 83.0, 54.0, 147.0
PITCH, CAP = 3.5, 0.17
SMALLEST, LARGEST = 2.2, 6.2  # side of a square, in points
STEPS = (1, 2, 3, 6, 12, 24, 60)


@dataclass(frozen=True)
class Entry:
    """One subgroup: its size, events or responders, and the estimate."""

    first: ResultRow
    n: ResultRow
    count: ResultRow
    estimate: ResultRow


def read_entries(rows: Sequence[ResultRow]) -> list[Entry]:
    """The subgroups in their order."""
    ordered = sorted(rows, key=lambda row: (row.row_order, row.column_order))
    entries = []
    for _, part in groupby(ordered, key=lambda row: row.row_order):
        cells = {row.column_id: row for row in part}
        count = next((cells[name] for name in COUNTS if name in cells), None)
        estimate = next((cells[name] for name in ESTIMATES if name in cells), None)
        if "N" in cells and count is not None and estimate is not None:
            entries.append(Entry(cells["N"], cells["N"], count, estimate))
    return entries


def find_step_and_end(entries: Sequence[Entry]) -> tuple[int, int]:
    """Even breaks of the axis: percents to 100, months as far as the estimates and near limits need."""
    if entries[0].estimate.column_id == "ORR":
        return 20, 100
    values = [e.estimate.value for e in entries if e.estimate.value is not None]
    limits = [e.estimate.value_upper for e in entries if e.estimate.value_upper is not None]
    longest = min(max(limits, default=1.0), 1.6 * max(values, default=1.0))
    step = next((step for step in STEPS if longest / step <= 8), STEPS[-1])
    return step, step * max(ceil(longest / step), 1)


def figure_forest(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """A table with a picture in it: name, events, n, interval, estimate."""
    entries = read_entries(rows)
    groups = [(name, list(part)) for name, part in groupby(entries, key=_group_of)]
    headings = sum(bool(name.en) for name, _ in groups)
    bottom = TOP + PITCH * (len(entries) + headings)
    drawing = Drawing(style.FIGURE_WIDTH, bottom + FOOT)
    step, end = find_step_and_end(entries)
    _draw_head(drawing, entries[0], language)
    y = TOP
    for number, (name, part) in enumerate(groups):
        height = PITCH * (len(part) + bool(name.en))
        if number % 2:
            drawing.rect((0, y), style.FIGURE_WIDTH, height, style.BAND)
        if name.en:
            drawing.text(
                (2, y + 2.6), name.in_language(language), style.RISK_TABLE_SIZE, ink=style.TEXT,
                weight=style.HEADING_WEIGHT,
            )  # fmt: skip
            y += PITCH
        for entry in part:
            _draw_entry(drawing, entry, y, end, entries, language)
            y += PITCH
    _draw_axis(drawing, entries, bottom, step, end, language)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def _group_of(entry: Entry) -> Words:
    return Words(entry.first.group_label_en or "", entry.first.group_label_zh or "")


def _x(value: float, end: float) -> float:
    return AXIS_LEFT + AXIS_WIDTH * min(value / end, 1.0)


def _column_label(row: ResultRow, language: str) -> str:
    return row.column_label_zh if language == "zh" else row.column_label_en


def _draw_head(drawing: Drawing, entry: Entry, language: str) -> None:
    for place, row in ((COUNT_X, entry.count), (N_X, entry.n)):
        words = "n" if row.column_id == "N" else _column_label(row, language)
        drawing.text((place, 5), words, style.NOTE_SIZE, ink=style.SECONDARY, anchor="end")
    words = _column_label(entry.estimate, language)
    drawing.text((168, 5), words, style.NOTE_SIZE, ink=style.SECONDARY, anchor="end")
    drawing.line((0, 7), (style.FIGURE_WIDTH, 7), style.TEXT, style.AXIS_LINE)


def _draw_entry(
    drawing: Drawing, entry: Entry, y: float, end: int, entries: Sequence[Entry], language: str
) -> None:
    is_whole = entry.first.group_1 == WHOLE
    base = y + 2.6
    label = entry.first.row_label_zh if language == "zh" else entry.first.row_label_en
    name, x = (OVERALL.in_language(language), 2.0) if is_whole else (label, 2.0 + INDENT)
    weight = style.HEADING_WEIGHT if is_whole else 400
    size = min(
        style.RISK_TABLE_SIZE, style.RISK_TABLE_SIZE * 50 / max(text_width(name, style.RISK_TABLE_SIZE), 1)
    )
    drawing.text((x, base), name, size, ink=style.TEXT, weight=weight)
    for place, row in ((COUNT_X, entry.count), (N_X, entry.n)):
        _draw_value(drawing, (place, base), row, row.value_text, "end")
    left, right = split_value(entry.estimate.value_text)
    _draw_value(drawing, (ESTIMATE_X, base), entry.estimate, left, "end")
    if right:
        _draw_value(drawing, (ESTIMATE_X + 1, base), entry.estimate, right, "start")
    if entry.estimate.value_lower is not None or entry.estimate.value is not None:
        largest = max(e.n.value or 0 for e in entries)
        _draw_mark(drawing, entry, y + PITCH / 2, end, largest, is_whole)


def _draw_value(drawing: Drawing, place: tuple[float, float], row: ResultRow, text: str, anchor: str) -> None:
    drawing.text(
        place, text, style.RISK_TABLE_SIZE, ink=style.TEXT, anchor=anchor,
        link=(anchor_of(row.result_id), row.place),
    )  # fmt: skip


def _draw_mark(drawing: Drawing, entry: Entry, y: float, end: int, largest: float, is_whole: bool) -> None:
    """Interval with caps, an arrow where a limit is not reached or lies beyond the axis."""
    found = entry.estimate
    edge, cap = AXIS_LEFT + AXIS_WIDTH, PITCH * CAP
    if found.value_lower is not None:
        left = _x(found.value_lower, end)
        is_open = found.value_upper is None or found.value_upper > end
        right = edge if is_open else _x(found.value_upper, end)
        drawing.line((left, y), (right, y), style.TEXT, 0.8)
        drawing.line((left, y - cap), (left, y + cap), style.TEXT, 0.8)
        if is_open:
            drawing.path([(right - 1.2, y - 0.8), (right, y), (right - 1.2, y + 0.8)], style.TEXT, 0.8)
        else:
            drawing.line((right, y - cap), (right, y + cap), style.TEXT, 0.8)
    if found.value is None:
        return
    x = _x(found.value, end)
    share = sqrt((entry.n.value or 0) / largest) if largest else 0.0
    half = (SMALLEST + (LARGEST - SMALLEST) * share) * style.MM_PER_POINT / 2
    if is_whole:
        drawing.area([(x - half, y), (x, y - half), (x + half, y), (x, y + half)], style.TEXT)
    else:
        drawing.rect((x - half, y - half), 2 * half, 2 * half, style.TEXT)


def _draw_axis(
    drawing: Drawing, entries: Sequence[Entry], bottom: float, step: int, end: int, language: str
) -> None:
    edge = AXIS_LEFT + AXIS_WIDTH
    drawing.line((AXIS_LEFT, bottom), (edge, bottom), style.TEXT, style.AXIS_LINE)
    for tick in range(0, end + 1, step):
        x = _x(tick, end)
        drawing.line((x, bottom), (x, bottom + 1), style.TEXT, style.AXIS_LINE)
        drawing.text((x, bottom + 4.2), str(tick), style.TICK_SIZE, ink=style.TEXT, anchor="middle")
    drawing.text(
        ((AXIS_LEFT + edge) / 2, bottom + 8.4), _column_label(entries[0].estimate, language),
        style.NOTE_SIZE, ink=style.TEXT, anchor="middle",
    )  # fmt: skip
    whole = next((e.estimate for e in entries if e.first.group_1 == WHOLE), None)
    if whole is not None and whole.value is not None:
        x = _x(whole.value, end)
        drawing.line((x, TOP), (x, bottom), style.SECONDARY, style.REFERENCE_LINE, dash=style.REFERENCE_DASH)


def describe_forest(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words."""
    entries = read_entries(rows)
    whole = next((e.estimate.value_text for e in entries if e.first.group_1 == WHOLE), "NC")
    outcome = entries[0].estimate
    words = Words(outcome.column_label_en, outcome.column_label_zh).in_language(language)
    n = sum(e.first.group_1 != WHOLE for e in entries)
    end = find_step_and_end(entries)[1]
    return ALT.filled(outcome=words, n=n, whole=whole, end=end).in_language(language)
