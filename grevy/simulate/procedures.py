"""Procedures since consent: because of an adverse event, by chance on treatment, or around the tumor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grevy.simulate.course import Course
from grevy.simulate.health import Health
from grevy.simulate.records import Record, State, event_first, given, yes_no


@dataclass(frozen=True)
class Procedure:
    """One procedure; `ae` is the number of the adverse event that it treats."""

    day: int
    name: str
    category: str
    major: bool | None = None
    ae: int | None = None


def procedures(health: Health, course: Course, consent_day: int, decision_day: int) -> Iterator[Record]:
    """The log of procedures in the order of their days."""
    found = [
        *because_of_events(health, course),
        *by_time(health, course),
        *around_the_tumor(health, course, consent_day, decision_day),
    ]
    known = sorted(
        (one for one in found if consent_day <= one.day <= course.observed_until),
        key=lambda one: (one.day, one.name),
    )
    for number, one in enumerate(known, 1):
        values = given(
            name=one.name,
            category=one.category,
            procedure_date=health.text(one.day),
            major=yes_no(bool(one.major)) if one.category == "SURGERY" else None,
            ae_number=one.ae,
        )
        state = State(one.day, values)
        yield Record("LOG", 1, "procedure", number, (state,), "coordinator", event_first(one.ae))


def because_of_events(health: Health, course: Course) -> Iterator[Procedure]:
    for ae, event in enumerate(course.events, 1):
        for one in health.assumed.procedures.because_of_event:
            if one.line != event.line or event.grade < one.grade or event.onset < 0:
                continue
            if one.term not in (None, event.decod) or health.rng.random() >= one.share:
                continue
            day = event.onset + int(health.rng.integers(0, 4))
            yield Procedure(day, one.name, one.category, one.major, ae)


def by_time(health: Health, course: Course) -> Iterator[Procedure]:
    """Procedures at any time on treatment; some only in patients with metastases of an organ."""
    last = course.last_treated
    facts = course.patient.metastases | ({"FUNCTIONAL"} if course.patient.functional else set())
    for one in health.assumed.procedures.by_time:
        count = int(health.rng.poisson(one.per_year * max(last, 0) / 365.25))
        if one.needs is None or one.needs in facts:
            for day in health.rng.integers(1, max(last, 2), count):
                yield Procedure(int(day), one.name, one.category, one.major)


def around_the_tumor(
    health: Health, course: Course, consent_day: int, decision_day: int
) -> Iterator[Procedure]:
    """Tissue before treatment and at progression, and the port through which chemotherapy is given."""
    odds, rng, patient = health.assumed.procedures, health.rng, course.patient
    biopsy = "Biopsy of a liver metastasis" if "LIVER" in patient.metastases else "Biopsy of the tumor"
    if rng.random() < odds.biopsy_at_screening:
        yield Procedure(int(rng.integers(consent_day, decision_day + 1)), biopsy, "BIOPSY")
    if "CHEMO" in patient.has_partner_class and rng.random() < odds.port_with_chemotherapy:
        day = max(consent_day, -int(rng.integers(1, 6)))
        yield Procedure(day, "Placement of a venous port", "SURGERY", major=False)
    progression = next((call.day for call in course.calls if call.overall == "PD"), None)
    if progression is not None and rng.random() < odds.biopsy_at_progression:
        yield Procedure(progression + int(rng.integers(3, 15)), biopsy, "BIOPSY")
