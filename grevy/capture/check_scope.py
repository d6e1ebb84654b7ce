"""What each rule of a form reads, and which rules a change can touch.

A rule is an edit check, or a type, code list, range or condition of an item. What it reads is a set of marks:

    ("own", item or group)           of the record itself
    ("other", form, item or group)   of the record of another form
    ("log", form)                    of all records of a repeating form
    ("series", item or group)        of its previous, first or repeat before; "*" is which record that is
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from grevy.definition import Study
from grevy.definition.conditions import Condition
from grevy.definition.forms import Form
from grevy.definition.occasions import date_item
from grevy.definition.vocabulary import RECORDS, SERIES

Mark = tuple[str, ...]
WHICH = "*"


@dataclass(frozen=True)
class SameVersion:
    """A study as a key of a cache: equal versions have equal hashes."""

    hash: str
    value: Study = field(compare=False)


def marks_read(study: Study, form: str, rule: str, item: str) -> frozenset[Mark]:
    """What a rule reads; `item` tells the rules apart that have no name of their own, such as ranges."""
    known = _marks_of_form(SameVersion(study.hash, study), form)
    return known.get((rule, "")) or known.get((rule, item)) or frozenset({("own", item.split(".")[0])})


def marks_changed(study: Study, form: str, items: Iterable[str], *, reader: str | None = None) -> set[Mark]:
    """The marks of a change to some items or groups: for the record itself, or for the reader's form."""
    items = set(items)
    if reader is None:
        return {("own", item) for item in items} | {("log", form)}
    marks: set[Mark] = {("other", form, item) for item in items} | {("log", form)}
    if reader == form:
        marks |= {("series", item) for item in items}
        if date_item(study.forms[form]) in items:
            marks.add(("series", WHICH))
    return marks


def forms_that_read(study: Study, form: str, items: Iterable[str]) -> frozenset[str]:
    """The forms with a rule that a change to some items of a form can touch."""
    return frozenset(
        reader
        for reader in study.forms
        if not marks_changed(study, form, items, reader=reader).isdisjoint(all_marks(study, reader))
    )


def all_marks(study: Study, form: str) -> frozenset[Mark]:
    """Everything that the rules of a form read beside the items of its own."""
    return _all_marks(SameVersion(study.hash, study), form)


@lru_cache(maxsize=512)
def _all_marks(version: SameVersion, form: str) -> frozenset[Mark]:
    marks = frozenset().union(*_marks_of_form(version, form).values())
    return frozenset(mark for mark in marks if mark[0] != "own")


@lru_cache(maxsize=512)
def _marks_of_form(version: SameVersion, name: str) -> dict[tuple[str, str], frozenset[Mark]]:
    form = version.value.forms[name]
    found = {(check.id, ""): _marks_of_condition(form, check.when) for check in form.checks}
    shown = [*form.all_items(), *((group.name, group) for group in form.groups)]
    for item, part in shown:
        if part.when is not None:
            found["when", item] = _marks_of_condition(form, part.when) | {("own", item.split(".")[0])}
    return found


def _marks_of_condition(form: Form, condition: Condition) -> frozenset[Mark]:
    marks: set[Mark] = set()
    for first, *rest in (name.split(".") for name in condition.names):
        if first in SERIES:
            marks |= {("series", rest[1]), ("series", WHICH), ("own", date_item(form) or "")}
        elif rest[0] == RECORDS:
            marks.add(("log", first))
        elif first == form.name:
            marks.add(("own", rest[0]))
        else:
            marks.add(("other", first, rest[0]))
    return frozenset(marks)
