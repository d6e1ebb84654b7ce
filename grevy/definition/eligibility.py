"""Eligibility from the data entered so far, with three values: met, not met, cannot be said yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grevy.definition.study import Study


@dataclass(frozen=True)
class EligibilityResult:
    """What the data say of each criterion, and of all together."""

    criteria: Mapping[str, bool | None]
    eligible: bool | None


def evaluate_eligibility(study: Study, data: Mapping[str, Mapping[str, Any]]) -> EligibilityResult:
    """Evaluate every criterion on the values of a subject's forms.

    Eligible only if every inclusion is true and every exclusion is false; one that fails decides, whatever is
    still unknown; otherwise anything unknown leaves the decision open. A waiver never changes the result.
    """
    results, satisfied = {}, []
    for criterion in study.eligibility:
        met = criterion.met.evaluate(data) if criterion.met else None
        results[criterion.id] = met
        satisfied.append(met if criterion.kind == "inclusion" or met is None else not met)
    if False in satisfied:
        return EligibilityResult(results, False)
    return EligibilityResult(results, None if None in satisfied else True)
