"""Estimates of the analysis: one row per statistic, with the records it was made from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from grevy.definition import Study
from grevy.definition.analysis_plan import AnalysisPlan
from grevy.results.conventions import read_conventions
from grevy.results.frames import AnalysisData, collect_frames
from grevy.results.outputs import OUTPUTS
from grevy.results.rows import NO_DATA, Line, Placed, absent_row, build_tables

__all__ = ["OUTPUTS", "Results", "build_results"]


@dataclass(frozen=True)
class Results:
    """`rows`: one row per statistic. `trace`: the analysis records behind each `trace_key`."""

    rows: pa.Table
    trace: pa.Table


def build_results(adam: Mapping[str, Any], study: Study, plan: AnalysisPlan, snapshot_id: str) -> Results:
    """Estimate every declared output from the analysis data sets.

    The data sets may be Arrow tables or Ibis expressions. What cannot be estimated is a result too: a row
    with a status and a reason. The same data give the same rows in the same order, however they arrive.
    """
    data = AnalysisData(collect_frames(adam), study, read_conventions(plan), plan)
    rows, trace = build_tables(data, _estimate_outputs(data), snapshot_id)
    return Results(rows, trace)


def _estimate_outputs(data: AnalysisData) -> Iterator[Placed]:
    for output in OUTPUTS:
        is_empty = True
        for row in output.estimate(data):
            is_empty = False
            yield Placed(output.id, output.analysis_set, output.switches, row)
        if is_empty:
            line = Line("EMPTY", NO_DATA, "none")
            row = absent_row(line, data.regimens[-1], NO_DATA)
            yield Placed(output.id, output.analysis_set, output.switches, row)
