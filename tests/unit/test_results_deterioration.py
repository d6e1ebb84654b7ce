"""Time to deterioration, and what ends treatment or the wait for severe hypertension: by hand."""

import pytest

from grevy.report import style
from grevy.report.figures import draw_figures
from grevy.report.outputs import list_outputs
from grevy.report.result_rows import read_result_rows
from grevy.results.cumulative_incidence import LEAVING, SEVERE_HYPERTENSION, estimate_incidence
from grevy.results.deterioration import estimate_deterioration, estimate_deterioration_curves
from grevy.results.rows import Placed, Sources, build_rows
from tests.unit.drawn_texts import CANVAS
from tests.unit.reported_data import analyse, find

SUBJECTS = """
    SUBJECT | FASFL | SAFFL | COHORT | DCTREAS
    1       | Y     | Y     | MONO   | PROGRESSIVE DISEASE
    2       | Y     | Y     | MONO   | ADVERSE EVENT
    3       | Y     | Y     | MONO   |
    4       | Y     | Y     | COMBO  | LOST TO FOLLOW-UP
    5       | N     | N     | COMBO  |
"""
SCORES = """
    SUBJECT | PARCAT1            | PARAMCD
    1       | EORTC QLQ-C30 V3.0 | QL
    1       | EORTC QLQ-C30 V3.0 | RF
"""
TIMES = """
    SUBJECT | PARAMCD | AVAL | CNSR | EVNTDESC                 | CNSDTDSC
    1       | TTDQL   | 10   | 0    | Definitive deterioration |
    2       | TTDQL   | 20   | 1    |                          | No definitive deterioration: last score
    3       | TTDQL   | 40   | 0    | Death                    |
    1       | TD1QL   | 10   | 1    |                          | No definitive deterioration: last score
    3       | TD1QL   | 40   | 0    | Death                    |
    1       | TTDRF   | 30   | 0    | Death                    |
"""


@pytest.fixture(scope="module")
def table():
    return list(estimate_deterioration(analyse(ADSL=SUBJECTS, ADQS=SCORES, ADTTE=TIMES)))


def test_a_primary_scale_has_its_events_by_kind_and_who_is_left_out(table):
    assert find(table, "TTDQL|n").value == 3
    assert find(table, "TTDQL|events").text == "2 (66.7%)"
    assert find(table, "TTDQL|events|Death").value == 1
    # the fourth subject of the full analysis set has no baseline
    assert find(table, "TTDQL|nobase").text == "1 (25.0%)"
    assert find(table, "TTDQL|nobase", "COMBO").text == "1 (100%)"
    # two thirds after 10 days, none after 40: the median is reached on day 40
    assert find(table, "TTDQL|median").value == pytest.approx(40 / 30.4375)


def test_only_primary_scales_have_the_other_definitions(table):
    assert find(table, "TD1QL|events").text == "1 (50.0%)"
    lines = {row.line.id for row in table}
    assert not [line for line in lines if line.startswith("TD1RF")]
    assert find(table, "TTDRF|n").value == 1


def test_curves_are_those_of_the_primary_scales():
    rows = list(estimate_deterioration_curves(analyse(ADSL=SUBJECTS, ADQS=SCORES, ADTTE=TIMES)))
    assert {row.line.parameter for row in rows} == {"TTDQL"}
    assert find(rows, "TTDQL|survival|10").value == pytest.approx(2 / 3)
    assert find(rows, "TTDQL|at_risk|0").value == 3


def test_curves_have_a_page_each_so_that_their_title_stays_with_them():
    """Two panels with numbers at risk and events below them are taller than a page."""
    scores = SCORES + "    1       | EORTC QLQ-C30 V3.0 | PF\n"
    times = "    SUBJECT | PARAMCD | AVAL | CNSR | EVNTDESC\n" + "".join(
        f"    {subject} | TTD{scale} | {10 * subject} | 0 | Death\n"
        for scale in ("QL", "PF")
        for subject in (1, 2, 3, 4)
    )
    data = analyse(ADSL=SUBJECTS, ADQS=scores, ADTTE=times)
    placed = [Placed("F14.2.11", "FAS", (), row) for row in estimate_deterioration_curves(data)]
    rows = read_result_rows(build_rows(placed, Sources(data), "x"))
    output = next(found for found in list_outputs(["F14.2.11"]) if found.id == "F14.2.11")
    drawings = draw_figures(output, rows, is_simulated=True)
    heights = [float(CANVAS.search(drawing.en)[2]) for drawing in drawings]
    assert len(heights) == 2
    assert max(heights) <= style.PAGE_OF_DRAWINGS


ENDS = """
    SUBJECT | PARAMCD | AVAL | CNSR | EVNTDESC
    1       | TTF     | 10   | 0    | Permanent stop of treatment
    2       | TTF     | 20   | 0    | Permanent stop of treatment
    3       | TTF     | 30   | 1    |
    4       | TTF     | 40   | 0    | Permanent stop of treatment
    1       | TTHYP   | 5    | 0    | Hypertension of grade 3 or higher
    2       | TTHYP   | 25   | 2    |
    3       | TTHYP   | 30   | 1    |
    4       | TTHYP   | 45   | 3    |
"""


def test_leaving_treatment_is_parted_by_reason():
    """A quarter at 10 and at 20 days; of the half left one is censored, the last one leaves on day 40."""
    rows = list(estimate_incidence(analyse(ADSL=SUBJECTS, ADTTE=ENDS), LEAVING))
    assert find(rows, "TTF|incidence|1|10").value == pytest.approx(0.25)
    assert find(rows, "TTF|incidence|2|20").value == pytest.approx(0.25)
    assert find(rows, "TTF|incidence|5|40").value == pytest.approx(0.5)
    # nobody died; no step and no guess
    assert [row.line.id for row in rows if "incidence|3" in row.line.id and row.column.id == "TOTAL"] == [
        "TTF|incidence|3|0"
    ]
    assert find(rows, "TTF|at_risk|0").value == 4
    assert list(find(rows, "TTF|incidence|5|40").records.index) == [6]


def test_death_under_treatment_and_progression_are_reasons_of_their_own():
    ends = ENDS.replace("10   | 0    | Permanent stop of treatment", "10   | 0    | Death")
    rows = list(estimate_incidence(analyse(ADSL=SUBJECTS, ADTTE=ends), LEAVING))
    assert find(rows, "TTF|incidence|3|10").value == pytest.approx(0.25)


def test_the_end_of_treatment_and_death_compete_with_severe_hypertension():
    rows = list(estimate_incidence(analyse(ADSL=SUBJECTS, ADTTE=ENDS), SEVERE_HYPERTENSION))
    assert find(rows, "TTHYP|incidence|1|5").value == pytest.approx(0.25)
    assert find(rows, "TTHYP|incidence|2|25").value == pytest.approx(0.25)
    assert find(rows, "TTHYP|incidence|3|45").value == pytest.approx(0.5)


def test_a_parameter_that_is_not_there_is_said():
    rows = list(estimate_incidence(analyse(ADSL=SUBJECTS), LEAVING))
    assert {row.text for row in rows} == {"NC"}
