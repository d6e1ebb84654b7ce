"""Listings: items of a form across subjects, and one question about many of their lines."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from grevy.capture.actions import Place, open_queries
from grevy.capture.errors import Refused
from grevy.capture.models import Site
from grevy.capture.pages.queries import refuse, role_that_may_anywhere
from grevy.capture.permissions import roles_of, sites_to_view
from grevy.capture.reading.listing import (
    COMPARISONS,
    PAGE_SIZE,
    Line,
    ListingFilter,
    items_of,
    read_lines,
    read_listing_filter,
)
from grevy.capture.web import current_study, language_of

MOST_LINES = 500
"""So many queries are opened in one go at most."""


def listing(request: HttpRequest) -> HttpResponse:
    """The lines of a listing; all of it stands in the address."""
    study, language = current_study(), language_of(request)
    chosen = read_listing_filter(request.GET, study)
    sites = sites_to_view(request.user.username)
    lines = read_lines(study, sites, chosen, language)
    last_page = max((len(lines) - 1) // PAGE_SIZE + 1, 1)
    page = min(chosen.page, last_page)
    form = study.forms[chosen.form]
    seen = Site.objects.order_by("code").values_list("code", flat=True)
    context = {
        "chosen": chosen,
        "query": chosen.query(page=page),
        "columns": items_of(form, chosen),
        "lines": lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        "left": len(lines),
        "first": (page - 1) * PAGE_SIZE + 1,
        "last": min(page * PAGE_SIZE, len(lines)),
        "pages": [(n, chosen.query(page=n), n == page) for n in range(1, last_page + 1)],
        "forms": [(name, one.label) for name, one in study.forms.items()],
        "items": list(form.all_items()),
        "sites": [code for code in seen if sites is None or code in sites],
        "comparisons": COMPARISONS,
        "may_ask": role_that_may_anywhere(roles_of(request.user.username), "open_query"),
    }
    return render(request, "capture/listings.html", context)


def preview(request: HttpRequest) -> HttpResponse:
    """What would be asked, of whom, before anything is written."""
    chosen, lines = _chosen_lines(request)
    context = {
        "chosen": chosen,
        "query": chosen.query(),
        "lines": lines,
        "columns": items_of(current_study().forms[chosen.form], chosen),
        "item": _item_of(request, chosen),
        "text": request.POST.get("text", "").strip(),
        "sites": sorted({line.address.subject.split("-")[0] for line in lines}),
        "subjects": len({line.address.subject for line in lines}),
        "too_many": len(lines) > MOST_LINES,
        "most": MOST_LINES,
    }
    return render(request, "capture/listing_preview.html", context)


def ask(request: HttpRequest) -> HttpResponse:
    """Open one query for each chosen line, as one batch; all of them or none."""
    chosen, lines = _chosen_lines(request)
    item = _item_of(request, chosen)
    places = [Place(line.address, item, line.row_key if "." in item else "") for line in lines[:MOST_LINES]]
    try:
        batch = open_queries(places, request.POST.get("text", ""), by=request.user.username)
    except Refused as refusal:
        return refuse(request, refusal)
    return redirect(f"{reverse('queries')}?batch={batch}")


def _chosen_lines(request: HttpRequest) -> tuple[ListingFilter, list[Line]]:
    """The lines that were chosen, among those the person sees; a line chosen by its record stands once."""
    study = current_study()
    chosen = read_listing_filter(QueryDict(request.POST.get("listing", "")), study)
    wanted = set(request.POST.getlist("line"))
    seen = read_lines(study, sites_to_view(request.user.username), chosen, language_of(request))
    lines = [line for line in seen if line.key in wanted]
    if "." in _item_of(request, chosen):
        return chosen, lines
    once: dict[str, Any] = {}
    for line in lines:
        once.setdefault(line.address.record, line)
    return chosen, list(once.values())


def _item_of(request: HttpRequest, chosen: ListingFilter) -> str:
    """The item that is asked about; empty for the whole form."""
    said = request.POST.get("about", "")
    return said if said in dict(current_study().forms[chosen.form].all_items()) else ""
