"""Tutorial and how-tos, followed to the letter in a folder of their own, with a smaller demo."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pyarrow.parquet as pq
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

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


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_page_can_be_followed_to_the_letter(name, demo, tmp_path):
    lay_out(tmp_path, demo)
    treated = pq.read_table(demo / "run" / "adam" / "adtte.parquet")["USUBJID"][0].as_py()
    ended = follow(ROOT / "docs" / name, tmp_path, treated)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    if name.endswith("verify-a-ledger.md"):
        assert "found" in ended.stdout, "the altered ledger must not pass"


def run_notebook(place: Path, cells: list[str]) -> nbformat.NotebookNode:
    """Run the cells of code in a folder; the first that fails ends it."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    return NotebookClient(book, timeout=300, resources={"metadata": {"path": str(place)}}).execute()


def test_notebook_runs_from_its_first_cell_to_its_last(demo, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    shutil.copytree(demo / "run", tmp_path / "demo" / "run")
    book = nbformat.read(ROOT / "docs" / "tutorial" / "notebook.ipynb", as_version=4)
    cells = [cell.source for cell in book.cells if cell.cell_type == "code"]
    done = run_notebook(tmp_path, cells)
    assert [cell.source for cell in done.cells if not cell.outputs] == [], "a cell that shows nothing"
    changed = done.cells[-1].outputs[-1].data["text/plain"]
    assert "T14.2.1" in changed
    assert "T14.3.1.1" not in changed, "the censoring rules of PFS touch no adverse event"
    with pytest.raises(CellExecutionError, match="KeyError"):
        run_notebook(tmp_path, [cells[0], 'run["ADXX"]'])
