"""What a reader sees instead of a page that cannot be shown."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from grevy.capture.logs import draw_reference
from grevy.capture.pages.routes import wants_json
from grevy.capture.web import language_of
from grevy.capture.words import Words

LOG = logging.getLogger("grevy")


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "capture/problem.html", {"what": "refused"}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "capture/problem.html", {"what": "not_found"}, status=404)


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
