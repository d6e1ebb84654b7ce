"""Cumulative incidence, Gray's test and Fine-Gray models against R's survival and cmprsk packages."""

import numpy as np
import pytest
from r_values import agrees, read_reference, read_set

from grevy.stats.competing_risks import compare_cumulative_incidence, estimate_cumulative_incidence
from grevy.stats.fine_gray import fit_competing_models

REFERENCE = read_reference("competing_risks")


@pytest.mark.parametrize("case", REFERENCE["curves"], ids=lambda c: f"{c['set']} {c['weight']} {c['type']}")
def test_cumulative_incidence(case):
    columns = read_set(case["set"])
    found = estimate_cumulative_incidence(
        columns["time"],
        columns["event"],
        entry=columns.get("entry"),
        weight=columns[case["weight"]] if case["weight"] else None,
        interval=case["type"],
    )
    assert found.time == agrees(case["time"])
    if not case["weight"]:  # R does not weigh them
        assert found.n_risk == agrees(case["n_risk"])
    assert found.incidence.ravel() == agrees(case["incidence"])
    assert found.std_error.ravel() == agrees(case["error"])
    solid = found.incidence.ravel() > 0  # R prints limits of 0 before the first event, which say nothing
    for part in ("lower", "upper"):
        expected = np.ravel(case[part])[solid]
        assert getattr(found, part).ravel()[solid] == agrees(expected), part


@pytest.mark.parametrize("case", REFERENCE["gray"], ids=lambda c: f"{c['set']} {c['group']} {c['stratum']}")
def test_comparison_of_cumulative_incidence(case):
    columns = read_set(case["set"])
    for cause, expected in zip((1, 2), case["tests"], strict=True):
        found = compare_cumulative_incidence(
            columns["time"],
            columns["event"],
            columns[case["group"]],
            of_interest=cause,
            stratum=columns[case["stratum"]] if case["stratum"] else None,
        )
        assert [found.test.value, found.test.p, found.test.df] == agrees(expected)


@pytest.mark.parametrize("case", REFERENCE["models"], ids=lambda c: f"{c['set']} {c['ties']}")
def test_fine_gray_model(case):
    columns = read_set(case["set"])
    covariates = np.column_stack([columns[x] for x in case["x"]])
    found = fit_competing_models(columns["time"], columns["event"], covariates, ties=case["ties"])
    assert found.subdistribution.coefficients == agrees(case["coefficients"])
    assert found.subdistribution.variance.ravel() == agrees(case["naive"])
    assert found.subdistribution.log_likelihood == agrees(case["log_likelihood"][1])
    assert found.robust.variance.ravel() == agrees(case["robust"])
    assert found.cause_specific.coefficients == agrees(case["specific"]["coefficients"])
    assert found.cause_specific.variance.ravel() == agrees(case["specific"]["variance"])


@pytest.mark.parametrize("case", REFERENCE["models"][1:3], ids=lambda c: c["set"])
def test_fine_gray_model_of_the_other_package(case):
    columns, expected = read_set(case["set"]), case["crr"]
    covariates = np.column_stack([columns[x] for x in case["x"]])
    found = fit_competing_models(expected["time"], columns["event"], covariates, ties="breslow")
    assert found.subdistribution.coefficients == agrees(expected["coefficients"])
    assert found.subdistribution.log_likelihood == agrees(expected["log_likelihood"])
