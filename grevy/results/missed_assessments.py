"""TX2: which planned tumor assessments were done, late, not evaluable or missed.

An assessment belongs to the planned one that is nearest, a tie to the earlier (W12). It is expected of a
subject who was still observed when its window closed: not progressed, no new therapy, alive and followed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grevy.results.frames import AnalysisData, Mask, Records
from grevy.results.labels import Label
from grevy.results.patterns_of_use import read_progression
from grevy.results.rows import Line, Row, count_row, nothing_row
from grevy.results.variables import estimate_set_size

MOST_DAYS = 1100  # planned assessments of three years are shown
ONE_DAY = np.timedelta64(1, "D")
NOTHING_PLANNED = Label("No assessment was due by the cut-off.", "截止时尚无到期的肿瘤评估。")
PATTERN = Label("Missed assessments per subject", "每例受试者缺失的评估次数")


@dataclass(frozen=True)
class Visits:
    """For each subject and planned assessment: was it due, done, in its window, evaluable?"""

    due: Mask
    done: Mask
    in_window: Mask
    evaluable: Mask
    record: NDArray[np.intp]  # position in ADRS of the first assessment there, -1 without

    @property
    def missed(self) -> Mask:
        return np.asarray(self.due & ~self.done)


def estimate_missed_assessments(data: AnalysisData) -> Iterator[Row]:
    """TX2: per planned assessment, then how many each subject missed and whether in a row."""
    event = data.plan.imaging
    days = np.array(event.planned_days(until=MOST_DAYS))
    found = _place_assessments(data, days, event.window.before, event.window.after)
    shown = np.flatnonzero((found.due & data.in_set("FAS")[:, None]).any(axis=0))
    if not len(shown):
        yield nothing_row(data.regimens[-1], NOTHING_PLANNED)
        return
    yield from estimate_set_size(data, data.regimens, "FAS")
    for number in shown:
        name = event.name_of(int(number) + 1)
        yield from _count_visit(data, found, int(number), Label(name.en, name.zh))
    yield from _count_patterns(data, found)


def _place_assessments(data: AnalysisData, days: NDArray[np.int64], before: int, after: int) -> Visits:
    adrs, subjects = data["ADRS"], data.subjects
    size = (len(subjects), len(days))
    due, done, in_window, evaluable = (np.zeros(size, dtype=bool) for _ in range(4))
    visits = Visits(due, done, in_window, evaluable, np.full(size, -1, dtype=np.intp))
    start = subjects["TRTSDT"].to_numpy()
    rows = np.flatnonzero((adrs["PARAMCD"] == "OVR").to_numpy())
    who = adrs["SUBJECT"].to_numpy()[rows]
    elapsed = (adrs["ADT"].to_numpy()[rows] - start[who]) / ONE_DAY
    counted = elapsed > 0
    rows, who, elapsed = rows[counted], who[counted], elapsed[counted]
    place = np.searchsorted((days[:-1] + days[1:]) / 2, elapsed)
    visits.done[who, place] = True
    near = (elapsed >= days[place] - before) & (elapsed <= days[place] + after)
    visits.in_window[who[near], place[near]] = True
    usable = (adrs["AVALC"] != "NE").to_numpy()[rows]
    visits.evaluable[who[usable], place[usable]] = True
    visits.record[who[::-1], place[::-1]] = rows[::-1]
    observed = (_read_end(data) - start) / ONE_DAY
    visits.due[:] = observed[:, None] >= (days + after)[None, :]
    return visits


def _read_end(data: AnalysisData) -> NDArray[np.datetime64]:
    """Until when assessments were due: progression, new therapy, death, last contact or cut-off."""
    subjects = data.subjects
    ends = [read_progression(data), *(subjects[name].to_numpy() for name in ("NWTRSDT", "DTHDT", "CUTDT"))]
    end = subjects["LSTALVDT"].to_numpy()
    for other in ends:
        end = np.where(~np.isnat(other) & (other < end), other, end)
    return end


def _records(found: Visits, chosen: Mask, number: int) -> Records:
    rows = found.record[chosen, number]
    return Records("ADRS", np.sort(rows[rows >= 0]))


def _count_visit(data: AnalysisData, found: Visits, number: int, group: Label) -> Iterator[Row]:
    due = found.due[:, number]
    done = due & found.done[:, number]
    for column in data.regimens:
        inside = data.in_column("FAS", column) & due
        line = Line(f"{number + 1}|DUE", Label("Due", "到期"), "count", group=group, indent=1)
        yield count_row(data, line, column, data.select("ADSL", inside), None)
    lines = (
        ("DONE", Label("Done in the window", "在访视窗内完成"), done & found.in_window[:, number]),
        ("LATE", Label("Done outside the window", "在访视窗外完成"), done & ~found.in_window[:, number]),
        (
            "NE",
            Label("Done, not evaluable", "已完成但不可评价"),
            done & ~found.evaluable[:, number],
        ),
        ("MISSED", Label("Missed", "缺失"), found.missed[:, number]),
    )
    for name, label, flag in lines:
        line = Line(f"{number + 1}|{name}", label, "count", group=group, indent=1)
        for column in data.regimens:
            inside = data.in_column("FAS", column) & due
            chosen = inside & flag
            records = data.select("ADSL", chosen) if name == "MISSED" else _records(found, chosen, number)
            yield count_row(data, line, column, records, int(inside.sum()), show_denominator=True)


def _count_patterns(data: AnalysisData, found: Visits) -> Iterator[Row]:
    any_due = found.due.any(axis=1)
    missed = found.missed.sum(axis=1)
    in_a_row = (found.missed[:, 1:] & found.missed[:, :-1]).any(axis=1)
    lines = (
        ("0", Label("None", "0次"), missed == 0),
        ("1", Label("One", "1次"), missed == 1),
        ("2", Label("Two or more", "2次及以上"), missed >= 2),
        ("ROW", Label("Two or more in a row", "连续2次及以上"), in_a_row),
    )
    for name, label, flag in lines:
        line = Line(f"PATTERN|{name}", label, "count", group=PATTERN, indent=1)
        for column in data.regimens:
            inside = data.in_column("FAS", column) & any_due
            records = data.select("ADSL", inside & flag)
            yield count_row(data, line, column, records, int(inside.sum()), show_denominator=True)
