"""Opening a ledger from the command line: settings, then tables and triggers."""

from __future__ import annotations

import os
from pathlib import Path

from grevy.capture.database_address import is_postgresql


def open_database(
    database: Path | str, *, study_folder: Path, anchor: Path, report: Path | None = None
) -> None:
    """Start the application on an SQLite file or a PostgreSQL address, and make or migrate its tables.

    Once per process, before anything else of `grevy.capture` that knows the database is imported.
    """
    on_server = is_postgresql(database)
    os.environ["GREVY_DB"] = str(database) if on_server else str(Path(database).absolute())
    os.environ["GREVY_STUDY"] = str(Path(study_folder).absolute())
    os.environ["GREVY_ANCHOR"] = str(Path(anchor).absolute())
    if report is not None:
        os.environ["GREVY_REPORT"] = str(Path(report).absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = "grevy.capture.settings"
    if not on_server:
        Path(database).absolute().parent.mkdir(parents=True, exist_ok=True)

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
