"""Time-to-event tables and curves: PFS and its sensitivity set, OS, response times, follow-up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
import pandas as pd

from grevy.results.format import NOT_CALCULABLE, format_interval
from grevy.results.frames import AnalysisData, Column, Mask, Records
from grevy.results.labels import Label, find_label
from grevy.results.later_therapy import estimate_therapy_after_progression
from grevy.results.rows import (
    NOT_REACHED,
    Line,
    Row,
    absent_row,
    count_row,
    with_id,
)
from grevy.results.summaries import ONE_DECIMAL, estimate_summary, format_median, format_range
from grevy.results.variables import estimate_set_size
from grevy.stats.curve_readings import Estimate, estimate_quantile, estimate_survival_at
from grevy.stats.kaplan_meier import Curve, estimate_kaplan_meier, estimate_reverse_kaplan_meier

NO_SUBJECT = Label("No subject has this endpoint in this column.", "该列无受试者具有该终点。")
CURVE_ABOVE = Label("The curve does not come down to the level.", "曲线未降至该水平。")
FOLLOW_UP_SHORT = Label("No subject was followed as long as this.", "无受试者随访至该时间点。")
NOT_DERIVED = Label("This endpoint is not in the data.", "数据中无该终点。")

MONTHS = "months"

PFS_RULE_SETS = {
    "PFS": Label("Primary rules", "主要规则"),
    "PFSEMA": Label("Every progression or death counts", "所有疾病进展或死亡均计为事件"),
    "PFSCLIN": Label("Clinical progression counts", "临床进展计为事件"),
}


@dataclass(frozen=True)
class Times:
    """The records of one time-to-event parameter for the subjects of a column."""

    frame: pd.DataFrame
    records: Records

    def where(self, flag: Mask) -> Records:
        """The flagged records among these."""
        return Records(self.records.dataset, self.records.index[flag])

    @cached_property
    def days(self) -> np.ndarray:
        """Durations in days."""
        return self.frame["AVAL"].to_numpy(float)

    @cached_property
    def is_event(self) -> Mask:
        """Flag the events; everything else is censored."""
        return (self.frame["CNSR"] == 0).to_numpy()


def select_times(data: AnalysisData, parameter: str, subjects: Mask) -> Times:
    """Take the records of a parameter that have a duration."""
    adtte = data["ADTTE"]
    chosen = (adtte["PARAMCD"] == parameter).to_numpy() & adtte["AVAL"].notna().to_numpy()
    records = data.select("ADTTE", chosen & data.rows_of("ADTTE", subjects))
    return Times(adtte.iloc[records.index], records)


def fit_curve(data: AnalysisData, times: Times) -> Curve:
    """Kaplan-Meier curve with the interval that the plan asks for."""
    conventions = data.conventions
    return estimate_kaplan_meier(
        times.days, times.is_event, confidence=conventions.confidence, interval=conventions.survival_interval
    )


def convert_to_months(data: AnalysisData, days: float) -> Fraction:
    """Days as months, exact."""
    return Fraction(days) / data.conventions.days_per_month


def quantile_row(
    data: AnalysisData, line: Line, column: Column, curve: Curve, share: float, times: Times
) -> Row:
    """A quantile of the curve in months with its limits; its source is the whole curve."""
    if not curve.subjects:
        return absent_row(line, column, NO_SUBJECT)
    found = estimate_quantile(curve, share)
    months = [None if part is None else convert_to_months(data, part) for part in found]
    value, lower, upper = (None if part is None else float(part) for part in months)
    text = format_interval(months[0], months[1], months[2], 1)
    row = Row(line, column, value, text, lower, upper, records=times.records)
    return row if value is not None else replace(row, status=NOT_REACHED, reason=CURVE_ABOVE)


def rate_row(data: AnalysisData, line: Line, column: Column, curve: Curve, month: int, times: Times) -> Row:
    """Share still event-free at a month, in percent with its pointwise limits."""
    if not curve.subjects:
        return absent_row(line, column, NO_SUBJECT)
    found = estimate_survival_at(curve, float(month * data.conventions.days_per_month))
    if found.value is None:
        return absent_row(line, column, FOLLOW_UP_SHORT, records=times.records)
    percent = Estimate(*(None if part is None else 100 * part for part in found))
    text = format_interval(*percent, 1, missing=NOT_CALCULABLE)
    return Row(line, column, *percent[:1], text, *percent[1:], records=times.records)


def estimate_time_to_event(
    data: AnalysisData,
    parameter: str,
    columns: Sequence[Column],
    *,
    analysis_set: str = "FAS",
    group: Label | None = None,
    landmarks: Sequence[int] | None = None,
) -> Iterator[Row]:
    """Events by kind, censorings by reason, quartiles and landmark rates of one endpoint."""
    times = {
        column: select_times(data, parameter, data.in_column(analysis_set, column)) for column in columns
    }
    base = Line(
        parameter,
        Label(parameter, parameter),
        "",
        group=group,
        parameter=parameter,
        analysis_set=analysis_set,
    )
    if not any(len(found.records.index) for found in times.values()):
        line = with_id(base, "n", NOT_DERIVED, "count")
        yield from (absent_row(line, column, NOT_DERIVED) for column in columns)
        return
    yield from _estimate_outcomes(data, base, times)
    curves = {column: fit_curve(data, found) for column, found in times.items()}
    yield from _estimate_quantiles(data, base, times, curves)
    for month in data.conventions.landmarks if landmarks is None else landmarks:
        line = with_id(
            base,
            f"rate_{month}",
            Label(f"Rate at {month} months, % (95% CI)", f"{month}个月率，%（95%CI）"),
            "rate",
            unit="%",
            method=f"Kaplan-Meier, {data.conventions.survival_interval}",
            time=float(month),
        )
        for column in columns:
            yield rate_row(data, line, column, curves[column], month, times[column])


def _estimate_outcomes(data: AnalysisData, base: Line, times: dict[Column, Times]) -> Iterator[Row]:
    """Subjects with the event, by kind, and censored, by reason; both add up to n."""
    line = with_id(base, "n", Label("Subjects", "受试者"), "count")
    for column, found in times.items():
        yield count_row(data, line, column, found.records, None)
    for state, label, variable in (
        ("events", Label("Events, n (%)", "事件，例数（%）"), "EVNTDESC"),
        ("censored", Label("Censored, n (%)", "删失，例数（%）"), "CNSDTDSC"),
    ):
        line = with_id(base, state, label, "count")
        yield from _count_outcome(data, line, times, state, None, None)
        for value in _list_descriptions(times, state, variable):
            wording = find_label(data.study, None, value) if value else Label("Not described", "未说明")
            inner = with_id(
                line, value or "MISSING", wording, "count", indent=1, group_1=variable, group_1_value=value
            )
            yield from _count_outcome(data, inner, times, state, variable, value)


def _flag_state(found: Times, state: str) -> Mask:
    return found.is_event if state == "events" else ~found.is_event


def _list_descriptions(times: dict[Column, Times], state: str, variable: str) -> list[str]:
    described: set[str] = set()
    for found in times.values():
        described |= set(found.frame[variable][_flag_state(found, state)])
    return sorted(described, key=lambda value: (value == "", value))


def _count_outcome(
    data: AnalysisData,
    line: Line,
    times: dict[Column, Times],
    state: str,
    variable: str | None,
    value: str | None,
) -> Iterator[Row]:
    for column, found in times.items():
        flag = _flag_state(found, state)
        if variable:
            flag = flag & (found.frame[variable] == value).to_numpy()
        yield count_row(data, line, column, found.where(flag), len(found.records.index))


QUARTILES = (
    ("median", 0.5, Label("Median, months (95% CI)", "中位数，个月（95%CI）")),
    ("q1", 0.25, Label("25% quantile, months (95% CI)", "25%分位数，个月（95%CI）")),
    ("q3", 0.75, Label("75% quantile, months (95% CI)", "75%分位数，个月（95%CI）")),
)


def _estimate_quantiles(
    data: AnalysisData, base: Line, times: dict[Column, Times], curves: dict[Column, Curve]
) -> Iterator[Row]:
    method = f"Kaplan-Meier, Brookmeyer-Crowley, {data.conventions.survival_interval}"
    for name, share, label in QUARTILES:
        line = with_id(base, name, label, name, unit=MONTHS, method=method)
        for column, curve in curves.items():
            yield quantile_row(data, line, column, curve, share, times[column])


def estimate_progression_free_survival(data: AnalysisData) -> Iterator[Row]:
    """T14.2.1: progression-free survival."""
    yield from estimate_set_size(data, data.efficacy, "FAS")
    yield from estimate_time_to_event(data, "PFS", data.efficacy)


def estimate_overall_survival(data: AnalysisData) -> Iterator[Row]:
    """T14.2.3: overall survival, and who received a new therapy (reported, not adjusted for)."""
    yield from estimate_set_size(data, data.efficacy, "FAS")
    yield from estimate_time_to_event(data, "OS", data.efficacy)
    treated_anew = data.subjects["NWTRSDT"].notna().to_numpy()
    line = Line("NWTRSDT", Label("New anti-cancer therapy, n (%)", "新的抗肿瘤治疗，例数（%）"), "count")
    for column in data.efficacy:
        inside = data.in_column("FAS", column)
        yield count_row(data, line, column, data.select("ADSL", inside & treated_anew), int(inside.sum()))
    yield from estimate_therapy_after_progression(data)


def estimate_pfs_sensitivity(data: AnalysisData) -> Iterator[Row]:
    """T14.2.2: PFS under each rule set side by side, and the subjects whose result moves."""
    yield from estimate_set_size(data, data.efficacy, "FAS")
    present = set(data["ADTTE"]["PARAMCD"])
    others = sorted(name for name in present if name.startswith("PFS") and name not in PFS_RULE_SETS)
    for parameter in (*PFS_RULE_SETS, *others):
        group = PFS_RULE_SETS.get(parameter, Label(parameter, parameter))
        yield from estimate_time_to_event(data, parameter, data.efficacy, group=group, landmarks=(12,))
        if parameter != "PFS" and parameter in present:
            yield from _count_moved(data, parameter, group)


def _count_moved(data: AnalysisData, parameter: str, group: Label) -> Iterator[Row]:
    """Subjects whose outcome or duration differs from that of the primary rules."""
    line = Line(
        f"{parameter}|moved",
        Label("Subjects with another result than primary", "结果与主要规则不同的受试者"),
        "count",
        group=group,
        parameter=parameter,
        where="CNSR or AVAL differs from PFS",
    )
    everybody = data.in_set("FAS")
    primary = select_times(data, "PFS", everybody).frame.set_index("SUBJECT")
    other = select_times(data, parameter, everybody)
    before = primary.reindex(other.frame["SUBJECT"])
    same_end = (before["CNSR"] == 0).to_numpy() == other.is_event
    moved = ~(same_end & (before["AVAL"].to_numpy() == other.days))
    for column in data.efficacy:
        inside = data.in_column("FAS", column)[other.frame["SUBJECT"].to_numpy()]
        yield count_row(
            data, line, column, other.where(moved & inside), int(data.in_column("FAS", column).sum())
        )


DURATIONS = (
    ("CRSD", Label("Duration of confirmed response", "经确认的缓解持续时间")),
    ("RSD", Label("Duration of response, unconfirmed included", "缓解持续时间（含未经确认的缓解）")),
)
TIMES_TO_RESPONSE = (
    ("CTTR", Label("Time to confirmed response, months", "至经确认的缓解时间，个月")),
    ("TTR", Label("Time to response, unconfirmed included, months", "至缓解时间，个月（含未经确认的缓解）")),
)


def estimate_response_times(data: AnalysisData) -> Iterator[Row]:
    """T14.2.5: duration of response and time to response, of the responders only."""
    yield from estimate_set_size(data, data.efficacy, "FAS")
    for parameter, group in DURATIONS:
        yield from estimate_time_to_event(data, parameter, data.efficacy, group=group)
    for parameter, group in TIMES_TO_RESPONSE:
        yield from _estimate_time_to_response(data, parameter, group)


def _estimate_time_to_response(data: AnalysisData, parameter: str, group: Label) -> Iterator[Row]:
    """Every responder has the event, so that a plain summary says it all."""
    base = Line(parameter, group, "", group=group, parameter=parameter, unit=MONTHS, indent=1)
    lines = (
        with_id(base, "n", Label("Responders", "缓解者"), "count", unit=None),
        with_id(base, "median", Label("Median (Q1, Q3)", "中位数（Q1, Q3）"), "median"),
        with_id(base, "range", Label("Min, max", "最小值，最大值"), "range"),
    )
    for line in lines:
        for column in data.efficacy:
            times = select_times(data, parameter, data.in_column("FAS", column))
            summary = estimate_summary(convert_to_months(data, days) for days in times.days)
            if line.operation == "count":
                yield count_row(data, line, column, times.records, None)
            elif not summary.n:
                yield absent_row(line, column, NO_SUBJECT)
            else:
                is_median = line.operation == "median"
                text = (format_median if is_median else format_range)(summary, ONE_DECIMAL)
                ends = (summary.q1, summary.q3) if is_median else (summary.minimum, summary.maximum)
                value = float(summary.median) if is_median and summary.median is not None else None
                lower, upper = (None if end is None else float(end) for end in ends)
                yield Row(line, column, value, text, lower, upper, records=times.records)


def estimate_follow_up(data: AnalysisData) -> Iterator[Row]:
    """T14.1.10: follow-up by reverse Kaplan-Meier on OS, its plain range, and how mature the data are."""
    yield from estimate_set_size(data, data.efficacy, "FAS")
    yield from _estimate_cutoff(data)
    times = {column: select_times(data, "OS", data.in_column("FAS", column)) for column in data.efficacy}
    conventions = data.conventions
    curves = {
        column: estimate_reverse_kaplan_meier(
            found.days,
            found.is_event,
            confidence=conventions.confidence,
            interval=conventions.survival_interval,
        )
        for column, found in times.items()
    }
    base = Line(
        "FOLLOWUP", Label("", ""), "", parameter="OS", group=Label("Follow-up time", "随访时间"), indent=1
    )
    for row in _estimate_quantiles(data, base, times, curves):
        yield replace(row, line=replace(row.line, method=f"reverse {row.line.method}"))
    line = with_id(base, "range", Label("Min, max, months", "最小值，最大值，个月"), "range", unit=MONTHS)
    for column, found in times.items():
        summary = estimate_summary(convert_to_months(data, days) for days in found.days)
        if summary.minimum is None or summary.maximum is None:
            yield absent_row(line, column, NO_SUBJECT)
            continue
        text = format_range(summary, ONE_DECIMAL)
        ends = (float(summary.minimum), float(summary.maximum))
        yield Row(line, column, None, text, *ends, records=found.records)
    line = with_id(base, "deaths", Label("Died, n (%)", "死亡，例数（%）"), "count", indent=0, group=None)
    for column, found in times.items():
        yield count_row(data, line, column, found.where(found.is_event), len(found.records.index))


def _estimate_cutoff(data: AnalysisData) -> Iterator[Row]:
    line = Line("CUTDT", Label("Data cut-off date", "数据截止日期"), "date")
    dates = data.subjects["CUTDT"].dropna()
    for column in data.efficacy:
        if dates.empty:
            reason = Label("No cut-off date was given.", "未指定数据截止日期。")
            yield absent_row(line, column, reason)
        else:
            yield Row(line, column, None, dates.max().strftime("%Y-%m-%d"))
