"""Time until definitive deterioration: which form of a course of scores counts as definitely worse.

The three definitions of the R package QoLR; `def2` is the one of the surufatinib trials.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

RELEVANT_CHANGE = Fraction(10)
"""Points of 0 to 100; exactly 10 is a deterioration."""

_IsDefinitive = Callable[[Fraction, Fraction, Fraction], bool]

# A later form is judged by how much worse it is than the baseline, and than the form that qualified
DEFINITIONS: dict[str, _IsDefinitive] = {
    "def1": lambda later, qualified, limit: later >= -limit,
    "def2": lambda later, qualified, limit: later >= limit,
    "def3": lambda later, qualified, limit: later >= qualified - limit,
}
"""def1: no later form is more than 10 points better than baseline; def2: every later form is at least 10
points worse than baseline; def3: no later form is more than 10 points better than the one that qualified."""


def find_definitive_deterioration(
    baseline: Fraction,
    scores: Sequence[Fraction | None],
    *,
    higher_is_better: bool,
    definition: str = "def2",
    limit: Fraction = RELEVANT_CHANGE,
) -> int | None:
    """Position of the first form after baseline that is definitely worse, None if none is.

    Forms without a score say nothing. A deterioration at the last form counts, nothing came to undo it.
    """
    if definition not in DEFINITIONS:
        raise ValueError(f"definition {definition!r} is not known; known: {', '.join(DEFINITIONS)}")
    is_definitive = DEFINITIONS[definition]
    sign = 1 if higher_is_better else -1
    worse = [(place, sign * (baseline - score)) for place, score in enumerate(scores) if score is not None]
    for at, (place, change) in enumerate(worse):
        later = [other for _, other in worse[at + 1 :]]
        if change >= limit and all(is_definitive(other, change, limit) for other in later):
            return place
    return None
