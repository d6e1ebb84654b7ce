"""The folder of a run: made beside its place, moved into it when all is written, described by a manifest."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from grevy.cli.failures import BadInput


@contextmanager
def make_run_folder(place: Path) -> Iterator[Path]:
    """Give a folder to write into; if nothing fails, its entries replace those of their names in `place`."""
    place = place.resolve()
    if place.exists() and not place.is_dir():
        raise BadInput(f"{place} is a file; give the path of a folder for the results.")
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    partial.chmod(0o755)
    try:
        yield partial
        _move_into_place(partial, place)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _move_into_place(partial: Path, place: Path) -> None:
    if not place.exists():
        partial.rename(place)
        return
    for entry in sorted(partial.iterdir()):
        target = place / entry.name
        if target.is_dir():
            shutil.rmtree(target)
        for journal in ("-wal", "-shm"):  # SQLite would apply the journal of the old file to the new one
            target.with_name(target.name + journal).unlink(missing_ok=True)
        entry.replace(target)


def write_tables(tables: Mapping[str, pa.Table], folder: Path) -> None:
    """Write one Parquet file per data set, named in lower case; equal tables give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_table(table, folder / f"{name.lower()}.parquet")


def write_table(table: pa.Table, path: Path) -> None:
    """Write one Parquet file without schema metadata: pandas leaves version numbers there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table.replace_schema_metadata(None).combine_chunks(), path, compression="zstd")


def write_csv(table: pa.Table, path: Path) -> None:
    """Write one table as text, for programs that read no Parquet."""
    pacsv.write_csv(table, path)


def write_manifest(folder: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Name what the run was made from and each of its files with its hash: no clock, no machine, no path."""
    files = {
        str(path.relative_to(folder)): {"sha256": hash_file(path), "bytes": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = {**facts, "files": files}
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    return manifest


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
