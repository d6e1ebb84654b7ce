"""T14.2.4: best overall response, objective response and disease control, confirmed and not."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from grevy.results.format import format_interval
from grevy.results.frames import AnalysisData, Column, Mask, Records
from grevy.results.labels import COUNT_SUBJECTS, VALUES, Label
from grevy.results.rows import EMPTY_COLUMN, Line, Row, absent_row, count_row, with_id
from grevy.stats.proportions import INTERVALS

CATEGORIES = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NED", "NE")
RESPONSE = ("CR", "PR")
CONTROL = ("CR", "PR", "SD", "NON-CR/NON-PD")  # as the parameter DC of ADRS

NO_RESPONSE = Label("No assessment after baseline", "基线后无肿瘤评估")
OBJECTIVE_RESPONSE = Label("Objective response (CR or PR)", "客观缓解（CR或PR）")
DISEASE_CONTROL = Label("Disease control (CR, PR, SD or non-CR/non-PD)", "疾病控制（CR、PR、SD或非CR/非PD）")
CLINICAL_BENEFIT = Label("Clinical benefit", "临床获益")

NAMED_SETS = (
    ("CBOR", "FAS", Label("Confirmed, full analysis set", "经确认的缓解，全分析集")),
    ("BOR", "FAS", Label("Unconfirmed, full analysis set", "未经确认的缓解，全分析集")),
    ("CBOR", "EVALUABLE", Label("Confirmed, response-evaluable set", "经确认的缓解，疗效可评价集")),
    ("BOR", "EVALUABLE", Label("Unconfirmed, response-evaluable set", "未经确认的缓解，疗效可评价集")),
)
PER_PROTOCOL = ("CBOR", "PER_PROTOCOL", Label("Confirmed, per-protocol set", "经确认的缓解，符合方案集"))
"""Shown where the plan chooses that set for effectiveness."""


@dataclass(frozen=True)
class SubjectResponses:
    """One answer per subject of ADSL ("" = none) and the record in ADRS that holds it (-1 = none)."""

    answer: NDArray[np.object_]
    position: NDArray[np.intp]

    def records(self, mask: Mask) -> Records:
        """The records of the flagged subjects."""
        chosen = self.position[mask]
        return Records("ADRS", np.sort(chosen[chosen >= 0]))


def select_responses(data: AnalysisData, parameter: str) -> SubjectResponses:
    """Take the answer to a parameter of ADRS that has one record per subject."""
    adrs = data["ADRS"]
    found = np.flatnonzero((adrs["PARAMCD"] == parameter).to_numpy())
    subjects = adrs["SUBJECT"].to_numpy()[found]
    answer = np.full(len(data.subjects), "", dtype=object)
    position = np.full(len(data.subjects), -1, dtype=np.intp)
    answer[subjects] = adrs["AVALC"].to_numpy()[found]
    position[subjects] = found
    return SubjectResponses(answer, position)


def separate_unassessed(data: AnalysisData, responses: SubjectResponses) -> SubjectResponses:
    """Blank the answer of those whose "not evaluable" only means that nobody looked."""
    visits = data["ADRS"]
    assessed = np.zeros(len(data.subjects), dtype=bool)
    assessed[visits["SUBJECT"][visits["PARAMCD"] == "OVR"]] = True
    answer = np.where((responses.answer == "NE") & ~assessed, "", responses.answer)
    return SubjectResponses(answer, responses.position)


def estimate_best_response(data: AnalysisData) -> Iterator[Row]:
    """Best response by category and the rates with exact intervals.

    A subject without a response stands in the denominator (intention to treat in a single arm): it has a
    line of its own and counts as a non-responder.
    """
    is_per_protocol = data.conventions.effectiveness_set == "PER_PROTOCOL"
    for parameter, analysis_set, group in (*NAMED_SETS, *((PER_PROTOCOL,) if is_per_protocol else ())):
        base = Line(
            f"{parameter}|{analysis_set}",
            group,
            "",
            group=group,
            parameter=parameter,
            analysis_set=analysis_set,
        )
        responses = select_responses(data, parameter)
        yield from _count_categories(data, base, separate_unassessed(data, responses))
        yield from estimate_rate(data, base, "ORR", OBJECTIVE_RESPONSE, responses, RESPONSE)
        yield from estimate_rate(data, base, "DCR", DISEASE_CONTROL, responses, CONTROL)
        if parameter == "CBOR" and (data["ADRS"]["PARAMCD"] == "CB").any():
            benefit = select_responses(data, "CB")
            yield from estimate_rate(data, base, "CBR", CLINICAL_BENEFIT, benefit, ("Y",))


def _count_categories(data: AnalysisData, base: Line, responses: SubjectResponses) -> Iterator[Row]:
    analysis_set = str(base.analysis_set)
    line = with_id(base, "N", COUNT_SUBJECTS, "n")
    for column in data.efficacy:
        members = data.select("ADSL", data.in_column(analysis_set, column))
        yield count_row(data, line, column, members, None)
    for category in (*CATEGORIES, ""):
        label = VALUES[category] if category else NO_RESPONSE
        line = with_id(
            base,
            category or "MISSING",
            label,
            "count",
            indent=1,
            group_1=base.parameter,
            group_1_value=category,
        )
        for column in data.efficacy:
            inside = data.in_column(analysis_set, column)
            shown = inside & (responses.answer == category)
            records = responses.records(shown) if category else data.select("ADSL", shown)
            yield count_row(data, line, column, records, int(inside.sum()))


def estimate_rate(
    data: AnalysisData,
    base: Line,
    name: str,
    label: Label,
    responses: SubjectResponses,
    favorable: tuple[str, ...],
) -> Iterator[Row]:
    """Subjects with a favorable answer, then their share with its interval."""
    success = np.isin(responses.answer.astype(str), favorable)
    count = with_id(base, f"{name}|count", Label(f"{label.en}, n (%)", f"{label.zh}，例数（%）"), "count")
    rate = with_id(
        base,
        f"{name}|rate",
        Label(f"{name}, % (95% CI)", f"{name}，%（95%CI）"),
        "rate",
        unit="%",
        method=data.conventions.proportion_interval,
        indent=1,
    )
    for line, build in ((count, _count_cell), (rate, rate_cell)):
        for column in data.efficacy:
            inside = data.in_column(str(base.analysis_set), column)
            yield build(data, line, column, responses.records(inside & success), int(inside.sum()))


def _count_cell(data: AnalysisData, line: Line, column: Column, records: Records, n: int) -> Row:
    return count_row(data, line, column, records, n)


def rate_cell(data: AnalysisData, line: Line, column: Column, records: Records, n: int) -> Row:
    """A share in percent with its interval; the source is the subjects counted."""
    count = data.count_subjects(records)
    interval = INTERVALS[data.conventions.proportion_interval]
    found = interval(count, n, confidence=data.conventions.confidence)
    if found is None:
        return absent_row(line, column, EMPTY_COLUMN)
    lower, upper = 100 * found.lower, 100 * found.upper
    text = format_interval(Fraction(100 * count, n), lower, upper, 1)
    return Row(line, column, 100 * count / n, text, lower, upper, denominator=n, records=records)
