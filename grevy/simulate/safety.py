"""Adverse events of one virtual patient, and what they do to the dose.

Rates are those of the label; grade 3 and 4 events interrupt, reduce or end treatment as the label says:
interrupt first, then reduce 300 -> 250 -> 200 mg -> 200 mg three weeks on and one week off; stop if the event
has not recovered within four weeks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp

import numpy as np

from grevy.simulate.assumptions import AdverseEventRate, Assumptions
from grevy.simulate.patients import Patient, draw

LEVELS = ((300, "QD"), (250, "QD"), (200, "QD"), (200, "3W1"))


@dataclass(frozen=True)
class AdverseEvent:
    """One event; `line` is the line of the label it belongs to, `action_day` the day of its dose change."""

    line: str
    decod: str
    soc: str
    onset: int
    end: int | None
    grade: int
    serious: bool
    causality: str
    causality_partner: str | None
    action: str = "NONE"
    action_day: int | None = None
    fatal: bool = False


@dataclass(frozen=True)
class DoseInterval:
    """One dose from `start` to `end` (None: still running); `cause` is the index of the adverse event."""

    start: int
    end: int | None
    dose_mg: int
    schedule: str
    reason: str
    cause: int | None = None


@dataclass(frozen=True)
class DosePlan:
    """Doses as they would go without progression; `stop_day` is the last dose if an event ends treatment."""

    intervals: tuple[DoseInterval, ...]
    stop_day: int | None
    stop_cause: int | None


# ------------------------------------------------------------------------------------------------------
# Events
# ------------------------------------------------------------------------------------------------------


def draw_adverse_events(
    rng: np.random.Generator, patient: Patient, horizon: int, assumed: Assumptions
) -> list[AdverseEvent]:
    """All events up to `horizon` days as if treatment went on, in order of onset."""
    sd = assumed.safety.frailty_sd
    frailty = float(rng.lognormal(-(sd**2) / 2, sd))
    events: list[AdverseEvent] = []
    for line, rate in assumed.adverse_events.items():
        reached = exp(-rate.onset / assumed.safety.reached_days)  # the others stop before they have the event
        share = min(0.97, rate.any / 100 / reached * partner_factor(rate, patient))
        if rng.random() < 1 - (1 - share) ** frailty:
            onset = int(rng.lognormal(np.log(rate.onset), assumed.safety.onset_sd))
            events += draw_episodes(rng, line, rate, onset, horizon, patient, assumed)
    if rng.random() < assumed.safety.before_treatment_share:
        events.append(draw_early_event(rng, patient, assumed))
    return sorted(events, key=lambda event: (event.onset, event.decod))


def draw_early_event(rng: np.random.Generator, patient: Patient, assumed: Assumptions) -> AdverseEvent:
    """An event between consent and the first dose: recorded, but not treatment-emergent."""
    pain = draw_event(
        rng, "abdominal_pain", assumed.adverse_events["abdominal_pain"], 1, -4, patient, assumed
    )
    return replace(pain, causality="NOT_RELATED", serious=False, action="NA")


def draw_episodes(
    rng: np.random.Generator,
    line: str,
    rate: AdverseEventRate,
    onset: int,
    horizon: int,
    patient: Patient,
    assumed: Assumptions,
) -> list[AdverseEvent]:
    """A first episode and, when it ended, sometimes further and milder ones."""
    episodes: list[AdverseEvent] = []
    grade = draw_grade(rng, rate, assumed)
    while onset <= horizon:
        event = draw_event(rng, line, rate, grade, onset, patient, assumed)
        if episodes:
            event = replace(event, decod=episodes[0].decod, soc=episodes[0].soc)
        episodes.append(event)
        if event.end is None or rng.random() >= assumed.safety.again:
            break
        onset, grade = event.end + 1 + int(rng.exponential(45)), min(grade, 1 + int(rng.random() < 0.4))
    return episodes


def draw_event(
    rng: np.random.Generator,
    line: str,
    rate: AdverseEventRate,
    grade: int,
    onset: int,
    patient: Patient,
    assumed: Assumptions,
) -> AdverseEvent:
    safety = assumed.safety
    decod = draw(rng, {name: share for name, (_, share) in rate.members.items()})
    lasting = rng.random() < safety.never_resolved * (0.6 if grade >= 3 else 1.0)
    lasts = 1 + int(rng.lognormal(np.log(safety.resolved_median_days), 0.8))
    serious = bool(rng.random() < safety.serious_by_grade[grade])
    return AdverseEvent(
        line=line,
        decod=decod,
        soc=assumed.soc[rate.members[decod][0]],
        onset=onset,
        end=None if lasting else onset + lasts,
        grade=grade,
        serious=serious,
        causality=draw_causality(rng, rate.related),
        causality_partner=draw_causality(rng, 0.35) if patient.partners else None,
    )


def draw_causality(rng: np.random.Generator, related: float) -> str:
    if rng.random() < related:
        return draw(rng, {"RELATED": 0.45, "PROBABLE": 0.30, "POSSIBLE": 0.25})
    return draw(rng, {"UNLIKELY": 0.45, "NOT_RELATED": 0.55})


def draw_grade(rng: np.random.Generator, rate: AdverseEventRate, assumed: Assumptions) -> int:
    if rng.random() < rate.grade3 / rate.any:
        return 4 if rng.random() < assumed.safety.grade4_of_grade3plus else 3
    return 2 if rng.random() < 0.42 else 1


def partner_factor(rate: AdverseEventRate, patient: Patient) -> float:
    factor = rate.with_pd1 if "PD1" in patient.has_partner_class else 1.0
    return factor * (rate.with_chemo if "CHEMO" in patient.has_partner_class else 1.0)


# ------------------------------------------------------------------------------------------------------
# Doses
# ------------------------------------------------------------------------------------------------------


class Dosing:
    """Walks through a patient's events in order of onset and keeps the dose diary."""

    def __init__(self, rng: np.random.Generator, start_dose_mg: int, assumed: Assumptions):
        self.rng, self.odds = rng, assumed.dosing
        self.level = [dose for dose, _ in LEVELS].index(start_dose_mg)
        self.intervals = [DoseInterval(0, None, *LEVELS[self.level], "START")]
        self.stop: tuple[int, int] | None = None

    @property
    def free_from(self) -> int:
        """The first day on which the dose can change again."""
        return self.intervals[-1].start + 3

    def meet(self, index: int, event: AdverseEvent) -> AdverseEvent:
        """Decide on the dose because of one event; the event comes back with the action taken."""
        day = max(event.onset + int(self.rng.integers(0, 4)), 1)
        if day < self.free_from or self.intervals[-1].dose_mg == 0:
            return event
        chance, grade, odds = self.rng.random(), event.grade, self.odds
        if chance < odds.stop_by_grade[grade]:
            return self._stop(index, event, day)
        if self.rng.random() < odds.interruption_by_grade[grade]:
            return self._interrupt(index, event, day)
        if self.rng.random() < odds.reduction_without_interruption[grade] and self._reduce(index, day):
            return replace(event, action="REDUCED", action_day=day)
        return event

    def pause(self, day: int) -> None:
        """An interruption for another reason than an adverse event: surgery, travel, supply, own decision."""
        if day >= self.free_from and self.intervals[-1].dose_mg:
            reason = "PATIENT" if self.rng.random() < 0.6 else "OTHER"
            self._rest(day, 3 + int(self.rng.integers(0, 12)), reason, None)

    def _stop(self, index: int, event: AdverseEvent, day: int) -> AdverseEvent:
        self.stop = (day - 1, index)
        return replace(event, action="WITHDRAWN", action_day=day)

    def _interrupt(self, index: int, event: AdverseEvent, day: int) -> AdverseEvent:
        odds = self.odds
        days = 2 + int(self.rng.lognormal(np.log(odds.interruption_median_days), odds.interruption_sd))
        if days > odds.longest_interruption_days:
            if self.rng.random() < 0.35:  # not recovered within four weeks
                return self._stop(index, event, day)
            days = odds.longest_interruption_days
        reduces = self.rng.random() < odds.reduction_after_interruption and self.level < len(LEVELS) - 1
        self._rest(day, days, "ADVERSE_EVENT", index, reduces=reduces)
        end = event.end if event.end is None else max(event.end, day + days - 1)
        return replace(event, action="REDUCED" if reduces else "INTERRUPTED", action_day=day, end=end)

    def _rest(self, day: int, days: int, reason: str, index: int | None, *, reduces: bool = False) -> None:
        self._close(day - 1)
        self.intervals.append(DoseInterval(day, day + days - 1, 0, "QD", reason, index))
        self.level += int(reduces)
        again = "ADVERSE_EVENT" if reduces else "RECOVERED"
        self.intervals.append(
            DoseInterval(day + days, None, *LEVELS[self.level], again, index if reduces else None)
        )

    def _reduce(self, index: int, day: int) -> bool:
        if self.level >= len(LEVELS) - 1:
            return False
        self._close(day - 1)
        self.level += 1
        self.intervals.append(DoseInterval(day, None, *LEVELS[self.level], "ADVERSE_EVENT", index))
        return True

    def _close(self, day: int) -> None:
        self.intervals[-1] = replace(self.intervals[-1], end=day)


