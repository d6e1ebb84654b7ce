"""The visits of one patient with every form that the schedule expects there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from grevy.definition import Study
from grevy.simulate import body_and_heart, laboratory, questionnaires
from grevy.simulate.course import Course
from grevy.simulate.health import Health
from grevy.simulate.medication import capsules, histories, medications, partner_doses, serious_events
from grevy.simulate.records import Record, State, Values, given, yes_no
from grevy.simulate.screen_failures import proofs
from grevy.simulate.screening_records import is_of_childbearing_age

EXAMINATIONS: dict[str, Callable[[Health, int], Values]] = {
    "vital_signs": body_and_heart.vital_signs,
    "ecog": body_and_heart.ecog,
    "physical_examination": body_and_heart.physical_examination,
    "urinalysis": laboratory.urinalysis,
    "tumor_markers": laboratory.tumor_markers,
    "cardiac_markers": laboratory.cardiac_markers,
    "pregnancy_test": laboratory.pregnancy_test,
    "ecg": body_and_heart.ecg,
    "echocardiogram": body_and_heart.echocardiogram,
    "qlq_c30": questionnaires.qlq_c30,
    "qlq_ginet21": questionnaires.qlq_ginet21,
    "eq5d5l": questionnaires.eq5d5l,
    "adherence": questionnaires.adherence,
}
TESTED = ("hematology", "chemistry", "coagulation", "thyroid", "lipids")
ALWAYS_DONE = ("ecog", "pregnancy_test")
OPTIONAL_SHARE = 0.30
VISIT_FOR_EVENT = 0.5
REASONS = ("REFUSED", "ILL", "FORGOTTEN", "TECHNICAL")
UNPLANNED = ("vital_signs", "hematology", "chemistry", "urinalysis")


def examination_records(
    study: Study, health: Health, days: dict[str, int], cycle_days: dict[int, int]
) -> list[Record]:
    """Everything that is examined, counted or asked, for one screened patient."""
    # What decides on eligibility is examined before the decision.
    day = max(days["consent"], days["decision"] - int(health.rng.integers(0, 7)))
    records = [*planned_forms(study, health, "SCREENING", 1, day), disease_extent(health, day)]
    records += histories(health, days["consent"])
    if health.course is not None:
        records += treatment_visits(study, health, health.course, cycle_days)
        records += [*medications(health, health.course), *serious_events(health, health.course)]
        records += partner_doses(health, health.course)
    else:
        records += proofs(health, days["consent"], days["decision"])
    return records


def plan_cycles(study: Study, health: Health) -> dict[int, int]:
    """Day 1 of each cycle as it was: mostly in its window, some late, some missed."""
    if health.course is None:
        return {}
    until, odds = health.course.last_treated, health.assumed.deviations
    window = study.event("CYCLE").window
    outside = 4 if window is None else window.after + 1
    days: dict[int, int] = {}
    for number, planned in enumerate(study.event("CYCLE").planned_days(until=max(until - 3, 0)), 1):
        if number > 1 and health.rng.random() < health.assumed.examinations.visit_missed:
            continue
        shift = int(health.rng.integers(-2, 4)) if number > 1 else 0
        if number > 1 and health.rng.random() < odds.visit_late:
            shift = int(health.rng.integers(outside, odds.latest_visit_days + 1))
        days[number] = min(planned + shift, max(until, 0))
    return days


def treatment_visits(study: Study, health: Health, course: Course, days: dict[int, int]) -> Iterator[Record]:
    until = course.last_treated
    for number, day in days.items():
        yield from planned_forms(study, health, "CYCLE", number, day)
    yield from capsules(health, course, days)
    if until >= 16:
        yield from planned_forms(study, health, "C1D15", 1, 14 + int(health.rng.integers(-2, 3)))
    for visit in course.visits:
        if visit.event == "IMAGING" and visit.scan is not None:
            yield from planned_forms(study, health, "IMAGING", visit.sequence, visit.scan.day)
    yield from unplanned_visits(health, course)
    yield from last_visits(study, health, course)


def planned_forms(study: Study, health: Health, event: str, number: int, day: int) -> Iterator[Record]:
    for planned in study.event(event).planned_forms:
        form = planned.form
        if (form not in EXAMINATIONS and form not in TESTED) or not planned.falls_on(number):
            continue
        if form == "pregnancy_test":
            if not is_of_childbearing_age(health.patient):
                continue
        elif planned.optional and health.rng.random() >= OPTIONAL_SHARE:
            continue
        yield examined(health, event, number, form, day)


def examined(health: Health, event: str, number: int, form: str, day: int) -> Record:
    rng = health.rng
    if form not in ALWAYS_DONE and day > 0 and rng.random() < health.assumed.examinations.form_not_done:
        values: Values = {"not_done_reason": REASONS[int(rng.integers(len(REASONS)))]}
    elif form in TESTED:
        values = laboratory.laboratory_form(health, form, day)
    else:
        values = EXAMINATIONS[form](health, day)
    return Record(event, number, form, 1, (State(day, values),))


def unplanned_visits(health: Health, course: Course) -> Iterator[Record]:
    """A visit for each unplanned scan, and one for each event of grade 3 or more that is not fatal."""
    scans = [visit for visit in course.visits if visit.event == "UNSCHEDULED" and visit.scan is not None]
    for visit in scans:
        assert visit.scan is not None
        yield unplanned(health, visit.sequence, visit.scan.day, "IMAGING")
    number = max((visit.sequence for visit in course.visits if visit.event == "UNSCHEDULED"), default=0)
    for ae, event in enumerate(course.events, 1):
        day = event.onset + 1
        if (
            event.grade in (3, 4)
            and 0 < day <= course.observed_until
            and health.rng.random() < VISIT_FOR_EVENT
        ):
            number += 1
            yield unplanned(health, number, day, "ADVERSE_EVENT", ae)
            yield from (examined(health, "UNSCHEDULED", number, form, day) for form in UNPLANNED)


def unplanned(health: Health, number: int, day: int, reason: str, ae: int | None = None) -> Record:
    values = given(visit_date=health.text(day), reason=reason, ae_number=ae)
    after = () if ae is None else (("adverse_event", ae),)
    return Record("UNSCHEDULED", number, "unscheduled_visit", 1, (State(day, values),), "coordinator", after)


def last_visits(study: Study, health: Health, course: Course) -> Iterator[Record]:
    if course.stop is None:
        return
    day = course.stop.day + int(health.rng.integers(0, 8))
    if day <= course.observed_until:
        yield from planned_forms(study, health, "EOT", 1, day)
    day = course.stop.day + 30 + int(health.rng.integers(-6, 7))
    if day > course.observed_until:
        return
    came = health.rng.random() < 0.85
    therapy = any(therapy.start <= day for therapy in course.therapies)
    newer = any(course.stop.day < event.onset <= day for event in course.events)
    values = {"contact_date": health.text(day), "contact": "VISIT" if came else "PHONE"}
    values |= {"new_ae": yes_no(newer), "new_therapy": yes_no(therapy)}
    yield Record("SAFETY_FU", 1, "safety_followup", 1, (State(day, values),))
    if came:
        yield from planned_forms(study, health, "SAFETY_FU", 1, day)


def disease_extent(health: Health, day: int) -> Record:
    """Extent at screening, consistent with the organs and the receptor imaging of the diagnosis form."""
    rng, patient = health.rng, health.patient
    spread = bool(patient.metastases & {"LIVER", "BONE", "PERITONEUM", "LUNG"})
    burden = (
        ("LE10", "GT10", "GT25", "GT50")[int(rng.integers(4))] if "LIVER" in patient.metastases else "NONE"
    )
    values: Values = {
        "assessed_date": health.text(day),
        "ajcc_edition": "V8",
        "tnm_t": f"T{int(rng.integers(1, 5))}",
        "tnm_n": "N1" if "NODE" in patient.metastases else "N0",
        "tnm_m": "M1" if spread else "M0",
        "liver_burden": burden,
        "organ_count": len(patient.metastases),
        "fdg_done": "N",
        "hereditary": "NONE" if rng.random() < 0.93 else "MEN1",
    }
    if patient.sstr in ("POS", "NEG"):
        values |= {"sstr_date": health.text(day - 20), "sstr_tracer": "DOTATATE"}
        values["krenning"] = str(rng.integers(2, 5)) if patient.sstr == "POS" else str(rng.integers(0, 2))
    return Record("SCREENING", 1, "disease_extent", 1, (State(day, values),))
