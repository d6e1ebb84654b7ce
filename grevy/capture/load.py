"""Entering a whole study at once: simulated entries through the same actions as people, with author and
clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol, TypeVar

from django.contrib.auth.models import User

from grevy.capture.actions import (
    answer_query,
    close_query,
    create_account,
    create_subject,
    grant_role,
    open_query,
    open_site,
    reopen_query,
    save_form,
    set_lab_range,
)
from grevy.capture.actions.access import SYSTEM, TRAINING, record_delegation, record_training
from grevy.capture.digest import write_daily_digest
from grevy.capture.ledger import LedgerTransaction, ledger_transaction
from grevy.capture.models import AccessChange, Membership, Site
from grevy.capture.other_records import records_read
from grevy.capture.permissions import ADMINISTRATOR, COORDINATOR, DATA_MANAGER, INVESTIGATOR, MONITOR
from grevy.capture.policies import CONSENT, Address
from grevy.definition import Study
from grevy.snapshot import Entry, LabRange, name_record
from grevy.snapshot.entries import RecordKey

BATCH = 1000
Step = TypeVar("Step")


class SiteToOpen(Protocol):
    @property
    def code(self) -> str: ...

    @property
    def name_en(self) -> str: ...

    @property
    def name_zh(self) -> str: ...


class Person(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def display(self) -> str: ...

    @property
    def role(self) -> str: ...

    @property
    def site(self) -> str: ...


class QueryTurn(Protocol):
    """One turn of a query: OPEN, ANSWERED, REOPENED or CLOSED; turns of one query share a number."""

    @property
    def number(self) -> int: ...

    @property
    def at(self) -> datetime: ...

    @property
    def by(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def record(self) -> RecordKey: ...

    @property
    def item(self) -> str: ...

    @property
    def row_key(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def origin(self) -> str: ...

    @property
    def check(self) -> str: ...


@dataclass(frozen=True)
class Captured:
    """How much was entered."""

    saves: int
    subjects: int
    digests: int


def capture_entries(
    study: Study,
    entries: Sequence[Entry],
    sites: Iterable[SiteToOpen],
    users: Iterable[Person],
    progress: Callable[[int], object] = lambda done: None,
    *,
    lab_ranges: Iterable[LabRange] = (),
    queries: Sequence[QueryTurn] = (),
    anchor: Path | str | None = None,
) -> Captured:
    """Open the sites, make the accounts, set the laboratories' limits, and save every entry in time order
    with the turns of queries between them; `progress` is told the saves done.

    A day's digest is written at the end of each month, as the month's last entries are in. Transactions
    hold a
    batch of saves, so a refusal leaves the batches before it entered and writes nothing of its own.
    """
    if not entries:
        return Captured(0, 0, 0)
    open_study(sites, users, first=entries[0])
    with ledger_transaction():
        for limits in sorted(lab_ranges, key=lambda limits: limits.at):
            set_lab_range(study, limits, origin=entries[0].origin)
    subjects = digests = saves = 0
    keys: dict[int, str] = {}
    steps: Iterator[Any] = merge(entries, queries, key=lambda step: step.at)
    for _, month in groupby(steps, key=lambda step: (step.at.year, step.at.month)):
        day = None
        for asked, part in groupby(month, key=lambda step: not isinstance(step, Entry)):
            for batch in _batches(part):
                day = batch[-1].at.date()
                if asked:
                    _talk(study, batch, keys)
                    continue
                subjects += _enter(study, batch)
                saves += len(batch)
                progress(len(batch))
        if anchor is not None and day is not None:
            write_daily_digest(day, anchor)
            digests += 1
    return Captured(saves, subjects, digests)


def open_study(sites: Iterable[SiteToOpen], users: Iterable[Person], *, first: Entry) -> None:
    """Sites and people as of the first entry, by the system: nobody is there yet to do it.

    A person whose site is empty holds the role in the whole study.
    """
    clock = {"by": SYSTEM, "at": first.at, "origin": first.origin}
    known, accounts = (
        set(Site.objects.values_list("code", flat=True)),
        set(User.objects.values_list("username", flat=True)),
    )
    ready = set(AccessChange.objects.filter(change=TRAINING).values_list("username", flat=True))
    held = set(Membership.objects.values_list("user__username", "role", "site_id"))
    with ledger_transaction():
        for site in sites:
            if site.code not in known:
                open_site(site.code, site.name_en, site.name_zh, **clock)
        for user in users:
            if user.name not in accounts:
                create_account(user.name, full_name=user.display, **clock)
                accounts.add(user.name)
            site_or_all = user.site or None
            if (user.name, user.role, site_or_all) not in held:
                grant_role(user.name, user.role, site_or_all, **clock)
            if user.name not in ready:
                record_ready(user.name, **clock)
                ready.add(user.name)


def record_ready(username: str, **clock: Any) -> None:
    """Training and delegation of a person who is set up together with the study."""
    record_training(username, reason="Initiation training of the site", **clock)
    record_delegation(username, reason="Delegation log of the site", **clock)


AT_A_SITE = (COORDINATOR, INVESTIGATOR)


def create_people_who_log_in(passwords: dict[str, str], site: str | None = None) -> None:
    """One account with a password for each role named: the sponsor's in the whole study, others at a site."""
    with ledger_transaction():
        # The administrator comes last: from then on the system can no longer set up.
        for role in (*AT_A_SITE, MONITOR, DATA_MANAGER, ADMINISTRATOR):
            if role in passwords:
                create_account(role, by=SYSTEM, password=passwords[role])
                record_ready(role, by=SYSTEM)
                grant_role(role, role, site if role in AT_A_SITE else None, by=SYSTEM)


