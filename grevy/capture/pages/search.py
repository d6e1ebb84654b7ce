"""The search of the top bar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grevy.capture.permissions import sites_to_view
from grevy.capture.reading.query_inbox import number_queries
from grevy.capture.reading.search import search
from grevy.capture.web import current_study

LONGEST = 80


def find(request: HttpRequest) -> HttpResponse:
    """What was found; a subject's number leads to the subject at once."""
    text = request.GET.get("q", "")[:LONGEST]
    found = search(current_study(), sites_to_view(request.user.username), text)
    if found.only_subject:
        return redirect("patient", found.only_subject)
    numbers = number_queries(row.key for row in found.queries)
    context = {
        "text": text,
        "found": found,
        "queries": [(numbers[row.key], row) for row in found.queries],
    }
    return render(request, "capture/search.html", context)
