"""Logistic models, their profile limits and Firth's penalty against `glm` and the score equations in R."""

import numpy as np
import pytest
from r_values import agrees, read_reference, read_set

from grevy.stats.logistic import compute_profile_limits, fit_firth, fit_logistic

REFERENCE = read_reference("logistic")


def profile(fit):
    return [compute_profile_limits(fit, column) for column in range(len(fit.coefficients))]


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda c: f"{c['set']} {c['weight']} {c['offset']}")
def test_logistic_model(case):
    columns = read_set(case["set"])
    fit = fit_logistic(
        case["outcome"],
        np.column_stack([columns[x] for x in case["x"]]),
        weight=columns[case["weight"]] if case["weight"] else None,
        offset=0.02 * columns[case["offset"]] if case["offset"] else None,
    )
    assert fit.coefficients == agrees(case["coefficients"])
    assert fit.variance.ravel() == agrees(case["variance"])
    assert fit.p == agrees(case["p"])
    assert [fit.deviance, fit.aic] == agrees([case["deviance"], case["aic"]])
    assert fit.likelihood_ratio_test.value == agrees(case["null_deviance"] - case["deviance"])
    assert np.ravel(profile(fit)) == agrees(case["profile"])


@pytest.mark.parametrize("case", REFERENCE["firth"], ids=lambda c: str(len(c["outcome"])))
def test_firth_model(case):
    fit = fit_firth(case["outcome"], case["x"])
    assert fit.coefficients == agrees(case["coefficients"])
    assert fit.variance.ravel() == agrees(case["variance"])
    assert fit.log_likelihood == agrees(case["log_likelihood"])
    assert np.ravel(profile(fit)) == agrees(case["profile"])


def test_firth_of_one_table_adds_one_half_to_each_count():
    group, outcome = np.repeat([0, 0, 1, 1], [7, 5, 4, 0]), np.repeat([0, 1, 0, 1], [7, 5, 4, 0])
    fit = fit_firth(outcome, group)
    assert fit.coefficients[1] == pytest.approx(np.log(0.5 / 4.5) - np.log(5.5 / 7.5))


def test_a_model_that_cannot_be_fitted_says_why():
    x = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])
    noise = np.array([0.3, -1, 0.5, 2, 0.1, -0.4, 1.2, 0])
    separated = fit_logistic(x > 4, np.column_stack([noise, x]))
    assert (separated.reason, separated.detail) == ("SEPARATED", "covariate 2")
    # nobody with the covariate has the outcome: only one coefficient runs away
    partly = fit_logistic([0, 1, 0, 1, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 1])
    assert (partly.reason, partly.detail) == ("SEPARATED", "covariate 1")
    assert fit_logistic([0, 1, 0, 1], [[1, 2], [2, 4], [3, 6], [5, 10]]).reason == "COLLINEAR"
    assert fit_logistic([0, 0, 0], [1, 2, 4]).reason == "NO_EVENT"
    assert fit_logistic(x > 4, noise, minimum_events=5).reason == "TOO_FEW_EVENTS"
    assert fit_logistic([], np.empty((0, 1))).reason == "EMPTY"


def test_the_comparison_sees_a_planted_difference():
    case = REFERENCE["firth"][1]
    assert fit_logistic(case["outcome"], case["x"]).coefficients != agrees(case["coefficients"])
