"""CTCAE grades: the worked values of both versions, and every threshold against a plain twin."""

from decimal import Decimal
from itertools import product

import pytest

from grevy.rules.ctcae import (
    CRITERIA,
    RECORDED,
    WORST_CASE,
    Condition,
    Direction,
    Operand,
    compute_corrected_calcium,
    find_criteria,
    grade_test,
    grade_value,
    is_graded_within_limits,
    name_term,
)
from grevy.rules.ctcae_criteria import Criterion, bands, read_bound
from grevy.rules.pressure_and_protein import (
    BloodPressure,
    grade_blood_pressure,
    grade_kidney_disease,
    grade_proteinuria,
)
from grevy.rules.units import TO_STANDARD, compute_factor
from tests.oracles.ctcae_twin import TWIN

LOW, HIGH = Direction.LOW, Direction.HIGH


def number(text):
    return None if text is None else Decimal(str(text))


def grade(version, test, direction, value, conditions=RECORDED, **limits):
    numbers = {name: number(limit) for name, limit in limits.items()}
    return grade_test(version, test, direction, number(value), conditions=conditions, **numbers)


# ---------------------------------------------------------------------------------------------------
# Worked values, v5.0 without symptoms unless recorded
# ---------------------------------------------------------------------------------------------------

WORKED = [
    ("HGB", LOW, {"lln": 115}, "115:0 114:1 100:1 99:2 80:2 79:3"),
    ("NEUT", LOW, {"lln": 1.8}, "1.8:0 1.5:1 1.49:2 0.99:3 0.49:4"),
    ("PLAT", LOW, {"lln": 125}, "125:0 75:1 74:2 49:3 24:4"),
    ("ALT", HIGH, {"uln": 40, "base": 30}, "40:0 41:1 120:1 121:2 200:2 201:3 800:3 801:4"),
    ("ALT", HIGH, {"uln": 40, "base": 100}, "149:0 150:1 300:1 301:2 501:3 2001:4"),
    ("BILI", HIGH, {"uln": 20, "base": 15}, "20:0 21:1 30:1 31:2 61:3 201:4"),
    ("BILI", HIGH, {"uln": 20, "base": 40}, "40:0 41:1 60:1 61:2 121:3 401:4"),
    ("CREAT", HIGH, {"uln": 100, "base": 80}, "100:0 101:1 120:1 121:2 240:2 241:3 601:4"),
    ("CREAT", HIGH, {"uln": 100, "base": 60}, "90:0 91:2 181:3"),
    ("K", LOW, {"lln": 3.5}, "3.4:1 2.9:3 2.4:4"),
    ("K", HIGH, {"uln": 5.3}, "5.4:1 5.6:2 6.1:3 7.1:4"),
    ("SODIUM", LOW, {"lln": 135}, "134:1 130:1 129:2 124:3 119:4"),
    ("SODIUM", HIGH, {"uln": 145}, "151:2"),
    ("CACRALB", LOW, {"lln": 2.1}, "2.05:1 1.99:2 1.74:3 1.49:4"),
    ("CACRALB", HIGH, {"uln": 2.6}, "2.95:2"),
    ("ALB", LOW, {"lln": 35}, "34:1 29:2 19:3"),
    ("TRIG", HIGH, {}, "1.70:0 1.71:1 3.42:1 3.43:2 5.71:3 11.5:4"),
    ("URATE", HIGH, {"uln": 420}, "421:1"),
    ("QTCFAG", HIGH, {"base": 445}, "449:0 450:1 480:1 481:2 500:2 501:3 480.5:2 500.5:3"),
    ("QTCFAG", HIGH, {"base": 405}, "465:1 466:3"),
    ("LVEF", LOW, {"base": 66}, "57:0 56:2 46:3 19:4"),
    ("LVEF", LOW, {"base": 55}, "50:0 49:2 39:3 39.5:3"),
    ("WEIGHT", LOW, {"base": 60}, "57.1:0 57:1 54:2 48:3"),
    # the gaps of the text
    ("SODIUM", LOW, {"lln": 135}, "129.5:2"),
    ("GFRBSCRT", LOW, {"lln": 90}, "60:1 59.5:2 29.5:3 14.9:4"),
]


