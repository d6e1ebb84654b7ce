"""Saves through the pages while the server is killed: each acknowledged one is there, none twice.

    python -m benchmarks.killed_server [saves] [postgresql address]

Starts the application as in production, saves from several browsers at once, and kills all of its processes
with SIGKILL at random moments. A browser that got no answer sends the same save again under the same key.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from grevy.capture.outside import open_outside
from grevy.capture.verify import verify_ledger

ROOT = Path(__file__).parents[1]
PASSWORD, HOST, WRITERS = "grevy zebra stripes", "grevy.example", 4
NO_ANSWER = (OSError, http.client.HTTPException)

PREPARE = """
import sys
from pathlib import Path
from grevy.capture.database import open_database
address, folder, anchor, writers = sys.argv[1:]
open_database(address, study_folder=Path(folder), anchor=Path(anchor))
from grevy.capture.actions import create_account, create_subject, grant_role, open_site, save_form
from grevy.capture.load import record_ready
from grevy.capture.policies import Address
from grevy.definition import load_study
study = load_study(Path(folder))
open_site("01", "Hospital", "医院", by="system")
consent = {"consent_date": "2024-03-04", "consent_version": "1.0"}
for writer in range(int(writers)):
    create_account(f"crc{writer}", by="system", password=sys.stdin.readline().strip())
    grant_role(f"crc{writer}", "coordinator", "01", by="system")
    record_ready(f"crc{writer}", by="system")
    subject = create_subject("01", by=f"crc{writer}")
    address = Address(subject, "SCREENING", 1, "informed_consent")
    save_form(study, address, consent, started_from=0, by=f"crc{writer}")
