"""Eligibility from the data entered so far, with three values: met, not met, cannot be said yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grevy.definition.derived import Limits, compute_derived
from grevy.definition.study import Study


@dataclass(frozen=True)
class EligibilityResult:
    """What judgment and data say of each criterion, and of all together.

    `contradicted` are criteria that were judged one way while the data prove the other.
    """

    criteria: Mapping[str, bool | None]
    eligible: bool | None
    derived: Mapping[str, str]
    contradicted: tuple[str, ...]


def evaluate_eligibility(
    study: Study, data: Mapping[str, Mapping[str, Any]], limits: Limits | None = None
) -> EligibilityResult:
    """Evaluate every criterion on the values of a subject's forms.

    `data` holds the values of each form, of a repeating form its records: `{"records": [...]}`; `limits` the
    limits of normal of the laboratory by item. Data that prove a criterion against the subject go before the
    judgment; data that are missing prove nothing, and the judgment decides. Eligible only if every inclusion
    is true and every exclusion is false; one that fails decides, whatever is still unknown; otherwise
    anything unknown leaves the decision open. A waiver never changes the result.
    """
    derived = compute_derived(study, data, limits)
    known = {**data, "limit": {limit.name: limit.value for limit in study.limits}, "derived": derived}
    results, satisfied, contradicted = {}, [], []
    for criterion in study.eligibility:
        judged = criterion.met.evaluate(known) if criterion.met else None
        is_inclusion = criterion.kind == "inclusion"
        met = judged
        if criterion.against and criterion.against.evaluate(known):
            met = not is_inclusion
            contradicted += [criterion.id] if judged is is_inclusion else []
        results[criterion.id] = met
        satisfied.append(met if is_inclusion or met is None else not met)
    eligible = False if False in satisfied else None if None in satisfied else True
    return EligibilityResult(results, eligible, derived, tuple(contradicted))
