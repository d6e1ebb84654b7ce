"""Opening, filling, reading and serving a ledger: the few places where the command line meets Django."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grevy.cli.failures import BadInput

if TYPE_CHECKING:
    from grevy.definition import Study
    from grevy.snapshot import Snapshot


def open_ledger(db: Path | str, study_folder: Path, *, create: bool = False) -> None:
    """Start the application on a ledger, its daily digests beside it; `create` makes a new one."""
    if not create:
        check_is_ledger(db)
    from grevy.capture.database import open_database

    open_database(db, study_folder=study_folder, anchor=anchor_of(db))


def anchor_of(db: Path | str) -> Path:
    """The folder of the daily digests: beside a file; of a database on a server as GREVY_ANCHOR says."""
    if isinstance(db, Path):
        return db.parent / "anchor"
    return Path(os.environ.get("GREVY_ANCHOR", "anchor"))


def check_is_ledger(db: Path | str) -> None:
    """Refuse what is no ledger before the application would make one of it."""
    from grevy.capture.chain import CHAINS
    from grevy.capture.database_address import without_password
    from grevy.capture.outside import CannotRead, open_outside

    shown = without_password(db)
    if isinstance(db, Path) and not db.is_file():
        raise BadInput(f"{db}: no such file; give the ledger, for example demo/ledger.sqlite3.")
    try:
        with open_outside(db) as ledger:
            tables = ledger.tables()
    except CannotRead as error:
        raise BadInput(
            f"{shown}: not a ledger that can be read: {error}. Correct the address, or restore a backup."
        ) from error
    if not set(CHAINS) <= tables:
        raise BadInput(
            f"{shown}: a database, but no ledger. Give the one that `grevy demo` or the server uses."
        )


def take_snapshot(study: "Study", folder: Path, as_of: datetime | None) -> "Snapshot":
    """Write all forms of the open ledger as of a moment, now if none is given, and read them back.

    The snapshot bears the moment of the last entry it holds: so one taken at a moment, and one taken later
    as of that moment, are the same to the byte, and no clock enters.
    """
    from grevy.capture.revisions import read_lab_ranges, read_revisions
    from grevy.snapshot import (
        LAB_RANGES,
        build_form_tables,
        build_lab_range_table,
        latest_ranges,
        latest_revisions,
        read_snapshot,
        write_snapshot,
    )

    revisions = list(read_revisions(as_of))
    if not revisions:
        raise BadInput("The ledger has no entries up to that moment; give a later --as-of.")
    moment = max(revision.at for revision in revisions)
    tables = build_form_tables(study, latest_revisions(revisions, moment))
    tables[LAB_RANGES] = build_lab_range_table(latest_ranges(read_lab_ranges(moment), moment))
    write_snapshot(tables, revisions, folder, study=study, as_of=moment)
    return read_snapshot(folder)


def serve_ledger(db: Path | str, study_folder: Path, port: int, report: Path | None = None) -> None:
    """Serve the pages until interrupted, with a worker for what takes long."""
    environment = {
        **os.environ,
        "GREVY_DB": str(db.resolve()) if isinstance(db, Path) else db,
        "GREVY_STUDY": str(study_folder.resolve()),
        "GREVY_ANCHOR": str(anchor_of(db).resolve()),
        "GREVY_REPORT": str(report.resolve()) if report else "",
    }
    program = [sys.executable, "-m", "granian", "--interface", "wsgi", "grevy.capture.wsgi:application"]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to stop, it stops what it started
    server = subprocess.Popen([*program, "--host", "127.0.0.1", "--port", str(port)], env=environment)
    worker = subprocess.Popen([sys.executable, "-m", "grevy.capture.worker"], env=environment)
    try:
        code = server.wait()
    except KeyboardInterrupt:
        return
    finally:
        for process in (server, worker):
            process.terminate()
            process.wait()
    if code:
        advice = f"is port {port} free? Try --port {port + 1}."
        raise BadInput(f"The server stopped with code {code}; {advice}")


def check_ledger_data(db: Path | str, study_folder: Path, study: "Study", *, write: bool) -> list[str]:
    """Run the checks over what is stored; return what they ask as lines to print."""
    open_ledger(db, study_folder)
    from grevy.capture.actions.check_data import check_data, preview_checks

    found = check_data(study) if write else preview_checks(study)
    lines = [f"{number:6} {check}" for check, number in found.by_check.items()]
    lines += [f"{number:6} site {site}" for site, number in found.by_site.items()]
    did = "opened" if write else "would open"
    return [
        *lines,
        f"Queries {did}: {found.opened} on {len(found.records)} records; "
        f"closed: {found.closed}; signed records touched: {found.signed}.",
    ]


def write_digest_of_today(db: Path | str, study_folder: Path) -> Path:
    """Write today's heads of all chains, the day in UTC as the ledger's moments are; return the file."""
    open_ledger(db, study_folder)
    from grevy.capture.digest import write_daily_digest

    return write_daily_digest(datetime.now(UTC).date(), anchor_of(db))


def migrate_ledger(db: Path | str, study_folder: Path, *, create: bool) -> list[str]:
    """Make or upgrade the tables; return the steps that were taken."""
    if create:
        _check_is_empty(db)
    else:
        check_is_ledger(db)
    before = [] if isinstance(db, Path) and not db.exists() else _read_steps(db)
    open_ledger(db, study_folder, create=create)
    return [step for step in _read_steps(db) if step not in before]


def _read_steps(db: Path | str) -> list[str]:
    """The steps that made the tables what they are, as Django keeps them."""
    from grevy.capture.outside import open_outside

    with open_outside(db) as ledger:
        if "django_migrations" not in ledger.tables():
            return []
        return [f"{app} {name}" for app, name in ledger.rows("SELECT app, name FROM django_migrations")]


def _check_is_empty(db: Path | str) -> None:
    """Refuse to make a ledger where something stands already."""
    from grevy.capture.database_address import without_password
    from grevy.capture.outside import CannotRead, open_outside

    shown = without_password(db)
    if isinstance(db, Path):
        there = db.exists()
    else:
        try:
            with open_outside(db) as ledger:
                there = bool(ledger.tables())
        except CannotRead as error:
            raise BadInput(f"{shown}: {error}. Make an empty database first (createdb).") from error
    if there:
        raise BadInput(f"{shown}: is not empty; leave out --create to bring a ledger to this version.")
