"""T14.2.15: biochemical response, the best change of each tumor marker and its classes.

Exploratory: a marker is no criterion of response by RECIST. The classes are those of the trials of
neuroendocrine tumors, a fall by half or more first. Assays differ in their limits, so values are told as
multiples of the upper limit of normal (ULN) of their laboratory, and compared as such where it changed.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from grevy.results.by_visit import name_measure
from grevy.results.frames import AnalysisData
from grevy.results.labels import Label
from grevy.results.rows import Line, Row, absent_row, with_id
from grevy.results.summaries import ONE_DECIMAL
from grevy.results.variables import (
    SubjectValues,
    estimate_class_counts,
    estimate_set_size,
    estimate_summaries,
)

MARKERS = ("CGA", "NSE", "IA5OHEXR")
BASELINE = Label("baseline", "基线")
BEST = Label("best change, %", "最佳变化，%")
MULTIPLE = Label("baseline, × ULN", "基线，× ULN")
NO_LIMIT = Label("No upper limit of normal is recorded for this marker.", "该标志物未记录正常值上限。")
NO_MULTIPLE = Label("No baseline or no upper limit", "无基线或无正常值上限")
NO_CHANGE = Label("No baseline or no later value", "无基线或基线后无测量值")


def estimate_markers(data: AnalysisData) -> Iterator[Row]:
    """Each marker that anybody has at baseline and later, up to 30 days after the last dose."""
    adlb = data["ADLB"]
    inside = data.rows_of("ADLB", data.in_set("FAS")) & adlb["AVAL"].notna().to_numpy()
    shown = [
        code
        for code in MARKERS
        if (inside & (adlb["PARAMCD"] == code).to_numpy() & adlb["PCHG"].notna().to_numpy()).any()
    ]
    if not shown:
        return
    yield from estimate_set_size(data, data.regimens, "FAS")
    for code in shown:
        yield from _estimate_marker(data, code)


def _estimate_marker(data: AnalysisData, code: str) -> Iterator[Row]:
    adlb = data["ADLB"]
    records = adlb[(adlb["PARAMCD"] == code).to_numpy() & data.rows_of("ADLB", data.in_set("FAS"))]
    name = name_measure(data, code, str(records["PARAM"].iloc[0]))
    at_start = Label(f"{name.en}: {BASELINE.en}", f"{name.zh}：{BASELINE.zh}")
    base = Line(f"{code}|BASE", at_start, "", group=at_start, indent=1, parameter=code)
    first = _one_per_subject(data, records[records["ABLFL"] == "Y"], "AVAL")
    yield from estimate_summaries(data, base, first, data.regimens, "FAS", decimals=ONE_DECIMAL)
    yield from _estimate_multiples(data, code, name, records)
    records = _compare_multiples(records)
    treated = records[(records["ONTRTFL"] == "Y") & records["PCHG"].notna()]
    best = _one_per_subject(data, treated, "PCHG")
    group = Label(f"{name.en}: {BEST.en}", f"{name.zh}：{BEST.zh}")
    base = Line(f"{code}|BEST", group, "", group=group, indent=1, parameter=code, unit="%")
    yield from estimate_summaries(
        data, base, best, data.regimens, "FAS", decimals=ONE_DECIMAL, missing=NO_CHANGE
    )
    change = best.values
    with np.errstate(invalid="ignore"):
        classes = (
            ("M50", Label("Fall of 50% or more", "下降≥50%"), change <= -50),
            ("M30", Label("Fall of 30% to less than 50%", "下降30%至<50%"), (change > -50) & (change <= -30)),
            ("SMALL", Label("Smaller fall", "下降<30%"), (change > -30) & (change < 0)),
            ("NONE", Label("No fall", "未下降"), change >= 0),
        )
    yield from estimate_class_counts(data, base, best, classes, data.regimens, "FAS")


def _estimate_multiples(data: AnalysisData, code: str, name: Label, records: pd.DataFrame) -> Iterator[Row]:
    """The baseline in multiples of the limit, and its classes: those of the subgroups of SANET-p."""
    group = Label(f"{name.en}: {MULTIPLE.en}", f"{name.zh}：{MULTIPLE.zh}")
    base = Line(f"{code}|MULTIPLE", group, "", group=group, indent=1, parameter=code, unit="xULN")
    limited = records[(records["ABLFL"] == "Y") & (records["A1HI"] > 0)]
    if limited.empty:
        line = with_id(base, "n", Label("× ULN", "× ULN"), "n")
        yield from (absent_row(line, column, NO_LIMIT) for column in data.regimens)
        return
    found = _one_per_subject(data, limited.assign(TIMES=limited["AVAL"] / limited["A1HI"]), "TIMES")
    yield from estimate_summaries(
        data, base, found, data.regimens, "FAS", decimals=ONE_DECIMAL, missing=NO_MULTIPLE
    )
    times = found.values
    with np.errstate(invalid="ignore"):
        classes = (
            ("NORMAL", Label("≤ULN", "≤ULN"), times <= 1),
            ("RAISED", Label(">ULN to 2 × ULN", ">ULN至2 × ULN"), (times > 1) & (times <= 2)),
            ("HIGH", Label(">2 × ULN", ">2 × ULN"), times > 2),
        )
    yield from estimate_class_counts(data, base, found, classes, data.regimens, "FAS")


def _compare_multiples(records: pd.DataFrame) -> pd.DataFrame:
    """Changes of the multiples where the limit is not that of the baseline; of the value everywhere else."""
    limits = records[records["ABLFL"] == "Y"].drop_duplicates("SUBJECT").set_index("SUBJECT")["A1HI"]
    first, own = records["SUBJECT"].map(limits).astype(float), records["A1HI"].astype(float)
    moved = (first > 0) & (own > 0) & (first != own)
    change = 100 * (records["AVAL"] * first / (records["BASE"] * own).where(moved) - 1)
    return records.assign(PCHG=records["PCHG"].where(~moved, change.round(10)))


def _one_per_subject(data: AnalysisData, records: pd.DataFrame, variable: str) -> SubjectValues:
    """The smallest value of each subject, the first of equal ones."""
    chosen = records.sort_values(["SUBJECT", variable, "ADT", "ASEQ"], kind="stable")
    chosen = chosen.drop_duplicates("SUBJECT")
    values = np.full(len(data.subjects), np.nan)
    position = np.full(len(data.subjects), -1, dtype=np.intp)
    values[chosen["SUBJECT"]] = chosen[variable]
    position[chosen["SUBJECT"]] = chosen.index
    return SubjectValues("ADLB", values, position)
