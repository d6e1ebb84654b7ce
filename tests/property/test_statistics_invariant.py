"""Estimates do not depend on the order of rows, the unit of time or the names of groups."""

import numpy as np
import pytest

from grevy.stats.curve_readings import estimate_quantile, estimate_restricted_mean, estimate_survival_at
from grevy.stats.kaplan_meier import estimate_kaplan_meier, estimate_weighted_kaplan_meier

DAYS_PER_MONTH = 30.4375
SEEDS = range(5)


def draw(seed, n=60):
    """Tied times with late entry, weights and two covariates."""
    random = np.random.default_rng(seed)
    time = random.integers(10, 40, n).astype(float)
    return {
        "time": time,
        "event": random.integers(0, 2, n),
        "entry": time - random.integers(1, 10, n),
        "weight": random.integers(1, 4, n).astype(float),
        "covariates": random.normal(size=(n, 2)),
        "group": random.integers(0, 3, n),
    }


def shuffle(columns, seed):
    order = np.random.default_rng(seed + 1000).permutation(len(columns["time"]))
    return {name: values[order] for name, values in columns.items()}


def curve_of(columns, *, unit=1.0, weight="weight"):
    return estimate_kaplan_meier(
        columns["time"] / unit, columns["event"], entry=columns["entry"] / unit, weight=columns[weight]
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_curve_does_not_depend_on_order_or_unit(seed):
    columns = draw(seed)
    curve, other = curve_of(columns), curve_of(shuffle(columns, seed), unit=DAYS_PER_MONTH)
    assert other.time * DAYS_PER_MONTH == pytest.approx(curve.time)
    for part in ("n_risk", "survival", "std_error", "lower", "upper"):
        assert getattr(other, part) == pytest.approx(getattr(curve, part), nan_ok=True), part
    median = estimate_quantile(curve, 0.5).value
    assert estimate_quantile(other, 0.5).value == pytest.approx(median and median / DAYS_PER_MONTH)
    assert estimate_survival_at(other, 25 / DAYS_PER_MONTH) == pytest.approx(estimate_survival_at(curve, 25))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_whole_weight_is_so_many_subjects(seed):
    columns = draw(seed)
    copies = {name: np.repeat(values, columns["weight"].astype(int), 0) for name, values in columns.items()}
    copies["weight"] = np.ones(len(copies["time"]))
    one, many = curve_of(columns), curve_of(copies)
    assert one.survival == pytest.approx(many.survival)
    assert one.std_error == pytest.approx(many.std_error, nan_ok=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_robust_error_does_not_depend_on_the_scale_of_weights(seed):
    columns = draw(seed)
    one, other = (
        estimate_weighted_kaplan_meier(columns["time"], columns["event"], factor * columns["weight"])
        for factor in (1.0, 0.37)
    )
    assert one.std_error == pytest.approx(other.std_error, nan_ok=True)


def test_restricted_mean_is_refused_past_the_last_follow_up():
    curve = estimate_kaplan_meier([5, 8, 9], [1, 1, 0])
    assert estimate_restricted_mean(curve, 9.1).reason == "PAST_FOLLOW_UP"
    assert estimate_restricted_mean(curve, 9.0).value == pytest.approx(5 + 3 * 2 / 3 + 1 / 3)
    assert estimate_restricted_mean(estimate_kaplan_meier([], []), 3).reason == "EMPTY"
    assert estimate_restricted_mean(estimate_kaplan_meier([5], [1]), 9).value == 5


def test_an_empty_interval_at_risk_is_refused():
    with pytest.raises(ValueError, match="entry"):
        estimate_kaplan_meier([5, 6], [1, 0], entry=[0, 6])
    with pytest.raises(ValueError, match="missing"):
        estimate_kaplan_meier([5, np.nan], [1, 0])
