"""Change of the sum of diameters: T14.2.6 and the waterfall F14.2.4."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from grevy.results.format import format_fixed
from grevy.results.frames import AnalysisData
from grevy.results.labels import Label
from grevy.results.response import select_responses
from grevy.results.rows import Line, Row, count_row, number_row
from grevy.results.summaries import ONE_DECIMAL
from grevy.results.variables import (
    SubjectValues,
    estimate_class_counts,
    estimate_set_size,
    estimate_summaries,
)

NO_SUM = Label("No complete sum after baseline", "基线后无完整的直径总和")
BEST_CHANGE = Label("Best change of the sum of diameters, %", "直径总和最佳变化，%")


def select_changes(data: AnalysisData) -> pd.DataFrame:
    """Take the sums after baseline up to first progression and up to new therapy, those days included.

    One row per subject and assessment with a complete sum. The position in ADTR is kept as the index.
    """
    adtr, subjects = data["ADTR"], data.subjects
    after_baseline = (adtr["PARAMCD"] == "SUMDIAM") & (adtr["ABLFL"] != "Y") & adtr["PCHG"].notna()
    progression = select_responses(data, "PD")
    dated = np.full(len(subjects), np.datetime64("NaT", "s"))
    progressed = progression.answer == "Y"
    dated[progressed] = data["ADRS"]["ADT"].to_numpy()[progression.position[progressed]]
    last = data.spread(dated, adtr), data.spread(subjects["NWTRSDT"], adtr)
    in_time = np.logical_and.reduce([(adtr["ADT"] <= limit) | limit.isna() for limit in last])
    return adtr[after_baseline & in_time]


def select_best(data: AnalysisData, variable: str) -> SubjectValues:
    """Take each subject's smallest value, the first of equal ones."""
    changes = select_changes(data).sort_values(["SUBJECT", variable, "ADT", "ASEQ"], kind="stable")
    best = changes.drop_duplicates("SUBJECT")
    values = np.full(len(data.subjects), np.nan)
    position = np.full(len(data.subjects), -1, dtype=np.intp)
    values[best["SUBJECT"]] = best[variable]
    position[best["SUBJECT"]] = best.index
    return SubjectValues("ADTR", values, position)


def estimate_tumor_size(data: AnalysisData) -> Iterator[Row]:
    """T14.2.6: best change, how deep, and when the smallest sum was reached."""
    columns = data.efficacy
    yield from estimate_set_size(data, columns, "FAS")
    best = select_best(data, "PCHG")
    base = Line("PCHG", BEST_CHANGE, "", group=BEST_CHANGE, indent=1, parameter="SUMDIAM", unit="%")
    yield from estimate_summaries(data, base, best, columns, "FAS", decimals=ONE_DECIMAL, missing=NO_SUM)
    change = best.values
    classes = (
        ("M50", Label("Decrease of 50% or more", "缩小≥50%"), change <= -50),
        (
            "M30",
            Label("Decrease of 30% to less than 50%", "缩小≥30%且<50%"),
            (change <= -30) & (change > -50),
        ),
        ("M0", Label("Decrease of less than 30%", "缩小<30%"), (change < 0) & (change > -30)),
        (
            "P20",
            Label("No change, or increase of less than 20%", "无变化或增大<20%"),
            (change >= 0) & (change < 20),
        ),
        ("P", Label("Increase of 20% or more", "增大≥20%"), change >= 20),
        ("ANY", Label("Any decrease", "任何缩小"), change < 0),
    )
    depth = Line("DEPTH", Label("", ""), "count", group=Label("Depth", "缩小程度"), parameter="SUMDIAM")
    yield from estimate_class_counts(data, depth, best, classes, columns, "FAS")
    yield from _estimate_time_to_nadir(data)


def _estimate_time_to_nadir(data: AnalysisData) -> Iterator[Row]:
    """Months from first dose to the smallest sum after baseline."""
    smallest = select_best(data, "AVAL")
    dates = data["ADTR"]["ADT"].to_numpy()
    seen = smallest.position >= 0
    days = np.full(len(seen), np.nan)
    elapsed = dates[smallest.position[seen]] - data.subjects["TRTSDT"].to_numpy()[seen]
    days[seen] = elapsed / np.timedelta64(1, "D") + 1
    label = Label("Time to smallest sum, months", "至最小直径总和时间，个月")
    base = Line("NADIR", label, "", group=label, indent=1, parameter="SUMDIAM", unit="months")
    source = SubjectValues("ADTR", days, smallest.position)
    yield from estimate_summaries(
        data, base, source, data.efficacy, "FAS", divisor=data.conventions.days_per_month, missing=NO_SUM
    )


def estimate_waterfall(data: AnalysisData) -> Iterator[Row]:
    """F14.2.4: one bar per subject, largest growth first, with its confirmed best response.

    The column is the subject's regimen, `group_1_value` the confirmed best response; `where` marks a
    progression by a new lesion. Subjects without a bar are counted.
    """
    best = select_best(data, "PCHG")
    response = select_responses(data, "CBOR").answer
    new_lesion = flag_new_lesion_progression(data)
    identifiers = data.subjects["USUBJID"].to_numpy()
    for column in data.regimens[:-1]:
        shown = np.flatnonzero(data.in_column("FAS", column) & ~np.isnan(best.values))
        for subject in sorted(shown, key=lambda place: (-best.values[place], identifiers[place])):
            name = identifiers[subject]
            line = Line(
                f"bar|{name}",
                Label(name, name),
                "best_change",
                group_1="CBOR",
                group_1_value=response[subject],
                parameter="SUMDIAM",
                unit="%",
                where="progression by a new lesion" if new_lesion[subject] else None,
            )
            value = float(best.values[subject])
            flag = np.arange(len(identifiers)) == subject
            yield number_row(line, column, value, format_fixed(value, 1), best.records(flag))
    line = Line("no_value", Label("Subjects without a value", "无数据的受试者"), "count", parameter="SUMDIAM")
    for column in data.regimens:
        inside = data.in_column("FAS", column)
        records = data.select("ADSL", inside & np.isnan(best.values))
        yield count_row(data, line, column, records, int(inside.sum()))


def flag_new_lesion_progression(data: AnalysisData) -> np.ndarray:
    """Flag the subjects whose first progression was decided by a new lesion."""
    adrs = data["ADRS"]
    decided = (adrs["PARAMCD"] == "PD") & (adrs["AVALC"] == "Y") & adrs["RULE"].str.contains("new lesion")
    flag = np.zeros(len(data.subjects), dtype=bool)
    flag[adrs.loc[decided, "SUBJECT"]] = True
    return flag
