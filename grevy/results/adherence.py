"""T14.2.14: adherence by pill count, missed doses and totals of scales as they were supplied.

Interruptions that the physician ordered are no lack of adherence: nothing is prescribed on their days, and
they stand apart (domain, 7.5). Percentages above 100 are shown as 100; how many lie above is told.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from grevy.results.frames import AnalysisData
from grevy.results.labels import Label
from grevy.results.rows import Line, Row, count_row, with_id
from grevy.results.summaries import ONE_DECIMAL, Decimals
from grevy.results.variables import SubjectValues, estimate_set_size, estimate_summaries
from grevy.rules.adherence import GOOD_FROM_PERCENT, GOOD_TO_PERCENT, SHOWN_AT_MOST_PERCENT

BY_COUNT = Label("Adherence by pill count, %", "药物清点依从性，%")
NOT_COUNTED = Label("No dispensing with its rest counted", "无已清点剩余量的发药")
INTERRUPTED = Label("Interruptions ordered, days", "医嘱暂停用药天数")
OFF = Label("Subjects with an interruption", "有暂停用药的受试者")
DAYS = Decimals(0, 1, 2)
REPORTED = {
    "ADHMISS": Label("Doses missed in 28 days, most reported", "28天内漏服次数（最多一次报告）"),
    "ADHMARS": Label("Total of the adherence scale, last", "依从性量表总分（末次）"),
    "ADHEXT": Label("Total of another scale, last", "其他量表总分（末次）"),
}


def estimate_adherence(data: AnalysisData) -> Iterator[Row]:
    """Pill count with its classes, ordered interruptions, what the subjects report."""
    yield from estimate_set_size(data, data.regimens, "FAS")
    counted = _take(data, "ADEX", data["ADEX"][data["ADEX"]["PARAMCD"] == "ADHERPC"])
    if (counted.position >= 0).any():
        yield from _estimate_count(data, counted)
    off = data["ADEX"][data["ADEX"]["PARAMCD"] == "DOSEINT"]
    yield from _estimate_interruptions(data, _take(data, "ADEX", off))
    adqs = data["ADQS"]
    reports = adqs[adqs["AVAL"].notna() & data.rows_of("ADQS", data.in_set("FAS"))]
    for code, group in REPORTED.items():
        own = reports[reports["PARAMCD"] == code]
        if own.empty:
            continue
        # the worst report of missed doses; of a total the last one
        order = ["AVAL", "ADT", "ASEQ"] if code == "ADHMISS" else ["ADT", "ASEQ"]
        chosen = own.sort_values(["SUBJECT", *order], kind="stable").drop_duplicates("SUBJECT", keep="last")
        base = Line(code, group, "", group=group, indent=1, parameter=code)
        yield from estimate_summaries(data, base, _take(data, "ADQS", chosen), data.regimens, "FAS")


def _take(data: AnalysisData, dataset: str, records: pd.DataFrame) -> SubjectValues:
    """One record per subject as values by subject."""
    values = np.full(len(data.subjects), np.nan)
    position = np.full(len(data.subjects), -1, dtype=np.intp)
    values[records["SUBJECT"]] = records["AVAL"]
    position[records["SUBJECT"]] = records.index
    return SubjectValues(dataset, values, position)


def _estimate_count(data: AnalysisData, counted: SubjectValues) -> Iterator[Row]:
    """Values capped for display; classes of the raw values, of those who have one."""
    percent = counted.values
    most, good, high = (float(x) for x in (SHOWN_AT_MOST_PERCENT, GOOD_FROM_PERCENT, GOOD_TO_PERCENT))
    capped = SubjectValues(counted.dataset, np.minimum(percent, most), counted.position)
    base = Line("ADHERPC", BY_COUNT, "", group=BY_COUNT, indent=1, parameter="ADHERPC", unit="%")
    yield from estimate_summaries(
        data, base, capped, data.regimens, "FAS", decimals=ONE_DECIMAL, missing=NOT_COUNTED
    )
    with np.errstate(invalid="ignore"):
        classes = (
            ("GOOD", Label(f"{good:g}% or more", f"≥{good:g}%"), percent >= good),
            ("POOR", Label(f"Below {good:g}%", f"<{good:g}%"), percent < good),
            ("ABOVE", Label(f"Above {most:g}%", f">{most:g}%"), percent > most),
            ("HIGH", Label(f"Above {high:g}%", f">{high:g}%"), percent > high),
        )
    for name, label, flag in classes:
        line = with_id(base, name, label, "count", unit=None)
        for column in data.regimens:
            inside = data.in_column("FAS", column)
            known = int((inside & ~np.isnan(percent)).sum())
            records = counted.records(inside & flag)
            yield count_row(data, line, column, records, known, show_denominator=True)


def _estimate_interruptions(data: AnalysisData, off: SubjectValues) -> Iterator[Row]:
    """Who was ordered off the drug, and for how many days in all."""
    rested = off.values > 0
    line = Line("DOSEINT|subjects", OFF, "count", group=INTERRUPTED, indent=1, parameter="DOSEINT")
    for column in data.regimens:
        inside = data.in_column("FAS", column)
        yield count_row(data, line, column, off.records(inside & rested), int(inside.sum()))
    values = SubjectValues(off.dataset, np.where(rested, off.values, np.nan), off.position)
    base = Line("DOSEINT", INTERRUPTED, "", group=INTERRUPTED, indent=1, parameter="DOSEINT", unit="days")
    for row in estimate_summaries(data, base, values, data.regimens, "FAS", decimals=DAYS):
        if row.line.id.rpartition("|")[2] != "missing":  # those without an interruption
            yield row
