"""The subject list: one row a subject, and which rows a filter leaves, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count

from grevy.capture.models import Query, QueryState, Subject, SubjectState
from grevy.capture.reading.courses import Course, baseline_sum, read_courses, remembered
from grevy.capture.reading.form_states import FormState
from grevy.capture.reading.visits import (
    Completeness,
    Visit,
    VisitState,
    find_next_visit,
    measure_completeness,
    project_visits,
)
from grevy.definition import Study
from grevy.definition.words import Text
from grevy.rules.study_days import study_day

SCREEN_FAILED = "SCREEN_FAILED"
"""Shown in place of the state of a subject who did not get through screening."""
STATES = (*SubjectState.values, SCREEN_FAILED)
RESPONSES = ("CR", "PR", "SD", "PD", "NE", "NON_CR_NON_PD", "NED")
SORTS = ("number", "state", "cohort", "dose", "day", "response", "next", "completeness", "queries")
PAGE_SIZE = 20
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Summary:
    """What a course says of its subject on one day; the part of a row that is kept with the course."""

    cohort: str
    cohort_label: Text | None
    dose: int | None
    cycle: int | None
    day: int | None
    response: str
    trend: tuple[float, ...]
    next_visit: Visit | None
    completeness: Completeness
    overdue_visits: tuple[Visit, ...]
    overdue_forms: int
    end_awaited: bool
    eligible: bool
    failed: bool


@dataclass(frozen=True)
class Row:
    """One subject of the list."""

    number: str
    site: str
    state: str
    open_queries: int
    today: date
    summary: Summary

    @property
    def is_overdue(self) -> bool:
        return bool(self.summary.overdue_visits or self.summary.overdue_forms)

    @property
    def has_visit_this_week(self) -> bool:
        """The window of the next visit is open within seven days from today."""
        visit = self.summary.next_visit
        return bool(visit and visit.opens and visit.opens <= self.today + WEEK and not self.is_late)

    @property
    def is_late(self) -> bool:
        visit = self.summary.next_visit
        return bool(visit and visit.state == VisitState.OVERDUE)

    @property
    def days_overdue(self) -> int:
        return max((visit.days_overdue(self.today) for visit in self.summary.overdue_visits), default=0)


def read_rows(study: Study, sites: frozenset[str] | None, today: date) -> list[Row]:
    """A row for each subject of the sites (None: all), in the order of their numbers."""
    subjects = Subject.objects.order_by("number")
    if sites is not None:
        subjects = subjects.filter(site__in=sites)
    found = list(subjects.values_list("number", "site_id", "state"))
    courses = read_courses(study, [number for number, _, _ in found])
    queries = count_open_queries()
    rows = []
    for number, site, state in found:
        summary = summarize(study, courses[number], today)
        shown = SCREEN_FAILED if summary.failed and state in ("SCREENING", "ENDED") else state
        rows.append(Row(number, site, shown, queries.get(number, 0), today, summary))
    return rows


def count_open_queries() -> dict[str, int]:
    """Queries that are neither closed nor cancelled, by subject."""
    waiting = Query.objects.exclude(state__in=(QueryState.CLOSED, QueryState.CANCELLED))
    by_subject = waiting.values("record__study_event__subject").annotate(n=Count("key"))
    return dict(by_subject.values_list("record__study_event__subject", "n"))


def summarize(study: Study, course: Course, today: date) -> Summary:
    return remembered(course, ("summary", study.hash, today), lambda _: _summarize(study, course, today))


def _summarize(study: Study, course: Course, today: date) -> Summary:
    visits = project_visits(study, course, today)
    first, ended = course.first_dose, course.last_dose or course.end
    day = study_day(today, first) if first and not course.end else None
    overdue = tuple(visit for visit in visits if visit.state == VisitState.OVERDUE)
    responses = [one.response for one in course.assessments if one.response]
    sums = [baseline_sum(course), *(one.sum_mm for one in course.assessments)]
    label = next((r.short_label for r in study.regimens if r.code == course.regimen), None)
    return Summary(
        cohort=course.regimen.lower(),
        cohort_label=label,
        dose=course.doses[-1].mg if course.doses and not ended else None,
        cycle=(day - 1) // study.design.cycle_days + 1 if day and day > 0 and not ended else None,
        day=day,
        response=responses[-1] if responses else "",
        trend=tuple(one for one in sums if one is not None),
        next_visit=find_next_visit(visits),
        completeness=measure_completeness(study, course, today),
        overdue_visits=overdue,
        overdue_forms=sum(
            slot.state == FormState.OVERDUE for visit in visits if visit.day for slot in visit.slots
        ),
        end_awaited=any(v.event == "EOT" and v.is_open and v.planned is None for v in visits),
        eligible=course.is_eligible,
        failed=course.failed_screening,
    )


# ---- Filtering -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListFilter:
    """What the address of the list says: which rows, in which order, which page."""

    q: str = ""
    state: tuple[str, ...] = ()
    cohort: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    response: tuple[str, ...] = ()
    overdue: bool = False
    queries: bool = False
    week: bool = False
    without_failed: bool = False
    sort: str = "number"
    descending: bool = False
    page: int = 1
    unknown: tuple[str, ...] = field(default=(), compare=False)

    def query(self, **changes: Any) -> str:
        """The address's query of this filter with some changes; page 1 unless the change says otherwise."""
        said: dict[str, Any] = {name: getattr(self, name) for name in _SAID} | {"page": 1} | changes
        sort = ("-" if said["descending"] else "") + said["sort"]
        pairs: list[tuple[str, str]] = [("q", said["q"])] if said["q"] else []
        pairs += [(name, one) for name in MANY for one in said[name]]
        pairs += [(name, "1") for name in FLAGS if said[name]]
        pairs += [("sort", sort)] if sort != "number" else []
        pairs += [("page", str(said["page"]))] if said["page"] > 1 else []
        return urlencode(pairs)

    @property
    def is_empty(self) -> bool:
        return not (self.q or any(getattr(self, name) for name in (*MANY, *FLAGS)))


