"""Planned tumor imaging: every 8 weeks to week 48, then every 12 weeks, counted in days since first dose."""

EIGHT_WEEKS = 56
TWELVE_WEEKS = 84
LAST_EIGHT_WEEK_VISIT = 6
TOLERANCE_DAYS = 7
"""Window of a planned scan."""


def planned_day(k: int) -> int:
    """Elapsed days from first dose to planned imaging k; k = 0 stands for baseline.

    >>> [planned_day(k) for k in (1, 6, 7)]
    [56, 336, 420]
    """
    if k < 0:
        raise ValueError(f"planned imaging {k}; the first one is 1")
    return EIGHT_WEEKS * min(k, LAST_EIGHT_WEEK_VISIT) + TWELVE_WEEKS * max(k - LAST_EIGHT_WEEK_VISIT, 0)


def nearest_planned_visit(elapsed: int, *, include_baseline: bool = False) -> int:
    """Number of the planned imaging that a scan belongs to: the nearest one, ties to the earlier.

    A scan after baseline always belongs to a visit from 1 on; the two-missed rule alone counts baseline as
    visit 0.
    """
    first = 0 if include_baseline else 1
    k = first
    while elapsed - planned_day(k) > planned_day(k + 1) - elapsed:
        k += 1
    return k


def missed_limit(last_adequate: int, *, missed: int = 2, tolerance: int = TOLERANCE_DAYS) -> int:
    """Last elapsed day on which an event does not yet follow `missed` consecutive missed assessments.

    `last_adequate` is the elapsed day of the last adequate assessment, 0 if there is only baseline. FDA
    endpoint guidance, censoring after two or more missed visits: with the scan of day 56 the limit is day
    175 (planned day 168 and its window); an event on day 176 is censored.
    """
    visit = nearest_planned_visit(last_adequate, include_baseline=True)
    return planned_day(visit + missed) + tolerance
