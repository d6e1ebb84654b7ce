"""Restricted cubic splines: a smooth covariate that is straight beyond its outer knots."""

import numpy as np
from numpy.typing import ArrayLike

from grevy.stats.arrays import FloatArray, read_numbers


def build_spline(values: ArrayLike, knots: ArrayLike) -> FloatArray:
    """Columns of a restricted cubic spline (Harrell 2015, 2.4.5): the value itself, and one per inner knot.

    The further columns together test whether the effect is straight. They are on the scale of the value.
    """
    x, knot = read_numbers(values, "values"), np.sort(read_numbers(knots, "knots"))
    if len(np.unique(knot)) < 3:
        raise ValueError(
            f"A restricted cubic spline needs at least 3 different knots; found {len(np.unique(knot))}."
        )
    cube = np.maximum(x[:, None] - knot, 0) ** 3
    last, width = knot[-1], knot[-1] - knot[-2]
    tail = (cube[:, -2:-1] * (last - knot[:-2]) - cube[:, -1:] * (knot[-2] - knot[:-2])) / width
    return np.column_stack([x, (cube[:, :-2] - tail) / (last - knot[0]) ** 2])
