"""Who types the records, when, and what goes wrong at the desk: late entry, corrections, reasons.

Sites enter in working hours (China, UTC+8), some days after the fact. Consent comes first, then screening in
its order; a record that names another comes after it. What was not entered before the data cut is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from grevy.simulate.assumptions import Assumptions
from grevy.simulate.records import SCREENING_ORDER, Record, State, Values
from grevy.snapshot.entries import Entry

ORIGIN = "simulated"
CATCH_UP_SHARE, CATCH_UP_DAYS = 0.85, 10
NEVER_ENTERED = datetime.max.replace(tzinfo=UTC)
DOSING = "surufatinib_dosing"
FIRST_DOSE = (DOSING, 1)
LOG_FORMS = ("adverse_event", DOSING, "subsequent_therapy")
Moments = dict[tuple[str, int], datetime]
"""When records, by form and number, were saved."""


@dataclass(frozen=True)
class Site:
    """One hospital with the day of its activation and its share of the patients."""

    code: str
    name_en: str
    name_zh: str
    active_from: date
    share: float


@dataclass(frozen=True)
class User:
    """One person with one role at one site."""

    name: str
    display: str
    role: str
    site: str


def open_sites(
    rng: np.random.Generator, number: int, start: date, last_day: int
) -> tuple[tuple[Site, ...], tuple[User, ...]]:
    """Sites of very different size, activated one after the other, each with its staff."""
    shares = np.sort(rng.gamma(1.6, 1.0, number) + 0.15)[::-1]
    days = np.sort(rng.integers(0, max(last_day, 1), number))
    days[0] = 0
    sites, users = [], []
    for index in range(number):
        code = f"{index + 1:02d}"
        active = start + timedelta(days=int(days[index]))
        sites.append(Site(code, f"Virtual Hospital {code}", f"虚拟医院{code}", active, float(shares[index])))
        coordinators = 2 if shares[index] > shares.mean() else 1
        users += [
            User(f"crc{code}{'ab'[n]}", f"Coordinator {code}{'ab'[n]}", "coordinator", code)
            for n in range(coordinators)
        ]
        users.append(User(f"inv{code}", f"Investigator {code}", "investigator", code))
    return tuple(sites), tuple(users)


@dataclass(frozen=True)
class Typed:
    """A state and the day on which somebody sits down to type it."""

    state: State
    day: int


@dataclass(frozen=True)
class Desk:
    """The desk of one subject: whose it is, who may type, and until when entries count."""

    rng: np.random.Generator
    site: str
    subject: str
    users: tuple[User, ...]
    first_dose: date
    end: date
    assumed: Assumptions

    def enter(self, records: list[Record]) -> list[Entry]:
        """All saves of one subject in the order of their time."""
        begun: Moments = {}
        completed: Moments = {}
        entries: list[Entry] = []
        for record in in_entry_order(records):
            entries += self._enter_record(record, begun, completed)
        return sorted(entries, key=lambda entry: entry.at)

    def add(self, records: list[Record], entered: list[Entry]) -> list[Entry]:
        """Saves of further records of a subject whose other records are entered already."""
        begun: Moments = {}
        completed: Moments = {}
        for entry in entered:
            begun.setdefault((entry.form, entry.form_seq), entry.at)
            completed[entry.form, entry.form_seq] = entry.at
        return [entry for record in records for entry in self._enter_record(record, begun, completed)]

    def _enter_record(self, record: Record, begun: Moments, completed: Moments) -> Iterator[Entry]:
        moment = self._not_before(record, begun, completed)
        for typed in self._typed_states(record):
            planned = self._moment(typed, moment)
            if planned is None:
                return
            moment = planned
            begun.setdefault(record.key, moment)
            user = self._user(record.role)
            yield Entry(
                site=self.site, subject=self.subject, event=record.event, event_seq=record.event_seq,
                form=record.form, form_seq=record.form_seq, values=typed.state.values,
                by=user.name, role=user.role, at=moment, reason=typed.state.reason, origin=ORIGIN,
            )  # fmt: skip
        if moment is not None:
            completed[record.key] = moment

    def _not_before(self, record: Record, begun: Moments, completed: Moments) -> datetime | None:
        """The latest of the saves that must come before; if one of them never came, this never comes.

        A dose is entered once the one before it has its end: at no moment do two doses run side by side.
        """
        needed = list(record.after)
        times: list[datetime] = []
        if record.form in LOG_FORMS and record.form_seq > 1:
            previous = (record.form, record.form_seq - 1)
            saves = completed if record.form == DOSING else begun
            times.append(saves.get(previous, NEVER_ENTERED))
        if record.event == "SCREENING" and record.form not in SCREENING_ORDER:
            earlier = SCREENING_ORDER[:1]
        elif record.form in SCREENING_ORDER:
            earlier = SCREENING_ORDER[: SCREENING_ORDER.index(record.form)]
        else:
            earlier = SCREENING_ORDER
            needed += [FIRST_DOSE] if FIRST_DOSE in begun and not is_first_dose(record) else []
        times += [begun[form, 1] for form in earlier if (form, 1) in begun]
        times += [begun.get(key, NEVER_ENTERED) for key in needed]
        return max(times, default=None)

    def _typed_states(self, record: Record) -> Iterator[Typed]:
        """The saved states: states known together become one, and some are first typed with a mistake."""
        # Nobody is enrolled and treated without these forms: they are never late.
        starting = record.form in SCREENING_ORDER or is_first_dose(record)
        states, delay = list(record.states), int(self.rng.integers(0, 3)) if starting else self._delay()
        if len(states) > 1 and states[1].day - states[0].day <= delay:
            states = [replace(states[-1], reason=None)]
        for state in states[:-1]:
            yield Typed(state, state.day + delay)
        last, day = states[-1], states[-1].day + (delay if len(states) == 1 else self._delay())
        slip = slip_of(self.rng, record.form, last.values) if self._is_mistaken() else None
        if slip is None:
            yield Typed(last, day)
            return
        wrong, reason = slip
        yield Typed(replace(last, values=wrong), day)
        found = day + 3 + int(self.rng.exponential(25))
        yield Typed(State(found, last.values, reason), found)

    def _is_mistaken(self) -> bool:
        return (
            self.rng.random() < self.assumed.imperfections.correction * 1.9
        )  # not every form can hold a slip

    def _delay(self) -> int:
        if self.rng.random() < self.assumed.imperfections.late_entry:
            return 25 + int(self.rng.exponential(25))
        return int(self.rng.exponential(3.5))

    def _moment(self, typed: Typed, not_before: datetime | None) -> datetime | None:
        """A moment in working hours; close to the data cut most sites catch up, the others are too late."""
        known = self.first_dose + timedelta(days=typed.state.day)
        day = self.first_dose + timedelta(days=typed.day)
        if known > self.end:
            return None
        if day > self.end:
            if self.rng.random() >= CATCH_UP_SHARE:
                return None
            day = max(known, self.end - timedelta(days=int(self.rng.integers(0, CATCH_UP_DAYS))))
        moment = datetime.combine(workday(day, self.end), self._office_hour(), UTC)
        if not_before is None or moment > not_before:
            return moment
        if not_before.date() > self.end:
            return None
        moment = not_before + timedelta(
            minutes=int(self.rng.integers(2, 12)), seconds=int(self.rng.integers(0, 60))
        )
        return moment if moment.date() <= self.end else None

    def _office_hour(self) -> time:
        hour, rest = divmod(int(self.rng.integers(0, 10 * 3600)), 3600)  # 8 to 18 o'clock in China
        return time(hour, rest // 60, rest % 60)

    def _user(self, role: str) -> User:
        staff = [user for user in self.users if user.role == role]
        return staff[int(self.rng.integers(len(staff)))]


def workday(day: date, end: date) -> date:
    """The same day, or the Monday after a weekend if that is before the data cut."""
    monday = day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    return monday if monday <= end else day


def is_first_dose(record: Record) -> bool:
    return record.key == FIRST_DOSE


def in_entry_order(records: list[Record]) -> list[Record]:
    """Screening in its order, first dose, adverse events before what names them, end of study last."""
    return sorted(records, key=lambda record: (entry_rank(record), record.form, record.form_seq))


def entry_rank(record: Record) -> tuple[int, int]:
    if record.form in SCREENING_ORDER:
        return 0, SCREENING_ORDER.index(record.form)
    if is_first_dose(record):
        return 1, 0
    if record.form == "adverse_event":
        return 2, 0
    if record.form == "end_of_study":
        return 4, 0
    return 3, 0 if record.form in LOG_FORMS else record.states[0].day


# ------------------------------------------------------------------------------------------------------
# Slips of the hand
# ------------------------------------------------------------------------------------------------------

TRANSCRIPTION = "Transcription error, corrected against the source document"


def slip_of(rng: np.random.Generator, form: str, values: Values) -> tuple[Values, str] | None:
    """The values as first typed, with one mistake, and the reason of the correction; None if none fits."""
    slip = SLIPS.get(form)
    return None if slip is None else slip(rng, values)


def slip_of_weight(rng: np.random.Generator, values: Values) -> tuple[Values, str] | None:
    if "weight_kg" not in values:
        return None
    return {**values, "weight_kg": f"{float(values['weight_kg']) + 10:g}"}, TRANSCRIPTION


def slip_of_ki67(rng: np.random.Generator, values: Values) -> tuple[Values, str] | None:
    if "ki67" not in values:
        return None
    return {**values, "ki67": f"{float(values['ki67']) + 0.5:g}"}, "Pathology report reviewed"


def slip_of_diameter(rng: np.random.Generator, values: Values) -> tuple[Values, str] | None:
    """Two digits of one measured diameter exchanged: 23 for 32."""
    rows = values.get("lesions", [])
    able = [i for i, row in enumerate(rows) if has_two_digits(row.get("diameter_mm"))]
    if not able:
        return None
    index = able[int(rng.integers(len(able)))]
    wrong = {**rows[index], "diameter_mm": rows[index]["diameter_mm"][::-1]}
    return {**values, "lesions": [*rows[:index], wrong, *rows[index + 1 :]]}, TRANSCRIPTION


def has_two_digits(text: str | None) -> bool:
    return text is not None and len(text) == 2 and text[1] not in ("0", text[0]) and text != text[::-1]


def slip_of_event(rng: np.random.Generator, values: Values) -> tuple[Values, str] | None:
    if values["grade"] == 5:
        return None
    if rng.random() < 0.5:
        wrong = values["grade"] - 1 if values["grade"] > 1 else 2
        return {**values, "grade": wrong}, "Grade checked against CTCAE 5.0"
    other = {"RELATED": "POSSIBLE", "POSSIBLE": "UNLIKELY", "UNLIKELY": "POSSIBLE"}.get(
        values["related_surufatinib"], "POSSIBLE"
    )
    return {**values, "related_surufatinib": other}, "Causality reviewed by the investigator"


def slip_of_contact(rng: np.random.Generator, values: Values) -> tuple[Values, str] | None:
    day = date.fromisoformat(values["contact_date"]) - timedelta(days=int(rng.integers(1, 4)))
    return {**values, "contact_date": day.isoformat()}, "Date of the telephone call corrected"


def slip_of_cause(rng: np.random.Generator, values: Values) -> tuple[Values, str] | None:
    if values["cause"] != "PD":
        return None
    unknown = {name: value for name, value in values.items() if name != "detail"} | {"cause": "UNK"}
    return unknown, "Death certificate received"


def slip_of_therapy(rng: np.random.Generator, values: Values) -> tuple[Values, str] | None:
    return {**values, "therapy_class": "OTHER"}, "Class assigned after review of the discharge letter"


SLIPS = {
    "demographics": slip_of_weight,
    "nen_diagnosis": slip_of_ki67,
    "baseline_lesions": slip_of_diameter,
    "tumor_assessment": slip_of_diameter,
    "adverse_event": slip_of_event,
    "survival_followup": slip_of_contact,
    "death": slip_of_cause,
    "subsequent_therapy": slip_of_therapy,
}
