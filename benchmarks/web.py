"""How long the server takes for a page of the demo study: 350 patients, in the server of production.

    python benchmarks/web.py [LEDGER]      # a ledger of `grevy demo`; without one, it is made first

One worker, one request at a time, from this machine: the figures are the server's own. After a warm-up
each page is asked for of many patients; a save writes the whole form of another patient. Prints the median
and the 95th percentile beside the target and the best figure known of an open system (edc-core).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).parents[1]
STUDY = ROOT / "studies" / "surufatinib_nen"
SECRET = "of the benchmark only"
TIMES, WARM_UP = 60, 5

LOG_IN = """
import sys
import django
django.setup()
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from grevy.capture.models import FormRecord, Membership
call_command("migrate", interactive=False, verbosity=0)
import json
role, site = "coordinator", "01"
user = Membership.objects.filter(role=role, site=site).order_by("user__username")[0].user
session = SessionStore()
session["_auth_user_id"], session["_auth_user_hash"] = str(user.pk), user.get_session_auth_hash()
session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
session.create()
rows = FormRecord.objects.filter(key__startswith=site + "-").values_list("key", flat=True)
print(json.dumps({"session": session.session_key, "records": list(rows)}))
"""


@dataclass(frozen=True)
class Measured:
    """One line of the table, in milliseconds."""

    what: str
    times: list[float]
    target: int
    seen: str

    def line(self) -> str:
        p50, p95 = statistics.median(self.times), statistics.quantiles(self.times, n=20)[-1]
        verdict = "met" if p95 <= self.target else "MISSED"
        return f"{self.what:<34}{p50:>8.0f}{p95:>8.0f}{self.target:>8}  {verdict:<7} {self.seen}"


class Visitor:
    """A log-in that asks for pages over one open connection."""

    def __init__(self, port: int, session: str) -> None:
        self.connection, self.session, self.token = HTTPConnection("127.0.0.1", port), session, ""

    def ask(self, method: str, path: str, sent: object = None) -> tuple[float, int, str]:
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={self.token}; grevy_language=en"}
        if sent is not None:
            headers |= {"X-CSRFToken": self.token, "Content-Type": "application/json"}
            headers |= {"Accept": "application/json"}
        started = time.perf_counter()
        self.connection.request(method, path, json.dumps(sent) if sent is not None else None, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        return 1000 * (time.perf_counter() - started), answer.status, text

    def measure(self, what: str, paths: list[str], target: int, seen: str) -> Measured:
        times = []
        for number, path in enumerate(paths[: TIMES + WARM_UP]):
            took, status, _ = self.ask("GET", path)
            if status != 200:
                raise SystemExit(f"{path}: answered {status}")
            if number >= WARM_UP:
                times.append(took)
        return Measured(what, times, target, seen)

    def measure_posts(
        self, what: str, posts: list[tuple[str, Callable[[], object]]], target: int, seen: str
    ) -> Measured:
        times = []
        for number, (path, body) in enumerate(posts):
            took, status, text = self.ask("POST", path, body())
            if status != 200:
                raise SystemExit(f"{path}: answered {status}: {text[:300]}")
            if number >= WARM_UP:
                times.append(took)
        return Measured(what, times, target, seen)


@contextmanager
def served(database: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "grevy.capture.wsgi:application"]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--log-level", "error"],
        env=environment(database),
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/log-in/").close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def environment(database: Path) -> dict[str, str]:
    given = {"GREVY_DB": str(database), "GREVY_STUDY": str(STUDY), "GREVY_SECRET_KEY": SECRET}
    return {
        **os.environ,
        **given,
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "grevy.capture.settings",
    }


def make_demo(folder: Path) -> Path:
    """The demo study's ledger, as `make demo` captures it."""
    command = [sys.executable, "-m", "grevy", "demo", "--no-serve", "--out", str(folder / "demo")]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT)
    return folder / "demo" / "ledger.sqlite3"


def typed_page(text: str) -> tuple[dict[str, object], int, str]:
    """What the page of a form starts from: the fields as typed, the revision, the token."""
    answer = json.loads(text.split('<script id="answer" type="application/json">')[1].split("</script>")[0])
    started_from = int(text.split('data-started-from="')[1].split('"')[0])
    return answer["base"], started_from, text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]


def table(ledger: Path | None = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "ledger.sqlite3"
        shutil.copy(ledger or make_demo(Path(folder)), database)
        ready = subprocess.run(
            [sys.executable, "-c", LOG_IN],
            env=environment(database),
            capture_output=True,
            text=True,
            check=True,
        )
        told = json.loads(ready.stdout)
        with served(database) as port:
            print(
                f"{'server time, milliseconds':<34}{'p50':>8}{'p95':>8}{'target':>8}  {'':<7} seen elsewhere"
            )
            for line in measure(Visitor(port, told["session"]), told["records"]):
                print(line.line(), flush=True)


def measure(visitor: Visitor, records: list[str]) -> Iterator[Measured]:
    """The pages for which the study sets a target."""
    draw = random.Random(1)
    draw.shuffle(records)
    subjects = sorted({record.split("/")[0] for record in records}) * TIMES
    searches = [f"/subjects/?q={subject[-2:]}" for subject in subjects]
    yield visitor.measure("patient list with search", searches, 150, "1200 to 1600, without search")
    yield visitor.measure("patient page", [f"/subjects/{s}/" for s in subjects], 200, "490, a small matrix")
    yield visitor.measure("open a form", [f"/subjects/{record}/" for record in records], 150, "470")
    for what, form in (("check a 40-field form", "chemistry"), ("tumor form recomputed", "tumor_assessment")):
        paths = [f"/subjects/{record}/" for record in records if f"/{form}/" in record][: TIMES + WARM_UP]
        yield visitor.measure_posts(
            what, [(f"{path}check/", checked(visitor, path)) for path in paths], 150, "no such thing"
        )
    paths = [f"/subjects/{record}/" for record in records if "/chemistry/" in record][: TIMES + WARM_UP]
    posts = [(f"{path}save/", changed(visitor, path, number)) for number, path in enumerate(paths)]
    yield visitor.measure_posts("save a 40-field form", posts, 150, "260, 4 fields")


def checked(visitor: Visitor, path: str) -> Callable[[], object]:
    """What the page sends while somebody types; the form is opened before, outside the measured time."""

    def body() -> object:
        typed, _, visitor.token = typed_page(visitor.ask("GET", path)[2])
        return {"values": typed}

    return body


def changed(visitor: Visitor, path: str, number: int) -> Callable[[], object]:
    """A save of the whole form with one value changed and all unusual ones confirmed."""

    def body() -> object:
        text = visitor.ask("GET", path)[2]
        typed, started_from, visitor.token = typed_page(text)
        item = next(name for name, value in typed.items() if str(value)[:1].isdigit() and " " in str(value))
        figure, _, unit = str(typed[item]).partition(" ")
        typed[item] = f"{figure}0 {unit}" if "." in figure else f"{figure}.0 {unit}"
        found = json.loads(visitor.ask("POST", f"{path}check/", {"values": typed})[2])["problems"]
        notes = {f"{one['path']}|{one['rule']}": "Checked" for one in found if one["level"] == "soft"}
        key = f"benchmark-{number:06d}-{random.getrandbits(64):016x}"
        reasons = {item: "Corrected to match the source"}
        sent = {"values": typed, "started_from": started_from, "submission": key}
        return sent | {"reasons": reasons, "notes": notes}

    return body


if __name__ == "__main__":
    table(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
