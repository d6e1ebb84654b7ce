"""What waits for a person: one task a matter, oldest due first, grouped by subject.

Nothing is stored: a task is there while its cause is, and gone with it. What a person gets depends on the
roles held at each site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from grevy.capture.models import Draft, Signature, Subject
from grevy.capture.permissions import (
    COORDINATOR,
    DATA_MANAGER,
    INVESTIGATOR,
    MONITOR,
    SAFETY_OFFICER,
)
from grevy.capture.policies import SITE_ZONE, Address
from grevy.capture.reading.courses import Course, read_courses, remembered
from grevy.capture.reading.form_states import FormState
from grevy.capture.reading.queries import SITE, WHO_ACTS, list_queries
from grevy.capture.reading.results import find_high_results, find_unreviewed, signed_results
from grevy.capture.reading.visits import SCREENING, Visit, VisitState, project_visits
from grevy.definition import Study
from grevy.definition.partial_values import read_date
from grevy.definition.words import Text
from grevy.rules.reporting_clocks import Event, RuleSet, compute_due, find_clocks
from grevy.rules.words import Words

KINDS = ("visit", "form", "query", "clock", "review", "consent", "draft", "sign", "screening")
DRAFT_WAITS = timedelta(days=2)
SIGNED_FORMS = frozenset(
    {"eligibility", "tumor_assessment", "serious_adverse_event", "end_of_treatment", "death", "end_of_study"}
)
"""The forms that carry the study's results: each is signed by the investigator."""
QUERY_DAYS = 7
"""Days in which a query is answered, and an answer is settled."""
REPORTING = RuleSet.INTERVENTIONAL_GCP
"""The stricter of the two sets of rules; which one applies is the sponsor's decision."""
SITE_ROLES = frozenset({COORDINATOR, INVESTIGATOR})
CLOSING_ROLES = frozenset({MONITOR, DATA_MANAGER, SAFETY_OFFICER})


@dataclass(frozen=True)
class Task:
    """One matter. `words` fills the sentences `task_<what>` and `task_<what>_why`; a Text is shown in the
    reader's language."""

    kind: str
    what: str
    subject: str
    due: date
    address: Address
    words: Mapping[str, Any] = field(default_factory=dict)
    item: str = ""

    def days_overdue(self, today: date) -> int:
        return (today - self.due).days

    def urgency(self, today: date) -> str:
        """Overdue, today, this week or later."""
        days = self.days_overdue(today)
        return "overdue" if days > 0 else "today" if days == 0 else "week" if days >= -7 else "later"


@dataclass(frozen=True)
class Holder:
    """Whose tasks they are: the person and the sites (None: all) at which each role is held."""

    username: str
    roles: frozenset[tuple[str, str | None]]

    def holds(self, roles: frozenset[str], site: str) -> bool:
        return any((role, place) in self.roles for role in roles for place in (None, site))


def read_tasks(study: Study, holder: Holder, today: date) -> list[Task]:
    """All tasks of a person, oldest due first; the number of queries does not grow with the study."""
    subjects = _subjects_of(holder)
    courses = read_courses(study, subjects)
    tasks: list[Task] = []
    newest = _newest_consents(courses.values(), subjects)
    signed = _signed_revisions() if any(role == INVESTIGATOR for role, _ in holder.roles) else {}
    for number, course in courses.items():
        site = subjects[number]
        if holder.holds(SITE_ROLES, site):
            tasks += _tasks_of_course(study, course, today)
            tasks += _reconsent(course, newest.get(site), today)
            tasks += find_site_clocks(course)
        if holder.holds(frozenset({SAFETY_OFFICER}), site):
            tasks += find_sponsor_clocks(course, today)
        if holder.holds(frozenset({INVESTIGATOR}), site):
            tasks += _to_sign(study, course, signed)
    tasks += _to_review(study, holder, courses, subjects)
    tasks += _queries(study, holder, subjects)
    tasks += _drafts(study, holder, subjects)
    return sorted(
        tasks, key=lambda task: (task.due, task.subject, KINDS.index(task.kind), task.address.record)
    )


def group_by_subject(tasks: Iterable[Task]) -> list[tuple[str, list[Task]]]:
    """The tasks of each subject together, the subject with the oldest one first."""
    groups: dict[str, list[Task]] = {}
    for task in tasks:
        groups.setdefault(task.subject, []).append(task)
    return list(groups.items())


