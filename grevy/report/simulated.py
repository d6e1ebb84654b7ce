"""The mark that every figure of simulated data bears: a picture goes its way without the page around it."""

from __future__ import annotations

from grevy.report import style
from grevy.report.svg import Drawing
from grevy.report.words import PAGE


def draw_simulated(drawing: Drawing, language: str) -> None:
    """The mark of simulated data in the lower right corner."""
    drawing.text(
        (drawing.width - 1, drawing.height - 1), PAGE["simulated"].in_language(language), style.MARK_SIZE,
        ink=style.SECONDARY, anchor="end",
    )  # fmt: skip
