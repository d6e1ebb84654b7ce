"""The query inbox: which queries a filter leaves, in which order, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from grevy.capture.checked import SYSTEM
from grevy.capture.models import Query, QueryMessage, QueryState
from grevy.capture.permissions import ROLES_THAT_MAY, role_that_may
from grevy.capture.reading.form_page import query_path
from grevy.capture.reading.queries import (
    SITE,
    SPONSOR,
    WHO_ACTS,
    QueryRow,
    Turn,
    list_queries,
    read_turns,
)
from grevy.definition import Study
from grevy.definition.words import Text

Held = frozenset[tuple[str, str | None]]

PAGE_SIZE = 50
OVER_DAYS = 14
AGES = (7, OVER_DAYS, 28)
"""Filters by age: open over so many days."""
STATES = tuple(state.value for state in QueryState)
SORTS = ("opened", "subject", "form", "state", "age", "last")
CHECK, PERSON = "check", "person"


@dataclass(frozen=True)
class InboxFilter:
    """What the address of the inbox says; without a state those that are not settled are shown."""

    subject: str = ""
    site: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    who: str = ""
    opened: str = ""
    older: int = 0
    batch: str = ""
    check: str = ""
    sort: str = "opened"
    descending: bool = False
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The address's query of this filter with some changes; page 1 unless the change says otherwise."""
        said: dict[str, Any] = self.__dict__ | {"page": 1} | changes
        sort = ("-" if said["descending"] else "") + said["sort"]
        pairs = [(name, said[name]) for name in ONE if said[name]]
        pairs += [(name, one) for name in MANY for one in said[name]]
        pairs += [("older", str(said["older"]))] if said["older"] else []
        pairs += [("sort", sort)] if sort != "opened" else []
        pairs += [("page", str(said["page"]))] if said["page"] > 1 else []
        return urlencode(pairs)

    @property
    def is_empty(self) -> bool:
        return not (self.older or any(getattr(self, name) for name in (*ONE, *MANY)))

    @property
    def shows_settled(self) -> bool:
        """Whether queries are asked for that wait for nobody; a batch is shown whole."""
        return (bool(self.batch) and not self.state) or not set(self.state) <= set(WHO_ACTS)


ONE = ("subject", "who", "opened", "batch", "check")
MANY = ("site", "form", "state")


