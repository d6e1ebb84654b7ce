"""Test statistics with their degrees of freedom and p-values."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from grevy.stats.arrays import FloatArray


@dataclass(frozen=True)
class ChiSquare:
    """A statistic that is chi-square distributed when nothing is the matter."""

    value: float
    df: int

    @property
    def p(self) -> float:
        """Probability of a statistic as large."""
        return float(chdtrc(self.df, self.value))


def compute_quadratic_form(score: FloatArray, variance: FloatArray) -> ChiSquare:
    """Score or estimate, weighed by its variance; directions without variance give no degrees of freedom."""
    scale = np.sqrt(np.maximum(np.diag(variance), 0))
    kept = scale > 1e-10 * scale.max(initial=0)
    score, scale = score[kept] / scale[kept], scale[kept]
    values, vectors = np.linalg.eigh(variance[np.ix_(kept, kept)] / np.outer(scale, scale))
    solid = values > 1e-10 * max(values.max(initial=0), 1e-300)
    along = vectors[:, solid].T @ score
    return ChiSquare(float((along**2 / values[solid]).sum()), int(solid.sum()))
