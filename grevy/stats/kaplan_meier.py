"""Kaplan-Meier curves, with late entry and weights, and their limits.

At ties events precede censorings. A subject who enters at a time is at risk after it, not at it. Times have
any unit; in Grevy they are days, whatever is printed later.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from grevy.stats.arrays import FloatArray, IntArray, read_numbers, read_optional, read_times, sum_by

INTERVAL_TYPES = ("log-log", "log", "plain", "logit", "arcsine")


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve: one entry per distinct time of event or censoring, in order."""

    time: FloatArray
    n_risk: FloatArray
    n_event: FloatArray
    n_censored: FloatArray
    survival: FloatArray
    std_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    subjects: int

    @property
    def events(self) -> float:
        """Number of events of the curve, or the sum of their weights."""
        return float(self.n_event.sum())


def estimate_kaplan_meier(
    time: ArrayLike,
    event: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    confidence: float = 0.95,
    interval: str = "log-log",
) -> Curve:
    """Product-limit estimate with Greenwood's variance (Kaplan and Meier 1958).

    Where nobody has had the event yet there is no variance: the limits are missing on the log-log scale,
    as in `survfit`. The same holds where the curve has come down to 0. With late entry a curve can come
    down to 0 early, when few are at risk: look at `n_risk`.
    """
    counts = count_rows(time, event, entry, weight)
    variance_of_log = np.cumsum(counts.hazard / _or_missing(counts.n_risk - counts.n_event))
    return _draw_curve(counts, np.sqrt(variance_of_log), confidence, interval)


def estimate_weighted_kaplan_meier(
    time: ArrayLike,
    event: ArrayLike,
    weight: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    confidence: float = 0.95,
    interval: str = "log-log",
) -> Curve:
    """Kaplan-Meier curve under weights that are no counts, with the infinitesimal jackknife's error.

    Greenwood's formula takes a weight of 2 for two subjects; after weighting by a propensity that is wrong.
    """
    counts = count_rows(time, event, entry, weight)
    error = np.sqrt(_sum_squared_influence(counts))
    # once nobody is left no weight can change the curve
    return _draw_curve(counts, np.where(counts.hazard < 1, error, 0.0), confidence, interval)


def estimate_reverse_kaplan_meier(
    time: ArrayLike, event: ArrayLike, *, confidence: float = 0.95, interval: str = "log-log"
) -> Curve:
    """Follow-up time: the end of observation is the event, a death censors it (Schemper and Smith 1996)."""
    return estimate_kaplan_meier(
        time, 1 - np.asarray(event, dtype=int), confidence=confidence, interval=interval
    )


def compute_cumulative_hazard(time: ArrayLike, event: ArrayLike) -> FloatArray:
    """Each row's cumulative hazard at its own time (Nelson 1972; Aalen 1978)."""
    counts = count_rows(time, event, None, None)
    return np.asarray(np.cumsum(counts.hazard)[counts.place])


# --- Counts at each distinct time -------------------------------------------------------------------------


@dataclass(frozen=True)
class Counts:
    """Rows, and (weighted) counts at each distinct time; `place` is a row's time."""

    time: FloatArray
    n_risk: FloatArray
    n_event: FloatArray
    n_censored: FloatArray
    place: IntArray
    entered: IntArray  # how many of the distinct times are not after a row's entry
    weight: FloatArray
    event: FloatArray

    @property
    def hazard(self) -> FloatArray:
        """Share of those at risk who have the event, at each time."""
        at_risk = self.n_risk > 0  # not so where all who are left have the weight 0
        return np.divide(self.n_event, self.n_risk, out=np.zeros_like(self.n_event), where=at_risk)


