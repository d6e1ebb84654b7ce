"""Hand-known values of the statistical methods: proportions, Kaplan-Meier, medians, follow-up."""

from math import isclose

import numpy as np
import pytest

from grevy.stats.curve_readings import count_at_risk, estimate_quantile, estimate_survival_at
from grevy.stats.kaplan_meier import estimate_kaplan_meier, estimate_reverse_kaplan_meier
from grevy.stats.proportions import estimate_clopper_pearson, estimate_wilson

FREIREICH = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"


def read_times(text: str) -> tuple[list[float], list[int]]:
    """Durations as papers print them: a plus sign marks a censored one."""
    words = text.split()
    return [float(word.rstrip("+")) for word in words], [int(not word.endswith("+")) for word in words]


@pytest.mark.parametrize(
    ("x", "n", "rate", "lower", "upper"),
    [
        (20, 104, 19.2, 12.2, 28.1),
        (13, 126, 10.3, 5.6, 17.0),
        (5, 21, 23.8, 8.2, 47.2),
        (7, 29, 24.1, 10.3, 43.5),
        (8, 42, 19.0, 8.6, 34.1),
        (109, 126, 86.5, 79.3, 91.9),
        # nobody and everybody
        (0, 10, 0.0, 0.0, 30.8),
        (10, 10, 100.0, 69.2, 100.0),
        (3, 16, 18.8, 4.0, 45.6),
        (1, 16, 6.3, 0.2, 30.2),
        (14, 16, 87.5, 61.7, 98.4),
        (15, 16, 93.8, 69.8, 99.8),
        # the precision of the study itself
        (53, 350, 15.1, 11.6, 19.3),
    ],
)
def test_clopper_pearson_gives_published_intervals(x, n, rate, lower, upper):
    found = [100 * part for part in estimate_clopper_pearson(x, n)]
    # printed values are rounded half up: 93.75 prints as 93.8
    assert found == pytest.approx([rate, lower, upper], abs=0.0500001)


@pytest.mark.parametrize("interval", [estimate_clopper_pearson, estimate_wilson])
def test_interval_of_none_begins_at_exactly_zero_and_of_all_ends_at_exactly_one(interval):
    assert interval(0, 7).lower == 0.0
    assert interval(7, 7).upper == 1.0
    assert 0 < interval(0, 7).upper < 1


@pytest.mark.parametrize("interval", [estimate_clopper_pearson, estimate_wilson])
def test_no_subject_gives_no_value(interval):
    assert interval(0, 0) is None


def test_more_successes_than_subjects_are_refused():
    with pytest.raises(ValueError, match="8 of 7"):
        estimate_clopper_pearson(8, 7)


def test_kaplan_meier_of_the_leukemia_trial():
    curve = estimate_kaplan_meier(*read_times(FREIREICH))
    steps = {
        time: round(value, 4)
        for time, value, events in zip(curve.time, curve.survival, curve.n_event, strict=True)
        if events
    }
    assert steps == {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    assert (curve.subjects, curve.events) == (21, 9)


def test_median_interval_is_brookmeyer_crowley_on_the_log_log_scale():
    curve = estimate_kaplan_meier(*read_times(FREIREICH))
    assert estimate_quantile(curve, 0.5) == (23, 13, None)


def test_limits_of_the_median_are_those_of_the_test_statistic():
    curve = estimate_kaplan_meier(*read_times(FREIREICH))
    sigma = curve.std_error / curve.survival / np.abs(np.log(curve.survival))
    statistic = (np.log(-np.log(curve.survival)) - np.log(-np.log(0.5))) / sigma
    at = dict(zip(curve.time, statistic, strict=True))
    assert (round(at[10], 3), round(at[13], 3)) == (-1.980, -1.499)


def test_pointwise_interval_on_the_log_log_scale():
    found = estimate_survival_at(estimate_kaplan_meier(*read_times(FREIREICH)), 10)
    assert [round(part, 3) for part in found] == [0.753, 0.503, 0.889]


def test_follow_up_by_reverse_kaplan_meier():
    curve = estimate_reverse_kaplan_meier(*read_times(FREIREICH))
    assert estimate_quantile(curve, 0.5) == (25, 11, 32)


def test_events_precede_censorings_at_ties():
    curve = estimate_kaplan_meier([5, 5, 8], [0, 1, 0])
    assert curve.survival[0] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("times", "median"),
    [
        ("1 2 3 4", 2.5),  # flat at one half from 2 to 3: the middle
        ("1 2 3+ 4+ 5+", None),  # never down to one half
        ("1 2 3+ 4+", 3.0),  # flat at one half to the end of follow-up, as quantile(survfit)
        ("5", 5.0),
        ("5+", None),
        ("", None),
    ],
)
def test_median_of_small_curves(times, median):
    assert estimate_quantile(estimate_kaplan_meier(*read_times(times)), 0.5).value == median


def test_no_rate_past_the_last_follow_up():
    curve = estimate_kaplan_meier(*read_times("3 5+ 8+"))
    assert estimate_survival_at(curve, 9) == (None, None, None)
    assert estimate_survival_at(curve, 9, is_extended=True) == estimate_survival_at(curve, 8)
    assert estimate_survival_at(curve, 8).value is not None


def test_a_curve_that_reached_zero_stays_there():
    assert estimate_survival_at(estimate_kaplan_meier([3, 5], [1, 1]), 9) == (0.0, None, None)


def test_rate_before_the_first_event_is_one_without_limits():
    assert estimate_survival_at(estimate_kaplan_meier([3, 5], [1, 1]), 2) == (1.0, None, None)


def test_number_at_risk_counts_who_is_followed_until_the_moment():
    assert count_at_risk([5, 3, 8, 5], [0, 3, 5, 5.5, 9]) == [4, 4, 3, 1, 0]


def test_unknown_interval_type_names_what_is_allowed():
    with pytest.raises(ValueError, match="log-log, log, plain"):
        estimate_kaplan_meier([1], [1], interval="probit")


def test_order_of_subjects_and_unit_of_time_do_not_matter():
    time, event = read_times(FREIREICH)
    shuffled = np.random.default_rng(1).permutation(len(time))
    first = estimate_kaplan_meier(time, event)
    second = estimate_kaplan_meier(7 * np.array(time)[shuffled], np.array(event)[shuffled])
    assert np.array_equal(first.survival, second.survival)
    assert isclose(7 * estimate_quantile(first, 0.25).value, estimate_quantile(second, 0.25).value)
