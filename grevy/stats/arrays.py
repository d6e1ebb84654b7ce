"""The arrays that come in, and the sums over them that every method needs."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Rows = NDArray[Any]


def read_numbers(values: ArrayLike, name: str) -> FloatArray:
    """Numbers as they are; a missing value is a mistake of the caller, who knows what missing means."""
    numbers = np.asarray(values, dtype=float)
    if np.isnan(numbers).any():
        raise ValueError(f"'{name}' has missing values; leave out or impute those rows first.")
    return numbers


def read_optional(values: ArrayLike | None, name: str, n: int, otherwise: float) -> FloatArray:
    """Numbers, or the same number for everybody when none were given."""
    numbers = np.full(n, otherwise) if values is None else read_numbers(values, name)
    if len(numbers) != n:
        raise ValueError(f"'{name}' has {len(numbers)} values for {n} rows.")
    return numbers


def read_covariates(values: ArrayLike, n: int) -> FloatArray:
    """A matrix with one row per subject; a single covariate may come as a plain column."""
    matrix = read_numbers(values, "covariates")
    matrix = matrix[:, None] if matrix.ndim == 1 else matrix
    if matrix.ndim != 2 or len(matrix) != n:
        raise ValueError(f"'covariates' has the shape {matrix.shape}; expected one row for each of {n} rows.")
    return matrix


def read_levels(values: ArrayLike | None, n: int) -> tuple[Rows, IntArray]:
    """The sorted levels of a grouping and each row's place among them; without a grouping, one level."""
    if values is None:
        return np.zeros(1), np.zeros(n, dtype=np.int64)
    levels, place = np.unique(np.asarray(values), return_inverse=True)
    if len(place) != n:
        raise ValueError(f"A grouping has {len(place)} values for {n} rows.")
    return levels, place.astype(np.int64)


def sum_by(place: Rows, values: FloatArray, size: int) -> FloatArray:
    """Sums of the values (or of the rows of a matrix) that have the same place."""
    if values.ndim == 1:
        return np.asarray(np.bincount(place, values, size), dtype=float)
    columns = [sum_by(place, column, size) for column in values.T]
    return np.stack(columns, axis=1) if columns else np.zeros((size, 0))


def accumulate(values: FloatArray) -> FloatArray:
    """Running sums with a leading 0: entry i holds the sum of the first i values."""
    return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
