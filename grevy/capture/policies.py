"""When something may be done: the order of a study, locks, and values that cannot be.

The same rules hold for people, imports and simulated data, with the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

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
from grevy.definition import Study, validate_values
from grevy.definition.forms import Form
from grevy.definition.occasions import Occasion, find_series
from grevy.definition.schedule import Event
from grevy.definition.values import form_to_refuse
from grevy.definition.vocabulary import RECORDS, SERIES
from grevy.definition.words import Text
from grevy.snapshot import ROW_KEY, name_record

SITE_ZONE = timezone(timedelta(hours=8))  # all sites of the study are in China
CONSENT = ("SCREENING", 1, "informed_consent", 1)
CONSENT_DATE = "consent_date"
# Known before they happen
PLANNED_DATES = frozenset({"regimen_decision.partners.start_date", "pregnancy_report.due_date"})


@dataclass(frozen=True)
class Address:
    """Where a record stands: subject, event and its number, form and its number."""

    subject: str
    event: str
    event_seq: int
    form: str
    form_seq: int = 1

    @property
    def record(self) -> str:
        return name_record(self.subject, self.event, self.event_seq, self.form, self.form_seq)


def address_of(record: str) -> Address:
    """The address of a record from its key."""
    subject, event, event_seq, form, form_seq = record.split("/")
    return Address(subject, event, int(event_seq), form, int(form_seq))


# ----------------------------------------------------------------------------------------------------------
# Places
# ----------------------------------------------------------------------------------------------------------


def find_form(study: Study, address: Address) -> Form:
    """The form at an address; raises UnknownPlace for an unknown event or form, or a number that cannot
    be."""
    events = {event.id: event for event in study.events}
    event = events.get(address.event)
    if event is None:
        raise UnknownPlace(address.record, "unknown event.", f"Allowed: {', '.join(events)}.")
    if address.form not in study.forms:
        raise UnknownPlace(address.record, "unknown form.", f"Allowed: {', '.join(study.forms)}.")
    if address.form not in event.forms:
        raise UnknownPlace(
            address.record, "the form does not belong to the event.", f"Allowed: {', '.join(event.forms)}."
        )
    form = study.forms[address.form]
    if address.event_seq < 1 or address.form_seq < 1 or (address.form_seq > 1 and not form.repeating):
        raise UnknownPlace(
            address.record, "numbers count from 1, and a form that does not repeat has only 1."
        )
    if event.once and address.event_seq > 1:
        raise UnknownPlace(address.record, "the event happens once.", "Allowed: number 1.")
    return form


def check_items_are_known(form: Form, values: Values, where: str) -> None:
    """Every name in the values is an item or group of the form."""
    groups = {group.name: {item.name for item in group.items} for group in form.groups}
    items = {item.name for item in form.items}
    unknown = sorted(set(values) - items - set(groups))
    for name in set(values) & set(groups):
        if not isinstance(values[name], list) or not all(isinstance(row, dict) for row in values[name]):
            raise UnknownPlace(where, f"group '{name}' is a list of rows.")
        keys = [row.get(ROW_KEY) for row in values[name]]
        if len(set(keys)) != len(keys):
            raise UnknownPlace(
                where, f"two rows of group '{name}' have the same key.", "Give each row its own."
            )
        unknown += sorted(
            {f"{name}.{i}" for row in values[name] for i in set(row) - groups[name] - {ROW_KEY}}
        )
    if unknown:
        known = ", ".join(sorted(items | set(groups)))
        raise UnknownPlace(where, f"unknown item: {', '.join(unknown)}.", f"The form has: {known}.")


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
            f"the subject has not reached {needed}, which comes before {reached}.",
            "Enter that first.",
        )
    return None if reached in steps else reached


def check_consent(ledger: LedgerTransaction, address: Address) -> None:
    """Nothing but consent itself is stored before valid consent (ICH E6(R3) 2.8)."""
    if address.form == CONSENT[2]:
        return
    consent = ledger.head(name_record(address.subject, *CONSENT))
    if consent is None or consent.withdrawn or not consent.values.get(CONSENT_DATE):
        raise AgainstPolicy(address.record, "no informed consent is recorded.", "Enter the consent first.")


def lock_scopes(address: Address, site: str) -> list[str]:
    return [address.record, address.subject, f"site:{site}", "study"]


def check_open_for_entry(ledger: LedgerTransaction, address: Address, site: str) -> None:
    """Frozen and locked both stop entry."""
    level = ledger.lock_level(lock_scopes(address, site))
    if level != LockLevel.OPEN:
        raise AgainstPolicy(address.record, f"it is {level.lower()}.", "Ask a data manager to unlock it.")


def check_open_for_review(ledger: LedgerTransaction, address: Address, site: str) -> None:
    """Only a lock stops queries, verification and signatures; a freeze does not."""
    if ledger.lock_level(lock_scopes(address, site)) == LockLevel.LOCKED:
        raise AgainstPolicy(address.record, "it is locked.", "Ask a data manager to unlock it.")


def check_reason(where: str, reason: str | None) -> str:
    """Every change after the first save says why."""
    if not (reason or "").strip():
        raise ReasonMissing(where, "a change needs a reason.", "Say why the data change.")
    return str(reason).strip()


# ----------------------------------------------------------------------------------------------------------
# Values
# ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _SameVersion:
    """A study as a key of a cache: equal versions have equal hashes."""

    hash: str
    value: Study = field(compare=False)


def check_values(
    study: Study,
    ledger: LedgerTransaction,
    address: Address,
    before: Values,
    values: Values,
    *,
    at: datetime,
    confirmed: bool,
) -> None:
    """Refuse impossible values; ask about unusual ones that this save brings and nobody has confirmed.

    An item that is required and empty is no reason to refuse: the form is incomplete and may be saved so.
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
    touched = {path[0] for path in changed_fields(before, values)}
    soft = [p for p in problems if p.level == "soft" and p.item.split(".")[0] in touched]
    if soft:
        raise ConfirmationNeeded(where, tuple(Finding(form.name, p.item, p.message) for p in soft))


