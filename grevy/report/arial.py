"""Widths of Arial, the face that the word processors' files name: pages are broken here, so they are exact.

Advance widths in thousandths of an em, as the metrics of Helvetica give them, with which Arial and Liberation
Sans agree. Han stands on a full em in every Chinese face.
"""

from __future__ import annotations

from functools import lru_cache

from grevy.report.style import MM_PER_POINT
from grevy.report.svg import HAN_EM, split_pieces

BOLD = 1.085  # of the names of columns, beside the plain face
FROM_BLANK = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,  # blank to slash
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,  # figures
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
WIDTHS = {chr(32 + place): width / 1000 for place, width in enumerate(FROM_BLANK)}
WIDTHS |= {"—": 1.0, "…": 1.0, "\u2003": 1.0, "\n": 0.0}
OTHER = 0.6  # signs, Greek and letters with accents
QUOTES = "“”‘’"  # full-width beside Han
BETWEEN = 0.25  # what word processors leave between Han and Latin


@lru_cache(maxsize=131072)
def measure_arial(text: str, points: float, *, is_bold: bool = False) -> float:
    """The width of a line in mm."""
    ems, before = 0.0, ""
    has_han = any(ord(character) > 0x2E7F for character in text)
    for character in text:
        kind = _kind(character)
        if kind == "han" or (has_han and character in QUOTES):
            width = HAN_EM
        else:
            width = WIDTHS.get(character, OTHER) * (BOLD if is_bold else 1)
        ems += width + (BETWEEN if {before, kind} == {"han", "latin"} else 0)
        before = kind
    return ems * points * MM_PER_POINT


def _kind(character: str) -> str:
    if ord(character) > 0x2E7F:
        return "han"
    return "latin" if character.isalnum() else ""


@lru_cache(maxsize=131072)
def count_lines_in_arial(text: str, points: float, width: float, *, is_bold: bool = False) -> int:
    """How many lines a text takes in a column of this width: words that are too long break anywhere."""
    if measure_arial(text, points, is_bold=is_bold) <= width and "\n" not in text:
        return 1
    return sum(_count_line(line, points, width, is_bold) for line in text.split("\n"))


def _count_line(text: str, points: float, width: float, is_bold: bool) -> int:
    lines, used, line_end = 1, 0.0, ""
    for piece in split_pieces(text, " -"):
        whole = measure_arial(piece, points, is_bold=is_bold)
        needed = measure_arial(piece.rstrip(), points, is_bold=is_bold)
        if used and {_kind(line_end), _kind(piece[0])} == {"han", "latin"}:
            used += BETWEEN * points * MM_PER_POINT
        line_end = piece[-1]
        if used and used + needed > width:
            lines, used = lines + 1, 0.0
        if not used and needed > width:
            more = int(needed / width)
            lines, used = lines + more, needed - more * width
            continue
        used += whole
    return lines
