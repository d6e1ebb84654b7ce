"""A person's own account: how the pages look, password, second factor, open log-ins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.debug import sensitive_post_parameters

from grevy.capture.actions import record_log_in
from grevy.capture.actions.access import end_log_ins, is_paused
from grevy.capture.admission import setting_of
from grevy.capture.models import OpenLogIn
from grevy.capture.pages.account import address_of, read_credential, remember_language
from grevy.capture.reading.people import read_open_log_ins
from grevy.capture.second_factor import (
    add_key,
    has_second_factor,
    make_recovery_codes,
    read_second_factor,
    remove_factor,
    set_up_time_codes,
)
from grevy.capture.words import LANGUAGES

DENSITIES, THEMES = ("compact", "standard", "comfortable"), ("system", "light", "dark")


def show(request: HttpRequest) -> HttpResponse:
    """Settings and open log-ins."""
    if request.method == "POST":
        what = request.POST.get("what", "")
        return ACTS[what](request) if what in ACTS else redirect("account")
    context = {
        "setting": setting_of(request.user),
        "densities": DENSITIES,
        "themes": THEMES,
        "factor": read_second_factor(request.user),
        "open_log_ins": read_open_log_ins(request.user, request.session.session_key),
    }
    return render(request, "capture/account.html", context)


def _keep_settings(request: HttpRequest) -> HttpResponse:
    setting, response = setting_of(request.user), redirect("account")
    if request.POST.get("density") in DENSITIES:
        setting.density = request.POST["density"]
    if request.POST.get("theme") in THEMES:
        setting.theme = request.POST["theme"]
    if request.POST.get("language") in LANGUAGES:
        setting.language = request.POST["language"]
        remember_language(request, response, setting.language)
    setting.save()
    return response


def _end_log_in(request: HttpRequest) -> HttpResponse:
    """End one other log-in of one's own, or all others."""
    mine = OpenLogIn.objects.filter(user=request.user)
    if request.POST.get("which") == "others":
        end_log_ins(request.user, except_for=request.session.session_key)
    else:
        number = request.POST.get("which", "")
        for one in mine.filter(pk=int(number) if number.isdecimal() else 0):
            Session.objects.filter(session_key=one.session_key).delete()
            one.delete()
    record_log_in(request.user.username, outcome="LOG_INS_ENDED", address=address_of(request))
    return redirect("account")


ACTS: dict[str, Callable[[HttpRequest], HttpResponse]] = {"settings": _keep_settings, "end": _end_log_in}


# ---- Password ------------------------------------------------------------------------------------------


@sensitive_post_parameters("password", "new", "again")
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; other log-ins of the account end by it."""
    user, problem = request.user, ""
    temporary = setting_of(user).password_is_temporary
    if request.method == "POST":
        problem = check_own_password(request) or _problem_of_new_password(request)
        if not problem:
            _change_password(request, user)
            return redirect("account")
    context = {"problem": problem, "temporary": temporary}
    return render(request, "capture/account_password.html", context, status=422 if problem else 200)


def check_own_password(request: HttpRequest) -> str:
    """Whoever finds a browser open must not change how its owner logs in: the password is asked again, and
    wrong ones pause the account as at log-in."""
    name = request.user.username
    if is_paused(name):
        record_log_in(name, outcome="PAUSED", address=address_of(request))
        return "paused"
    if request.user.check_password(request.POST.get("password", "")):
        return ""
    record_log_in(name, outcome="FAILURE", address=address_of(request))
    return "password_wrong"


def _problem_of_new_password(request: HttpRequest) -> str:
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        return "password_differs"
    if new == request.POST.get("password", ""):
        return "password_same"
    try:
        validate_password(new, request.user)
    except ValidationError:
        return "password_weak"
    return ""


def _change_password(request: HttpRequest, user: User) -> None:
    user.set_password(request.POST["new"])
    user.save(update_fields=["password"])
    setting = setting_of(user)
    setting.password_is_temporary = False
    setting.save()
    before = request.session.session_key
    update_session_auth_hash(request, user)
    OpenLogIn.objects.filter(session_key=before).update(session_key=request.session.session_key)
    end_log_ins(user, except_for=request.session.session_key)
    record_log_in(user.username, outcome="PASSWORD_CHANGED", address=address_of(request))


# ---- Second factor -------------------------------------------------------------------------------------


@sensitive_post_parameters("password", "code", "credential")
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up one-time codes or a security key, make recovery codes, take one away; each with the password."""
    problem, codes = "", None
    if request.method == "POST":
        problem = check_own_password(request)
        change = CHANGES.get(request.POST.get("what", ""))
        if change and not problem:
            had = has_second_factor(request.user)
            problem = change(request)
            now_has = has_second_factor(request.user)
            if not problem:
                outcome = "SECOND_FACTOR_CHANGED"
                record_log_in(request.user.username, outcome=outcome, address=address_of(request))
                if now_has and (not had or request.POST["what"] == "recovery_codes"):
                    codes = make_recovery_codes(request.user)
    return _show_second_factor(request, problem, codes)


def _show_second_factor(request: HttpRequest, problem: str, codes: list[str] | None) -> HttpResponse:
    secret, adapter = get_totp_secret(), get_adapter()
    url = adapter.build_totp_url(request.user, secret)
    context: dict[str, Any] = {
        "problem": problem,
        "codes": codes,
        "factor": read_second_factor(request.user),
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "picture": mark_safe(_inline(adapter.build_totp_svg(url))),  # drawn by qrcode from our own address
        "required": settings.GREVY_SECOND_FACTOR_REQUIRED,
        "key_question": begin_registration(request.user, False),
    }
    return render(request, "capture/account_second_factor.html", context, status=422 if problem else 200)


def _inline(svg: str) -> str:
    """The picture without the head of a file, which has no place within a page."""
    return svg[svg.index("<svg") :]


def _set_up_time_codes(request: HttpRequest) -> str:
    if not set_up_time_codes(request.user, get_totp_secret(), request.POST.get("code", "")):
        return "wrong_code"
    clear_totp_secret(request)
    return ""


def _add_key(request: HttpRequest) -> str:
    name = " ".join(request.POST.get("name", "").split())[:60] or "1"
    added = add_key(request.user, name, read_credential(request) or {})
    return "" if added else "key_refused"


def _remove(request: HttpRequest) -> str:
    number = request.POST.get("number", "")
    removed = remove_factor(request.user, int(number) if number.isdecimal() else 0)
    return "" if removed else "key_refused"


def _new_codes(request: HttpRequest) -> str:
    return "" if has_second_factor(request.user) else "no_second_factor"


CHANGES: dict[str, Callable[[HttpRequest], str]] = {
    "time_codes": _set_up_time_codes,
    "key": _add_key,
    "remove": _remove,
    "recovery_codes": _new_codes,
}
