"""F14.1.2: enrollment over time against the plan, and by site.

The plan is a number of subjects and of months: the same number every month, the same at every site.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from grevy.results.format import format_fixed
from grevy.results.frames import AnalysisData, Column
from grevy.results.labels import MISSING, Label
from grevy.results.rows import Line, Row, count_row, nothing_row, number_row

ENROLLED = Column("ENROLLED", Label("Enrolled", "入组"))
CUMULATIVE = Column("CUMULATIVE", Label("Enrolled so far", "累计入组"))
PLANNED = Column("PLANNED", Label("Planned", "计划"))
BY_MONTH = Label("By month", "按月份")
BY_SITE = Label("By site", "按中心")
NOBODY = Label("Nobody is enrolled.", "无受试者入组。")
EVEN = "even over months and sites"


def estimate_enrollment(data: AnalysisData) -> Iterator[Row]:
    """Every month from the first enrollment to the last, then every site that screened somebody."""
    dates = read_dates(data)
    enrolled = data.in_set("ENROLLED") & dates.notna().to_numpy()
    if not enrolled.any():
        yield nothing_row(CUMULATIVE, NOBODY)
        return
    yield from _count_months(data, dates, enrolled)
    yield from _count_sites(data)


def read_dates(data: AnalysisData) -> pd.Series:
    """The day of enrollment; in data that do not have it, that of consent or of the first dose."""
    subjects = data.subjects
    return subjects["ENRLDT"].fillna(subjects["RFICDT"]).fillna(subjects["TRTSDT"])


def _count_months(data: AnalysisData, dates: pd.Series, enrolled: np.ndarray) -> Iterator[Row]:
    months = dates.dt.to_period("M")
    first, last = months[enrolled].min(), months[enrolled].max()
    planned = data.plan.enrollment_months
    for place, month in enumerate(pd.period_range(first, last, freq="M")):
        name = str(month)
        line = Line(
            f"MONTH|{name}", Label(name, name), "count", group=BY_MONTH, indent=1, time=float(place + 1)
        )
        yield count_row(data, line, ENROLLED, data.select("ADSL", enrolled & (months == month)), None)
        yield count_row(data, line, CUMULATIVE, data.select("ADSL", enrolled & (months <= month)), None)
        if planned:
            target = data.study.design.planned_subjects
            value = target * min(place + 1, planned) / planned
            yield number_row(_of_plan(line), PLANNED, value, format_fixed(value, 0))


def _of_plan(line: Line) -> Line:
    return Line(**{**vars(line), "operation": "planned", "method": EVEN})


def _count_sites(data: AnalysisData) -> Iterator[Row]:
    sites, enrolled = data.subjects["SITEID"].to_numpy(), data.in_set("ENROLLED")
    known = sorted(set(sites))
    for site in known:
        label = Label(site, site) if site else MISSING
        line = Line(
            f"SITE|{site or 'MISSING'}", label, "count", group=BY_SITE, indent=1, group_1="SITEID",
            group_1_value=site,
        )  # fmt: skip
        yield count_row(data, line, ENROLLED, data.select("ADSL", enrolled & (sites == site)), None)
        if data.plan.enrollment_months:
            value = data.study.design.planned_subjects / len(known)
            yield number_row(_of_plan(line), PLANNED, value, format_fixed(value, 1))
