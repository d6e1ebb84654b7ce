"""T14.2.8 and T14.2.10: exploratory Cox models of PFS and OS, and whether their hazards are proportional."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from grevy.results.covariates import Term, list_terms
from grevy.results.format import format_fixed, format_p
from grevy.results.frames import AnalysisData, Column, Mask
from grevy.results.labels import Label
from grevy.results.models import Coefficients, Fitted, Model, Outcome, Ratio, estimate_models, fit_model
from grevy.results.reasons import describe_no_estimate
from grevy.results.rows import Line, Row, absent_row, number_row, with_id
from grevy.results.time_to_event import NOT_DERIVED, select_times
from grevy.stats.arrays import FloatArray
from grevy.stats.cox import CoxFit, fit_cox
from grevy.stats.kaplan_meier import compute_cumulative_hazard
from grevy.stats.no_estimate import NoEstimate
from grevy.stats.proportional_hazards import compute_proportional_hazards
from grevy.stats.statistics_of_tests import ChiSquare

ENDPOINTS = {"PFS": Label("PFS", "PFS"), "OS": Label("OS", "OS")}


def read_stratum(data: AnalysisData) -> NDArray[np.int64] | None:
    """The stratum of each subject, -1 where it is not known; None where nothing is stratified or known."""
    variable = data.plan.models.stratum
    if variable is None:
        return None
    values = data.subjects[variable].fillna("").astype(str).to_numpy()
    if (values == "").all():
        return None
    number = np.unique(values, return_inverse=True)[1].astype(np.int64)
    return np.where(values == "", -1, number)


def read_survival(data: AnalysisData, parameter: str) -> Outcome:
    """An endpoint of ADTTE as an outcome; a subject whose stratum is not known is not used."""
    times = select_times(data, parameter, data.in_set("FAS"))
    size = len(data.subjects)
    subject = times.frame["SUBJECT"].to_numpy()
    position = np.full(size, -1, dtype=np.intp)
    days, event = np.zeros(size), np.zeros(size, dtype=bool)
    position[subject], days[subject], event[subject] = times.records.index, times.days, times.is_event
    stratum = read_stratum(data)
    known = (position >= 0) if stratum is None else (position >= 0) & (stratum >= 0)
    strata = np.zeros(size, dtype=np.int64) if stratum is None else stratum
    confidence = data.conventions.confidence

    def fit_again(used: Mask, matrix: FloatArray) -> CoxFit | NoEstimate:
        return fit_cox(
            days[used],
            event[used],
            matrix,
            stratum=strata[used],
            minimum_events=data.plan.models.minimum_events,
        )

    def fit(used: Mask, matrix: FloatArray) -> Fitted | NoEstimate:
        found = fit_again(used, matrix)
        if isinstance(found, NoEstimate):
            return found
        limits = found.compute_limits(confidence)
        ratios = zip(found.hazard_ratio, *limits, found.p, strict=True)
        return Fitted(tuple(Ratio(*map(float, row)) for row in ratios), found.likelihood_ratio_test, found)

    def fit_plain(used: Mask, matrix: FloatArray) -> Coefficients | NoEstimate:
        found = fit_again(used, matrix)
        if isinstance(found, NoEstimate):
            return found
        df = float(max(found.events - matrix.shape[1], 1))
        return Coefficients(found.coefficients, np.diag(found.variance), df)

    hazard = np.zeros(size)
    hazard[known] = compute_cumulative_hazard(days[known], event[known])
    method = "Cox, Efron" + ("" if stratum is None else f", stratified by {data.plan.models.stratum}")
    return Outcome(
        parameter,
        ENDPOINTS[parameter],
        "ADTTE",
        known,
        event,
        position,
        fit,
        fit_plain,
        (event.astype(float), hazard),
        strata,
        method,
    )


def estimate_cox_models(data: AnalysisData) -> Iterator[Row]:
    """T14.2.8: hazard ratios of each covariate alone and of all together."""
    yield from estimate_models(data, [read_survival(data, name) for name in ENDPOINTS], "HR")


# --- T14.2.10 -----------------------------------------------------------------------------------------------

STATISTIC = Column("CHISQ", Label("Chi-square", "卡方"))
DF = Column("DF", Label("Degrees of freedom", "自由度"))
P = Column("P", Label("p (two-sided, score test, exploratory)", "p（双侧，得分检验，探索性）"))
SCORE_TEST = "cox.zph, Kaplan-Meier time"
GLOBAL = Label("All terms together", "全部协变量")


def estimate_proportional_hazards(data: AnalysisData) -> Iterator[Row]:
    """T14.2.10: does a log hazard ratio change with time? The multivariable models, per term and together."""
    terms = tuple(list_terms(data, data.in_set("FAS")))
    for parameter, endpoint in ENDPOINTS.items():
        outcome = read_survival(data, parameter)
        model = fit_model(outcome, terms)
        base = Line(parameter, endpoint, "test", group=endpoint, parameter=parameter, method=SCORE_TEST)
        whole = with_id(base, "GLOBAL", GLOBAL, "test")
        if isinstance(model.fitted, NoEstimate):
            reason = describe_no_estimate(model.fitted) if outcome.known.any() else NOT_DERIVED
            yield absent_row(whole, STATISTIC, reason, records=outcome.records(model.used))
            continue
        places = _place_terms(terms, model)
        found = compute_proportional_hazards(
            model.fitted.fit, transform="km", terms=[inside for _, inside in places]
        )
        for (term, _), test in zip(places, found.terms, strict=True):
            line = with_id(base, term.variable, term.label, "test")
            yield from _test_rows(line, test, outcome, model)
        yield from _test_rows(whole, found.together, outcome, model)


def _place_terms(terms: tuple[Term, ...], model: Model) -> list[tuple[Term, list[int]]]:
    """The terms that have a column in the model as it was fitted, with the places of those columns."""
    places, start = [], 0
    for term in terms:
        columns = range(start, start + len(term.columns))
        start += len(term.columns)
        inside = [model.kept.index(column) for column in columns if column in model.kept]
        if inside:
            places.append((term, inside))
    return places


def _test_rows(line: Line, test: ChiSquare, outcome: Outcome, model: Model) -> Iterator[Row]:
    records = outcome.records(model.used)
    yield number_row(line, STATISTIC, test.value, format_fixed(test.value, 2), records)
    yield number_row(line, DF, test.df, str(test.df), records)
    yield number_row(line, P, test.p, format_p(test.p), records)
