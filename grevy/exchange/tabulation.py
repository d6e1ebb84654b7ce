"""A folder of SDTM data sets, one file per domain, from any capture system: read, checked, written."""

import hashlib
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

from grevy.definition import Study
from grevy.exchange.checks import check_subjects
from grevy.exchange.dataset_json import Column, write_dataset_json
from grevy.exchange.define import DEFINE, define_tabulation, write_define
from grevy.exchange.define.shapes import is_count
from grevy.exchange.findings import ExchangeErrors, Finding, UnreadableFile
from grevy.exchange.labels import find_labels
from grevy.exchange.long_texts import join_long_texts, part_long_texts
from grevy.exchange.reading import READABLE, is_readable_format, read_domain, read_pieces
from grevy.exchange.transport import check_transport_limits, write_transport
from grevy.sdtm.domains import DOMAINS, Domain, conform, get_domain

FORMATS = {"parquet": ".parquet", "dataset-json": ".json", "xpt": ".xpt"}
MANIFEST = "manifest.json"
OWN_FILES = (MANIFEST, DEFINE, "trace.parquet")  # beside the domains in a folder that Grevy wrote
# The moment that stands in files of data that carry none: a clock would make equal data differ.
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


class TabulationErrors(ExchangeErrors):
    """Everything that keeps a folder of tabulation data from being analysed."""


@dataclass(frozen=True)
class Tabulation:
    """Conformed SDTM tables by domain, and notes on what was left aside."""

    tables: dict[str, pa.Table]
    notes: tuple[Finding, ...]
    files: dict[str, tuple[Path, ...]]
    snapshot_id: str
    as_of: datetime = UNDATED


def read_tabulation(folder: Path) -> Tabulation:
    """Read a folder with one file per domain (`dm.parquet`, `AE.xpt`, `suppdm.json`, `tr.ndjson`).

    A domain may be split into parts (SDTMIG 3.4, 4.1.7): `lbch.xpt` and `lbhe.xpt` are read as one LB.
    Every variable of a known domain is there afterwards, with its declared type; absent ones are null.
    A text that goes on in supplemental qualifiers is one text again.
    Raises TabulationErrors with every mistake of every file.
    """
    folder = Path(folder)
    if not folder.is_dir():
        missing = Finding(str(folder), "", "", "no such folder", "a folder of data sets", "Give its path.")
        raise TabulationErrors([missing])
    files, mistakes, notes = _sort_files(folder)
    raw: dict[str, pa.Table] = {}
    for domain, paths in files.items():
        table, wrong = read_domain(paths, domain)
        mistakes += wrong
        if table is not None:
            raw[domain] = table
    mistakes += _check_subjects_given(folder, files, raw)
    if mistakes:
        raise TabulationErrors(sorted(mistakes))
    names = {domain: ", ".join(path.name for path in paths) for domain, paths in files.items()}
    notes += check_subjects(raw, names)
    # what is conformed is let go: a large domain is not held twice
    tables = join_long_texts({domain: _conform(raw.pop(domain), domain) for domain in sorted(raw)})
    snapshot_id, as_of = _find_snapshot(folder, tables)
    return Tabulation(tables, tuple(sorted(notes)), files, snapshot_id, as_of)


def _check_subjects_given(
    folder: Path, files: Mapping[str, tuple[Path, ...]], raw: Mapping[str, pa.Table]
) -> Iterator[Finding]:
    """Without a subject there is nothing to analyze."""
    allowed, advice = "one file per domain, DM among them", "Add DM: it says who the subjects are."
    if "DM" not in files:
        yield Finding(str(folder), "DM", "", "no data set DM", allowed, advice)
    elif "DM" in raw and not raw["DM"].num_rows:
        yield Finding(files["DM"][0].name, "DM", "", "no subjects", "one row per subject", "Export DM again.")


def write_tabulation(
    tables: Mapping[str, pa.Table],
    folder: Path,
    format: str = "parquet",
    *,
    created: datetime = UNDATED,
    snapshot_id: str | None = None,
    study: Study | None = None,
) -> list[Path]:
    """Write one file per data set; equal tables and an equal `created` give equal bytes on any day.

    What is handed on, unlike our own Parquet, has no text over 200 bytes: it goes on in SUPP--.
    With a `snapshot_id`, a manifest says which snapshot the data are of, as long as they are unchanged.
    With the `study` whose forms they were mapped from, a Define-XML says what they are.
    Raises ExchangeErrors, with nothing written, where XPT version 5 cannot hold the data.
    """
    if format not in FORMATS:
        raise ValueError(f"format {format!r}; allowed: {', '.join(FORMATS)}")
    folder = Path(folder)
    if format != "parquet":
        tables = part_long_texts(tables)
    paths = {name: folder / f"{name.lower()}{FORMATS[format]}" for name in sorted(tables)}
    if format == "xpt":
        limits = [f for name, path in paths.items() for f in _transport_limits(tables[name], name, path)]
        if limits:
            raise ExchangeErrors(limits)
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in paths.items():
        _WRITERS[format](tables[name], path, get_domain(name), created)
    if study is not None:
        definition = define_tabulation(tables, study, suffix=FORMATS[format])
        write_define(definition, folder / DEFINE, created=created)
    if snapshot_id is not None:
        content = identify_tabulation(join_long_texts(tables))  # as they will be read
        facts = {"snapshot_id": snapshot_id, "tabulation_id": content, "as_of": created.isoformat()}
        (folder / MANIFEST).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    return list(paths.values())


