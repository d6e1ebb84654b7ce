"""Statements that were compiled once give, on other records, what compiling them anew gives."""

import gc
from importlib.util import module_from_spec, spec_from_file_location

import duckdb
import ibis
import pyarrow as pa
import pytest
from ibis import _

from grevy import engine
from grevy.adam import build_adam
from grevy.engine import keep_beside
from tests.oracles.analysis import study_plan
from tests.oracles.generate import generate_subjects
from tests.oracles.subjects import conform_all, tabulate

COMPARED = ("ADSL", "ADRS", "ADTTE", "ADEX", "ADCM")


def read(adam) -> dict[str, pa.Table]:
    tables = {name: adam[name].to_pyarrow() for name in COMPARED}
    return {
        name: table.sort_by([("USUBJID", "ascending"), ("ASEQ", "ascending")])
        for name, table in tables.items()
    }


def test_a_second_build_runs_the_statements_of_the_first_on_its_own_records():
    first, second = (conform_all(tabulate(generate_subjects(20, seed=seed))) for seed in (1, 2))
    plan = study_plan()
    built = read(build_adam(first, plan))
    again = read(build_adam(second, plan))
    anew = read(build_adam(second, plan, keep=keep_beside(second["DM"])))
    assert again == anew
    assert again["ADTTE"] != built["ADTTE"]


def test_another_process_runs_the_statements_of_this_one(monkeypatch):
    first, second = (conform_all(tabulate(generate_subjects(20, seed=seed))) for seed in (1, 2))
    plan = study_plan()
    build_adam(first, plan)
    monkeypatch.setattr(engine, "_programs", {})  # another process remembers nothing ...
    monkeypatch.setattr(engine, "_write_program", None)  # ... and need not write
    kept = read(build_adam(second, plan))
    assert kept == read(build_adam(second, plan, keep=keep_beside(second["DM"])))


def test_another_switch_is_another_program():
    tables = conform_all(tabulate(generate_subjects(20, seed=3)))
    plan = study_plan()
    days = [
        read(build_adam(tables, plan.with_values({"time.duration": rule})))["ADTTE"]["AVAL"].to_pylist()
        for rule in ("inclusive", "elapsed", "inclusive")
    ]
    assert days[0] == days[2]
    assert days[0] == [value + 1 for value in days[1]]


def load_copy():
    """The engine as a module that was loaded once more: nothing of it has been counted or drawn yet."""
    spec = spec_from_file_location("grevy_engine_copy", engine.__file__)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_two_copies_of_the_engine_in_one_session_leave_each_others_tables_alone():
    def keep_letter(module, letter):
        letters = {"LETTERS": ibis.memtable({"LETTER": [letter]})}
        built = module.run_program(letters, lambda shown, keep: {"KEPT": keep(shown["LETTERS"])}, "letters")
        return built["KEPT"]

    one, other = keep_letter(load_copy(), "A"), keep_letter(load_copy(), "B")
    assert [table.LETTER.to_pyarrow().to_pylist() for table in (one, other)] == [["A"], ["B"]]


def test_the_mistake_of_a_step_that_runs_behind_is_raised():
    letters = ibis.memtable({"LETTER": ["A"]})

    def derive(shown, keep):
        number = keep(shown["LETTERS"].mutate(NUMBER=_.LETTER.cast("int64")))
        return {"NUMBERS": keep(number.mutate(TWICE=2 * _.NUMBER))}

    with pytest.raises(duckdb.ConversionException, match="'A'"):
        engine.run_program({"LETTERS": letters}, derive, "letters")
    assert gc.isenabled()
