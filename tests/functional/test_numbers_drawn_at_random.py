"""300 numbers of a report, drawn over all outputs and operations, followed back to what was entered.

Each is computed again from the analysis records that its trace lists, by a few lines of its own
(`numbers_again`); each listed record is followed to the tabulation and to the revision of its form, which
must exist in the ledger and be the last one of its record: at the end, and before a moment in between.
"""

from __future__ import annotations

import random
import sqlite3
from collections import Counter, defaultdict
from functools import cached_property
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.functional.numbers_again import (
    COMPUTATIONS,
    Listed,
    compute_again,
    text_says,
    why_not,
)

SEEDS = (20260131, 7, 1905)
DRAWN = 100
MOMENT = "2025-03-31 12:00:00"
FOLLOWED = 3
"""Listed records of each number that are followed to their revisions."""


class Report:
    """The files of a run, read with nothing of the program."""

    def __init__(self, demo: Path) -> None:
        self.demo, self.run = demo, demo / "run"
        self.rows = pq.read_table(self.run / "results.parquet").to_pylist()
        self.adam = {
            path.stem.upper(): self.read(path) for path in sorted((self.run / "adam").glob("*.parquet"))
        }

    @staticmethod
    def read(path: Path) -> dict[tuple[str, int], dict]:
        return {(row["USUBJID"], row["ASEQ"]): row for row in pq.read_table(path).to_pylist()}

    @cached_property
    def traces(self) -> dict[str, list[tuple[str, str, int]]]:
        found = defaultdict(list)
        for row in pq.read_table(self.run / "trace.parquet").to_pylist():
            found[row["trace_key"]].append((row["dataset"], row["USUBJID"], row["ASEQ"]))
        return found

    @cached_property
    def keys(self) -> dict[str, str]:
        return {row["result_id"]: row["trace_key"] for row in self.rows}

    def listed(self, row: dict) -> Listed:
        before, operation, _ = row["result_id"].partition(f"|{row['operation']}|")
        group = f"{before}|at_risk|0|{row['column_id']}" if operation else ""
        return Listed(self.records(row["trace_key"]), self.records(self.keys.get(group)))

    def records(self, trace_key: str | None) -> list[dict]:
        return [self.adam[name][usubjid, seq] for name, usubjid, seq in self.traces.get(trace_key, [])]

    # What was entered --------------------------------------------------------------------------------

    @cached_property
    def revisions(self) -> dict[tuple, set[str]]:
        """Revisions of forms behind each tabulation record."""
        found = defaultdict(set)
        for row in pq.read_table(self.run / "sdtm" / "trace.parquet").to_pylist():
            found[row["DOMAIN"], row["USUBJID"], row["SEQ"]].add(row["REVISION"])
            found[row["DOMAIN"], row["USUBJID"], None].add(row["REVISION"])
        return found

    @cached_property
    def last_revisions(self) -> set[str]:
        """The last revision of each form record, from the ledger itself."""
        return read_last_revisions(self.demo, "9999-12-31")

    def follow(self, dataset: str, record: dict, depth: int = 0) -> set[str]:
        """Revisions behind an analysis record, by its source: a tabulation or another analysis record."""
        assert depth < 6, f"{dataset} {record['USUBJID']} {record['ASEQ']} leads round in circles"
        usubjid = record["USUBJID"]
        if dataset == "ADSL":
            return self.revisions["DM", usubjid, None]
        source, seq = record["SRCDOM"], record["SRCSEQ"]
        if source is not None and not source.startswith("AD"):
            return self.revisions[source, usubjid, seq]
        parents = self.parents(dataset, record, source, seq)
        return {revision for name, one in parents for revision in self.follow(name, one, depth + 1)}

    def parents(self, dataset: str, record: dict, source: str | None, seq: float | None):
        rows = self.adam[source or dataset]
        if seq is not None:
            return [(source, rows[record["USUBJID"], int(seq)])]
        if source == "ADSL":
            return [("ADSL", rows[record["USUBJID"], 1])]
        # a sum comes from the lesions of its assessment, a best response from the responses of the visits
        own = [row for (usubjid, _), row in rows.items() if usubjid == record["USUBJID"]]
        if dataset == "ADTR":
            return [
                ("ADTR", row)
                for row in own
                if row["TRLNKID"] is not None and row["AVISITN"] == record["AVISITN"]
            ]
        # who was never assessed has a best response without any source but the subject
        visits = [("ADRS", row) for row in own if row["PARAMCD"] == "OVR"]
        return visits or [("ADSL", self.adam["ADSL"][record["USUBJID"], 1])]


