"""Contradictions planted into a cohort after it was simulated, so that edit checks can be measured.

Each is a mistake that sites make: another unit, two items exchanged, a date typed wrong, an item left out.
It is made to be seen by one edit check, without asking the check. About half are corrected some days later;
every other one stays in the data. Forms of course, dose, response and survival are left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np

from grevy.simulate.mistakes_typed import (
    MISTAKES,
    Mistake,
    Typist,
)
from grevy.simulate.site_work import workday
from grevy.snapshot.entries import Entry, RecordKey

CORRECTED_SHARE = 0.5
USUAL_COHORT = 350
REASON = "Corrected against the source document after a check"


@dataclass(frozen=True)
class Planted:
    """One planted contradiction: the check that must see it, where it is, when typed and when corrected."""

    check: str
    record: RecordKey
    item: str
    row: str
    at: datetime
    corrected_at: datetime | None = None

    @property
    def corrected(self) -> bool:
        return self.corrected_at is not None


def plant_contradictions(entries: list[Entry], *, seed: int, end: date) -> tuple[list[Entry], list[Planted]]:
    """The entries with their contradictions, in the order of time, and what was planted where."""
    last = {entry.record_key: number for number, entry in enumerate(entries)}
    known = subject_values(entries)
    subjects = sum("regimen_decision" in values for values in known.values())
    changed, planted = list(entries), []
    taken: set[RecordKey] = set()
    for number, mistake in enumerate(MISTAKES):
        rng = np.random.default_rng([seed, 2, number])
        wanted = max(1, round(int(rng.integers(2, 7)) * subjects / USUAL_COHORT))
        places = [place for key, place in last.items() if key[4] == mistake.source and key not in taken]
        for place in rng.permutation(np.array(places, dtype=int)):
            if wanted == 0:
                break
            one = plant(rng, mistake, entries[place], known, set(last), end)
            if one is None:
                continue
            wrong, correction = one
            if mistake.form == mistake.source:
                changed[place] = wrong
            else:
                changed.append(wrong)
            changed += [correction] if correction else []
            taken |= {wrong.record_key, entries[place].record_key}
            moment = correction.at if correction else None
            planted.append(
                Planted(mistake.check, wrong.record_key, mistake.item, mistake.row, wrong.at, moment)
            )
            wanted -= 1
    return sorted(changed, key=lambda entry: entry.at), planted


def plant(
    rng: np.random.Generator,
    mistake: Mistake,
    entry: Entry,
    known: Mapping[str, Mapping[str, Any]],
    records: set[RecordKey],
    end: date,
) -> tuple[Entry, Entry | None] | None:
    """The entry typed wrong and its correction, if ever; None if this entry cannot hold the mistake."""
    typist = Typist(entry.event, entry.at.date(), known[entry.subject])
    values = mistake.change(entry.values, typist)
    if values is None or values == entry.values:
        return None
    if mistake.form == mistake.source:
        wrong = replace(entry, values=values)
        return wrong, correction_of(rng, entry, end)
    wrong = replace(entry, form=mistake.form, form_seq=1, values=values, reason=None)
    return None if wrong.record_key in records else (wrong, None)


def correction_of(rng: np.random.Generator, entry: Entry, end: date) -> Entry | None:
    """A second entry with what should have stood there, some weeks later; half are never made."""
    corrected, days = rng.random() < CORRECTED_SHARE, 12 + int(rng.exponential(20))
    day = workday(entry.at.date() + timedelta(days=days), end)
    if not corrected or day > end:
        return None
    moment = datetime.combine(day, time(int(rng.integers(0, 10)), int(rng.integers(0, 60))), UTC)
    return replace(entry, at=moment, reason=REASON)


def subject_values(entries: list[Entry]) -> dict[str, dict[str, Any]]:
    """Of each subject the values of the forms, by form; of a form with several records the last one."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for entry in entries:
        found[entry.subject][entry.form] = entry.values
    return found
