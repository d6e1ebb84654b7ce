"""Cox models with the exact partial likelihood of tied events: time as it is when it comes in steps.

Of d tied events among those at risk every set of d could have been the one; the sums over all such sets are
elementary symmetric functions, built up row by row together with their derivatives (Gail, Lubin and
Rubinstein 1981). The cost grows with the number of tied events: for hundreds of rows, not for thousands.
"""

import numpy as np
from numpy.typing import ArrayLike

from grevy.stats.arrays import FloatArray, IntArray
from grevy.stats.cox import CoxFit, CoxModel, Evaluation, build_model, maximize
from grevy.stats.no_estimate import NoEstimate
from grevy.stats.risk_sets import RiskSets, build_risk_sets


def fit_cox_exact(
    time: ArrayLike,
    event: ArrayLike,
    covariates: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    stratum: ArrayLike | None = None,
    offset: ArrayLike | None = None,
    minimum_events: int = 1,
) -> CoxFit | NoEstimate:
    """Fit by the exact conditional likelihood, as `coxph` with ties = "exact"; there are no weights in it."""
    sets = build_risk_sets(time, event, entry=entry, stratum=stratum)
    model = build_model(sets, covariates, offset, "exact", minimum_events)
    return model if isinstance(model, NoEstimate) else maximize(model, evaluate_exact)


def evaluate_exact(model: CoxModel, coefficients: FloatArray) -> Evaluation:
    """Log likelihood, gradient and information: times with one event in one sweep, tied ones by recursion."""
    sets, x = model.sets, model.covariates
    predictor = x @ coefficients + model.offset
    risk = np.exp(predictor)
    at_risk = sets.sum_at_risk(np.column_stack([risk, risk[:, None] * x]))
    is_single = sets.sum_deaths(np.ones(len(x))) == 1
    hazard = np.where(is_single, 1 / at_risk[:, 0], 0.0)
    mean = at_risk[:, 1:] / at_risk[:, :1]
    log_likelihood = predictor[sets.deaths].sum() - np.log(at_risk[is_single, 0]).sum()
    score = x[sets.deaths].sum(axis=0) - mean[is_single].sum(axis=0)
    met = risk * sets.sum_while_at_risk(hazard)
    information = (x * met[:, None]).T @ x - mean[is_single].T @ mean[is_single]
    for group in np.flatnonzero(~is_single):
        rows = list_at_risk(sets, int(group))
        tied = int((sets.group_of_death == group).sum())
        log, slope, bend = _sum_over_sets(predictor[rows], x[rows], tied)
        log_likelihood -= log
        score = score - slope
        information = information + bend
    return Evaluation(float(log_likelihood), score, information, risk, mean, hazard)


def list_at_risk(sets: RiskSets, group: int) -> IntArray:
    """The rows at risk at a group."""
    rows = sets.order[sets.first[group] : sets.end[group]]
    return rows[sets.begin[rows] <= group]


def _sum_over_sets(predictor: FloatArray, x: FloatArray, size: int) -> tuple[float, FloatArray, FloatArray]:
    """Logarithm of the sum over all sets of `size` rows of their products, with gradient and curvature."""
    top = predictor.max()
    p = x.shape[1]
    value, first, second = np.zeros(size + 1), np.zeros((size + 1, p)), np.zeros((size + 1, p, p))
    value[0] = 1.0
    for risk, row in zip(np.exp(predictor - top), x, strict=True):
        cross = first[:-1, :, None] * row
        second[1:] += risk * (
            second[:-1] + cross + cross.transpose(0, 2, 1) + value[:-1, None, None] * np.outer(row, row)
        )
        first[1:] += risk * (first[:-1] + value[:-1, None] * row)
        value[1:] += risk * value[:-1]
    slope = first[size] / value[size]
    return float(np.log(value[size]) + size * top), slope, second[size] / value[size] - np.outer(slope, slope)
