"""What is read from a Kaplan-Meier curve: quantiles, landmark rates, restricted means, numbers at risk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from grevy.stats.arrays import FloatArray
from grevy.stats.kaplan_meier import Curve
from grevy.stats.no_estimate import NoEstimate, Reason

TOLERANCE = 2.0**-26  # square root of the machine's precision: what `survfit` takes as equal


class Estimate(NamedTuple):
    """A point with its limits; None where the curve does not reach the level or no value exists."""

    value: float | None
    lower: float | None
    upper: float | None


NO_ESTIMATE = Estimate(None, None, None)


def estimate_quantile(curve: Curve, share: float) -> Estimate:
    """Time by which `share` of the subjects have had the event, with Brookmeyer-Crowley limits.

    The limits are the quantiles of the pointwise limits (Brookmeyer and Crowley 1982). Where a curve is
    flat exactly at the level, the quantile is the middle of the flat part, as in `survfit`.
    """
    bands = (curve.survival, curve.lower, curve.upper)
    return Estimate(*(_find_crossing(curve.time, band, 1 - share) for band in bands))


def _find_crossing(time: FloatArray, band: FloatArray, level: float) -> float | None:
    reached = np.flatnonzero(band <= level + TOLERANCE)
    if not len(reached):
        return None
    first = reached[0]
    if abs(band[first] - level) > TOLERANCE:
        return float(time[first])
    # flat at the level: it ends at the next fall, or with the last subject's follow-up
    below = np.flatnonzero(band < level - TOLERANCE)
    end = below[0] if len(below) else len(time) - 1
    return float((time[first] + time[end]) / 2)


def estimate_survival_at(curve: Curve, time: float, *, is_extended: bool = False) -> Estimate:
    """Survival at a landmark with its pointwise limits; no value past the last follow-up unless asked for.

    A curve that has come down to 0 stays there, so its value is known, though without limits.
    """
    if not len(curve.time):
        return NO_ESTIMATE
    step = int(np.searchsorted(curve.time, time, side="right")) - 1
    if step < 0:
        return Estimate(1.0, None, None)
    if time > curve.time[-1] and curve.survival[-1] > 0 and not is_extended:
        return NO_ESTIMATE
    value = (curve.survival[step], curve.lower[step], curve.upper[step])
    return Estimate(*(None if np.isnan(part) else float(part) for part in value))


@dataclass(frozen=True)
class RestrictedMean:
    """Mean time without event up to a horizon, with its standard error."""

    horizon: float
    value: float
    std_error: float


def estimate_restricted_mean(curve: Curve, horizon: float) -> RestrictedMean | NoEstimate:
    """Area under the curve up to the horizon (Irwin 1949; error as in Klein and Moeschberger 4.5.3).

    Refused past the last follow-up, unless the curve has come down to 0 before it.
    """
    if not len(curve.time):
        return NoEstimate(Reason.EMPTY)
    if horizon > curve.time[-1] and curve.survival[-1] > 0:
        return NoEstimate(Reason.PAST_FOLLOW_UP)
    inside = curve.time <= horizon
    n, d = curve.n_risk[inside], curve.n_event[inside]
    ends = np.append(curve.time[inside], horizon)
    areas = np.diff(ends, prepend=0.0) * np.append(1.0, curve.survival[inside])
    ahead = np.cumsum(areas[::-1])[::-1][1:]  # the area that follows each time
    rest = n - d
    steps = np.divide(d, n * rest, out=np.zeros_like(d), where=rest > 0)
    return RestrictedMean(horizon, float(areas.sum()), float(np.sqrt((ahead**2 * steps).sum())))


def count_at_risk(time: ArrayLike, at: Sequence[float]) -> list[int]:
    """Subjects still followed and event-free just before each of the times."""
    ordered = np.sort(np.asarray(time, dtype=float))
    return [len(ordered) - int(np.searchsorted(ordered, point, side="left")) for point in at]
