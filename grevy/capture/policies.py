"""When something may be done: the order of a study, locks, and values that cannot be.

The same rules hold for people, imports and simulated data, with the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from grevy.capture.addresses import Address
from grevy.capture.check_scope import marks_changed, marks_read
from grevy.capture.errors import (
    AgainstPolicy,
    ConfirmationNeeded,
    Finding,
    ReasonMissing,
    UnknownPlace,
    ValuesRefused,
)
from grevy.capture.ledger import CLOCK_MAY_BE_GIVEN, LedgerTransaction
from grevy.capture.merging import Values, changed_fields
from grevy.capture.models import LockLevel, SubjectState
from grevy.capture.other_records import forms_that_refuse, other_values
from grevy.capture.words import say
from grevy.definition import Study, validate_values
from grevy.definition.forms import Form
from grevy.definition.words import Text
from grevy.snapshot import ROW_KEY, name_record

SITE_ZONE = timezone(timedelta(hours=8))  # all sites of the study are in China
CONSENT = ("SCREENING", 1, "informed_consent", 1)
CONSENT_DATE = "consent_date"
MOST_RECORDS = 9_999  # of one form at one event: far more than a log ever has
# Known before they happen
PLANNED_DATES = frozenset({"regimen_decision.partners.start_date", "pregnancy_report.due_date"})


# ----------------------------------------------------------------------------------------------------------
# Places
# ----------------------------------------------------------------------------------------------------------


def find_form(study: Study, address: Address) -> Form:
    """The form at an address; raises UnknownPlace for an unknown event or form, or a number that cannot
    be."""
    events = {event.id: event for event in study.events}
    event = events.get(address.event)
    if event is None:
        raise UnknownPlace(address.record, say("unknown_event"), say("allowed", names=", ".join(events)))
    if address.form not in study.forms:
        raise UnknownPlace(address.record, say("unknown_form"), say("allowed", names=", ".join(study.forms)))
    if address.form not in event.forms:
        raise UnknownPlace(
            address.record, say("form_not_of_event"), say("allowed", names=", ".join(event.forms))
        )
    form = study.forms[address.form]
    if address.event_seq < 1 or address.form_seq < 1 or (address.form_seq > 1 and not form.repeating):
        raise UnknownPlace(address.record, say("numbers_from_1"))
    if address.form_seq > MOST_RECORDS or not event.has_occurrence(address.event_seq):
        often = say("happens_once") if event.happens_once else say("happens_less_often")
        raise UnknownPlace(address.record, often)
    return form


def check_items_are_known(form: Form, values: Values, where: str) -> None:
    """Every name in the values is an item or group of the form."""
    groups = {group.name: {item.name for item in group.items} for group in form.groups}
    items = {item.name for item in form.items}
    unknown = sorted(set(values) - items - set(groups))
    for name in set(values) & set(groups):
        if not isinstance(values[name], list) or not all(isinstance(row, dict) for row in values[name]):
            raise UnknownPlace(where, say("list_of_rows", group=name))
        keys = [row.get(ROW_KEY) for row in values[name]]
        if len(set(keys)) != len(keys):
            raise UnknownPlace(where, say("rows_same_key", group=name), say("own_keys"))
        unknown += sorted(
            {f"{name}.{i}" for row in values[name] for i in set(row) - groups[name] - {ROW_KEY}}
        )
    if unknown:
        known = ", ".join(sorted(items | set(groups)))
        raise UnknownPlace(
            where, say("unknown_items", names=", ".join(unknown)), say("form_has", names=known)
        )


# ----------------------------------------------------------------------------------------------------------
# Order
# ----------------------------------------------------------------------------------------------------------

# The state that a form brings, and the state that must have been reached before (21 CFR 11.10(f)). Papers
# may come
# late and out of order; a subject is never treated without having been found eligible.
STEP_OF_FORM: dict[str, tuple[str, str]] = {
    "surufatinib_dosing": (SubjectState.ON_TREATMENT.value, SubjectState.ELIGIBLE.value),
    "end_of_treatment": (SubjectState.TREATMENT_ENDED.value, SubjectState.ON_TREATMENT.value),
    "survival_followup": (SubjectState.FOLLOW_UP.value, SubjectState.ON_TREATMENT.value),
    "death": (SubjectState.DEAD.value, SubjectState.SCREENING.value),
    "end_of_study": (SubjectState.ENDED.value, SubjectState.SCREENING.value),
}


def step_of(form: str, values: Values) -> tuple[str, str] | None:
    """The state a saved form brings and the one it needs; None if it moves nobody."""
    if form == "eligibility" and values.get("decision") == "ELIGIBLE":
        return SubjectState.ELIGIBLE.value, SubjectState.SCREENING.value
    return STEP_OF_FORM.get(form)


def check_step(ledger: LedgerTransaction, address: Address, values: Values) -> str | None:
    """Return the state this save newly reaches, if any; refuse an illegal step."""
    step = step_of(address.form, values)
    if step is None:
        return None
    reached, needed = step
    steps = ledger.steps(address.subject)
    if needed not in steps:
        raise AgainstPolicy(
            address.record,
            say("state_not_reached", needed=say(f"subject_{needed}"), reached=say(f"subject_{reached}")),
            say("enter_first"),
        )
    return None if reached in steps else reached


def check_consent(ledger: LedgerTransaction, address: Address) -> None:
    """Nothing but consent itself is stored before valid consent (ICH E6(R3) 2.8)."""
    if address.form == CONSENT[2]:
        return
    consent = ledger.head(name_record(address.subject, *CONSENT))
    if consent is None or consent.withdrawn or not consent.values.get(CONSENT_DATE):
        raise AgainstPolicy(address.record, say("no_consent"), say("consent_first"))


def lock_scopes(address: Address, site: str) -> list[str]:
    """From the record outwards: the record, its visit, its subject, its site, the study."""
    return [address.record, address.occasion, address.subject, f"site:{site}", "study"]


def check_open_for_entry(ledger: LedgerTransaction, address: Address, site: str) -> None:
    """Frozen and locked both stop entry."""
    level = ledger.lock_level(lock_scopes(address, site))
    if level != LockLevel.OPEN:
        raise AgainstPolicy(
            address.record, say("record_is_level", level=say(f"level_{level}")), say("ask_to_unlock")
        )


def check_open_for_review(ledger: LedgerTransaction, address: Address, site: str) -> None:
    """Only a lock stops queries, verification and signatures; a freeze does not."""
    if ledger.lock_level(lock_scopes(address, site)) == LockLevel.LOCKED:
        locked = say("record_is_level", level=say("level_LOCKED"))
        raise AgainstPolicy(address.record, locked, say("ask_to_unlock"))


def check_reason(where: str | Text, reason: str | None) -> str:
    """Every change after the first save says why."""
    if not (reason or "").strip():
        raise ReasonMissing(where, say("reason_needed"), say("say_why"))
    return str(reason).strip()


# ----------------------------------------------------------------------------------------------------------
# Values
# ----------------------------------------------------------------------------------------------------------


def check_values(
    study: Study,
    ledger: LedgerTransaction,
    address: Address,
    before: Values,
    values: Values,
    *,
    at: datetime,
    confirmed: bool,
    conflicts: Sequence[Finding] = (),
) -> None:
    """Refuse impossible values; ask about unusual ones that this save brings and nobody has confirmed.

    `conflicts` are what the values bring about in other records; they are asked about in the same way. An
    item that is required and empty is no reason to refuse: the form is incomplete and may be saved so.
    """
    where, today = address.record, at.astimezone(SITE_ZONE).date()
    # Confirmed values can only be refused: what would merely ask is not looked at.
    form = forms_that_refuse(study)[address.form] if confirmed else study.forms[address.form]
    others = other_values(study, ledger, address, values, only_hard=confirmed)
    problems = validate_values(form, values, study, others=others, today=today)
    hard = [
        Finding(form.name, problem.item, problem.message) for problem in problems if problem.level == "hard"
    ]
    hard += future_dates(form, values, at)
    if hard:
        raise ValuesRefused(where, tuple(hard))
    if confirmed:
        return
    touched = marks_changed(study, form.name, {path[0] for path in changed_fields(before, values)})
    soft = [
        Finding(form.name, p.item, p.message)
        for p in problems
        if p.level == "soft" and not touched.isdisjoint(marks_read(study, form.name, p.rule, p.item))
    ]
    soft += conflicts
    if soft:
        raise ConfirmationNeeded(where, tuple(soft))


def future_dates(form: Form, values: Values, at: datetime) -> list[Finding]:
    """Dates after the day of entry at the site: what is recorded has happened."""
    now = at.astimezone(SITE_ZONE).strftime("%Y-%m-%dT%H:%M")
    found = [_future(form.name, item, item.name, values.get(item.name), now) for item in form.items]
    for group in form.groups:
        for row in values.get(group.name) or ():
            found += [
                _future(form.name, item, f"{group.name}.{item.name}", row.get(item.name), now)
                for item in group.items
            ]
    return [finding for finding in found if finding is not None]


def _future(form: str, item: Any, name: str, value: Any, now: str) -> Finding | None:
    if item.type not in ("date", "partial_date", "datetime") or not isinstance(value, str) or value == "UNK":
        return None
    # Compared to the precision given: a month is in the future only when it has not begun.
    if value <= now[: len(value)] or f"{form}.{name}" in PLANNED_DATES:
        return None
    message = Text(
        en=f"{value} is in the future; the latest allowed is {now[:10]}.",
        zh=f"{value} 晚于今天；最晚允许 {now[:10]}。",
    )
    return Finding(form, name, message)


def is_confirmed(origin: str, confirmed: bool, reason: str | None) -> bool:
    """People confirm unusual values with a note; simulated data and imports come with their confirmation."""
    return confirmed and (origin in CLOCK_MAY_BE_GIVEN or bool((reason or "").strip()))
