"""The folder of built reports: each in a folder of its own that appears whole, and never changes after.

    reports/20261128-1435-3f9a2c/about.json   who asked for what, and each file with its hash
    reports/20261128-1435-3f9a2c/run/         what `grevy report` wrote, from snapshot to documents

The description is in the folder and not in the database: a report outlives the job that made it, and a
restored database that is older than a report does not lose it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from django.conf import settings

from grevy.definition.analysis_plan import SET_OF_EFFECTIVENESS

ABOUT, RUN, PAGE, DATA, COMPARED = "about.json", "run", "report.html", "data.zip", ".compared"
KEY = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
TABLES = ("sdtm", "adam")
RESULTS = ("results.parquet", "results.csv", "results.json", "trace.parquet", "manifest.json")
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""A ZIP file must have dates and the data have none: the first day it knows, for equal bytes."""


@dataclass(frozen=True)
class KeptFile:
    """One file of a report, as it was when it was built."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class KeptReport:
    """A built report: what was asked, what it was made from, and its files."""

    key: str
    by: str
    asked_at: datetime
    built_at: datetime
    cutoff: date | None
    as_of: datetime
    analysis_set: str
    is_final: bool
    outputs: tuple[str, ...]
    languages: tuple[str, ...]
    study_version: str
    program: str
    snapshot_id: str
    script: str
    files: tuple[KeptFile, ...]

    @property
    def folder(self) -> Path:
        return Path(settings.GREVY_REPORTS) / self.key

    @property
    def run(self) -> Path:
        return self.folder / RUN

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    @property
    def snapshot_short(self) -> str:
        return self.snapshot_id[:12]

    @property
    def documents(self) -> tuple[KeptFile, ...]:
        """The files to read; the data have a door of their own."""
        return tuple(file for file in self.files if file.name != DATA)

    @property
    def data(self) -> KeptFile | None:
        return next((file for file in self.files if file.name == DATA), None)

    @property
    def is_whole(self) -> bool:
        """Whether every file is there with its size; a file is compared by its hash when it is opened."""
        return all(_size(self.run / file.name) == file.bytes for file in self.files)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1


# ---- Reading -------------------------------------------------------------------------------------------


def read_reports() -> list[KeptReport]:
    """All reports, the newest first."""
    folder = Path(settings.GREVY_REPORTS)
    keys = sorted((path.parent.name for path in folder.glob(f"*/{ABOUT}")), reverse=True)
    return [report for key in keys if (report := find_report(key))]


def find_report(key: str) -> KeptReport | None:
    """The report of this key, if there is one."""
    path = Path(settings.GREVY_REPORTS) / key / ABOUT
    if not KEY.fullmatch(key) or not path.is_file():
        return None
    about = json.loads(path.read_text(encoding="utf-8"))
    return KeptReport(
        key=key,
        by=about["by"],
        asked_at=datetime.fromisoformat(about["asked_at"]),
        built_at=datetime.fromisoformat(about["built_at"]),
        cutoff=date.fromisoformat(about["cutoff"]) if about["cutoff"] else None,
        as_of=datetime.fromisoformat(about["as_of"]),
        analysis_set=about.get("analysis_set", "full"),  # before there was a choice, it was this one
        is_final=about.get("final", False),  # before there was a choice, none was
        outputs=tuple(about["outputs"]),
        languages=tuple(about["languages"]),
        study_version=about["study_version"],
        program=about["program"],
        snapshot_id=about["snapshot_id"],
        script=about["page_script"],
        files=tuple(KeptFile(**file) for file in about["files"]),
    )


def open_file(report: KeptReport, name: str) -> Path | None:
    """The path of one file of a report; None where it has none of that name, or the bytes are other ones."""
    file = next((one for one in report.files if one.name == name), None)
    if file is None or _size(report.run / name) != file.bytes:
        return None
    return report.run / name if hash_file(report.run / name) == file.sha256 else None


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def comparison_path(before: str, after: str) -> Path:
    """Where the comparison of two reports stands once it was made; both stay as they are, so it does too."""
    return Path(settings.GREVY_REPORTS) / COMPARED / f"{before}--{after}.json"


# ---- Adding --------------------------------------------------------------------------------------------


@contextmanager
def new_report_folder(key: str) -> Iterator[Path]:
    """A folder to build in, gone at the end; what an earlier try of the same report left is removed first."""
    place = Path(settings.GREVY_REPORTS)
    place.mkdir(parents=True, exist_ok=True)
    for left in place.glob(f".{key}.*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(mkdtemp(prefix=f".{key}.", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep_report(asked: Mapping[str, Any], folder: Path) -> None:
    """Describe what was built in the folder, and put it in its place; one that is there already stays."""
    run = folder / RUN
    if asked["data"]:
        _write_data(run)
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    reports, listings = (
        sorted(run.glob(f"{kind}-*.*"), key=lambda path: (path.suffix, path.name))
        for kind in ("report", "listings")
    )
    names = [PAGE, *(path.name for path in (*reports, *listings)), *([DATA] if asked["data"] else [])]
    files = [
        {"name": name, "bytes": (run / name).stat().st_size, "sha256": hash_file(run / name)}
        for name in names
    ]
    about = {
        **{key: asked[key] for key in ("by", "asked_at", "as_of", "cutoff", "outputs", "languages")},
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "study_version": manifest["study"]["version"],
        "analysis_set": manifest["switches"][SET_OF_EFFECTIVENESS],
        "final": manifest["final"],
        "program": manifest["program"],
        "snapshot_id": manifest["snapshot_id"],
        "page_script": manifest["page_script"],
        "files": files,
    }
    text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / ABOUT).write_text(text, encoding="utf-8")
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
    folder.chmod(0o755)
    place = Path(settings.GREVY_REPORTS) / asked["report"]
    if not place.exists():
        folder.rename(place)


def _write_data(run: Path) -> None:
    """The data sets and results in one file; they are compressed already."""
    paths = [path for name in TABLES for path in sorted((run / name).glob("*"))]
    with zipfile.ZipFile(run / DATA, "w", zipfile.ZIP_STORED) as archive:
        for path in (*paths, *(run / name for name in RESULTS)):
            archive.writestr(zipfile.ZipInfo(str(path.relative_to(run)), FIRST_DAY), path.read_bytes())
