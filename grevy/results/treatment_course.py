"""F14.2.6: treatment, response and what ended them, one bar per subject (swimmer)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from grevy.results.format import format_fixed
from grevy.results.frames import AnalysisData, Column, Records
from grevy.results.labels import Label
from grevy.results.response import select_responses
from grevy.results.rows import Line, Row
from grevy.results.time_to_event import convert_to_months

EVENTS = {
    "response": Label("Start of confirmed response", "经确认的缓解开始"),
    "response_end": Label("End of response", "缓解结束"),
    "progression": Label("Progression", "疾病进展"),
    "other_stop": Label("Stop for another reason", "因其他原因停药"),
    "new_therapy": Label("New anti-cancer therapy", "新的抗肿瘤治疗"),
    "death": Label("Death", "死亡"),
    "ongoing": Label("On treatment at cut-off", "截止时仍在治疗"),
}
TREATMENT = Label("Treatment", "治疗")
ONE_DAY = np.timedelta64(1, "D")
INTERRUPTED = Label("Interrupted", "中断")


@dataclass(frozen=True)
class _Course:
    """What the rows of one subject have in common."""

    data: AnalysisData
    column: Column
    subject: int

    @property
    def name(self) -> str:
        return str(self.data.subjects["USUBJID"].iat[self.subject])

    def months(self, day: np.datetime64) -> float:
        """Months from first dose to a day."""
        start = self.data.subjects["TRTSDT"].to_numpy()[self.subject]
        return float(convert_to_months(self.data, (day - start) / ONE_DAY))

    def row(
        self, kind: str, label: Label, value: float, records: Records, *, place: int = 0, **more: float
    ) -> Row:
        """A row of this subject; `value` is in months unless it is a dose, `more` its start and end."""
        line = Line(
            f"{kind}|{self.name}|{place}",
            label,
            kind,
            group=Label(self.name, self.name),
            indent=1,
            group_1="NENGRP",
            group_1_value=str(self.data.subjects["NENGRP"].iat[self.subject]),
            unit="mg" if kind == "dose" else "months",
            time=more.get("lower", value),
        )
        if kind == "dose":
            ends = [format_fixed(more[end], 1) for end in ("lower", "upper")]
            return Row(
                line, self.column, value, ", ".join(ends), more["lower"], more["upper"], records=records
            )
        return Row(line, self.column, value, format_fixed(value, 1), records=records)


def estimate_swimmer(data: AnalysisData) -> Iterator[Row]:
    """F14.2.6: the time on treatment, its doses, confirmed response, and the events after it.

    Longest treatment first within a class. The column is the regimen, `group_1_value` the disease class.
    """
    duration, known_from = _find_durations(data)
    names = data.subjects["USUBJID"].to_numpy()
    doses = _collect_doses(data)
    events = list(_collect_events(data, duration))
    for column in data.regimens[:-1]:
        inside = np.flatnonzero(data.in_column("FAS", column) & ~np.isnan(duration))
        for subject in sorted(inside.tolist(), key=lambda place: (-duration[place], names[place])):
            course = _Course(data, column, subject)
            own = known_from[subject] if subject in known_from else _own_record(subject)
            months = float(convert_to_months(data, duration[subject]))
            yield course.row("treatment", TREATMENT, months, own)
            yield from _list_doses(course, doses[doses["SUBJECT"] == subject])
            for kind, dates, dataset, positions in events:
                if not np.isnat(dates[subject]):
                    position = np.array([positions[subject]], dtype=np.intp)
                    at = course.months(dates[subject])
                    yield course.row(kind, EVENTS[kind], at, Records(dataset, position))


def _own_record(subject: int) -> Records:
    return Records("ADSL", np.array([subject], dtype=np.intp))


def _find_durations(data: AnalysisData) -> tuple[np.ndarray, dict[int, Records]]:
    """Days on treatment of each subject, and the records of those whose days ADSL does not know.

    Treatment that goes on has no end in ADSL (TRTDURD is missing); ADEX follows it to the last day known.
    """
    days, known_from = data.subjects["TRTDURD"].to_numpy(float).copy(), {}
    adex = data["ADEX"]
    followed = adex[(adex["PARAMCD"] == "TDURD") & adex["AVAL"].notna()]
    for position, subject, value in zip(
        followed.index, followed["SUBJECT"], followed["AVAL"].astype(float), strict=True
    ):
        if np.isnan(days[subject]):
            days[subject] = value
            known_from[int(subject)] = Records("ADEX", np.array([position], dtype=np.intp))
    return days, known_from


def _collect_doses(data: AnalysisData) -> pd.DataFrame:
    """The dosing intervals in the order of each subject; the position in ADEX is the index."""
    adex = data["ADEX"]
    doses = adex[(adex["PARAMCD"] == "DOSE") & adex["AENDT"].notna()]
    return doses.sort_values(["SUBJECT", "ASTDT", "ASEQ"], kind="stable")


def _list_doses(course: _Course, doses: pd.DataFrame) -> Iterator[Row]:
    columns = (doses.index.to_numpy(), *(doses[name].to_numpy() for name in ("ASTDT", "AENDT", "AVAL")))
    for place, (position, first, last, dose) in enumerate(zip(*columns, strict=True)):
        start, end = course.months(first), course.months(last + ONE_DAY)
        amount = format_fixed(dose, 0)
        label = Label(f"{amount} mg, months", f"{amount} mg，月") if dose > 0 else INTERRUPTED
        records = Records("ADEX", np.array([position], dtype=np.intp))
        yield course.row("dose", label, float(dose), records, place=place, lower=start, upper=end)


Dates = np.ndarray


def _collect_events(data: AnalysisData, duration: np.ndarray) -> Iterator[tuple[str, Dates, str, np.ndarray]]:
    """For each kind of event: its date per subject (NaT = none), and the record that holds it."""
    subjects = data.subjects
    everybody = np.arange(len(subjects))
    for kind, parameter in (("response", "CRSP"), ("progression", "PD")):
        found = select_responses(data, parameter)
        dates = np.full(len(subjects), np.datetime64("NaT", "s"))
        dated = (found.answer == "Y") & (found.position >= 0)
        dates[dated] = data["ADRS"]["ADT"].to_numpy()[found.position[dated]]
        yield kind, dates, "ADRS", found.position
        if kind == "response":
            yield "response_end", *_find_ends_of_response(data)
    ongoing = (subjects["EOTSTT"] == "ONGOING").to_numpy()
    ended = subjects["TRTEDT"].to_numpy()
    other = ~ongoing & ~subjects["DCTREAS"].isin(["", "PROGRESSIVE DISEASE", "DEATH"]).to_numpy()
    yield "other_stop", np.where(other, ended, np.datetime64("NaT", "s")), "ADSL", everybody
    yield "new_therapy", subjects["NWTRSDT"].to_numpy(), "ADSL", everybody
    yield "death", subjects["DTHDT"].to_numpy(), "ADSL", everybody
    end = subjects["TRTSDT"] + pd.to_timedelta(pd.Series(duration, index=subjects.index), unit="D")
    yield "ongoing", np.where(ongoing, end.to_numpy(), np.datetime64("NaT", "s")), "ADSL", everybody


def _find_ends_of_response(data: AnalysisData) -> tuple[Dates, str, np.ndarray]:
    """When a confirmed response ended by progression or death; censored ones have no end."""
    adtte = data["ADTTE"]
    ended = adtte[(adtte["PARAMCD"] == "CRSD") & (adtte["CNSR"] == 0)]
    dates = np.full(len(data.subjects), np.datetime64("NaT", "s"))
    positions = np.full(len(data.subjects), -1, dtype=np.intp)
    dates[ended["SUBJECT"]] = ended["ADT"].to_numpy()
    positions[ended["SUBJECT"]] = ended.index
    return dates, "ADTTE", positions
