"""SAS transport files (XPT version 5), as regulators take them: read and written by ReadStat, guarded by us.

The format has limits that the writer does not enforce (it cuts labels, and writes long or Chinese text as it
comes), so they are checked before a byte is written: names of 8 characters, labels of 40, text of 200 bytes,
ASCII only.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from grevy.exchange.findings import Finding, UnreadableFile

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
LABEL_LENGTH = 40
TEXT_BYTES = 200
RECORD = 80  # an XPT file is a sequence of 80-byte records
# Where version 5 keeps its four moments (library and member, created and modified): record and offset in it.
MOMENTS = ((1, 64), (2, 0), (5, 64), (6, 0))


def read_transport(path: Path) -> pa.Table:
    """Read one transport file; blank text is null."""
    import pyreadstat

    if path.stat().st_size % RECORD:
        raise UnreadableFile(f"cut off: not a whole number of records of {RECORD} bytes")
    try:
        frame, _ = pyreadstat.read_xport(str(path))
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"text that is not UTF-8, first byte {error.object[error.start]:#04x}"
        ) from error
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError) as error:
        raise UnreadableFile(f"not a SAS transport file ({error})") from error
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def write_transport(
    table: pa.Table,
    path: Path,
    *,
    name: str,
    label: str,
    labels: Mapping[str, str],
    created: datetime,
    formats: Mapping[str, str] | None = None,
) -> None:
    """Write one transport file whose bytes depend on the data and `created` only; `formats` are SAS's."""
    import pyreadstat

    pyreadstat.write_xport(
        table.to_pandas(),
        str(path),
        table_name=name,
        file_label=label,
        file_format_version=5,
        column_labels=[labels[column] for column in table.column_names],
        variable_format=dict(formats or {}),
    )
    _set_moments(path, created)


def check_transport_limits(
    table: pa.Table, *, file: str, name: str, label: str, labels: Mapping[str, str]
) -> Iterator[Finding]:
    """All places where a data set does not fit into version 5."""
    if not NAME.fullmatch(name):
        yield _limit(file, name, "", f"name {name!r}", "1 to 8 letters, digits and _", "Rename the data set")
    if len(label) > LABEL_LENGTH:
        yield _limit(
            file, name, "", f"label of {len(label)} characters", f"{LABEL_LENGTH}", "Shorten the label"
        )
    for column in table.column_names:
        if not NAME.fullmatch(column):
            yield _limit(file, name, column, f"name {column!r}", "1 to 8 letters, digits and _", "Rename it")
        if len(labels[column]) > LABEL_LENGTH:
            found = f"label of {len(labels[column])} characters"
            yield _limit(file, name, column, found, f"{LABEL_LENGTH}", "Shorten the label")
        if pa.types.is_string(table[column].type):
            yield from _check_text(table[column], file=file, name=name, column=column)


def _check_text(values: pa.ChunkedArray, *, file: str, name: str, column: str) -> Iterator[Finding]:
    long = pc.greater(pc.binary_length(values), TEXT_BYTES)
    foreign = pc.invert(pc.string_is_ascii(values))
    for mask, found, allowed, advice in (
        (long, "text too long", f"{TEXT_BYTES} bytes", "Shorten it, or write Dataset-JSON"),
        (foreign, "text that is not ASCII", "ASCII", "Translate it, or write Dataset-JSON"),
    ):
        rows = pc.indices_nonzero(pc.fill_null(mask, False))
        if len(rows):
            first = f"{found} (first in row {rows[0].as_py() + 1})"
            yield Finding(file, name, column, first, allowed, advice + ".", rows=len(rows))


def _limit(file: str, name: str, column: str, found: str, allowed: str, advice: str) -> Finding:
    return Finding(file, name, column, found, allowed, f"{advice}: XPT version 5 cannot hold it.")


def _set_moments(path: Path, created: datetime) -> None:
    """Replace the moments ReadStat takes from the clock: equal data give equal files on any day."""
    moment = created.astimezone(UTC).strftime("%d%b%y:%H:%M:%S").upper().encode("ascii")
    with path.open("r+b") as file:
        for record, offset in MOMENTS:
            file.seek(record * RECORD + offset)
            file.write(moment)
