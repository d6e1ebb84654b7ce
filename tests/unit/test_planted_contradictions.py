"""Planted contradictions: every one that stands is found by its check, and would be missed without it."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from benchmarks.contradictions import compare
from grevy.definition import load_study
from grevy.simulate import simulate_study
from grevy.simulate.cohort import END

ROOT = Path(__file__).parents[2]
AS_OF = datetime.combine(END, time.max, UTC)


@pytest.fixture(scope="module")
def study():
    return load_study(ROOT / "studies" / "surufatinib_nen")


@pytest.fixture(scope="module")
def cohort(study):
    return simulate_study(study, seed=3, subjects=40, sites=5)


def without_check(study, form: str, check: str):
    """The study as it would be without one edit check."""
    kept = tuple(one for one in study.forms[form].checks if one.id != check)
    changed = study.forms[form].model_copy(update={"checks": kept})
    return study.model_copy(update={"forms": {**study.forms, form: changed}})


def test_no_standing_contradiction_is_missed(study, cohort):
    outcomes = compare(study, cohort, AS_OF)
    assert sum(outcome.planted for outcome in outcomes) >= 20
    assert [outcome.check for outcome in outcomes if outcome.missed] == []


def test_a_removed_check_misses_what_was_planted_for_it(study, cohort):
    one = next(one for one in cohort.planted if not one.corrected)
    outcomes = compare(without_check(study, one.record[4], one.check), cohort, AS_OF)
    assert [outcome.check for outcome in outcomes if outcome.missed] == [one.check]


def test_hardly_a_check_raises_a_false_alarm(study, cohort):
    outcomes = compare(study, cohort, AS_OF)
    assert sum(outcome.true for outcome in outcomes) >= 200
    assert sum(outcome.false_alarms for outcome in outcomes) <= 3


def test_findings_with_nothing_behind_them_are_false_alarms(study, cohort):
    """The same records of patients to whom no adverse event happened: what they measure is not explained."""
    courses = {subject: replace(course, events=[]) for subject, course in cohort.truth.courses.items()}
    healthy = replace(cohort, truth=replace(cohort.truth, courses=courses))
    alarms = {o.check: o.false_alarms for o in compare(study, healthy, AS_OF)}
    assert alarms["VS_HYPERTENSION"] >= 5
    assert alarms["UR_PROTEINURIA"] >= 5


def test_at_least_25_checks_are_planted_for_and_some_are_corrected_with_a_reason(cohort):
    assert len({one.check for one in cohort.planted}) >= 25
    saves = {(entry.record_key, entry.at): entry for entry in cohort.entries}
    corrected = [one for one in cohort.planted if one.corrected]
    assert 0.25 < len(corrected) / len(cohort.planted) < 0.75
    assert all(saves[one.record, one.corrected_at].reason for one in corrected)
    assert max(Counter(one.record for one in cohort.planted).values()) == 1
