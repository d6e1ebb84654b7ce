"""A small study at work: two sites, one person per role, and a ledger file with rows in every chain."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from desk import ROOT, Desk, database_beside
from small_study import CONSENT, PASSWORD

from grevy.definition import Study

# ---- Both databases ------------------------------------------------------------------------------------


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Which database the test runs on: every test that touches the ledger runs on both."""
    from django.conf import settings
    from django.db import connections

    if request.param == "postgresql":
        from grevy.capture.settings import postgresql_database

        address = request.getfixturevalue("postgresql")
        chosen = postgresql_database(address)
    else:
        chosen = settings.DATABASES["default"]

    def choose(settings_of_database: dict[str, Any]) -> None:
        connections["default"].close()
        del connections["default"]  # the next use makes a connection of the chosen kind
        connections.settings["default"] = settings_of_database

    before = connections.settings["default"]
    choose(connections.configure_settings({"default": chosen})["default"])
    yield request.param
    choose(before)


@pytest.fixture(scope="session")
def django_db_setup(database: str, django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database of either kind, with the migrations run on it."""
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """A hash of passwords that takes no time; the strong one would take most of the tests' time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def people(db: None) -> dict[str, tuple[str, str | None]]:
    """Two sites; a coordinator and an investigator at each; the sponsor's people for the whole study."""
    from grevy.capture.actions import create_account, grant_role, open_site
    from grevy.capture.load import record_ready

    held = {
        f"{short}{site}": (role, site)
        for site in ("01", "02")
        for short, role in (("crc", "coordinator"), ("crd", "coordinator"), ("inv", "investigator"))
    }
    roles = ("monitor", "statistician", "safety_officer", "data_manager", "administrator")
    held |= {role: (role, None) for role in roles}
    held["data_manager_2"] = ("data_manager", None)
    for site in ("01", "02"):
        open_site(site, f"Hospital {site}", f"医院{site}", by="system")
    for name in held:
        create_account(name, by="system", password=PASSWORD)
        record_ready(name, by="system")
    # The administrator comes last: from then on the system can no longer set up.
    for name, (role, site) in sorted(held.items(), key=lambda one: one[0] == "administrator"):
        grant_role(name, role, site, by="system")
    return held


@pytest.fixture
def desk(study: Study, people: dict[str, Any]) -> Desk:
    """A subject of site 01 who has consented."""
    from grevy.capture.actions import create_subject

    desk = Desk(study, create_subject("01", by="crc01"))
    desk.save("informed_consent", CONSENT)
    return desk


BUILD = """
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from grevy.capture.database import open_database
from grevy.definition import load_study
from grevy.simulate import simulate_study

address = sys.argv[1]  # a file, or PostgreSQL
anchor, folder = map(Path, sys.argv[2:])
open_database(address, study_folder=folder, anchor=anchor)

from grevy.capture.actions import *
from grevy.capture.digest import write_daily_digest
from grevy.capture.load import capture_entries, create_people_who_log_in
from grevy.capture.ledger import ledger_transaction
from grevy.capture.models import Confirmation, FormRevision
from grevy.capture.addresses import address_of
from grevy.snapshot import LabRange

study = load_study(folder)
simulated = simulate_study(study, seed=3, subjects=6, sites=2)
capture_entries(study, simulated.entries, simulated.sites, simulated.users, anchor=anchor)
investigator = next(user for user in simulated.users if user.role == "investigator")
password = "grevy zebra stripes"
create_people_who_log_in({"monitor": password, "data_manager": password, "administrator": password})
create_account("inv_extra", by="administrator", password=password)
grant_role("inv_extra", "investigator", None, by="administrator")
records = list(FormRevision.objects.filter(number=1).order_by("seq").values_list("record_id", flat=True)[:6])
for record in records:
    address = address_of(record)
    last = FormRevision.objects.filter(record_id=record).count()
    key = open_query(address, "Please check", by="monitor")
    answer_query(key, "Checked", by="inv_extra")
    close_query(key, "Thank you", by="monitor")
    verify(address, by="monitor", revision=last)
    sign(address, by="inv_extra", password=password, revision=last, meaning="I confirm these data")
    with ledger_transaction() as ledger:
        ledger.add(Confirmation(
            record_id=record, revision_number=last, check_id="VS_FEVER", item="temperature",
            study_version="1.0",
            by="inv_extra", role="investigator", site="01", reason="Measured twice",
            at=ledger.clock(None, "person", Confirmation),
        ))
    lock(record, by="data_manager", reason="Test lock", level="FROZEN")
    record_log_in("monitor", outcome="SUCCESS", address="127.0.0.1")
    record_export(by="data_manager", purpose="Test", recipient="Nobody", country="CN", files={"a.csv": "0"
    * 64})
for age_from, age_to in ((n, n + 10) for n in range(0, 60, 10)):
    limits = LabRange(
        site="01", test="demographics.weight_kg", sex="", age_from=age_from, age_to=age_to, unit="kg",
        valid_from=date(2023, 1, 1), low=Decimal("10"), high=None, by="data_manager", role="",
        at=datetime.now(UTC),
    )
    set_lab_range(study, limits)
write_daily_digest(date(2099, 1, 1), anchor)
"""


@dataclass(frozen=True)
class LedgerFile:
    """A ledger on disk with its digests."""

    database: Path
    anchor: Path


@pytest.fixture(scope="session")
def built_ledger(tmp_path_factory: pytest.TempPathFactory) -> LedgerFile:
    """A ledger with rows in every chain, made once by a process of its own and then left alone."""
    folder = tmp_path_factory.mktemp("ledger")
    built = LedgerFile(folder / "grevy.sqlite3", folder / "anchor")
    run_python(BUILD, built.database, built.anchor, ROOT / "studies" / "surufatinib_nen")
    return built


@pytest.fixture(scope="session")
def built_on_postgresql(
    postgresql: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The same ledger in a database on PostgreSQL, made once and then left alone; with its digests."""
    import psycopg

    name, anchor = f"grevy_built_{os.getpid()}", tmp_path_factory.mktemp("digests") / "anchor"
    with psycopg.connect(postgresql, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        address = database_beside(postgresql, name)
        run_python(BUILD, address, anchor, ROOT / "studies" / "surufatinib_nen")
        yield address, anchor
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ledger_on_postgresql(built_on_postgresql: tuple[str, Path]) -> Iterator[tuple[str, Path]]:
    """A copy to do harm to."""
    import psycopg

    built, anchor = built_on_postgresql
    source, name = urlsplit(built).path[1:], f"grevy_copy_{os.getpid()}"
    with psycopg.connect(database_beside(built, "postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
        yield database_beside(built, name), anchor
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ledger_file(built_ledger: LedgerFile, tmp_path: Path) -> LedgerFile:
    """A copy to do harm to."""
    shutil.copy(built_ledger.database, tmp_path / "grevy.sqlite3")
    shutil.copytree(built_ledger.anchor, tmp_path / "anchor")
    return LedgerFile(tmp_path / "grevy.sqlite3", tmp_path / "anchor")


def run_python(code: str, *arguments: object) -> str:
    """Run code in a process of its own, without the settings of this test run; return its output."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "GREVY"))}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    ended = subprocess.run(
        command, env=environment | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="session")
def python() -> Callable[..., str]:
    return run_python