def count_rows(
    time: ArrayLike, event: ArrayLike, entry: ArrayLike | None, weight: ArrayLike | None
) -> Counts:
    times, entries = read_times(time, entry)
    events = read_numbers(event, "event")
    weights = read_optional(weight, "weight", len(times), 1.0)
    distinct, place = np.unique(times, return_inverse=True)
    size = len(distinct)
    leaving = sum_by(place, weights, size)
    n_event = sum_by(place, weights * events, size)
    n_risk = np.cumsum(leaving[::-1])[::-1]
    entered = np.zeros(len(times), dtype=np.int64)
    if entry is not None:
        entered = np.searchsorted(distinct, entries, side="right")
        late = sum_by(entered, weights, size + 1)
        n_risk = n_risk - (late.sum() - np.cumsum(late)[:size])
    return Counts(distinct, n_risk, n_event, leaving - n_event, place, entered, weights, events)


def _or_missing(values: FloatArray) -> FloatArray:
    return np.where(values > 1e-12, values, np.nan)


def _sum_squared_influence(counts: Counts) -> FloatArray:
    """Sum over rows of the squared derivative of log S(t) with respect to their weight, times the weight.

    While at risk a row adds K(t) - K(entry), with K the sum of d / (n (n - d)); its event then takes
    1 / (n - d) away, and after its end nothing changes any more.
    """
    square = counts.weight**2
    left = _or_missing(counts.n_risk - counts.n_event)
    growth = np.concatenate([[0.0], np.cumsum(counts.hazard / left)])
    begin, end = growth[counts.entered], growth[counts.place + 1]
    final = end - begin - counts.event / left[counts.place]
    size = len(counts.time)
    ended = np.cumsum(sum_by(counts.place, square * final**2, size))
    moments = []
    for power in (square, square * begin, square * begin**2):
        entered = np.cumsum(sum_by(counts.entered, power, size + 1))[:size]
        moments.append(entered - np.cumsum(sum_by(counts.place, power, size)))
    now = growth[1:]
    return ended + np.maximum(now**2 * moments[0] - 2 * now * moments[1] + moments[2], 0)


# --- Limits -----------------------------------------------------------------------------------------------


def _draw_curve(counts: Counts, error_of_log: FloatArray, confidence: float, interval: str) -> Curve:
    survival = np.asarray(np.cumprod(1 - counts.hazard), dtype=float)
    lower, upper = compute_limits(survival, error_of_log, confidence=confidence, interval=interval)
    return Curve(
        time=counts.time,
        n_risk=counts.n_risk,
        n_event=counts.n_event,
        n_censored=counts.n_censored,
        survival=survival,
        std_error=survival * error_of_log,
        lower=lower,
        upper=upper,
        subjects=len(counts.place),
    )


def compute_limits(
    survival: FloatArray, error_of_log: FloatArray, *, confidence: float, interval: str
) -> tuple[FloatArray, FloatArray]:
    """Pointwise limits on the scale asked for, from the standard error of log S(t).

    Plain, log and log-log: Kalbfleisch and Prentice; logit; arcsine square root: Borgan and Liestøl 1990.
    """
    z = float(ndtri((1 + confidence) / 2))
    p, spread = survival, z * error_of_log
    with np.errstate(divide="ignore", invalid="ignore"):
        if interval == "plain":
            return np.maximum(p - spread * p, 0), np.minimum(p + spread * p, 1)
        p = np.where(p > 0, p, np.nan)
        if interval == "log":
            return p * np.exp(-spread), np.minimum(p * np.exp(spread), 1)
        if interval == "logit":
            odds, spread = p / (1 - p), spread / (1 - p)
            return 1 - 1 / (1 + odds * np.exp(-spread)), 1 - 1 / (1 + odds * np.exp(spread))
        if interval == "arcsine":
            angle, half = np.arcsin(np.sqrt(p)), spread / 2 * np.sqrt(p / (1 - p))
            return np.sin(np.maximum(angle - half, 0)) ** 2, np.sin(np.minimum(angle + half, np.pi / 2)) ** 2
        if interval == "log-log":
            log = np.where(p < 1, np.log(p), np.nan)
            return np.exp(log * np.exp(-spread / log)), np.exp(log * np.exp(spread / log))
    raise ValueError(f"Survival interval '{interval}' is unknown; allowed: {', '.join(INTERVAL_TYPES)}.")
