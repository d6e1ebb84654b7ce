"""Study days, durations, dose intensity, and the class of the neoplasm."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from grevy.rules.dose_intensity import DoseInterval, next_lower_dose_mg, relative_dose_intensity
from grevy.rules.nen_class import find_contradictions, grade
from grevy.rules.study_days import duration_days, elapsed_days, months, study_day


def test_study_day_has_no_day_0():
    first_dose = date(2024, 3, 1)
    days = [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 2)]
    assert [study_day(day, first_dose) for day in days] == [-2, -1, 1, 2]
    assert [elapsed_days(day) for day in (-1, 1, 57)] == [-1, 0, 56]
    with pytest.raises(ValueError, match="does not exist"):
        elapsed_days(0)


def test_duration_counts_both_ends_and_months_are_for_display():
    assert duration_days(date(2024, 3, 1), date(2024, 3, 1)) == 1
    assert duration_days(date(2024, 2, 28), date(2024, 3, 1)) == 3
    assert months(487) == 16


def test_relative_dose_intensity_keeps_interruptions_in_the_planned_days():
    taken = [DoseInterval(28, 300), DoseInterval(7, 0), DoseInterval(21, 250)]
    assert relative_dose_intensity(taken, 300) == Fraction(8125, 100)
    assert relative_dose_intensity([DoseInterval(10, 250)], 250) == 100
    with pytest.raises(ValueError, match="must be positive"):
        relative_dose_intensity([], 300)


def test_dose_levels_go_down_to_200_mg():
    assert [next_lower_dose_mg(dose) for dose in (300, 250, 200)] == [250, 200, None]


@pytest.mark.parametrize(
    ("ki67", "mitoses", "expected"),
    [
        # Ki-67 alone: exactly 3 and exactly 20 are grade 2
        ("2.9", None, 1),
        ("3", None, 2),
        ("20", None, 2),
        ("20.1", None, 3),
        # mitoses alone
        (None, "1", 1),
        (None, "2", 2),
        (None, "20", 2),
        (None, "21", 3),
        # the higher one counts
        ("1", "5", 2),
        ("30", "1", 3),
        (None, None, None),
    ],
)
def test_grade_by_ki67_and_mitoses(ki67, mitoses, expected):
    assert grade(*(None if value is None else Decimal(value) for value in (ki67, mitoses))) == expected


@pytest.mark.parametrize(
    ("nen_class", "differentiation", "ki67", "mitoses", "problems"),
    [
        ("NET_G2", "WELL", "3", "2", []),
        ("NET_G1", "WELL", "3", "1", ["ki67"]),
        ("NET_G1", "WELL", "2", "2", ["mitoses"]),
        ("NET_G2", "WELL", "1", "1", ["ki67", "mitoses"]),
        ("NET_G3", "WELL", "1", "21", []),
        ("NET_G3", "POOR", "55", None, ["differentiation"]),
        ("NEC_SMALL", "POOR", "55", None, []),
        ("NEC_LARGE", "WELL", "20", None, ["differentiation", "ki67"]),
        ("MINEN", "MIXED", "5", None, []),
        ("NET_G1", None, None, None, []),
    ],
)
def test_class_must_agree_with_differentiation_ki67_and_mitoses(
    nen_class, differentiation, ki67, mitoses, problems
):
    values = [None if value is None else Decimal(value) for value in (ki67, mitoses)]
    assert find_contradictions(nen_class, differentiation, *values) == problems


def test_lung_and_thymus_have_no_limit_of_ki67_and_an_unknown_class_is_refused():
    assert find_contradictions("NET_G1", "WELL", Decimal(12), None, "LUNG") == []
    with pytest.raises(ValueError, match="'NET' is not known"):
        find_contradictions("NET", "WELL", None, None)
