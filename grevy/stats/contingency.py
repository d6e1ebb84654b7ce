"""Tables of counts: Fisher's exact test, chi-square, Cochran-Mantel-Haenszel."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import gammaln, ndtri

from grevy.stats.arrays import FloatArray, sum_by
from grevy.stats.no_estimate import NoEstimate, Reason
from grevy.stats.statistics_of_tests import ChiSquare, compute_quadratic_form

AS_LIKELY = 1e-7  # R takes two tables as equally likely within this
MOST_TABLES = 3_000_000


@dataclass(frozen=True)
class OddsRatio:
    """Odds ratio with limits, which may be 0 or infinite, and the p-value of no association."""

    value: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True)
class ChiSquareOfTable:
    """Chi-square of a table; below 5 expected somewhere, the approximation is poor."""

    test: ChiSquare
    smallest_expected: float


@dataclass(frozen=True)
class MantelHaenszel:
    """Association in 2 x 2 tables over strata: test and common odds ratio with limits."""

    test: ChiSquare
    odds_ratio: float
    lower: float
    upper: float


def read_table(table: ArrayLike) -> FloatArray | NoEstimate:
    """Counts without the rows and columns that are empty; fewer than two of either cannot be compared."""
    counts = np.asarray(table, dtype=float)
    if (counts < 0).any() or (counts != np.floor(counts)).any():
        raise ValueError("A table of counts has numbers that are no counts.")
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if not counts.size:
        return NoEstimate(Reason.EMPTY)
    return NoEstimate(Reason.ONE_GROUP) if min(counts.shape) < 2 else counts


# --- Fisher -------------------------------------------------------------------------------------------------


def compute_fisher_2x2(table: ArrayLike, *, confidence: float = 0.95) -> OddsRatio | NoEstimate:
    """Fisher's exact test of a 2 x 2 table with the conditional odds ratio and its exact limits.

    As `fisher.test`: the ratio is the maximum of the likelihood with both margins held, not ad / bc.
    """
    counts = np.asarray(table, dtype=float)
    found = read_table(counts)
    if isinstance(found, NoEstimate):
        return found
    (x, _), (_, _) = counts
    top, bottom = counts.sum(axis=1)
    left = counts[:, 0].sum()
    low, high = max(0.0, left - bottom), min(top, left)
    support = np.arange(low, high + 1)
    log = -sum(
        gammaln(part + 1) for part in (support, top - support, left - support, bottom - left + support)
    )

    def distribute(log_ratio: float) -> FloatArray:
        term = log + support * log_ratio
        weight = np.exp(term - term.max())
        return weight / weight.sum()

    null = distribute(0.0)
    here = null[int(x - low)]
    p = float(min(1.0, null[null <= here * (1 + AS_LIKELY)].sum()))
    tail = (1 - confidence) / 2
    value = _find_ratio(lambda t: float(distribute(t) @ support) - x, is_low=x == low, is_high=x == high)
    lower = _find_ratio(lambda t: distribute(t)[support >= x].sum() - tail, is_low=x == low)
    upper = _find_ratio(lambda t: tail - distribute(t)[support <= x].sum(), is_high=x == high)
    return OddsRatio(value, lower, upper, p)


def _find_ratio(rising: Callable[[float], float], *, is_low: bool = False, is_high: bool = False) -> float:
    """Where a rising function of the log odds ratio is 0."""
    if is_low:
        return 0.0
    if is_high:
        return inf
    width = 1.0
    while rising(-width) > 0 or rising(width) < 0:
        width *= 2
    return float(np.exp(brentq(rising, -width, width, xtol=1e-14, rtol=1e-14)))


def compute_fisher(table: ArrayLike) -> float | NoEstimate:
    """Two-sided p-value of Fisher's exact test of a table of any size (Freeman and Halton 1951).

    All tables with the margins seen are built column by column; those that need the same in the columns to
    come and are as likely so far go on as one.
    """
    counts = read_table(table)
    if isinstance(counts, NoEstimate):
        return counts
    counts = counts if counts.shape[0] <= counts.shape[1] else counts.T
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    states, log, ways = rows[None, :], np.zeros(1), np.ones(1)
    for column in columns[:-1]:
        extended = _add_column(states, log, ways, column)
        if extended is None:
            return NoEstimate(Reason.TOO_LARGE, str(MOST_TABLES))
        states, log, ways = extended
    log = log - gammaln(states + 1).sum(axis=1)  # the last column takes what is left
    constant = gammaln(rows + 1).sum() + gammaln(columns + 1).sum() - gammaln(counts.sum() + 1)
    seen = -gammaln(counts + 1).sum()
    return float(min(1.0, (ways * np.exp(log + constant))[log <= seen + AS_LIKELY].sum()))


def _add_column(
    states: FloatArray, log: FloatArray, ways: FloatArray, column: float
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Every way in which a column takes its count from what is left of the rows."""
    left = np.full(len(states), column)
    for row in range(states.shape[1]):
        rest = states[:, row + 1 :].sum(axis=1)
        least, most = np.maximum(left - rest, 0), np.minimum(left, states[:, row])
        choices = (most - least + 1).astype(int)
        if choices.sum() > MOST_TABLES:
            return None
        taken = np.repeat(least, choices) + np.arange(choices.sum())
        taken -= np.repeat(np.cumsum(choices) - choices, choices)
        states, left, ways = (np.repeat(part, choices, axis=0) for part in (states, left, ways))
        log = np.repeat(log, choices) - gammaln(taken + 1)
        states[:, row] -= taken
        left = left - taken
    key = np.column_stack([states, np.round(log, 9)])
    _, first, place = np.unique(key, axis=0, return_index=True, return_inverse=True)
    return states[first], log[first], sum_by(place.ravel(), ways, len(first))