def _subjects_of(holder: Holder) -> dict[str, str]:
    """The subjects at the person's sites, each with its site."""
    sites = {site for role, site in holder.roles if role in SITE_ROLES | CLOSING_ROLES}
    rows = Subject.objects.order_by("number")
    if None not in sites:
        rows = rows.filter(site__in=[site for site in sites if site])
    return dict(rows.values_list("number", "site_id"))


# ---- Visits and forms ----------------------------------------------------------------------------------


def _tasks_of_course(study: Study, course: Course, today: date) -> list[Task]:
    key = ("tasks", study.hash, today)
    return list(remembered(course, key, lambda _: list(_visit_tasks(study, course, today))))


def _visit_tasks(study: Study, course: Course, today: date) -> Iterator[Task]:
    overdue: dict[str, list[Visit]] = {}
    for visit in project_visits(study, course, today):
        if visit.event == SCREENING and course.first_dose is None:
            if not course.failed_screening and not course.end:
                yield from _screening(study, course, visit, today)
        elif visit.state == VisitState.OVERDUE:
            overdue.setdefault(visit.event, []).append(visit)
        elif visit.state == VisitState.DUE:
            yield _visit_task(course, visit, today, 1)
        elif not visit.is_open and visit.state != VisitState.MISSED:
            yield from _form_tasks(study, course, visit)
    for visits in overdue.values():  # a series that fell behind is one matter: it begins with the oldest
        yield _visit_task(course, visits[0], today, len(visits))


def _visit_task(course: Course, visit: Visit, today: date, count: int) -> Task:
    slot = next((slot for slot in visit.slots if not slot.entries), visit.slots[0])
    awaited = visit.planned is None
    what = "visits_overdue" if count > 1 else f"visit_{visit.state.value}"
    return Task(
        "visit",
        "end_awaited" if awaited else what,
        course.subject,
        visit.closes or today,
        Address(course.subject, visit.event, visit.event_seq, slot.form),
        {"visit": visit.name, "opens": visit.opens, "closes": visit.closes, "count": count},
    )


def _screening(study: Study, course: Course, visit: Visit, today: date) -> Iterator[Task]:
    """What is missing until eligibility can be decided, as one task."""
    lacking = [slot for slot in visit.slots if not slot.entries and slot.form != "regimen_decision"]
    decided = course.is_eligible
    what = "first_dose_awaited" if decided else "screening_open" if lacking else "eligibility_open"
    form = "regimen_decision" if decided else lacking[0].form if lacking else "eligibility"
    yield Task(
        "screening",
        what,
        course.subject,
        visit.closes or today,
        Address(course.subject, SCREENING, 1, form),
        {"count": len(lacking), "forms": _labels(study, lacking), "closes": visit.closes},
    )


def _form_tasks(study: Study, course: Course, visit: Visit) -> Iterator[Task]:
    """The forms of a visit that took place: those not entered as one task, each incomplete one by itself."""
    lacking = [slot for slot in visit.slots if slot.state in (FormState.MISSING, FormState.OVERDUE)]
    if lacking and visit.day:
        one = len(lacking) == 1
        yield Task(
            "form",
            "form_missing" if one else "forms_missing",
            course.subject,
            lacking[0].due or visit.day,
            Address(course.subject, visit.event, visit.event_seq, lacking[0].form),
            {
                "form": study.forms[lacking[0].form].label,
                "count": len(lacking),
                "forms": _labels(study, lacking),
                "visit": visit.name,
                "day": visit.day,
            },
        )
    for slot in visit.slots:
        if slot.state == FormState.INCOMPLETE:
            entry = next(entry for entry in slot.entries if not entry.is_complete)
            yield Task(
                "form",
                "form_incomplete",
                course.subject,
                slot.due or entry.at.astimezone(SITE_ZONE).date(),
                Address(course.subject, entry.event, entry.event_seq, entry.form, entry.form_seq),
                {
                    "form": study.forms[slot.form].label,
                    "visit": visit.name,
                    "answered": entry.answered,
                    "asked": entry.asked,
                },
                entry.missing,
            )


def _labels(study: Study, slots: Iterable[Any]) -> Text:
    forms = [study.forms[slot.form].label for slot in slots]
    more = "" if len(forms) <= 4 else " …"
    return Text(
        en=", ".join(label.en for label in forms[:4]) + more,
        zh="、".join(label.zh for label in forms[:4]) + more,
    )


