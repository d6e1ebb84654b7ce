"""Pieces of one virtual patient: growth of a lesion, doses and events, dates as far as known."""

from dataclasses import replace
from datetime import date
from math import exp

import numpy as np
import pytest

from grevy.simulate.assumptions import SHIPPED, AssumptionMistakes, load_assumptions
from grevy.simulate.patients import draw, draw_patient
from grevy.simulate.records import Writer
from grevy.simulate.safety import AdverseEvent, DoseInterval, DosePlan, Dosing, cut_doses, plan_doses
from grevy.simulate.treated_patient import cut_event
from grevy.simulate.tumors import Lesion, draw_biology, draw_lesions, true_diameter

ASSUMED = load_assumptions()
LESION = Lesion("T1", "TARGET", "LIVER", None, "NON_NODAL", "CT", 5.0, 40.0, 0.004, 0.001)
ALWAYS = {1: 1.0, 2: 1.0, 3: 1.0, 4: 1.0}
NEVER = {1: 0.0, 2: 0.0, 3: 0.0, 4: 0.0}


def event(onset=30, grade=3, **changes):
    plain = AdverseEvent(
        "hypertension", "Hypertension", "Vascular disorders", onset, onset + 10, grade, False, "RELATED", None
    )
    return replace(plain, **changes)


def assumed_doses(**changes):
    quiet = {
        "interruption_by_grade": NEVER,
        "reduction_without_interruption": NEVER,
        "stop_by_grade": NEVER,
        "other_interruption_per_year": 0.0,
    }
    return ASSUMED.model_copy(update={"dosing": ASSUMED.dosing.model_copy(update=quiet | changes)})


# ------------------------------------------------------------------------------------------------------
# Lesions
# ------------------------------------------------------------------------------------------------------


def test_lesion_has_its_baseline_diameter_on_the_first_day():
    assert true_diameter(LESION, 0, 10**6, 1.6) == pytest.approx(40)


def test_lesion_shrinks_and_grows_again():
    expected = 40 * (exp(-0.004 * 200) + exp(0.001 * 200) - 1)
    assert true_diameter(LESION, 200, 10**6, 1.6) == pytest.approx(expected)
    assert true_diameter(LESION, 200, 10**6, 1.6) < 40 < true_diameter(LESION, 900, 10**6, 1.6)


def test_lesion_only_grows_once_treatment_has_stopped():
    at_stop = true_diameter(LESION, 100, 100, 1.6)
    later = true_diameter(LESION, 150, 100, 1.6)
    assert later == pytest.approx(at_stop * exp(0.001 * 1.6 * 50))


def test_node_never_falls_below_a_normal_short_axis():
    node = replace(LESION, kind="NODAL", diameter_mm=20.0, shrink=0.05, growth=0.0)
    assert true_diameter(node, 1000, 10**6, 1.6) == pytest.approx(5.0)


def test_targets_are_at_most_five_two_of_an_organ_and_measurable():
    for number in range(400):
        rng = np.random.default_rng([7, number])
        patient = draw_patient(rng, ASSUMED)
        lesions = draw_lesions(rng, patient, draw_biology(rng, patient, ASSUMED), ASSUMED)
        targets = [lesion for lesion in lesions if lesion.role == "TARGET"]
        organs = [lesion.organ for lesion in targets]
        assert 1 <= len(targets) <= 5
        assert max(organs.count(organ) for organ in organs) <= 2
        assert all(lesion.diameter_mm >= (15 if lesion.kind == "NODAL" else 10) for lesion in targets)


# ------------------------------------------------------------------------------------------------------
# Doses
# ------------------------------------------------------------------------------------------------------


def test_grade_3_event_interrupts_and_then_reduces_by_one_level():
    assumed = assumed_doses(
        interruption_by_grade=ALWAYS, reduction_after_interruption=1.0, interruption_median_days=5
    )
    plan, met = plan_doses(np.random.default_rng(1), [event()], 300, 400, assumed)
    assert [interval.dose_mg for interval in plan.intervals] == [300, 0, 250]
    assert [interval.cause for interval in plan.intervals] == [None, 0, 0]
    assert met[0].action == "REDUCED"
    assert all(
        later.start == earlier.end + 1
        for earlier, later in zip(plan.intervals, plan.intervals[1:], strict=False)
    )


