"""Cox models, their tests, residuals and robust variance against `coxph`, `cox.zph` and `concordance`."""

import numpy as np
import pytest
from r_values import agrees, numbers, read_reference, read_set

from grevy.stats.concordance import compute_concordance
from grevy.stats.cox import fit_cox
from grevy.stats.cox_exact import fit_cox_exact
from grevy.stats.cox_residuals import (
    add_robust_variance,
    compute_deviance_residuals,
    compute_dfbeta,
    compute_martingale_residuals,
    compute_scaled_schoenfeld_residuals,
    compute_schoenfeld_residuals,
    compute_score_residuals,
)
from grevy.stats.proportional_hazards import compute_proportional_hazards
from grevy.stats.splines import build_spline

REFERENCE = read_reference("cox")
CASES = REFERENCE["cases"]
WITH_RESIDUALS = [name for name, case in CASES.items() if case["residuals"]]


def options_of(case):
    columns = read_set(case["set"])
    return {name: columns[case[name]] for name in ("stratum", "weight") if case[name]} | {
        "entry": columns.get("entry")
    }


def fit(name):
    case = CASES[name]
    columns = read_set(case["set"])
    covariates = np.column_stack([columns[x] for x in np.atleast_1d(case["x"])])
    offset = 0.02 * columns[case["offset"]] if case["offset"] else None
    found = fit_cox(
        columns["time"], columns["event"], covariates, offset=offset, ties=case["ties"], **options_of(case)
    )
    if case["cluster"] or case["robust"]:
        return add_robust_variance(found, columns[case["cluster"]] if case["cluster"] else None)
    return found


def flat(test):
    return [test.value, test.df, test.p]


@pytest.mark.parametrize("name", CASES)
def test_model(name):
    case, found = CASES[name], fit(name)
    assert found.coefficients == agrees(case["coefficients"])
    assert found.variance.ravel() == agrees(case["variance"])
    assert found.naive_variance.ravel() == agrees(case["naive_variance"])
    assert np.ravel(found.compute_limits()) == agrees([*np.ravel(case["lower"]), *np.ravel(case["upper"])])
    assert found.p == agrees(case["p"])
    assert [found.null_log_likelihood, found.log_likelihood] == agrees(case["log_likelihood"])


@pytest.mark.parametrize("name", CASES)
def test_tests_of_the_whole_model(name):
    case, found = CASES[name], fit(name)
    assert flat(found.likelihood_ratio_test) == agrees(case["ratio"])
    assert flat(found.score_test) == agrees(case["score"])
    assert found.wald_test.value == agrees(case["wald"])
    if case["robust_score"]:
        assert [found.robust_score_test.value, found.robust_score_test.p] == agrees(
            [case["robust_score"][0], case["robust_score"][-1]]
        )


@pytest.mark.parametrize("name", CASES)
def test_concordance(name):
    case, found = CASES[name], fit(name)
    columns = read_set(case["set"])
    cluster = columns[case["cluster"]] if case["cluster"] else None
    c = compute_concordance(
        found.linear_predictor, columns["time"], columns["event"], cluster=cluster, **options_of(case)
    )
    assert [c.concordant, c.discordant, c.tied] == agrees(case["pairs"])
    assert [c.value, c.std_error] == agrees(case["concordance"])


@pytest.mark.parametrize("name", CASES)
def test_proportional_hazards(name):
    found = fit(name)
    for transform, expected in CASES[name]["zph"].items():
        if expected:
            tests = compute_proportional_hazards(found, transform=transform)
            rows = [flat(test) for test in (*tests.terms, tests.together)]
            assert np.ravel(rows) == agrees(expected), transform


@pytest.mark.parametrize("name", WITH_RESIDUALS)
def test_residuals(name):
    found, expected = fit(name), CASES[name]["residual"]
    for kind, compute in {
        "martingale": compute_martingale_residuals,
        "deviance": compute_deviance_residuals,
        "score": compute_score_residuals,
        "dfbeta": compute_dfbeta,
        "schoenfeld": compute_schoenfeld_residuals,
        "scaled": compute_scaled_schoenfeld_residuals,
    }.items():
        assert np.ravel(compute(found)) == agrees(expected[kind]), kind


@pytest.mark.parametrize("case", REFERENCE["exact"], ids=lambda case: case["set"])
def test_model_with_exact_ties(case):
    columns = read_set(case["set"])
    width = case["width"] or 1
    found = fit_cox_exact(
        np.ceil(columns["time"] / width),
        columns["event"],
        np.column_stack([columns[x] for x in np.atleast_1d(case["x"])]),
        stratum=columns[case["stratum"]] if case["stratum"] else None,
    )
    assert found.coefficients == agrees(case["coefficients"])
    assert found.variance.ravel() == agrees(case["variance"])
    assert [found.null_log_likelihood, found.log_likelihood] == agrees(case["log_likelihood"])
    assert found.score_test.value == agrees(case["score"])
    with pytest.raises(ValueError, match="exact ties"):
        add_robust_variance(found)


def test_a_covariate_of_several_levels_is_one_term():
    columns = read_set("veteran")
    levels = (columns["cell"][:, None] == [2, 3, 4]).astype(float)
    found = fit_cox(columns["time"], columns["event"], np.column_stack([levels, columns["karno"]]))
    tests = compute_proportional_hazards(found, terms=[[0, 1, 2], [3]])
    rows = [flat(test) for test in (*tests.terms, tests.together)]
    assert np.ravel(rows) == agrees(REFERENCE["terms"])


def test_a_spline_has_the_likelihood_of_any_other_basis_of_its_knots():
    columns, expected = read_set("veteran"), REFERENCE["spline"]
    basis = build_spline(columns["karno"], expected["knots"])
    found = fit_cox(columns["time"], columns["event"], basis)
    assert found.log_likelihood == agrees(expected["log_likelihood"])


def test_the_comparison_sees_a_planted_difference():
    assert fit("lung_breslow").coefficients != agrees(CASES["lung"]["coefficients"])
    assert numbers(CASES["lung_weighted"]["variance"]) != agrees(CASES["lung_weighted"]["naive_variance"])
