"""The state of one virtual patient on a day: which adverse events last, and how ill the patient feels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from grevy.simulate.assumptions import Assumptions
from grevy.simulate.conduct_assumptions import Cause
from grevy.simulate.course import Course
from grevy.simulate.patients import Patient
from grevy.simulate.records import between
from grevy.simulate.safety import AdverseEvent
from grevy.simulate.site_laboratories import SiteLaboratory


@dataclass(frozen=True)
class Health:
    """One patient with the traits that stay: `rng` is the stream of the examinations and of nothing else."""

    rng: np.random.Generator
    patient: Patient
    course: Course | None
    first_dose: date
    laboratory: SiteLaboratory
    assumed: Assumptions
    traits: dict[str, float]
    cause: Cause | None = None

    def grade(self, line: str | None, day: int) -> int:
        """The worst grade of a line of the label on a day; 0 if no event of it lasts."""
        return max((min(event.grade, 4) for event in self.events_on(line, day)), default=0)

    def events_on(self, line: str | None, day: int) -> list[AdverseEvent]:
        events = self.course.events if self.course and line else []
        return [e for e in events if e.line == line and e.onset <= day and (e.end is None or day <= e.end)]

    def has_progressed(self, day: int) -> bool:
        visits = self.course.visits if self.course else []
        return any(v.day <= day and v.call is not None and v.call.overall == "PD" for v in visits)

    def forced(self, item: str, day: int) -> float | None:
        """The value of screening that keeps the patient out, where this item is the cause."""
        if self.cause is None or day >= 0 or item not in self.cause.values:
            return None
        return float(self.rng.uniform(*self.cause.values[item]))

    def trait(self, name: str) -> float:
        """A standard normal number that is the same at all visits of the patient."""
        if name not in self.traits:
            self.traits[name] = between(float(self.rng.standard_normal()), -2, 2)
        return self.traits[name]

    def noise(self) -> float:
        return between(float(self.rng.standard_normal()), -2.2, 2.2)

    def date(self, day: int) -> date:
        return self.first_dose + timedelta(days=day)

    def text(self, day: int) -> str:
        return self.date(day).isoformat()
