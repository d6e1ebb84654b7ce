"""A small study at work behind a real server: two virtual hospitals, one person per role, some patients.

The ledger is filled by actions in a process of its own; the server is the one of production. People come in
by a session cookie: what logging in does is tested where it belongs, and costs half a second each time.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "studies" / "surufatinib_nen"
SECRET = "of the browser tests only"
PASSWORD = "grevy zebra stripes"

PEOPLE = {
    "coordinator": "crc01a",
    "coordinator_b": "crc01b",
    "coordinator_02": "crc02a",
    "investigator": "inv01",
    "investigator_02": "inv02",
    "monitor": "cra01",
    "data_manager": "dm01",
    "statistician": "stat01",
    "safety_officer": "safe01",
    "administrator": "administrator",
}
"""Account by role; site 01 where nothing else is said, the sponsor's people in the whole study."""

HALF_IN = "half in"
"""Instead of a role: the password was right, the second factor is still to come."""

BUILD = """
import json, sys
from datetime import date, timedelta
from pathlib import Path
from grevy.capture.database import open_database
file, folder, password, fresh = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
open_database(file, study_folder=folder, anchor=file.parent / "anchor")

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from grevy.capture.actions import create_account, create_subject, grant_role, save_form
from grevy.capture.load import capture_entries, record_ready
from grevy.capture.policies import Address
from grevy.capture.ledger import ledger_transaction
from grevy.definition import load_study
from grevy.simulate import simulate_study

study = load_study(folder)
cohort = simulate_study(study, seed=3, subjects=6, sites=2)
capture_entries(study, cohort.entries, cohort.sites, cohort.users, lab_ranges=cohort.lab_ranges,
                queries=cohort.queries, anchor=file.parent / "anchor")
with ledger_transaction():
    for name, role in (("stat01", "statistician"), ("safe01", "safety_officer"),
                       ("administrator", "administrator")):
        create_account(name, by="system")
        record_ready(name, by="system")
        grant_role(name, role, None, by="system")
User.objects.update(password=make_password(password))
subjects = []
for site in ("01", "02"):
    for _ in range(fresh):
        by = f"crc{site}a"
        subject = create_subject(site, by=by)
        consent = {"consent_date": "2026-03-02", "consent_version": "1.0"}
        address = Address(subject, "SCREENING", 1, "informed_consent", 1)
        save_form(study, address, consent, started_from=0, by=by)
        subjects.append(subject)

def ago(days):
    return (date.today() - timedelta(days=days)).isoformat()

judged = {f"in0{n}": "MET" for n in range(1, 7)} | {f"ex0{n}": "NOT_MET" for n in range(1, 7)}
rows = (("T1", "TARGET", "NON_NODAL", "LIVER", "50"), ("T2", "TARGET", "NODAL", "LYMPH_NODE", "20"),
        ("NT1", "NON_TARGET", "BONE_BLASTIC", "BONE", None))
names = ("lesion_id", "role", "kind", "organ", "diameter_mm")
lesions = [{k: v for k, v in zip(names, row) if v is not None} | {"method": "CT"} for row in rows]
COURSE = (
    ("SCREENING", "informed_consent", "crc01a", {"consent_date": ago(90), "consent_version": "1.0"}),
    ("SCREENING", "demographics", "crc01a", {"birth_date": "1960-05", "sex": "M"}),
    ("SCREENING", "nen_diagnosis", "crc01a", {"confirmed": "HISTOLOGY", "diagnosis_date": "2023-11"}),
    ("SCREENING", "baseline_lesions", "crc01a", {"scan_date": ago(80), "lesions": lesions}),
    ("SCREENING", "eligibility", "inv01", {**judged, "decision": "ELIGIBLE", "decision_date": ago(72)}),
    ("LOG", "surufatinib_dosing", "crc01a",
     {"start_date": ago(70), "dose_mg": 300, "schedule": "QD", "change_reason": "START"}),
)
treated = []
for _ in range(2):
    subject = create_subject("01", by="crc01a")
    for event, form, by, values in COURSE:
        address = Address(subject, event, 1, form, 1)
        save_form(study, address, values, started_from=0, by=by, confirmed=True, reason="Source")
    treated.append(subject)

from grevy.capture.actions.lab_files import keep_lab_file
from grevy.capture.hospital_files import read_sheet
lines = ["Subject,Date,Test,Result,Unit"] + [
    ",".join(line) for line in (
        (treated[0], ago(78), "White blood cell count", "5.2", "10^9/L"),
        (treated[0], ago(78), "Hemoglobin", "131", "g/L"),
        (treated[0], "yesterday", "Hemoglobin", "128", "g/L"),
        ("01-999", ago(78), "Hemoglobin", "128", "g/L"),
    )
]
keep_lab_file("01", read_sheet("results.csv", "\\n".join(lines).encode()), by="crc01a")
people = {user.username: [user.pk, user.get_session_auth_hash()] for user in User.objects.all()}
print(json.dumps({"people": people, "fresh": subjects, "treated": treated}))
"""