def identify_tabulation(tables: Mapping[str, pa.Table]) -> str:
    """A hash of what the tables say, whatever format they were exchanged in.

    Rows in the order of their keys, variables in that of their names, empty variables left out: neither
    order nor emptiness says anything.
    """
    digest = hashlib.sha256()
    for name, table in sorted(tables.items()):
        domain = get_domain(name)
        order = [(key, "ascending") for key in domain.keys if key in table.column_names]
        content = table.sort_by(order)
        filled = sorted(v for v in content.column_names if content[v].null_count < content.num_rows)
        digest.update(name.encode() + b"\n")
        csv.write_csv(content.select(filled), pa.PythonFile(_DigestFile(digest), mode="w"))
    return digest.hexdigest()


class _DigestFile(io.RawIOBase):
    """A file that keeps nothing but the digest of what is written to it."""

    def __init__(self, digest: "hashlib._Hash") -> None:
        self._digest = digest

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._digest.update(data)
        return len(data)


# --- Reading --------------------------------------------------------------------------------------


def _sort_files(folder: Path) -> tuple[dict[str, tuple[Path, ...]], list[Finding], list[Finding]]:
    """The files of each domain; one data set twice is a mistake, a file of no domain is a note."""
    by_domain: defaultdict[str, list[Path]] = defaultdict(list)
    notes = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~")) or path.name in OWN_FILES:
            continue
        is_file = path.is_file() and is_readable_format(path)
        domain = _find_domain(path) if is_file else None
        if domain is None:
            known = f"{', '.join(sorted(DOMAINS))}, SUPP-- as {', '.join(READABLE)}"
            found = "a folder, not used" if path.is_dir() else "not used"
            notes.append(Finding(path.name, "", "", found, known, "Rename it if it should be."))
        else:
            by_domain[domain].append(path)
    mistakes = [
        Finding(", ".join(p.name for p in paths), domain, "", found, allowed, advice)
        for domain, paths in by_domain.items()
        for found, allowed, advice in _find_repeats(paths, domain)
    ]
    return {domain: tuple(paths) for domain, paths in by_domain.items()}, mistakes, notes


def _find_repeats(paths: list[Path], domain: str) -> Iterator[tuple[str, str, str]]:
    """Several files are right only as parts, each with a name of its own."""
    names = [path.stem.upper() for path in paths]
    if len(names) > 1 and (domain in names or len(set(names)) < len(names)):
        yield "several files for one domain", "one, or parts with names of their own: LBCH, LBHE", "Keep one."


def _find_domain(path: Path) -> str | None:
    """The domain that a file is named for; parts of a split one say in DOMAIN (RDOMAIN) what they are of."""
    name = path.stem.upper()
    if _is_domain(name):
        return name
    match = re.fullmatch(r"(SUPP)?([A-Z]{2})[A-Z0-9]{1,2}", name)
    if not match or not _is_domain(whole := (match[1] or "") + match[2]):
        return None
    variable = "RDOMAIN" if match[1] else "DOMAIN"
    try:
        first = next(read_pieces(path))
    except UnreadableFile:
        return whole  # told as a mistake when it is read
    said = set(pc.unique(first[variable]).to_pylist()) if variable in first.column_names else set()
    return whole if said == {match[2]} else None


def _find_snapshot(folder: Path, tables: Mapping[str, pa.Table]) -> tuple[str, datetime]:
    """The snapshot the data are of and its moment, if a manifest says so and they are unchanged.

    Else their own hash, and no moment.
    """
    content = identify_tabulation(tables)
    try:
        facts = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return content, UNDATED
    unchanged = isinstance(facts, dict) and facts.get("tabulation_id") == content
    if not unchanged or "snapshot_id" not in facts:
        return content, UNDATED
    as_of = str(facts.get("as_of", UNDATED.isoformat()))
    return str(facts["snapshot_id"]), datetime.fromisoformat(as_of)


def _is_domain(name: str) -> bool:
    try:
        get_domain(name)
    except ValueError:
        return False
    return True


def _conform(table: pa.Table, domain: str) -> pa.Table:
    return conform(ibis.memtable(table), domain).to_pyarrow()


# --- Writing --------------------------------------------------------------------------------------


def _transport_limits(table: pa.Table, name: str, path: Path) -> Iterator[Finding]:
    domain = get_domain(name)
    labels = find_labels(table, domain)
    yield from check_transport_limits(table, file=path.name, name=name, label=domain.label, labels=labels)


def _write_parquet(table: pa.Table, path: Path, domain: Domain, created: datetime) -> None:
    pq.write_table(table.replace_schema_metadata(None), path, compression="zstd")


def _write_json(table: pa.Table, path: Path, domain: Domain, created: datetime) -> None:
    labels = find_labels(table, domain)
    columns = [
        Column(name, labels[name], find_json_type(name, table.schema.field(name).type)) for name in labels
    ]
    write_dataset_json(table, path, name=domain.name, label=domain.label, columns=columns, created=created)


def find_json_type(name: str, arrow: pa.DataType) -> str:
    """Type of a column of Dataset-JSON, as `define.shapes` has it for the Define-XML."""
    if pa.types.is_integer(arrow) or (pa.types.is_floating(arrow) and is_count(name)):
        return "integer"
    if pa.types.is_date(arrow):
        return "date"
    return "float" if pa.types.is_floating(arrow) else "string"


def _write_transport(table: pa.Table, path: Path, domain: Domain, created: datetime) -> None:
    labels = find_labels(table, domain)
    write_transport(table, path, name=domain.name, label=domain.label, labels=labels, created=created)


_WRITERS: dict[str, Callable[[pa.Table, Path, Domain, datetime], None]] = {
    "parquet": _write_parquet,
    "dataset-json": _write_json,
    "xpt": _write_transport,
}
