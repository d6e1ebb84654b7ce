"""Logging in and out, and the reader's language."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from grevy.capture.actions import record_log_in
from grevy.capture.actions.access import is_paused
from grevy.capture.web import LANGUAGE_COOKIE
from grevy.capture.words import LANGUAGES


@sensitive_post_parameters("password")
def log_in(request: HttpRequest) -> HttpResponse:
    """Log in with a personal account; every attempt is recorded."""
    target = safe_target(request)
    if request.user.is_authenticated:
        return redirect(target)
    problem = ""
    username = request.POST.get("username", "")
    if request.method == "POST":
        address = request.META.get("REMOTE_ADDR") or ""
        user = None
        if is_paused(username):
            problem, outcome = "paused", "PAUSED"
        else:
            user = authenticate(request, username=username, password=request.POST.get("password", ""))
            problem, outcome = ("", "SUCCESS") if user else ("wrong", "FAILURE")
        record_log_in(username, outcome=outcome, address=address)
        if user is not None:
            login(request, user)
            return redirect(target)
    context = {"problem": problem, "username": username, "next": target}
    return render(request, "capture/log_in.html", context, status=403 if problem else 200)


def log_out(request: HttpRequest) -> HttpResponse:
    """End this log-in."""
    if request.user.is_authenticated:
        record_log_in(request.user.username, outcome="LOG_OUT", address=request.META.get("REMOTE_ADDR") or "")
        logout(request)
    return redirect("log_in")


def set_language(request: HttpRequest) -> HttpResponse:
    """Change the reader's language and stay on the page."""
    response = redirect(safe_target(request))
    language = request.POST.get("language")
    if language in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=31_536_000,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    return response


def safe_target(request: HttpRequest) -> str:
    """Where to go next: an address of this application and no other."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure())
    return target if safe else reverse("start")
