"""The query inbox and the thread of one query: read, answered, closed, asked again, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from grevy.capture.actions import (
    answer_query,
    cancel_query,
    close_query,
    open_query,
    reopen_query,
    undo_queries,
    verify,
)
from grevy.capture.errors import NotPermitted, Refused
from grevy.capture.models import Query, QueryState
from grevy.capture.pages.forms import address_of_request
from grevy.capture.pages.sent import read_whole_number, wants_json
from grevy.capture.permissions import role_that_may, roles_of, sites_to_view
from grevy.capture.reading.frame import read_subject_header
from grevy.capture.reading.queries import QueryRow, list_queries, query_ages
from grevy.capture.reading.query_inbox import (
    AGES,
    OVER_DAYS,
    PAGE_SIZE,
    SORTS,
    STATES,
    InboxFilter,
    Thread,
    key_of_number,
    label_of,
    read_inbox,
    read_inbox_filter,
    read_threads,
    select_queries,
    sides_of,
)
from grevy.capture.web import current_study, language_of
from grevy.capture.words import Words

# ---- The inbox -----------------------------------------------------------------------------------------


def inbox(request: HttpRequest) -> HttpResponse:
    """The list of queries; all of what it shows stands in the address."""
    t, study, now = Words(language_of(request)), current_study(), datetime.now(UTC)
    held, sites = roles_of(request.user.username), sites_to_view(request.user.username)
    chosen = read_inbox_filter(request.GET)
    rows = read_inbox(sites, chosen)
    left = select_queries(rows, chosen, now)
    last_page = max((len(left) - 1) // PAGE_SIZE + 1, 1)
    page = min(chosen.page, last_page)
    shown = left[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    context = {
        "lines": [
            (
                thread,
                label_of(study, thread.row),
                thread.row.days(now),
                study.forms[thread.row.address.form].label,
            )
            for thread in read_threads(shown, held)
        ],
        "left": len(left),
        "chosen": chosen,
        "query": chosen.query(page=page),
        "tabs": _tabs(t, held, sites, now, chosen),
        "chips": _chips(t, chosen, rows, request),
        "choices": _choices(t, chosen),
        "heads": [(name, _head(chosen, name)) for name in SORTS],
        "pages": [(n, chosen.query(page=n), n == page) for n in range(1, last_page + 1)],
        "first": (page - 1) * PAGE_SIZE + 1,
        "last": min(page * PAGE_SIZE, len(left)),
        "ages": query_ages(now, over_days=OVER_DAYS, sites=sites),
        "over_days": OVER_DAYS,
        "batch_open": _open_of_batch(chosen.batch) if role_that_may_anywhere(held, "open_query") else 0,
    }
    return render(request, "capture/queries.html", context)


def role_that_may_anywhere(held: frozenset[tuple[str, str | None]], action: str) -> bool:
    return any(role_that_may(frozenset({one}), action, one[1]) for one in held)


def _open_of_batch(batch: str) -> int:
    return Query.objects.filter(batch=batch, state=QueryState.OPEN).count() if batch else 0


def _tabs(
    t: Words,
    held: frozenset[tuple[str, str | None]],
    sites: frozenset[str] | None,
    now: datetime,
    chosen: InboxFilter,
) -> list[tuple[str, str, int, bool]]:
    """The standing views with the number of queries that each shows now."""
    unsettled = list_queries(sites=sites, states=[QueryState.OPEN, QueryState.REOPENED, QueryState.ANSWERED])
    sides = sides_of(held)
    views = [("queries_mine", InboxFilter(who=side)) for side in sides[:1]]
    views += [
        ("queries_unsettled", InboxFilter()),
        ("queries_old", InboxFilter(older=OVER_DAYS, sort="age", descending=True)),
        ("queries_by_checks", InboxFilter(opened="check")),
    ]
    here = chosen.query()
    tabs = [
        (
            t.fill(name, days=OVER_DAYS),
            view.query(),
            len(select_queries(unsettled, view, now)),
            view.query() == here,
        )
        for name, view in views
    ]
    settled = InboxFilter(
        state=(QueryState.CLOSED.value, QueryState.CANCELLED.value), sort="last", descending=True
    )
    counted = Query.objects.filter(state__in=settled.state)
    if sites is not None:
        counted = counted.filter(record__study_event__subject__site_id__in=sites)
    return [*tabs, (t["queries_settled"], settled.query(), counted.count(), settled.query() == here)]


def _chips(t: Words, chosen: InboxFilter, rows: list[QueryRow], request: HttpRequest) -> list[dict[str, Any]]:
    """The filters that take several values, each with those there are."""
    study, language = current_study(), language_of(request)
    sites = sorted({row.site for row in rows} | set(chosen.site))
    forms = sorted({row.address.form for row in rows} | {form for form in chosen.form if form in study.forms})
    values = {
        "site": [(one, one) for one in sites],
        "form": [(one, getattr(study.forms[one].label, language)) for one in forms],
        "state": [(one, t[f"query_state_{one}"]) for one in STATES],
    }
    return [
        {
            "name": name,
            "label": t[f"queries_{name}"],
            "options": [(value, label, value in getattr(chosen, name)) for value, label in options],
            "shown": t["list_comma"].join(
                label for value, label in options if value in getattr(chosen, name)
            ),
            "clear": chosen.query(**{name: ()}),
        }
        for name, options in values.items()
    ]


def _choices(t: Words, chosen: InboxFilter) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """The filters that take one value: name, label, and each value with its label."""
    who = [(one, t[f"side_{one}"], chosen.who == one) for one in ("site", "sponsor")]
    opened = [(one, t[f"opened_by_{one}"], chosen.opened == one) for one in ("check", "person")]
    older = [(str(days), t.fill("over_days", days=days), chosen.older == days) for days in AGES]
    return [
        ("who", t["who_acts"], who),
        ("opened", t["opened_by"], opened),
        ("older", t["query_age"], older),
    ]


def _head(chosen: InboxFilter, name: str) -> dict[str, str]:
    here = chosen.sort == name
    aria = ("descending" if chosen.descending else "ascending") if here else ""
    return {"query": chosen.query(sort=name, descending=here and not chosen.descending), "aria": aria}


# ---- One query -----------------------------------------------------------------------------------------


def thread(request: HttpRequest, query: int) -> HttpResponse:
    """The conversation of one query."""
    one = find_thread(request, query)
    study, language = current_study(), language_of(request)
    context = {
        "thread": one,
        "label": label_of(study, one.row),
        "form_label": study.forms[one.row.address.form].label,
        "event_label": study.event(one.row.address.event).name_of(one.row.address.event_seq),
        "days": one.row.days(datetime.now(UTC)),
        "subject": read_subject_header(study, one.row.address.subject, language),
    }
    return render(request, "capture/query.html", context)


def find_thread(request: HttpRequest, number: int) -> Thread:
    """The thread with this number; who may see it was asked at the address."""
    key = key_of_number(number)
    if key is None:
        raise Http404
    subject, _, _, form, _ = key.split("?")[0].split("/")
    rows = [row for row in list_queries(subject=subject, form=form) if row.key == key]
    return read_threads(rows, roles_of(request.user.username))[0]


Step = Callable[..., None]


def answer(request: HttpRequest, query: int) -> HttpResponse:
    """Answer for the site."""
    return _take(request, query, answer_query)


def close(request: HttpRequest, query: int) -> HttpResponse:
    """Accept the answer; without words of its own it says so."""
    return _take(request, query, close_query, Words(language_of(request))["query_accepted"])


def reopen(request: HttpRequest, query: int) -> HttpResponse:
    """Ask again."""
    return _take(request, query, reopen_query)


def cancel(request: HttpRequest, query: int) -> HttpResponse:
    """Take back what nobody has answered."""
    return _take(request, query, cancel_query, Words(language_of(request))["query_taken_back"])


def _take(request: HttpRequest, number: int, step: Step, default: str = "") -> HttpResponse:
    key = key_of_number(number)
    if key is None:
        raise Http404
    try:
        step(key, request.POST.get("text", "").strip() or default, by=request.user.username)
    except Refused as refusal:
        return refuse(request, refusal)
    if wants_json(request):
        return JsonResponse({"state": Query.objects.values_list("state", flat=True).get(key=key)})
    if "back" in request.POST:
        return redirect(f"{reverse('queries')}?{read_inbox_filter(QueryDict(request.POST['back'])).query()}")
    return redirect("query", query=number)


def refuse(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Refused and nothing written; a right that is missing is told and recorded by the address."""
    if isinstance(refusal, NotPermitted):
        raise refusal
    detail = refusal.told(language_of(request))
    if wants_json(request):
        t = Words(language_of(request))
        empty = not request.POST.get("text", "").strip()
        message = t["query_text_missing" if empty else "cannot_be_done"]
        return JsonResponse({"problem": "policy", "message": message, "detail": detail}, status=409)
    context = {"what": "cannot_be_done", "detail": detail}
    return render(request, "capture/problem.html", context, status=409)


