"""Departures from the protocol that an entry brings with it.

A date outside its window, and a target lesion against the rules of baseline.

Each is asked about in place, as an unusual value is. Who stands by it with a note makes a record of the log
of deviations with it, in the same transaction; correcting the entry withdraws that record again. What a
person has changed in such a record is theirs and is left alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from grevy.capture.addresses import Address, address_of
from grevy.capture.first_dose import DOSE_LOG, first_dose_of
from grevy.capture.ledger import LedgerTransaction
from grevy.capture.merging import Values
from grevy.capture.models import FormRevision
from grevy.capture.reading.courses import visit_item
from grevy.capture.reading.visits import planned_window
from grevy.capture.typed import show_date
from grevy.definition import Problem, Study
from grevy.definition.partial_values import read_date
from grevy.definition.words import Text
from grevy.snapshot import ROW_KEY

DEVIATION = ("LOG", 1, "protocol_deviation")
WINDOW, GUARD = "window ", "guard "
"""How the origin of a deviation begins that the program recorded; the rest says of what."""
WINDOW_RULE = "visit_window"
"""The rule under which a page asks for the note."""
BASELINE = "baseline_lesions"
GUARDS = (
    "BL_MORE_THAN_FIVE_TARGETS",
    "BL_MORE_THAN_TWO_PER_ORGAN",
    "BL_TARGET_NOT_MEASURED",
    "BL_TARGET_NODE_SMALL",
    "BL_TARGET_SMALL",
    "BL_TARGET_THICK_SLICE",
    "BL_TARGET_CHEST_XRAY",
    "BL_TARGET_METHOD",
    "BL_TARGET_KIND",
    "BL_TARGET_TREATED",
)
"""The checks of baseline that say which lesion may be a target (RECIST 1.1, 3.1, 4.1, 4.2)."""
CORRECTED = "The entry was corrected. / 相关录入已更正。"

OUTSIDE = Text(
    en="{day} lies outside the window of {visit}, {opens} to {closes}. Correct it, or say why: a protocol "
    "deviation is then recorded.",
    zh="{day} 不在“{visit}”的窗口期内（{opens} 至 {closes}）。请更正，或说明原因；说明后将记录为方案偏离。",
)
LATE = Text(
    en="{visit}: {form} done on {day}, {n} days after the window ({opens} to {closes}).",
    zh="{visit}：{form} 于 {day} 进行，超出窗口期（{opens} 至 {closes}）{n} 天。",
)
EARLY = Text(
    en="{visit}: {form} done on {day}, {n} days before the window ({opens} to {closes}).",
    zh="{visit}：{form} 于 {day} 进行，早于窗口期（{opens} 至 {closes}）{n} 天。",
)
KEPT = Text(en="Baseline lesions kept against a rule: {rule}", zh="基线病灶未按规则而保留：{rule}")


@dataclass(frozen=True)
class Departure:
    """One departure as it stands in an entry. `origin` says of what; the same on another day is another.

    `item` is the field as the page names it: `item`, or `group.row.item`.
    """

    origin: str
    day: str
    item: str
    question: Text
    what: Text
    category: str
    severity: str

    def values(self, note: str) -> dict[str, str]:
        """The record of the deviation, with the note of whoever stands by the entry."""
        return {
            "deviation_date": self.day,
            "category": self.category,
            "severity": self.severity,
            "description": f"{self.what.en} / {self.what.zh} / {note}",
        }


def find_departures(
    study: Study, ledger: LedgerTransaction, address: Address, values: Values, problems: Iterable[Problem]
) -> list[Departure]:
    """All departures that stand in the values of a form; `problems` are those its checks found."""
    outside = find_window_departure(study, ledger, address, values)
    guards = find_guard_departures(values, problems) if address.form == BASELINE else ()
    return [*([outside] if outside else []), *guards]


# ---- Windows -------------------------------------------------------------------------------------------


def find_window_departure(
    study: Study, ledger: LedgerTransaction, address: Address, values: Values
) -> Departure | None:
    """The day of a form of a planned visit that lies before or after the visit's window."""
    item = visit_item(study, address.form)
    day = read_date(values.get(item)) if item else None
    event = study.event(address.event)
    if item is None or day is None or event.kind != "scheduled":
        return None
    window = planned_window(event, address.event_seq, find_anchor(ledger, address.subject, event.anchor))
    if window is None or window[1] <= day <= window[2]:
        return None
    _, opens, closes = window
    days = (day - closes).days if day > closes else (opens - day).days
    words = _words(study, address, day, opens, closes, days)
    return Departure(
        origin=f"{WINDOW}{address.event}/{address.event_seq}",
        day=day.isoformat(),
        item=item,
        question=_filled(OUTSIDE, words),
        what=_filled(LATE if day > closes else EARLY, words),
        category="VISIT_WINDOW",
        severity="MINOR",
    )


def find_anchor(ledger: LedgerTransaction, subject: str, anchor: str | None) -> date | None:
    """The first dose above 0 mg, or the last one as the end of treatment says it."""
    if anchor is None:
        return None
    form = DOSE_LOG if anchor == "first_dose" else "end_of_treatment"
    rows = [ledger.values_of(record) or {} for record in ledger.records_of(subject, {form})]
    if anchor == "first_dose":
        return first_dose_of(rows)
    days = (read_date(row.get("last_dose_date")) for row in rows)
    return min((day for day in days if day is not None), default=None)


