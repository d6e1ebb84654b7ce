"""TX5: what is missing of the covariates and outcomes, by regimen, and of how many nothing is."""

from collections.abc import Iterator

import numpy as np

from grevy.results.baseline import DEMOGRAPHICS, DISEASE_HISTORY
from grevy.results.covariates import list_terms
from grevy.results.frames import AnalysisData, Mask
from grevy.results.labels import Label
from grevy.results.models import find_complete
from grevy.results.response import select_responses, separate_unassessed
from grevy.results.rows import Line, Row, count_row
from grevy.results.time_to_event import select_times
from grevy.results.variables import estimate_set_size

BASELINE = Label("Baseline", "基线")
OUTCOME = Label("Outcome", "结局")
COVARIATES = Label("Covariates of the models", "模型协变量")
CHROMOGRANIN = Label("Chromogranin A", "嗜铬粒蛋白A")


def estimate_missing_data(data: AnalysisData) -> Iterator[Row]:
    """TX5: subjects of whom a value is missing; then of how many covariates at a time."""
    yield from estimate_set_size(data, data.regimens, "FAS")
    named = {item.variable: item.label for item in (*DEMOGRAPHICS, *DISEASE_HISTORY)}
    for variable, label in (named | {"CGAXULN": CHROMOGRANIN}).items():
        values = data.subjects[variable]
        missing = values.isna().to_numpy() if values.dtype != object else (values == "").to_numpy()
        yield from _count(data, f"ADSL|{variable}", label, BASELINE, missing)
    for name, label, missing in _list_outcomes(data):
        yield from _count(data, f"OUTCOME|{name}", label, OUTCOME, missing)
    yield from _count_incomplete(data)


def _count(data: AnalysisData, name: str, label: Label, group: Label, flag: Mask) -> Iterator[Row]:
    line = Line(name, label, "count", group=group, indent=1, group_1=name)
    for column in data.regimens:
        inside = data.in_column("FAS", column)
        yield count_row(data, line, column, data.select("ADSL", inside & flag), int(inside.sum()))


def _list_outcomes(data: AnalysisData) -> Iterator[tuple[str, Label, Mask]]:
    responses = separate_unassessed(data, select_responses(data, "CBOR"))
    yield "CBOR", Label("No tumor assessment after baseline", "基线后无肿瘤评估"), responses.answer == ""
    for parameter, label in (
        ("PFS", Label("No PFS record", "无PFS记录")),
        ("OS", Label("No OS record", "无OS记录")),
    ):
        missing = np.ones(len(data.subjects), dtype=bool)
        missing[select_times(data, parameter, data.in_set("FAS")).frame["SUBJECT"].to_numpy()] = False
        yield parameter, label, missing


def _count_incomplete(data: AnalysisData) -> Iterator[Row]:
    """Whether whoever lacks a covariate differs in outcome is seen beside: TX7 has them imputed."""
    terms = tuple(list_terms(data, data.in_set("FAS")))
    everybody = np.ones(len(data.subjects), dtype=bool)
    lacking = np.sum([~term.known for term in terms], axis=0) if terms else np.zeros(len(everybody))
    for name, label, flag in (
        ("ALL", Label("All known", "全部已知"), find_complete(everybody, terms)),
        ("ONE", Label("One missing", "缺失1项"), lacking == 1),
        ("MORE", Label("Two or more missing", "缺失2项及以上"), lacking >= 2),
    ):
        yield from _count(data, f"COVARIATES|{name}", label, COVARIATES, np.asarray(flag))
