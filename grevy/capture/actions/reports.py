"""Asking for a report: what it is to hold is fixed when it is asked for, and a worker builds it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from grevy.capture.actions.jobs import OPEN, ask_job
from grevy.capture.models import Job
from grevy.capture.permissions import check_can
from grevy.definition import Study

BUILD, COMPARE = "build_report", "compare_reports"


@dataclass(frozen=True)
class Choice:
    """What a report is to hold.

    `as_of` None: all entries up to the moment it is asked for. `analysis_set`: the value of the plan's switch
    `sets.effectiveness`. `final`: refused while dates of life and death contradict each other.
    """

    cutoff: date | None
    as_of: datetime | None = None
    version: str = "current"
    analysis_set: str = "full"
    outputs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en", "zh")
    documents: tuple[str, ...] = ()
    data: bool = False
    final: bool = False


def ask_report(study: Study, choice: Choice, *, by: str) -> str:
    """Ask for a report and return the key of the job; the same one that waits or runs is not asked for twice.

    The moment is fixed here: a report that is begun again after a worker died is the same to the byte.
    """
    check_can(by, "report", None)
    wanted = {
        "study": study.hash,
        "version": choice.version,
        "cutoff": choice.cutoff.isoformat() if choice.cutoff else "",
        "analysis_set": choice.analysis_set,
        "outputs": list(choice.outputs),
        "languages": list(choice.languages),
        "documents": list(choice.documents),
        "data": choice.data,
        "final": choice.final,
    }
    given = choice.as_of.isoformat() if choice.as_of else ""
    for job in open_jobs(by):
        asked = json.loads(job.asked)
        if wanted.items() <= asked.items() and asked["given"] == given:
            return job.key
    now = datetime.now(UTC)
    return ask_job(
        BUILD,
        {
            **wanted,
            "given": given,
            "as_of": given or now.isoformat(),
            "report": f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}",
            "by": by,
            "asked_at": now.isoformat(timespec="seconds"),
        },
        by=by,
    )


def ask_comparison(before: str, after: str, *, by: str) -> str:
    """Ask for the comparison of two kept reports and return the key of the job."""
    check_can(by, "report", None)
    return ask_job(COMPARE, {"before": before, "after": after}, by=by)


def open_jobs(by: str) -> list[Job]:
    """The person's reports that wait or are being built, the oldest first."""
    return list(Job.objects.filter(kind=BUILD, by=by, state__in=OPEN, stop=False).order_by("asked_at"))


def last_that_failed(by: str) -> Job | None:
    """The person's last report, where it came to nothing."""
    last = Job.objects.filter(kind=BUILD, by=by).order_by("-asked_at").first()
    return last if last is not None and last.state in ("FAILED", "CANCELLED") else None


def asked_of(job: Job) -> dict[str, Any]:
    return dict(json.loads(job.asked))
