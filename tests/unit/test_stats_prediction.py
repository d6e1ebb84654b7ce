"""Predictions under censoring: by hand, and against a twin that goes pair by pair, record by record."""

from fractions import Fraction

import numpy as np
import pytest

from grevy.stats.calibration import estimate_risks, group_by_risk
from grevy.stats.kaplan_meier import estimate_kaplan_meier
from grevy.stats.prediction import (
    compute_brier,
    compute_integrated_brier,
    compute_net_benefit,
    compute_weighted_concordances,
    estimate_censoring,
    list_brier_times,
    list_pairs,
    weigh_for_censoring,
    weigh_pairs_at,
    weigh_pairs_to,
)

# day 1: event; 2: event and one lost, who still goes on after the event; 3: lost; 4: event; 5: free
TIME = np.array([1.0, 2, 2, 3, 4, 5])
EVENT = np.array([True, True, False, False, True, False])
RISK = np.array([[3.0, 1, 2, 1, 0, 1]])
ONES = np.ones((1, 6))


def test_who_has_the_event_on_a_day_is_not_at_risk_of_being_lost_on_it():
    """Day 2: 4 of 6 are left after the events and one of them goes: 3/4. Day 3: 1 of 3 goes: 1/2."""
    censoring = estimate_censoring(TIME, EVENT)
    assert censoring.before(TIME) == pytest.approx([1, 1, 1, 3 / 4, 1 / 2, 1 / 2])
    assert censoring.at(TIME) == pytest.approx([1, 3 / 4, 3 / 4, 1 / 2, 1 / 2, 0])


def test_both_curves_multiply_to_the_share_still_at_risk():
    random = np.random.default_rng(3)
    time, event = random.integers(1, 12, 80).astype(float), random.random(80) < 0.5
    curve = estimate_kaplan_meier(time, event)
    at_risk_after = [(time > moment).mean() for moment in curve.time]
    assert curve.survival * estimate_censoring(time, event).followed == pytest.approx(at_risk_after)


def concordance(weigh, until):
    pairs = list_pairs(TIME, EVENT)
    of_pair = weigh(pairs, TIME, estimate_censoring(TIME, EVENT), until)[:, None]
    return compute_weighted_concordances(pairs, RISK, ONES, of_pair)[0, 0]


def test_uno_weighs_late_pairs_more():
    """Risk 3 at day 1 against 1, 2, 1, 0, 1: 5 of 5. Risk 1 at day 2 against 2, 1, 0, 1: 0 + 1/2 + 1 + 1/2
    of 4. Risk 0 at day 4 against 1: 0 of 1, which counts 1 / (1/2)^2 = 4. Up to day 3 it is left out."""
    assert concordance(weigh_pairs_to, 4) == pytest.approx(7 / 13)
    assert concordance(weigh_pairs_to, 3.5) == pytest.approx(7 / 9)


def test_area_at_a_day_compares_events_so_far_with_those_free_after_it():
    """Day 4: free is the one with risk 1. Events: 3 > 1, 1 = 1, and 0 < 1, which counts 1 / (1/2) = 2."""
    assert concordance(weigh_pairs_at, 4) == pytest.approx((1 + 0.5 + 0) / (1 + 1 + 2))
    assert np.isnan(concordance(weigh_pairs_at, 5))  # nobody is free after day 5


def test_who_is_lost_on_the_horizon_counts_through_others():
    weight = weigh_for_censoring(TIME, EVENT, 3)
    assert weight == pytest.approx([1, 1, 0, 0, 2, 2])
    assert weight.sum() == pytest.approx(6)


def test_risk_is_unknown_past_the_follow_up_unless_everybody_had_the_event():
    weight = np.array([[1.0, 1, 1, 1, 1, 1], [1, 1, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0], [0, 2, 1, 1, 0, 0]])
    found = estimate_risks(TIME, EVENT, weight, np.array([2.0, 5, 6]))
    assert found[0] == pytest.approx([1 / 3, 1 - 4 / 6 * 1 / 2, np.nan], nan_ok=True)
    assert found[1] == pytest.approx([2 / 3, 1, 1])
    assert np.isnan(found[2]).all()
    assert found[3] == pytest.approx([0.5, np.nan, np.nan], nan_ok=True)


