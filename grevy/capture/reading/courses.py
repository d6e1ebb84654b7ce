"""The course of each subject as its records tell it: what was entered when, doses, assessments, ends.

Lists and boards ask this of hundreds of subjects at once. A course changes only with a revision of one of its
subject's records, so each process keeps the courses it has read and reads again those of the subjects that
were saved since. The ledger stays the only truth: the chain's hash says whether what is kept still belongs
to it, and `forget_courses` costs nothing but time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock as ThreadLock
from typing import Any

from django.utils import timezone

from grevy.capture.first_dose import DOSE_LOG, first_dose_of
from grevy.capture.models import ChainHead, FormRevision
from grevy.capture.policies import SITE_ZONE
from grevy.capture.reading.form_states import NOT_DONE_REASON, count_answers
from grevy.definition import Study, find_shown
from grevy.definition.forms import Form
from grevy.definition.partial_values import is_missing, read_date, read_partial_date

KEPT_FORMS = frozenset(
    {
        "informed_consent", "reconsent", "eligibility", "regimen_decision", "nen_diagnosis",
        "baseline_lesions", "tumor_assessment", "surufatinib_dosing", "adverse_event",
        "serious_adverse_event", "end_of_treatment", "death", "end_of_study", "subsequent_therapy",
        "survival_followup", "unscheduled_visit", "protocol_deviation",
    }
)  # fmt: skip
"""The forms whose values a course keeps; of all others it keeps how far they are and their date."""

PROGRESSED = "PD"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record that is not withdrawn, as far as every list needs it."""

    event: str
    event_seq: int
    form: str
    form_seq: int
    number: int
    by: str
    at: datetime
    first_at: datetime
    day: date | None
    answered: int
    asked: int
    not_done: bool
    missing: str
    """The first required item without an answer, of the items that are no part of a row."""

    @property
    def is_complete(self) -> bool:
        return self.answered == self.asked

    def record_of(self, subject: str) -> str:
        return f"{subject}/{self.event}/{self.event_seq}/{self.form}/{self.form_seq}"


@dataclass(frozen=True, slots=True)
class Dose:
    """One line of the dose log: a dose from a day on, open while it has no last day."""

    entry: Entry
    start: date
    end: date | None
    mg: int
    reason: str
    ae_number: int | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """One tumor assessment by the investigator: overall response and, where all targets count, their sum."""

    entry: Entry
    day: date
    response: str
    sum_mm: float | None


