"""A snapshot on disk: one Parquet file per table, the history, and a manifest that pins them.

The same tables give the same bytes: no clock, no machine and no path enters a file (ICH E6(R3) 4.2.6:
the data that were analysed can be shown again).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from grevy.definition import Study
from grevy.snapshot.entries import Revision
from grevy.snapshot.tables import build_revision_table

MANIFEST = "manifest.json"
REVISIONS = "_revisions"


class SnapshotDamaged(ValueError):
    """The files are not the ones the manifest describes."""


@dataclass(frozen=True)
class Snapshot:
    """All forms as of a moment, with the history they were read from."""

    manifest: dict[str, Any]
    tables: dict[str, pa.Table]
    revisions: pa.Table

    @property
    def snapshot_id(self) -> str:
        return str(self.manifest["snapshot_id"])


def write_snapshot(
    tables: Mapping[str, pa.Table],
    revisions: Iterable[Revision],
    folder: Path | str,
    *,
    study: Study,
    as_of: datetime,
) -> dict[str, Any]:
    """Write the tables and the history up to `as_of`; return the manifest.

    Files of an earlier snapshot in the same folder that do not belong to this one are removed, so that the
    folder always holds exactly what its manifest says.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    history = build_revision_table(revision for revision in revisions if revision.at <= as_of)
    contents = {**tables, REVISIONS: history}
    files = {f"{name}.parquet": _write(table, folder, name) for name, table in sorted(contents.items())}
    for stale in {path.name for path in folder.glob("*.parquet")} - set(files):
        (folder / stale).unlink()
    manifest = {
        "study": {"id": study.id, "version": study.version, "hash": study.hash},
        "as_of": as_of.astimezone(UTC).isoformat(timespec="microseconds"),
        "files": files,
    }
    manifest["snapshot_id"] = _identify(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return manifest


def read_snapshot(folder: Path | str) -> Snapshot:
    """Read a snapshot after comparing every file with the manifest; all differences are reported at once."""
    folder = Path(folder)
    if not (folder / MANIFEST).is_file():
        raise SnapshotDamaged(f"{folder}: no {MANIFEST} here. Make a snapshot with `grevy snapshot`.")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    _check_files(folder, manifest)
    tables = {name.removesuffix(".parquet"): pq.read_table(folder / name) for name in manifest["files"]}
    return Snapshot(manifest, tables, tables.pop(REVISIONS))


def _write(table: pa.Table, folder: Path, name: str) -> dict[str, Any]:
    path = folder / f"{name}.parquet"
    pq.write_table(table.combine_chunks().replace_schema_metadata(None), path, compression="zstd")
    return {"rows": table.num_rows, "sha256": _hash_file(path)}


def _identify(manifest: Mapping[str, Any]) -> str:
    described = {name: value for name, value in manifest.items() if name != "snapshot_id"}
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_files(folder: Path, manifest: Mapping[str, Any]) -> None:
    found = []
    for name, described in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            found.append(f"{path}: the file is missing.")
        elif _hash_file(path) != described["sha256"]:
            found.append(f"{path}: the content is not the one in {MANIFEST}.")
    if _identify(manifest) != manifest["snapshot_id"]:
        found.append(f"{folder / MANIFEST}: the manifest does not have the snapshot id it states.")
    if found:
        raise SnapshotDamaged("\n".join([*found, "Make the snapshot again with `grevy snapshot`."]))
