"""Best overall response when confirmation is required: RECIST 1.1, table 3, from responses alone.

The first assessment is early (elapsed day 20) or late (56); the next follows 28 days or 56 days later.
Stable disease as best response asks for an assessment at 49 elapsed days or later.
"""

from __future__ import annotations

import pytest

from tests.oracles.analysis import analyse
from tests.oracles.recist import Given
from tests.oracles.subjects import Subject

LATE, EARLY = (56, 112), (20, 48)

# First, next, best response when the minimum duration is met, and when it is not.
TABLE = [
    ("CR", "CR", "CR", "CR"),
    ("CR", "PR", "SD", "PD"),  # a true CR followed by any disease is progression at that point
    ("CR", "SD", "SD", "PD"),
    ("CR", "PD", "SD", "PD"),
    ("CR", "NE", "SD", "NE"),
    ("PR", "CR", "PR", "PR"),
    ("PR", "PR", "PR", "PR"),
    ("PR", "SD", "SD", None),  # the table asks for no duration here, the algorithm does
    ("PR", "PD", "SD", "PD"),
    ("PR", "NE", "SD", "NE"),
    ("NE", "NE", "NE", "NE"),
]
ROWS = [(f, n, LATE, late) for f, n, late, _ in TABLE] + [
    (f, n, EARLY, early) for f, n, _, early in TABLE if early
]


def usubjid(row) -> str:
    first, following, days, _ = row
    return f"SURU-NEN-01-{first}{following}{days[0]}"


def as_subject(row) -> Subject:
    given = tuple(
        Given(f"VISIT {k}", 100.0 + k, day, response)
        for k, (response, day) in enumerate(zip(row[:2], row[2], strict=True), 1)
    )
    return Subject(id=usubjid(row), given=given, last_dose=120, contacts=(130,))


@pytest.fixture(scope="module")
def analysis():
    return analyse([as_subject(row) for row in ROWS])


@pytest.mark.parametrize("row", ROWS, ids=usubjid)
def test_two_assessments(analysis, row):
    assert analysis.only("adrs", usubjid(row), "CBOR")["AVALC"] == row[3]


SEQUENCES = [
    # one assessment that cannot be evaluated between two responses is tolerated, two are not
    ([("PR", 56), ("NE", 112), ("PR", 168)], "PR"),
    ([("PR", 56), ("NE", 84), ("NE", 112), ("PR", 168)], "SD"),
    ([("CR", 56), ("NE", 112), ("CR", 168)], "CR"),
    # 28 days confirm, 27 do not
    ([("PR", 56), ("PR", 84)], "PR"),
    ([("PR", 56), ("PR", 83)], "SD"),
    # a confirming scan need not be the next one
    ([("PR", 56), ("PR", 70), ("PR", 84)], "PR"),
    # a complete response without confirmation of its own confirms the partial one
    ([("PR", 56), ("CR", 112)], "PR"),
    ([("PR", 56), ("CR", 112), ("CR", 168)], "CR"),
    # a partial response may not follow a complete one inside the period
    ([("PR", 56), ("CR", 70), ("PR", 112)], "SD"),
    ([("PR", 56), ("SD", 112), ("PR", 168)], "SD"),
    # the minimum duration of stable disease
    ([("SD", 48)], "NE"),
    ([("SD", 49)], "SD"),
    ([("SD", 48), ("PD", 100)], "PD"),
    ([("NON-CR/NON-PD", 56)], "NON-CR/NON-PD"),
    ([("NON-CR/NON-PD", 48)], "NE"),
    ([("NED", 56), ("NED", 112)], "NED"),
    ([], "NE"),
    # several responses on one date: the worst counts, NE last
    ([("PR", 56), ("SD", 112), ("PR", 112), ("PR", 168)], "SD"),
    ([("PR", 56), ("NE", 112), ("PR", 112)], "PR"),
    ([("SD", 56), ("PD", 112), ("SD", 112), ("SD", 168)], "SD"),
    ([("SD", 20), ("PD", 48), ("CR", 48), ("SD", 168)], "PD"),
]


def sequence_id(number: int) -> str:
    return f"SURU-NEN-01-S{number:02d}"


def sequence_subject(number: int) -> Subject:
    responses, _ = SEQUENCES[number]
    given = tuple(Given(f"VISIT {k}", 100.0 + k, day, r) for k, (r, day) in enumerate(responses, 1))
    return Subject(id=sequence_id(number), given=given, last_dose=300, contacts=(400,))


@pytest.fixture(scope="module")
def sequences():
    return analyse([sequence_subject(number) for number in range(len(SEQUENCES))])


@pytest.mark.parametrize("number", range(len(SEQUENCES)), ids=[str(s) for s, _ in SEQUENCES])
def test_sequences(sequences, number):
    assert sequences.only("adrs", sequence_id(number), "CBOR")["AVALC"] == SEQUENCES[number][1]


def test_the_last_entered_of_one_date_by_choice():
    two_on_day_112 = [("PR", 56), ("SD", 112), ("PR", 112), ("PR", 168)]
    number = [responses for responses, _ in SEQUENCES].index(two_on_day_112)
    analysis = analyse([sequence_subject(number)], {"recist.same_date": "last"})
    assert analysis.only("adrs", sequence_id(number), "CBOR")["AVALC"] == "PR"
