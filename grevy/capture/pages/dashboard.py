"""The dashboard: operational figures of the study, each with what it counts and the list behind it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grevy.capture.permissions import sites_to_view
from grevy.capture.reading.courses import site_today
from grevy.capture.reading.drawings import draw_enrollment
from grevy.capture.reading.figures import AGES, project_enrollment, read_figures
from grevy.capture.web import current_study, language_of

PLAN_DAYS = 730
"""The plan: the target within two years of the first enrollment."""
LATE_QUERY_DAYS, LATE_ENTRY_DAYS, FEW_PERCENT, MANY_OVERDUE = 7, 5, 95, 4
"""Beyond these a site's figure is printed in bold red."""


def dashboard(request: HttpRequest) -> HttpResponse:
    """Figures of the person's sites; nothing of outcomes."""
    study, sites, today = current_study(), sites_to_view(request.user.username), site_today()
    figures = read_figures(study, sites, today, language_of(request))
    whole, target = sites is None, study.design.planned_subjects
    projection = project_enrollment(figures.enrolled_on, target, today)
    context = {
        "figures": figures,
        "today": today,
        "target": target,
        "whole": whole,
        "projection": projection,
        "curve": draw_enrollment(figures.enrolled_on, target, PLAN_DAYS, projection, today)
        if whole
        else None,
        "ended": figures.enrolled - figures.on_treatment,
        "share": target / max(len(figures.sites), 1),
        "most": max((site.enrolled for site in figures.sites), default=1) or 1,
        "sites": sorted(figures.sites, key=lambda site: (-site.enrolled, site.code)),
        "ages": AGES,
        "most_waiting": max((group.total for group in figures.ages), default=1) or 1,
        "late": {
            "query": LATE_QUERY_DAYS,
            "entry": LATE_ENTRY_DAYS,
            "percent": FEW_PERCENT,
            "overdue": MANY_OVERDUE,
        },
    }
    return render(request, "capture/dashboard.html", context)
