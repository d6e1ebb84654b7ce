"""The specification of the analysis data sets: whole, and within the limits of its formats.

That what is built is as specified: `integration/test_results_of_a_simulated_cohort`, on its cohort.
"""

import re

import pyarrow as pa
import pytest

from grevy.adam import adex, adrs, adtte
from grevy.adam.specification import CODE_LISTS, DATA_SETS, DICTIONARIES
from grevy.adam.specification.checks import check_data_set, check_variables
from grevy.adam.specification.declaration import declare, declare_parameters
from grevy.adam.specification.terms import find_terms

VARIABLES = [(data_set, variable) for data_set in DATA_SETS.values() for variable in data_set.variables]


def test_names_and_labels_fit_a_transport_file():
    long = [
        f"{data_set.name}.{variable.name}"
        for data_set, variable in VARIABLES
        if len(variable.label) > 40 or not re.fullmatch("[A-Z][A-Z0-9_]{0,7}", variable.name)
    ]
    assert long == []
    assert all(len(data_set.label) <= 40 for data_set in DATA_SETS.values())


def test_a_variable_has_one_label_in_all_data_sets():
    labels = {}
    for data_set, variable in VARIABLES:
        labels.setdefault(variable.name, {}).setdefault(variable.label, []).append(data_set.name)
    assert {name: found for name, found in labels.items() if len(found) > 1} == {}


def test_what_is_derived_says_how_in_both_languages():
    silent = [
        f"{data_set.name}.{variable.name}"
        for data_set, variable in VARIABLES
        if (variable.origin == "Derived") != bool(variable.method)
        or variable.origin not in ("Assigned", "Derived", "Predecessor")
        or (variable.origin == "Predecessor") != bool(variable.source)
    ]
    assert silent == []
    methods = [variable.method for _, variable in VARIABLES if variable.method]
    methods += [one.method for data_set in DATA_SETS.values() for one in data_set.parameters]
    assert all(words.en.isascii() and words.zh for words in methods)


def test_switches_that_a_method_names_are_in_the_plan(study):
    texts = [variable.method.en for _, variable in VARIABLES if variable.method]
    texts += [one.method.en for data_set in DATA_SETS.values() for one in data_set.parameters]
    sections = {key.split(".")[0] for key in study.analysis.switches}
    named = {word for text in texts for word in re.findall(r"\b[a-z]+\d?\.[a-z_0-9]+\b", text)}
    assert {word for word in named if word.split(".")[0] in sections} - set(study.analysis.switches) == set()
    assert named  # the pattern still finds them


def test_every_code_list_is_known(study):
    used = {variable.codelist for _, variable in VARIABLES}
    assert all(find_terms(name, study.codelists) for name in used - {"", "PARAMCD", *DICTIONARIES})
    assert set(CODE_LISTS) <= used


@pytest.mark.parametrize(
    ("name", "codes"),
    [("ADTTE", adtte.PARAMETERS), ("ADRS", adrs.PARAMETERS), ("ADEX", adex.PARAMETERS)],
)
def test_every_parameter_has_a_method_of_its_own(name, codes):
    assert {one.code for one in DATA_SETS[name].parameters} >= set(codes)


def test_a_whole_code_goes_before_its_beginning():
    found = declare("ADXX", "X", "BASIC DATA STRUCTURE", "One", "A", "", declare_parameters({}, METHODS))
    assert [found.find_parameter(code).method.en for code in ("TDQL", "TD1QL", "OS")] == [
        "one",
        "two",
        "three",
    ]


METHODS = """
TD*
    one
    一
TD1QL
    two
    二
*
    three
    三
"""


# --- The checks, seen to fail ------------------------------------------------------------------------

SMALL = declare(
    "ADXX",
    "A Small Data Set",
    "BASIC DATA STRUCTURE",
    "One record per subject and parameter",
    "USUBJID PARAMCD",
    """
    USUBJID text  DM.USUBJID -       Unique Subject Identifier
    PARAMCD text  Assigned   PARAMCD Parameter Code
    PARAM   text  Assigned   -       Parameter
    AVAL    float Assigned   -       Analysis Value
    ABLFL   text  Assigned   Y       Baseline Record Flag
    SEX     text  DM.SEX     SEX     Sex
    """,
    declare_parameters({}, "OS\n    one\n    一"),
)
RIGHT = {
    "USUBJID": ["1", "2"],
    "PARAMCD": ["OS", "OS"],
    "PARAM": ["Overall survival", "Overall survival"],
    "AVAL": [1.0, 2.0],
    "ABLFL": ["Y", None],
    "SEX": ["F", "M"],
}


def test_what_is_as_declared_has_no_finding(study):
    assert check_data_set(pa.table(RIGHT), SMALL, study.codelists) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"AVAL": [1, 2]}, "ADXX.AVAL: is int64, declared float"),
        ({"NEW": [1, 2]}, "ADXX: not declared: ['NEW']; not built: []"),
        ({"SEX": None}, "ADXX: not declared: []; not built: ['SEX']"),
        ({"SEX": ["F", "m"]}, "ADXX.SEX: not in SEX: m"),
        ({"ABLFL": ["Y", "N"]}, "ADXX.ABLFL: not in NY.Y: N"),
        ({"USUBJID": ["1", "1"]}, "ADXX: 2 records, 1 by USUBJID, PARAMCD"),
        ({"PARAMCD": ["OS", "PFS"]}, "ADXX: parameter PFS has no method"),
        ({"PARAM": ["B", "A"]}, "ADXX: parameter OS has several texts: ['A', 'B']"),
    ],
)  # fmt: skip
def test_each_departure_is_told(study, change, found):
    columns = {name: values for name, values in (RIGHT | change).items() if values is not None}
    assert check_data_set(pa.table(columns), SMALL, study.codelists) == [found]


def test_another_order_is_told():
    schema = pa.table({name: RIGHT[name] for name in ["PARAMCD", "USUBJID", *list(RIGHT)[2:]]}).schema
    assert list(check_variables(schema, SMALL)) == [
        "ADXX: not declared: []; not built: []; the first other one is PARAMCD"
    ]
