"""Harm done to a ledger on PostgreSQL behind the application's back, and what `verify` says about it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from grevy.capture.chain import CHAINS
from grevy.capture.verify import Finding, count_rows, verify_ledger

COMMAND = """
import sys
from click.testing import CliRunner
from grevy.cli import cli
ended = CliRunner().invoke(cli, ["verify", "--db", sys.argv[1], "--anchor", sys.argv[2]])
print(ended.output, ended.exit_code)
"""


def harm(ledger: Any, *statements: str) -> None:
    """Run SQL as the owner of the server, for whom triggers and foreign keys are off in this session."""
    with psycopg.connect(ledger[0]) as database:
        database.execute("SET session_replication_role = replica")
        for statement in statements:
            database.execute(statement)


def ask(ledger: Any, query: str) -> tuple[Any, ...]:
    with psycopg.connect(ledger[0]) as database:
        return database.execute(query).fetchone()


def rows_named(findings: list[Finding], table: str) -> set[int | None]:
    return {finding.seq for finding in findings if finding.table == table}


def test_an_untouched_ledger_has_no_finding_and_rows_in_every_chain(ledger_on_postgresql, python):
    assert verify_ledger(*ledger_on_postgresql) == []
    rows = count_rows(ledger_on_postgresql[0])
    assert set(rows) == set(CHAINS)
    assert min(rows.values()) >= 6
    said = python(COMMAND, *ledger_on_postgresql)
    assert said.strip().endswith("as they were written.\n 0")
    assert f"{sum(rows.values())} rows in {len(CHAINS)} chains" in said


def test_one_changed_value_of_any_chain_names_the_row(ledger_on_postgresql, python):
    for table in sorted(CHAINS):
        harm(ledger_on_postgresql, f'UPDATE {table} SET "by" = "by" || \'x\' WHERE seq = 3')
    findings = verify_ledger(*ledger_on_postgresql)
    assert {table: 3 in rows_named(findings, table) for table in CHAINS} == dict.fromkeys(CHAINS, True)
    said = python(COMMAND, *ledger_on_postgresql)
    assert said.strip().endswith(" 1")
    assert "ledger_revision" in said


def test_the_same_moment_moved_by_a_microsecond_names_the_row(ledger_on_postgresql):
    harm(
        ledger_on_postgresql,
        "UPDATE ledger_revision SET at = at + interval '1 microsecond' WHERE seq = 5",
    )
    assert 5 in rows_named(verify_ledger(*ledger_on_postgresql), "ledger_revision")


def test_a_removed_tail_shows_against_the_digest_alone(ledger_on_postgresql):
    address, anchor = ledger_on_postgresql
    for table, last in count_rows(address).items():
        head = f"(SELECT hash FROM {table} WHERE seq = {last - 1})"
        harm(
            ledger_on_postgresql,
            f"DELETE FROM {table} WHERE seq = {last}",
            f"UPDATE capture_chain_head SET seq = {last - 1}, hash = {head} WHERE \"table\" = '{table}'",
        )
        named = [one for one in verify_ledger(address, anchor) if one.table == table and one.seq == last]
        assert [one.problem for one in named] == [f"row {last} is gone; the digest saw {last} rows"]
        assert not [one for one in verify_ledger(address) if one.table == table and one.seq == last]


@pytest.mark.parametrize("with_identity", [False, True])
def test_a_removed_record_is_named_by_the_gap_it_leaves(ledger_on_postgresql, with_identity):
    record, seq = ask(ledger_on_postgresql, "SELECT record_id, seq FROM ledger_revision WHERE seq = 7")
    identity = f"DELETE FROM capture_form_record WHERE key = '{record}'"
    harm(
        ledger_on_postgresql,
        f"DELETE FROM ledger_revision WHERE record_id = '{record}'",
        *([identity] if with_identity else []),
    )
    findings = verify_ledger(*ledger_on_postgresql)
    assert seq in rows_named(findings, "ledger_revision")
    lost = [one for one in findings if one.place == record and "lost its revisions" in one.problem]
    assert bool(lost) == (not with_identity)


@pytest.mark.parametrize("how", ["DROP TRIGGER {0} ON {1}", "ALTER TABLE {1} DISABLE TRIGGER {0}"])
def test_a_trigger_taken_off_is_named(ledger_on_postgresql, how):
    harm(ledger_on_postgresql, how.format("ledger_revision_no_change", "ledger_revision"))
    places = [finding.place for finding in verify_ledger(*ledger_on_postgresql)]
    assert places == ["ledger_revision_no_change"]
