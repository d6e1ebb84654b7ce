"""The schedule: events with windows and forms, and the activities planned at them."""

from collections.abc import Iterator
from itertools import count
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from grevy.definition.words import Line, Model, Name, Text, Whole, YesNo

MOST_OCCURRENCES = 999
"""So often a subject has one event at most: a visit every week for 19 years."""


class Window(Model):
    """Days before and after the planned day that still belong to the event."""

    before: Whole = Field(ge=0)
    after: Whole = Field(ge=0)


class Repeat(Model):
    """Repeats of an event: every so many days, up to and including a day, or without end."""

    every: Whole = Field(gt=0)
    until: Whole | None = None


class PlannedForm(Model):
    """A form at an event, with the occurrences of the event at which it is expected.

    A name alone means every occurrence. `{form: qlq_c30, first: 3, every: 2, also: [2]}` means occurrence 2,
    and 3, 5, 7 and so on. An optional form may be filled in but is never missing.
    """

    form: Name
    first: Whole = Field(default=1, ge=1)
    every: Whole = Field(default=1, ge=1)
    also: tuple[Whole, ...] = ()
    optional: YesNo = False

    def falls_on(self, event_seq: int) -> bool:
        """Whether the form belongs to an occurrence of the event, counted from 1."""
        regular = event_seq >= self.first and (event_seq - self.first) % self.every == 0
        return regular or event_seq in self.also


def _read_planned_form(value: Any) -> Any:
    return {"form": value} if isinstance(value, str) else value


PlannedFormOrName = Annotated[
    PlannedForm, BeforeValidator(_read_planned_form, json_schema_input_type=Name | PlannedForm)
]


class Event(Model):
    """An occasion at which forms are filled in.

    `day` is the number of days elapsed from the anchor to the first occurrence: 0 is the anchor's own day.
    `once` says of an occasion without a planned day that a subject has it one time, as the end of the study.
    `numbered` names one occurrence of several and `short` heads its column; both may hold {n}, its number,
    and {week}, its planned day in weeks.
    """

    id: Line = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    label: Text
    numbered: Text | None = None
    short: Line | None = None
    kind: Literal["scheduled", "unscheduled", "log"]
    anchor: Literal["first_dose", "last_dose"] | None = None
    day: Whole | None = None
    window: Window | None = None
    repeats: tuple[Repeat, ...] = ()
    once: YesNo = False
    planned_forms: tuple[PlannedFormOrName, ...] = Field(alias="forms")

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that may be filled in at the event, in the order in which they are shown."""
        return tuple(planned.form for planned in self.planned_forms)

    @property
    def happens_once(self) -> bool:
        """Whether a subject has the event one time at most."""
        return self.once or (self.kind == "scheduled" and not self.repeats)

    def has_occurrence(self, event_seq: int) -> bool:
        """Whether the event can happen so many times; repeated without an end, up to `MOST_OCCURRENCES`."""
        if not 1 <= event_seq <= MOST_OCCURRENCES:
            return False
        if self.happens_once or self.kind == "log":
            return event_seq == 1
        return self.day is None or any(number == event_seq for number, _ in enumerate(self._days(), start=1))

    def name_of(self, event_seq: int) -> Text:
        """The name of one occurrence, such as "Cycle 2, day 1"; without names for occurrences, the label."""
        return self._named(self.numbered or self.label, event_seq)

    def short_of(self, event_seq: int) -> str:
        """One occurrence as the head of a column, such as "C2", the same in both languages."""
        return (self.short or self.id).format(n=event_seq, week=self._week(event_seq))

    def _named(self, pattern: Text, event_seq: int) -> Text:
        week = self._week(event_seq)
        return Text(
            en=pattern.en.format(n=event_seq, week=week), zh=pattern.zh.format(n=event_seq, week=week)
        )

    def _week(self, event_seq: int) -> int:
        return self.planned_day(event_seq) // 7 if self.day is not None else event_seq

    def expected_forms(self, event_seq: int = 1) -> tuple[str, ...]:
        """The forms that are missing at one occurrence until they are filled in.

        Nothing is expected of a log or of an unscheduled visit: there a form exists when there is cause.
        """
        if self.kind != "scheduled":
            return ()
        planned = (plan for plan in self.planned_forms if not plan.optional)
        return tuple(plan.form for plan in planned if plan.falls_on(event_seq))

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
