"""T14.3.4: laboratory under treatment: shift of grades, worst grade by regimen, liver and Hy's law.

Grades are derived from the numbers by CTCAE and are not the investigator's grades of adverse events.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from grevy.adam.adlb import HYS_LAW_WINDOW_DAYS
from grevy.definition.forms import Item
from grevy.results.frames import AnalysisData, Mask, Records
from grevy.results.labels import Label
from grevy.results.rows import Line, Row, count_row
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
                label_term(data, term, code, parameter),
                _worst(data, of_parameter, worst, direction),
            )


def _worst(data: AnalysisData, of_parameter: Mask, worst: Mask, direction: str) -> Worst:
    return find_worst(data, "ADLB", of_parameter, worst, f"ATOXGR{direction}", f"BTOXGR{direction}")


def label_term(data: AnalysisData, term: str, code: str, parameter: str) -> Label:
    """The CTCAE term with the test it was graded by."""
    test = label_test(data, code, parameter)
    return Label(f"{term}: {test.en}", f"{name_term(term).zh}：{test.zh}")


UNIT = re.compile(r"\(([^()]+)\)$")
DERIVED_TESTS = {
    "CACRALB": Label("calcium corrected for albumin, mmol/L", "白蛋白校正钙，mmol/L"),
    "GFRBSCRT": Label(
        "filtration rate by CKD-EPI 2021, mL/min/1.73 m²", "肾小球滤过率（CKD-EPI 2021），mL/min/1.73 m²"
    ),
    "CREATCLR": Label(
        "creatinine clearance by Cockcroft-Gault, mL/min", "肌酐清除率（Cockcroft-Gault），mL/min"
    ),
}
"""Parameters that no item stands for."""


def label_test(data: AnalysisData, code: str, parameter: str) -> Label:
    """A laboratory test with its unit as the forms name it; as the data name it where no form does.

    A laboratory elsewhere may have another unit than the forms of this study: the unit is that of the data.
    """
    if code in DERIVED_TESTS:
        return DERIVED_TESTS[code]
    of_urine: dict[str, Item] = {}
    of_blood: dict[str, Item] = {}
    for form in data.study.forms.values():
        is_urine = form.assigned.get("LB.LBCAT") == "URINALYSIS"
        named = of_urine if is_urine else of_blood
        for item in form.items:
            if item.test:
                named.setdefault(item.test, item)
    # urine has the code of blood with a U before it, where blood has that test too
    urine_only = {test: item for test, item in of_urine.items() if test not in of_blood}
    in_urine = {f"U{test}"[:8]: item for test, item in of_urine.items()}
    found = of_blood.get(code) or urine_only.get(code) or in_urine.get(code)
    if found is None:
        return Label(parameter, parameter)
    unit = _find_unit(data, found, parameter)
    english, chinese = found.label.en[:1].lower() + found.label.en[1:], found.label.zh
    if english[1:2].isupper():  # an abbreviation keeps its capitals
        english = found.label.en
    return Label(f"{english}, {unit.en}", f"{chinese}，{unit.zh}") if unit else Label(english, chinese)


def _find_unit(data: AnalysisData, item: Item, parameter: str) -> Label | None:
    """The unit at the end of a parameter's name, in the words of the study where it has them."""
    written = UNIT.search(parameter)
    name = written[1] if written else item.unit
    if not name:
        return None
    known = data.study.units.get(name)
    return Label(known.label.en, known.label.zh) if known else Label(name, name)


def estimate_laboratory_shift(data: AnalysisData) -> Iterator[Row]:
    """T14.3.4.2: grade at baseline against worst grade on treatment, all regimens together."""
    for graded in list_graded(data):
        yield from estimate_shift(data, graded.name, graded.label, graded.worst)


def estimate_laboratory_grades(data: AnalysisData) -> Iterator[Row]:
    """T14.3.4.4: worst grade on treatment by regimen."""
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    for graded in list_graded(data):
        yield from estimate_worst_grades(data, graded.name, graded.label, graded.worst, data.regimens)


# ---- Liver -----------------------------------------------------------------------------------------------

PEAKS = (
    (Label("ALT or AST, peak on treatment", "ALT或AST治疗期间峰值"), ("ALT", "AST"), (3, 5, 10, 20)),
    (Label("Total bilirubin, peak on treatment", "总胆红素治疗期间峰值"), ("BILI",), (2,)),
)
LIVER_TESTS = ("ALT", "AST", "BILI", "ALP")


def estimate_hys_law(data: AnalysisData) -> Iterator[Row]:
    """T14.3.4.3: peaks of liver tests in multiples of the upper limit, and potential cases of Hy's law."""
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    adlb = data["ADLB"]
    treated = (adlb["ONTRTFL"] == "Y").to_numpy()
    for group, codes, multiples in PEAKS:
        of_test = treated & adlb["PARAMCD"].isin(codes).to_numpy() & (adlb["A1HI"] > 0).to_numpy()
        inside = data.in_set("SAFETY") & _have(data, of_test)
        for multiple in multiples:
            sign = "≥" if codes == ("ALT", "AST") else ">"
            reached = adlb["AVAL"] >= multiple * adlb["A1HI"]
            exceeded = adlb["AVAL"] > multiple * adlb["A1HI"]
            flag = of_test & (reached if sign == "≥" else exceeded).to_numpy()
            text = f"{sign}{multiple} × ULN"
            line = Line(f"{codes[0]}|{multiple}", Label(text, text), "count", group=group, indent=1)
            yield from _count_flagged(data, line, flag, inside)
    cases = treated & ((adlb["PARAMCD"] == "HYLAW") & (adlb["AVAL"] == 1)).to_numpy()
    judged = data.in_set("SAFETY") & _have(data, treated & (adlb["PARAMCD"] == "HYLAW").to_numpy())
    label = Label("Potential cases of Hy's law", "潜在Hy's法则病例")
    yield from _count_flagged(
        data, Line("HYLAW", label, "count", parameter="HYLAW"), cases | _list_around(adlb, cases), judged
    )


def _have(data: AnalysisData, flag: Mask) -> Mask:
    """Flag the subjects who have a flagged record."""
    have = np.zeros(len(data.subjects), dtype=bool)
    have[data["ADLB"]["SUBJECT"].to_numpy()[flag]] = True
    return have


def _count_flagged(data: AnalysisData, line: Line, flag: Mask, measured: Mask) -> Iterator[Row]:
    for column in data.regimens:
        inside = data.in_column("SAFETY", column) & measured
        records = Records("ADLB", np.flatnonzero(flag & data.rows_of("ADLB", inside)))
        yield count_row(data, line, column, records, int(inside.sum()))


def _list_around(adlb: pd.DataFrame, cases: Mask) -> Mask:
    """The liver tests within the window of a subject's case: what the case rests on."""
    around = np.zeros(len(adlb), dtype=bool)
    for subject, day in adlb.loc[cases, ["SUBJECT", "ADT"]].drop_duplicates().itertuples(index=False):
        apart = (adlb["ADT"] - day).abs() <= pd.Timedelta(days=HYS_LAW_WINDOW_DAYS)
        around |= ((adlb["SUBJECT"] == subject) & apart & adlb["PARAMCD"].isin(LIVER_TESTS)).to_numpy()
    return around
