"""Comparison of measured values between groups: Wilcoxon, Kruskal-Wallis, t; means with their limits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, stdtr, stdtrit

from grevy.stats.arrays import FloatArray, read_numbers
from grevy.stats.no_estimate import NoEstimate, Reason
from grevy.stats.statistics_of_tests import ChiSquare

EXACT_BELOW = 50  # R counts exactly below this many values, if none are tied


@dataclass(frozen=True)
class RankTest:
    """Statistic and two-sided p-value; whether it was counted exactly or taken from the normal curve."""

    statistic: float
    p: float
    is_exact: bool


@dataclass(frozen=True)
class Mean:
    """A mean, or a difference of means, with t limits and the two-sided p-value against 0."""

    value: float
    std_error: float
    df: float
    lower: float
    upper: float
    p: float


def estimate_mean(values: ArrayLike, *, confidence: float = 0.95) -> Mean | NoEstimate:
    """Mean of values, or of changes within subjects, with limits (one-sample t)."""
    x = read_numbers(values, "values")
    if len(x) < 2:
        return NoEstimate(Reason.NO_VARIATION if len(x) else Reason.EMPTY)
    return _weigh(float(x.mean()), float(x.var(ddof=1)) / len(x), len(x) - 1, confidence)


def compare_means(
    first: ArrayLike, second: ArrayLike, *, has_equal_variance: bool = False, confidence: float = 0.95
) -> Mean | NoEstimate:
    """Difference of two means: Welch 1947, or Student where the variances may be taken as equal."""
    x, y = read_numbers(first, "first"), read_numbers(second, "second")
    if min(len(x), len(y)) < 2:
        return NoEstimate(Reason.NO_VARIATION if len(x) and len(y) else Reason.EMPTY)
    n, m = len(x), len(y)
    a, b = float(x.var(ddof=1)), float(y.var(ddof=1))
    if has_equal_variance:
        df = float(n + m - 2)
        variance = ((n - 1) * a + (m - 1) * b) / df * (1 / n + 1 / m)
    else:
        variance = a / n + b / m
        parts = (a / n) ** 2 / (n - 1) + (b / m) ** 2 / (m - 1)
        df = variance**2 / parts if parts > 0 else 0.0
    return _weigh(float(x.mean() - y.mean()), variance, df, confidence)


def _weigh(value: float, variance: float, df: float, confidence: float) -> Mean | NoEstimate:
    if variance <= 0:
        return NoEstimate(Reason.NO_VARIATION)
    error = float(np.sqrt(variance))
    spread = float(stdtrit(df, (1 + confidence) / 2)) * error
    p = 2 * float(stdtr(df, -abs(value / error)))
    return Mean(value, error, df, value - spread, value + spread, p)


def rank(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ranks, the mean of them for tied values, and how many values are tied at each."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[place], count.astype(float)


def compare_ranks(first: ArrayLike, second: ArrayLike) -> RankTest | NoEstimate:
    """Wilcoxon's rank sum test (Mann-Whitney), as `wilcox.test`.

    Exact below 50 values in each group without ties; otherwise normal, with corrections for ties and for
    continuity. The statistic is the rank sum of the first less its smallest possible.
    """
    x, y = read_numbers(first, "first"), read_numbers(second, "second")
    n, m = len(x), len(y)
    if not n or not m:
        return NoEstimate(Reason.EMPTY)
    ranks, tied = rank(np.concatenate([x, y]))
    statistic = float(ranks[:n].sum() - n * (n + 1) / 2)
    if max(n, m) < EXACT_BELOW and tied.max() == 1:
        return RankTest(statistic, _double_tail(_count_rank_sums(n, m), statistic), True)
    total = n + m
    variance = n * m / 12 * ((total + 1) - (tied**3 - tied).sum() / (total * (total - 1)))
    return _approximate(statistic, n * m / 2, variance)


def compare_signed_ranks(changes: ArrayLike) -> RankTest | NoEstimate:
    """Wilcoxon's signed rank test of changes within subjects, as `wilcox.test`; changes of 0 are left out.

    Exact below 50 changes without ties and zeros; otherwise normal with corrections.
    """
    every = read_numbers(changes, "changes")
    x = every[every != 0]
    if not len(x):
        return NoEstimate(Reason.NO_VARIATION if len(every) else Reason.EMPTY)
    ranks, tied = rank(np.abs(x))
    statistic, n = float(ranks[x > 0].sum()), len(x)
    if n < EXACT_BELOW and tied.max() == 1 and n == len(every):
        ways = np.ones(1)
        for step in range(1, n + 1):
            ways = _add_shifted(ways, step)
        return RankTest(statistic, _double_tail(ways, statistic), True)
    variance = n * (n + 1) * (2 * n + 1) / 24 - (tied**3 - tied).sum() / 48
    return _approximate(statistic, n * (n + 1) / 4, variance)


def compare_ranks_of_groups(groups: Sequence[ArrayLike]) -> ChiSquare | NoEstimate:
    """Kruskal-Wallis test of several groups, corrected for ties."""
    parts = [read_numbers(group, "group") for group in groups]
    parts = [part for part in parts if len(part)]
    if len(parts) < 2:
        return NoEstimate(Reason.ONE_GROUP if parts else Reason.EMPTY)
    values = np.concatenate(parts)
    n = len(values)
    ranks, tied = rank(values)
    shrink = 1 - (tied**3 - tied).sum() / (n**3 - n)
    if shrink <= 0:
        return NoEstimate(Reason.NO_VARIATION)
    ends = np.cumsum([len(part) for part in parts])
    between = sum(chunk.sum() ** 2 / len(chunk) for chunk in np.split(ranks, ends[:-1]))
    return ChiSquare(float((12 * between / (n * (n + 1)) - 3 * (n + 1)) / shrink), len(parts) - 1)


def _approximate(statistic: float, mean: float, variance: float) -> RankTest | NoEstimate:
    if variance <= 0:
        return NoEstimate(Reason.NO_VARIATION)
    apart = statistic - mean
    z = (apart - 0.5 * np.sign(apart)) / np.sqrt(variance)
    return RankTest(statistic, float(min(1.0, 2 * ndtr(-abs(z)))), False)


def _double_tail(ways: FloatArray, statistic: float) -> float:
    share = ways / ways.sum()
    place = round(statistic)
    return float(min(1.0, 2 * min(share[: place + 1].sum(), share[place:].sum())))


def _add_shifted(ways: FloatArray, step: int) -> FloatArray:
    return np.append(ways, np.zeros(step)) + np.append(np.zeros(step), ways)


def _count_rank_sums(n: int, m: int) -> FloatArray:
    """Number of ways to each rank sum: the coefficients of the Gaussian binomial n + m over n."""
    ways = np.zeros((n + 1, n * m + 1))
    ways[0, 0] = 1.0
    size = n * m + 1
    for value in range(1, n + m + 1):
        for chosen in range(min(n, value), 0, -1):
            shift = value - chosen  # a rank above the smallest that the chosen-th could have
            if shift <= m and shift < size:
                ways[chosen, shift:] += ways[chosen - 1, : size - shift]
    return ways[n]
