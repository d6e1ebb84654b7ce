"""What a reader sees instead of a page that cannot be shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "capture/problem.html", {"what": "refused"}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "capture/problem.html", {"what": "not_found"}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    return render(request, "capture/problem.html", {"what": "error"}, status=500)
