"""Quantiles of measured values: SAS PCTLDEF 5 (R type 2), and R type 7 on demand.

Both work on exact fractions as well as on floats: what is printed can be exact to its last digit.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import TypeVar

Value = TypeVar("Value", Fraction, float)


def compute_quantile(ordered: Sequence[Value], share: Value) -> Value:
    """Quantile of sorted values, SAS PCTLDEF 5 (R type 2): the mean of two neighbors at a jump."""
    position = share * len(ordered)
    below = floor(position + Fraction(1, 2**40))
    if abs(position - below) < Fraction(1, 2**40) and 0 < below < len(ordered):
        return (ordered[below - 1] + ordered[below]) / 2
    return ordered[min(max(below, 0), len(ordered) - 1)]


def compute_quantile_type_7(ordered: Sequence[Value], share: Value) -> Value:
    """Quantile of sorted values by linear interpolation between neighbors, as R's `quantile` by default."""
    position = share * (len(ordered) - 1)
    below = floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)
