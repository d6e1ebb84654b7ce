"""Measurements by visit: T14.3.4.1 laboratory, T14.3.5.5 to .7 vital signs, ECG and heart, T14.3.5.8 ECOG.

A visit is shown where as many subjects have a value as the plan asks for; each subject has one value at a
visit (ANL01FL), and unscheduled ones stand in the tables of worst values alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from grevy.results.frames import AnalysisData, Column, Mask, Records
from grevy.results.labels import Label
from grevy.results.laboratory import label_test
from grevy.results.rows import EMPTY_COLUMN, Line, Row, absent_row, count_row, with_id
from grevy.results.summaries import ONE_DECIMAL, Decimals, choose_decimals, estimate_summary, format_mean
from grevy.results.variables import estimate_set_size
from grevy.results.visits import list_visits

MEAN = Label("Mean (SD)", "均数（标准差）")
CHANGE = Label("Change, mean (SD)", "较基线变化，均数（标准差）")
NO_CHANGE = Label("No subject with a change from baseline.", "无可计算较基线变化的受试者。")
MEASURES = {
    "SYSBP": Label("Systolic blood pressure, mmHg", "收缩压，mmHg"),
    "DIABP": Label("Diastolic blood pressure, mmHg", "舒张压，mmHg"),
    "HR": Label("Heart rate, beats/min", "心率，次/分"),
    "QRS": Label("QRS duration, ms", "QRS时限，ms"),
    "QTCF": Label("QTcF, ms", "QTcF，ms"),
}
"""Means of readings, and what is derived; the forms name the others."""

READ = (
    "SUBJECT",
    "PARAMCD",
    "PARAM",
    "ATPT",
    "AVISIT",
    "AVISITN",
    "ADY",
    "ABLFL",
    "AVAL",
    "CHG",
    "A1LO",
    "A1HI",
)
VITAL_SIGNS = ("SYSBP", "DIABP", "PULSE", "WEIGHT")
INTERVALS = ("HR", "QRS", "QTCF")
HEART = ("LVEF",)
STATUS = Label("ECOG performance status", "ECOG体力状况评分")


@dataclass(frozen=True)
class Series:
    """One parameter at one time point: its name, what it is called, its records that stand for a visit."""

    name: str
    label: Label
    dataset: str
    records: pd.DataFrame


def list_series(data: AnalysisData, dataset: str, parameters: Sequence[str]) -> Iterator[Series]:
    """The parameters in their order; where readings of a visit are kept apart, each time point by itself."""
    frame = data[dataset]
    inside = data.rows_of(dataset, data.in_set("SAFETY")) & frame["AVAL"].notna().to_numpy()
    inside &= frame["PARAMCD"].isin(parameters).to_numpy()
    chosen = frame.loc[
        inside & ((frame["ANL01FL"] == "Y") | (frame["ABLFL"] == "Y")).to_numpy(),
        [name for name in READ if name in frame],
    ]
    for code in parameters:
        of_code = chosen[chosen["PARAMCD"] == code]
        points = sorted(set(of_code["ATPT"])) if "ATPT" in of_code else [""]
        for point in points if len(of_code) else ():
            records = of_code[of_code["ATPT"] == point] if point else of_code
            label = name_measure(data, code, str(records["PARAM"].iloc[0]))
            if point:
                label = Label(f"{label.en}, {point.lower()}", f"{label.zh}，{point.lower()}")
            yield Series(f"{code}|{point}" if point else code, label, dataset, records)


def name_measure(data: AnalysisData, code: str, parameter: str) -> Label:
    """A parameter with its unit, at the head of lines."""
    found = MEASURES.get(code) or label_test(data, code, parameter)
    return Label(found.en[:1].upper() + found.en[1:], found.zh)


def list_shown_visits(
    data: AnalysisData, series: Series
) -> Iterator[tuple[bool, float, Label, pd.DataFrame]]:
    """The baseline, and the visits at which enough subjects have a value."""
    for is_baseline, number, visit, flag in list_visits(series.records):
        found = series.records[flag]
        enough = found["SUBJECT"].nunique() >= data.plan.by_visit.minimum_subjects
        if len(found) and (is_baseline or enough):
            yield is_baseline, number, visit, found


def estimate_by_visit(data: AnalysisData, dataset: str, parameters: Sequence[str]) -> Iterator[Row]:
    """Subjects, value and change of each parameter and visit."""
    shown = list(list_series(data, dataset, parameters))
    if shown:
        yield from estimate_set_size(data, data.regimens, "SAFETY")
    for series in shown:
        # means of readings and quotients print with one decimal, whatever the machine holds
        decimals = choose_decimals(series.records["AVAL"]) if dataset == "ADLB" else ONE_DECIMAL
        for is_baseline, number, visit, found in list_shown_visits(data, series):
            key = "BASE" if is_baseline else f"{number:g}"
            line = Line(
                f"{series.name}|{key}", visit, "", group=series.label, indent=1,
                parameter=series.name.partition("|")[0],
                where="baseline" if is_baseline else f"AVISITN = {number:g}",
            )  # fmt: skip
            yield from _estimate_visit(data, line, series, found, decimals, is_baseline=is_baseline)


def _estimate_visit(
    data: AnalysisData, line: Line, series: Series, found: pd.DataFrame, decimals: Decimals, *,
    is_baseline: bool,
) -> Iterator[Row]:  # fmt: skip
    counted = with_id(line, "n", Label(f"{line.label.en}, n", f"{line.label.zh}，例数"), "count")
    inside = {column: _in_column(data, column, found) for column in data.regimens}
    for column, here in inside.items():
        records = Records(series.dataset, found.index.to_numpy(dtype=np.intp)[here])
        yield count_row(data, counted, column, records, None)
    lines = [("AVAL", with_id(line, "mean", MEAN, "mean", indent=2))]
    if not is_baseline:
        lines.append(("CHG", with_id(line, "change", CHANGE, "mean", indent=2)))
    for variable, of_mean in lines:
        yield from _mean_rows(of_mean, series, found, variable, decimals, inside)


def _in_column(data: AnalysisData, column: Column, found: pd.DataFrame) -> Mask:
    return data.in_column("SAFETY", column)[found["SUBJECT"].to_numpy()]


def _mean_rows(
    line: Line, series: Series, found: pd.DataFrame, variable: str, decimals: Decimals,
    inside: Mapping[Column, Mask],
) -> Iterator[Row]:  # fmt: skip
    values = found[variable].to_numpy(float)
    for column, members in inside.items():
        here = members & ~np.isnan(values)
        summary = estimate_summary(values[here].tolist())
        if summary.mean is None:
            yield absent_row(line, column, NO_CHANGE if variable == "CHG" else EMPTY_COLUMN, text="–")
            continue
        records = Records(series.dataset, found.index.to_numpy(dtype=np.intp)[here])
        text = format_mean(summary, decimals)
        yield Row(line, column, float(summary.mean), text, lower=summary.sd, records=records)


def estimate_laboratory_by_visit(data: AnalysisData) -> Iterator[Row]:
    """T14.3.4.1: the tests that the plan declares."""
    yield from estimate_by_visit(data, "ADLB", data.plan.by_visit.laboratory)
