"""T14.2.13 and F14.2.11: time to definitive deterioration of each questionnaire score (reporting W48)."""

from collections.abc import Iterator
from dataclasses import replace

from grevy.adam.deterioration import list_variants, name_parameter
from grevy.results.curves import estimate_curve
from grevy.results.frames import AnalysisData, Column
from grevy.results.labels import Label
from grevy.results.rows import Line, Row, count_row, with_id
from grevy.results.scales import ScaleOfData, list_scales
from grevy.results.time_to_event import (
    MONTHS,
    Times,
    estimate_time_to_event,
    fit_curve,
    quantile_row,
    select_times,
)
from grevy.results.variables import estimate_set_size

NO_BASELINE = Label("No baseline score, left out", "无基线评分，未纳入")
EVENTS = Label("Events, n (%)", "事件，例数（%）")
MEDIAN = Label("Median, months (95% CI)", "中位数，个月（95%CI）")
VARIANTS = {
    "TD1": Label("no later score better than baseline", "此后无评分优于基线"),
    "TD2": Label("all later scores worse than baseline", "此后评分均差于基线"),
    "TD3": Label("no later score better than the one that qualified", "此后无评分优于达标评分"),
    "TDF": Label("first deterioration, whatever follows", "首次恶化，不考虑此后评分"),
    "TDD": Label("deterioration or death", "恶化或死亡"),
    "TDN": Label("death not an event", "死亡不计为事件"),
    "TDP": Label("deterioration, progression or death", "恶化、疾病进展或死亡"),
}
"""What a sensitivity analysis counts instead, by the first letters of its parameters."""


def estimate_deterioration(data: AnalysisData) -> Iterator[Row]:
    """Every scale by the plan's definition; the primary ones with each other definition beside it."""
    yield from estimate_set_size(data, data.regimens, "FAS")
    _, *others = list_variants(data.plan)
    for scale in list_scales(data):
        parameter = name_parameter("TTD", scale.code)
        if scale.is_primary:
            yield from estimate_time_to_event(
                data, parameter, data.regimens, group=scale.label, landmarks=(6, 12)
            )
        else:
            yield from _estimate_short(data, parameter, scale.label)
        yield from _count_without_baseline(data, parameter, scale)
        for variant in others if scale.is_primary else ():
            words = VARIANTS[variant.prefix]
            label = Label(f"{scale.label.en}: {words.en}", f"{scale.label.zh}：{words.zh}")
            for row in _estimate_short(data, name_parameter(variant.prefix, scale.code), label):
                if row.line.id.rpartition("|")[2] != "n":  # the subjects are those of the plan's definition
                    yield row


def _select(data: AnalysisData, parameter: str) -> dict[Column, Times]:
    return {column: select_times(data, parameter, data.in_column("FAS", column)) for column in data.regimens}


def _estimate_short(data: AnalysisData, parameter: str, group: Label) -> Iterator[Row]:
    """Subjects, events and median; where one line says it all, nothing is said twice."""
    times = _select(data, parameter)
    base = Line(parameter, group, "", group=group, parameter=parameter, analysis_set="FAS", indent=1)
    lines = [
        with_id(base, "n", Label("Subjects", "受试者"), "count"),
        with_id(base, "events", EVENTS, "count"),
    ]
    for line in lines:
        for column, found in times.items():
            whole = line.label is not EVENTS
            records = found.records if whole else found.where(found.is_event)
            yield count_row(data, line, column, records, None if whole else len(found.records.index))
    method = f"Kaplan-Meier, Brookmeyer-Crowley, {data.conventions.survival_interval}"
    line = with_id(base, "median", MEDIAN, "median", unit=MONTHS, method=method)
    for column, found in times.items():
        yield quantile_row(data, line, column, fit_curve(data, found), 0.5, found)


def _count_without_baseline(data: AnalysisData, parameter: str, scale: ScaleOfData) -> Iterator[Row]:
    """Subjects of the full analysis set who have no baseline score: no deterioration could be seen."""
    everybody = data.in_set("FAS")
    followed = select_times(data, parameter, everybody).frame["SUBJECT"].to_numpy()
    missing = everybody.copy()
    missing[followed] = False
    line = Line(f"{parameter}|nobase", NO_BASELINE, "count", group=scale.label, indent=1, parameter=parameter)
    for column in data.regimens:
        inside = data.in_column("FAS", column)
        yield count_row(data, line, column, data.select("ADSL", missing & inside), int(inside.sum()))


def estimate_deterioration_curves(data: AnalysisData) -> Iterator[Row]:
    """F14.2.11: curves of the primary scales, by regimen."""
    for scale in list_scales(data):
        if scale.is_primary:
            parameter = name_parameter("TTD", scale.code)
            for row in estimate_curve(data, parameter, data.regimens):
                yield replace(row, line=replace(row.line, group=scale.label))
