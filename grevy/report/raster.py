"""Drawings as pictures of 300 dots per inch, for formats whose readers do not show SVG alike."""

from __future__ import annotations

from grevy.report.linked import LinkedFigure
from grevy.report.pdf import FAMILIES, open_compiler
from grevy.report.svg import as_print

DOTS_PER_INCH = 300
TEMPLATE = b"""#set page(width: auto, height: auto, margin: 0mm)
#image(bytes(sys.inputs.svg), format: "svg")"""


def draw_pictures(drawings: list[LinkedFigure], language: str) -> list[bytes]:
    """Each drawing as PNG."""
    if not drawings:
        return []
    pictures = []
    with open_compiler() as compiler:
        for drawing in drawings:
            svg = as_print(str(drawing.in_language(language)), FAMILIES)
            made = compiler.compile(TEMPLATE, format="png", ppi=DOTS_PER_INCH, sys_inputs={"svg": svg})
            pictures.append(made if isinstance(made, bytes) else (made or [b""])[0])
    return pictures


def width_of_picture(picture: bytes) -> float:
    """The width of a PNG in mm, from the width in dots that its head says."""
    return int.from_bytes(picture[16:20]) / DOTS_PER_INCH * 25.4
