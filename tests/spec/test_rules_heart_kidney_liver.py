"""Formulas of heart, kidney, liver and body: the published examples, and every limit from both sides."""

from decimal import Decimal

import pytest

from grevy.rules.body import classify_bmi, compute_bmi, compute_bsa_dubois, compute_bsa_mosteller
from grevy.rules.cardiac import (
    NYHA_CLASSES,
    NYHA_EXCLUDED,
    QTC_CHANGE_LIMITS_MS,
    QTC_LIMITS_MS,
    classify_blood_pressure,
    classify_dysfunction,
    compute_mean_arterial_pressure,
    compute_qtc_sagie,
    compute_qtcb,
    compute_qtcf,
    compute_rr,
    find_highest_limit,
    flag_lvef,
    mean_of_readings,
)
from grevy.rules.kidney import (
    compute_creatinine_clearance,
    compute_creatinine_clearance_si,
    compute_egfr,
    find_kidney_stage,
)
from grevy.rules.liver import (
    LimitedValue,
    LiverState,
    find_child_pugh_class,
    is_potential_hys_law,
    score_child_pugh,
)

D = Decimal


def shown(value, digits=2):
    return f"{value:.{digits}f}"


def test_corrected_qt():
    assert shown(compute_qtcf(D(400), D(800))) == "430.89"
    assert shown(compute_qtcb(D(400), D(800))) == "447.21"
    assert shown(compute_qtcf(D(380), compute_rr(D(75)))) == "409.34"
    assert shown(compute_qtc_sagie(D(400), D(800))) == "430.80"
    # at RR of one second, and of 0.512 = 0.8 cubed, nothing is lost
    assert compute_qtcf(D(450), D(1000)) == 450
    assert compute_qtcf(D(400), D(512)) == 500
    assert mean_of_readings([D(440), D(450), D(460)]) == 450
    assert mean_of_readings([]) is None


@pytest.mark.parametrize(
    ("value", "expected"), [("450", None), ("450.1", 450), ("480", 450), ("481", 480), ("501", 500)]
)
def test_qtc_category_begins_above_its_limit(value, expected):
    assert find_highest_limit(D(value), QTC_LIMITS_MS) == expected


def test_change_of_qtc_in_categories():
    assert [find_highest_limit(D(change), QTC_CHANGE_LIMITS_MS) for change in (30, 31, 60, 61)] == [
        *(None, 30, 30, 60)
    ]


@pytest.mark.parametrize(
    ("systolic", "diastolic", "expected"),
    [
        (139, 89, 0),
        (140, 80, 1),
        (130, 90, 1),
        (159, 99, 1),
        (160, 80, 2),
        (130, 100, 2),
        (179, 110, 3),
        (180, 60, 3),
    ],
)
def test_categories_of_blood_pressure(systolic, diastolic, expected):
    assert classify_blood_pressure(D(systolic), D(diastolic)) == expected


def test_mean_arterial_pressure():
    assert shown(compute_mean_arterial_pressure(D(150), D(95)), 1) == "113.3"


@pytest.mark.parametrize(
    ("lvef", "base", "expected"),
    [
        (50, 60, []),
        (49, None, ["BELOW_50"]),
        (49, 58, ["BELOW_50"]),
        (49, 59, ["BELOW_50", "FALL_10_BELOW_LIMIT"]),
        (55, 75, ["FALL_20"]),
        (40, 60, ["BELOW_50", "FALL_10_BELOW_LIMIT", "FALL_20"]),
    ],
)
def test_flags_of_the_ejection_fraction(lvef, base, expected):
    assert flag_lvef(D(lvef), base and D(base)) == expected


@pytest.mark.parametrize(
    ("lvef", "base", "fall", "rise", "expected"),
    [
        (60, 62, None, False, "NONE"),
        (60, 62, "15", False, "NONE"),
        (60, 62, "15.1", False, "MILD"),
        (50, 62, None, True, "MILD"),
        (49, 59, None, False, "MODERATE"),
        (49, 58, None, False, "NONE"),
        (49, 58, "16", False, "MODERATE"),
        (40, 50, None, False, "MODERATE"),
        (39, 60, None, False, "SEVERE"),
        (39, 39, None, True, "NONE"),
        (45, 48, None, True, "NONE"),
    ],
)
def test_groups_of_cardiac_dysfunction(lvef, base, fall, rise, expected):
    found = classify_dysfunction(D(lvef), D(base), gls_fall=fall and D(fall), has_biomarker_rise=rise)
    assert found.value == expected


def test_nyha_three_and_four_are_excluded():
    assert {1, 2} == set(NYHA_CLASSES) - NYHA_EXCLUDED


@pytest.mark.parametrize(
    ("sex", "age", "creatinine", "expected"),
    [("M", 60, "1.0", "86.16"), ("F", 50, "0.8", "89.71"), ("M", 70, "1.5", "49.77")],
)
def test_egfr_by_ckd_epi_2021(sex, age, creatinine, expected):
    assert shown(compute_egfr(D(creatinine), age, sex)) == expected
    assert shown(compute_egfr(D(creatinine) * D("88.42"), age, sex, unit="umol/L")) == expected


