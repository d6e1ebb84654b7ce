"""How far each record of a subject has come: one state a record, the furthest reached.

Locked goes before frozen, signed, verified, complete, incomplete. A change after signing or verification
takes both back, because they hold for the revision they were given for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db.models import Count

from grevy.capture.models import FormRevision, Lock, LockLevel, Query, QueryState, Signature, Verification
from grevy.definition import Study, find_shown
from grevy.definition.forms import Item
from grevy.definition.partial_values import is_missing


class FormState(StrEnum):
    """States a person sees; the first four only where something is planned and nothing saved."""

    PLANNED = "planned"
    DUE = "due"
    MISSING = "missing"
    OVERDUE = "overdue"
    NOT_DONE = "not_done"
    WITHDRAWN = "withdrawn"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    VERIFIED = "verified"
    SIGNED = "signed"
    FROZEN = "frozen"
    LOCKED = "locked"


NOT_DONE_REASON = "not_done_reason"
"""The item with which a form says that nothing of it was done."""


@dataclass(frozen=True)
class RecordState:
    """One record as it stands: its last revision, and what review has done with it."""

    record: str
    event: str
    event_seq: int
    form: str
    form_seq: int
    state: FormState
    number: int
    by: str
    at: datetime
    answered: int
    asked: int
    open_queries: int
    signed_before: bool
    """A signature was given for an earlier revision: it has to be signed again."""
    values: dict[str, Any]


def read_record_states(study: Study, subjects: Iterable[str]) -> dict[str, list[RecordState]]:
    """The records of each subject, in the order of event, form and number; a fixed number of queries."""
    numbers = list(subjects)
    heads = _last_revisions(numbers)
    queries = _open_queries(numbers)
    locks = _lock_levels(numbers)
    signed = _by_record(Signature, numbers)
    verified = _by_record(Verification, numbers, item="")
    states: dict[str, list[RecordState]] = {number: [] for number in numbers}
    for head in heads:
        subject, event, event_seq, form, form_seq = head.record_id.split("/")
        answered, asked = count_answers(study, form, head.content)
        level = locks(subject, head.record_id, head.site)
        state = _state_of(head, level, signed, verified, complete=answered == asked)
        states[subject].append(
            RecordState(
                record=head.record_id,
                event=event,
                event_seq=int(event_seq),
                form=form,
                form_seq=int(form_seq),
                state=state,
                number=head.number,
                by=head.by,
                at=head.at,
                answered=answered,
                asked=asked,
                open_queries=queries.get(head.record_id, 0),
                signed_before=bool(signed.get(head.record_id, set()) - {head.number}),
                values=json.loads(head.content),
            )
        )
    return states


def _last_revisions(subjects: list[str]) -> list[FormRevision]:
    rows = FormRevision.objects.filter(record__study_event__subject_id__in=subjects)
    last: dict[str, FormRevision] = {}
    for row in rows.order_by("record_id", "number"):
        last[row.record_id] = row
    return list(last.values())


def _open_queries(subjects: list[str]) -> dict[str, int]:
    waiting = Query.objects.filter(record__study_event__subject_id__in=subjects).exclude(
        state__in=(QueryState.CLOSED, QueryState.CANCELLED)
    )
    return dict(waiting.values("record_id").annotate(n=Count("key")).values_list("record_id", "n"))


def _by_record(model: Any, subjects: list[str], **more: str) -> dict[str, set[int]]:
    """For each record, the numbers of the revisions that were signed (or verified as a whole)."""
    found: dict[str, set[int]] = {}
    rows = model.objects.filter(record__study_event__subject_id__in=subjects, **more)
    for record, number in rows.values_list("record_id", "revision_number"):
        found.setdefault(record, set()).add(number)
    return found


def _lock_levels(subjects: list[str]) -> Any:
    """A function of subject, record and site: the strictest level that holds there."""
    order = {level: place for place, level in enumerate(LockLevel.values)}
    levels = dict(Lock.objects.order_by("seq").values_list("scope", "level"))  # the last one of a scope stays

    def level_of(subject: str, record: str, site: str) -> str:
        scopes = (record, record.rsplit("/", 2)[0], subject, f"site:{site}", "study")
        return max((levels.get(scope, LockLevel.OPEN.value) for scope in scopes), key=order.__getitem__)

    return level_of


def _state_of(
    head: FormRevision,
    level: str,
    signed: dict[str, set[int]],
    verified: dict[str, set[int]],
    *,
    complete: bool,
) -> FormState:
    if head.withdrawn:
        return FormState.WITHDRAWN
    if level == LockLevel.LOCKED:
        return FormState.LOCKED
    if level == LockLevel.FROZEN:
        return FormState.FROZEN
    if head.number in signed.get(head.record_id, ()):
        return FormState.SIGNED
    if head.number in verified.get(head.record_id, ()):
        return FormState.VERIFIED
    if json.loads(head.content).get(NOT_DONE_REASON):
        return FormState.NOT_DONE
    return FormState.COMPLETE if complete else FormState.INCOMPLETE


# A revision never changes, so what it lacks is counted once.
def count_answers(study: Study, form: str, content: str) -> tuple[int, int]:
    """How many of the required items that are asked were answered, and how many there are."""
    return _count_answers(Versioned(study), form, content)


class Versioned:
    """A study as a key of a cache: equal versions are equal."""

    __slots__ = ("study",)

    def __init__(self, study: Study) -> None:
        self.study = study

    def __hash__(self) -> int:
        return hash(self.study.hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Versioned) and other.study.hash == self.study.hash


@lru_cache(maxsize=30_000)
def _count_answers(version: Versioned, form_name: str, content: str) -> tuple[int, int]:
    form, values = version.study.forms[form_name], json.loads(content)
    shown = find_shown(form, values, version.study)
    required = [
        (item, values.get(item.name)) for item in form.items if item.required and shown["", None, item.name]
    ]
    for group in form.groups:
        for number, row in enumerate(values.get(group.name) or ()):
            required += [
                (item, row.get(item.name))
                for item in group.items
                if item.required and shown[group.name, number, item.name]
            ]
    return _count(required)


def _count(required: list[tuple[Item, Any]]) -> tuple[int, int]:
    return sum(not is_missing(value) for _, value in required), len(required)
