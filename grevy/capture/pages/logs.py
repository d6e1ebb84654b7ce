"""Logs: the records of a repeating form in one table, entered by keyboard, each saved on its own."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from grevy.capture.actions import restore_record, withdraw_record
from grevy.capture.errors import Refused
from grevy.capture.pages.forms import (
    COMPARATORS,
    address_of_request,
    draft_key,
    of_same_person,
    refused,
    save_new_record,
    script_words,
)
from grevy.capture.pages.patient import page_context
from grevy.capture.permissions import can
from grevy.capture.reading.locks import read_strictest
from grevy.capture.reading.log_page import LOG_EVENT, find_terms, read_log
from grevy.capture.web import current_study, language_of
from grevy.capture.words import Words

LOG_WORDS = ("saved_rows", "rows_to_settle", "grade_help", "open_row", "withdraw_reason", "reason_missing")


def show(request: HttpRequest, subject: str, form: str) -> HttpResponse:
    """The table of one log."""
    study, language = current_study(), language_of(request)
    if form not in study.event(LOG_EVENT).forms or not study.forms[form].repeating:
        raise Http404
    page = read_log(study, subject, form, by=request.user.username, language=language)
    t, site = Words(language), subject.split("-")[0]
    held = read_strictest([f"{subject}/{LOG_EVENT}/1", subject, f"site:{site}", "study"])
    context = {
        **page_context(request, subject, form),
        "page": page,
        "label": getattr(page.form.label, language),
        "logs": [
            (name, getattr(study.forms[name].label, language))
            for name in study.event(LOG_EVENT).forms
            if study.forms[name].repeating
        ],
        "lock": held,
        "may_save": can(request.user.username, "save_form", site) and not held,
        "comparators": COMPARATORS,
        "draft_key": draft_key(request.user.username),
        "script_words": script_words(t) | {key: t[key] for key in LOG_WORDS},
        "terms": find_terms(study, language) if form == "adverse_event" else [],
        "bases": {row.address.record: row.base for row in page.rows},
        "serious": [row.address.form_seq for row in page.rows if row.base.get("serious") == "Y"],
    }
    return render(request, "capture/log.html", context)


@of_same_person
def add(request: HttpRequest, subject: str, form: str) -> JsonResponse:
    """Save a new record under the next free number."""
    study = current_study()
    if form not in study.event(LOG_EVENT).forms or not study.forms[form].repeating:
        raise Http404
    return save_new_record(request, subject, LOG_EVENT, form)


@of_same_person
def withdraw(request: HttpRequest, **kept: Any) -> JsonResponse:
    """Take a record out of the data, or bring it back; it stays in the history."""
    address, reason = address_of_request(kept), request.POST.get("reason", "")
    change = restore_record if request.POST.get("restore") else withdraw_record
    try:
        saved = change(current_study(), address, by=request.user.username, reason=reason)
    except Refused as refusal:
        return refused(request, refusal)
    return JsonResponse({"number": saved.number})
