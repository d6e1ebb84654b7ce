"""The twin itself against the worked examples, before it judges anything else."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.oracles.adverse_events_twin import expect_adverse_events
from tests.oracles.cases import load_cases, response_name, settings_of, study_day
from tests.oracles.censoring_cases import CENSORING_CASES, TWO_MISSED_LIMITS
from tests.oracles.endpoints import FollowUp, ema_style, fda_style, last_day_of_two_missed
from tests.oracles.exposure_twin import expect_exposure
from tests.oracles.recist import Given, accept_given, assess, best_response
from tests.oracles.records import read_course

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


# Worked example of the domain document: 28 days at 300 mg, 7 without, 21 at 250 mg.
DOSES = [
    {"EXTRT": "SURUFATINIB", "EXSEQ": float(n), "EXDOSE": dose, "EXSTDTC": start, "EXENDTC": end}
    for n, (dose, start, end) in enumerate(
        [
            (300, "2024-03-01", "2024-03-28"),
            (0, "2024-03-29", "2024-04-04"),
            (250, "2024-04-05", "2024-04-25"),
        ]
    )
]
EVENTS = [
    {"AESEQ": float(n), "AESTDTC": start, "AEENDTC": None, "AEREL": related, "AETOXGR": grade}
    for n, (start, related, grade) in enumerate(
        [
            ("2024-02-29", "RELATED", "3"),  # the day before the first dose
            ("2024-03", "NOT RELATED", "1"),  # could have begun on any day of March: on the first dose
            ("2024-05-25", None, "2"),  # 30 days after the last dose, causality missing
            ("2024-05-26", "UNLIKELY", None),
        ]
    )
]
ONE_SUBJECT = {"DM": [{"ARMCD": "MONO"}], "EX": DOSES, "AE": EVENTS, "DS": []}


def test_twin_finds_the_dose_intensity_of_the_worked_example():
    exposure = expect_exposure(read_course("1", ONE_SUBJECT))
    expected = {"TDURD": 56, "CUMDOSE": 13650, "PLANDOSE": 16800, "NREDUC": 1, "NINTERR": 1, "DOSEINT": 7}
    assert {paramcd: exposure[paramcd] for paramcd in expected} == expected
    assert (exposure["RDI"], exposure["FRSTRED"]) == (Decimal("81.25"), 36)


def test_twin_dates_and_flags_adverse_events():
    events = expect_adverse_events(ONE_SUBJECT, read_course("1", ONE_SUBJECT))
    assert [events[float(n)]["TRTEMFL"] for n in range(4)] == [None, "Y", "Y", None]
    assert [events[float(n)]["AREL"] for n in range(4)] == [
        "RELATED",
        "NOT RELATED",
        "RELATED",
        "NOT RELATED",
    ]
    assert (events[1.0]["ASTDT"], events[1.0]["ASTDTF"]) == (date(2024, 3, 1), "D")
    assert [events[float(n)]["AOCCFL"] for n in range(4)] == [None, None, "Y", None]  # the worst grade
    assert (events[0.0]["PREFL"], events[3.0]["FUPFL"]) == ("Y", "Y")
