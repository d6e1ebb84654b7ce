"""Widths of columns and breaks of pages, for the formats whose readers cannot be asked: lengths in mm.

Type is measured by estimate, on the wide side: a page may end early, but no cell is clipped and no row is
pushed off a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, islice, pairwise, takewhile

from grevy.report.arial import measure_arial
from grevy.report.grid import Grid, Line, Printed, continued
from grevy.report.style import MM_PER_POINT
from grevy.report.svg import text_width, wrap_text

GAP, SEAM, NEAREST = 5.0, 1.2, 2.5
TEXT_GAP, LEAST_GAP = 3.0, 2.1  # beside texts: the padding of their cells
ROUNDING = 1.025  # of readers
UPRIGHT_COLUMNS = 4  # of numbers; more stand on a landscape page
UPRIGHT_ROOM, UPRIGHT_POINTS = 170.0, 9.0  # of A4 between its margins, in the largest type of a table
INDENT = 4.0
LEAST_COLUMN, WIDEST_HEAD = 18.0, 48.0
WIDEST_TEXT = 110.0
HEAD_ROOM = 5.0  # names of columns are bold, and wider than the estimate
OVER_GROUP = 0.25  # of a line
BESIDE_HAN = re.compile(r"(?<=[\u2e80-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u2e80-\u9fff])")
PARTS = re.compile(r"[^\s\u2e80-\U0010ffff]+|[\u2e80-\U0010ffff]")
LEAST_ROWS = 2  # of a group, before and after a break
# where the name of a column may be broken: "300 mg" and "(95% CI)" stay whole
HEAD_BREAKS = re.compile(
    r"(?<= )(?!(?:mg|mm|%|CI)(?![A-Za-z]))|(?<=[，：])(?!%)|(?=（)|(?<=[A-Za-z])(?=[\u3400-\u9fff])"
    r"|(?<=[\u3400-\u9fff])(?=[A-Za-z]{2})"
)
LONGEST_BLOCK = 6  # rows that stay with the row they are told under
FEW = 5  # rows of a group that stays whole


@dataclass(frozen=True)
class Widths:
    """The columns of a table: of the labels, of each value, and where the two halves of a value meet."""

    stub: float
    columns: tuple[float, ...]
    seams: tuple[float, ...]
    percents: tuple[float, ...]

    @property
    def all(self) -> tuple[float, ...]:
        return (self.stub, *self.columns)


def measure_text(text: str, points: float) -> float:
    """The width of a line in mm; word processors keep Han and Latin a quarter em apart."""
    width = text_width(text, points)
    return width if text.isascii() else width + 0.25 * points * MM_PER_POINT * len(BESIDE_HAN.findall(text))


def stands_across(grid: Grid) -> bool:
    """Whether a table stands on a landscape page: listings, and many columns.

    Columns that are narrow enough stand upright all the same: half the pages, and no page is turned for a few
    rows.
    """
    if grid.is_listing or len(grid.heads) <= UPRIGHT_COLUMNS:
        return grid.is_listing
    return not _fits_unequal(grid, UPRIGHT_ROOM, UPRIGHT_POINTS)


def needs_own_widths(grid: Grid) -> bool:
    """Whether columns of numbers on an upright page are each as wide as they need, and not of equal width."""
    return not grid.is_of_words and len(grid.heads) > UPRIGHT_COLUMNS and not stands_across(grid)


def measure_columns(grid: Grid, room: float, points: float) -> Widths:
    """Share the room of a line among the columns; columns of numbers are of equal width."""
    if grid.is_of_words:
        return _measure_texts(grid, room, points)
    halves = [_widest_halves(grid, place, points) for place in range(len(grid.heads))]
    wanted = max(
        max(left + right + GAP, min(measure_text(head.label, points) + 4, WIDEST_HEAD), LEAST_COLUMN)
        for head, (left, right) in zip(grid.heads, halves, strict=True)
    )
    label = _widest_label(grid, points)
    stub = min(label + GAP, 0.36 * room)
    needed = max(left + right for left, right in halves) + SEAM
    columns = [max(needed, min(wanted, (room - stub) / len(halves)))] * len(halves)
    if sum(columns) + label > room and _fits_unequal(grid, room, points):
        columns = _least_widths(grid, points)
        over = (room - label - sum(columns)) / (len(columns) + 1)
        columns = [width + over for width in columns]
    elif sum(columns) + label > room and sum(least := _least_widths(grid, points)) < sum(columns):
        columns = least  # labels take the rest, and fewer of them a second line
    return Widths(
        room - sum(columns),
        tuple(columns),
        tuple(
            (width - left - right - SEAM) / 2 + left
            for width, (left, right) in zip(columns, halves, strict=True)
        ),
        tuple(_widest_percent(grid, place, points) for place in range(len(halves))),
    )


def _fits_unequal(grid: Grid, room: float, points: float) -> bool:
    return _widest_label(grid, points) + sum(_least_widths(grid, points)) <= room


def _least_widths(grid: Grid, points: float) -> list[float]:
    """What each column of numbers needs, with its name on two lines."""
    return [
        max(sum(_widest_halves(grid, place, points)) + SEAM + NEAREST, _least_above(head.label, points))
        for place, head in enumerate(grid.heads)
    ]


def _least_above(head: str, points: float) -> float:
    """The width of a name on two lines; Chinese breaks between any two characters."""
    words = max((measure_text(part, points) for part in break_to_fit(head)), default=0.0)
    return max(words, measure_text(head, points) / 2) + HEAD_ROOM


def _widest_label(grid: Grid, points: float) -> float:
    """The widest label that stands beside values: a heading has the whole line to itself."""
    lines = (line for line in grid.lines if not line.is_heading)
    return max((measure_text(line.label, points) + INDENT * line.indent for line in lines), default=0.0)


def _measure_texts(grid: Grid, room: float, points: float) -> Widths:
    rows = [line for line in grid.lines if not line.is_heading]  # a heading has the whole line to itself
    texts = [[line.label for line in rows]]
    for place in range(len(grid.heads)):
        texts.append([value.measured for line in grid.lines if line.cells for value in line.cells[place]])
    indent = max((INDENT * line.indent for line in rows), default=0.0)
    names = [grid.stub, *(head.label for head in grid.heads)]
    columns = [_Column.of(name, column, points) for name, column in zip(names, texts, strict=True)]
    columns[0] = replace(columns[0], wanted=columns[0].wanted + indent, least=columns[0].least + indent)
    stub, *others = _share_room(columns, room)
    return Widths(stub, tuple(others), (0.0,) * len(others), (0.0,) * len(others))


@dataclass(frozen=True)
class _Column:
    """What a column of texts asks for: room for its longest text, at least for its longest word."""

    wanted: float
    least: float
    weight: float

    @classmethod
    def of(cls, name: str, texts: list[str], points: float) -> _Column:
        widths = [ROUNDING * measure_arial(text, points) for text in texts] or [0.0]
        parts = {part for text in set(texts) for part in break_to_fit(text)}
        word = max((ROUNDING * measure_arial(part, points) for part in parts), default=0.0)
        wanted = min(max(max(widths) + TEXT_GAP, _least_under(name, points)), WIDEST_TEXT)
        squares = sum(width**2 for width in widths) / len(widths)
        return cls(wanted, min(word + LEAST_GAP, wanted), max(squares, 1.0) ** 0.25)


def _least_under(name: str, points: float) -> float:
    """The width of a column whose name may stand on two lines."""
    parts = _parts_of_head(name)
    lines = _split_evenly(parts, min(2, len(parts)), points) if parts else [""]
    return max(measure_arial(line, points, is_bold=True) for line in lines) + TEXT_GAP


def _share_room(columns: list[_Column], room: float) -> list[float]:
    """What is over goes to all alike; what lacks is taken from the widest alone, so that dates stay whole.

    No column becomes narrower than its longest word, unless not even the words have room; of those that must
    break, one with much text is wider than one with little.
    """
    wanted, least = [column.wanted for column in columns], [column.least for column in columns]
    if sum(wanted) <= room:
        return [width * room / sum(wanted) for width in wanted]
    if sum(least) >= room:
        return [width * room / sum(least) for width in least]
    limit = _solve(lambda limit: [min(c.wanted, max(c.least, limit)) for c in columns], room)
    long = [column.wanted > limit for column in columns]  # the others stay whole

    def share(worth: float) -> list[float]:
        return [
            min(c.wanted, max(c.least, worth * c.weight)) if is_long else c.wanted
            for c, is_long in zip(columns, long, strict=True)
        ]

    widths = share(_solve(share, room))
    return [width * room / sum(widths) for width in widths]


def _solve(widths: Callable[[float], list[float]], room: float) -> float:
    """The number at which growing widths fill the room, to far less than a hair."""
    low, high = 0.0, room
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(widths(middle)) < room else (low, middle)
    return low


def _widest_halves(grid: Grid, place: int, points: float) -> tuple[float, float]:
    values = [v for line in grid.lines if line.cells for v in line.cells[place] if not v.is_text]
    return tuple(
        max((measure_text(text, points) for text in texts), default=0.0)
        for texts in ([v.left for v in values], [v.right for v in values])
    )


def _widest_percent(grid: Grid, place: int, points: float) -> float:
    values = [v for line in grid.lines if line.cells for v in line.cells[place] if v.is_percent]
    return max((measure_text(v.right, points) for v in values), default=0.0)


def break_head(label: str, width: float, points: float) -> list[str]:
    """The lines of a column's name: as few as fit, of like length.

    Lines end at a blank, in Chinese at a bracket or a mark, but never between a number and its unit.
    """
    parts = _parts_of_head(label)
    if measure_text(label, points) <= width - HEAD_ROOM or len(parts) == 1:
        return [label]
    for count in range(2, len(parts) + 1):
        lines = _split_evenly(parts, count, points)
        if max(measure_arial(line, points, is_bold=True) for line in lines) <= width - LEAST_GAP:
            return lines
    return _split_evenly(parts, 2, points)


def break_evenly(label: str, points: float) -> list[str]:
    """A column's name on two lines of like length, or on one where it must not be broken."""
    parts = _parts_of_head(label)
    return _split_evenly(parts, 2, points) if len(parts) > 1 else [label]


