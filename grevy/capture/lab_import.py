"""A hospital's list of laboratory results, laid onto the study's forms: what would be added, what is there
already, what contradicts. The plan is made anew from the ledger each time it is shown or carried out, and
writes nothing.

The value as reported is kept with its unit; nothing that was entered is ever overwritten by an import
(ICH E6(R3) 4.2.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from grevy.capture.hospital_files import Sheet
from grevy.capture.ledger import LedgerTransaction
from grevy.capture.models import StudyEvent, Subject
from grevy.capture.policies import Address
from grevy.capture.reading.courses import read_course
from grevy.capture.reading.visits import Visit, project_visits
from grevy.capture.typed import read_typed
from grevy.definition import Study
from grevy.definition.forms import Item
from grevy.definition.partial_values import read_date
from grevy.definition.quantities import compute_standard_value
from grevy.definition.values import is_of_type
from grevy.definition.words import Text

DATE_ITEM = "collected_date"
UNSCHEDULED = "UNSCHEDULED"
LABORATORY_FORMS = (
    "hematology",
    "chemistry",
    "urinalysis",
    "coagulation",
    "thyroid",
    "lipids",
    "tumor_markers",
    "cardiac_markers",
)
"""Forms that a laboratory fills."""


@dataclass(frozen=True)
class ColumnMap:
    """How the columns of a site's export are to be read: one row per result.

    `tests` says which item a name of the hospital's means; `units` which unit of ours a unit of theirs is. A
    name or unit that stands for nothing of the study is mapped to the empty text, and its rows are left out.
    """

    subject: str
    day: str
    test: str
    result: str
    unit: str
    tests: Mapping[str, str]
    units: Mapping[str, str]

    @property
    def is_complete(self) -> bool:
        """Whether every column that is needed was chosen; a unit may be missing from an export."""
        return all((self.subject, self.day, self.test, self.result))


@dataclass(frozen=True)
class Problem:
    """What keeps a file from being imported, by its row in the file (0: the whole file)."""

    row: int
    column: str
    message: Text


@dataclass(frozen=True)
class Found:
    """One result of the file at its place in the study."""

    row: int
    address: Address
    item: str
    value: str
    entered: str = ""


@dataclass
class Plan:
    """What an import would do."""

    added: list[Found] = field(default_factory=list)
    same: list[Found] = field(default_factory=list)
    conflicts: list[Found] = field(default_factory=list)
    left_out: int = 0
    problems: list[Problem] = field(default_factory=list)
    values: dict[Address, dict[str, Any]] = field(default_factory=dict)
    """For each record the values to add, the day of sampling included."""

    @property
    def may_be_carried_out(self) -> bool:
        return bool(self.added) and not self.problems


def lab_items(study: Study) -> dict[str, Item]:
    """The items an import may fill, as `form.item`."""
    return {
        f"{form}.{item.name}": item
        for form in LABORATORY_FORMS
        if form in study.forms
        for item in study.forms[form].items
        if item.test
    }


def suggest_tests(study: Study, names: Sequence[str]) -> dict[str, str]:
    """Items whose label, in either language, or test code a hospital's name equals; others stay open."""
    known: dict[str, str] = {}
    for path, item in lab_items(study).items():
        for word in (item.label.en, item.label.zh, str(item.test), item.name):
            known.setdefault(_plain(word), path)
            known.setdefault(_plain(word.split("（")[0].split("(")[0]), path)
    return {name: known.get(_plain(name), "") for name in names}


def _plain(word: str) -> str:
    return word.strip().lower().replace(" ", "")


# ---- The plan ------------------------------------------------------------------------------------------


def plan_import(study: Study, site: str, sheet: Sheet, mapping: ColumnMap, *, today: date) -> Plan:
    """What importing the file would do, with every problem of every row."""
    plan = Plan()
    columns = {name: place for place, name in enumerate(sheet.header)}
    items = lab_items(study)
    subjects = set(Subject.objects.filter(site_id=site).values_list("number", flat=True))
    places = _Places(study, today)
    seen: dict[tuple[Address, str], tuple[int, str]] = {}
    for number, row in enumerate(sheet.rows, start=2):
        cells = {
            name: row[columns[column]]
            for name in ("subject", "day", "test", "result", "unit")
            if (column := getattr(mapping, name)) in columns
        }
        found = _read_row(plan, mapping, items, subjects, number, cells, today)
        if found is None:
            continue
        subject, day, path, value = found
        address = places.find(subject, path.split(".")[0], day)
        item = path.split(".")[1]
        before = seen.get((address, item))
        if before is not None and before[1] != value:
            plan.problems.append(Problem(number, mapping.result, _two_results(before[0])))
            continue
        seen[address, item] = (number, value)
        if before is None:
            _compare(plan, places, Found(number, address, item, value), items[path], day)
    return plan


def _read_row(
    plan: Plan,
    mapping: ColumnMap,
    items: Mapping[str, Item],
    subjects: set[str],
    number: int,
    cells: Mapping[str, str],
    today: date,
) -> tuple[str, str, str, str] | None:
    """Subject, day, item and value of a row; None where it is left out or has a problem, which is noted."""
    path = mapping.tests.get(cells["test"])
    if path == "":
        plan.left_out += 1
        return None
    problems: list[tuple[str, Text]] = []
    if path is None or path not in items:
        problems.append((mapping.test, _unknown_test(cells["test"])))
    if cells["subject"] not in subjects:
        problems.append((mapping.subject, _unknown_subject(cells["subject"])))
    day = read_date(cells["day"][:10].replace("/", "-").replace(".", "-"))
    if day is None or day > today:
        problems.append((mapping.day, _no_day(cells["day"])))
    value = ""
    if path in items:
        value, message = _read_value(items[path], cells["result"], cells.get("unit", ""), mapping, today)
        problems += [(mapping.result, message)] if message else []
    plan.problems += [Problem(number, column, message) for column, message in problems]
    if problems or day is None or path is None:
        return None
    return cells["subject"], day.isoformat(), path, value


