"""Work in the background: asked for and cancelled by a person, taken and ended by a worker process."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from grevy.capture.models import Job, JobState
from grevy.snapshot import canonical_json

LOST_AFTER = timedelta(seconds=60)
"""A worker shows every few seconds that it lives; one that is silent for so long is gone."""
MOST_TRIES = 3
OPEN = (JobState.WAITING, JobState.RUNNING)


def ask_job(kind: str, asked: Mapping[str, Any], *, by: str) -> str:
    """Ask for some work and return its key; the same work that waits or runs is not asked for twice."""
    text = canonical_json(asked)
    same = Job.objects.filter(kind=kind, asked=text, by=by, state__in=OPEN, stop=False).first()
    if same is not None:
        return same.key
    return Job.objects.create(key=uuid.uuid4().hex, kind=kind, asked=text, by=by, asked_at=timezone.now()).key


def cancel_job(key: str, *, by: str) -> bool:
    """Give up one's own work: at once where it waits, at its next step where it runs."""
    mine = Job.objects.filter(key=key, by=by)
    ended = mine.filter(state=JobState.WAITING).update(state=JobState.CANCELLED, ended_at=timezone.now())
    return bool(ended or mine.filter(state=JobState.RUNNING).update(stop=True))


def find_job(kind: str, asked: Mapping[str, Any], *, by: str) -> Job | None:
    """The person's last job of this work, whatever became of it."""
    mine = Job.objects.filter(kind=kind, asked=canonical_json(asked), by=by)
    return mine.order_by("-asked_at").first()


# ---- For the worker ------------------------------------------------------------------------------------


def take_job() -> Job | None:
    """The job that waits longest, now this worker's alone; also one whose worker is gone."""
    now = timezone.now()
    lost = Q(state=JobState.RUNNING, beat_at__lt=now - LOST_AFTER)
    Job.objects.filter(lost, tries__gte=MOST_TRIES).update(
        state=JobState.FAILED, problem="job_lost", ended_at=now
    )
    for job in Job.objects.filter(Q(state=JobState.WAITING) | lost).order_by("asked_at"):
        # As it was seen: whoever took it in between, or showed a life sign, has it.
        here = Job.objects.filter(key=job.key, state=job.state, beat_at=job.beat_at)
        if here.update(state=JobState.RUNNING, beat_at=now, tries=F("tries") + 1, done=0, total=0):
            return Job.objects.get(key=job.key)
    return None


def _of_its_worker(taken: Job) -> QuerySet[Job]:
    """The job while it is still that of the worker who took it: a worker that was silent for too long has
    lost it to another, whose try has another number."""
    return Job.objects.filter(key=taken.key, state=JobState.RUNNING, tries=taken.tries)


def beat(taken: Job) -> None:
    """The worker lives."""
    _of_its_worker(taken).update(beat_at=timezone.now())


def note_progress(taken: Job, done: int, total: int) -> bool:
    """So many steps of so many; whether the work is to go on."""
    mine = _of_its_worker(taken)
    mine.update(done=done, total=total, beat_at=timezone.now())
    return mine.filter(stop=False).exists()


def end_job(taken: Job, state: JobState, *, result: Any = None, problem: str = "") -> None:
    """What became of a job; its worker alone says so."""
    _of_its_worker(taken).update(
        state=state,
        result="" if result is None else json.dumps(result, ensure_ascii=False),
        problem=problem,
        ended_at=timezone.now(),
    )


def put_job_back(taken: Job) -> None:
    """The worker stops before the job is done: the next one begins it anew."""
    _of_its_worker(taken).update(state=JobState.WAITING, beat_at=None, tries=F("tries") - 1)
