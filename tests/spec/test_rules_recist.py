"""RECIST 1.1 at baseline: measurability and the choice of targets (sections 3 and 4.1)."""

from decimal import Decimal

import pytest

from grevy.rules.recist import Lesion, check_target_selection, classify_lesion

YES, NO, NORMAL = "TARGET_ELIGIBLE", "NON_TARGET", "NOT_DISEASE"

# case, kind, method, slice, diameter (short axis of nodes), class
MEASURABILITY = [
    # CT: 10 mm, or twice the slice where it is thicker than 5 mm
    ("M01", "NON_NODAL", "CT", "5", "10", YES),
    ("M02", "NON_NODAL", "CT", "5", "9.9", NO),
    ("M03", "NON_NODAL", "CT", "8", "15", NO),
    ("M04", "NON_NODAL", "CT", "8", "16", YES),
    # other methods
    ("M05", "NON_NODAL", "CHEST_XRAY", None, "19", NO),
    ("M06", "NON_NODAL", "CHEST_XRAY", None, "20", YES),
    ("M07", "NON_NODAL", "CALIPER", None, "10", YES),
    ("M19", "NON_NODAL", "ULTRASOUND", None, "30", NO),
    # nodes
    ("M08", "NODAL", "CT", "5", "15", YES),
    ("M09", "NODAL", "CT", "5", "14.9", NO),
    ("M10", "NODAL", "CT", "5", "10", NO),
    ("M11", "NODAL", "CT", "5", "9.9", NORMAL),
    # kinds
    ("M12", "BONE_LYTIC_SOFT_TISSUE", "CT", "5", "22", YES),
    ("M13", "BONE_BLASTIC", "CT", "5", "30", NO),
    ("M16", "SIMPLE_CYST", "CT", "5", "40", NORMAL),
    ("M17", "EFFUSION_OR_ASCITES", "CT", "5", None, NO),
    ("M18", "LEPTOMENINGEAL", "MRI", None, None, NO),
    # ours: boundaries between the cases
    ("slice of exactly 5 mm is thin", "NON_NODAL", "MRI", "5", "10", YES),
    ("slice just above 5 mm", "NON_NODAL", "MRI", "5.1", "10.1", NO),
    ("twice a slice just above 5 mm", "NON_NODAL", "MRI", "5.1", "10.2", YES),
    ("thick slice and node", "NODAL", "CT", "8", "15", NO),
    ("slice says nothing about a caliper", "NON_NODAL", "CALIPER", "8", "10", YES),
    ("cystic metastasis", "CYSTIC_MET", "CT", "5", "10", YES),
    ("positron emission only", "NON_NODAL", "PET_CT", None, "30", NO),
    ("not measured", "NON_NODAL", "CT", "5", None, NO),
    ("node not measured", "NODAL", "CT", "5", None, NO),
]


def number(text):
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("kind", "method", "slice_mm", "diameter", "expected"),
    [case[1:] for case in MEASURABILITY],
    ids=[case[0] for case in MEASURABILITY],
)
def test_measurability_at_baseline(kind, method, slice_mm, diameter, expected):
    lesion = Lesion("LIVER", kind, method, number(diameter), number(slice_mm))
    assert classify_lesion(lesion).value == expected


@pytest.mark.parametrize(
    ("treated", "progressed", "expected"),
    [(True, False, NO), (True, True, YES), (False, False, YES)],
    ids=["M14", "M15", "untreated"],
)
def test_lesion_treated_locally_is_measurable_only_after_progression(treated, progressed, expected):
    lesion = Lesion(
        "LIVER", diameter_mm=Decimal(25), prior_local_therapy=treated, progressed_since=progressed
    )
    assert classify_lesion(lesion).value == expected


LIVER, LUNG, ADRENAL = (lambda mm, organ=organ: (organ, mm) for organ in ("LIVER", "LUNG", "ADRENAL"))


def node(mm):
    return ("LYMPH_NODE", mm)


SELECTION = [
    ("S01", [LIVER(30), LIVER(20), LUNG(15), LUNG(12), node(18)], []),
    ("S02", [LIVER(30), LIVER(20), LUNG(15), LUNG(12), node(18), ADRENAL(14)], ["MORE_THAN_FIVE_TARGETS"]),
    ("S03", [LIVER(30), LIVER(20), LIVER(15)], ["MORE_THAN_TWO_PER_ORGAN"]),
    # nodes of three regions are one organ
    ("S04", [node(18), node(17), node(16)], ["MORE_THAN_TWO_PER_ORGAN"]),
    # both lungs are one organ
    ("S05", [LUNG(20), LUNG(18), LUNG(15)], ["MORE_THAN_TWO_PER_ORGAN"]),
    ("S06", [node(14)], ["TARGET_NOT_MEASURABLE"]),
    ("S07", [], ["NO_MEASURABLE_DISEASE"]),
    # ours: several problems at once
    (
        "all together",
        [LIVER(9), *[LIVER(20)] * 3, LUNG(15), ADRENAL(14)],
        ["TARGET_NOT_MEASURABLE", "MORE_THAN_FIVE_TARGETS", "MORE_THAN_TWO_PER_ORGAN"],
    ),
]


@pytest.mark.parametrize(
    ("targets", "problems"), [case[1:] for case in SELECTION], ids=[case[0] for case in SELECTION]
)
def test_choice_of_targets(targets, problems):
    lesions = [
        Lesion(organ, "NODAL" if organ == "LYMPH_NODE" else "NON_NODAL", diameter_mm=Decimal(mm))
        for organ, mm in targets
    ]
    assert [problem.value for problem in check_target_selection(lesions)] == problems
