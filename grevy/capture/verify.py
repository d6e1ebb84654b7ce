"""Checking the ledger without the application: every row, every chain, and the digests kept outside.

Needs the database and nothing else of Grevy's; reads, never writes. Finds a changed byte, a row that was
removed, added or swapped, a form that is gone, a cut-off tail, a chain that was written anew, and a
missing trigger.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grevy.capture.chain import CHAINS, START, reason_of_query, row_hash
from grevy.capture.database_address import without_password
from grevy.capture.outside import CannotRead, Outside, open_outside

# What names a row to a reader: the columns to print beside the place in the chain.
DESCRIBED_BY: dict[str, tuple[str, ...]] = {
    "ledger_revision": ("record_id", "number"),
    "ledger_subject_step": ("subject_id", "state"),
    "ledger_query_message": ("query_id", "number"),
    "ledger_confirmation": ("record_id", "check_id"),
    "ledger_verification": ("record_id", "item"),
    "ledger_signature": ("record_id", "revision_number"),
    "ledger_lock": ("scope", "level"),
    "ledger_access_change": ("change", "username"),
    "ledger_log_in": ("username", "outcome"),
    "ledger_export": ("recipient", "country"),
    "ledger_lab_range": ("test", "valid_from"),
}
STATES_IN_ORDER = ("SCREENING", "ELIGIBLE", "ON_TREATMENT", "TREATMENT_ENDED", "FOLLOW_UP", "ENDED", "DEAD")


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written: in which table, at which row of the chain, what is wrong."""

    table: str
    seq: int | None
    place: str
    problem: str

    def __str__(self) -> str:
        row = f", row {self.seq}" if self.seq is not None else ""
        return f"{self.table}{row}{f' ({self.place})' if self.place else ''}: {self.problem}"


def verify_ledger(address: Path | str, anchor_folder: Path | str | None = None) -> list[Finding]:
    """Every difference between the ledger and what its hashes and digests say; empty when there is none.

    `address` is an SQLite file or the address of a PostgreSQL database.
    """
    try:
        with open_outside(address) as ledger:
            return list(_verify(ledger, Path(anchor_folder) if anchor_folder is not None else None))
    except CannotRead as error:
        return [Finding("database", None, without_password(address), str(error))]


def count_rows(address: Path | str) -> dict[str, int]:
    """Rows per chain, to say how much was checked."""
    with open_outside(address) as ledger:
        return {table: next(iter(ledger.rows(f"SELECT COUNT(*) FROM {table}")))[0] for table in CHAINS}


def _verify(ledger: Outside, anchors: Path | None) -> Iterator[Finding]:
    missing = sorted(set(CHAINS) - ledger.tables())
    if missing:
        yield from (Finding(table, None, "", "the table is missing") for table in missing)
        return
    for table, trigger in ledger.missing_triggers():
        yield Finding(table, None, trigger, "the trigger that refuses changes is missing")
    digests = list(_read_digests(anchors)) if anchors is not None else []
    for table in CHAINS:
        hashes: dict[int, str] = {}
        yield from _check_chain(ledger, table, hashes)
        yield from _check_head(ledger, table, hashes)
        yield from _check_digests(table, hashes, digests)
    yield from _check_records(ledger)
    yield from _check_signatures(ledger)
    yield from _check_computed(ledger)
    if anchors is not None and not digests:
        yield Finding("digests", None, str(anchors), "there is no digest; a removed tail could not be seen")
    yield from (Finding("digests", None, d.name, d.problem) for d in digests if d.problem)


# ----------------------------------------------------------------------------------------------------------
# Chains
# ----------------------------------------------------------------------------------------------------------


def _check_chain(ledger: Outside, table: str, hashes: dict[int, str]) -> Iterator[Finding]:
    """Each row against its own hash, its link to the row before, and its place; collects the stored
    hashes."""
    columns = CHAINS[table]
    prev_column, described = columns.index("prev"), [columns.index(name) for name in DESCRIBED_BY[table]]
    expected, last_hash = 1, START
    for *values, stored in ledger.chain(table, (*columns, "hash")):
        seq = values[0]
        place = " ".join(str(values[index]) for index in described if values[index] != "")
        if seq != expected:
            yield _gap(table, expected, seq)
        if _hash_of(values) != stored:
            yield Finding(table, seq, place, "the row is not the one that was written: its hash differs")
        if seq == expected and values[prev_column] != last_hash:
            yield Finding(table, seq, place, "it does not continue the row before it")
        hashes[seq] = stored
        expected, last_hash = seq + 1, stored


