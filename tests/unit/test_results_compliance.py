"""Questionnaires received of those expected: who was due, what came, and why not, by hand."""

from dataclasses import replace

import pytest

from grevy.definition.analysis_plan import ByVisit
from grevy.results.compliance import estimate_compliance
from tests.unit.reported_data import analyse, find

SUBJECTS = """
    SUBJECT | FASFL | COHORT | TRTSDT     | TRTEDT     | DTHDT      | LSTALVDT  | DCTREAS
    # treated until after cycle 3
    1       | Y     | MONO   | 2024-01-01 | 2024-03-10 |            | 2024-06-01 | PROGRESSIVE DISEASE
    # stopped before cycle 3, which begins on 26 February
    2       | Y     | MONO   | 2024-01-01 | 2024-02-10 |            | 2024-06-01 | ADVERSE EVENT
    # died under treatment before cycle 3
    3       | Y     | COMBO  | 2024-01-01 | 2024-02-20 | 2024-02-20 | 2024-02-20 | DEATH
    # still treated, cycle 3 is not yet due
    4       | Y     | COMBO  | 2024-05-01 |            |            | 2024-06-01 |
    5       | N     | COMBO  | 2024-01-01 |            |            | 2024-06-01 |
"""
FORMS = """
    SUBJECT | PARAMCD | PARCAT1       | AVAL | AVALC           | AVISIT
    1       | FRMC30  | EORTC QLQ-C30 | 1    | RECEIVED        | SCREENING
    2       | FRMC30  | EORTC QLQ-C30 | 1    | RECEIVED        | SCREENING
    3       | FRMC30  | EORTC QLQ-C30 | 1    | RECEIVED        | SCREENING
    1       | FRMC30  | EORTC QLQ-C30 | 1    | RECEIVED        | CYCLE 2 DAY 1
    2       | FRMC30  | EORTC QLQ-C30 | 0    | SUBJECT TOO ILL | CYCLE 2 DAY 1
    4       | FRMC30  | EORTC QLQ-C30 | 1    | RECEIVED        | CYCLE 2 DAY 1
    1       | FRMC30  | EORTC QLQ-C30 | 1    | RECEIVED        | CYCLE 3 DAY 1
    # came although treatment had ended
    2       | FRMC30  | EORTC QLQ-C30 | 1    | RECEIVED        | CYCLE 3 DAY 1
    1       | FRMC30  | EORTC QLQ-C30 | 1    | RECEIVED        | END OF TREATMENT
    # an entry that no plan asks for
    5       | FRMC30  | EORTC QLQ-C30 | 1    | RECEIVED        | CYCLE 2 DAY 1
"""


@pytest.fixture(scope="module")
def table():
    data = analyse(ADSL=SUBJECTS, ADQS=FORMS)
    plan = data.plan.model_copy(update={"by_visit": ByVisit(minimum_subjects=1)})
    return list(estimate_compliance(replace(data, plan=plan)))


@pytest.mark.parametrize(
    ("visit", "text"),
    [
        # nothing is there of the fourth subject
        ("SCREENING", "3/4 (75.0%)"),
        # all four were due: the cycle begins on day 29
        ("CYCLE 2 DAY 1", "2/4 (50.0%)"),
        # one was due, one came without being due
        ("CYCLE 3 DAY 1", "2/2 (100%)"),
        # two stopped alive
        ("END OF TREATMENT", "1/2 (50.0%)"),
        ("ALL", "8/12 (66.7%)"),
    ],
)
def test_received_of_those_expected(table, visit, text):
    assert find(table, f"FRMC30|{visit}").text == text


def test_missing_forms_have_a_reason_or_no_record(table):
    assert find(table, "FRMC30|why|SUBJECT TOO ILL").text == "1/4 (25.0%)"
    assert find(table, "FRMC30|why|NONE").text == "3/4 (75.0%)"
    assert find(table, "FRMC30|why|NONE", "MONO").text == "1/2 (50.0%)"


def test_an_instrument_that_nobody_filled_in_is_left_out(table):
    assert not [row for row in table if row.line.parameter == "FRMEQ5D"]


SCORES = """
    SUBJECT | PARAMCD | PARCAT1       | AVAL | CHG | ABLFL | ANL01FL | ADY
    1       | QL      | EORTC QLQ-C30 | 50   |     | Y     | Y       | -1
    1       | QL      | EORTC QLQ-C30 | 60   | 10  |       | Y       | 29
    1       | QL      | EORTC QLQ-C30 | 30   | -20 |       | Y       | 57
    2       | QL      | EORTC QLQ-C30 | 60   | 5   |       | Y       | 29
    4       | QL      | EORTC QLQ-C30 | 60   | 1   |       | Y       | 29
"""


def test_the_last_change_stands_by_the_reason_for_which_treatment_ended():
    rows = list(estimate_compliance(analyse(ADSL=SUBJECTS, ADQS=SCORES)))
    assert find(rows, "QL|last|PROGRESSIVE DISEASE").value == -20
    assert find(rows, "QL|last|ADVERSE EVENT").value == 5
    assert find(rows, "QL|last|").value == 1
    assert find(rows, "QL|last|DEATH").text == "–"
