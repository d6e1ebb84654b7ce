"""The arrays that come in, and the sums over them that every method needs."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Rows = NDArray[Any]

SAME_TIME = 2.0**-26  # square root of the machine's precision


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


def read_times(
    time: ArrayLike, entry: ArrayLike | None = None, *, name: str = "time"
) -> tuple[FloatArray, FloatArray]:
    """Times and entries (minus infinity without late entry), those that differ by rounding made equal.

    An age at entry and an age at the end that was made from it by adding may differ in the last digit, and a
    tie would be none. As `aeqSurv` of R's survival package.
    """
    times = read_numbers(time, name)
    entries = read_optional(entry, "entry", len(times), -np.inf)
    distinct = np.unique(times if entry is None else np.concatenate([times, entries[np.isfinite(entries)]]))
    near = np.diff(distinct) <= SAME_TIME * max(1.0, float(np.abs(distinct).mean()) if len(distinct) else 1.0)
    if near.any():
        kept = distinct[np.concatenate([[True], ~near])]
        times = kept[np.searchsorted(kept, times, side="right") - 1]
        late = np.isfinite(entries)
        entries = entries.copy()
        entries[late] = kept[np.searchsorted(kept, entries[late], side="right") - 1]
    if entry is not None and (entries >= times).any():
        raise ValueError("'entry' is not before 'time' in some rows; the interval at risk is empty.")
    return times, entries


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