def read_last_revisions(demo: Path, moment: str) -> set[str]:
    """The last revision of each form record that was saved by a moment, in UTC as the ledger writes it."""
    last = "SELECT record_id, max(number) FROM ledger_revision WHERE at <= ? GROUP BY record_id"
    with sqlite3.connect(demo / "ledger.sqlite3") as ledger:
        return {f"{record}#{number}" for record, number in ledger.execute(last, [moment])}


@pytest.fixture(scope="module")
def report(demo: Path) -> Report:
    return Report(demo)


def draw(report: Report, seed: int) -> list[dict]:
    """Numbers drawn in turn from every output and operation, until there are enough."""
    strata = defaultdict(list)
    for row in report.rows:
        if row["status"] in ("OK", "NOT_REACHED") and why_not(row) is None:
            strata[row["output_id"], row["operation"]].append(row)
    source = random.Random(seed)
    order = sorted(strata)
    source.shuffle(order)
    drawn: list[dict] = []
    while len(drawn) < DRAWN:
        for key in order:
            if strata[key] and len(drawn) < DRAWN:
                drawn.append(strata[key].pop(source.randrange(len(strata[key]))))
    return drawn


def is_near(expected: float | None, found: float | None) -> bool:
    if expected is None or found is None:
        return expected is found
    return abs(expected - found) <= 1e-9 * max(1.0, abs(found))


def differs(row: dict, listed: Listed) -> str | None:
    again = compute_again(row, listed)
    found = (row["value"], row["value_lower"], row["value_upper"])
    if not all(is_near(one, other) for one, other in zip(again, found, strict=True)):
        return f"{row['result_id']}: {found} in the report, {again} from its records"
    if not text_says(row, again):
        return f"{row['result_id']}: '{row['value_text']}' is not the text of {again}"
    return None


def test_every_operation_is_computed_again_or_listed_with_a_reason(report):
    unknown = {
        (row["operation"], row["output_id"])
        for row in report.rows
        if why_not(row) is None and row["operation"] not in COMPUTATIONS
    }
    assert unknown == set(), "give the operation a computation of its own, or a reason in NOT_COMPUTED"


def test_every_number_is_that_of_the_records_it_lists(report):
    """Not only those drawn: all that are computed again."""
    rows = [row for row in report.rows if row["status"] in ("OK", "NOT_REACHED") and why_not(row) is None]
    assert len(rows) > 5_000
    wrong = [problem for row in rows if (problem := differs(row, report.listed(row)))]
    assert wrong[:10] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_are_those_of_the_records_they_list(report, seed):
    drawn = draw(report, seed)
    wrong = [problem for row in drawn if (problem := differs(row, report.listed(row)))]
    assert wrong == []
    operations = Counter(row["operation"] for row in drawn)
    assert len(drawn) == DRAWN
    assert len(operations) >= 10, operations
    assert len({row["output_id"] for row in drawn}) >= 25


@pytest.mark.parametrize("seed", SEEDS)
def test_listed_records_lead_to_the_last_revision_of_what_was_entered(report, seed):
    followed = 0
    for row in draw(report, seed):
        for name, usubjid, seq in report.traces.get(row["trace_key"], [])[:FOLLOWED]:
            revisions = report.follow(name, report.adam[name][usubjid, seq])
            assert revisions, f"{row['result_id']}: {name} {usubjid} {seq} leads to no entry"
            assert revisions <= report.last_revisions, f"{row['result_id']}: {name} {usubjid} {seq}"
            followed += 1
    assert followed > 150


def test_a_snapshot_holds_the_last_revision_before_its_moment(report, grevy, tmp_path):
    """What every trace ends in: half of the study later, other revisions are the last."""
    ended = grevy(
        "snapshot", "--db", report.demo / "ledger.sqlite3", "--as-of", f"{MOMENT}Z", "--out", tmp_path
    )
    assert ended.code == 0, ended.err
    listed = {
        revision
        for path in tmp_path.rglob("*.parquet")
        if not path.name.startswith("_") and "REVISION" in pq.read_schema(path).names
        for revision in pq.read_table(path, columns=["REVISION"])["REVISION"].to_pylist()
    }
    expected = read_last_revisions(report.demo, MOMENT)
    assert 500 < len(listed) < len(report.last_revisions)
    assert listed <= expected
    assert listed - report.last_revisions  # some were corrected later: the last then is not the last now


def test_a_planted_error_is_seen(report):
    """One record less in a trace, a wrong last digit, an older revision: each is found."""
    row = next(r for r in report.rows if r["operation"] == "mean" and r["dataset"] == "ADSL")
    listed = report.listed(row)
    assert differs(row, listed) is None
    assert differs(row, Listed(listed.records[1:], listed.group))
    assert differs(row | {"value_text": row["value_text"].replace(row["value_text"][0], "9", 1)}, listed)
    corrected = next(one for one in sorted(report.last_revisions) if one.endswith("#2"))
    assert corrected.replace("#2", "#1") not in report.last_revisions