def read_inbox_filter(get: Any) -> InboxFilter:
    """The filter that an address says; what it does not know is left out."""
    sort, page, older = str(get.get("sort", "")), str(get.get("page", "")), str(get.get("older", ""))
    name = sort.removeprefix("-")
    return InboxFilter(
        subject=str(get.get("subject", "")).strip()[:20],
        site=tuple(sorted({one[:10] for one in get.getlist("site") if one})),
        form=tuple(sorted({one[:60] for one in get.getlist("form") if one})),
        state=tuple(one for one in STATES if one in get.getlist("state")),
        who=_one_of(get.get("who"), (SITE, SPONSOR)),
        opened=_one_of(get.get("opened"), (CHECK, PERSON)),
        older=int(older) if older.isascii() and older.isdigit() and len(older) < 5 else 0,
        batch=str(get.get("batch", ""))[:40],
        check=str(get.get("check", ""))[:60],
        sort=name if name in SORTS else "opened",
        descending=sort.startswith("-") and name in SORTS,
        page=max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def _one_of(said: Any, known: tuple[str, ...]) -> str:
    return str(said) if said in known else ""


def read_inbox(sites: frozenset[str] | None, chosen: InboxFilter) -> list[QueryRow]:
    """All queries at the sites among which the filter chooses: settled ones only where it asks for them."""
    return list_queries(sites=sites, states=None if chosen.shows_settled else list(WHO_ACTS))


def select_queries(rows: Iterable[QueryRow], chosen: InboxFilter, now: datetime) -> list[QueryRow]:
    """The queries that the filter leaves, in its order; equal ones stay oldest first."""
    left = [row for row in rows if _is_left(row, chosen, now)]
    if chosen.sort == "age":
        return sorted(left, key=lambda row: row.days(now), reverse=chosen.descending)
    return sorted(left, key=_KEYS[chosen.sort], reverse=chosen.descending)


def _is_left(row: QueryRow, chosen: InboxFilter, now: datetime) -> bool:
    return (
        (not chosen.subject or row.address.subject == chosen.subject)
        and (not chosen.site or row.site in chosen.site)
        and (not chosen.form or row.address.form in chosen.form)
        and (row.state in chosen.state if chosen.state else bool(row.who_acts) or bool(chosen.batch))
        and (not chosen.who or row.who_acts == chosen.who)
        and (not chosen.opened or (row.opened_by == SYSTEM) == (chosen.opened == CHECK))
        and (not chosen.older or row.days(now) > chosen.older)
        and (not chosen.batch or row.batch == chosen.batch)
        and (not chosen.check or row.check_id == chosen.check)
    )


_KEYS: Mapping[str, Any] = {
    "opened": lambda row: row.opened_at,
    "subject": lambda row: row.address.subject,
    "form": lambda row: row.address.form,
    "state": lambda row: STATES.index(row.state),
    "last": lambda row: row.last_at,
}


# ---- Whose turn ----------------------------------------------------------------------------------------


def sides_of(held: Held) -> tuple[str, ...]:
    """For which side a person acts: who answers for the site, who closes for the sponsor."""
    roles = {role for role, _ in held}
    answers = (SITE,) if roles & set(ROLES_THAT_MAY["answer_query"]) else ()
    closes = (SPONSOR,) if roles & set(ROLES_THAT_MAY["close_query"]) else ()
    return answers + closes


def count_waiting(held: Held) -> int:
    """Queries that wait for an answer or a decision of this person, in one statement."""
    total = 0
    for action, side in (("answer_query", SITE), ("close_query", SPONSOR)):
        sites = {site for role, site in held if role in ROLES_THAT_MAY[action]}
        if not sites:
            continue
        waiting = Query.objects.filter(state__in=[state for state, who in WHO_ACTS.items() if who == side])
        if None not in sites:
            waiting = waiting.filter(record__study_event__subject__site_id__in=sites)
        total += waiting.count()
    return total


# ---- One query -----------------------------------------------------------------------------------------

STEPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "answer": ("answer_query", ("OPEN", "REOPENED")),
    "close": ("close_query", ("OPEN", "ANSWERED", "REOPENED")),
    "reopen": ("open_query", ("ANSWERED", "CLOSED")),
    "cancel": ("open_query", ("OPEN",)),
}
"""What a person may do with a query: the right it takes, and the states from which it goes."""


@dataclass(frozen=True)
class Thread:
    """A query with its turns, and what this person may do with it now."""

    number: int
    """The place of its first message in the ledger: short, and safe in an address."""
    row: QueryRow
    turns: tuple[Turn, ...]
    steps: tuple[str, ...]
    study_version: str

    @property
    def path(self) -> str:
        return query_path(self.row.item, self.row.row_key)

    @property
    def key(self) -> str:
        return self.row.key


def number_queries(keys: Iterable[str]) -> dict[str, int]:
    """The number of each query by its key."""
    first = QueryMessage.objects.filter(query_id__in=list(keys), number=1)
    return dict(first.values_list("query_id", "seq"))


def key_of_number(number: int) -> str | None:
    """The key of the query with this number."""
    return QueryMessage.objects.filter(seq=number, number=1).values_list("query_id", flat=True).first()


def read_threads(rows: Iterable[QueryRow], held: Held) -> list[Thread]:
    """The threads of some queries as one person sees them."""
    rows = list(rows)
    numbers = number_queries(row.key for row in rows)
    turns = read_turns([row.key for row in rows])
    versions = dict(
        Query.objects.filter(key__in=[row.key for row in rows]).values_list("key", "study_version")
    )
    may = {
        (action, site): role_that_may(held, action, site) is not None
        for site in {row.site for row in rows}
        for action in {action for action, _ in STEPS.values()}
    }
    return [
        Thread(
            number=numbers[row.key],
            row=row,
            turns=tuple(turns[row.key]),
            steps=tuple(
                step
                for step, (action, states) in STEPS.items()
                if row.state in states and may[action, row.site]
            ),
            study_version=versions[row.key],
        )
        for row in rows
    ]


def label_of(study: Study, row: QueryRow) -> Text | None:
    """The label of the item that a query is about; None where it is about the whole record."""
    item = study.forms[row.address.form].find(row.item) if row.item else None
    return item.label if item else None
