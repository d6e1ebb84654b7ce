"""The swimmer: one bar per subject on treatment, with its doses, response and what ended it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from grevy.report import style
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, text_width
from grevy.report.tables import anchor_of
from grevy.report.words import SHORT_NAMES, Words
from grevy.results.labels import NEN_GROUPS

LABELS = {
    "x": Words("Months since first dose", "自首次给药起的时间（月）"),
    "page": Words("{name}, subjects {first} to {last} of {n}", "{name}，第 {first} 至 {last} 例，共 {n} 例"),
    "all": Words("All subjects", "全部受试者"),
    "dose": Words("Dose", "剂量"),
    "event": Words("Event", "事件"),
    "strips": Words("Strips", "色条"),
    "interrupted": Words("Interrupted", "中断"),
    "other": Words("Other dose", "其他剂量"),
    "response": Words("Response (PR; dark: CR)", "缓解（PR；深色：CR）"),
    "response_end": Words("End of response", "缓解结束"),
    "progression": Words("PD", "PD"),
    "other_stop": Words("Other stop", "其他停药"),
    "new_therapy": Words("New therapy", "新治疗"),
    "death": Words("Death", "死亡"),
    "ongoing": Words("Ongoing", "治疗中"),
}
ALT = Words(
    "Swimmer plot, {page}. One bar per subject, longest treatment first, from first dose to last dose; the "
    "shade is the dose, a line in the bar the confirmed response. Signs after the bar: progression, another "
    "stop, new therapy, death, or an arrow where treatment goes on. The time axis runs from 0 to {end} "
    "months. The values follow as data.",
    "泳道图，{page}。每例受试者一个条形，按治疗时间由长至短排列，自首次给药至末次给药；颜色深浅为剂量，"
    "条内线条为经确认的缓解。"
    "条后符号为疾病进展、其他停药、新治疗、死亡，箭头表示治疗仍在进行。横轴为 0 至 {end} 个月。数值另附。",
)
AFTER = ("progression", "other_stop", "new_therapy", "death")
ALL = ""


@dataclass(frozen=True)
class Lane:
    """The rows of one subject."""

    treatment: ResultRow
    doses: Sequence[ResultRow]
    events: dict[str, ResultRow]


@dataclass(frozen=True)
class LanesOfPage:
    """Some subjects of one class; class "" stands for all."""

    group: str
    first: int
    total: int
    lanes: Sequence[Lane]

    def heading(self, language: str) -> str:
        name = Words(*NEN_GROUPS[self.group]) if self.group in NEN_GROUPS else LABELS["all"]
        return (
            LABELS["page"]
            .filled(
                name=name.in_language(language),
                first=self.first,
                last=self.first + len(self.lanes) - 1,
                n=self.total,
            )
            .in_language(language)
        )


def read_pages(rows: Sequence[ResultRow]) -> list[LanesOfPage]:
    """Longest treatment first; more subjects than a page holds are split by class, then into equal pages."""
    lanes = sorted(_read_lanes(rows), key=lambda lane: (-lane.treatment.value, lane.treatment.row_id))
    if len(lanes) <= style.SWIMMER_ROWS:
        return [LanesOfPage(ALL, 1, len(lanes), lanes)] if lanes else []
    classes = {name: [x for x in lanes if x.treatment.group_1_value == key] for name, key in _classes()}
    return [page for name, own in classes.items() for page in _split(name, own)]


def _classes() -> list[tuple[str, str]]:
    return [(name, "" if name == "MISSING" else name) for name in NEN_GROUPS]


def _split(group: str, lanes: Sequence[Lane]) -> Iterable[LanesOfPage]:
    pages = math.ceil(len(lanes) / style.SWIMMER_ROWS)
    for page in range(pages):
        start, stop = (len(lanes) * place // pages for place in (page, page + 1))
        yield LanesOfPage(group, start + 1, len(lanes), lanes[start:stop])


def _read_lanes(rows: Sequence[ResultRow]) -> Iterable[Lane]:
    told = [row for row in rows if row.time is not None]
    for _, own in groupby(told, lambda row: row.group_label_en):
        parts = list(own)
        treatment = next(row for row in parts if row.operation == "treatment")
        events = {row.operation: row for row in parts if row.operation not in ("treatment", "dose")}
        yield Lane(treatment, [row for row in parts if row.operation == "dose"], events)


def last_month(rows: Sequence[ResultRow]) -> int:
    """The labelled tick after the last sign; the same on all pages."""
    longest = max((row.value_upper or row.time for row in rows if row.time is not None), default=0.0)
    step = _step(longest)
    return max(1, math.ceil((longest + 1) / step)) * step


def _step(longest: float) -> int:
    return style.MONTHS_BETWEEN_TICKS * (1 if longest <= 45 else 2)


def figure_swimmer(
    page: LanesOfPage, responses: dict[str, str], end: int, language: str, *, is_simulated: bool
) -> Drawing:
    """Draw one page of bars; `responses` is the confirmed best response by subject."""
    height = 31 + style.SWIMMER_PITCH * len(page.lanes)
    drawing = Drawing(style.FIGURE_WIDTH, height)
    bottom = 6 + style.SWIMMER_PITCH * len(page.lanes)
    drawing.text(
        (0, 3), page.heading(language), style.AXIS_TITLE_SIZE, ink=style.TEXT, weight=style.HEADING_WEIGHT
    )
    _draw_axis(drawing, end, bottom, language)
    for place, lane in enumerate(page.lanes):
        _Lane(drawing, 6 + style.SWIMMER_PITCH * (place + 0.5), end).draw(lane, responses)
    _draw_keys(drawing, page, bottom + 13, language)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def describe_swimmer(page: LanesOfPage, end: int, language: str) -> str:
    """The figure in words."""
    return ALT.filled(page=page.heading(language), end=end).in_language(language)


# ---- Parts -----------------------------------------------------------------------------------------------


def _x(months: float, end: int) -> float:
    return style.SWIMMER_LEFT + style.SWIMMER_WIDTH * months / end


def _draw_axis(drawing: Drawing, end: int, bottom: float, language: str) -> None:
    tick = style.TICK_LENGTH * style.MM_PER_POINT
    for month in range(0, end + 1, _step(end - 1)):
        x = _x(month, end)
        if month:
            drawing.line((x, 5), (x, bottom), style.GRID, style.GRID_LINE)
        drawing.line((x, bottom), (x, bottom + tick), style.TEXT, style.AXIS_LINE)
        drawing.text((x, bottom + 4.2), str(month), style.TICK_SIZE, ink=style.TEXT, anchor="middle")
    drawing.path([(_x(0, end), 5), (_x(0, end), bottom), (_x(end, end), bottom)], style.TEXT, style.AXIS_LINE)
    drawing.text(
        (_x(end / 2, end), bottom + 8.4), LABELS["x"].in_language(language), style.AXIS_TITLE_SIZE,
        ink=style.TEXT, anchor="middle",
    )  # fmt: skip


class _Lane:
    """One bar on the canvas, its middle at `y`."""

    def __init__(self, drawing: Drawing, y: float, end: int) -> None:
        self.drawing, self.y, self.end = drawing, y, end

    def x(self, months: float) -> float:
        return _x(months, self.end)

    def draw(self, lane: Lane, responses: dict[str, str]) -> None:
        bar = style.SWIMMER_PITCH * style.SWIMMER_BAR
        name = lane.treatment.group_label_en
        self._draw_name(lane, name)
        for dose in lane.doses:
            fill = style.DOSE_FILL.get(round(dose.value), style.SD)
            start, stop = (self.x(months) for months in (dose.value_lower, dose.value_upper))
            self.drawing.rect(
                (start, self.y - bar / 2), max(stop - start, 0.1), bar, fill,
                title=f"{name}: {dose.row_label_en} {dose.value_text}",
            )  # fmt: skip
        self._draw_response(lane, responses.get(name, ""))
        self._draw_events(lane)

    def _draw_name(self, lane: Lane, name: str) -> None:
        shown = name.split("-", 1)[-1] if text_width(name, style.SWIMMER_NUMBER_SIZE) > 17 else name
        link = (anchor_of(lane.treatment.result_id), lane.treatment.place)
        strips = style.SWIMMER_LEFT - 2 * style.SWIMMER_STRIP - 2
        self.drawing.text(
            (strips - 0.8, self.y + 0.9), shown, style.SWIMMER_NUMBER_SIZE, ink=style.TEXT, anchor="end",
            link=link,
        )  # fmt: skip
        size = style.SWIMMER_PITCH * 0.78
        fills = (
            style.COHORT_FILL.get(lane.treatment.column_id),
            style.DISEASE_FILL.get(lane.treatment.group_1_value),
        )
        for place, fill in enumerate(fills):
            if fill:
                corner = (strips + place * (style.SWIMMER_STRIP + 0.4), self.y - size / 2)
                self.drawing.rect(corner, style.SWIMMER_STRIP, size, fill)

    def _draw_response(self, lane: Lane, response: str) -> None:
        start, ended = lane.events.get("response"), lane.events.get("response_end")
        if start is None:
            return
        last = ended.value if ended else max(lane.treatment.value, start.value)
        ink = style.CR if response == "CR" else style.PR_LINE
        ends = [(self.x(start.value), self.y), (self.x(last), self.y)]
        self.drawing.path(ends, style.PAPER, style.RESPONSE_HALO)
        self.drawing.path(ends, style.PR_LINE, style.RESPONSE_LINE)
        self.drawing.dot(ends[0], 0.85, ink, style.PAPER, 0.6)
        if ended:
            self.drawing.dot(ends[1], 0.75, style.PAPER, style.PR_LINE, 0.9)

    def _draw_events(self, lane: Lane) -> None:
        """Signs after the bar, at their time and never over each other: the later one is moved on."""
        free = lane.treatment.value + style.SWIMMER_APART
        if "ongoing" in lane.events:
            draw_arrow(self.drawing, self.x(lane.treatment.value), self.y)
            free += 4 * style.SWIMMER_APART
        previous = free
        for kind in sorted(
            (kind for kind in AFTER if kind in lane.events),
            key=lambda kind: (lane.events[kind].value, AFTER.index(kind)),
        ):
            place = max(lane.events[kind].value, free)
            if kind == "death" and place > previous + 1:
                waited = [(self.x(previous), self.y), (self.x(place) - 1, self.y)]
                self.drawing.path(waited, style.SECONDARY, style.GRID_LINE, dash=(0.6, 1.4))
            MARKS[kind](self.drawing, self.x(place), self.y)
            previous, free = place, place + max(style.SWIMMER_APART, 2.0 * self.end / style.SWIMMER_WIDTH)


def draw_diamond(drawing: Drawing, x: float, y: float) -> None:
    drawing.area([(x, y - 1), (x + 0.85, y), (x, y + 1), (x - 0.85, y)], style.PD)


def draw_bar(drawing: Drawing, x: float, y: float) -> None:
    drawing.path([(x, y - 1), (x, y + 1)], style.TEXT, 1.2)


def draw_triangle(drawing: Drawing, x: float, y: float) -> None:
    drawing.outline([(x + 1, y), (x - 0.7, y - 0.85), (x - 0.7, y + 0.85)], style.PAPER, style.TEXT, 0.7)


def draw_cross(drawing: Drawing, x: float, y: float) -> None:
    drawing.path([(x - 0.65, y - 0.65), (x + 0.65, y + 0.65)], style.TEXT, 1.1)
    drawing.path([(x - 0.65, y + 0.65), (x + 0.65, y - 0.65)], style.TEXT, 1.1)


def draw_arrow(drawing: Drawing, x: float, y: float) -> None:
    drawing.path([(x, y), (x + 2.6, y)], style.TEXT, 0.9)
    drawing.area([(x + 3.8, y), (x + 2.2, y - 0.75), (x + 2.2, y + 0.75)], style.TEXT)


MARKS = {
    "progression": draw_diamond,
    "other_stop": draw_bar,
    "new_therapy": draw_triangle,
    "death": draw_cross,
}


# ---- Keys ------------------------------------------------------------------------------------------------


def _draw_keys(drawing: Drawing, page: LanesOfPage, y: float, language: str) -> None:
    _draw_doses(drawing, page, y, language)
    _draw_marks(drawing, y + 4.6, language)
    _draw_strips(drawing, page, y + 9.2, language)


def _begin(drawing: Drawing, kind: str, y: float, language: str) -> float:
    drawing.text(
        (0, y), LABELS[kind].in_language(language), style.TICK_SIZE, ink=style.TEXT,
        weight=style.HEADING_WEIGHT,
    )  # fmt: skip
    return 14.0


def _write(drawing: Drawing, x: float, y: float, words: str) -> float:
    drawing.text((x, y), words, style.TICK_SIZE, ink=style.TEXT)
    return x + text_width(words, style.TICK_SIZE) + 4


def _box(drawing: Drawing, x: float, y: float, fill: style.Ink, words: str) -> float:
    drawing.rect((x, y - 2.2), 3.8, 2.4, fill)
    return _write(drawing, x + 5, y, words)


def _draw_doses(drawing: Drawing, page: LanesOfPage, y: float, language: str) -> None:
    x = _begin(drawing, "dose", y, language)
    present = {round(dose.value) for lane in page.lanes for dose in lane.doses}
    for level, fill in style.DOSE_FILL.items():
        if level in present:
            words = f"{level} mg" if level else LABELS["interrupted"].in_language(language)
            x = _box(drawing, x, y, fill, words)
    if present - set(style.DOSE_FILL):
        _box(drawing, x, y, style.SD, LABELS["other"].in_language(language))


def _draw_marks(drawing: Drawing, y: float, language: str) -> None:
    x, middle = _begin(drawing, "event", y, language), y - 1
    drawing.dot((x + 1, middle), 0.9, style.PR_LINE, style.PAPER, 0.6)
    x = _write(drawing, x + 3, y, LABELS["response"].in_language(language))
    drawing.dot((x + 1, middle), 0.85, style.PAPER, style.PR_LINE, 0.9)
    x = _write(drawing, x + 3, y, LABELS["response_end"].in_language(language))
    for kind in ("progression", "other_stop", "new_therapy", "death"):
        MARKS[kind](drawing, x + 1, middle)
        x = _write(drawing, x + 3, y, LABELS[kind].in_language(language))
    draw_arrow(drawing, x, middle)
    _write(drawing, x + 5, y, LABELS["ongoing"].in_language(language))


def _draw_strips(drawing: Drawing, page: LanesOfPage, y: float, language: str) -> None:
    x = _begin(drawing, "strips", y, language)
    for column, fill in style.COHORT_FILL.items():
        if any(lane.treatment.column_id == column for lane in page.lanes):
            x = _box(drawing, x, y, fill, SHORT_NAMES[column].in_language(language))
    for group, fill in style.DISEASE_FILL.items():
        if any(lane.treatment.group_1_value == group for lane in page.lanes):
            x = _box(drawing, x, y, fill, Words(*NEN_GROUPS[group]).in_language(language))
