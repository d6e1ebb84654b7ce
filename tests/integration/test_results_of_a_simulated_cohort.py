"""From virtual patients to results: the chain fits together and its numbers agree with each other."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import ibis
import pytest

from grevy.adam import build_adam
from grevy.adam.specification import DATA_SETS
from grevy.adam.specification.checks import check_data_set
from grevy.cli.pipeline import tabulate_tables
from grevy.definition import load_study
from grevy.exchange.define.displays import SHOWN
from grevy.results import OUTPUTS, build_results
from grevy.sdtm.domains import DOMAINS, build_empty
from grevy.simulate import simulate_tables
from tests.integration.stated_twice import read_facts

CUTOFF = date(2026, 1, 31)


@pytest.fixture(scope="module")
def study():
    return load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")


@pytest.fixture(scope="module")
def adam(study):
    tabulated = tabulate_tables(simulate_tables(study, 7, subjects=60, sites=3), study).sdtm
    sdtm = {
        name: ibis.memtable(tabulated[name]) if name in tabulated else build_empty(name) for name in DOMAINS
    }
    return {
        name: table.to_pyarrow() for name, table in build_adam(sdtm, study.analysis, cutoff=CUTOFF).items()
    }


@pytest.fixture(scope="module")
def results(adam, study):
    return build_results(adam, study, study.analysis, "simulated")


def find(results, result_id):
    return next(row for row in results.rows.to_pylist() if row["result_id"] == result_id)


def test_data_sets_are_what_their_specification_says(adam, study):
    assert list(adam) == list(DATA_SETS)
    found = [check_data_set(adam[name], DATA_SETS[name], study.codelists) for name in DATA_SETS]
    assert [sentence for sentences in found for sentence in sentences] == []


def test_displays_of_the_define_xml_show_their_endpoints(results):
    shown = {(row["output_id"], row["dataset"], row["parameter"]) for row in results.rows.to_pylist()}
    for parameter, place in SHOWN.items():
        of = parameter if place.by == "PARAMCD" else None
        assert (place.output, place.data_set, of) in shown


def test_every_output_has_a_result(results):
    found = {row["output_id"] for row in results.rows.to_pylist() if row["status"] == "OK"}
    assert {output.id for output in OUTPUTS} - {"L-issues"} <= found


def test_every_count_opens_its_subjects(results):
    subjects = defaultdict(set)
    for row in results.trace.to_pylist():
        subjects[row["trace_key"]].add(row["USUBJID"])
    wrong = []
    for row in results.rows.to_pylist():
        if row["unit"] == "forms":
            has_no_record = "|why|NONE|" in row["result_id"]  # forms of which nothing was recorded at all
            found = row["value"] if has_no_record else row["n_records"]
        elif row["operation"] in ("count", "n", "at_risk") and row["status"] == "OK":
            found = len(subjects[row["trace_key"]])
        else:
            continue
        if found != row["value"]:
            wrong.append((row["result_id"], row["value"], found))
    assert wrong == []


def test_trace_points_at_records_that_exist(adam, results):
    keys = {
        name: set(zip(table["USUBJID"].to_pylist(), table["ASEQ"].to_pylist(), strict=True))
        for name, table in adam.items()
    }
    for row in results.trace.to_pylist():
        assert (row["USUBJID"], row["ASEQ"]) in keys[row["dataset"]]


def test_rates_agree_with_the_subject_parameters(adam, results):
    full = {row["USUBJID"] for row in adam["ADSL"].to_pylist() if row["FASFL"] == "Y"}
    for parameter, result_id in (
        ("CRSP", "T14.2.4|CBOR|FAS|ORR|count|TOTAL"),
        ("RSP", "T14.2.4|BOR|FAS|ORR|count|TOTAL"),
        ("DC", "T14.2.4|CBOR|FAS|DCR|count|TOTAL"),
        ("CB", "T14.2.4|CBOR|FAS|CBR|count|TOTAL"),
    ):
        yes = {
            row["USUBJID"]
            for row in adam["ADRS"].to_pylist()
            if row["PARAMCD"] == parameter and row["AVALC"] == "Y"
        }
        assert find(results, result_id)["value"] == len(yes & full), parameter


def test_a_fact_that_several_outputs_state_is_one_number(results):
    facts = read_facts(results.rows.to_pylist())
    assert [fact for fact, columns in facts.items() if len(columns["TOTAL"]) < 2] == []
    differing = {
        (fact, column): stated
        for fact, columns in facts.items()
        for column, stated in columns.items()
        if len(set(stated.values())) > 1
    }
    assert differing == {}


def test_nobody_survives_shorter_than_progression_free(results):
    assert find(results, "L-issues|PFS_AFTER_OS|NONE|SUBJECT")["status"] == "NOT_CALCULABLE"


def test_second_build_gives_the_same_rows(adam, results, study):
    again = build_results(adam, study, study.analysis, "simulated")
    assert again.rows.equals(results.rows)
    assert again.trace.equals(results.trace)
