"""Estimates of the analysis: one row per statistic, with the records it was made from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from grevy.definition import Study
from grevy.definition.analysis_plan import SET_OF_EFFECTIVENESS, AnalysisPlan
from grevy.results.conventions import read_conventions
from grevy.results.final_build import find_blocks
from grevy.results.frames import AnalysisData, collect_frames
from grevy.results.labels import Label, say_level
from grevy.results.listings import Listed, collect_listings, name_subjects
from grevy.results.outputs import OUTPUTS, Output
from grevy.results.outputs.patient_listings import ALL_LISTINGS
from grevy.results.patient_view import describe_patient_view
from grevy.results.reuse import Earlier, MadeFrom, NotedFrames, hash_basis
from grevy.results.rows import NO_DATA, Placed, Row, Sources, build_rows, nothing_row, set_snapshot
from grevy.results.selection import SELECTION_LABELS, SELECTIONS, select_outputs

__all__ = [
    "OUTPUTS",
    "SELECTIONS",
    "SELECTION_LABELS",
    "Earlier",
    "MadeFrom",
    "Results",
    "build_results",
    "collect_analysis",
    "estimate_outputs",
    "find_blocks",
    "name_subjects",
    "select_outputs",
]

PROGNOSTIC_MODELS = "TX8.1"


@dataclass(frozen=True)
class Results:
    """`rows`: one row per statistic. `trace`: the analysis records behind each `trace_key`.

    `made_from`: the data sets that each output was made from; `reused`: outputs taken from an earlier run.
    `listings`: the lines of section 16.2 by number; `subjects`: what stands over those of a subject.
    `prediction`: the prognostic models as a page needs them to predict for chosen baseline values.
    """

    rows: pa.Table
    trace: pa.Table
    made_from: MadeFrom
    reused: tuple[str, ...] = ()
    listings: Mapping[str, Listed] = field(default_factory=dict)
    subjects: Mapping[str, Label] = field(default_factory=dict)
    prediction: Mapping[str, Any] | None = None


def build_results(
    adam: Mapping[str, Any],
    study: Study,
    plan: AnalysisPlan,
    snapshot_id: str,
    left_out: Mapping[str, Label] | None = None,
    only: Iterable[str] = (),
    earlier: Earlier | None = None,
) -> Results:
    """Estimate every declared output from the analysis data sets, or those that ``only`` names.

    The data sets may be Arrow tables or Ibis expressions. What cannot be estimated is a result too: a row
    with a status and a reason; ``left_out`` gives the reasons of outputs that the data cannot bear. The same
    data give the same rows in the same order, however they arrive. What ``earlier`` has and would come out
    the same is taken from there.
    """
    data = collect_analysis(adam, study, plan, left_out, only)
    return estimate_outputs(data, snapshot_id, left_out, only, earlier)


def collect_analysis(
    adam: Mapping[str, Any],
    study: Study,
    plan: AnalysisPlan,
    left_out: Mapping[str, Label] | None = None,
    only: Iterable[str] = (),
) -> AnalysisData:
    """What the estimates read, and the lines of the wanted listings, which rest on no estimate."""
    data = AnalysisData(NotedFrames(collect_frames(adam)), study, read_conventions(plan), plan)
    wanted = _name_wanted(only, left_out)
    listed = collect_listings(adam, data, [listing for listing in ALL_LISTINGS if listing.id in wanted])
    return replace(data, listed=listed)


def estimate_outputs(
    data: AnalysisData,
    snapshot_id: str,
    left_out: Mapping[str, Label] | None = None,
    only: Iterable[str] = (),
    earlier: Earlier | None = None,
) -> Results:
    """Estimate the outputs of an analysis whose data are collected; see `build_results`."""
    frames = data.frames
    if not isinstance(frames, NotedFrames):
        raise TypeError("frames: expected those of collect_analysis, which note what an output reads")
    basis = hash_basis(data.study, data.plan)
    sources = Sources(data)
    tables, made_from, reused = [], {}, []
    for output in select_outputs(only):
        reason = (left_out or {}).get(output.id)
        # a listing reads more variables than the frames hold, so it is never the same for certain
        may_be_kept = earlier and not reason and output.id not in data.listed
        kept = earlier.find(output.id, basis, frames) if earlier and may_be_kept else None
        if kept is not None:
            sources.keep_earlier(kept)
            tables.append(set_snapshot(kept, snapshot_id))
            made_from[output.id] = earlier.made_from.outputs[output.id] if earlier else {}
            reused.append(output.id)
            continue
        frames.begin()
        tables.append(build_rows(_estimate_output(data, output, reason), sources, snapshot_id))
        if not reason and output.id not in data.listed:
            made_from[output.id] = frames.name_read()
    trace = sources.to_table(earlier.trace if earlier else None)
    return Results(
        pa.concat_tables(tables),
        trace,
        MadeFrom(basis, made_from),
        tuple(reused),
        data.listed,
        name_subjects(data),
        describe_patient_view(data) if PROGNOSTIC_MODELS in _name_wanted(only, left_out) else None,
    )


def _name_wanted(only: Iterable[str], left_out: Mapping[str, Label] | None) -> set[str]:
    return {output.id for output in select_outputs(only)} - set(left_out or {})


def _estimate_output(data: AnalysisData, output: Output, left_out: Label | None) -> Iterator[Placed]:
    analysis_set, switches = output.set_in_force(data.plan), output.switches
    if analysis_set != output.analysis_set:
        data, switches = data.with_set(analysis_set), (*switches, SET_OF_EFFECTIVENESS)
    is_empty = True
    for row in () if left_out else output.estimate(data):
        is_empty = False
        yield Placed(output.id, analysis_set, switches, _say_level(_name_set(row, data), data))
    if is_empty:
        row = nothing_row(data.regimens[-1], left_out or NO_DATA)
        yield Placed(output.id, analysis_set, switches, row)


def _say_level(row: Row, data: AnalysisData) -> Row:
    """The row with the level of confidence of the plan in its labels."""
    confidence = data.conventions.confidence
    if confidence == 0.95:
        return row
    line, column = row.line, row.column
    labels = [line.label, column.label, *([line.group] if line.group else [])]
    label, head, *group = (Label(*(say_level(text, confidence) for text in label)) for label in labels)
    named = replace(line, label=label, group=group[0] if group else None)
    return replace(row, line=named, column=replace(column, label=head))


def _name_set(row: Row, data: AnalysisData) -> Row:
    """The row with the set that it was made in, where that stands for the full analysis set."""
    if row.line.analysis_set != "FAS" or data.stands_for_full == "FAS":
        return row
    return replace(row, line=replace(row.line, analysis_set=data.stands_for_full))
