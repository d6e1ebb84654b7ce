"""Weights by the chance of the treatment, whether they balance, and how strong a hidden cause must be.

In a study where physicians choose the treatment these compare descriptions, not effects: what decided the
choice and was not recorded stays in the difference (confounding by indication).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from grevy.stats.arrays import FloatArray, read_covariates, read_numbers
from grevy.stats.logistic import fit_logistic
from grevy.stats.no_estimate import NoEstimate

Target = Literal["everybody", "overlap"]

BALANCED_BELOW = 0.1


@dataclass(frozen=True)
class Propensity:
    """Chance of the treatment of each subject and the weight made of it."""

    score: FloatArray
    weight: FloatArray
    treated: FloatArray
    target: Target

    @property
    def effective_sizes(self) -> tuple[float, float]:
        """Effective number of the treated and of the others."""
        is_treated = self.treated == 1
        return compute_effective_size(self.weight[is_treated]), compute_effective_size(
            self.weight[~is_treated]
        )


def estimate_propensity(
    treated: ArrayLike,
    covariates: ArrayLike,
    *,
    target: Target = "everybody",
    truncate_at: float | None = 0.01,
) -> Propensity | NoEstimate:
    """Weights from a logistic model of the treatment.

    "everybody": stabilized inverse weights, for the average over all (Robins 2000), pulled in to the
    quantiles `truncate_at` and 1 - `truncate_at` of the weights. "overlap": the chance of the other
    treatment, for those who could have had either (Li, Morgan and Zaslavsky 2018); never extreme.
    """
    group = read_numbers(treated, "treated")
    fit = fit_logistic(group, covariates)
    if isinstance(fit, NoEstimate):
        return fit
    score = fit.probability
    own = np.where(group == 1, score, 1 - score)
    if target == "overlap":
        return Propensity(score, 1 - own, group, target)
    share = group.mean()
    weight = np.where(group == 1, share, 1 - share) / own
    if truncate_at is not None:
        weight = np.clip(weight, *np.quantile(weight, [truncate_at, 1 - truncate_at]))
    return Propensity(score, weight, group, target)


def compute_standardized_differences(
    treated: ArrayLike, covariates: ArrayLike, weight: ArrayLike | None = None
) -> FloatArray:
    """Difference of (weighted) means over the spread before weighting, per covariate (Austin 2009).

    The spread is that of the two groups without weights, so that weighting cannot shrink it; below 0.1 a
    covariate counts as balanced. A covariate without any spread has 0.
    """
    is_treated = read_numbers(treated, "treated") == 1
    matrix = read_covariates(covariates, len(is_treated))
    weights = np.ones(len(is_treated)) if weight is None else read_numbers(weight, "weight")
    first, second = (
        np.average(matrix[group], axis=0, weights=weights[group]) for group in (is_treated, ~is_treated)
    )
    spread = np.sqrt((matrix[is_treated].var(axis=0, ddof=1) + matrix[~is_treated].var(axis=0, ddof=1)) / 2)
    return np.divide(first - second, spread, out=np.zeros_like(spread), where=spread > 0)


def compute_effective_size(weight: ArrayLike) -> float:
    """Number of subjects with equal weights that would tell as much (Kish 1965)."""
    weights = read_numbers(weight, "weight")
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0


@dataclass(frozen=True)
class EValue:
    """For the estimate, and for the limit nearer to no difference; 1 where the limits include it."""

    estimate: float
    limit: float


def compute_e_value(
    ratio: float, lower: float, upper: float, *, is_hazard_ratio: bool = False, is_common: bool = False
) -> EValue:
    """Risk ratio a hidden cause would need with treatment and outcome to explain it (VanderWeele, Ding 2017).

    Hazard ratios of a common outcome (more than 15 in 100) are first brought near a risk ratio.
    """

    def bring_near(value: float) -> float:
        if is_hazard_ratio and is_common:
            return float((1 - 0.5 ** np.sqrt(value)) / (1 - 0.5 ** np.sqrt(1 / value)))
        return value

    def compute(value: float) -> float:
        larger = max(value, 1 / value)
        return larger + float(np.sqrt(larger * (larger - 1)))

    if lower <= 1 <= upper:
        return EValue(compute(bring_near(ratio)), 1.0)
    return EValue(compute(bring_near(ratio)), compute(bring_near(lower if ratio > 1 else upper)))
