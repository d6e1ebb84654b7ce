"""Queries on what looks wrong: asked by data managers and monitors, answered by coordinators, closed or not.

A query on a planted contradiction carries the words of the check that sees it and is closed after the
correction. Monitors also ask about records that turn out to be right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from grevy.definition import Study
from grevy.simulate.contradictions import Planted
from grevy.simulate.site_work import ORIGIN, User, workday
from grevy.snapshot.entries import Entry, RecordKey

SPONSOR = (
    User("dm01", "Data manager 01", "data_manager", ""),
    User("cra01", "Monitor 01", "monitor", ""),
    User("cra02", "Monitor 02", "monitor", ""),
)
"""People of the sponsor, for the whole study: their site is empty."""
MONITORED_FORMS = ("adverse_event", "concomitant_medication", "vital_signs", "tumor_assessment")
RANDOM_SHARE = 0.004
ASKED = "Please confirm the dates on this form against the source document."
CONFIRMED = "Confirmed against the source document; no change."
CORRECTED = "Corrected against the source document."
UNCHANGED = "Checked; the source document says the same."
AGAIN = "The contradiction stands. Please look at it again."
CLOSED = "Thank you, closed."


@dataclass(frozen=True)
class QueryEvent:
    """One turn of a query: OPEN, ANSWERED, REOPENED or CLOSED; `number` says which query of the study.

    `check` is the edit check in whose words it is asked, if in any.
    """

    number: int
    at: datetime
    by: str
    role: str
    kind: str
    record: RecordKey
    item: str
    row_key: str
    text: str
    origin: str = ORIGIN
    check: str = ""


@dataclass(frozen=True)
class Subject:
    """What a query is about."""

    record: RecordKey
    item: str
    row_key: str
    text: str
    after: datetime
    corrected_at: datetime | None = None
    is_wrong: bool = True
    check: str = ""


def simulate_queries(
    study: Study,
    entries: list[Entry],
    planted: list[Planted],
    users: tuple[User, ...],
    *,
    seed: int,
    end: date,
) -> list[QueryEvent]:
    """Every turn of every query up to the data cut, in the order of time."""
    asked = [*on_planted(study, planted), *on_others(np.random.default_rng([seed, 3]), entries, planted)]
    events: list[QueryEvent] = []
    for number, subject in enumerate(asked, 1):
        rng = np.random.default_rng([seed, 3, number])
        staff = [user for user in users if user.role == "coordinator" and user.site == subject.record[0]]
        events += talk(rng, number, subject, staff[int(rng.integers(len(staff)))], end)
    return sorted(events, key=lambda event: event.at)


def on_planted(study: Study, planted: list[Planted]) -> Iterator[Subject]:
    """One query for each planted contradiction, in the words of its check."""
    for one in planted:
        check = next(check for check in study.forms[one.record[4]].checks if check.id == one.check)
        words = check.message.en
        yield Subject(one.record, one.item, one.row, words, one.at, one.corrected_at, check=one.check)


def on_others(rng: np.random.Generator, entries: list[Entry], planted: list[Planted]) -> Iterator[Subject]:
    """Questions of a monitor about records that are right."""
    taken = {one.record for one in planted}
    first: dict[RecordKey, Entry] = {}
    for entry in entries:
        if entry.form in MONITORED_FORMS and entry.record_key not in taken:
            first.setdefault(entry.record_key, entry)
    for key, entry in first.items():
        if rng.random() < RANDOM_SHARE:
            yield Subject(key, "", "", ASKED, entry.at, is_wrong=False)


def talk(
    rng: np.random.Generator, number: int, subject: Subject, answering: User, end: date
) -> Iterator[QueryEvent]:
    """The turns of one query until it rests or the study's data are cut."""
    asking = SPONSOR[0] if subject.is_wrong and rng.random() < 0.7 else SPONSOR[int(rng.integers(1, 3))]
    moment = subject.after
    for kind, who, text, days in turns(rng, subject, asking, answering):
        moment = office_moment(rng, moment, days, end)
        if kind == "ANSWERED" and text == CORRECTED and subject.corrected_at is not None:
            moment = max(moment, subject.corrected_at + timedelta(minutes=5))
        if moment.date() > end:
            return
        yield QueryEvent(
            number, moment, who.name, who.role, kind, subject.record, subject.item, subject.row_key, text,
            check=subject.check,
        )  # fmt: skip


def turns(
    rng: np.random.Generator, subject: Subject, asking: User, answering: User
) -> Iterator[tuple[str, User, str, int]]:
    """Kind, author, words and days since the turn before."""
    yield "OPEN", asking, subject.text, 1 + int(rng.exponential(4))
    is_corrected = subject.corrected_at is not None
    if not is_corrected and rng.random() < 0.2:
        return
    if is_corrected and rng.random() < 0.2:
        yield "ANSWERED", answering, UNCHANGED, 1 + int(rng.exponential(2))
        yield "REOPENED", asking, AGAIN, 1 + int(rng.exponential(2))
    answer = CORRECTED if is_corrected else (UNCHANGED if subject.is_wrong else CONFIRMED)
    yield "ANSWERED", answering, answer, 1 + int(rng.exponential(6))
    if subject.is_wrong and not is_corrected:
        if rng.random() < 0.5:
            yield "REOPENED", asking, AGAIN, 2 + int(rng.exponential(5))
        return
    yield "CLOSED", asking, CLOSED, 1 + int(rng.exponential(5))


def office_moment(rng: np.random.Generator, after: datetime, days: int, end: date) -> datetime:
    """Some days after the turn before, in working hours."""
    day = workday(after.date() + timedelta(days=days), end)
    return datetime.combine(day, time(int(rng.integers(0, 10)), int(rng.integers(0, 60))), UTC)