@pytest.mark.parametrize(
    ("test", "direction", "limits", "value", "expected"),
    [
        (test, direction, limits, *pair.split(":"))
        for test, direction, limits, pairs in WORKED
        for pair in pairs.split()
    ],
)
def test_worked_value_of_version_5(test, direction, limits, value, expected):
    if "uln" in limits and "base" in limits:
        limits = limits | {"base_uln": limits["uln"]}
    assert grade("5.0", test, direction, value, **limits) == int(expected)


@pytest.mark.parametrize(
    ("test", "direction", "value", "limits", "expected"),
    [
        ("K", LOW, "3.4", {"lln": "3.5"}, 2),
        ("SODIUM", LOW, "129", {"lln": "135"}, 3),
        ("URATE", HIGH, "421", {"uln": "420"}, 3),
        ("LIPASET", HIGH, "121", {"uln": "60"}, 3),
        ("INR", HIGH, "1.1", {"base": "1.0"}, 1),
    ],
)
def test_worst_case_reads_every_finding_as_symptomatic(test, direction, value, limits, expected):
    assert grade("5.0", test, direction, value, WORST_CASE, **limits) == expected
    assert grade("5.0", test, direction, value, RECORDED, **limits) < expected


@pytest.mark.parametrize(
    ("pressure", "expected"),
    [("119/79", 0), ("125/70", 1), ("150/85", 2), ("130/95", 2), ("165/80", 3), ("150/100", 3)],
)
def test_blood_pressure_of_version_5(pressure, expected):
    assert grade_blood_pressure("5.0", BloodPressure(*map(Decimal, pressure.split("/")))) == expected


@pytest.mark.parametrize(
    ("pressure", "base", "expected"),
    [
        ("139/89", None, 0),  # no grade 1
        ("140/89", None, 2),
        ("160/80", None, 3),
        ("150/110", None, 4),
        ("180/80", None, 4),
        # above 140 with a systolic rise of more than 20
        ("145/80", "125/80", 2),
        ("145/80", "124/80", 3),
        ("140/80", "110/80", 2),
        # above 140 with a mean pressure risen by more than 15: 93 to 108 is 15, and one third more
        ("144/90", "129/75", 2),
        ("145/90", "129/75", 3),
    ],
)
def test_blood_pressure_of_version_6(pressure, base, expected):
    now, before = (each and BloodPressure(*map(Decimal, each.split("/"))) for each in (pressure, base))
    assert grade_blood_pressure("6.0", now, before) == expected


@pytest.mark.parametrize(
    ("dipstick", "grams", "days", "expected"),
    [
        ("NEG", None, 0, 0),
        ("TRACE", None, 0, 0),
        ("1+", None, 0, 1),
        ("2+", None, 0, 2),
        ("3+", None, 0, 2),
        ("4+", None, 0, 3),
        (None, "0.6", 0, 1),
        (None, "0.14", 0, 0),
        (None, "1.0", 0, 2),
        (None, "3.4", 0, 2),
        (None, "3.5", 0, 3),
        (None, None, 0, None),
        # the collection takes precedence within 7 days, either way
        ("3+", "0.8", 0, 1),
        ("3+", "0.8", 7, 1),
        ("3+", "0.8", -7, 1),
        ("3+", "0.8", 8, 2),
        ("1+", "3.5", -8, 1),
        (None, "0.8", 30, 1),
    ],
)
def test_collection_of_24_hours_takes_precedence_over_the_dipstick(dipstick, grams, days, expected):
    for version in CRITERIA:
        assert grade_proteinuria(version, dipstick, number(grams), days_apart=days) == expected


