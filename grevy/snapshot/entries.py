"""What a ledger hands to the analysis: entries (what somebody saved) and revisions (an entry in its place).

An entry is one save of one form. A revision is an entry with its number in the record, its study version and
an id that never changes, so that a row of any later data set can name it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ROW_KEY = "_key"
"""The member of a group's row that names the row for good; its position may change, its key never does."""


def name_row(group: str, key: str) -> str:
    """Name a row within its form: "lesions 3"; keys are unique only within their group."""
    return f"{group} {key}"


RecordKey = tuple[str, str, str, int, str, int]
"""Site, subject, event, event sequence, form, form sequence: what one record is."""


@dataclass(frozen=True)
class Entry:
    """One save of one form: whose, what, by whom, in which role, when (UTC) and why."""

    site: str
    subject: str
    event: str
    event_seq: int
    form: str
    form_seq: int
    values: dict[str, Any]
    by: str
    role: str
    at: datetime
    reason: str | None = None
    origin: str = "person"

    @property
    def record_key(self) -> RecordKey:
        return (self.site, self.subject, self.event, self.event_seq, self.form, self.form_seq)


@dataclass(frozen=True)
class Revision(Entry):
    """One saved state of a record. `revision` is its stable id, `revno` counts from 1 within the record."""

    revision: str = field(kw_only=True)
    revno: int = field(kw_only=True)
    withdrawn: bool = field(kw_only=True, default=False)
    study_version: str = field(kw_only=True)


def name_record(subject: str, event: str, event_seq: int, form: str, form_seq: int) -> str:
    """The record's address in words: `03-017/IMAGING/2/tumor_assessment/1`."""
    return f"{subject}/{event}/{event_seq}/{form}/{form_seq}"


def name_revision(record: str, revno: int) -> str:
    """The stable id of a revision: its record's address and its number in the record."""
    return f"{record}#{revno}"


def canonical_json(values: Any) -> str:
    """One text for equal values: sorted keys, no spaces, characters as they are, and no floats."""
    return json.dumps(_without_floats(values), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _without_floats(value: Any) -> Any:
    if isinstance(value, float):
        raise TypeError("A float has no single text; write a decimal as text, such as '12.5'.")
    if isinstance(value, dict):
        return {key: _without_floats(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_floats(member) for member in value]
    return value


def key_rows(values: dict[str, Any]) -> dict[str, Any]:
    """Give each row of a group that has no key yet the first free number of its group."""
    return {name: _key_group(value) if isinstance(value, list) else value for name, value in values.items()}


def _key_group(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    used = {row[ROW_KEY] for row in rows if ROW_KEY in row}
    free = (str(number) for number in range(1, 2 * len(rows) + 1) if str(number) not in used)
    return [row if ROW_KEY in row else {**row, ROW_KEY: next(free)} for row in rows]


def number_revisions(entries: Iterable[Entry], study_version: str) -> Iterator[Revision]:
    """Turn entries in time order into revisions, as the ledger would number them.

    A save that changes nothing is no revision.
    """
    heads: dict[RecordKey, tuple[int, str]] = {}
    for entry in entries:
        values = key_rows(entry.values)
        text = canonical_json(values)
        revno, head = heads.get(entry.record_key, (0, ""))
        if text == head:
            continue
        heads[entry.record_key] = (revno + 1, text)
        record = name_record(entry.subject, entry.event, entry.event_seq, entry.form, entry.form_seq)
        yield Revision(
            **{**entry.__dict__, "values": values},
            revision=name_revision(record, revno + 1),
            revno=revno + 1,
            study_version=study_version,
        )


def latest_revisions(revisions: Iterable[Revision], as_of: datetime) -> list[Revision]:
    """The data as of a moment: each record's last revision at or before it; withdrawn records leave.

    Ordered by record, so that the result does not depend on the order in which the ledger was read.
    """
    latest: dict[RecordKey, Revision] = {}
    for revision in revisions:
        known = latest.get(revision.record_key)
        if revision.at <= as_of and (known is None or revision.revno > known.revno):
            latest[revision.record_key] = revision
    return [latest[key] for key in sorted(latest) if not latest[key].withdrawn]
