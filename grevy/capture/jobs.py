"""The worker: does one after the other what pages asked for (`grevy work`; `grevy serve` starts one).

A piece of work is a function of what was asked and of `step`, which it calls with steps done and steps in
all: there the page's progress comes from, and there a cancelled job ends. It returns what JSON can hold. It
may be begun again after a worker died, so it must not leave half of something behind.
"""

from __future__ import annotations

import json
import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.db import close_old_connections, connection

from grevy.capture.actions.check_data import preview_checks
from grevy.capture.actions.jobs import beat, end_job, note_progress, put_job_back, take_job
from grevy.capture.job_ends import Cancelled, CannotBeDone, PutBack, Step
from grevy.capture.logs import draw_reference
from grevy.capture.models import Job, JobState
from grevy.capture.report_work import build_report, compare_reports
from grevy.capture.web import next_study

LOG = logging.getLogger("grevy")
LOOK_EVERY, BEAT_EVERY, NOTE_EVERY = 1.0, 10.0, 0.5
"""Seconds: for new jobs, to show that the worker lives, and to write progress down."""


def preview_one_check(asked: Mapping[str, Any], step: Step) -> dict[str, Any]:
    """What a check of the next version would ask of the stored data."""
    study = next_study()
    if study.hash != asked["study"]:
        raise CannotBeDone("job_other_version")
    return asdict(preview_checks(study, checks={asked["check"]}, step=step))


WORKS: dict[str, Callable[[Mapping[str, Any], Step], Any]] = {
    "preview_check": preview_one_check,
    "build_report": build_report,
    "compare_reports": compare_reports,
}
"""The kinds of work, each with what does it."""


class Worker:
    """Works off the jobs until it is told to stop."""

    def __init__(self) -> None:
        self.stopping = threading.Event()

    def run(self) -> None:
        """Until SIGTERM or Ctrl-C; the job in hand then goes back to the others."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        while not self.stopping.is_set():
            close_old_connections()
            if not self.work_once():
                self.stopping.wait(LOOK_EVERY)

    def work_once(self) -> bool:
        """Do the job that waits longest; whether there was one."""
        job = take_job()
        if job is None:
            return False
        done = threading.Event()
        pulse = threading.Thread(target=_beat_until, args=(job, done), daemon=True)
        pulse.start()
        try:
            self._do(job)
        finally:
            done.set()
            pulse.join()
        return True

    def _do(self, job: Job) -> None:
        try:
            result = WORKS[job.kind](json.loads(job.asked), self._step_of(job))
        except Cancelled:
            end_job(job, JobState.CANCELLED)
        except PutBack:
            put_job_back(job)
        except CannotBeDone as reason:
            end_job(job, JobState.FAILED, problem=reason.word)
        except Exception:  # one job that fails must not end the others; the log has type and place
            reference = draw_reference()
            LOG.exception("%s job %s failed", reference, job.kind)
            end_job(job, JobState.FAILED, problem=reference)
        else:
            end_job(job, JobState.DONE, result=result)

    def _step_of(self, job: Job) -> Step:
        noted = 0.0

        def step(done: int, total: int) -> None:
            nonlocal noted
            if self.stopping.is_set():
                raise PutBack
            if time.monotonic() - noted >= NOTE_EVERY:
                noted = time.monotonic()
                if not note_progress(job, done, total):
                    raise Cancelled

        return step


def _beat_until(job: Job, done: threading.Event) -> None:
    while not done.wait(BEAT_EVERY):
        beat(job)
    connection.close()
