"""Treatment-emergent adverse events: T14.3.1.1 overview, .2, .4 to .8 by class and term, .3 by highest grade.

A subject counts once per line, at the highest grade; the events behind it are the records of the result.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from grevy.results.frames import AnalysisData, Mask
from grevy.results.labels import GRADE, Label, find_label
from grevy.results.rows import Line, Row, absent_row, count_row, number_row
from grevy.results.variables import estimate_set_size

NO_EVENT = Label("No treatment-emergent adverse event of this kind.", "无此类治疗期间出现的不良事件。")
NOT_CODED = Label("Not coded", "未编码")

SUBJECTS = Label("Subjects with at least one, n (%)", "至少发生1例次的受试者，例数（%）")
EVENTS = Label("Events", "例次")


def flag_emergent(data: AnalysisData) -> Mask:
    """Flag the treatment-emergent events of the safety set."""
    emergent = (data["ADAE"]["TRTEMFL"] == "Y").to_numpy()
    return emergent & data.rows_of("ADAE", data.in_set("SAFETY"))


def list_kinds(adae: pd.DataFrame) -> list[tuple[str, Label, Mask]]:
    """The lines of the overview: what an event is, and which events are."""
    grade, action = adae["ATOXGR"].to_numpy(float), adae["AEACN"]
    related, serious = (adae["AREL"] == "RELATED").to_numpy(), (adae["AESER"] == "Y").to_numpy()
    fatal = ((adae["AEOUT"] == "FATAL") | (adae["AESDTH"] == "Y")).to_numpy() | (grade == 5)
    any_event = np.ones(len(adae), dtype=bool)
    actions = {
        name: (action == name).to_numpy() for name in ("DRUG INTERRUPTED", "DOSE REDUCED", "DRUG WITHDRAWN")
    }
    return [
        ("ANY", Label("Any adverse event", "任何不良事件"), any_event),
        ("RELATED", Label("Related to study drug", "与研究药物有关"), related),
        ("GRADE12", Label("Grade 1 or 2", "1～2级"), (grade == 1) | (grade == 2)),
        ("GRADE3", Label("Grade ≥3", "≥3级"), grade >= 3),
        ("GRADE3_RELATED", Label("Grade ≥3 and related", "≥3级且有关"), (grade >= 3) & related),
        ("GRADE5", Label("Grade 5", "5级"), grade == 5),
        ("GRADE_MISSING", Label("Grade missing", "分级缺失"), np.isnan(grade)),
        ("SERIOUS", Label("Serious", "严重不良事件"), serious),
        ("SERIOUS_RELATED", Label("Serious and related", "严重且有关"), serious & related),
        ("INTERRUPTION", Label("Leading to interruption", "导致暂停用药"), actions["DRUG INTERRUPTED"]),
        ("REDUCTION", Label("Leading to dose reduction", "导致降低剂量"), actions["DOSE REDUCED"]),
        (
            "DISCONTINUATION",
            Label("Leading to permanent discontinuation", "导致永久停药"),
            actions["DRUG WITHDRAWN"],
        ),
        ("DEATH", Label("Leading to death", "导致死亡"), fatal),
    ]


def estimate_overview(data: AnalysisData) -> Iterator[Row]:
    """T14.3.1.1: subjects, then events, of every kind."""
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    emergent = flag_emergent(data)
    kinds = list_kinds(data["ADAE"])
    for name, label, flag in kinds:
        line = Line(name, label, "count", group=SUBJECTS, indent=1, where=f"TRTEMFL = Y, {name}")
        yield from count_subjects(data, line, emergent & flag)
    for name, label, flag in kinds:
        line = Line(f"EVENTS|{name}", label, "events", group=EVENTS, indent=1, where=f"TRTEMFL = Y, {name}")
        for column in data.regimens:
            inside = data.rows_of("ADAE", data.in_column("SAFETY", column))
            records = data.select("ADAE", inside & emergent & flag)
            n = len(records.index)
            yield number_row(line, column, n, str(n), records)


def count_subjects(data: AnalysisData, line: Line, flag: Mask) -> Iterator[Row]:
    for column in data.regimens:
        members = data.in_column("SAFETY", column)
        records = data.select("ADAE", flag & data.rows_of("ADAE", members))
        yield count_row(data, line, column, records, int(members.sum()))


def rank_by_subjects(adae: pd.DataFrame, chosen: Mask, variable: str) -> list[str]:
    """The terms by falling number of subjects, ties by name."""
    counts = adae[chosen].groupby(variable)["SUBJECT"].nunique()
    return sorted(counts.index, key=lambda term: (-counts[term], term))


def estimate_by_term(
    data: AnalysisData, *, lowest_grade: int | None = None, kinds: tuple[str, ...] = ()
) -> Iterator[Row]:
    """Classes in alphabetical order, within each its terms by frequency.

    On demand from a grade upwards, or only events of at least one of the ``kinds`` of the overview.
    """
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    adae = data["ADAE"]
    chosen = flag_emergent(data)
    where = "TRTEMFL = Y"
    if lowest_grade is not None:
        chosen = chosen & (adae["ATOXGR"].to_numpy(float) >= lowest_grade)
        where = f"{where}, ATOXGR >= {lowest_grade}"
    if kinds:
        flags = {name: flag for name, _, flag in list_kinds(adae)}
        chosen = chosen & np.logical_or.reduce([flags[name] for name in kinds])
        where = f"{where}, {' or '.join(kinds)}"
    line = Line("ANY", Label("Any adverse event", "任何不良事件"), "count", where=where)
    if not chosen.any():
        yield from (absent_row(line, column, NO_EVENT, text="0") for column in data.regimens)
        return
    yield from count_subjects(data, line, chosen)
    for organ_class in sorted(set(adae["AEBODSYS"][chosen])):
        in_class = chosen & (adae["AEBODSYS"] == organ_class).to_numpy()
        group = name_term(data, organ_class)
        line = Line(
            f"SOC|{organ_class}",
            group,
            "count",
            group=group,
            where=where,
            group_1="AEBODSYS",
            group_1_value=organ_class,
        )
        yield from count_subjects(data, line, in_class)
        for term in rank_by_subjects(adae, in_class, "AEDECOD"):
            line = Line(
                f"SOC|{organ_class}|PT|{term}",
                name_term(data, term),
                "count",
                group=group,
                indent=1,
                where=where,
                group_1="AEDECOD",
                group_1_value=term,
            )
            yield from count_subjects(data, line, in_class & (adae["AEDECOD"] == term).to_numpy())


def name_term(data: AnalysisData, term: str) -> Label:
    """The wording of a term; an event without one says so."""
    return find_label(data.study, None, term) if term else NOT_CODED


def estimate_by_grade(data: AnalysisData) -> Iterator[Row]:
    """T14.3.1.3: each term by the highest grade that a subject had of it."""
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    adae = data["ADAE"]
    chosen = flag_emergent(data)
    if not chosen.any():
        line = Line("ANY", Label("Any adverse event", "任何不良事件"), "count")
        yield from (absent_row(line, column, NO_EVENT, text="0") for column in data.regimens)
        return
    yield from count_grades(data, "ANY", Label("Any adverse event", "任何不良事件"), chosen)
    for term in rank_by_subjects(adae, chosen, "AEDECOD"):
        flag = chosen & (adae["AEDECOD"] == term).to_numpy()
        yield from count_grades(data, f"PT|{term}", name_term(data, term), flag)


def count_grades(data: AnalysisData, name: str, label: Label, flag: Mask) -> Iterator[Row]:
    """A line for the term, then one for each grade that is anybody's highest; no grade at all comes last."""
    line = Line(name, label, "count", group=label, where="TRTEMFL = Y", group_1="AEDECOD")
    yield from count_subjects(data, line, flag)
    adae = data["ADAE"]
    grades = adae["ATOXGR"].fillna(0).to_numpy()
    highest = (
        pd.Series(np.where(flag, grades, -1)).groupby(adae["SUBJECT"].to_numpy()).transform("max").to_numpy()
    )
    at_highest = flag & (grades == highest)
    for grade in (1, 2, 3, 4, 5, 0):
        shown = at_highest & (grades == grade)
        if shown.any():
            wording = GRADE.get(grade, Label("Grade missing", "分级缺失"))
            line = Line(
                f"{name}|grade_{grade}",
                wording,
                "count",
                group=label,
                indent=1,
                group_1="ATOXGR",
                group_1_value=str(grade),
                where="TRTEMFL = Y, highest grade per subject",
            )
            yield from count_subjects(data, line, shown)
