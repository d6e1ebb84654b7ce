"""The stacked cumulative incidence: areas on one another, what is fewer than ten faded, numbers as links."""

import re

import pytest

from grevy.report.cumulative_incidence import describe_incidence, figure_incidence, read_panel
from grevy.report.result_rows import read_result_rows
from grevy.results.cumulative_incidence import LEAVING, estimate_incidence
from grevy.results.rows import Placed, Sources, build_rows
from tests.unit.reported_data import analyse

SUBJECTS = "SUBJECT | FASFL | COHORT | DCTREAS\n" + "\n".join(
    f"{n} | Y | MONO | {'PROGRESSIVE DISEASE' if n % 2 else 'ADVERSE EVENT'}" for n in range(1, 21)
)
ENDS = "SUBJECT | PARAMCD | AVAL | CNSR\n" + "\n".join(
    f"{n} | {parameter} | {30 * n} | 0" for parameter in ("TTF", "OS") for n in range(1, 21)
)


@pytest.fixture(scope="module")
def panel():
    data = analyse(ADSL=SUBJECTS, ADTTE=ENDS)
    placed = [Placed("F14.2.12", "FAS", (), row) for row in estimate_incidence(data, LEAVING)]
    return read_panel(read_result_rows(build_rows(placed, Sources(data), "x")), "TOTAL")


def test_areas_are_stacked_and_faded_where_few_are_left(panel):
    drawing = figure_incidence(panel, 24, "en", is_simulated=True).markup("t", "", "", "en")
    # five causes and the veil over the second half
    assert len(re.findall(r"<path [^>]*Z\"", drawing)) == 6
    assert "Simulated data" in drawing
    assert panel.fades_from == 12
    assert "Progressive disease" in drawing


def test_the_last_event_leaves_nobody(panel):
    whole = sum(layer.share_at(panel.last) for layer in panel.layers)
    assert whole == pytest.approx(1)
    assert panel.layers[0].share_at(0) == 0


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Adverse event: 30.0"), ("zh", "不良事件：12个月时 30.0")]
)
def test_the_figure_in_words(panel, language, words):
    assert words in describe_incidence(panel, 24, language)


def test_a_group_without_anybody_has_no_drawing():
    data = analyse(ADSL=SUBJECTS, ADTTE=ENDS)
    placed = [Placed("F14.2.12", "FAS", (), row) for row in estimate_incidence(data, LEAVING)]
    assert read_panel(read_result_rows(build_rows(placed, Sources(data), "x")), "COMBO") is None
