"""One derivation, two engines: the page computes of one subject what DuckDB computes of all of them."""

from __future__ import annotations

from collections import defaultdict

import ibis
import pytest
from ibis import _

from grevy.adam import build_adam
from grevy.adam.adrs import build_adrs
from grevy.adam.adsl import derive_reference_dates
from grevy.adam.adtr import build_adtr
from grevy.adam.few_rows import Rows, write_program
from grevy.adam.tumor import analyse_tumors
from tests.oracles.analysis import study_plan
from tests.oracles.cases import load_cases
from tests.oracles.generate import generate_subjects
from tests.oracles.subjects import conform_all, tabulate
from tests.spec.test_recist_cases import VARIANTS, as_subject

READ = ("DM", "EX", "CM", "PR", "TU", "TR", "RS")
NOT_SHOWN = {"DEATH"}
"""The page needs no date of death: it bears on no response."""


def derive(plan):
    def derive_responses(sdtm, keep):
        dates = keep(derive_reference_dates(sdtm, plan, keep=keep))
        analysis = analyse_tumors(sdtm["TU"], sdtm["TR"], sdtm["RS"], dates, plan, keep=keep)
        adtr = keep(build_adtr(analysis))
        return {"ADTR": adtr, "ADRS": keep(build_adrs(analysis, adtr, keep=keep))}

    return derive_responses


def by_subject(rows: list[dict]) -> dict[str, list[str]]:
    """Rows as text, so that a float and a whole number, or two kinds of missing, count as different."""
    found = defaultdict(list)
    for row in rows:
        if row.get("PARAMCD") not in NOT_SHOWN:
            found[row["USUBJID"]].append(repr({k: v for k, v in sorted(row.items()) if k != "ASEQ"}))
    return {subject: sorted(texts) for subject, texts in found.items()}


def compare(subjects, plan) -> dict[str, list[str]]:
    """What each engine gives where they differ, by subject and data set."""
    domains = conform_all(tabulate(subjects))
    whole = build_adam(domains, plan)
    tables = {name: domains[name].to_pyarrow() for name in READ}
    program = write_program({name: domains[name].schema() for name in READ}, derive(plan))
    few = {"ADTR": [], "ADRS": []}
    for one in split_by_subject(tables):
        for name, rows in program.run(one).items():
            few[name] += rows
    differences = {}
    for name in few:
        expected, found = by_subject(whole[name].to_pyarrow().to_pylist()), by_subject(few[name])
        for subject in expected.keys() | found.keys():
            if expected.get(subject) != found.get(subject):
                differences[f"{subject} {name}"] = [expected.get(subject), found.get(subject)]
    return differences


def split_by_subject(tables):
    """The records of each subject of DM by themselves."""
    rows = {name: defaultdict(list) for name in tables}
    for name, table in tables.items():
        for row in table.to_pylist():
            rows[name][row["USUBJID"]].append(row)
    for subject in rows["DM"]:
        yield {
            name: Rows(
                {column: [row[column] for row in rows[name][subject]] for column in table.column_names},
                len(rows[name][subject]),
            )
            for name, table in tables.items()
        }


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_worked_examples_agree(variant):
    subjects = [as_subject(case, VARIANTS[variant]) for case in load_cases()]
    assert compare(subjects, study_plan()) == {}


def test_generated_subjects_agree():
    assert compare(generate_subjects(100, seed=11), study_plan()) == {}


@pytest.mark.slow
def test_two_thousand_generated_subjects_agree():
    assert compare(generate_subjects(2_000, seed=20261128), study_plan()) == {}


@pytest.mark.parametrize(
    "switches",
    [
        {"recist.pr_policy": "eortc_sticky", "recist.same_date": "last", "recist.sd_from": "baseline_scan"},
        {"recist.reappearance_after_cr": "REVIEW", "recist.missing_target": "ne"},
        {"recist.response_source": "assessor", "recist.equivocal_date": "proof"},
    ],
)
def test_every_switch_of_the_plan_agrees(switches):
    assert compare(generate_subjects(60, seed=12), study_plan().with_values(switches)) == {}


def test_a_planted_difference_is_found():
    """A plan that asks for 29 days on one side only is seen."""
    subjects = [as_subject(case, VARIANTS["as_grevy_writes"]) for case in load_cases()]
    domains = conform_all(tabulate(subjects))
    other = study_plan().with_values({"recist.ttsm_default_mm": "4"})
    program = write_program({name: domains[name].schema() for name in READ}, derive(other))
    found = program.run({name: domains[name].to_pyarrow() for name in READ})
    whole = build_adam(domains, study_plan())
    assert by_subject(found["ADTR"]) != by_subject(whole["ADTR"].to_pyarrow().to_pylist())


def test_an_operation_it_does_not_know_is_refused_when_the_program_is_written():
    with pytest.raises(NotImplementedError, match="StringLength"):
        write_program(
            {"DM": ibis.schema({"USUBJID": "string"})},
            lambda t, _keep: {"X": t["DM"].mutate(N=_.USUBJID.length())},
        )
