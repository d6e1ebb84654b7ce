"""Uno's C, the area under the ROC curve at a time, the Brier score and its integral, against R."""

import numpy as np
import pytest
from r_values import read_reference

from grevy.stats.prediction import (
    compute_brier,
    compute_integrated_brier,
    compute_weighted_concordances,
    estimate_censoring,
    list_brier_times,
    list_pairs,
    weigh_for_censoring,
    weigh_pairs_at,
    weigh_pairs_to,
)

CASES = read_reference("prediction")["cases"]


def read_case(case):
    """Times, events, predictors as one model, weights of 1, and the cumulative baseline hazard."""
    time, predictor = (np.array(case[name], dtype=float) for name in ("time", "predictor"))

    def hazard(at):
        return (np.asarray(at) / case["scale"]) ** 0.9

    return time, np.array(case["event"]) == 1, predictor[None], np.ones((1, len(time))), hazard


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_discrimination_is_that_of_survival_and_risk_regression(case):
    time, event, predictor, ones, _ = read_case(case)
    pairs, censoring = list_pairs(time, event), estimate_censoring(time, event)
    for weigh, expected in ((weigh_pairs_to, case["uno"]), (weigh_pairs_at, case["auc"])):
        of_pair = np.column_stack([weigh(pairs, time, censoring, at) for at in case["at"]])
        found = compute_weighted_concordances(pairs, predictor, ones, of_pair)[0]
        assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_errors_are_those_of_pec_and_risk_regression(case):
    time, event, predictor, ones, hazard = read_case(case)
    for place, at in enumerate(case["at"]):
        risk = -np.expm1(-hazard(at) * np.exp(predictor))
        found = compute_brier(risk, time <= at, weigh_for_censoring(time, event, at), ones)[0]
        assert found == pytest.approx(case["brier"][place], rel=1e-6)
        assert found == pytest.approx(case["brier_again"][place], rel=1e-6)
        times = hazard(list_brier_times(time, at))[None]
        both = compute_integrated_brier(times, predictor, time, event, ones, at)[0]
        assert both == pytest.approx(case["integrated"][place], rel=1e-6)
