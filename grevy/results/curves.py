"""Points of the Kaplan-Meier figures: F14.2.1 to F14.2.3 and F14.2.7."""

from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np

from grevy.results.format import Number, format_fixed
from grevy.results.frames import AnalysisData, Column
from grevy.results.labels import Label
from grevy.results.rows import SUPPRESSED, Line, Row, absent_row, count_row, number_row, with_id
from grevy.results.subgroups import list_subgroups
from grevy.results.time_to_event import NOT_DERIVED, Times, convert_to_months, fit_curve, select_times
from grevy.stats.curve_readings import count_at_risk


def estimate_pfs_curve(data: AnalysisData) -> Iterator[Row]:
    """F14.2.1: curves of progression-free survival."""
    yield from estimate_curve(data, "PFS", data.efficacy)


def estimate_os_curve(data: AnalysisData) -> Iterator[Row]:
    """F14.2.2: curves of overall survival."""
    yield from estimate_curve(data, "OS", data.efficacy)


def estimate_response_curve(data: AnalysisData) -> Iterator[Row]:
    """F14.2.7: curves of the duration of confirmed response, of the responders."""
    yield from estimate_curve(data, "CRSD", data.efficacy)


PFS_COLUMN = Column("PFS", Label("Progression-free survival", "无进展生存期"))
SHOWN_BESIDE = ("COHORT", "NENGRP")  # the columns of F14.2.1


def estimate_subgroup_curves(data: AnalysisData) -> Iterator[Row]:
    """F14.2.3: curves of progression-free survival per subgroup of the plan.

    The levels of a variable are groups of rows, for no page holds a column for each. Regimen and disease
    class have their curves in F14.2.1. A subgroup below the declared size is listed without a curve.
    """
    grid = list_grid(data)
    smallest = data.conventions.smallest_subgroup
    for subgroup in list_subgroups(data):
        if subgroup.variable in SHOWN_BESIDE:
            continue
        name = f"{subgroup.variable}|{subgroup.level}"
        group, level = subgroup.group, subgroup.label
        heading = Label(f"{group.en}: {level.en}", f"{group.zh}：{level.zh}")
        base = Line(
            name, heading, "", group=heading, indent=1, parameter="PFS", analysis_set="FAS",
            group_1=subgroup.variable, group_1_value=subgroup.level,
        )  # fmt: skip
        times = select_times(data, "PFS", subgroup.flag & data.in_set("FAS"))
        if len(times.records.index) < smallest:
            reason = Label(f"Fewer than {smallest} subjects.", f"受试者少于{smallest}例。")
            line = with_id(base, "survival", Label("Curve", "曲线"), "survival")
            yield absent_row(line, PFS_COLUMN, reason, status=SUPPRESSED, text="–", records=times.records)
            continue
        yield from _estimate_steps(data, base, PFS_COLUMN, times)
        counts = _count_grid(data, base, PFS_COLUMN, times, grid)
        yield from (row for row in counts if row.line.operation == "at_risk")


def list_grid(data: AnalysisData) -> list[int]:
    """Months under which the number at risk stands: every 3, the same in all survival figures."""
    longest = max(select_times(data, name, data.in_set("FAS")).days.max(initial=0) for name in ("PFS", "OS"))
    return list(range(0, 3 * ceil(convert_to_months(data, longest) / 3) + 1, 3))


def estimate_curve(data: AnalysisData, parameter: str, columns: Sequence[Column]) -> Iterator[Row]:
    """Points of the curve: steps with limits, censor ticks, number at risk and cumulative events."""
    base = Line(parameter, Label(parameter, parameter), "", parameter=parameter, analysis_set="FAS")
    grid = list_grid(data)
    found_any = False
    for column in columns:
        times = select_times(data, parameter, data.in_column("FAS", column))
        if not len(times.records.index):
            continue
        found_any = True
        yield from _estimate_steps(data, base, column, times)
        yield from _count_grid(data, base, column, times, grid)
    if not found_any:
        line = with_id(base, "survival", Label("Survival", "生存率"), "survival")
        yield from (absent_row(line, column, NOT_DERIVED) for column in columns)


def _estimate_steps(data: AnalysisData, base: Line, column: Column, times: Times) -> Iterator[Row]:
    curve = fit_curve(data, times)
    start = with_id(base, "survival|0", _at("Survival", "生存率", 0), "survival", time=0.0)
    yield Row(start, column, 1.0, "1.000")  # the curve starts without limits
    for position, days in enumerate(curve.time):
        value = float(curve.survival[position])
        month = float(convert_to_months(data, days))
        step, tick = _at("Survival", "生存率", month), _at("Censored", "删失", month)
        here = times.days == days
        if curve.n_event[position]:
            line = with_id(base, f"survival|{days:g}", step, "survival", time=month, unit="fraction")
            limits = (_present(curve.lower[position]), _present(curve.upper[position]))
            records = times.where(here & times.is_event)
            yield Row(line, column, value, format_fixed(value, 3), *limits, records=records)
        if curve.n_censored[position]:
            line = with_id(base, f"censor_tick|{days:g}", tick, "censor_tick", time=month, unit="fraction")
            yield number_row(line, column, value, format_fixed(value, 3), times.where(here & ~times.is_event))


def _at(en: str, zh: str, month: Number) -> Label:
    """A point of a curve by its time: a row of the plotted data must say when."""
    time = format_fixed(month, 2)
    return Label(f"{en}, {time} months", f"{zh}，{time}个月")


def _present(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _count_grid(
    data: AnalysisData, base: Line, column: Column, times: Times, grid: list[int]
) -> Iterator[Row]:
    days = [float(month * data.conventions.days_per_month) for month in grid]
    at_risk = count_at_risk(times.days, days)
    for month, day, n in zip(grid, days, at_risk, strict=True):
        line = with_id(
            base,
            f"at_risk|{month}",
            Label(f"Number at risk, {month} months", f"风险集人数，{month}个月"),
            "at_risk",
            time=float(month),
        )
        yield number_row(line, column, n, str(n), times.where(times.days >= day))
        line = with_id(
            base,
            f"cumulative_events|{month}",
            Label(f"Cumulative events, {month} months", f"累积事件数，{month}个月"),
            "cumulative_events",
            time=float(month),
        )
        yield count_row(data, line, column, times.where(times.is_event & (times.days <= day)), None)
