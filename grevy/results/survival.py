"""Kaplan-Meier estimates: curve, quantiles, landmark rates and follow-up time.

The curve and its pointwise limits are those of the greenwood package, which equals R's survival package; the
quantiles are taken here, because `survfit` answers with the midpoint where the curve is flat at the level.
At ties events precede censorings. Times are in days, whatever is printed later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

INTERVAL_TYPES = ("log-log", "log", "plain")
TOLERANCE = 2.0**-26  # square root of the machine's precision: what `survfit` takes as equal


class Estimate(NamedTuple):
    """A point with its limits; None where the curve does not reach the level or no value exists."""

    value: float | None
    lower: float | None
    upper: float | None


NO_ESTIMATE = Estimate(None, None, None)


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve: one entry per distinct time, in order."""

    time: FloatArray
    n_risk: FloatArray
    n_event: FloatArray
    n_censored: FloatArray
    survival: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray

    @property
    def subjects(self) -> int:
        """Number of subjects of the curve."""
        return int(self.n_risk[0]) if len(self.n_risk) else 0

    @property
    def events(self) -> int:
        """Number of events of the curve."""
        return int(self.n_event.sum())


def estimate_kaplan_meier(
    time: ArrayLike, event: ArrayLike, *, confidence: float = 0.95, interval: str = "log-log"
) -> Curve:
    """Product-limit estimate with Greenwood's variance (Kaplan and Meier 1958).

    Where nobody has had the event yet there is no variance: the limits are missing on the log-log scale,
    as in `survfit`. The same holds where the curve has come down to 0.
    """
    from greenwood import KaplanMeier, Surv  # late: it brings the whole of scipy.stats

    if interval not in INTERVAL_TYPES:
        raise ValueError(f"Survival interval '{interval}' is unknown; allowed: {', '.join(INTERVAL_TYPES)}.")
    days, status = np.asarray(time, dtype=float), np.asarray(event, dtype=int)
    if not len(days):
        return Curve(**{name: np.empty(0) for name in Curve.__dataclass_fields__})
    fitted = KaplanMeier(conf_type=interval, conf_level=confidence).fit(Surv(time=days, event=status))
    table = fitted.to_frame(format="pandas")
    lower, upper = table["conf_low"].to_numpy(float), table["conf_high"].to_numpy(float)
    if interval == "log-log":
        untouched = table["estimate"].to_numpy(float) >= 1
        lower, upper = np.where(untouched, np.nan, lower), np.where(untouched, np.nan, upper)
    return Curve(
        time=table["time"].to_numpy(float),
        n_risk=table["n_risk"].to_numpy(float),
        n_event=table["n_event"].to_numpy(float),
        n_censored=table["n_censor"].to_numpy(float),
        survival=table["estimate"].to_numpy(float),
        std_error=table["std_error"].to_numpy(float),
        lower=lower,
        upper=upper,
    )


def estimate_reverse_kaplan_meier(
    time: ArrayLike, event: ArrayLike, *, confidence: float = 0.95, interval: str = "log-log"
) -> Curve:
    """Follow-up time: the end of observation is the event, a death censors it (Schemper and Smith 1996)."""
    return estimate_kaplan_meier(
        time, 1 - np.asarray(event, dtype=int), confidence=confidence, interval=interval
    )


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


def estimate_survival_at(curve: Curve, time: float) -> Estimate:
    """Survival at a landmark with its pointwise limits; no value past the last follow-up.

    A curve that has come down to 0 stays there, so its value is known, though without limits.
    """
    if not len(curve.time):
        return NO_ESTIMATE
    step = int(np.searchsorted(curve.time, time, side="right")) - 1
    if step < 0:
        return Estimate(1.0, None, None)
    if time > curve.time[-1] and curve.survival[-1] > 0:
        return NO_ESTIMATE
    value = (curve.survival[step], curve.lower[step], curve.upper[step])
    return Estimate(*(None if np.isnan(part) else float(part) for part in value))


def count_at_risk(time: ArrayLike, at: Sequence[float]) -> list[int]:
    """Subjects still followed and event-free just before each of the times."""
    ordered = np.sort(np.asarray(time, dtype=float))
    return [len(ordered) - int(np.searchsorted(ordered, point, side="left")) for point in at]