def plan_doses(
    rng: np.random.Generator,
    events: list[AdverseEvent],
    start_dose_mg: int,
    horizon: int,
    assumed: Assumptions,
) -> tuple[DosePlan, list[AdverseEvent]]:
    """Dose diary up to `horizon`, with each event's action on the dose."""
    dosing = Dosing(rng, start_dose_mg, assumed)
    pauses = iter(draw_pause_days(rng, horizon, assumed.dosing.other_interruption_per_year))
    pause = next(pauses, None)
    met: list[AdverseEvent] = []
    for index, event in enumerate(events):
        while pause is not None and pause < event.onset:
            dosing.pause(pause)
            pause = next(pauses, None)
        if event.onset >= 0 and dosing.stop is None:
            event = dosing.meet(index, event)
        met.append(event)
    while pause is not None and dosing.stop is None:
        dosing.pause(pause)
        pause = next(pauses, None)
    stop_day, cause = dosing.stop or (None, None)
    return DosePlan(tuple(dosing.intervals), stop_day, cause), met


def draw_pause_days(rng: np.random.Generator, horizon: int, per_year: float) -> list[int]:
    count = int(rng.poisson(per_year * max(horizon, 0) / 365.25))
    return sorted(int(day) for day in rng.integers(10, max(horizon, 11), count))


def cut_doses(plan: DosePlan, last_dose: int | None, horizon: int) -> tuple[DoseInterval, ...]:
    """The diary up to the last dose, or up to `horizon` for a patient still treated (last interval open)."""
    until = horizon if last_dose is None else last_dose
    kept = [interval for interval in plan.intervals if interval.start <= until]
    if last_dose is None:
        return tuple(replace(x, end=None) if x.end is not None and x.end > horizon else x for x in kept)
    while kept[-1].dose_mg == 0:  # treatment ended during an interruption: the last dose was before it
        kept.pop()
    end = kept[-1].end
    kept[-1] = replace(kept[-1], end=last_dose if end is None else min(end, last_dose))
    return tuple(kept)
