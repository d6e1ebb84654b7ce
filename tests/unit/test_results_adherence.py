"""Adherence: percentages shown at most as 100, classes of the values themselves, interruptions apart."""

import pytest

from grevy.results.adherence import estimate_adherence
from tests.unit.reported_data import analyse, find

SUBJECTS = "SUBJECT | FASFL | COHORT\n" + "\n".join(f"{n} | Y | MONO" for n in range(1, 6))
EXPOSURE = """
    SUBJECT | PARAMCD | AVAL
    1       | ADHERPC | 80
    2       | ADHERPC | 79.9
    3       | ADHERPC | 130
    4       | ADHERPC | 100
    1       | DOSEINT | 0
    2       | DOSEINT | 7
    3       | DOSEINT | 21
"""
REPORTS = """
    SUBJECT | PARAMCD | PARCAT1   | AVAL | ADT
    1       | ADHMISS | ADHERENCE | 3    | 2024-02-01
    1       | ADHMISS | ADHERENCE | 0    | 2024-03-01
    2       | ADHMISS | ADHERENCE | 1    | 2024-02-01
    1       | ADHMARS | ADHERENCE | 20   | 2024-02-01
    1       | ADHMARS | ADHERENCE | 24   | 2024-03-01
"""


@pytest.fixture(scope="module")
def table():
    return list(estimate_adherence(analyse(ADSL=SUBJECTS, ADEX=EXPOSURE, ADQS=REPORTS)))


def test_a_value_above_100_is_shown_as_100_and_counted_as_above(table):
    assert find(table, "ADHERPC|range").text == "79.9, 100.0"
    assert find(table, "ADHERPC|ABOVE").text == "1/4 (25.0%)"
    assert find(table, "ADHERPC|HIGH").value == 1


def test_exactly_80_percent_is_good(table):
    assert find(table, "ADHERPC|GOOD").text == "3/4 (75.0%)"
    assert find(table, "ADHERPC|POOR").value == 1
    # of the one subject without a pill count nothing is said
    assert find(table, "ADHERPC|missing").value == 1


def test_ordered_interruptions_stand_apart(table):
    assert find(table, "DOSEINT|subjects").text == "2 (40.0%)"
    assert find(table, "DOSEINT|median").value == 14


def test_most_missed_doses_and_the_last_total(table):
    assert find(table, "ADHMISS|range").text == "1, 3"
    assert find(table, "ADHMARS|mean").value == 24
    assert not [row for row in table if row.line.parameter == "ADHEXT"]
