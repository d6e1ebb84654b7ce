"""How a record is written: values in the states in which they become known, dates as far as known.

A dose that runs is one state, the same dose with its end another; so are an adverse event that goes on and
its outcome. Days count from the first dose (day 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from grevy.simulate.assumptions import Assumptions

Values = dict[str, Any]
SCREENING_ORDER = (
    "informed_consent",
    "demographics",
    "nen_diagnosis",
    "baseline_lesions",
    "eligibility",
    "regimen_decision",
)


@dataclass(frozen=True)
class State:
    """The values of a record from the day on which they are known; a later state names the reason."""

    day: int
    values: Values
    reason: str | None = None


@dataclass(frozen=True)
class Record:
    """One record of one form; `after` names records that must have been entered before it."""

    event: str
    event_seq: int
    form: str
    form_seq: int
    states: tuple[State, ...]
    role: str = "coordinator"
    after: tuple[tuple[str, int], ...] = ()

    @property
    def key(self) -> tuple[str, int]:
        """What other records name it by: its form and number."""
        return self.form, self.form_seq


@dataclass(frozen=True)
class Writer:
    """How days become dates on a form: exactly, or in part when only that much is known."""

    rng: np.random.Generator
    first_dose: date
    assumed: Assumptions
    site: str = "01"

    def date(self, day: float) -> str:
        return (self.first_dose + timedelta(days=int(day))).isoformat()

    def partial_date(self, day: float, share: float) -> str:
        """ISO 8601 with the unknown end left off; one in eight of the partial dates has only its year."""
        text = self.date(day)
        if self.rng.random() >= share:
            return text
        return text[:4] if self.rng.random() < 0.12 else text[:7]


def given(**values: Any) -> Values:
    """The items that were filled in; an empty item is not part of an entry."""
    return {name: value for name, value in values.items() if value is not None}


def number_of(cause: int | None) -> int | None:
    """The number under which the site has entered an adverse event: its place in the log, from 1."""
    return None if cause is None else cause + 1


def event_first(number: int | None) -> tuple[tuple[str, int], ...]:
    """A record that names an adverse event is entered after it."""
    return () if number is None else (("adverse_event", number),)


def between(number: float, low: float, high: float) -> float:
    """The number, or the limit that it passes; for single numbers several times faster than `numpy.clip`."""
    return low if number < low else high if number > high else number


def yes_no(flag: bool) -> str:
    return "Y" if flag else "N"


def decimal(number: float | None) -> str | None:
    return None if number is None else f"{number:g}"
