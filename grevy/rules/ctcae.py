"""CTCAE grades of numbers: laboratory, blood pressure, weight, QTc, ejection fraction.

A grade from a number is a laboratory grade. Grade 5 is a death and never comes from a number; treatment,
admission and danger to life, which many grades ask for, are judged by people.
"""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal

from grevy.rules.ctcae_criteria import (
    RECORDED,
    WORST_CASE,
    Band,
    Baseline,
    Bound,
    Condition,
    Criterion,
    Direction,
    Operand,
)
from grevy.rules.ctcae_v5 import CTCAE_V5
from grevy.rules.ctcae_v6 import CTCAE_V6
from grevy.rules.units import convert
from grevy.rules.words import Words

__all__ = [
    "CRITERIA",
    "RECORDED",
    "SYMPTOMS",
    "WORST_CASE",
    "Band",
    "Baseline",
    "Bound",
    "Condition",
    "Criterion",
    "Direction",
    "Operand",
    "applies_to_baseline",
    "compute_corrected_calcium",
    "find_criteria",
    "grade_test",
    "grade_value",
    "is_graded_within_limits",
    "name_term",
]

CRITERIA: dict[str, tuple[Criterion, ...]] = {"5.0": CTCAE_V5, "6.0": CTCAE_V6}
"""Version to its criteria; versions are never mixed in one table."""

SYMPTOMS: dict[str, frozenset[Condition]] = {"recorded": RECORDED, "worst_case": WORST_CASE}
"""Plan switch to the conditions it takes for granted."""

_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def find_criteria(version: str, test: str, direction: Direction | None = None) -> tuple[Criterion, ...]:
    """Criteria of a test in a version, of one direction or both; empty where CTCAE has no number for it."""
    if version not in CRITERIA:
        raise ValueError(f"CTCAE version {version!r} is not known; known: {', '.join(CRITERIA)}")
    return tuple(
        criterion
        for criterion in CRITERIA[version]
        if criterion.test == test and direction in (None, criterion.direction)
    )


def name_term(term: str) -> Words:
    """Term of CTCAE in both languages, by its English name."""
    for criteria in CRITERIA.values():
        for criterion in criteria:
            if criterion.term == term:
                return Words(criterion.term, criterion.term_zh)
    raise ValueError(f"CTCAE term {term!r} has no criterion here")


def grade_test(
    version: str,
    test: str,
    direction: Direction,
    value: Decimal | None,
    *,
    lln: Decimal | None = None,
    uln: Decimal | None = None,
    base: Decimal | None = None,
    base_lln: Decimal | None = None,
    base_uln: Decimal | None = None,
    conditions: frozenset[Condition] = RECORDED,
) -> int | None:
    """Grade of a value by the criterion of its test that is meant for its baseline.

    Values before treatment have no baseline to be compared with: pass none for them, and they are graded as
    if the baseline were normal. None where CTCAE does not grade the test or a limit is missing.
    """
    for criterion in find_criteria(version, test, direction):
        if applies_to_baseline(criterion.baseline, base, base_lln, base_uln):
            return grade_value(criterion, value, lln=lln, uln=uln, base=base, conditions=conditions)
    return None


def applies_to_baseline(
    baseline: Baseline, base: Decimal | None, base_lln: Decimal | None, base_uln: Decimal | None
) -> bool:
    """Whether a criterion is the one for this baseline and the limits it had."""
    is_high = base is not None and base_uln is not None and base > base_uln
    is_low = base is not None and base_lln is not None and base < base_lln
    answers = {
        Baseline.ANY: True,
        Baseline.NORMAL: not is_high,
        Baseline.ABNORMAL: is_high,
        Baseline.LOW: is_low,
        Baseline.NOT_LOW: not is_low,
    }
    return answers[baseline]


def grade_value(
    criterion: Criterion,
    value: Decimal | None,
    *,
    unit: str | None = None,
    lln: Decimal | None = None,
    uln: Decimal | None = None,
    base: Decimal | None = None,
    conditions: frozenset[Condition] = RECORDED,
) -> int | None:
    """Highest grade whose condition holds, 0 if none does, None if a missing limit leaves it open.

    Value, limits and baseline may be in another `unit`; they are judged in the unit of the criterion.
    Hemoglobin 95 g/L without a lower limit is grade 2, 120 g/L without one is not derivable.
    """
    if value is None:
        return None
    given = {Operand.VALUE: value, Operand.LLN: lln, Operand.ULN: uln, Operand.BASE: base}
    numbers = {name: _standardize(criterion, number, unit) for name, number in given.items()}
    numbers[Operand.ONE] = Decimal(1)
    if numbers[Operand.ULN] is None:
        numbers[Operand.ULN] = criterion.default_uln
    for each in criterion.bands:
        holds = _holds_band(each, numbers, conditions)
        if holds:
            return each.grade
        if holds is None and not each.if_known:
            return None
    return 0


def is_graded_within_limits(
    grade: int | None, value: Decimal, lln: Decimal | None, uln: Decimal | None
) -> bool:
    """Whether a value has a grade although the laboratory calls it normal, as a rule on baseline may do.

    Creatinine 91 umol/L after 60 is grade 2 with an upper limit of 100: worth a look by a person.
    """
    below = lln is not None and value < lln
    above = uln is not None and value > uln
    return bool(grade) and (lln is not None or uln is not None) and not (below or above)


def compute_corrected_calcium(calcium: Decimal, albumin: Decimal) -> Decimal:
    """Calcium corrected for albumin, mmol/L and g/L: 2.10 at 30 g/L is 2.30."""
    return calcium + Decimal("0.02") * (40 - albumin)


def _standardize(criterion: Criterion, number: Decimal | None, unit: str | None) -> Decimal | None:
    if number is None or unit is None:
        return number
    return convert(criterion.test, number, unit, criterion.unit)


def _holds_band(
    each: Band, numbers: Mapping[Operand, Decimal | None], conditions: frozenset[Condition]
) -> bool | None:
    """Three-valued: one bound that fails decides, otherwise one that is unknown leaves it open."""
    if each.when is Condition.ASYMPTOMATIC:
        applies = Condition.SYMPTOMATIC not in conditions
    else:
        applies = each.when is None or each.when in conditions
    if not applies:
        return False
    answers = [_holds_bound(bound, numbers) for bound in each.bounds]
    if False in answers:
        return False
    return None if None in answers else True


def _holds_bound(bound: Bound, numbers: Mapping[Operand, Decimal | None]) -> bool | None:
    left, of = numbers[bound.left], numbers[bound.of]
    if left is None or of is None:
        return None
    return _COMPARE[bound.op](left, bound.factor * of + bound.plus)
