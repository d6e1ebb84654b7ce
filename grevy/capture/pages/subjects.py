"""The subject list, the views people keep of it, and the screening log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from grevy.capture.actions import keep_view, remove_view
from grevy.capture.errors import Refused
from grevy.capture.models import SavedView, Site
from grevy.capture.permissions import ROLES_THAT_MAY, roles_of, sites_to_view
from grevy.capture.reading.courses import site_today
from grevy.capture.reading.screening_log import OUTCOMES, read_screening_log
from grevy.capture.reading.subject_list import (
    FLAGS,
    MANY,
    PAGE_SIZE,
    RESPONSES,
    SCREEN_FAILED,
    SORTS,
    STATES,
    ListFilter,
    Row,
    find_hiding,
    read_filter,
    read_rows,
    select_rows,
)
from grevy.capture.web import current_study, language_of
from grevy.capture.words import Words

NEIGHBORS = "subjects_of_list"
"""Key of the session: the subjects of the list as it was last seen, for going on to the next one."""

STANDARD_VIEWS = (
    ("view_all", ""),
    ("view_on_treatment", "state=ON_TREATMENT"),
    ("view_week", "week=1"),
    ("view_overdue", "overdue=1"),
    ("view_queries", "queries=1"),
    ("view_screening", "state=SCREENING&state=ELIGIBLE"),
)


@dataclass(frozen=True)
class Tab:
    """A view of the list with the number of its subjects."""

    label: str
    query: str
    count: int
    current: bool
    key: int | None = None


@dataclass(frozen=True)
class Option:
    """One value that a filter may have."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Chip:
    """A filter with its values; `clear` is the address without it."""

    name: str
    label: str
    options: tuple[Option, ...]
    shown: str
    clear: str


