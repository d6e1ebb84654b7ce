"""The start page and the study report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from grevy.capture.models import FormRevision, Site, SubjectState, SubjectStep
from grevy.capture.permissions import roles_of, sites_to_view
from grevy.capture.web import REPORT_POLICY, language_of
from grevy.capture.words import LANGUAGES, WORDS


@dataclass(frozen=True)
class SiteCount:
    """One site's row on the start page; records that are withdrawn do not count."""

    code: str
    name: str
    screened: int
    enrolled: int
    treated: int
    records: int
    last: datetime | None


def start(request: HttpRequest) -> HttpResponse:
    """Counts by site for the sites the person may see, and the report."""
    language = language_of(request)
    counts = count_sites(sites_to_view(request.user.username), language)
    held = roles_of(request.user.username)
    context = {
        "counts": counts,
        "totals": {
            name: sum(getattr(count, name) for count in counts)
            for name in ("screened", "enrolled", "treated", "records")
        },
        "roles": sorted({WORDS[f"role_{role}"][LANGUAGES.index(language)] for role, _ in held}),
        "report": "open"
        if _may_read_report(request) and _report_file()
        else "denied"
        if _report_file()
        else "none",
    }
    return render(request, "capture/start.html", context)


def report(request: HttpRequest) -> HttpResponse:
    """The report file that the settings name, for those who may see the whole study."""
    file = _report_file()
    if file is None or not _may_read_report(request):
        raise Http404
    response = FileResponse(file.open("rb"), content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = REPORT_POLICY
    return response


def count_sites(sites: frozenset[str] | None, language: str) -> list[SiteCount]:
    """One row per site, in a handful of queries whatever the number of sites."""
    rows = Site.objects.order_by("code")
    if sites is not None:
        rows = rows.filter(code__in=sites)
    counts = {
        "screened": _count_steps(SubjectState.SCREENING),
        "enrolled": _count_steps(SubjectState.ELIGIBLE),
        "treated": _count_steps(SubjectState.ON_TREATMENT),
        "records": _count_records(),
    }
    last = dict(FormRevision.objects.values("site").annotate(last=Max("at")).values_list("site", "last"))
    return [
        SiteCount(
            code=site.code,
            name=site.name_zh if language == "zh" else site.name_en,
            last=last.get(site.code),
            **{name: by_site.get(site.code, 0) for name, by_site in counts.items()},
        )
        for site in rows
    ]


def _count_steps(state: str) -> dict[str, int]:
    reached = SubjectStep.objects.filter(state=state).values("site").annotate(n=Count("seq"))
    return dict(reached.values_list("site", "n"))


def _count_records() -> dict[str, int]:
    """Records whose last revision is not a withdrawal."""
    later = FormRevision.objects.filter(record_id=OuterRef("record_id"), number__gt=OuterRef("number"))
    heads = FormRevision.objects.filter(~Exists(later), withdrawn=False)
    return dict(heads.values("site").annotate(n=Count("seq")).values_list("site", "n"))


def _report_file() -> Path | None:
    file = Path(settings.GREVY_REPORT) if settings.GREVY_REPORT else None
    return file if file is not None and file.is_file() else None


def _may_read_report(request: HttpRequest) -> bool:
    return sites_to_view(request.user.username) is None