@dataclass(frozen=True)
class Course:
    """What was entered for one subject."""

    subject: str
    entries: tuple[Entry, ...]
    values: Mapping[str, tuple[tuple[Entry, Mapping[str, Any]], ...]]
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was computed from this course, by what it was computed for; gone with it."""

    def first_of(self, form: str) -> Mapping[str, Any]:
        """The values of the first record of a form; empty without one."""
        found = self.values.get(form)
        return found[0][1] if found else {}

    def all_of(self, form: str) -> tuple[tuple[Entry, Mapping[str, Any]], ...]:
        return self.values.get(form, ())

    @property
    def doses(self) -> tuple[Dose, ...]:
        return remembered(self, "doses", _read_doses)

    @property
    def last_entry(self) -> datetime | None:
        return remembered(self, "last_entry", lambda _: max((e.at for e in self.entries), default=None))

    @property
    def first_dose(self) -> date | None:
        lines = self.all_of(DOSE_LOG)
        return remembered(self, "first_dose", lambda _: first_dose_of(values for _, values in lines))

    @property
    def last_dose(self) -> date | None:
        """The last day of treatment, known once the form on its end is filled in."""
        return read_date(self.first_of("end_of_treatment").get("last_dose_date"))

    @property
    def consent(self) -> date | None:
        return read_date(self.first_of("informed_consent").get("consent_date"))

    @property
    def regimen(self) -> str:
        return str(self.first_of("regimen_decision").get("regimen") or "")

    @property
    def death(self) -> date | None:
        return latest_day(self.first_of("death").get("death_date"))

    @property
    def end(self) -> date | None:
        """The day on which the study ended for the subject."""
        days = [self.death, read_date(self.first_of("end_of_study").get("end_date"))]
        return min((day for day in days if day is not None), default=None)

    @property
    def assessments(self) -> tuple[Assessment, ...]:
        return remembered(self, "assessments", _read_assessments)

    @property
    def progression(self) -> date | None:
        """The first progression: by an assessment, or as the reason for which treatment ended."""
        by_scan = [one.day for one in self.assessments if one.response == PROGRESSED]
        end = self.first_of("end_of_treatment")
        if str(end.get("reason") or "").startswith("PROGRESSION"):
            by_scan.append(latest_day(end.get("progression_date")))
        return min((day for day in by_scan if day is not None), default=None)

    @property
    def new_therapy(self) -> date | None:
        """The start of the first anti-cancer therapy after study treatment; what is assessed later does not
        count for the response to it."""
        starts = (latest_day(values.get("start_date")) for _, values in self.all_of("subsequent_therapy"))
        return min((day for day in starts if day is not None), default=None)

    @property
    def is_eligible(self) -> bool:
        return self.first_of("eligibility").get("decision") == "ELIGIBLE"

    @property
    def failed_screening(self) -> bool:
        return (
            self.first_of("eligibility").get("decision") == "NOT_ELIGIBLE"
            or self.first_of("end_of_study").get("reason") == "SCREEN_FAILURE"
        )


def remembered(course: Course, key: Any, compute: Any) -> Any:
    """What a function of the course gives, computed once.

    A key that is a tuple begins with what was computed; the rest says for what, such as the day. Only the
    last one is kept: a server that runs for months would else keep every day of them.
    """
    kind = key[0] if isinstance(key, tuple) else key
    kept = course.memo.get(kind)
    if kept is None or kept[0] != key:
        kept = course.memo[kind] = (key, compute(course))
    return kept[1]


def is_remembered(course: Course, key: tuple[Any, ...]) -> bool:
    kept = course.memo.get(key[0])
    return kept is not None and bool(kept[0] == key)


def latest_day(value: object) -> date | None:
    """The last possible day of a date that may be partial."""
    days = read_partial_date(value) if isinstance(value, str) else None
    return days[1] if days else None


def site_today() -> date:
    """The day at the sites."""
    return timezone.now().astimezone(SITE_ZONE).date()


# ---- What the forms say --------------------------------------------------------------------------------


def _read_doses(course: Course) -> tuple[Dose, ...]:
    doses = []
    for entry, values in course.all_of(DOSE_LOG):
        start = read_date(values.get("start_date"))
        if start is None or values.get("dose_mg") is None:
            continue
        doses.append(
            Dose(
                entry=entry,
                start=start,
                end=read_date(values.get("end_date")),
                mg=int(values["dose_mg"]),
                reason=str(values.get("change_reason") or ""),
                ae_number=values.get("ae_number"),
            )
        )
    return tuple(sorted(doses, key=lambda dose: (dose.start, dose.entry.form_seq)))


def _read_assessments(course: Course) -> tuple[Assessment, ...]:
    targets = {
        row.get("lesion_id")
        for row in course.first_of("baseline_lesions").get("lesions") or ()
        if row.get("role") == "TARGET"
    }
    found = []
    for entry, values in course.all_of("tumor_assessment"):
        day = read_date(values.get("assessment_date"))
        if day is not None:
            rows = [row for row in values.get("lesions") or () if row.get("lesion_id") in targets]
            found.append(
                Assessment(
                    entry=entry,
                    day=day,
                    response=str(values.get("overall_response") or ""),
                    sum_mm=sum_of_diameters(rows) if len(rows) == len(targets) else None,
                )
            )
    return tuple(sorted(found, key=lambda one: (one.day, one.entry.event, one.entry.event_seq)))


def baseline_sum(course: Course) -> float | None:
    """The sum of the target lesions before treatment."""
    rows = [
        row for row in course.first_of("baseline_lesions").get("lesions") or () if row.get("role") == "TARGET"
    ]
    return sum_of_diameters([{"state": "MEASURED", **row} for row in rows]) if rows else None


def sum_of_diameters(rows: Iterable[Mapping[str, Any]]) -> float | None:
    """For the small line of a trend only: an absent lesion counts 0, one too small 5 mm, else its diameter.

    The response itself is never judged from this; that is the work of the rules.
    """
    total, any_row = 0.0, False
    for row in rows:
        any_row = True
        if row.get("state") == "ABSENT":
            continue
        if row.get("diameter_mm") is not None:
            total += float(row["diameter_mm"])
        elif row.get("state") == "TOO_SMALL":
            total += 5.0
        else:
            return None
    return total if any_row else None


def _visit_item(form: Form) -> str | None:
    """The item with the day on which the form's findings were collected, or the visit took place."""
    for item in form.items:
        targets = item.sdtm
        if item.type == "date" and any(t == "SV.SVSTDTC" or t == f"{t[:2]}.{t[:2]}DTC" for t in targets):
            return item.name
    return None


# ---- Reading -------------------------------------------------------------------------------------------


@dataclass
class _Kept:
    """The courses that this process has read, and the link of the chain up to which they hold."""

    seq: int = 0
    hash: str = ""
    study: str = ""
    courses: dict[str, Course] = field(default_factory=dict)


_kept = _Kept()
_reading = ThreadLock()


def forget_courses() -> None:
    """Read everything anew at the next question."""
    with _reading:
        _kept.courses.clear()
        _kept.seq, _kept.hash = 0, ""


def read_courses(study: Study, subjects: Iterable[str]) -> dict[str, Course]:
    """The courses of some subjects, in the order asked for; one without any record has an empty one."""
    wanted = list(subjects)
    with _reading:
        _drop_what_is_no_longer_true(study)
        unread = [subject for subject in wanted if subject not in _kept.courses]
        if unread:
            _kept.courses.update(_read(study, unread))
        return {subject: _kept.courses[subject] for subject in wanted}


