"""The page of one patient: the matrix of visits and forms, and what stands in the cards beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db.models import Max

from grevy.capture.models import FormRecord, StudyEvent
from grevy.capture.policies import Address
from grevy.capture.reading.courses import Assessment, Course, baseline_sum
from grevy.capture.reading.form_states import FormState, RecordState
from grevy.capture.reading.visits import Slot, Visit, VisitState
from grevy.definition import Study
from grevy.definition.partial_values import read_date, read_quantity
from grevy.definition.words import Text
from grevy.rules.dose_intensity import START_DOSE_MG, DoseInterval, relative_dose_intensity

ORDER_OF_RESPONSES = ("CR", "PR", "SD", "NON_CR_NON_PD", "NED", "PD", "NE")
LABORATORY = (
    ("hematology", "hgb"), ("hematology", "plt"), ("chemistry", "alt"), ("chemistry", "creat"),
    ("thyroid", "tsh"),
)  # fmt: skip
"""The tests of the small trend lines."""


@dataclass(frozen=True)
class Cell:
    """One form at one visit: the furthest state that all its records reached, and where it opens."""

    address: Address
    label: Text
    visit: Visit
    state: FormState
    records: int
    answered: int
    asked: int
    open_queries: int
    signed_before: bool
    days_overdue: int


@dataclass(frozen=True)
class MatrixRow:
    """One form down; a cell for each visit, None where the form does not belong to it."""

    form: str
    label: Text
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Log:
    """A form without visits, with the number of its records."""

    form: str
    label: Text
    count: int
    open_queries: int
    incomplete: int


@dataclass(frozen=True)
class Matrix:
    """Forms down, visits across; logs apart."""

    visits: tuple[Visit, ...]
    rows: tuple[MatrixRow, ...]
    logs: tuple[Log, ...]
    current: int | None
    """The column of today: the visit whose window is open, or the last one that took place."""


ORDER_OF_STATES = (
    FormState.INCOMPLETE, FormState.NOT_DONE, FormState.COMPLETE, FormState.VERIFIED, FormState.SIGNED,
    FormState.FROZEN, FormState.LOCKED,
)  # fmt: skip


def build_matrix(
    study: Study, subject: str, visits: tuple[Visit, ...], states: Iterable[RecordState], today: date
) -> Matrix:
    """The matrix from the projected visits and the states that review gave to the records."""
    by_record = {state.record: state for state in states}
    order = {
        form: place
        for place, form in enumerate(
            dict.fromkeys(form for event in study.events if event.kind != "log" for form in event.forms)
        )
    }
    forms = sorted({slot.form for visit in visits for slot in visit.slots}, key=order.__getitem__)
    rows = tuple(
        MatrixRow(
            form,
            study.forms[form].label,
            tuple(_cell(study, subject, visit, form, by_record, today) for visit in visits),
        )
        for form in forms
    )
    return Matrix(visits, rows, _logs(study, by_record.values()), find_current(visits, today))


def _cell(
    study: Study, subject: str, visit: Visit, form: str, states: Mapping[str, RecordState], today: date
) -> Cell | None:
    slot = visit.slot(form)
    if slot is None:
        return None
    found = [states[record] for entry in slot.entries if (record := entry.record_of(subject)) in states]
    seq = slot.entries[-1].form_seq if slot.entries else 1
    late = (today - slot.due).days if slot.state == FormState.OVERDUE and slot.due else 0
    return Cell(
        address=Address(subject, visit.event, visit.event_seq, form, seq),
        label=study.forms[form].label,
        visit=visit,
        state=_least(slot, found),
        records=len(found),
        answered=slot.answered,
        asked=slot.asked,
        open_queries=sum(one.open_queries for one in found),
        signed_before=any(one.signed_before and one.state != FormState.SIGNED for one in found),
        days_overdue=late,
    )  # fmt: skip


def _least(slot: Slot, found: list[RecordState]) -> FormState:
    """Of several records the state of the least one: the cell is no further than all of them."""
    return min((one.state for one in found), key=ORDER_OF_STATES.index) if found else slot.state


def _logs(study: Study, states: Iterable[RecordState]) -> tuple[Log, ...]:
    there: dict[str, list[RecordState]] = {}
    for state in states:
        if study.event(state.event).kind == "log" and state.state != FormState.WITHDRAWN:
            there.setdefault(state.form, []).append(state)
    log = next(event for event in study.events if event.kind == "log")
    return tuple(
        Log(
            form,
            study.forms[form].label,
            len(there.get(form, ())),
            sum(one.open_queries for one in there.get(form, ())),
            sum(one.state == FormState.INCOMPLETE for one in there.get(form, ())),
        )
        for form in log.forms
    )


def find_current(visits: tuple[Visit, ...], today: date) -> int | None:
    """The column of today: the last visit whose window is open or that took place in the last week."""
    for place, visit in reversed(list(enumerate(visits))):
        if visit.state == VisitState.DUE or (visit.day and timedelta(0) <= today - visit.day <= timedelta(7)):
            return place
    return None


# ---- Adding --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Addition:
    """Something that can be added to a subject: where its form opens, with the next free number."""

    label: Text
    address: Address
    group: str


def list_additions(study: Study, subject: str) -> list[Addition]:
    """The next unscheduled visit, and the next record of each log; a withdrawn record keeps its number."""
    seqs = StudyEvent.objects.filter(subject_id=subject).values("event").annotate(last=Max("event_seq"))
    last_event = dict(seqs.values_list("event", "last"))
    records = FormRecord.objects.filter(study_event__subject_id=subject)
    last_record = {
        (event, form): last
        for event, form, last in records.values("study_event__event", "form")
        .annotate(last=Max("form_seq"))
        .values_list("study_event__event", "form", "last")
    }
    found = []
    for event in study.events:
        if event.kind == "unscheduled" and not event.happens_once:
            seq = last_event.get(event.id, 0) + 1
            found.append(Addition(event.label, Address(subject, event.id, seq, event.forms[0]), "visit"))
        elif event.kind == "unscheduled":
            found += [
                Addition(study.forms[form].label, Address(subject, event.id, 1, form), "end")
                for form in event.forms
                if (event.id, form) not in last_record
            ]
        elif event.kind == "log":
            found += [
                Addition(
                    study.forms[form].label,
                    Address(subject, event.id, 1, form, last_record.get((event.id, form), 0) + 1),
                    "log",
                )
                for form in event.forms
                if study.forms[form].repeating
            ]
    return found


# ---- Cards ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ResponseCard:
    """The last assessment, and the best response so far, both by the investigator and not yet confirmed."""

    last: Assessment | None
    last_visit: Visit | None
    change: Decimal | None
    best: str
    baseline: float | None


@dataclass(frozen=True)
class TreatmentCard:
    """The dose taken against the dose planned; days up to today, or to the last dose."""

    intensity: Fraction | None
    days_on_drug: int
    days: int
    reductions: int
    interruptions: int


@dataclass(frozen=True)
class EventLine:
    """One adverse event."""

    number: int
    term: str
    grade: int | None
    serious: bool
    ongoing: bool
    start: date | None
    end: date | None


@dataclass(frozen=True)
class LaboratoryLine:
    """The last value of a test with the values before it."""

    label: Text
    value: str
    unit: str
    day: date | None
    trend: tuple[float, ...]


def read_response(visits: tuple[Visit, ...], course: Course) -> ResponseCard:
    last = course.assessments[-1] if course.assessments else None
    base = baseline_sum(course)
    change = None
    if last is not None and last.sum_mm is not None and base:
        change = Decimal(str(100 * (last.sum_mm - base) / base)).quantize(Decimal("0.1"))
    known = [one.response for one in course.assessments if one.response in ORDER_OF_RESPONSES]
    place = next(
        (v for v in visits if last and (v.event, v.event_seq) == (last.entry.event, last.entry.event_seq)),
        None,
    )
    return ResponseCard(last, place, change, min(known, key=ORDER_OF_RESPONSES.index, default=""), base)


def read_treatment(course: Course, today: date) -> TreatmentCard | None:
    """Dose intensity by the rule of the analysis, on the dose log as it stands today."""
    until = min([today, *(day for day in (course.last_dose, course.end) if day)])
    intervals, mgs = [], []
    for place, dose in enumerate(course.doses):
        following = course.doses[place + 1].start if place + 1 < len(course.doses) else None
        end = dose.end or (following - timedelta(days=1) if following else until)
        days = (min(end, until) - dose.start).days + 1
        if days > 0:
            intervals.append(DoseInterval(days, dose.mg))
            mgs.append(dose.mg)
    if not intervals or course.first_dose is None:
        return None
    start = START_DOSE_MG.get(course.regimen)
    taken = [mg for mg in mgs if mg > 0]
    return TreatmentCard(
        intensity=relative_dose_intensity(intervals, start) if start else None,
        days_on_drug=sum(one.days for one in intervals if one.dose_mg > 0),
        days=sum(one.days for one in intervals),
        reductions=sum(b < a for a, b in itertools.pairwise(taken)),
        interruptions=sum(mg == 0 for mg in mgs),
    )


def read_events(course: Course, language: str) -> list[EventLine]:
    """The adverse events, the worst and the ongoing first."""
    lines = []
    for entry, values in course.all_of("adverse_event"):
        grade = values.get("grade")
        lines.append(
            EventLine(
                number=entry.form_seq,
                term=str(values.get("decod") or values.get("term") or ""),
                grade=int(grade) if grade is not None and str(grade).isdigit() else None,
                serious=values.get("serious") == "Y",
                ongoing=values.get("ongoing") == "Y",
                start=_first_day(values.get("start_date")),
                end=_first_day(values.get("end_date")),
            )
        )
    return sorted(lines, key=lambda one: (not one.ongoing, -(one.grade or 0), one.start or date.max))


def _first_day(value: object) -> date | None:
    """For a place on an axis only: the first possible day of a date that may be partial."""
    if not isinstance(value, str) or not value[:4].isdigit():
        return None
    year, month, day = ([*value.split("-"), "01", "01"])[:3]
    return read_date(f"{year}-{month}-{day}")


def read_laboratory(study: Study, states: Iterable[RecordState]) -> list[LaboratoryLine]:
    """The last values of some tests with their trend, units as reported."""
    series: dict[tuple[str, str], list[tuple[date, Decimal, str]]] = {}
    for state in states:
        day = read_date(state.values.get("collected_date"))
        for form, item in LABORATORY:
            found = read_quantity(state.values.get(item)) if state.form == form else None
            if found is not None and day is not None and not found.comparator:
                series.setdefault((form, item), []).append((day, found.value, found.unit))
    lines = []
    for form, item in LABORATORY:
        values = sorted(series.get((form, item), ()), key=lambda one: one[0])
        declared = study.forms[form].find(item)
        if values and declared is not None:
            day, value, unit = values[-1]
            same = tuple(float(one) for _, one, other in values if other == unit)
            lines.append(LaboratoryLine(declared.label, f"{value:f}", unit, day, same[-12:]))
    return lines
