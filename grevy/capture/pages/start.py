"""The start page: what waits for the person, what happened meanwhile, how the sites stand; the report."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from grevy.capture.models import Site
from grevy.capture.pages.eligibility import sites_to_write_at
from grevy.capture.pages.sent import read_whole_number
from grevy.capture.permissions import COORDINATOR, INVESTIGATOR, roles_of, sites_to_view
from grevy.capture.reading.activity import last_visit, read_happenings
from grevy.capture.reading.counts import count_sites
from grevy.capture.reading.courses import read_courses, site_today
from grevy.capture.reading.drawings import draw_windows
from grevy.capture.reading.figures import read_figures
from grevy.capture.reading.subject_list import Row, read_rows
from grevy.capture.reading.tasks import KINDS, Holder, Task, group_by_subject, read_tasks
from grevy.capture.reading.visits import project_visits
from grevy.capture.web import REPORT_POLICY, current_study, language_of
from grevy.capture.words import LANGUAGES, WORDS

TASKS_A_PAGE, MOST_TASKS = 25, 2000
URGENCIES = ("overdue", "today", "week", "later")


def start(request: HttpRequest) -> HttpResponse:
    """The tasks of the person's roles, oldest due first, and the boards of the person's sites."""
    language, today, username = language_of(request), site_today(), request.user.username
    study, sites, held = current_study(), sites_to_view(username), roles_of(username)
    rows = read_rows(study, sites, today)
    tasks = read_tasks(study, Holder(username, held), today)
    works_at_site = any(role in (COORDINATOR, INVESTIGATOR) for role, _ in held)
    context = {
        "today": today,
        **_task_context(request, tasks, {row.number: row for row in rows}),
        "counts": count_sites(study, sites, language),
        "roles": sorted({WORDS[f"role_{role}"][LANGUAGES.index(language)] for role, _ in held}),
        "report": _report_state(request),
        "windows": _windows(rows) if works_at_site else None,
        "figures": read_figures(study, sites, today, language) if rows else None,
        "target": study.design.planned_subjects,
        "site_count": Site.objects.count(),
        "shows_enrollment": sites is None,
        "may_screen": bool(sites_to_write_at(username)),
        **_happenings(username, sites),
    }
    return render(request, "capture/start.html", context)


def _task_context(request: HttpRequest, tasks: list[Task], rows: dict[str, Row]) -> dict[str, Any]:
    """The tasks that the chips leave, so many as fit a page."""
    today = site_today()
    kind = request.GET.get("kind", "")
    counts = {name: sum(task.kind == name for task in tasks) for name in KINDS}
    counts |= {name: sum(task.urgency(today) == name for task in tasks) for name in URGENCIES}
    kind = kind if kind in counts and kind != "later" else ""
    left = [task for task in tasks if not kind or kind in (task.kind, task.urgency(today))]
    asked = read_whole_number(request.GET.get("show", "")) or 0
    shown = min(max(asked, TASKS_A_PAGE), MOST_TASKS)
    groups = [(rows.get(subject), subject, found) for subject, found in group_by_subject(left[:shown])]
    return {
        "kind": kind,
        "kinds": [(name, counts[name]) for name in (*URGENCIES[:3], *KINDS) if counts[name]],
        "groups": groups,
        "task_count": len(tasks),
        "left_count": len(left),
        "shown_count": min(shown, len(left)),
        "show_next": shown + TASKS_A_PAGE if len(left) > shown else 0,
    }


def _windows(rows: list[Row]) -> Any:
    study, today = current_study(), site_today()
    courses = read_courses(study, [row.number for row in rows])
    return draw_windows(((row, project_visits(study, courses[row.number], today)) for row in rows), today)


def _happenings(username: str, sites: frozenset[str] | None) -> dict[str, Any]:
    """What others did since the last log-in before this one; at a first log-in, of the last day."""
    since = last_visit(username) or timezone.now() - timedelta(days=1)
    return {"since": since, "happenings": read_happenings(username, sites, since)}


def report(request: HttpRequest) -> HttpResponse:
    """The report file that the settings name, for those who may see the whole study."""
    file = _report_file()
    if file is None or not _may_read_report(request):
        raise Http404
    response = FileResponse(file.open("rb"), content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = REPORT_POLICY
    return response


def _report_state(request: HttpRequest) -> str:
    if not _report_file():
        return "none"
    return "open" if _may_read_report(request) else "denied"


def _report_file() -> Path | None:
    file = Path(settings.GREVY_REPORT) if settings.GREVY_REPORT else None
    return file if file is not None and file.is_file() else None


def _may_read_report(request: HttpRequest) -> bool:
    return sites_to_view(request.user.username) is None