@dataclass(eq=False)
class LiveSite:
    """The running server, its ledger, and what a test needs to come in."""

    url: str
    database: Path
    people: dict[str, tuple[int, str]]
    fresh: dict[str, list[str]] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def take_subject(self, site: str = "01") -> str:
        """A subject that no other test uses, with consent and nothing else; of `treated`, under treatment."""
        return self.fresh[site].pop(0)

    def session_of(self, role: str) -> str:
        """A new log-in of a role's person: the value of the session cookie."""
        number, fingerprint = (
            self.people[PEOPLE.get(role, role)] if role != HALF_IN else self.people["stat01"]
        )
        until = (datetime.now(UTC) + timedelta(minutes=5)).timestamp()
        kept: dict[str, Any] = {"password was right": {"user": number, "until": until}}
        if role != HALF_IN:
            kept = {
                "_auth_user_id": str(number),
                "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
                "_auth_user_hash": fingerprint,
            }
        key, end = secrets.token_hex(16), datetime.now(UTC) + timedelta(hours=2)
        row = (key, _signed(kept), end.strftime("%Y-%m-%d %H:%M:%S"))
        self.write(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (?, ?, ?)", row
        )
        return key

    def end_sessions(self) -> None:
        """Log everybody out, as the idle time does."""
        self.write("DELETE FROM django_session", ())

    def write(self, sql: str, values: tuple[Any, ...]) -> None:
        database = sqlite3.connect(self.database, timeout=20)
        with database:
            database.execute(sql, values)
        database.close()

    def read(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the ledger, read past the application."""
        database = sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True, timeout=20)
        rows = database.execute(sql, values).fetchall()
        database.close()
        return rows

    def revisions(self, record: str) -> list[tuple[int, dict[str, Any], str, str]]:
        """Number, values, author and reason of each revision of a record."""
        sql = "SELECT number, content, by, reason FROM ledger_revision WHERE record_id = ? ORDER BY number"
        return [(n, json.loads(content), by, why) for n, content, by, why in self.read(sql, record)]

    def values(self, record: str) -> dict[str, Any]:
        """What stands in a record now."""
        return (self.revisions(record) or [(0, {}, "", "")])[-1][1]


def _signed(kept: dict[str, Any]) -> str:
    from django.contrib.sessions.serializers import JSONSerializer
    from django.core import signing

    salt = "django.contrib.sessions.SessionStore"
    return signing.dumps(kept, key=SECRET, salt=salt, serializer=JSONSerializer, compress=True)


def environment(database: Path) -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "GREVY"))}
    return clean | {
        "PYTHONPATH": str(ROOT),
        "GREVY_DB": str(database),
        "GREVY_STUDY": str(STUDY),
        "GREVY_SECRET_KEY": SECRET,
    }


@contextmanager
def live_site(folder: Path, fresh: int = 40) -> Iterator[LiveSite]:
    """Fill a ledger in the folder, serve it on a free port, and stop the server at the end."""
    with running_site(folder, BUILD, str(fresh)) as site:
        yield site


@contextmanager
def running_site(folder: Path, build: str, *arguments: str) -> Iterator[LiveSite]:
    """Make a ledger in the folder by a program that prints its people and fresh subjects, and serve it."""
    database = folder / "ledger.sqlite3"
    command = [sys.executable, "-c", build, str(database), str(STUDY), PASSWORD, *arguments]
    built = subprocess.run(command, env=environment(database), capture_output=True, text=True, check=False)
    if built.returncode:
        raise RuntimeError(f"The ledger of the browser tests could not be filled:\n{built.stderr}")
    told = json.loads(built.stdout)
    by_site: dict[str, list[str]] = {}
    for subject in told["fresh"]:
        by_site.setdefault(subject.split("-")[0], []).append(subject)
    by_site["treated"] = told.get("treated", [])
    with served(database, folder / "server.log") as (url, process):
        people = {name: tuple(known) for name, known in told["people"].items()}
        yield LiveSite(url, database, people, by_site, process)


@contextmanager
def served(database: Path, log: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The application on a free port, in the server of production."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "grevy.capture.wsgi:application"]
    with log.open("wb") as written:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "--workers", "1"],
            env=environment(database),
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_it_answers(url, process, log)
            yield url, process
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{url}/log-in/", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None:
                raise RuntimeError(f"The server ended:\n{log.read_text()}") from None
            time.sleep(0.1)
    raise RuntimeError(f"The server does not answer:\n{log.read_text()}")
