"""Imputation, propensity weights and bootstrap against R's mice, glm, coxph and boot.

What is computed agrees to 1e-6. What is drawn cannot be the same in two programs: there the tolerance is four
times the Monte-Carlo error, and the seed is fixed.
"""

import numpy as np
import pytest
from r_values import agrees, read_reference, read_set

from grevy.stats.bootstrap import estimate_bootstrap
from grevy.stats.cox import fit_cox
from grevy.stats.cox_residuals import add_robust_variance
from grevy.stats.imputation import combine_imputations, impute
from grevy.stats.no_estimate import NoEstimate, Reason
from grevy.stats.propensity import (
    compute_e_value,
    compute_effective_size,
    compute_standardized_differences,
    estimate_propensity,
)

REFERENCE = read_reference("resampling")
COLON_COVARIATES = ("sex", "age", "extent", "node4")


@pytest.mark.parametrize("case", REFERENCE["rubin"], ids=lambda case: str(len(case["q"])))
def test_rubins_rules(case):
    found = combine_imputations(case["q"], case["u"], complete_df=case["complete_df"] or np.inf)
    expected = [case["value"], case["error"], case["df"], case["lost"]]
    assert [found.value, found.std_error, found.df, found.share_lost] == agrees(expected)


def read_holes(*names):
    columns = REFERENCE["holes"]
    return np.array([[np.nan if v is None else v for v in columns[name]] for name in names]).T


@pytest.mark.parametrize(
    ("reference", "names", "kinds"),
    [
        ("chained", ("sex", "karno", "meal", "loss"), ("number",) * 6),
        ("chained_donor", ("sex", "karno", "heavy"), (*("number",) * 3, "from a donor", "yes or no")),
    ],
)
def test_chained_equations_give_the_model_of_mice(reference, names, kinds):
    copies = 60
    table = read_holes("event", "hazard", *names)
    time, event = read_holes("time", "event").T
    made = impute(table, kinds, copies=copies, seed=17, rounds=6)
    fits = [fit_cox(time, event, copy[:, 2:]) for copy in made.completed]
    for place in range(len(names)):
        found = combine_imputations(
            [fit.coefficients[place] for fit in fits], [fit.variance[place, place] for fit in fits]
        )
        noise = np.sqrt(found.between * (1 / copies + 1 / 400))
        expected = [REFERENCE[reference][part][place] for part in ("value", "error")]
        assert found.value == pytest.approx(expected[0], abs=4 * noise + 0.01 * expected[1])
        assert found.std_error == pytest.approx(expected[1], rel=0.08)


def test_imputation_leaves_alone_what_was_seen_and_does_not_depend_on_the_number_of_copies():
    table = read_holes("event", "hazard", "sex", "karno", "meal")
    few = impute(table, ["number"] * 5, copies=2, seed=3, rounds=3)
    many = impute(table, ["number"] * 5, copies=4, seed=3, rounds=3)
    assert all(np.array_equal(one, two) for one, two in zip(few.completed, many.completed, strict=False))
    seen = ~np.isnan(table)
    assert all(np.array_equal(copy[seen], table[seen]) for copy in few.completed)
    assert not any(np.isnan(copy).any() for copy in few.completed)
    assert not np.array_equal(few.completed[0], few.completed[1])
    assert np.isnan(few.traces[:, :, 0]).all()
    assert np.isfinite(few.traces[:, :, 4]).all()


def test_donors_give_only_values_that_were_seen():
    table = read_holes("event", "hazard", "sex", "karno")
    made = impute(table, ["number"] * 3 + ["from a donor"], copies=1, seed=3, rounds=2)
    assert set(made.completed[0][:, 3]) <= set(table[~np.isnan(table[:, 3]), 3])


def test_propensity_weights():
    columns, expected = read_set("colon"), REFERENCE["propensity"]
    covariates = np.column_stack([columns[name] for name in COLON_COVARIATES])
    treated = columns["lev5fu"]
    found = estimate_propensity(treated, covariates, truncate_at=None)
    assert found.score == agrees(expected["score"])
    assert found.weight == agrees(expected["stabilized"])
    found = estimate_propensity(treated, covariates)
    assert found.weight == agrees(expected["truncated"])
    assert compute_standardized_differences(treated, covariates) == agrees(expected["before"])
    after = compute_standardized_differences(treated, covariates, found.weight)
    assert after == agrees(expected["after"])
    fit = fit_cox(columns["time"], columns["event"], treated, weight=found.weight)
    assert fit.coefficients == agrees(expected["coefficient"])
    assert fit.std_error == agrees(expected["naive"])
    assert add_robust_variance(fit).std_error == agrees(expected["error"])


