"""Work in the background as pages show it, to who asked for it alone: how far it is, and a way to give it
up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from grevy.capture.actions.jobs import OPEN, cancel_job
from grevy.capture.actions.reports import BUILD, COMPARE, asked_of
from grevy.capture.models import Job, JobState
from grevy.capture.pages.account import safe_target
from grevy.capture.pages.sent import wants_json
from grevy.capture.report_work import steps_of
from grevy.capture.web import language_of
from grevy.capture.words import WORDS, Words

WAITS_LONG = timedelta(seconds=15)
"""A worker looks each second; whoever waits longer is told that perhaps none is there."""


@dataclass(frozen=True)
class Progress:
    """How a job stands, in the reader's words."""

    key: str
    state: str
    done: int
    total: int
    told: str
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def progress_of(job: Job, t: Words) -> Progress:
    """A job for the page's part `parts/job.html` and for its script."""
    return Progress(job.key, job.state, job.done, job.total, _told(job, t), job.ended_at)


def _told(job: Job, t: Words) -> str:
    if job.state == JobState.WAITING:
        late = timezone.now() - job.asked_at > WAITS_LONG
        return t["job_no_worker" if late else "job_WAITING"]
    if job.state == JobState.RUNNING and job.total and job.kind in (BUILD, COMPARE):
        step = steps_of(asked_of(job))[min(job.done, job.total - 1)]
        return t.fill("report_step", n=job.done + 1, total=job.total, what=t[f"report_step_{step}"])
    if job.state == JobState.RUNNING and job.total:
        return t.fill("job_progress", done=job.done, total=job.total)
    if job.state == JobState.FAILED:
        why = t[job.problem] if job.problem in WORDS else t.fill("quote_reference", reference=job.problem)
        return f"{t['job_FAILED']} {why}"
    return t[f"job_{job.state}"]


def state(request: HttpRequest, job: str) -> HttpResponse:
    """How far one's own job is, for the page's script."""
    found = _own(request, job)
    progress = progress_of(found, Words(language_of(request)))
    return JsonResponse(
        {
            "state": progress.state,
            "open": progress.is_open,
            "done": progress.done,
            "total": progress.total,
            "told": progress.told,
        }
    )


def cancel(request: HttpRequest, job: str) -> HttpResponse:
    """Give one's own job up, and go back to the page that shows it."""
    _own(request, job)
    cancelled = cancel_job(job, by=request.user.username)
    if wants_json(request):
        return JsonResponse({"cancelled": cancelled})
    return redirect(safe_target(request))


def _own(request: HttpRequest, key: str) -> Job:
    found = Job.objects.filter(key=key, by=request.user.username).first()
    if found is None:
        raise Http404
    return found
