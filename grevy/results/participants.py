"""Who took part: flow (F14.1.1), disposition (T14.1.1), analysis sets (T14.1.2), centers (T14.1.3)."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from grevy.results.frames import AnalysisData, Column, Mask
from grevy.results.labels import MISSING, SETS, TOTAL, VALUES, Label, find_label
from grevy.results.rows import Line, Row, absent_row, count_row
from grevy.results.variables import estimate_set_size

NOT_CONFIRMED = Label("Eligibility not confirmed", "入选资格未确认")
MAJOR_DEVIATION = Label(
    "Criterion violated or other therapy before the first assessment", "违反入排标准或首次评估前接受其他治疗"
)
LOSSES = {"": MISSING, "NOT_CONFIRMED": NOT_CONFIRMED}
NOBODY = Label("Nobody was screened.", "无筛选受试者。")


def estimate_flow(data: AnalysisData) -> Iterator[Row]:
    """F14.1.1: boxes of the STROBE flow; each loss with its reasons, so that the boxes add up.

    screened = enrolled + not enrolled; enrolled = treated + not treated; treated = ongoing + discontinued.
    """
    subjects = data.subjects
    enrolled, treated = data.in_set("ENROLLED"), data.in_set("FAS")
    stopped = treated & (subjects["EOTSTT"] != "ONGOING").to_numpy()
    unconfirmed = (subjects["SCRFREAS"] == "") & (subjects["SCRFFL"] != "Y")
    reasons_of_loss = {
        **{variable: subjects[variable] for variable in ("DCSREAS", "DCTREAS")},
        "SCRFREAS": subjects["SCRFREAS"].mask(unconfirmed, "NOT_CONFIRMED"),
    }
    boxes: list[tuple[str, Label, Mask, str | None]] = [
        ("SCREENED", Label("Screened", "筛选"), data.in_set("SCREENED"), None),
        ("NOT_ENROLLED", Label("Not enrolled", "未入组"), ~enrolled, "SCRFREAS"),
        ("ENROLLED", Label("Enrolled", "入组"), enrolled, None),
        ("NOT_TREATED", Label("Enrolled, not treated", "入组未用药"), enrolled & ~treated, "DCSREAS"),
        ("TREATED", Label("Treated (full analysis set)", "已用药（全分析集）"), treated, None),
        ("DISCONTINUED", Label("Stopped treatment", "终止治疗"), stopped, "DCTREAS"),
        ("ONGOING", Label("On treatment at cut-off", "截止时仍在治疗"), treated & ~stopped, None),
        ("EVALUABLE", SETS["EVALUABLE"], data.in_set("EVALUABLE"), None),
        ("SAFETY", SETS["SAFETY"], data.in_set("SAFETY"), None),
    ]
    columns = (data.regimens[-1], *data.regimens[:-1])
    for box, label, flag, reasons in boxes:
        line = Line(box, label, "count", group_1="box", group_1_value=box)
        for column in columns:
            shown = flag & data.in_column("SCREENED", column)
            yield count_row(data, line, column, data.select("ADSL", shown), None)
        if reasons:
            yield from _estimate_reasons(data, box, flag, reasons, columns, values=reasons_of_loss[reasons])


def _estimate_reasons(
    data: AnalysisData,
    box: str,
    flag: Mask,
    variable: str,
    columns: Sequence[Column],
    group: Label | None = None,
    values: pd.Series | None = None,
) -> Iterator[Row]:
    """The reasons of one loss by falling frequency, those without a reason last.

    In the flow (no group) they are plain counts, in a table (group) percents of the full analysis set.
    """
    values = data.subjects[variable] if values is None else values
    counts = values[flag].value_counts()
    ordered = sorted(counts.index, key=lambda value: (value == "", -counts[value], value))
    for value in ordered:
        label = LOSSES.get(value) or find_label(data.study, "eligibility", value)
        line = Line(
            f"{box}|{value or 'MISSING'}",
            label,
            "count",
            group=group,
            indent=1,
            group_1=variable,
            group_1_value=value,
        )
        for column in columns:
            inside = data.in_column("FAS" if group else "SCREENED", column)
            shown = flag & inside & (values == value).to_numpy()
            denominator = int(inside.sum()) if group else None
            yield count_row(data, line, column, data.select("ADSL", shown), denominator)


def estimate_disposition(data: AnalysisData) -> Iterator[Row]:
    """T14.1.1: state of treatment and of study participation at cut-off, with the reasons of stopping."""
    yield from estimate_set_size(data, data.regimens, "FAS")
    treated = data.in_set("FAS")
    for variable, reasons, group in (
        ("EOTSTT", "DCTREAS", Label("Study treatment", "研究治疗")),
        ("EOSSTT", "DCSREAS", Label("Study participation", "参加研究")),
    ):
        values = data.subjects[variable]
        for state in ("ONGOING", "COMPLETED", "DISCONTINUED", ""):
            flag = treated & (values == state).to_numpy()
            if not flag.any() and state in ("COMPLETED", ""):
                continue
            row_id = f"{variable}|{state or 'MISSING'}"
            line = Line(
                row_id,
                VALUES.get(state, MISSING),
                "count",
                group=group,
                group_1=variable,
                group_1_value=state,
            )
            for column in data.regimens:
                inside = data.in_column("FAS", column)
                yield count_row(data, line, column, data.select("ADSL", flag & inside), int(inside.sum()))
            if state == "DISCONTINUED":
                yield from _estimate_reasons(data, row_id, flag, reasons, data.regimens, group)


def estimate_analysis_sets(data: AnalysisData) -> Iterator[Row]:
    """T14.1.2: members of each set, and why those of the set before it are not in it."""
    total = int(data.in_set("SCREENED").sum())
    for name, label in SETS.items():
        line = Line(name, label, "count", analysis_set=name)
        for column in data.regimens:
            records = data.select("ADSL", data.in_column(name, column))
            if total:
                yield count_row(data, line, column, records, None)
            else:
                yield absent_row(line, column, NOBODY)
        for reason, wording, flag in _list_exclusions(data, name):
            if flag.any():
                inner = Line(
                    f"{name}|{reason}", wording, "count", indent=1, analysis_set=name, where="excluded"
                )
                for column in data.regimens:
                    shown = flag & data.in_column("SCREENED", column)
                    yield count_row(data, inner, column, data.select("ADSL", shown), None)


def _list_exclusions(data: AnalysisData, name: str) -> list[tuple[str, Label, Mask]]:
    """Reasons for not being in a set, the first that applies; they add up to those excluded."""
    subjects = data.subjects
    enrolled, treated = data.in_set("ENROLLED"), data.in_set("FAS")
    measurable = (subjects["MEASFL"] == "Y").to_numpy()
    ordered: list[tuple[str, Label, Mask]] = []
    if name == "ENROLLED":
        failed = (subjects["SCRFFL"] == "Y").to_numpy()
        ordered = [
            ("SCREEN_FAILURE", Label("Screen failure", "筛选失败"), failed),
            ("NOT_CONFIRMED", NOT_CONFIRMED, ~failed),
        ]
    elif name in ("FAS", "SAFETY"):
        ordered = [("NOT_TREATED", Label("No dose of study drug", "未使用研究药物"), enrolled)]
    elif name == "EVALUABLE":
        ordered = [
            (
                "NOT_MEASURABLE",
                Label("No measurable disease at baseline", "基线无可测量病灶"),
                treated & ~measurable,
            ),
            (
                "NO_ASSESSMENT",
                Label("No adequate assessment after baseline", "基线后无充分的肿瘤评估"),
                treated & measurable,
            ),
        ]
    elif name == "PER_PROTOCOL":
        ordered = [("DEVIATION", MAJOR_DEVIATION, treated)]
    return [(reason, label, flag & ~data.in_set(name)) for reason, label, flag in ordered]


def estimate_enrollment_by_center(data: AnalysisData) -> Iterator[Row]:
    """T14.1.3: screened, enrolled, treated and on treatment, by center."""
    sites = data.subjects["SITEID"].to_numpy()
    treated = data.in_set("FAS")
    states: tuple[tuple[Column, Mask], ...] = (
        (Column("SCREENED", Label("Screened", "筛选")), data.in_set("SCREENED")),
        (Column("ENROLLED", Label("Enrolled", "入组")), data.in_set("ENROLLED")),
        (Column("TREATED", Label("Treated", "已用药")), treated),
        (
            Column("ONGOING", Label("On treatment", "仍在治疗")),
            treated & (data.subjects["EOTSTT"] == "ONGOING").to_numpy(),
        ),
    )
    everybody = np.ones(len(sites), dtype=bool)
    centers = [
        (site, Label(site or MISSING.en, site or MISSING.zh), sites == site) for site in sorted(set(sites))
    ]
    for site, label, flag in [*centers, ("TOTAL", TOTAL, everybody)]:
        line = Line(site or "MISSING", label, "count", group_1="SITEID", group_1_value=site)
        for column, state in states:
            yield count_row(data, line, column, data.select("ADSL", flag & state), None)
