"""A study through the actions: as of a moment, made then or later, byte for byte; and many writers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from grevy.capture.chain import CHAINS, START
from grevy.capture.digest import write_daily_digest
from grevy.capture.load import capture_entries
from grevy.capture.models import FormRevision, Query, QueryMessage
from grevy.capture.revisions import read_revisions
from grevy.capture.verify import verify_ledger
from grevy.simulate import simulate_study
from grevy.snapshot import build_form_tables, latest_revisions, number_revisions, write_snapshot


@pytest.fixture(scope="module")
def simulated():
    from grevy.definition import load_study

    study = load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")
    return simulate_study(study, seed=5, subjects=6, sites=2)


def write_as_of(study, moment: datetime, folder: Path) -> dict[str, bytes]:
    revisions = list(read_revisions(moment))
    write_snapshot(
        build_form_tables(study, latest_revisions(revisions, moment)),
        revisions,
        folder,
        study=study,
        as_of=moment,
    )
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_snapshot_as_of_a_past_moment_equals_the_one_made_then(db, study, simulated, tmp_path):
    half = len(simulated.entries) // 2
    moment = simulated.entries[half].at
    earlier = [entry for entry in simulated.entries if entry.at <= moment]
    capture_entries(study, earlier, simulated.sites, simulated.users)
    then = write_as_of(study, moment, tmp_path / "then")
    capture_entries(study, simulated.entries[len(earlier) :], simulated.sites, simulated.users)
    later = write_as_of(study, moment, tmp_path / "later")
    assert then == later
    end = datetime(2099, 1, 1, tzinfo=UTC)
    assert write_as_of(study, end, tmp_path / "end") != later


def test_the_ledger_gives_the_revisions_that_the_entries_make(db, study, simulated):
    done: list[int] = []
    captured = capture_entries(study, simulated.entries, simulated.sites, simulated.users, done.append)
    assert sum(done) == captured.saves == len(simulated.entries)
    assert list(read_revisions()) == list(number_revisions(simulated.entries, study.version))
    first, last = simulated.entries[0], FormRevision.objects.order_by("-seq").first()
    assert last.at == simulated.entries[-1].at
    assert FormRevision.objects.get(seq=1).by == first.by


def test_digests_grow_with_time_and_are_never_overwritten(db, study, simulated, tmp_path):
    captured = capture_entries(study, simulated.entries, simulated.sites, simulated.users, anchor=tmp_path)
    digests = [json.loads(path.read_text())["chains"] for path in sorted(tmp_path.iterdir())]
    counts = [digest["ledger_revision"]["count"] for digest in digests]
    assert len(digests) == captured.digests > 10
    assert counts == sorted(counts)
    assert counts[-1] == FormRevision.objects.count()
    assert set(digests[0]) == set(CHAINS)
    assert digests[0]["ledger_lock"] == {"count": 0, "hash": START}
    path = write_daily_digest(date(2098, 1, 1), tmp_path)
    assert write_daily_digest(date(2098, 1, 1), tmp_path) == path
    path.write_text(path.read_text().replace(digests[-1]["ledger_revision"]["hash"], "0" * 64))
    assert write_daily_digest(date(2098, 1, 1), tmp_path).name == "2098-01-01.2.json"


def test_queries_are_asked_answered_and_closed_in_their_time(db, study, simulated):
    capture_entries(study, simulated.entries, simulated.sites, simulated.users, queries=simulated.queries)
    last = {turn.number: turn.kind for turn in simulated.queries}
    states = Counter(Query.objects.values_list("state", flat=True))
    assert states == Counter(last.values())
    assert states["CLOSED"] >= 5
    assert states["OPEN"] + states["ANSWERED"] + states["REOPENED"] >= 5
    turns = list(QueryMessage.objects.order_by("seq").values_list("at", "by", "role", "kind"))
    assert turns == [(turn.at, turn.by, turn.role, turn.kind) for turn in simulated.queries]
    assert {role for _, _, role, _ in turns} == {"data_manager", "monitor", "coordinator"}
    assert list(read_revisions()) == list(number_revisions(simulated.entries, study.version))


WRITERS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from django.db import connection
from grevy.capture.database import open_database
from grevy.definition import load_study

file, anchor, folder, writer = sys.argv[1:]
open_database(Path(file), study_folder=Path(folder), anchor=Path(anchor))
from grevy.capture.actions import *
from grevy.capture.errors import Clash
from grevy.capture.policies import Address

study = load_study(Path(folder))
address = Address("01-001", "SCREENING", 1, "demographics")
if writer == "first":
    open_site("01", "Hospital", "医院", by="system")
    create_account("crc", by="system")
    grant_role("crc", "coordinator", "01", by="system")
    create_subject("01", by="crc")
    consent = {"consent_date": "2024-03-04", "consent_version": "1.0"}
    save_form(study, Address("01-001", "SCREENING", 1, "informed_consent"), consent, started_from=0, by="crc")
    save_form(study, address, {"birth_date": "1960", "sex": "M", "ecog": "1"}, started_from=0, by="crc")
    sys.exit()

def write(number):
    # all start from revision 1: the same field with other values, or a field of one's own
    values = {"birth_date": "1960", "sex": "M", "ecog": "1", "weight_kg": str(60 + 10 * int(writer) + number)}
    try:
        save_form(study, address, values, started_from=1, by="crc", reason=f"{writer}.{number}")
        return "saved"
    except Clash:
        return "clash"
    finally:
        connection.close()

with ThreadPoolExecutor(2) as pool:
    print(*pool.map(write, range(3)))
"""


def test_many_writers_from_one_revision_none_is_accepted_silently(python: Callable[..., str], tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    places = (
        tmp_path / "g.sqlite3",
        tmp_path / "anchor",
        Path(__file__).parents[2] / "studies" / "surufatinib_nen",
    )
    python(WRITERS, *places, "first")
    with ThreadPoolExecutor(2) as pool:
        answers = " ".join(pool.map(lambda writer: python(WRITERS, *places, writer), ("1", "2"))).split()
    # one writer of the field was first; every other one was told
    assert sorted(answers) == ["clash"] * 5 + ["saved"]
    assert verify_ledger(places[0]) == []
