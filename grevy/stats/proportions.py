"""A proportion: Clopper-Pearson (exact) and Wilson (score) intervals, exact test."""

from math import sqrt
from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv, gammaln, ndtri, xlog1py, xlogy


class Proportion(NamedTuple):
    """x of n with its two-sided interval, as fractions of one."""

    value: float
    lower: float
    upper: float


def estimate_clopper_pearson(x: int, n: int, *, confidence: float = 0.95) -> Proportion | None:
    """Exact interval of a binomial proportion (Clopper and Pearson 1934).

    The limits are quantiles of beta distributions; 0 of n begins at exactly 0 and n of n ends at
    exactly 1. No subject, no estimate.
    """
    check_count(x, n)
    if n == 0:
        return None
    tail = (1 - confidence) / 2
    lower = 0.0 if x == 0 else float(betaincinv(x, n - x + 1, tail))
    upper = 1.0 if x == n else float(betaincinv(x + 1, n - x, 1 - tail))
    return Proportion(x / n, lower, upper)


def estimate_wilson(
    x: int, n: int, *, confidence: float = 0.95, is_corrected: bool = False
) -> Proportion | None:
    """Score interval of a proportion (Wilson 1927), on demand with continuity correction (Newcombe 1998)."""
    check_count(x, n)
    if n == 0:
        return None
    z = float(ndtri(1 - (1 - confidence) / 2))
    p, width = x / n, 2 * (n + z * z)
    if is_corrected:
        below = (
            2 * x + z * z - 1 - z * sqrt(max(0.0, z * z - 2 - 1 / n + 4 * p * (n * (1 - p) + 1)))
        ) / width
        above = (
            2 * x + z * z + 1 + z * sqrt(max(0.0, z * z + 2 - 1 / n + 4 * p * (n * (1 - p) - 1)))
        ) / width
    else:
        spread = z * sqrt(z * z + 4 * x * (1 - p))
        below, above = (2 * x + z * z - spread) / width, (2 * x + z * z + spread) / width
    return Proportion(p, 0.0 if x == 0 else max(0.0, below), 1.0 if x == n else min(1.0, above))


def compute_binomial_test(x: int, n: int, expected: float) -> float | None:
    """Two-sided exact p-value of x of n against an expected proportion, as `binom.test`.

    The sum of the probabilities of all counts that are no more likely than the one seen. No subject, no test.
    """
    check_count(x, n)
    if n == 0:
        return None
    count = np.arange(n + 1)
    log = gammaln(n + 1) - gammaln(count + 1) - gammaln(n - count + 1)
    log = log + xlogy(count, expected) + xlog1py(n - count, -expected)
    return float(min(1.0, np.exp(log[log <= log[x] + 1e-7]).sum()))


INTERVALS = {"clopper-pearson": estimate_clopper_pearson, "wilson": estimate_wilson}


def check_count(x: int, n: int) -> None:
    """Refuse a count that no sample can have."""
    if not 0 <= x <= n:
        raise ValueError(f"{x} of {n} is not a proportion; the count lies between 0 and {n}.")
