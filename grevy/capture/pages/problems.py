"""What a reader sees instead of a page that cannot be shown."""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from grevy.capture.logs import draw_reference
from grevy.capture.pages.sent import Unreadable, wants_json
from grevy.capture.web import language_of
from grevy.capture.words import Words

LOG = logging.getLogger("grevy")


def tell(request: HttpRequest, what: str, status: int) -> HttpResponse:
    """The problem and what to do, as a page or for the script that asked."""
    t = Words(language_of(request))
    if wants_json(request):
        message = f"{t[what]} {t[f'{what}_do']}"
        return JsonResponse({"problem": what, "message": message}, status=status)
    context = {"what": what, "detail": t[f"{what}_do"]}
    return render(request, "capture/problem.html", context, status=status)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent cannot be read, or is more than any page sends."""
    if isinstance(exception, Unreadable):
        return tell(request, exception.word, exception.status)
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return tell(request, "too_large", 413)
    return tell(request, "bad_request", 400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return tell(request, "refused", 403)


def foreign(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A post without the mark of a page of ours: the page was open too long, or cookies are off."""
    return tell(request, "foreign", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return tell(request, "not_found", 404)


def failed(request: HttpRequest) -> HttpResponse:
    """A mistake of ours: the reader gets a number, under which the log has type and place of the failure."""
    reference = draw_reference()
    request.reference = reference  # type: ignore[attr-defined]  # the log's filter reads it there
    t = Words(language_of(request))
    quote = t.fill("quote_reference", reference=reference)
    if wants_json(request):
        message = f"{t['error_sent']} {quote}"
        return JsonResponse({"problem": "error", "message": message, "reference": reference}, status=500)
    try:
        return render(request, "capture/problem.html", {"what": "error", "detail": quote}, status=500)
    except Exception:  # the frame of the page asks the database, which may be what failed
        LOG.exception("%s the page that tells of a failure failed as well", reference)
        return HttpResponse(f"{t['error']} {quote}", status=500, content_type="text/plain; charset=utf-8")