# --- Chi-square ---------------------------------------------------------------------------------------------


def compute_chi_square(table: ArrayLike, *, is_corrected: bool = True) -> ChiSquareOfTable | NoEstimate:
    """Pearson's chi-square, as `chisq.test`: a 2 x 2 table has Yates' correction unless told otherwise."""
    counts = read_table(table)
    if isinstance(counts, NoEstimate):
        return counts
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    apart = np.abs(counts - expected)
    if is_corrected and counts.shape == (2, 2):
        apart = apart - min(0.5, apart.min())
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return ChiSquareOfTable(ChiSquare(float((apart**2 / expected).sum()), df), float(expected.min()))


# --- Cochran-Mantel-Haenszel --------------------------------------------------------------------------------


def compute_mantel_haenszel(
    tables: ArrayLike, *, is_corrected: bool = True, confidence: float = 0.95
) -> MantelHaenszel | NoEstimate:
    """Test and common odds ratio of 2 x 2 tables over strata, as `mantelhaen.test`.

    A difference below one half is not corrected. Limits by Robins, Breslow and Greenland 1986. `tables` has
    one 2 x 2 table per stratum.
    """
    counts = np.asarray(tables, dtype=float)
    counts = counts[counts.sum(axis=(1, 2)) > 1]
    n = counts.sum(axis=(1, 2))
    row, column = counts.sum(axis=2), counts.sum(axis=1)
    variance = float((row.prod(axis=1) * column.prod(axis=1) / (n**2 * (n - 1))).sum()) if len(n) else 0.0
    if variance <= 0:
        return NoEstimate(Reason.NO_VARIATION if len(n) else Reason.EMPTY)
    apart = abs(float((counts[:, 0, 0] - row[:, 0] * column[:, 0] / n).sum()))
    apart -= 0.5 if is_corrected and apart >= 0.5 else 0.0
    same, other = (counts[:, 0, 0] + counts[:, 1, 1]) / n, (counts[:, 0, 1] + counts[:, 1, 0]) / n
    along, across = counts[:, 0, 0] * counts[:, 1, 1] / n, counts[:, 0, 1] * counts[:, 1, 0] / n
    up, down = float(along.sum()), float(across.sum())
    test = ChiSquare(apart**2 / variance, 1)
    if up == 0 or down == 0:
        return MantelHaenszel(test, inf if down == 0 else 0.0, 0.0, inf)
    spread = (same @ along) / (2 * up**2) + (same @ across + other @ along) / (2 * up * down)
    spread = ndtri((1 + confidence) / 2) * np.sqrt(spread + (other @ across) / (2 * down**2))
    ratio = up / down
    return MantelHaenszel(test, ratio, float(ratio * np.exp(-spread)), float(ratio * np.exp(spread)))


def compute_general_association(tables: ArrayLike) -> ChiSquare | NoEstimate:
    """Generalized Cochran-Mantel-Haenszel test of tables of any size over strata, without correction."""
    counts = np.asarray(tables, dtype=float)
    counts = counts[counts.sum(axis=(1, 2)) > 1]
    size = (counts.shape[1] - 1) * (counts.shape[2] - 1)
    apart, variance = np.zeros(size), np.zeros((size, size))
    for table in counts:
        n = table.sum()
        row, column = table.sum(axis=1)[:-1], table.sum(axis=0)[:-1]
        apart += (table[:-1, :-1] - np.outer(row, column) / n).ravel()
        spread = [np.diag(margin) * n - np.outer(margin, margin) for margin in (row, column)]
        variance += np.kron(*spread) / (n**2 * (n - 1))
    test = compute_quadratic_form(apart, variance) if len(counts) else None
    if test is None:
        return NoEstimate(Reason.EMPTY)
    return test if test.df else NoEstimate(Reason.NO_VARIATION)
