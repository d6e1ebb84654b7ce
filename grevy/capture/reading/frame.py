"""What stands around a page: the subject in question, the forms of a visit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max

from grevy.capture.first_dose import DOSE_LOG, first_dose_of
from grevy.capture.models import FormRevision, Query, QueryState, Subject, SubjectState
from grevy.capture.policies import Address
from grevy.capture.reading.alerts import Alert, read_alerts
from grevy.capture.reading.courses import read_course, site_today
from grevy.capture.reading.form_states import FormState, RecordState, read_record_states
from grevy.capture.reading.locks import LockInForce, read_strictest
from grevy.capture.typed import show_value
from grevy.definition import Study
from grevy.rules.study_days import study_day

HEADER_FORMS = ("regimen_decision", "nen_diagnosis", DOSE_LOG)


@dataclass(frozen=True)
class SubjectHeader:
    """The line that stays in view on each of a subject's pages; no name, no full birth date."""

    number: str
    site: str
    state: str
    cohort: str
    cohort_label: str
    disease: str
    ki67: str
    first_dose: str
    today: str
    study_day: int | None
    cycle: int | None
    dose: str
    dose_since: str
    open_queries: int
    lock: LockInForce | None
    """What stops entry for the whole subject, where something does."""
    alerts: tuple[Alert, ...]


def read_subject_header(study: Study, number: str, language: str, today: date | None = None) -> SubjectHeader:
    """The header of one subject, in a handful of queries."""
    subject = Subject.objects.get(number=number)
    found = _last_values(number, HEADER_FORMS)
    day = today or site_today()
    regimen = _first(found, "regimen_decision").get("regimen", "")
    diagnosis = _first(found, "nen_diagnosis")
    doses = sorted((v for v in found.get(DOSE_LOG, ()) if v.get("start_date")), key=lambda v: v["start_date"])
    first = first_dose_of(doses)
    now = study_day(day, first) if first else None
    label = next((r.short_label for r in study.regimens if r.code == regimen), None)
    last, on_treatment = doses[-1] if doses else {}, subject.state == SubjectState.ON_TREATMENT
    return SubjectHeader(
        number=number,
        site=subject.site_id,
        state=subject.state,
        cohort=regimen.lower(),
        cohort_label=getattr(label, language) if label else "",
        disease=" · ".join(
            show_value(study, item, diagnosis.get(item.name), language)
            for item in study.forms["nen_diagnosis"].items
            if item.name in ("primary_site", "nen_class") and diagnosis.get(item.name)
        ),
        ki67=str(diagnosis.get("ki67", "")),
        first_dose=first.isoformat() if first else "",
        today=day.isoformat(),
        study_day=now,
        cycle=(now - 1) // study.design.cycle_days + 1 if now and now > 0 and on_treatment else None,
        dose=str(last.get("dose_mg", "")) if on_treatment else "",
        dose_since=str(last.get("start_date", "")) if on_treatment else "",
        open_queries=Query.objects.filter(record__study_event__subject_id=number)
        .exclude(state__in=(QueryState.CLOSED, QueryState.CANCELLED))
        .count(),
        lock=read_strictest([number, f"site:{subject.site_id}", "study"]),
        alerts=read_alerts(study, read_course(study, number), day),
    )


def _first(found: dict[str, list[dict[str, Any]]], form: str) -> dict[str, Any]:
    return (found.get(form) or [{}])[0]


def _last_values(subject: str, forms: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    """The values of a subject's records of some forms, withdrawn ones left out."""
    records = FormRevision.objects.filter(record__study_event__subject_id=subject, record__form__in=forms)
    last = records.values("record_id").annotate(last=Max("number"))
    numbers = {row["record_id"]: row["last"] for row in last}
    found: dict[str, list[dict[str, Any]]] = {}
    for row in records.select_related("record").order_by("record_id"):
        if row.number == numbers[row.record_id] and not row.withdrawn:
            found.setdefault(row.record.form, []).append(json.loads(row.content))
    return found


@dataclass(frozen=True)
class VisitForm:
    """One line of the list of a visit's forms."""

    form: str
    label: str
    state: FormState
    open_queries: int
    address: Address
    current: bool


def visit_records(study: Study, address: Address, language: str) -> list[VisitForm]:
    """The forms of the occasion a record belongs to, each with its state, in the order of the schedule."""
    event = study.event(address.event)
    states = {
        (state.form, state.form_seq): state
        for state in read_record_states(study, [address.subject])[address.subject]
        if state.event == address.event and state.event_seq == address.event_seq
    }
    expected = set(event.expected_forms(address.event_seq))
    lines = []
    for form in event.forms:
        there = [state for (name, _), state in sorted(states.items()) if name == form]
        if not there and form not in expected and form != address.form and event.kind == "scheduled":
            continue
        lines.append(_line(study, address, form, there, language, expected=form in expected))
    return lines


def _line(
    study: Study,
    address: Address,
    form: str,
    there: list[RecordState],
    language: str,
    *,
    expected: bool,
) -> VisitForm:
    seq = address.form_seq if form == address.form else 1
    state = there[-1].state if there else FormState.MISSING if expected else FormState.PLANNED
    return VisitForm(
        form=form,
        label=getattr(study.forms[form].label, language),
        state=state,
        open_queries=sum(one.open_queries for one in there),
        address=Address(address.subject, address.event, address.event_seq, form, seq),
        current=form == address.form,
    )
