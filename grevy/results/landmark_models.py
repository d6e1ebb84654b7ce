"""TX4: response, toxicity and a partner added later as predictors, by landmark and as time-dependent terms.

Whoever responds late must first have lived so long: taken as a baseline fact, a later event earns its bearers
time without risk (immortal time). A landmark model asks what was known on a day and begins there; a
time-dependent term changes on the day of the event (Anderson, Cain and Gelber 1983).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grevy.results.cox_models import ENDPOINTS
from grevy.results.frames import AnalysisData, Column, Mask
from grevy.results.labels import Label
from grevy.results.models import Ratio, ratio_row
from grevy.results.patterns_of_use import flag_partner_added_later
from grevy.results.response import select_responses
from grevy.results.rows import Line, Row, absent_row, count_row
from grevy.results.time_to_event import NOT_DERIVED, Times, select_times
from grevy.stats.arrays import FloatArray
from grevy.stats.cox import CoxFit, fit_cox
from grevy.stats.no_estimate import NoEstimate, Reason

LANDMARK_WEEKS = (8, 16)
SEVERE = 3
ONE_DAY = np.timedelta64(1, "D")

TIME_DEPENDENT = (
    Column("TD_WITH", Label("Ever with it before the end", "终点前曾出现")),
    Column("TD_HR", Label("Time-dependent HR (95% CI)", "时间依赖HR（95%CI）")),
)


@dataclass(frozen=True)
class LaterFact:
    """Something that becomes known after the first dose, and the first day of it for each subject."""

    id: str
    label: Label
    day: NDArray[np.datetime64]


def list_later_facts(data: AnalysisData) -> list[LaterFact]:
    """Response need not be confirmed here: a confirmation lies in the future of the day it is read."""
    response = select_responses(data, "RSP")
    responded = response.answer == "Y"
    adae = data["ADAE"]
    severe = (adae["TRTEMFL"] == "Y").to_numpy() & (adae["ATOXGR"] >= SEVERE).to_numpy()
    return [
        LaterFact(
            "RESPONSE",
            Label("Response (CR or PR, not yet confirmed)", "缓解（CR或PR，未要求确认）"),
            _first_day(data, "ADRS", _flag(data, "ADRS", response.position[responded]), "ADT"),
        ),
        LaterFact(
            "SEVERE",
            Label("Adverse event of grade 3 or more", "3级及以上不良事件"),
            _first_day(data, "ADAE", severe, "ASTDT"),
        ),
        LaterFact(
            "PARTNER",
            Label("Partner added after the first dose", "首次给药后加用联合药物"),
            _first_day(data, "ADCM", flag_partner_added_later(data), "ASTDT"),
        ),
    ]


def _flag(data: AnalysisData, dataset: str, positions: NDArray[np.intp]) -> Mask:
    flag = np.zeros(len(data[dataset]), dtype=bool)
    flag[positions] = True
    return flag


def _first_day(data: AnalysisData, dataset: str, chosen: Mask, variable: str) -> NDArray[np.datetime64]:
    frame = data[dataset][chosen]
    first = frame.groupby("SUBJECT")[variable].min()
    days = np.full(len(data.subjects), np.datetime64("NaT", "s"))
    days[first.index.to_numpy(int)] = first.to_numpy()
    return days


def _name_landmark(weeks: int) -> tuple[Column, Column, Column]:
    en, zh = f"Week {weeks}", f"第{weeks}周"
    return (
        Column(f"L{weeks}_N", Label(f"{en}: at risk", f"{zh}：处于风险")),
        Column(f"L{weeks}_WITH", Label(f"{en}: with it", f"{zh}：已出现")),
        Column(f"L{weeks}_HR", Label(f"{en}: HR from then (95% CI)", f"{zh}：其后HR（95%CI）")),
    )


def estimate_landmark_models(data: AnalysisData) -> Iterator[Row]:
    """TX4: of each endpoint and later fact the hazard ratio from the landmarks on, and as it happens."""
    facts = list_later_facts(data)
    for parameter, endpoint in ENDPOINTS.items():
        times = select_times(data, parameter, data.in_set("FAS"))
        if not len(times.records.index):
            line = Line(f"{parameter}|NONE", NOT_DERIVED, "none", group=endpoint, parameter=parameter)
            yield absent_row(line, _name_landmark(LANDMARK_WEEKS[0])[0], NOT_DERIVED)
            continue
        subject = times.frame["SUBJECT"].to_numpy()
        start = times.frame["STARTDT"].to_numpy()
        for fact in facts:
            line = Line(
                f"{parameter}|{fact.id}", fact.label, "count", group=endpoint, indent=1,
                parameter=parameter, group_1=fact.id,
            )  # fmt: skip
            onset = (fact.day[subject] - start) / ONE_DAY + 1  # the first day is day 1; NaN is never
            for weeks in LANDMARK_WEEKS:
                yield from _estimate_landmark(data, line, times, onset, weeks)
            yield from _estimate_time_dependent(data, line, times, onset)


def _estimate_landmark(
    data: AnalysisData, line: Line, times: Times, onset: FloatArray, weeks: int
) -> Iterator[Row]:
    """Whoever is event-free and followed at the landmark, divided by what had happened by then."""
    day = 7 * weeks
    at_risk = times.days > day
    with_it = at_risk & (onset <= day)
    columns = _name_landmark(weeks)
    where = f"AVAL > {day}"
    yield count_row(data, _as(line, "count", where=where), columns[0], times.where(at_risk), None)
    yield count_row(data, _as(line, "count", where=where), columns[1], times.where(with_it), None)
    fit = _fit(
        data,
        times.days[at_risk] - day,
        times.is_event[at_risk],
        with_it[at_risk].astype(float),
    )
    ratio = _as(line, "ratio", f"Cox, Efron, landmark day {day}", where)
    yield ratio_row(ratio, columns[2], _read_ratio(data, fit), times.where(at_risk))


def _fit(
    data: AnalysisData, time: FloatArray, event: Mask, value: FloatArray, entry: FloatArray | None = None
) -> CoxFit | NoEstimate:
    if not len(value) or value.min() == value.max():
        return NoEstimate(Reason.NO_VARIATION)
    return fit_cox(time, event, value, entry=entry, minimum_events=data.plan.models.minimum_events)


def _as(line: Line, operation: str, method: str | None = None, where: str | None = None) -> Line:
    return replace(line, operation=operation, method=method, where=where)


def _read_ratio(data: AnalysisData, fit: CoxFit | NoEstimate) -> Ratio | NoEstimate:
    if isinstance(fit, NoEstimate):
        return fit
    lower, upper = (float(limit[0]) for limit in fit.compute_limits(data.conventions.confidence))
    return Ratio(float(fit.hazard_ratio[0]), lower, upper, float(fit.p[0]))


def _estimate_time_dependent(
    data: AnalysisData, line: Line, times: Times, onset: FloatArray
) -> Iterator[Row]:
    """Two intervals for whoever has it before the end: without it up to that day, then with it."""
    changes = onset < times.days
    changed = np.flatnonzero(changes)
    entry = np.concatenate([np.zeros(len(times.days)), onset[changed]])
    stop = np.concatenate([np.where(changes, onset, times.days), times.days[changed]])
    event = np.concatenate([times.is_event & ~changes, times.is_event[changed]])
    value = np.concatenate([np.zeros(len(times.days)), np.ones(len(changed))])
    counted = stop > entry
    fit = _fit(data, stop[counted], event[counted], value[counted], entry[counted])
    yield count_row(data, line, TIME_DEPENDENT[0], times.where(changes), None)
    ratio = _as(line, "ratio", "Cox, Efron, time-dependent term")
    yield ratio_row(ratio, TIME_DEPENDENT[1], _read_ratio(data, fit), times.records)
