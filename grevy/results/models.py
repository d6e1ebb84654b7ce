"""Tables of exploratory models: each covariate alone and all together, and why there is no estimate.

What Cox and logistic models have in common: complete cases, columns that no data can tell apart left out as
R leaves them out, and the count of models that were tried.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from grevy.results.covariates import Level, Term, build_matrix, list_terms
from grevy.results.format import format_fixed, format_p, format_ratio
from grevy.results.frames import AnalysisData, Column, Mask, Records
from grevy.results.labels import COUNT_SUBJECTS, Label
from grevy.results.reasons import REASONS, describe_no_estimate
from grevy.results.rows import Line, Row, absent_row, count_row, number_row
from grevy.stats.arrays import FloatArray
from grevy.stats.no_estimate import NoEstimate, Reason
from grevy.stats.statistics_of_tests import ChiSquare


@dataclass(frozen=True)
class Ratio:
    """A hazard or odds ratio with its limits and its two-sided p-value."""

    value: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True)
class Fitted:
    """The ratios of the columns, the likelihood-ratio test of all, and the fit itself."""

    ratios: tuple[Ratio | NoEstimate, ...]
    test: ChiSquare
    fit: Any


@dataclass(frozen=True)
class Coefficients:
    """Logarithms of the ratios with their variances, and the degrees of freedom that the data leave."""

    values: FloatArray
    variances: FloatArray
    df: float


Fit = Callable[[Mask, FloatArray], Fitted | NoEstimate]
FitPlain = Callable[[Mask, FloatArray], Coefficients | NoEstimate]
Found = TypeVar("Found")  # what a fit gives


@dataclass(frozen=True)
class Outcome:
    """What a model explains: whose outcome is known, who has the event, and the record that says so."""

    id: str
    label: Label
    dataset: str
    known: Mask
    event: Mask
    position: NDArray[np.intp]  # of the record of each subject, -1 where there is none
    fit: Fit
    fit_plain: FitPlain  # without limits and tests, for fits that are repeated
    told: tuple[FloatArray, ...]  # what imputation is told of the outcome, of each subject
    stratum: NDArray[np.int64]  # one number for all where nothing is stratified
    method: str
    is_binary: bool = False  # the rarer of two answers then bears the parameters

    def records(self, subjects: Mask) -> Records:
        """The records of the flagged subjects."""
        chosen = self.position[subjects]
        return Records(self.dataset, np.sort(chosen[chosen >= 0]))


@dataclass(frozen=True)
class Model:
    """A model as it was tried: who was used, which columns it has, what each gave."""

    used: Mask
    columns: tuple[Level, ...]
    found: dict[int, Ratio | NoEstimate]  # by the place of the column
    fitted: Fitted | NoEstimate
    kept: tuple[int, ...]


N = Column("N", COUNT_SUBJECTS)
EVENTS = Column("EVENTS", Label("Events", "事件数"))
P = Label("p (two-sided, Wald, exploratory)", "p（双侧，Wald，探索性）")


def name_columns(ratio: str) -> dict[str, Column]:
    """The columns of estimates: alone, and adjusted for all others of the plan."""
    limits_en, limits_zh = f"{ratio} (95% CI)", f"{ratio}（95%CI）"
    return {
        "UNI": Column("UNI", Label(f"Univariable {limits_en}", f"单因素{limits_zh}")),
        "UNI_P": Column("UNI_P", Label(f"Univariable {P.en}", f"单因素{P.zh}")),
        "MULTI": Column("MULTI", Label(f"Multivariable {limits_en}", f"多因素{limits_zh}")),
        "MULTI_P": Column("MULTI_P", Label(f"Multivariable {P.en}", f"多因素{P.zh}")),
    }


def fit_model(outcome: Outcome, terms: tuple[Term, ...]) -> Model:
    """Fit on complete cases; a column that is constant or a combination of others goes, and says so."""
    used = find_complete(outcome.known, terms)
    columns = tuple(level for term in terms for level in term.columns)
    matrix = build_matrix(columns, used)
    kept, found, fitted = fit_estimable(used, matrix, outcome.stratum[used], outcome.fit)
    ratios: dict[int, Ratio | NoEstimate] = dict(found)
    for number, place in enumerate(kept):
        ratios[place] = fitted if isinstance(fitted, NoEstimate) else fitted.ratios[number]
    return Model(used, columns, ratios, fitted, tuple(kept))


def find_complete(known: Mask, terms: tuple[Term, ...]) -> Mask:
    """Flag the known of whom every covariate is known."""
    return np.logical_and.reduce([known, *(term.known for term in terms)])


def fit_estimable(
    used: Mask,
    matrix: FloatArray,
    stratum: NDArray[np.int64],
    fit: Callable[[Mask, FloatArray], Found | NoEstimate],
) -> tuple[list[int], dict[int, NoEstimate], Found | NoEstimate]:
    """Fit with the columns that data can tell apart, as R leaves the others out: kept, blamed, the fit."""
    blame = NoEstimate(Reason.COLLINEAR if used.any() else Reason.EMPTY)
    varies = find_varying(matrix, stratum)
    found = {place: blame for place in range(matrix.shape[1]) if not varies[place]}
    kept = [place for place in range(matrix.shape[1]) if varies[place]]
    fitted: Found | NoEstimate = blame
    while kept:
        fitted = fit(used, matrix[:, kept])
        if not isinstance(fitted, NoEstimate) or fitted.reason is not Reason.COLLINEAR:
            break
        if fitted.covariate is None:
            break
        found[kept.pop(fitted.covariate)] = NoEstimate(Reason.COLLINEAR)
    return kept, found, fitted


def find_varying(matrix: FloatArray, stratum: NDArray[np.int64]) -> Mask:
    """Flag the columns that differ within a stratum: what is constant there says nothing about a ratio."""
    varies = np.zeros(matrix.shape[1], dtype=bool)
    for number in np.unique(stratum):
        inside = matrix[stratum == number]
        varies |= inside.max(axis=0) > inside.min(axis=0)
    return varies


def estimate_models(data: AnalysisData, outcomes: list[Outcome], ratio: str) -> Iterator[Row]:
    """Each covariate alone and all together, per outcome; then how many models that were."""
    columns = name_columns(ratio)
    terms = tuple(list_terms(data, data.in_set("FAS")))
    for outcome in outcomes:
        together = fit_model(outcome, terms)
        place = 0
        for term in terms:
            alone = fit_model(outcome, (term,))
            yield from _estimate_term(data, outcome, term, (alone, together), place, columns)
            place += len(term.columns)
        yield from _describe_model(data, outcome, together, columns)
        yield from _count_models(outcome, len(terms), together, columns)


def _line(outcome: Outcome, name: str, group: Label, label: Label, operation: str, **more: Any) -> Line:
    return Line(
        f"{outcome.id}|{name}",
        label,
        operation,
        group=_join(outcome.label, group),
        parameter=outcome.id,
        **more,
    )


def _join(outcome: Label, group: Label) -> Label:
    return Label(f"{outcome.en}: {group.en}", f"{outcome.zh}：{group.zh}")


def name_level(level: Level) -> Label:
    """The wording of a level; the reference says that it is one."""
    if level.values is not None:
        return level.label
    return Label(f"{level.label.en} (reference)", f"{level.label.zh}（参照）")


def _estimate_term(
    data: AnalysisData,
    outcome: Outcome,
    term: Term,
    models: tuple[Model, Model],
    place: int,
    columns: dict[str, Column],
) -> Iterator[Row]:
    if not term.levels:
        line = _line(outcome, f"{term.variable}|NONE", term.label, term.label, "none")
        yield absent_row(line, columns["UNI"], REASONS[Reason.EMPTY])
        return
    number = 0
    for level in term.levels:
        line = _line(
            outcome,
            f"{term.variable}|{level.id}",
            term.label,
            name_level(level) if len(term.levels) > 1 else _join(outcome.label, term.label),
            "count",
            group_1=term.variable,
            group_1_value=level.id,
        )
        members = models[0].used & level.flag
        yield _count(data, line, N, outcome, members)
        yield _count(data, line, EVENTS, outcome, members & outcome.event)
        if level.values is None:
            for name in ("UNI", "MULTI"):
                yield number_row(replace(line, operation="reference"), columns[name], 1, "1.00")
            continue
        for name, model, at in (("UNI", models[0], number), ("MULTI", models[1], place + number)):
            found, records = model.found[at], outcome.records(model.used)
            ratio = replace(line, operation="ratio", method=outcome.method)
            yield ratio_row(ratio, columns[name], found, records)
            p = replace(line, operation="p", method=f"{outcome.method}, Wald")
            yield _p_row(p, columns[f"{name}_P"], found, records)
        number += 1


def _count(data: AnalysisData, line: Line, column: Column, outcome: Outcome, subjects: Mask) -> Row:
    return count_row(data, line, column, outcome.records(subjects), None)


def ratio_row(line: Line, column: Column, found: Ratio | NoEstimate, records: Records) -> Row:
    """A ratio with its limits, or why there is none."""
    if isinstance(found, NoEstimate):
        return absent_row(line, column, describe_no_estimate(found), records=records)
    value, lower, upper = (format_ratio(part) for part in (found.value, found.lower, found.upper))
    text = f"{value} ({lower}, {upper})"
    return Row(line, column, found.value, text, found.lower, found.upper, records=records)


def _p_row(line: Line, column: Column, found: Ratio | NoEstimate, records: Records) -> Row:
    if isinstance(found, NoEstimate):
        return absent_row(line, column, describe_no_estimate(found), records=records)
    return number_row(line, column, found.p, format_p(found.p), records)


MULTIVARIABLE = Label("Multivariable model", "多因素模型")


def _describe_model(
    data: AnalysisData, outcome: Outcome, model: Model, columns: dict[str, Column]
) -> Iterator[Row]:
    """Who was used, the test of all terms, and events per parameter: under 10 to 20 estimates are fragile."""
    line = _line(
        outcome,
        "ALL",
        MULTIVARIABLE,
        Label("All covariates, likelihood-ratio test", "全部协变量，似然比检验"),
        "count",
    )
    records = outcome.records(model.used)
    events = outcome.records(model.used & outcome.event)
    yield count_row(data, line, N, records, None)
    yield count_row(data, line, EVENTS, events, None)
    line = _line(outcome, "ALL", MULTIVARIABLE, line.label, "p", method="likelihood ratio")
    if isinstance(model.fitted, NoEstimate):
        yield absent_row(line, columns["MULTI_P"], describe_no_estimate(model.fitted), records=records)
        return
    p = model.fitted.test.p
    yield number_row(line, columns["MULTI_P"], p, format_p(p), records)
    yield _count_per_parameter(outcome, model, model.fitted.test.df)


def _count_per_parameter(outcome: Outcome, model: Model, parameters: int) -> Row:
    """Events over parameters; of two answers the rarer one is what bears the model (Riley 2019)."""
    having, lacking = model.used & outcome.event, model.used & ~outcome.event
    label = Label("Events per parameter", "每个参数的事件数")
    bearing = having
    if outcome.is_binary:
        label = Label("Subjects with the rarer answer, per parameter", "每个参数的较少结局例数")
        bearing = min(having, lacking, key=np.count_nonzero)
    share = np.count_nonzero(bearing) / parameters
    line = _line(outcome, "PER_PARAMETER", MULTIVARIABLE, label, "mean")
    return number_row(line, EVENTS, share, format_fixed(share, 1), outcome.records(bearing))


def _count_models(outcome: Outcome, alone: int, together: Model, columns: dict[str, Column]) -> Iterator[Row]:
    line = _line(outcome, "MODELS", MULTIVARIABLE, Label("Number of models tried", "尝试的模型数"), "number")
    yield number_row(line, columns["UNI"], alone, str(alone))
    tried = int(bool(together.columns))
    yield number_row(line, columns["MULTI"], tried, str(tried))
