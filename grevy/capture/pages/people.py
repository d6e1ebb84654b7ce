"""The administrator's pages: who has an account, with which roles, and what stands in the way of access."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grevy.capture.actions import close_account, create_account, grant_role, revoke_role
from grevy.capture.actions.access import (
    end_log_ins_of,
    record_delegation,
    record_training,
    reset_password,
)
from grevy.capture.errors import NotPermitted, ReasonMissing, Refused
from grevy.capture.models import AccessChange, Site
from grevy.capture.permissions import ROLES
from grevy.capture.reading.people import read_accounts
from grevy.capture.web import language_of
from grevy.capture.words import Words

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for each other."""


def people(request: HttpRequest) -> HttpResponse:
    """All accounts; a new one gets a password that is shown once."""
    problem, made = "", None
    if request.method == "POST":
        name, password = request.POST.get("username", "").strip(), one_time_password()
        problem = _create(request, name, password)
        made = None if problem else (name, password)
    context = {"accounts": read_accounts(), "problem": problem, "made": made}
    return render(request, "capture/people.html", context, status=422 if problem else 200)


def _create(request: HttpRequest, name: str, password: str) -> str:
    user = User(username=name)
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError:
        return "name_unusable"
    full_name = " ".join(request.POST.get("full_name", "").split())
    by = request.user.username
    try:
        create_account(name, by=by, full_name=full_name, password=password, temporary=True)
    except NotPermitted:
        raise
    except Refused:
        return "name_taken"
    return ""


def one_time_password() -> str:
    """Four groups of four letters and figures: 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


# ---- One person ----------------------------------------------------------------------------------------


def person(request: HttpRequest, username: str) -> HttpResponse:
    """One account, its history, and what an administrator may do with it; each act says why."""
    found = read_accounts(username)
    if not found:
        raise Http404
    problem, password = "", ""
    if request.method == "POST":
        act = ACTS.get(request.POST.get("what", ""))
        try:
            password = (act(request, username) or "") if act else ""
        except NotPermitted:
            raise
        except Refused as refused:
            t = Words(language_of(request))
            needs_reason = isinstance(refused, ReasonMissing)
            problem = t["reason_needed_access"] if needs_reason else refused.told(t.language)
        if act and not problem and not password:
            return redirect("person", username)
        found = read_accounts(username)
    sites = Site.objects.order_by("code")
    chinese = language_of(request) == "zh"
    context = {
        "account": found[0],
        "history": AccessChange.objects.filter(username=username).order_by("-seq")[:50],
        "sites": [(one.code, one.name_zh if chinese else one.name_en) for one in sites],
        "roles": ROLES,
        "problem": problem,
        "password": password,
    }
    return render(request, "capture/person.html", context, status=422 if problem else 200)


def _why(request: HttpRequest) -> dict[str, str]:
    return {"by": request.user.username, "reason": request.POST.get("reason", "")}


def _grant(request: HttpRequest, username: str) -> None:
    grant_role(username, request.POST.get("role", ""), request.POST.get("site") or None, **_why(request))


def _revoke(request: HttpRequest, username: str) -> None:
    revoke_role(username, request.POST.get("role", ""), request.POST.get("site") or None, **_why(request))


def _train(request: HttpRequest, username: str) -> None:
    record_training(username, **_why(request))


def _delegate(request: HttpRequest, username: str) -> None:
    record_delegation(username, **_why(request))


def _end(request: HttpRequest, username: str) -> None:
    end_log_ins_of(username, **_why(request))


def _close(request: HttpRequest, username: str) -> None:
    close_account(username, **_why(request))


def _reset(request: HttpRequest, username: str) -> str:
    password = one_time_password()
    reset_password(username, password, **_why(request))
    return password


ACTS: dict[str, Callable[[HttpRequest, str], str | None]] = {
    "grant": _grant,
    "revoke": _revoke,
    "training": _train,
    "delegation": _delegate,
    "end": _end,
    "close": _close,
    "reset": _reset,
}
