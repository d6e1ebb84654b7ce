"""The flow of participants (STROBE, item 13): boxes from screened to analysed, losses with their reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grevy.report import style
from grevy.report.result_rows import ResultRow
from grevy.report.simulated import draw_simulated
from grevy.report.svg import Drawing, wrap_text
from grevy.report.tables import anchor_of
from grevy.report.words import Words

REGIMENS = ("MONO", "COMBO")
PADDING = 2.8
COUNT_ROOM = 12.0
ANALYZED = Words("Analyzed", "纳入分析")
ALT = Words(
    "Flow of participants. {boxes}. Reasons of each loss stand in the boxes at the right; the numbers follow "
    "as a table.",
    "受试者流程图。{boxes}。各环节的脱落原因列于右侧框中，数字见下表。",
)


@dataclass(frozen=True)
class Entry:
    """One line of a box: a label with its count, or a plain heading."""

    label: str
    count: ResultRow | None
    indent: int = 0
    is_heading: bool = False


class _Counts:
    """Counts of the flow by box and column."""

    def __init__(self, rows: Sequence[ResultRow], language: str) -> None:
        self._language = language
        self._rows = {(row.row_id, row.column_id): row for row in rows}
        self._order = list(dict.fromkeys(row.row_id for row in sorted(rows, key=lambda row: row.row_order)))

    def get(self, box: str, column: str = "TOTAL") -> ResultRow | None:
        return self._rows.get((box, column))

    def label(self, box: str, column: str = "TOTAL") -> str:
        row = self._rows[box, column]
        return row.row_label_zh if self._language == "zh" else row.row_label_en

    def column_label(self, column: str) -> str:
        row = next(row for (_, name), row in self._rows.items() if name == column)
        return row.column_label_zh if self._language == "zh" else row.column_label_en

    def reasons(self, box: str, column: str = "TOTAL") -> list[ResultRow]:
        """The reasons of a loss, those that occur; refused where they do not add up to the box."""
        found = [self.get(name, column) for name in self._order if name.startswith(f"{box}|")]
        shown = [row for row in found if row is not None and row.value]
        whole = self.get(box, column)
        if found and whole is not None and sum(row.value for row in shown) != whole.value:
            total = sum(row.value for row in shown)
            raise ValueError(
                f"F14.1.1: reasons of {box}, {column} add up to {total:g}; expected {whole.value:g}."
            )
        return shown

    def entries(
        self, box: str, column: str = "TOTAL", *, indent: int = 0, is_heading: bool = False
    ) -> list[Entry]:
        """A box's own line and those of its reasons under it."""
        whole = self.get(box, column)
        if whole is None:
            return []
        label = "label_zh" if self._language == "zh" else "label_en"
        own = Entry(getattr(whole, f"row_{label}"), whole, indent, is_heading)
        return [own, *(Entry(getattr(r, f"row_{label}"), r, indent + 1) for r in self.reasons(box, column))]


def figure_flow(rows: Sequence[ResultRow], language: str, *, is_simulated: bool) -> Drawing:
    """Draw the flow from its counts."""
    counts = _Counts(rows, language)
    layout = _Layout(counts)
    drawing = Drawing(style.FIGURE_WIDTH, layout.height)
    layout.draw(drawing)
    if is_simulated:
        draw_simulated(drawing, language)
    return drawing


def describe_flow(rows: Sequence[ResultRow], language: str) -> str:
    """The flow in words: each main box with its count."""
    counts = _Counts(rows, language)
    parts = [
        f"{counts.label(box)} {counts.get(box).value_text}"
        for box in (
            "SCREENED",
            "NOT_ENROLLED",
            "ENROLLED",
            "NOT_TREATED",
            "TREATED",
            "DISCONTINUED",
            "ONGOING",
        )
        if counts.get(box) is not None
    ]
    return ALT.filled(boxes=("，" if language == "zh" else ", ").join(parts)).in_language(language)


