"""Programs that one process wrote are run by the next; what is not what was kept is written anew."""

import logging
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from grevy import engine, programs

LIMITS = pa.table(
    {
        "TEST": ["ALT", "AST", None],
        "HIGH": pa.array([Decimal("40.10"), Decimal("0.30"), None], pa.decimal128(18, 2)),
        "RATIO": [0.1, 1 / 3, None],
        "SINCE": [date(2026, 1, 31), None, date(2025, 12, 1)],
    }
)


class Derivation:
    """A derivation as `adam` would hold it, which counts how often it was written down."""

    __module__ = "grevy.adam.drawn"

    def __init__(self):
        self.__qualname__ = "derive"
        self.written = 0

    def __call__(self, tables, keep):
        self.written += 1
        limited = keep(tables["LB"].join(ibis.memtable(LIMITS), "TEST", how="left").drop("TEST_right"))
        return {"ADLB": limited, "ABOVE": keep(limited.filter(limited.AVAL > limited.RATIO))}


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("GREVY_CACHE", str(tmp_path))
    return tmp_path / "programs"


@pytest.fixture
def build(folder, monkeypatch):
    """Build as a process does that has just begun: nothing is remembered, the folder is as it is."""
    derive = Derivation()

    def run(settings="plan", values=(0.2, 0.9)):
        monkeypatch.setattr(engine, "_programs", {})
        lb = ibis.memtable({"TEST": ["ALT", "AST"], "AVAL": list(values)})
        built = engine.run_program({"LB": lb}, derive, settings)
        return {name: table.order_by("TEST").to_pyarrow() for name, table in built.items()}, derive.written

    return run


def test_a_later_process_writes_nothing_and_gets_the_same(build, folder):
    anew, _ = build()
    again, written = build()
    assert written == 1
    assert again == anew
    assert {name: table.schema for name, table in again.items()} == {
        name: table.schema for name, table in anew.items()
    }
    assert len(list(folder.iterdir())) == 1
    other, written = build(values=(0.05, 0.1))
    assert written == 1
    assert other["ABOVE"].num_rows == 0
    assert again["ABOVE"].num_rows == 2


def test_another_setting_is_another_program(build, folder):
    build("elapsed")
    _, written = build("inclusive")
    assert written == 2
    assert len(list(folder.iterdir())) == 2


def test_changed_code_or_library_is_another_program(monkeypatch, tmp_path):
    key = programs.compute_key("derive", "columns", "settings")
    assert programs.compute_key("derive", "columns", "settings") == key
    for name, changed in (("_IMPORTED", "other code"), ("_read_versions", lambda: ("duckdb 99",))):
        with monkeypatch.context() as patch:
            patch.setattr(programs, name, changed)
            assert programs.compute_key("derive", "columns", "settings") != key
    others = [
        ("other", "columns", "settings"),
        ("derive", "other", "settings"),
        ("derive", "columns", "other"),
    ]
    assert len({programs.compute_key(*other) for other in others} | {key}) == 4


def test_every_file_beside_the_code_counts(monkeypatch, tmp_path):
    for name in programs._SOURCES:
        file = tmp_path / name if name.endswith(".py") else tmp_path / name / "table.csv"
        file.parent.mkdir(exist_ok=True)
        file.write_text("1")
    monkeypatch.setattr(programs, "_PACKAGE", tmp_path)
    hashes = [programs.hash_sources()]
    for name in programs._SOURCES:
        file = tmp_path / name if name.endswith(".py") else tmp_path / name / "table.csv"
        file.write_text("2")
        hashes.append(programs.hash_sources())
    assert len(set(hashes)) == len(hashes)


def test_code_that_was_changed_while_it_ran_keeps_nothing(build, folder, monkeypatch):
    monkeypatch.setattr(programs, "_IMPORTED", "the code of an hour ago")
    build()
    assert not folder.exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: b"",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace(b"select", b"SELECT", 1).replace(b"SELECT", b"select  ", 1),
        lambda text: b"\xff\xfe" + text,
        lambda text: b"{}",
    ],
    ids=["empty", "cut", "changed", "no text", "foreign"],
)
def test_a_damaged_file_is_written_anew(build, folder, caplog, damage):
    anew, _ = build()
    (file,) = folder.iterdir()
    kept = file.read_bytes()
    file.write_bytes(damage(kept))
    again, written = build()
    assert written == 2
    assert again == anew
    assert "written anew" in caplog.text
    assert build()[1] == 2


def test_a_program_under_the_name_of_another_is_not_run(build, folder):
    build("elapsed")
    (elapsed,) = folder.iterdir()
    content = elapsed.read_bytes()
    build("inclusive")
    (inclusive,) = set(folder.iterdir()) - {elapsed}
    inclusive.write_bytes(content)
    assert build("inclusive")[1] == 3


def test_without_a_folder_all_works(build, folder, caplog):
    folder.write_text("a file stands where the folder would be")
    caplog.set_level(logging.INFO)
    anew, _ = build()
    again, written = build()
    assert written == 2
    assert again == anew
    assert "not kept" in caplog.text


def test_the_oldest_make_room(folder, monkeypatch):
    monkeypatch.setattr(programs, "FILES", 2)
    for number in range(4):
        programs.write_program(f"key{number}", programs.Program("run_"))
        os.utime(folder / f"key{number}.json", ns=(number, number))
    programs.write_program("key4", programs.Program("run_"))
    assert {file.name for file in folder.iterdir()} == {"key3.json", "key4.json"}


def test_code_outside_sdtm_and_adam_is_not_kept(folder):
    letters = {"LETTERS": ibis.memtable({"LETTER": ["A"]})}
    engine.run_program(letters, lambda tables, keep: {"KEPT": keep(tables["LETTERS"])}, "outside")
    assert not folder.exists()


def test_two_processes_at_once_leave_one_whole_file(folder):
    script = (
        "from grevy.programs import Program, read_program, write_program\n"
        "for _ in range(50):\n"
        "    write_program('same', Program('run_' + 'x' * 50_000))\n"
        "    assert read_program('same').prefix.startswith('run_')\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE) for _ in range(2)]
    for process in running:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()
        assert b"written anew" not in said
    assert [file.name for file in folder.iterdir()] == ["same.json"]
