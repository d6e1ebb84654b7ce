"""The course of one treated patient in days from the first dose, without forms and dates."""

from __future__ import annotations

from dataclasses import dataclass, field

from grevy.simulate.patients import Patient
from grevy.simulate.radiology import Scan
from grevy.simulate.response import Call
from grevy.simulate.safety import AdverseEvent, DoseInterval
from grevy.simulate.tumors import Biology, Lesion

START_DOSE_MG = {"MONO": 300, "COMBO": 250}
NEVER = 10**6


@dataclass(frozen=True)
class Visit:
    """One planned or unscheduled tumor assessment; a missed one has no scan."""

    event: str
    sequence: int
    day: int
    scan: Scan | None
    call: Call | None = None
    investigator: str | None = None
    reason: str | None = None
    recorded: bool = True


@dataclass(frozen=True)
class Therapy:
    name: str
    therapy_class: str
    start: int
    end: int | None
    reason: str


@dataclass(frozen=True)
class Stop:
    """End of treatment: day of the last dose, reason, and the adverse event behind it."""

    day: int
    reason: str
    cause: int | None = None
    progression_day: int | None = None


@dataclass
class Course:
    """Everything that happens to one treated patient."""

    patient: Patient
    biology: Biology
    lesions: tuple[Lesion, ...]
    baseline_mm: dict[str, int | None]
    has_baseline: bool
    horizon: int
    death_day: int = NEVER
    lost_day: int = NEVER
    withdrawn_day: int = NEVER
    visits: list[Visit] = field(default_factory=list)
    stop: Stop | None = None
    doses: tuple[DoseInterval, ...] = ()
    events: list[AdverseEvent] = field(default_factory=list)
    therapies: list[Therapy] = field(default_factory=list)
    contacts: list[tuple[int, str]] = field(default_factory=list)
    death_cause: str | None = None
    death_event: int | None = None

    @property
    def observed_until(self) -> int:
        """The last day on which the site can learn something about the patient alive."""
        return min(self.horizon, self.death_day - 1, self.lost_day, self.withdrawn_day)

    @property
    def last_treated(self) -> int:
        """The day of the last dose, or for a patient still treated the last day observed."""
        return self.observed_until if self.stop is None else min(self.stop.day, self.observed_until)

    @property
    def death_is_known(self) -> bool:
        return self.death_day <= min(self.horizon, self.lost_day, self.withdrawn_day)

    @property
    def new_therapy_day(self) -> int:
        return min((therapy.start for therapy in self.therapies), default=NEVER)

    @property
    def calls(self) -> list[Call]:
        return [visit.call for visit in self.visits if visit.call is not None]
