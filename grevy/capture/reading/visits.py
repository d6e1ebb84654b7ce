"""The occasions of a subject: entered ones on their day, open ones projected from first and last dose.

Days between two dates are elapsed days, the anchor's own day being 0. A projection is computed each time it
is shown, so a corrected anchor moves every open occasion and nothing that was entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from grevy.capture.reading.courses import Course, Entry, remembered
from grevy.capture.reading.form_states import FormState, count_answers
from grevy.definition import Study
from grevy.definition.schedule import Event
from grevy.definition.words import Text
from grevy.rules.planned_imaging import nearest_planned_visit

HORIZON_DAYS = 60
"""How far ahead open occasions are shown."""
ENTRY_DAYS = 7
"""Days after a visit by which its forms are expected to be entered."""
SCREENING = "SCREENING"
CONSENT_FORM = "informed_consent"
ASSESSMENT_FORM = "tumor_assessment"


class VisitState(StrEnum):
    """Where an occasion stands: the first three are open, then entered ones, then those that were not."""

    PLANNED = "planned"
    DUE = "due"
    OVERDUE = "overdue"
    IN_WINDOW = "in_window"
    EARLY = "early"
    LATE = "late"
    NOT_DONE = "not_done"
    MISSED = "missed"


OPEN = (VisitState.PLANNED, VisitState.DUE, VisitState.OVERDUE)


@dataclass(frozen=True)
class Slot:
    """A form at an occasion: entered, or expected and not there."""

    form: str
    state: FormState
    expected: bool
    entries: tuple[Entry, ...]
    due: date | None
    answered: int
    asked: int

    @property
    def counted(self) -> tuple[int, int]:
        """Its part of the completeness: answered, out of what is expected by today."""
        if self.entries:
            parts = [count_entry(entry) for entry in self.entries]
            return sum(answered for answered, _ in parts), sum(asked for _, asked in parts)
        return 0, max(self.asked, 1) if self.state != FormState.PLANNED else 0


def count_entry(entry: Entry) -> tuple[int, int]:
    return (entry.answered, entry.asked) if entry.asked else (1, 1)


@dataclass(frozen=True)
class Visit:
    """One occasion. `planned` with its window is None where nothing plans it; `day` is when it took place."""

    event: str
    event_seq: int
    name: Text
    short: str
    kind: str
    strand: tuple[str | None, bool]
    """What it is planned with: its anchor, and whether it follows the times of imaging."""
    planned: date | None
    opens: date | None
    closes: date | None
    day: date | None
    state: VisitState
    slots: tuple[Slot, ...]
    nearest_imaging: int | None = None
    """For an unscheduled visit after first dose: the planned imaging that a scan of it belongs to."""

    @property
    def has_imaging(self) -> bool:
        return self.strand[1] and self.kind == "scheduled"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def at(self) -> date:
        """Its place in the order of dates: the day it took place, else the planned one."""
        return self.day or self.planned or self.opens or date.max

    def slot(self, form: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.form == form), None)

    def days_overdue(self, today: date) -> int:
        return (today - self.closes).days if self.closes and self.state == VisitState.OVERDUE else 0


@dataclass(frozen=True)
class Completeness:
    """Required items that were answered, out of those that are expected by today; a form without any counts
    as one."""

    answered: int
    asked: int

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down: 100 only if nothing is missing."""
        return 100 * self.answered // self.asked if self.asked else None


def project_visits(study: Study, course: Course, today: date) -> tuple[Visit, ...]:
    """All occasions of a subject in the order of their dates; open ones up to `HORIZON_DAYS` from today."""
    return remembered(course, ("visits", study.hash, today), lambda _: _project(study, course, today))


def measure_completeness(study: Study, course: Course, today: date) -> Completeness:
    """Required items over all records and all forms that are due, log forms included.

    A form without a required item counts as one: else it would be complete without being there.
    """
    visits = project_visits(study, course, today)
    slots = [slot for visit in visits for slot in visit.slots]
    logs = [entry for entry in course.entries if study.event(entry.event).kind == "log"]
    return Completeness(
        sum(slot.counted[0] for slot in slots) + sum(count_entry(entry)[0] for entry in logs),
        sum(slot.counted[1] for slot in slots) + sum(count_entry(entry)[1] for entry in logs),
    )


