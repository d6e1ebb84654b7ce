"""Queries: asked, answered, closed, asked again or cancelled; one at a time or many in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from grevy.capture.actions.review import reviewed
from grevy.capture.addresses import Address, address_of
from grevy.capture.chain import reason_of_query
from grevy.capture.errors import AgainstPolicy, UnknownPlace
from grevy.capture.ledger import LedgerTransaction, ledger_transaction
from grevy.capture.models import Query, QueryMessage, QueryState
from grevy.capture.words import say

# From which states a query may go where.
QUERY_STEPS: dict[str, tuple[str, ...]] = {
    QueryState.ANSWERED: (QueryState.OPEN, QueryState.REOPENED),
    QueryState.CLOSED: (QueryState.OPEN, QueryState.ANSWERED, QueryState.REOPENED),
    QueryState.REOPENED: (QueryState.ANSWERED, QueryState.CLOSED),
    QueryState.CANCELLED: (QueryState.OPEN,),
}
UNSETTLED = (QueryState.OPEN.value, QueryState.ANSWERED.value, QueryState.REOPENED.value)


@dataclass(frozen=True)
class Place:
    """What a query is about: a record, and in it an item or a row, and the check that asks, if one does."""

    address: Address
    item: str = ""
    row_key: str = ""
    check: str = ""
    study_version: str = ""


def open_query(
    address: Address,
    text: str,
    *,
    by: str,
    item: str = "",
    row_key: str = "",
    check: str = "",
    study_version: str = "",
    at: datetime | None = None,
    origin: str = "person",
) -> str:
    """Ask about a record, a row or an item; return the query's key.

    `check` is the rule of that version of the study in whose words the person asks: it will not ask again.
    """
    place = Place(address, item, row_key, check, study_version)
    with ledger_transaction() as ledger:
        return _open(ledger, place, text, by=by, at=at, origin=origin)


def open_queries(places: Sequence[Place], text: str, *, by: str) -> str:
    """Ask the same of many records, in one transaction; return the batch, by which it can be undone."""
    if not places:
        raise AgainstPolicy(say("at_queries"), say("nothing_to_ask"), say("choose_one"))
    with ledger_transaction() as ledger:
        ledger.preload([one.address.record for one in places], {one.address.subject for one in places})
        batch = f"B{ledger.next_in(QueryMessage):06d}"
        for place in places:
            _open(ledger, place, text, by=by, batch=batch)
    return batch


def undo_queries(batch: str, text: str, *, by: str) -> int:
    """Cancel those of a batch that nobody has answered or closed; return how many."""
    with ledger_transaction():
        keys = list(
            Query.objects.filter(batch=batch, state=QueryState.OPEN)
            .order_by("key")
            .values_list("key", flat=True)
        )
        if not keys:
            known = Query.objects.filter(batch=batch).exists()
            why = say("batch_settled") if known else say("no_such_batch")
            raise AgainstPolicy(say("at_batch", batch=batch), why)
        for key in keys:
            cancel_query(key, text, by=by)
    return len(keys)


def answer_query(key: str, text: str, *, by: str, at: datetime | None = None, origin: str = "person") -> None:
    """Answer; the query waits for whoever asked."""
    _continue_query(key, QueryState.ANSWERED, text, by=by, action="answer_query", at=at, origin=origin)


def close_query(key: str, text: str, *, by: str, at: datetime | None = None, origin: str = "person") -> None:
    """Accept the answer."""
    _continue_query(key, QueryState.CLOSED, text, by=by, action="close_query", at=at, origin=origin)


def reopen_query(key: str, text: str, *, by: str, at: datetime | None = None, origin: str = "person") -> None:
    """Ask again."""
    _continue_query(key, QueryState.REOPENED, text, by=by, action="open_query", at=at, origin=origin)


def cancel_query(key: str, text: str, *, by: str) -> None:
    """Take back a query that nobody has answered."""
    _continue_query(key, QueryState.CANCELLED, text, by=by, action="open_query")


def _open(
    ledger: LedgerTransaction,
    place: Place,
    text: str,
    *,
    by: str,
    batch: str = "",
    at: datetime | None = None,
    origin: str = "person",
) -> str:
    site, role, head = reviewed(ledger, place.address, by, "open_query")
    key = f"{place.address.record}?{Query.objects.filter(record_id=place.address.record).count() + 1}"
    moment = ledger.clock(at, origin, QueryMessage)
    add_query(ledger, key, place, text, head.number, batch=batch, by=by, role=role, site=site, at=moment)
    ledger.flush()
    return key


def _continue_query(
    key: str,
    state: str,
    text: str,
    *,
    by: str,
    action: str,
    at: datetime | None = None,
    origin: str = "person",
) -> None:
    with ledger_transaction() as ledger:
        query = Query.objects.filter(key=key).first()
        if query is None:
            raise UnknownPlace(say("at_query", query=key), say("no_such_query"))
        site, role, head = reviewed(ledger, address_of(query.record_id), by, action)
        number = QueryMessage.objects.filter(query_id=key).count() + 1
        moment = ledger.clock(at, origin, QueryMessage)
        who = {"by": by, "role": role, "site": site, "at": moment}
        add_turn(ledger, query, number, state, text, head.number, reason="", **who)
        ledger.flush()


def add_query(
    ledger: LedgerTransaction,
    key: str,
    place: Place,
    text: str,
    revision: int,
    *,
    batch: str = "",
    after: str = "",
    **who: object,
) -> None:
    """Add a query with its first message; `after` names the revision that brought it about."""
    query = Query(
        key=key,
        record_id=place.address.record,
        item=place.item,
        row_key=place.row_key,
        check_id=place.check,
        study_version=place.study_version,
        batch=batch,
    )
    why = reason_of_query(place.check, place.study_version, batch)
    reason = ", after ".join(part for part in (why, after) if part)
    ledger.add(query)
    _add_message(ledger, query, 1, QueryState.OPEN, text, revision, reason=reason, **who)


def add_turn(
    ledger: LedgerTransaction,
    query: Query,
    number: int,
    state: str,
    text: str,
    revision: int,
    **who: object,
) -> None:
    """Add a message that brings a query into another state; refuses a step that there is not."""
    if query.state not in QUERY_STEPS[state]:
        is_now, wanted = say(f"query_step_{query.state}"), say(f"query_step_{state}")
        raise AgainstPolicy(
            say("at_query", query=query.key), say("query_step_refused", state=is_now, wanted=wanted)
        )
    _add_message(ledger, query, number, state, text, revision, **who)
    Query.objects.filter(key=query.key).update(state=str(state))


def _add_message(
    ledger: LedgerTransaction,
    query: Query,
    number: int,
    kind: str,
    text: str,
    revision: int,
    **who: object,
) -> None:
    if not text.strip():
        raise AgainstPolicy(say("at_query", query=query.key), say("message_empty"), say("say_what"))
    row = QueryMessage(
        query_id=query.key,
        number=number,
        kind=str(kind),
        text=text.strip(),
        item=query.item,
        row_key=query.row_key,
        revision_number=revision,
        **who,
    )
    ledger.add(row)