MANY = ("state", "cohort", "site", "response")
FLAGS = ("overdue", "queries", "week", "without_failed")
_SAID = ("q", *MANY, *FLAGS, "sort", "descending")


def read_filter(get: Any) -> ListFilter:
    """The filter that an address says; what it does not know is left out."""
    sort = str(get.get("sort", "number"))
    page = str(get.get("page", "1"))
    name = sort.removeprefix("-")
    return ListFilter(
        q=str(get.get("q", "")).strip()[:40],
        state=tuple(one for one in STATES if one in get.getlist("state")),
        cohort=tuple(one for one in ("mono", "combo", "none") if one in get.getlist("cohort")),
        site=tuple(sorted({one[:10] for one in get.getlist("site") if one})),
        response=tuple(one for one in RESPONSES if one in get.getlist("response")),
        overdue=get.get("overdue") == "1",
        queries=get.get("queries") == "1",
        week=get.get("week") == "1",
        without_failed=get.get("without_failed") == "1",
        sort=name if name in SORTS else "number",
        descending=sort.startswith("-") and name in SORTS,
        page=max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def select_rows(rows: Iterable[Row], chosen: ListFilter) -> list[Row]:
    """The rows that the filter leaves, in its order; equal ones stay in the order of their numbers."""
    left = [row for row in rows if _is_left(row, chosen)]
    return sorted(left, key=_KEYS[chosen.sort], reverse=chosen.descending)


def _is_left(row: Row, chosen: ListFilter) -> bool:
    return (
        (not chosen.q or chosen.q.lower().replace(" ", "") in row.number.lower())
        and (not chosen.state or row.state in chosen.state)
        and (not chosen.cohort or (row.summary.cohort or "none") in chosen.cohort)
        and (not chosen.site or row.site in chosen.site)
        and (not chosen.response or row.summary.response in chosen.response)
        and (not chosen.overdue or row.is_overdue)
        and (not chosen.queries or row.open_queries > 0)
        and (not chosen.week or row.has_visit_this_week)
        and (not chosen.without_failed or row.state != SCREEN_FAILED)
    )


def _percent(row: Row) -> int:
    percent = row.summary.completeness.percent
    return -1 if percent is None else percent


_KEYS: Mapping[str, Any] = {
    "number": lambda row: row.number,
    "state": lambda row: STATES.index(row.state),
    "cohort": lambda row: row.summary.cohort,
    "dose": lambda row: row.summary.dose if row.summary.dose is not None else -1,
    "day": lambda row: row.summary.day or 0,
    "response": lambda row: (
        RESPONSES.index(row.summary.response) if row.summary.response in RESPONSES else 99
    ),
    "next": lambda row: row.summary.next_visit.at if row.summary.next_visit else date.max,
    "completeness": _percent,
    "queries": lambda row: row.open_queries,
}


def find_hiding(rows: list[Row], chosen: ListFilter) -> list[tuple[str, int]]:
    """Of each part of a filter that leaves nothing: how many subjects would be seen without it."""
    if select_rows(rows, chosen):
        return []
    blank: dict[str, Any] = {"q": ""} | dict.fromkeys(MANY, ()) | dict.fromkeys(FLAGS, False)
    found = []
    for name, empty in blank.items():
        if getattr(chosen, name):
            seen = len(select_rows(rows, ListFilter(**{**chosen.__dict__, name: empty})))
            found.append((name, seen))
    return found
