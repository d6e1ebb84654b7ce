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
from grevy.engine import add_ordered, keep_beside, run_program
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


def numbered_in(connection, values):
    """Rows numbered within their group, by a program that is repeated; the second run's rows."""

    def derive(tables, keep):
        rows = keep(tables["IN"].mutate(WIDE=ibis.literal("w") + tables["IN"].GROUP))
        order = ibis.window(group_by="GROUP", order_by="VALUE")
        return {"OUT": keep(add_ordered(rows, NUMBER=ibis.row_number().over(order)))}

    for _run in range(2):
        table = ibis.memtable({"GROUP": [str(value % 3) for value in values], "VALUE": values})
        shown = connection.create_table("shown", table, temp=True, overwrite=True)
        made = run_program({"IN": shown}, derive, "numbered")["OUT"]
    return made.order_by("GROUP", "VALUE").to_pyarrow().to_pylist()


@pytest.mark.parametrize("place", ["memory", "file"])
def test_rows_are_numbered_and_a_file_of_somebody_gets_no_tables(place, tmp_path):
    file = tmp_path / "somebody.duckdb"
    connection = ibis.duckdb.connect(file if place == "file" else ":memory:")
    rows = numbered_in(connection, [7, 3, 5, 4, 9, 1])
    assert [(row["GROUP"], row["VALUE"], row["NUMBER"]) for row in rows] == [
        ("0", 3, 0), ("0", 9, 1), ("1", 1, 0), ("1", 4, 1), ("1", 7, 2), ("2", 5, 0),
    ]  # fmt: skip
    assert all(row["WIDE"] == "w" + row["GROUP"] for row in rows)
    connection.disconnect()
    if place == "file":
        assert duckdb.connect(file).execute("select table_name from duckdb_tables()").fetchall() == []


def test_the_mistake_of_a_repeated_step_is_raised():
    def derive(tables, keep):
        whole = keep(tables["IN"].mutate(N=tables["IN"].TEXT.cast("int64")))
        return {"OUT": keep(whole.filter(whole.N > 0))}

    for text in ("12", "13"):
        run_program({"IN": ibis.memtable({"TEXT": [text]})}, derive, "repeated mistake")
    with pytest.raises(duckdb.ConversionException, match="abc"):
        run_program({"IN": ibis.memtable({"TEXT": ["abc"]})}, derive, "repeated mistake")
