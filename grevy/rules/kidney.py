"""Function of the kidney: CKD-EPI 2021, Cockcroft-Gault, stages of chronic kidney disease."""

from decimal import Decimal

from grevy.rules.units import convert

_KEPT = Decimal("0.000001")

_CKD_EPI = {"F": (Decimal("0.7"), Decimal("-0.241")), "M": (Decimal("0.9"), Decimal("-0.302"))}
"""Sex to the creatinine in mg/dL where the curve bends, and the exponent below it."""
_CKD_EPI_ABOVE = Decimal("-1.200")
_CKD_EPI_AGE = Decimal("0.9938")
_CKD_EPI_FEMALE = Decimal("1.012")

_GAULT_FEMALE = Decimal("0.85")
_GAULT_SI = {"M": Decimal("1.23"), "F": Decimal("1.04")}

CKD_STAGES = (("G1", 90), ("G2", 60), ("G3a", 45), ("G3b", 30), ("G4", 15), ("G5", 0))
"""Stage and the eGFR it reaches down to."""
SEVERE_IMPAIRMENT_BELOW = Decimal(30)
"""mL/min: excluded as severe renal impairment."""


def _check_sex(sex: str) -> None:
    if sex not in _CKD_EPI:
        raise ValueError(f"sex {sex!r} is not known to the formula; known: M, F")


def compute_egfr(creatinine: Decimal, age: int, sex: str, *, unit: str = "mg/dL") -> Decimal:
    """eGFR by CKD-EPI 2021 in mL/min/1.73 m2, without race; a man of 60 with 1.0 mg/dL has 86.16."""
    _check_sex(sex)
    bend, below = _CKD_EPI[sex]
    relative = convert("CREAT", creatinine, unit, "mg/dL") / bend
    egfr = 142 * min(relative, Decimal(1)) ** below * max(relative, Decimal(1)) ** _CKD_EPI_ABOVE
    return (egfr * _CKD_EPI_AGE**age * (_CKD_EPI_FEMALE if sex == "F" else 1)).quantize(_KEPT)


def compute_creatinine_clearance(creatinine: Decimal, age: int, weight_kg: Decimal, sex: str) -> Decimal:
    """Clearance by Cockcroft-Gault in mL/min from creatinine in mg/dL; a man of 60, 70 kg, 1.0 has 77.78."""
    _check_sex(sex)
    clearance = (140 - age) * weight_kg / (72 * creatinine)
    return (clearance * (_GAULT_FEMALE if sex == "F" else 1)).quantize(_KEPT)


def compute_creatinine_clearance_si(creatinine: Decimal, age: int, weight_kg: Decimal, sex: str) -> Decimal:
    """Clearance by Cockcroft-Gault in mL/min from creatinine in umol/L.

    The constants 1.23 and 1.04 are rounded, so that it differs from the other form by 0.2 to 0.4 percent.
    """
    _check_sex(sex)
    return ((140 - age) * weight_kg * _GAULT_SI[sex] / creatinine).quantize(_KEPT)


def find_kidney_stage(egfr: Decimal) -> str:
    """Stage of chronic kidney disease by eGFR; 59.9 is G3a, there is no gap between stages."""
    return next(stage for stage, at_least in CKD_STAGES if egfr >= at_least)
