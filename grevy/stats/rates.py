"""Events per person-time with the exact limits of Poisson counts."""

from dataclasses import dataclass

from scipy.special import gammaincinv

from grevy.stats.no_estimate import NoEstimate, Reason


@dataclass(frozen=True)
class Rate:
    """Events over time at risk, times `per`, with limits."""

    events: int
    person_time: float
    per: float
    value: float
    lower: float
    upper: float


def estimate_rate(
    events: int, person_time: float, *, per: float = 100.0, confidence: float = 0.95
) -> Rate | NoEstimate:
    """Rate per `per` units of time at risk with exact limits (Garwood 1936), as `poisson.test`.

    Count either first events over the time until them, or all events over all time; the caller names which.
    """
    if events < 0 or person_time < 0:
        raise ValueError(f"{events} events in a time of {person_time} is not a rate.")
    if person_time == 0:
        return NoEstimate(Reason.EMPTY)
    tail = (1 - confidence) / 2
    lower = float(gammaincinv(events, tail)) if events else 0.0
    upper = float(gammaincinv(events + 1, 1 - tail))
    scale = per / person_time
    return Rate(events, person_time, per, events * scale, lower * scale, upper * scale)
