"""Planned imaging: which visit a scan belongs to, and when assessments count as missed."""

import pytest

from grevy.rules.planned_imaging import missed_limit, nearest_planned_visit, planned_day


def test_imaging_is_every_8_weeks_to_week_48_then_every_12():
    assert [planned_day(k) for k in range(10)] == [0, 56, 112, 168, 224, 280, 336, 420, 504, 588]
    with pytest.raises(ValueError, match="first one is 1"):
        planned_day(-1)


@pytest.mark.parametrize(
    ("elapsed", "visit"),
    [
        # before and at the first one: a scan after baseline belongs to no visit 0
        (1, 1),
        (28, 1),
        (56, 1),
        # ties go to the earlier
        (84, 1),
        (85, 2),
        (378, 6),
        (379, 7),
        (420, 7),
        (462, 7),
        (463, 8),
    ],
)
def test_scan_belongs_to_the_nearest_planned_visit(elapsed, visit):
    assert nearest_planned_visit(elapsed) == visit


@pytest.mark.parametrize(("elapsed", "visit"), [(0, 0), (28, 0), (29, 1), (56, 1)])
def test_baseline_counts_as_visit_0_for_missed_assessments_only(elapsed, visit):
    assert nearest_planned_visit(elapsed, include_baseline=True) == visit


@pytest.mark.parametrize(
    ("last_adequate", "limit"),
    [(0, 119), (20, 119), (28, 119), (29, 175), (56, 175), (112, 231), (336, 511)],
)
def test_event_after_two_missed_assessments(last_adequate, limit):
    assert missed_limit(last_adequate) == limit


def test_other_numbers_of_missed_assessments_and_tolerances():
    assert missed_limit(56, missed=1) == 119
    assert missed_limit(56, tolerance=14) == 182
