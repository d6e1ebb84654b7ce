"""Estimates do not depend on the order of rows, the unit of time or the names of groups."""

from itertools import combinations

import numpy as np
import pytest

from grevy.stats.competing_risks import compare_cumulative_incidence, estimate_cumulative_incidence
from grevy.stats.concordance import compute_concordance
from grevy.stats.cox import fit_cox
from grevy.stats.cox_exact import evaluate_exact, fit_cox_exact
from grevy.stats.cox_residuals import (
    add_robust_variance,
    compute_martingale_residuals,
    compute_score_residuals,
)
from grevy.stats.curve_readings import estimate_quantile, estimate_restricted_mean, estimate_survival_at
from grevy.stats.fine_gray import fit_competing_models
from grevy.stats.kaplan_meier import estimate_kaplan_meier, estimate_weighted_kaplan_meier
from grevy.stats.log_rank import compute_log_rank, compute_peto_peto
from grevy.stats.proportional_hazards import compute_proportional_hazards

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


def cox_of(columns, *, unit=1.0, scale=1.0, ties="efron"):
    return fit_cox(
        columns["time"] / unit,
        columns["event"],
        columns["covariates"] * scale,
        entry=columns["entry"] / unit,
        stratum=columns["group"],
        weight=columns["weight"],
        ties=ties,
    )


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("seed", SEEDS)
def test_cox_does_not_depend_on_order_unit_or_names_of_strata(seed, ties):
    columns = draw(seed)
    other = shuffle(columns, seed)
    other["group"] = np.array(["c", "a", "b"])[other["group"]]
    one, two = cox_of(columns, ties=ties), cox_of(other, unit=DAYS_PER_MONTH, scale=1000.0, ties=ties)
    assert two.coefficients * 1000 == pytest.approx(one.coefficients)
    assert add_robust_variance(two).std_error * 1000 == pytest.approx(add_robust_variance(one).std_error)
    assert two.log_likelihood == pytest.approx(one.log_likelihood)
    for name in ("likelihood_ratio_test", "wald_test", "score_test"):
        assert getattr(two, name).value == pytest.approx(getattr(one, name).value), name
    for transform in ("km", "rank"):
        first, second = (compute_proportional_hazards(fit, transform=transform) for fit in (one, two))
        assert second.together.value == pytest.approx(first.together.value)


def test_exact_ties_sum_over_every_set_that_could_have_been_tied():
    columns = draw(2, n=14)
    time, event = np.ceil(columns["time"] / 8), columns["event"]
    entry, x = time - np.ceil(columns["weight"]), columns["covariates"]
    fit = fit_cox_exact(time, event, x, entry=entry)
    risk = np.exp((x - x.mean(axis=0)) @ fit.coefficients)
    expected, most = 0.0, 0
    for day in np.unique(time[event == 1]):
        tied = np.flatnonzero((time == day) & (event == 1))
        at_risk = np.flatnonzero((entry < day) & (time >= day))
        sets = [risk[list(chosen)].prod() for chosen in combinations(at_risk, len(tied))]
        expected += np.log(risk[tied].prod() / sum(sets))
        most = max(most, len(tied))
    assert most > 1
    assert fit.log_likelihood == pytest.approx(expected)
    for nudge in np.eye(2) * 1e-3:  # and it is the largest
        near = evaluate_exact(fit.model, fit.coefficients + nudge).log_likelihood
        assert near < fit.log_likelihood


