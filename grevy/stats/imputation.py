"""Multiple imputation by chained equations, and the combination of what comes out (Rubin 1987)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, stdtr, stdtrit

from grevy.stats.arrays import BoolArray, FloatArray
from grevy.stats.logistic import fit_firth
from grevy.stats.no_estimate import NoEstimate

Kind = Literal["number", "yes or no", "from a donor"]

DONORS = 5


@dataclass(frozen=True)
class Imputations:
    """Completed copies of the columns, and how imputed values wandered: mean per round, column and copy."""

    completed: tuple[FloatArray, ...]
    missing: BoolArray
    traces: FloatArray  # copy, round, column; NaN where nothing is missing


@dataclass(frozen=True)
class Combined:
    """An estimate over imputations with limits; `share_lost` is the fraction of information missing."""

    value: float
    std_error: float
    df: float
    lower: float
    upper: float
    p: float
    within: float
    between: float
    share_lost: float


def impute(
    columns: ArrayLike, kinds: Sequence[Kind], *, copies: int, seed: int, rounds: int = 10
) -> Imputations:
    """Fill in missing covariates from all other columns in turn, round after round (van Buuren 2018, 4.5).

    NaN marks what is missing; the outcome belongs to the columns and is complete: for a Cox model the event
    and the cumulative hazard (White and Royston 2009). "number" draws from a normal regression, "yes or no"
    from a logistic one, "from a donor" takes the value of one of the five nearest by prediction. Coefficients
    are drawn as well, so that the uncertainty of the model is in the copies.
    """
    table = np.asarray(columns, dtype=float)
    missing = np.isnan(table)
    if len(kinds) != table.shape[1]:
        raise ValueError(f"{len(kinds)} kinds for {table.shape[1]} columns.")
    if missing.all(axis=0).any():
        raise ValueError("A column has no value at all; there is nothing to impute it from.")
    streams = np.random.SeedSequence(seed).spawn(copies)
    made = [_impute_copy(table, missing, kinds, np.random.default_rng(stream), rounds) for stream in streams]
    return Imputations(tuple(copy for copy, _ in made), missing, np.array([trace for _, trace in made]))


def compute_scale_reduction(traces: FloatArray) -> FloatArray:
    """How far the copies are apart, over how far each wanders in the later half of the rounds (R-hat).

    Near 1 the chains have mixed (Gelman and Rubin 1992); missing where nothing was imputed, or did not move.
    """
    later = traces[:, traces.shape[1] // 2 :, :]
    rounds = later.shape[1]
    within = later.var(axis=1, ddof=1).mean(axis=0)
    between = later.mean(axis=1).var(axis=0, ddof=1)
    ratio = np.divide(between, within, out=np.full_like(within, np.nan), where=within > 0)
    return np.asarray(np.sqrt((rounds - 1) / rounds + ratio))


def _impute_copy(
    table: FloatArray,
    missing: BoolArray,
    kinds: Sequence[Kind],
    random: np.random.Generator,
    rounds: int,
) -> tuple[FloatArray, FloatArray]:
    filled = table.copy()
    order = [column for column in np.argsort(missing.sum(axis=0), kind="stable") if missing[:, column].any()]
    for column in order:  # begin with values that were seen
        gaps = missing[:, column]
        filled[gaps, column] = random.choice(table[~gaps, column], gaps.sum())
    trace = np.full((rounds, table.shape[1]), np.nan)
    for turn in range(rounds):
        for column in order:
            gaps = missing[:, column]
            others = np.delete(filled, column, axis=1)
            others = others[:, np.ptp(others, axis=0) > 0]  # what is alike in everybody predicts nothing
            others = np.column_stack([np.ones(len(others)), _scale(others)])
            seen = table[~gaps, column]
            filled[gaps, column] = DRAWS[kinds[column]](seen, others[~gaps], others[gaps], random)
            trace[turn, column] = filled[gaps, column].mean()
    return filled, trace


def _scale(matrix: FloatArray) -> FloatArray:
    spread = matrix.std(axis=0)
    return (matrix - matrix.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def _draw_regression(
    seen: FloatArray, design: FloatArray, random: np.random.Generator
) -> tuple[FloatArray, FloatArray, float]:
    """Coefficients of a normal regression as fitted and as drawn from their posterior; the error drawn."""
    ridge = 1e-5 * np.diag((design**2).sum(axis=0))
    inverse = np.linalg.inv(design.T @ design + ridge)
    fitted = inverse @ design.T @ seen
    residual = seen - design @ fitted
    df = max(len(seen) - design.shape[1], 1)
    sigma = float(np.sqrt(residual @ residual / random.chisquare(df)))
    drawn = fitted + sigma * np.linalg.cholesky(inverse) @ random.standard_normal(len(fitted))
    return fitted, drawn, sigma


def draw_number(
    seen: FloatArray, design: FloatArray, target: FloatArray, random: np.random.Generator
) -> FloatArray:
    """Values of a normal regression with drawn coefficients (Rubin 1987, 5.3)."""
    _, drawn, sigma = _draw_regression(seen, design, random)
    return np.asarray(target @ drawn + sigma * random.standard_normal(len(target)))


def draw_from_donor(
    seen: FloatArray, design: FloatArray, target: FloatArray, random: np.random.Generator
) -> FloatArray:
    """Values of subjects whose prediction is near: what is imputed has been seen (Little 1988)."""
    fitted, drawn, _ = _draw_regression(seen, design, random)
    apart = np.abs((target @ drawn)[:, None] - (design @ fitted)[None, :])
    donors = min(DONORS, len(seen))
    nearest = np.argpartition(apart, donors - 1, axis=1)[:, :donors]
    return seen[nearest[np.arange(len(target)), random.integers(0, donors, len(target))]]


def draw_yes_or_no(
    seen: FloatArray, design: FloatArray, target: FloatArray, random: np.random.Generator
) -> FloatArray:
    """Answers of a logistic model with drawn coefficients; Firth's penalty keeps separated data finite."""
    fit = fit_firth(seen, design[:, 1:])
    if isinstance(fit, NoEstimate):
        return random.choice(seen, len(target))
    root = np.linalg.cholesky(fit.variance)
    drawn = fit.coefficients + root @ random.standard_normal(len(root))
    return (random.random(len(target)) < expit(target @ drawn)).astype(float)


