"""A report belongs to its moment: what is entered later, and the day on which it is made, change no byte."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.functional.conftest import ROOT

MOMENT = "2024-06-30T00:00:00+00:00"

ENTER = """
import sys
from datetime import datetime
from pathlib import Path
from grevy.definition import load_study
from grevy.simulate import simulate_study
from grevy.cli.ledger import open_ledger
folder, part = Path(sys.argv[1]), sys.argv[2]
study_folder = Path("studies/surufatinib_nen")
study = load_study(study_folder)
cohort = simulate_study(study, seed=5, subjects=24, sites=3)
moment = datetime.fromisoformat(sys.argv[3])
early = [entry for entry in cohort.entries if entry.at <= moment]
late = cohort.entries[len(early):]
assert len(early) > 100 and len(late) > 100, (len(early), len(late))
open_ledger(folder / "ledger.sqlite3", study_folder, create=True)
from grevy.capture.load import capture_entries
part = early if part == "early" else late
capture_entries(study, part, cohort.sites, cohort.users, anchor=folder / "anchor")
"""

LATER = """
import time
now = time.time
time.time = lambda: now() + 40 * 86400
from grevy.cli import main
main()
"""


def run(*arguments: object, **environment: str) -> None:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO", "GREVY"))}
    env |= {"PYTHONPATH": str(ROOT)} | environment
    ended = subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-3000:]


def hash_files(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a run, by its path."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_report_as_of_a_moment_equals_the_one_made_before_later_entries(tmp_path):
    ledger = tmp_path / "ledger.sqlite3"
    run("-c", ENTER, tmp_path, "early", MOMENT)
    run("-m", "grevy", "report", "--db", ledger, "--out", tmp_path / "then")
    run("-c", ENTER, tmp_path, "late", MOMENT)
    # made again after the study went on, on another day, in another time zone and with other hash seeds
    elsewhere = {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "77", "LC_ALL": "C"}
    again = ["report", "--db", ledger, "--as-of", MOMENT, "--out", tmp_path / "again"]
    run("-c", LATER, *again, **elsewhere)
    run("-m", "grevy", "report", "--db", ledger, "--out", tmp_path / "now")

    then, again_files, now = (hash_files(tmp_path / name) for name in ("then", "again", "now"))
    assert "report.html" in then
    assert "adam/adtte.parquet" in then
    assert again_files == then
    assert now["report.html"] != then["report.html"]
