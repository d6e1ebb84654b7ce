"""The virtual investigator's judgment and the crude endpoints, against worked examples."""

import pytest

from grevy.simulate.radiology import LesionReading, NewLesion, Scan
from grevy.simulate.response import (
    Call,
    ResponseRecord,
    confirmed_best_response,
    progression_free_survival,
    two_missed_limit,
)

NEVER = 10**6


def call(overall, day):
    return Call(day, "NA", "NA", overall, None)


def calls_of(text):
    """'SD 56, PD 168' as calls."""
    return [call(word.split()[0], int(word.split()[1])) for word in text.split(",") if word.strip()]


# Worked examples of progression-free survival: assessments, death, new therapy, baseline scan, day, event.
CENSORING = [
    ("P1", "SD 56, SD 112, PD 168", None, NEVER, True, 168, True),
    ("P2", "SD 56, SD 112", None, NEVER, True, 112, False),
    ("P3", "SD 56", 100, NEVER, True, 100, True),
    ("P4", "SD 56", 200, NEVER, True, 56, False),
    ("P5", "", 60, NEVER, True, 60, True),
    ("P6", "", 130, NEVER, True, 0, False),
    ("P7", "PR 56, PR 112, PD 280", None, 150, True, 112, False),
    ("P8", "SD 56, PD 112", None, 112, True, 112, True),
    ("P9", "SD 56, NE 112, PD 168", None, NEVER, True, 168, True),
    ("P10", "SD 56, NE 112, NE 168, PD 224", None, NEVER, True, 56, False),
    ("P12", "PD 60", None, NEVER, False, 0, False),
    ("P13", "SD 56", None, NEVER, True, 56, False),
    ("P16", "SD 20", 130, NEVER, True, 20, False),
    ("P17", "SD 56", 100, 60, True, 56, False),
    ("P18", "", 60, NEVER, False, 60, True),
]


@pytest.mark.parametrize(
    ("name", "assessments", "death", "therapy", "baseline", "elapsed", "event"),
    CENSORING,
    ids=lambda x: str(x),
)
def test_progression_free_survival_follows_the_worked_example(
    name, assessments, death, therapy, baseline, elapsed, event
):
    result = progression_free_survival(calls_of(assessments), death, therapy, baseline)
    assert result == (elapsed + 1, event), name


@pytest.mark.parametrize(("last_adequate", "limit"), [(0, 119), (28, 119), (29, 175), (56, 175), (336, 511)])
def test_two_missed_scans_are_counted_from_the_nearest_planned_one(last_adequate, limit):
    assert two_missed_limit(last_adequate) == limit


@pytest.mark.parametrize(
    ("assessments", "best"),
    [
        ("PR 56, PR 112", "PR"),
        ("PR 56, NE 112, PR 168", "PR"),
        ("PR 56, NE 84, NE 112, PR 168", "SD"),
        ("PR 56, SD 112", "SD"),
        ("PR 56, PD 112", "SD"),
        ("PR 40, PD 100", "PD"),
        ("CR 56, CR 112", "CR"),
        ("PR 56, CR 112", "PR"),
        ("SD 48, PD 100", "PD"),
        ("SD 49, PD 100", "SD"),
        ("NE 56, NE 112", "NE"),
        ("", "NE"),
    ],
)
def test_best_response_needs_confirmation_and_stable_disease_its_minimum(assessments, best):
    assert confirmed_best_response(calls_of(assessments), NEVER) == best


def test_response_after_new_therapy_does_not_count():
    assert confirmed_best_response(calls_of("SD 56, PR 112, PR 168"), 100) == "SD"


# ------------------------------------------------------------------------------------------------------
# One visit
# ------------------------------------------------------------------------------------------------------


def record(baseline=100, nadir=None, nodal=()):
    return ResponseRecord(frozenset(nodal), ("T1", "T2"), ("NT1",), baseline, nadir or baseline)


def scan(t1, t2, nt="PRESENT", new=(), day=56):
    readings = (reading("T1", t1, day), reading("T2", t2, day), LesionReading("NT1", nt, day, "CT"))
    return Scan("IMAGING", 1, day, tuple(x for x in readings if x is not None), tuple(new))


def reading(name, value, day):
    if value is None:
        return None
    if isinstance(value, str):
        return LesionReading(name, value, day, "CT")
    if isinstance(value, tuple):
        return LesionReading(name, "SPLIT", day, "CT", fragments=value)
    return LesionReading(name, "MEASURED", day, "CT", diameter_mm=value)


@pytest.mark.parametrize(
    ("t1", "t2", "nadir", "target"),
    [
        (40, 30, 100, "PR"),  # exactly 30 percent less
        (41, 30, 100, "SD"),
        (35, 25, 50, "PD"),  # exactly 20 percent and 10 mm more than the nadir
        (14, 10, 20, "PR"),  # 20 percent more than the nadir, but only 4 mm
        ("NOT_EVALUABLE", 30, 100, "NE"),
        ("NOT_EVALUABLE", 130, 100, "PD"),  # the lesion that is left proves it
        (None, 30, 100, "NE"),  # forgotten on the form
        ((22, 16), 40, 100, "SD"),  # a split lesion counts the sum of its parts
        ("TOO_SMALL", 64, 100, "PR"),  # 5 mm
        ("MERGED", 75, 100, "SD"),
        ("ABSENT", "ABSENT", 100, "CR"),
    ],
)
def test_target_response_at_a_visit(t1, t2, nadir, target):
    assert record(nadir=nadir).judge(scan(t1, t2)).target == target


def test_nodes_below_10_mm_are_a_complete_response():
    assert record(nodal=("T1", "T2")).judge(scan(9, 8)).target == "CR"


def test_unequivocal_new_lesion_is_progression_on_the_day_of_its_first_sight():
    lesion = NewLesion("N1", "LIVER", "UNEQUIVOCAL", 56, 112, "CT")
    judged = record().judge(scan(40, 30, new=[lesion], day=112))
    assert (judged.overall, judged.day) == ("PD", 56)


def test_equivocal_new_lesion_is_not_progression():
    lesion = NewLesion("N1", "LIVER", "EQUIVOCAL", 56, 56, "CT")
    assert record().judge(scan(50, 50, new=[lesion])).overall == "SD"


def test_non_target_progression_outweighs_a_response():
    assert record().judge(scan(30, 30, nt="UNEQUIVOCAL_PD")).overall == "PD"


def test_anything_seen_after_a_complete_response_is_progression():
    investigator = record()
    assert investigator.judge(scan("ABSENT", "ABSENT", nt="ABSENT")).overall == "CR"
    assert investigator.judge(scan(4, "ABSENT", nt="ABSENT", day=112)).overall == "PD"


def test_incomplete_visit_does_not_set_the_nadir():
    investigator = record()
    investigator.judge(scan("NOT_EVALUABLE", 20))
    assert investigator.nadir == 100
