"""Bootstrap: resampled subjects or clusters, the same numbers for any number of cores."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from grevy.stats.arrays import FloatArray, IntArray, read_levels
from grevy.stats.no_estimate import NoEstimate, Reason

MOST_FAILED = 0.1  # share of replicates without an estimate beyond which the rest would mislead

Estimator = Callable[[IntArray], "FloatArray | float | NoEstimate"]


@dataclass(frozen=True)
class Bootstrap:
    """Estimates of the sample and of its replicates; `failed` replicates had no estimate and are left out."""

    estimate: FloatArray
    replicates: FloatArray
    failed: int

    @property
    def std_error(self) -> FloatArray:
        """Standard deviation of the replicates."""
        return np.asarray(self.replicates.std(axis=0, ddof=1))

    @property
    def monte_carlo_error(self) -> FloatArray:
        """How much the standard error itself would differ with another seed, about."""
        return self.std_error / np.sqrt(2 * (len(self.replicates) - 1))

    def compute_percentile_limits(self, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Limits that leave the same share of replicates out at both ends."""
        tail = (1 - confidence) / 2
        lower, upper = np.quantile(self.replicates, [tail, 1 - tail], axis=0)
        return lower, upper

    def compute_corrected_limits(self, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Percentile limits corrected for bias (Efron 1981): where the replicates lie to one side."""
        z = ndtri((1 + confidence) / 2)
        below = (self.replicates < self.estimate).mean(axis=0)
        below = below + (self.replicates == self.estimate).mean(axis=0) / 2
        shift = 2 * ndtri(np.clip(below, 1e-6, 1 - 1e-6))
        columns = self.replicates.T
        lower, upper = (
            np.array([np.quantile(column, ndtr(s)) for column, s in zip(columns, shift + end, strict=True)])
            for end in (-z, z)
        )
        return lower, upper


def estimate_bootstrap(
    estimate: Estimator,
    n: int,
    *,
    repeats: int,
    seed: int,
    cluster: ArrayLike | None = None,
    workers: int = 1,
) -> Bootstrap | NoEstimate:
    """Estimate again on samples drawn with replacement from n rows, or whole clusters of them.

    `estimate` gets the numbers of the rows drawn. Each repeat has a random stream of its own, derived from
    the seed and its number, so that neither cores nor order change a digit.
    """
    whole = estimate(np.arange(n))
    if isinstance(whole, NoEstimate):
        return whole
    levels, place = read_levels(np.arange(n) if cluster is None else cluster, n)
    members = np.split(np.argsort(place, kind="stable"), np.cumsum(np.bincount(place))[:-1])
    streams = np.random.SeedSequence(seed).spawn(repeats)

    def repeat(stream: np.random.SeedSequence) -> FloatArray | float | NoEstimate:
        drawn = np.random.default_rng(stream).integers(0, len(levels), len(levels))
        return estimate(np.concatenate([members[number] for number in drawn]))

    if workers == 1:
        found = [repeat(stream) for stream in streams]
    else:
        with ThreadPoolExecutor(workers) as pool:
            found = list(pool.map(repeat, streams))
    kept = [np.atleast_1d(one) for one in found if not isinstance(one, NoEstimate)]
    failed = repeats - len(kept)
    if failed > MOST_FAILED * repeats or len(kept) < 2:
        return NoEstimate(Reason.NOT_CONVERGED, f"{failed} of {repeats} replicates")
    return Bootstrap(np.atleast_1d(whole), np.array(kept, dtype=float), failed)