# ----------------------------------------------------------------------------------------------------------
# Other records that conditions read
# ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reads:
    """What the conditions of a form read beside its own values: items by the name of their form.

    `fixed` are forms read where they stand; of `logs` all records are read; `series` says that other records
    of the form itself are read as previous, first or the one at the repeat before.
    """

    fixed: tuple[str, ...]
    logs: tuple[str, ...]
    series: bool


@lru_cache(maxsize=8)
def _forms_that_refuse(study: _SameVersion) -> dict[str, Form]:
    return {name: form_to_refuse(form) for name, form in study.value.forms.items()}


def forms_that_refuse(study: Study) -> dict[str, Form]:
    """The forms with nothing but what refuses values."""
    return _forms_that_refuse(_SameVersion(study.hash, study))


@lru_cache(maxsize=8)
def _reads_of_forms(study: _SameVersion, only_hard: bool) -> dict[str, Reads]:
    forms = _forms_that_refuse(study) if only_hard else study.value.forms
    return {name: _reads_of(form, study.value) for name, form in forms.items()}


def _reads_of(form: Form, study: Study) -> Reads:
    names = [name.split(".") for name in names_read(form)]
    logs = {parts[0] for parts in names if RECORDS in parts[1:2] and study.forms[parts[0]].repeating}
    fixed = {parts[0] for parts in names} & study.forms.keys() - {form.name}
    return Reads(
        tuple(sorted(name for name in fixed if not study.forms[name].repeating)),
        tuple(sorted(logs)),
        any(parts[0] in SERIES for parts in names),
    )


def names_read(form: Form) -> set[str]:
    """All names that the conditions of a form read."""
    parts = [*form.groups, *form.checks, *(item for _, item in form.all_items())]
    return {name for part in parts if part.when is not None for name in part.when.names}


def reads_of(study: Study, form: str, *, only_hard: bool = False) -> Reads:
    """What the conditions of a form read; of hard checks alone for values that are confirmed."""
    return _reads_of_forms(_SameVersion(study.hash, study), only_hard)[form]


@lru_cache(maxsize=8)
def _only_places(study: _SameVersion) -> dict[str, str]:
    """The event of each form that a subject has just once."""
    places: dict[str, list[Event]] = {}
    for event in study.value.events:
        for form in event.forms:
            places.setdefault(form, []).append(event)
    return {
        form: events[0].id for form, events in places.items() if len(events) == 1 and events[0].happens_once
    }


def records_read(study: Study, address: Address, *, only_hard: bool = False) -> dict[str, str]:
    """The subject's records of other forms that this form's conditions read where they stand, by form.

    A form of the same visit is read from that visit, any other only if the subject has it just once: which
    of several visits a condition means would be a guess.
    """
    here, once = study.event(address.event).forms, _only_places(_SameVersion(study.hash, study))
    found = {}
    for form in reads_of(study, address.form, only_hard=only_hard).fixed:
        if form in here:
            found[form] = name_record(address.subject, address.event, address.event_seq, form, 1)
        elif form in once:
            found[form] = name_record(address.subject, once[form], 1, form, 1)
    return found


def other_values(
    study: Study,
    ledger: LedgerTransaction,
    address: Address,
    values: Values | None = None,
    *,
    only_hard: bool = False,
) -> dict[str, Values]:
    """The values of other records that the conditions of a form read, by the name they are read under.

    `values` are those of the form itself as they are being entered: which record is the previous one, and
    what stands among all records of a repeating form, depends on them. A withdrawn record is not read.
    """
    reads = reads_of(study, address.form, only_hard=only_hard)
    listed = {*reads.logs, *([address.form] if reads.series else ())}
    records = ledger.records_of(address.subject, listed) if listed else []
    return gather_values(study, address, values, ledger.values_of, records, only_hard=only_hard)


def gather_values(
    study: Study,
    address: Address,
    values: Values | None,
    values_of: Callable[[str], Values | None],
    records: Iterable[str],
    *,
    only_hard: bool = False,
) -> dict[str, Values]:
    """As `other_values`, from any store: `values_of` gives the values of a record or None, `records` the
    subject's records of the forms that are read whole."""
    read = records_read(study, address, only_hard=only_hard)
    found = {form: here for form, record in read.items() if (here := values_of(record)) is not None}
    reads = reads_of(study, address.form, only_hard=only_hard)
    if not reads.logs and not reads.series:
        return found
    own = values if values is not None else values_of(address.record) or {}
    others = [
        (place, there)
        for record in sorted(records)
        if record != address.record and (there := values_of(record)) is not None
        for place in (address_of(record),)
    ]
    for form in reads.logs:
        rows = [there for place, there in others if place.form == form]
        found[form] = {RECORDS: [*rows, own] if form == address.form else rows}
    if reads.series:
        same = [_occasion(place, there) for place, there in others if place.form == address.form]
        series = find_series(study.forms[address.form], _occasion(address, own), same)
        found |= {f"{word}.{address.form}": dict(there) for word, there in series.items()}
    return found


def _occasion(address: Address, values: Values) -> Occasion:
    return Occasion(address.event, address.event_seq, address.form_seq, values)


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
