"""Results as data, in the manner of the CDISC Analysis Results Standard: analyses, methods, groups, results.

The names are those of the standard's model (ReportingEvent, Analysis, OperationResult); what a study of ours
adds, such as the Chinese text or the key of the trace, stands beside them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from grevy.report.document import Document, OutputView
from grevy.report.result_rows import ResultRow
from grevy.results.labels import SETS


def write_results_json(document: Document, path: Path) -> Path:
    """Write the result rows as one reporting event; equal rows give equal bytes."""
    text = json.dumps(describe_event(document), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def describe_event(document: Document) -> dict[str, Any]:
    """The reporting event: what was analyzed how, and every result with its raw and its formatted value."""
    return {
        "id": document.study_id,
        "name": document.title.en,
        "name_zh": document.title.zh,
        "version": document.study_version.en,
        "dataCutoff": document.cutoff.en,
        "snapshotId": document.snapshot_id,
        "program": document.program,
        "isSimulated": document.is_simulated,
        "analysisSets": [_set(name) for name in _distinct(row.analysis_set for row in document.rows)],
        "dataSubsets": [{"id": where} for where in _distinct(row.where for row in document.rows)],
        "analysisGroupings": _groupings(document.rows),
        "methods": _methods(document.rows),
        "analyses": _analyses(document.rows),
        "outputs": [_output(output) for output in document.outputs],
        "settings": {switch.key: switch.value for switch in document.switches},
    }


def _distinct(names: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))


def _set(name: str) -> dict[str, str]:
    label = SETS.get(name)
    return {"id": name, "label": label.en if label else name, "label_zh": label.zh if label else name}


def _groupings(rows: Iterable[ResultRow]) -> list[dict[str, Any]]:
    """The columns of each output as one grouping, and each variable that rows are grouped by."""
    columns: dict[str, dict[str, dict[str, str]]] = {}
    variables: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        group = {"id": row.column_id, "label": row.column_label_en, "label_zh": row.column_label_zh}
        columns.setdefault(f"{row.output_id}|columns", {}).setdefault(row.column_id, group)
        if row.group_1 and row.group_1_value:
            variables.setdefault(row.group_1, {}).setdefault(row.group_1_value, {"id": row.group_1_value})
    return [{"id": name, "groups": list(groups.values())} for name, groups in (variables | columns).items()]


def _methods(rows: Iterable[ResultRow]) -> list[dict[str, Any]]:
    operations: dict[str, list[str]] = {}
    for row in rows:
        found = operations.setdefault(row.method or "", [])
        if row.operation not in found:
            found.append(row.operation)
    return [
        {"id": method, "operations": [{"id": f"{method}|{name}", "name": name} for name in names]}
        for method, names in operations.items()
    ]


def _analyses(rows: Iterable[ResultRow]) -> list[dict[str, Any]]:
    """One analysis for each row of an output, with a result in each column."""
    ordered = sorted(rows, key=lambda row: (row.output_id, row.row_order, row.column_order))
    return [
        _analysis(list(part)) for _, part in groupby(ordered, key=lambda row: (row.output_id, row.row_id))
    ]


def _analysis(rows: list[ResultRow]) -> dict[str, Any]:
    first = rows[0]
    return _without_nothing({
        "id": f"{first.output_id}|{first.row_id}",
        "outputId": first.output_id,
        "name": first.row_label_en,
        "name_zh": first.row_label_zh,
        "analysisSetId": first.analysis_set,
        "dataSubsetId": first.where,
        "dataset": first.dataset,
        "parameter": first.parameter,
        "methodId": first.method or "",
        "unit": first.unit,
        "orderedGroupings": [f"{first.output_id}|columns", *([first.group_1] if first.group_1 else [])],
        "results": [_result(row) for row in rows],
    })  # fmt: skip


def _result(row: ResultRow) -> dict[str, Any]:
    groups = [{"groupingId": f"{row.output_id}|columns", "groupId": row.column_id}]
    if row.group_1 and row.group_1_value:
        groups.append({"groupingId": row.group_1, "groupId": row.group_1_value})
    return _without_nothing({
        "id": row.result_id,
        "operationId": f"{row.method or ''}|{row.operation}",
        "resultGroups": groups,
        "rawValue": row.value,
        "rawLower": row.value_lower,
        "rawUpper": row.value_upper,
        "time": row.time,
        "formattedValue": row.value_text,
        "formattedValue_zh": row.value_text_zh if row.value_text_zh != row.value_text else None,
        "status": row.status,
        "reason": row.reason,
        "records": row.n_records,
        "denominator": row.denominator,
        "traceKey": row.trace_key,
    })  # fmt: skip


def _output(output: OutputView) -> dict[str, Any]:
    return {
        "id": output.id,
        "name": output.title.en,
        "name_zh": output.title.zh,
        "footnotes": [note.en for note in output.notes],
        "footnotes_zh": [note.zh for note in output.notes],
        "settings": [switch.key for switch in output.switches],
    }


def _without_nothing(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if fact is not None}
