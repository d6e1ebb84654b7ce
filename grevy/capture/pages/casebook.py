"""Signing, freezing and locking a subject's casebook: what awaits it, what it means, and doing it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from grevy.capture.actions import ToSign, lock_all, sign_all, unlock_together
from grevy.capture.actions.review import signed_records
from grevy.capture.addresses import Address, address_of, kind_of_place
from grevy.capture.errors import NotPermitted, OpenQueries, Refused
from grevy.capture.models import FormRecord, LockLevel, StudyEvent
from grevy.capture.pages.patient import page_context
from grevy.capture.pages.routes import record_refusal
from grevy.capture.pages.sent import read_whole_number
from grevy.capture.permissions import can
from grevy.capture.policies import lock_scopes
from grevy.capture.reading.casebook import read_casebook
from grevy.capture.reading.courses import read_course, site_today
from grevy.capture.reading.form_states import read_record_states
from grevy.capture.reading.locks import list_who_may_unlock, read_strictest
from grevy.capture.reading.visits import project_visits
from grevy.capture.web import current_study, language_of
from grevy.capture.words import Words


def casebook(request: HttpRequest, subject: str) -> HttpResponse:
    """What can be signed, frozen and locked of one subject."""
    return _show(request, subject)


def _show(request: HttpRequest, subject: str, problem: str = "", status: int = 200) -> HttpResponse:
    study, by = current_study(), request.user.username
    course = read_course(study, subject)
    site = subject.split("-")[0]
    book = read_casebook(
        study,
        subject,
        site,
        read_record_states(study, [subject])[subject],
        project_visits(study, course, site_today()),
        signed_records(subject),
    )
    context = {
        **page_context(request, subject, "review"),
        "book": book,
        "problem": problem,
        "may_sign": can(by, "sign", site),
        "may_lock": can(by, "lock", site),
        "second_persons": second_persons(by, site),
        "reason": request.POST.get("lock_reason", ""),
        "chosen": set(request.POST.getlist("scope")),
    }
    return render(request, "capture/casebook.html", context, status=status)


def second_persons(by: str, site: str) -> list[tuple[str, str]]:
    """Who may stand by when this person unlocks."""
    return [(account, name) for account, name in list_who_may_unlock(site) if account != by]


def lock_context(by: str, address: Address, *, is_saved: bool) -> dict[str, Any]:
    """What a form page says of freezing and locking: what holds, who could open it, what can be done."""
    site = address.subject.split("-")[0]
    may_lock = can(by, "lock", site)
    held = read_strictest(lock_scopes(address, site))
    return {
        "lock": held,
        "may_lock": may_lock and is_saved,
        "who_may_unlock": ", ".join(name for _, name in list_who_may_unlock(site)) if held else "",
        "second_persons": second_persons(by, site) if may_lock and held else [],
    }


# ---- Doing it ------------------------------------------------------------------------------------------


@sensitive_post_parameters("password")
def sign_casebook(request: HttpRequest, subject: str) -> HttpResponse:
    """Sign the chosen records, with the password once."""
    t = Words(language_of(request))
    records = []
    for value in request.POST.getlist("record"):
        record, _, number = value.partition("#")
        revision = read_whole_number(number)
        if revision is None or not record.startswith(f"{subject}/") or not _is_record(record):
            raise BadRequest("No such record.")
        records.append(ToSign(address_of(record), revision, t["meaning_reviewed"]))
    try:
        sign_all(records, by=request.user.username, password=request.POST.get("password", ""))
    except NotPermitted:
        return _show(request, subject, t["sign_wrong_password"], 403)
    except Refused as refusal:
        why = t.fill("signing_refused", why=refusal.told_with_place(t.language))
        return _show(request, subject, why if records else t["nothing_chosen"], 409)
    return redirect("casebook", subject)


def lock_scope(request: HttpRequest, subject: str) -> HttpResponse:
    """Freeze or lock the chosen places of the subject, with one reason."""
    scopes, t = _scopes(request, subject), Words(language_of(request))
    level = request.POST.get("level", "")
    if level not in (LockLevel.FROZEN, LockLevel.LOCKED):
        return _show(request, subject, t["nothing_chosen"], 409)
    try:
        lock_all(scopes, by=request.user.username, reason=request.POST.get("lock_reason", ""), level=level)
    except Refused as refusal:
        return _show(request, subject, _why(t, refusal, scopes, request), 409)
    return _back(subject, scopes)


@sensitive_post_parameters("password")
def unlock_scope(request: HttpRequest, subject: str) -> HttpResponse:
    """Open the chosen places again, with a reason; the second person gives the own password."""
    scopes, t = _scopes(request, subject), Words(language_of(request))
    if not request.POST.get("lock_reason", "").strip():
        return _show(request, subject, t["lock_reason_missing"], 409)
    try:
        unlock_together(
            scopes,
            by=request.user.username,
            second_person=request.POST.get("second_person", ""),
            password=request.POST.get("password", ""),
            reason=request.POST.get("lock_reason", ""),
        )
    except NotPermitted:
        record_refusal(request, "casebook_unlock", subject.split("-")[0])
        return _show(request, subject, t["second_person_refused"], 403)
    except Refused as refusal:
        return _show(request, subject, _why(t, refusal, scopes, request), 409)
    return _back(subject, scopes)


def _why(t: Words, refusal: Refused, scopes: list[str], request: HttpRequest) -> str:
    if not scopes:
        return t["nothing_chosen"]
    if not request.POST.get("lock_reason", "").strip():
        return t["lock_reason_missing"]
    if isinstance(refusal, OpenQueries):
        return t["lock_open_queries"]
    return t.fill("lock_refused", why=refusal.told_with_place(t.language))


def _scopes(request: HttpRequest, subject: str) -> list[str]:
    """The places that were chosen: the subject, its visits, its records; each must exist."""
    scopes = request.POST.getlist("scope")
    for scope in scopes:
        is_within = scope.startswith(f"{subject}/") and (
            StudyEvent.objects.filter(key=scope).exists() or _is_record(scope)
        )
        if scope != subject and not is_within:
            raise Http404
    return scopes


def _is_record(key: str) -> bool:
    return FormRecord.objects.filter(key=key).exists()


def _back(subject: str, scopes: list[str]) -> HttpResponse:
    """A single record leads back to its form; anything else to the casebook."""
    if len(scopes) == 1 and kind_of_place(scopes[0]) == "record":
        return redirect("form", **address_of(scopes[0]).__dict__)
    return redirect("casebook", subject)
