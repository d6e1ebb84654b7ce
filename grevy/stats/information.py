"""What every fit by maximum likelihood asks of an information matrix."""

import numpy as np

from grevy.stats.arrays import FloatArray


def find_collinear(information: FloatArray) -> int | None:
    """The first covariate that is constant or a combination of those before it, by a scaled Cholesky."""
    diagonal = np.diag(information)
    scale = np.sqrt(np.maximum(diagonal, 0))
    for last in range(len(diagonal)):
        if scale[last] <= 0:
            return last
        head, row = information[:last, :last], information[last, :last]
        rest = diagonal[last] - (row @ np.linalg.solve(head, row) if last else 0.0)
        if rest <= 1e-10 * diagonal[last]:
            return last
    return None


def solve(information: FloatArray, score: FloatArray) -> FloatArray | None:
    """The Newton step, on a scale on which all covariates are alike; None if there is none."""
    scale = np.sqrt(np.diag(information))
    if not (np.isfinite(scale).all() and (scale > 0).all()):
        return None
    try:
        return np.linalg.solve(information / np.outer(scale, scale), score / scale) / scale
    except np.linalg.LinAlgError:
        return None


def invert(information: FloatArray) -> FloatArray:
    """Inverse of an information matrix, by way of its correlation matrix."""
    scale = np.sqrt(np.diag(information))
    inverse = np.linalg.inv(information / np.outer(scale, scale)) / np.outer(scale, scale)
    return (inverse + inverse.T) / 2
