"""What a grading criterion is: the shape of the CTCAE tables, read by pure Python and by the data sets alike.

Every condition has one form, `left op factor x of + plus`, so that nothing is divided and no threshold is
rounded: more than 3 times the upper limit is `VALUE > 3 x ULN`, a fall of at least 10 points is
`VALUE <= 1 x BASE - 10`, a loss of at least 5 percent is `VALUE <= 0.95 x BASE`.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Direction(Enum):
    """Which side of normal is graded; both sides are graded apart."""

    HIGH = "HIGH"
    LOW = "LOW"


class Operand(Enum):
    """A number of the record, in the unit of the criterion."""

    ONE = "ONE"
    VALUE = "VALUE"
    LLN = "LLN"
    ULN = "ULN"
    BASE = "BASE"


class Baseline(Enum):
    """For which baseline a criterion is; judged against the limits of that day.

    Normal is not above its upper limit, abnormal is above it; low is below its lower limit. A baseline that
    is missing, or has no limit, is taken as neither abnormal nor low.
    """

    ANY = "ANY"
    NORMAL = "NORMAL"
    ABNORMAL = "ABNORMAL"
    LOW = "LOW"
    NOT_LOW = "NOT_LOW"


class Condition(Enum):
    """What else has to be so; a number alone does not say it."""

    SYMPTOMATIC = "SYMPTOMATIC"
    ASYMPTOMATIC = "ASYMPTOMATIC"
    ANTICOAGULATED = "ANTICOAGULATED"
    CARDIAC_MARKER = "CARDIAC_MARKER"
    """New fall of the longitudinal strain by more than 15 percent, or rise of a cardiac biomarker."""


RECORDED: frozenset[Condition] = frozenset()
"""Plan switch `ctcae.symptoms: recorded`: what nobody recorded did not happen (the default)."""
WORST_CASE = frozenset({Condition.SYMPTOMATIC, Condition.ANTICOAGULATED})
"""Plan switch `ctcae.symptoms: worst_case`: every finding is read as symptomatic."""


@dataclass(frozen=True)
class Bound:
    """`left op factor x of + plus`; op is one of < <= > >=."""

    op: str
    factor: Decimal
    of: Operand = Operand.ONE
    plus: Decimal = Decimal(0)
    left: Operand = Operand.VALUE


@dataclass(frozen=True)
class Band:
    """A grade and the conditions that all have to hold for it.

    Where a limit or baseline is missing, the condition is unknown. A band marked `if_known` then simply does
    not hold (a second way to a grade); any other leaves the grade open, unless a higher one is certain.
    """

    grade: int
    bounds: tuple[Bound, ...]
    when: Condition | None = None
    if_known: bool = False


@dataclass(frozen=True)
class Criterion:
    """One term of CTCAE as far as a number decides it; the highest grade whose condition holds counts.

    Bands stand in falling order of grade. `test` is the CDISC code in `domain`, `unit` the unit of value and
    constants. `default_uln` stands in where the laboratory gives no limit.
    """

    term: str
    term_zh: str
    test: str
    direction: Direction
    unit: str
    bands: tuple[Band, ...]
    baseline: Baseline = Baseline.ANY
    domain: str = "LB"
    default_uln: Decimal | None = None

    def __post_init__(self) -> None:
        grades = [band.grade for band in self.bands]
        if grades != sorted(grades, reverse=True):
            raise ValueError(f"{self.term}: bands must stand in falling order of grade, found {grades}")


# ---------------------------------------------------------------------------------------------------
# Short ways to write the tables
# ---------------------------------------------------------------------------------------------------

_OPERANDS = {"ULN": Operand.ULN, "LLN": Operand.LLN, "BASE": Operand.BASE, "": Operand.ONE}


def read_bound(text: str) -> Bound:
    """A bound as the tables write it: `< 100`, `> 1.5 ULN`, `<= 0.95 BASE`, `> BASE + 60`, `BASE >= 40`."""
    words = text.split()
    left = Operand.VALUE
    if words[0] == "BASE":
        left, words = Operand.BASE, words[1:]
    op, words = words[0], words[1:]
    plus = Decimal(0)
    if len(words) > 2 and words[-2] in "+-":
        plus, words = Decimal(words[-2] + words[-1]), words[:-2]
    if words[0] in _OPERANDS:
        words = ["1", *words]
    factor, of = words if len(words) == 2 else (words[0], "")
    if op not in ("<", "<=", ">", ">="):
        raise ValueError(f"bound {text!r} begins with none of < <= > >=")
    return Bound(op, Decimal(factor), _OPERANDS[of], plus, left)


def band(grade: int, text: str, when: Condition | None = None, *, if_known: bool = False) -> Band:
    """A band of bounds joined by `and`."""
    return Band(grade, tuple(read_bound(part) for part in text.split(" and ")), when, if_known)


def bands(*texts: str | None) -> tuple[Band, ...]:
    """Bands of the grades 1, 2, 3, 4 in this order; None where the term has no such grade."""
    graded = [band(grade, text) for grade, text in enumerate(texts, start=1) if text is not None]
    return tuple(reversed(graded))
