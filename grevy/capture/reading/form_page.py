"""A form as its page shows it: fields with what was typed, last values, marks and messages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from grevy.capture.actions import read_draft
from grevy.capture.computed import complete_values
from grevy.capture.decisions import find_contradictions
from grevy.capture.departures import WINDOW_RULE, Departure, find_window_departure, is_told, read_recorded
from grevy.capture.errors import Finding
from grevy.capture.ledger import Head, LedgerTransaction
from grevy.capture.merging import FieldPath, flatten
from grevy.capture.models import Draft, FormRecord, FormRevision, QueryMessage, QueryState, Signature
from grevy.capture.policies import Address, find_form, other_values
from grevy.capture.reading.screening import ELIGIBILITY, evaluate_with_judgment
from grevy.capture.typed import Mistyped, read_typed_form, show_typed, show_value, split_quantity
from grevy.definition import Problem, Study, find_shown, validate_values
from grevy.definition.forms import Form, Item
from grevy.definition.schedule import Event
from grevy.snapshot import ROW_KEY

FEW_ANSWERS = 4
"""Up to so many answers stand side by side; more make a list to choose from."""


@dataclass(frozen=True)
class Field:
    """One control of the page. `path` names it in the page, `item` or `group.row.item`."""

    path: str
    item: Item
    label: str
    help: str
    control: str
    typed: str
    parts: tuple[str, str, str]
    options: tuple[tuple[str, str], ...]
    unit: str
    units: tuple[str, ...]
    shown: bool
    last: str
    queries: int


@dataclass(frozen=True)
class Row:
    """One row of a group."""

    key: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Grid:
    """A group of rows, with an empty row from which the page makes new ones."""

    name: str
    label: str
    shown: bool
    columns: tuple[Item, ...]
    rows: tuple[Row, ...]
    empty: Row


@dataclass(frozen=True)
class Judgment:
    """What the server says of what was typed: values, problems by path, which fields are asked."""

    values: dict[str, Any]
    problems: tuple[tuple[str, str, str, Any], ...]
    """Each with path, level, rule and message."""
    shown: Mapping[str, bool]

    def count(self, level: str) -> int:
        return sum(one == level for _, one, _, _ in self.problems)


@dataclass(frozen=True)
class FormPage:
    """Everything the page shows of one record."""

    address: Address
    event: Event
    form: Form
    head: Head | None
    draft: Draft | None
    started_from: int
    fields: tuple[Field, ...]
    grids: tuple[Grid, ...]
    judgment: Judgment
    changed_since: Head | None
    """The last revision, where the draft started from an earlier one."""

    @property
    def record(self) -> str:
        return self.address.record

    @property
    def next_number(self) -> int:
        return (self.head.number if self.head else 0) + 1


def read_form_page(study: Study, address: Address, *, by: str, language: str, today: date) -> FormPage:
    """The page of one record for one person: the last revision, or the person's own draft on top of it."""
    form, event = find_form(study, address), study.event(address.event)
    ledger = LedgerTransaction()
    head, draft = ledger.head(address.record), read_draft(address, by=by)
    typed = json.loads(draft.content) if draft else typed_of(form, head.values if head else {}, language)
    judgment = judge(study, address, typed, today=today)
    last = _last_values(study, address, form, language)
    queries = count_queries(address.record)
    painter = _Painter(study, form, language, judgment.shown, last, queries)
    started_from = draft.started_from if draft else head.number if head else 0
    return FormPage(
        address=address,
        event=event,
        form=form,
        head=head,
        draft=draft,
        started_from=started_from,
        fields=tuple(painter.field(item, item.name, typed.get(item.name)) for item in form.items),
        grids=tuple(painter.grid(group.name, typed.get(group.name) or []) for group in form.groups),
        judgment=judgment,
        changed_since=head if draft and head and head.number > draft.started_from else None,
    )


def read_content(record: str, number: int) -> dict[str, Any]:
    """The values of one revision; of revision 0, an empty form."""
    row = (
        FormRevision.objects.filter(record_id=record, number=number).values_list("content", flat=True).first()
    )
    return json.loads(row) if row else {}