def test_groups_are_of_equal_size_and_equal_risks_stay_together():
    ordered = np.array([[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]] * 2)
    weight = np.array([[1.0] * 8, [3, 1, 0, 0, 0, 2, 2, 0]])
    assert group_by_risk(ordered, weight, 4)[0].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    # three of the first make its limit the first quarter's; the second stands alone; then two and two
    assert group_by_risk(ordered, weight, 4)[1].tolist() == [0, 1, 2, 2, 2, 2, 3, 3]
    alike = np.array([[0.5] * 8])
    assert group_by_risk(alike, weight[:1], 4)[0].tolist() == [0] * 8


def test_benefit_is_unknown_where_nobody_above_the_threshold_is_followed():
    risk, time, event = np.array([0.9, 0.1]), np.array([3.0, 9]), np.array([False, True])
    assert np.isnan(compute_net_benefit(risk, time, event, 5, 0.5))
    assert compute_net_benefit(risk, time, event, 5, 0.95) == 0


# --- A twin that loops --------------------------------------------------------------------------------------


def chance_to_be_followed(rows, until, *, before):
    """Product over days of censoring: of those who neither left nor have the event that day, who stays."""
    chance = Fraction(1)
    for day in sorted({time for time, _ in rows}):
        if day > until or (before and day == until):
            break
        lost = sum(time == day and not event for time, event in rows)
        left = sum(time > day for time, _ in rows) + lost
        chance *= 1 - Fraction(lost, left) if left else 1
    return chance


def count_pairs(sample, rows, weigh):
    right = total = Fraction(0)
    for time, event, risk in sample:
        for other, has_event, less in sample:
            if event and (other > time or (other == time and not has_event)):
                weight = weigh(time, other)
                total += weight
                right += weight * (1 if risk > less else Fraction(1, 2) if risk == less else 0)
    return float(right / total)


def average_error(sample, rows, day, survive):
    """Graf's three kinds of subject: with the event, free, lost."""
    total = 0.0
    for time, event, risk in sample:
        if time > day:
            total += (1 - survive(risk, day)) ** 2 / float(chance_to_be_followed(rows, day, before=False))
        elif event:
            total += survive(risk, day) ** 2 / float(chance_to_be_followed(rows, time, before=True))
    return total / len(sample)


@pytest.mark.parametrize("seed", range(4))
def test_they_are_those_of_the_twin_also_in_a_resample(seed):
    """Days with many ties; the resample is judged with the censoring of the data."""
    random = np.random.default_rng(seed)
    n, until = 40, 7.5
    time, event = random.integers(1, 11, n).astype(float), random.random(n) < 0.6
    predictor = random.integers(-2, 3, (2, n)) / 4
    weight = np.array([np.ones(n), np.bincount(random.integers(0, n, n), minlength=n)])
    rows = list(zip(time.tolist(), event.tolist(), strict=True))

    def survive(risk, day):
        return float(np.exp(-((day / 9) ** 2) * np.exp(risk)))

    def uno(day, _other):
        return (day <= until) / chance_to_be_followed(rows, day, before=True) ** 2

    def area(day, other):
        return (day <= until < other) / chance_to_be_followed(rows, day, before=True)

    pairs, censoring = list_pairs(time, event), estimate_censoring(time, event)
    at = (pairs, time, censoring, until)
    of_pair = np.column_stack([weigh_pairs_to(*at), weigh_pairs_at(*at)])
    found = compute_weighted_concordances(pairs, predictor, weight, of_pair)
    hazard = (list_brier_times(time, until) / 9)[None] ** 2 * np.ones((2, 1))
    integrated = compute_integrated_brier(hazard, predictor, time, event, weight, until)
    risk = -np.expm1(-((until / 9) ** 2) * np.exp(predictor))
    brier = compute_brier(risk, time <= until, weigh_for_censoring(time, event, until), weight)
    days = [0.0, 1, 2, 3, 4, 5, 6, 7, until]
    for model in (0, 1):
        data = [(*row, one) for row, one in zip(rows, predictor[model].tolist(), strict=True)]
        sample = [
            row for row, times in zip(data, weight[model].astype(int), strict=True) for _ in range(times)
        ]
        assert found[model] == pytest.approx(
            [count_pairs(sample, rows, uno), count_pairs(sample, rows, area)]
        )
        assert brier[model] == pytest.approx(average_error(sample, rows, until, survive))
        for place, subjects in enumerate((sample, data)):
            errors = [average_error(subjects, rows, day, survive) for day in days[:-1]]
            whole = sum(np.array(errors) * np.diff(days)) / until
            assert integrated[model, place] == pytest.approx(whole)
