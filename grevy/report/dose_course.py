"""Dose over time: the share of subjects at each level in each week, one panel per group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grevy.report import style
from grevy.report.axes import Scale, draw_bottom_axis, draw_left_axis, draw_turned_title
from grevy.report.groups import Group, read_groups
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, text_width
from grevy.report.tables import anchor_of
from grevy.report.words import Words

LABELS = {
    "x": Words("Weeks since first dose", "自首次给药起的周数"),
    "y": Words("Subjects (%)", "受试者（%）"),
    "on": Words("On treatment", "治疗中"),
    "key": Words("Dose of the week", "当周剂量"),
}
ALT = Words(
    "Dose over time: for each week from the first dose the percent of subjects at each dose level, with the "
    "dose interrupted, or no longer treated, stacked to 100 percent. {groups}, weeks 1 to {weeks}. Dose "
    "levels: "
    "{levels}. The numbers on treatment stand under each panel. The values follow as data.",
    "剂量随时间变化：自首次给药起每周处于各剂量水平、暂停用药及治疗结束的受试者百分比，堆叠至100%。{groups}，"
    "第1至{weeks}周。剂量水平：{levels}。各分图下方为治疗中例数。数值另附。",
)
LEVEL_FILLS = (style.DOSE_300, style.DOSE_250, style.DOSE_200)
FILLS = {"NONE": style.DOSE_NONE, "ENDED": style.ENDED}
KNOWN_LEVELS = {"300": style.DOSE_300, "250": style.DOSE_250, "200": style.DOSE_200}


def read_levels(rows: Sequence[ResultRow]) -> dict[str, style.Ink]:
    """The states in the order in which they are stacked, each with its fill: highest dose at the bottom."""
    present = [row.group_1_value for row in rows if row.group_1 == "LEVEL" and row.value]
    levels = sorted({key for key in present if key not in (*FILLS, "ON")}, key=lambda key: -float(key))
    fills = {
        key: KNOWN_LEVELS.get(key, LEVEL_FILLS[min(place, len(LEVEL_FILLS) - 1)])
        for place, key in enumerate(levels)
    }
    return fills | {key: ink for key, ink in FILLS.items() if key in present}


def figure_dose_course(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """Draw a panel for each group."""
    groups, fills = read_groups(rows), read_levels(rows)
    weeks = _last_week(rows)
    drawing = Drawing(style.FIGURE_WIDTH, style.DOSE_TOP + style.DOSE_PANEL_PITCH * len(groups))
    for number, group in enumerate(groups):
        own = [row for row in rows if row.column_id == group.id]
        _draw_panel(
            drawing, own, group, fills, style.DOSE_TOP + style.DOSE_PANEL_PITCH * number, weeks, language
        )
    _draw_key(drawing, rows, fills, language)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def describe_dose_course(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words."""
    sizes = {row.column_id: row.value_text for row in rows if row.row_id == "N"}
    separator = "; " if language == "en" else "；"
    groups = [f"{g.name.in_language(language)} (n = {sizes[g.id]})" for g in read_groups(rows)]
    levels = [f"{key} mg" for key in read_levels(rows) if key not in FILLS]
    return ALT.filled(
        groups=separator.join(groups), weeks=_last_week(rows),
        levels=(", " if language == "en" else "、").join(levels),
    ).in_language(language)  # fmt: skip


def _last_week(rows: Sequence[ResultRow]) -> int:
    """Up to the week in which anybody is followed, at the next tick."""
    last = max((row.time + 1 for row in rows if row.time is not None and row.value), default=1.0)
    step = style.DOSE_WEEKS_BETWEEN_TICKS
    return step * -(-int(last) // step)


def _draw_panel(
    drawing: Drawing, rows: Sequence[ResultRow], group: Group, fills: Mapping[str, style.Ink], top: float,
    weeks: int, language: str,
) -> None:  # fmt: skip
    left = style.DOSE_LEFT
    x = Scale(left, left + style.DOSE_WIDTH, 0, weeks)
    y = Scale(top + style.DOSE_PANEL, top, 0, 100)
    cells = {(row.time, row.group_1_value): row for row in rows if row.group_1 == "LEVEL"}
    below = dict.fromkeys(range(weeks), 0.0)
    for key, fill in fills.items():
        shares = {}
        for week in range(weeks):
            row = cells.get((float(week), key))
            shares[week] = 100 * row.value / row.denominator if row and row.value and row.denominator else 0.0
        _draw_layer(drawing, x, y, below, shares, fill)
        below = {week: below[week] + shares[week] for week in below}
    draw_left_axis(drawing, left, y, (0, 50, 100))
    draw_bottom_axis(drawing, y.start, x, range(0, weeks + 1, style.DOSE_WEEKS_BETWEEN_TICKS))
    draw_turned_title(drawing, y, LABELS["y"].in_language(language))
    drawing.text(
        (left, top - 2.6), group.name.in_language(language), style.AXIS_TITLE_SIZE, ink=group.stroke.text,
        weight=style.HEADING_WEIGHT,
    )  # fmt: skip
    words = LABELS["x"].in_language(language)
    drawing.text(
        ((x.start + x.end) / 2, y.start + 8.8), words, style.TICK_SIZE, ink=style.TEXT, anchor="middle"
    )
    line = y.start + 13.2
    drawing.text((x.end + 5, line), LABELS["on"].in_language(language), style.NOTE_SIZE, ink=style.TEXT)
    for week in range(0, weeks, style.DOSE_WEEKS_BETWEEN_TICKS):
        row = cells.get((float(week), "ON"))
        if row is not None and row.value is not None:
            link = (anchor_of(row.result_id), row.place)
            drawing.text(
                (x.at(week), line),
                row.value_text,
                style.NOTE_SIZE,
                ink=style.TEXT,
                anchor="middle",
                link=link,
            )


def _draw_layer(
    drawing: Drawing, x: Scale, y: Scale, below: Mapping[int, float], shares: Mapping[int, float],
    fill: style.Ink,
) -> None:  # fmt: skip
    """One state over all weeks as one stepped area: no seams between weeks."""
    upper, lower = [], []
    for week, share in shares.items():
        ends = (x.at(week), x.at(week + 1))
        upper += [(end, y.at(below[week] + share)) for end in ends]
        lower += [(end, y.at(below[week])) for end in ends]
    if any(shares.values()):
        drawing.area([*upper, *reversed(lower)], fill)


def _draw_key(
    drawing: Drawing, rows: Sequence[ResultRow], fills: Mapping[str, style.Ink], language: str
) -> None:
    x, y = style.DOSE_KEY, style.DOSE_TOP + 2
    drawing.text(
        (x, y), LABELS["key"].in_language(language), style.TICK_SIZE, ink=style.TEXT,
        weight=style.HEADING_WEIGHT,
    )  # fmt: skip
    for key, fill in fills.items():
        y += 4.6
        row = next(row for row in rows if row.group_1_value == key)
        drawing.rect((x, y - 2.3), 3.6, 2.7, fill, edge=style.RULE, points=0.4)
        words = Words(row.row_label_en, row.row_label_zh).in_language(language)
        size = min(style.TICK_SIZE, style.TICK_SIZE * 25 / max(text_width(words, style.TICK_SIZE), 1))
        drawing.text((x + 5, y), words, size, ink=style.TEXT)
