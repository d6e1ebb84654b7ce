"""Eight people save the same five forms at the same moment: nobody overwrites what they had not seen."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import psycopg
import pytest
from desk import ROOT, database_beside

from grevy.capture.outside import open_outside
from grevy.capture.verify import verify_ledger

WRITERS, RECORDS, ROUNDS = 8, 5, 3

WRITE = """
import json, sys, threading
from pathlib import Path
from grevy.capture.database import open_database
address, anchor, folder, *numbers = sys.argv[1:]
writers, records, rounds = map(int, numbers)
open_database(address, study_folder=Path(folder), anchor=Path(anchor))

from django.conf import settings
from django.db import connection
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
from grevy.capture.actions import create_account, create_subject, grant_role, open_site, save_form
from grevy.capture.errors import Clash
from grevy.capture.models import FormRevision
from grevy.capture.policies import Address
from grevy.definition import load_study

study = load_study(Path(folder))
open_site("01", "Hospital", "医院", by="system")
for writer in range(writers):
    create_account(f"crc{writer}", by="system", password="grevy zebra stripes")
    grant_role(f"crc{writer}", "coordinator", "01", by="system")
forms = []
person = {"birth_date": "1960-05", "sex": "M", "ecog": "1", "height_cm": "170", "weight_kg": "65"}
for _ in range(records):
    subject = create_subject("01", by="crc0")
    consent = {"consent_date": "2024-03-04", "consent_version": "1.0"}
    save_form(study, Address(subject, "SCREENING", 1, "informed_consent"), consent, started_from=0, by="crc0")
    forms.append(Address(subject, "SCREENING", 1, "demographics"))
    save_form(study, forms[-1], person, started_from=0, by="crc0")

together, told, failures = threading.Barrier(writers, timeout=60), [], []

def write(writer):
    # Half of them weigh, half of them measure: a weight meets other weights, and merges with a height.
    field, lowest = (("weight_kg", 60), ("height_cm", 160))[writer % 2]
    for turn in range(rounds):
        for form in forms:
            seen = FormRevision.objects.filter(record_id=form.record).order_by("-number").first()
            value = str(lowest + writer + writers * turn)
            together.wait()  # all have read, nobody has written
            sent = {**json.loads(seen.content), field: value}
            about = [form.record, seen.number, field, value]
            try:
                saved = save_form(
                    study, form, sent, started_from=seen.number, by=f"crc{writer}", reason="Measured again",
                    confirmed=True,
                )
                told.append([*about, saved.number])
            except Clash:
                told.append([*about, None])
            together.wait()

def work(writer):
    try:
        write(writer)
    except BaseException as failure:
        together.abort()
        failures.append(failure)
    finally:
        connection.close()

threads = [threading.Thread(target=work, args=(writer,)) for writer in range(writers)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
if failures:
    raise failures[0]
print(json.dumps(told))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request, tmp_path):
    if request.param == "sqlite":
        yield str(tmp_path / "ledger.sqlite3")
        return
    server_address = request.getfixturevalue("postgresql")
    with psycopg.connect(server_address, autocommit=True) as server:
        server.execute("CREATE DATABASE grevy_writers")
        yield database_beside(server_address, "grevy_writers")
        server.execute("DROP DATABASE grevy_writers WITH (FORCE)")


def stored_revisions(address: str) -> dict[tuple[str, int], dict[str, Any]]:
    query = "SELECT record_id, number, content FROM ledger_revision WHERE record_id LIKE '%demographics%'"
    with open_outside(address) as ledger:
        return {(record, number): json.loads(content) for record, number, content in ledger.rows(query)}


def test_no_writer_overwrites_what_it_had_not_seen(empty_database, tmp_path, python):
    sizes = (WRITERS, RECORDS, ROUNDS)
    study = ROOT / "studies" / "surufatinib_nen"
    told = json.loads(python(WRITE, empty_database, tmp_path / "anchor", study, *sizes))
    stored = stored_revisions(empty_database)

    assert len(told) == WRITERS * RECORDS * ROUNDS
    acknowledged = {
        (record, number): (seen, field, value) for record, seen, field, value, number in told if number
    }
    assert stored.keys() == acknowledged.keys() | {(record, 1) for record, *_ in told}
    for (record, number), (seen, field, value) in acknowledged.items():
        before = stored[record, number - 1]
        assert before[field] == stored[record, seen][field], "somebody's value was overwritten unseen"
        assert stored[record, number] == {**before, field: type(before[field])(value)}
    # Of the four who weigh and the four who measure, one each is first in every turn; the others are told.
    assert Counter(number is None for *_, number in told) == {
        False: 2 * RECORDS * ROUNDS,
        True: (WRITERS - 2) * RECORDS * ROUNDS,
    }
    assert verify_ledger(empty_database) == []
