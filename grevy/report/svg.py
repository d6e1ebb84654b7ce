"""A small writer of vector drawings in millimetres.

Text stays text, in the reader's own system faces: the drawing needs no embedded Chinese font, its numbers
can be selected, searched and followed like those of a table, and both languages cost a few kilobytes.
Coordinates are millimetres from the upper left corner, rounded to a hundredth, so that equal rows give
equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from grevy.report.style import INKS, MM_PER_POINT, SMALLEST_SIZE, Ink

Point = tuple[float, float]


def number_text(value: float) -> str:
    """A coordinate with at most two decimals and no negative zero."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


class Drawing:
    """One figure on a canvas of the given size."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._parts: list[str] = []

    def line(
        self, start: Point, end: Point, ink: Ink, points: float, *, dash: Sequence[float] | None = None
    ) -> None:
        self.path([start, end], ink, points, dash=dash)

    def path(
        self,
        places: Iterable[Point],
        ink: Ink,
        points: float,
        *,
        dash: Sequence[float] | None = None,
        opacity: float = 1.0,
    ) -> None:
        """An open line through the places."""
        dashes = ""
        if dash:
            dashes = f' stroke-dasharray="{" ".join(number_text(d * MM_PER_POINT) for d in dash)}"'
        self._parts.append(
            f'<path d="{_track(places)}" style="stroke:{ink.var}" fill="none" '
            f'stroke-width="{number_text(points * MM_PER_POINT)}"{dashes}{_opacity(opacity)}/>'
        )

    def segments(self, ends: Iterable[tuple[Point, Point]], ink: Ink, points: float) -> None:
        """Straight lines that belong together, as one shape."""
        track = "".join(_track(pair) for pair in ends)
        width = number_text(points * MM_PER_POINT)
        self._parts.append(f'<path d="{track}" style="stroke:{ink.var}" fill="none" stroke-width="{width}"/>')

    def area(self, places: Iterable[Point], ink: Ink, *, opacity: float = 1.0) -> None:
        """A closed area without an edge."""
        self._parts.append(f'<path d="{_track(places)}Z" style="fill:{ink.var}"{_opacity(opacity)}/>')

    def outline(self, places: Iterable[Point], fill: Ink, ink: Ink, points: float) -> None:
        """A closed shape with an edge."""
        self.outlines([places], fill, ink, points)

    def outlines(self, shapes: Iterable[Iterable[Point]], fill: Ink, ink: Ink, points: float) -> None:
        """Closed shapes alike, as one."""
        width = number_text(points * MM_PER_POINT)
        track = "".join(f"{_track(places)}Z" for places in shapes)
        self._parts.append(
            f'<path d="{track}" style="fill:{fill.var};stroke:{ink.var}" stroke-width="{width}"/>'
        )

    def dot(self, center: Point, radius: float, fill: Ink, ink: Ink, points: float) -> None:
        """A round mark with an edge."""
        x, y, r = (number_text(part) for part in (*center, radius))
        width = number_text(points * MM_PER_POINT)
        self._parts.append(
            f'<circle cx="{x}" cy="{y}" r="{r}" style="fill:{fill.var};stroke:{ink.var}" '
            f'stroke-width="{width}"/>'
        )

    def rect(
        self, corner: Point, width: float, height: float, fill: Ink | None, *, edge: Ink | None = None,
        points: float = 0.6, title: str | None = None,
    ) -> None:  # fmt: skip
        """A box, with an edge where one is asked for."""
        style = f"fill:{fill.var if fill else 'none'}" + (f";stroke:{edge.var}" if edge else "")
        width_of_edge = f' stroke-width="{number_text(points * MM_PER_POINT)}"' if edge else ""
        shape = (
            f'<rect x="{number_text(corner[0])}" y="{number_text(corner[1])}" width="{number_text(width)}" '
            f'height="{number_text(height)}" style="{style}"{width_of_edge}'
        )
        self._parts.append(f"{shape}><title>{escape(title)}</title></rect>" if title else f"{shape}/>")

    def text(
        self,
        place: Point,
        words: str | Markup,
        points: float,
        *,
        ink: Ink,
        anchor: str = "start",
        weight: int = 400,
        turned: bool = False,
        link: tuple[str, int] | None = None,
    ) -> None:
        """A line of text; `place` is on its baseline. A result carries its address as `link`."""
        x, y = (number_text(p) for p in place)
        turn = f' transform="rotate(-90 {x} {y})"' if turned else ""
        heavy = f' font-weight="{weight}"' if weight != 400 else ""
        shape = (
            f'<text x="{x}" y="{y}" font-size="{number_text(points * MM_PER_POINT)}" text-anchor="{anchor}"'
            f'{heavy}{turn} style="fill:{ink.var}">{escape(words)}</text>'
        )
        if link:
            shape = f'<a class="v" data-p="{link[1]}">{shape}</a>'
        self._parts.append(shape)

    def place(self, other: Drawing, corner: Point) -> None:
        """Another drawing as a part of this one, its upper left corner there."""
        x, y = (number_text(part) for part in corner)
        self._parts.append(f'<g transform="translate({x} {y})">{"".join(other._parts)}</g>')

    def markup(self, title_id: str, title: str, description: str, language: str) -> Markup:
        """The drawing as an inline image with a name and a description for those who do not see it."""
        return Markup(
            f'<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="group" lang="{language}" '
            f'viewBox="0 0 {number_text(self.width)} {number_text(self.height)}" '
            f'width="{number_text(self.width)}mm" height="{number_text(self.height)}mm" '
            f'aria-labelledby="{escape(title_id)}-t" aria-describedby="{escape(title_id)}-d">'
            f'<title id="{escape(title_id)}-t">{escape(title)}</title>'
            f'<desc id="{escape(title_id)}-d">{escape(description)}</desc>'
            f"{''.join(self._parts)}</svg>"
        )


VARIABLE = re.compile(r"var\(--([\w-]+)\)")
LINK = re.compile(r"<a [^>]*>|</a>")


def as_print(drawing: str, families: str) -> str:
    """A drawing for paper: the colours of the light page, the typefaces by name, no links."""
    light = {ink.name: ink.light for ink in INKS}
    plain = LINK.sub("", VARIABLE.sub(lambda found: light[found[1]], drawing))
    return plain.replace("<svg ", f'<svg font-family="{escape(families)}" ', 1)


def _track(places: Iterable[Point]) -> str:
    """The corners of a line; a level or upright part names one coordinate only, as steps of curves do."""
    parts, before = [], ("", "")
    for x, y in ((number_text(x), number_text(y)) for x, y in places):
        if not parts:
            parts.append(f"M{x} {y}")
        elif y == before[1]:
            parts.append(f"H{x}")
        elif x == before[0]:
            parts.append(f"V{y}")
        else:
            parts.append(f"L{x} {y}")
        before = (x, y)
    return "".join(parts)


def _opacity(value: float) -> str:
    return "" if value == 1.0 else f' opacity="{number_text(value)}"'


# ---- Measures of text ------------------------------------------------------------------------------------

LATIN_EM = 0.53
HAN_EM = 1.0


@lru_cache(maxsize=2**16)  # listings say the same few texts again and again
def text_width(text: str, points: float) -> float:
    """Width of a line in mm, estimated: the reader's face is not known, so it errs to the wide side."""
    ems = sum(HAN_EM if ord(character) > 0x2E7F else LATIN_EM for character in text)
    return ems * points * MM_PER_POINT


def fit_size(words: str, width: float, size: float) -> float:
    """The size at which a line fits, not below the smallest of the report."""
    return max(SMALLEST_SIZE, min(size, size * width / max(text_width(words, size), 0.1)))


def wrap_text(text: str, points: float, width: float) -> list[str]:
    """Break a text into lines that fit: at blanks, and between Han characters."""
    lines, line = [], ""
    for piece in split_pieces(text):
        if line and text_width(line + piece.rstrip(), points) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def split_pieces(text: str, behind: str = " ") -> list[str]:
    """The parts between which a line may end: behind these signs, and on either side of Han."""
    pieces, word = [], ""
    for character in text:
        if ord(character) > 0x2E7F:
            pieces += [word] if word else []
            pieces.append(character)
            word = ""
        else:
            word += character
            if character in behind:
                pieces.append(word)
                word = ""
    return [*pieces, word] if word else pieces
