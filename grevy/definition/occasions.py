"""Other records of the same form: the one before by date, the earliest, and the one at the repeat before.

A record has the date of the first item of its form that is a date. Without a date it has no place in the
order: it is nobody's previous one and has none itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from grevy.definition.forms import Form
from grevy.definition.partial_values import read_partial_date
from grevy.definition.schedule import Event

Days = tuple[date, date]


@dataclass(frozen=True)
class Occasion:
    """A record of one form: at which event it stands, its numbers, its values."""

    event: str
    event_seq: int
    form_seq: int
    values: Mapping[str, Any]


def has_several_records(form: Form, events: Iterable[Event]) -> bool:
    """Whether a subject may have more than one record of the form; a form in no event is not to blame."""
    places = [event for event in events if form.name in event.forms]
    return form.repeating or len(places) != 1 or not places[0].happens_once


def find_series(form: Form, here: Occasion, others: Iterable[Occasion]) -> dict[str, Mapping[str, Any]]:
    """The values that `previous`, `first` and `repeat_before` stand for, where there are such records.

    A partial date is earlier only if its last possible day is.
    """
    dated = [(days, other) for other in others if (days := _days_of(form, other.values)) is not None]
    found: dict[str, Mapping[str, Any]] = {}
    own = _days_of(form, here.values)
    if own is not None:
        earlier = sorted((one for one in dated if one[0][1] < own[0]), key=_rank)
        if earlier:
            found |= {"first": earlier[0][1].values, "previous": earlier[-1][1].values}
    repeats = [one for _, one in dated if one.event == here.event and one.event_seq < here.event_seq]
    if repeats:
        found["repeat_before"] = max(repeats, key=lambda one: (one.event_seq, one.form_seq)).values
    return found


def _rank(dated: tuple[Days, Occasion]) -> tuple[Days, int, int, str]:
    days, one = dated
    return days, one.event_seq, one.form_seq, one.event


def date_item(form: Form) -> str | None:
    """The item that gives a record of the form its date."""
    dates = (item.name for item in form.items if item.type in ("date", "partial_date", "datetime"))
    return next(dates, None)


def _days_of(form: Form, values: Mapping[str, Any]) -> Days | None:
    value = values.get(date_item(form) or "")
    return read_partial_date(value[:10]) if isinstance(value, str) else None
