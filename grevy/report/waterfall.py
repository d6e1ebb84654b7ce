"""The waterfall: best change of the sum of diameters, one bar per subject, by confirmed best response."""

from __future__ import annotations

from collections.abc import Sequence

from grevy.report import style
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing
from grevy.report.tables import anchor_of
from grevy.report.words import RESPONSES, SHORT_NAMES, Words

BAR_OPERATION = "best_change"
LABELS = {
    "axis": Words("Best change in sum of diameters (%)", "直径总和较基线的最佳变化（%）"),
    "key": Words("Confirmed best overall response", "经确认的最佳总体疗效"),
    "regimen": Words("Regimen", "方案"),
    "absent": Words("Of all: no value, no bar", "其中无数值、无柱"),
    "new": Words("Progression by a new lesion", "因新病灶进展"),
    "cut": Words("cut at +100: {values}", "截断于 +100：{values}"),
}
ALT = Words(
    "Waterfall plot, one bar per subject, sorted from the largest increase to the largest decrease. {bars} "
    "subjects with a value; the bars are coloured by confirmed best response. The vertical axis runs from "
    "−100 to +100 percent, with lines at +20 and −30 percent. The values follow as a table.",
    "瀑布图，每例受试者一个柱，自最大增幅至最大降幅排列。有数值的受试者 {bars} 例，"
    "按经确认的最佳总体疗效着色。"
    "纵轴为 −100% 至 +100%，虚线位于 +20% 和 −30%。数值见下表。",
)
TOP = 5.0


def select_bars(rows: Sequence[ResultRow]) -> list[ResultRow]:
    """The subjects with a value, largest increase first; ties by identifier."""
    bars = [row for row in rows if row.operation == BAR_OPERATION and row.value is not None]
    return sorted(bars, key=lambda row: (-row.value, row.row_id))


def has_new_lesion(bar: ResultRow) -> bool:
    """The results mark a progression by a new lesion in the subset of the row."""
    return bar.where is not None


