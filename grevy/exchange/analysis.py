"""Analysis data sets in the formats of exchange, each folder with its Define-XML."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from grevy.adam.specification import DATA_SETS, DataSet
from grevy.definition import Study
from grevy.definition.trial_design import LONGEST_TEXT
from grevy.exchange.dataset_json import Column, write_dataset_json
from grevy.exchange.define import DEFINE, define_analysis, write_define
from grevy.exchange.findings import ExchangeErrors, Finding
from grevy.exchange.long_texts import part_text
from grevy.exchange.tabulation import FORMATS, find_json_type
from grevy.exchange.transport import check_transport_limits, write_transport

SAS_EPOCH = date(1960, 1, 1)


def write_analysis(
    tables: Mapping[str, pa.Table], folder: Path, format: str, study: Study, *, created: datetime
) -> None:
    """Write one file per data set and define.xml; dates are SAS dates in transport files, else ISO 8601.

    What is handed on, unlike our own Parquet, copies of a long text of the tabulation what stands there in
    the variable itself: its first part.
    Raises ExchangeErrors, with nothing written, where XPT version 5 cannot hold the data.
    """
    suffix = FORMATS[format]
    if format != "parquet":
        tables = {name: _take_first_parts(table, DATA_SETS[name]) for name, table in tables.items()}
    paths = {name: folder / f"{name.lower()}{suffix}" for name in tables}
    if format == "xpt":
        limits = [
            found
            for name, path in paths.items()
            for found in _find_limits(tables[name], path, DATA_SETS[name])
        ]
        if limits:
            raise ExchangeErrors(limits)
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in paths.items():
        _WRITERS[format](tables[name], path, DATA_SETS[name], created)
    write_define(define_analysis(tables, study, suffix=suffix), folder / DEFINE, created=created)


def _find_limits(table: pa.Table, path: Path, declared: DataSet) -> Iterator[Finding]:
    return check_transport_limits(
        table, file=path.name, name=declared.name, label=declared.label, labels=_label(declared)
    )


def _take_first_parts(table: pa.Table, declared: DataSet) -> pa.Table:
    for place, variable in enumerate(declared.variables):
        column = table[variable.name]
        if variable.origin == "Predecessor" and variable.type == "text":
            longest = pc.max(pc.binary_length(column)).as_py() or 0
            if longest > LONGEST_TEXT:
                parts = [text and part_text(text)[0] for text in column.to_pylist()]
                table = table.set_column(place, variable.name, pa.array(parts, pa.string()))
    return table


def _label(declared: DataSet) -> dict[str, str]:
    return {variable.name: variable.label for variable in declared.variables}


def _write_parquet(table: pa.Table, path: Path, declared: DataSet, created: datetime) -> None:
    pq.write_table(table.replace_schema_metadata(None).combine_chunks(), path, compression="zstd")


def _write_json(table: pa.Table, path: Path, declared: DataSet, created: datetime) -> None:
    types = {field.name: find_json_type(field.name, field.type) for field in table.schema}
    columns = [Column(one.name, one.label, types[one.name]) for one in declared.variables]
    write_dataset_json(
        table, path, name=declared.name, label=declared.label, columns=columns, created=created
    )


def _write_transport(table: pa.Table, path: Path, declared: DataSet, created: datetime) -> None:
    dates = [variable.name for variable in declared.variables if variable.type == "date"]
    for name in dates:
        days = pc.subtract(pc.cast(table[name], pa.int32()), (SAS_EPOCH - date(1970, 1, 1)).days)
        table = table.set_column(table.column_names.index(name), name, pc.cast(days, pa.float64()))
    write_transport(
        table, path, name=declared.name, label=declared.label, labels=_label(declared), created=created,
        formats=dict.fromkeys(dates, "DATE9."),
    )  # fmt: skip


_WRITERS = {"parquet": _write_parquet, "dataset-json": _write_json, "xpt": _write_transport}
