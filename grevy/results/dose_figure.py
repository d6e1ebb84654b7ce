"""F14.3.5: the share of subjects at each dose level in each week of treatment.

The dose of a week is the highest taken in it; a week without drug before the last dose is an interruption.
A subject who was not followed to a week is not counted in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from grevy.results.frames import AnalysisData, Column, Mask, Records
from grevy.results.labels import Label
from grevy.results.rows import Line, Row, absent_row, count_row, nothing_row
from grevy.results.variables import estimate_set_size

WEEKS = 52
NO_DOSE = Label("No dosing interval is known.", "无给药区间数据。")
NOT_FOLLOWED = Label("No subject was followed to this week.", "无受试者随访至该周。")
ON_TREATMENT = Label("On treatment", "治疗中")
INTERRUPTED = Label("Interrupted", "暂停用药")
ENDED = Label("Treatment ended", "治疗结束")


@dataclass(frozen=True)
class Course:
    """One row per subject, one column per week: the highest dose (NaN: none), and where that stands."""

    dose: NDArray[np.float64]
    position: NDArray[np.intp]
    on_treatment: NDArray[np.bool_]
    is_followed: NDArray[np.bool_]


def find_course(data: AnalysisData) -> Course:
    """Read the intervals week by week; without an end of treatment the last one ends what is seen."""
    adex = data["ADEX"]
    taken = (adex["PARAMCD"] == "DOSE") & adex["ASTDT"].notna() & adex["AENDT"].notna()
    if not data.plan.arms:  # placebo is a dose of nothing
        taken &= adex["AVAL"] > 0
    intervals = adex[taken]
    start = data.subjects["TRTSDT"].to_numpy("datetime64[D]")
    subject = intervals["SUBJECT"].to_numpy()
    first = (intervals["ASTDT"].to_numpy("datetime64[D]") - start[subject]).astype(float)
    last = (intervals["AENDT"].to_numpy("datetime64[D]") - start[subject]).astype(float)
    shape = (len(data.subjects), WEEKS)
    dose, position = np.full(shape, np.nan), np.full(shape, -1, dtype=np.intp)
    for week in range(WEEKS):
        here = np.flatnonzero((first <= 7 * week + 6) & (last >= 7 * week))
        order = here[np.argsort(intervals["AVAL"].to_numpy()[here], kind="stable")]
        dose[subject[order], week] = intervals["AVAL"].to_numpy()[order]  # the highest is written last
        position[subject[order], week] = intervals.index.to_numpy()[order]
    end = np.full(len(data.subjects), np.nan)
    of_subject = pd.Series(last).groupby(subject).max()
    end[of_subject.index.to_numpy(dtype=int)] = of_subject.to_numpy()
    begins = 7.0 * np.arange(WEEKS)
    stopped = data.subjects["TRTEDT"].notna().to_numpy()[:, None]
    on_treatment = begins[None, :] <= end[:, None]
    return Course(dose, position, on_treatment, on_treatment | (stopped & ~np.isnan(end)[:, None]))


def estimate_dose_course(data: AnalysisData) -> Iterator[Row]:
    """Each week's subjects on treatment, at each level, interrupted and no longer treated."""
    course = find_course(data)
    levels = sorted({float(dose) for dose in course.dose[~np.isnan(course.dose)]}, reverse=True)
    if not levels:
        yield nothing_row(data.regimens[-1], NO_DOSE)
        return
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    for week in range(WEEKS):
        group = Label(f"Week {week + 1}", f"第{week + 1}周")
        dose, treated = course.dose[:, week], course.on_treatment[:, week]
        followed = course.is_followed[:, week]
        states: list[tuple[str, Label, Mask]] = [("ON", ON_TREATMENT, treated)]
        states += [(f"{level:g}", Label(f"{level:g} mg", f"{level:g} mg"), dose == level) for level in levels]
        states += [("NONE", INTERRUPTED, treated & np.isnan(dose)), ("ENDED", ENDED, followed & ~treated)]
        for key, label, flag in states:
            line = Line(
                f"{week + 1}|{key}", label, "count", group=group, indent=1, time=float(week),
                parameter="DOSE", group_1="LEVEL", group_1_value=key,
            )  # fmt: skip
            for column in data.regimens[:-1]:
                yield _count(data, line, column, course.position[:, week], flag, followed)


def _count(
    data: AnalysisData, line: Line, column: Column, position: NDArray[np.intp], flag: Mask, followed: Mask
) -> Row:
    """Of those followed; a dose leads to its interval, no dose to the subject."""
    inside = data.in_column("SAFETY", column) & followed
    if not inside.any():
        return absent_row(line, column, NOT_FOLLOWED, text="–")
    chosen = inside & flag
    records = data.select("ADSL", chosen)
    if line.group_1_value not in ("ON", "NONE", "ENDED"):
        records = Records("ADEX", np.sort(position[chosen]))
    # the number on treatment stands under the axis as it is
    return count_row(data, line, column, records, None if line.group_1_value == "ON" else int(inside.sum()))