def figure_waterfall(
    rows: Sequence[ResultRow], language: str, *, best: Sequence[ResultRow], is_simulated: bool
) -> Drawing:
    """Draw the bars, the strip of regimens under them, and the key with the counts of best response."""
    bars = select_bars(rows)
    height = TOP + style.WATERFALL_AXES_HEIGHT + 20
    drawing = Drawing(style.FIGURE_WIDTH, height)
    _draw_axes(drawing, language)
    _draw_bars(drawing, bars, language)
    _draw_strip(drawing, bars, language)
    absent = [row for row in rows if (row.row_id, row.column_id) == ("no_value", "TOTAL")]
    _draw_key(drawing, bars, best, absent, language)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def describe_waterfall(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words."""
    return ALT.filled(bars=len(select_bars(rows))).in_language(language)


def _y(percent: float) -> float:
    limited = max(-style.WATERFALL_CUT, min(style.WATERFALL_CUT, percent))
    return TOP + style.WATERFALL_AXES_HEIGHT * (style.WATERFALL_CUT - limited) / (2 * style.WATERFALL_CUT)


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"−{-number}" if number < 0 else "0"


def _draw_axes(drawing: Drawing, language: str) -> None:
    left, right = style.WATERFALL_AXES_LEFT, style.WATERFALL_AXES_LEFT + style.WATERFALL_AXES_WIDTH
    tick = style.TICK_LENGTH * style.MM_PER_POINT
    drawing.line((left, _y(100)), (left, _y(-100)), style.TEXT, style.AXIS_LINE)
    for percent in style.WATERFALL_TICKS:
        drawing.line((left - tick, _y(percent)), (left, _y(percent)), style.TEXT, style.AXIS_LINE)
        drawing.text(
            (left - 1.8, _y(percent) + 1), _signed(percent), style.TICK_SIZE, ink=style.TEXT, anchor="end"
        )
    for percent in style.WATERFALL_LINES:
        drawing.line(
            (left, _y(percent)), (right, _y(percent)), style.SECONDARY, style.REFERENCE_LINE,
            dash=style.REFERENCE_DASH,
        )  # fmt: skip
    drawing.text(
        (left - 12.5, _y(0)), LABELS["axis"].in_language(language), style.AXIS_TITLE_SIZE, ink=style.TEXT,
        anchor="middle", turned=True,
    )  # fmt: skip


def _slot(bars: Sequence[ResultRow]) -> float:
    """Width of one subject; few subjects do not make bars as wide as boards."""
    return min(style.WATERFALL_AXES_WIDTH / max(len(bars), 1), 6.0)


def _draw_bars(drawing: Drawing, bars: Sequence[ResultRow], language: str) -> None:
    left, slot = style.WATERFALL_AXES_LEFT, _slot(bars)
    width = slot if len(bars) >= style.WATERFALL_GAPLESS_FROM else 0.9 * slot
    for position, bar in enumerate(bars):
        top, bottom = sorted((_y(bar.value), _y(0)))
        fill = style.RESPONSE_FILL.get(bar.group_1_value, style.NE)
        drawing.rect(
            (left + position * slot, top), width, max(bottom - top, 0.15), fill,
            edge=style.RULE if fill is style.NE else None, points=0.4,
            title=f"{bar.row_label_en}: {bar.value_text}%",
        )  # fmt: skip
        if has_new_lesion(bar):
            x, y = left + (position + 0.5) * slot, top - 0.5 if bar.value > 0 else _y(0) - 0.5
            drawing.area([(x, y), (x - 0.55, y - 1.05), (x + 0.55, y - 1.05)], style.PD)
        if bar.value > style.WATERFALL_CUT:
            x = left + position * slot
            drawing.path([(x - 0.2, top + 3), (x + width + 0.2, top + 2)], style.PAPER, 1.2)
    drawing.line((left, _y(0)), (left + style.WATERFALL_AXES_WIDTH, _y(0)), style.TEXT, style.AXIS_LINE)
    cut = [bar for bar in bars if bar.value > style.WATERFALL_CUT]
    if cut:
        x = left + len(cut) * slot + 2
        values = ", ".join(bar.value_text for bar in cut)
        drawing.text(
            (x, TOP + 1),
            LABELS["cut"].filled(values=values).in_language(language),
            style.NOTE_SIZE,
            ink=style.TEXT,
        )


def _draw_strip(drawing: Drawing, bars: Sequence[ResultRow], language: str) -> None:
    """The regimen of each subject under its bar, with the key of the strip."""
    y, slot = _y(-100) + 3, _slot(bars)
    left = style.WATERFALL_AXES_LEFT
    drawing.text(
        (left - 1.8, y + 2.6),
        LABELS["regimen"].in_language(language),
        style.TICK_SIZE,
        ink=style.TEXT,
        anchor="end",
    )
    for position, bar in enumerate(bars):
        fill = style.COHORT_FILL.get(bar.column_id)
        if fill:
            drawing.rect((left + position * slot, y), slot, style.WATERFALL_STRIP_HEIGHT, fill)
    x = left
    for column in style.COHORT_FILL:
        if any(bar.column_id == column for bar in bars):
            name = SHORT_NAMES[column].in_language(language)
            drawing.rect((x, y + 6), 3.4, 2.4, style.COHORT_FILL[column])
            drawing.text((x + 5, y + 8.1), name, style.TICK_SIZE, ink=style.TEXT)
            x += 34


def place_key(bars: Sequence[ResultRow]) -> tuple[float, float]:
    """At the upper right; where bars rise into it, at the lower left, which is empty then."""
    left, right = style.WATERFALL_AXES_LEFT, style.WATERFALL_AXES_LEFT + style.WATERFALL_AXES_WIDTH
    x, slot = right - style.WATERFALL_KEY_WIDTH, _slot(bars)
    behind = [bar.value for position, bar in enumerate(bars) if left + (position + 1) * slot > x - 2]
    rises = any(value > style.WATERFALL_LINES[0] - 3 for value in behind)
    return (left + 4, _y(style.WATERFALL_LINES[1]) + 4) if rises else (x, TOP)


def _draw_key(
    drawing: Drawing,
    bars: Sequence[ResultRow],
    best: Sequence[ResultRow],
    absent: Sequence[ResultRow],
    language: str,
) -> None:
    """Best responses with n (%) of the full set, as in the response table, and who has no bar."""
    x, y = place_key(bars)
    right = x + style.WATERFALL_KEY_WIDTH
    shown, missing = [row for row in best if row.value], [row for row in absent if row.value]
    has_new = any(map(has_new_lesion, bars))
    pitch = min(
        style.WATERFALL_KEY_PITCH, style.WATERFALL_KEY_HEIGHT / max(len(shown) + len(missing) + has_new, 1)
    )
    drawing.text(
        (x, y + 1), LABELS["key"].in_language(language), style.TICK_SIZE, ink=style.TEXT,
        weight=style.HEADING_WEIGHT,
    )  # fmt: skip
    for row in shown:
        y += pitch
        fill = style.RESPONSE_FILL[row.group_1_value]
        drawing.rect((x, y - 1.4), 3.4, 2.4, fill, edge=style.RULE if fill is style.NE else None, points=0.4)
        _draw_key_line(drawing, x + 5, right, y, RESPONSES[row.group_1_value].in_language(language), row)
    for row in missing:
        y += pitch
        _draw_key_line(drawing, x + 5, right, y, LABELS["absent"].in_language(language), row)
    if has_new:
        y += pitch
        drawing.area([(x + 1.7, y + 0.5), (x + 1.15, y - 0.55), (x + 2.25, y - 0.55)], style.PD)
        drawing.text((x + 5, y + 0.6), LABELS["new"].in_language(language), style.TICK_SIZE, ink=style.TEXT)


def _draw_key_line(drawing: Drawing, x: float, right: float, y: float, words: str, row: ResultRow) -> None:
    drawing.text((x, y + 0.6), words, style.TICK_SIZE, ink=style.TEXT)
    link = (anchor_of(row.result_id), row.place)
    drawing.text((right, y + 0.6), row.value_text, style.TICK_SIZE, ink=style.TEXT, anchor="end", link=link)
