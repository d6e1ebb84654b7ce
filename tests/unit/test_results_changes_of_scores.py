"""Change of the primary scales: the model where it is plain arithmetic, the marks of the figure."""

import re
from dataclasses import replace

import numpy as np
import pytest

from grevy.definition.analysis_plan import ByVisit
from grevy.report.mean_change import describe_mean_change, figure_mean_change, read_scales
from grevy.report.result_rows import read_result_rows
from grevy.results.changes_of_scores import estimate_mean_changes, estimate_models
from grevy.results.rows import Placed, Sources, build_rows
from tests.unit.reported_data import analyse, find

SUBJECTS = "SUBJECT | FASFL | COHORT\n" + "\n".join(
    f"{n} | Y | {'MONO' if n < 5 else 'COMBO'}" for n in range(1, 7)
)
CHANGES = {1: (-4, -6), 2: (0, 2), 3: (-2, -8), 4: (-6, -12), 5: (2, None), 6: (4, 0)}


def draw_scores(changes) -> str:
    """Baseline 60 of everybody and the changes at cycles 2 and 3, of global health."""
    lines = ["SUBJECT | PARCAT1 | PARAMCD | AVAL | BASE | CHG | ABLFL | ANL01FL | AVISITN | AVISIT | ADY"]
    for subject, values in changes.items():
        shared = f"{subject} | EORTC QLQ-C30 | QL"
        lines.append(f"{shared} | 60 | 60 |  | Y | Y | 1 | SCREENING | -3")
        for place, change in enumerate(values):
            if change is not None:
                visit = f"{12 + place} | CYCLE {2 + place} DAY 1 | {29 + 28 * place}"
                lines.append(f"{shared} | {60 + change} | 60 | {change} |  | Y | {visit}")
    return "\n".join(lines)


def collect(changes):
    data = analyse(ADSL=SUBJECTS, ADQS=draw_scores(changes))
    return replace(data, plan=data.plan.model_copy(update={"by_visit": ByVisit(minimum_subjects=3)}))


def test_complete_changes_have_their_means_in_the_model():
    """With nothing missing and one baseline for all, the means of the model are those of the visits."""
    complete = {subject: values for subject, values in CHANGES.items() if None not in values}
    rows = list(estimate_models(collect(complete)))
    for place, number in enumerate((12, 13)):
        changes = np.array([values[place] for values in complete.values()], dtype=float)
        row = find(rows, f"QL|{number}", "MMRM")
        assert row.value == pytest.approx(changes.mean(), abs=1e-9)
        # t limits with n - 1 degrees of freedom: 2.776445 is the quantile of 4
        half = 2.7764451052 * changes.std(ddof=1) / np.sqrt(5)
        assert row.upper - row.value == pytest.approx(half, rel=1e-6)
        assert find(rows, f"QL|{number}", "SHIFT").value == pytest.approx(row.value)
    assert find(rows, "QL|model", "N").line.label.en.endswith("unstructured")


def test_a_missing_score_is_expected_from_the_others_and_shifted_for_the_sensitivity():
    """The subject without cycle 3 did well at cycle 2: the mean of cycle 3 lies above that of the others.

    One of six is missing, counted ten points worse: the mean falls by 10 / 6.
    """
    rows = list(estimate_models(collect(CHANGES)))
    model = find(rows, "QL|13", "MMRM").value
    assert model > np.mean([-6, 2, -8, -12, 0])
    assert find(rows, "QL|13", "SHIFT").value == pytest.approx(model - 10 / 6)
    assert find(rows, "QL|13", "N").value == 5


def test_a_model_that_cannot_be_fitted_says_why():
    rows = list(estimate_models(collect(dict.fromkeys(range(1, 7), (0, 0)))))
    assert find(rows, "QL|12", "MMRM").text == "NC"
    assert find(rows, "QL|12", "MMRM").reason is not None


@pytest.fixture(scope="module")
def scale():
    data = collect(CHANGES)
    placed = [Placed("F14.2.10", "FAS", (), row) for row in estimate_mean_changes(data)]
    (found,) = read_scales(read_result_rows(build_rows(placed, Sources(data), "x")))
    return found


def test_the_figure_has_a_mark_for_each_mean_and_names_the_good_direction(scale):
    drawing = figure_mean_change(scale, "en", is_simulated=False).markup("t", "", "", "en")
    # three groups at two visits; one of them has a single subject at the second
    assert len(re.findall("<rect ", drawing)) == 5
    assert "↑ better +10" in drawing
    assert "↓ worse −10" in drawing
    assert "Simulated data" not in drawing
    assert [row.value for row in scale.counts if row.column_id == "MONO"] == [4, 4]
    assert scale.of("MONO")[0].value == pytest.approx(-3)


def test_one_subject_alone_has_no_interval_and_no_mark(scale):
    assert [row.time for row in scale.of("COMBO")] == [1]
    assert "较基线平均变化" in describe_mean_change(scale, "zh")
