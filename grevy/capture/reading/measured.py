"""Measured values beside their limits: range, flag, CTCAE grade, earlier values and what the label advises.

The grades are those of `rules`, which the data sets use as well; what a grade asks for beyond a number
(treatment, symptoms, admission) is for people to judge: everything here is information, nothing an order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from grevy.capture.first_dose import DOSE_LOG, first_dose_of
from grevy.capture.ledger import LedgerTransaction
from grevy.capture.models import FormRecord
from grevy.capture.policies import Address
from grevy.capture.reading.limits import Pair, find_limits, read_person
from grevy.definition import Study
from grevy.definition.forms import Form, Item
from grevy.definition.partial_values import read_date, read_decimal, read_quantity
from grevy.definition.quantities import compute_standard_value
from grevy.rules.cardiac import compute_qtcf, compute_rr, flag_lvef
from grevy.rules.ctcae import applies_to_baseline, find_criteria, grade_value
from grevy.rules.dose_levels import (
    DOSE_ACTION_LABELS,
    DoseAction,
    find_creatinine_action,
    find_dose_action,
    find_liver_action,
    find_proteinuria_action,
)
from grevy.rules.pressure_and_protein import DIPSTICK_GRADES, BloodPressure, grade_blood_pressure
from grevy.rules.words import Words
from grevy.snapshot import name_record

DATES = ("collected_date", "assessed_date", "ecg_date", "exam_date")
"""Items that say when the values of a form were measured."""

LEFT_VENTRICLE = Words("Ejection fraction: falls or low", "左室射血分数下降或偏低")


@dataclass(frozen=True)
class Mark:
    """One value beside what it is judged by. `grade` is None where CTCAE has none, or a limit is missing."""

    low: Decimal | None
    high: Decimal | None
    flag: str
    grade: int | None
    term: Words | None
    earlier: tuple[tuple[date, Decimal], ...]
    value: Decimal | None
    unit: str
    converted: bool
    """The value was typed in another unit, and is judged in `unit`."""

    @property
    def has_range(self) -> bool:
        return self.low is not None or self.high is not None


@dataclass(frozen=True)
class Measured:
    """The marks of a form by item, and what the label advises on them."""

    marks: Mapping[str, Mark]
    advice: tuple[tuple[Words, Words], ...]
    """Each with what it is about, and the advice."""
    day: date | None
    """When the values were measured."""


def measured_items(form: Form) -> list[Item]:
    """The items whose values are numbers of a test."""
    return [item for item in form.items if item.test and item.type in ("quantity", "integer", "decimal")]


def read_measured(study: Study, address: Address, values: Mapping[str, Any]) -> Measured:
    """Everything that stands beside the values of one form as typed."""
    form = study.forms[address.form]
    ledger = LedgerTransaction()
    head = ledger.head(name_record(address.subject, "SCREENING", 1, "demographics", 1))
    person = read_person(address.subject, dict(head.values) if head else {})
    records = _earlier_records(ledger, form, address)
    day = day_of(values)
    first_dose = _first_dose(ledger, address.subject)
    base = baseline_of(records, first_dose, day)
    tests = [f"{form.name}.{item.name}" for item in measured_items(form)]
    limits = find_limits(study, person, [(test, day) for test in tests]) if day else {}
    then = find_limits(study, person, [(test, base[0]) for test in tests]) if base else {}
    before = [(on, row) for on, row in records if day is None or on < day]
    marks = {
        item.name: _mark(study, item, values, before, base, (limits.get(test, OPEN), then.get(test, OPEN)))
        for item, test in zip(measured_items(form), tests, strict=True)
    }
    advice = [one for one in _advise(form, values, marks, study.analysis.value("ctcae.version")) if one]
    return Measured(marks, tuple(advice), day)


def day_of(values: Mapping[str, Any]) -> date | None:
    """When the values of a form were measured."""
    return next((day for name in DATES if (day := read_date(values.get(name))) is not None), None)


def _earlier_records(
    ledger: LedgerTransaction, form: Form, address: Address
) -> list[tuple[date, Mapping[str, Any]]]:
    """The subject's other records of the form, by day of measurement."""
    stored = FormRecord.objects.filter(study_event__subject_id=address.subject, form=form.name)
    keys = [key for key in stored.values_list("key", flat=True) if key != address.record]
    ledger.preload(keys, [])
    found = []
    for key in keys:
        head = ledger.head(key)
        day = day_of(head.values) if head and not head.withdrawn else None
        if head is not None and day is not None:
            found.append((day, head.values))
    return sorted(found, key=lambda one: one[0])


def _first_dose(ledger: LedgerTransaction, subject: str) -> date | None:
    stored = FormRecord.objects.filter(study_event__subject_id=subject, form=DOSE_LOG)
    keys = list(stored.values_list("key", flat=True))
    ledger.preload(keys, [])
    heads = [head for key in keys if (head := ledger.head(key)) and not head.withdrawn]
    return first_dose_of(head.values for head in heads)


def baseline_of(
    records: list[tuple[date, Mapping[str, Any]]], first_dose: date | None, day: date | None
) -> tuple[date, Mapping[str, Any]] | None:
    """The last record up to the first dose; none for what was itself measured by then."""
    if first_dose is None or day is None or day <= first_dose:
        return None
    return next((one for one in reversed(records) if one[0] <= first_dose), None)


def number_of(item: Item, value: Any) -> Decimal | None:
    """The number in the item's unit; what the hard range refuses cannot be saved, and is no measurement."""
    number = compute_standard_value(item, value) if item.type == "quantity" else read_decimal(value)
    low, high = (read_decimal(limit) for limit in (item.hard.low, item.hard.high)) if item.hard else OPEN
    if number is None or (low is not None and number < low) or (high is not None and number > high):
        return None
    return number


