"""Estimates of the analysis: one row per statistic, with the records it was made from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from grevy.definition import Study
from grevy.definition.analysis_plan import AnalysisPlan
from grevy.results.conventions import read_conventions
from grevy.results.frames import AnalysisData, collect_frames
from grevy.results.labels import Label
from grevy.results.outputs import OUTPUTS
from grevy.results.rows import NO_DATA, Placed, build_tables, nothing_row
from grevy.results.selection import SELECTIONS, select_outputs

__all__ = ["OUTPUTS", "SELECTIONS", "Results", "build_results", "select_outputs"]


@dataclass(frozen=True)
class Results:
    """`rows`: one row per statistic. `trace`: the analysis records behind each `trace_key`."""

    rows: pa.Table
    trace: pa.Table


def build_results(
    adam: Mapping[str, Any],
    study: Study,
    plan: AnalysisPlan,
    snapshot_id: str,
    left_out: Mapping[str, Label] | None = None,
    only: Iterable[str] = (),
) -> Results:
    """Estimate every declared output from the analysis data sets, or those that ``only`` names.

    The data sets may be Arrow tables or Ibis expressions. What cannot be estimated is a result too: a row
    with a status and a reason; ``left_out`` gives the reasons of outputs that the data cannot bear. The same
    data give the same rows in the same order, however they arrive.
    """
    data = AnalysisData(collect_frames(adam), study, read_conventions(plan), plan)
    rows, trace = build_tables(data, _estimate_outputs(data, left_out or {}, only), snapshot_id)
    return Results(rows, trace)


def _estimate_outputs(
    data: AnalysisData, left_out: Mapping[str, Label], only: Iterable[str]
) -> Iterator[Placed]:
    for output in select_outputs(only):
        is_empty = True
        for row in () if output.id in left_out else output.estimate(data):
            is_empty = False
            yield Placed(output.id, output.analysis_set, output.switches, row)
        if is_empty:
            reason = left_out.get(output.id, NO_DATA)
            row = nothing_row(data.regimens[-1], reason)
            yield Placed(output.id, output.analysis_set, output.switches, row)
