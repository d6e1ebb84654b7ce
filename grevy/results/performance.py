"""T14.3.5.8: ECOG performance status by visit, and the worst one on treatment."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from grevy.results.by_visit import list_series, list_shown_visits
from grevy.results.frames import AnalysisData, Mask, Records
from grevy.results.heart import select_worst
from grevy.results.labels import Label
from grevy.results.rows import Line, Row, absent_row, count_row
from grevy.results.variables import estimate_set_size

MEASURED = Label("Subjects assessed", "已评估受试者")
WORST = Label("Worst on treatment", "治疗期间最差评分")
NOBODY = Label("Nobody was assessed in this column.", "该列无已评估受试者。")
RISES = (
    (1, Label("Worse than at baseline by 1 or more", "较基线恶化≥1分")),
    (2, Label("Worse than at baseline by 2 or more", "较基线恶化≥2分")),
)
PARAMETER = "ECOG101"


def estimate_performance(data: AnalysisData) -> Iterator[Row]:
    """Subjects at each status, of those assessed at the visit."""
    series = next(list_series(data, "ADECOG", (PARAMETER,)), None)
    if series is None:
        return
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    statuses = sorted(set(series.records["AVAL"]))
    for is_baseline, number, visit, found in list_shown_visits(data, series):
        key = "BASE" if is_baseline else f"{number:g}"
        where = "baseline" if is_baseline else f"AVISITN = {number:g}"
        place = found.index.to_numpy(dtype=np.intp)
        values = found["AVAL"].to_numpy(float)
        classes = [(f"{value:g}", _name(value), values == value) for value in statuses]
        yield from _count(data, key, visit, where, place, classes)
    yield from _count_worst(data, statuses)


def _name(value: float) -> Label:
    return Label(f"ECOG {value:g}", f"ECOG {value:g}分")


def _count_worst(data: AnalysisData, statuses: Sequence[float]) -> Iterator[Row]:
    worst = select_worst(data, "ADECOG", PARAMETER, "AVAL", highest=True)
    treated = worst.position >= 0
    place, values = worst.position[treated], worst.values[treated]
    change = data["ADECOG"]["CHG"].to_numpy(float)[place]
    classes = [(f"{value:g}", _name(value), values == value) for value in statuses]
    classes += [(f"UP{rise}", label, change >= rise) for rise, label in RISES]
    yield from _count(data, "WORST", WORST, "worst value on treatment", place, classes)


def _count(
    data: AnalysisData, key: str, group: Label, where: str, place: NDArray[np.intp],
    classes: Sequence[tuple[str, Label, Mask]],
) -> Iterator[Row]:  # fmt: skip
    """Lines of one visit; `place` are its records, one per subject, and a class flags some of them."""
    subject = data["ADECOG"]["SUBJECT"].to_numpy()[place]
    everybody = np.ones(len(place), dtype=bool)
    for name, label, flag in (("N", MEASURED, everybody), *classes):
        line = Line(
            f"{key}|{name}", label, "count", group=group, indent=1, where=where, parameter=PARAMETER,
            group_1="AVAL" if name != "N" else None, group_1_value=name if name != "N" else None,
        )  # fmt: skip
        for column in data.regimens:
            inside = data.in_column("SAFETY", column)[subject]
            if name != "N" and not inside.any():
                yield absent_row(line, column, NOBODY, text="–")
                continue
            records = Records("ADECOG", np.sort(place[flag & inside]))
            yield count_row(data, line, column, records, None if name == "N" else int(inside.sum()))
