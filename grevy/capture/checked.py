"""What the rules of the study say of stored records: which fire, and which were asked or confirmed before.

Read only. What a save changes is judged again in every record that reads it; what is to be asked of the site
follows from the findings, the queries there are and the confirmations.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max

from grevy.capture.addresses import Address, address_of
from grevy.capture.check_scope import Mark, forms_that_read, marks_changed, marks_read
from grevy.capture.ledger import LedgerTransaction
from grevy.capture.merging import Values
from grevy.capture.models import Confirmation, FormRevision, Query, QueryMessage, QueryState
from grevy.capture.other_records import other_values, records_read
from grevy.definition import Problem, Study, validate_values
from grevy.definition.words import Text
from grevy.snapshot import ROW_KEY

SYSTEM = "system"
Key = tuple[str, str, str]
"""Rule, item and row: what tells the questions about one record apart."""


@dataclass(frozen=True)
class Firing:
    """A rule that fires on a stored record."""

    check: str
    item: str
    row_key: str
    message: Text

    @property
    def key(self) -> Key:
        return self.check, self.item, self.row_key

    @property
    def words(self) -> str:
        """The message in both languages, for readers of either."""
        return f"{self.message.en}\n{self.message.zh}"


@dataclass(frozen=True)
class Judged:
    """A record, which of its rules were judged (by marks or by name; None: all), and those that fire."""

    address: Address
    firing: tuple[Firing, ...]
    marks: frozenset[Mark] | None = None
    checks: frozenset[str] | None = None


@dataclass(frozen=True)
class Asked:
    """A query that a rule asks, and how it stands."""

    query: Query
    turns: int
    last_by: str
    last_revision: int


@dataclass(frozen=True)
class Question:
    """What is to be done about one rule on one record: OPEN, REOPENED or CLOSED."""

    step: str
    address: Address
    firing: Firing | None
    asked: Asked | None


# ----------------------------------------------------------------------------------------------------------
# Judging
# ----------------------------------------------------------------------------------------------------------


def judge(
    study: Study,
    ledger: LedgerTransaction,
    address: Address,
    *,
    today: date,
    marks: Collection[Mark] | None = None,
    checks: Collection[str] | None = None,
    instead: Mapping[str, Values] | None = None,
) -> Judged:
    """The rules that fire on a record as it stands, or would stand; none on a withdrawn one.

    `marks` keeps to the rules that read one of them, `checks` to some rules by name.
    """
    would_be = instead or {}
    stored = address.record not in would_be
    values = ledger.values_of(address.record) if stored else would_be[address.record]
    scope = None if marks is None else frozenset(marks)
    named = None if checks is None else frozenset(checks)
    if values is None or address.form not in study.forms:
        return Judged(address, (), scope, named)
    form = study.forms[address.form]
    if scope is not None or checks is not None:
        kept = tuple(one for one in form.checks if _is_meant(study, address.form, one.id, "", scope, checks))
        form = form.model_copy(update={"checks": kept})
    others = other_values(study, ledger, address, values, instead=instead)
    problems = validate_values(form, values, study, others=others, today=today)
    firing = {
        one.key: one
        for problem in problems
        if problem.level != "required"
        and _is_meant(study, address.form, problem.rule, problem.item, scope, checks)
        for one in (_firing(problem, values),)
    }
    return Judged(address, tuple(firing.values()), scope, named)


def _is_meant(
    study: Study,
    form: str,
    rule: str,
    item: str,
    marks: frozenset[Mark] | None,
    checks: Collection[str] | None,
) -> bool:
    if checks is not None and rule not in checks:
        return False
    return marks is None or not marks.isdisjoint(marks_read(study, form, rule, item))


def _firing(problem: Problem, values: Values) -> Firing:
    row = ""
    if problem.row is not None:
        row = str(values[problem.item.split(".")[0]][problem.row].get(ROW_KEY, ""))
    return Firing(problem.rule, problem.item, row, problem.message)


def judge_dependents(
    study: Study,
    ledger: LedgerTransaction,
    address: Address,
    items: Collection[str],
    *,
    today: date,
    instead: Mapping[str, Values] | None = None,
) -> list[Judged]:
    """The rules of the subject's other records that read the changed items of a record, and which fire."""
    readers = forms_that_read(study, address.form, items)
    judged = []
    for record in sorted(ledger.records_of(address.subject, readers)):
        other = address_of(record)
        if record != address.record and ledger.values_of(record) is not None:
            marks = marks_changed(study, address.form, items, reader=other.form)
            if not _reads_record(study, other, address):
                marks = {mark for mark in marks if mark[0] != "other"}
            one = judge(study, ledger, other, today=today, marks=marks, instead=instead) if marks else None
            judged += [one] if one else []
    return judged