@pytest.mark.parametrize(
    ("egfr", "dipstick", "ratio", "expected"),
    [
        ("95", "1+", "0.5", 0),
        ("95", "2+", None, 1),
        ("95", None, "0.51", 1),
        ("85", None, None, 1),
        ("59.5", "3+", None, 2),
        ("14", None, None, 4),
        (None, "2+", None, 1),
        (None, "1+", None, None),
    ],
)
def test_protein_makes_grade_1_of_a_kidney_that_filters_well(egfr, dipstick, ratio, expected):
    limits = {"lln": Decimal(90), "dipstick": dipstick, "protein_ratio": number(ratio)}
    assert grade_kidney_disease("5.0", number(egfr), **limits) == expected


def test_unknown_dipstick_is_refused():
    with pytest.raises(ValueError, match=r"'5\+' is not known; known: NEG, TRACE"):
        grade_proteinuria("5.0", "5+")


@pytest.mark.parametrize(
    ("test", "direction", "value", "limits", "expected"),
    [
        # one step milder
        ("NEUT", LOW, "1.5", {"lln": "1.8"}, 0),
        ("NEUT", LOW, "0.99", {}, 2),
        ("NEUT", LOW, "0.1", {}, 3),
        ("NEUT", LOW, "0.09", {}, 4),
        ("PLAT", LOW, "10", {"lln": "125"}, 3),
        ("LYM", LOW, "0.1", {"lln": "1.1"}, 1),
        ("ALT", HIGH, "201", {"uln": "40", "base": "100", "base_uln": "40"}, 3),
        ("ALP", HIGH, "2000", {"uln": "120"}, 1),
        # the rule on baseline only from a low one
        ("CREAT", HIGH, "91", {"uln": "100", "base": "60", "base_lln": "45"}, 0),
        ("CREAT", HIGH, "61", {"uln": "100", "base": "40", "base_lln": "45"}, 2),
        ("CREATCLR", LOW, "49", {}, 2),
        ("CREATCLR", LOW, "25", {}, 3),
        ("LIPASET", HIGH, "180", {"uln": "60"}, 2),
        ("PROTCRT", HIGH, "3.5", {}, 2),
        ("GLUC", HIGH, "9", {"uln": "6.1"}, 2),
        ("LVEF", LOW, "45", {"base": "60"}, 2),
        ("LVEF", LOW, "45", {"base": "54"}, 0),
        ("LVEF", LOW, "39", {"base": "54"}, 3),
        ("LVEF", LOW, "38", {"base": "39"}, 0),
        ("LVEF", LOW, "38", {}, None),
        ("CK", HIGH, "5000", {"uln": "200"}, None),
    ],
)
def test_version_6_where_it_differs(test, direction, value, limits, expected):
    assert grade("6.0", test, direction, value, **limits) == expected


def test_new_marker_of_the_heart_makes_dysfunction_of_version_6():
    marker = frozenset({Condition.CARDIAC_MARKER})
    found = [grade("6.0", "LVEF", LOW, value, marker, base=60) for value in (60, 50, 49, 40, 39)]
    assert found == [1, 1, 2, 2, 3]


def test_anticoagulated_patient_is_compared_with_the_baseline():
    taken = frozenset({Condition.ANTICOAGULATED})
    assert [grade("5.0", "INR", HIGH, value, taken, base="1") for value in ("1", "1.1", "1.6", "2.6")] == [
        *(0, 1, 2, 3)
    ]
    assert [grade("5.0", "INR", HIGH, value) for value in ("1.2", "1.21", "1.51", "2.51")] == [0, 1, 2, 3]


# ---------------------------------------------------------------------------------------------------
# Missing limits and baselines
# ---------------------------------------------------------------------------------------------------


def test_grade_is_open_where_a_limit_is_missing_and_needed():
    assert grade("5.0", "HGB", LOW, 120) is None
    assert grade("5.0", "HGB", LOW, 95) == 2
    assert grade("5.0", "ALT", HIGH, 4000) is None
    assert grade("5.0", "MG", HIGH, "1.3") == 3
    assert grade("5.0", "MG", HIGH, "1.0") is None
    assert grade("5.0", "CREAT", HIGH, 400, base=60) is None
    assert grade("5.0", "WEIGHT", LOW, 50) is None
    assert grade("5.0", "HGB", LOW, None, lln=115) is None
    # no criterion at all
    assert grade("5.0", "GLUC", HIGH, 20, uln=6) is None