CONTINUE = {"ANSWERED": answer_query, "CLOSED": close_query, "REOPENED": reopen_query}


def _talk(study: Study, turns: Sequence[QueryTurn], keys: dict[int, str]) -> None:
    """Add turns of queries in one transaction; `keys` holds the key of each query by its number."""
    with ledger_transaction():
        for turn in turns:
            clock = {"by": turn.by, "at": turn.at, "origin": turn.origin}
            if turn.kind == "OPEN":
                address = Address(*turn.record[1:])
                keys[turn.number] = open_query(
                    address,
                    turn.text,
                    item=turn.item,
                    row_key=turn.row_key,
                    check=turn.check,
                    study_version=study.version if turn.check else "",
                    **clock,
                )
            else:
                CONTINUE[turn.kind](keys[turn.number], turn.text, **clock)


def _batches(entries: Iterable[Step]) -> Iterator[list[Step]]:
    batch: list[Step] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _enter(study: Study, batch: list[Entry]) -> int:
    """Save one batch in one transaction; return how many subjects it brought."""
    addresses = [Address(e.subject, e.event, e.event_seq, e.form, e.form_seq) for e in batch]
    created = 0
    with ledger_transaction() as ledger:
        ledger.preload(_records_needed(study, addresses), {entry.subject for entry in batch})
        for entry, address in zip(batch, addresses, strict=True):
            created += _enter_one(study, ledger, entry, address)
    return created


def _records_needed(study: Study, addresses: list[Address]) -> set[str]:
    """The records of a batch, and those that its policies and hard checks look into."""
    consents = {name_record(address.subject, *CONSENT) for address in addresses}
    read = {
        record for address in addresses for record in records_read(study, address, only_hard=True).values()
    }
    return consents | read | {address.record for address in addresses}


def _enter_one(study: Study, ledger: LedgerTransaction, entry: Entry, address: Address) -> bool:
    is_new = not ledger.knows_subject(entry.subject)
    if is_new:
        create_subject(entry.site, by=entry.by, number=entry.subject, at=entry.at, origin=entry.origin)
    head = ledger.head(address.record)
    save_form(
        study,
        address,
        entry.values,
        started_from=head.number if head else 0,
        by=entry.by,
        reason=entry.reason,
        at=entry.at,
        origin=entry.origin,
        confirmed=True,
    )
    return is_new