def _reads_record(study: Study, reader: Address, read: Address) -> bool:
    return records_read(study, reader).get(read.form) == read.record


# ----------------------------------------------------------------------------------------------------------
# What was asked and confirmed
# ----------------------------------------------------------------------------------------------------------


@dataclass
class History:
    """The queries of rules and the confirmations of some records, and the values they were about."""

    queries: dict[str, list[Asked]] = field(default_factory=lambda: defaultdict(list))
    confirmed: dict[str, dict[Key, int]] = field(default_factory=lambda: defaultdict(dict))
    _contents: dict[tuple[str, int], Values] = field(default_factory=dict)

    def values_at(self, record: str, number: int) -> Values:
        if (record, number) not in self._contents:
            stored = FormRevision.objects.filter(record_id=record, number=number)
            self._contents[record, number] = json.loads(stored.values_list("content", flat=True).get())
        return self._contents[record, number]


def read_history(records: Iterable[str]) -> History:
    """In a few statements whatever the number of records."""
    history = History()
    for part in _parts(sorted(records)):
        asked = Query.objects.filter(record_id__in=part).exclude(check_id="").order_by("key")
        last = dict(asked.annotate(last=Max("messages__seq")).values_list("key", "last"))
        turns = QueryMessage.objects.in_bulk(list(last.values()))
        for query in asked:
            turn = turns[last[query.key]]
            one = Asked(query, turn.number, turn.by, turn.revision_number)
            history.queries[query.record_id].append(one)
        rows = Confirmation.objects.filter(record_id__in=part).order_by("seq")
        for record, check, item, row, revision in rows.values_list(
            "record_id", "check_id", "item", "row_key", "revision_number"
        ):
            history.confirmed[record][check, item, row] = revision
    return history


def _parts(records: list[str], size: int = 400) -> Iterable[list[str]]:
    return (records[start : start + size] for start in range(0, len(records), size))


# ----------------------------------------------------------------------------------------------------------
# What to do
# ----------------------------------------------------------------------------------------------------------


def questions_of(study: Study, ledger: LedgerTransaction, judged: Judged, history: History) -> list[Question]:
    """The queries to open, to ask again and to close on one record, so that each rule asks once.

    A query that a person closed or cancelled, and a value that a person confirmed, are not asked about again
    while the values that the rule reads in the record stay as they were.
    """
    address, asked = judged.address, history.queries.get(judged.address.record, [])
    firing = {one.key: one for one in judged.firing}
    steps = []
    for key, one in firing.items():
        same = [a for a in asked if (a.query.check_id, a.query.item, a.query.row_key) == key]
        step, last = _step(study, ledger, address, one, same, history)
        steps += [Question(step, address, one, last)] if step else []
    for a in asked:
        key = (a.query.check_id, a.query.item, a.query.row_key)
        is_open = a.query.state in (QueryState.OPEN, QueryState.ANSWERED, QueryState.REOPENED)
        if (
            is_open
            and key not in firing
            and _is_meant(study, address.form, key[0], key[1], judged.marks, None)
        ):
            steps.append(Question(QueryState.CLOSED.value, address, None, a))
    return steps


def _step(
    study: Study,
    ledger: LedgerTransaction,
    address: Address,
    firing: Firing,
    same: list[Asked],
    history: History,
) -> tuple[str | None, Asked | None]:
    if any(a.query.state not in (QueryState.CLOSED, QueryState.CANCELLED) for a in same):
        return None, None
    settled = [history.confirmed.get(address.record, {}).get(firing.key)]
    last = max(same, key=lambda a: (a.query.state != QueryState.CANCELLED, a.query.key), default=None)
    settled += [a.last_revision for a in same if a.last_by != SYSTEM]
    for revision in filter(None, settled):
        if _is_unchanged(study, ledger, address, firing, history.values_at(address.record, revision)):
            return None, None
    if last is not None and last.query.state == QueryState.CLOSED:
        return QueryState.REOPENED.value, last
    return QueryState.OPEN.value, None


def _is_unchanged(
    study: Study, ledger: LedgerTransaction, address: Address, firing: Firing, then: Values
) -> bool:
    now = ledger.values_of(address.record) or {}
    own = [mark[1] for mark in marks_read(study, address.form, firing.check, firing.item) if mark[0] == "own"]
    return all(_part(then, item, firing.row_key) == _part(now, item, firing.row_key) for item in own)


def _part(values: Values, item: str, row_key: str) -> Any:
    value = values.get(item)
    if isinstance(value, list) and row_key:
        return next((row for row in value if row.get(ROW_KEY) == row_key), None)
    return value
