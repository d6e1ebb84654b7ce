"""T14.2.15: biochemical response, the best change of each tumor marker and its classes.

Exploratory: a marker is no criterion of response by RECIST. The classes are those of the trials of
neuroendocrine tumors, a fall by half or more first.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from grevy.results.by_visit import name_measure
from grevy.results.frames import AnalysisData
from grevy.results.labels import Label
from grevy.results.rows import Line, Row
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


def _one_per_subject(data: AnalysisData, records: pd.DataFrame, variable: str) -> SubjectValues:
    """The smallest value of each subject, the first of equal ones."""
    chosen = records.sort_values(["SUBJECT", variable, "ADT", "ASEQ"], kind="stable")
    chosen = chosen.drop_duplicates("SUBJECT")
    values = np.full(len(data.subjects), np.nan)
    position = np.full(len(data.subjects), -1, dtype=np.intp)
    values[chosen["SUBJECT"]] = chosen[variable]
    position[chosen["SUBJECT"]] = chosen.index
    return SubjectValues("ADLB", values, position)
