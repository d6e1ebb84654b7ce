"""Which other records the conditions of a form read, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from grevy.capture.addresses import Address, address_of
from grevy.capture.check_scope import SameVersion
from grevy.capture.ledger import LedgerTransaction
from grevy.capture.merging import Values
from grevy.definition import Study
from grevy.definition.forms import Form
from grevy.definition.occasions import Occasion, find_series
from grevy.definition.schedule import Event
from grevy.definition.values import form_to_refuse
from grevy.definition.vocabulary import RECORDS, SERIES
from grevy.snapshot import name_record


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
def _forms_that_refuse(study: SameVersion) -> dict[str, Form]:
    return {name: form_to_refuse(form) for name, form in study.value.forms.items()}


def forms_that_refuse(study: Study) -> dict[str, Form]:
    """The forms with nothing but what refuses values."""
    return _forms_that_refuse(SameVersion(study.hash, study))


@lru_cache(maxsize=8)
def _reads_of_forms(study: SameVersion, only_hard: bool) -> dict[str, Reads]:
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
    return _reads_of_forms(SameVersion(study.hash, study), only_hard)[form]


@lru_cache(maxsize=8)
def _only_places(study: SameVersion) -> dict[str, str]:
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
    here, once = study.event(address.event).forms, _only_places(SameVersion(study.hash, study))
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
    instead: Mapping[str, Values] | None = None,
) -> dict[str, Values]:
    """The values of other records that the conditions of a form read, by the name they are read under.

    `values` are those of the form itself as they are being entered: which record is the previous one, and
    what stands among all records of a repeating form, depends on them. A withdrawn record is not read.
    `instead` holds the values of records as they would be, by the record.
    """
    reads = reads_of(study, address.form, only_hard=only_hard)
    listed = {*reads.logs, *([address.form] if reads.series else ())}
    records = set(ledger.records_of(address.subject, listed)) if listed else set()
    if not instead:
        return gather_values(study, address, values, ledger.values_of, records, only_hard=only_hard)
    records |= {record for record in instead if record.split("/")[3] in listed}

    def values_of(record: str) -> Values | None:
        return instead[record] if record in instead else ledger.values_of(record)

    return gather_values(study, address, values, values_of, records, only_hard=only_hard)


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
