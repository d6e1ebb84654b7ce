"""Grevy: runs and analyses a single-arm oncology study, every number traceable to its entries.

In a notebook: `grevy.load_run`, `grevy.analyse` and `grevy.simulate` give data frames.
"""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grevy.library import Figure, Run, analyse, load_run, simulate

# The matrices of the models are small: a second thread of the linear algebra waits more than it works (with
# one a mixed model takes a sixth of the time), and its sums would depend on the number of cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__all__ = ["Figure", "Run", "analyse", "load_run", "simulate"]


def __getattr__(name: str) -> Any:
    """Import the library when it is used: the command line must start at once."""
    if name not in __all__:
        raise AttributeError(f"module 'grevy' has no attribute {name!r}")
    from grevy import library

    return getattr(library, name)
