"""T14.2.9: exploratory logistic models of objective response and disease control."""

from collections.abc import Iterator

import numpy as np

from grevy.results.frames import AnalysisData, Mask
from grevy.results.labels import Label
from grevy.results.models import Coefficients, Fitted, Outcome, Ratio, estimate_models
from grevy.results.response import CONTROL, RESPONSE, select_responses
from grevy.results.rows import Row
from grevy.stats.arrays import FloatArray
from grevy.stats.logistic import LogisticFit, compute_profile_limits, fit_logistic
from grevy.stats.no_estimate import NoEstimate

OUTCOMES = {
    "ORR": (Label("Objective response", "客观缓解"), RESPONSE),
    "DCR": (Label("Disease control", "疾病控制"), CONTROL),
}


def read_response(data: AnalysisData, name: str) -> Outcome:
    """Confirmed response or control as an outcome; without an assessment a subject counts as without it."""
    label, categories = OUTCOMES[name]
    responses = select_responses(data, "CBOR")
    known = data.in_set("FAS") & (responses.position >= 0)
    event = np.isin(responses.answer.astype(str), categories)

    def fit(used: Mask, matrix: FloatArray) -> Fitted | NoEstimate:
        found = fit_logistic(event[used], matrix, minimum_events=data.plan.models.minimum_events)
        if isinstance(found, NoEstimate):
            return found
        places = range(1, len(found.coefficients))  # the intercept comes first
        ratios = tuple(_estimate_ratio(found, place, data.conventions.confidence) for place in places)
        return Fitted(ratios, found.likelihood_ratio_test, found)

    def fit_plain(used: Mask, matrix: FloatArray) -> Coefficients | NoEstimate:
        found = fit_logistic(event[used], matrix, minimum_events=data.plan.models.minimum_events)
        if isinstance(found, NoEstimate):
            return found
        df = float(len(matrix) - len(found.coefficients))
        return Coefficients(found.coefficients[1:], np.diag(found.variance)[1:], df)

    alike = np.zeros(len(data.subjects), dtype=np.int64)
    method = "logistic, profile likelihood"
    return Outcome(
        name,
        label,
        "ADRS",
        known,
        event,
        responses.position,
        fit,
        fit_plain,
        (event.astype(float),),
        alike,
        method,
        is_binary=True,
    )


def _estimate_ratio(fit: LogisticFit, place: int, confidence: float) -> Ratio | NoEstimate:
    limits = compute_profile_limits(fit, place, confidence=confidence)
    if isinstance(limits, NoEstimate):
        return limits
    lower, upper = np.exp(limits)
    return Ratio(float(np.exp(fit.coefficients[place])), float(lower), float(upper), float(fit.p[place]))


def estimate_logistic_models(data: AnalysisData) -> Iterator[Row]:
    """T14.2.9: odds ratios of each covariate alone and of all together."""
    yield from estimate_models(data, [read_response(data, name) for name in OUTCOMES], "OR")
