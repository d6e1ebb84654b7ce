"""What is assumed of laboratories and examinations: limits, spread, and what an event does to a value."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LaboratoryTest(Frozen):
    """One test in its standard unit; `bands` give by grade the interval of values, as multiples of `of`.

    Between persons and within one person values spread by `between` and `within`, shares of the width of the
    limits. `line` is the adverse event (line of the label) that the value must agree with.
    """

    unit: str
    low: float
    high: float
    low_male: float | None = None
    high_male: float | None = None
    digits: int
    between: float = 0.15
    within: float = 0.10
    other_unit: str | None = None
    target: str
    line: str | None = None
    of: str = "VALUE"
    bands: dict[int, tuple[float, float]] = {}


class Examinations(Frozen):
    confidence: str
    source: str
    own_unit_share: float
    limits_changed_share: float
    visit_missed: float
    form_not_done: float
    item_missing: float
    analyzer_sd: float
    capsule_mg: int
    antihypertensive_from_grade: int
    tests: dict[str, LaboratoryTest]
