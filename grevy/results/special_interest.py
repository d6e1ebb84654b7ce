"""T14.3.1.9: adverse events of special interest by the groups of the plan.

Subjects, time to onset, duration, recurrence, action and outcome; cumulative incidence, with which the end of
treatment and death compete. A subject counts once per line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from grevy.definition.analysis_plan import InterestGroup
from grevy.results.adverse_events import NO_EVENT, flag_emergent, list_kinds
from grevy.results.exposure_adjusted import find_first
from grevy.results.format import NOT_CALCULABLE, format_interval
from grevy.results.frames import AnalysisData, Column, Mask, Records
from grevy.results.labels import Label
from grevy.results.rows import EMPTY_COLUMN, Line, Row, absent_row, count_row, nothing_row, with_id
from grevy.results.time_at_risk import Risk, find_end_of_risk
from grevy.results.time_to_event import FOLLOW_UP_SHORT
from grevy.results.variables import SubjectValues, estimate_set_size, estimate_summaries
from grevy.stats.competing_risks import CumulativeIncidence, estimate_cumulative_incidence
from grevy.stats.curve_readings import estimate_quantile
from grevy.stats.kaplan_meier import estimate_kaplan_meier
from grevy.stats.no_estimate import NoEstimate, Reason

NO_GROUP = Label(
    "The analysis plan declares no group of special interest.", "分析计划未规定特别关注的不良事件组别。"
)
KINDS = ("ANY", "GRADE3", "SERIOUS", "RELATED")
ACTIONS = ("INTERRUPTION", "REDUCTION", "DISCONTINUATION")
OUTCOMES = (
    ("FATAL", Label("Fatal", "死亡")),
    ("NOT RECOVERED/NOT RESOLVED", Label("Not recovered", "未好转")),
    ("RECOVERING/RESOLVING", Label("Recovering", "好转")),
    ("RECOVERED/RESOLVED WITH SEQUELAE", Label("Recovered with sequelae", "痊愈伴有后遗症")),
    ("RECOVERED/RESOLVED", Label("Recovered", "痊愈")),
    ("UNKNOWN", Label("Unknown or missing", "不详或缺失")),
)
"""Worst first: a subject's outcome is that of the event that went worst."""

ONSET = Label("Time to first onset, days", "首次发生（天）")
DURATION = Label("Duration of the first event, days: median (95% CI)", "首次持续（天）：中位数（95%CI）")
AGAIN = Label("Came again after it had ended", "结束后再次发生")
WORST_OUTCOME = Label("Outcome: {outcome}", "转归：{outcome}")


@dataclass(frozen=True)
class GroupEvents:
    """The treatment-emergent events of one group: flags of ADAE, the first event of each subject."""

    data: AnalysisData
    group: InterestGroup
    flag: Mask
    risk: Risk

    @property
    def label(self) -> Label:
        return Label(self.group.label.en, self.group.label.zh)

    @cached_property
    def first(self) -> SubjectValues:
        """Days from the first dose to the first event, with its record; no value where its day is unknown."""
        place, until = find_first(self.data, self.flag, self.risk.days)
        subject = self.data["ADAE"]["SUBJECT"].to_numpy()[place]
        known = ~np.isnat(self.data["ADAE"]["ASTDT"].to_numpy()[place])
        position = np.full(len(self.data.subjects), -1, dtype=np.intp)
        values = np.full(len(self.data.subjects), np.nan)
        position[subject] = place
        values[subject[known]] = until[subject[known]]
        return SubjectValues("ADAE", values, position)

    @cached_property
    def have(self) -> Mask:
        """Flag the subjects with an event of the group."""
        return self.first.position >= 0


def estimate_special_interest(data: AnalysisData) -> Iterator[Row]:
    """Each group of the plan in its order; of a group that nobody has, the first line alone."""
    if not data.plan.special_interest.groups:
        yield nothing_row(data.regimens[-1], NO_GROUP)
        return
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    flags, risk = flag_groups(data), find_end_of_risk(data)
    for group in data.plan.special_interest.groups:
        events = GroupEvents(data, group, flags[group.code], risk)
        yield from _count_kinds(events)
        if events.flag.any():
            yield from _summarize_onset(events)
            yield from _estimate_duration(events)
            yield from _count_again(events)
            yield from _count_actions_and_outcomes(events)
            yield from _estimate_incidence(events)


