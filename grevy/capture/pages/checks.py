"""The checks of the study, and what one would ask of the stored data before it is published."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grevy.capture.actions.check_data import changed_checks, preview_checks
from grevy.capture.addresses import address_of
from grevy.capture.web import current_study, load_study_at
from grevy.definition import Study


def checks(request: HttpRequest) -> HttpResponse:
    """All checks of the next version, or of the present one; a chosen one with its preview."""
    study = next_study()
    chosen = request.GET.get("check", "")
    known = {check.id: (check, form) for form in study.forms.values() for check in form.checks}
    found = preview_checks(study, checks={chosen}) if chosen in known else None
    changed = changed_checks(current_study(), study)
    context = {
        "study": study,
        "is_next": study.version != current_study().version,
        "lines": [(check, form.label, check.id in changed) for check, form in known.values()],
        "chosen": known.get(chosen, (None, None))[0],
        "found": found,
        "records": [address_of(record) for record in found.records] if found else [],
    }
    return render(request, "capture/checks.html", context)


def next_study() -> Study:
    """The version that is to be published, where the server has one; else the present one."""
    folder = settings.GREVY_NEXT_STUDY
    return load_study_at(folder) if folder else current_study()
