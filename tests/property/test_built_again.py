"""Statements that were compiled once give, on other records, what compiling them anew gives."""

import pyarrow as pa

from grevy.adam import build_adam
from grevy.adam.engine import keep_beside
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


def test_another_switch_is_another_program():
    tables = conform_all(tabulate(generate_subjects(20, seed=3)))
    plan = study_plan()
    days = [
        read(build_adam(tables, plan.with_values({"time.duration": rule})))["ADTTE"]["AVAL"].to_pylist()
        for rule in ("inclusive", "elapsed", "inclusive")
    ]
    assert days[0] == days[2]
    assert days[0] == [value + 1 for value in days[1]]