def flag_groups(data: AnalysisData) -> dict[str, Mask]:
    """Flag the treatment-emergent events of each group, by its code; each term is looked at once."""
    interest, adae = data.plan.special_interest, data["ADAE"]
    emergent, grade = flag_emergent(data), adae["ATOXGR"].to_numpy(float)
    term = adae["AEDECOD"].where(adae["AEDECOD"] != "", adae["AETERM"])
    flags = {group.code: np.zeros(len(adae), dtype=bool) for group in interest.groups}
    start = {group.code: group.from_grade for group in interest.groups}
    highest = max(start.values(), default=1)
    kinds = pd.DataFrame({"TERM": term, "CLASS": adae["AEBODSYS"]})
    for name, organ_class in sorted(set(kinds[emergent].itertuples(index=False, name=None))):
        of_kind = emergent & ((kinds["TERM"] == name) & (kinds["CLASS"] == organ_class)).to_numpy()
        for code in interest.find_groups(name, highest, organ_class):
            flags[code] |= of_kind & ((start[code] <= 1) | (grade >= start[code]))
    return flags


def _line(events: GroupEvents, suffix: str, label: Label, operation: str, indent: int = 1) -> Line:
    base = Line(
        events.group.code, events.label, "", group=events.label, where="TRTEMFL = Y, words of the group",
        group_1="SPECIAL_INTEREST", group_1_value=events.group.code,
    )  # fmt: skip
    return with_id(base, suffix, label, operation, indent=indent)


def _count_kinds(events: GroupEvents) -> Iterator[Row]:
    kinds = {name: (label, flag) for name, label, flag in list_kinds(events.data["ADAE"])}
    for name in KINDS if events.flag.any() else KINDS[:1]:
        label, flag = kinds[name]
        yield from _count(events, _line(events, name, label, "count"), events.flag & flag)


def _count(events: GroupEvents, line: Line, flag: Mask, *, of_group: bool = False) -> Iterator[Row]:
    """Subjects with a flagged event, of the column or of its subjects with an event of the group."""
    data = events.data
    for column in data.regimens:
        members = data.in_column("SAFETY", column)
        records = data.select("ADAE", flag & data.rows_of("ADAE", members))
        size = int((members & events.have).sum()) if of_group else int(members.sum())
        if of_group and members.any() and not size:
            yield absent_row(line, column, NO_EVENT, text="–")
        else:
            yield count_row(data, line, column, records, size, show_denominator=of_group)


def _summarize_onset(events: GroupEvents) -> Iterator[Row]:
    base = _line(events, "ONSET", ONSET, "")
    rows = estimate_summaries(events.data, base, events.first, events.data.regimens, "SAFETY")
    names = {
        "median": Label("median (Q1, Q3)", "中位数（Q1, Q3）"),
        "range": Label("min, max", "最小值，最大值"),
    }
    for row in rows:
        if row.line.operation in names:
            part = names[row.line.operation]
            label = Label(f"{ONSET.en}: {part.en}", f"{ONSET.zh}：{part.zh}")
            line = _line(events, f"ONSET|{row.line.operation}", label, row.line.operation)
            yield replace(row, line=line)


def _estimate_duration(events: GroupEvents) -> Iterator[Row]:
    """Kaplan-Meier over the first events: one that goes on is censored when its subject was last seen."""
    data, place = events.data, events.first.position
    line = _line(events, "DURATION", DURATION, "median")
    start = _dates(events, "ASTDT")
    end = _dates(events, "AENDT")
    ended = ~np.isnat(end)
    days = (np.where(ended, end, events.risk.last_seen) - start).astype("timedelta64[D]").astype(float) + 1
    for column in data.regimens:
        inside = data.in_column("SAFETY", column) & (place >= 0) & ~np.isnat(start) & (days >= 1)
        if not inside.any():
            yield absent_row(line, column, NO_EVENT, text="–")
            continue
        curve = estimate_kaplan_meier(
            days[inside], ended[inside], confidence=data.conventions.confidence,
            interval=data.conventions.survival_interval,
        )  # fmt: skip
        found = estimate_quantile(curve, 0.5)
        text = format_interval(found.value, found.lower, found.upper, 0)
        records = events.first.records(inside)
        yield Row(line, column, found.value, text, found.lower, found.upper, records=records)


