"""The further pages of one subject: results, questionnaires, audit trail."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grevy.capture.pages.patient import page_context
from grevy.capture.pages.sent import read_whole_number
from grevy.capture.reading.audit_trail import GROUPS, add_changes, read_audit_trail
from grevy.capture.reading.courses import read_course, read_last_values, site_today
from grevy.capture.reading.form_states import FormState, read_record_states
from grevy.capture.reading.patient import build_matrix
from grevy.capture.reading.results import build_tables, read_results
from grevy.capture.reading.visits import project_visits
from grevy.capture.web import current_study, language_of

AUDIT_PAGE = 50
DAYS_SHOWN, ALL_DAYS = 8, 400
QUESTIONNAIRES = ("qlq_c30", "qlq_ginet21", "eq5d5l")
DONE = (FormState.COMPLETE, FormState.VERIFIED, FormState.SIGNED, FormState.FROZEN, FormState.LOCKED)
EXPECTED = (*DONE, FormState.INCOMPLETE, FormState.MISSING, FormState.OVERDUE, FormState.NOT_DONE)


def results(request: HttpRequest, subject: str) -> HttpResponse:
    """All measured results: one table a form, the newest day first, with flag, grade and trend."""
    study = current_study()
    every = bool(request.GET.get("all"))
    found = read_results(study, subject, read_last_values([subject])[subject])
    context = {
        **page_context(request, subject, "results"),
        "tables": build_tables(study, found, ALL_DAYS if every else DAYS_SHOWN),
        "every": every,
    }
    return render(request, "capture/results.html", context)


def questionnaires(request: HttpRequest, subject: str) -> HttpResponse:
    """Which questionnaire was answered when; what was answered stays with the form."""
    study, today = current_study(), site_today()
    visits = project_visits(study, read_course(study, subject), today)
    states = read_record_states(study, [subject])[subject]
    matrix = build_matrix(study, subject, visits, states, today)
    asked = [place for place, visit in enumerate(visits) if any(visit.slot(form) for form in QUESTIONNAIRES)]
    rows = tuple(
        replace(row, cells=tuple(row.cells[place] for place in asked))
        for row in matrix.rows
        if row.form in QUESTIONNAIRES
    )
    cells = [[cell for cell in row.cells if cell] for row in rows]
    context = {
        **page_context(request, subject, "questionnaires"),
        "matrix": replace(
            matrix,
            visits=tuple(visits[place] for place in asked),
            rows=rows,
            current=asked.index(matrix.current) if matrix.current in asked else None,
        ),
        "counts": [
            (
                row.label,
                sum(cell.state in DONE for cell in line),
                sum(cell.state in EXPECTED for cell in line),
            )
            for row, line in zip(rows, cells, strict=True)
        ],
    }
    return render(request, "capture/questionnaires.html", context)


def audit(request: HttpRequest, subject: str) -> HttpResponse:
    """Everything that was done to a subject's data, newest first; the address carries the filters."""
    study, language = current_study(), language_of(request)
    rows = read_audit_trail(subject, subject.split("-")[0])
    people = sorted({row.by for row in rows})
    group, by, form = (request.GET.get(name, "") for name in ("group", "by", "form"))
    chosen = [
        row
        for row in rows
        if (not group or row.group == group)
        and (not by or row.by == by)
        and (not form or (row.address is not None and row.address.form == form))
    ]
    last_page = max((len(chosen) - 1) // AUDIT_PAGE + 1, 1)
    page = min(read_whole_number(request.GET.get("page", "")) or 1, last_page)
    forms = dict.fromkeys(row.address.form for row in rows if row.address is not None)
    shown = add_changes(study, chosen[(page - 1) * AUDIT_PAGE : page * AUDIT_PAGE], language)
    context = {
        **page_context(request, subject, "audit"),
        "lines": [
            (
                row,
                study.forms[row.address.form].label,
                study.event(row.address.event).name_of(row.address.event_seq),
            )
            if row.address
            else (row, None, None)
            for row in shown
        ],
        "total": len(chosen),
        "groups": GROUPS,
        "group": group,
        "by": by,
        "form": form,
        "people": people,
        "forms": sorted(((name, study.forms[name].label) for name in forms), key=lambda one: one[1].en),
        "pages": range(1, last_page + 1),
        "page_number": page,
    }
    return render(request, "capture/audit.html", context)
