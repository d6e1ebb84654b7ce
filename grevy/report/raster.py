"""Drawings as pictures of 300 dots per inch, for formats whose readers do not show SVG alike."""

from __future__ import annotations

from collections.abc import Iterable

import typst

from grevy.report.linked import LinkedFigure
from grevy.report.pdf import FAMILIES
from grevy.report.svg import as_print

DOTS_PER_INCH = 300
TEMPLATE = b"""#set page(width: auto, height: auto, margin: 0mm)
#image(bytes(sys.inputs.svg), format: "svg")"""


def draw_pictures(drawings: Iterable[LinkedFigure], language: str, compiler: typst.Compiler) -> list[bytes]:
    """Each drawing as PNG. The compiler is the caller's: to open one costs as much as ten pictures."""
    pictures = []
    for drawing in drawings:
        svg = as_print(str(drawing.in_language(language)), FAMILIES)
        made = compiler.compile(TEMPLATE, format="png", ppi=DOTS_PER_INCH, sys_inputs={"svg": svg})
        pictures.append(made if isinstance(made, bytes) else (made or [b""])[0])
    return pictures


def size_of_picture(picture: bytes) -> tuple[float, float]:
    """The width and height of a PNG in mm, from its size in dots that its head says."""
    width, height = (int.from_bytes(picture[place : place + 4]) for place in (16, 20))
    return width / DOTS_PER_INCH * 25.4, height / DOTS_PER_INCH * 25.4
