"""One treated patient from the first dose to death, leaving, or the data cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grevy.simulate.assumptions import Assumptions
from grevy.simulate.course import NEVER, START_DOSE_MG, Course, Stop
from grevy.simulate.imaging import FollowUp, waiting_days
from grevy.simulate.patients import Patient, draw
from grevy.simulate.radiology import Radiologist
from grevy.simulate.safety import AdverseEvent, DosePlan, cut_doses, draw_adverse_events, plan_doses
from grevy.simulate.tumors import draw_biology, draw_lesions

SAFETY_DAYS = 30  # adverse events are collected until 30 days after the last dose


def simulate_course(rng: np.random.Generator, patient: Patient, horizon: int, assumed: Assumptions) -> Course:
    """One patient from the first dose (day 0) to death, leaving, or the data cut at day `horizon`."""
    biology = draw_biology(rng, patient, assumed)
    lesions = draw_lesions(rng, patient, biology, assumed)
    radiologist = Radiologist(rng, lesions, biology, assumed)
    course = Course(
        patient=patient,
        biology=biology,
        lesions=lesions,
        baseline_mm={lesion.lesion_id: radiologist.baseline_diameter(lesion) for lesion in lesions},
        has_baseline=bool(rng.random() >= assumed.recruitment.baseline_scan_missing_share),
        horizon=horizon,
        death_day=max(3, round(biology.death_day)),
        lost_day=waiting_days(rng, assumed.leaving.lost_per_year),
        withdrawn_day=waiting_days(rng, assumed.leaving.consent_withdrawn_per_year),
    )
    planned = draw_adverse_events(rng, patient, course.observed_until, assumed)
    plan, met = plan_doses(rng, planned, START_DOSE_MG[patient.regimen], course.observed_until, assumed)
    FollowUp(rng, course, radiologist, assumed, first_stop(rng, course, plan, assumed)).run()
    end_treatment(rng, course, plan, met)
    end_of_life(rng, course, assumed)
    contact_survivors(rng, course)
    return course


def first_stop(rng: np.random.Generator, course: Course, plan: DosePlan, assumed: Assumptions) -> Stop | None:
    """The earliest end of treatment for a reason other than progression."""
    leaving = assumed.leaving
    by_patient = waiting_days(rng, leaving.treatment_stopped_by_patient_per_year)
    by_investigator = waiting_days(rng, leaving.treatment_stopped_by_investigator_per_year)
    stops = [Stop(by_patient, "WITHDRAWAL"), Stop(by_investigator, "INVESTIGATOR")]
    if plan.stop_day is not None:
        stops.append(Stop(plan.stop_day, "ADVERSE_EVENT", plan.stop_cause))
    if course.withdrawn_day < NEVER:
        stops.append(Stop(course.withdrawn_day, "WITHDRAWAL"))
    if course.lost_day < NEVER:
        stops.append(Stop(max(course.lost_day - int(rng.integers(0, 21)), 0), "LOST"))
    if course.death_day <= course.horizon:
        stops.append(Stop(max(course.death_day - int(rng.integers(0, 9)), 0), "DEATH"))
    earliest = min(stops, key=lambda stop: stop.day)
    return earliest if earliest.day <= course.horizon else None


# ------------------------------------------------------------------------------------------------------
# What is left once the scans are known
# ------------------------------------------------------------------------------------------------------


def end_treatment(rng: np.random.Generator, course: Course, plan: DosePlan, met: list[AdverseEvent]) -> None:
    """Cut doses and events at the end of treatment; what was planned for later days did not happen."""
    last = None if course.stop is None else max(course.stop.day, 0)
    last_treated = course.observed_until if last is None else last
    seen_until = min(last_treated + SAFETY_DAYS, course.observed_until)
    kept = [index for index, event in enumerate(met) if event.onset <= seen_until]
    number = {index: new for new, index in enumerate(kept)}
    behind = None if course.stop is None else course.stop.cause
    doses = cut_doses(plan, last, course.observed_until)
    lowered = {dose.cause for dose in doses if dose.dose_mg}
    course.events = [
        cut_event(
            met[index] if index in lowered else without_reduction(met[index]),
            last_treated,
            course.observed_until,
            ends_treatment=index == behind,
        )
        for index in kept
    ]
    course.doses = tuple(replace(dose, cause=renumbered(dose.cause, number)) for dose in doses)
    if course.stop is not None:
        last_dose = last_treated if doses[-1].end is None else doses[-1].end
        course.stop = replace(course.stop, day=last_dose, cause=renumbered(course.stop.cause, number))


def renumbered(cause: int | None, number: dict[int, int]) -> int | None:
    return None if cause is None else number.get(cause)


def without_reduction(event: AdverseEvent) -> AdverseEvent:
    """An event whose lower dose was never taken, for treatment ended during the interruption before it."""
    return replace(event, action="INTERRUPTED") if event.action == "REDUCED" else event


def cut_event(
    event: AdverseEvent, last_treated: int, until: int, *, ends_treatment: bool = False
) -> AdverseEvent:
    """An event as known at `until`: perhaps not ended, or without a dose change that never came.

    The event that ends treatment keeps its action, also where it began on the day after the last dose.
    """
    if event.end is not None and event.end > until:
        event = replace(event, end=None)
    if ends_treatment:
        return event
    if event.onset > last_treated:
        return replace(event, action="NA", action_day=None)
    if event.action_day is not None and event.action_day > last_treated:
        return replace(event, action="NONE", action_day=None)
    return event


def end_of_life(rng: np.random.Generator, course: Course, assumed: Assumptions) -> None:
    """Cause of death; a death under treatment without progression is sometimes an adverse event."""
    if not course.death_is_known:
        return
    recent = course.stop is None or course.death_day - course.stop.day <= 30
    progressed = any(call.overall == "PD" for call in course.calls)
    if recent and not progressed and rng.random() < assumed.dosing.fatal_share_of_deaths_on_treatment:
        course.death_cause, course.death_event = "AE", len(course.events)
        course.events.append(draw_fatal_event(rng, course, assumed))
    else:
        course.death_cause = draw(rng, {"PD": 0.86, "OTHER": 0.09, "UNK": 0.05})


def draw_fatal_event(rng: np.random.Generator, course: Course, assumed: Assumptions) -> AdverseEvent:
    options = {
        "Gastrointestinal haemorrhage": "GI",
        "Pneumonia": "INFEC",
        "Hepatic failure": "HEPAT",
        "Cardiac failure": "CARD",
    }
    decod = draw(
        rng,
        {
            "Gastrointestinal haemorrhage": 0.4,
            "Pneumonia": 0.3,
            "Hepatic failure": 0.15,
            "Cardiac failure": 0.15,
        },
    )
    related = {"Gastrointestinal haemorrhage": 0.7, "Hepatic failure": 0.5, "Cardiac failure": 0.5}.get(
        decod, 0.05
    )
    return AdverseEvent(
        line={"Gastrointestinal haemorrhage": "haemorrhage"}.get(decod, "fatal"),
        decod=decod,
        soc=assumed.soc[options[decod]],
        onset=max(course.death_day - int(rng.integers(0, 12)), 0),
        end=course.death_day,
        grade=5,
        serious=True,
        causality="POSSIBLE" if rng.random() < related else "UNLIKELY",
        causality_partner="UNLIKELY" if course.patient.partners else None,
        action="NA",
        fatal=True,
    )


def contact_survivors(rng: np.random.Generator, course: Course) -> None:
    """Survival contacts every 12 weeks after treatment, and one for everybody before the data cut."""
    if course.stop is not None:
        day = course.stop.day + 84
        while day + 20 <= course.observed_until:
            actual = day + int(np.clip(round(rng.normal(0, 5)), -14, 14))
            if rng.random() < 0.93:
                course.contacts.append((actual, "ALIVE"))
            day += 84
    if course.observed_until == course.horizon and rng.random() < 0.93:
        last = course.contacts[-1][0] if course.contacts else 0
        day = course.horizon - int(rng.integers(2, 28))
        if day > last:
            course.contacts.append((day, "ALIVE"))
    if course.lost_day == course.observed_until and course.lost_day + 30 <= course.horizon:
        course.contacts.append((course.lost_day + 30, "UNKNOWN"))
