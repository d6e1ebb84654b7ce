"""Subjects with at least one record, by class and term: history, therapies, procedures, deviations.

T14.1.4 deviations, T14.1.7 prior therapies, T14.1.8 medical history, T14.1.9 concomitant drugs, procedures.
A subject counts once per line; the records of the line are the records of the result.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from grevy.results.adverse_events import rank_by_subjects
from grevy.results.frames import AnalysisData, Column, Mask
from grevy.results.labels import MISSING, Label, find_label
from grevy.results.rows import Line, Row, absent_row, count_row
from grevy.results.variables import estimate_set_size

NOT_CODED = Label("Not coded", "未编码")
BY_CENTER = Label("Subjects with a deviation, by center", "发生方案偏离的受试者，按中心")


@dataclass(frozen=True)
class Occurrences:
    """Which records of a data set are counted, and by which variables; a term is coded or as reported."""

    dataset: str
    where: str
    chosen: Callable[[pd.DataFrame], Mask]
    any_label: Label
    nothing: Label
    group: str
    terms: tuple[str, ...]
    analysis_set: str = "FAS"
    group_codelist: str | None = None
    term_codelist: str | None = None
    group_order: tuple[str, ...] = ()
    no_group: Label = MISSING


DEVIATIONS = Occurrences(
    "ADDV", "all records", lambda frame: np.ones(len(frame), dtype=bool),
    Label("Any deviation", "任何方案偏离"), Label("No deviation was recorded.", "未记录方案偏离。"),
    "DVSCAT", ("DVCAT",), "ENROLLED", "deviation_severity", "deviation_category", ("MAJOR", "MINOR"),
)  # fmt: skip
PRIOR_THERAPIES = Occurrences(
    "ADCM", "CMCAT = PRIOR ANTI-CANCER THERAPY",
    lambda frame: (frame["CMCAT"] == "PRIOR ANTI-CANCER THERAPY").to_numpy(),
    Label("Any prior anti-cancer drug therapy", "任何既往抗肿瘤药物治疗"),
    Label("No prior anti-cancer drug therapy.", "无既往抗肿瘤药物治疗。"),
    "CMCLAS", ("CMDECOD", "CMTRT"), group_codelist="prior_therapy_type",
)  # fmt: skip
MEDICAL_HISTORY = Occurrences(
    "ADMH", "MHCAT other than NEN DIAGNOSIS",
    lambda frame: (frame["MHCAT"] != "NEN DIAGNOSIS").to_numpy(),
    Label("Any condition", "任何既往病史"), Label("No condition was recorded.", "未记录既往病史。"),
    "MHBODSYS", ("MHDECOD", "MHTERM"), no_group=NOT_CODED,
)  # fmt: skip
CONCOMITANT_DRUGS = Occurrences(
    "ADCM", "ONTRTFL = Y, CMCAT = CONCOMITANT MEDICATION",
    lambda frame: ((frame["ONTRTFL"] == "Y") & (frame["CMCAT"] == "CONCOMITANT MEDICATION")).to_numpy(),
    Label("Any concomitant drug", "任何合并用药"), Label("No concomitant drug.", "无合并用药。"),
    "CMCLAS", ("CMDECOD", "CMTRT"), "SAFETY", "drug_class",
)  # fmt: skip
PROCEDURES = Occurrences(
    "ADPR", "ONTRTFL = Y", lambda frame: (frame["ONTRTFL"] == "Y").to_numpy(),
    Label("Any procedure during treatment", "治疗期间任何操作"),
    Label("No procedure during treatment.", "治疗期间无操作。"),
    "PRCAT", ("PRDECOD", "PRTRT"), "SAFETY", "procedure_category",
)  # fmt: skip


def estimate_occurrences(data: AnalysisData, of: Occurrences) -> Iterator[Row]:
    """Groups in their declared order, else by name; within each its terms by falling number of subjects."""
    yield from estimate_set_size(data, data.regimens, of.analysis_set)
    frame = data[of.dataset]
    chosen = of.chosen(frame) & data.rows_of(of.dataset, data.in_set(of.analysis_set))
    line = Line("ANY", of.any_label, "count", where=of.where, analysis_set=of.analysis_set)
    if not chosen.any():
        yield from (absent_row(line, column, of.nothing, text="0") for column in data.regimens)
        return
    yield from _count(data, of, line, chosen)
    groups, terms = frame[of.group], _read_terms(frame, of.terms)
    coded = frame.assign(TERM=terms)
    for value in _order_groups(groups[chosen], of.group_order):
        in_group = chosen & (groups == value).to_numpy()
        name = value or "MISSING"
        label = find_label(data.study, of.group_codelist, value) if value else of.no_group
        line = Line(
            f"{of.group}|{name}", label, "count", group=label, where=of.where,
            analysis_set=of.analysis_set, group_1=of.group, group_1_value=value,
        )  # fmt: skip
        yield from _count(data, of, line, in_group)
        for term in rank_by_subjects(coded, in_group, "TERM"):
            if not term:
                continue  # neither coded nor reported: in the line of the group alone
            line = Line(
                f"{of.group}|{name}|{of.terms[0]}|{term}", find_label(data.study, of.term_codelist, term),
                "count", group=label, indent=1, where=of.where, analysis_set=of.analysis_set,
                group_1=of.terms[0], group_1_value=term,
            )  # fmt: skip
            yield from _count(data, of, line, in_group & (terms == term).to_numpy())


def estimate_deviations(data: AnalysisData) -> Iterator[Row]:
    """T14.1.4: major and minor deviations by class, then the subjects who have one, by center."""
    yield from estimate_occurrences(data, DEVIATIONS)
    chosen = data.rows_of("ADDV", data.in_set(DEVIATIONS.analysis_set))
    sites = data.subjects["SITEID"].to_numpy()
    of_record = data.spread(sites, data["ADDV"]).to_numpy()
    for site in sorted(set(sites[data.in_set(DEVIATIONS.analysis_set)])) if chosen.any() else ():
        line = Line(
            f"SITEID|{site or 'MISSING'}", Label(site, site) if site else MISSING, "count", group=BY_CENTER,
            indent=1, where=DEVIATIONS.where, analysis_set=DEVIATIONS.analysis_set,
            group_1="SITEID", group_1_value=site,
        )  # fmt: skip
        for column in data.regimens:
            members = data.in_column(DEVIATIONS.analysis_set, column)
            records = data.select("ADDV", chosen & (of_record == site) & data.rows_of("ADDV", members))
            yield count_row(data, line, column, records, int((members & (sites == site)).sum()))


def _count(data: AnalysisData, of: Occurrences, line: Line, flag: Mask) -> Iterator[Row]:
    for column in data.regimens:
        yield _count_in(data, of, line, flag, column)


def _count_in(data: AnalysisData, of: Occurrences, line: Line, flag: Mask, column: Column) -> Row:
    members = data.in_column(of.analysis_set, column)
    records = data.select(of.dataset, flag & data.rows_of(of.dataset, members))
    return count_row(data, line, column, records, int(members.sum()))


def _read_terms(frame: pd.DataFrame, variables: tuple[str, ...]) -> pd.Series:
    """The coded term, else what was reported."""
    terms = frame[variables[0]]
    for name in variables[1:]:
        terms = terms.where(terms != "", frame[name])
    return terms


def _order_groups(values: pd.Series, order: tuple[str, ...]) -> list[str]:
    """Declared ones first, then by name, and the records without one last."""
    known = {value: place for place, value in enumerate(order)}
    return sorted(set(values), key=lambda value: (value == "", known.get(value, len(known)), value))
