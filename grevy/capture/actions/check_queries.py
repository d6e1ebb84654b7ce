"""Queries that the rules of the study ask by themselves, and close by themselves once the data are right.

After a save every rule is judged that reads what was changed, in the record and in the subject's others. The
system is the author; each turn names the check, the version of the study and the revision that brought it
about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import Count

from grevy.capture.actions.queries import Place, add_query, add_turn
from grevy.capture.addresses import Address
from grevy.capture.chain import reason_of_query
from grevy.capture.check_scope import marks_changed, marks_read
from grevy.capture.checked import (
    SYSTEM,
    Firing,
    Judged,
    Question,
    judge,
    judge_dependents,
    questions_of,
    read_history,
)
from grevy.capture.errors import Finding
from grevy.capture.ledger import LedgerTransaction
from grevy.capture.merging import Values
from grevy.capture.models import Confirmation, LockLevel, Query, QueryMessage
from grevy.capture.policies import SITE_ZONE, lock_scopes
from grevy.definition import Study
from grevy.definition.words import Text
from grevy.snapshot import name_revision

NO_LONGER = Text(en="The check no longer fires.", zh="该核查不再触发。")
WITHDRAWN = Text(en="The record was withdrawn.", zh="该记录已作废。")


def find_conflicts(
    study: Study,
    ledger: LedgerTransaction,
    address: Address,
    items: Collection[str],
    values: Values,
    *,
    at: datetime,
) -> list[Finding]:
    """What the values would make fire in the subject's other records, each by the record it would be in.

    What fires there already, was asked or was confirmed is not named again.
    """
    today = at.astimezone(SITE_ZONE).date()
    instead = {address.record: values}
    judged = judge_dependents(study, ledger, address, items, today=today, instead=instead)
    judged = [one for one in judged if one.firing]
    history = read_history(one.address.record for one in judged) if judged else None
    found = []
    for one in judged:
        before = {f.key for f in judge(study, ledger, one.address, today=today, marks=one.marks).firing}
        steps = questions_of(study, ledger, one, history) if history else []
        for firing in (step.firing for step in steps if step.firing and step.firing.key not in before):
            message = _placed(study, one.address, firing.message)
            item = _cause(study, address.form, items, one.address.form, firing)
            found.append(Finding(address.form, item, message, one.address.record))
    return found


def _cause(study: Study, form: str, items: Collection[str], other: str, firing: Firing) -> str:
    """The changed item that the check of the other record reads: there the message belongs."""
    read = marks_read(study, other, firing.check, firing.item)
    read -= {("log", form)}  # any change of a log touches those who read the log as a whole
    causes = [item for item in items if not read.isdisjoint(marks_changed(study, form, {item}, reader=other))]
    return min(causes or items, default="")


def _placed(study: Study, address: Address, message: Text) -> Text:
    form, event = study.forms[address.form].label, study.event(address.event).label
    number = f" {address.event_seq}" if address.event_seq > 1 else ""
    row = f" #{address.form_seq}" if study.forms[address.form].repeating else ""
    return Text(
        en=f"{form.en}{row} ({event.en}{number}): {message.en}",
        zh=f"{form.zh}{row}（{event.zh}{number}）：{message.zh}",
    )


def settle_checks(
    study: Study,
    ledger: LedgerTransaction,
    address: Address,
    items: Collection[str],
    *,
    at: datetime,
    note: str = "",
    **who: str,
) -> None:
    """Ask, ask again and close what a save brings about; keep the note that confirms its unusual values.

    `items` are the items and groups that the save changed, `note` is given where a person confirmed.
    """
    today = at.astimezone(SITE_ZONE).date()
    own = judge(study, ledger, address, today=today, marks=marks_changed(study, address.form, items))
    if note:
        _confirm(study, ledger, own, note, at=at, **who)
    judged = [own, *judge_dependents(study, ledger, address, items, today=today)]
    head = ledger.head(address.record)
    after = name_revision(address.record, head.number) if head else ""
    ask(study, ledger, judged, at=at, after=after)


def _confirm(
    study: Study, ledger: LedgerTransaction, own: Judged, note: str, *, at: datetime, **who: str
) -> None:
    head = ledger.head(own.address.record)
    for firing in own.firing:
        ledger.add(
            Confirmation(
                record_id=own.address.record,
                revision_number=head.number if head else 1,
                check_id=firing.check,
                item=firing.item,
                row_key=firing.row_key,
                study_version=study.version,
                at=ledger.moment(at, Confirmation),
                reason=note,
                **who,
            )
        )


def ask(
    study: Study,
    ledger: LedgerTransaction,
    judged: Sequence[Judged],
    *,
    at: datetime,
    after: str = "",
    batch: str = "",
) -> list[Question]:
    """Write the questions of judged records; return them. A locked record is left as it is."""
    ledger.flush()
    history = read_history(one.address.record for one in judged)
    steps = [step for one in judged for step in questions_of(study, ledger, one, history)]
    steps = [step for step in steps if not is_locked(ledger, step.address)]
    numbers = _count_queries({step.address.record for step in steps if step.asked is None})
    for step in steps:
        _write(study, ledger, step, numbers, at=at, after=after, batch=batch)
    ledger.flush()
    return steps


def is_locked(ledger: LedgerTransaction, address: Address) -> bool:
    """Whether nothing may be asked about a record any more."""
    scopes = lock_scopes(address, ledger.site_of(address.subject))
    return ledger.lock_level(scopes) == LockLevel.LOCKED


def _count_queries(records: Iterable[str]) -> dict[str, int]:
    counted = Query.objects.filter(record_id__in=list(records)).values("record_id").annotate(n=Count("key"))
    return {row["record_id"]: row["n"] for row in counted}


def _write(
    study: Study,
    ledger: LedgerTransaction,
    step: Question,
    numbers: dict[str, int],
    *,
    at: datetime,
    after: str,
    batch: str,
) -> None:
    record, site = step.address.record, ledger.site_of(step.address.subject)
    head = ledger.head(record)
    assert head is not None  # a rule is judged on what is stored
    who = {"by": SYSTEM, "role": SYSTEM, "site": site, "at": ledger.moment(at, QueryMessage)}
    if step.asked is None and step.firing is not None:
        numbers[record] = numbers.get(record, 0) + 1
        one = step.firing
        place = Place(step.address, one.item, one.row_key, one.check, study.version)
        key = f"{record}?{numbers[record]}"
        add_query(ledger, key, place, one.words, head.number, batch=batch, after=after, **who)
    elif step.asked is not None:
        text = step.firing.words if step.firing else _both(WITHDRAWN if head.withdrawn else NO_LONGER)
        query = step.asked.query
        why = reason_of_query(query.check_id, study.version, batch)
        reason = ", after ".join(part for part in (why, after) if part)
        add_turn(ledger, query, step.asked.turns + 1, step.step, text, head.number, reason=reason, **who)


def _both(text: Text) -> str:
    return f"{text.en}\n{text.zh}"
