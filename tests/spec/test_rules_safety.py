"""Reporting clocks, events of special interest, dose rules, grade help and adherence."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from grevy.definition import load_study
from grevy.definition.analysis_plan import InterestGroup, SpecialInterest
from grevy.definition.words import Text
from grevy.rules.adherence import (
    PillCount,
    Supply,
    cap_for_display,
    compute_adherence,
    compute_days_covered,
    is_good_adherence,
)
from grevy.rules.dose_levels import (
    DOSE_ACTION_LABELS,
    DoseAction,
    find_creatinine_action,
    find_dose_action,
    find_liver_action,
    find_next_lower_level,
    find_proteinuria_action,
    is_allowed_change,
)
from grevy.rules.grade_help import GRADE_HELP
from grevy.rules.reporting_clocks import (
    ADR_OTHER,
    PREGNANCY,
    SUSAR_FATAL,
    SUSAR_OTHER,
    Event,
    RuleSet,
    compute_due,
    find_clocks,
)

AWARE = date(2026, 3, 2)
INTEREST = load_study("studies/surufatinib_nen").analysis.special_interest


def test_due_dates_count_calendar_days_from_day_0():
    fatal = compute_due(SUSAR_FATAL, AWARE)
    assert (fatal.on, fatal.follow_up_on) == (date(2026, 3, 9), date(2026, 3, 17))
    other = compute_due(SUSAR_OTHER, AWARE)
    assert (other.on, other.follow_up_on) == (date(2026, 3, 17), None)
    assert compute_due(PREGNANCY, AWARE).on == date(2026, 3, 3)
    assert compute_due(ADR_OTHER, AWARE).on == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("event", "gcp", "marketed"),
    [
        # serious, unexpected, related
        ({"is_fatal": True}, "SUSAR_FATAL", "ADR_DEATH"),
        ({"is_life_threatening": True}, "SUSAR_FATAL", "ADR_SERIOUS"),
        ({}, "SUSAR_OTHER", "ADR_SERIOUS"),
        # expected: no SUSAR, but a reaction to a marketed drug
        ({"is_expected": True}, None, "ADR_SERIOUS"),
        # either judgment is enough, and what nobody judged is not excluded
        ({"related_by_sponsor": False}, "SUSAR_OTHER", "ADR_SERIOUS"),
        ({"related_by_investigator": False, "related_by_sponsor": True}, "SUSAR_OTHER", "ADR_SERIOUS"),
        ({"related_by_investigator": None}, "SUSAR_OTHER", "ADR_SERIOUS"),
        ({"related_by_investigator": False}, None, None),
        ({"related_by_investigator": False, "related_by_sponsor": False}, None, None),
        ({"is_serious": False}, None, "ADR_OTHER"),
    ],
)
def test_reports_of_an_event_under_both_sets_of_rules(event, gcp, marketed):
    given = Event(**({"is_serious": True, "related_by_investigator": True} | event))
    for rules, expected in ((RuleSet.INTERVENTIONAL_GCP, gcp), (RuleSet.POST_MARKETING, marketed)):
        wanted = [*(["SAE_TO_SPONSOR"] if given.is_serious else []), *([expected] if expected else [])]
        assert [clock.code for clock in find_clocks(given, rules)] == wanted


@pytest.mark.parametrize(
    ("term", "grade", "expected"),
    [
        ("Hypertensive crisis", 4, ["HYPERTENSION"]),
        ("Portal hypertension", 2, []),
        ("Nephrotic syndrome", 3, ["PROTEINURIA"]),
        ("Upper gastrointestinal haemorrhage", 3, ["HEMORRHAGE"]),
        ("Blood bilirubin increased", 2, ["HEPATIC"]),
        ("Thrombocytopenia", 2, []),
        ("Pulmonary embolism", 3, ["THROMBOEMBOLISM"]),
        ("Ejection fraction decreased", 2, ["CARDIAC"]),
        ("Diarrhea", 2, []),
        ("Diarrhea", 3, ["DIARRHEA"]),
        ("Blood TSH increased", 1, ["THYROID"]),
        ("Fatigue", 3, []),
        ("Proteinuria", None, ["PROTEINURIA"]),
    ],
)
def test_events_of_special_interest(term, grade, expected):
    assert INTEREST.find_groups(term, grade) == expected


def test_a_group_may_take_whole_classes_but_for_terms_that_mean_something_else():
    skin = InterestGroup(
        code="SKIN", label=Text(en="Skin", zh="皮肤"), words=("application site",),
        classes=("Skin and subcutaneous tissue disorders",),
    )  # fmt: skip
    interest = SpecialInterest(groups=(skin,), other_terms=("alopecia",))
    of_class = "SKIN AND SUBCUTANEOUS TISSUE DISORDERS"
    assert interest.find_groups("Rash", 1, of_class) == ["SKIN"]
    assert interest.find_groups("Application site pain", 1, "General disorders") == ["SKIN"]
    assert interest.find_groups("Alopecia", 1, of_class) == []
    assert interest.find_groups("Rash", 1) == []


def test_every_group_of_interest_is_found_by_each_of_its_words():
    for group in INTEREST.groups:
        for word in group.words:
            assert group.code in INTEREST.find_groups(word, 3), word


@pytest.mark.parametrize(
    ("count", "percent", "good", "strict"),
    [
        (PillCount(dispensed=168, returned=0, prescribed=168), 100, True, True),
        (PillCount(dispensed=180, returned=12, prescribed=168), 100, True, True),
        (PillCount(dispensed=200, returned=80, prescribed=150), 80, True, True),
        (PillCount(dispensed=200, returned=81, prescribed=150), Fraction(238, 3), False, False),
        (PillCount(dispensed=200, returned=0, prescribed=150), Fraction(400, 3), True, False),
        (PillCount(dispensed=200, returned=70, prescribed=150, lost=10), 80, True, True),
    ],
)
def test_capsules_taken_against_prescribed(count, percent, good, strict):
    found = compute_adherence(count)
    assert found == percent
    assert (is_good_adherence(found), is_good_adherence(found, has_upper_limit=True)) == (good, strict)
    assert cap_for_display(found) == min(percent, 100)


def test_period_without_prescription_has_no_adherence():
    assert compute_adherence(PillCount(dispensed=0, returned=0, prescribed=0)) is None


@pytest.mark.parametrize(
    ("supplies", "expected"),
    [
        ([Supply(0, 28), Supply(28, 28)], 100),
        ([Supply(0, 28)], 50),
        # early: used after the one before
        ([Supply(0, 28), Supply(21, 28)], 100),
        # late by 7 days, and past the end
        ([Supply(0, 28), Supply(35, 28)], Fraction(700, 8)),
        ([Supply(60, 28)], 0),
        ([], 0),
    ],
)
def test_proportion_of_days_covered(supplies, expected):
    assert compute_days_covered(supplies, 56) == expected


def test_period_without_days_is_refused():
    with pytest.raises(ValueError, match="a period of 0 days"):
        compute_days_covered([], 0)


# ---------------------------------------------------------------------------------------------------
# Dose levels
# ---------------------------------------------------------------------------------------------------

CONTINUE, REDUCE, STOP = DoseAction.CONTINUE, DoseAction.INTERRUPT_THEN_REDUCE, DoseAction.STOP


def test_levels_go_down_step_by_step_to_three_weeks_of_four():
    doses = [find_next_lower_level(level) for level in (0, -1, -2)]
    assert [(each.dose_mg, each.days_off) for each in doses] == [(250, 0), (200, 0), (200, 7)]
    assert find_next_lower_level(-3) is None
    assert is_allowed_change(0, -1)
    assert is_allowed_change(-1, -1)
    assert not is_allowed_change(0, -2)
    assert not is_allowed_change(-1, 0)
    assert is_allowed_change(-1, 0, allows_escalation=True)
    assert not is_allowed_change(-3, -4)


@pytest.mark.parametrize(
    ("event", "grade", "expected"),
    [
        ("HEMORRHAGE", 1, CONTINUE),
        ("HEMORRHAGE", 2, REDUCE),
        ("HEMORRHAGE", 3, STOP),
        ("GI_PERFORATION", 2, STOP),
        ("NEPHROTIC_SYNDROME", 3, STOP),
        ("HYPERTENSIVE_CRISIS", 4, STOP),
        ("ARTERIAL_THROMBOSIS", 3, STOP),
        ("DIARRHEA", 2, CONTINUE),
        ("DIARRHEA", 3, REDUCE),
        ("DIARRHEA", 4, REDUCE),
    ],
)
def test_action_of_the_label_by_event_and_grade(event, grade, expected):
    assert find_dose_action(event, grade) is expected


def test_creatinine_above_twice_the_limit_or_the_baseline():
    found = [find_creatinine_action(Decimal(value), Decimal(100)) for value in (200, 201, 300)]
    assert found == [CONTINUE, REDUCE, REDUCE]
    assert find_creatinine_action(Decimal(121), Decimal(100), Decimal(60)) is REDUCE


def test_working_defaults_of_proteinuria_and_liver():
    grams = [find_proteinuria_action(Decimal(value)) for value in ("0.99", "1", "1.99", "2")]
    assert grams == [CONTINUE, DoseAction.INTERRUPT_OR_REDUCE, DoseAction.INTERRUPT_OR_REDUCE, REDUCE]
    pairs = [("3", "2"), ("3.1", "2"), ("5.1", "2"), ("1", "3.1"), ("3.1", "2.1")]
    found = [find_liver_action(Decimal(alt), Decimal(bilirubin)) for alt, bilirubin in pairs]
    assert found == [CONTINUE, DoseAction.MONITOR, REDUCE, REDUCE, STOP]
    assert find_liver_action(Decimal("3.1"), Decimal("2.1"), has_other_cause=True) is DoseAction.MONITOR


def test_every_action_has_a_label():
    assert set(DOSE_ACTION_LABELS) == set(DoseAction)


# ---------------------------------------------------------------------------------------------------
# Help for the person who grades
# ---------------------------------------------------------------------------------------------------

# which grades exist below 5, by term
EXISTING = {
    "DIARRHEA": "1234",
    "FATIGUE": "123",
    "HAND_FOOT": "123",
    "ORAL_MUCOSITIS": "1234",
    "NAUSEA": "123",
    "VOMITING": "1234",
    "HYPOTHYROIDISM": "1234",
    "EPISTAXIS": "1234",
    "GI_HEMORRHAGE": "1234",
    "GI_PERFORATION": "234",
    "HEPATIC_FAILURE": "34",
    "NEPHROTIC_SYNDROME": "34",
    "THROMBOEMBOLISM": "1234",
    "ARTERIAL_THROMBOEMBOLISM": "34",
    "RPLS": "234",
    "WEIGHT_LOSS": "123",
    "HEART_FAILURE": "1234",
    "ACUTE_KIDNEY_INJURY": "34",
    "PNEUMONITIS": "1234",
}


@pytest.mark.parametrize("version", GRADE_HELP)
def test_help_names_the_grades_that_exist(version):
    found = {code: "".join(map(str, sorted(term.grades))) for code, term in GRADE_HELP[version].items()}
    assert found == EXISTING
    assert all(
        words.en and words.zh for term in GRADE_HELP[version].values() for words in term.grades.values()
    )


def test_help_differs_between_versions_where_the_text_does():
    changed = {code for code in EXISTING if GRADE_HELP["5.0"][code] != GRADE_HELP["6.0"][code]}
    assert changed == {"DIARRHEA", "GI_HEMORRHAGE", "HEART_FAILURE"}
