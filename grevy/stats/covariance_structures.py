"""How the measurements of a subject hang together: unstructured, autoregressive, compound symmetry."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from grevy.stats.arrays import FloatArray

Structure = Literal["unstructured", "autoregressive", "compound symmetry"]


@dataclass(frozen=True)
class Covariance:
    """A covariance matrix of the visits with its first and, where not 0, second derivatives."""

    matrix: FloatArray
    first: FloatArray  # parameter, visit, visit
    second: FloatArray | None  # parameter, parameter, visit, visit


def start_parameters(structure: Structure, variances: FloatArray) -> FloatArray:
    """Where the search begins: the variance of each visit, and nothing shared between visits."""
    if structure == "unstructured":
        rows, columns = np.tril_indices(len(variances))
        return np.where(rows == columns, variances[rows], 0.0)
    return np.array([variances.mean(), 0.0])


def build_covariance(structure: Structure, parameters: FloatArray, visits: int) -> Covariance:
    """The matrix that the parameters mean, in a form whose derivatives are plain."""
    apart = np.abs(np.subtract.outer(np.arange(visits), np.arange(visits)))
    if structure == "unstructured":
        rows, columns = np.tril_indices(visits)
        first = np.zeros((len(parameters), visits, visits))
        first[np.arange(len(rows)), rows, columns] = 1
        first[np.arange(len(rows)), columns, rows] = 1
        return Covariance(np.tensordot(parameters, first, 1), first, None)
    if structure == "compound symmetry":
        first = np.stack([np.eye(visits), np.ones((visits, visits))])
        return Covariance(np.tensordot(parameters, first, 1), first, None)
    variance, correlation = parameters
    power = np.where(apart > 0, correlation**apart, 1.0)
    slope = np.where(apart > 0, apart * correlation ** np.maximum(apart - 1, 0), 0.0)
    bend = np.where(apart > 1, apart * (apart - 1) * correlation ** np.maximum(apart - 2, 0), 0.0)
    second = np.stack([np.stack([np.zeros_like(power), slope]), np.stack([slope, variance * bend])])
    return Covariance(variance * power, np.stack([power, variance * slope]), second)