def find_next_visit(visits: Iterable[Visit]) -> Visit | None:
    """The open occasion that comes first: the oldest overdue one, else the next one due or planned."""
    return min((visit for visit in visits if visit.is_open), key=lambda v: v.at, default=None)


# ---- Projecting ----------------------------------------------------------------------------------------


def _project(study: Study, course: Course, today: date) -> tuple[Visit, ...]:
    entered: dict[tuple[str, int], list[Entry]] = {}
    for entry in course.entries:
        entered.setdefault((entry.event, entry.event_seq), []).append(entry)
    visits = []
    for event in study.events:
        if event.kind == "log":
            continue
        numbers = {seq for name, seq in entered if name == event.id}
        for seq in sorted(numbers | set(_planned_numbers(event, course, today))):
            visits.append(_visit(study, event, seq, entered.get((event.id, seq), []), course, today))
    order = {event.id: place for place, event in enumerate(study.events)}
    visits = [_mark_missed(study, visit, visits, course) for visit in visits]
    return tuple(sorted(visits, key=lambda v: (v.at, order[v.event], v.event_seq)))


def _anchor(event: Event, course: Course) -> date | None:
    if event.anchor == "first_dose":
        return course.first_dose
    return course.last_dose if event.anchor == "last_dose" else None


def _planned_numbers(event: Event, course: Course, today: date) -> Iterator[int]:
    """The occurrences that are planned up to the horizon, or to the end of what they belong to."""
    if event.id == SCREENING:
        yield 1
        return
    anchor = _anchor(event, course)
    if anchor is None:
        if event.anchor == "last_dose" and not event.repeats and event.day == 0 and _end_expected(course):
            yield 1  # the form on the end of treatment, which says the last dose that others count from
        return
    until = today + timedelta(days=HORIZON_DAYS)
    ends = _end_of_projection(event, course)
    last = min(until, ends) if ends else until
    yield from range(1, len(event.planned_days(until=(last - anchor).days)) + 1)


def _end_of_projection(event: Event, course: Course) -> date | None:
    """The last day on which the event is still planned: end of treatment, of imaging, or of the study."""
    ends = [course.end]
    if event.anchor == "first_dose":
        imaging = ASSESSMENT_FORM in event.forms
        ends += [course.progression, course.new_therapy] if imaging else [course.last_dose]
    return min((day for day in ends if day is not None), default=None)


def _end_expected(course: Course) -> date | None:
    """The day since which the form on the end of treatment is expected: the dose log is closed, or the
    disease progressed."""
    if course.first_dose is None or course.last_dose is not None:
        return None
    closed = course.doses[-1].end if course.doses[-1].mg > 0 else None
    return closed or course.progression


def _visit(study: Study, event: Event, seq: int, entries: list[Entry], course: Course, today: date) -> Visit:
    planned, opens, closes = _window(event, seq, course)
    day = _day_of(entries)
    state = _state_of(entries, day, opens, closes, today)
    if event.id == SCREENING and course.first_dose is None and state != VisitState.OVERDUE:
        state = _state_of([], None, opens, closes, today) if not _is_decided(course) else state
    nearest = None
    if event.kind == "unscheduled" and ASSESSMENT_FORM in event.forms and day and course.first_dose:
        elapsed = (day - course.first_dose).days
        nearest = nearest_planned_visit(elapsed) if elapsed > 0 else None
    return Visit(
        event=event.id,
        event_seq=seq,
        name=event.name_of(seq),
        short=event.short_of(seq),
        kind=event.kind,
        strand=(event.anchor, ASSESSMENT_FORM in event.forms),
        planned=planned,
        opens=opens,
        closes=closes,
        day=day,
        state=state,
        slots=tuple(_slots(study, event, seq, entries, course, state, day, closes, today)),
        nearest_imaging=nearest,
    )


def _window(event: Event, seq: int, course: Course) -> tuple[date | None, date | None, date | None]:
    if (window := planned_window(event, seq, _anchor(event, course))) is not None:
        return window
    if event.id == SCREENING and course.consent and event.window is not None:
        # Before the first dose the window of screening runs from consent: what is older than it at the
        # first dose has to be done again.
        return None, course.consent, course.consent + timedelta(days=event.window.before)
    if event.anchor == "last_dose" and (since := _end_expected(course)) and event.window is not None:
        return None, since, since + timedelta(days=event.window.after)
    return None, None, None


