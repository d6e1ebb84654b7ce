"""Mixed models for repeated measures against nlme, lmerTest and the restricted likelihood written out in R.

Estimates, covariance and likelihood agree to 1e-6. Degrees of freedom are compared to 1e-4: the reference
takes derivatives numerically.
"""

import numpy as np
import pytest
from r_values import agrees, read_reference

from grevy.stats.mixed_model import fit_mixed_model

REFERENCE = read_reference("mixed_model")
CASES = REFERENCE["cases"]
NUMERICAL = {"rel": 1e-4}


def fit(name, structure=None):
    data = CASES[name]["data"]
    structures = (structure or CASES[name]["structure"],)
    return fit_mixed_model(data["y"], CASES[name]["design"], data["id"], data["visit"], structures=structures)


@pytest.mark.parametrize("name", CASES)
def test_model(name):
    found, expected = fit(name), CASES[name]
    assert found.coefficients == agrees(expected["coefficients"], abs=1e-8)
    assert found.variance.ravel() == agrees(expected["variance"], abs=1e-8)
    assert found.covariance.ravel() == agrees(expected["covariance"])
    assert found.log_likelihood == agrees(expected["log_likelihood"])
    contrasts = [found.estimate(row) for row in np.eye(len(found.coefficients))]
    assert [one.df for one in contrasts] == agrees(expected["df"], **NUMERICAL)


@pytest.mark.parametrize("name", CASES)
def test_model_of_the_package(name):
    found, expected = fit(name), CASES[name]["gls"]
    assert found.coefficients == agrees(expected["coefficients"], rel=1e-4, abs=1e-5)
    assert np.sqrt(np.diag(found.variance)) == agrees(expected["std_error"], **NUMERICAL)


def test_compound_symmetry_is_a_random_intercept():
    found = fit("holes_cs")
    contrasts = [found.estimate(row) for row in np.eye(len(found.coefficients))]
    rows = [[one.value, one.std_error, one.df] for one in contrasts]
    assert np.ravel(rows) == agrees(REFERENCE["lmer_holes"], rel=1e-4, abs=1e-4)


def test_with_nothing_missing_the_mean_of_a_visit_is_that_of_a_t_test():
    data = CASES["ortho"]["data"]
    y, visit = np.array(data["y"]), np.array(data["visit"])
    found = fit_mixed_model(y, np.eye(4)[visit.astype(int) - 1], data["id"], visit)
    for place in range(4):
        one = found.estimate(np.eye(4)[place])
        values = y[visit == place + 1]
        assert one.value == pytest.approx(values.mean())
        assert one.std_error == pytest.approx(values.std(ddof=1) / np.sqrt(len(values)))
        assert one.df == pytest.approx(len(values) - 1)


def test_fallback_is_told():
    """Two visits that nobody has both: their covariance cannot be known."""
    random = np.random.default_rng(4)
    subject = np.repeat(np.arange(40), 2)
    visit = np.where(np.arange(80) % 2 == 0, 1, np.where(subject < 20, 2, 3))
    outcome = random.normal(size=80) + random.normal(size=40)[subject]
    found = fit_mixed_model(outcome, np.eye(3)[visit - 1], subject, visit)
    assert found.structure == "autoregressive"


def test_a_model_that_cannot_be_fitted_says_why():
    assert fit_mixed_model([], np.empty((0, 1)), [], []).reason == "EMPTY"
    assert fit_mixed_model([1, 2], [[1, 2], [1, 2]], [1, 2], [1, 1]).reason == "COLLINEAR"
    assert fit_mixed_model([1, 2], [[1, 1], [1, 2]], [1, 2], [1, 1]).reason == "NO_VARIATION"
    with pytest.raises(ValueError, match="two rows at one visit"):
        fit_mixed_model([1, 2], [1, 1], [1, 1], [3, 3])


def test_order_of_rows_and_names_do_not_matter():
    data, design = CASES["holes"]["data"], np.array(CASES["holes"]["design"])
    order = np.random.default_rng(1).permutation(len(data["y"]))
    names = np.char.add("s", np.array(data["id"]).astype(int).astype(str))
    one = fit("holes")
    two = fit_mixed_model(
        10 * np.array(data["y"])[order], design[order], names[order], np.array(data["visit"])[order]
    )
    assert two.coefficients == pytest.approx(10 * one.coefficients, abs=1e-6)
    assert two.estimate(design[0]).df == pytest.approx(one.estimate(design[0]).df, rel=1e-6)
