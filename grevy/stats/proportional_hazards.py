"""Test of proportional hazards in its score form, as `cox.zph` of survival 3."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grevy.stats.arrays import FloatArray
from grevy.stats.cox import CoxFit, compute_information, evaluate
from grevy.stats.kaplan_meier import estimate_kaplan_meier
from grevy.stats.risk_sets import RiskSets
from grevy.stats.statistics_of_tests import ChiSquare, compute_quadratic_form

TRANSFORMS = ("km", "identity", "log", "rank")


@dataclass(frozen=True)
class ProportionalHazards:
    """One test per term, and one of all terms together."""

    terms: tuple[ChiSquare, ...]
    together: ChiSquare


def compute_proportional_hazards(
    fit: CoxFit, *, transform: str = "km", terms: Sequence[Sequence[int]] | None = None
) -> ProportionalHazards:
    """Score test of a coefficient that changes with a transform of time (Grambsch and Therneau 1994).

    `terms` groups the columns of a covariate with several levels; by default each column is a term.
    """
    model, sets, steps = fit.model, fit.model.sets, fit.model.steps
    size = len(fit.coefficients)
    at = evaluate(model, fit.coefficients)
    change = _transform_times(sets, transform)
    change = change - change[sets.event].mean()
    by_group = np.empty(sets.size)
    by_group[sets.group_of_death] = change[sets.deaths]
    factor = by_group[steps.group]
    died = sets.deaths
    score = (sets.weight * change)[died] @ model.covariates[died] - (steps.weight * factor) @ at.mean
    parts = [compute_information(model, at, factor**power) for power in (0, 1, 2)]
    information = np.block([[parts[0], parts[1]], [parts[1], parts[2]]])
    columns = [[column] for column in range(size)] if terms is None else terms

    def compute_test(chosen: Sequence[int]) -> ChiSquare:
        kept = np.concatenate([np.arange(size), size + np.asarray(chosen)])
        inner = information[np.ix_(kept, kept)]
        # what is left of the score's variance once the coefficients have been fitted
        cross = inner[size:, :size]
        rest = inner[size:, size:] - cross @ np.linalg.solve(inner[:size, :size], cross.T)
        return compute_quadratic_form(score[np.asarray(chosen)], rest)

    every = compute_test(range(size))
    return ProportionalHazards(tuple(compute_test(column) for column in columns), every)


def _transform_times(sets: RiskSets, transform: str) -> FloatArray:
    if transform == "identity":
        return sets.time
    if transform == "log":
        return np.log(sets.time)
    if transform == "rank":
        count = np.bincount(sets.place)
        return (np.cumsum(count) - (count - 1) / 2)[sets.place]
    if transform == "km":
        entry = None
        if sets.has_entry:
            distinct = np.unique(sets.time)
            # entry just before the first time at which a row is at risk: the curve asks for no more
            entry = np.where(sets.entered > 0, distinct[np.maximum(sets.entered, 1) - 1], -np.inf)
        curve = estimate_kaplan_meier(sets.time, sets.event, entry=entry)
        before = np.concatenate([[1.0], curve.survival])
        return 1 - before[sets.place]
    raise ValueError(f"Transform '{transform}' is unknown; allowed: {', '.join(TRANSFORMS)}.")
