"""Units of the laboratory: one factor from a unit to another, by test, for a molar mass is of a substance.

Tests are CDISC LBTESTCD. A factor is kept as an exact fraction of decimals, for 1 / 18.016 has no end.
"""

from decimal import Context, Decimal
from fractions import Fraction

DIGITS = 12
"""Significant digits of a converted value: far more than any laboratory prints, and few
enough that a threshold converted there and back is the threshold again."""

_DIGITS = Context(prec=DIGITS)
_FACTOR_DIGITS = Context(prec=28)

# Factors to the standard unit, which is the one with factor 1 that stands first.
_CELLS = {"10^9/L": "1", "10^3/uL": "1", "/uL": "1/1000"}
_ERYTHROCYTES = {"10^12/L": "1", "10^6/uL": "1"}
_ENZYME = {"U/L": "1", "IU/L": "1", "ukat/L": "60"}  # 1 katal = 1 mol/s, 1 U = 1 umol/min
_PROTEIN = {"g/L": "1", "g/dL": "10"}
_MONOVALENT = {"mmol/L": "1", "mEq/L": "1"}
_MASS = {"ng/mL": "1", "ug/L": "1"}
_PER_LITER = {"ng/L": "1", "pg/mL": "1", "ng/mL": "1000", "ug/L": "1000"}
_BILIRUBIN = {"umol/L": "1", "mg/dL": "17.1"}  # 584.66 g/mol; laboratories print 17.1
_CHOLESTEROL = {"mmol/L": "1", "mg/dL": "1/38.67"}  # 386.65 g/mol; laboratories print 38.67
_CALCIUM = {"mmol/L": "1", "mg/dL": "0.2495", "mEq/L": "0.5"}  # 40.08 g/mol, two charges
_SECONDS = {"s": "1", "sec": "1"}
_CLEARANCE = {"mL/min": "1"}

_TO_STANDARD: dict[str, dict[str, str]] = {
    # --- blood count
    **dict.fromkeys(("WBC", "NEUT", "LYM", "PLAT", "MONO", "EOS", "BASO"), _CELLS),
    "RBC": _ERYTHROCYTES,
    "HGB": _PROTEIN,
    # --- chemistry
    **dict.fromkeys(("ALT", "AST", "ALP", "GGT", "LDH", "CK", "AMYLASE", "LIPASET"), _ENZYME),
    **dict.fromkeys(("BILI", "BILDIR"), _BILIRUBIN),
    **dict.fromkeys(("ALB", "PROT"), _PROTEIN),
    "UREA": {"mmol/L": "1", "mg/dL": "10/60.056"},  # urea, 60.056 g/mol
    "UREAN": {"mmol/L": "1", "mg/dL": "10/28.014"},  # its nitrogen (BUN), two atoms: another figure in mg/dL
    "CREAT": {"umol/L": "1", "mg/dL": "88.42"},  # 113.12 g/mol
    "URATE": {"umol/L": "1", "mg/dL": "59.48"},  # 168.11 g/mol
    "GLUC": {"mmol/L": "1", "mg/dL": "1/18.016"},  # 180.16 g/mol
    **dict.fromkeys(("K", "SODIUM", "CL"), _MONOVALENT),
    **dict.fromkeys(("CA", "CACRALB"), _CALCIUM),
    "MG": {"mmol/L": "1", "mg/dL": "10/24.305", "mEq/L": "0.5"},  # 24.305 g/mol, two charges
    "PHOS": {"mmol/L": "1", "mg/dL": "10/30.974"},  # as phosphorus, 30.974 g/mol
    # --- lipids
    "TRIG": {"mmol/L": "1", "mg/dL": "1/88.57"},  # as triolein, 885.4 g/mol; laboratories print 88.57
    **dict.fromkeys(("CHOL", "HDL", "LDL"), _CHOLESTEROL),
    # --- coagulation
    "FIBRINO": {"g/L": "1", "mg/dL": "1/100"},
    "INR": {"RATIO": "1"},
    **dict.fromkeys(("APTT", "PT"), _SECONDS),
    # --- thyroid
    "TSH": {"mIU/L": "1", "uIU/mL": "1", "mU/L": "1", "uU/mL": "1"},
    "T3FR": {"pmol/L": "1", "pg/mL": "1000/650.97", "ng/L": "1000/650.97"},  # triiodothyronine, 650.97 g/mol
    "T4FR": {"pmol/L": "1", "ng/dL": "10000/776.87", "pg/mL": "1000/776.87"},  # thyroxine, 776.87 g/mol
    # --- markers
    **dict.fromkeys(("CGA", "NSE"), _MASS),
    "IA5OHEXR": {"umol/day": "1", "mg/day": "1000/191.18"},  # 5-hydroxyindoleacetic acid, 191.18 g/mol
    **dict.fromkeys(("BNPPRONT", "TROPONT", "TROPONI"), _PER_LITER),
    # --- urine
    "PROTEXR": {"g/day": "1", "mg/day": "1/1000"},
    "PROTCRT": {"g/g": "1", "mg/g": "1/1000", "mg/mmol": "8.842/1000"},  # creatinine as above
    # --- kidney
    **dict.fromkeys(("CREATCLR", "GFRE"), _CLEARANCE),
    "GFRBSCRT": {"mL/min/1.73m2": "1"},
}


def _read_fraction(text: str) -> Fraction:
    over, _, under = text.partition("/")
    return Fraction(over) / Fraction(under or 1)


TO_STANDARD: dict[str, dict[str, Fraction]] = {
    test: {unit: _read_fraction(text) for unit, text in units.items()} for test, units in _TO_STANDARD.items()
}
"""Test to unit to the factor that gives the standard unit, which stands first."""


def find_standard_unit(test: str) -> str:
    """Unit in which values of the test are kept and graded."""
    if test not in TO_STANDARD:
        raise ValueError(f"no units are known for test {test!r}; known: {', '.join(sorted(TO_STANDARD))}")
    return next(iter(TO_STANDARD[test]))


def compute_factor(test: str, from_unit: str, to_unit: str) -> Decimal:
    """Factor that a value in `from_unit` is multiplied by to be in `to_unit`.

    Creatinine from mg/dL to umol/L: 88.42. A unit is always itself, whatever the test.
    """
    ratio = _find_ratio(test, from_unit, to_unit)
    return _FACTOR_DIGITS.divide(Decimal(ratio.numerator), Decimal(ratio.denominator))


def convert(test: str, value: Decimal, from_unit: str, to_unit: str) -> Decimal:
    """Value in the other unit, in exact arithmetic and then `DIGITS` significant digits."""
    if from_unit == to_unit:
        return value
    converted = Fraction(value) * _find_ratio(test, from_unit, to_unit)
    return _DIGITS.divide(Decimal(converted.numerator), Decimal(converted.denominator))


def _find_ratio(test: str, from_unit: str, to_unit: str) -> Fraction:
    if from_unit == to_unit:
        return Fraction(1)
    find_standard_unit(test)
    units = TO_STANDARD[test]
    for unit in (from_unit, to_unit):
        if unit not in units:
            raise ValueError(f"unit {unit!r} is not known for test {test}; known: {', '.join(units)}")
    return units[from_unit] / units[to_unit]
