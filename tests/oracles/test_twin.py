"""The twin itself against the worked examples, before it judges anything else."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.oracles.cases import load_cases, response_name, settings_of, study_day
from tests.oracles.censoring_cases import CENSORING_CASES, TWO_MISSED_LIMITS
from tests.oracles.endpoints import FollowUp, ema_style, fda_style, last_day_of_two_missed
from tests.oracles.recist import Given, accept_given, assess, best_response

CASES = load_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_twin_judges_every_visit_of_the_worked_examples(case):
    judged = assess(case.baseline, case.visits)
    assert len(judged) == len(case.expected_visits)
    for assessment, expect in zip(judged, case.expected_visits, strict=True):
        assert assessment.sum_mm == as_decimal(expect["sum_mm"])
        assert assessment.nadir_mm == as_decimal(expect["nadir_mm"])
        assert assessment.target == response_name(expect["target"])
        assert assessment.non_target == response_name(expect["non_target"])
        assert assessment.new_lesion == expect["new_lesion"]
        assert assessment.overall == response_name(expect["overall"])
        assert assessment.final == response_name(expect.get("overall_final", expect["overall"]))
        if "available_sum_mm" in expect:
            assert assessment.available_mm == expect["available_sum_mm"]


def as_decimal(value):
    return None if value is None else Decimal(str(value))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_twin_finds_the_best_response_of_the_worked_examples(case):
    check_best(case, case.expected, settings_of({}))


ALTERNATIVES = [(case, i) for case in CASES for i in range(len(case.alternatives))]


@pytest.mark.parametrize(("case", "index"), ALTERNATIVES, ids=lambda value: getattr(value, "id", value))
def test_twin_follows_the_alternative_settings(case, index):
    raw, changed = case.alternatives[index]
    check_best(case, case.expected | changed, settings_of(raw))


def check_best(case, expected, settings):
    judged = assess(case.baseline, case.visits, settings)
    best = best_response(judged, case.new_therapy, settings)
    assert best.unconfirmed == response_name(expected["bor_unconfirmed"])
    assert best.confirmed == response_name(expected["bor_confirmed"])
    assert study_day(best.pd_day) == expected["pd_day"]
    assert study_day(best.first_response_day) == expected["first_response_day"]
    assert study_day(best.confirmed_response_day) == expected["confirmed_response_day"]
    if "overall_by_visit" in expected:
        assert [assessment.final for assessment in judged] == expected["overall_by_visit"]


@pytest.mark.parametrize("case", CENSORING_CASES, ids=lambda case: case.id)
def test_twin_censors_the_worked_examples(case):
    given = [Given("", 101.0 + k, day, response) for k, (response, day) in enumerate(case.assessments)]
    if case.doubtful_from is not None:
        given = [replace(g, overall="PD") if g.day == case.doubtful_from else g for g in given]
    judged = accept_given(given)
    follow_up = FollowUp(case.has_baseline, case.death, case.new_therapy, case.clinical_progression)
    fda, ema = fda_style(judged, follow_up), ema_style(judged, follow_up)
    assert (fda.day, fda.is_event) == case.fda
    assert (ema.day, ema.is_event) == case.ema


@pytest.mark.parametrize(("last", "limit"), TWO_MISSED_LIMITS)
def test_twin_counts_two_missed_assessments(last, limit):
    assert last_day_of_two_missed(last or 0) == limit


def check_all(settings):
    for case in CASES:
        check_best(case, case.expected, settings)


@pytest.mark.parametrize(
    "slip", [{"max_ne_between": 0}, {"sd_min_days": 50}, {"confirm_min_days": 14}], ids=str
)
def test_a_wrong_twin_fails(slip):
    """The examples bite: each of these slips changes at least one of them."""
    with pytest.raises(AssertionError):
        check_all(settings_of(slip))