@pytest.mark.parametrize("seed", SEEDS)
def test_residuals_add_up(seed):
    fit = cox_of(draw(seed))
    weight = fit.model.sets.weight
    assert weight @ compute_martingale_residuals(fit) == pytest.approx(0, abs=1e-9)
    assert weight @ compute_score_residuals(fit) == pytest.approx([0, 0], abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_log_rank_does_not_depend_on_order_or_names(seed):
    columns = draw(seed)
    other = shuffle(columns, seed)
    names = np.array(["b", "c", "a"])
    for compute in (compute_log_rank, compute_peto_peto):
        one = compute(columns["time"], columns["event"], columns["group"])
        two = compute(other["time"] / DAYS_PER_MONTH, other["event"], names[other["group"]])
        assert two.test.value == pytest.approx(one.test.value)
        assert dict(zip(two.groups, two.expected, strict=True)) == pytest.approx(
            dict(zip(names, one.expected, strict=True))
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_concordance_counts_every_pair_of_its_definition(seed):
    columns = draw(seed)
    risk = np.round(columns["covariates"][:, 0], 1)  # ties
    time, event, entry, weight = (columns[name] for name in ("time", "event", "entry", "weight"))
    counts = np.zeros(3)
    for i in np.flatnonzero(event):
        for j in range(len(time)):
            goes_on = time[j] > time[i] or (time[j] == time[i] and not event[j])
            if goes_on and entry[j] < time[i]:
                place = 2 if risk[i] == risk[j] else int(risk[i] < risk[j])
                counts[place] += weight[i] * weight[j]
    found = compute_concordance(risk, time, event, entry=entry, weight=weight)
    assert [found.concordant, found.discordant, found.tied] == pytest.approx(counts)
    assert compute_concordance(-risk, time, event, entry=entry, weight=weight).value == pytest.approx(
        1 - found.value
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_causes_add_up_to_the_event_of_any_cause(seed):
    columns = draw(seed)
    cause = columns["event"] * (1 + columns["group"] % 2)
    options = {"entry": columns["entry"], "weight": columns["weight"]}
    found = estimate_cumulative_incidence(columns["time"], cause, **options)
    curve = estimate_kaplan_meier(columns["time"], cause > 0, **options)
    assert 1 - found.incidence.sum(axis=1) == pytest.approx(curve.survival)
    every = estimate_cumulative_incidence(columns["time"], cause > 0, **options)
    robust = estimate_weighted_kaplan_meier(
        columns["time"], cause > 0, columns["weight"], entry=columns["entry"]
    )
    known = ~np.isnan(robust.std_error)
    assert every.std_error[known, 0] == pytest.approx(robust.std_error[known])


@pytest.mark.parametrize("seed", SEEDS)
def test_competing_risks_do_not_depend_on_order_unit_or_names(seed):
    columns = draw(seed)
    columns["cause"] = columns["event"] * (1 + columns["weight"].astype(int) % 2)
    other = shuffle(columns, seed)
    names = np.array(["b", "c", "a"])
    one = compare_cumulative_incidence(columns["time"], columns["cause"], columns["group"])
    two = compare_cumulative_incidence(other["time"] / DAYS_PER_MONTH, other["cause"], names[other["group"]])
    assert two.test.value == pytest.approx(one.test.value)
    first = fit_competing_models(columns["time"], columns["cause"], columns["covariates"])
    second = fit_competing_models(other["time"] / DAYS_PER_MONTH, other["cause"], other["covariates"])
    assert second.robust.coefficients == pytest.approx(first.robust.coefficients)
    assert second.robust.std_error == pytest.approx(first.robust.std_error)


@pytest.mark.filterwarnings("error")
def test_rows_of_weight_0_change_nothing():
    time, event, weight = np.array([3.0, 4, 6, 7, 9]), np.array([1, 0, 1, 0, 1]), np.ones(5)
    more = np.append(time, 11.0), np.append(event, 1), np.append(weight, 0.0)
    one, two = estimate_kaplan_meier(time, event), estimate_kaplan_meier(*more[:2], weight=more[2])
    assert two.survival[:-1] == pytest.approx(one.survival)
    first = estimate_cumulative_incidence(time, event)
    second = estimate_cumulative_incidence(*more[:2], weight=more[2])
    assert second.std_error[:-1] == pytest.approx(first.std_error)
    noise = np.array([0.3, -1, 0.5, 2, 0.1, 7])
    assert fit_cox(*more[:2], noise, weight=more[2]).coefficients == pytest.approx(
        fit_cox(time, event, noise[:-1]).coefficients
    )


def test_without_competing_events_the_models_are_one():
    columns = draw(3)
    found = fit_competing_models(columns["time"], columns["event"], columns["covariates"])
    assert found.subdistribution.coefficients == pytest.approx(found.cause_specific.coefficients)


def test_competing_risks_that_cannot_be_estimated_say_why():
    assert estimate_cumulative_incidence([1, 2], [0, 0]).reason == "NO_EVENT"
    assert estimate_cumulative_incidence([], []).reason == "EMPTY"
    assert compare_cumulative_incidence([1, 2], [2, 0], ["a", "b"]).reason == "NO_EVENT"
    assert compare_cumulative_incidence([1, 2], [1, 0], ["a", "a"]).reason == "ONE_GROUP"
    assert fit_competing_models([1, 2], [2, 0], [0.5, 1]).robust.reason == "NO_EVENT"
    curve = estimate_cumulative_incidence([1, 2, 3], [1, 2, 0])
    assert curve.read_at(1, 2.5).value == pytest.approx(1 / 3)
    assert curve.read_at(2, 3.5) == (None, None, None)
    assert curve.read_at(2, 0.5) == (0.0, None, None)


def test_a_model_that_cannot_be_fitted_says_why():
    time, event = np.arange(1.0, 9.0), np.ones(8)
    apart = (time < 4.5).astype(float)  # all with the covariate die first
    noise = np.array([0.3, -1, 0.5, 2, 0.1, -0.4, 1.2, 0])
    assert fit_cox(time, event, np.column_stack([noise, apart])).reason == "SEPARATED"
    assert fit_cox(time, event, np.column_stack([noise, apart])).detail == "covariate 2"
    assert fit_cox(time, event, np.column_stack([noise, 2 * noise + 1])).reason == "COLLINEAR"
    assert fit_cox(time, event, np.ones(8)).reason == "COLLINEAR"
    assert fit_cox(time, 0 * event, noise).reason == "NO_EVENT"
    assert fit_cox(time, event, noise, minimum_events=10).reason == "TOO_FEW_EVENTS"
    assert fit_cox([], [], np.empty((0, 1))).reason == "EMPTY"
    assert not fit_cox(time, 0 * event, noise)


def test_a_comparison_that_cannot_be_made_says_why():
    assert compute_log_rank([1, 2], [1, 1], ["a", "a"]).reason == "ONE_GROUP"
    assert compute_log_rank([1, 2], [0, 0], ["a", "b"]).reason == "NO_EVENT"
    assert compute_log_rank([1, 2], [0, 1], ["a", "b"]).reason == "NO_VARIATION"
    assert compute_concordance([1, 2], [3, 4], [0, 0]).reason == "NO_EVENT"


def test_restricted_mean_is_refused_past_the_last_follow_up():
    curve = estimate_kaplan_meier([5, 8, 9], [1, 1, 0])
    assert estimate_restricted_mean(curve, 9.1).reason == "PAST_FOLLOW_UP"
    assert estimate_restricted_mean(curve, 9.0).value == pytest.approx(5 + 3 * 2 / 3 + 1 / 3)
    assert estimate_restricted_mean(estimate_kaplan_meier([], []), 3).reason == "EMPTY"
    assert estimate_restricted_mean(estimate_kaplan_meier([5], [1]), 9).value == 5


def test_times_that_differ_by_rounding_are_tied():
    """A third subject enters at 0.3, the first ends at 0.1 + 0.2: nobody new is at risk at that time."""
    assert 0.1 + 0.2 != 0.3
    entry, event = [0.0, 0.0, 0.3], [1, 1, 1]
    noisy = estimate_kaplan_meier([0.1 + 0.2, 0.3, 0.9], event, entry=entry)
    exact = estimate_kaplan_meier([0.3, 0.3, 0.9], event, entry=entry)
    assert noisy.n_risk == pytest.approx(exact.n_risk)
    assert len(noisy.time) == 2
    covariate = [0.2, 1.0, -0.5, 0.9, 0.4]
    one = fit_cox([0.1 + 0.2, 0.3, 0.9, 1.4, 1.5], [1, 1, 1, 1, 0], covariate)
    two = fit_cox([0.3, 0.3, 0.9, 1.4, 1.5], [1, 1, 1, 1, 0], covariate)
    assert one.coefficients == pytest.approx(two.coefficients)


def test_an_empty_interval_at_risk_is_refused():
    with pytest.raises(ValueError, match="entry"):
        estimate_kaplan_meier([5, 6], [1, 0], entry=[0, 6])
    with pytest.raises(ValueError, match="missing"):
        estimate_kaplan_meier([5, np.nan], [1, 0])
