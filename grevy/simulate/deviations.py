"""Deviations from the protocol that follow from what happened to a treated patient.

None is drawn for itself: a visit came late, a scan was missed, a dose stayed as it was in spite of grade 3, a
report went out late, a consent form was old. A monitor then finds most of them and the site writes them down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from grevy.definition import Study
from grevy.simulate.consent_versions import RECENT_DAYS, Signature
from grevy.simulate.course import Course
from grevy.simulate.health import Health
from grevy.simulate.records import Record, State, Values

REPORT_HOURS = 24  # a serious adverse event goes to the sponsor within a day
OLDEST_SCAN_DAYS = 28  # RECIST 1.1, 4.2: baseline not more than four weeks before treatment
INTERRUPTED_FROM_GRADE = 3  # label: interrupt at grade 3 or more
IMPORTANT = {
    "hematology": "Hematology", "chemistry": "Chemistry", "urinalysis": "Urinalysis",
    "echocardiogram": "Echocardiography", "ecg": "Electrocardiogram",
}  # fmt: skip
TRAINED = "Site staff trained again"
EXPLAINED = "Schedule explained again to the patient"


@dataclass(frozen=True)
class Deviation:
    """One departure from the protocol, whether anybody notices it or not."""

    day: int
    category: str
    text: str
    action: str
    is_major: bool = False


@dataclass(frozen=True)
class Conduct:
    """One treated patient as the monitor sees it: the records, planned and actual days, consent."""

    study: Study
    health: Health
    course: Course
    records: Sequence[Record]
    cycle_days: dict[int, int]
    scan_day: int
    signatures: Sequence[Signature]


def deviations(conduct: Conduct) -> Iterator[Record]:
    """The log of deviations: all major ones and most of the others, found some weeks later."""
    health, course = conduct.health, conduct.course
    odds = health.assumed.deviations
    happened = [one for list_kind in KINDS for one in list_kind(conduct) if one.day <= course.observed_until]
    number = 0
    for one in sorted(happened, key=lambda one: (one.day, one.category, one.text)):
        is_found = one.is_major or health.rng.random() < odds.found_share
        after = 1 + int(health.rng.exponential(odds.found_after_days))
        reported = 3 + int(health.rng.integers(0, 25))
        if is_found:
            number += 1
            states = tuple(written_down(health, one, one.day + after, reported))
            yield Record("LOG", 1, "protocol_deviation", number, states)


def written_down(health: Health, one: Deviation, found: int, reported: int) -> Iterator[State]:
    """As found, and for a major one later with the day of the report to the ethics committee."""
    values: Values = {
        "deviation_date": health.text(one.day),
        "category": one.category,
        "severity": "MAJOR" if one.is_major else "MINOR",
        "description": one.text,
        "action": one.action,
    }
    yield State(found, values)
    if one.is_major:
        day = found + reported
        yield State(day, values | {"ethics_date": health.text(day)}, "Reported to the ethics committee")


# ------------------------------------------------------------------------------------------------------
# Kinds of deviations
# ------------------------------------------------------------------------------------------------------


def before_treatment(conduct: Conduct) -> Iterator[Deviation]:
    """Treated although a criterion was not met, or without a baseline scan that counts."""
    if conduct.health.cause is not None:
        text = f"Treated although the value of screening excludes: {conduct.health.cause.name}"
        yield Deviation(0, "ELIGIBILITY", text, "Sponsor informed; patient followed closely", is_major=True)
    if not conduct.course.has_baseline:
        yield Deviation(0, "ELIGIBILITY", "First dose without baseline imaging", TRAINED, is_major=True)
    elif -conduct.scan_day > OLDEST_SCAN_DAYS:
        text = f"Baseline imaging {-conduct.scan_day} days before the first dose"
        yield Deviation(0, "ELIGIBILITY", text, TRAINED, is_major=True)


def of_consent(conduct: Conduct) -> Iterator[Deviation]:
    late = conduct.health.assumed.deviations.consent_again_late_days
    last = conduct.course.last_treated
    for one in conduct.signatures:
        text = f"version {one.version} of the informed consent form"
        if one.reason == "CORRECTION":
            wrong = f"Outdated form signed instead of {text}"
            yield Deviation(one.due, "CONSENT", wrong, "Signed again; old forms destroyed", is_major=True)
        elif one.day is None and last - one.due > RECENT_DAYS:
            missing = f"Treated on without signing {text}"
            yield Deviation(one.due + RECENT_DAYS, "CONSENT", missing, TRAINED, is_major=True)
        elif one.day is not None and one.day - one.due > late and one.day <= last:
            signed = f"Signed {one.day - one.due} days after approval: {text}"
            yield Deviation(one.day, "CONSENT", signed, TRAINED, is_major=True)


def of_cycles(conduct: Conduct) -> Iterator[Deviation]:
    """Day 1 of a cycle outside its window, or not at all."""
    cycle = conduct.study.event("CYCLE")
    planned = list(cycle.planned_days(until=max(conduct.course.last_treated, 0)))
    for number in range(2, max(conduct.cycle_days, default=0) + 1):
        due, day = planned[number - 1], conduct.cycle_days.get(number)
        if day is None:
            yield Deviation(due, "ASSESSMENT_MISSED", f"Visit of cycle {number} missed", EXPLAINED)
        elif abs(day - due) > window_of(conduct.study, "CYCLE"):
            text = f"Visit of cycle {number}, {day - due} days after its day"
            yield Deviation(day, "VISIT_WINDOW", text, EXPLAINED)


def of_scans(conduct: Conduct) -> Iterator[Deviation]:
    """Imaging outside its window or missed; the second one missed in a row is major."""
    planned = list(conduct.study.event("IMAGING").planned_days(until=conduct.course.horizon))
    missed_before = False
    for visit in conduct.course.visits:
        if visit.event != "IMAGING" or visit.sequence > len(planned):
            continue
        due = planned[visit.sequence - 1]
        if visit.scan is None:
            text = f"Tumor imaging {visit.sequence} missed"
            text += ", as the one before" if missed_before else ""
            yield Deviation(due, "ASSESSMENT_MISSED", text, EXPLAINED, is_major=missed_before)
        elif abs(visit.scan.day - due) > window_of(conduct.study, "IMAGING"):
            when = f"{abs(visit.scan.day - due)} days {'after' if visit.scan.day > due else 'before'} its day"
            yield Deviation(
                visit.scan.day, "VISIT_WINDOW", f"Tumor imaging {visit.sequence}, {when}", EXPLAINED
            )
        missed_before = visit.scan is None


def window_of(study: Study, event: str) -> int:
    window = study.event(event).window
    return 0 if window is None else max(window.before, window.after)


def of_examinations(conduct: Conduct) -> Iterator[Deviation]:
    """An examination that was not done at a visit, and a 24-hour collection that was due."""
    for record in conduct.records:
        state = record.states[0]
        if record.form in IMPORTANT and "not_done_reason" in state.values:
            text = f"{IMPORTANT[record.form]} not done at a planned visit"
            yield Deviation(state.day, "ASSESSMENT_MISSED", text, TRAINED)
        elif record.form == "urinalysis" and needs_collection(state.values):
            text = "24-hour urine protein not collected although the dipstick showed 2+ or more"
            yield Deviation(state.day, "ASSESSMENT_MISSED", text, TRAINED)


def needs_collection(values: Values) -> bool:
    return values.get("protein") in ("2+", "3+", "4+") and "protein_24h" not in values


def of_doses(conduct: Conduct) -> Iterator[Deviation]:
    """The full dose went on in spite of an event of grade 3 or 4."""
    found = conduct.health.assumed.deviations.dose_not_changed_found
    for event in conduct.course.events:
        on_dose = 0 <= event.onset < conduct.course.last_treated and not is_interrupted(
            conduct.course, event.onset
        )
        if event.fatal or event.grade < INTERRUPTED_FROM_GRADE or event.action != "NONE" or not on_dose:
            continue
        if event.grade > INTERRUPTED_FROM_GRADE or conduct.health.rng.random() < found:
            text = f"Dose neither interrupted nor reduced: {event.decod}, grade {event.grade}"
            yield Deviation(event.onset + 1, "DOSING", text, TRAINED, is_major=event.grade > 3)


def of_capsules(conduct: Conduct) -> Iterator[Deviation]:
    """Capsules that did not come back although the next visit took place."""
    for record in conduct.records:
        back = conduct.cycle_days.get(record.event_seq + 1)
        is_open = record.form == "drug_accountability" and "returned" not in record.states[-1].values
        if is_open and back is not None:
            yield Deviation(back, "OTHER", "Bottles and capsules left over not returned", EXPLAINED)


def is_interrupted(course: Course, day: int) -> bool:
    """Whether the dose is 0 on a day or within the four days in which it is decided."""
    return any(
        dose.dose_mg == 0 and dose.start <= day + 4 and (dose.end is None or day <= dose.end)
        for dose in course.doses
    )


def of_other_therapy(conduct: Conduct) -> Iterator[Deviation]:
    """Another anti-cancer therapy beside surufatinib, or a drug that the label advises against."""
    for therapy in conduct.course.therapies:
        if therapy.start <= conduct.course.last_treated:
            text = f"Other anti-cancer therapy during treatment: {therapy.name}"
            yield Deviation(therapy.start, "PROHIBITED_THERAPY", text, "Sponsor informed", is_major=True)
    for record in conduct.records:
        state = record.states[0]
        if record.form == "concomitant_medication" and state.values.get("cyp3a4") == "INHIBITOR":
            text = f"Strong inhibitor of CYP3A4 given: {state.values['name']}"
            yield Deviation(state.day, "PROHIBITED_THERAPY", text, "Drug replaced")


def of_reports(conduct: Conduct) -> Iterator[Deviation]:
    """A serious adverse event reported later than 24 hours after the site knew of it."""
    for record in conduct.records:
        if record.form != "serious_adverse_event":
            continue
        values = record.states[0].values
        aware, reported = (datetime.fromisoformat(values[name]) for name in ("aware_at", "reported_at"))
        hours = (reported - aware).total_seconds() / 3600
        if hours > REPORT_HOURS:
            day = (aware.date() - conduct.health.first_dose).days + 1
            text = f"Serious adverse event {values['ae_number']} reported after {hours:.0f} hours"
            grave = "Y" in (values["death"], values["life_threatening"])
            yield Deviation(day, "SAE_REPORTING", text, TRAINED, is_major=grave)


KINDS = (
    before_treatment,
    of_consent,
    of_cycles,
    of_scans,
    of_examinations,
    of_doses,
    of_capsules,
    of_other_therapy,
    of_reports,
)
