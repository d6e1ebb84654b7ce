"""T14.2.12: questionnaire scores by visit, with the change from baseline.

Scores are shown as they are observed: nobody's missing form is filled in. A visit is shown where at least
`MINIMUM` subjects have a score (domain: longitudinal analysis, visits with enough patients).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from grevy.results.frames import AnalysisData, Column, Records
from grevy.results.labels import Label
from grevy.results.rows import Line, Row, absent_row, count_row
from grevy.results.scales import name_scale, place_scale
from grevy.results.summaries import ONE_DECIMAL, Decimals, estimate_summary, format_mean
from grevy.results.visits import list_visits

MINIMUM = 20
INDEX_DECIMALS = Decimals(3, 3, 3)
"""A utility index runs from -0.391 to 1: one decimal would say nothing."""

N, SCORE, CHANGE = (
    Column("N", Label("n", "例数")),
    Column("SCORE", Label("Score, mean (SD)", "评分，均数（标准差）")),
    Column("CHANGE", Label("Change, mean (SD)", "较基线变化，均数（标准差）")),
)
NO_CHANGE = Label("The baseline itself.", "基线本身。")
FEW = Label("No subject with a change from baseline.", "无可计算较基线变化的受试者。")


def estimate_scores(data: AnalysisData) -> Iterator[Row]:
    """One line per scale and visit of the full analysis set: subjects, score, change."""
    adqs = data["ADQS"]
    inside = data.rows_of("ADQS", data.in_set("FAS")) & adqs["AVAL"].notna().to_numpy()
    shown = inside & ((adqs["ANL01FL"] == "Y") | (adqs["ABLFL"] == "Y")).to_numpy()
    groups = adqs[shown].groupby(["PARCAT1", "PARAMCD"], sort=True)
    for (instrument, code), frame in sorted(groups, key=lambda group: place_scale(*map(str, group[0]))):
        label = name_scale(str(instrument), str(code), str(frame["PARAM"].iloc[0]))
        for is_baseline, number, visit, flag in list_visits(frame):
            if len(np.unique(frame.loc[flag, "SUBJECT"])) >= MINIMUM:
                key, where = ("BASE", "baseline") if is_baseline else (f"{number:g}", f"AVISITN = {number:g}")
                line = Line(
                    f"{code}|{key}", visit, "mean", group=label, indent=1, parameter=str(code), where=where
                )
                yield from _estimate_visit(data, line, frame[flag], is_baseline=is_baseline)


def _estimate_visit(
    data: AnalysisData, line: Line, frame: pd.DataFrame, *, is_baseline: bool
) -> Iterator[Row]:
    decimals = INDEX_DECIMALS if line.parameter == "EQINDEX" else ONE_DECIMAL
    yield count_row(data, line, N, _records(frame), None)
    yield _mean_row(line, SCORE, frame, "AVAL", decimals)
    changed = frame[frame["CHG"].notna()]
    if is_baseline or changed.empty:
        yield absent_row(line, CHANGE, NO_CHANGE if is_baseline else FEW, text="–")
    else:
        yield _mean_row(line, CHANGE, changed, "CHG", decimals)


def _records(frame: pd.DataFrame) -> Records:
    return Records("ADQS", frame.index.to_numpy(dtype=np.intp))


def _mean_row(line: Line, column: Column, frame: pd.DataFrame, variable: str, decimals: Decimals) -> Row:
    summary = estimate_summary(frame[variable].tolist())
    mean = None if summary.mean is None else float(summary.mean)
    return Row(line, column, mean, format_mean(summary, decimals), lower=summary.sd, records=_records(frame))
