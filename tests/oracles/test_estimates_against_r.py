"""Kaplan-Meier, quantiles, landmark rates, proportions and summaries against R.

The values in tests/reference/survival.json were made by survival.R beside it; R is not needed here.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from grevy.results.proportions import estimate_clopper_pearson, estimate_wilson
from grevy.results.summaries import estimate_summary
from grevy.results.survival import (
    estimate_kaplan_meier,
    estimate_quantile,
    estimate_reverse_kaplan_meier,
    estimate_survival_at,
)

R = json.loads((Path(__file__).parents[1] / "reference" / "survival.json").read_text(encoding="utf-8"))
AGREE = {"rel": 1e-6, "abs": 1e-9}
CASES = [(name, kind) for name in R["sets"] for kind in ("log-log", "log", "plain")]


def numbers(values):
    return np.array([np.nan if value is None else value for value in np.atleast_1d(values)], dtype=float)


def read_set(name):
    data = R["sets"][name]["data"]
    return data["time"], data["event"]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_curve_equals_r(name, kind):
    curve = estimate_kaplan_meier(*read_set(name), interval=kind)
    reference = R["sets"][name]["types"][kind]["curve"]
    for part in ("time", "n_risk", "n_event", "survival", "std_error", "lower", "upper"):
        expected = numbers(reference[part])
        assert getattr(curve, part) == pytest.approx(expected, nan_ok=True, **AGREE), part


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_quartiles_equal_r(name, kind):
    curve = estimate_kaplan_meier(*read_set(name), interval=kind)
    reference = R["sets"][name]["types"][kind]["quantiles"]
    for place, share in enumerate((0.25, 0.5, 0.75)):
        expected = [reference[part][place] for part in ("value", "lower", "upper")]
        assert list(estimate_quantile(curve, share)) == expected, share


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_rates_equal_r(name, kind):
    curve = estimate_kaplan_meier(*read_set(name), interval=kind)
    marks = R["sets"][name]["types"][kind]["marks"]
    for place, time in enumerate(np.atleast_1d(marks["time"])):
        found = numbers(list(estimate_survival_at(curve, float(time))))
        expected = numbers([np.atleast_1d(marks[part])[place] for part in ("value", "lower", "upper")])
        assert found == pytest.approx(expected, nan_ok=True, **AGREE)


@pytest.mark.parametrize("name", R["sets"])
def test_follow_up_equals_r(name):
    found = estimate_quantile(estimate_reverse_kaplan_meier(*read_set(name)), 0.5)
    expected = R["sets"][name]["reverse"]
    assert list(found) == [expected[part] for part in ("value", "lower", "upper")]


@pytest.mark.parametrize("case", R["proportions"], ids=lambda case: f"{case['x']}/{case['n']}")
def test_proportions_equal_r(case):
    x, n = case["x"], case["n"]
    for found, expected in (
        (estimate_clopper_pearson(x, n), case["exact"]),
        (estimate_wilson(x, n), case["wilson"]),
        (estimate_wilson(x, n, is_corrected=True), case["wilson_corrected"]),
    ):
        assert [found.lower, found.upper] == pytest.approx(expected, **AGREE)


def test_summary_of_data_equals_r():
    reference = R["quantiles"]
    found = estimate_summary(reference["values"])
    assert [float(part) for part in (found.q1, found.median, found.q3)] == reference["type2"]
    assert float(found.mean) == pytest.approx(reference["mean"], rel=1e-9)
    assert found.sd == pytest.approx(reference["sd"], rel=1e-9)


def test_the_comparison_sees_a_planted_difference():
    curve = estimate_kaplan_meier(*read_set("lung"), confidence=0.9501)
    expected = numbers(R["sets"]["lung"]["types"]["log-log"]["curve"]["lower"])
    assert curve.lower != pytest.approx(expected, nan_ok=True, **AGREE)
