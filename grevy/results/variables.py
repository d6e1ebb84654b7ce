"""Rows for one variable per subject: categories with counts, or a summary of measured values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from grevy.results.format import Number
from grevy.results.frames import AnalysisData, Column, Mask, Records
from grevy.results.labels import COUNT_SUBJECTS, MISSING, Label, find_label, list_coded_values
from grevy.results.rows import Line, Row, absent_row, count_row, number_row, with_id
from grevy.results.summaries import (
    ONE_DECIMAL,
    Decimals,
    Summary,
    choose_decimals,
    estimate_summary,
    format_mean,
    format_median,
    format_range,
)

NO_VALUES = Label("No value recorded in this column.", "该列无记录值。")


@dataclass(frozen=True)
class Categories:
    """A variable of ADSL with its categories in the order they are printed; others follow by name."""

    variable: str
    label: Label
    codelist: str | None = None
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measures:
    """A measured variable of ADSL with its unit; `decimals` where the values are quotients."""

    variable: str
    label: Label
    unit: str | None = None
    decimals: Decimals | None = None


@dataclass(frozen=True)
class SubjectValues:
    """One value per subject of ADSL (NaN = none) and the position of the record holding it (-1 = none)."""

    dataset: str
    values: NDArray[np.float64]
    position: NDArray[np.intp]

    def records(self, mask: Mask) -> Records:
        """The records of the flagged subjects, in order."""
        chosen = self.position[mask]
        return Records(self.dataset, np.sort(chosen[chosen >= 0]))


def estimate_set_size(data: AnalysisData, columns: Sequence[Column], analysis_set: str) -> Iterator[Row]:
    """The N of each column."""
    line = Line("N", COUNT_SUBJECTS, "n", analysis_set=analysis_set)
    for column in columns:
        records = data.select("ADSL", data.in_column(analysis_set, column))
        yield count_row(data, line, column, records, None)


def estimate_categories(
    data: AnalysisData, variable: Categories, columns: Sequence[Column], analysis_set: str
) -> Iterator[Row]:
    """Counts and percents by category, and what is missing on its own line.

    Categories stand in the order of their code list; percents are of the column N, missing included.
    """
    values = data.subjects[variable.variable]
    values = values.map(_as_category) if values.dtype != object else values
    present = sorted(set(values[data.in_set(analysis_set)]) - {""})
    coded = list_coded_values(data.study, variable.codelist) if variable.codelist else {}
    shown = [value for value in (*variable.order, *coded) if value in present]
    shown += [value for value in present if value not in shown]
    if (values[data.in_set(analysis_set)] == "").any() or not present:
        shown.append("")
    for value in shown:
        line = Line(
            f"{variable.variable}|{value or 'MISSING'}",
            find_label(data.study, variable.codelist, value) if value else MISSING,
            "count",
            group=variable.label,
            indent=1,
            group_1=variable.variable,
            group_1_value=value,
        )
        for column in columns:
            inside = data.in_column(analysis_set, column)
            records = data.select("ADSL", inside & (values == value).to_numpy())
            yield count_row(data, line, column, records, int(inside.sum()))


def _as_category(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.0f}"


def estimate_measures(
    data: AnalysisData, variable: Measures, columns: Sequence[Column], analysis_set: str
) -> Iterator[Row]:
    """Summary of a measured variable of ADSL."""
    values = data.subjects[variable.variable].to_numpy(float)
    source = SubjectValues("ADSL", values, np.arange(len(values)))
    base = Line(variable.variable, variable.label, "", group=variable.label, indent=1, unit=variable.unit)
    yield from estimate_summaries(data, base, source, columns, analysis_set, decimals=variable.decimals)


def estimate_summaries(
    data: AnalysisData,
    base: Line,
    source: SubjectValues,
    columns: Sequence[Column],
    analysis_set: str,
    *,
    divisor: Fraction | None = None,
    decimals: Decimals | None = None,
    missing: Label = MISSING,
) -> Iterator[Row]:
    """n, mean (SD), median (Q1, Q3), min and max, and the number missing.

    `divisor` turns days into months; the division is exact and durations then print with one decimal.
    """
    whole_set = source.values[data.in_set(analysis_set)]
    shown = ONE_DECIMAL if divisor else decimals or choose_decimals(whole_set)
    scaled = {
        column: _scale(source.values[data.in_column(analysis_set, column)], divisor) for column in columns
    }
    summaries = {column: estimate_summary(values) for column, values in scaled.items()}
    for part in SUMMARY_PARTS:
        line = with_id(base, part, SUMMARY_PARTS[part], part)
        for column in columns:
            held = data.in_column(analysis_set, column) & ~np.isnan(source.values)
            yield _summary_row(line, column, summaries[column], shown, source.records(held))
    if np.isnan(whole_set).any():
        line = with_id(base, "missing", missing, "count")
        for column in columns:
            inside = data.in_column(analysis_set, column)
            records = data.select("ADSL", inside & np.isnan(source.values))
            yield count_row(data, line, column, records, int(inside.sum()))


SUMMARY_PARTS = {
    "n": Label("n", "例数"),
    "mean": Label("Mean (SD)", "均数（标准差）"),
    "median": Label("Median (Q1, Q3)", "中位数（Q1, Q3）"),
    "range": Label("Min, max", "最小值，最大值"),
}


def _scale(values: NDArray[np.float64], divisor: Fraction | None) -> list[Number]:
    present = values[~np.isnan(values)].tolist()
    return [Fraction(value) / divisor for value in present] if divisor else present


def _summary_row(line: Line, column: Column, summary: Summary, decimals: Decimals, records: Records) -> Row:
    if line.operation == "n":
        return number_row(line, column, summary.n, str(summary.n), records)
    if summary.n == 0:
        return absent_row(line, column, NO_VALUES)
    return {"mean": _mean_row, "median": _median_row, "range": _range_row}[line.operation](
        line, column, summary, decimals, records
    )


def _mean_row(line: Line, column: Column, summary: Summary, decimals: Decimals, records: Records) -> Row:
    # The SD stands where limits stand, so that every printed number has a raw value.
    return Row(
        line, column, _raw(summary.mean), format_mean(summary, decimals), lower=summary.sd, records=records
    )


def _median_row(line: Line, column: Column, summary: Summary, decimals: Decimals, records: Records) -> Row:
    text = format_median(summary, decimals)
    return Row(line, column, _raw(summary.median), text, _raw(summary.q1), _raw(summary.q3), records=records)


def _range_row(line: Line, column: Column, summary: Summary, decimals: Decimals, records: Records) -> Row:
    text = format_range(summary, decimals)
    return Row(line, column, None, text, _raw(summary.minimum), _raw(summary.maximum), records=records)


def _raw(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def estimate_class_counts(
    data: AnalysisData,
    base: Line,
    source: SubjectValues,
    classes: Sequence[tuple[str, Label, Mask]],
    columns: Sequence[Column],
    analysis_set: str,
) -> Iterator[Row]:
    """Counts of subjects by class of a measured value; each class is a flag per subject."""
    for name, label, flag in classes:
        line = with_id(base, name, label, "count", indent=1)
        for column in columns:
            inside = data.in_column(analysis_set, column)
            yield count_row(data, line, column, source.records(inside & flag), int(inside.sum()))