@lru_cache(maxsize=1024)
def _parts_of_head(label: str) -> tuple[str, ...]:
    """The parts between which a line may end, each with the blank after it."""
    return tuple(part for part in HEAD_BREAKS.split(label) if part)


@lru_cache(maxsize=1024)
def _split_evenly(parts: tuple[str, ...], count: int, points: float) -> list[str]:
    """The parts in so many lines, the longest of them as short as can be."""
    best: tuple[float, list[str]] = (float("inf"), ["".join(parts)])
    for places in combinations(range(1, len(parts)), count - 1):
        edges = pairwise((0, *places, len(parts)))
        lines = ["".join(parts[start:end]).strip() for start, end in edges]
        best = min(best, (max(measure_arial(line, points, is_bold=True) for line in lines), lines))
    return best[1]


def count_text_lines(line: Line, widths: Widths, points: float) -> float:
    """How many lines of text a row takes: the most of any of its cells, and the room over a group."""
    room = sum(widths.all) if line.is_heading and not line.cells else widths.stub
    label = _count_wrapped(line.label, points, room - INDENT * line.indent - 2)
    # a heading has no cells
    cells = [
        _count_in_cell(cell, width, points) for cell, width in zip(line.cells, widths.columns, strict=False)
    ]
    return max([label, *cells]) + (OVER_GROUP if line.begins_group else 0)


