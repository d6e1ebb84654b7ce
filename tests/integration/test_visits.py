"""Occasions projected from first and last dose, and where the projection ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from treated import FIRST, assess, day, dose, enroll, vital_signs

from grevy.capture.reading import courses
from grevy.capture.reading.courses import read_course
from grevy.capture.reading.form_states import FormState
from grevy.capture.reading.visits import VisitState, measure_completeness, project_visits


@pytest.fixture
def treated(desk):
    """A subject found eligible, with a first dose."""
    enroll(desk)
    dose(desk, FIRST)
    return desk


def visits_of(desk, today: date):
    course = read_course(desk.study, desk.subject)
    return {(v.event, v.event_seq): v for v in project_visits(desk.study, course, today)}


def test_cycles_imaging_and_day_15_are_planned_from_the_first_dose(treated):
    visits = visits_of(treated, today=day(0))
    assert visits["CYCLE", 1].planned == FIRST
    assert visits["CYCLE", 2].planned == day(28)
    assert (visits["CYCLE", 2].opens, visits["CYCLE", 2].closes) == (day(25), day(31))
    assert visits["C1D15", 1].planned == day(14)
    assert visits["IMAGING", 1].planned == day(56)
    assert (visits["IMAGING", 1].opens, visits["IMAGING", 1].closes) == (day(49), day(63))
    assert ("EOT", 1) not in visits  # no last dose is known
    assert ("CYCLE", 4) not in visits  # beyond the horizon


@pytest.mark.parametrize(
    ("today", "state"),
    [(24, VisitState.PLANNED), (25, VisitState.DUE), (31, VisitState.DUE), (32, VisitState.OVERDUE)],
)
def test_a_visit_is_planned_then_due_then_overdue(treated, today, state):
    assert visits_of(treated, day(today))["CYCLE", 2].state == state


@pytest.mark.parametrize(
    ("on", "state"),
    [(24, VisitState.EARLY), (25, VisitState.IN_WINDOW), (31, VisitState.IN_WINDOW), (32, VisitState.LATE)],
)
def test_an_entered_visit_is_early_in_its_window_or_late(treated, on, state):
    vital_signs(treated, day(on), "CYCLE", 2)
    visit = visits_of(treated, day(40))["CYCLE", 2]
    assert (visit.state, visit.day) == (state, day(on))


def test_a_visit_without_entry_is_missed_once_a_later_one_took_place(treated):
    vital_signs(treated, day(56), "CYCLE", 3)
    visits = visits_of(treated, day(58))
    assert visits["CYCLE", 2].state == VisitState.MISSED
    assert visits["C1D15", 1].state == VisitState.MISSED
    assert visits["CYCLE", 2].slot("vital_signs").state == FormState.MISSING
    assert visits["IMAGING", 1].state == VisitState.DUE  # imaging has times of its own


def test_a_corrected_first_dose_moves_every_open_projection_and_no_entered_date(treated):
    vital_signs(treated, day(28), "CYCLE", 2)
    before = visits_of(treated, day(40))
    dose(treated, day(3), started_from=1)
    after = visits_of(treated, day(40))
    moved = {key for key, visit in before.items() if visit.is_open and visit.planned}
    assert moved
    for key in moved & set(after):
        assert after[key].planned == before[key].planned + timedelta(days=3), key
    assert after["CYCLE", 2].day == before["CYCLE", 2].day == day(28)
    assert (before["CYCLE", 2].state, after["CYCLE", 2].state) == (VisitState.IN_WINDOW, VisitState.IN_WINDOW)
    assert after["SCREENING", 1].day == before["SCREENING", 1].day


def test_cycles_end_with_the_last_dose_and_what_follows_is_planned_from_it(treated):
    dose(treated, FIRST, day(40), started_from=1)
    end = {"last_dose_date": day(40).isoformat(), "reason": "ADVERSE_EVENT", "ae_number": 1}
    treated.save("end_of_treatment", end, event="EOT", confirmed=True, reason="x")
    visits = visits_of(treated, day(60))
    assert ("CYCLE", 2) in visits
    assert ("CYCLE", 3) not in visits
    assert visits["IMAGING", 2].planned == day(112)  # imaging goes on until progression
    assert visits["EOT", 1].planned == day(40)
    assert visits["SAFETY_FU", 1].planned == day(70)
    later = visits_of(treated, day(200))
    assert [later["SURVIVAL_FU", n].planned for n in (1, 2)] == [day(124), day(208)]


def test_imaging_ends_with_progression_and_the_form_on_the_end_of_treatment_is_awaited(treated):
    assess(treated, day(57), 1, "PD")
    visits = visits_of(treated, day(80))
    assert ("IMAGING", 2) not in visits
    assert visits["EOT", 1].planned is None
    assert visits["EOT", 1].opens == day(57)


def test_imaging_ends_with_the_next_anti_cancer_therapy(treated):
    assert ("IMAGING", 2) in visits_of(treated, day(100))
    therapy = {"therapy_class": "OTHER", "start_date": day(70).isoformat()}
    treated.save("subsequent_therapy", therapy, event="LOG", confirmed=True, reason="x")
    visits = visits_of(treated, day(100))
    assert ("IMAGING", 2) not in visits
    assert visits["IMAGING", 1].state == VisitState.MISSED
    assert ("CYCLE", 4) in visits  # treatment itself has an end of its own


def test_death_ends_every_projection(treated):
    treated.save("death", {"death_date": day(30).isoformat(), "cause": "PD"}, event="EOS",
                 confirmed=True, reason="x")  # fmt: skip
    visits = visits_of(treated, day(100))
    assert not [visit for visit in visits.values() if visit.is_open]
    assert visits["CYCLE", 2].state == VisitState.MISSED
    assert ("CYCLE", 3) not in visits


def test_an_unscheduled_scan_belongs_to_the_nearest_planned_imaging_ties_to_the_earlier(treated):
    for seq, elapsed in ((1, 84), (2, 85)):
        values = {"visit_date": day(elapsed).isoformat(), "reason": "OTHER", "detail": "Scan"}
        treated.save("unscheduled_visit", values, event="UNSCHEDULED", event_seq=seq,
                     confirmed=True, reason="x")  # fmt: skip
    visits = visits_of(treated, day(90))
    assert visits["UNSCHEDULED", 1].nearest_imaging == 1
    assert visits["UNSCHEDULED", 2].nearest_imaging == 2
    days = [visit.at for visit in visits.values()]
    assert days == sorted(days)


def test_before_the_first_dose_screening_runs_from_consent(desk):
    visits = visits_of(desk, date(2024, 3, 10))
    assert list(visits) == [("SCREENING", 1)]
    assert visits["SCREENING", 1].state == VisitState.DUE
    assert visits["SCREENING", 1].closes == date(2024, 3, 31)
    assert visits_of(desk, date(2024, 4, 1))["SCREENING", 1].state == VisitState.OVERDUE


def test_expected_forms_come_with_their_states_and_count_as_incomplete_from_the_day_they_are_due(treated):
    vital_signs(treated, day(28), "CYCLE", 2)
    visit = visits_of(treated, day(30))["CYCLE", 2]
    assert visit.slot("vital_signs").state in (FormState.COMPLETE, FormState.INCOMPLETE)
    assert visit.slot("hematology").state == FormState.MISSING
    assert visits_of(treated, day(36))["CYCLE", 2].slot("hematology").state == FormState.OVERDUE
    course = read_course(treated.study, treated.subject)
    planned = measure_completeness(treated.study, course, day(-1))
    due = measure_completeness(treated.study, course, day(30))
    assert due.answered == planned.answered
    assert due.asked > planned.asked


def test_courses_are_read_again_after_a_save_and_only_then(treated, django_assert_num_queries):
    read_course(treated.study, treated.subject)
    with django_assert_num_queries(1):
        read_course(treated.study, treated.subject)
    vital_signs(treated, day(28), "CYCLE", 2)
    course = read_course(treated.study, treated.subject)
    assert any(entry.event == "CYCLE" for entry in course.entries)


def test_what_was_computed_for_another_day_is_not_kept(treated):
    """A server runs for months: each day's projection replaces that of the day before."""
    course = read_course(treated.study, treated.subject)
    for elapsed in range(5):
        project_visits(treated.study, course, day(elapsed))
    size = len(course.memo)
    project_visits(treated.study, course, day(9))
    assert len(course.memo) == size


def test_another_chain_empties_what_was_kept(treated):
    """As after a restore of a backup: the link up to which the courses hold is no longer in the chain."""
    read_course(treated.study, treated.subject)
    kept = courses._kept
    before = kept.courses[treated.subject]
    kept.hash = "0" * 64
    assert read_course(treated.study, treated.subject) is not before
