"""Screening: a new subject, and the eligibility form with the evidence beside each criterion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grevy.capture.actions import create_subject
from grevy.capture.errors import NotPermitted, Refused
from grevy.capture.models import Site
from grevy.capture.permissions import ROLES_THAT_MAY, roles_of
from grevy.capture.policies import CONSENT, Address
from grevy.capture.reading.form_page import FormPage
from grevy.capture.reading.screening import EligibilityView, enrollment_number, read_eligibility
from grevy.capture.web import current_study, language_of
from grevy.capture.words import Words


def new_subject(request: HttpRequest) -> HttpResponse:
    """Give the next screening number of a site, and go on with the consent: nothing else comes before it."""
    sites = sites_to_write_at(request.user.username)
    problem = ""
    if request.method == "POST":
        try:
            subject = create_subject(request.POST.get("site", ""), by=request.user.username)
        except NotPermitted:
            raise  # recorded, and answered as every page answers it
        except Refused as refusal:
            problem = refusal.told(language_of(request))
        else:
            event, event_seq, form, form_seq = CONSENT
            return redirect("form", subject, event, event_seq, form, form_seq)
    context = {"sites": sites, "problem": problem, "language": language_of(request)}
    return render(request, "capture/new_subject.html", context, status=403 if problem else 200)


def sites_to_write_at(username: str) -> list[Site]:
    """The sites at which a person enters data."""
    held = {site for role, site in roles_of(username) if role in ROLES_THAT_MAY["create_subject"]}
    sites = Site.objects.order_by("code")
    return list(sites if None in held else sites.filter(code__in=held))


def layout_context(page: FormPage, language: str) -> dict[str, Any]:
    """The criteria with their evidence and the field of each judgment, and what follows."""
    subject, fields = (
        page.address.subject,
        {field.path: replace(field, control="list") for field in page.fields},
    )
    view = read_eligibility(current_study(), subject, language, typed=page.judgment.values)
    judged = {one.item for one in view.criteria}
    return {
        "criteria_rows": [
            (kind, [(one, fields[one.item]) for one in view.criteria if one.kind == kind])
            for kind in ("inclusion", "exclusion")
        ],
        "other_fields": [field for field in page.fields if field.path not in judged],
        "verdict": verdict_of(view, Words(language)),
        "enrollment": enrollment_number(subject),
    }


def layout_answer(address: Address, values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The results as the page's script puts them into the rows."""
    view = read_eligibility(current_study(), address.subject, language, typed=values)
    t = Words(language)
    return {
        "eligibility": {
            "criteria": {
                one.item: {
                    "result": t[f"result_{one.kind}_{one.result}"],
                    "fits": one.fits,
                    "contradicted": t["contradicted"] if one.contradicted else "",
                }
                for one in view.criteria
            },
            "verdict": verdict_of(view, t),
            "eligible": view.eligible,
        }
    }


def verdict_of(view: EligibilityView, t: Words) -> str:
    """The conclusion in one sentence."""
    if view.eligible:
        return t["verdict_eligible"]
    if view.eligible is False:
        return t.fill("verdict_against", names=", ".join(one.id for one in view.against))
    return t.fill("verdict_open", count=len(view.open), names=", ".join(one.id for one in view.open))
