"""One domain from its files: read piece by piece and checked as it comes, in bounded memory.

A domain larger than what an analysis holds in memory is checked to its last row all the same, so that all
mistakes are told at once; of its rows only the keys are kept until then.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from grevy.exchange.checks import check_domain, list_present_keys, name_duplicates, tidy_table
from grevy.exchange.dataset_json import read_dataset_json
from grevy.exchange.findings import Finding, UnreadableFile
from grevy.exchange.transport import read_transport
from grevy.sdtm.domains import Domain, get_domain

MOST_ROWS = 1_000_000
"""Rows of a domain that are analyzed, in 3.3 GB if they are of LB; 350 subjects have a tenth of that."""

ROWS_AT_ONCE = 200_000
MOST_BYTES = 1_000_000_000
"""Size of a file that is read at once: of Dataset-JSON and transport files no part can be read alone."""

MEMORY = "1GB"
"""What counting the keys may use before it goes to disk."""

FORMATS_READ = "Parquet, Dataset-JSON 1.1 or XPT"


def read_domain(paths: Iterable[Path], name: str) -> tuple[pa.Table | None, list[Finding]]:
    """Read and check all files of a domain; no table where a file is unreadable or there is too much.

    What is wrong in one file does not hide what is wrong in another.
    """
    domain = get_domain(name)
    kept, keys, rows = [], [], 0
    mistakes: list[Finding] = []
    is_readable = True
    paths = tuple(paths)
    for path in paths:
        found, start = [], 0
        try:
            for piece in read_pieces(path):
                table = tidy_table(piece, domain)
                found += check_domain(table, domain, file=path.name, start=start)
                start += table.num_rows
                rows += table.num_rows
                if present := list_present_keys(table, domain):
                    keys.append(_compress(table.select(present)))
                kept = [*kept, table] if rows <= MOST_ROWS else []
        except UnreadableFile as error:
            is_readable = False
            mistakes.append(Finding(path.name, name, "", str(error), FORMATS_READ, "Export the file again."))
        mistakes += merge_findings(found)
    files = ", ".join(path.name for path in paths)
    mistakes += find_duplicates(keys, domain, file=files)
    if rows > MOST_ROWS:
        allowed = f"at most {MOST_ROWS:,} rows in a domain"
        advice = "Analyze fewer subjects or tests at a time: one folder for each part."
        mistakes.append(Finding(files, name, "", "more rows than are analyzed", allowed, advice, rows=rows))
    if not is_readable or not kept:
        return None, mistakes
    return _join(kept), mistakes


def merge_findings(found: Iterable[Finding]) -> list[Finding]:
    """One finding per kind of mistake of a file: the first one found, with the rows of all."""
    merged: dict[tuple[str, ...], Finding] = {}
    for finding in found:
        kind = (finding.file, finding.variable, finding.allowed, finding.advice)
        first = merged.get(kind)
        merged[kind] = replace(first, rows=first.rows + finding.rows) if first else finding
    return list(merged.values())


def _join(pieces: list[pa.Table]) -> pa.Table:
    """One table of the pieces; a variable that is text in one and a number in another becomes text."""
    kinds: dict[str, set[pa.DataType]] = {}
    for piece in pieces:
        for field in piece.schema:
            kinds.setdefault(field.name, set()).add(field.type)
    mixed = {name for name, types in kinds.items() if len(types) > 1}
    return pa.concat_tables([_as_text(piece, mixed) for piece in pieces], promote_options="default")


def _as_text(piece: pa.Table, names: set[str]) -> pa.Table:
    for place, name in enumerate(piece.column_names):
        if name in names:
            piece = piece.set_column(place, name, piece[name].cast(pa.string()))
    return piece


# --- Keys ----------------------------------------------------------------------------------------------


def find_duplicates(pieces: list[pa.Table], domain: Domain, *, file: str) -> Iterator[Finding]:
    """Records of a whole domain, all its files together, that share their key; beyond memory on disk."""
    if not pieces or not sum(piece.num_rows for piece in pieces):
        return
    table = _join(pieces)
    names = ", ".join(f'"{name}"' for name in table.column_names)
    query = f"select {names}, count(*) as n from keyed group by {names} having count(*) > 1"
    with TemporaryDirectory() as folder, duckdb.connect() as engine:
        engine.execute(f"set memory_limit = '{MEMORY}'; set temp_directory = '{folder}'")
        engine.execute("set preserve_insertion_order = false")
        engine.register("keyed", table)
        engine.execute(f"create temp table twice as {query}")
        number, rows = engine.execute("select count(*), sum(n) from twice").fetchone() or (0, 0)
        if number:
            first = engine.execute(f"select {names} from twice order by all limit 1").fetchone() or ()
            values = dict(zip(table.column_names, first, strict=True))
            yield name_duplicates(values, domain, file=file, number=number, rows=int(rows))


def _compress(keys: pa.Table) -> pa.Table:
    """Texts as dictionaries: a key repeats its study and its subjects thousands of times."""
    columns = [c.dictionary_encode() if pa.types.is_string(c.type) else c for c in keys.columns]
    return pa.Table.from_arrays(columns, names=keys.column_names)


# --- Files ---------------------------------------------------------------------------------------------


def read_pieces(path: Path) -> Iterator[pa.Table]:
    """The rows of a file, a piece at a time, with the names of its columns in upper case."""
    for piece in _READERS[path.suffix.lower()](path):
        columns = Counter(name.upper() for name in piece.column_names)
        twice = [name for name, count in columns.items() if count > 1]
        if twice:
            raise UnreadableFile(f"column {', '.join(twice)} occurs twice")
        yield piece.rename_columns(list(map(str.upper, piece.column_names)))


def is_readable_format(path: Path) -> bool:
    """Whether the name of a file says that it is in a format that is read."""
    return path.suffix.lower() in _READERS


def _read_parquet(path: Path) -> Iterator[pa.Table]:
    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            if not file.metadata.num_rows:
                yield schema.empty_table()
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
                yield pa.Table.from_batches([batch])
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFile(f"not a Parquet file ({_shorten(error)})") from error


def _read_json(path: Path) -> Iterator[pa.Table]:
    _check_size(path)
    name, table = read_dataset_json(path)
    if name.upper() != path.stem.upper():
        raise UnreadableFile(f"the file holds the data set {name!r}, its name says {path.stem!r}")
    yield table


def _read_transport(path: Path) -> Iterator[pa.Table]:
    _check_size(path)
    yield read_transport(path)


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise UnreadableFile(
            f"{size / 1e6:,.0f} MB, more than {MOST_BYTES / 1e6:,.0f} MB; as Parquet it is read"
        )


def _shorten(error: BaseException) -> str:
    return str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__


_READERS = {".parquet": _read_parquet, ".json": _read_json, ".ndjson": _read_json, ".xpt": _read_transport}
READABLE = tuple(_READERS)
