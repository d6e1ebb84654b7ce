"""Logging in and out, and the reader's language.

A script on the form page logs in again in its place: it sends the same fields and asks for JSON.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters

from grevy.capture.actions import record_log_in
from grevy.capture.actions.access import is_paused
from grevy.capture.admission import setting_of
from grevy.capture.models import OpenLogIn
from grevy.capture.pages.sent import wants_json
from grevy.capture.second_factor import has_second_factor, is_code_right, is_key_right, read_second_factor
from grevy.capture.web import LANGUAGE_COOKIE
from grevy.capture.words import LANGUAGES

PASSWORD_WAS_RIGHT = "password was right"
"""Key in the session: whose password it was, and until when the second factor may follow."""
SECOND_FACTOR_WITHIN = timedelta(minutes=5)


# ---- Logging in ----------------------------------------------------------------------------------------


@sensitive_post_parameters("password")
def log_in(request: HttpRequest) -> HttpResponse:
    """Log in with a personal account; every attempt is recorded."""
    target = safe_target(request)
    if request.user.is_authenticated and not wants_json(request):
        return redirect(target)
    if request.method != "POST":
        return _ask_password(request, target)
    username = request.POST.get("username", "")
    if is_paused(username):
        record_log_in(username, outcome="PAUSED", address=address_of(request))
        return _ask_password(request, target, "paused")
    user = authenticate(request, username=username, password=request.POST.get("password", ""))
    if not isinstance(user, User):
        record_log_in(username, outcome="FAILURE", address=address_of(request))
        return _ask_password(request, target, "wrong")
    if has_second_factor(user):
        # Not SUCCESS: wrong codes count on from the wrong passwords before them.
        record_log_in(user.username, outcome="PASSWORD_RIGHT", address=address_of(request))
        until = (timezone.now() + SECOND_FACTOR_WITHIN).timestamp()
        request.session[PASSWORD_WAS_RIGHT] = {"user": user.pk, "until": until}
        if wants_json(request):
            return JsonResponse({"next": "second_factor"})
        return redirect(f"{reverse('second_factor')}?{urlencode({'next': target})}")
    return _come_in(request, user, target)


def _ask_password(request: HttpRequest, target: str, problem: str = "") -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"problem": problem, "token": get_token(request)}, status=403 if problem else 200)
    context = {"problem": problem, "username": request.POST.get("username", ""), "next": target}
    return render(request, "capture/log_in.html", context, status=403 if problem else 200)


def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for a code or key of the person whose password was right a moment ago."""
    target, user = safe_target(request), _whose_password_was_right(request)
    if user is None:
        return JsonResponse({"problem": "wrong"}, status=403) if wants_json(request) else redirect("log_in")
    if request.method != "POST":
        return _ask_second_factor(request, user, target)
    if is_paused(user.username):
        record_log_in(user.username, outcome="PAUSED", address=address_of(request))
        return _ask_second_factor(request, user, target, "paused")
    if not is_second_factor_right(request, user):
        record_log_in(user.username, outcome="FAILURE", address=address_of(request))
        return _ask_second_factor(request, user, target, "wrong_code")
    return _come_in(request, user, target)


def is_second_factor_right(request: HttpRequest, user: User) -> bool:
    """What was sent: the answer of a security key, or a typed code."""
    credential = read_credential(request)
    if credential is not None:
        return is_key_right(user, credential)
    return is_code_right(user, request.POST.get("code", ""))


def read_credential(request: HttpRequest) -> dict[str, Any] | None:
    """The answer of a security key as the browser wrote it; None where there is none."""
    try:
        found = json.loads(request.POST.get("credential", ""))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _whose_password_was_right(request: HttpRequest) -> User | None:
    kept = request.session.get(PASSWORD_WAS_RIGHT)
    if not kept or datetime.fromtimestamp(kept["until"], UTC) < timezone.now():
        return None
    return User.objects.filter(pk=kept["user"], is_active=True).first()


def _ask_second_factor(request: HttpRequest, user: User, target: str, problem: str = "") -> HttpResponse:
    status = 403 if problem else 200
    if wants_json(request):
        return JsonResponse({"problem": problem}, status=status)
    factor = read_second_factor(user)
    context = {
        "problem": problem,
        "next": target,
        "factor": factor,
        "key_question": begin_authentication(user) if factor.keys else None,
    }
    return render(request, "capture/log_in_second.html", context, status=status)


def _come_in(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """Open the log-in, note from where, and let the language follow the person."""
    record_log_in(user.username, outcome="SUCCESS", address=address_of(request))
    request.session.pop(PASSWORD_WAS_RIGHT, None)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    OpenLogIn.objects.filter(since__lt=timezone.now() - timedelta(days=2), user=user).delete()
    OpenLogIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "since": timezone.now(),
            "address": address_of(request)[:60],
            "device": request.headers.get("User-Agent", "")[:200],
        },
    )
    response: HttpResponse
    if wants_json(request):
        response = JsonResponse({"user": user.username, "token": get_token(request)})
    else:
        response = redirect(target)
    language = setting_of(user).language
    if language:
        remember_language(request, response, language)
    return response


def address_of(request: HttpRequest) -> str:
    return request.META.get("REMOTE_ADDR") or ""


def extend(request: HttpRequest) -> HttpResponse:
    """The person is still there: any request begins the half hour anew, and this one does nothing else."""
    return JsonResponse({"seconds": request.session.get_expiry_age()})


def log_out(request: HttpRequest) -> HttpResponse:
    """End this log-in."""
    if request.user.is_authenticated:
        record_log_in(request.user.username, outcome="LOG_OUT", address=address_of(request))
        OpenLogIn.objects.filter(session_key=request.session.session_key).delete()
        logout(request)
    return redirect("log_in")


# ---- Language ------------------------------------------------------------------------------------------


def set_language(request: HttpRequest) -> HttpResponse:
    """Change the reader's language and stay on the page; it follows the person to other devices."""
    response = redirect(safe_target(request))
    language = request.POST.get("language")
    if language in LANGUAGES:
        remember_language(request, response, language)
        if request.user.is_authenticated:
            setting = setting_of(request.user)
            setting.language = language
            setting.save()
    return response


def remember_language(request: HttpRequest, response: HttpResponse, language: str) -> None:
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=31_536_000,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure(),
    )


def safe_target(request: HttpRequest) -> str:
    """Where to go next: an address of this application and no other."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure())
    return target if safe and target.startswith("/") else reverse("start")
