"""Tables of counts, ranks, means and rates against R's stats package."""

from math import inf

import numpy as np
import pytest
from r_values import agrees, read_reference

from grevy.stats.contingency import (
    compute_chi_square,
    compute_fisher,
    compute_fisher_2x2,
    compute_general_association,
    compute_mantel_haenszel,
)
from grevy.stats.proportions import compute_binomial_test
from grevy.stats.ranks_and_means import (
    compare_means,
    compare_ranks,
    compare_ranks_of_groups,
    compare_signed_ranks,
    estimate_mean,
)
from grevy.stats.rates import estimate_rate

REFERENCE = read_reference("tables")


def each(name):
    return pytest.mark.parametrize("case", REFERENCE[name], ids=lambda case: str(case)[:30])


def flat(test):
    return [test.value, test.df, test.p]


@each("fisher_2x2")
def test_fisher_of_four_counts(case):
    found = compute_fisher_2x2(case["table"])
    expected = [inf if part >= 1e300 else part for part in (case["value"], case["lower"], case["upper"])]
    assert [found.value, found.lower, found.upper] == agrees(expected)
    assert found.p == agrees(case["p"])
    rough = [inf if part >= 1e300 else part for part in case["rough"]]
    assert [found.value, found.lower, found.upper] == agrees(rough, rel=1e-2)


@each("fisher")
def test_fisher_of_larger_tables(case):
    assert compute_fisher(case["table"]) == agrees(case["p"])
    assert compute_fisher(np.transpose(case["table"])[::-1]) == agrees(case["p"])


@each("chi_square")
def test_chi_square(case):
    found = compute_chi_square(case["table"], is_corrected=case["corrected"])
    assert flat(found.test) == agrees([case["chisq"], case["df"], case["p"]])
    assert found.smallest_expected == agrees(case["least"])


@each("mantel_haenszel")
def test_mantel_haenszel(case):
    found = compute_mantel_haenszel(case["tables"], is_corrected=case["corrected"])
    assert flat(found.test) == agrees([case["chisq"], case["df"], case["p"]])
    assert [found.odds_ratio, found.lower, found.upper] == agrees([case["value"], *case["limits"]])


@each("general")
def test_general_association(case):
    found = compute_general_association(case["tables"])
    assert flat(found) == agrees([case["chisq"], case["df"], case["p"]])


@each("binomial")
def test_exact_binomial(case):
    assert compute_binomial_test(case["x"], case["n"], case["expected"]) == agrees(case["p"])


@each("two")
def test_two_groups(case):
    found = compare_ranks(case["first"], case["second"])
    assert [found.statistic, found.p] == agrees([case["w"], case["p"]])
    for name, equal in (("welch", False), ("student", True)):
        t = compare_means(case["first"], case["second"], has_equal_variance=equal)
        assert [t.value, t.std_error, t.df, t.lower, t.upper, t.p] == agrees(case[name])


@each("one")
def test_changes_of_one_group(case):
    found = compare_signed_ranks(case["values"])
    assert [found.statistic, found.p] == agrees([case["v"], case["p"]])
    t = estimate_mean(case["values"])
    assert [t.value, t.std_error, t.df, t.lower, t.upper, t.p] == agrees(case["t"])


@each("several")
def test_several_groups(case):
    assert flat(compare_ranks_of_groups([np.atleast_1d(group) for group in case["groups"]])) == agrees(
        case["test"]
    )


@each("rates")
def test_rate(case):
    found = estimate_rate(case["events"], case["time"])
    assert [found.value, found.lower, found.upper] == agrees([case["value"], *case["limits"]])


def test_what_cannot_be_compared_says_why():
    assert compute_fisher([[3, 4], [0, 0]]).reason == "ONE_GROUP"
    assert compute_fisher_2x2([[0, 0], [0, 0]]).reason == "EMPTY"
    assert compute_fisher(np.full((6, 6), 30)).reason == "TOO_LARGE"
    assert compute_chi_square([[3, 4]]).reason == "ONE_GROUP"
    assert compute_mantel_haenszel([[[3, 0], [4, 0]]]).reason == "NO_VARIATION"
    assert compute_general_association(np.zeros((1, 2, 2))).reason == "EMPTY"
    assert compare_ranks([], [1]).reason == "EMPTY"
    assert compare_ranks(np.ones(60), np.ones(60)).reason == "NO_VARIATION"
    assert compare_means([1], [2, 3]).reason == "NO_VARIATION"
    assert compare_ranks_of_groups([[1, 2], []]).reason == "ONE_GROUP"
    assert estimate_mean([4]).reason == "NO_VARIATION"
    assert estimate_rate(0, 0).reason == "EMPTY"
    assert compute_binomial_test(0, 0, 0.5) is None
    with pytest.raises(ValueError, match="no counts"):
        compute_fisher([[1.5, 2], [3, 4]])