Draw = Callable[[FloatArray, FloatArray, FloatArray, np.random.Generator], FloatArray]
DRAWS: dict[Kind, Draw] = {
    "number": draw_number,
    "yes or no": draw_yes_or_no,
    "from a donor": draw_from_donor,
}


def combine_imputations(
    estimates: Sequence[float],
    variances: Sequence[float],
    *,
    complete_df: float = np.inf,
    confidence: float = 0.95,
) -> Combined:
    """Rubin's rules with the degrees of freedom of Barnard and Rubin 1999; ratios go in as logarithms."""
    found = np.asarray(estimates, dtype=float)
    m = len(found)
    if m < 2:
        raise ValueError("Rubin's rules need at least two imputations.")
    value, within, between = float(found.mean()), float(np.mean(variances)), float(found.var(ddof=1))
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total
    df = (m - 1) / share**2 if share > 0 else np.inf
    if np.isfinite(complete_df):
        observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
        df = df * observed / (df + observed) if np.isfinite(df) else observed
    rise = share / (1 - share)
    lost = (rise + 2 / (df + 3)) / (rise + 1)
    error = float(np.sqrt(total))
    reach = min(df, 1e12)  # as good as normal, and a number that the function takes
    spread = float(stdtrit(reach, (1 + confidence) / 2)) * error
    p = 2 * float(stdtr(reach, -abs(value / error)))
    return Combined(value, error, df, value - spread, value + spread, p, within, between, lost)
