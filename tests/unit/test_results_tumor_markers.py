"""Biochemical response: best change of a marker and its classes at their limits, by hand."""

from grevy.results.tumor_markers import estimate_markers
from tests.unit.reported_data import analyse, find

SUBJECTS = "SUBJECT | FASFL | COHORT\n" + "\n".join(f"{n} | Y | MONO" for n in range(1, 6))
VALUES = """
    SUBJECT | PARAMCD | PARAM              | AVAL | PCHG | ABLFL | ONTRTFL
    1       | CGA     | Chromogranin A     | 100  |      | Y     |
    1       | CGA     | Chromogranin A     | 50   | -50  |       | Y
    1       | CGA     | Chromogranin A     | 90   | -10  |       | Y
    2       | CGA     | Chromogranin A     | 200  |      | Y     |
    2       | CGA     | Chromogranin A     | 140  | -30  |       | Y
    # after the time on treatment
    2       | CGA     | Chromogranin A     | 20   | -90  |       |
    3       | CGA     | Chromogranin A     | 100  |      | Y     |
    3       | CGA     | Chromogranin A     | 100  | 0    |       | Y
    # a baseline alone
    4       | CGA     | Chromogranin A     | 300  |      | Y     |
"""


def test_best_change_and_its_classes():
    rows = list(estimate_markers(analyse(ADSL=SUBJECTS, ADLB=VALUES)))
    assert find(rows, "CGA|BEST|M50").text == "1 (20.0%)"
    assert find(rows, "CGA|BEST|M30").value == 1
    assert find(rows, "CGA|BEST|SMALL").value == 0
    assert find(rows, "CGA|BEST|NONE").value == 1
    assert find(rows, "CGA|BEST|missing").value == 2
    assert find(rows, "CGA|BASE|median").value == 150
    # the record behind the class is that of the best value, the second of the first subject
    assert list(find(rows, "CGA|BEST|M50").records.index) == [1]


def test_without_a_later_value_nothing_is_estimated():
    alone = "\n".join(VALUES.splitlines()[:3])
    assert not list(estimate_markers(analyse(ADSL=SUBJECTS, ADLB=alone)))
