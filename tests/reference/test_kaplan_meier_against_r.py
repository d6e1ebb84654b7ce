"""Curves, quantiles, landmark rates, restricted means and follow-up against R's survival package."""

import numpy as np
import pytest
from r_values import agrees, numbers, read_reference, read_set

from grevy.stats.curve_readings import estimate_quantile, estimate_restricted_mean, estimate_survival_at
from grevy.stats.kaplan_meier import (
    INTERVAL_TYPES,
    estimate_kaplan_meier,
    estimate_reverse_kaplan_meier,
    estimate_weighted_kaplan_meier,
)

CASES = read_reference("kaplan_meier")["cases"]
BY_TYPE = [(name, kind) for name in CASES for kind in INTERVAL_TYPES]


def read_columns(case):
    columns = read_set(case["set"])
    if case["where"]:
        column, value = case["where"].split(" == ")
        keep = columns[column] == float(value)
        columns = {name: values[keep] for name, values in columns.items()}
    return columns


def fit(case, **options):
    columns = read_columns(case)
    weight = columns[case["weight"]] if case["weight"] else None
    time, event, entry = columns["time"], columns["event"], columns.get("entry")
    if case["robust"]:
        return estimate_weighted_kaplan_meier(time, event, weight, entry=entry, **options)
    return estimate_kaplan_meier(time, event, entry=entry, weight=weight, **options)


def reference(case, kind):
    return case["types"]["arcsin" if kind == "arcsine" else kind]


@pytest.mark.parametrize("name", CASES)
def test_curve_and_its_error(name):
    case = CASES[name]
    curve = fit(case)
    for part in ("time", "n_risk", "n_event", "n_censored", "survival", "std_error"):
        assert getattr(curve, part) == agrees(case[part]), part


@pytest.mark.parametrize(("name", "kind"), BY_TYPE)
def test_limits(name, kind):
    curve = fit(CASES[name], interval=kind)
    expected = reference(CASES[name], kind)
    assert curve.lower == agrees(expected["lower"])
    assert curve.upper == agrees(expected["upper"])


@pytest.mark.parametrize(("name", "kind"), BY_TYPE)
def test_quartiles(name, kind):
    curve = fit(CASES[name], interval=kind)
    expected = reference(CASES[name], kind)["quantiles"]
    for place, share in enumerate((0.25, 0.5, 0.75)):
        found = numbers(list(estimate_quantile(curve, share)))
        assert found == agrees([expected[part][place] for part in ("value", "lower", "upper")]), share


@pytest.mark.parametrize(("name", "kind"), BY_TYPE)
def test_landmark_rates(name, kind):
    curve = fit(CASES[name], interval=kind)
    marks = reference(CASES[name], kind)["marks"]
    for place, time in enumerate(np.atleast_1d(marks["time"])):
        found = numbers(list(estimate_survival_at(curve, float(time))))
        assert found == agrees([np.atleast_1d(marks[part])[place] for part in ("value", "lower", "upper")])


@pytest.mark.parametrize(
    ("name", "mean"), [(n, m) for n, case in CASES.items() for m in case["means"]], ids=lambda v: str(v)[:20]
)
def test_restricted_means(name, mean):
    found = estimate_restricted_mean(fit(CASES[name]), mean["tau"])
    assert [found.value, found.std_error] == agrees([mean["value"], mean["error"]])


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case["weight"]])
def test_follow_up(name):
    columns = read_columns(CASES[name])
    if "entry" not in columns:
        curve = estimate_reverse_kaplan_meier(columns["time"], columns["event"])
        expected = CASES[name]["reverse"]
        found = numbers(list(estimate_quantile(curve, 0.5)))
        assert found == agrees([expected[part] for part in ("value", "lower", "upper")])


def test_the_comparison_sees_a_planted_difference():
    curve = fit(CASES["lung"], confidence=0.9501)
    assert curve.lower != agrees(reference(CASES["lung"], "log-log")["lower"])