def _gap(table: str, expected: int, found: int) -> Finding:
    if found < expected:
        return Finding(table, found, "", f"the number is out of order; expected {expected}")
    rows = f"rows {expected} to {found - 1} are" if found - expected > 1 else f"row {expected} is"
    return Finding(table, expected, "", f"{rows} missing")


def _hash_of(values: list[Any]) -> str:
    try:
        return row_hash(values)
    except (TypeError, ValueError):
        return "a type that is never written"  # bytes or a number that is none: cannot equal any stored hash


def _check_head(ledger: Outside, table: str, hashes: dict[int, str]) -> Iterator[Finding]:
    heads = ledger.rows(f"""SELECT seq, hash FROM capture_chain_head WHERE "table" = '{table}'""")
    head = next(iter(heads), None)
    count, last = (max(hashes), hashes[max(hashes)]) if hashes else (0, START)
    head_count, head_hash = head or (0, START)
    if head_count > count:
        yield Finding(table, count + 1, "", f"{head_count - count} rows are missing at the end")
    elif head_count < count:
        yield Finding(
            table, head_count + 1, "", f"{count - head_count} rows were added past the head of the chain"
        )
    elif head_hash != last:
        yield Finding(table, count, "", "the last row is not the head of the chain")


# ----------------------------------------------------------------------------------------------------------
# Digests
# ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Digest:
    name: str
    chains: dict[str, dict[str, Any]]
    problem: str = ""


