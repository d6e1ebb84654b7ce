"""Reading a ledger from outside: an SQLite file or a PostgreSQL database, without the application.

Reads one state: what others add meanwhile is not seen. Never writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from grevy.capture.chain import ANSWERS, CHAINS, IDENTITIES, KEPT_COLUMNS, stored_moment_text
from grevy.capture.database_address import is_postgresql, without_password

CHUNK = 2000


class CannotRead(Exception):
    """The database is not there, or is none; the text says what was tried and carries no password."""


class Outside(Protocol):
    """A ledger that is read from outside."""

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query that both databases understand."""

    def chain(self, table: str, columns: Iterable[str]) -> Iterator[list[Any]]:
        """The rows of a chain in their order, with values and moments as they are hashed."""

    def tables(self) -> set[str]: ...

    def missing_triggers(self) -> list[tuple[str, str]]:
        """Table and name of each trigger that should refuse changes and is not there, or is off."""


@contextmanager
def open_outside(address: Path | str) -> Iterator[Outside]:
    """Open a ledger for reading; raises CannotRead, also when reading fails on the way."""
    opened = _open_postgresql(str(address)) if is_postgresql(address) else _open_sqlite(Path(address))
    with opened as ledger:
        yield ledger


# ----------------------------------------------------------------------------------------------------------
# SQLite
# ----------------------------------------------------------------------------------------------------------


@contextmanager
def _open_sqlite(path: Path) -> Iterator[Outside]:
    if not path.is_file():
        raise CannotRead("there is no such file")
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    # A changed byte may no longer be UTF-8: read it all the same, so that its row can be named.
    database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        database.execute("BEGIN")
        yield _Sqlite(database)
    except sqlite3.DatabaseError as error:
        raise CannotRead(f"it cannot be read: {error}") from error
    finally:
        database.close()


class _Sqlite:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        return self._database.execute(query)

    def chain(self, table: str, columns: Iterable[str]) -> Iterator[list[Any]]:
        names = ", ".join(f'"{name}"' for name in columns)
        for seq, at, *others in self.rows(f'SELECT {names} FROM {table} ORDER BY "seq"'):
            yield [seq, stored_moment_text(at), *others]

    def tables(self) -> set[str]:
        return {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def missing_triggers(self) -> list[tuple[str, str]]:
        there = {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
        expected = [
            (table, f"{table}_no_{verb}")
            for table in (*CHAINS, *IDENTITIES, *KEPT_COLUMNS, *ANSWERS)
            for verb in ("update", "delete")
        ]
        return [(table, name) for table, name in expected if name not in there]


# ----------------------------------------------------------------------------------------------------------
# PostgreSQL
# ----------------------------------------------------------------------------------------------------------


@contextmanager
def _open_postgresql(address: str) -> Iterator[Outside]:
    try:
        import psycopg
    except ImportError as error:
        raise CannotRead("psycopg is not installed; install grevy[postgres]") from error
    where = without_password(address)
    try:
        with psycopg.connect(address, connect_timeout=10) as database:
            database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            database.read_only = True
            yield _PostgreSQL(database)
    except psycopg.Error as error:
        # The server's sentence alone: its details may carry values.
        said = error.diag.message_primary or str(error).splitlines()[0]
        raise CannotRead(f"it cannot be read at {where}: {said}") from error


class _PostgreSQL:
    def __init__(self, database: Any) -> None:
        self._database, self._cursors = database, 0

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        self._cursors += 1
        with self._database.cursor(name=f"rows_{self._cursors}") as cursor:
            cursor.itersize = CHUNK
            cursor.execute(query)
            yield from cursor

    def chain(self, table: str, columns: Iterable[str]) -> Iterator[list[Any]]:
        # Written by the server: whatever stands in the column gives a text, if not one that is ever hashed.
        moment = """to_char("at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
        names = ", ".join(moment if name == "at" else f'"{name}"' for name in columns)
        for row in self.rows(f'SELECT {names} FROM {table} ORDER BY "seq"'):
            yield [int(value) if isinstance(value, bool) else value for value in row]

    def tables(self) -> set[str]:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false))"
        return {name for (name,) in self.rows(query)}

    def missing_triggers(self) -> list[tuple[str, str]]:
        query = """
            SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND p.prosrc LIKE '%RAISE EXCEPTION%'
        """
        there = {name for (name,) in self.rows(query)}
        expected = [
            *((table, f"{table}_no_change") for table in (*CHAINS, *IDENTITIES, *ANSWERS)),
            *((table, f"{table}_no_{verb}") for table in KEPT_COLUMNS for verb in ("update", "delete")),
            *((table, f"{table}_no_truncate") for table in (*CHAINS, *IDENTITIES, *KEPT_COLUMNS, *ANSWERS)),
        ]
        return [(table, name) for table, name in expected if name not in there]
