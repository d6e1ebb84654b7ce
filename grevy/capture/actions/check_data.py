"""Running the rules of a study version over everything that is stored: first to see, then to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from grevy.capture.actions.check_queries import ask, is_locked
from grevy.capture.addresses import address_of
from grevy.capture.checked import Question, judge, questions_of, read_history
from grevy.capture.ledger import LedgerTransaction, ledger_transaction
from grevy.capture.models import Signature, Subject
from grevy.capture.other_records import reads_of
from grevy.capture.policies import SITE_ZONE
from grevy.definition import Study


@dataclass(frozen=True)
class CheckedData:
    """What the rules ask (`OPEN` and `REOPENED`) and close, where, and how many signed records they touch."""

    opened: int
    closed: int
    by_check: dict[str, int]
    by_site: dict[str, int]
    records: tuple[str, ...]
    signed: int


def preview_checks(
    study: Study, *, checks: Collection[str] | None = None, step: Callable[[int, int], None] | None = None
) -> CheckedData:
    """What would be asked if this version of the study were published; nothing is written.

    `checks` keeps to some of its rules, such as those that are new. `step` hears of each subject.
    """
    return _check_subjects(study, checks, write=False, step=step)


def check_data(study: Study, *, checks: Collection[str] | None = None) -> CheckedData:
    """Ask and close what the stored data call for; a second run finds nothing to do."""
    return _check_subjects(study, checks, write=True)


def changed_checks(old: Study, new: Study) -> frozenset[str]:
    """The edit checks that a version adds, or whose condition, level or rows it changes."""
    before = {
        check.id: (form.name, check.when, check.level, check.each)
        for form in old.forms.values()
        for check in form.checks
    }
    return frozenset(
        check.id
        for form in new.forms.values()
        for check in form.checks
        if before.get(check.id) != (form.name, check.when, check.level, check.each)
    )


def _check_subjects(
    study: Study,
    checks: Collection[str] | None,
    *,
    write: bool,
    step: Callable[[int, int], None] | None = None,
) -> CheckedData:
    checks = None if checks is None else frozenset(checks)
    at, steps, signed = datetime.now(UTC), [], 0
    subjects = list(Subject.objects.order_by("number").values_list("number", flat=True))
    for number, subject in enumerate(subjects):
        if step is not None:
            step(number, len(subjects))
        if write:
            with ledger_transaction() as ledger:
                found = _check_subject(study, ledger, subject, checks, at, write=True)
        else:
            found = _check_subject(study, LedgerTransaction(), subject, checks, at, write=False)
        steps += found
        signed += _count_signed({step.address.record for step in found})
    asked = [step for step in steps if step.step != "CLOSED"]
    return CheckedData(
        opened=len(asked),
        closed=len(steps) - len(asked),
        by_check=dict(sorted(Counter(step.firing.check for step in asked if step.firing).items())),
        by_site=dict(sorted(Counter(step.address.subject.split("-")[0] for step in asked).items())),
        records=tuple(sorted({step.address.record for step in asked})),
        signed=signed,
    )


def _check_subject(
    study: Study,
    ledger: LedgerTransaction,
    subject: str,
    checks: frozenset[str] | None,
    at: datetime,
    *,
    write: bool,
) -> list[Question]:
    today = at.astimezone(SITE_ZONE).date()
    forms = _forms_of(study, checks)
    reads = [reads_of(study, form) for form in forms]
    read = forms.union(*(one.fixed + one.logs for one in reads))
    stored = ledger.records_of(subject, read)  # with all that the rules read, in one statement
    records = sorted(record for record in stored if record.split("/")[3] in forms)
    judged = [judge(study, ledger, address_of(record), today=today, checks=checks) for record in records]
    if write:
        return ask(study, ledger, judged, at=at)
    history = read_history(records)
    steps = [step for one in judged for step in questions_of(study, ledger, one, history)]
    return [step for step in steps if not is_locked(ledger, step.address)]


def _forms_of(study: Study, checks: frozenset[str] | None) -> set[str]:
    """The forms whose records have something to say to these checks; all where a rule is no edit check."""
    owners = {form.name: {one.id for one in form.checks} for form in study.forms.values()}
    if checks is None or not checks <= set().union(*owners.values()):
        return set(owners)
    return {form for form, own in owners.items() if own & checks}


def _count_signed(records: Collection[str]) -> int:
    """Records whose last revision carries a signature."""
    ledger = LedgerTransaction()
    signatures = Signature.objects.filter(record_id__in=list(records))
    bound = set(signatures.values_list("record_id", "revision_hash"))
    heads = {record: ledger.head(record) for record, _ in bound}
    return len({record for record, stamp in bound if (head := heads[record]) and head.hash == stamp})
