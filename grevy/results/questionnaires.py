"""T14.2.12.1: questionnaire scores by visit, with the change from baseline and how many changed enough.

Scores are shown as they are observed: nobody's missing form is filled in. A visit is shown where at least as
many subjects have a score as the plan asks for.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from grevy.adam.adqs import FORMS
from grevy.results.format import format_interval
from grevy.results.frames import AnalysisData, Column, Records
from grevy.results.labels import Label
from grevy.results.reasons import describe_no_estimate
from grevy.results.rows import Line, Row, absent_row, count_row
from grevy.results.scales import name_scale, place_scale
from grevy.results.summaries import ONE_DECIMAL, Decimals, estimate_summary, format_mean
from grevy.results.visits import list_visits
from grevy.stats.no_estimate import NoEstimate
from grevy.stats.ranks_and_means import estimate_mean

INDEX_DECIMALS = Decimals(3, 3, 3)
"""A utility index runs from -0.391 to 1: one decimal would say nothing."""

N, SCORE, CHANGE = (
    Column("N", Label("n", "例数")),
    Column("SCORE", Label("Score, mean (SD)", "评分，均数（标准差）")),
    Column("CHANGE", Label("Change, mean (95% CI)", "较基线变化，均数（95%CI）")),
)
CLASSES = (
    (Column("BETTER", Label("Better, n (%)", "改善，例数（%）")), "CRIT2FL"),
    (Column("STABLE", Label("Stable, n (%)", "稳定，例数（%）")), None),
    (Column("WORSE", Label("Worse, n (%)", "恶化，例数（%）")), "CRIT1FL"),
)
"""Classes of change by the points of the plan, with the flag of ADQS that says so; neither is stable."""

NO_CHANGE = Label("The baseline itself.", "基线本身。")
FEW = Label("No subject with a change from baseline.", "无可计算较基线变化的受试者。")
NO_DIRECTION = Label("Not a score of 0 to 100 with a known good end.", "非0～100分或无明确好坏方向的评分。")


def select_scores(data: AnalysisData, code: str | None = None) -> pd.DataFrame:
    """Scores of the full analysis set that stand for a visit, or are the baseline; of one scale or of all."""
    adqs = data["ADQS"]
    inside = data.rows_of("ADQS", data.in_set("FAS")) & adqs["AVAL"].notna().to_numpy()
    shown = inside & ((adqs["ANL01FL"] == "Y") | (adqs["ABLFL"] == "Y")).to_numpy()
    shown &= ~adqs["PARAMCD"].isin(FORMS.values()).to_numpy()
    return adqs[shown & (adqs["PARAMCD"] == code).to_numpy()] if code else adqs[shown]


def estimate_scores(data: AnalysisData) -> Iterator[Row]:
    """One line per scale and visit of the full analysis set: subjects, score, change, its classes."""
    groups = select_scores(data).groupby(["PARCAT1", "PARAMCD"], sort=True)
    for (instrument, code), frame in sorted(groups, key=lambda group: place_scale(*map(str, group[0]))):
        label = name_scale(str(instrument), str(code), str(frame["PARAM"].iloc[0]))
        for is_baseline, number, visit, flag in list_visits(frame):
            if len(np.unique(frame.loc[flag, "SUBJECT"])) >= data.plan.by_visit.minimum_subjects:
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
        reason = NO_CHANGE if is_baseline else FEW
        for column in (CHANGE, *(column for column, _ in CLASSES)):
            yield absent_row(line, column, reason, text="–")
        return
    found = estimate_mean(changed["CHG"].to_numpy(float), confidence=data.conventions.confidence)
    if isinstance(found, NoEstimate):
        yield absent_row(line, CHANGE, describe_no_estimate(found), text="–")
    else:
        text = format_interval(found.value, found.lower, found.upper, decimals.center)
        yield Row(line, CHANGE, found.value, text, found.lower, found.upper, records=_records(changed))
    yield from _count_classes(data, line, changed)


def _count_classes(data: AnalysisData, line: Line, changed: pd.DataFrame) -> Iterator[Row]:
    """Shares of those with a change: better, stable, worse."""
    judged = changed[(changed["CRIT1FL"] != "") & (changed["CRIT2FL"] != "")]
    moved = (judged["CRIT1FL"] == "Y") | (judged["CRIT2FL"] == "Y")
    for column, variable in CLASSES:
        if judged.empty:
            yield absent_row(line, column, NO_DIRECTION, text="–")
            continue
        members = judged[~moved if variable is None else judged[variable] == "Y"]
        yield count_row(data, line, column, _records(members), judged["SUBJECT"].nunique())


def _records(frame: pd.DataFrame) -> Records:
    return Records("ADQS", frame.index.to_numpy(dtype=np.intp))


def _mean_row(line: Line, column: Column, frame: pd.DataFrame, variable: str, decimals: Decimals) -> Row:
    summary = estimate_summary(frame[variable].tolist())
    mean = None if summary.mean is None else float(summary.mean)
    return Row(line, column, mean, format_mean(summary, decimals), lower=summary.sd, records=_records(frame))
