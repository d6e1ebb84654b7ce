"""F14.3.4: laboratory values over the visits: median, quartiles and the middle 80%, with limits of normal."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pandas as pd

from grevy.results.by_visit import Series, list_series, list_shown_visits
from grevy.results.format import exact, format_fixed
from grevy.results.frames import AnalysisData, Column, Records
from grevy.results.labels import Label
from grevy.results.rows import Line, Row, count_row, nothing_row, with_id
from grevy.results.summaries import Decimals, choose_decimals
from grevy.stats.quantiles import compute_quantile

BOX = Label("Median (Q1, Q3)", "中位数（Q1, Q3）")
MIDDLE = Label("10th, 90th percentile", "第10、90百分位数")
LIMITS = (
    ("LLN", "A1LO", Label("Lower limit of normal, median", "正常值下限，中位数")),
    ("ULN", "A1HI", Label("Upper limit of normal, median", "正常值上限，中位数")),
)
NO_VISIT = Label(
    "At no visit after baseline have as many subjects a value as the analysis plan asks for.",
    "基线后无访视的有值受试者数达到分析计划规定的例数。",
)
Visit = tuple[bool, float, Label, pd.DataFrame]
SHORT = {"END OF TREATMENT": "EOT", "SAFETY FOLLOW-UP": "FU", "SCREENING": "SCR"}


def estimate_laboratory_course(data: AnalysisData) -> Iterator[Row]:
    """The tests of the plan: each visit by regimen, then the limits of normal."""
    is_empty = True
    for series in list_series(data, "ADLB", data.plan.by_visit.laboratory):
        visits = list(list_shown_visits(data, series))
        if len(visits) > 1:  # a baseline alone is no course
            is_empty = False
            yield from _estimate_series(data, series, visits)
    if is_empty:
        yield nothing_row(data.regimens[-1], NO_VISIT)


def _estimate_series(data: AnalysisData, series: Series, visits: Sequence[Visit]) -> Iterator[Row]:
    decimals = choose_decimals(series.records["AVAL"])
    for place, (is_baseline, number, visit, found) in enumerate(visits):
        key = "BASE" if is_baseline else f"{number:g}"
        line = Line(
            f"{series.name}|{key}", visit, "", group=series.label, indent=1, time=float(place),
            parameter=series.name, group_1="AVISIT",
            group_1_value=_shorten(found, is_baseline=is_baseline),
        )  # fmt: skip
        for column in data.regimens[:-1]:
            yield from _estimate_box(data, line, column, series, found, decimals)
    yield from _find_limits(data, series, decimals)


def _shorten(found: pd.DataFrame, *, is_baseline: bool) -> str:
    """A visit under an axis: BL, C2, C1D15, W8, EOT."""
    if is_baseline:
        return "BL"
    visit = str(found["AVISIT"].iloc[0])
    words = visit.split()
    if visit in SHORT:
        return SHORT[visit]
    if len(words) >= 2 and words[0] == "CYCLE":
        day = words[3] if len(words) == 4 else "1"
        return f"C{words[1]}" if day == "1" else f"C{words[1]}D{day}"
    return f"W{words[1]}" if len(words) == 2 and words[0] == "WEEK" else visit[:4]


def _find_limits(data: AnalysisData, series: Series, decimals: Decimals) -> Iterator[Row]:
    """The middle of the limits that the laboratories gave with the baseline values."""
    baseline = series.records[series.records["ABLFL"] == "Y"]
    for key, variable, label in LIMITS:
        known = baseline[baseline[variable].notna()]
        if len(known):
            (value,) = _read_quantiles(known[variable], (0.5,))
            line = Line(
                f"{series.name}|{key}", label, "limit", group=series.label, indent=1, parameter=series.name
            )
            records = Records("ADLB", known.index.to_numpy(dtype=np.intp))
            text = format_fixed(value, decimals.raw)
            yield Row(line, data.regimens[-1], float(value), text, records=records)


def _estimate_box(
    data: AnalysisData, line: Line, column: Column, series: Series, found: pd.DataFrame, decimals: Decimals
) -> Iterator[Row]:
    here = found[data.in_column("SAFETY", column)[found["SUBJECT"].to_numpy()]]
    records = Records("ADLB", here.index.to_numpy(dtype=np.intp))
    counted = with_id(line, "n", Label(f"{line.label.en}, n", f"{line.label.zh}，例数"), "count")
    yield count_row(data, counted, column, records, None)
    if here.empty:
        return
    low, q1, median, q3, high = _read_quantiles(here["AVAL"], (0.1, 0.25, 0.5, 0.75, 0.9))
    texts = [format_fixed(value, decimals.center) for value in (low, q1, median, q3, high)]
    box = with_id(line, "box", BOX, "box", indent=2)
    text = f"{texts[2]} ({texts[1]}, {texts[3]})"
    yield Row(box, column, float(median), text, float(q1), float(q3), records=records)
    middle = with_id(line, "middle", MIDDLE, "middle", indent=2)
    yield Row(middle, column, None, f"{texts[0]}, {texts[4]}", float(low), float(high), records=records)


def _read_quantiles(values: pd.Series, shares: tuple[float, ...]) -> Iterator[Fraction]:
    """Quantiles of SAS PCTLDEF 5: the value at a place, or halfway between two; exact as the values are."""
    ordered = np.sort(values.to_numpy(float)).tolist()
    for share in shares:
        place = compute_quantile(range(len(ordered)), share)
        yield (exact(ordered[floor(place)]) + exact(ordered[ceil(place)])) / 2
