"""The course of one patient on one axis of time: dose, response, adverse events, questionnaires.

Everything is placed here, in days and in the units of the drawing; the template only draws. Solid is what was
entered, dashed what is projected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from grevy.capture.policies import Address
from grevy.capture.reading.courses import Course, baseline_sum
from grevy.capture.reading.form_states import FormState
from grevy.capture.reading.patient import EventLine
from grevy.capture.reading.visits import Visit
from grevy.definition import Study

LEFT, WIDTH, RIGHT = 96.0, 1040.0, 28.0
LANES = 6
LANE_HEIGHT = 19
DOSE_HEIGHT = 32.0
QUESTIONNAIRE = "qlq_c30"
BEFORE_FIRST_DOSE = 21
AHEAD = 42


@dataclass(frozen=True)
class Tick:
    """The first day of a cycle."""

    x: float
    label: str


@dataclass(frozen=True)
class Bar:
    """A stretch of time: a dose or an adverse event."""

    x: float
    width: float
    y: float
    height: float
    label: str
    inside: bool
    kind: str
    start: date
    end: date | None
    address: Address | None
    goes_on: bool = False


@dataclass(frozen=True)
class Mark:
    """A point of time: an assessment or a questionnaire. `kind` is a response, a state or planned."""

    x: float
    label: str
    kind: str
    day: date
    address: Address | None
    value: str = ""


@dataclass(frozen=True)
class Timeline:
    """The drawing, from top to bottom."""

    width: float
    height: float
    left: float
    right_edge: float
    ticks: tuple[Tick, ...]
    dose: tuple[Bar, ...]
    responses: tuple[Mark, ...]
    events: tuple[Bar, ...]
    more_events: int
    questionnaires: tuple[Mark, ...]
    today: float | None
    study_day: int | None
    response_y: float
    events_y: float
    questionnaires_y: float


class _Axis:
    """Days to the units of the drawing."""

    def __init__(self, start: date, end: date) -> None:
        self.start, self.end = start, end
        self.scale = (WIDTH - LEFT - RIGHT) / max((end - start).days, 1)

    def x(self, day: date) -> float:
        day = min(max(day, self.start), self.end)
        return round(LEFT + (day - self.start).days * self.scale, 1)


def build_timeline(
    study: Study, course: Course, visits: tuple[Visit, ...], events: list[EventLine], today: date
) -> Timeline | None:
    """The drawing of one subject; None before the first dose, when there is nothing to draw."""
    first = course.first_dose
    if first is None:
        return None
    finish = course.end if course.end else today + timedelta(AHEAD)
    axis = _Axis(first - timedelta(BEFORE_FIRST_DOSE), max(finish, first + timedelta(56)))
    until = min(today, course.end or today)
    bars, more, lanes = _events(course, events, axis, until)
    response_y = 30 + DOSE_HEIGHT + 34
    events_y = response_y + 24
    questionnaires_y = events_y + max(lanes, 1) * LANE_HEIGHT + 22
    return Timeline(
        width=WIDTH,
        height=questionnaires_y + 30,
        left=LEFT,
        right_edge=WIDTH - RIGHT,
        ticks=_ticks(study, course, axis),
        dose=_doses(course, axis, until, today),
        responses=_responses(course, visits, axis),
        events=bars,
        more_events=more,
        questionnaires=_questionnaires(course, visits, axis),
        today=axis.x(today) if not course.end else None,
        study_day=(today - first).days + 1 if not course.end else None,
        response_y=response_y,
        events_y=events_y,
        questionnaires_y=questionnaires_y,
    )


def _ticks(study: Study, course: Course, axis: _Axis) -> tuple[Tick, ...]:
    """The cycles up to the end of treatment, so many of them that their labels do not touch."""
    assert course.first_dose is not None
    days = study.design.cycle_days
    end = course.last_dose or axis.end
    count = max((end - course.first_dose).days // days + 1, 1)
    step = next((n for n in (1, 2, 3, 6, 12) if n * days * axis.scale >= 30), 24)
    return tuple(
        Tick(axis.x(course.first_dose + timedelta(days * n)), f"C{n + 1}") for n in range(0, count, step)
    )


def _doses(course: Course, axis: _Axis, until: date, today: date) -> tuple[Bar, ...]:
    highest = max((dose.mg for dose in course.doses), default=0) or 1
    bars = []
    for place, dose in enumerate(course.doses):
        following = course.doses[place + 1].start if place + 1 < len(course.doses) else None
        end = dose.end or (following - timedelta(1) if following else until)
        x, width = axis.x(dose.start), max(axis.x(end + timedelta(1)) - axis.x(dose.start), 1.0)
        height = DOSE_HEIGHT * dose.mg / highest if dose.mg else DOSE_HEIGHT
        level = "off" if dose.mg == 0 else "full" if dose.mg == highest else "lower"
        entry = dose.entry
        address = Address(course.subject, entry.event, entry.event_seq, entry.form, entry.form_seq)
        bars.append(
            Bar(
                x, round(width, 1), round(30 + DOSE_HEIGHT - height, 1), round(height, 1), str(dose.mg),
                width > 26, level, dose.start, dose.end, address,
            )
        )  # fmt: skip
    open_end = course.doses and course.doses[-1].end is None and course.doses[-1].mg and not course.end
    if open_end and not course.last_dose:
        x = axis.x(today)
        bars.append(
            Bar(x, round(axis.x(axis.end) - x, 1), 30, DOSE_HEIGHT, "", False, "projected", today, None, None)
        )
    return tuple(bars)


def _responses(course: Course, visits: tuple[Visit, ...], axis: _Axis) -> tuple[Mark, ...]:
    marks, base = [], baseline_sum(course)
    for one in course.assessments:
        entry = one.entry
        value = f"{one.sum_mm:g}" if one.sum_mm is not None else ""
        if value and base:
            change = 100 * (one.sum_mm - base) / base if one.sum_mm is not None else 0
            value += f", {change:+.0f}%".replace("-", "−")
        address = Address(course.subject, entry.event, entry.event_seq, entry.form, entry.form_seq)
        marks.append(Mark(axis.x(one.day), one.response, one.response or "NE", one.day, address, value))
    for visit in visits:
        if visit.has_imaging and visit.is_open and visit.planned and visit.planned <= axis.end:
            address = Address(course.subject, visit.event, visit.event_seq, "tumor_assessment")
            marks.append(Mark(axis.x(visit.planned), visit.short, "planned", visit.planned, address))
    return tuple(marks)


def _events(
    course: Course, events: list[EventLine], axis: _Axis, until: date
) -> tuple[tuple[Bar, ...], int, int]:
    """The events in lanes, the worst grades first, so that what does not fit is what weighs least."""
    free = [0.0] * LANES
    bars, more = [], 0
    for event in sorted(events, key=lambda e: (-(e.grade or 0), e.start or date.max, e.number)):
        if event.start is None or event.start > axis.end:
            more += 1
            continue
        x, end = axis.x(event.start), event.end or until
        width = max(axis.x(end) - x, 12.0)
        room = max(width, 16 + 6.2 * len(event.term))
        lane = next((n for n, edge in enumerate(free) if x >= edge), None)
        if lane is None or (event.end is None and not event.ongoing and event.start > until):
            more += 1
            continue
        free[lane] = x + room + 6
        bars.append(
            Bar(
                x, round(width, 1), lane * LANE_HEIGHT, LANE_HEIGHT - 4, event.term,
                width >= 16 + 6.2 * len(event.term), str(event.grade or 0), event.start, event.end,
                Address(course.subject, "LOG", 1, "adverse_event", event.number), event.ongoing,
            )
        )  # fmt: skip
    used = {bar.y for bar in bars}
    return tuple(bars), more, int(max(used) / LANE_HEIGHT) + 1 if used else 0


def _questionnaires(course: Course, visits: tuple[Visit, ...], axis: _Axis) -> tuple[Mark, ...]:
    marks = []
    for visit in visits:
        slot = visit.slot(QUESTIONNAIRE)
        day = visit.day or visit.planned
        if slot is None or day is None or day > axis.end:
            continue
        planned = slot.state in (FormState.PLANNED, FormState.DUE)
        address = Address(course.subject, visit.event, visit.event_seq, QUESTIONNAIRE)
        marks.append(Mark(axis.x(day), visit.short, "planned" if planned else slot.state.value, day, address))
    return tuple(marks)
