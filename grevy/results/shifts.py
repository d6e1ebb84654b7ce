"""Shift tables: the grade before treatment against the worst grade under it, one count per subject."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grevy.results.frames import AnalysisData, Column, Mask, Records
from grevy.results.labels import GRADE, MISSING, Label
from grevy.results.rows import Line, Row, count_row
from grevy.results.variables import SubjectValues

GRADES = (0, 1, 2, 3, 4)
GRADE_ZERO = Label("Grade 0", "0级")
ANY_BASELINE = Label("Any grade at baseline", "基线任意级别")

WORST_COLUMNS = tuple(
    Column(f"G{grade}", Label(f"Worst grade {grade}", f"最差{grade}级")) for grade in GRADES
)
ALL_COLUMN = Column("ALL", Label("All graded", "合计"))


@dataclass(frozen=True)
class Worst:
    """A subject's worst record under treatment and its baseline record, by position in the data set.

    One entry per subject of ADSL; -1 where there is no such record. A grade is NaN where it could not be
    derived (no limit of normal, no baseline where the rule needs one).
    """

    dataset: str
    position: NDArray[np.intp]
    baseline: NDArray[np.intp]
    grade: NDArray[np.float64]
    baseline_grade: NDArray[np.float64]

    def records(self, chosen: Mask) -> Records:
        """The worst and the baseline records of the flagged subjects."""
        both = np.concatenate([self.position[chosen], self.baseline[chosen]])
        return Records(self.dataset, np.unique(both[both >= 0]))

    def as_values(self) -> SubjectValues:
        """The worst grades as one value per subject."""
        return SubjectValues(self.dataset, self.grade, self.position)


def find_worst(
    data: AnalysisData, dataset: str, of_parameter: Mask, worst: Mask, grade: str, baseline_grade: str
) -> Worst:
    """Collect worst and baseline records; `of_parameter` and `worst` flag records of the data set."""
    frame = data[dataset]
    subjects = frame["SUBJECT"].to_numpy()
    position = np.full(len(data.subjects), -1, dtype=np.intp)
    baseline = position.copy()
    grades = np.full(len(data.subjects), np.nan)
    baseline_grades = grades.copy()
    found = np.flatnonzero(of_parameter & worst)
    position[subjects[found]] = found
    grades[subjects[found]] = frame[grade].to_numpy(float)[found]
    baseline_grades[subjects[found]] = frame[baseline_grade].to_numpy(float)[found]
    before = np.flatnonzero(of_parameter & (frame["ABLFL"] == "Y").to_numpy())
    baseline[subjects[before]] = before
    return Worst(dataset, position, baseline, grades, baseline_grades)


def estimate_shift(
    data: AnalysisData, name: str, label: Label, worst: Worst, *, parameter: str | None = None
) -> Iterator[Row]:
    """Lines by baseline grade, columns by worst grade; all graded subjects of the safety set."""
    inside = data.in_set("SAFETY") & ~np.isnan(worst.grade)
    lines: list[tuple[str, Label, Mask]] = [("ANY", ANY_BASELINE, inside)]
    for grade in GRADES:
        at_baseline = inside & (worst.baseline_grade == grade)
        if at_baseline.any():
            lines.append((f"B{grade}", GRADE.get(grade, GRADE_ZERO), at_baseline))
    unknown = inside & np.isnan(worst.baseline_grade)
    if unknown.any():
        lines.append(("MISSING", MISSING, unknown))
    for key, wording, subjects in lines:
        line = Line(
            f"{name}|{key}", wording, "count", group=label, indent=1, parameter=parameter,
            where="worst grade on treatment by grade at baseline",
        )  # fmt: skip
        yield from _count_cells(data, line, worst, subjects)


def _count_cells(data: AnalysisData, line: Line, worst: Worst, subjects: Mask) -> Iterator[Row]:
    denominator = int(subjects.sum())
    for grade, column in zip(GRADES, WORST_COLUMNS, strict=True):
        yield count_row(data, line, column, worst.records(subjects & (worst.grade == grade)), denominator)
    yield count_row(data, line, ALL_COLUMN, worst.records(subjects), None)


def estimate_worst_grades(
    data: AnalysisData, name: str, label: Label, worst: Worst, columns: Sequence[Column]
) -> Iterator[Row]:
    """By regimen: subjects graded, with any grade, grade 3 or higher, and worse than at baseline."""
    graded = ~np.isnan(worst.grade)
    worsened = worst.grade > np.nan_to_num(worst.baseline_grade)
    kinds = (
        ("GRADED", Label("Subjects with a grade", "可分级受试者"), graded),
        ("ANY", Label("Worsened to grade 1 or higher", "加重至≥1级"), worsened & (worst.grade >= 1)),
        ("SEVERE", Label("Worsened to grade 3 or higher", "加重至≥3级"), worsened & (worst.grade >= 3)),
    )
    for key, wording, flag in kinds:
        line = Line(f"{name}|{key}", wording, "count", group=label, indent=1, where="worst on treatment")
        for column in columns:
            inside = data.in_column("SAFETY", column) & graded
            records = worst.records(inside & flag)
            denominator = None if key == "GRADED" else int(inside.sum())
            yield count_row(data, line, column, records, denominator)
