"""Addresses with their rules: who may use each one, by which method, and which site it concerns.

The rule stands beside the address and is asked before the view runs, so an address without a rule cannot be
made; the matrix of roles, sites, addresses and methods is generated from the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.cache import patch_cache_control

from grevy.capture.actions import record_log_in
from grevy.capture.admission import Missing, missing_records, what_is_missing
from grevy.capture.errors import NotPermitted
from grevy.capture.models import Query, Site, Subject
from grevy.capture.pages.problems import tell
from grevy.capture.pages.sent import check_texts, wants_json
from grevy.capture.permissions import ROLES_THAT_MAY, role_that_may, roles_of

View = Callable[..., HttpResponse]

ANYONE = "anyone"
"""No log-in needed."""
LOGGED_IN = "logged_in"
"""Any account that is admitted; the view shows what is the person's own."""
OWN_ACCOUNT = "own_account"
"""Any account, also one that is not admitted yet: its password, its second factor, its settings."""

ANYWHERE = "anywhere"
"""The right at any one site is enough; the view shows only what lies at the person's sites."""
STUDY = "study"
"""The right must be held in the whole study."""


def _site_of_subject(kept: Mapping[str, Any]) -> str:
    found = Subject.objects.filter(number=kept["subject"]).values_list("site_id", flat=True).first()
    if found is None:
        raise Http404
    return str(found)


def _site_of_site(kept: Mapping[str, Any]) -> str:
    if not Site.objects.filter(code=kept["site"]).exists():
        raise Http404
    return str(kept["site"])


def _site_of_query(kept: Mapping[str, Any]) -> str:
    """A query stands in an address by the number of its first message: its key has slashes."""
    found = Query.objects.filter(messages__seq=kept["query"], messages__number=1)
    site = found.values_list("record__study_event__subject__site_id", flat=True).first()
    if site is None:
        raise Http404
    return str(site)


PLACES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "subject": _site_of_subject,
    "site": _site_of_site,
    "query": _site_of_query,
}
"""How the site is known from the address."""


@dataclass(frozen=True)
class Page:
    """One address. `rights` says for each method what it takes: ANYONE, LOGGED_IN or an action of
    `permissions`; `place` where that right is asked: ANYWHERE, STUDY, or by a part of the address."""

    path: str
    view: View
    name: str
    rights: Mapping[str, str]
    place: str = ANYWHERE

    def __post_init__(self) -> None:
        unknown = set(self.rights.values()) - {ANYONE, LOGGED_IN, OWN_ACCOUNT, *ROLES_THAT_MAY}
        if unknown or not self.rights:
            raise ValueError(f"address {self.name}: unknown rights {unknown or 'none'}.")
        if self.place not in (ANYWHERE, STUDY, *PLACES):
            raise ValueError(f"address {self.name}: unknown place {self.place}.")

    def pattern(self) -> URLPattern:
        return path(self.path, self._guarded(), name=self.name)

    def is_permitted(self, username: str, right: str, site: str | None) -> bool:
        """Whether the person's roles give the right at this address; `site` is the one it concerns."""
        if right in (ANYONE, LOGGED_IN, OWN_ACCOUNT):
            return True
        return self.is_given(roles_of(username), right, site)

    def is_given(self, held: frozenset[tuple[str, str | None]], right: str, site: str | None) -> bool:
        """Whether roles that were read already give the right at this address."""
        if right in (ANYONE, LOGGED_IN, OWN_ACCOUNT):
            return True
        if self.place == ANYWHERE:
            return any(role in ROLES_THAT_MAY[right] for role, _ in held)
        return role_that_may(held, right, site) is not None

    def _guarded(self) -> View:
        @wraps(self.view)
        def guarded(request: HttpRequest, **kept: Any) -> HttpResponse:
            right = self.rights.get("GET" if request.method == "HEAD" else str(request.method))
            if right is None:
                return _not_allowed(request, sorted(self.rights))
            check_texts(request, kept)
            if right != ANYONE and not request.user.is_authenticated:
                return _ask_to_log_in(request)
            if right not in (ANYONE, OWN_ACCOUNT):
                missing = what_is_missing(request.user, right)
                if missing is not None:
                    return _not_admitted(request, missing)
            site = PLACES[self.place](kept) if self.place in PLACES else None
            if not self.is_permitted(request.user.username, right, site):
                return _refuse(request, self.name, right, site)
            try:
                response = self.view(request, **kept)
            except NotPermitted:  # the site stood in what was sent, not in the address
                return _refuse(request, self.name, right, site)
            if right != ANYONE:  # what a person may see is in no cache, neither shared nor after log-out
                patch_cache_control(response, private=True, no_store=True)
            return response

        return guarded


def _not_allowed(request: HttpRequest, methods: list[str]) -> HttpResponse:
    answer = tell(request, "wrong_method", 405)
    answer.headers["Allow"] = ", ".join(methods)
    return answer


def _ask_to_log_in(request: HttpRequest) -> HttpResponse:
    if wants_json(request) or request.method != "GET":
        return JsonResponse({"problem": "logged_out"}, status=401)
    return redirect_to_login(request.get_full_path())


def _not_admitted(request: HttpRequest, missing: Missing) -> HttpResponse:
    """Say what is missing, or lead to where the person can add it; nothing of the study is shown before."""
    if wants_json(request) or (request.method != "GET" and missing != "training"):
        return JsonResponse({"problem": "not_admitted", "missing": missing}, status=403)
    if missing == "password":
        return redirect("account_password")
    if missing == "second_factor":
        return redirect("account_second_factor")
    records = missing_records(request.user.username)
    return render(request, "capture/not_admitted.html", {"missing": records}, status=403)


def record_refusal(request: HttpRequest, name: str, site: str | None) -> None:
    """Record that somebody was refused at an address; for views that answer a refusal themselves."""
    where = f"{request.method} {name} {site or ''}".strip()
    record_log_in(request.user.username, outcome="REFUSED", address=where)


def _refuse(request: HttpRequest, name: str, right: str, site: str | None) -> HttpResponse:
    """Refused, recorded, and told who could grant the right; no value of the address goes into the record."""
    record_refusal(request, name, site)
    if wants_json(request):
        return JsonResponse({"problem": "refused", "roles": ROLES_THAT_MAY[right]}, status=403)
    context = {"what": "not_permitted", "may": ROLES_THAT_MAY[right], "at_site": site}
    return render(request, "capture/problem.html", context, status=403)