def _count_in_cell(cell: tuple[Printed, ...], width: float, points: float) -> int:
    return sum(_count_wrapped(value.measured, points, width - 2) if value.is_text else 1 for value in cell)


@lru_cache(maxsize=65536)
def _count_wrapped(text: str, points: float, width: float) -> int:
    measured = measure_text(text, points)
    return len(wrap_text(text, points, width * text_width(text, points) / measured)) if measured else 1


def break_to_fit(text: str) -> list[str]:
    """The parts of a text between which a line may end: words, and each character of Chinese."""
    return PARTS.findall(text)


def break_into_pages(
    grid: Grid,
    widths: Widths,
    points: float,
    lines_of_page: float,
    language: str,
    count: Callable[[Line, Widths, float], float] | None = None,
) -> list[Grid]:
    """Cut a table into pages: a group that goes on says so, and no row of it stands alone."""
    count = count or count_text_lines
    pages: list[list[Line]] = [[]]
    used = 0.0
    for group, block in _blocks(grid.lines):
        heights = [count(line, widths, points) for line in block]
        if sum(heights) + 1 > lines_of_page:  # no page holds it: it breaks where it must
            parts = [([line], height) for line, height in zip(block, heights, strict=True)]
        else:
            parts = [(block, sum(heights))]
        for lines, height in parts:
            if pages[-1] and used + height > lines_of_page:
                pages.append([])
                used = 0.0
                if group is not None and group is not lines[0]:
                    pages[-1].append(_said_again(group, language))
                    used = count(pages[-1][0], widths, points)
            pages[-1] += lines
            used += height
    return [replace(grid, lines=tuple(lines)) for lines in pages]