def _read_value(
    item: Item, result: str, unit: str, mapping: ColumnMap, today: date
) -> tuple[str, Text | None]:
    """The stored value of a result with its unit, or why there is none."""
    if not result.strip():
        return "", Text(en="The result is empty. Leave the row out.", zh="结果为空。请删除该行。")
    known = mapping.units.get(unit, unit) or str(item.unit or "")
    text = f"{result} {known}" if item.type == "quantity" else result
    value, message = read_typed(item, text, today)
    if message is not None:
        return "", message
    if not is_of_type(item, value):
        units = ", ".join(str(one) for one in (item.unit, *item.units) if one)
        return "", Text(
            en=f"{result} {unit} cannot be read as {item.label.en}; allowed units: {units}.",
            zh=f"“{result} {unit}”无法读作{item.label.zh}；允许的单位：{units}。",
        )
    return str(value) if item.type != "integer" else value, None


def _compare(plan: Plan, places: _Places, found: Found, item: Item, day: str) -> None:
    """Add what is not there; leave what is; show what contradicts."""
    entered = places.values(found.address).get(found.item)
    if entered is None:
        plan.added.append(found)
        plan.values.setdefault(found.address, {DATE_ITEM: day})[found.item] = found.value
    elif entered == found.value or _equal_in_standard_unit(item, entered, found.value):
        plan.same.append(found)
    else:
        plan.conflicts.append(Found(found.row, found.address, found.item, found.value, entered=str(entered)))


def _equal_in_standard_unit(item: Item, one: Any, other: Any) -> bool:
    if item.type != "quantity":
        return str(one) == str(other)
    left, right = compute_standard_value(item, one), compute_standard_value(item, other)
    return left is not None and left == right


# ---- Where a sample belongs ----------------------------------------------------------------------------


class _Places:
    """Finds the record of a sample: the one of its day, else the planned visit of that time, else a visit
    outside the plan."""

    def __init__(self, study: Study, today: date) -> None:
        self.study, self.today, self.ledger = study, today, LedgerTransaction()
        self._visits: dict[str, tuple[Visit, ...]] = {}
        self._taken: dict[tuple[str, str, str], Address] = {}
        self._next_unscheduled: dict[str, int] = {}

    def values(self, address: Address) -> dict[str, Any]:
        head = self.ledger.head(address.record)
        return {} if head is None or head.withdrawn else head.values

    def find(self, subject: str, form: str, day: str) -> Address:
        key = (subject, form, day)
        if key not in self._taken:
            self._taken[key] = self._find(subject, form, day)
        return self._taken[key]

    def _find(self, subject: str, form: str, day: str) -> Address:
        if subject not in self._visits:
            course = read_course(self.study, subject)
            self._visits[subject] = project_visits(self.study, course, self.today)
        visits = [v for v in self._visits[subject] if form in self.study.event(v.event).forms]
        for visit in visits:
            address = Address(subject, visit.event, visit.event_seq, form)
            if self.values(address).get(DATE_ITEM) == day:
                return address
        on = date.fromisoformat(day)
        fitting = [visit for visit in visits if self._fits(subject, form, visit, on)]
        if fitting:
            best = min(fitting, key=lambda visit: abs((visit.at - on).days))
            return Address(subject, best.event, best.event_seq, form)
        return Address(subject, UNSCHEDULED, self._unscheduled(subject, day), form)

    def _fits(self, subject: str, form: str, visit: Visit, on: date) -> bool:
        """Whether a sample of a day belongs to a visit, and no other sample of that form stands there."""
        address = Address(subject, visit.event, visit.event_seq, form)
        if self.values(address).get(DATE_ITEM) or address in self._taken.values():
            return False
        if visit.day is not None:
            return abs((visit.day - on).days) <= 1
        return visit.opens is not None and visit.closes is not None and visit.opens <= on <= visit.closes

    def _unscheduled(self, subject: str, day: str) -> int:
        """The number of the visit outside the plan at which the samples of that day stand together."""
        for (other, _, on), address in self._taken.items():
            if (other, on, address.event) == (subject, day, UNSCHEDULED):
                return address.event_seq
        if subject not in self._next_unscheduled:
            stored = StudyEvent.objects.filter(subject_id=subject, event=UNSCHEDULED)
            self._next_unscheduled[subject] = max(stored.values_list("event_seq", flat=True), default=0)
        self._next_unscheduled[subject] += 1
        return self._next_unscheduled[subject]


# ---- Words ---------------------------------------------------------------------------------------------


def _unknown_test(name: str) -> Text:
    return Text(
        en=f"The test “{name}” is not mapped. Choose the item it means, or leave it out.",
        zh=f"检验项目“{name}”尚未对应。请选择对应的项目，或选择不导入。",
    )


def _unknown_subject(number: str) -> Text:
    return Text(
        en=f"There is no subject {number} at this site. Correct the number.",
        zh=f"本中心没有受试者 {number}，请更正编号。",
    )


def _no_day(typed: str) -> Text:
    return Text(
        en=f"{typed or 'The empty day'} is no day of sampling up to today. Write it like 2026-03-05.",
        zh=f"“{typed}”不是有效的采样日期（不得晚于今天）。请按 2026-03-05 填写。",
    )


def _two_results(row: int) -> Text:
    return Text(
        en=f"Row {row} has another result of the same test, subject and day. Keep one of them.",
        zh=f"第 {row} 行为同一受试者、同一日、同一项目的另一结果。请保留其一。",
    )
