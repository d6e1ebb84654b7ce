"""Dose levels of surufatinib and the label's rules for changing them, shown as help and never as an order.

Interrupt first, then reduce: an event back to grade 1 or less within 4 weeks allows the next lower level.
Source: label, table 1. The label's tables for proteinuria and liver could not be read; the limits used in
their place are working defaults and say so.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from grevy.rules.words import Words

RECOVERY_DAYS = 28
"""An event not back to grade 1 or less within 4 weeks ends the treatment."""


@dataclass(frozen=True)
class DoseLevel:
    """A level below the full dose, with its days on and off drug."""

    level: int
    dose_mg: int
    days_on: int = 28
    days_off: int = 0


DOSE_LEVELS: tuple[DoseLevel, ...] = (
    DoseLevel(0, 300),
    DoseLevel(-1, 250),
    DoseLevel(-2, 200),
    DoseLevel(-3, 200, days_on=21, days_off=7),
)
"""A combination starts at level -1. There is no way back up in this study."""


def find_next_lower_level(level: int) -> DoseLevel | None:
    """Level below, none below 200 mg with 3 weeks on and 1 week off: then the drug is stopped."""
    return next((each for each in DOSE_LEVELS if each.level < level), None)


def is_allowed_change(from_level: int, to_level: int, *, allows_escalation: bool = False) -> bool:
    """Whether the level may be left for the other one: down one step, or up if the study allows it."""
    if to_level > from_level:
        return allows_escalation
    below = find_next_lower_level(from_level)
    return to_level == from_level or (below is not None and below.level == to_level)


class DoseAction(Enum):
    """What the label asks for, mildest first."""

    CONTINUE = "CONTINUE"
    MONITOR = "MONITOR"
    INTERRUPT_OR_REDUCE = "INTERRUPT_OR_REDUCE"
    INTERRUPT_THEN_REDUCE = "INTERRUPT_THEN_REDUCE"
    STOP = "STOP"


DOSE_ACTION_LABELS: dict[DoseAction, Words] = {
    DoseAction.CONTINUE: Words("Continue", "继续用药"),
    DoseAction.MONITOR: Words("Continue, monitor weekly", "继续用药，每周监测"),
    DoseAction.INTERRUPT_OR_REDUCE: Words("Interrupt or reduce one level", "暂停用药或减量一级"),
    DoseAction.INTERRUPT_THEN_REDUCE: Words(
        "Interrupt; if grade 1 or less within 4 weeks reduce one level", "暂停用药；4周内恢复至≤1级者减量一级"
    ),
    DoseAction.STOP: Words("Stop permanently", "永久停药"),
}

STOP_AT_ANY_GRADE = {"GI_PERFORATION", "NEPHROTIC_SYNDROME", "HYPERTENSIVE_CRISIS", "ARTERIAL_THROMBOSIS"}
HEMORRHAGE = "HEMORRHAGE"


def find_dose_action(event: str, grade: int) -> DoseAction:
    """Action for an adverse event by its kind and grade (label, table 1).

    Kinds with rules of their own are hemorrhage and `STOP_AT_ANY_GRADE`; of all others grade 3 and 4 count.
    """
    if event in STOP_AT_ANY_GRADE or (event == HEMORRHAGE and grade >= 3):
        return DoseAction.STOP
    if grade >= 3 or (event == HEMORRHAGE and grade == 2):
        return DoseAction.INTERRUPT_THEN_REDUCE
    return DoseAction.CONTINUE


CREATININE_FROM = Decimal(2)


def find_creatinine_action(creatinine: Decimal, uln: Decimal, base: Decimal | None = None) -> DoseAction:
    """Action for creatinine above 2 to 3 times the upper limit or the baseline (label, table 1).

    Above 3 times it is an event of grade 3 or more and `find_dose_action` says the same.
    """
    references = [uln] if base is None else [uln, base]
    if any(creatinine > CREATININE_FROM * reference for reference in references):
        return DoseAction.INTERRUPT_THEN_REDUCE
    return DoseAction.CONTINUE


def find_proteinuria_action(protein_24h: Decimal) -> DoseAction:
    """Action for protein in g per 24 hours: working default, to be checked against label table 2."""
    if protein_24h >= 2:
        return DoseAction.INTERRUPT_THEN_REDUCE
    return DoseAction.INTERRUPT_OR_REDUCE if protein_24h >= 1 else DoseAction.CONTINUE


def find_liver_action(
    aminotransferase_xuln: Decimal, bilirubin_xuln: Decimal, *, has_other_cause: bool = False
) -> DoseAction:
    """Action for multiples of the upper limit: working default, to be checked against label table 3."""
    if aminotransferase_xuln > 3 and bilirubin_xuln > 2 and not has_other_cause:
        return DoseAction.STOP
    if aminotransferase_xuln > 5 or bilirubin_xuln > 3:
        return DoseAction.INTERRUPT_THEN_REDUCE
    return DoseAction.MONITOR if aminotransferase_xuln > 3 else DoseAction.CONTINUE
