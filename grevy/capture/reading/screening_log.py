"""The screening log: everyone who was screened, and why those who did not get through did not.

The reason is not typed: it is each criterion that data or judgment prove against the subject. What the
investigator wrote beside it, or a withdrawal before the decision, stands there too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from grevy.capture.models import LabRange, Subject, SubjectState
from grevy.capture.reading.courses import (
    Course,
    is_remembered,
    read_courses,
    read_last_values,
    remembered,
)
from grevy.capture.reading.screening import limits_of_subject
from grevy.definition import EligibilityResult, Study, evaluate_eligibility
from grevy.definition.partial_values import read_date
from grevy.definition.study import Criterion
from grevy.definition.vocabulary import RECORDS

OUTCOMES = ("enrolled", "failed", "ended", "pending")


@dataclass(frozen=True)
class Screening:
    """One line of the log."""

    number: str
    site: str
    consent: date | None
    decided: date | None
    outcome: str
    against: tuple[Criterion, ...]
    open: tuple[Criterion, ...]
    contradicted: tuple[str, ...]
    end_reason: str
    note: str


def read_screening_log(study: Study, sites: frozenset[str] | None) -> list[Screening]:
    """Everyone screened at the sites (None: all), the last consent first."""
    subjects = Subject.objects.all() if sites is None else Subject.objects.filter(site__in=sites)
    found = list(subjects.order_by("number").values_list("number", "site_id", "state"))
    courses = read_courses(study, [number for number, _, _ in found])
    undecided = [courses[number] for number, _, state in found if state != SubjectState.ON_TREATMENT
                 and courses[number].first_dose is None]  # fmt: skip
    results = _evaluate(study, undecided)
    lines = [_line(study, courses[number], site, results.get(number)) for number, site, _ in found]
    return sorted(lines, key=lambda line: (line.consent or date.max, line.number), reverse=True)


def _line(study: Study, course: Course, site: str, result: EligibilityResult | None) -> Screening:
    decision = course.first_of("eligibility")
    outcome = _outcome(course, result)
    fits = {one.id: _fits(one, result) for one in study.eligibility} if result else {}
    return Screening(
        number=course.subject,
        site=site,
        consent=course.consent,
        decided=read_date(decision.get("decision_date")),
        outcome=outcome,
        against=tuple(one for one in study.eligibility if fits.get(one.id) is False),
        open=tuple(one for one in study.eligibility if fits.get(one.id, True) is None),
        contradicted=result.contradicted if result else (),
        end_reason=str(course.first_of("end_of_study").get("reason") or "") if outcome == "ended" else "",
        note=str(decision.get("other_reason") or ""),
    )


def _outcome(course: Course, result: EligibilityResult | None) -> str:
    decision = course.first_of("eligibility").get("decision")
    if decision == "ELIGIBLE":
        return "enrolled"
    if course.failed_screening or (result is not None and result.eligible is False):
        return "failed"
    return "ended" if course.end else "pending"


def _fits(criterion: Criterion, result: EligibilityResult) -> bool | None:
    met = result.criteria[criterion.id]
    return met if met is None or criterion.kind == "inclusion" else not met


def _evaluate(study: Study, courses: list[Course]) -> dict[str, EligibilityResult]:
    """Eligibility of those not treated, kept with the course until it or the limits of normal change."""
    limits = LabRange.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    key = ("eligibility", study.hash, limits)
    lacking = [course for course in courses if not is_remembered(course, key)]
    if lacking:
        values = read_last_values([course.subject for course in lacking])
        for course in lacking:
            data = _screening_data(study, values[course.subject])
            found = evaluate_eligibility(study, data, limits_of_subject(study, course.subject, data))
            remembered(course, key, lambda _, found=found: found)
    return {course.subject: remembered(course, key, None) for course in courses}


def _screening_data(study: Study, values: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The values of the forms of screening, and all records of each log, as the conditions read them."""
    data: dict[str, dict[str, Any]] = {
        form: {RECORDS: []} for form in study.event("LOG").forms if study.forms[form].repeating
    }
    for record, found in values.items():
        _, event, _, form, _ = record.split("/")
        if event == "LOG" and form in data:
            data[form][RECORDS].append(found)
        elif event == "SCREENING":
            data[form] = dict(found)
    return data
