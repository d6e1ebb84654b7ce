"""T14.2.7: response rate, PFS and OS per subgroup, without any comparison between them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grevy.results.frames import AnalysisData, Column, Mask
from grevy.results.labels import COUNT_SUBJECTS, TOTAL, Label, find_label, list_coded_values
from grevy.results.response import RESPONSE, rate_cell, select_responses
from grevy.results.rows import SUPPRESSED, Line, Row, absent_row, count_row
from grevy.results.time_to_event import fit_curve, quantile_row, select_times


@dataclass(frozen=True)
class Subgroup:
    """One level of a variable: its wording and a flag per subject."""

    variable: str
    group: Label
    level: str
    label: Label
    flag: Mask


N = Column("N", COUNT_SUBJECTS)
ORR = Column("ORR", Label("ORR, % (95% CI)", "ORR，%（95%CI）"))
RESPONDERS = Column("RESPONDERS", Label("Responders", "缓解者"))
ENDPOINTS = (
    (
        "PFS",
        Column("PFS_EVENTS", Label("PFS events", "PFS事件数")),
        Column("PFS_MEDIAN", Label("Median PFS, months (95% CI)", "中位PFS，个月（95%CI）")),
    ),
    (
        "OS",
        Column("OS_EVENTS", Label("OS events", "OS事件数")),
        Column("OS_MEDIAN", Label("Median OS, months (95% CI)", "中位OS，个月（95%CI）")),
    ),
)

# The order in which levels are printed; levels that are not named follow by name.
LEVELS = {
    "AGEGR1": ("<65", ">=65"),
    "COHORT": ("MONO", "COMBO"),
    "NENGRP": ("NET G1/G2", "NET G3", "NEC/MiNEN"),
    "KI67GR1": ("<3", "3-20", ">20"),
    "LINE": ("1", "2", "3+"),
}
YES_NO = ("Y", "N")
CODELISTS = {"SEX": "sex", "SSTR": "sstr", "DIFFER": "differentiation"}

# Counts and measurements are split at a level: ECOG 0 against 1 and more; CgA at twice ULN, as in SANET-p.
SPLITS = {
    "ECOGBL": (0, Label("0", "0"), Label("≥1", "≥1")),
    "METORGN": (2, Label("≤2", "≤2"), Label(">2", ">2")),
    "CGAXULN": (2, Label("≤2 × ULN", "≤2 × ULN"), Label(">2 × ULN", ">2 × ULN")),
}
CHROMOGRANIN = Label("Chromogranin A", "嗜铬粒蛋白A")


def list_subgroups(data: AnalysisData) -> Iterator[Subgroup]:
    """The subgroups of the plan; a level that nobody has, and missing values, are left out."""
    declared = [(item.variable, Label(item.label.en, item.label.zh)) for item in data.plan.subgroups]
    for variable, group in [*declared, ("CGAXULN", CHROMOGRANIN)]:
        yield from list_levels(data, variable, group)


def list_levels(data: AnalysisData, variable: str, group: Label) -> Iterator[Subgroup]:
    """The levels of one variable, each with a flag per subject."""
    levels = _split if variable in SPLITS else _list_levels
    yield from levels(data, variable, group)


def _split(data: AnalysisData, variable: str, group: Label) -> Iterator[Subgroup]:
    limit, low, high = SPLITS[variable]
    values = data.subjects[variable].to_numpy(float)
    yield Subgroup(variable, group, low.en, low, values <= limit)
    yield Subgroup(variable, group, high.en, high, values > limit)


def _list_levels(data: AnalysisData, variable: str, group: Label) -> Iterator[Subgroup]:
    if variable not in data.subjects:
        raise ValueError(f"Subgroup variable '{variable}' of the plan is not read from ADSL.")
    values = data.subjects[variable]
    present = sorted(set(values) - {""})
    codelist = CODELISTS.get(variable)
    order = LEVELS.get(variable) or (list_coded_values(data.study, codelist) if codelist else YES_NO)
    for level in [*(level for level in order if level in present), *(x for x in present if x not in order)]:
        regimen = next((column.label for column in data.regimens if column.value == level), None)
        label = regimen or find_label(data.study, codelist, level)
        yield Subgroup(variable, group, level, label, (values == level).to_numpy())


def estimate_subgroups(data: AnalysisData) -> Iterator[Row]:
    """Rates and medians with their intervals; a small subgroup is listed without an estimate."""
    everybody = np.ones(len(data.subjects), dtype=bool)
    yield from _estimate_subgroup(data, Subgroup("ALL", TOTAL, "ALL", TOTAL, everybody))
    for subgroup in list_subgroups(data):
        yield from _estimate_subgroup(data, subgroup)


def estimate_pfs_forest(data: AnalysisData) -> Iterator[Row]:
    """F14.2.8: size, events and median of PFS per subgroup, as T14.2.7 has them."""
    yield from _take_columns(data, ("N", "PFS_EVENTS", "PFS_MEDIAN"))


def estimate_response_forest(data: AnalysisData) -> Iterator[Row]:
    """F14.2.9: size, responders and response rate per subgroup, as T14.2.7 has them."""
    yield from _take_columns(data, ("N", "RESPONDERS", "ORR"))


def _take_columns(data: AnalysisData, columns: tuple[str, ...]) -> Iterator[Row]:
    return (row for row in estimate_subgroups(data) if row.column.id in columns)


def _estimate_subgroup(data: AnalysisData, subgroup: Subgroup) -> Iterator[Row]:
    inside = subgroup.flag & data.in_set("FAS")
    n = int(inside.sum())
    smallest = data.conventions.smallest_subgroup
    too_few = Label(f"Fewer than {smallest} subjects.", f"受试者少于{smallest}例。")
    is_small = n < smallest
    yield count_row(data, _place(subgroup, "n"), N, data.select("ADSL", inside), None)
    responses = select_responses(data, "CBOR")
    success = np.isin(responses.answer.astype(str), RESPONSE)
    line = _place(subgroup, "count", "CBOR")
    yield count_row(data, line, RESPONDERS, responses.records(inside & success), None)
    if is_small:
        yield absent_row(_place(subgroup, "rate", "CBOR"), ORR, too_few, status=SUPPRESSED, text="–")
    else:
        line = _place(subgroup, "rate", "CBOR", data.conventions.proportion_interval)
        yield rate_cell(data, line, ORR, responses.records(inside & success), n)
    for parameter, events, median in ENDPOINTS:
        times = select_times(data, parameter, inside)
        line = _place(subgroup, "count", parameter)
        yield count_row(data, line, events, times.where(times.is_event), None)
        line = _place(subgroup, "median", parameter, f"Kaplan-Meier, {data.conventions.survival_interval}")
        if is_small:
            yield absent_row(line, median, too_few, status=SUPPRESSED, text="–")
        else:
            yield quantile_row(data, line, median, fit_curve(data, times), 0.5, times)


def _place(
    subgroup: Subgroup, operation: str, parameter: str | None = None, method: str | None = None
) -> Line:
    return Line(
        f"{subgroup.variable}|{subgroup.level}",
        subgroup.label,
        operation,
        group=None if subgroup.variable == "ALL" else subgroup.group,
        indent=0 if subgroup.variable == "ALL" else 1,
        group_1=subgroup.variable,
        group_1_value=subgroup.level,
        parameter=parameter,
        method=method,
        unit={"rate": "%", "median": "months"}.get(operation),
    )
