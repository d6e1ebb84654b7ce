"""Subjects and forms: what sites write."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Max

from grevy.capture.actions.check_queries import find_conflicts, settle_checks
from grevy.capture.actions.drafts import discard_draft
from grevy.capture.addresses import address_of
from grevy.capture.computed import fill_computed, without_computed
from grevy.capture.decisions import check_decision
from grevy.capture.departures import (
    BASELINE,
    CORRECTED,
    DEVIATION,
    find_corrected,
    find_departures,
    find_window_departure,
    is_told,
    read_recorded,
)
from grevy.capture.errors import AgainstPolicy, Clash, FieldClash, Finding, UnknownPlace
from grevy.capture.ledger import CLOCK_MAY_BE_GIVEN, Head, LedgerTransaction, ledger_transaction
from grevy.capture.merging import FieldPath, Values, changed_fields, clashing_fields, flatten, merge
from grevy.capture.models import (
    FormRecord,
    FormRevision,
    Site,
    StudyEvent,
    Subject,
    SubjectState,
    SubjectStep,
    Submission,
)
from grevy.capture.other_records import other_values
from grevy.capture.policies import (
    SITE_ZONE,
    Address,
    check_consent,
    check_items_are_known,
    check_open_for_entry,
    check_reason,
    check_step,
    check_values,
    find_form,
    is_confirmed,
)
from grevy.capture.reading.screening import ELIGIBILITY
from grevy.capture.submissions import Request, Saved, find_saved, keep_saved
from grevy.capture.words import say
from grevy.definition import Problem, Study, validate_values
from grevy.snapshot import canonical_json, key_rows, name_revision

SIMULATED = "simulated"
# Told apart from `None`: a person whose draft was kept from an empty form started from revision 0.
EMPTY: Values = {}
NEXT_FIELD = re.compile(r"; (?=[a-z]\w*(?:\.[\w-]+)*: )")
"""Where a reason that names several fields goes on to the next one."""


def create_subject(
    site: str, *, by: str, number: str | None = None, at: datetime | None = None, origin: str = "person"
) -> str:
    """Give the next screening number of a site; with it nothing but consent may be entered."""
    with ledger_transaction() as ledger:
        role = ledger.role(by, "create_subject", site)
        subject = number or _next_number(site)
        if not Site.objects.filter(code=site).exists():
            raise UnknownPlace(say("at_site", site=site), say("no_such_site"))
        if ledger.knows_subject(subject) or not subject.startswith(f"{site}-"):
            raise AgainstPolicy(say("at_subject", subject=subject), say("number_taken", site=site))
        at = ledger.clock(at, origin, SubjectStep)
        ledger.add_subject(subject, site)
        ledger.add_step(_step(subject, SubjectState.SCREENING, 1, "", by=by, role=role, site=site, at=at))
    return subject


def _next_number(site: str) -> str:
    last = Subject.objects.filter(site_id=site).order_by("-number").values_list("number", flat=True).first()
    return f"{site}-{int(last.split('-')[1]) + 1 if last else 1:03d}"


def _step(subject: str, state: str, number: int, cause: str, **who: object) -> SubjectStep:
    return SubjectStep(subject_id=subject, number=number, state=str(state), cause=cause, **who)


# ----------------------------------------------------------------------------------------------------------
# Forms
# ----------------------------------------------------------------------------------------------------------


def save_form(
    study: Study,
    address: Address,
    values: Values,
    *,
    started_from: int,
    by: str,
    reason: str | None = None,
    at: datetime | None = None,
    origin: str = "person",
    confirmed: bool = False,
    submission: str | None = None,
) -> Saved:
    """Save one form as one new revision.

    `started_from` is the number of the revision its author saw (0: an empty form). If another revision
    came in
    between, fields that do not clash merge; for those that do Clash is raised and nothing is written. A
    save that
    changes nothing makes no revision.

    `submission` is a random key that the browser makes for this save. The same save sent again under it,
    because the network was cut before the answer came, gives the first answer and stores nothing, whoever
    saved since.
    """
    request = Request(submission, address.record, by, values, started_from, reason) if submission else None
    with ledger_transaction() as ledger:
        form = find_form(study, address)
        site = ledger.site_of(address.subject)
        role = ledger.role(by, "save_form", site)
        if request and (answered := find_saved(request)):
            return answered
        check_open_for_entry(ledger, address, site)
        check_consent(ledger, address)
        values = key_rows(values)
        check_items_are_known(form, values, address.record)
        head = ledger.head(address.record)
        at = ledger.clock(at, origin, FormRevision)
        merged: tuple[FieldPath, ...] = ()
        if started_from != (head.number if head else 0):
            values, merged = _merge_with_head(address, head, values, started_from, by, at)
            values = fill_computed(study, address, values)
        content = canonical_json(values)
        if head and head.content == content and not head.withdrawn:
            if origin == "person":
                discard_draft(address, by=by)
            return keep_saved(request, Saved(name_revision(address.record, head.number), head.number, merged))
        _check_writable(address, head)
        why = check_reason(address.record, reason) if head else (reason or "").strip()
        before = head.values if head else EMPTY
        agreed = is_confirmed(origin, confirmed, reason)
        changed = {path[0] for path in changed_fields(before, values)}
        conflicts = [] if agreed else find_conflicts(study, ledger, address, changed, values, at=at)
        if origin == "person" and not agreed:
            conflicts += _asked_departures(study, ledger, address, changed, values)
        check_values(study, ledger, address, before, values, at=at, confirmed=agreed, conflicts=conflicts)
        if address.form == ELIGIBILITY and origin == "person":
            check_decision(study, ledger, address.subject, before, values, by=by, confirmed=agreed)
        reached = check_step(ledger, address, values)
        who = {"by": by, "role": role, "site": site, "at": at}
        number = _add_revision(
            ledger, study, address, head, content, started_from=started_from, origin=origin, reason=why, **who
        )
        if reached:
            _reach(ledger, address, reached, **who)
        if origin != SIMULATED:  # a simulation brings its own queries
            note = why if agreed and origin not in CLOCK_MAY_BE_GIVEN else ""
            settle_checks(study, ledger, address, changed, note=note, **who)
        if origin == "person":
            _settle_departures(study, ledger, address, note=why if agreed else "", by=by, at=at)
            discard_draft(address, by=by)
        return keep_saved(request, Saved(name_revision(address.record, number), number, merged))


def _asked_departures(
    study: Study, ledger: LedgerTransaction, address: Address, changed: set[str], values: Values
) -> list[Finding]:
    """A day outside its window, where this save brings it and no deviation tells of it. What goes against the
    rules of baseline is asked about by its check."""
    outside = find_window_departure(study, ledger, address, values)
    if outside is None or outside.item not in changed:
        return []
    if is_told(ledger, address, outside, read_recorded(ledger, address)):
        return []
    return [Finding(address.form, outside.item, outside.question)]


def _settle_departures(
    study: Study, ledger: LedgerTransaction, address: Address, *, note: str, by: str, at: datetime
) -> None:
    """Record the departures that a person stands by with a note; withdraw what was recorded of corrected
    ones."""
    if address.form == DEVIATION[2]:
        return
    values, recorded = ledger.values_of(address.record) or EMPTY, read_recorded(ledger, address)
    problems: Sequence[Problem] = ()
    if address.form == BASELINE:
        others = other_values(study, ledger, address, values)
        today = at.astimezone(SITE_ZONE).date()
        problems = validate_values(study.forms[address.form], values, study, others=others, today=today)
    standing = find_departures(study, ledger, address, values, problems)
    for one in find_corrected(study, ledger, address, recorded, standing):
        withdraw_record(study, one.address, by=by, reason=CORRECTED)
    if not note:
        return
    event, event_seq, form = DEVIATION
    for departure in standing:
        if not is_told(ledger, address, departure, recorded):
            ledger.flush()  # the next number is counted from what is stored
            add_record(
                study,
                Address(address.subject, event, event_seq, form),
                departure.values(note_on(departure.item, note)),
                by=by,
                reason=note,
                origin=departure.origin,
                confirmed=True,
            )


def note_on(field: str, reason: str) -> str:
    """What was said of one field, of a reason that names several, as `compose_reason` writes it; the whole
    reason where it does not name the field. A semicolon within a note does not end it."""
    parts = (part.partition(": ") for part in NEXT_FIELD.split(reason))
    return "; ".join(text for path, _, text in parts if path == field) or reason


def add_record(
    study: Study,
    address: Address,
    values: Values,
    *,
    by: str,
    submission: str | None = None,
    **more: object,
) -> Saved:
    """Save a new record of a repeating form under the next free number of its occasion.

    The number in `address` does not count: two people who begin a record at the same time get one each. Sent
    again under the same `submission`, it is the record that was made the first time.
    """
    with ledger_transaction():
        find_form(study, address)
        known = Submission.objects.filter(key=submission).first() if submission else None
        seq = address_of(known.record_key).form_seq if known else _next_form_seq(address)
        return save_form(
            study,
            replace(address, form_seq=seq),
            values,
            started_from=0,
            by=by,
            submission=submission,
            **more,
        )


def _next_form_seq(address: Address) -> int:
    occasion = StudyEvent.name(address.subject, address.event, address.event_seq)
    stored = FormRecord.objects.filter(study_event_id=occasion, form=address.form)
    return (stored.aggregate(last=Max("form_seq"))["last"] or 0) + 1


def _check_writable(address: Address, head: Head | None) -> None:
    if head and head.withdrawn:
        raise AgainstPolicy(address.record, say("record_withdrawn"), say("restore_first"))


def _merge_with_head(
    address: Address, head: Head | None, values: Values, started_from: int, by: str, at: datetime
) -> tuple[Values, tuple[FieldPath, ...]]:
    """My changes on top of the last revision; raises Clash where both changed the same field differently."""
    if head is None or started_from > head.number or started_from < 0:
        raise UnknownPlace(address.record, say("no_such_revision", number=started_from), say("open_again"))
    base, values, standing = (
        without_computed(address.form, one)
        for one in (_content_of(address.record, started_from), values, head.values)
    )
    mine, theirs = changed_fields(base, values), changed_fields(base, standing)
    clashes = clashing_fields(mine, theirs)
    if clashes:
        fields = tuple(
            _describe_clash(address.record, started_from, path, base, mine, head) for path in clashes
        )
        raise Clash(address.record, by, at, fields, head=head.number, started_from=started_from, mine=values)
    return merge(standing, mine), tuple(theirs)


def _content_of(record: str, number: int) -> Values:
    if number == 0:
        return EMPTY
    return json.loads(
        FormRevision.objects.values_list("content", flat=True).get(record_id=record, number=number)
    )


def _describe_clash(
    record: str, started_from: int, path: FieldPath, base: Values, mine: dict[FieldPath, object], head: Head
) -> FieldClash:
    """Both values of a field, and who wrote the other one, when and why."""
    last, seen = None, flatten(base).get(path)
    for revision in FormRevision.objects.filter(record_id=record, number__gt=started_from).order_by("number"):
        value = flatten(json.loads(revision.content)).get(path)
        if last is None or value != seen:
            last, seen = revision, value
    assert last is not None  # a clash needs a revision after the one both started from
    theirs = flatten(head.values).get(path)
    mine_now = mine[path] if path in mine else flatten(base).get(path)
    return FieldClash(path, flatten(base).get(path), mine_now, theirs, last.by, last.at, last.reason)


def _add_revision(
    ledger: LedgerTransaction,
    study: Study,
    address: Address,
    head: Head | None,
    content: str,
    *,
    started_from: int,
    origin: str,
    withdrawn: bool = False,
    **who: object,
) -> int:
    number = head.number + 1 if head else 1
    row = FormRevision(
        record_id=address.record,
        number=number,
        base_number=started_from,
        study_version=study.version,
        content=content,
        withdrawn=withdrawn,
        origin=origin,
        **who,
    )
    ledger.add_revision(
        row, address.subject, address.event, address.event_seq, address.form, address.form_seq
    )
    return number


def _reach(ledger: LedgerTransaction, address: Address, state: str, **who: object) -> None:
    number = len(ledger.steps(address.subject)) + 1
    ledger.add_step(_step(address.subject, state, number, address.record, **who))


def withdraw_record(study: Study, address: Address, *, by: str, reason: str) -> Saved:
    """Take a record out of the data: it leaves the snapshot and stays in the history."""
    return _set_withdrawn(study, address, withdrawn=True, by=by, reason=reason)


def restore_record(study: Study, address: Address, *, by: str, reason: str) -> Saved:
    """Bring a withdrawn record back as it was."""
    return _set_withdrawn(study, address, withdrawn=False, by=by, reason=reason)


def _set_withdrawn(study: Study, address: Address, *, withdrawn: bool, by: str, reason: str) -> Saved:
    with ledger_transaction() as ledger:
        find_form(study, address)
        site = ledger.site_of(address.subject)
        role = ledger.role(by, "withdraw_record", site)
        check_open_for_entry(ledger, address, site)
        head = ledger.head(address.record)
        if head is None or head.withdrawn == withdrawn:
            state = "record_withdrawn_already" if withdrawn else "record_not_withdrawn"
            raise AgainstPolicy(address.record, say(state) if head else say("no_record"))
        why = check_reason(address.record, reason)
        at = ledger.clock(None, "person", FormRevision)
        number = _add_revision(
            ledger,
            study,
            address,
            head,
            head.content,
            started_from=head.number,
            origin="person",
            withdrawn=withdrawn,
            by=by,
            role=role,
            site=site,
            at=at,
            reason=why,
        )
        settle_checks(study, ledger, address, set(head.values), at=at)
    return Saved(name_revision(address.record, number), number)
