"""What stands in the form revisions: values by item, what each revision changed, and labels to print them.

A revision keeps the whole form as JSON. For reading, it is flattened to one value per item (and per row, for
the repeating groups of a form) and compared with the revision before it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from grevy.report.words import Words, same
from grevy.snapshot.entries import ROW_KEY, name_row


class Place(NamedTuple):
    """Where a value stands in a form: its group (empty for the form itself), its row by name, the item."""

    group: str
    row: str
    item: str


class Change(NamedTuple):
    """One value that a revision set; None where it emptied or removed it."""

    place: Place
    before: str | None
    after: str | None


def flatten_values(values: Mapping[str, Any]) -> dict[Place, str]:
    """All filled values of a form by their place; rows of a group by their stable key."""
    flat: dict[Place, str] = {}
    for name, value in values.items():
        if isinstance(value, list):
            for position, row in enumerate(value, start=1):
                key = name_row(name, str(row.get(ROW_KEY, position)))
                cells = {item: cell for item, cell in row.items() if item != ROW_KEY}
                flat |= {Place(name, key, item): str(c) for item, c in cells.items() if c not in (None, "")}
        elif value not in (None, ""):
            flat[Place("", "", name)] = str(value)
    return flat


def changes_between(before: Mapping[Place, str], after: Mapping[Place, str]) -> list[Change]:
    """The values that differ, in the order of the form; removed ones last."""
    changed = [Change(p, before.get(p), v) for p, v in after.items() if before.get(p) != v]
    return changed + [Change(p, v, None) for p, v in before.items() if p not in after]


@dataclass(frozen=True)
class Labels:
    """Labels of forms, events, items and codes from the study; names stand in where there is none."""

    forms: dict[str, Words] = field(default_factory=dict)
    events: dict[str, Words] = field(default_factory=dict)
    items: dict[tuple[str, str, str], Words] = field(default_factory=dict)
    units: dict[tuple[str, str, str], str] = field(default_factory=dict)
    codes: dict[tuple[str, str, str], dict[str, Words]] = field(default_factory=dict)

    def form(self, name: str) -> Words:
        return self.forms.get(name, same(name))

    def event(self, name: str) -> Words:
        return self.events.get(name, same(name))

    def item(self, form: str, place: Place) -> Words:
        return self.items.get((form, place.group, place.item), same(place.item))

    def value(self, form: str, place: Place, value: str) -> Words:
        """The value as a reader expects it: the label of a code, a measurement with its unit."""
        key = (form, place.group, place.item)
        if value in self.codes.get(key, {}):
            return self.codes[key][value]
        return same(f"{value} {self.units[key]}" if key in self.units else value)


def read_labels(study: Any | None) -> Labels:
    """Collect the labels of a study definition; None (tabulation data without a study) has none."""
    labels = Labels()
    if study is None:
        return labels
    code_lists = {
        name: {code.code: _words(code.label, code.code) for code in code_list.codes}
        for name, code_list in study.codelists.items()
    }
    for event in study.events:
        labels.events[event.id] = _words(event.label, event.id)
    for name, form in study.forms.items():
        labels.forms[name] = _words(form.label, name)
        for group, items in [("", form.items), *((g.name, g.items) for g in form.groups)]:
            for item in items:
                key = (name, group, item.name)
                labels.items[key] = _words(item.label, item.name)
                if item.unit:
                    labels.units[key] = str(item.unit)
                if item.codelist:
                    labels.codes[key] = code_lists.get(_name_of(item.codelist), {})
    return labels


def _name_of(code_list: Any) -> str:
    return code_list if isinstance(code_list, str) else code_list.name


def _words(text: Any, name: str) -> Words:
    return Words(text.en, text.zh) if text is not None else same(name)


def changes_of(revisions: pd.DataFrame, labels: Labels) -> list[list[Change]]:
    """What each revision changed against the one before it; the first one sets all its values.

    `revisions` stands in order of record and number, as the lineage keeps it; values come in the
    order of the form.
    """
    changes: list[list[Change]] = []
    order = {key: position for position, key in enumerate(labels.items)}
    record, before = None, {}
    for number, form, text in zip(revisions["RECORD"], revisions["FORM"], revisions["VALUES"], strict=True):
        if number != record:
            record, before = number, {}
        after = flatten_values(json.loads(text) if text else {})
        found = changes_between(before, after)
        changes.append(
            sorted(found, key=lambda c: (c.place.row, order.get((form, c.place.group, c.place.item), 0)))
        )
        before = after
    return changes
