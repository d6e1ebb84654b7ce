"""Operational figures: enrollment, completeness, age of queries, time from visit to entry. No outcome data.

Each figure is a recount of the ledger and says what it counts; none is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from grevy.capture.models import QueryMessage, QueryState, Site, SubjectState, SubjectStep
from grevy.capture.policies import SITE_ZONE
from grevy.capture.reading.courses import Course, read_courses, remembered
from grevy.capture.reading.queries import SITE, SPONSOR, WHO_ACTS, list_queries
from grevy.capture.reading.subject_list import Row, read_rows
from grevy.capture.reading.visits import Completeness, VisitState, project_visits
from grevy.definition import Study

LAST_DAYS = 30
RATE_DAYS = 84
"""The rate of enrollment is that of the last twelve weeks."""
AGES = ((0, 7), (8, 14), (15, 30), (31, 100_000))
"""Days that a query has waited, in steps."""
TREATED = ("ON_TREATMENT",)


@dataclass(frozen=True)
class SiteFigures:
    """One site's line; medians in days over the last 30 days, None where nothing happened."""

    code: str
    name: str
    screened: int
    enrolled: int
    treated: int
    on_treatment: int
    overdue: int
    open_queries: int
    query_days: float | None
    entry_days: float | None
    completeness: Completeness
    data_age: int | None
    """Days since the last entry."""


@dataclass(frozen=True)
class QueryAges:
    """Waiting queries of one kind by the days they have waited."""

    kind: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Figures:
    """All figures at one moment, for the sites that were asked for."""

    at: datetime
    sites: tuple[SiteFigures, ...]
    screened: int
    enrolled: int
    on_treatment: int
    completeness: Completeness
    entry_days: float | None
    entries: int
    query_days: float | None
    answers: int
    open_queries: int
    old_queries: int
    scans_in_window: int
    scans: int
    ages: tuple[QueryAges, ...]
    enrolled_on: tuple[date, ...]


def read_figures(study: Study, sites: frozenset[str] | None, today: date, language: str) -> Figures:
    """The figures of the sites (None: all); the number of queries does not grow with the study."""
    rows = read_rows(study, sites, today)
    courses = read_courses(study, [row.number for row in rows])
    enrolled = enrollment_days({row.number for row in rows})
    answers = answer_times({row.number: row.site for row in rows})
    waiting = waiting_queries(sites, today)
    entered = {row.number: entry_times(courses[row.number], today) for row in rows}
    recent = [days for site in answers.values() for at, days in site if _is_recent(at, today)]
    delays = [days for found in entered.values() for days in found]
    scans = _scans(study, courses.values(), today)
    codes = sorted({row.site for row in rows} if sites is None else sites)
    names = {site.code: site.name_zh if language == "zh" else site.name_en for site in Site.objects.all()}
    if sites is None:
        codes = sorted(names)
    return Figures(
        at=datetime.now(SITE_ZONE),
        sites=tuple(
            _site(code, names.get(code, ""), [row for row in rows if row.site == code], courses, enrolled,
                  entered, answers.get(code, []), today)
            for code in codes
        ),
        screened=len(rows),
        enrolled=len(enrolled),
        on_treatment=sum(row.state in TREATED for row in rows),
        completeness=_sum(row.summary.completeness for row in rows),
        entry_days=median(delays) if delays else None,
        entries=len(delays),
        query_days=median(recent) if recent else None,
        answers=len(recent),
        open_queries=sum(group.total for group in waiting),
        old_queries=sum(sum(group.counts[2:]) for group in waiting),
        scans_in_window=scans[0],
        scans=scans[1],
        ages=waiting,
        enrolled_on=tuple(sorted(enrolled.values())),
    )  # fmt: skip


def _site(
    code: str,
    name: str,
    rows: list[Row],
    courses: Mapping[str, Course],
    enrolled: Mapping[str, date],
    entered: Mapping[str, list[int]],
    answers: list[tuple[datetime, float]],
    today: date,
) -> SiteFigures:
    delays = [days for row in rows for days in entered[row.number]]
    recent = [days for at, days in answers if _is_recent(at, today)]
    last = max((at for row in rows if (at := courses[row.number].last_entry)), default=None)
    return SiteFigures(
        code=code,
        name=name,
        screened=len(rows),
        enrolled=sum(row.number in enrolled for row in rows),
        treated=sum(courses[row.number].first_dose is not None for row in rows),
        on_treatment=sum(row.state in TREATED for row in rows),
        overdue=sum(len(row.summary.overdue_visits) for row in rows),
        open_queries=sum(row.open_queries for row in rows),
        query_days=median(recent) if recent else None,
        entry_days=median(delays) if delays else None,
        completeness=_sum(row.summary.completeness for row in rows),
        data_age=max((today - last.astimezone(SITE_ZONE).date()).days, 0) if last else None,
    )