def _read_digests(folder: Path) -> Iterator[_Digest]:
    """The digests by day; a second one of a day comes after the first."""
    for path in sorted(folder.glob("*.json"), key=lambda path: (path.name[:10], len(path.name), path.name)):
        try:
            chains = json.loads(path.read_text(encoding="utf-8"))["chains"]
            {table: (head["count"], head["hash"]) for table, head in chains.items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield _Digest(path.name, {}, f"the digest cannot be read: {type(error).__name__}")
        else:
            yield _Digest(path.name, chains)


def _check_digests(table: str, hashes: dict[int, str], digests: Iterable[_Digest]) -> Iterator[Finding]:
    """The first digest that a chain contradicts: what it saw is not there any more, or not the same."""
    agreed = 0
    for digest in digests:
        head = digest.chains.get(table)
        if head is None:
            continue
        count, expected = head["count"], head["hash"]
        if count and count not in hashes:
            known = max((seq for seq in hashes if seq < count), default=0)
            gone = f"row {count} is" if known + 1 == count else f"rows {known + 1} to {count} are"
            problem = f"{gone} gone; the digest saw {count} rows"
            yield Finding(table, known + 1, f"digest {digest.name}", problem)
            return
        if count and hashes[count] != expected:
            problem = f"a row between {agreed + 1} and {count} was written anew: the digest saw another hash"
            yield Finding(table, count, f"digest {digest.name}", problem)
            return
        agreed = count


# ----------------------------------------------------------------------------------------------------------
# What the chains stand on, and what is computed from them
# ----------------------------------------------------------------------------------------------------------


def _check_records(ledger: Outside) -> Iterator[Finding]:
    """Records are where their address says, numbered without a gap, and none is without a revision."""
    query = """
        SELECT r.key, e.key, e.subject_id || '/' || e.event || '/' || e.event_seq || '/' || r.form || '/'
        || r.form_seq
        FROM capture_form_record r LEFT JOIN capture_study_event e ON e.key = r.study_event_id
        WHERE NOT COALESCE(r.key = e.subject_id || '/' || e.event || '/' || e.event_seq || '/' || r.form ||
        '/' || r.form_seq, FALSE)
    """
    for key, _, found in ledger.rows(query):
        yield Finding(
            "capture_form_record", None, key, f"its columns say {found or 'that its event is missing'}"
        )
    query = """
        SELECT e.key FROM capture_study_event e WHERE e.key <> e.subject_id || '/' || e.event || '/' ||
        e.event_seq
    """
    for (key,) in ledger.rows(query):
        yield Finding("capture_study_event", None, key, "its columns are not those of its key")
    query = """
        SELECT v.record_id, COUNT(*), MAX(v.number), MIN(r.key) FROM ledger_revision v
        LEFT JOIN capture_form_record r ON r.key = v.record_id
        GROUP BY v.record_id HAVING COUNT(*) <> MAX(v.number) OR MIN(v.number) <> 1 OR MIN(r.key) IS NULL
    """
    for record, count, last, known in ledger.rows(query):
        problem = f"{count} revisions, the last numbered {last}" if known else "the record is missing"
        yield Finding("ledger_revision", None, record, problem)
    query = "SELECT key FROM capture_form_record WHERE key NOT IN (SELECT record_id FROM ledger_revision)"
    for (key,) in ledger.rows(query):
        yield Finding("capture_form_record", None, key, "the record has lost its revisions")


def _check_signatures(ledger: Outside) -> Iterator[Finding]:
    """A signature belongs to the content it was given for and to nothing else (21 CFR 11.70)."""
    query = """
        SELECT s.seq, s.record_id FROM ledger_signature s
        LEFT JOIN ledger_revision v ON v.record_id = s.record_id AND v.number = s.revision_number
        WHERE NOT COALESCE(v.hash = s.revision_hash, FALSE)
    """
    for seq, record in ledger.rows(query):
        yield Finding("ledger_signature", seq, record, "it is not bound to the revision that it names")


def _check_computed(ledger: Outside) -> Iterator[Finding]:
    """Roles, subjects' states and queries' states equal what their chains say."""
    steps: dict[str, tuple[str, list[str]]] = {}
    for subject, site, state in ledger.rows("SELECT subject_id, site, state FROM ledger_subject_step"):
        steps.setdefault(subject, (site, []))[1].append(state)
    found = {number: (site, state) for number, site, state in
             ledger.rows("SELECT number, site_id, state FROM capture_subject")}  # fmt: skip
    for subject in sorted(set(steps) | set(found)):
        site, states = steps.get(subject, ("", []))
        furthest = (
            max(states, key=STATES_IN_ORDER.index) if set(states) <= set(STATES_IN_ORDER) and states else None
        )
        if found.get(subject) != (site, furthest):
            yield Finding("capture_subject", None, subject, "site or state is not what its steps say")
    query = """
        SELECT q.key FROM capture_query q WHERE NOT COALESCE(q.state =
        (SELECT m.kind FROM ledger_query_message m WHERE m.query_id = q.key ORDER BY m.number DESC LIMIT 1),
        FALSE)
    """
    for (key,) in ledger.rows(query):
        yield Finding("capture_query", None, key, "its state is not that of its last message")
    yield from _check_queries(ledger)
    yield from _check_roles(ledger)


def _check_queries(ledger: Outside) -> Iterator[Finding]:
    """A query is about what its first message names, and asked by the check and in the batch named there."""
    query = """
        SELECT q.key, q.item, q.row_key, q.check_id, q.study_version, q.batch, m.item, m.row_key, m.reason
        FROM capture_query q JOIN ledger_query_message m ON m.query_id = q.key AND m.number = 1
    """
    for key, item, row, check, version, batch, item_said, row_said, reason in ledger.rows(query):
        why = reason_of_query(check, version, batch)
        if (item, row) != (item_said, row_said) or reason.split(", after ")[0] != why:
            yield Finding("capture_query", None, key, "its columns are not those of its first message")


def _check_roles(ledger: Outside) -> Iterator[Finding]:
    held: set[tuple[str, str, str]] = set()
    query = "SELECT change, username, for_role, for_site FROM ledger_access_change ORDER BY seq"
    for change, username, role, site in ledger.rows(query):
        if change == "ROLE_GRANTED":
            held.add((username, role, site))
        elif change == "ROLE_REVOKED":
            held.discard((username, role, site))
    query = """
        SELECT u.username, m.role, COALESCE(m.site_id, '') FROM capture_membership m JOIN auth_user u ON
        u.id = m.user_id
    """
    now = set(ledger.rows(query))
    for username, role, site in sorted(held ^ now):
        where = f"{username}, {role}" + (f" at site {site}" if site else "")
        problem = (
            "the role was never granted" if (username, role, site) in now else "the granted role is gone"
        )
        yield Finding("capture_membership", None, where, problem)
