"""The audit trail of one subject: every entry, question, signature and lock, newest first.

It is read from the chained tables themselves; nothing is kept a second time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from grevy.capture.addresses import Address, address_of, kind_of_place
from grevy.capture.merging import ROW, flatten
from grevy.capture.models import (
    Confirmation,
    FormRevision,
    Lock,
    QueryMessage,
    Signature,
    SubjectStep,
    Verification,
)
from grevy.capture.typed import show_value
from grevy.definition import Study

ENTRIES, QUERIES, REVIEW, LOCKS, STEPS = "entries", "queries", "review", "locks", "steps"
GROUPS = (ENTRIES, QUERIES, REVIEW, LOCKS, STEPS)
"""What the trail can be narrowed to."""


@dataclass(frozen=True)
class FieldChange:
    """One field that a revision changed."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class AuditRow:
    """One thing that somebody did. `what` names its sentence; `record` is empty where it is about more."""

    group: str
    what: str
    at: datetime
    by: str
    role: str
    reason: str
    record: str = ""
    number: int = 0
    text: str = ""
    origin: str = "person"
    changes: tuple[FieldChange, ...] = ()

    @property
    def origin_word(self) -> str:
        """How it came in, where no person typed it: simulated, imported, or recorded with another entry."""
        first = self.origin.split(" ")[0]
        return first if first in ("simulated", "import", "window", "guard") else ""

    @property
    def address(self) -> Address | None:
        return address_of(self.record) if kind_of_place(self.record) == "record" else None


def read_audit_trail(subject: str, site: str) -> list[AuditRow]:
    """All rows of a subject, newest first; without the values, which `add_changes` puts in."""
    rows = [
        *_entries(subject),
        *_messages(subject),
        *_reviews(subject),
        *_locks(subject, site),
        *_steps(subject),
    ]
    return sorted(rows, key=lambda row: (row.at, row.record, row.number), reverse=True)


def _entries(subject: str) -> Iterator[AuditRow]:
    rows = FormRevision.objects.filter(record__study_event__subject_id=subject).order_by(
        "record_id", "number"
    )
    columns = ("record_id", "number", "at", "by", "role", "reason", "origin", "withdrawn")
    withdrawn: dict[str, bool] = {}
    for record, number, at, by, role, reason, origin, gone in rows.values_list(*columns):
        was = withdrawn.get(record, False)
        withdrawn[record] = gone
        what = "withdrawn" if gone else "restored" if was else "entered" if number == 1 else "changed"
        yield AuditRow(ENTRIES, what, at, by, role, reason, record, number, origin=origin)


def _messages(subject: str) -> Iterator[AuditRow]:
    rows = QueryMessage.objects.filter(query__record__study_event__subject_id=subject)
    for row in rows.select_related("query"):
        yield AuditRow(
            QUERIES, row.kind.lower(), row.at, row.by, row.role, row.reason, row.query.record_id,
            row.revision_number, row.text,
        )  # fmt: skip


def _reviews(subject: str) -> Iterator[AuditRow]:
    here = {"record__study_event__subject_id": subject}
    for one in Signature.objects.filter(**here):
        yield AuditRow(
            REVIEW, "signed", one.at, one.by, one.role, "", one.record_id, one.revision_number, one.meaning
        )
    for row in Verification.objects.filter(**here):
        yield AuditRow(
            REVIEW, "verified", row.at, row.by, row.role, row.reason, row.record_id, row.revision_number,
            row.item,
        )  # fmt: skip
    for note in Confirmation.objects.filter(**here):
        yield AuditRow(
            REVIEW, "confirmed", note.at, note.by, note.role, note.reason, note.record_id,
            note.revision_number, f"{note.check_id} {note.item}".strip(),
        )  # fmt: skip


def _locks(subject: str, site: str) -> Iterator[AuditRow]:
    """Locks of the subject and of what lies in it, and those of its site and of the study."""
    wide = (subject, f"site:{site}", "study")
    for row in Lock.objects.filter(Q(scope__in=wide) | Q(scope__startswith=f"{subject}/")):
        second = f" · {row.second_person}" if row.second_person else ""
        yield AuditRow(
            LOCKS, f"lock_{row.level.lower()}", row.at, row.by, row.role, row.reason,
            row.scope if kind_of_place(row.scope) == "record" else "", 0, row.scope + second,
        )  # fmt: skip


def _steps(subject: str) -> Iterator[AuditRow]:
    for row in SubjectStep.objects.filter(subject_id=subject):
        yield AuditRow(STEPS, "step", row.at, row.by, row.role, row.reason, row.cause, row.number, row.state)


# ---- Values --------------------------------------------------------------------------------------------


def add_changes(study: Study, rows: Iterable[AuditRow], language: str) -> list[AuditRow]:
    """The rows with what each revision changed: the old and the new value of every field."""
    rows = list(rows)
    wanted = {row.record for row in rows if row.group == ENTRIES}
    found = FormRevision.objects.filter(record_id__in=wanted)
    contents = {(record, n): text for record, n, text in found.values_list("record_id", "number", "content")}
    return [
        replace(row, changes=tuple(_changes(study, row, contents, language))) if row.group == ENTRIES else row
        for row in rows
    ]


def _changes(
    study: Study, row: AuditRow, contents: Mapping[tuple[str, int], str], language: str
) -> Iterator[FieldChange]:
    form = study.forms.get(row.record.split("/")[3])
    before = flatten(json.loads(contents.get((row.record, row.number - 1), "{}")))
    after = flatten(json.loads(contents.get((row.record, row.number), "{}")))
    for path in dict.fromkeys((*before, *after)):
        old, new = before.get(path), after.get(path)
        if old != new and form is not None and path[-1] != ROW:
            item = form.find(path[0] if len(path) == 1 else f"{path[0]}.{path[-1]}")
            label = getattr(item.label, language) if item else path[-1]
            yield FieldChange(
                f"{label} ({path[1]})" if len(path) == 3 else label,
                _shown(study, item, old, language),
                _shown(study, item, new, language),
            )


def _shown(study: Study, item: Any, value: Any, language: str) -> str:
    if value is None:
        return ""
    return show_value(study, item, value, language) if item else str(value)
