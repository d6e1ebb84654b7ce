"""Analysis results as rows: one row per statistic, with its text, made once, and the records behind it."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from grevy.results.format import NOT_CALCULABLE, Number, format_count
from grevy.results.frames import AnalysisData, Column, Records
from grevy.results.labels import Label

SCHEMA = pa.schema(
    [
        ("result_id", pa.string()),
        ("output_id", pa.string()),
        ("row_id", pa.string()),
        ("row_order", pa.int64()),
        ("column_id", pa.string()),
        ("column_order", pa.int64()),
        ("row_label_en", pa.string()),
        ("row_label_zh", pa.string()),
        ("column_label_en", pa.string()),
        ("column_label_zh", pa.string()),
        ("group_label_en", pa.string()),
        ("group_label_zh", pa.string()),
        ("indent", pa.int64()),
        ("analysis_set", pa.string()),
        ("where", pa.string()),
        ("group_1", pa.string()),
        ("group_1_value", pa.string()),
        ("parameter", pa.string()),
        ("method", pa.string()),
        ("operation", pa.string()),
        ("time", pa.float64()),
        ("value", pa.float64()),
        ("value_lower", pa.float64()),
        ("value_upper", pa.float64()),
        ("value_text", pa.string()),
        ("value_text_zh", pa.string()),
        ("unit", pa.string()),
        ("n_records", pa.int64()),
        ("denominator", pa.int64()),
        ("status", pa.string()),
        ("reason", pa.string()),
        ("reason_zh", pa.string()),
        ("dataset", pa.string()),
        ("switches", pa.string()),
        ("snapshot_id", pa.string()),
        ("trace_key", pa.string()),
    ]
)
TRACE_SCHEMA = pa.schema(
    [("trace_key", pa.string()), ("dataset", pa.string()), ("USUBJID", pa.string()), ("ASEQ", pa.int64())]
)

OK, NOT_REACHED, NO_VALUE, SUPPRESSED = "OK", "NOT_REACHED", "NOT_CALCULABLE", "SUPPRESSED"

NOTHING = "EMPTY"
EMPTY_COLUMN = Label("No subject in this column.", "该列无受试者。")
NO_DATA = Label("No data for this output.", "该输出无数据。")


@dataclass(frozen=True)
class Line:
    """A row of a table: what its cells have in common."""

    id: str
    label: Label
    operation: str
    group: Label | None = None
    indent: int = 0
    analysis_set: str | None = None
    where: str | None = None
    group_1: str | None = None
    group_1_value: str | None = None
    parameter: str | None = None
    method: str | None = None
    unit: str | None = None
    time: float | None = None


@dataclass(frozen=True)
class Row:
    """One result: a cell of a table, a point of a figure, an entry of a listing."""

    line: Line
    column: Column
    value: float | None
    text: str
    lower: float | None = None
    upper: float | None = None
    text_zh: str | None = None
    denominator: int | None = None
    status: str = OK
    reason: Label | None = None
    records: Records | None = None


def count_row(
    data: AnalysisData, line: Line, column: Column, records: Records, denominator: int | None, **options: bool
) -> Row:
    """Count the subjects behind the records; a column without subjects has nothing to count."""
    if denominator == 0:
        return absent_row(line, column, EMPTY_COLUMN)
    count = data.count_subjects(records)
    text = format_count(count, denominator, show_denominator=options.get("show_denominator", False))
    return Row(line, column, float(count), text, denominator=denominator, records=records)


def number_row(line: Line, column: Column, value: Number, text: str, records: Records | None = None) -> Row:
    """A number with its text and source."""
    return Row(line, column, float(value), text, records=records)


def absent_row(
    line: Line,
    column: Column,
    reason: Label,
    *,
    status: str = NO_VALUE,
    text: str = NOT_CALCULABLE,
    records: Records | None = None,
) -> Row:
    """A result that does not exist: the reason is the result."""
    return Row(line, column, None, text, status=status, reason=reason, records=records)


def nothing_row(column: Column, reason: Label) -> Row:
    """The one row of an output that has nothing to show: it is printed with the reason in its place."""
    return absent_row(Line(NOTHING, reason, "none"), column, reason)


@dataclass(frozen=True)
class Placed:
    """A row with the output it belongs to."""

    output_id: str
    analysis_set: str
    switches: tuple[str, ...]
    row: Row


def build_rows(placed: Iterable[Placed], sources: "Sources", snapshot_id: str) -> pa.Table:
    """Number the rows of an output in their order; `sources` keeps each set of source records once."""
    lines = list(_number(placed, sources, snapshot_id))
    identifiers = [line["result_id"] for line in lines]
    if len(set(identifiers)) != len(identifiers):
        twice = sorted({name for name in identifiers if identifiers.count(name) > 1})
        raise AssertionError(f"Results with the same identifier: {', '.join(twice[:5])}")
    return pa.Table.from_pylist(lines, schema=SCHEMA)


def set_snapshot(rows: pa.Table, snapshot_id: str) -> pa.Table:
    """The same rows, made from another snapshot."""
    place = SCHEMA.get_field_index("snapshot_id")
    return rows.cast(SCHEMA).set_column(place, SCHEMA.field(place), pa.repeat(snapshot_id, rows.num_rows))


def _number(placed: Iterable[Placed], sources: "Sources", snapshot_id: str) -> Iterator[dict[str, Any]]:
    rows: dict[tuple[str, str], int] = {}
    columns: dict[tuple[str, str], int] = {}
    last: dict[str, list[int]] = {}
    for item in placed:
        counters = last.setdefault(item.output_id, [0, 0])
        for found, key, counter in ((rows, item.row.line.id, 0), (columns, item.row.column.id, 1)):
            if (item.output_id, key) not in found:
                counters[counter] += 1
                found[item.output_id, key] = counters[counter]
        yield {
            "row_order": rows[item.output_id, item.row.line.id],
            "column_order": columns[item.output_id, item.row.column.id],
            "snapshot_id": snapshot_id,
            "trace_key": sources.keep(item.row.records),
            **_describe(item),
        }


def _describe(item: Placed) -> dict[str, Any]:
    row, line, column = item.row, item.row.line, item.row.column
    return {
        "result_id": f"{item.output_id}|{line.id}|{column.id}",
        "output_id": item.output_id,
        "row_id": line.id,
        "column_id": column.id,
        "row_label_en": line.label.en,
        "row_label_zh": line.label.zh,
        "column_label_en": column.label.en,
        "column_label_zh": column.label.zh,
        "group_label_en": line.group.en if line.group else None,
        "group_label_zh": line.group.zh if line.group else None,
        "indent": line.indent,
        "analysis_set": line.analysis_set or item.analysis_set,
        "where": line.where,
        "group_1": line.group_1,
        "group_1_value": line.group_1_value,
        "parameter": line.parameter,
        "method": line.method,
        "operation": line.operation,
        "time": line.time,
        "value": row.value,
        "value_lower": row.lower,
        "value_upper": row.upper,
        "value_text": row.text,
        "value_text_zh": row.text if row.text_zh is None else row.text_zh,
        "unit": line.unit,
        "n_records": None if row.records is None else len(row.records.index),
        "denominator": row.denominator,
        "status": row.status,
        "reason": row.reason.en if row.reason else None,
        "reason_zh": row.reason.zh if row.reason else None,
        "dataset": row.records.dataset if row.records else None,
        "switches": ",".join(item.switches),
    }


class Sources:
    """The distinct sets of records behind the results, each under a short hash of its keys."""

    def __init__(self, data: AnalysisData) -> None:
        self._data = data
        self._subjects = {name: frame["USUBJID"].to_numpy() for name, frame in data.frames.items()}
        self._sequence = {name: frame["ASEQ"].to_numpy() for name, frame in data.frames.items()}
        self._keys: dict[tuple[str, bytes], str] = {}
        self._kept: dict[str, Records] = {}
        self._earlier: set[str] = set()

    def keep(self, records: Records | None) -> str | None:
        """Return the key of a set of records; no record, no key."""
        if records is None or not len(records.index):
            return None
        known = (records.dataset, records.index.tobytes())
        if known not in self._keys:
            pairs = zip(self._take(self._subjects, records), self._take(self._sequence, records), strict=True)
            text = "\n".join([records.dataset, *(f"{subject}\t{sequence}" for subject, sequence in pairs)])
            key = hashlib.sha256(text.encode()).hexdigest()[:16]
            self._keys[known] = key
            self._kept[key] = records
        return self._keys[known]

    @staticmethod
    def _take(values: dict[str, Any], records: Records) -> list[Any]:
        return values[records.dataset][records.index].tolist()

    def keep_earlier(self, rows: pa.Table) -> None:
        """Keep the keys of rows that an earlier run made from the same records."""
        self._earlier.update(key for key in rows["trace_key"].to_pylist() if key is not None)

    def to_table(self, earlier: pa.Table | None = None) -> pa.Table:
        """One row per set and record, sets in the order of their keys; `earlier` has those that were kept."""
        columns: dict[str, list[Any]] = {name: [] for name in TRACE_SCHEMA.names}
        for key, records in sorted(self._kept.items()):
            columns["trace_key"] += [key] * len(records.index)
            columns["dataset"] += [records.dataset] * len(records.index)
            columns["USUBJID"] += self._take(self._subjects, records)
            columns["ASEQ"] += self._take(self._sequence, records)
        table = pa.table(columns, schema=TRACE_SCHEMA)
        if earlier is None:
            return table
        taken = pa.array(sorted(self._earlier - self._kept.keys()), pa.string())
        rest = earlier.filter(pc.is_in(earlier["trace_key"], taken)).cast(TRACE_SCHEMA)
        place = pa.array(range(table.num_rows + rest.num_rows))  # a set's records stay in their order
        both = pa.concat_tables([table, rest]).append_column("place", place)
        return both.sort_by([("trace_key", "ascending"), ("place", "ascending")]).drop_columns("place")


def with_id(line: Line, suffix: str, label: Label, operation: str, **changes: Any) -> Line:
    """A line of the same family: identifier extended, label and operation of its own."""
    return replace(
        line, id=f"{line.id}|{suffix}" if line.id else suffix, label=label, operation=operation, **changes
    )
