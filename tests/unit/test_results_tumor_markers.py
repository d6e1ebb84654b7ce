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


LIMITED = """
    SUBJECT | PARAMCD | PARAM          | AVAL | BASE | A1HI | PCHG | ABLFL | ONTRTFL
    # the same limit: the fall by 30 percent is taken as it is
    1       | CGA     | Chromogranin A | 100  | 100  | 30   |      | Y     |
    1       | CGA     | Chromogranin A | 70   | 100  | 30   | -30  |       | Y
    # another assay with twice the limit: from 2 to 0.8, a fall by 60 percent and not by 20
    2       | CGA     | Chromogranin A | 200  | 200  | 100  |      | Y     |
    2       | CGA     | Chromogranin A | 160  | 200  | 200  | -20  |       | Y
    # no limit with the later value
    3       | CGA     | Chromogranin A | 100  | 100  | 100  |      | Y     |
    3       | CGA     | Chromogranin A | 50   | 100  |      | -50  |       | Y
    # no limit at baseline
    4       | CGA     | Chromogranin A | 300  | 300  |      |      | Y     |
"""


def test_values_are_compared_as_multiples_where_the_limit_changed():
    rows = list(estimate_markers(analyse(ADSL=SUBJECTS, ADLB=LIMITED)))
    counts = {name: find(rows, f"CGA|BEST|{name}").value for name in ("M50", "M30", "SMALL", "NONE")}
    assert counts == {"M50": 2, "M30": 1, "SMALL": 0, "NONE": 0}
    assert find(rows, "CGA|BEST|range").text == "−60.0, −30.0"
    assert find(rows, "CGA|MULTIPLE|median").value == 2
    assert [find(rows, f"CGA|MULTIPLE|{name}").value for name in ("NORMAL", "RAISED", "HIGH")] == [1, 1, 1]
    assert find(rows, "CGA|MULTIPLE|missing").value == 2


def test_without_a_limit_there_is_a_reason_and_no_multiple():
    row = find(list(estimate_markers(analyse(ADSL=SUBJECTS, ADLB=VALUES))), "CGA|MULTIPLE|n", "TOTAL")
    assert row.value is None
    assert row.reason.en == "No upper limit of normal is recorded for this marker."
