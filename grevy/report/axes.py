"""Linear axes: where a value lies on the canvas, even breaks, ticks with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from grevy.report import style
from grevy.report.svg import Drawing

TICK = style.TICK_LENGTH * style.MM_PER_POINT


@dataclass(frozen=True)
class Scale:
    """A line on the canvas, in mm from `start` to `end`, that stands for values from `low` to `high`."""

    start: float
    end: float
    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value lies; what is beyond an end lies at the end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + (self.end - self.start) * share


def find_step(span: float, most: int) -> float:
    """The step of even breaks, 1, 2 or 5 times a power of ten, that needs no more than so many of them."""
    power = 10.0 ** floor(log10(max(span, 1e-9) / most))
    return next(m * power for m in (1, 2, 5, 10, 20) if span / (m * power) <= most)


def list_ticks(low: float, high: float, most: int) -> list[float]:
    """Even breaks that enclose the values."""
    step = find_step(max(high - low, 1e-9), most)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [step * number for number in range(first, max(last, first + 1) + 1)]


def tick_text(value: float) -> str:
    """The number at a tick, with a true minus sign and no trailing zeros."""
    return f"{round(value, 6):g}".replace("-", "−")


def draw_left_axis(drawing: Drawing, x: float, scale: Scale, ticks: Sequence[float]) -> None:
    """A vertical axis with its ticks to the left."""
    drawing.line((x, scale.start), (x, scale.end), style.TEXT, style.AXIS_LINE)
    for value in ticks:
        y = scale.at(value)
        drawing.line((x - TICK, y), (x, y), style.TEXT, style.AXIS_LINE)
        drawing.text((x - 1.6, y + 1), tick_text(value), style.TICK_SIZE, ink=style.TEXT, anchor="end")


def draw_bottom_axis(drawing: Drawing, y: float, scale: Scale, ticks: Sequence[float]) -> None:
    """A horizontal axis with its ticks below."""
    drawing.line((scale.start, y), (scale.end, y), style.TEXT, style.AXIS_LINE)
    for value in ticks:
        x = scale.at(value)
        drawing.line((x, y), (x, y + TICK), style.TEXT, style.AXIS_LINE)
        drawing.text((x, y + 4.4), tick_text(value), style.TICK_SIZE, ink=style.TEXT, anchor="middle")


def draw_turned_title(drawing: Drawing, scale: Scale, words: str, x: float = 4.0) -> None:
    """The title of a vertical axis, along it."""
    middle = (scale.start + scale.end) / 2
    drawing.text((x, middle), words, style.AXIS_TITLE_SIZE, ink=style.TEXT, anchor="middle", turned=True)
