"""TX3: do centers differ beyond chance, after what the plan adjusts for? No center is named or ranked.

Events observed and expected per center from the multivariable Cox model; a gamma frailty draws each center's
ratio towards 1 by as much as its size warrants.
"""

from collections.abc import Iterator

import numpy as np

from grevy.results.covariates import list_terms
from grevy.results.cox_models import ENDPOINTS, read_survival
from grevy.results.format import format_fixed, format_ratio
from grevy.results.frames import AnalysisData, Column
from grevy.results.labels import Label
from grevy.results.models import Model, Outcome, fit_model
from grevy.results.reasons import describe_no_estimate
from grevy.results.rows import Line, Row, absent_row, count_row, number_row
from grevy.stats.cox_residuals import compute_martingale_residuals
from grevy.stats.frailty import Frailty, estimate_gamma_frailty
from grevy.stats.no_estimate import NoEstimate

METHOD = "Cox, expected events; gamma frailty, empirical Bayes"


def estimate_site_variation(data: AnalysisData) -> Iterator[Row]:
    """TX3: centers, variance between them, and the range of their shrunken ratios, for PFS and OS."""
    terms = tuple(list_terms(data, data.in_set("FAS")))
    columns = {name: Column(name, label) for name, label in ENDPOINTS.items()}
    for parameter, column in columns.items():
        outcome = read_survival(data, parameter)
        model = fit_model(outcome, terms)
        yield from _describe(data, outcome, model, column)


def _describe(data: AnalysisData, outcome: Outcome, model: Model, column: Column) -> Iterator[Row]:
    records = outcome.records(model.used)
    line = Line("N", Label("Subjects used", "纳入的受试者"), "count")
    yield count_row(data, line, column, records, None)
    line = Line("EVENTS", Label("Events", "事件数"), "count")
    yield count_row(data, line, column, outcome.records(model.used & outcome.event), None)
    sites, place = np.unique(data.subjects["SITEID"].to_numpy(str)[model.used], return_inverse=True)
    line = Line("SITES", Label("Centers", "中心数"), "number")
    yield number_row(line, column, len(sites), str(len(sites)), records)
    line = Line("VARIANCE", Label("Variance between centers", "中心间方差"), "variance", method=METHOD)
    if isinstance(model.fitted, NoEstimate):
        yield absent_row(line, column, describe_no_estimate(model.fitted), records=records)
        return
    event = outcome.event[model.used].astype(float)
    expected = event - compute_martingale_residuals(model.fitted.fit)
    found = estimate_gamma_frailty(
        np.bincount(place, event, len(sites)), np.bincount(place, expected, len(sites))
    )
    if isinstance(found, NoEstimate):
        yield absent_row(line, column, describe_no_estimate(found), records=records)
        return
    yield number_row(line, column, found.variance, format_fixed(found.variance, 3), records)
    for name, label, value in _list_readings(found):
        line = Line(name, label, "ratio", method=METHOD)
        yield number_row(line, column, value, format_ratio(value), records)


def _list_readings(found: Frailty) -> Iterator[tuple[str, Label, float]]:
    """How two centers typically differ, and how far the centers reach; which they are is not said."""
    yield (
        "MEDIAN_RATIO",
        Label("Median hazard ratio of two centers", "两中心间的中位风险比"),
        found.median_ratio,
    )
    for share, en, zh in (
        (0.0, "Smallest ratio, shrunken", "最小风险比（收缩后）"),
        (0.25, "Lower quartile, shrunken", "下四分位数（收缩后）"),
        (0.75, "Upper quartile, shrunken", "上四分位数（收缩后）"),
        (1.0, "Largest ratio, shrunken", "最大风险比（收缩后）"),
    ):
        value = float(np.quantile(found.ratio, share, method="averaged_inverted_cdf"))
        yield f"RATIO_{share:.2f}", Label(en, zh), value