def test_combination_goes_from_250_to_200_to_three_weeks_on_one_off():
    assumed = assumed_doses(reduction_without_interruption=ALWAYS)
    events = [event(onset) for onset in (30, 60, 90)]
    plan, met = plan_doses(np.random.default_rng(1), events, 250, 400, assumed)
    levels = [(interval.dose_mg, interval.schedule) for interval in plan.intervals]
    assert levels == [(250, "QD"), (200, "QD"), (200, "3W1")]
    assert [one.action for one in met] == ["REDUCED", "REDUCED", "NONE"]


def test_event_can_end_treatment_on_the_day_before():
    plan, met = plan_doses(np.random.default_rng(1), [event()], 300, 400, assumed_doses(stop_by_grade=ALWAYS))
    assert met[0].action == "WITHDRAWN"
    assert (plan.stop_day, plan.stop_cause) == (met[0].action_day - 1, 0)


def test_no_dose_change_during_an_interruption():
    dosing = Dosing(np.random.default_rng(1), 300, assumed_doses(reduction_without_interruption=ALWAYS))
    dosing.intervals.append(DoseInterval(20, 40, 0, "QD", "PATIENT"))
    assert dosing.meet(0, event(onset=30)).action == "NONE"


def test_diary_ends_at_the_last_dose_also_when_treatment_ends_during_an_interruption():
    intervals = (
        DoseInterval(0, 29, 300, "QD", "START"),
        DoseInterval(30, 43, 0, "QD", "ADVERSE_EVENT", 0),
        DoseInterval(44, None, 250, "QD", "ADVERSE_EVENT", 0),
    )
    plan = DosePlan(intervals, None, None)
    assert [(x.start, x.end) for x in cut_doses(plan, 60, 400)] == [(0, 29), (30, 43), (44, 60)]
    assert [(x.start, x.end) for x in cut_doses(plan, 35, 400)] == [(0, 29)]
    assert cut_doses(plan, None, 400)[-1].end is None


def test_event_after_the_last_dose_has_no_action():
    assert cut_event(event(onset=50, action="REDUCED", action_day=52), 40, 400).action == "NA"
    assert cut_event(event(onset=38, action="REDUCED", action_day=42), 40, 400).action == "NONE"
    # another reason ended treatment first
    assert cut_event(event(onset=38, action="WITHDRAWN", action_day=41), 40, 400).action == "NONE"


@pytest.mark.parametrize("onset", [38, 41])
def test_the_event_that_ended_treatment_says_so_also_when_it_began_after_the_last_dose(onset):
    stopping = event(onset=onset, action="WITHDRAWN", action_day=41)
    assert cut_event(stopping, 40, 400, ends_treatment=True).action == "WITHDRAWN"


# ------------------------------------------------------------------------------------------------------
# Shares, dates, assumptions
# ------------------------------------------------------------------------------------------------------


def test_draw_keeps_the_shares():
    rng = np.random.default_rng(3)
    drawn = [draw(rng, {"A": 0.7, "B": 0.2, "C": 0.1}) for _ in range(4000)]
    assert [round(drawn.count(code) / 4000, 1) for code in "ABC"] == [0.7, 0.2, 0.1]


def test_partial_date_leaves_off_its_end_and_never_its_beginning():
    writer = Writer(np.random.default_rng(1), date(2024, 3, 1), ASSUMED)
    assert writer.date(31) == "2024-04-01"
    assert writer.partial_date(31, 0.0) == "2024-04-01"
    assert {writer.partial_date(31, 1.0) for _ in range(60)} == {"2024", "2024-04"}


def test_combination_is_chosen_more_often_for_severe_disease():
    patients = [draw_patient(np.random.default_rng([5, n]), ASSUMED) for n in range(1500)]
    severity = {code: [p.severity for p in patients if p.regimen == code] for code in ("MONO", "COMBO")}
    assert np.mean(severity["COMBO"]) - np.mean(severity["MONO"]) > 0.4


def test_unknown_entry_in_the_assumptions_is_refused_by_name(tmp_path):
    misspelled = tmp_path / "simulation.yaml"
    shipped = SHIPPED.read_text(encoding="utf-8")
    misspelled.write_text(shipped.replace("scan_late:", "scan_latte:"), encoding="utf-8")
    with pytest.raises(AssumptionMistakes, match="scan_latte"):
        load_assumptions(misspelled)
