"""TX7.1 and TX7.2: the multivariable models with missing covariates imputed, beside the complete cases.

Chained equations are told the outcome: the event and, of a Cox model, the cumulative hazard (White and
Royston 2009). Outcomes are never imputed. Ratios are combined by Rubin's rules on the log scale.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from grevy.results.covariates import Level, Term, list_terms
from grevy.results.cox_models import ENDPOINTS, read_survival
from grevy.results.format import format_fixed, format_p
from grevy.results.frames import AnalysisData, Column, Mask
from grevy.results.labels import Label
from grevy.results.logistic_models import OUTCOMES, read_response
from grevy.results.models import (
    Coefficients,
    Model,
    Outcome,
    Ratio,
    fit_estimable,
    fit_model,
    name_level,
    ratio_row,
)
from grevy.results.reasons import REASONS, describe_no_estimate
from grevy.results.rows import Line, Row, absent_row, count_row, number_row
from grevy.stats.arrays import FloatArray
from grevy.stats.imputation import (
    Combined,
    Imputations,
    Kind,
    combine_imputations,
    compute_scale_reduction,
    impute,
)
from grevy.stats.no_estimate import NoEstimate, Reason

FEWEST_COPIES = 2

NOTHING_MISSING = Label("No covariate is missing; nothing is imputed.", "协变量无缺失，无需插补。")
TOO_FEW_COPIES = Label("Rubin's rules need at least two imputed copies.", "Rubin规则至少需要2份插补数据。")
NO_SUBJECT = Label("No subject has this outcome.", "无受试者具有该结局。")

MISSING = Column("MISSING", Label("Subjects imputed", "插补例数"))
LOST = Column("LOST", Label("Information lost, %", "信息缺失比例，%"))
NOISE = Column(
    "NOISE", Label("Monte-Carlo error, % of the standard error", "蒙特卡罗误差占标准误的百分比，%")
)


@dataclass(frozen=True)
class Imputed:
    """A model of completed data: pooled ratios by the place of the column, and the copies they came from."""

    used: Mask
    found: dict[int, Combined | NoEstimate]
    terms: tuple[Term, ...]
    copies: Imputations


def estimate_imputed_cox_models(data: AnalysisData) -> Iterator[Row]:
    """TX7.1: hazard ratios of PFS and OS, complete cases and imputed."""
    yield from _estimate(data, [read_survival(data, name) for name in ENDPOINTS], "HR")


def estimate_imputed_logistic_models(data: AnalysisData) -> Iterator[Row]:
    """TX7.2: odds ratios of response and disease control, complete cases and imputed."""
    yield from _estimate(data, [read_response(data, name) for name in OUTCOMES], "OR")


def _name_columns(ratio: str) -> tuple[Column, Column, Column]:
    return (
        Column("COMPLETE", Label(f"Complete cases {ratio} (95% CI)", f"完整病例{ratio}（95%CI）")),
        Column("IMPUTED", Label(f"Imputed {ratio} (95% CI)", f"插补后{ratio}（95%CI）")),
        Column("IMPUTED_P", Label("Imputed p (two-sided, t, exploratory)", "插补后p（双侧，t，探索性）")),
    )


def _estimate(data: AnalysisData, outcomes: list[Outcome], ratio: str) -> Iterator[Row]:
    columns = _name_columns(ratio)
    for outcome in outcomes:
        terms = tuple(list_terms(data, data.in_set("FAS")))
        complete = fit_model(outcome, terms)
        imputed = impute_model(data, outcome, terms)
        line = Line(f"{outcome.id}|ALL", Label("Subjects used", "纳入的受试者"), "count", group=outcome.label)
        yield count_row(data, line, columns[0], outcome.records(complete.used), None)
        if isinstance(imputed, Label):
            yield absent_row(line, columns[1], imputed)
            continue
        yield count_row(data, line, columns[1], outcome.records(imputed.used), None)
        yield from _estimate_terms(data, outcome, complete, imputed, columns)
        yield from _describe_copies(data, outcome, imputed, columns[1])


# --- Imputation ---------------------------------------------------------------------------------------------


def impute_model(data: AnalysisData, outcome: Outcome, terms: tuple[Term, ...]) -> Imputed | Label:
    """Impute the covariates of whoever has the outcome, fit each copy, combine.

    A covariate that nobody has cannot be imputed and is left out. Levels are imputed in their order from
    donors, numbers from donors as well: what is imputed has been seen.
    """
    copies = data.plan.value("imputation.copies")
    used = outcome.known
    present = tuple(term for term in terms if (term.known & used).any())
    if not used.any():
        return NO_SUBJECT
    if all(term.known[used].all() for term in present):
        return NOTHING_MISSING
    if copies < FEWEST_COPIES:
        return TOO_FEW_COPIES
    codes = [_read_codes(term)[used] for term in present]
    strata = outcome.stratum[used]
    known = [told[used] for told in outcome.told] + [
        (strata == number).astype(float) for number in np.unique(strata)[1:]
    ]
    outcome_kinds: list[Kind] = ["number"] * len(known)
    kinds = [*outcome_kinds, *(_choose_kind(term) for term in present)]
    seed = data.plan.value("imputation.seed")
    made = impute(np.column_stack([*known, *codes]), kinds, copies=copies, seed=seed)
    completed = [_complete(present, copy[:, len(known) :]) for copy in made.completed]
    found = _fit_copies(outcome, completed, data.conventions.confidence)
    return Imputed(used, found, present, made)


def _read_codes(term: Term) -> FloatArray:
    """A number as it is, a level as its place; NaN where the covariate is missing."""
    if term.is_number:
        values = np.asarray(term.levels[0].values)
        return np.where(term.known, values, np.nan)
    codes = np.full(len(term.known), np.nan)
    for place, level in enumerate(term.levels):
        codes[level.flag] = place
    return codes


def _choose_kind(term: Term) -> Kind:
    return "yes or no" if len(term.levels) == 2 else "from a donor"


def _complete(terms: tuple[Term, ...], codes: FloatArray) -> FloatArray:
    """The columns of the model from completed codes."""
    columns = []
    for term, code in zip(terms, codes.T, strict=True):
        if term.is_number:
            columns.append(code)
        else:
            columns += [(code == place).astype(float) for place in range(1, len(term.levels))]
    return np.column_stack(columns)


def _fit_copies(
    outcome: Outcome, completed: list[FloatArray], confidence: float
) -> dict[int, Combined | NoEstimate]:
    """Fit every copy with the columns that the first can tell apart; one copy without a fit is no result."""
    strata = outcome.stratum[outcome.known]
    kept, blamed, first = fit_estimable(outcome.known, completed[0], strata, outcome.fit_plain)
    found: dict[int, Combined | NoEstimate] = dict(blamed)
    if isinstance(first, NoEstimate):
        return found | dict.fromkeys(kept, first)
    fits = [first]
    for matrix in completed[1:]:
        fit = outcome.fit_plain(outcome.known, matrix[:, kept])
        if isinstance(fit, NoEstimate):
            return found | dict.fromkeys(kept, fit)
        fits.append(fit)
    for number, place in enumerate(kept):
        found[place] = _combine(fits, number, confidence)
    return found


def _combine(fits: list[Coefficients], number: int, confidence: float) -> Combined:
    return combine_imputations(
        [fit.values[number] for fit in fits],
        [fit.variances[number] for fit in fits],
        complete_df=fits[0].df,
        confidence=confidence,
    )


# --- Rows ---------------------------------------------------------------------------------------------------


def _estimate_terms(
    data: AnalysisData,
    outcome: Outcome,
    complete: Model,
    imputed: Imputed,
    columns: tuple[Column, Column, Column],
) -> Iterator[Row]:
    places = iter(range(len(complete.columns)))
    known = iter(range(len(complete.columns)))
    for term in list_terms(data, data.in_set("FAS")):
        is_imputed = any(term.variable == other.variable for other in imputed.terms)
        for number, level in enumerate(term.levels):
            line = _place(outcome, term, level)
            if not number:
                gaps = outcome.records(imputed.used & ~term.known)
                yield count_row(data, line, MISSING, gaps, None)
            if level.values is None:
                for column in columns[:2]:
                    yield number_row(_as(line, "reference"), column, 1, "1.00")
                continue
            yield ratio_row(
                _as(line, "ratio", outcome.method),
                columns[0],
                complete.found[next(places)],
                outcome.records(complete.used),
            )
            found = imputed.found[next(known)] if is_imputed else NoEstimate(Reason.EMPTY)
            yield from _pooled_rows(line, outcome, imputed, found, columns[1:])


def _place(outcome: Outcome, term: Term, level: Level) -> Line:
    label = name_level(level)
    if term.is_number or len(term.levels) == 1:
        label = term.label
    return Line(
        f"{outcome.id}|{term.variable}|{level.id}",
        _join(outcome.label, label) if term.is_number else label,
        "count",
        group=_join(outcome.label, term.label),
        parameter=outcome.id,
        group_1=term.variable,
        group_1_value=level.id,
    )


def _join(outcome: Label, label: Label) -> Label:
    return Label(f"{outcome.en}: {label.en}", f"{outcome.zh}：{label.zh}")


def _as(line: Line, operation: str, method: str | None = None) -> Line:
    return replace(line, operation=operation, method=method)


def _pooled_rows(
    line: Line,
    outcome: Outcome,
    imputed: Imputed,
    found: Combined | NoEstimate,
    columns: tuple[Column, ...],
) -> Iterator[Row]:
    records = outcome.records(imputed.used)
    method = f"{outcome.method}, chained equations, Rubin"
    ratio = _as(line, "ratio", method)
    if isinstance(found, NoEstimate):
        yield absent_row(ratio, columns[0], describe_no_estimate(found), records=records)
        return
    value, lower, upper = (float(np.exp(part)) for part in (found.value, found.lower, found.upper))
    yield ratio_row(ratio, columns[0], Ratio(value, lower, upper, found.p), records)
    yield number_row(_as(line, "p", method), columns[1], found.p, format_p(found.p), records)
    lost = 100 * found.share_lost
    yield number_row(_as(line, "information lost", method), LOST, lost, format_fixed(lost, 1), records)
    copies = len(imputed.copies.completed)
    noise = 100 * float(np.sqrt(found.between / copies)) / found.std_error
    yield number_row(_as(line, "Monte-Carlo error", method), NOISE, noise, format_fixed(noise, 1), records)


def _describe_copies(data: AnalysisData, outcome: Outcome, imputed: Imputed, column: Column) -> Iterator[Row]:
    """How many copies, and of each imputed covariate whether the copies agree after the last round."""
    group = _join(outcome.label, Label("Imputation", "插补"))
    copies = len(imputed.copies.completed)
    line = Line(f"{outcome.id}|COPIES", Label("Imputed copies", "插补份数"), "number", group=group)
    yield number_row(line, column, copies, str(copies))
    first = imputed.copies.missing.shape[1] - len(imputed.terms)
    agreement = compute_scale_reduction(imputed.copies.traces)
    for place, term in enumerate(imputed.terms, start=first):
        if not imputed.copies.missing[:, place].any():
            continue
        label = Label(f"Agreement of the copies: {term.label.en}", f"各份插补的一致性：{term.label.zh}")
        line = Line(
            f"{outcome.id}|{term.variable}|AGREEMENT", label, "scale reduction", group=group,
            method="Gelman and Rubin 1992", group_1=term.variable,
        )  # fmt: skip
        gaps = outcome.records(imputed.used & ~term.known)
        value = float(agreement[place])
        if np.isnan(value):
            yield absent_row(line, column, REASONS[Reason.NO_VARIATION], records=gaps)
        else:
            yield number_row(line, column, value, format_fixed(value, 2), gaps)