def test_rule_on_baseline_is_left_out_without_one():
    assert grade("5.0", "CREAT", HIGH, 91, uln=100) == 0
    assert grade("5.0", "QTCFAG", HIGH, 449) == 0
    assert grade("5.0", "LVEF", LOW, 52) == 0
    assert grade("5.0", "ALT", HIGH, 121, uln=40) == 2
    assert grade("5.0", "FIBRINO", LOW, "1.9", lln=2) == 1


@pytest.mark.parametrize(
    ("value", "base", "expected"),
    [
        ("2", "9", 0),
        ("1.9", "2.5", 1),
        ("1.9", "2.6", 2),
        ("1.9", "3.8", 3),
        ("1.9", "7.6", 4),
        ("0.49", None, 4),
    ],
)
def test_fibrinogen_below_its_limit_counts_the_fall_as_well(value, base, expected):
    assert grade("5.0", "FIBRINO", LOW, value, lln=2, base=base) == expected


def test_grade_within_limits_is_flagged():
    assert is_graded_within_limits(2, Decimal(91), None, Decimal(100))
    assert not is_graded_within_limits(2, Decimal(101), None, Decimal(100))
    assert not is_graded_within_limits(0, Decimal(91), None, Decimal(100))
    assert not is_graded_within_limits(2, Decimal(91), None, None)


def test_calcium_is_corrected_for_albumin():
    assert compute_corrected_calcium(Decimal("2.10"), Decimal(30)) == Decimal("2.30")
    assert compute_corrected_calcium(Decimal("2.10"), Decimal(40)) == Decimal("2.10")


def test_unknown_version_is_refused_and_tables_are_checked():
    with pytest.raises(ValueError, match=r"'4\.03' is not known; known: 5\.0, 6\.0"):
        find_criteria("4.03", "ALT")
    with pytest.raises(ValueError, match="begins with none of"):
        read_bound("= 3")
    with pytest.raises(ValueError, match="falling order"):
        Criterion("X", "X", "X", LOW, "g/L", tuple(reversed(bands("< 3", "< 2"))))


# ---------------------------------------------------------------------------------------------------
# Every threshold, both versions, both systems of units, with and without symptoms, against the twin
# ---------------------------------------------------------------------------------------------------

LIMITS = {
    "HGB": ("115", "150"),
    "WBC": ("4", "10"),
    "NEUT": ("1.8", "6.3"),
    "LYM": ("1.1", "3.2"),
    "PLAT": ("125", "350"),
    "CREAT": ("90", "100"),
    "PROTEXR": ("0", "0.15"),
    "PROTCRT": ("0", "0.15"),
    "CACRALB": ("2.1", "2.6"),
    "K": ("3.5", "5.3"),
    "SODIUM": ("135", "145"),
    "MG": ("0.7", "1.1"),
    "GLUC": ("3.9", "6.1"),
    "ALB": ("35", "55"),
    "CHOL": ("2.8", "5.2"),
    "FIBRINO": ("3", "4"),
    "BILI": ("3", "20"),
    "URATE": ("150", "420"),
    "GFRBSCRT": ("90", "120"),
    "CREATCLR": ("90", "120"),
}
BASELINES = {
    "SYSBP": (None, "115", "130"),
    "DIABP": (None, "60", "85"),
    "WEIGHT": (None, "60", "83.7"),
    "QTCFAG": (None, "405", "445"),
    "LVEF": (None, "66", "55", "40", "38"),
    "INR": (None, "0.9", "1.4"),
    "FIBRINO": (None, "2.5", "6.3", "10.4"),
}


def baselines(test, lln, uln):
    """None, below, within and above the limits of the day, unless the test has its own."""
    own = BASELINES.get(test, (None, lln * Decimal("0.9"), uln * Decimal("0.75"), uln, uln * Decimal("2.3")))
    return [number(each) for each in own]


def thresholds(criterion, lln, uln, base):
    numbers = {Operand.ONE: Decimal(1), Operand.LLN: lln, Operand.ULN: uln, Operand.BASE: base}
    return {
        bound.factor * numbers[bound.of] + bound.plus
        for band in criterion.bands
        for bound in band.bounds
        if numbers[bound.of] is not None and bound.left is Operand.VALUE
    }


