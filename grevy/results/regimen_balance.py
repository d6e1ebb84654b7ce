"""TX6.1, FX6.1 and FX6.2: do regimens resemble each other before and after weighting, and do they overlap?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from grevy.results.baseline import DEMOGRAPHICS, DISEASE_HISTORY
from grevy.results.covariates import Term
from grevy.results.format import format_fixed, format_percent
from grevy.results.frames import AnalysisData, Column, Mask
from grevy.results.labels import Label
from grevy.results.regimen_weights import Comparison, compare_regimens, refuse
from grevy.results.rows import Line, Row, count_row, number_row
from grevy.results.variables import Measures
from grevy.stats.arrays import FloatArray
from grevy.stats.propensity import (
    BALANCED_BELOW,
    compute_effective_size,
    compute_standardized_differences,
)

BINS = 20  # of the propensity score from 0 to 1

NUMBERS = {
    "CGAXULN": Label("Chromogranin A, × ULN", "嗜铬粒蛋白A，× ULN"),
    "METORGN": Label("Organs with metastasis", "转移器官数"),
    **{item.variable: item.label for item in (*DEMOGRAPHICS, *DISEASE_HISTORY) if isinstance(item, Measures)},
}
MODEL = Label("Propensity model", "倾向性评分模型")
BEFORE = Column("SMD_BEFORE", Label("Standardized difference, before weighting", "标准化差异，加权前"))
AFTER = Column("SMD_AFTER", Label("Standardized difference, after weighting", "标准化差异，加权后"))


@dataclass(frozen=True)
class Characteristic:
    """A line of the table of balance: a level of a covariate, or the mean of a number."""

    line: Line
    values: FloatArray  # of each subject used
    is_number: bool


@dataclass(frozen=True)
class Side:
    """A column of the table of balance: a regimen, as it is or weighted."""

    column: Column
    members: Mask  # among the subjects used
    weight: FloatArray
    is_weighted: bool


def estimate_balance(data: AnalysisData) -> Iterator[Row]:
    """TX6.1: means and shares by regimen before and after weighting, and how far apart they are.

    A weighted share belongs to the same subjects as the share beside it: both open their records.
    """
    found = compare_regimens(data)
    if isinstance(found, Label):
        yield from refuse(data, found)
        return
    sides = _list_sides(found)
    items = _list_characteristics(data, found)
    before, after = _compute_differences(found, items)
    yield from _describe_weights(data, found, sides)
    yield from _count_balanced(data, found, before, after)
    records = data.select("ADSL", found.used)
    for place, item in enumerate(items):
        for side in sides:
            yield _describe_side(data, found, item, side)
        for column, smd in ((BEFORE, before[place]), (AFTER, after[place])):
            line = replace(item.line, operation="standardized difference")
            yield number_row(line, column, smd, format_fixed(smd, 3), records)


def _list_sides(found: Comparison) -> list[Side]:
    """Both regimens before weighting, then both after."""
    sides = []
    for is_weighted, en, zh in ((False, "before weighting", "加权前"), (True, "after weighting", "加权后")):
        for regimen in found.regimens:
            members = found.in_regimen(regimen)
            weight = found.propensity.weight[members] if is_weighted else np.ones(int(members.sum()))
            column = Column(
                f"{regimen.id}_{'AFTER' if is_weighted else 'BEFORE'}",
                Label(f"{regimen.label.en}, {en}", f"{regimen.label.zh}，{zh}"),
            )
            sides.append(Side(column, members, weight, is_weighted))
    return sides


def _list_characteristics(data: AnalysisData, found: Comparison) -> list[Characteristic]:
    """Means of numbers and shares of levels; of two levels the reference says nothing new."""
    items = []
    for term in found.terms:
        if term.is_number:
            values = data.subjects[term.variable].to_numpy(float)[found.used]
            line = Line(f"{term.variable}|MEAN", _name_mean(term), "mean", group_1=term.variable)
            items.append(Characteristic(line, values, is_number=True))
            continue
        is_pair = len(term.levels) == 2
        for level in term.columns if is_pair else term.levels:
            line = Line(
                f"{term.variable}|{level.id}",
                _join(term.label, level.label) if is_pair else level.label,
                "share",
                group=None if is_pair else term.label,
                group_1=term.variable,
                group_1_value=level.id,
                unit="%",
            )
            items.append(Characteristic(line, level.flag[found.used].astype(float), is_number=False))
    return items


def _name_mean(term: Term) -> Label:
    label = NUMBERS.get(term.variable, term.label)
    return Label(f"{label.en}, mean", f"{label.zh}，均值")


def _join(name: Label, level: Label) -> Label:
    return Label(f"{name.en}: {level.en}", f"{name.zh}：{level.zh}")


def _compute_differences(found: Comparison, items: list[Characteristic]) -> tuple[FloatArray, FloatArray]:
    values = np.column_stack([item.values for item in items])
    return (
        compute_standardized_differences(found.is_second, values),
        compute_standardized_differences(found.is_second, values, found.propensity.weight),
    )


def _describe_weights(data: AnalysisData, found: Comparison, sides: list[Side]) -> Iterator[Row]:
    """Who is compared, how many equal subjects that is worth, and how far scores and weights reach."""
    for side in sides[:2]:
        line = Line("N", Label("Subjects compared", "纳入比较的受试者"), "count", group=MODEL)
        yield count_row(data, line, side.column, data.select("ADSL", _place(found, side.members)), None)
    for regimen, side in zip(found.regimens, sides[:2], strict=True):
        left = data.in_column("FAS", regimen) & ~found.used
        line = Line(
            "LEFT", Label("Left out: a covariate is missing", "因协变量缺失未纳入"), "count", group=MODEL
        )
        yield count_row(data, line, side.column, data.select("ADSL", left), None)
    for side in sides:
        size = compute_effective_size(side.weight)
        line = Line("EFFECTIVE", Label("Effective sample size", "有效样本量"), "effective size", group=MODEL)
        records = data.select("ADSL", _place(found, side.members))
        yield number_row(line, side.column, size, format_fixed(size, 1), records)
    for side in sides[2:]:
        line = Line("WEIGHT", Label("Weight, min, max", "权重，最小值，最大值"), "range", group=MODEL)
        yield _range_row(data, found, line, side, side.weight)
    for side in sides[:2]:
        line = Line(
            "SCORE", Label("Propensity score, min, max", "倾向性评分，最小值，最大值"), "range", group=MODEL
        )
        yield _range_row(data, found, line, side, found.propensity.score[side.members])
    for side, other in (sides[:2], sides[1::-1]):
        scores = found.propensity.score
        facing = scores[other.members]
        outside = side.members & ((scores < facing.min()) | (scores > facing.max()))
        label = Label("Score beyond those of the other regimen", "评分超出另一方案的范围")
        records = data.select("ADSL", _place(found, outside))
        yield count_row(
            data, Line("OUTSIDE", label, "count", group=MODEL), side.column, records, int(side.members.sum())
        )


def _place(found: Comparison, chosen: Mask) -> Mask:
    """Flags of the subjects used as flags of all subjects."""
    flag = np.zeros(len(found.used), dtype=bool)
    flag[found.used] = chosen
    return flag


def _range_row(data: AnalysisData, found: Comparison, line: Line, side: Side, values: FloatArray) -> Row:
    ends = (float(values.min()), float(values.max()))
    text = ", ".join(format_fixed(end, 2) for end in ends)
    records = data.select("ADSL", _place(found, side.members))
    return Row(line, side.column, ends[0], text, *ends, records=records)


def _count_balanced(
    data: AnalysisData, found: Comparison, before: FloatArray, after: FloatArray
) -> Iterator[Row]:
    label = Label(
        f"Characteristics that differ by less than {BALANCED_BELOW:.2f}",
        f"标准化差异低于{BALANCED_BELOW:.2f}的特征",
    )
    for column, smd in ((BEFORE, before), (AFTER, after)):
        near = int((np.abs(smd) < BALANCED_BELOW).sum())
        line = Line("BALANCED", label, "number", group=MODEL)
        yield number_row(line, column, near, f"{near}/{len(smd)}", data.select("ADSL", found.used))


def _describe_side(data: AnalysisData, found: Comparison, item: Characteristic, side: Side) -> Row:
    """Mean of a number or share of a level; the share before weighting counts subjects."""
    chosen = item.values[side.members]
    records = data.select("ADSL", _place(found, side.members))
    mean = float(np.average(chosen, weights=side.weight))
    if item.is_number:
        return number_row(item.line, side.column, mean, format_fixed(mean, 1), records)
    holders = data.select("ADSL", _place(found, side.members & (item.values > 0)))
    if side.is_weighted:
        line = replace(item.line, operation="weighted share")
        return number_row(line, side.column, 100 * mean, f"{format_fixed(100 * mean, 1)}%", holders)
    n, size = int((chosen > 0).sum()), len(chosen)
    text = f"{n} ({format_percent(n, size)})" if n else "0"
    return Row(item.line, side.column, 100 * mean, text, denominator=size, records=holders)


# --- FX6.1 --------------------------------------------------------------------------------------------------

UNWEIGHTED = Column("BEFORE", Label("Before weighting", "加权前"))
WEIGHTED = Column("AFTER", Label("After weighting", "加权后"))


def estimate_love_plot(data: AnalysisData) -> Iterator[Row]:
    """FX6.1: how far apart the regimens are in each characteristic, whatever the direction."""
    found = compare_regimens(data)
    if isinstance(found, Label):
        yield from refuse(data, found)
        return
    items = _list_characteristics(data, found)
    differences = _compute_differences(found, items)
    records = data.select("ADSL", found.used)
    for place, item in enumerate(items):
        line = replace(item.line, operation="standardized difference", unit=None)
        for column, smd in zip((UNWEIGHTED, WEIGHTED), differences, strict=True):
            size = abs(float(smd[place]))
            yield number_row(line, column, size, format_fixed(size, 3), records)


# --- FX6.2 --------------------------------------------------------------------------------------------------


def estimate_overlap(data: AnalysisData) -> Iterator[Row]:
    """FX6.2: subjects by propensity score and regimen, as they are and weighted."""
    found = compare_regimens(data)
    if isinstance(found, Label):
        yield from refuse(data, found)
        return
    scores = found.propensity.score
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    for number in range(bins.min(), bins.max() + 1):
        low, high = number / BINS, (number + 1) / BINS
        label = Label(f"{low:.2f} to {high:.2f}", f"{low:.2f}～{high:.2f}")
        line = Line(f"{number:02d}", label, "count", time=low)
        for side in _list_sides(found):
            inside = side.members & (bins == number)
            records = data.select("ADSL", _place(found, inside))
            if side.is_weighted:
                total = float(side.weight[bins[side.members] == number].sum())
                weighted = replace(line, operation="weighted count")
                yield number_row(weighted, side.column, total, format_fixed(total, 1), records)
            else:
                yield count_row(data, line, side.column, records, None)
