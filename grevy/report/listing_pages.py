"""Pages of listings: widths of their columns and breaks, for PDF and RTF alike, in mm.

Tens of thousands of lines are measured, so each distinct text is measured once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from grevy.report.arial import measure_arial
from grevy.report.grid import Grid, Line
from grevy.report.listing_views import ListingView, lay_out_listing
from grevy.report.paging import Widths, break_evenly, break_into_pages, break_to_fit, measure_text
from grevy.report.style import MM_PER_POINT
from grevy.report.svg import text_width, wrap_text

POINTS = 8.0
ROOM = 257.0  # a landscape page of A4 between its margins
GAP = 2.2
NARROWEST, WIDEST = 9.0, 70.0
BOLD = 1.06  # names of columns are wider than the estimate
LATIN = 0.92  # the estimate of widths is for faces that are not known; ours is known
OVER_SUBJECT = 0.35  # of a line
PADDING = 1.5  # at the right of a cell in the PDF, mm
NARROW = frozenset("!*^/\\'\"[]fijlrt")  # in Arial narrower than in our face, by less than a tenth of an em
SIGNS = frozenset("±×÷·°µμ²³¹⁰⁴⁵⁶⁷⁸⁹–—−…≤≥“”‘’ⅠⅡⅢⅣ")  # in our faces, and no wider than an em
# Han and its punctuation, as far as our faces surely have them
HAN = re.compile("[\u3001-\u303f\u4e00-\u9fa5\uff01-\uff5e]")
SPELLED_OUT = 6.0  # ems of the code point of a character that no face may have


@dataclass(frozen=True)
class PagedListing:
    """A listing in one language, cut into pages."""

    view: ListingView
    widths: Widths
    pages: list[Grid]
    heads: list[str]  # with the breaks of their lines


def page_listing(
    view: ListingView, language: str, lines_of_page: float, points: float = POINTS
) -> PagedListing:
    """Lay a listing out and break it: heads on each page, a subject that goes on is named again."""
    grid = lay_out_listing(view, language)
    widths = measure_listing(grid, points)
    heads = [_wrap_head(text, width, points) for text, width in _heads_with_widths(grid, widths)]
    room = lines_of_page - max(map(len, heads)) - _count_note_lines(view, language)
    pages = break_into_pages(grid, widths, points, room, language, count_lines)
    return PagedListing(view, widths, pages, ["\n".join(lines) for lines in heads])


def count_lines(line: Line, widths: Widths, points: float) -> float:
    """How many lines of text a row takes in our own faces."""
    if line.is_heading:
        return OVER_SUBJECT + _count_wrapped(line.label, points, ROOM)
    return max(
        _count_wrapped(text, points, width - GAP)
        for text, width in zip(texts_of(line), widths.all, strict=True)
    )


def is_surely_one_line(texts: list[str], widths: Widths) -> bool:
    """Whether each text of a row fits on a line whatever its letters: its height need not be measured.

    A bound, not an estimate: where it says no, the row may be of one line all the same.
    """
    return all(
        measure_at_most(text, POINTS) <= width - PADDING
        for text, width in zip(texts, widths.all, strict=True)
    )


def texts_of(line: Line) -> list[str]:
    """The texts of a row, from the first column on."""
    return [line.label, *(" ".join(value.text for value in cell) for cell in line.cells)]


@lru_cache(maxsize=131072)
def measure_at_most(text: str, points: float) -> float:
    """The width in mm that a text cannot exceed in our faces; Arial is wider, but for a few signs."""
    more = sum(map(_ems_over_arial, text))
    return measure_arial(text, points) + more * points * MM_PER_POINT


def _ems_over_arial(character: str) -> float:
    if character in NARROW:
        return 0.1
    if ("\x20" <= character < "\x7f" and character != "`") or HAN.match(character):
        return 0.0
    return 0.4 if character in SIGNS else SPELLED_OUT


@lru_cache(maxsize=131072)
def _count_wrapped(text: str, points: float, width: float) -> int:
    if _measure(text, points) <= width:
        return 1
    return len(wrap_text(text, points, width * text_width(text, points) / _measure(text, points)))


def _measure(text: str, points: float) -> float:
    """Width in our own faces: Latin is narrower than the estimate, and stands a quarter em off Han."""
    if text.isascii():
        return LATIN * text_width(text, points)
    return measure_text(text, points)


def measure_listing(
    grid: Grid,
    points: float,
    measure: Callable[[str, float], float] = _measure,
    gap: float = GAP,
    indent: float = 0.0,
) -> Widths:
    """Every column as wide as its longest word and head need; the rest to those with longer texts.

    Other faces have a measure of their own; `indent` is what the first column loses under its headings.
    """
    columns = list(_texts_of_columns(grid))
    gaps = [gap + indent, *[gap] * len(grid.heads)]
    least = [
        max(_longest_word(texts, points, measure), _least_of_head(head, points, measure), NARROWEST) + beside
        for beside, (head, texts) in zip(gaps, columns, strict=True)
    ]
    wanted = [
        min(max(max((measure(text, points) for text in texts), default=0.0) + beside, low), max(WIDEST, low))
        for low, beside, (_, texts) in zip(least, gaps, columns, strict=True)
    ]
    stub, *others = _share(least, wanted)
    return Widths(stub, tuple(others), (0.0,) * len(others), (0.0,) * len(others))


def _share(least: list[float], wanted: list[float]) -> list[float]:
    """Between what every column needs and what it wants, in one proportion; the page is always filled."""
    if sum(least) >= ROOM:
        return [width * ROOM / sum(least) for width in least]
    if sum(wanted) <= ROOM:
        return [width * ROOM / sum(wanted) for width in wanted]
    part = (ROOM - sum(least)) / (sum(wanted) - sum(least))
    return [low + part * (high - low) for low, high in zip(least, wanted, strict=True)]


def _texts_of_columns(grid: Grid) -> Iterator[tuple[str, set[str]]]:
    rows = [line for line in grid.lines if not line.is_heading]
    yield grid.stub, {line.label for line in rows}
    for place, head in enumerate(grid.heads):
        yield head.label, {value.text for line in rows for value in line.cells[place]}


def _heads_with_widths(grid: Grid, widths: Widths) -> Iterator[tuple[str, float]]:
    return zip([grid.stub, *(head.label for head in grid.heads)], widths.all, strict=True)


def _longest_word(texts: set[str], points: float, measure: Callable[[str, float], float]) -> float:
    words = {word for text in texts for word in break_to_fit(text)}
    return max((measure(word, points) for word in words), default=0.0)


def _least_of_head(head: str, points: float, measure: Callable[[str, float], float]) -> float:
    """The width of a name on two lines: the listing is wide enough not to tear a word."""
    return max(measure(line, points * BOLD) for line in break_evenly(head, points))


@lru_cache(maxsize=4096)
def _wrap_head(text: str, width: float, points: float) -> tuple[str, ...]:
    room, points = width - GAP / 2, points * BOLD
    if _measure(text, points) <= room:
        return (text,)
    lines = break_evenly(text, points)
    if max(_measure(line, points) for line in lines) <= room:
        return tuple(lines)
    return tuple(wrap_text(text, points, room))


def _count_note_lines(view: ListingView, language: str) -> int:
    return len(wrap_text(view.note.in_language(language), POINTS, ROOM)) + 1 if view.note else 0
