"""Summaries of a measured value, kept exact until the last digit is printed."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isnan, lcm, sqrt

from grevy.results.format import Number, count_decimals, exact, format_fixed
from grevy.stats.quantiles import compute_quantile

MOST_DECIMALS = 3


@dataclass(frozen=True)
class Summary:
    """n, mean, SD, quartiles, minimum and maximum; SD is missing for a single value, all for none."""

    n: int
    mean: Fraction | None
    variance: Fraction | None
    q1: Fraction | None
    median: Fraction | None
    q3: Fraction | None
    minimum: Fraction | None
    maximum: Fraction | None

    @property
    def sd(self) -> float | None:
        """Standard deviation with n - 1 in the denominator."""
        return None if self.variance is None else sqrt(self.variance)


def estimate_summary(values: Iterable[Number]) -> Summary:
    """Summarize the values that are present.

    Exact values are brought to one denominator and added as whole numbers: the same sums as of fractions, in
    a tenth of the time.
    """
    present = [exact(value) for value in values if not isnan(value)]
    n = len(present)
    if n == 0:
        return Summary(0, *[None] * 7)
    unit = lcm(*(value.denominator for value in present))
    ordered = sorted(value.numerator * (unit // value.denominator) for value in present)
    total = sum(ordered)
    spread = n * sum(value * value for value in ordered) - total * total
    variance = None if n == 1 else Fraction(spread, n * (n - 1) * unit * unit)
    q1, median, q3 = (_read_quantile(ordered, unit, share) for share in (0.25, 0.5, 0.75))
    ends = Fraction(ordered[0], unit), Fraction(ordered[-1], unit)
    return Summary(n, Fraction(total, n * unit), variance, q1, median, q3, *ends)


def _read_quantile(ordered: list[int], unit: int, share: float) -> Fraction:
    """The value at the quantile of the places, which lies at a place or halfway between two."""
    place = compute_quantile(range(len(ordered)), share)
    return Fraction(ordered[floor(place)] + ordered[ceil(place)], 2 * unit)


@dataclass(frozen=True)
class Decimals:
    """How many decimals each part of a summary prints."""

    raw: int
    center: int
    spread: int


def choose_decimals(values: Iterable[Number]) -> Decimals:
    """Minimum and maximum as recorded, mean and quantiles one more, SD two more, never above three."""
    raw = count_decimals([exact(value) for value in values if not isnan(value)])
    return Decimals(raw, min(raw + 1, MOST_DECIMALS), min(raw + 2, MOST_DECIMALS))


ONE_DECIMAL = Decimals(1, 1, 1)  # months, and percents that are quotients


def format_mean(summary: Summary, decimals: Decimals) -> str:
    """Print `mean (SD)`; a single value has no SD."""
    if summary.mean is None:
        return ""
    spread = "NC" if summary.variance is None else format_fixed(sqrt(summary.variance), decimals.spread)
    return f"{format_fixed(summary.mean, decimals.center)} ({spread})"


def format_median(summary: Summary, decimals: Decimals) -> str:
    """Print `median (Q1, Q3)`."""
    if summary.median is None or summary.q1 is None or summary.q3 is None:
        return ""
    parts = [format_fixed(part, decimals.center) for part in (summary.median, summary.q1, summary.q3)]
    return f"{parts[0]} ({parts[1]}, {parts[2]})"


def format_range(summary: Summary, decimals: Decimals) -> str:
    """Print `min, max`."""
    if summary.minimum is None or summary.maximum is None:
        return ""
    return f"{format_fixed(summary.minimum, decimals.raw)}, {format_fixed(summary.maximum, decimals.raw)}"