def _dates(events: GroupEvents, name: str) -> np.ndarray:
    """A date of the first event of each subject."""
    dates = np.append(events.data["ADAE"][name].to_numpy("datetime64[D]"), np.datetime64("NaT", "D"))
    return dates[events.first.position]


def _count_again(events: GroupEvents) -> Iterator[Row]:
    """Subjects with an event that began after an earlier one of the group had ended."""
    adae = events.data["ADAE"]
    onset = adae["ASTDT"].to_numpy("datetime64[D]")
    chosen = adae[events.flag & adae["AENDT"].notna().to_numpy()]
    ended = np.full(len(events.data.subjects), np.datetime64("NaT", "D"))
    first_end = chosen.groupby("SUBJECT")["AENDT"].min()
    ended[first_end.index.to_numpy()] = first_end.to_numpy("datetime64[D]")
    again = events.flag & (onset > ended[adae["SUBJECT"].to_numpy()])
    yield from _count(events, _line(events, "AGAIN", AGAIN, "count"), again, of_group=True)


def _count_actions_and_outcomes(events: GroupEvents) -> Iterator[Row]:
    adae = events.data["ADAE"]
    kinds = {name: (label, flag) for name, label, flag in list_kinds(adae)}
    for name in ACTIONS:
        label, flag = kinds[name]
        yield from _count(events, _line(events, name, label, "count"), events.flag & flag, of_group=True)
    ranks = {code: rank for rank, (code, _) in enumerate(OUTCOMES)}
    rank = adae["AEOUT"].map(ranks).fillna(len(OUTCOMES) - 1).to_numpy()
    worst = np.full(len(events.data.subjects), len(OUTCOMES))
    np.minimum.at(worst, adae["SUBJECT"].to_numpy()[events.flag], rank[events.flag].astype(int))
    of_subject = worst[adae["SUBJECT"].to_numpy()]
    for place, (code, outcome) in enumerate(OUTCOMES):
        flag = events.flag & (rank == place) & (of_subject == place)
        if flag.any():
            label = Label(
                WORST_OUTCOME.en.format(outcome=outcome.en.lower()),
                WORST_OUTCOME.zh.format(outcome=outcome.zh),
            )
            line = _line(events, f"OUTCOME|{code}", label, "count")
            yield from _count(events, line, flag, of_group=True)


def _estimate_incidence(events: GroupEvents) -> Iterator[Row]:
    """Aalen-Johansen: an end of treatment or a death is no censoring, for no event can come after it."""
    data, risk = events.data, events.risk
    happened = ~np.isnan(events.first.values)
    days = np.where(happened, events.first.values, risk.days)
    cause = np.where(happened, 1, np.where(risk.cause > 0, risk.cause + 1, 0))
    curves = {}
    for column in data.regimens:
        inside = data.in_column("SAFETY", column) & (risk.days > 0)
        curves[column] = inside, estimate_cumulative_incidence(
            days[inside], cause[inside], confidence=data.conventions.confidence,
            interval=data.conventions.survival_interval,
        )  # fmt: skip
    for month in data.plan.special_interest.incidence_months:
        label = Label(
            f"Cumulative incidence at {month} {'month' if month == 1 else 'months'}, % (95% CI)",
            f"{month}个月累积发生率，%（95%CI）",
        )
        line = _line(events, f"INCIDENCE|{month}", label, "cumulative_incidence")
        until = float(month * data.conventions.days_per_month)
        for column, (inside, curve) in curves.items():
            have = inside & (cause == 1) & (days <= until)
            yield _incidence_row(line, column, curve, until, events.first.records(have))


def _incidence_row(
    line: Line, column: Column, curve: CumulativeIncidence | NoEstimate, until: float, records: Records
) -> Row:
    if isinstance(curve, NoEstimate):
        return absent_row(line, column, EMPTY_COLUMN if curve.reason is Reason.EMPTY else NO_EVENT, text="–")
    if 1 not in curve.causes:
        return absent_row(line, column, NO_EVENT, text="–")
    found = curve.read_at(1, until)
    if found.value is None:
        return absent_row(line, column, FOLLOW_UP_SHORT)
    percent = [None if part is None else 100 * part for part in found]
    text = format_interval(percent[0], percent[1], percent[2], 1, missing=NOT_CALCULABLE)
    return Row(line, column, percent[0], text, percent[1], percent[2], records=records)
