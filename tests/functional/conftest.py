"""The command line from outside: each command in a process of its own, as a user runs it."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def grevy() -> Callable[..., Ended]:
    """Run `grevy ...` and give exit code, output and errors."""

    def run(*arguments: object, cwd: Path = ROOT) -> Ended:
        command = [sys.executable, "-m", "grevy", *map(str, arguments)]
        # As in a user's shell: no settings of this test run, and the width of an ordinary terminal.
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "GREVY"))}
        environment |= {"PYTHONPATH": str(ROOT), "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}
        ended = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=cwd, check=False)
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return run


@pytest.fixture(scope="session")
def demo(grevy: Callable[..., Ended], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo study, made once for all workers: 40 subjects, ledger, report; never written to."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "demo"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second worker waits here until the first has made it
        if not (shared / "demo.made").exists():
            ended = grevy("demo", "--no-serve", "--replace", "--subjects", 40, "--sites", 4, "--out", folder)
            assert ended.code == 0, ended.err
            (shared / "demo.made").touch()
    return folder
