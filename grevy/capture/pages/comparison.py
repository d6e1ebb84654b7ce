"""Two kept reports compared: the numbers that changed, each with its cause, down to the entries."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from grevy.capture.actions.jobs import find_job
from grevy.capture.actions.reports import COMPARE, ask_comparison
from grevy.capture.kept_reports import comparison_path, find_report, read_reports
from grevy.capture.pages.jobs import progress_of
from grevy.capture.pages.sent import read_whole_number
from grevy.capture.reading.comparisons import read_comparison
from grevy.capture.web import language_of
from grevy.capture.words import Words


def compare(request: HttpRequest) -> HttpResponse:
    """Choose two reports; the comparison once it was made, or how far it is. Posted: begins it."""
    sent = request.POST if request.method == "POST" else request.GET
    before, after = (sent.get(name, "") for name in ("before", "after"))
    are_two = before != after and find_report(before) is not None and find_report(after) is not None
    if request.method == "POST" and are_two:
        if not comparison_path(before, after).is_file():
            ask_comparison(before, after, by=request.user.username)
        return redirect(f"{reverse('compare')}?{urlencode({'before': before, 'after': after})}")
    kept = read_reports()
    usual = (kept[1].key, kept[0].key) if len(kept) > 1 else ("", "")
    context = {
        "reports": [(report, _outputs(report.outputs)) for report in kept],
        "before": before or usual[0],
        "after": after or usual[1],
        "chosen": urlencode({"before": before, "after": after}),
        "problem": request.method == "POST" or (bool(before) and not are_two),
        **(_found(request, before, after) if are_two else {}),
    }
    return render(request, "capture/compare.html", context)


def _outputs(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"outputs_{name}" for name in names) or ("outputs_all",)


def _found(request: HttpRequest, before: str, after: str) -> dict[str, Any]:
    language, path = language_of(request), comparison_path(before, after)
    if path.is_file():
        output = request.GET.get("output", "")
        page = read_whole_number(request.GET.get("page", "")) or 1
        return {
            "found": read_comparison(path, language, output=output, page=page),
            "output": output,
            "page_query": urlencode({"before": before, "after": after, "output": output}),
        }
    asked = {"before": before, "after": after}
    job = find_job(COMPARE, asked, by=request.user.username)
    return {"job": progress_of(job, Words(language)) if job else None}
