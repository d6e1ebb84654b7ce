"""What others did at a person's sites since that person logged in before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from grevy.capture.models import (
    FormRevision,
    LogIn,
    QueryMessage,
    QueryState,
    Signature,
    SubjectState,
    SubjectStep,
    Verification,
)


@dataclass(frozen=True)
class Happening:
    """One line: what happened how often, and when last."""

    what: str
    icon: str
    count: int
    last: datetime
    subject: str = ""


def last_visit(username: str) -> datetime | None:
    """When the person logged in before the present log-in."""
    rows = LogIn.objects.filter(username=username, outcome="SUCCESS").order_by("-seq")
    found = list(rows.values_list("at", flat=True)[:2])
    return found[-1] if len(found) == 2 else None


def read_happenings(username: str, sites: frozenset[str] | None, since: datetime) -> list[Happening]:
    """Counts of what others did, the latest first."""
    found: list[Happening] = []
    for what, icon, rows in (
        ("saved", "form", FormRevision.objects.all()),
        ("verified", "verified", Verification.objects.all()),
        ("signed", "signed", Signature.objects.all()),
        ("asked", "query", QueryMessage.objects.filter(kind__in=(QueryState.OPEN, QueryState.REOPENED))),
        ("answered", "query", QueryMessage.objects.filter(kind=QueryState.ANSWERED)),
        ("closed", "complete", QueryMessage.objects.filter(kind=QueryState.CLOSED)),
        ("screened", "subject", SubjectStep.objects.filter(state=SubjectState.SCREENING)),
        ("enrolled", "subject", SubjectStep.objects.filter(state=SubjectState.ELIGIBLE)),
    ):
        others = rows.filter(at__gt=since).exclude(by=username)
        if sites is not None:
            others = others.filter(site__in=sites)
        sums = others.aggregate(n=Count("seq"), last=Max("at"))
        if sums["n"]:
            found.append(Happening(what, icon, sums["n"], sums["last"]))
    return sorted(found, key=lambda one: one.last, reverse=True)