STEP = Decimal("0.0001")


@pytest.mark.parametrize(("version", "test", "direction"), list(TWIN))
def test_every_threshold_agrees_with_the_twin(version, test, direction):
    criteria = find_criteria(version, test, Direction(direction))
    lln, uln = map(Decimal, LIMITS.get(test, ("10", "40")))
    tried = 0
    for base, symptoms in product(baselines(test, lln, uln), (False, True)):
        # thresholds of all criteria of the test: the right one among them is part of what is tried
        marks = {mark for criterion in criteria for mark in thresholds(criterion, lln, uln, base)}
        # and values all over, in case the table lacks a threshold
        spread = {uln * Decimal(k * k) / 500 for k in range(1, 170)}
        for value in spread | {mark + step for mark in marks for step in (-STEP, 0, STEP)}:
            limits = {"lln": lln, "uln": uln, "base": base, "base_lln": lln, "base_uln": uln}
            expected = TWIN[version, test, direction](value, symptoms=symptoms, version=version, **limits)
            conditions = WORST_CASE if symptoms else RECORDED
            found = grade_test(version, test, Direction(direction), value, conditions=conditions, **limits)
            assert found == expected, f"{test} {value} {limits} symptoms={symptoms}"
            tried += 1
    assert tried >= 250


def test_every_way_to_a_grade_of_fibrinogen_agrees_with_the_twin():
    # lower limits on both sides of 0.5 g/L, baselines on both sides of each fall
    for lln, base, cents in product(
        ("1.8", "3"), (None, "2.5", "3.6", "4.5", "5", "6.3", "10.4", "12.5"), range(30, 320)
    ):
        value, limits = Decimal(cents) / 100, {"lln": number(lln), "base": number(base)}
        expected = TWIN["5.0", "FIBRINO", "LOW"](value, **limits)
        assert grade_test("5.0", "FIBRINO", LOW, value, **limits) == expected, f"{value} {limits}"


def test_every_threshold_of_dysfunction_with_a_marker_agrees_with_the_twin():
    twin = TWIN["6.0", "LVEF", "LOW"]
    for base, tenths in product(BASELINES["LVEF"], range(150, 750)):
        value, before = Decimal(tenths) / 10, number(base)
        expected = twin(value, base=before, version="6.0", marker=True)
        marker = frozenset({Condition.CARDIAC_MARKER})
        assert grade_test("6.0", "LVEF", LOW, value, base=before, conditions=marker) == expected


@pytest.mark.parametrize(
    ("criterion", "unit"),
    [
        pytest.param(criterion, unit, id=f"{version} {criterion.test} {criterion.direction.name} {unit}")
        for version, criteria in CRITERIA.items()
        for criterion in criteria
        for unit in TO_STANDARD.get(criterion.test, {})
        if unit != criterion.unit
    ],
)
def test_every_threshold_is_the_same_in_other_units(criterion, unit):
    lln, uln = map(Decimal, LIMITS.get(criterion.test, ("10", "40")))
    factor = compute_factor(criterion.test, criterion.unit, unit)
    for base in (None, uln * Decimal("0.75"), uln * Decimal("2.3")):
        limits = {"lln": lln, "uln": uln, "base": base}
        converted = {name: each if each is None else each * factor for name, each in limits.items()}
        for mark in thresholds(criterion, **limits):
            for value in (mark - STEP, mark, mark + STEP):
                expected = grade_value(criterion, value, **limits)
                assert grade_value(criterion, value * factor, unit=unit, **converted) == expected


def test_terms_have_names_in_both_languages():
    assert name_term("Anemia").zh == "贫血"
    with pytest.raises(ValueError, match="'Boredom' has no criterion"):
        name_term("Boredom")


def test_twin_knows_every_criterion():
    known = {(version, c.test, c.direction.value) for version, criteria in CRITERIA.items() for c in criteria}
    assert known == set(TWIN)
