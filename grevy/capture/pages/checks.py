"""The checks of the study, and what one would ask of the stored data before it is published."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from grevy.capture.actions.check_data import changed_checks
from grevy.capture.actions.jobs import ask_job, find_job
from grevy.capture.addresses import address_of
from grevy.capture.models import Job, JobState
from grevy.capture.pages.jobs import progress_of
from grevy.capture.web import current_study, language_of, next_study
from grevy.capture.words import Words
from grevy.definition import Study

PREVIEW = "preview_check"


def checks(request: HttpRequest) -> HttpResponse:
    """All checks of the next version, or of the present one; a chosen one with its preview, which a worker
    counts. Posted, it begins one."""
    study = next_study()
    known = {check.id: (check, form) for form in study.forms.values() for check in form.checks}
    if request.method == "POST":
        chosen = request.POST.get("check", "")
        if chosen not in known:
            return redirect("checks")
        ask_job(PREVIEW, _asked(study, chosen), by=request.user.username)
        return redirect(f"{reverse('checks')}?{urlencode({'check': chosen})}")
    chosen = request.GET.get("check", "")
    job = find_job(PREVIEW, _asked(study, chosen), by=request.user.username) if chosen in known else None
    changed = changed_checks(current_study(), study)
    context = {
        "study": study,
        "is_next": study.version != current_study().version,
        "lines": [(check, form.label, check.id in changed) for check, form in known.values()],
        "chosen": known.get(chosen, (None, None))[0],
        "job": progress_of(job, Words(language_of(request))) if job else None,
        **_found(job),
    }
    return render(request, "capture/checks.html", context)


def _asked(study: Study, check: str) -> dict[str, str]:
    return {"check": check, "study": study.hash}


def _found(job: Job | None) -> dict[str, Any]:
    if job is None or job.state != JobState.DONE:
        return {"found": None, "records": []}
    found = json.loads(job.result)
    return {"found": found, "records": [address_of(record) for record in found["records"]]}