def test_overlap_weights_balance_exactly():
    """A property of the logistic model's score equations (Li, Morgan and Zaslavsky 2018, theorem 3)."""
    columns = read_set("colon")
    covariates = np.column_stack([columns[name] for name in COLON_COVARIATES])
    found = estimate_propensity(columns["lev5fu"], covariates, target="overlap")
    apart = compute_standardized_differences(columns["lev5fu"], covariates, found.weight)
    assert apart == pytest.approx(0, abs=1e-9)
    assert all(0 < size <= len(covariates) for size in found.effective_sizes)


def test_effective_size_and_e_value():
    assert compute_effective_size([2.0, 2, 2]) == pytest.approx(3)
    assert compute_effective_size([1.0, 0, 0]) == 1
    # published: a risk ratio of 3.9 (1.8, 8.7) has E-values of 7.26 and 3.0 (VanderWeele and Ding 2017)
    found = compute_e_value(3.9, 1.8, 8.7)
    assert [round(found.estimate, 2), round(found.limit, 2)] == [7.26, 3.0]
    inverse = compute_e_value(1 / 3.9, 1 / 8.7, 1 / 1.8)
    assert [inverse.estimate, inverse.limit] == pytest.approx([found.estimate, found.limit])
    assert compute_e_value(1.3, 0.9, 1.9).limit == 1
    assert compute_e_value(2.0, 1.2, 3.0, is_hazard_ratio=True, is_common=True).estimate < 3.41


def test_separated_treatment_has_no_weights():
    assert estimate_propensity([0, 0, 1, 1], [1.0, 2, 3, 4]).reason == "SEPARATED"


def describe(rows):
    values = read_set("veteran")["karno"][rows]
    return np.array([values.mean(), np.log(values.var(ddof=1))])


def test_bootstrap_error():
    n = len(read_set("veteran")["karno"])
    found = estimate_bootstrap(describe, n, repeats=2000, seed=8)
    tolerance = 4 * found.monte_carlo_error
    assert np.all(np.abs(found.std_error - REFERENCE["boot"]["error"]) < tolerance)
    lower, upper = found.compute_percentile_limits()
    low, high = found.compute_corrected_limits()
    assert np.all((lower < found.estimate) & (found.estimate < upper))
    assert np.all((low < found.estimate) & (found.estimate < high))
    error = read_set("veteran")["karno"].std(ddof=1) / np.sqrt(n)
    assert upper[0] - lower[0] == pytest.approx(2 * 1.96 * error, rel=0.1)


def test_bootstrap_is_the_same_on_any_number_of_cores():
    one = estimate_bootstrap(describe, 137, repeats=40, seed=8)
    two = estimate_bootstrap(describe, 137, repeats=40, seed=8, workers=3)
    other = estimate_bootstrap(describe, 137, repeats=40, seed=9)
    assert np.array_equal(one.replicates, two.replicates)
    assert not np.array_equal(one.replicates, other.replicates)


def test_bootstrap_draws_whole_clusters():
    cluster = np.repeat(["a", "b", "c", "d"], 5)
    drawn = []
    estimate_bootstrap(lambda rows: drawn.append(rows) or 1.0, 20, repeats=20, seed=1, cluster=cluster)
    for rows in drawn:
        counts = np.bincount(rows, minlength=20).reshape(4, 5)
        assert (counts == counts[:, :1]).all()
        assert counts[:, 0].sum() == 4


def test_bootstrap_without_enough_estimates_says_so():
    def fail(rows):
        return 1.0 if len(set(rows)) == 30 else NoEstimate(Reason.NO_EVENT)

    assert estimate_bootstrap(fail, 30, repeats=20, seed=1).detail == "20 of 20 replicates"
    assert estimate_bootstrap(lambda rows: NoEstimate(Reason.EMPTY), 3, repeats=5, seed=1).reason == "EMPTY"
