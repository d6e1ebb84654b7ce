"""Queries as pages show them: lists with filters, the story of one, counts per item, and their age.

Few statements whatever the number of queries. Who may see which site is the caller's to say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import Max, Min, QuerySet

from grevy.capture.addresses import Address, address_of
from grevy.capture.checked import SYSTEM
from grevy.capture.models import Query, QueryMessage
from grevy.definition.words import Text

SITE, SPONSOR = "site", "sponsor"
WHO_ACTS = {"OPEN": SITE, "REOPENED": SITE, "ANSWERED": SPONSOR}
"""Whose turn it is in each state that is not settled."""


@dataclass(frozen=True)
class QueryRow:
    """One query of a list, with its first and its last turn."""

    key: str
    site: str
    address: Address
    item: str
    row_key: str
    check_id: str
    batch: str
    state: str
    opened_at: datetime
    opened_by: str
    text: Text
    last_at: datetime
    last_by: str
    last_text: Text

    @property
    def who_acts(self) -> str:
        """The side whose turn it is; empty for a settled query."""
        return WHO_ACTS.get(self.state, "")

    def days(self, now: datetime) -> int:
        """Whole days since it was opened: until now, or until it was settled."""
        return ((now if self.who_acts else self.last_at) - self.opened_at).days


@dataclass(frozen=True)
class Turn:
    """One message of a query."""

    number: int
    kind: str
    text: Text
    by: str
    role: str
    at: datetime
    reason: str
    revision: int


@dataclass(frozen=True)
class Age:
    """Unsettled queries that wait for one side at one site."""

    site: str
    who_acts: str
    queries: int
    median_days: float
    over: int


def list_queries(
    *,
    sites: Collection[str] | None = None,
    subject: str | None = None,
    form: str | None = None,
    states: Collection[str] | None = None,
    who_acts: str | None = None,
    check_id: str | None = None,
    batch: str | None = None,
    older_than_days: int | None = None,
    now: datetime | None = None,
) -> list[QueryRow]:
    """The queries that meet all filters, the oldest first; `sites` None means all of them."""
    queries = Query.objects.all()
    if sites is not None:
        queries = queries.filter(record__study_event__subject__site_id__in=sites)
    if subject is not None:
        queries = queries.filter(record__study_event__subject_id=subject)
    if form is not None:
        queries = queries.filter(record__form=form)
    if states is not None:
        queries = queries.filter(state__in=states)
    if who_acts is not None:
        queries = queries.filter(state__in=[state for state, who in WHO_ACTS.items() if who == who_acts])
    if check_id is not None:
        queries = queries.filter(check_id=check_id)
    if batch is not None:
        queries = queries.filter(batch=batch)
    rows = _rows(queries)
    if older_than_days is not None and now is not None:
        rows = [row for row in rows if row.days(now) > older_than_days]
    return sorted(rows, key=lambda row: (row.opened_at, row.key))


def _rows(queries: QuerySet[Query]) -> list[QueryRow]:
    found = queries.annotate(first=Min("messages__seq"), last=Max("messages__seq"))
    stored = list(
        found.values_list(
            "key", "record_id", "item", "row_key", "check_id", "batch", "state", "first", "last",
            "record__study_event__subject__site_id",
        )
    )  # fmt: skip
    ends = {seq for row in stored for seq in row[7:9]}
    turns = _messages(ends)
    return [
        QueryRow(
            key, site, address_of(record), item, row, check, batch, state,
            turns[first].at, turns[first].by, text_of(turns[first]),
            turns[last].at, turns[last].by, text_of(turns[last]),
        )
        for key, record, item, row, check, batch, state, first, last, site in stored
    ]  # fmt: skip


def _messages(places: Iterable[int], size: int = 5000) -> dict[int, QueryMessage]:
    wanted, found = sorted(places), {}
    for start in range(0, len(wanted), size):
        found |= QueryMessage.objects.in_bulk(wanted[start : start + size])
    return found


def read_thread(key: str) -> list[Turn]:
    """The turns of one query in their order; none for a query that is not there."""
    return read_turns([key])[key]


def read_turns(keys: Collection[str]) -> dict[str, list[Turn]]:
    """The turns of some queries in their order, in one statement."""
    turns: dict[str, list[Turn]] = {key: [] for key in keys}
    for m in QueryMessage.objects.filter(query_id__in=list(keys)).order_by("query_id", "number"):
        turn = Turn(m.number, m.kind, text_of(m), m.by, m.role, m.at, m.reason, m.revision_number)
        turns[m.query_id].append(turn)
    return turns


def text_of(message: QueryMessage) -> Text:
    """What was written: the system writes both languages, a person's words stay as they are."""
    en, _, zh = message.text.partition("\n")
    if message.by == SYSTEM and zh:
        return Text(en=en, zh=zh)
    return Text(en=message.text, zh=message.text)


def count_unsettled(records: Collection[str]) -> dict[str, Counter[tuple[str, str]]]:
    """Unsettled queries of records by item and row; ("", "") is the record itself."""
    counts: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    unsettled = Query.objects.filter(record_id__in=list(records), state__in=list(WHO_ACTS))
    for record, item, row in unsettled.values_list("record_id", "item", "row_key"):
        counts[record][item, row] += 1
    return dict(counts)


def query_ages(now: datetime, *, over_days: int = 14, sites: Collection[str] | None = None) -> list[Age]:
    """How long unsettled queries wait, per site and side, from when they were opened."""
    days: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in list_queries(sites=sites, states=list(WHO_ACTS)):
        days[row.site, row.who_acts].append(row.days(now))
    return [
        Age(site, who, len(waits), float(median(waits)), sum(wait > over_days for wait in waits))
        for (site, who), waits in sorted(days.items())
    ]
