"""Log-rank and Peto-Peto tests against `survdiff`."""

import pytest
from r_values import agrees, read_reference, read_set

from grevy.stats.log_rank import compute_log_rank, compute_peto_peto


@pytest.mark.parametrize(
    "case", read_reference("log_rank")["cases"], ids=lambda c: f"{c['set']} {c['group']} {c['rho']}"
)
def test_comparison_of_groups(case):
    columns = read_set(case["set"])
    compute = compute_peto_peto if case["rho"] else compute_log_rank
    stratum = columns[case["stratum"]] if case["stratum"] else None
    found = compute(columns["time"], columns["event"] > 0, columns[case["group"]], stratum=stratum)
    assert found.observed == agrees(case["observed"])
    assert found.expected == agrees(case["expected"])
    assert found.variance.ravel() == agrees(case["variance"])
    assert [found.test.value, found.test.df, found.test.p] == agrees([case["chisq"], case["df"], case["p"]])
    trend = found.compute_trend(range(1, len(found.groups) + 1))
    assert trend.value == agrees(case["trend"])
