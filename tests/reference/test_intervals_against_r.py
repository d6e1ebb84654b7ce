"""Proportions and summaries of data against R: `binom.test`, `prop.test`, `quantile`, `sd`."""

import pytest
from r_values import agrees, read_reference, read_set

from grevy.results.summaries import estimate_summary
from grevy.stats.proportions import estimate_clopper_pearson, estimate_wilson
from grevy.stats.quantiles import compute_quantile, compute_quantile_type_7

REFERENCE = read_reference("intervals")


@pytest.mark.parametrize("case", REFERENCE["proportions"], ids=lambda case: f"{case['x']}/{case['n']}")
def test_intervals_of_a_proportion(case):
    x, n = case["x"], case["n"]
    for found, expected in (
        (estimate_clopper_pearson(x, n), case["exact"]),
        (estimate_wilson(x, n), case["wilson"]),
        (estimate_wilson(x, n, is_corrected=True), case["wilson_corrected"]),
    ):
        assert [found.lower, found.upper] == agrees(expected)


def test_summary_of_data():
    expected = REFERENCE["summary"]
    found = estimate_summary(read_set("lung")["age"])
    assert [float(part) for part in (found.q1, found.median, found.q3)] == expected["type2"]
    assert [float(found.mean), found.sd] == agrees([expected["mean"], expected["sd"]])


@pytest.mark.parametrize("case", REFERENCE["quantiles"], ids=lambda case: str(len(case["values"])))
def test_quantiles_of_both_types(case):
    ordered = sorted(case["values"])
    for share, type_2, type_7 in zip(case["shares"], case["type2"], case["type7"], strict=True):
        assert compute_quantile(ordered, share) == pytest.approx(type_2, rel=1e-12)
        assert compute_quantile_type_7(ordered, share) == pytest.approx(type_7, rel=1e-12)
