"""Vital signs, ECG, heart and performance status: readings, derived parameters, grades and categories."""

import pytest

from grevy.adam.adecog import build_adecog
from grevy.adam.adeg import build_adcv, build_adeg
from grevy.adam.advs import build_advs
from grevy.rules.cardiac import compute_qtcb, compute_qtcf
from tests.spec.measured import build, pick

PRESSURES = """
    VSTESTCD | VSSTRESN | VSSTRESU | VSDTC      | VISITNUM | VSTPT    | VSTPTNUM
    SYSBP    | 120      | mmHg     | 2024-03-01 | 1        | LYING    | 1
    SYSBP    | 124      | mmHg     | 2024-03-01 | 1        | STANDING | 2
    DIABP    | 70       | mmHg     | 2024-03-01 | 1        | LYING    | 1
    DIABP    | 74       | mmHg     | 2024-03-01 | 1        | STANDING | 2
    SYSBP    | 150      | mmHg     | 2024-04-01 | 2        | LYING    | 1
    SYSBP    | 150      | mmHg     | 2024-04-01 | 2        | STANDING | 2
    DIABP    | 99       | mmHg     | 2024-04-01 | 2        | LYING    | 1
    DIABP    | 101      | mmHg     | 2024-04-01 | 2        | STANDING | 2
"""


def test_readings_of_a_visit_are_averaged():
    rows = build(build_advs, "VS", PRESSURES)
    assert pick(rows, "SYSBP", "AVAL", "BASE", "CHG", "ABLFL", "DTYPE") == [
        (122, 122, None, "Y", "AVERAGE"),
        (150, 122, 28, None, "AVERAGE"),
    ]
    assert pick(rows, "MAP", "AVAL") == [pytest.approx((122 + 144) / 3), pytest.approx(350 / 3)]


def test_pressure_is_graded_by_the_higher_of_systolic_and_diastolic():
    rows = build(build_advs, "VS", PRESSURES)
    assert pick(rows, "BPGR", "ATOXGRH", "BTOXGRH", "WGRHFL", "ABLFL") == [
        (1, 1, None, "Y"),
        (3, 1, "Y", None),
    ]


def test_each_reading_may_stay_with_a_baseline_of_its_time_point():
    rows = build(build_advs, "VS", PRESSURES, {"measurement.readings": "each"})
    assert pick(rows, "SYSBP", "ATPT", "AVAL", "BASE") == [
        ("LYING", 120, 120),
        ("STANDING", 124, 124),
        ("LYING", 150, 120),
        ("STANDING", 150, 124),
    ]


def test_weight_loss_is_graded_from_baseline():
    rows = build(build_advs, "VS", """
        VSTESTCD | VSSTRESN | VSSTRESU | VSDTC
        WEIGHT   | 60       | kg       | 2024-03-01
        WEIGHT   | 57.1     | kg       | 2024-04-01
        WEIGHT   | 57       | kg       | 2024-04-08
        WEIGHT   | 54       | kg       | 2024-04-15
        WEIGHT   | 48       | kg       | 2024-04-22
    """)  # fmt: skip
    assert pick(rows, "WEIGHT", "ATOXGRL") == [None, 0, 1, 2, 3]  # nothing to compare the baseline with
    assert pick(rows, "BMI", "AVAL")[0] == pytest.approx(60 / 1.7**2)


def test_corrected_qt_is_that_of_the_rules_and_printed_only_without_qt():
    rows = build(build_adeg, "EG", """
        EGTESTCD | EGSTRESN | EGSTRESU | EGDTC
        QTAG     | 380      | ms       | 2024-03-01
        EGHRMN   | 75       | beats/min| 2024-03-01
        QTAG     | 400      | ms       | 2024-04-01
        RRAG     | 800      | ms       | 2024-04-01
        EGHRMN   | 60       | beats/min| 2024-04-01   # the interval itself goes before
        QTCFAG   | 471      | ms       | 2024-04-08
    """)  # fmt: skip
    assert pick(rows, "QTCF", "AVAL", "DTYPE") == [
        (pytest.approx(float(compute_qtcf(380, 800)), abs=1e-3), "DERIVED"),
        (pytest.approx(430.89, abs=5e-3), "DERIVED"),
        (471, "PRINTED"),
    ]
    assert pick(rows, "QTCB", "AVAL")[1] == pytest.approx(float(compute_qtcb(400, 800)), abs=1e-3)
    # 471 is above 450 and a rise of more than 60 from 409.3: grade 3
    assert pick(rows, "QTCF", "ATOXGRH", "CRIT1FL", "CRIT2FL", "CRIT5FL")[2] == (3, "Y", "N", "Y")


def test_fall_of_the_ejection_fraction():
    rows = build(build_adcv, "CV", """
        CVTESTCD | CVSTRESC | CVDTC
        LVEF     | 66       | 2024-03-01
        LVEF     | 57       | 2024-04-01
        LVEF     | 49       | 2024-04-08
        LVEF     | 46       | 2024-04-15
    """)  # fmt: skip
    assert pick(rows, "LVEF", "ATOXGRL", "CRIT1FL", "CRIT2FL", "CRIT3FL") == [
        (0, "N", "N", None),
        (0, "N", "N", "N"),
        (2, "Y", "Y", "N"),
        (3, "Y", "Y", "Y"),
    ]


def test_performance_status_has_one_value_a_visit():
    rows = build(build_adecog, "RS", """
        RSTESTCD | RSSTRESC | RSDTC      | VISITNUM | VISIT
        ECOG101  | 1        | 2024-03-01 | 1        | SCREENING
        ECOG101  | 0        | 2024-03-10 | 2        | CYCLE 1 DAY 1
        ECOG101  | 2        | 2024-04-01 | 3        | CYCLE 2 DAY 1
        OVRLRESP | PD       | 2024-04-01 | 3        | CYCLE 2 DAY 1
        # at no planned visit
        ECOG101  | 3        | 2024-04-08 | 3.01     | UNSCHEDULED
    """)  # fmt: skip
    assert pick(rows, "ECOG101", "AVAL", "CHG", "ABLFL", "ANL01FL") == [
        (1, None, None, "Y"),
        (0, None, "Y", "Y"),
        (2, 2, None, "Y"),
        (3, 3, None, None),
    ]
