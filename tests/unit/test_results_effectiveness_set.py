"""Effectiveness in the set that the plan chooses: other subjects, another name, and nothing else changes."""

import pytest
from test_results_build import STUDY, make_adam

from grevy.exchange.define.displays import list_displays
from grevy.report.document import describe_document
from grevy.results import OUTPUTS, build_results

SIZES = {"full": ("FAS", 34), "evaluable": ("EVALUABLE", 32), "per_protocol": ("PER_PROTOCOL", 33)}
ASKED = ("14.1.2", "14.2.1", "14.2.4", "14.2.7", "14.3.1.1")


@pytest.fixture(scope="module")
def adam():
    return make_adam()


@pytest.fixture(scope="module")
def built(adam):
    plans = {name: STUDY.analysis.with_values({"sets.effectiveness": name}) for name in SIZES}
    return {name: (plan, build_results(adam, STUDY, plan, "s", only=ASKED)) for name, plan in plans.items()}


def rows_of(results, output):
    return [row for row in results.rows.to_pylist() if row["output_id"] == output]


@pytest.mark.parametrize("name", SIZES)
def test_progression_free_survival_is_of_the_chosen_set_and_says_so(built, name):
    analysis_set, size = SIZES[name]
    rows = rows_of(built[name][1], "T14.2.1")
    assert {row["analysis_set"] for row in rows} == {analysis_set}
    assert next(row["value"] for row in rows if row["result_id"] == "T14.2.1|N|TOTAL") == size
    is_named = {"sets.effectiveness" in row["switches"] for row in rows}
    assert is_named == {name != "full"}
    curve = next(row for row in rows_of(built[name][1], "F14.2.1") if row["column_id"] == "TOTAL")
    assert curve["analysis_set"] == analysis_set


def test_who_leaves_is_the_one_outside_the_set(built):
    """Subject 9 is outside the per-protocol set, and in no record behind its numbers."""
    for name, is_inside in (("full", True), ("per_protocol", False)):
        results = built[name][1]
        (row,) = (r for r in rows_of(results, "T14.2.1") if r["result_id"] == "T14.2.1|PFS|median|TOTAL")
        trace = results.trace.to_pylist()
        subjects = {t["USUBJID"] for t in trace if t["trace_key"] == row["trace_key"]}
        assert ("SURU-NEN-01-009" in subjects) == is_inside


def test_safety_and_the_table_of_sets_do_not_change(built):
    for output in ("T14.1.2", "T14.3.1.1"):
        full, other = (rows_of(built[name][1], output) for name in ("full", "per_protocol"))
        trace_free = [
            [{k: v for k, v in row.items() if k != "trace_key"} for row in rows] for rows in (full, other)
        ]
        assert trace_free[0] == trace_free[1]


def test_the_table_of_responses_names_its_sets_and_gains_the_chosen_one(built):
    def sets(name):
        return list(dict.fromkeys(row["analysis_set"] for row in rows_of(built[name][1], "T14.2.4")))

    assert sets("full") == sets("evaluable") == ["FAS", "EVALUABLE"]
    assert sets("per_protocol") == ["FAS", "EVALUABLE", "PER_PROTOCOL"]


def test_the_report_prints_the_set_and_its_size(built, adam):
    plan, results = built["per_protocol"]
    document = describe_document(
        results.rows, adam=adam, revisions=None, study=STUDY, plan=plan, only=ASKED, is_simulated=True
    )
    shown = {output.id: (output.set.en, output.n.left) for output in document.outputs if output.n}
    assert shown["T14.2.1"] == ("Per-protocol set", "33")
    assert shown["T14.2.4"] == ("Full analysis set", "34")
    assert shown["T14.3.1.1"][0] == "Safety set"


def test_the_results_in_define_xml_take_the_chosen_flag():
    plan = STUDY.analysis.with_values({"sets.effectiveness": "per_protocol"})
    conditions = {
        display.name: {used.condition.of for result in display.results for used in result.used}
        for display in list_displays(plan, {"ADSL", "ADTTE", "ADRS"})
    }
    assert "IT.ADSL.PPROTFL" in conditions["T14.2.1"]
    assert "IT.ADSL.FASFL" in conditions["T14.2.4"]


def test_every_output_of_effectiveness_follows_the_plan():
    plan = STUDY.analysis.with_values({"sets.effectiveness": "per_protocol"})
    follows = {output.id for output in OUTPUTS if output.set_in_force(plan) == "PER_PROTOCOL"}
    assert follows == {o.id for o in OUTPUTS if o.id[1:].startswith("14.2.")} - {"T14.2.4"}