def patients(request: HttpRequest) -> HttpResponse:
    """The list; all of it is in the address. Posted, it keeps or removes a view."""
    if request.method == "POST":
        return _change_views(request)
    t, study, today = Words(language_of(request)), current_study(), site_today()
    sites = sites_to_view(request.user.username)
    rows, chosen = read_rows(study, sites, today), read_filter(request.GET)
    left = select_rows(rows, chosen)
    last_page = max((len(left) - 1) // PAGE_SIZE + 1, 1)
    page = min(chosen.page, last_page)
    request.session[NEIGHBORS] = [row.number for row in left]
    context = {
        "today": today,
        "rows": left[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        "left": len(left),
        "all": len(rows),
        "enrolled": sum(row.summary.eligible for row in rows),
        "failed": sum(row.state == SCREEN_FAILED for row in rows),
        "chosen": chosen,
        "query": chosen.query(),
        "chips": _chips(t, chosen, rows),
        "flags": _flags(t, chosen),
        "heads": {name: _head(chosen, name) for name in SORTS},
        "order": t.fill(f"order_{'down' if chosen.descending else 'up'}", name=t[f"column_{chosen.sort}"]),
        "tabs": _tabs(request, t, rows, chosen),
        "pages": _pages(chosen, page, last_page),
        "first": (page - 1) * PAGE_SIZE + 1,
        "last": min(page * PAGE_SIZE, len(left)),
        "hiding": [
            (t[f"filter_{name}"], seen, chosen.query(**{name: type(getattr(chosen, name))()}))
            for name, seen in find_hiding(rows, chosen)
        ],
        "may_screen": any(
            role in ROLES_THAT_MAY["create_subject"] for role, _ in roles_of(request.user.username)
        ),
    }
    return render(request, "capture/subjects.html", context)


def _change_views(request: HttpRequest) -> HttpResponse:
    query = read_filter(QueryDict(request.POST.get("query", ""))).query()
    try:
        if request.POST.get("remove"):
            remove_view(int(request.POST["remove"]), by=request.user.username)
        else:
            keep_view(request.POST.get("name", ""), query, by=request.user.username)
    except Refused as refusal:
        context = {"what": "cannot_be_done", "detail": refusal.told(language_of(request))}
        return render(request, "capture/problem.html", context, status=409)
    except ValueError as mistake:
        raise BadRequest("the view is no number") from mistake
    return redirect(f"{reverse('patients')}?{query}")


def _tabs(request: HttpRequest, t: Words, rows: list[Row], chosen: ListFilter) -> list[Tab]:
    """The standing views and the person's own, each with the number of subjects it shows now."""
    kept = SavedView.objects.filter(user__username=request.user.username).order_by("name")
    views: list[tuple[str, str, int | None]] = [(t[name], query, None) for name, query in STANDARD_VIEWS]
    views += [(view.name, view.query, view.pk) for view in kept]
    now = sorted(parse_qsl(chosen.query()))
    tabs, found = [], False
    for label, query, key in views:
        count = len(select_rows(rows, read_filter(QueryDict(query))))
        current = not found and sorted(parse_qsl(query)) == now
        found = found or current
        tabs.append(Tab(label, query, count, current, key))
    return tabs


def _chips(t: Words, chosen: ListFilter, rows: list[Row]) -> list[Chip]:
    sites = sorted({row.site for row in rows})
    values = {
        "state": [(one, t[f"subject_{one}"]) for one in STATES],
        "cohort": [(one, t[f"cohort_{one}"]) for one in ("mono", "combo", "none")],
        "site": [(one, one) for one in sites],
        "response": [(one, t[f"response_{one}"]) for one in RESPONSES],
    }
    chips = []
    for name in MANY:
        if name == "site" and len(sites) < 2:
            continue
        options = tuple(Option(v, label, v in getattr(chosen, name)) for v, label in values[name])
        shown = t["list_comma"].join(option.label for option in options if option.chosen)
        chips.append(Chip(name, t[f"filter_{name}"], options, shown, chosen.query(**{name: ()})))
    return chips


def _flags(t: Words, chosen: ListFilter) -> list[tuple[str, str, bool, str]]:
    """Filters that are on or off: name, label, whether it is on, the address that turns it."""
    return [
        (name, t[f"filter_{name}"], getattr(chosen, name), chosen.query(**{name: not getattr(chosen, name)}))
        for name in FLAGS
    ]


def _head(chosen: ListFilter, name: str) -> dict[str, Any]:
    """The head of a column: where a press on it leads, and how it is sorted now."""
    here = chosen.sort == name
    turned = here and not chosen.descending
    aria = ("descending" if chosen.descending else "ascending") if here else ""
    return {"query": chosen.query(sort=name, descending=turned), "aria": aria}


def _pages(chosen: ListFilter, page: int, last: int) -> list[tuple[str, str, bool]]:
    """The pages around this one: number, address, whether it is this one; an empty number is a gap."""
    near = sorted({1, last, *range(max(page - 2, 1), min(page + 2, last) + 1)})
    shown: list[tuple[str, str, bool]] = []
    for place, number in enumerate(near):
        if place and number - near[place - 1] > 1:
            shown.append(("", "", False))
        shown.append((str(number), chosen.query(page=number), number == page))
    return shown if last > 1 else []


def screening_log(request: HttpRequest) -> HttpResponse:
    """Everyone screened, with the reason of failure that the data give."""
    language, sites = language_of(request), sites_to_view(request.user.username)
    lines = read_screening_log(current_study(), sites)
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES else ""
    chosen_site = request.GET.get("site", "")
    here = [line for line in lines if not chosen_site or line.site == chosen_site]
    left = [line for line in here if not outcome or line.outcome == outcome]
    t = Words(language)
    context = {
        "lines": left,
        "all": len(here),
        "outcomes": [
            (one, t[f"outcome_{one}"], sum(line.outcome == one for line in here)) for one in OUTCOMES
        ],
        "outcome": outcome,
        "site": chosen_site,
        "sites": Site.objects.order_by("code") if sites is None else Site.objects.filter(code__in=sites),
        "reasons": _count_reasons(here, language),
        "eos": {code.code: getattr(code, language) for code in current_study().codelists["eos_reason"].codes},
    }
    return render(request, "capture/screening_log.html", context)


def _count_reasons(lines: list[Any], language: str) -> list[tuple[str, str, int]]:
    """How often each criterion was the reason of a failure, the most frequent first."""
    counts: dict[str, tuple[str, int]] = {}
    for line in lines:
        for one in line.against if line.outcome == "failed" else ():
            counts[one.id] = (getattr(one.label, language), counts.get(one.id, ("", 0))[1] + 1)
    ordered = sorted(counts.items(), key=lambda found: (-found[1][1], found[0]))
    return [(name, label, count) for name, (label, count) in ordered]
