"""Time to event of one subject from the tabulation records, by the RECIST twin and the censoring table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracles.endpoints import (
    FollowUp,
    Outcome,
    adequate_days,
    duration_of_response,
    ema_style,
    fda_style,
    first_event,
    last_day_of_two_missed,
    overall_survival,
)
from tests.oracles.recist import Assessment, assess, best_response, first_progression, one_per_date
from tests.oracles.records import Course, Domains, TumorRecords, elapsed

EVENTS = {
    "PD": "Disease progression",
    "DEATH": "Death",
    "CLINICAL": "Clinical progression",
    "RESPONSE": "Response",
    "STOP": "Permanent stop of treatment",
}
CENSORINGS = {
    "LAST ASSESSMENT": "No progression or death: last adequate assessment",
    "NEW THERAPY": "New anti-cancer therapy: last adequate assessment on or before its start",
    "MISSED ASSESSMENTS": "Event after missed assessments: last adequate assessment before them",
    "DEATH": "Death without progression: last adequate assessment",
    "NO BASELINE": "No baseline tumor assessment",
    "NO ASSESSMENT": "No assessment after baseline",
    "LAST KNOWN ALIVE": "Alive: last date known alive",
    "ON TREATMENT": "On treatment: last date known alive",
}
"""What the records say of an event or of the reason of a censoring."""


@dataclass(frozen=True)
class Expected:
    """One row of ADTTE as it should be."""

    start: date
    day: date
    duration: int
    is_event: bool
    reason: str


def date_progression(subject: Domains, course: Course) -> date | None:
    """The first progression by RECIST, whatever was given before it."""
    records = TumorRecords(subject, course.first_dose)
    baseline = records.baseline()
    day = first_progression(one_per_date(assess(baseline, records.visits(baseline))))
    return None if day is None else course.first_dose + timedelta(days=day)


def expect_endpoints(subject: Domains, course: Course) -> dict[str, Expected]:
    if course.first_dose is None:
        return {}
    origin = course.first_dose
    records = TumorRecords(subject, origin)
    baseline = records.baseline()
    assessments = assess(baseline, records.visits(baseline))
    kept = one_per_date(assessments)
    best = best_response(assessments, day_of(course, course.new_therapy))
    follow_up = FollowUp(
        has_baseline=baseline is not None,
        death=day_of(course, course.death),
        new_therapy=day_of(course, course.new_therapy),
        clinical_progression=day_of(course, course.clinical_progression),
        last_alive=day_of(course, course.last_alive) or 0,
    )
    pfs = fda_style(kept, follow_up)
    outcomes: dict[str, Outcome | None] = {
        "PFS": pfs,
        "PFSEMA": ema_style(kept, follow_up),
        "PFSCLIN": fda_style(kept, follow_up, counts_clinical=True),
        "TTP": fda_style(kept, follow_up, counts_death=False),
        "OS": overall_survival(follow_up),
        "RSD": duration_of_response(best.first_response_day, pfs),
        "CRSD": duration_of_response(best.confirmed_response_day, pfs),
        "TTR": time_to_response(best.first_response_day),
        "CTTR": time_to_response(best.confirmed_response_day),
        "TTF": time_to_treatment_failure(subject, course),
    }
    return {
        paramcd: Expected(
            origin + timedelta(days=outcome.start),
            origin + timedelta(days=outcome.day),
            outcome.duration,
            outcome.is_event,
            reason_of(paramcd, outcome, follow_up, kept),
        )
        for paramcd, outcome in outcomes.items()
        if outcome is not None
    }


def day_of(course: Course, day: date | None) -> int | None:
    return None if day is None else elapsed(course.first_dose, day)


def time_to_response(day: int | None) -> Outcome | None:
    """Responders only: first dose to the first response."""
    return None if day is None else Outcome(day, True, "RESPONSE")


def time_to_treatment_failure(subject: Domains, course: Course) -> Outcome:
    """First dose to the permanent stop for any reason; censored while treatment goes on.

    An interruption is no stop: the end of treatment is what the site declared.
    """
    stopped = any(row.get("DSSCAT") == "STUDY TREATMENT" for row in subject["DS"])
    if stopped and course.last_dose is not None:
        return Outcome(day_of(course, course.last_dose), True, "STOP")
    if course.death is not None:
        return Outcome(day_of(course, course.death), True, "DEATH")
    return Outcome(max(day_of(course, course.last_alive) or 0, 0), False, "ON TREATMENT")


def reason_of(paramcd: str, outcome: Outcome, follow_up: FollowUp, kept: Sequence[Assessment]) -> str:
    """Why a value is an event or censored: the first row of the censoring table that fits.

    Rows: no baseline, no assessment afterwards, missed assessments, new therapy, nothing seen. A new therapy
    is the reason also of an early death that counts without it.
    """
    if outcome.is_event:
        return EVENTS[outcome.kind]
    if outcome.kind in ("LAST KNOWN ALIVE", "ON TREATMENT"):
        return CENSORINGS[outcome.kind]
    therapy = None if paramcd == "PFSEMA" else follow_up.new_therapy
    adequate = adequate_days(kept)
    early_death = follow_up.death is not None and follow_up.death <= last_day_of_two_missed(0)
    if not (follow_up.has_baseline and adequate):
        if early_death and therapy is not None and therapy < follow_up.death and paramcd != "TTP":
            return CENSORINGS["NEW THERAPY"]
        return CENSORINGS["NO ASSESSMENT" if follow_up.has_baseline else "NO BASELINE"]
    event = first_event(first_progression(kept), follow_up.death)
    if therapy is not None and (event is None or therapy < event[0]):
        return CENSORINGS["NEW THERAPY"]
    if outcome.kind == "FIRST DOSE":
        return CENSORINGS["MISSED ASSESSMENTS"]
    return CENSORINGS[outcome.kind]