def _words(
    study: Study, address: Address, day: date, opens: date, closes: date, days: int
) -> dict[str, dict[str, Any]]:
    name, form = study.event(address.event).name_of(address.event_seq), study.forms[address.form].label
    return {
        language: {
            "day": show_date(day.isoformat(), language),
            "opens": show_date(opens.isoformat(), language),
            "closes": show_date(closes.isoformat(), language),
            "visit": getattr(name, language),
            "form": getattr(form, language),
            "n": days,
        }
        for language in ("en", "zh")
    }


def _filled(message: Text, words: dict[str, dict[str, Any]]) -> Text:
    return Text(en=message.en.format(**words["en"]), zh=message.zh.format(**words["zh"]))


# ---- Targets of baseline -------------------------------------------------------------------------------


def find_guard_departures(values: Values, problems: Iterable[Problem]) -> Iterator[Departure]:
    """The rules on target lesions that the entry goes against, one of each rule and lesion."""
    rows = values.get("lesions") or ()
    for problem in problems:
        if problem.rule in GUARDS:
            lesion = "" if problem.row is None else str(rows[problem.row].get("lesion_id") or problem.row + 1)
            rule = {
                language: {
                    "rule": " ".join(part for part in (lesion, getattr(problem.message, language)) if part)
                }
                for language in ("en", "zh")
            }
            yield Departure(
                origin=f"{GUARD}{problem.rule} {lesion}".strip()[:40],
                day=str(values.get("scan_date") or ""),
                item=_field_of(rows, problem),
                question=problem.message,
                what=_filled(KEPT, rule),
                category="OTHER",
                severity="MAJOR",
            )


def _field_of(rows: Sequence[Mapping[str, Any]], problem: Problem) -> str:
    group, _, item = problem.item.rpartition(".")
    is_in_row = problem.row is not None and group
    return f"{group}.{rows[problem.row][ROW_KEY]}.{item}" if is_in_row else problem.item


# ---- What was recorded already -------------------------------------------------------------------------


@dataclass(frozen=True)
class Recorded:
    """A deviation that the program recorded and that stands; `day` as it was recorded first."""

    address: Address
    origin: str
    day: str
    is_untouched: bool

    def tells(self, departure: Departure) -> bool:
        """Whether it is about this departure; of a window also on the same day."""
        same_day = self.day == departure.day or departure.origin.startswith(GUARD)
        return self.origin == departure.origin and same_day


def read_recorded(ledger: LedgerTransaction, address: Address) -> list[Recorded]:
    """The deviations that the program recorded for the visit of a record, or for the lesions of baseline."""
    rows = _first_revisions(address.subject).order_by("seq")
    of_form = [row for row in rows if _is_about(row.origin, address)]
    found = []
    for row in of_form:
        head = ledger.head(row.record_id)
        if head is not None and not head.withdrawn:
            day = str(json.loads(row.content).get("deviation_date", ""))
            found.append(Recorded(address_of(row.record_id), row.origin, day, head.number == 1))
    return found


def _first_revisions(subject: str) -> QuerySet[FormRevision]:
    """How each deviation of a subject was recorded first."""
    return FormRevision.objects.filter(
        record__study_event__subject_id=subject, record__form=DEVIATION[2], number=1
    )


def _is_about(origin: str, address: Address) -> bool:
    of_visit = origin == f"{WINDOW}{address.event}/{address.event_seq}"
    return of_visit or (address.form == BASELINE and origin.startswith(GUARD))


def is_told(
    ledger: LedgerTransaction, address: Address, departure: Departure, recorded: Iterable[Recorded]
) -> bool:
    """Whether the log of deviations tells of a departure: recorded by the program, or by a person of that
    day."""
    if any(one.tells(departure) for one in recorded):
        return True
    if not departure.origin.startswith(WINDOW):
        return False
    own = _first_revisions(address.subject).filter(origin__startswith=WINDOW)
    records = set(ledger.records_of(address.subject, {DEVIATION[2]})) - set(
        own.values_list("record_id", flat=True)
    )
    entered = (ledger.values_of(record) or {} for record in records)
    return any(
        one.get("category") == departure.category and one.get("deviation_date") == departure.day
        for one in entered
    )


def find_corrected(
    study: Study,
    ledger: LedgerTransaction,
    address: Address,
    recorded: Iterable[Recorded],
    standing: Iterable[Departure],
) -> list[Recorded]:
    """Recorded deviations whose cause is gone, and that nobody has changed since."""
    origins = {one.origin for one in standing}
    days = _days_of_visit(study, ledger, address)
    return [
        one
        for one in recorded
        if one.is_untouched
        and (one.origin not in origins if one.origin.startswith(GUARD) else one.day not in days)
    ]


def _days_of_visit(study: Study, ledger: LedgerTransaction, address: Address) -> set[str]:
    """The days on which the forms of a visit were done."""
    forms = set(study.event(address.event).forms)
    here = [r for r in ledger.records_of(address.subject, forms) if r.startswith(f"{address.occasion}/")]
    found = ((visit_item(study, record.split("/")[3]), ledger.values_of(record) or {}) for record in here)
    return {str(values.get(item)) for item, values in found if item}