# ---- Consent -------------------------------------------------------------------------------------------


def _consents(course: Course) -> list[tuple[date, str]]:
    rows = [*course.all_of("informed_consent"), *course.all_of("reconsent")]
    found = [(read_date(v.get("consent_date")), str(v.get("consent_version") or "")) for _, v in rows]
    return sorted((day, version) for day, version in found if day and version)


def _newest_consents(courses: Iterable[Course], sites: Mapping[str, str]) -> dict[str, tuple[date, str]]:
    """For each site the version of the consent form that came into use last, and since when."""
    first_use: dict[str, dict[str, date]] = {}
    for course in courses:
        for day, version in _consents(course):
            used = first_use.setdefault(sites[course.subject], {})
            used[version] = min(day, used.get(version, day))
    return {site: max((day, version) for version, day in used.items()) for site, used in first_use.items()}


def _reconsent(course: Course, newest: tuple[date, str] | None, today: date) -> Iterator[Task]:
    """A subject on study who has not signed the newest version of the site."""
    signed = _consents(course)
    if newest is None or not signed or course.end or course.failed_screening:
        return
    since, version = newest
    if version not in {other for _, other in signed} and signed[-1][0] < since:
        number = max((entry.form_seq for entry, _ in course.all_of("reconsent")), default=0) + 1
        yield Task(
            "consent",
            "reconsent",
            course.subject,
            since + timedelta(days=28),
            Address(course.subject, "LOG", 1, "reconsent", number),
            {"version": version, "since": since, "signed": signed[-1][1]},
        )


# ---- Clocks --------------------------------------------------------------------------------------------


def find_site_clocks(course: Course) -> Iterator[Task]:
    """Reports of the investigator to the sponsor that are not made: 24 hours from first knowledge."""
    reported = {values.get("ae_number") for _, values in course.all_of("serious_adverse_event")}
    taken = max((entry.form_seq for entry, _ in course.all_of("serious_adverse_event")), default=0)
    for entry, values in course.all_of("adverse_event"):
        if values.get("serious") == "Y" and entry.form_seq not in reported:
            aware = entry.first_at.astimezone(SITE_ZONE).date()
            due = compute_due(find_clocks(Event(is_serious=True), REPORTING)[0], aware).on
            words = {"term": str(values.get("decod") or values.get("term") or ""), "aware": aware}
            address = Address(course.subject, "LOG", 1, "serious_adverse_event", taken + 1)
            yield Task("clock", "serious_unreported", course.subject, due, address, words)
    for entry, values in course.all_of("serious_adverse_event"):
        aware = read_date(str(values.get("aware_at") or "")[:10])
        if aware and not values.get("reported_at"):
            clock = find_clocks(_event_of(values), REPORTING)[0]
            address = Address(course.subject, "LOG", 1, "serious_adverse_event", entry.form_seq)
            words = {"clock": clock.label, "aware": aware}
            due = compute_due(clock, aware).on
            yield Task("clock", "report_due", course.subject, due, address, words, "reported_at")


def find_sponsor_clocks(course: Course, today: date) -> Iterator[Task]:
    """Clocks of the sponsor that run: from the day on which the site's report came, until they end."""
    for entry, values in course.all_of("serious_adverse_event"):
        aware = read_date(str(values.get("reported_at") or "")[:10])
        if aware is None:
            continue
        for clock in find_clocks(_event_of(values), REPORTING)[1:]:
            due = compute_due(clock, aware).on
            if due >= today:
                address = Address(course.subject, "LOG", 1, "serious_adverse_event", entry.form_seq)
                words = {"clock": clock.label, "aware": aware}
                yield Task("clock", "report_due", course.subject, due, address, words)


def _event_of(values: Mapping[str, Any]) -> Event:
    causality = values.get("causality")
    return Event(
        is_serious=True,
        is_fatal=values.get("death") == "Y",
        is_life_threatening=values.get("life_threatening") == "Y",
        is_expected=values.get("expected") == "Y",
        related_by_investigator=None if not causality else causality not in ("NOT_RELATED", "UNLIKELY"),
    )


# ---- Queries, drafts, signatures -----------------------------------------------------------------------


