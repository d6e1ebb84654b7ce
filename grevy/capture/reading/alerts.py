"""What has to be seen on every page of a subject, each with where it leads.

A clock that runs for a serious event, results of grade 3 or more that nobody has reviewed, the last QTc and
blood pressure where they are that high, and visits whose window has closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from grevy.capture.addresses import Address
from grevy.capture.reading.courses import Course
from grevy.capture.reading.results import HighResult, find_high_results, find_unreviewed, signed_results
from grevy.capture.reading.tasks import find_site_clocks
from grevy.capture.reading.visits import Visit, VisitState, project_visits
from grevy.definition import Study

PRESSURE, ECG = "vital_signs", "ecg"


@dataclass(frozen=True)
class Alert:
    """One matter. `what` names its sentence, `state` its shape and color."""

    what: str
    state: str
    address: Address
    words: Mapping[str, Any] = field(default_factory=dict)


def read_alerts(study: Study, course: Course, today: date) -> tuple[Alert, ...]:
    """The alerts of one subject, the most urgent first."""
    high = find_high_results(study, {course.subject: course})[course.subject]
    return (
        *_clocks(course),
        *_results(course, high),
        *(_current(high) if course.end is None else ()),
        *_visits(course.subject, project_visits(study, course, today)),
    )


def _clocks(course: Course) -> Iterable[Alert]:
    return [
        Alert("clock_runs", "overdue", task.address, {"due": task.due}) for task in find_site_clocks(course)
    ]


def _results(course: Course, high: Iterable[HighResult]) -> Iterable[Alert]:
    waiting = find_unreviewed(course, high, signed_results([course.subject]) if high else {})
    if waiting:
        yield Alert("results_high", "warning", waiting[-1].result.address, {"count": len(waiting)})


def _current(high: Iterable[HighResult]) -> Iterable[Alert]:
    """The worst of the last values of blood pressure, and of the ECG."""
    for form in (ECG, PRESSURE):
        now = [one.result for one in high if one.is_last and one.result.form == form]
        if now:
            worst = max(now, key=lambda one: one.grade or 0)
            yield Alert(f"high_{form}", "warning", worst.address, {"grade": worst.grade})


def _visits(subject: str, visits: Iterable[Visit]) -> Iterable[Alert]:
    late = [visit for visit in visits if visit.state == VisitState.OVERDUE]
    if late:
        slot = next((slot for slot in late[0].slots if not slot.entries), late[0].slots[0])
        address = Address(subject, late[0].event, late[0].event_seq, slot.form)
        yield Alert("visits_late", "overdue", address, {"count": len(late)})
