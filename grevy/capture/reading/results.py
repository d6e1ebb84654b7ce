"""All measured results of a subject: values as reported with flag and CTCAE grade, by test and day.

The grades are those of the form page and of the data sets; a result counts as reviewed once an investigator
has signed the form it stands on, as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from grevy.capture.addresses import Address, address_of
from grevy.capture.first_dose import DOSE_LOG, first_dose_of
from grevy.capture.lab_import import LABORATORY_FORMS
from grevy.capture.models import ChainHead, LabRange, Signature
from grevy.capture.reading.courses import Course, is_remembered, read_last_values, remembered
from grevy.capture.reading.limits import Pair, Ranges, find_limits_on, read_person, read_ranges
from grevy.capture.reading.measured import baseline_of, day_of, grade_of, measured_items, number_of
from grevy.capture.typed import show_value
from grevy.definition import Study
from grevy.definition.forms import Item
from grevy.definition.words import Text
from grevy.rules.words import Words

RESULT_FORMS = (*LABORATORY_FORMS, "vital_signs", "ecg", "echocardiogram")
"""The forms of measured values, in the order in which they are read."""
CLOSED: Pair = (None, None)
DEMOGRAPHICS = "/SCREENING/1/demographics/1"


@dataclass(frozen=True)
class Result:
    """One measured value."""

    record: str
    item: Item
    day: date
    shown: str
    number: Decimal
    flag: str
    grade: int | None
    term: Words | None

    @property
    def form(self) -> str:
        return self.record.split("/")[3]

    @property
    def address(self) -> Address:
        return address_of(self.record)


@dataclass(frozen=True)
class ResultRow:
    """One test: its results by day, some days without one."""

    label: Text
    unit: str
    cells: tuple[Result | None, ...]
    trend: tuple[float, ...]


@dataclass(frozen=True)
class ResultTable:
    """One form: days across, the newest first, tests down."""

    form: str
    label: Text
    columns: tuple[tuple[date, Address], ...]
    rows: tuple[ResultRow, ...]
    earlier: int
    """Days that are not shown."""


def read_results(
    study: Study,
    subject: str,
    values: Mapping[str, Mapping[str, Any]],
    ranges: Ranges | None = None,
) -> list[Result]:
    """Every measured value of a subject, from the last values of its records; by form and day."""
    person = read_person(subject, dict(values.get(subject + DEMOGRAPHICS, {})), subject.split("-")[0])
    ranges = read_ranges({person.site}) if ranges is None else ranges
    first_dose = first_dose_of(row for record, row in values.items() if record.split("/")[3] == DOSE_LOG)
    found: list[Result] = []
    for form in RESULT_FORMS:
        records = sorted(
            (day, record, row)
            for record, row in values.items()
            if record.split("/")[3] == form and (day := day_of(row)) is not None
        )
        tests = [(item, f"{form}.{item.name}") for item in measured_items(study.forms[form])]
        days = {day for day, _, _ in records}
        limits = find_limits_on(study, person, [(test, day) for _, test in tests for day in days], ranges)
        rows = [(day, row) for day, _, row in records]
        for day, record, row in records:
            base = baseline_of(rows, first_dose, day)
            for item, test in tests:
                now = limits.get((test, day), CLOSED)
                then = limits.get((test, base[0]), CLOSED) if base else CLOSED
                result = _result(study, item, record, day, row, now, base[1] if base else {}, then)
                if result is not None:
                    found.append(result)
    return found


def _result(
    study: Study,
    item: Item,
    record: str,
    day: date,
    row: Mapping[str, Any],
    limits: Pair,
    base: Mapping[str, Any],
    then: Pair,
) -> Result | None:
    number = number_of(item, row.get(item.name))
    if number is None:
        return None
    low, high = limits
    flag = "LOW" if low is not None and number < low else ""
    flag = "HIGH" if high is not None and number > high else flag
    grade, term = grade_of(study, item, number, limits, number_of(item, base.get(item.name)), then)
    # The unit stands beside the test; only another one is said with the value.
    shown = show_value(study, item, row.get(item.name), "en").removesuffix(f" {item.unit}")
    return Result(record, item, day, shown, number, flag, grade, term)


# ---- What has to be looked at --------------------------------------------------------------------------

HIGH_GRADE = 3
"""From this CTCAE grade on a result is pointed out until it is reviewed."""


@dataclass(frozen=True)
class HighResult:
    """A result of grade 3 or more; `is_last` says that the test was not repeated since."""

    result: Result
    is_last: bool


def find_high_results(study: Study, courses: Mapping[str, Course]) -> dict[str, tuple[HighResult, ...]]:
    """Results of high grade of each subject; kept with its course until the subject or a range changes."""
    ranges_head = (
        ChainHead.objects.filter(table=LabRange._meta.db_table).values_list("seq", flat=True).first()
    )
    key = ("high results", study.hash, ranges_head)
    unread = [subject for subject, course in courses.items() if not is_remembered(course, key)]
    values = read_last_values(unread) if unread else {}
    ranges = read_ranges({subject.split("-")[0] for subject in unread}) if unread else {}
    found: dict[str, tuple[HighResult, ...]] = {}
    for subject, course in courses.items():
        found[subject] = remembered(
            course,
            key,
            lambda _, subject=subject: _high(read_results(study, subject, values[subject], ranges)),
        )
    return found


def _high(results: Iterable[Result]) -> tuple[HighResult, ...]:
    last = {(one.form, one.item.name): one for one in results}  # by day: the last one of a test stays
    return tuple(
        HighResult(one, last[one.form, one.item.name] is one)
        for one in results
        if (one.grade or 0) >= HIGH_GRADE
    )


def find_unreviewed(
    course: Course, high: Iterable[HighResult], signed: Mapping[str, int]
) -> list[HighResult]:
    """Results of high grade whose form no investigator has signed as it stands, by day."""
    numbers = {entry.record_of(course.subject): entry.number for entry in course.entries}
    waiting = [one for one in high if signed.get(one.result.record) != numbers.get(one.result.record)]
    return sorted(waiting, key=lambda one: (one.result.day, one.result.record))


def signed_results(subjects: Iterable[str] | None = None) -> dict[str, int]:
    """For each form of results the last revision that was signed; of some subjects, or of all."""
    rows = Signature.objects.filter(record__form__in=RESULT_FORMS)
    if subjects is not None:
        rows = rows.filter(record__study_event__subject_id__in=list(subjects))
    return dict(rows.order_by("seq").values_list("record_id", "revision_number"))


# ---- Tables --------------------------------------------------------------------------------------------


def build_tables(study: Study, results: Iterable[Result], columns: int = 10) -> list[ResultTable]:
    """The results as one table a form; the last `columns` days are shown."""
    by_form: dict[str, list[Result]] = {}
    for one in results:
        by_form.setdefault(one.form, []).append(one)
    return [_table(study, form, by_form[form], columns) for form in RESULT_FORMS if form in by_form]


def _table(study: Study, form: str, results: list[Result], columns: int) -> ResultTable:
    places = sorted({(one.day, one.record) for one in results}, reverse=True)
    shown = places[:columns]
    by_cell = {(one.item.name, one.day, one.record): one for one in results}
    rows = []
    for item in measured_items(study.forms[form]):
        series = sorted((one.day, one.number) for one in results if one.item.name == item.name)
        if series:
            cells = tuple(by_cell.get((item.name, day, record)) for day, record in shown)
            trend = tuple(float(number) for _, number in series[-24:])
            rows.append(ResultRow(item.label, item.unit or "", cells, trend))
    heads = tuple((day, address_of(record)) for day, record in shown)
    return ResultTable(form, study.forms[form].label, heads, tuple(rows), len(places) - len(shown))
