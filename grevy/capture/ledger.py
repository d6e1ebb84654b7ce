"""Adding to the ledger: one transaction, its place in every chain, and what it has read so far.

Everything one transaction adds is written together at its end. While it runs nobody else adds to a chain
(SQLite:
the transaction is IMMEDIATE; PostgreSQL: the chain's head is locked), so what it has read stays true.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.db import models, transaction

from grevy.capture.errors import AgainstPolicy, UnknownPlace
from grevy.capture.models import (
    CHAINED_MODELS,
    Chained,
    ChainHead,
    FormRecord,
    FormRevision,
    Lock,
    LockLevel,
    Query,
    Site,
    StudyEvent,
    Subject,
    SubjectState,
    SubjectStep,
)
from grevy.capture.permissions import require_role, roles_of
from grevy.capture.words import say

CLOCK_MAY_BE_GIVEN = ("simulated", "import")
LOCK_ORDER = {level: place for place, level in enumerate(LockLevel.values)}
FLUSH_ORDER: tuple[type[models.Model], ...] = (Site, Subject, StudyEvent, FormRecord, Query, *CHAINED_MODELS)
_open: ContextVar[LedgerTransaction | None] = ContextVar("open_ledger_transaction", default=None)


@dataclass(frozen=True)
class Head:
    """The last revision of a record."""

    number: int
    content: str
    withdrawn: bool
    by: str
    at: datetime
    hash: str

    @cached_property
    def values(self) -> dict[str, Any]:
        return json.loads(self.content)


class LedgerTransaction:
    """What one transaction has read and will add."""

    def __init__(self) -> None:
        self._chain_heads: dict[str, ChainHead] = {}
        self._touched: set[str] = set()
        self._added: dict[type[models.Model], list[models.Model]] = {}
        self._heads: dict[str, Head | None] = {}
        self._events: set[str] = set()
        self._subjects_with_events: set[str] = set()
        self._records: set[str] = set()
        self._records_of: dict[str, set[str]] = {}
        self._steps: dict[str, dict[str, int]] = {}
        self._roles: dict[str, frozenset[tuple[str, str | None]]] = {}
        self._locks: dict[str, str] = {}
        self._subject_sites: dict[str, str | None] = {}
        self._states: dict[str, str] = {}

    # -- reading
    # ------------------------------------------------------------------------------------------------

    def head(self, record: str) -> Head | None:
        """The last revision of a record; None if nothing was ever saved in it."""
        if record not in self._heads:
            stored = self._records_of.get(record.split("/")[0])
            if stored is not None and record not in stored and record not in self._records:
                return None  # the subject's records are known, and this is none of them
            self._read_heads([record])
        return self._heads[record]

    def values_of(self, record: str) -> dict[str, Any] | None:
        """The values of a record as they stand; None if there is none, or it is withdrawn."""
        head = self.head(record)
        return None if head is None or head.withdrawn else head.values

    def records_of(self, subject: str, forms: Collection[str]) -> list[str]:
        """A subject's records of some forms, their last revisions read at once."""
        if subject not in self._records_of:
            stored = FormRecord.objects.filter(study_event__subject_id=subject)
            self._records_of[subject] = set(stored.values_list("key", flat=True)) | {
                record for record in self._records if record.startswith(f"{subject}/")
            }
        found = [record for record in self._records_of[subject] if record.split("/")[3] in forms]
        self._read_heads([record for record in found if record not in self._heads])
        return found

    def preload(self, records: Iterable[str], subjects: Iterable[str]) -> None:
        """Read heads, locks and subjects of many records at once, before a batch of saves."""
        records, subjects = list(records), list(subjects)
        self._read_heads(records)
        occasions = {record.rsplit("/", 2)[0] for record in records}
        self._read_locks(
            [*records, *occasions, *subjects, *(f"site:{site}" for site in self._sites_of(subjects)), "study"]
        )
        self._read_steps(subjects)
        self._read_events(subjects)

    def site_of(self, subject: str) -> str:
        if subject not in self._subject_sites:
            self._sites_of([subject])
        site = self._subject_sites.get(subject)
        if site is None:
            raise UnknownPlace(
                say("at_subject", subject=subject), say("no_such_subject"), say("create_first")
            )
        return site

    def knows_subject(self, subject: str) -> bool:
        if subject not in self._subject_sites:
            self._sites_of([subject])
        return self._subject_sites[subject] is not None

    def steps(self, subject: str) -> dict[str, int]:
        """The states a subject has reached, each with the number of its step."""
        if subject not in self._steps:
            self._read_steps([subject])
        return self._steps[subject]

    def lock_level(self, scopes: list[str]) -> str:
        """The strictest level that holds on any of the scopes."""
        unread = [scope for scope in scopes if scope not in self._locks]
        if unread:
            self._read_locks(unread)
        return max((self._locks[scope] for scope in scopes), key=LOCK_ORDER.__getitem__)

    def role(self, username: str, action: str, site: str | None) -> str:
        """The role in which a person acts at a site; raises NotPermitted."""
        if username not in self._roles:
            self._roles[username] = roles_of(username)
        return require_role(self._roles[username], username, action, site)

    def forget_roles(self, username: str) -> None:
        """Read a person's roles anew after they changed."""
        self._roles.pop(username, None)

    def _read_heads(self, records: list[str]) -> None:
        self._heads |= dict.fromkeys(records)
        for key in _chunks(records):
            for r in FormRevision.objects.filter(record_id__in=key).order_by("record_id", "number"):
                self._heads[r.record_id] = Head(r.number, r.content, r.withdrawn, r.by, r.at, r.hash)
                self._records.add(r.record_id)

    def _read_locks(self, scopes: list[str]) -> None:
        self._locks |= dict.fromkeys(scopes, LockLevel.OPEN.value)
        for part in _chunks(scopes):
            for scope, level in (
                Lock.objects.filter(scope__in=part).order_by("seq").values_list("scope", "level")
            ):
                self._locks[scope] = level

    def _read_steps(self, subjects: list[str]) -> None:
        self._steps |= {subject: {} for subject in subjects}
        for part in _chunks(subjects):
            rows = SubjectStep.objects.filter(subject_id__in=part).values_list(
                "subject_id", "state", "number"
            )
            for subject, state, number in rows:
                self._steps[subject][state] = number

    def _read_events(self, subjects: list[str]) -> None:
        """All occasions of the subjects, which are complete from now on: later ones are added here."""
        for part in _chunks(subjects):
            self._events |= set(StudyEvent.objects.filter(subject_id__in=part).values_list("key", flat=True))
        self._subjects_with_events |= set(subjects)

    def _sites_of(self, subjects: list[str]) -> set[str]:
        self._subject_sites |= dict.fromkeys(subjects)
        for part in _chunks(subjects):
            self._subject_sites |= dict(
                Subject.objects.filter(number__in=part).values_list("number", "site_id")
            )
        return {site for site in self._subject_sites.values() if site is not None}

    # -- adding --------------------------------------------------------------------------------------
    # -----------

    def clock(self, at: datetime | None, origin: str, chain: type[Chained]) -> datetime:
        """The server's clock; only simulated and imported entries bring the clock of their time, and only
        forwards."""
        last = self._chain_head(chain).at
        if at is None:
            now = datetime.now(UTC)
            return max(now, last) if last else now
        if origin not in CLOCK_MAY_BE_GIVEN:
            raise AgainstPolicy(say("at_time"), say("takes_server_clock", origin=origin))
        if at.tzinfo is None:
            raise AgainstPolicy(say("at_time"), say("no_time_zone"), say("give_utc"))
        if last and at < last:
            raise AgainstPolicy(say("at_time"), say("older_than_last"), say("in_time_order"))
        return at.astimezone(UTC)

    def next_in(self, chain: type[Chained]) -> int:
        """The place that the next row of a chain will have."""
        return self._chain_head(chain).seq + 1

    def moment(self, at: datetime, chain: type[Chained]) -> datetime:
        """A moment for what the system adds after something of that moment; a chain only goes forwards."""
        last = self._chain_head(chain).at
        return max(at, last) if last else at

    def add(self, row: models.Model) -> None:
        """Add a row; a row of a chain gets its place and its hash now."""
        if isinstance(row, Chained):
            head = self._chain_head(type(row))
            row.seq, row.prev = head.seq + 1, head.hash
            row.hash = row.compute_hash()
            head.seq, head.hash, head.at = row.seq, row.hash, row.at
            self._touched.add(head.table)
        self._added.setdefault(type(row), []).append(row)

    def add_subject(self, subject: str, site: str) -> None:
        self.add(Subject(number=subject, site_id=site))
        self._subject_sites[subject], self._steps[subject] = site, {}

    def add_revision(
        self, row: FormRevision, subject: str, event: str, event_seq: int, form: str, form_seq: int
    ) -> None:
        """Add a revision, and its record and occasion if they are new."""
        if row.number == 1 and row.record_id not in self._records:
            self._add_record(row.record_id, subject, event, event_seq, form, form_seq)
        self.add(row)
        self._heads[row.record_id] = Head(row.number, row.content, row.withdrawn, row.by, row.at, row.hash)

    def add_step(self, row: SubjectStep) -> None:
        self.add(row)
        steps = self._steps[row.subject_id]
        steps[row.state] = row.number
        self._states[row.subject_id] = max(steps, key=SubjectState.values.index)

    def _add_record(
        self, record: str, subject: str, event: str, event_seq: int, form: str, form_seq: int
    ) -> None:
        occasion = StudyEvent.name(subject, event, event_seq)
        if subject not in self._subjects_with_events:
            self._read_events([subject])
        if occasion not in self._events:
            self._events.add(occasion)
            self.add(StudyEvent(key=occasion, subject_id=subject, event=event, event_seq=event_seq))
        self._records.add(record)
        if subject in self._records_of:
            self._records_of[subject].add(record)
        self.add(FormRecord(key=record, study_event_id=occasion, form=form, form_seq=form_seq))

    def flush(self) -> None:
        """Write what was added so far, and the subjects' states, which are the furthest of their steps."""
        for model in FLUSH_ORDER:
            rows = self._added.pop(model, None)
            if rows:
                model.objects.bulk_create(rows, batch_size=500)
        for subject, state in self._states.items():
            Subject.objects.filter(number=subject).update(state=state)
        self._states = {}
        for table in self._touched:
            self._chain_heads[table].save()
        self._touched = set()

    def _chain_head(self, chain: type[Chained]) -> ChainHead:
        table = chain._meta.db_table
        if table not in self._chain_heads:
            ChainHead.objects.get_or_create(table=table)
            self._chain_heads[table] = ChainHead.objects.select_for_update().get(table=table)
        return self._chain_heads[table]


@contextmanager
def ledger_transaction() -> Iterator[LedgerTransaction]:
    """One transaction on the ledger; inside another one it is part of that one."""
    outer = _open.get()
    if outer is not None:
        yield outer
        return
    ledger = LedgerTransaction()
    token = _open.set(ledger)
    try:
        with transaction.atomic():
            # Taken first on every path, so that two transactions never wait for each other.
            ledger._chain_head(FormRevision)
            yield ledger
            ledger.flush()
    finally:
        _open.reset(token)


def _chunks(keys: list[str], size: int = 500) -> Iterator[list[str]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
