"""Quantities: values typed with their unit, judged in the unit of the item; targets of findings."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from grevy.definition import StudyMistakes, load_study, validate_values
from grevy.definition.forms import Item
from grevy.definition.partial_values import Quantity, read_quantity
from grevy.definition.quantities import compute_standard_value
from grevy.definition.sdtm_targets import Target, describe_allowed_targets, read_target
from grevy.definition.values import is_of_type

STUDY = Path("studies/surufatinib_nen")
HEMOGLOBIN = Item(
    name="hgb", label={"en": "Hemoglobin", "zh": "血红蛋白"}, type="quantity", unit="g/L", units=("g/dL",),
    sdtm=("LB.LBORRES WHEN LBTESTCD = HGB",),
)  # fmt: skip
FORM = """
form: probe
label: {en: Probe, zh: 试验表}
items:
  - name: hgb
    label: {en: Hemoglobin, zh: 血红蛋白}
    type: quantity
    unit: g/L
    units: [g/dL]
    soft: {low: "60", high: "180"}
    hard: {low: "10", high: "300"}
    sdtm: [LB.LBORRES WHEN LBTESTCD = HGB]
    assigned: {LB.LBSPEC: BLOOD}
checks:
  - id: PROBE_LOW
    level: soft
    when: probe.hgb < 80
    items: [hgb]
    message: {en: Check the hemoglobin., zh: 请核对血红蛋白。}
"""


@pytest.fixture
def folder(tmp_path):
    """A copy of the study with a form of one quantity."""
    copy = tmp_path / "study"
    shutil.copytree(STUDY, copy)
    identity = (copy / "study.yaml").read_text(encoding="utf-8")
    for unit in ("g/L", "g/dL", "mg/dL"):
        if f"unit: {unit}," not in identity:
            identity = identity.replace(
                "units:\n", f"units:\n  - {{unit: {unit}, en: {unit}, zh: {unit}}}\n", 1
            )
    (copy / "study.yaml").write_text(identity, encoding="utf-8")
    schedule = (copy / "schedule.yaml").read_text(encoding="utf-8")
    assert "forms: [" in schedule
    (copy / "schedule.yaml").write_text(schedule.replace("forms: [", "forms: [probe, ", 1), encoding="utf-8")
    return copy


def load_probe(folder, old="", new=""):
    (folder / "forms" / "probe.yaml").write_text(FORM.replace(old, new, 1) if old else FORM, encoding="utf-8")
    return load_study(folder)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("132 g/L", Quantity("", Decimal("132"), "g/L")),
        ("<0.50 ng/mL", Quantity("<", Decimal("0.50"), "ng/mL")),
        (">=200 10^9/L", Quantity(">=", Decimal("200"), "10^9/L")),
        ("132", None),
        ("132g/L", None),
        ("< 5 g/L", None),
        ("13,2 g/dL", None),
        (132, None),
    ],
)
def test_a_quantity_is_a_number_and_its_unit(text, quantity):
    assert read_quantity(text) == quantity


def test_only_the_units_of_the_item_are_taken():
    assert is_of_type(HEMOGLOBIN, "13.2 g/dL")
    assert not is_of_type(HEMOGLOBIN, "13.2 mg/dL")


def test_the_standard_value_is_converted_and_a_limit_of_detection_has_none():
    assert compute_standard_value(HEMOGLOBIN, "13.2 g/dL") == Decimal("132")
    assert compute_standard_value(HEMOGLOBIN, "132 g/L") == Decimal("132")
    assert compute_standard_value(HEMOGLOBIN, "<5 g/L") is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("120 g/L", []),
        ("12.0 g/dL", []),
        # typed with the wrong unit: 13.2 g/L is a tenth of what it should be
        ("13.2 g/L", [("hgb", "soft", "soft_range"), ("hgb", "soft", "PROBE_LOW")]),
        ("5.9 g/dL", [("hgb", "soft", "soft_range"), ("hgb", "soft", "PROBE_LOW")]),
        ("31 g/dL", [("hgb", "hard", "hard_range")]),
        ("7.9 g/dL", [("hgb", "soft", "PROBE_LOW")]),
        # what cannot be compared is not compared
        ("<50 g/L", []),
        ("132 mg/dL", [("hgb", "hard", "type")]),
    ],
)
def test_ranges_and_conditions_judge_the_converted_value(folder, value, found):
    study = load_probe(folder)
    problems = validate_values("probe", {"hgb": value}, study)
    assert [(p.item, p.level, p.rule) for p in problems if p.rule != "required"] == found


def test_the_message_gives_the_value_as_typed_and_the_range_in_the_standard_unit(folder):
    (problem, *_) = validate_values("probe", {"hgb": "5.9 g/dL"}, load_probe(folder))
    assert problem.message.en.startswith("Hemoglobin is 5.9 g/dL; expected 60 to 180 g/L.")
    assert "5.9 g/dL，" in problem.message.zh


def test_the_message_names_the_units_that_may_be_typed(folder):
    (problem, *_) = validate_values("probe", {"hgb": "132"}, load_probe(folder))
    assert "g/L, g/dL" in problem.message.en
    assert "g/L、g/dL" in problem.message.zh


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("    unit: g/L\n", "", "is a quantity without a unit"),
        ("units: [g/dL]", "units: [g/dl]", "has unit 'g/dl'"),
        ("units: [g/dL]", "units: [mg/dL]", "has a unit that cannot be converted"),
        ("type: quantity", "type: decimal", "may have other units only as a quantity"),
        ("LBTESTCD = HGB", "VSTESTCD = HGB", "LB.LBORRES WHEN LBTESTCD = CODE"),
        ("LB.LBORRES WHEN LBTESTCD", "AE.AETERM WHEN AETESTCD", "a test only in a findings domain"),
        ("LB.LBSPEC: BLOOD", "LB.LBSPECI: BLOOD", "assigns a value to 'LB.LBSPECI'"),
    ],
)
def test_a_mistake_in_a_quantity_is_told_with_its_line(folder, old, new, says):
    with pytest.raises(StudyMistakes) as caught:
        load_probe(folder, old, new)
    told = [str(mistake) for mistake in caught.value.mistakes]
    assert [text for text in told if says in text and "probe.yaml, line" in text], told


def test_a_target_says_which_test_it_is():
    assert read_target("LB.LBORRES WHEN LBTESTCD = ALB") == Target("LB", "LBORRES", "ALB")
    assert read_target("LB.LBDTC") == Target("LB", "LBDTC")
    assert read_target("NOT SUBMITTED") is None
    assert str(read_target("LB.LBORRES WHEN LBTESTCD = ALB")) == "LB.LBORRES WHEN LBTESTCD = ALB"
    assert describe_allowed_targets("LB.LBORRES WHEN LBTESTCD = ALB") is None