def _said_again(group: Line, language: str) -> Line:
    return Line(continued(group.label, language), group.indent, is_heading=True)


def _blocks(lines: Iterable[Line]) -> Iterator[tuple[Line | None, list[Line]]]:
    """The rows that stay on one page, each with the group that they belong to.

    A group of few rows stays whole; of a longer one the heading takes its first rows with it, and no last row
    stands alone. A row takes the few rows with it that stand under it, indented.
    """
    headings: list[Line] = []  # of which the next group is the first
    for group, rows in _groups(lines):
        if group is not None and not rows:
            headings.append(group)
            continue
        first = [*headings, *([group] if group is not None else [])]
        headings = []
        parts = [[row for part in _families(rows) for row in part]] if len(rows) <= FEW else _families(rows)
        if first:
            while len(parts) > 1 and len(parts[0]) < LEAST_ROWS:
                parts[:2] = [parts[0] + parts[1]]
        while len(parts) > 1 and len(parts[-1]) < LEAST_ROWS:
            parts[-2:] = [parts[-2] + parts[-1]]
        parts[0] = first + parts[0]
        yield from ((group, part) for part in parts)
    if headings:
        yield None, headings


def _groups(lines: Iterable[Line]) -> Iterator[tuple[Line | None, list[Line]]]:
    """The groups of a table, each with its heading; rows that are not indented belong to none."""
    group: Line | None = None
    rows: list[Line] = []
    for line in lines:
        if line.begins_group or (group is not None and line.indent == 0):
            if group is not None or rows:
                yield group, rows
            group, rows = (line, []) if line.begins_group else (None, [line])
        else:
            rows.append(line)
    if group is not None or rows:
        yield group, rows


def _families(rows: list[Line]) -> list[list[Line]]:
    """Each row with the rows under it, where they are few."""
    families: list[list[Line]] = []
    place = 0
    while place < len(rows):
        end = place + count_block([row.indent for row in rows[place : place + LONGEST_BLOCK + 1]])
        families.append(rows[place:end])
        place = end
    return families


def count_block(indents: Sequence[int]) -> int:
    """How many rows the first one begins that no break may part: it and what is told under it.

    So a mean never stands on a page without the visit of which it is; what is too long to hold is parted.
    """
    under = takewhile(lambda indent: indent > indents[0], islice(indents, 1, LONGEST_BLOCK + 1))
    count = 1 + sum(1 for _ in under)
    return count if count <= LONGEST_BLOCK else 1
