"""The way of therapy: from what came before, through the regimen at first dose, to the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from grevy.report import style
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.style import Ink
from grevy.report.svg import Drawing, Point, text_width
from grevy.report.tables import anchor_of
from grevy.report.words import Words

ALT = Words(
    "Flow of therapy of {n} subjects. At the left {prior} groups by systemic therapy before, in the middle "
    "the regimens at first dose ({regimens}), at the right {next} next steps, the largest: {largest}. The "
    "width of a band is its number of subjects; flows of fewer than 5 stand under other. The values follow "
    "as a table.",
    "{n}例受试者的治疗流向图。左侧为{prior}组既往系统治疗，中间为首次给药方案（{regimens}），右侧为{next}种下一步治疗，"
    "最多者为{largest}。带宽为例数，少于5例的流向并入其他。数值见下表。",
)
MIDDLE = Words("Regimen at first dose", "首次给药方案")
TOP, HEIGHT, FOOT = 13.0, 84.0, 7.0
BAR = 4.0
LEFT_X, MIDDLE_X, RIGHT_X = 44.0, 75.0, 107.0
GAP = 2.2
STEPS = 18  # of a band's curve
FILL = (style.NET_LOW, style.NET_G3)


@dataclass(frozen=True)
class Node:
    """A group at the left or right: its row per regimen and in all."""

    first: ResultRow
    flows: dict[str, ResultRow]
    total: ResultRow


@dataclass(frozen=True)
class Flow:
    """Both sides, and the regimens between them."""

    prior: list[Node]
    next: list[Node]
    regimens: list[tuple[str, str, str]]  # column, name in English, name in Chinese

    def size(self, nodes: Sequence[Node], column: str) -> float:
        """Subjects of a regimen on one side."""
        return sum(node.flows[column].value or 0 for node in nodes)


def read_flow(rows: Sequence[ResultRow]) -> Flow | None:
    """The nodes in their order; nothing where a side is missing."""
    ordered = sorted(rows, key=lambda row: (row.row_order, row.column_order))
    sides: dict[str, list[Node]] = {"PRIOR": [], "NEXT": []}
    regimens: dict[str, tuple[str, str, str]] = {}
    for _, part in groupby(ordered, key=lambda row: row.row_order):
        cells = {row.column_id: row for row in part}
        total = cells.pop("TOTAL", None)
        if total is None or total.value is None or total.group_1 not in sides:
            continue
        sides[total.group_1].append(Node(total, cells, total))
        for column, row in cells.items():
            regimens[column] = (column, row.column_label_en, row.column_label_zh)
    if not all(sides.values()) or not sum(node.total.value or 0 for node in sides["PRIOR"]):
        return None
    return Flow(sides["PRIOR"], sides["NEXT"], list(regimens.values()))


def figure_sankey(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """Bands take the color of the regimen."""
    flow = read_flow(rows)
    if flow is None:
        raise ValueError("A flow of therapy needs subjects on both sides.")
    drawing = Drawing(style.FIGURE_WIDTH, TOP + HEIGHT + FOOT)
    gaps = GAP * (max(len(flow.prior), len(flow.next), len(flow.regimens)) - 1)
    scale = (HEIGHT - gaps) / sum(node.total.value or 0 for node in flow.prior)
    _draw_heads(drawing, flow, language)
    middle = _place_regimens(flow, scale)
    for nodes, x, is_left in ((flow.prior, LEFT_X, True), (flow.next, RIGHT_X, False)):
        _draw_side(drawing, flow, nodes, x, scale, dict(middle), language, is_left=is_left)
    for column, en, zh in flow.regimens:
        size = scale * flow.size(flow.prior, column)
        ink = style.COHORT_FILL.get(column, style.TOTAL)
        drawing.rect((MIDDLE_X, middle[column]), BAR, size, ink)
        _draw_regimen(drawing, column, zh if language == "zh" else en, flow, language)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def _place_regimens(flow: Flow, scale: float) -> dict[str, float]:
    """The upper edge of each regimen, the regimens about the middle."""
    sizes = {column: scale * flow.size(flow.prior, column) for column, *_ in flow.regimens}
    apart = 3 * GAP
    y = TOP + (HEIGHT - sum(sizes.values()) - apart * (len(sizes) - 1)) / 2
    places = {}
    for column, size in sizes.items():
        places[column] = y
        y += size + apart
    return places


def _draw_side(
    drawing: Drawing,
    flow: Flow,
    nodes: Sequence[Node],
    x: float,
    scale: float,
    middle: dict[str, float],
    language: str,
    *,
    is_left: bool,
) -> None:
    """The bars of one side, their bands to the regimens, their names and counts."""
    gap = (HEIGHT - scale * sum(node.total.value or 0 for node in nodes)) / max(len(nodes) - 1, 1)
    y = TOP
    for number, node in enumerate(nodes):
        size = scale * (node.total.value or 0)
        start = y
        for column, *_ in flow.regimens:
            width = scale * (node.flows[column].value or 0)
            if width:
                ink = style.COHORT_FILL.get(column, style.TOTAL)
                ends = ((x + BAR, start), (MIDDLE_X, middle[column]))
                if not is_left:
                    ends = ((MIDDLE_X + BAR, middle[column]), (x, start))
                drawing.area(_band(*ends, width), ink, opacity=0.3)
            start += width
            middle[column] += width
        drawing.rect((x, y), BAR, size, FILL[number % 2])
        _draw_name(drawing, node, x, y + size / 2 + 1, language, is_left=is_left)
        y += size + gap


def _band(start: Point, end: Point, width: float) -> list[Point]:
    """Upper edge there and lower edge back, each as smooth as a cubic with level ends."""
    upper = []
    for step in range(STEPS + 1):
        t = step / STEPS
        upper.append(
            (start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t * t * (3 - 2 * t))
        )
    return [*upper, *((x, y + width) for x, y in reversed(upper))]


def _draw_name(drawing: Drawing, node: Node, x: float, y: float, language: str, *, is_left: bool) -> None:
    """Name outside the bar, then the count; both lead to the subjects."""
    name = node.first.row_label_zh if language == "zh" else node.first.row_label_en
    count = node.total.value_text
    before = 3.0 + text_width(count, style.NOTE_SIZE)
    room = LEFT_X - before - 1 if is_left else style.FIGURE_WIDTH - RIGHT_X - BAR - 18
    size = style.NOTE_SIZE * min(1.0, room / max(text_width(name, style.NOTE_SIZE), 0.1))
    link = (anchor_of(node.total.result_id), node.total.place)
    if is_left:
        drawing.text((x - before, y), name, size, ink=style.TEXT, anchor="end")
        drawing.text((x - 1.5, y), count, style.NOTE_SIZE, ink=style.TEXT, anchor="end", link=link)
    else:
        drawing.text((x + BAR + 1.5, y), name, size, ink=style.TEXT)
        drawing.text((style.FIGURE_WIDTH, y), count, style.NOTE_SIZE, ink=style.TEXT, anchor="end", link=link)


def _draw_regimen(drawing: Drawing, column: str, name: str, flow: Flow, language: str) -> None:
    """Above the first and below the last, clear of the bands, in the color of the regimen."""
    is_last = column == flow.regimens[-1][0] and len(flow.regimens) > 1
    ink: Ink = style.STROKES[column].text if column in style.STROKES else style.TOTAL
    place = (MIDDLE_X + BAR / 2, TOP + HEIGHT + 3.6 if is_last else TOP - 1.6)
    words = f"{name}{'：' if language == 'zh' else ': '}{flow.size(flow.prior, column):.0f}"
    drawing.text(place, words, style.NOTE_SIZE, ink=ink, anchor="middle", weight=style.HEADING_WEIGHT)


def _draw_heads(drawing: Drawing, flow: Flow, language: str) -> None:
    for x, anchor, words in (
        (LEFT_X + BAR, "end", _group(flow.prior[0])),
        (MIDDLE_X + BAR / 2, "middle", MIDDLE),
        (RIGHT_X, "start", _group(flow.next[0])),
    ):
        drawing.text(
            (x, 4), words.in_language(language), style.TICK_SIZE, ink=style.TEXT, anchor=anchor,
            weight=style.HEADING_WEIGHT,
        )  # fmt: skip


def _group(node: Node) -> Words:
    return Words(node.first.group_label_en or "", node.first.group_label_zh or "")


def describe_sankey(rows: Sequence[ResultRow], language: str) -> str:
    """The figure in words."""
    flow = read_flow(rows)
    if flow is None:
        return ""
    largest = max(flow.next, key=lambda node: node.total.value or 0).total
    name = largest.row_label_zh if language == "zh" else largest.row_label_en
    regimens = ", ".join(
        f"{zh if language == 'zh' else en}: {flow.size(flow.prior, column):.0f}"
        for column, en, zh in flow.regimens
    )
    n = f"{sum(node.total.value or 0 for node in flow.prior):.0f}"
    return ALT.filled(
        n=n, prior=len(flow.prior), regimens=regimens, next=len(flow.next),
        largest=f"{name} {largest.value_text}",
    ).in_language(language)  # fmt: skip
