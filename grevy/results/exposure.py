"""T14.3.3: how long and how much of the study drug was taken."""

from collections.abc import Iterator

import numpy as np

from grevy.results.frames import AnalysisData, Records
from grevy.results.labels import MISSING, Label
from grevy.results.rows import Line, Row, count_row
from grevy.results.summaries import ONE_DECIMAL
from grevy.results.variables import (
    SubjectValues,
    estimate_class_counts,
    estimate_set_size,
    estimate_summaries,
)

SUMMARIES = (
    ("TDURD", Label("Duration of treatment, months", "治疗持续时间，个月"), "months"),
    ("CUMDOSE", Label("Cumulative dose, mg", "累积剂量，mg"), "mg"),
    ("AVDDOSE", Label("Average daily dose, mg", "平均日剂量，mg"), "mg"),
    ("RDI", Label("Relative dose intensity, %", "相对剂量强度，%"), "%"),
    ("DOSEINT", Label("Days without drug", "暂停用药天数"), "days"),
    ("FRSTRED", Label("Time to first reduction, months", "至首次降低剂量时间，个月"), "months"),
)
NO_REDUCTION = Label("No reduction", "未降低剂量")
QUOTIENTS = ("AVDDOSE", "RDI")  # printed with one decimal, whatever the machine holds


def select_exposure(data: AnalysisData, parameter: str) -> SubjectValues:
    """Take the value of a parameter of ADEX that has one record per subject."""
    adex = data["ADEX"]
    found = np.flatnonzero(((adex["PARAMCD"] == parameter) & adex["AVAL"].notna()).to_numpy())
    subjects = adex["SUBJECT"].to_numpy()[found]
    values = np.full(len(data.subjects), np.nan)
    position = np.full(len(data.subjects), -1, dtype=np.intp)
    values[subjects] = adex["AVAL"].to_numpy()[found]
    position[subjects] = found
    return SubjectValues("ADEX", values, position)


def estimate_exposure(data: AnalysisData) -> Iterator[Row]:
    """Duration, cumulative, average daily and relative dose, reductions, interruptions, dose levels."""
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    for parameter, label, unit in SUMMARIES:
        source = select_exposure(data, parameter)
        base = Line(parameter, label, "", group=label, indent=1, parameter=parameter, unit=unit)
        divisor = data.conventions.days_per_month if unit == "months" else None
        decimals = ONE_DECIMAL if parameter in QUOTIENTS else None
        yield from estimate_summaries(
            data,
            base,
            source,
            data.regimens,
            "SAFETY",
            divisor=divisor,
            decimals=decimals,
            missing=NO_REDUCTION if parameter == "FRSTRED" else MISSING,
        )
        if parameter == "RDI":
            yield from _estimate_intensity_classes(data, base, source)
    yield from _estimate_modifications(data)
    yield from _estimate_levels(data)


def _estimate_intensity_classes(data: AnalysisData, base: Line, source: SubjectValues) -> Iterator[Row]:
    intensity = source.values
    classes = (
        ("LOW", Label("<50%", "<50%"), intensity < 50),
        ("MID", Label("50% to <80%", "50%～<80%"), (intensity >= 50) & (intensity < 80)),
        ("HIGH", Label("≥80%", "≥80%"), intensity >= 80),
    )
    yield from estimate_class_counts(data, base, source, classes, data.regimens, "SAFETY")


def _estimate_modifications(data: AnalysisData) -> Iterator[Row]:
    """Subjects with at least one, and with two or more, reductions and interruptions."""
    for parameter, group in (
        ("NREDUC", Label("Dose reductions", "降低剂量")),
        ("NINTERR", Label("Dose interruptions", "暂停用药")),
    ):
        source = select_exposure(data, parameter)
        classes = (
            ("ANY", Label("At least one", "至少1次"), source.values >= 1),
            ("TWO", Label("Two or more", "2次及以上"), source.values >= 2),
        )
        base = Line(parameter, group, "", group=group, parameter=parameter)
        yield from estimate_class_counts(data, base, source, classes, data.regimens, "SAFETY")


def _estimate_levels(data: AnalysisData) -> Iterator[Row]:
    """Subjects who took each dose level at any time, highest level first."""
    adex = data["ADEX"]
    dosed = ((adex["PARAMCD"] == "DOSE") & (adex["AVAL"] > 0)).to_numpy()
    group = Label("Dose levels taken at any time", "曾使用的剂量水平")
    for dose in sorted(set(adex["AVAL"][dosed]), reverse=True):
        text = f"{dose:g} mg"
        line = Line(f"DOSE|{dose:g}", Label(text, text), "count", group=group, indent=1, parameter="DOSE")
        for column in data.regimens:
            inside = data.in_column("SAFETY", column)
            flag = dosed & (adex["AVAL"] == dose).to_numpy() & data.rows_of("ADEX", inside)
            yield count_row(data, line, column, Records("ADEX", np.flatnonzero(flag)), int(inside.sum()))