def _queries(study: Study, holder: Holder, subjects: Mapping[str, str]) -> Iterator[Task]:
    """Answers wanted from the site; answers that wait for whoever may close them."""
    for query in list_queries(sites=set(subjects.values()), states=tuple(WHO_ACTS)):
        address, wanted = query.address, query.who_acts == SITE
        if not holder.holds(SITE_ROLES if wanted else CLOSING_ROLES, query.site):
            continue
        words = {
            "text": query.last_text,
            "form": study.forms[address.form].label,
            "visit": study.event(address.event).name_of(address.event_seq),
            "by": query.last_by,
        }
        yield Task(
            "query",
            "answer_wanted" if wanted else "answer_given",
            address.subject,
            query.last_at.astimezone(SITE_ZONE).date() + timedelta(days=QUERY_DAYS),
            address,
            words,
            query.item,
        )


def _drafts(study: Study, holder: Holder, subjects: Mapping[str, str]) -> Iterator[Task]:
    """The person's own drafts that have waited two days."""
    before = datetime.now(SITE_ZONE) - DRAFT_WAITS
    drafts = Draft.objects.filter(user__username=holder.username, kept_at__lt=before)
    for record, kept_at in drafts.values_list("record_key", "kept_at"):
        subject, event, event_seq, form, form_seq = record.split("/")
        if subject not in subjects:
            continue
        yield Task(
            "draft",
            "draft_waits",
            subject,
            (kept_at + DRAFT_WAITS).astimezone(SITE_ZONE).date(),
            Address(subject, event, int(event_seq), form, int(form_seq)),
            {"form": study.forms[form].label, "kept": kept_at.astimezone(SITE_ZONE).date()},
        )


def _signed_revisions() -> dict[str, int]:
    """For each record the last revision that was signed."""
    rows = Signature.objects.filter(record__form__in=SIGNED_FORMS)
    return dict(rows.order_by("seq").values_list("record_id", "revision_number"))


REVIEW_DAYS = 7
"""Days in which a result of high grade is reviewed after it was entered."""


def _to_review(
    study: Study, holder: Holder, courses: Mapping[str, Course], subjects: Mapping[str, str]
) -> Iterator[Task]:
    """Results of grade 3 or more that the investigator has not signed: one task a subject."""
    own = {
        number: course
        for number, course in courses.items()
        if holder.holds(frozenset({INVESTIGATOR}), subjects[number])
    }
    signed = signed_results() if own else {}
    for number, high in find_high_results(study, own).items():
        waiting = find_unreviewed(own[number], high, signed)
        if not waiting:
            continue
        entered = {entry.record_of(number): entry.at for entry in own[number].entries}
        first = waiting[0].result
        tests = {one.result.item.name: one.result for one in waiting}
        words = {
            "count": len(waiting),
            "tests": Text(
                en=", ".join(f"{one.item.label.en} ({one.grade})" for one in list(tests.values())[:4]),
                zh="、".join(f"{one.item.label.zh}（{one.grade}）" for one in list(tests.values())[:4]),
            ),
            "day": first.day,
        }
        due = entered[first.record].astimezone(SITE_ZONE).date() + timedelta(days=REVIEW_DAYS)
        yield Task("review", "results_to_review", number, due, first.address, words, first.item.name)


def _to_sign(study: Study, course: Course, signed: Mapping[str, int]) -> Iterator[Task]:
    """The forms of a subject that carry results and are complete, but not signed as they stand."""
    waiting = [
        entry
        for entry in course.entries
        if entry.form in SIGNED_FORMS
        and entry.is_complete
        and signed.get(entry.record_of(course.subject)) != entry.number
    ]
    if not waiting:
        return
    oldest = min(waiting, key=lambda entry: (entry.at, entry.form))
    labels = list(dict.fromkeys(entry.form for entry in sorted(waiting, key=lambda entry: entry.at)))
    yield Task(
        "sign",
        "to_sign",
        course.subject,
        oldest.at.astimezone(SITE_ZONE).date() + timedelta(days=28),
        Address(course.subject, oldest.event, oldest.event_seq, oldest.form, oldest.form_seq),
        {
            "count": len(waiting),
            "forms": Text(
                en=", ".join(study.forms[form].label.en for form in labels[:4]),
                zh="、".join(study.forms[form].label.zh for form in labels[:4]),
            ),
        },
    )


def word_of(value: Any, language: str) -> Any:
    """A text of study or rules in the reader's language; anything else as it is."""
    return getattr(value, language) if isinstance(value, (Text, Words)) else value
