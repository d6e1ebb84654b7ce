"""T14.2.12.2 and F14.2.10: change of questionnaire scores, by a model and, of the primary ones, as means.

The model is a mixed model for repeated measures: change at each planned visit with its own mean, the baseline
score, visits of a subject correlated without a pattern; the simpler patterns where that does not converge
(reporting M19). Missing scores are taken as missing at random; beside it stands what the mean would be if
every missing score were worse by the points that count as deterioration than the model expects (delta shift).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from grevy.results.format import MINUS, format_interval
from grevy.results.frames import AnalysisData, Column, Records
from grevy.results.labels import Label
from grevy.results.questionnaires import select_scores
from grevy.results.reasons import describe_no_estimate
from grevy.results.rows import Line, Row, absent_row, count_row, number_row
from grevy.results.scales import ScaleOfData, list_scales
from grevy.results.visits import list_visits
from grevy.stats.mixed_model import MixedFit, fit_mixed_model
from grevy.stats.no_estimate import NoEstimate
from grevy.stats.ranks_and_means import estimate_mean

N, MODEL, SHIFTED = (
    Column("N", Label("n", "例数")),
    Column("MMRM", Label("Change by the model (95% CI)", "模型估计的较基线变化（95%CI）")),
    Column("SHIFT", Label("The same, missing scores worse (95% CI)", "缺失评分按更差计（95%CI）")),
)
FITTED = Label("Subjects in the model, covariance", "模型例数，协方差：")
NO_STRUCTURE = Label("none: not fitted", "无（未拟合）")
STRUCTURES = {
    "unstructured": Label("unstructured", "非结构化"),
    "autoregressive": Label("autoregressive (fallback)", "一阶自回归（替代）"),
    "compound symmetry": Label("compound symmetry (fallback)", "复合对称（替代）"),
}
NO_MODEL = Label("No visit after baseline with enough subjects.", "基线后无例数足够的访视。")
NOT_SHOWN = Label("Of the model as a whole.", "针对整个模型。")
END = "END OF TREATMENT"


@dataclass(frozen=True)
class Changes:
    """The changes of a scale at the planned visits, one row per subject and visit."""

    scale: ScaleOfData
    frame: pd.DataFrame
    visits: tuple[tuple[float, Label], ...]


def select_changes(data: AnalysisData, scale: ScaleOfData, *, with_end: bool) -> Changes:
    """Changes at visits where enough subjects have one; the end of treatment has no planned time."""
    frame, smallest = select_scores(data, scale.code), data.plan.by_visit.minimum_subjects
    visits = []
    for is_baseline, number, label, flag in list_visits(frame):
        changed = frame[flag & frame["CHG"].notna().to_numpy()]
        is_end = bool((changed["AVISIT"] == END).any())
        if not is_baseline and changed["SUBJECT"].nunique() >= smallest and (with_end or not is_end):
            visits.append((number, label))
    inside = frame["CHG"].notna() & frame["AVISITN"].isin([number for number, _ in visits])
    inside &= (frame["ADY"] > 1) & (frame["ABLFL"] != "Y")
    return Changes(scale, frame[inside], tuple(visits))


# --- The model -------------------------------------------------------------------------------------


def estimate_models(data: AnalysisData) -> Iterator[Row]:
    """One line per scale and visit, and which covariance was used."""
    for scale in list_scales(data):
        changes = select_changes(data, scale, with_end=False)
        found = fit_changes(changes) if changes.visits else NO_MODEL
        yield from _estimate_visits(data, changes, found)


def fit_changes(changes: Changes) -> MixedFit | NoEstimate:
    """Mean of each visit at the mean baseline; the coefficients stand in the order of the visits."""
    frame = changes.frame
    numbers = np.array([number for number, _ in changes.visits])
    place = np.searchsorted(numbers, frame["AVISITN"].to_numpy(float))
    baseline = frame["BASE"].to_numpy(float)
    first = frame.drop_duplicates("SUBJECT")["BASE"].to_numpy(float)
    columns = np.eye(len(numbers))[place]
    if np.ptp(first) > 0:
        columns = np.column_stack([columns, baseline - first.mean()])
    return fit_mixed_model(frame["CHG"].to_numpy(float), columns, frame["SUBJECT"], place)


def _estimate_visits(
    data: AnalysisData, changes: Changes, found: MixedFit | NoEstimate | Label
) -> Iterator[Row]:
    scale, everybody = changes.scale, changes.frame["SUBJECT"].nunique()
    for place, (number, visit) in enumerate(changes.visits):
        line = Line(
            f"{scale.code}|{number:g}", visit, "mean", group=scale.label, indent=1, parameter=scale.code,
            where=f"AVISITN = {number:g}", method="MMRM, REML, Satterthwaite", unit="points",
        )  # fmt: skip
        here = changes.frame[changes.frame["AVISITN"] == number]
        records = Records("ADQS", here.index.to_numpy(dtype=np.intp))
        yield count_row(data, line, N, records, None)
        if not isinstance(found, MixedFit):
            reason = found if isinstance(found, Label) else describe_no_estimate(found)
            yield from (absent_row(line, column, reason) for column in (MODEL, SHIFTED))
            continue
        weights = np.zeros(len(found.coefficients))
        weights[place] = 1
        mean = found.estimate(weights, confidence=data.conventions.confidence)
        whole = Records("ADQS", changes.frame.index.to_numpy(dtype=np.intp))
        yield _interval_row(line, MODEL, (mean.value, mean.lower, mean.upper), whole)
        points = float(data.plan.find_points(scale.code))
        missing = 1 - here["SUBJECT"].nunique() / everybody
        shift = (-points if scale.higher_is_better else points) * missing
        shifted = (mean.value + shift, mean.lower + shift, mean.upper + shift)
        yield _interval_row(line, SHIFTED, shifted, whole)
    words = STRUCTURES[found.structure] if isinstance(found, MixedFit) else NO_STRUCTURE
    label = Label(f"{FITTED.en} {words.en}", f"{FITTED.zh}{words.zh}")
    line = Line(f"{scale.code}|model", label, "method", group=scale.label, indent=1, parameter=scale.code)
    yield number_row(line, N, everybody, str(everybody), None)
    yield from (absent_row(line, column, NOT_SHOWN, text="–") for column in (MODEL, SHIFTED))


def _interval_row(line: Line, column: Column, parts: tuple[float, float, float], records: Records) -> Row:
    value, lower, upper = parts
    return Row(line, column, value, format_interval(value, lower, upper, 1), lower, upper, records=records)


# --- The figure ------------------------------------------------------------------------------------


def estimate_mean_changes(data: AnalysisData) -> Iterator[Row]:
    """F14.2.10: mean change with its interval at each visit, by regimen, and the points that count."""
    for scale in list_scales(data):
        if not scale.is_primary:
            continue
        points = float(data.plan.find_points(scale.code))
        changes = select_changes(data, scale, with_end=True)
        for is_good, label in (
            (False, Label("Worse by this much counts", "达到此值计为恶化")),
            (True, Label("Better by this much counts", "达到此值计为改善")),
        ):
            value = points if is_good == scale.higher_is_better else -points
            line = Line(
                f"{scale.code}|threshold|{'better' if is_good else 'worse'}", label, "threshold",
                group=scale.label, parameter=scale.code, unit="points",
            )  # fmt: skip
            yield number_row(line, data.regimens[-1], value, f"{value:+g}".replace("-", MINUS))
        for place, (number, visit) in enumerate(changes.visits, start=1):
            yield from _estimate_means(data, changes, place, number, visit)


def _estimate_means(
    data: AnalysisData, changes: Changes, place: int, number: float, visit: Label
) -> Iterator[Row]:
    scale = changes.scale
    here = changes.frame[changes.frame["AVISITN"] == number]
    line = Line(
        f"{scale.code}|{number:g}", visit, "mean_change", group=scale.label, indent=1, parameter=scale.code,
        where=f"AVISITN = {number:g}", time=float(place), unit="points", group_1="AVISIT",
        group_1_value=str(here["AVISIT"].iloc[0]),
    )  # fmt: skip
    counts = Line(
        f"{scale.code}|{number:g}|n", Label(f"n, {visit.en}", f"例数，{visit.zh}"), "n", group=scale.label,
        indent=1, parameter=scale.code, time=float(place), group_1="AVISIT", group_1_value=line.group_1_value,
    )  # fmt: skip
    for column in data.regimens:
        inside = data.in_column("FAS", column)[here["SUBJECT"].to_numpy()]
        frame = here[inside]
        records = Records("ADQS", frame.index.to_numpy(dtype=np.intp))
        yield count_row(data, counts, column, records, None)
        found = estimate_mean(frame["CHG"].to_numpy(float), confidence=data.conventions.confidence)
        if isinstance(found, NoEstimate):
            yield absent_row(line, column, describe_no_estimate(found), records=records)
        else:
            yield _interval_row(line, column, (found.value, found.lower, found.upper), records)
