"""How numbers are printed: counts, percents, summaries, intervals."""

from decimal import Decimal
from fractions import Fraction

import pytest

from grevy.results.format import (
    format_count,
    format_fixed,
    format_interval,
    format_percent,
    round_half_up,
)
from grevy.results.summaries import (
    choose_decimals,
    estimate_summary,
    format_mean,
    format_median,
    format_range,
)
from grevy.stats.quantiles import compute_quantile


@pytest.mark.parametrize(
    ("count", "denominator", "text"),
    [
        (0, 350, "0"),
        (350, 350, "350 (100%)"),
        (42, 350, "42 (12.0%)"),
        # 0.05% exactly prints as 0.1%; less than that as <0.1%
        (1, 2000, "1 (0.1%)"),
        (1, 2001, "1 (<0.1%)"),
        (1999, 2000, "1999 (>99.9%)"),
        (1998, 2000, "1998 (99.9%)"),
        # 12.25% and 6.25% are halves: up, though the nearest binary number lies below
        (49, 400, "49 (12.3%)"),
        (1, 16, "1 (6.3%)"),
        (3, 1000, "3 (0.3%)"),
        (7, 0, "7"),
        (7, None, "7"),
    ],
)
def test_count_with_percent(count, denominator, text):
    assert format_count(count, denominator) == text


def test_count_with_its_own_denominator():
    assert format_count(3, 16, show_denominator=True) == "3/16 (18.8%)"
    assert format_count(0, 16, show_denominator=True) == "0/16"


def test_percent_never_passes_through_a_binary_number():
    # 100 * 41 / 80 = 51.25 and 100 * 1003 / 2000 = 50.15, whose nearest binary number is below
    assert format_percent(41, 80) == "51.3%"
    assert format_percent(1003, 2000) == "50.2%"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.15, 1, "0.2"),
        (2.675, 2, "2.68"),
        (-2.5, 0, "−3"),
        (-0.04, 1, "0.0"),
        (Fraction(1, 3), 3, "0.333"),
        (Decimal("1.005"), 2, "1.01"),
        (12, 1, "12.0"),
        (1e22, 0, "1" + 22 * "0"),
    ],
)
def test_fixed_decimals_round_half_up(value, decimals, text):
    assert format_fixed(value, decimals) == text


def test_rounding_keeps_the_sign():
    assert round_half_up(-30.25, 1) == Decimal("-30.3")


def test_missing_limits_print_as_not_reached():
    assert format_interval(9.24, 7.4, 11.05, 1) == "9.2 (7.4, 11.1)"
    assert format_interval(9.24, 7.4, None, 1) == "9.2 (7.4, NR)"
    assert format_interval(None, 7.4, None, 1) == "NR (7.4, NR)"


def test_decimals_follow_the_recorded_values():
    whole = [41.0, 52.0, 60.0, 71.0]
    summary, decimals = estimate_summary(whole), choose_decimals(whole)
    assert format_mean(summary, decimals) == "56.0 (12.68)"
    assert format_median(summary, decimals) == "56.0 (46.5, 65.5)"
    assert format_range(summary, decimals) == "41, 71"


def test_never_more_than_three_decimals():
    values = [0.1234, 0.5]
    assert choose_decimals(values) == choose_decimals([0.123])
    assert format_mean(estimate_summary(values), choose_decimals(values)).startswith("0.312 (")


def test_single_value_has_no_standard_deviation():
    summary = estimate_summary([7.0])
    assert summary.sd is None
    assert format_mean(summary, choose_decimals([7.0])) == "7.0 (NC)"


def test_no_value_gives_no_summary():
    assert estimate_summary([float("nan")]).n == 0
    assert format_median(estimate_summary([]), choose_decimals([])) == ""


@pytest.mark.parametrize(
    ("values", "share", "quantile"),
    [
        ([1, 2, 3, 4], Fraction(1, 2), Fraction(5, 2)),  # at a jump: the mean of two neighbors
        ([1, 2, 3], Fraction(1, 2), 2),
        ([1, 2, 3, 4], Fraction(1, 4), Fraction(3, 2)),
        ([1, 2, 3, 4, 5], Fraction(1, 4), 2),
        ([9], Fraction(3, 4), 9),
    ],
)
def test_quantile_is_type_2(values, share, quantile):
    assert compute_quantile([Fraction(value) for value in values], share) == quantile


def test_mean_of_decimals_is_exact():
    assert estimate_summary([0.1, 0.2]).mean == Fraction(3, 20)
