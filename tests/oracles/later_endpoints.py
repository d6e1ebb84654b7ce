"""Time to deterioration of each score, and to the first hypertension of grade 3 or higher, of one subject.

Definitive deterioration as in QoLR and the surufatinib trials (W47, W48): a form worse than baseline by the
threshold, and every later form, too; or death. Without a baseline there is no row; without a later form the
subject is censored on day 1.
"""

from __future__ import annotations

from datetime import date, timedelta

from tests.oracles.adverse_events_twin import DAYS_AFTER_LAST_DOSE, expect_adverse_events
from tests.oracles.endpoints_of_records import Expected, date_progression
from tests.oracles.questionnaire_records import expect_scores
from tests.oracles.questionnaires_twin import definitive_deterioration
from tests.oracles.records import Course, Domains, elapsed

GOOD_DIRECTION = ("QL", "PF", "RF", "EF", "CF", "SF", "C30SUM", "EQVAS")
NOT_TIMED = ("EQINDEX",)
FEW_SCALES = ("QL", "PF", "FA", "DI")
"""Scales for which every definition and set of events is computed beside the chosen one."""

VARIANTS = {
    "TTD": ("def2", "death"), "TD1": ("def1", "death"), "TD3": ("def3", "death"), "TDF": ("first", "death"),
    "TDN": ("def2", "none"), "TDP": ("def2", "progression"),
}  # fmt: skip
"""Definition, and what counts besides: nothing, death, or progression and death."""

HYPERTENSION = ("hypertension", "hypertensive", "blood pressure increased")
NOT_SYSTEMIC = ("portal hypertension", "pulmonary hypertension")


def expect_deterioration(subject: Domains, course: Course) -> dict[str, Expected]:
    if course.first_dose is None:
        return {}
    courses: dict[str, list[tuple]] = {}
    baselines: dict[str, float] = {}
    for (paramcd, visit, day), values in expect_scores(subject, course).items():
        if values["BASE"] is not None:
            baselines[paramcd] = values["BASE"]
            if day > course.first_dose:
                courses.setdefault(paramcd, []).append((day, visit, values["AVAL"]))
    deaths = [] if course.death is None else [course.death]
    progression = date_progression(subject, course)
    ends = {"none": [], "death": deaths, "progression": [*deaths, *([progression] if progression else [])]}
    expected = {}
    for paramcd, base in baselines.items():
        if paramcd in NOT_TIMED:
            continue
        forms = sorted(courses.get(paramcd, []))
        for prefix, (definition, besides) in VARIANTS.items():
            if prefix == "TTD" or paramcd in FEW_SCALES:
                name = prefix + paramcd.removeprefix("C30")
                place = find_deterioration(paramcd in GOOD_DIRECTION, base, forms, definition)
                days = [] if place is None else [forms[place][0]]
                days += ends[besides]
                expected[name] = time_it(course, min(days, default=None), [day for day, _, _ in forms])
    return expected


def find_deterioration(is_good: bool, base: float, forms: list[tuple], definition: str) -> int | None:
    scores = [score for _, _, score in forms]
    if definition != "first":
        return definitive_deterioration(base, scores, is_good, definition)
    worse = [i for i, s in enumerate(scores) if (base - s if is_good else s - base) >= 10 - 1e-9]
    return worse[0] if worse else None


def time_it(course: Course, event: date | None, censored: list[date]) -> Expected:
    """An event on its day, or censored on the last of these days, at the first dose where there is none."""
    day = event or max(censored, default=course.first_dose)
    return Expected(course.first_dose, day, elapsed(course.first_dose, day) + 1, event is not None, "")


def expect_hypertension(subject: Domains, course: Course) -> Expected | None:
    """The first treatment-emergent hypertension of grade 3 or higher; else the end of the time at risk."""
    if course.first_dose is None:
        return None
    events = expect_adverse_events(subject, course)
    days = [
        events[row["AESEQ"]]["ASTDT"]
        for row in subject["AE"]
        if is_hypertension(row["AEDECOD"] or "")
        and events[row["AESEQ"]]["TRTEMFL"] == "Y"
        and (events[row["AESEQ"]]["ATOXGR"] or 0) >= 3
    ]
    # who died was alive until then, whoever saw it last
    ends = [course.death or course.last_alive or course.first_dose]
    if course.last_dose is not None:
        ends.append(course.last_dose + timedelta(days=DAYS_AFTER_LAST_DOSE))
    return time_it(course, min(days, default=None), [max(min(ends), course.first_dose)])


def is_hypertension(term: str) -> bool:
    words = term.lower()
    return any(word in words for word in HYPERTENSION) and not any(word in words for word in NOT_SYSTEMIC)