def undo(request: HttpRequest, batch: str) -> HttpResponse:
    """Take back those queries of a batch that nobody has answered."""
    try:
        undo_queries(batch, Words(language_of(request))["query_taken_back"], by=request.user.username)
    except Refused as refusal:
        return refuse(request, refusal)
    return redirect(f"{reverse('queries')}?batch={batch}")


# ---- At a record ---------------------------------------------------------------------------------------


def ask(request: HttpRequest, **kept: Any) -> HttpResponse:
    """Ask about a field, or about the whole record."""
    address = address_of_request(kept)
    item, row_key = place_of_path(request.POST.get("field", ""))
    text = request.POST.get("text", "")
    try:
        if item and current_study().forms[address.form].find(item) is None:
            raise Http404
        open_query(address, text, by=request.user.username, item=item, row_key=row_key)
    except Refused as refusal:
        return refuse(request, refusal)
    if wants_json(request):
        return JsonResponse({"state": "OPEN"})
    return redirect("form", **address.__dict__)


def verify_record(request: HttpRequest, **kept: Any) -> HttpResponse:
    """Confirm a field or the whole record against its source, as it stands in the revision that was read."""
    address = address_of_request(kept)
    item, row_key = place_of_path(request.POST.get("field", ""))
    try:
        verify(
            address,
            by=request.user.username,
            revision=read_whole_number(request.POST.get("revision", "")) or 0,
            item=item,
            row_key=row_key,
        )
    except Refused as refusal:
        return refuse(request, refusal)
    if wants_json(request):
        return JsonResponse({"verified": True})
    return redirect("form", **address.__dict__)


def place_of_path(path: str) -> tuple[str, str]:
    """Item and row of a field of the page: `item`, or `group.row.item`."""
    parts = path.split(".")
    return (f"{parts[0]}.{parts[2]}", parts[1]) if len(parts) == 3 else (path, "")
