"""T14.3.1.10: adverse events per 100 patient-years, first events and all events, with exact intervals."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from grevy.results.adverse_events import NO_EVENT, flag_emergent, name_term, rank_by_subjects
from grevy.results.format import format_fixed, format_interval
from grevy.results.frames import AnalysisData, Column, Mask
from grevy.results.labels import Label
from grevy.results.rows import EMPTY_COLUMN, Line, Row, absent_row, number_row
from grevy.results.time_at_risk import find_end_of_risk
from grevy.results.variables import estimate_set_size
from grevy.stats.arrays import FloatArray
from grevy.stats.no_estimate import NoEstimate
from grevy.stats.rates import estimate_rate

DAYS_PER_YEAR = 365.25
SMALLEST_SHARE = 0.05  # of the safety set: rarer terms stand in T14.3.1.2
ANY = Label("Any adverse event", "任何不良事件")
FIRST = Label("First events per 100 patient-years (95% CI)", "首次事件，每100人年（95%CI）")
ALL = Label("All events per 100 patient-years (95% CI)", "全部事件，每100人年（95%CI）")
YEARS = Label("Patient-years at risk", "风险期人年")


def find_first(data: AnalysisData, flag: Mask, days: FloatArray) -> tuple[NDArray[np.intp], FloatArray]:
    """The first flagged event of each subject who has one, and everybody's days until it or to the end."""
    adae = data["ADAE"]
    place = np.flatnonzero(flag)
    subject = adae["SUBJECT"].to_numpy()[place]
    onset = adae["ASTDT"].to_numpy("datetime64[D]")[place]
    order = np.lexsort((place, onset, subject))
    first = order[np.unique(subject[order], return_index=True)[1]]
    until = days.copy()
    start = data.subjects["TRTSDT"].to_numpy("datetime64[D]")[subject[first]]
    waited = (onset[first] - start).astype("timedelta64[D]").astype(float) + 1
    known = ~np.isnat(onset[first])
    who = subject[first][known]
    until[who] = np.clip(waited[known], 1.0, days[who])
    return place[first], until


def estimate_exposure_adjusted(data: AnalysisData) -> Iterator[Row]:
    """Any event, then each term that 5% of the safety set had."""
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    days, chosen = find_end_of_risk(data).days, flag_emergent(data)
    line = Line("YEARS", YEARS, "sum", unit="years")
    for column in data.regimens:
        members = data.in_column("SAFETY", column)
        years = float(days[members].sum()) / DAYS_PER_YEAR
        yield number_row(line, column, years, format_fixed(years, 1), data.select("ADSL", members))
    if not chosen.any():
        line = Line("ANY", ANY, "rate")
        yield from (absent_row(line, column, NO_EVENT, text="0") for column in data.regimens)
        return
    adae = data["ADAE"]
    yield from _estimate_lines(data, "ANY", ANY, chosen, days)
    smallest = SMALLEST_SHARE * data.in_set("SAFETY").sum()
    for term in rank_by_subjects(adae, chosen, "AEDECOD"):
        flag = chosen & (adae["AEDECOD"] == term).to_numpy()
        if len(np.unique(adae["SUBJECT"].to_numpy()[flag])) >= smallest:
            yield from _estimate_lines(data, f"PT|{term}", name_term(data, term), flag, days)


def _estimate_lines(
    data: AnalysisData, name: str, group: Label, flag: Mask, days: FloatArray
) -> Iterator[Row]:
    first, until = find_first(data, flag, days)
    is_first = np.zeros(len(flag), dtype=bool)
    is_first[first] = True
    for kind, label, events, time in (("FIRST", FIRST, is_first, until), ("ALL", ALL, flag, days)):
        line = Line(
            f"{name}|{kind}", label, "rate", group=group, where="TRTEMFL = Y", unit="per 100 patient-years",
            method="exact Poisson",
        )  # fmt: skip
        for column in data.regimens:
            yield _rate_row(data, line, column, events, time)


def _rate_row(data: AnalysisData, line: Line, column: Column, events: Mask, time: FloatArray) -> Row:
    members = data.in_column("SAFETY", column)
    records = data.select("ADAE", events & data.rows_of("ADAE", members))
    years = float(time[members].sum()) / DAYS_PER_YEAR
    found = estimate_rate(len(records.index), years, confidence=data.conventions.confidence)
    if isinstance(found, NoEstimate):
        return absent_row(line, column, EMPTY_COLUMN)
    text = format_interval(found.value, found.lower, found.upper, 1)
    return Row(line, column, found.value, text, found.lower, found.upper, records=records)
