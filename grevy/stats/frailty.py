"""How much centers differ, and how far each may be believed: gamma frailty with shrinkage."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.special import gammaln, ndtri

from grevy.stats.arrays import FloatArray, read_numbers
from grevy.stats.no_estimate import NoEstimate, Reason

SMALLEST, LARGEST = 1e-6, 10.0


@dataclass(frozen=True)
class Frailty:
    """Variance of the frailty between groups, and each group's ratio drawn towards 1."""

    variance: float
    ratio: FloatArray
    log_likelihood: float
    null_log_likelihood: float  # without any difference between the groups

    @property
    def median_ratio(self) -> float:
        """Typical ratio of two groups drawn at random, the higher to the lower (Larsen and Merlo 2005).

        With the log-normal of the same variance on the log scale, so that it can be said without a formula.
        """
        spread = np.sqrt(np.log1p(self.variance))
        return float(np.exp(np.sqrt(2.0) * spread * ndtri(0.75)))


def estimate_gamma_frailty(observed: ArrayLike, expected: ArrayLike) -> Frailty | NoEstimate:
    """Empirical Bayes for events observed and expected per group (Clayton and Kaldor 1987).

    Frailties are gamma with mean 1; given them events are Poisson. The variance maximizes the marginal
    (negative binomial) likelihood; a group's ratio is its posterior mean (O + 1/v) / (E + 1/v), which for a
    small group lies near 1. Expected events are taken as known.
    """
    o, e = read_numbers(observed, "observed"), read_numbers(expected, "expected")
    counted = e > 0
    if counted.sum() < 2:
        return NoEstimate(Reason.ONE_GROUP)
    if not o[counted].sum():
        return NoEstimate(Reason.NO_EVENT)
    o, e = o[counted], e[counted]

    def log_likelihood(variance: float) -> float:
        shape = 1 / variance
        terms = gammaln(o + shape) - gammaln(shape) - o * np.log1p(shape / e) - shape * np.log1p(e * variance)
        return float((terms - gammaln(o + 1)).sum())

    null = float((o * np.log(e) - e - gammaln(o + 1)).sum())
    found = minimize_scalar(
        lambda log: -log_likelihood(float(np.exp(log))),
        bounds=(np.log(SMALLEST), np.log(LARGEST)),
        method="bounded",
        options={"xatol": 1e-10},
    )
    variance = float(np.exp(found.x))
    if -found.fun <= null + 1e-6:  # no more variation than chance
        return Frailty(0.0, np.ones(len(o)), null, null)
    ratio = (o + 1 / variance) / (e + 1 / variance)
    return Frailty(variance, ratio, float(-found.fun), null)