def _sum(parts: Iterable[Completeness]) -> Completeness:
    found = list(parts)
    return Completeness(sum(part.answered for part in found), sum(part.asked for part in found))


def _is_recent(at: datetime, today: date) -> bool:
    return timedelta(0) <= today - at.astimezone(SITE_ZONE).date() <= timedelta(LAST_DAYS)


def enrollment_days(subjects: set[str]) -> dict[str, date]:
    """The day on which each subject was recorded as eligible, at the site."""
    steps = SubjectStep.objects.filter(state=SubjectState.ELIGIBLE).values_list("subject_id", "at")
    return {number: at.astimezone(SITE_ZONE).date() for number, at in steps if number in subjects}


def entry_times(course: Course, today: date) -> list[int]:
    """Days from visit to first entry, of the records first saved in the last 30 days."""
    return list(remembered(course, ("entry_times", today), lambda _: _entry_times(course, today)))


def _entry_times(course: Course, today: date) -> list[int]:
    return [
        max((entry.first_at.astimezone(SITE_ZONE).date() - entry.day).days, 0)
        for entry in course.entries
        if entry.day and _is_recent(entry.first_at, today)
    ]


def answer_times(sites: Mapping[str, str]) -> dict[str, list[tuple[datetime, float]]]:
    """For each site, when a question was answered and after how many days."""
    found: dict[str, list[tuple[datetime, float]]] = {}
    asked: dict[str, datetime] = {}
    messages = QueryMessage.objects.order_by("query_id", "number").values_list("query_id", "kind", "at")
    for key, kind, at in messages:
        site = sites.get(key.split("/")[0])
        if kind in (QueryState.OPEN, QueryState.REOPENED):
            asked[key] = at
        elif kind == QueryState.ANSWERED and key in asked and site is not None:
            found.setdefault(site, []).append((at, (at - asked.pop(key)).total_seconds() / 86400))
    return found


def waiting_queries(sites: frozenset[str] | None, today: date) -> tuple[QueryAges, ...]:
    """Queries that wait for an answer, and answers that wait to be closed, by days since they were opened."""
    counts = {SITE: [0] * len(AGES), SPONSOR: [0] * len(AGES)}
    end_of_day = datetime.combine(today, time.max, SITE_ZONE)
    for query in list_queries(sites=sites, states=tuple(WHO_ACTS)):
        step = next(n for n, (_, high) in enumerate(AGES) if query.days(end_of_day) <= high)
        counts[query.who_acts][step] += 1
    return (
        QueryAges("answer_wanted", tuple(counts[SITE])),
        QueryAges("answer_given", tuple(counts[SPONSOR])),
    )


def _scans(study: Study, courses: Iterable[Course], today: date) -> tuple[int, int]:
    """Planned scans whose window is over: how many were done in it, and how many there are."""
    key = ("scans", study.hash, today)
    counts = [remembered(course, key, lambda one: _scans_of(study, one, today)) for course in courses]
    return sum(done for done, _ in counts), sum(due for _, due in counts)


def _scans_of(study: Study, course: Course, today: date) -> tuple[int, int]:
    due = [
        visit.state == VisitState.IN_WINDOW
        for visit in project_visits(study, course, today)
        if visit.has_imaging and visit.closes and visit.closes < today
    ]
    return sum(due), len(due)


# ---- Enrollment ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Projection:
    """When the target is reached at the rate of the last weeks; the band is the rate's 80 percent range."""

    rate: float
    reached: date | None
    earliest: date | None
    latest: date | None


def project_enrollment(days: tuple[date, ...], target: int, today: date) -> Projection:
    """Straight on at the rate of the last twelve weeks.

    Enrollments are counted as a Poisson number: its 80 percent range is n ± 1.28 √n.
    """
    recent = sum(day > today - timedelta(RATE_DAYS) for day in days)
    missing = target - len(days)
    if missing <= 0 or recent == 0:
        return Projection(recent / (RATE_DAYS / 7), None, None, None)

    def reached(number: float) -> date | None:
        ahead = missing / number * RATE_DAYS if number > 0 else 10_000
        return today + timedelta(round(ahead)) if ahead < 3650 else None

    spread = 1.28 * recent**0.5
    return Projection(
        recent / (RATE_DAYS / 7), reached(recent), reached(recent + spread), reached(recent - spread)
    )
