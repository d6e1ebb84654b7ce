"""Simulated against published: what a cohort gives for each target of `simulation.yaml`, and the mean.

A summary is a frame with one row per treated patient. It comes from the simulated courses themselves
(`summarize_courses`, no analysis needed) or from the study's analysis data sets (`summarize_adam`); the
measures below do not know which. Here times are crude on purpose: this checks the cohort, not the analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from grevy.simulate.assumptions import Assumptions, Target, load_assumptions
from grevy.simulate.course import START_DOSE_MG, Course
from grevy.simulate.response import confirmed_best_response, progression_free_survival
from grevy.stats.curve_readings import estimate_quantile, estimate_survival_at
from grevy.stats.kaplan_meier import estimate_kaplan_meier
from grevy.stats.proportions import estimate_clopper_pearson

DAYS_PER_MONTH = 30.4375
CONTROLLED = ("CR", "PR", "SD", "NON_CR_NON_PD", "NON-CR/NON-PD")
COLUMNS = (
    "GROUP", "COHORT", "PFS", "PFSEVENT", "OS", "OSEVENT", "BOR", "RDI", "INTERRUPTED", "REDUCED", "TOXSTOP",
    "LOST", "GRADES",
)  # fmt: skip


# ------------------------------------------------------------------------------------------------------
# Summaries: one row per treated patient
# ------------------------------------------------------------------------------------------------------


def summarize_courses(courses: Iterable[Course]) -> pd.DataFrame:
    """One row per treated patient, straight from the simulated courses, dates known to the day."""
    return pd.DataFrame([summarize_course(course) for course in courses], columns=list(COLUMNS))


def summarize_course(course: Course) -> dict[str, Any]:
    died = course.death_day if course.death_is_known else None
    pfs, event = progression_free_survival(course.calls, died, course.new_therapy_day, course.has_baseline)
    last_contact = last_day_alive(course)
    doses = [(dose.start, dose.end, dose.dose_mg) for dose in course.doses]
    return {
        "GROUP": course.patient.group,
        "COHORT": course.patient.regimen,
        "PFS": pfs,
        "PFSEVENT": event,
        "OS": (last_contact if died is None else died) + 1,
        "OSEVENT": died is not None,
        "BOR": confirmed_best_response(course.calls, course.new_therapy_day) if course.has_baseline else "NE",
        "RDI": relative_dose_intensity(doses, START_DOSE_MG[course.patient.regimen], course.observed_until),
        "INTERRUPTED": any(dose == 0 for _, _, dose in doses),
        "REDUCED": has_reduction(course),
        "TOXSTOP": course.stop is not None and course.stop.reason == "ADVERSE_EVENT",
        "LOST": died is None and course.lost_day == course.observed_until,
        "GRADES": worst_grades((event.line, event.grade) for event in course.events if event.onset >= 0),
    }


def last_day_alive(course: Course) -> int:
    """The last day with a trace of the patient: a scan, a contact, a dose, an event, the day of leaving."""
    days = [0, *[call.day for call in course.calls]]
    days += [day for day, status in course.contacts if status == "ALIVE"]
    days += [dose.end or dose.start for dose in course.doses]
    days += [event.onset for event in course.events]
    return min(max(days), course.observed_until)


def has_reduction(course: Course) -> bool:
    levels = [(dose.dose_mg, dose.schedule) for dose in course.doses if dose.dose_mg]
    return any(level != levels[0] for level in levels)


def relative_dose_intensity(
    doses: Iterable[tuple[int, int | None, float]], start_dose_mg: int, until: int
) -> float:
    """Percent of the planned dose (start dose on every day from first to last dose) that was taken."""
    taken = planned = 0.0
    for start, end, dose in doses:
        days = (until if end is None else end) - start + 1
        taken += days * dose
        planned += days * start_dose_mg
    return 100 * taken / planned


def worst_grades(events: Iterable[tuple[str, int]]) -> dict[str, int]:
    worst: dict[str, int] = {}
    for line, grade in events:
        worst[line] = max(worst.get(line, 0), grade)
    return worst


def summarize_adam(adam: Mapping[str, pd.DataFrame], assumed: Assumptions | None = None) -> pd.DataFrame:
    """The same summary from the analysis data sets ADSL, ADTTE, ADRS, ADEX and ADAE."""
    assumed = assumed or load_assumptions()
    adsl = adam["ADSL"]
    adsl = adsl[adsl["SAFFL"] == "Y"].set_index("USUBJID")
    time = {code: _parameter(adam["ADTTE"], code) for code in ("PFS", "OS")}
    best = _parameter(adam["ADRS"], "CBOR")["AVALC"]
    exposure = {code: _parameter(adam["ADEX"], code)["AVAL"] for code in ("RDI", "NREDUC", "NINTERR")}
    grades = _grades_by_line(adam["ADAE"], assumed)
    summary = pd.DataFrame(index=adsl.index)
    origin = adsl["PANCFL"].map({"Y": "PANCREATIC"}).fillna("EXTRAPANCREATIC")
    groups = {"NET G3": "NET_G3", "NEC/MiNEN": "NEC"}  # a class that is not known is in no group
    summary["GROUP"] = adsl["NENGRP"].map(groups).where(adsl["NENGRP"] != "NET G1/G2", "NET_G12_" + origin)
    summary["COHORT"] = adsl["COHORT"]
    for code, table in time.items():
        summary[code], summary[f"{code}EVENT"] = table["AVAL"], table["CNSR"] == 0
    summary["BOR"] = best
    summary["RDI"] = exposure["RDI"].astype(float)
    summary["INTERRUPTED"] = exposure["NINTERR"].astype(float) > 0
    summary["REDUCED"] = exposure["NREDUC"].astype(float) > 0
    summary["TOXSTOP"] = adsl["DCTREAS"] == "ADVERSE EVENT"
    summary["LOST"] = adsl["DCSREAS"] == "LOST TO FOLLOW-UP"
    summary["GRADES"] = [grades.get(subject, {}) for subject in summary.index]
    return summary.reset_index(drop=True)


def _parameter(table: pd.DataFrame, code: str) -> pd.DataFrame:
    return table[table["PARAMCD"] == code].set_index("USUBJID")


def _grades_by_line(adae: pd.DataFrame, assumed: Assumptions) -> dict[str, dict[str, int]]:
    line_of = {name: line for line, rate in assumed.adverse_events.items() for name in rate.members}
    emergent = adae[adae["TRTEMFL"] == "Y"]
    grades: dict[str, dict[str, int]] = {}
    for subject, decod, grade in zip(
        emergent["USUBJID"], emergent["AEDECOD"], emergent["ATOXGR"], strict=True
    ):
        worst = grades.setdefault(subject, {})
        line = line_of.get(decod, decod)
        worst[line] = max(worst.get(line, 0), int(grade))
    return grades


# ------------------------------------------------------------------------------------------------------
# Measures
# ------------------------------------------------------------------------------------------------------


def median_months(days: np.ndarray, events: np.ndarray) -> float:
    """Median of the Kaplan-Meier curve; not a number where the curve does not come down to one half."""
    median = estimate_quantile(estimate_kaplan_meier(days, events), 0.5).value
    return float("nan") if median is None else median / DAYS_PER_MONTH


def percent_surviving(days: np.ndarray, events: np.ndarray, months: float) -> float:
    """The Kaplan-Meier curve at a month; a cohort followed for less keeps its last value."""
    curve = estimate_kaplan_meier(days, events)
    found = estimate_survival_at(curve, months * DAYS_PER_MONTH, is_extended=True)
    return 100.0 if found.value is None else 100 * found.value


def percent(flags: Iterable[bool]) -> float:
    return 100 * float(np.mean(list(flags)))


def percent_with_grade(summary: pd.DataFrame, line: str, grade: int) -> float:
    return percent(worst.get(line, 0) >= grade for worst in summary["GRADES"])


Measure = Callable[[pd.DataFrame, Target], float]
MEASURES: dict[str, Measure] = {
    "pfs_median": lambda s, t: median_months(s["PFS"].to_numpy(), s["PFSEVENT"].to_numpy(bool)),
    "os_12_months": lambda s, t: percent_surviving(s["OS"].to_numpy(), s["OSEVENT"].to_numpy(bool), 12),
    "orr": lambda s, t: percent(s["BOR"].isin(["CR", "PR"])),
    "dcr": lambda s, t: percent(s["BOR"].isin(CONTROLLED)),
    "ae_any": lambda s, t: percent_with_grade(s, str(t.term), 1),
    "ae_grade3": lambda s, t: percent_with_grade(s, str(t.term), 3),
    "relative_dose_intensity": lambda s, t: float(s["RDI"].mean()),
    "combination": lambda s, t: percent(s["COHORT"] == "COMBO"),
    "dose_interruption": lambda s, t: percent(s["INTERRUPTED"]),
    "dose_reduction": lambda s, t: percent(s["REDUCED"]),
    "toxicity_stop": lambda s, t: percent(s["TOXSTOP"]),
    "lost_per_year": lambda s, t: 100 * float(s["LOST"].sum() / (s["OS"].sum() / 365.25)),
}


# ------------------------------------------------------------------------------------------------------
# Target against simulated
# ------------------------------------------------------------------------------------------------------


def label_targets(assumed: Assumptions) -> tuple[Target, ...]:
    """The frequencies of the label as targets: any grade, for every line that the label prints."""
    of_label = {line: rate for line, rate in assumed.adverse_events.items() if rate.labelled}
    return tuple(
        Target(measure="ae_any", term=line, events=round(rate.any * 4.07), n=407, unit="%",
               confidence="sourced", source="first Chinese label, any grade, n 407 derived")
        for line, rate in of_label.items()
    )  # fmt: skip


def exact_interval(events: int, n: int) -> tuple[float, float]:
    """Clopper-Pearson 95 percent interval of a share, in percent."""
    found = estimate_clopper_pearson(events, n)
    if found is None:
        raise ValueError("A share of nobody has no interval.")
    return 100 * found.lower, 100 * found.upper


def target_interval(target: Target) -> tuple[float, float, float]:
    """Value, lower and upper limit of a target; from its count where there is one."""
    if target.events is not None and target.n is not None:
        lower, upper = exact_interval(target.events, target.n)
        value = 100 * target.events / target.n if target.value is None else target.value
        return value, lower, upper
    if target.value is None or target.lower is None or target.upper is None:
        raise ValueError(
            f"Target {target.measure} {target.group or target.term} has no interval and no count."
        )
    return target.value, target.lower, target.upper


def calibration_table(summary: pd.DataFrame, assumed: Assumptions | None = None) -> pd.DataFrame:
    """Target, interval and simulated value, one row per target, overall or by NEN group."""
    assumed = assumed or load_assumptions()
    rows = []
    for target in (*assumed.targets, *label_targets(assumed)):
        subjects = summary if target.group is None else summary[summary["GROUP"] == target.group]
        value, lower, upper = target_interval(target)
        simulated = MEASURES[target.measure](subjects, target)
        rows.append(
            {
                "measure": target.measure, "group": target.group or "ALL", "term": target.term or "",
                "target": value, "lower": lower, "upper": upper, "simulated": simulated, "n": len(subjects),
                "inside": bool(lower <= simulated <= upper), "unit": target.unit,
                "confidence": target.confidence, "source": target.source,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def mean_calibration(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Mean and spread of the simulated values over cohorts; `inside` is judged on the mean.

    `cohorts_inside` is the percentage of the cohorts that lie inside by themselves.

    A median that one cohort does not reach is left out of the mean and counted in `not_reached`.
    """
    tables = list(tables)
    values = pd.DataFrame([table["simulated"].to_numpy(float) for table in tables])
    result = tables[0].drop(columns=["simulated", "n", "inside"])
    result["cohorts"] = len(tables)
    result["mean"] = values.mean()
    result["sd"] = values.std()
    held = (values >= result["lower"]) & (values <= result["upper"])
    result["cohorts_inside"] = 100 * held.mean()
    result["not_reached"] = values.isna().sum()
    result["inside"] = (result["lower"] <= result["mean"]) & (result["mean"] <= result["upper"])
    return result
