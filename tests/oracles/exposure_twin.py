"""Exposure of one subject to the study drug, day by day: dose intensity, reductions, interruptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from tests.oracles.records import Course, Dose, elapsed

EARLY_DAYS = 56
PLANNED_IN_COMBINATION, PLANNED_ALONE = Decimal(250), Decimal(300)


def close_doses(course: Course) -> list[Dose]:
    """The intervals with their ends: an open one ends the day before the next begins or goes on until now."""
    until = last_day_of_treatment(course)
    closed = []
    for position, dose in enumerate(course.doses):
        end = dose.end
        if end is None:
            later = course.doses[position + 1 :]
            end = later[0].start - timedelta(days=1) if later else until
        closed.append(replace(dose, end=end))
    taken = [dose for dose in closed if dose.mg > 0]
    if not taken:
        return []
    # A pause that only follows the last dose is no interruption of treatment.
    return [dose for dose in closed if dose.start <= taken[-1].end]


def last_day_of_treatment(course: Course) -> date | None:
    """The last dose; while treatment goes on, the earlier of death and cut-off, or the last day alive."""
    if course.last_dose is not None:
        return course.last_dose
    known = [day for day in (course.death, course.cutoff) if day is not None]
    return min(known) if known else course.last_alive


def expect_exposure(course: Course) -> dict[str, Decimal | None]:
    """PARAMCD to AVAL, one of each for a treated subject."""
    doses = close_doses(course)
    if not doses:
        return {}
    taken = [dose for dose in doses if dose.mg > 0]
    first, last = taken[0].start, max(dose.end for dose in taken)
    days = elapsed(first, last) + 1
    mg_by_day = spread_over_days(doses, first, last)
    planned = planned_daily(course, taken[0])
    cumulative = sum(mg_by_day.values(), Decimal(0))
    early_days = min(days, EARLY_DAYS)
    early = sum((mg for day, mg in mg_by_day.items() if elapsed(first, day) < EARLY_DAYS), Decimal(0))
    pauses = find_pauses(mg_by_day, first, last)
    reductions = find_reductions(taken)
    expected: dict[str, Decimal | None] = {
        "TDURD": Decimal(days),
        "CUMDOSE": cumulative,
        "AVDDOSE": cumulative / days,
        "PLANDOSE": planned * days,
        "RDI": 100 * cumulative / (planned * days),
        "NREDUC": Decimal(len(reductions)),
        "NINTERR": Decimal(len(pauses)),
        "DOSEINT": Decimal(sum(elapsed(start, end) + 1 for start, end in pauses)),
        "STRTDOSE": taken[0].mg,
        "RDIEARLY": 100 * early / (planned * early_days),
    }
    if reductions:
        expected["FRSTRED"] = Decimal(elapsed(first, reductions[0]) + 1)
    return expected


def spread_over_days(doses: list[Dose], first: date, last: date) -> Mapping[date, Decimal]:
    """Milligrams of every day from first to last dose; a day that nobody recorded is a day without drug."""
    mg_by_day = {first + timedelta(days=n): Decimal(0) for n in range(elapsed(first, last) + 1)}
    for dose in doses:
        day = max(dose.start, first)  # a pause before the first dose is none
        while day <= min(dose.end, last):
            mg_by_day[day] += dose.mg * dose.share
            day += timedelta(days=1)
    return mg_by_day


def planned_daily(course: Course, first: Dose) -> Decimal:
    """300 mg alone and 250 mg in combination; what was first given where the regimen is not known."""
    return {"MONO": PLANNED_ALONE, "COMBO": PLANNED_IN_COMBINATION}.get(course.cohort or "", first.mg)


def find_pauses(mg_by_day: Mapping[date, Decimal], first: date, last: date) -> list[tuple[date, date]]:
    """Stretches of days without drug between first and last dose."""
    pauses: list[tuple[date, date]] = []
    day = first
    while day <= last:
        if mg_by_day[day] == 0:
            start = day
            while mg_by_day[day + timedelta(days=1)] == 0:
                day += timedelta(days=1)
            pauses.append((start, day))
        day += timedelta(days=1)
    return pauses


def find_reductions(taken: list[Dose]) -> list[date]:
    """Days on which a lower daily dose began than the one taken before."""
    return [
        later.start for earlier, later in pairwise(taken)
        if later.mg * later.share < earlier.mg * earlier.share
    ]  # fmt: skip
