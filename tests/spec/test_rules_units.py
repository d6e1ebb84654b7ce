"""Units of the laboratory: a factor belongs to a test, and thresholds survive the way there and back."""

from decimal import Decimal

import pytest

from grevy.rules.units import TO_STANDARD, compute_factor, convert, find_standard_unit


@pytest.mark.parametrize(
    ("test", "value", "unit", "expected", "standard"),
    [
        # domain conversions
        ("CREAT", "1", "mg/dL", "88.42", "umol/L"),
        ("BILI", "2", "mg/dL", "34.2", "umol/L"),
        ("GLUC", "180.16", "mg/dL", "10", "mmol/L"),
        ("TRIG", "88.57", "mg/dL", "1", "mmol/L"),
        ("CHOL", "77.34", "mg/dL", "2", "mmol/L"),
        ("HDL", "38.67", "mg/dL", "1", "mmol/L"),
        ("LDL", "38.67", "mg/dL", "1", "mmol/L"),
        ("CA", "10", "mg/dL", "2.495", "mmol/L"),
        ("URATE", "7", "mg/dL", "416.36", "umol/L"),
        ("HGB", "13.2", "g/dL", "132", "g/L"),
        # the same number in another name
        ("WBC", "5.5", "10^3/uL", "5.5", "10^9/L"),
        ("RBC", "4.5", "10^6/uL", "4.5", "10^12/L"),
        ("K", "4.1", "mEq/L", "4.1", "mmol/L"),
        ("TSH", "3.2", "uIU/mL", "3.2", "mIU/L"),
        ("CGA", "95", "ug/L", "95", "ng/mL"),
        ("BNPPRONT", "125", "pg/mL", "125", "ng/L"),
        # powers of ten
        ("NEUT", "1490", "/uL", "1.49", "10^9/L"),
        ("ALB", "3.5", "g/dL", "35", "g/L"),
        ("PROT", "7", "g/dL", "70", "g/L"),
        ("FIBRINO", "300", "mg/dL", "3", "g/L"),
        ("PROTEXR", "3500", "mg/day", "3.5", "g/day"),
        ("PROTCRT", "500", "mg/g", "0.5", "g/g"),
        ("TROPONT", "0.014", "ng/mL", "14", "ng/L"),
        ("ALT", "1", "ukat/L", "60", "U/L"),
        ("MG", "2", "mEq/L", "1", "mmol/L"),
    ],
)
def test_value_is_converted_to_the_standard_unit(test, value, unit, expected, standard):
    assert find_standard_unit(test) == standard
    assert convert(test, Decimal(value), unit, standard) == Decimal(expected)


@pytest.mark.parametrize(
    ("test", "unit", "factor"),
    [
        # factors as laboratories print them, to the digits they print
        ("UREA", "mg/dL", "0.1665"),
        ("UREAN", "mg/dL", "0.3570"),
        ("MG", "mg/dL", "0.4114"),
        ("PHOS", "mg/dL", "0.3229"),
        ("T3FR", "pg/mL", "1.5362"),
        ("T4FR", "ng/dL", "12.8722"),
        ("IA5OHEXR", "mg/day", "5.2307"),
        ("GLUC", "mg/dL", "0.0555"),
        ("TRIG", "mg/dL", "0.0113"),
    ],
)
def test_factor_agrees_with_the_printed_one(test, unit, factor):
    found = compute_factor(test, unit, find_standard_unit(test))
    assert found.quantize(Decimal("0.0001")) == Decimal(factor)


@pytest.mark.parametrize(
    ("test", "unit"), [(test, unit) for test, units in TO_STANDARD.items() for unit in units]
)
def test_thresholds_survive_the_way_there_and_back(test, unit):
    standard = find_standard_unit(test)
    for value in map(Decimal, ("0.5", "1.71", "3.43", "88.42", "601")):
        there = value * compute_factor(test, standard, unit)
        assert convert(test, there, unit, standard) == value
    assert abs(compute_factor(test, unit, standard) * compute_factor(test, standard, unit) - 1) < Decimal(
        "1e-26"
    )


def test_unknown_test_or_unit_is_refused_by_name():
    with pytest.raises(ValueError, match="'g/gal' is not known for test HGB; known: g/L, g/dL"):
        compute_factor("HGB", "g/gal", "g/L")
    with pytest.raises(ValueError, match="no units are known for test 'XYZ'"):
        compute_factor("XYZ", "g/dL", "g/L")
    # a unit is always itself
    assert compute_factor("SYSBP", "mmHg", "mmHg") == 1