@pytest.mark.parametrize(
    ("sex", "age", "weight", "creatinine", "expected", "expected_si"),
    [("M", 60, 70, "1.0", "77.78", "77.90"), ("F", 50, 55, "0.8", "73.05", "72.78")],
)
def test_clearance_by_cockcroft_gault(sex, age, weight, creatinine, expected, expected_si):
    assert shown(compute_creatinine_clearance(D(creatinine), age, D(weight), sex)) == expected
    umol = D(creatinine) * D("88.42")
    assert shown(compute_creatinine_clearance_si(umol, age, D(weight), sex)) == expected_si


def test_sex_unknown_to_the_formula_is_refused():
    with pytest.raises(ValueError, match="sex 'U' is not known"):
        compute_egfr(D(1), 60, "U")


@pytest.mark.parametrize(
    ("egfr", "stage"),
    [
        ("90", "G1"),
        ("89.9", "G2"),
        ("60", "G2"),
        ("59.9", "G3a"),
        ("45", "G3a"),
        ("44.9", "G3b"),
        ("30", "G3b"),
        ("29.9", "G4"),
        ("15", "G4"),
        ("14.9", "G5"),
        ("0", "G5"),
    ],
)
def test_stages_of_kidney_disease_have_no_gap(egfr, stage):
    assert find_kidney_stage(D(egfr)) == stage


BEST = {"bilirubin": D(20), "albumin": D(40), "inr": D(1), "ascites": "NONE", "encephalopathy": 0}


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({}, 5),
        ({"bilirubin": D("33.9")}, 5),
        ({"bilirubin": D(34)}, 6),
        ({"bilirubin": D(51)}, 6),
        ({"bilirubin": D("51.1")}, 7),
        ({"albumin": D("35.1")}, 5),
        ({"albumin": D(35)}, 6),
        ({"albumin": D(28)}, 6),
        ({"albumin": D("27.9")}, 7),
        ({"inr": D("1.69")}, 5),
        ({"inr": D("1.7")}, 6),
        ({"inr": D("2.3")}, 6),
        ({"inr": D("2.31")}, 7),
        ({"inr": None, "prolonged_pt": D("3.9")}, 5),
        ({"inr": None, "prolonged_pt": D(6)}, 6),
        ({"inr": None, "prolonged_pt": D("6.1")}, 7),
        ({"inr": None}, None),
        ({"ascites": "CONTROLLED"}, 6),
        ({"ascites": "MODERATE"}, 7),
        ({"encephalopathy": 2}, 6),
        ({"encephalopathy": 3}, 7),
    ],
)
def test_points_of_child_pugh(change, points):
    assert score_child_pugh(LiverState(**(BEST | change))) == points


def test_classes_of_child_pugh():
    assert [find_child_pugh_class(points) for points in (5, 6, 7, 9, 10, 15)] == list("AABBCC")
    worst = LiverState(D(60), D(20), "MODERATE", 4, inr=D(3))
    assert score_child_pugh(worst) == 15


@pytest.mark.parametrize(
    ("alt", "bilirubin", "alp", "days", "expected"),
    [
        # limits 40, 20 and 120: exactly 3.0 is met, exactly 2.0 is not
        ("120", "40.1", "100", 0, True),
        ("119.9", "40.1", "100", 0, False),
        ("120", "40", "100", 0, False),
        ("120", "40.1", "239", 0, True),
        ("120", "40.1", "240", 0, False),
        ("120", "40.1", None, 0, True),
        ("120", "40.1", "100", 3, True),
        ("120", "40.1", "100", -3, True),
        ("120", "40.1", "100", 4, False),
    ],
)
def test_potential_hys_law(alt, bilirubin, alp, days, expected):
    values = (
        LimitedValue(D(alt), D(40)),
        LimitedValue(D(bilirubin), D(20)),
        alp and LimitedValue(D(alp), D(120)),
    )
    assert is_potential_hys_law(*values, days_apart=days) is expected


def test_plan_may_include_bilirubin_at_its_limit():
    values = LimitedValue(D(120), D(40)), LimitedValue(D(40), D(20))
    assert is_potential_hys_law(*values, includes_bilirubin_limit=True)


def test_size_of_the_body():
    assert shown(compute_bsa_mosteller(D(170), D(65)), 4) == "1.7520"
    assert shown(compute_bsa_dubois(D(170), D(65)), 4) == "1.7536"
    assert shown(compute_bmi(D(170), D(65)), 2) == "22.49"
    classes = [classify_bmi(D(bmi)) for bmi in ("18.4", "18.5", "23.95", "24", "27.9", "28")]
    assert classes == ["UNDERWEIGHT", "NORMAL", "NORMAL", "OVERWEIGHT", "OVERWEIGHT", "OBESE"]
