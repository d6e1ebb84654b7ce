"""Why a method gives no estimate: a result like any other, to be printed in its place."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """The reasons there are; the words for them, in both languages, belong to the results."""

    EMPTY = "EMPTY"  # nobody, or nothing measured
    ONE_GROUP = "ONE_GROUP"  # a comparison with fewer than two groups that have anybody
    NO_EVENT = "NO_EVENT"
    TOO_FEW_EVENTS = "TOO_FEW_EVENTS"  # fewer than the number asked for
    PAST_FOLLOW_UP = "PAST_FOLLOW_UP"  # nobody was followed as long
    NO_VARIATION = "NO_VARIATION"  # all values alike, or a variance of 0
    COLLINEAR = "COLLINEAR"  # a covariate is constant or a combination of others
    SEPARATED = "SEPARATED"  # the likelihood has no maximum: an estimate would be infinite
    NOT_CONVERGED = "NOT_CONVERGED"
    TOO_LARGE = "TOO_LARGE"  # an exact computation beyond reasonable size


@dataclass(frozen=True)
class NoEstimate:
    """No estimate, and why; `detail` names the covariate, group or limit, never a patient's value."""

    reason: Reason
    detail: str = ""

    @property
    def covariate(self) -> int | None:
        """Place of the covariate that is to blame, from 0; None where none is named."""
        word, _, number = self.detail.partition(" ")
        return int(number) - 1 if word == "covariate" else None

    def __bool__(self) -> bool:
        """No estimate is false, so that `if fit:` reads as it should."""
        return False