class _Layout:
    """Places of the boxes, from their lines; nothing is measured by eye."""

    def __init__(self, counts: _Counts) -> None:
        self._counts = counts
        self._boxes: list[tuple[float, float, float, list[Entry], style.Ink | None, bool]] = []
        self._arrows: list[list[tuple[float, float]]] = []
        self.height = self._place() + 5

    def _place(self) -> float:
        left, right = style.FLOW_BOX_LEFT_X, style.FLOW_BOX_RIGHT_X
        middle = left + style.FLOW_BOX_LEFT_WIDTH / 2
        y = 2.0
        for box, loss in (("SCREENED", "NOT_ENROLLED"), ("ENROLLED", "NOT_TREATED")):
            bottom = self._add(left, y, self._counts.entries(box, is_heading=True))
            aside = self._add(right, bottom + 2, self._counts.entries(loss, is_heading=True))
            self._arrows.append([(middle, (bottom + 2 + aside) / 2), (right, (bottom + 2 + aside) / 2)])
            y = max(bottom + style.FLOW_GAP, aside + 2)
            self._arrows.append([(middle, bottom), (middle, y)])
        bottom = self._add(left, y, self._counts.entries("TREATED", is_heading=True), is_set=True)
        # arms of another study may be many: what became of all of them stands in one box, by arm in the table
        regimens = [c for c in REGIMENS if self._counts.get("TREATED", c) is not None] or ["TOTAL"]
        top, ends = bottom + 8, []
        for column, x, width in zip(
            regimens, (left, right), (style.FLOW_BOX_LEFT_WIDTH, style.FLOW_BOX_RIGHT_WIDTH), strict=False
        ):
            center = x + width / 2
            track = [(middle, bottom), (middle, bottom + 4), (center, bottom + 4), (center, top)]
            self._arrows.append(track if center != middle else [(middle, bottom), (middle, top)])
            ends.append(
                (x, center, self._add(x, top, self._regimen(column), bar=style.COHORT_FILL.get(column)))
            )
        below = max((end for *_, end in ends), default=bottom) + 7
        last = below
        for column, (x, center, end) in zip(regimens, ends, strict=True):
            self._arrows.append([(center, end), (center, below)])
            last = max(last, self._add(x, below, self._analyzed(column), is_set=True))
        return last

    def _regimen(self, column: str) -> list[Entry]:
        treated = self._counts.get("TREATED", column)
        head = Entry(self._counts.column_label(column), treated, 0, True)
        return [
            head,
            *self._counts.entries("ONGOING", column),
            *self._counts.entries("DISCONTINUED", column),
        ]

    def _analyzed(self, column: str) -> list[Entry]:
        language = self._counts._language
        found = [
            e for box in ("TREATED", "EVALUABLE", "SAFETY") for e in self._counts.entries(box, column)[:1]
        ]
        return [Entry(ANALYZED.in_language(language), None, 0, True), *found]

    def _add(
        self, x: float, y: float, entries: list[Entry], *, bar: style.Ink | None = None, is_set: bool = False
    ) -> float:
        """Place a box and return its lower edge."""
        width = style.FLOW_BOX_LEFT_WIDTH if x == style.FLOW_BOX_LEFT_X else style.FLOW_BOX_RIGHT_WIDTH
        lines = sum(len(_wrapped(entry, width)) for entry in entries) - 1
        height = style.FLOW_BOX_HEAD + style.FLOW_LINE_PITCH * lines if lines > 0 else style.FLOW_BOX_ALONE
        self._boxes.append((x, y, height, entries, bar, is_set))
        return y + height

    def draw(self, drawing: Drawing) -> None:
        for track in self._arrows:
            _draw_arrow(drawing, track)
        for x, y, height, entries, bar, is_set in self._boxes:
            _draw_box(drawing, x, y, height, entries, bar, is_set)


def _wrapped(entry: Entry, width: float) -> list[str]:
    room = width - 2 * PADDING - COUNT_ROOM - entry.indent * style.FLOW_INDENT
    return wrap_text(entry.label, style.TICK_SIZE, room)


def _draw_box(
    drawing: Drawing,
    x: float,
    y: float,
    height: float,
    entries: list[Entry],
    bar: style.Ink | None,
    is_set: bool,
) -> None:
    width = style.FLOW_BOX_LEFT_WIDTH if x == style.FLOW_BOX_LEFT_X else style.FLOW_BOX_RIGHT_WIDTH
    drawing.rect((x, y), width, height, style.BAND if is_set else style.PAPER, edge=style.TEXT)
    if bar:
        drawing.rect((x, y), style.FLOW_REGIMEN_BAR, height, bar)
    line = y + 4.5
    for entry in entries:
        weight = style.HEADING_WEIGHT if entry.is_heading else 400
        size = style.AXIS_TITLE_SIZE if entry.is_heading else style.TICK_SIZE
        for position, words in enumerate(_wrapped(entry, width)):
            drawing.text(
                (x + PADDING + entry.indent * style.FLOW_INDENT, line),
                words,
                size,
                ink=style.TEXT,
                weight=weight,
            )
            if position == 0 and entry.count is not None:
                link = (anchor_of(entry.count.result_id), entry.count.place)
                drawing.text(
                    (x + width - PADDING, line), entry.count.value_text, size, ink=style.TEXT, anchor="end",
                    weight=weight, link=link,
                )  # fmt: skip
            line += style.FLOW_LINE_PITCH


def _draw_arrow(drawing: Drawing, track: list[tuple[float, float]]) -> None:
    """A line with a filled head of 1.6 × 3.2 pt at its end."""
    half, length = 0.8 * style.MM_PER_POINT, 3.2 * style.MM_PER_POINT
    (x0, _), (x, y) = track[-2], track[-1]
    drawing.path(track, style.TEXT, style.AXIS_LINE)
    if x0 == x:
        drawing.area([(x, y), (x - half * 1.6, y - length), (x + half * 1.6, y - length)], style.TEXT)
    else:
        drawing.area([(x, y), (x - length, y - half * 1.6), (x - length, y + half * 1.6)], style.TEXT)
