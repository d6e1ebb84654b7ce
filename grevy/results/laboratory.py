"""T14.3.4: laboratory grades under treatment: shift from baseline, worst grade by regimen, Hy's law.

Grades are derived from the numbers by CTCAE and are not the investigator's grades of adverse events.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from grevy.results.frames import AnalysisData, Mask
from grevy.results.labels import Label
from grevy.results.rows import Row
from grevy.results.shifts import Worst, estimate_shift, estimate_worst_grades, find_worst
from grevy.results.variables import estimate_set_size
from grevy.rules.ctcae import name_term


@dataclass(frozen=True)
class Graded:
    """One laboratory test graded in one direction."""

    name: str
    label: Label
    worst: Worst


def list_graded(data: AnalysisData) -> Iterator[Graded]:
    """Every test and direction that anybody has a grade of, in the order of category and test."""
    adlb = data["ADLB"]
    for direction in ("L", "H"):
        worst = (adlb[f"WGR{direction}FL"] == "Y").to_numpy()
        graded = worst & adlb[f"ATOXGR{direction}"].notna().to_numpy()
        named = adlb.loc[graded, ["PARCAT1", "PARAMCD", "PARAM", f"ATOXDSC{direction}"]].drop_duplicates()
        for _category, code, parameter, term in sorted(map(tuple, named.to_numpy())):
            of_parameter = (adlb["PARAMCD"] == code).to_numpy()
            yield Graded(
                f"{code}|{direction}",
                label_term(term, parameter),
                _worst(data, of_parameter, worst, direction),
            )


def _worst(data: AnalysisData, of_parameter: Mask, worst: Mask, direction: str) -> Worst:
    return find_worst(data, "ADLB", of_parameter, worst, f"ATOXGR{direction}", f"BTOXGR{direction}")


def label_term(term: str, parameter: str) -> Label:
    """The CTCAE term with the test it was graded by."""
    return Label(f"{term}: {parameter}", f"{name_term(term).zh}：{parameter}")


def estimate_laboratory_shift(data: AnalysisData) -> Iterator[Row]:
    """T14.3.4.2: grade at baseline against worst grade on treatment, all regimens together."""
    for graded in list_graded(data):
        yield from estimate_shift(data, graded.name, graded.label, graded.worst)


def estimate_laboratory_grades(data: AnalysisData) -> Iterator[Row]:
    """T14.3.4.4: worst grade on treatment by regimen."""
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    for graded in list_graded(data):
        yield from estimate_worst_grades(data, graded.name, graded.label, graded.worst, data.regimens)
