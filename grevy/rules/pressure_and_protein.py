"""Grades that take more than one measurement: blood pressure, and protein in the urine."""

from dataclasses import dataclass
from decimal import Decimal

from grevy.rules.ctcae import Direction, grade_test
from grevy.rules.ctcae_criteria import RECORDED, Condition

DIPSTICK_GRADES = {"NEG": 0, "TRACE": 0, "1+": 1, "2+": 2, "3+": 2, "4+": 3}
"""Dipstick for protein, the same in v5.0 and v6.0."""
COLLECTION_WINDOW_DAYS = 7
"""A 24-hour collection within so many days takes the place of the dipstick."""

V6_RISE_FROM_SYSTOLIC = Decimal(140)
V6_RISE_OF_MEAN_PRESSURE = Decimal(15)
"""v6.0: systolic above 140 together with a mean pressure risen by more than 15 mmHg is grade 3."""


@dataclass(frozen=True)
class BloodPressure:
    """Systolic and diastolic pressure in mmHg."""

    systolic: Decimal
    diastolic: Decimal


def grade_blood_pressure(
    version: str,
    pressure: BloodPressure,
    base: BloodPressure | None = None,
    *,
    conditions: frozenset[Condition] = RECORDED,
) -> int:
    """Screening grade of one reading, the higher of systolic and diastolic; 150/100 is grade 3.

    The grade of the adverse event needs the drugs that were started as well.
    """
    systolic = grade_test(
        version,
        "SYSBP",
        Direction.HIGH,
        pressure.systolic,
        base=base.systolic if base else None,
        conditions=conditions,
    )
    diastolic = grade_test(
        version,
        "DIABP",
        Direction.HIGH,
        pressure.diastolic,
        base=base.diastolic if base else None,
        conditions=conditions,
    )
    mean = 3 if version == "6.0" and _has_risen(pressure, base) else 0
    return max(systolic or 0, diastolic or 0, mean)


def _has_risen(pressure: BloodPressure, base: BloodPressure | None) -> bool:
    if base is None or pressure.systolic <= V6_RISE_FROM_SYSTOLIC:
        return False
    # three times the mean pressure is systolic + 2 diastolic, so that nothing is divided
    rise = (pressure.systolic + 2 * pressure.diastolic) - (base.systolic + 2 * base.diastolic)
    return rise > 3 * V6_RISE_OF_MEAN_PRESSURE


def grade_proteinuria(
    version: str,
    dipstick: str | None,
    protein_24h: Decimal | None = None,
    *,
    days_apart: int = 0,
    uln: Decimal | None = None,
) -> int | None:
    """Grade of urine protein; a 24-hour collection in g within 7 days takes the place of the dipstick.

    A dipstick of 3+ with 0.8 g in 24 hours is grade 1.
    """
    if protein_24h is not None and (dipstick is None or abs(days_apart) <= COLLECTION_WINDOW_DAYS):
        return grade_test(version, "PROTEXR", Direction.HIGH, protein_24h, uln=uln)
    if dipstick is not None and dipstick not in DIPSTICK_GRADES:
        raise ValueError(f"dipstick {dipstick!r} is not known; known: {', '.join(DIPSTICK_GRADES)}")
    return None if dipstick is None else DIPSTICK_GRADES[dipstick]


KIDNEY_DIPSTICKS = {"2+", "3+", "4+"}
KIDNEY_RATIO_ABOVE = Decimal("0.5")
"""g of protein per g of creatinine: more is grade 1 of chronic kidney disease, whatever the filtration."""


def grade_kidney_disease(
    version: str,
    egfr: Decimal | None,
    *,
    lln: Decimal | None = None,
    dipstick: str | None = None,
    protein_ratio: Decimal | None = None,
) -> int | None:
    """Grade of chronic kidney disease by filtration, at least 1 with protein in the urine.

    A dipstick of 2+ or a ratio of protein to creatinine above 0.5 makes grade 1 of a normal filtration.
    """
    by_filtration = grade_test(version, "GFRBSCRT", Direction.LOW, egfr, lln=lln)
    has_protein = dipstick in KIDNEY_DIPSTICKS or (
        protein_ratio is not None and protein_ratio > KIDNEY_RATIO_ABOVE
    )
    return max(by_filtration or 0, 1) if has_protein else by_filtration