"""


@dataclass
class Told:
    """What the browsers were told, and how often the server was killed."""

    saves: list[tuple[str, int, str]] = field(default_factory=list)  # record, number, tag
    kills: int = 0
    sent_again: int = 0


class Server:
    """The application with its worker processes, started, killed and started again."""

    def __init__(self, address: str, anchor: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        study = ROOT / "studies" / "surufatinib_nen"
        self.environment = environment() | {
            "GREVY_DB": address, "GREVY_STUDY": str(study), "GREVY_ANCHOR": str(anchor),
            "GREVY_HOSTS": HOST, "GREVY_SECRET_KEY": secrets.token_urlsafe(64),
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2"]
        program += ["--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*program, "grevy.capture.wsgi:application"], env=self.environment, cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if Browser(self.port).ask("GET", "/log-in/")[0] == 200:
                    return
            except NO_ANSWER:
                time.sleep(0.1)
        raise RuntimeError("The server did not start within a minute.")

    def kill(self) -> None:
        """SIGKILL to the server and its workers, which are a process group of their own."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Browser:
    """Keeps cookies, and speaks to the server as the proxy in front of it does."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, dict[str, str]()

    def ask(
        self, method: str, path: str, body: bytes | None = None, kind: str = "application/json"
    ) -> tuple[int, str]:
        headers = {
            "Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}/", "Content-Type": kind,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
        }  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                name, value = cookie.split(";")[0].split("=", 1)
                self.cookies[name] = value
            return answer.status, text
        finally:
            connection.close()

    def log_in(self, name: str) -> None:
        _, page = self.ask("GET", "/log-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, "The log-in page has no token."
        form = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        status, text = self.ask(
            "POST", "/log-in/", urlencode(form).encode(), "application/x-www-form-urlencoded"
        )
        assert status == 302, (status, text[:500])


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "GREVY"))}
    return kept | {"PYTHONPATH": str(ROOT)}


def save_under_kills(
    address: str, folder: Path, saves: int, seed: int = 1, *, writers: int = WRITERS, once: bool = False
) -> Told:
    """Save so many times in all while the server is killed; return what the browsers were told.

    `once` kills it one time, when a third of the saves are acknowledged.
    """
    study = ROOT / "studies" / "surufatinib_nen"
    subprocess.run(
        [sys.executable, "-c", PREPARE, address, str(study), str(folder / "anchor"), str(writers)],
        env=environment(), input=f"{PASSWORD}\n" * writers, text=True, check=True,
    )  # fmt: skip
    server, told = Server(address, folder / "anchor"), Told()
    with _running(server):
        browsers = []
        for writer in range(writers):
            browsers.append(Browser(server.port))
            browsers[-1].log_in(f"crc{writer}")
        failures: list[BaseException] = []
        threads = [
            threading.Thread(target=_guard, args=(failures, _write, browser, writer, saves // writers, told))
            for writer, browser in enumerate(browsers)
        ]
        for thread in threads:
            thread.start()
        if once:
            _kill_once(server, told, saves // 3)
        else:
            _kill_until_done(server, threads, told, random.Random(seed))
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    return told


@contextmanager
def _running(server: Server) -> Iterator[None]:
    try:
        server.start()
        yield
    finally:
        server.kill()


def _guard(failures: list[BaseException], work: object, *arguments: object) -> None:
    try:
        work(*arguments)  # type: ignore[operator]  # a function of this module
    except BaseException as failure:
        failures.append(failure)


def _kill_until_done(
    server: Server, threads: list[threading.Thread], told: Told, chance: random.Random
) -> None:
    while any(thread.is_alive() for thread in threads):
        time.sleep(chance.uniform(0.05, 1.5))
        if any(thread.is_alive() for thread in threads):
            server.kill()
            told.kills += 1
            server.start()


def _kill_once(server: Server, told: Told, after: int) -> None:
    deadline = time.monotonic() + 60
    while len(told.saves) < after and time.monotonic() < deadline:
        time.sleep(0.005)
    server.kill()
    told.kills += 1
    server.start()


def _write(browser: Browser, writer: int, saves: int, told: Told) -> None:
    """One coordinator at one form: each save changes the weight, from the revision last heard of."""
    path = f"/subjects/01-{writer + 1:03d}/SCREENING/1/demographics/1/save/"
    known, deadline = 0, time.monotonic() + 600
    for count in range(saves):
        tag = f"Weighed {count} by {writer}"
        values = {"birth_date": "1960-05", "sex": "M", "ecog": "1", "weight_kg": str(60 + count % 30)}
        sent = {"values": values, "started_from": known, "reasons": {"weight_kg": tag}}
        body = json.dumps(sent | {"submission": secrets.token_hex(16)}).encode()
        while True:
            if time.monotonic() > deadline:
                raise TimeoutError(f"writer {writer} is at save {count}")
            try:
                status, text = browser.ask("POST", path, body)
            except NO_ANSWER:
                told.sent_again += 1
                time.sleep(0.05)
                continue
            if status == 200:
                break
            raise AssertionError(f"{status}: {text[:500]}")
        known = json.loads(text)["number"]
        told.saves.append((json.loads(text)["record"], known, tag))


def check_told(address: str, folder: Path, told: Told) -> None:
    """Every acknowledged save is in the ledger under its number, none twice, and the ledger verifies."""
    with open_outside(address) as ledger:
        rows = ledger.rows(
            "SELECT record_id, number, reason FROM ledger_revision WHERE record_id LIKE '%demographics%'"
        )
        stored = Counter(tuple(row) for row in rows)
    assert stored == Counter(told.saves), sorted(
        (stored - Counter(told.saves)) + (Counter(told.saves) - stored)
    )
    assert verify_ledger(address) == []


def main(saves: int = 1000, address: str = "") -> None:
    with tempfile.TemporaryDirectory() as name:
        where = address or str(Path(name, "ledger.sqlite3"))
        started = time.perf_counter()
        told = save_under_kills(where, Path(name), saves)
        check_told(where, Path(name), told)
        print(
            f"{'PostgreSQL' if address else 'SQLite'}: {len(told.saves)} saves acknowledged, all there once; "
            f"server killed {told.kills} times, {told.sent_again} requests without an answer, "
            f"{time.perf_counter() - started:.0f} s"
        )


if __name__ == "__main__":
    main(*(int(text) if text.isdigit() else text for text in sys.argv[1:3]))  # type: ignore[arg-type]
