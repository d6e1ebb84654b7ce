"""Dataset-JSON 1.1, the CDISC exchange format: one file per data set, `.json` or one row per line `.ndjson`.

The reader takes nothing on trust: a short row, a wrong record count or a value that does not fit its column
makes the file unreadable, because a reader that lets it pass would analyse shifted data.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from grevy.exchange.findings import UnreadableFile

VERSION = "1.1.0"
REQUIRED = ("datasetJSONVersion", "itemGroupOID", "records", "name", "label", "columns")
ARROW_TYPES = {
    "integer": pa.int64(),
    "float": pa.float64(),
    "double": pa.float64(),
    "decimal": pa.string(),  # written as text so that no digit is lost
    "boolean": pa.bool_(),
    **dict.fromkeys(("string", "datetime", "date", "time", "URI"), pa.string()),
}


@dataclass(frozen=True)
class Column:
    """One column of a data set: name, label and one of the data types of the standard."""

    name: str
    label: str
    data_type: str


def write_dataset_json(
    table: pa.Table, path: Path, *, name: str, label: str, columns: Sequence[Column], created: datetime
) -> None:
    """Write one data set; `created` is said by the caller, so that equal data give equal bytes."""
    head = {
        "datasetJSONCreationDateTime": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "datasetJSONVersion": VERSION,
        "itemGroupOID": f"IG.{name}",
        "records": table.num_rows,
        "name": name,
        "label": label,
        "columns": [
            {"itemOID": f"IT.{name}.{c.name}", "name": c.name, "label": c.label, "dataType": c.data_type}
            for c in columns
        ],
    }
    values = [table[c.name].cast(ARROW_TYPES[c.data_type]).to_pylist() for c in columns]
    rows = [_compact(row) for row in zip(*values, strict=True)]
    # The line break after the first brace is for readers that guess by the first line: this is no `.ndjson`.
    text = "{\n" + _compact(head)[1:-1] + ',"rows":[\n' + ",\n".join(rows) + "\n]}\n"
    path.write_text(text, encoding="utf-8")


def read_dataset_json(path: Path) -> tuple[str, pa.Table]:
    """Read one data set: its name and its table, typed as the file's columns say."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        head, rows = _parse_lines(text) if path.suffix.lower() == ".ndjson" else _parse_object(text)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"text that is not UTF-8, first byte {error.object[error.start]:#04x}"
        ) from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"not JSON: {error}") from error
    columns = _check_head(head, rows)
    width = len(columns)
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != width:
            raise UnreadableFile(f"row {number} does not have one value for each of the {width} columns")
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    arrays = [_typed(column, list(cells)) for column, cells in zip(columns, values, strict=True)]
    return str(head["name"]), pa.Table.from_arrays(arrays, names=[c.name for c in columns])


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _parse_object(text: str) -> tuple[Any, list[Any]]:
    data = json.loads(text)
    return data, data.get("rows", []) if isinstance(data, dict) else []


def _parse_lines(text: str) -> tuple[Any, list[Any]]:
    lines = [json.loads(line) for line in text.splitlines() if line.strip()]
    return (lines[0], lines[1:]) if lines else ({}, [])


def _check_head(head: Any, rows: Any) -> list[Column]:
    if not isinstance(head, dict) or not isinstance(rows, list):
        raise UnreadableFile("not a Dataset-JSON object")
    missing = [key for key in REQUIRED if key not in head]
    if missing:
        raise UnreadableFile(f"not Dataset-JSON 1.1: {', '.join(missing)} missing at the top")
    if not str(head["datasetJSONVersion"]).startswith("1.1"):
        raise UnreadableFile(f"Dataset-JSON version {head['datasetJSONVersion']!r}, 1.1 is read")
    if head["records"] != len(rows):
        raise UnreadableFile(f"the file says {head['records']} records and holds {len(rows)} rows")
    try:
        columns = [Column(c["name"], c.get("label", ""), c["dataType"]) for c in head["columns"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise UnreadableFile("a column without name or dataType") from error
    strange = sorted({c.data_type for c in columns} - set(ARROW_TYPES))
    if strange:
        raise UnreadableFile(f"unknown dataType {', '.join(strange)}")
    return columns


def _typed(column: Column, cells: list[Any]) -> pa.Array:
    # Whole floats are a habit of many writers ("3.0" in an integer column); else a mistake.
    if column.data_type == "integer":
        cells = [int(v) if isinstance(v, float) and v.is_integer() else v for v in cells]
    if column.data_type in ("float", "double"):
        cells = [float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in cells]
    try:
        return pa.array(cells, type=ARROW_TYPES[column.data_type])
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        raise UnreadableFile(f"column {column.name} holds values that are not {column.data_type}") from error