def typed_of(form: Form, values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Stored values as the text of the fields."""
    typed: dict[str, Any] = {}
    for name, value in values.items():
        group, item = form.find_group(name), form.find(name)
        if group is not None:
            typed[name] = [
                {
                    key: cell if key == ROW_KEY else _typed_cell(group.find(key), cell, language)
                    for key, cell in row.items()
                }
                for row in value
            ]
        else:
            typed[name] = _typed_cell(item, value, language)
    return typed


def _typed_cell(item: Item | None, value: Any, language: str) -> str:
    return show_typed(item, value, language) if item else str(value)


# ---- Judging -------------------------------------------------------------------------------------------


def judge(study: Study, address: Address, typed: Mapping[str, Any], *, today: date) -> Judgment:
    """What was typed, read and checked as saving would check it."""
    form = find_form(study, address)
    values, mistyped = read_typed_form(form, typed, today)
    others = other_values(study, LedgerTransaction(), address, values)
    values = complete_values(study, address, values, others)
    problems = validate_values(form, values, study, others=others, today=today)
    shown = find_shown(form, values, study, others=others, today=today)
    return Judgment(
        values=values,
        problems=(
            *((".".join(m.path), "hard", "typed", m.message) for m in mistyped),
            *(
                (_path_of(values, p), p.level, p.rule, p.message)
                for p in _unless_mistyped(problems, mistyped)
            ),
            *((f.item, "soft", CONTRADICTED, f.message) for f in _contradictions(study, address, values)),
            *(
                (one.item, "soft", WINDOW_RULE, one.question)
                for one in _untold_departure(study, address, values)
            ),
        ),
        shown={_path(values, *place): on for place, on in shown.items()},
    )


CONTRADICTED = "contradicted"


def _contradictions(study: Study, address: Address, values: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What an eligibility form says against the data of screening."""
    if address.form != ELIGIBILITY:
        return ()
    return find_contradictions(values, evaluate_with_judgment(study, address.subject, values), study)


def _untold_departure(study: Study, address: Address, values: Mapping[str, Any]) -> list[Departure]:
    """A day outside its window that no deviation tells of yet."""
    ledger = LedgerTransaction()
    outside = find_window_departure(study, ledger, address, dict(values))
    if outside is None or is_told(ledger, address, outside, read_recorded(ledger, address)):
        return []
    return [outside]


def _unless_mistyped(problems: tuple[Problem, ...], mistyped: tuple[Mistyped, ...]) -> list[Problem]:
    """A field that cannot be read is not also missing."""
    unread = {one.path[-1] for one in mistyped}
    return [p for p in problems if not (p.level == "required" and p.item.split(".")[-1] in unread)]


def _path_of(values: Mapping[str, Any], problem: Problem) -> str:
    group, _, item = problem.item.rpartition(".")
    return _path(values, group, problem.row, item) if group else problem.item


def _path(values: Mapping[str, Any], group: str, row: int | None, item: str) -> str:
    key = None if row is None else str(values[group][row].get(ROW_KEY, ""))
    return ".".join(part for part in (group, key, item) if part)


# ---- Painting ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Painter:
    study: Study
    form: Form
    language: str
    shown: Mapping[str, bool]
    last: Mapping[str, str]
    queries: Mapping[str, int]

    def grid(self, name: str, rows: list[dict[str, Any]]) -> Grid:
        group = self.form.find_group(name)
        assert group is not None  # the caller goes through the form's groups
        return Grid(
            name=name,
            label=getattr(group.label, self.language),
            shown=self.shown.get(name, True),
            columns=group.items,
            rows=tuple(self.row(name, group.items, row) for row in rows),
            empty=self.row(name, group.items, {ROW_KEY: "NEW"}),
        )

    def row(self, group: str, items: tuple[Item, ...], row: Mapping[str, Any]) -> Row:
        key = str(row.get(ROW_KEY, ""))
        return Row(key, tuple(self.cell(i, f"{group}.{key}.{i.name}", row.get(i.name)) for i in items))

    def cell(self, item: Item, path: str, typed: Any) -> Field:
        """A field in a table: answers make a list there, however few."""
        field = self.field(item, path, typed)
        return replace(field, control="list") if field.control == "choice" else field

    def field(self, item: Item, path: str, typed: Any) -> Field:
        text = "" if typed is None else str(typed)
        codes = self.study.codelists[item.codelist].codes if item.codelist else ()
        unit = self.study.units[item.unit].label if item.unit else None
        units = tuple(str(u) for u in (item.unit, *item.units)) if item.type == "quantity" else ()
        return Field(
            path=path,
            item=item,
            label=getattr(item.label, self.language),
            help=getattr(item.help, self.language) if item.help else "",
            control=control_of(item, len(codes)),
            typed=text,
            parts=split_quantity(text, units) if item.type == "quantity" else ("", text, ""),
            options=tuple((code.code, getattr(code, self.language)) for code in codes),
            unit=getattr(unit, self.language) if unit else "",
            units=units,
            shown=self.shown.get(path, True) or bool(text),
            last=self.last.get(path, ""),
            queries=self.queries.get(path, 0),
        )


def paint_row(
    study: Study, form: Form, key: str, typed: Mapping[str, Any], language: str
) -> tuple[Field, ...]:
    """The items of one record as cells of a row; `key` tells the rows of the page apart."""
    painter = _Painter(study, form, language, {}, {}, {})
    return tuple(
        painter.cell(item, f"{form.name}.{key}.{item.name}", typed.get(item.name)) for item in form.items
    )


def control_of(item: Item, answers: int) -> str:
    """The kind of control an item gets: choice, list, quantity, number, date or text."""
    if item.codelist:
        return "choice" if answers <= FEW_ANSWERS else "list"
    if item.type in ("integer", "decimal"):
        return "number"
    return {"partial_date": "date", "datetime": "date"}.get(item.type, item.type)


# ---- Beside the field ----------------------------------------------------------------------------------


def count_queries(record: str) -> dict[str, int]:
    """Open queries of a record by path; those about the whole record have the empty path."""
    first = QueryMessage.objects.filter(query__record_id=record, number=1).exclude(
        query__state__in=(QueryState.CLOSED, QueryState.CANCELLED)
    )
    counts: dict[str, int] = {}
    for item, row_key in first.values_list("item", "row_key"):
        path = query_path(item, row_key)
        counts[path] = counts.get(path, 0) + 1
    return counts


def query_path(item: str, row_key: str) -> str:
    """The field of the page that a query is about."""
    group, _, name = item.rpartition(".")
    return f"{group}.{row_key}.{name}" if group and row_key else item


def _last_values(study: Study, address: Address, form: Form, language: str) -> dict[str, str]:
    """What the same form had at the occasion before this one, by path, as a reader sees it."""
    before = (
        FormRecord.objects.filter(
            study_event__subject_id=address.subject,
            study_event__event=address.event,
            study_event__event_seq__lt=address.event_seq,
            form=address.form,
            form_seq=address.form_seq,
        )
        .order_by("-study_event__event_seq")
        .values_list("key", flat=True)[:1]
    )
    head = LedgerTransaction().head(before[0]) if before else None
    if head is None or head.withdrawn:
        return {}
    return {
        item.name: show_value(study, item, head.values.get(item.name), language)
        for item in form.items
        if head.values.get(item.name) is not None
    }


@dataclass(frozen=True)
class Change:
    """One value that a field has had: in which revision, whose, when and why."""

    number: int
    value: str
    by: str
    at: datetime
    reason: str
    origin: str


def read_field_history(study: Study, address: Address, path: str, language: str) -> list[Change]:
    """Every change of one field, newest first."""
    form = find_form(study, address)
    item = form.find(".".join((path.split(".")[0], path.split(".")[-1])) if "." in path else path)
    changes: list[Change] = []
    before: Any = None
    where: FieldPath = tuple(path.split("."))
    for row in FormRevision.objects.filter(record_id=address.record).order_by("number"):
        value = flatten(json.loads(row.content)).get(where)
        if value != before:
            shown = show_value(study, item, value, language) if item else str(value or "")
            changes.append(Change(row.number, shown, row.by, row.at, row.reason, row.origin))
        before = value
    return changes[::-1]


@dataclass(frozen=True)
class SignatureLine:
    """One signature; `holds` as long as nothing changed since."""

    name: str
    at: datetime
    meaning: str
    holds: bool


def read_signatures(record: str) -> list[SignatureLine]:
    """The signatures of a record, newest first."""
    last = FormRevision.objects.filter(record_id=record).order_by("-number").values_list("hash", flat=True)
    head = last.first()
    return [
        SignatureLine(one.printed_name, one.at, one.meaning, one.revision_hash == head)
        for one in Signature.objects.filter(record_id=record).order_by("-seq")
    ]
