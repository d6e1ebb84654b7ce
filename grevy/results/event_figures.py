"""The frequent adverse events as figures: F14.3.1 butterfly by grade, F14.3.2 dots with the onset beside."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from grevy.results.adverse_events import (
    NO_EVENT,
    count_grades,
    count_subjects,
    flag_emergent,
    name_term,
    rank_by_subjects,
)
from grevy.results.exposure_adjusted import find_first
from grevy.results.frames import AnalysisData, Mask
from grevy.results.labels import Label
from grevy.results.rows import Line, Row, nothing_row
from grevy.results.time_at_risk import find_end_of_risk
from grevy.results.variables import SubjectValues, estimate_set_size, estimate_summaries

SMALLEST_SHARE = 0.10  # of the subjects of a column
MOST_TERMS = 25
ANY = Label("Any grade", "任何级别")
SEVERE = Label("Grade ≥3", "≥3级")
ONSET = Label("Days to first onset, median (Q1, Q3)", "至首次发生天数，中位数（Q1, Q3）")


def list_frequent_terms(data: AnalysisData, emergent: Mask) -> list[tuple[str, Mask]]:
    """Terms that a tenth of the subjects of any column had, by frequency; at most as many as a page holds."""
    adae = data["ADAE"]
    subject = adae["SUBJECT"].to_numpy()
    found = []
    for term in rank_by_subjects(adae, emergent, "AEDECOD"):
        of_term = emergent & (adae["AEDECOD"] == term).to_numpy()
        have = np.zeros(len(data.subjects), dtype=bool)
        have[subject[of_term]] = True
        columns = [data.in_column("SAFETY", column) for column in data.regimens]
        if any((have & inside).sum() >= SMALLEST_SHARE * inside.sum() for inside in columns if inside.any()):
            found.append((term, of_term))
    return found[:MOST_TERMS]


def estimate_butterfly(data: AnalysisData) -> Iterator[Row]:
    """F14.3.1: the frequent terms by the highest grade that a subject had of them."""
    terms = list_frequent_terms(data, flag_emergent(data))
    if not terms:
        yield nothing_row(data.regimens[-1], NO_EVENT)
        return
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    for term, flag in terms:
        yield from count_grades(data, f"PT|{term}", name_term(data, term), flag)


def estimate_dots(data: AnalysisData) -> Iterator[Row]:
    """F14.3.2: the frequent terms, of any grade and of grade 3 or higher, and when they began."""
    terms = list_frequent_terms(data, flag_emergent(data))
    if not terms:
        yield nothing_row(data.regimens[-1], NO_EVENT)
        return
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    grade, risk = data["ADAE"]["ATOXGR"].to_numpy(float), find_end_of_risk(data)
    for term, flag in terms:
        group = name_term(data, term)
        for key, label, chosen in (("ANY", ANY, flag), ("SEVERE", SEVERE, flag & (grade >= 3))):
            line = Line(
                f"PT|{term}|{key}", label, "count", group=group, indent=1, where="TRTEMFL = Y",
                group_1="AEDECOD", group_1_value=term,
            )  # fmt: skip
            yield from count_subjects(data, line, chosen)
        yield from _summarize_onset(data, term, group, flag, risk.days)


def _summarize_onset(
    data: AnalysisData, term: str, group: Label, flag: Mask, days: np.ndarray
) -> Iterator[Row]:
    """Median and quartiles of all subjects together: regimens are not told apart by their onset here."""
    place, until = find_first(data, flag, days)
    subject = data["ADAE"]["SUBJECT"].to_numpy()[place]
    known = ~np.isnat(data["ADAE"]["ASTDT"].to_numpy()[place])
    values = np.full(len(data.subjects), np.nan)
    position = np.full(len(data.subjects), -1, dtype=np.intp)
    values[subject[known]] = until[subject[known]]
    position[subject[known]] = place[known]
    base = Line(
        f"PT|{term}", group, "", group=group, indent=1, where="TRTEMFL = Y, first event",
        group_1="AEDECOD", group_1_value=term,
    )  # fmt: skip
    source = SubjectValues("ADAE", values, position)
    for row in estimate_summaries(data, base, source, data.regimens[-1:], "SAFETY"):
        if row.line.operation == "median":
            yield replace(row, line=replace(row.line, id=f"PT|{term}|ONSET", label=ONSET))
