"""Liver: Child-Pugh class as an operational measure, and potential Hy's law."""

from dataclasses import dataclass
from decimal import Decimal

BILIRUBIN_UMOL = (Decimal(34), Decimal(51))
ALBUMIN_G = (Decimal(28), Decimal(35))
INR = (Decimal("1.7"), Decimal("2.3"))
PROLONGED_PT_S = (Decimal(4), Decimal(6))
"""Two points are from the lower to the upper one, both included."""

ASCITES_POINTS = {"NONE": 1, "MILD": 2, "CONTROLLED": 2, "MODERATE": 3}
"""Controlled means by diuretics; moderate or more despite them is 3."""
ENCEPHALOPATHY_POINTS = {0: 1, 1: 2, 2: 2, 3: 3, 4: 3}

CHILD_PUGH_CLASSES = (("C", 10), ("B", 7), ("A", 5))
"""Class and the points it begins with; C is severe impairment and excluded. Metastases are no cirrhosis."""


@dataclass(frozen=True)
class LiverState:
    """What Child-Pugh asks for, in umol/L and g/L; INR or the seconds that PT is prolonged by."""

    bilirubin: Decimal
    albumin: Decimal
    ascites: str
    encephalopathy: int
    inr: Decimal | None = None
    prolonged_pt: Decimal | None = None


def _count_points(value: Decimal, limits: tuple[Decimal, Decimal]) -> int:
    low, high = limits
    if value < low:
        return 1
    return 2 if value <= high else 3


def score_child_pugh(state: LiverState) -> int | None:
    """Points 5 to 15; None without INR and without PT."""
    if state.inr is not None:
        clotting = _count_points(state.inr, INR)
    elif state.prolonged_pt is not None:
        clotting = _count_points(state.prolonged_pt, PROLONGED_PT_S)
    else:
        return None
    return (
        _count_points(state.bilirubin, BILIRUBIN_UMOL)
        + 4
        - _count_points(state.albumin, ALBUMIN_G)  # the low value is the bad one here
        + clotting
        + ASCITES_POINTS[state.ascites]
        + ENCEPHALOPATHY_POINTS[state.encephalopathy]
    )


def find_child_pugh_class(points: int) -> str:
    """A with 5 to 6 points, B with 7 to 9, C with 10 to 15."""
    return next(name for name, begins in CHILD_PUGH_CLASSES if points >= begins)


# ---------------------------------------------------------------------------------------------------
# Hy's law: FDA guidance on drug-induced liver injury, 2009
# ---------------------------------------------------------------------------------------------------

HY_AMINOTRANSFERASE_XULN = Decimal(3)
HY_BILIRUBIN_XULN = Decimal(2)
HY_ALP_BELOW_XULN = Decimal(2)
HY_WITHIN_DAYS = 3
"""Aminotransferase and bilirubin of so many days apart count as of the same time."""


@dataclass(frozen=True)
class LimitedValue:
    """A value with the upper limit of the laboratory on that day."""

    value: Decimal
    uln: Decimal


def is_potential_hys_law(
    aminotransferase: LimitedValue,
    bilirubin: LimitedValue,
    alp: LimitedValue | None = None,
    *,
    days_apart: int = 0,
    includes_bilirubin_limit: bool = False,
) -> bool:
    """Whether ALT or AST is at least 3 and bilirubin more than 2 times its limit, without cholestasis.

    Exactly 3.0 counts, exactly 2.0 does not, unless a plan includes it. An ALP that was not measured does not
    rule the case out. Whether there is another cause is for people to say.
    """
    is_liver = aminotransferase.value >= HY_AMINOTRANSFERASE_XULN * aminotransferase.uln
    limit = HY_BILIRUBIN_XULN * bilirubin.uln
    is_jaundice = bilirubin.value >= limit if includes_bilirubin_limit else bilirubin.value > limit
    is_cholestasis = alp is not None and alp.value >= HY_ALP_BELOW_XULN * alp.uln
    return is_liver and is_jaundice and not is_cholestasis and abs(days_apart) <= HY_WITHIN_DAYS
