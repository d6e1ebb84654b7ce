"""F14.2.12 and F14.3.6: what happens first, where one thing keeps the other from happening.

Cumulative incidence of each cause by Aalen and Johansen; one minus Kaplan-Meier would count those with a
competing event as if the event could still come (reporting M11).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grevy.adam.first_events import AFTER_TREATMENT, DIED, NEW_THERAPY
from grevy.results.curves import list_grid
from grevy.results.format import NOT_CALCULABLE, format_fixed, format_interval
from grevy.results.frames import AnalysisData, Column
from grevy.results.labels import VALUES, Label
from grevy.results.rows import Line, Row, absent_row, number_row, with_id
from grevy.results.time_to_event import (
    FOLLOW_UP_SHORT,
    MONTHS,
    NO_SUBJECT,
    NOT_DERIVED,
    Times,
    convert_to_months,
    select_times,
)
from grevy.stats.competing_risks import CumulativeIncidence, estimate_cumulative_incidence
from grevy.stats.curve_readings import count_at_risk
from grevy.stats.no_estimate import NoEstimate

Codes = NDArray[np.intp]
OTHER = Label("Other reason", "其他原因")
HYPERTENSION = Label("Hypertension of grade 3 or higher", "≥3级高血压")
TREATMENT_ENDED = Label("Treatment ended before", "此前治疗结束")
LAST_DAY = Label("Last follow-up, months", "末次随访，个月")
DIED_BEFORE = Label("Died before", "此前死亡")


@dataclass(frozen=True)
class Causes:
    """A parameter of ADTTE, the causes that end its time, and which of them each record has (0: censored)."""

    parameter: str
    analysis_set: str
    labels: tuple[Label, ...]
    find: Callable[[AnalysisData, Times], Codes]


REASONS = ("PROGRESSIVE DISEASE", "ADVERSE EVENT", "DEATH", "WITHDRAWAL BY SUBJECT")
"""Reasons of leaving treatment that have a cause of their own; all others are one."""


def _find_reasons(data: AnalysisData, times: Times) -> Codes:
    subject = times.frame["SUBJECT"].to_numpy()
    reason = data.subjects["DCTREAS"].to_numpy()[subject]
    died = (times.frame["EVNTDESC"] == "Death").to_numpy()
    progressed = (times.frame["EVNTDESC"] == "Disease progression").to_numpy()
    code = np.full(len(subject), len(REASONS) + 1, dtype=np.intp)
    for number, name in enumerate(REASONS, start=1):
        code[reason == name] = number
    code[progressed] = 1 + REASONS.index("PROGRESSIVE DISEASE")
    code[died] = 1 + REASONS.index("DEATH")
    return np.where(times.is_event, code, 0)


def _find_competing(data: AnalysisData, times: Times) -> Codes:
    censored = times.frame["CNSR"].to_numpy(float)
    code = np.zeros(len(censored), dtype=np.intp)
    code[censored == 0] = 1
    code[np.isin(censored, [AFTER_TREATMENT, NEW_THERAPY])] = 2
    code[censored == DIED] = 3
    return code


LEAVING = Causes("TTF", "FAS", (*(VALUES[reason] for reason in REASONS), OTHER), _find_reasons)
SEVERE_HYPERTENSION = Causes("TTHYP", "SAFETY", (HYPERTENSION, TREATMENT_ENDED, DIED_BEFORE), _find_competing)


def estimate_incidence(data: AnalysisData, of: Causes) -> Iterator[Row]:
    """Steps of each cause with limits, incidence at the landmarks, and the number at risk."""
    base = Line(of.parameter, of.labels[0], "", parameter=of.parameter, analysis_set=of.analysis_set)
    if not len(select_times(data, of.parameter, data.in_set(of.analysis_set)).records.index):
        line = with_id(base, "incidence", of.labels[0], "incidence")
        yield from (absent_row(line, column, NOT_DERIVED) for column in data.regimens)
        return
    grid = list_grid(data)
    for column in data.regimens:
        times = select_times(data, of.parameter, data.in_column(of.analysis_set, column))
        code = of.find(data, times)
        curve = estimate_cumulative_incidence(
            times.days,
            code,
            confidence=data.conventions.confidence,
            interval=data.conventions.survival_interval,
        )
        if isinstance(curve, NoEstimate):
            line = with_id(base, "incidence", of.labels[0], "incidence")
            yield absent_row(line, column, NO_SUBJECT, records=times.records)
            continue
        yield from _estimate_steps(data, base, of, column, times, code, curve)
        yield from _read_landmarks(data, base, of, column, times, curve)
        yield from _count_at_risk(data, base, column, times, grid)
        month = convert_to_months(data, times.days.max())
        line = with_id(base, "follow_up", LAST_DAY, "follow_up", time=float(month), unit=MONTHS)
        yield number_row(
            line, column, month, format_fixed(month, 1), times.where(times.days == times.days.max())
        )


def _estimate_steps(
    data: AnalysisData,
    base: Line,
    of: Causes,
    column: Column,
    times: Times,
    code: Codes,
    curve: CumulativeIncidence,
) -> Iterator[Row]:
    """One row per cause and time at which somebody ended by it; every curve begins at 0."""
    for number, label in enumerate(of.labels, start=1):
        line = with_id(
            base, f"incidence|{number}|0", _at(label, 0.0), "incidence", time=0.0, group_1="CAUSE",
            group_1_value=str(number), group=label,
        )  # fmt: skip
        yield Row(line, column, 0.0, "0.000")
        if number not in curve.causes:
            continue
        place = curve.causes.index(number)
        for position in np.flatnonzero(curve.n_event[:, place]):
            days = curve.time[position]
            month = float(convert_to_months(data, days))
            value = float(curve.incidence[position, place])
            limits = _present(curve.lower[position, place]), _present(curve.upper[position, place])
            step = with_id(
                base, f"incidence|{number}|{days:g}", _at(label, month), "incidence", time=month,
                unit="fraction", group_1="CAUSE", group_1_value=str(number), group=label,
                method="Aalen-Johansen",
            )  # fmt: skip
            records = times.where((times.days == days) & (code == number))
            yield Row(step, column, value, format_fixed(value, 3), *limits, records=records)


def _read_landmarks(
    data: AnalysisData, base: Line, of: Causes, column: Column, times: Times, curve: CumulativeIncidence
) -> Iterator[Row]:
    """Share that has ended by each cause up to a month, in percent with its limits."""
    for number, label in enumerate(of.labels, start=1):
        for month in data.conventions.landmarks:
            line = with_id(
                base, f"rate|{number}|{month}",
                Label(f"Incidence at {month} months, % (95% CI)", f"{month}个月累积发生率，%（95%CI）"),
                "rate", time=float(month), unit="%", group_1="CAUSE", group_1_value=str(number), group=label,
                method="Aalen-Johansen",
            )  # fmt: skip
            if number not in curve.causes:
                yield number_row(line, column, 0.0, "0", times.records)
                continue
            found = curve.read_at(number, float(month * data.conventions.days_per_month))
            if found.value is None:
                yield absent_row(line, column, FOLLOW_UP_SHORT, records=times.records)
                continue
            value, lower, upper = (None if part is None else 100 * part for part in found)
            text = format_interval(value, lower, upper, 1, missing=NOT_CALCULABLE)
            yield Row(line, column, value, text, lower, upper, records=times.records)


def _count_at_risk(
    data: AnalysisData, base: Line, column: Column, times: Times, grid: Sequence[int]
) -> Iterator[Row]:
    days = [float(month * data.conventions.days_per_month) for month in grid]
    for month, day, n in zip(grid, days, count_at_risk(times.days, days), strict=True):
        label = Label(f"Number at risk, {month} months", f"风险集人数，{month}个月")
        line = with_id(base, f"at_risk|{month}", label, "at_risk", time=float(month))
        yield number_row(line, column, n, str(n), times.where(times.days >= day))


def _at(label: Label, month: float) -> Label:
    time = format_fixed(month, 2)
    return Label(f"{label.en}, {time} months", f"{label.zh}，{time}个月")


def _present(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
