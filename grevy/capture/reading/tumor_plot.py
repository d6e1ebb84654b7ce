"""The sum of diameters over the assessments, with the limits of response and of progression."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from grevy.adam.assessments import FIVE_MM, MM
from grevy.adam.course import Course

WIDTH, HEIGHT = 760, 190
LEFT, RIGHT, TOP, BOTTOM = 40, 110, 14, 26


@dataclass(frozen=True)
class Point:
    """A complete sum: where it stands, what it is, whether it is the smallest, whether it is today's."""

    x: float
    y: float
    label: str
    name: str
    smallest: bool
    today: bool


@dataclass(frozen=True)
class Plot:
    """The parts of the drawing; a label that would touch another is moved apart."""

    points: tuple[Point, ...]
    line: str
    limit: str
    above: str
    below: str
    base_y: float
    pr_y: float
    base: str
    pr: str
    pd: str
    base_label_y: float
    pr_label_y: float
    pd_label_y: float
    ticks: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def draw_sums(course: Course, names: dict[int, str], today: int | None) -> Plot | None:
    """The plot of all complete sums; None before there is one after baseline. Sizes in hundredths of a mm.

    The progression limit at an assessment is 1.2 times the smallest sum before it, and at least 5 mm more.
    """
    sums = [
        (row["ASMT"], round(row["AVAL"] * MM))
        for row in sorted(course.adtr, key=lambda row: row["ASMT"])
        if row["PARAMCD"] == "SUMDIAM" and row["AVAL"] is not None
    ]
    if not sums or sums[0][0] != 0:
        return None
    base = sums[0][1]
    nadirs, smallest = [], base
    for _, size in sums:
        smallest = min(smallest, size)
        nadirs.append(smallest)
    limits = [max(nadir * 6 / 5, nadir + FIVE_MM) for nadir in nadirs]
    top = max([*limits, *(size for _, size in sums)])
    step = _step(top / MM)
    highest = ceil(top / MM / step) * step * MM

    def across(place: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * place / max(len(sums), 1), 1)

    def up(size: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * size / (highest or 1), 1)

    points = tuple(
        Point(
            across(place),
            up(size),
            _mm(size),
            names.get(asmt, ""),
            size == smallest and nadirs.index(smallest) == place,
            asmt == today,
        )
        for place, (asmt, size) in enumerate(sums)
    )
    corners = [(across(0), up(limits[0]))]
    for place in range(1, len(limits) + 1):
        corners.append((across(place), corners[-1][1]))
        if place < len(limits):
            corners.append((across(place), up(limits[place])))
    limit = " ".join(f"{x},{y}" for x, y in corners)
    left, right, bottom = across(0), across(len(sums)), HEIGHT - BOTTOM
    pr = base * 7 / 10
    labels = _apart([up(base), up(pr), corners[-1][1]])
    return Plot(
        points=points,
        line=" ".join(f"{p.x},{p.y}" for p in points),
        limit=limit,
        above=f"{left},{TOP} {limit} {right},{TOP}",
        below=f"{left},{up(pr)} {right},{up(pr)} {right},{bottom} {left},{bottom}",
        base_y=up(base),
        pr_y=up(pr),
        base=_mm(base),
        pr=_mm(pr),
        pd=_mm(limits[-1]),
        base_label_y=labels[0],
        pr_label_y=labels[1],
        pd_label_y=labels[2],
        ticks=tuple(
            (up(tick * step * MM), f"{tick * step:g}") for tick in range(int(highest / MM / step) + 1)
        ),
    )


def _step(top: float) -> float:
    """A round distance of about five ticks."""
    return next((step for step in (5, 10, 20, 25, 50, 100, 200) if top / step <= 6), 500)


def _apart(heights: list[float], least: float = 14) -> list[float]:
    """Heights of labels, moved down where they would touch."""
    moved: dict[int, float] = {}
    below = float("-inf")
    for place in sorted(range(len(heights)), key=heights.__getitem__):
        below = moved[place] = max(heights[place], below + least)
    return [moved[place] + 4 for place in range(len(heights))]


def _mm(size: float) -> str:
    return f"{size / MM:.2f}".rstrip("0").rstrip(".")


def draw_trend(sizes: list[float], width: int = 58, height: int = 20) -> str:
    """Points of a small line of sizes on a scale of their own."""
    if len(sizes) < 2:
        return ""
    low, high = min(sizes), max(sizes)
    span = (high - low) or 1
    places = [
        (3 + (width - 6) * place / (len(sizes) - 1), height - 4 - (height - 8) * (size - low) / span)
        for place, size in enumerate(sizes)
    ]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
