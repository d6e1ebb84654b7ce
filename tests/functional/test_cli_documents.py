"""Tutorial and how-tos, followed to the letter in a folder of their own, with a smaller demo."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.functional.conftest import ROOT

# Deploying takes a PostgreSQL server of one's own; its parts are tested in tests/integration.
NOT_FOLLOWED = {"deploy.md"}
PAGES = [
    "tutorial/first-report.md",
    *(f"how-to/{p.name}" for p in (ROOT / "docs" / "how-to").glob("*.md") if p.name not in NOT_FOLLOWED),
]
SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def write_program(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


def lay_out(place: Path, demo: Path) -> None:
    """A folder as after `make demo`: the demo, the study files, and the programs the pages call."""
    shutil.copytree(demo, place / "demo")
    shutil.copytree(demo / "run" / "sdtm", place / "data")
    shutil.copytree(ROOT / "studies", place / "studies")
    (place / ".venv" / "bin").mkdir(parents=True)
    (place / ".venv" / "bin" / "activate").touch()
    programs = place / "programs"
    programs.mkdir()
    write_program(programs, "grevy", f'exec {sys.executable} -m grevy "$@"')
    write_program(programs, "python", f'exec {sys.executable} "$@"')
    write_program(programs, "make", "exit 0")  # the demo is there: making it is another test


def follow(page: Path, place: Path, subject: str) -> subprocess.CompletedProcess:
    script = "\n".join(SHELL_BLOCK.findall(page.read_text(encoding="utf-8")))
    script = script.replace("SURU-NEN-03-017", subject)  # the small demo has other subjects
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "GREVY"))}
    environment |= {"PATH": f"{place / 'programs'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["bash", "-eu", "-c", script], cwd=place, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", PAGES)
def test_page_can_be_followed_to_the_letter(name, demo, tmp_path):
    lay_out(tmp_path, demo)
    treated = pq.read_table(demo / "run" / "adam" / "adtte.parquet")["USUBJID"][0].as_py()
    ended = follow(ROOT / "docs" / name, tmp_path, treated)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    if name.endswith("verify-a-ledger.md"):
        assert "found" in ended.stdout, "the altered ledger must not pass"
