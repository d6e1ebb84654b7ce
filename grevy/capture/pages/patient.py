"""The page of one patient, and the page of one of their logs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grevy.capture.permissions import can
from grevy.capture.policies import Address
from grevy.capture.reading.courses import Course, read_course, site_today
from grevy.capture.reading.form_states import FormState, read_record_states
from grevy.capture.reading.frame import read_subject_header
from grevy.capture.reading.patient import (
    build_matrix,
    list_additions,
    read_events,
    read_laboratory,
    read_response,
    read_treatment,
)
from grevy.capture.reading.queries import WHO_ACTS, list_queries
from grevy.capture.reading.timeline import build_timeline
from grevy.capture.reading.visits import VisitState, measure_completeness, project_visits
from grevy.capture.typed import show_value
from grevy.capture.web import current_study, language_of

TABS = ("adverse_event", "surufatinib_dosing", "concomitant_medication")
ADDED_OFTEN = ("adverse_event", "surufatinib_dosing", "partner_dosing", "concomitant_medication")


def patient(request: HttpRequest, subject: str) -> HttpResponse:
    """The course of one subject on one page."""
    study, language, today = current_study(), language_of(request), site_today()
    course = read_course(study, subject)
    visits = project_visits(study, course, today)
    states = read_record_states(study, [subject])[subject]
    matrix = build_matrix(study, subject, visits, states, today)
    events = read_events(course, language)
    overdue = [visit for visit in visits if visit.state in (VisitState.OVERDUE, VisitState.DUE)]
    lacking = [cell for row in matrix.rows for cell in row.cells
               if cell and cell.state == FormState.OVERDUE and cell.visit.day]  # fmt: skip
    context = {
        **page_context(request, subject, "course"),
        "today": today,
        "matrix": matrix,
        "completeness": measure_completeness(study, course, today),
        "timeline": build_timeline(study, course, visits, events, today),
        "events": events,
        "serious": sum(event.serious for event in events),
        "response": read_response(visits, course),
        "treatment": read_treatment(course, today),
        "laboratory": read_laboratory(study, states),
        "queries": list_queries(subject=subject, states=tuple(WHO_ACTS)),
        "open_visits": [(visit, visit.days_overdue(today)) for visit in overdue],
        "overdue_cells": lacking[:8],
        "more_cells": max(len(lacking) - 8, 0),
    }
    return render(request, "capture/patient.html", context)


def page_context(request: HttpRequest, subject: str, tab: str) -> dict[str, Any]:
    """What every page about one subject needs: header, tabs, what can be added."""
    study, language = current_study(), language_of(request)
    course = read_course(study, subject)
    may_add = can(request.user.username, "save_form", subject.split("-")[0])
    additions = list_additions(study, subject) if may_add and course.consent else []
    often = {form: place for place, form in enumerate(ADDED_OFTEN)}
    return {
        "subject": read_subject_header(study, subject, language),
        "tab": tab,
        "tabs": [(form, study.forms[form].label, _count(course, form)) for form in TABS],
        "additions": sorted(
            additions, key=lambda one: (one.group != "visit", often.get(one.address.form, len(often)))
        ),
    }


def _count(course: Course, form: str) -> int:
    return sum(entry.form == form for entry in course.entries)


def patient_log(request: HttpRequest, subject: str, form: str) -> HttpResponse:
    """All records of one form of a subject, each a row with an address of its own; withdrawn ones are
    struck through."""
    study, language = current_study(), language_of(request)
    log = next(event for event in study.events if event.kind == "log")
    if form not in study.forms:
        raise Http404
    if form in log.forms and study.forms[form].repeating:
        return redirect("log", subject, form)
    states = [one for one in read_record_states(study, [subject])[subject] if one.form == form]
    items = list(study.forms[form].items)
    rows = [
        (
            state,
            Address(subject, state.event, state.event_seq, form, state.form_seq),
            "" if state.event == log.id else study.event(state.event).short_of(state.event_seq),
            [(item.label, show_value(study, item, state.values.get(item.name), language)) for item in items],
        )
        for state in sorted(states, key=lambda one: (one.event, one.event_seq, one.form_seq))
    ]
    context = {
        **page_context(request, subject, form),
        "form": study.forms[form],
        "items": items,
        "log_rows": rows,
        "logs": [(name, study.forms[name].label) for name in log.forms],
    }
    return render(request, "capture/patient_log.html", context)