def read_course(study: Study, subject: str) -> Course:
    return read_courses(study, [subject])[subject]


def read_ahead(study: Study, subjects: Iterable[str], at_once: int = 20) -> None:
    """Read the courses before somebody asks, few at once: a question in between waits for those alone."""
    wanted = list(subjects)
    for start in range(0, len(wanted), at_once):
        read_courses(study, wanted[start : start + at_once])


def _drop_what_is_no_longer_true(study: Study) -> None:
    """Drop the courses of subjects saved since, or all if the chain is another one."""
    head = ChainHead.objects.filter(table=FormRevision._meta.db_table).values_list("seq", "hash").first()
    seq, link = head or (0, "")
    if (_kept.seq, _kept.hash, _kept.study) == (seq, link, study.hash):
        return
    same_chain = (
        _kept.study == study.hash
        and 0 < _kept.seq < seq
        and FormRevision.objects.filter(seq=_kept.seq, hash=_kept.hash).exists()
    )
    if same_chain:
        saved = FormRevision.objects.filter(seq__gt=_kept.seq, seq__lte=seq)
        for record in saved.values_list("record_id", flat=True):
            _kept.courses.pop(record.split("/")[0], None)
    else:
        _kept.courses.clear()
    _kept.seq, _kept.hash, _kept.study = seq, link, study.hash


def _read(study: Study, subjects: list[str]) -> dict[str, Course]:
    entries: dict[str, list[Entry]] = {subject: [] for subject in subjects}
    values: dict[str, dict[str, list[tuple[Entry, Mapping[str, Any]]]]] = {s: {} for s in subjects}
    for row, first_at in _last_revisions(subjects):
        record, number, content, withdrawn, by, at = row
        if withdrawn:
            continue
        subject, event, event_seq, form, form_seq = record.split("/")
        found = json.loads(content)
        answered, asked = count_answers(study, form, content)
        entry = Entry(
            event, int(event_seq), form, int(form_seq), number, by, at, first_at,
            read_date(found.get(visit_item(study, form) or "")),
            answered, asked, bool(found.get(NOT_DONE_REASON)),
            _first_missing(study, form, found) if answered < asked else "",
        )  # fmt: skip
        entries[subject].append(entry)
        if form in KEPT_FORMS:
            values[subject].setdefault(form, []).append((entry, found))
    return {
        subject: Course(
            subject,
            tuple(entries[subject]),
            {form: tuple(sorted(rows, key=_by_place)) for form, rows in values[subject].items()},
        )
        for subject in subjects
    }


def _first_missing(study: Study, name: str, values: Mapping[str, Any]) -> str:
    form = study.forms[name]
    shown = find_shown(form, values, study)
    lacking = (
        item.name
        for item in form.items
        if item.required and shown["", None, item.name] and is_missing(values.get(item.name))
    )
    return next(lacking, "")


def _by_place(kept: tuple[Entry, Mapping[str, Any]]) -> tuple[int, int]:
    return kept[0].event_seq, kept[0].form_seq


def _last_revisions(subjects: list[str]) -> Iterable[tuple[tuple[Any, ...], datetime]]:
    """The last revision of each record with the moment of its first one."""
    columns = ("record_id", "number", "content", "withdrawn", "by", "at")
    for start in range(0, len(subjects), 500):
        rows = FormRevision.objects.filter(
            record__study_event__subject_id__in=subjects[start : start + 500]
        ).order_by("record_id", "number")
        last: tuple[Any, ...] | None = None
        first_at = None
        for row in rows.values_list(*columns).iterator(chunk_size=5000):
            if last is not None and last[0] != row[0]:
                yield last, first_at
                first_at = None
            first_at = first_at or row[5]
            last = row
        if last is not None:
            yield last, first_at


def visit_item(study: Study, form: str) -> str | None:
    """The item of a form that says on which day it was done."""
    return _visit_items(study.hash, study)[form]


def _visit_items(version: str, study: Study) -> Mapping[str, str | None]:
    if version not in _VISIT_ITEMS:
        _VISIT_ITEMS[version] = {form.name: _visit_item(form) for form in study.forms.values()}
    return _VISIT_ITEMS[version]


_VISIT_ITEMS: dict[str, Mapping[str, str | None]] = {}


def read_last_values(subjects: Iterable[str]) -> dict[str, dict[str, Mapping[str, Any]]]:
    """For each subject, the values of all records by their address; withdrawn ones are left out."""
    wanted = list(subjects)
    found: dict[str, dict[str, Mapping[str, Any]]] = {subject: {} for subject in wanted}
    for (record, _, content, withdrawn, _, _), _ in _last_revisions(wanted):
        if not withdrawn:
            found[record.split("/")[0]][record] = json.loads(content)
    return found
