"""PFS, TTP, OS and duration of response for one subject, from the study's censoring table.

Days are elapsed days from the first dose; a duration is day + 1. Two rule sets: `fda_style` is the primary
one, `ema_style` counts every progression and death whatever was missed or given before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.oracles.recist import NE, PD, Assessment, first_progression, one_per_date

WINDOW_DAYS = 7


@dataclass(frozen=True)
class Outcome:
    """One time-to-event value: the day, whether it is an event, and of what kind."""

    day: int
    is_event: bool
    kind: str
    start: int = 0

    @property
    def duration(self) -> int:
        return self.day - self.start + 1


@dataclass(frozen=True)
class FollowUp:
    """What decides a censoring besides the assessments."""

    has_baseline: bool = True
    death: int | None = None
    new_therapy: int | None = None
    clinical_progression: int | None = None
    last_alive: int = 0


def planned_day(k: int) -> int:
    """Every 8 weeks to week 48, then every 12; time 0 stands for the baseline scan."""
    return 56 * k if k <= 6 else 336 + 84 * (k - 6)


def nearest_planned(day: int) -> int:
    """Index of the planned time nearest to a day, ties to the earlier."""
    best = 0
    k = 0
    while planned_day(k) <= day + 84:
        if abs(planned_day(k) - day) < abs(planned_day(best) - day):
            best = k
        k += 1
    return best


def last_day_of_two_missed(last_adequate: int, missed: int = 2, tolerance: int = WINDOW_DAYS) -> int:
    """The last elapsed day on which an event still counts after an adequate assessment."""
    return planned_day(nearest_planned(last_adequate) + missed) + tolerance


def adequate_days(assessments: Sequence[Assessment]) -> list[int]:
    return [a.date for a in one_per_date(assessments) if a.final != NE]


def first_event(
    progression: int | None, death: int | None, clinical: int | None = None
) -> tuple[int, str] | None:
    """The earliest event; on one day progression is named before death."""
    events = [(progression, "PD"), (clinical, "CLINICAL"), (death, "DEATH")]
    found = [(day, name) for day, name in events if day is not None]
    return min(found, key=lambda event: event[0]) if found else None


def fda_style(
    assessments: Sequence[Assessment],
    follow_up: FollowUp,
    *,
    counts_clinical: bool = False,
    counts_death: bool = True,
    missed: int = 2,
    tolerance: int = WINDOW_DAYS,
) -> Outcome:
    """Progression-free survival; with counts_death=False time to progression."""
    therapy = follow_up.new_therapy
    adequate = adequate_days(assessments)
    progression = first_progression(one_per_date(assessments))
    clinical = follow_up.clinical_progression if counts_clinical else None
    if not follow_up.has_baseline:
        # Progression cannot be judged; only an early death is known to be an event.
        progression, clinical, adequate = None, None, []

    event = first_event(progression, follow_up.death, clinical)
    if event is None:
        usable = [day for day in adequate if therapy is None or day <= therapy]
        return censored(usable, "LAST ASSESSMENT")
    day, kind = event
    if therapy is not None and therapy < day:
        return censored([d for d in adequate if d <= therapy], "NEW THERAPY")
    earlier = [d for d in adequate if (d <= day if kind != "PD" else d < day)]
    if day > last_day_of_two_missed(max(earlier, default=0), missed, tolerance):
        return censored(earlier, "MISSED ASSESSMENTS")
    if kind == "DEATH" and not counts_death:
        return censored(earlier, "DEATH")
    return Outcome(day, True, kind)


def censored(days: Sequence[int], kind: str) -> Outcome:
    """Censored at the last of these assessments, at the first dose when there is none."""
    return Outcome(max(days, default=0), False, kind if days else "FIRST DOSE")


def ema_style(assessments: Sequence[Assessment], follow_up: FollowUp) -> Outcome:
    progression = first_progression(one_per_date(assessments))
    event = first_event(progression, follow_up.death)
    if event is not None:
        return Outcome(event[0], True, event[1])
    return censored(adequate_days(assessments) if follow_up.has_baseline else [], "LAST ASSESSMENT")


def overall_survival(follow_up: FollowUp) -> Outcome:
    if follow_up.death is not None:
        return Outcome(follow_up.death, True, "DEATH")
    return Outcome(max(follow_up.last_alive, 0), False, "LAST KNOWN ALIVE")


def duration_of_response(first_response: int | None, pfs: Outcome) -> Outcome | None:
    """From the response to what ended, or censored, progression-free survival; responders only.

    Where responses after a new therapy are let in, the censoring may lie before the response: then day 1.
    """
    if first_response is None:
        return None
    day = pfs.day if pfs.is_event else max(pfs.day, first_response)
    return Outcome(day, pfs.is_event, pfs.kind, start=first_response)


def shows_progression(assessments: Sequence[Assessment]) -> bool:
    return any(a.final == PD for a in assessments)
