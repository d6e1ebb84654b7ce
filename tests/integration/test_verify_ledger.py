"""Harm done to a ledger file behind the application's back, and what `verify_ledger` says about it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from grevy.capture.chain import CHAINS, START, row_hash, stored_moment_text
from grevy.capture.verify import Finding, count_rows, verify_ledger

TABLES = sorted(CHAINS)


def harm(ledger_file: Any, *statements: str) -> None:
    """Run SQL as somebody who owns the file: triggers taken off before and put back after."""
    with closing(sqlite3.connect(ledger_file.database)) as database:
        triggers = list(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        database.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            database.execute(statement)
        for _, sql in triggers:
            database.execute(sql)
        database.commit()


def check(ledger_file: Any) -> list[Finding]:
    return verify_ledger(ledger_file.database, ledger_file.anchor)


def rows_named(findings: list[Finding], table: str) -> set[int | None]:
    return {finding.seq for finding in findings if finding.table == table}


def test_an_untouched_ledger_has_no_finding_and_rows_in_every_chain(ledger_file):
    assert check(ledger_file) == []
    assert min(count_rows(ledger_file.database).values()) >= 6


@pytest.mark.parametrize("table", TABLES)
def test_each_column_of_each_chain_is_covered(ledger_file, table):
    # every column of the table, so that one added later and forgotten in the chain would show
    with closing(sqlite3.connect(ledger_file.database)) as database:
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    assert sorted(columns) == sorted([*CHAINS[table], "hash"])


@pytest.mark.parametrize("table", TABLES)
def test_one_changed_byte_in_any_column_names_the_row(ledger_file, table):
    for column in (*CHAINS[table], "hash"):
        if column == "seq":
            continue
        # the last byte of the text as stored becomes another one
        text = f'"{column}"'
        changed = f"SUBSTR({text}, 1, LENGTH({text}) - 1) || IIF(SUBSTR({text}, -1) = '8', '9', '8')"
        with closing(sqlite3.connect(ledger_file.database)) as database:
            (before,) = database.execute(f'SELECT "{column}" FROM {table} WHERE seq = 3').fetchone()
        harm(ledger_file, f'UPDATE {table} SET "{column}" = {changed} WHERE seq = 3')
        findings = check(ledger_file)
        assert 3 in rows_named(findings, table), f"{table}.{column}: {findings}"
        restored = "NULL" if before is None else repr(before) if isinstance(before, int) else f"'{before}'"
        harm(ledger_file, f'UPDATE {table} SET "{column}" = {restored} WHERE seq = 3')
        assert check(ledger_file) == []


def test_a_byte_that_is_no_text_any_more_names_the_row(ledger_file):
    harm(ledger_file, "UPDATE ledger_revision SET content = CAST(content || X'FF' AS TEXT) WHERE seq = 5")
    assert rows_named(check(ledger_file), "ledger_revision") == {5}


@pytest.mark.parametrize("spelling", ["'2024-01-01T00:00:00'", "\"at\" || '.000000'", 'CAST("at" AS BLOB)'])
def test_another_spelling_of_a_moment_names_the_row(ledger_file, spelling):
    harm(ledger_file, f'UPDATE ledger_revision SET "at" = {spelling} WHERE seq = 5')
    assert 5 in rows_named(check(ledger_file), "ledger_revision")


@pytest.mark.parametrize("table", TABLES)
def test_a_row_deleted_in_the_middle_names_the_gap(ledger_file, table):
    harm(ledger_file, f"DELETE FROM {table} WHERE seq = 3")
    assert 3 in rows_named(check(ledger_file), table)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_deleted_at_the_end_shows_against_the_digest(ledger_file, table):
    last = count_rows(ledger_file.database)[table]
    # the head inside the database is put right as well: only the digest outside can tell
    before = f"(SELECT hash FROM {table} WHERE seq = {last - 1})"
    head = f"UPDATE capture_chain_head SET seq = {last - 1}, hash = {before} WHERE \"table\" = '{table}'"
    harm(ledger_file, f"DELETE FROM {table} WHERE seq = {last}", head)
    named = [
        f for f in check(ledger_file) if f.table == table and f.seq == last and f.place.startswith("digest")
    ]
    assert [f.problem for f in named] == [f"row {last} is gone; the digest saw {last} rows"]
    without = [f for f in verify_ledger(ledger_file.database) if f.table == table and f.seq == last]
    assert without == []


@pytest.mark.parametrize("table", TABLES)
def test_two_rows_swapped_name_both(ledger_file, table):
    harm(
        ledger_file,
        f"UPDATE {table} SET seq = -1 WHERE seq = 2",
        f"UPDATE {table} SET seq = 2 WHERE seq = 4",
        f"UPDATE {table} SET seq = 4 WHERE seq = -1",
    )
    assert {2, 4} <= rows_named(check(ledger_file), table)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_inserted_at_the_end_is_past_the_head(ledger_file, table):
    append_forged_row(ledger_file, table)
    last = count_rows(ledger_file.database)[table]
    assert last in rows_named(check(ledger_file), table)


def append_forged_row(ledger_file: Any, table: str) -> None:
    """A copy of row 1 at the end, with a right link and a right hash; numbers moved on to stay unique."""
    columns = CHAINS[table]
    with closing(sqlite3.connect(ledger_file.database)) as database:
        row = dict(zip(columns, database.execute(_select(columns, table, 1)).fetchone(), strict=True))
        seq, prev = database.execute(f"SELECT seq, hash FROM {table} ORDER BY seq DESC LIMIT 1").fetchone()
        row |= {"seq": seq + 1, "prev": prev} | ({"number": 99} if "number" in row else {})
        if table == "ledger_subject_step":
            row["state"] = "DEAD"
        hashed = [stored_moment_text(value) if name == "at" else value for name, value in row.items()]
        names = ", ".join(f'"{name}"' for name in (*columns, "hash"))
        marks = ", ".join("?" * (len(columns) + 1))
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.execute(
            f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", [*row.values(), row_hash(hashed)]
        )
        database.commit()


def _select(columns: tuple[str, ...], table: str, seq: int) -> str:
    return "SELECT " + ", ".join(f'"{name}"' for name in columns) + f" FROM {table} WHERE seq = {seq}"


def test_a_removed_form_is_named_by_the_gap_it_leaves(ledger_file):
    with closing(sqlite3.connect(ledger_file.database)) as database:
        record, seq = database.execute("SELECT record_id, seq FROM ledger_revision WHERE seq = 7").fetchone()
    harm(
        ledger_file,
        f"DELETE FROM ledger_revision WHERE record_id = '{record}'",
        f"DELETE FROM capture_form_record WHERE key = '{record}'",
    )
    assert seq in rows_named(check(ledger_file), "ledger_revision")


def test_a_form_removed_and_the_whole_chain_written_anew_shows_against_the_digests(ledger_file):
    with closing(sqlite3.connect(ledger_file.database)) as database:
        (record,) = database.execute("SELECT record_id FROM ledger_revision WHERE seq = 7").fetchone()
    harm(
        ledger_file,
        f"DELETE FROM ledger_revision WHERE record_id = '{record}'",
        f"DELETE FROM ledger_signature WHERE record_id = '{record}'",
        f"DELETE FROM capture_form_record WHERE key = '{record}'",
    )
    rewrite_chain(ledger_file, "ledger_revision")
    findings = check(ledger_file)
    first_digest = json.loads(min(ledger_file.anchor.glob("*.json")).read_text())
    seen = first_digest["chains"]["ledger_revision"]["count"]
    named = [f for f in findings if f.table == "ledger_revision" and f.place.startswith("digest")]
    assert named, findings
    assert seen < 7 or "written anew" in named[0].problem


def rewrite_chain(ledger_file: Any, table: str) -> None:
    """All rows numbered and hashed again, and the head set: perfect inside the database."""
    columns = CHAINS[table]
    names = ", ".join(f'"{name}"' for name in columns)
    with closing(sqlite3.connect(ledger_file.database)) as database:
        rows = [
            dict(zip(columns, row, strict=True))
            for row in database.execute(f"SELECT {names} FROM {table} ORDER BY seq")
        ]
    statements, prev = [], START
    for number, row in enumerate(rows, start=1):
        old, row["seq"], row["prev"] = row["seq"], number, prev
        prev = row_hash([stored_moment_text(v) if name == "at" else v for name, v in row.items()])
        statements.append(
            f"UPDATE {table} SET seq = {number}, prev = '{row['prev']}', hash = '{prev}' WHERE seq = {old}"
        )
    head = f"UPDATE capture_chain_head SET seq = {len(rows)}, hash = '{prev}' WHERE \"table\" = '{table}'"
    harm(ledger_file, *statements, head)


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE capture_form_record SET form = 'death' WHERE rowid = 1", "capture_form_record"),
        ("UPDATE capture_study_event SET event_seq = 9 WHERE rowid = 1", "capture_study_event"),
        ("UPDATE capture_subject SET state = 'ELIGIBLE' WHERE rowid = 1", "capture_subject"),
        ("UPDATE capture_query SET state = 'OPEN' WHERE rowid = 1", "capture_query"),
        ("UPDATE capture_membership SET role = 'monitor' WHERE id = 1", "capture_membership"),
        ("DELETE FROM capture_membership WHERE id = 2", "capture_membership"),
    ],
)
def test_what_stands_around_the_chains_is_compared_with_them(ledger_file, statement, table):
    harm(ledger_file, statement)
    assert any(finding.table == table for finding in check(ledger_file))


def test_a_signature_copied_to_another_form_is_named(ledger_file):
    with closing(sqlite3.connect(ledger_file.database)) as database:
        (other,) = database.execute("SELECT record_id FROM ledger_signature WHERE seq = 2").fetchone()
    harm(ledger_file, f"UPDATE ledger_signature SET record_id = '{other}' WHERE seq = 1")
    assert any("not bound" in finding.problem and finding.seq == 1 for finding in check(ledger_file))


def test_a_missing_trigger_is_named(ledger_file):
    with closing(sqlite3.connect(ledger_file.database)) as database:
        database.execute("DROP TRIGGER ledger_revision_no_update")
        database.commit()
    assert [finding.place for finding in check(ledger_file)] == ["ledger_revision_no_update"]


def test_lost_or_damaged_digests_and_files_are_said(ledger_file, tmp_path):
    (ledger_file.anchor / "2099-01-01.json").write_text("{")
    assert [finding.place for finding in check(ledger_file)] == ["2099-01-01.json"]
    assert "no digest" in verify_ledger(ledger_file.database, tmp_path / "nowhere")[0].problem
    assert "no such file" in verify_ledger(tmp_path / "none.sqlite3")[0].problem
    (tmp_path / "text.sqlite3").write_text("not a database at all, only text" * 100)
    assert "cannot be read" in verify_ledger(tmp_path / "text.sqlite3")[0].problem


def test_checking_needs_no_django(python: Callable[..., str], ledger_file):
    code = (
        "import sys; from grevy.capture.verify import verify_ledger; "
        "print(verify_ledger(*sys.argv[1:])); assert 'django' not in sys.modules"
    )
    assert python(code, ledger_file.database, ledger_file.anchor).strip() == "[]"
