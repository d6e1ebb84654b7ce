"""The reference values of this folder and how near an estimate has to come; R itself is not needed."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parent
AGREE = {"rel": 1e-6, "abs": 1e-9}


@cache
def read_reference(name):
    """A file that the R script of the same name wrote."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@cache
def read_set(name):
    """A public data set as columns of numbers."""
    return {
        column: np.array(values, float) for column, values in read_reference("data")["sets"][name].items()
    }


def numbers(values):
    """Numbers of R, missing ones as NaN, a single one as an array of one."""
    return np.array([np.nan if value is None else value for value in np.ravel(values)], dtype=float)


def agrees(expected, **tolerance):
    """The values of R, to be compared with `==`."""
    return pytest.approx(numbers(expected), nan_ok=True, **{**AGREE, **tolerance})