def planned_window(event: Event, seq: int, anchor: date | None) -> tuple[date, date, date] | None:
    """The planned day of an occasion with the first and the last day of its window; None where nothing plans
    it, or while its anchor is not known."""
    if anchor is None or event.day is None or event.window is None:
        return None
    planned = anchor + timedelta(days=event.planned_day(seq))
    return (
        planned,
        planned - timedelta(days=event.window.before),
        planned + timedelta(days=event.window.after),
    )


def _day_of(entries: list[Entry]) -> date | None:
    """The day of a visit is the earliest one on which its forms were done; consent may lie before it."""
    days = [entry.day for entry in entries if entry.day and entry.form != CONSENT_FORM]
    return min(days or [entry.day for entry in entries if entry.day], default=None)


def _is_decided(course: Course) -> bool:
    return course.first_of("eligibility").get("decision") in ("ELIGIBLE", "NOT_ELIGIBLE") or bool(course.end)


def _state_of(
    entries: list[Entry], day: date | None, opens: date | None, closes: date | None, today: date
) -> VisitState:
    if entries:
        if all(entry.not_done for entry in entries):
            return VisitState.NOT_DONE
        if day and opens and day < opens:
            return VisitState.EARLY
        return VisitState.LATE if day and closes and day > closes else VisitState.IN_WINDOW
    if opens is None or today < opens:
        return VisitState.PLANNED
    return VisitState.DUE if closes is None or today <= closes else VisitState.OVERDUE


def _mark_missed(study: Study, visit: Visit, visits: list[Visit], course: Course) -> Visit:
    """An occasion that nothing was entered of, and whose time has passed for good: missed, not overdue."""
    if visit.state != VisitState.OVERDUE or visit.planned is None:
        return visit
    later = any(
        other.strand == visit.strand and not other.is_open and other.planned and other.planned > visit.planned
        for other in visits
    )
    if not (later or _end_of_projection(study.event(visit.event), course)):
        return visit
    slots = tuple(slot if slot.entries else replace(slot, state=FormState.MISSING) for slot in visit.slots)
    return replace(visit, state=VisitState.MISSED, slots=slots)


# ---- Forms of an occasion ------------------------------------------------------------------------------


def _slots(
    study: Study,
    event: Event,
    seq: int,
    entries: list[Entry],
    course: Course,
    state: VisitState,
    day: date | None,
    closes: date | None,
    today: date,
) -> Iterator[Slot]:
    """The forms of an occasion in the order of the schedule: those entered and those expected."""
    there: dict[str, list[Entry]] = {}
    for entry in entries:
        there.setdefault(entry.form, []).append(entry)
    expected = _expected(event, seq, course)
    due = _due(event, course, day, closes)
    for form in event.forms:
        found = tuple(sorted(there.get(form, ()), key=lambda entry: entry.form_seq))
        if found:
            yield Slot(
                form, state_of_entries(found), form in expected, found, due,
                sum(entry.answered for entry in found), sum(entry.asked for entry in found),
            )  # fmt: skip
        elif form in expected:
            lacking = _state_of_lacking(state, due, today)
            asked = count_answers(study, form, "{}")[1] if lacking != FormState.PLANNED else 0
            yield Slot(form, lacking, True, (), due, 0, asked)


def _expected(event: Event, seq: int, course: Course) -> frozenset[str]:
    """The forms that are missing until they are there; of a screening that failed nothing more is."""
    if event.id == SCREENING and course.failed_screening:
        return frozenset()
    return frozenset(event.expected_forms(seq))


def _due(event: Event, course: Course, day: date | None, closes: date | None) -> date | None:
    """By when a form is expected: some days after the visit, for a visit without a day its window's end."""
    if event.id == SCREENING and course.first_dose is None:
        return closes
    return day + timedelta(days=ENTRY_DAYS) if day else closes


def _state_of_lacking(state: VisitState, due: date | None, today: date) -> FormState:
    if state == VisitState.PLANNED:
        return FormState.PLANNED
    if due is not None and today > due:
        return FormState.OVERDUE
    return FormState.DUE if state == VisitState.DUE else FormState.MISSING


def state_of_entries(entries: tuple[Entry, ...]) -> FormState:
    """How far several records of one form are: as far as the least of them."""
    if all(entry.not_done for entry in entries):
        return FormState.NOT_DONE
    done = all(entry.is_complete or entry.not_done for entry in entries)
    return FormState.COMPLETE if done else FormState.INCOMPLETE
