"""Where the lines of the boards' charts go, in the units of the drawing; templates only draw them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from grevy.capture.reading.figures import Projection
from grevy.capture.reading.subject_list import Row
from grevy.capture.reading.visits import Visit, VisitState

DAYS_BEFORE, DAYS_AFTER = 6, 13
MOST_WINDOWS = 12
LABEL, DAY, LINE = 66, 17, 26
SHOWN = (VisitState.PLANNED, VisitState.DUE, VisitState.OVERDUE)


@dataclass(frozen=True)
class WindowBar:
    """The window of one visit on the calendar."""

    subject: str
    cohort: str
    visit: Visit
    x: float
    width: float
    y: float
    planned: float | None
    text_x: float
    text_after: bool


@dataclass(frozen=True)
class DayHead:
    """One day of the calendar."""

    x: float
    number: int
    weekend: bool
    today: bool


@dataclass(frozen=True)
class Windows:
    """The calendar of visit windows around today."""

    width: float
    height: float
    days: tuple[DayHead, ...]
    bars: tuple[WindowBar, ...]
    more: int
    first: date


def draw_windows(rows: Iterable[tuple[Row, Iterable[Visit]]], today: date) -> Windows:
    """The open visits whose window touches the days shown, the one that closes first on top."""
    start = today - timedelta(DAYS_BEFORE)
    count = DAYS_BEFORE + DAYS_AFTER + 1
    end = start + timedelta(count - 1)
    found = [
        (row, visit)
        for row, visits in rows
        for visit in visits
        if visit.state in SHOWN and visit.opens and visit.closes
        if visit.opens <= end and visit.closes >= start
    ]  # fmt: skip
    found.sort(key=lambda one: (one[1].closes, one[0].number))
    bars = []
    for place, (row, visit) in enumerate(found[:MOST_WINDOWS]):
        opens, closes = max(visit.opens or start, start), min(visit.closes or end, end)
        x = LABEL + (opens - start).days * DAY
        width = ((closes - opens).days + 1) * DAY
        planned = visit.planned if visit.planned and start <= visit.planned <= end else None
        room = 7.0 * len(visit.short) + 8
        after = room > width and x + width + room < LABEL + count * DAY
        bars.append(
            WindowBar(
                subject=row.number,
                cohort=row.summary.cohort,
                visit=visit,
                x=x + 1,
                width=width - 2,
                y=32 + place * LINE,
                planned=LABEL + (planned - start).days * DAY + DAY / 2 if planned else None,
                text_x=x + width + 4 if after else x + 6 if room <= width else x - room,
                text_after=after,
            )
        )
    days = tuple(
        DayHead(
            LABEL + n * DAY,
            (start + timedelta(n)).day,
            (start + timedelta(n)).weekday() >= 5,
            start + timedelta(n) == today,
        )
        for n in range(count)
    )
    height = 32 + max(len(bars), 1) * LINE + 4
    return Windows(LABEL + count * DAY, height, days, tuple(bars), max(len(found) - MOST_WINDOWS, 0), start)


# ---- Enrollment ----------------------------------------------------------------------------------------

WIDTH, HEIGHT = 860.0, 380.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 96.0, 18.0, 30.0


@dataclass(frozen=True)
class Mark:
    """A label on an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class EnrollmentCurve:
    """Actual steps, plan and projection as points; None for what cannot be said."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    actual: str
    plan: str
    projection: str
    band: str
    target_y: float
    today_x: float
    last: tuple[float, float]
    months: tuple[Mark, ...]
    numbers: tuple[Mark, ...]
    by_month: tuple[tuple[str, int, int], ...]


def draw_enrollment(
    days: tuple[date, ...], target: int, plan_days: int, projection: Projection, today: date
) -> EnrollmentCurve | None:
    """The curve; None before the first enrollment.

    The plan is a straight line from the first enrollment to the target after `plan_days`.
    """
    if not days:
        return None
    first = days[0]
    planned_end = first + timedelta(plan_days)
    last = max(day for day in (planned_end, today, projection.latest or projection.reached) if day)
    last = min(last, max(today, planned_end) + timedelta(730))
    highest = max(target, len(days)) * 1.06
    x_scale = (WIDTH - LEFT - RIGHT) / max((last - first).days, 1)
    y_scale = (HEIGHT - TOP - BOTTOM) / highest

    def x(day: date) -> float:
        return round(LEFT + (min(day, last) - first).days * x_scale, 1)

    def y(count: float) -> float:
        return round(HEIGHT - BOTTOM - count * y_scale, 1)

    points = [f"{x(first)},{y(0)}"]
    for count, day in enumerate(days, start=1):
        points += [f"{x(day)},{y(count - 1)}", f"{x(day)},{y(count)}"]
    now = (x(today), y(len(days)))
    points.append(f"{now[0]},{now[1]}")
    line = band = ""
    if projection.reached:
        line = f"{now[0]},{now[1]} {x(projection.reached)},{y(target)}"
        if projection.earliest and projection.latest:
            band = (
                f"{now[0]},{now[1]} {x(projection.earliest)},{y(target)} {x(projection.latest)},{y(target)}"
            )
    return EnrollmentCurve(
        WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM,
        " ".join(points), f"{x(first)},{y(0)} {x(planned_end)},{y(target)}", line, band,
        y(target), now[0], now, _months(first, last, x), _numbers(target, y),
        _by_month(days, target, plan_days, today),
    )  # fmt: skip


def _months(first: date, last: date, x: Callable[[date], float]) -> tuple[Mark, ...]:
    months = (last.year - first.year) * 12 + last.month - first.month
    step = max(round(months / 9), 1)
    marks = []
    for n in range(0, months + 1, step):
        year, month = divmod(first.year * 12 + first.month - 1 + n, 12)
        day = max(date(year, month + 1, 1), first)
        marks.append(Mark(x(day), f"{day:%Y-%m}"))
    return tuple(marks)


def _numbers(target: int, y: Callable[[float], float]) -> tuple[Mark, ...]:
    step = next((n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if target / n <= 8), 1000)
    return tuple(Mark(y(n), str(n)) for n in range(0, target + 1, step))


def _by_month(
    days: tuple[date, ...], target: int, plan_days: int, today: date
) -> tuple[tuple[str, int, int], ...]:
    """The same as a table: for each month, how many were enrolled by its end and how many were planned."""
    found, month = [], days[0].replace(day=1)
    while month <= today:
        following = (month + timedelta(32)).replace(day=1)
        done = sum(day < following for day in days)
        planned = min(round(target * (following - days[0]).days / plan_days), target)
        found.append((f"{month:%Y-%m}", done, planned))
        month = following
    return tuple(found)