OPEN: Pair = (None, None)


def _mark(
    study: Study,
    item: Item,
    values: Mapping[str, Any],
    before: list[tuple[date, Mapping[str, Any]]],
    base: tuple[date, Mapping[str, Any]] | None,
    limits: tuple[Pair, Pair],
) -> Mark:
    """`limits` are those of the day of the sample and of the baseline's day."""
    value, (low, high) = number_of(item, values.get(item.name)), limits[0]
    was = number_of(item, base[1].get(item.name)) if base else None
    grade, term = grade_of(study, item, value, limits[0], was, limits[1])
    flag = "LOW" if value is not None and low is not None and value < low else ""
    flag = "HIGH" if value is not None and high is not None and value > high else flag
    earlier = tuple(
        (on, number) for on, row in before if (number := number_of(item, row.get(item.name))) is not None
    )
    typed = read_quantity(values.get(item.name))
    converted = typed is not None and value is not None and typed.unit != item.unit
    return Mark(low, high, flag, grade, term, earlier, value, item.unit or "", converted)


def grade_of(
    study: Study, item: Item, value: Decimal | None, limits: Pair, base: Decimal | None, then: Pair
) -> tuple[int | None, Words | None]:
    """The higher of the two directions, with its term."""
    best: tuple[int | None, Words | None] = (None, None)
    for criterion in find_criteria(study.analysis.value("ctcae.version"), str(item.test)):
        if value is None or not applies_to_baseline(criterion.baseline, base, *then):
            continue
        grade = grade_value(criterion, value, unit=item.unit, lln=limits[0], uln=limits[1], base=base)
        if grade is not None and (best[0] is None or grade > best[0]):
            best = (grade, Words(criterion.term, criterion.term_zh) if grade else None)
    return best


# ---- Advice of the label -------------------------------------------------------------------------------


def _advise(
    form: Form, values: Mapping[str, Any], marks: Mapping[str, Mark], version: str
) -> list[tuple[Words, Words] | None]:
    if form.name == "vital_signs":
        return [_of_pressure(marks, version)]
    if form.name == "urinalysis":
        return [_of_protein(values, marks)]
    if form.name == "chemistry":
        return [_of_creatinine(marks), _of_liver(marks)]
    if form.name == "ecg":
        return [_of_qtcf(marks, version)]
    return [_of_ejection(marks)] if form.name == "echocardiogram" else []


def _told(about: Words, action: DoseAction) -> tuple[Words, Words] | None:
    return None if action is DoseAction.CONTINUE else (about, DOSE_ACTION_LABELS[action])


def _of_pressure(marks: Mapping[str, Mark], version: str) -> tuple[Words, Words] | None:
    systolic, diastolic = marks["sbp"].value, marks["dbp"].value
    if systolic is None or diastolic is None:
        return None
    grade = grade_blood_pressure(version, BloodPressure(systolic, diastolic))
    about = Words(f"Blood pressure, grade {grade}", f"血压 {grade} 级")
    return _told(about, find_dose_action("HYPERTENSION", grade))


def _of_protein(values: Mapping[str, Any], marks: Mapping[str, Mark]) -> tuple[Words, Words] | None:
    collected = marks["protein_24h"].value if "protein_24h" in marks else None
    if collected is not None:
        return _told(Words("24-hour urine protein", "24小时尿蛋白"), find_proteinuria_action(collected))
    if DIPSTICK_GRADES.get(str(values.get("protein")), 0) >= 2:
        return (
            Words("Dipstick 2+ or more", "尿蛋白定性≥2+"),
            Words("Collect urine over 24 hours", "请加做24小时尿蛋白定量"),
        )
    return None


def _of_creatinine(marks: Mapping[str, Mark]) -> tuple[Words, Words] | None:
    mark = marks.get("creat")
    if mark is None or mark.value is None or mark.high is None:
        return None
    return _told(Words("Creatinine", "肌酐"), find_creatinine_action(mark.value, mark.high))


def _of_liver(marks: Mapping[str, Mark]) -> tuple[Words, Words] | None:
    multiples = {
        name: mark.value / mark.high
        for name in ("alt", "ast", "bili")
        if (mark := marks.get(name)) and mark.value is not None and mark.high
    }
    if "bili" not in multiples or not {"alt", "ast"} & set(multiples):
        return None
    enzymes = max(multiples.get("alt", Decimal(0)), multiples.get("ast", Decimal(0)))
    about = Words("Aminotransferases and bilirubin", "转氨酶与胆红素")
    return _told(about, find_liver_action(enzymes, multiples["bili"]))


def _of_qtcf(marks: Mapping[str, Mark], version: str) -> tuple[Words, Words] | None:
    qt, rate = (marks[name].value if name in marks else None for name in ("qt_ms", "heart_rate"))
    if qt is None or not rate:
        return None
    qtcf = compute_qtcf(qt, compute_rr(rate))
    grades = [
        grade
        for criterion in find_criteria(version, "QTCFAG")
        if (grade := grade_value(criterion, qtcf)) is not None
    ]
    grade = max(grades, default=0)
    about = Words(f"QTcF {qtcf:.0f} ms, grade {grade}", f"QTcF {qtcf:.0f} ms，{grade} 级")
    return _told(about, find_dose_action("QT", grade))


def _of_ejection(marks: Mapping[str, Mark]) -> tuple[Words, Words] | None:
    mark = marks.get("lvef")
    if mark is None or mark.value is None:
        return None
    base = mark.earlier[0][1] if mark.earlier else None
    if not flag_lvef(mark.value, base):
        return None
    return LEFT_VENTRICLE, DOSE_ACTION_LABELS[DoseAction.INTERRUPT_OR_REDUCE]
