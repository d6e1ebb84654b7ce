"""Formulas and categories of the heart: corrected QT, blood pressure, ejection fraction, NYHA class.

Results of roots keep 6 decimals, so that a value that is exactly at a limit is at it.
"""

from decimal import Decimal
from enum import Enum

from grevy.rules.words import Words

_KEPT = Decimal("0.000001")
_MS_PER_MINUTE = Decimal(60000)
_MS_PER_SECOND = Decimal(1000)


def _keep(value: Decimal) -> Decimal:
    return value.quantize(_KEPT)


# ---------------------------------------------------------------------------------------------------
# Electrocardiogram, all in ms (the formulas as admiral has them; ICH E14 for the categories)
# ---------------------------------------------------------------------------------------------------


def compute_rr(heart_rate: Decimal) -> Decimal:
    """RR interval from beats per minute."""
    return _keep(_MS_PER_MINUTE / heart_rate)


def compute_qtcf(qt: Decimal, rr: Decimal) -> Decimal:
    """QT corrected by Fridericia: QT / cube root of RR in seconds; 400 at RR 800 is 430.89."""
    return _keep(qt / (rr / _MS_PER_SECOND) ** (Decimal(1) / 3))


def compute_qtcb(qt: Decimal, rr: Decimal) -> Decimal:
    """QT corrected by Bazett: QT / square root of RR in seconds; 400 at RR 800 is 447.21."""
    return _keep(qt / (rr / _MS_PER_SECOND).sqrt())


def compute_qtc_sagie(qt: Decimal, rr: Decimal) -> Decimal:
    """QT corrected by Sagie: 0.154 seconds are added for each second that RR is short of one."""
    return qt + Decimal("0.154") * (_MS_PER_SECOND - rr)


def mean_of_readings(readings: list[Decimal]) -> Decimal | None:
    """Mean of the readings that were taken together, such as a triplicate electrocardiogram."""
    return sum(readings, Decimal(0)) / len(readings) if readings else None


QTC_LIMITS_MS = (450, 480, 500)
QTC_CHANGE_LIMITS_MS = (30, 60)
"""A category begins above its limit; ICH E14."""


def find_highest_limit(value: Decimal, limits: tuple[int, ...]) -> int | None:
    """Highest limit that a value is above, none if it is above none: 480 is above 450 only."""
    return max((limit for limit in limits if value > limit), default=None)


# ---------------------------------------------------------------------------------------------------
# Blood pressure
# ---------------------------------------------------------------------------------------------------

BLOOD_PRESSURE_STEPS = ((3, 180, 110), (2, 160, 100), (1, 140, 90))
"""Grade of hypertension, from which systolic and diastolic pressure on (ESC/ESH)."""


def compute_mean_arterial_pressure(systolic: Decimal, diastolic: Decimal) -> Decimal:
    """(SBP + 2 DBP) / 3; 150/95 is 113.3."""
    return _keep((systolic + 2 * diastolic) / 3)


def classify_blood_pressure(systolic: Decimal, diastolic: Decimal) -> int:
    """Grade of hypertension 1 to 3 by ESC/ESH, 0 below 140/90; this is not the CTCAE grade."""
    for grade, from_systolic, from_diastolic in BLOOD_PRESSURE_STEPS:
        if systolic >= from_systolic or diastolic >= from_diastolic:
            return grade
    return 0


# ---------------------------------------------------------------------------------------------------
# Function
# ---------------------------------------------------------------------------------------------------

LVEF_NORMAL = Decimal(50)
LVEF_SEVERE = Decimal(40)
LVEF_FALL = Decimal(10)
LVEF_LARGE_FALL = Decimal(20)
GLS_RELATIVE_FALL = Decimal(15)
"""Percent of the baseline."""


def flag_lvef(lvef: Decimal, base: Decimal | None, lln: Decimal | None = None) -> list[str]:
    """What is to be looked at: BELOW_50, FALL_10_BELOW_LIMIT (points, to below the limit), FALL_20."""
    flags = ["BELOW_50"] if lvef < LVEF_NORMAL else []
    if base is not None and base - lvef >= LVEF_FALL and lvef < (LVEF_NORMAL if lln is None else lln):
        flags.append("FALL_10_BELOW_LIMIT")
    if base is not None and base - lvef >= LVEF_LARGE_FALL:
        flags.append("FALL_20")
    return flags


class Dysfunction(Enum):
    """Asymptomatic cardiac dysfunction under cancer treatment (ESC 2022)."""

    NONE = "NONE"
    MILD = "MILD"
    MODERATE = "MODERATE"
    SEVERE = "SEVERE"


def classify_dysfunction(
    lvef: Decimal, base: Decimal, *, gls_fall: Decimal | None = None, has_biomarker_rise: bool = False
) -> Dysfunction:
    """Group of new asymptomatic dysfunction from the ejection fraction, the fall of the strain, a biomarker.

    `gls_fall` is relative, in percent of the baseline; a fall of exactly 15 percent does not count.
    """
    has_marker = has_biomarker_rise or (gls_fall is not None and gls_fall > GLS_RELATIVE_FALL)
    if lvef < LVEF_SEVERE:
        return Dysfunction.SEVERE if base >= LVEF_SEVERE else Dysfunction.NONE
    if lvef >= LVEF_NORMAL:
        return Dysfunction.MILD if has_marker else Dysfunction.NONE
    has_new_fall = base >= LVEF_NORMAL
    if base - lvef >= LVEF_FALL or (has_new_fall and has_marker):
        return Dysfunction.MODERATE
    return Dysfunction.NONE


NYHA_CLASSES: dict[int, Words] = {
    1: Words("No limitation", "活动不受限"),
    2: Words("Slight limitation, comfortable at rest", "活动轻度受限，休息时无症状"),
    3: Words("Marked limitation, comfortable at rest", "活动明显受限，休息时无症状"),
    4: Words("Symptoms at rest", "休息时有症状"),
}
NYHA_EXCLUDED = {3, 4}
