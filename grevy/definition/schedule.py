"""The schedule: events with windows and forms, and the activities planned at them."""

from collections.abc import Iterator
from itertools import count
from typing import Literal

from pydantic import Field

from grevy.definition.words import Line, Model, Name, Text, Whole


class Window(Model):
    """Days before and after the planned day that still belong to the event."""

    before: Whole = Field(ge=0)
    after: Whole = Field(ge=0)


class Repeat(Model):
    """Repeats of an event: every so many days, up to and including a day, or without end."""

    every: Whole = Field(gt=0)
    until: Whole | None = None


class Event(Model):
    """An occasion at which forms are filled in.

    `day` is the number of days elapsed from the anchor to the first occurrence: 0 is the anchor's own day.
    """

    id: Line = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    label: Text
    kind: Literal["scheduled", "unscheduled", "log"]
    anchor: Literal["first_dose", "last_dose"] | None = None
    day: Whole | None = None
    window: Window | None = None
    repeats: tuple[Repeat, ...] = ()
    forms: tuple[Name, ...]

    def planned_days(self, *, until: int) -> tuple[int, ...]:
        """Planned days of all occurrences up to and including a day; EVENTSEQ 1 is the first of them."""
        return tuple(_take_until(self._days(), until))

    def planned_day(self, event_seq: int) -> int:
        """Planned day of one occurrence, counted from 1."""
        for number, day in enumerate(self._days(), start=1):
            if number == event_seq:
                return day
        raise ValueError(f"event {self.id} has no occurrence {event_seq}")

    def _days(self) -> Iterator[int]:
        if self.day is None:
            return
        day = self.day
        yield day
        for repeat in self.repeats:
            for _ in count():
                if repeat.until is not None and day + repeat.every > repeat.until:
                    break
                day += repeat.every
                yield day


def _take_until(days: Iterator[int], until: int) -> Iterator[int]:
    for day in days:
        if day > until:
            return
        yield day


class Activity(Model):
    """Something done at events: which ones, every how many cycles, how close to the first dose."""

    id: Name
    label: Text
    at: tuple[Line, ...] = Field(min_length=1)
    every: Whole | None = Field(default=None, gt=0)
    within_days: Whole | None = Field(default=None, gt=0)
    note: Text | None = None


class ScheduleFile(Model):
    """The file `schedule.yaml`."""

    events: tuple[Event, ...] = Field(min_length=1)
    activities: tuple[Activity, ...] = ()
