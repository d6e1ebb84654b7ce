"""Marks beside measured values: range of the site, flag, grade with its baseline, the label's advice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from small_study import PERSON
from treated import day, dose, enroll

from grevy.capture.actions import set_lab_range
from grevy.capture.departures import find_anchor
from grevy.capture.ledger import ledger_transaction
from grevy.capture.reading.courses import read_course, read_last_values
from grevy.capture.reading.frame import read_subject_header
from grevy.capture.reading.measured import read_measured
from grevy.capture.reading.results import read_results
from grevy.snapshot import LabRange


@pytest.fixture
def laboratory(desk, study):
    """A subject of whom sex and birth are known, at a site whose laboratory reports creatinine in mg/dL."""
    desk.save("demographics", PERSON, confirmed=True, reason="x")
    for test, unit, low, high in (
        ("chemistry.alt", "U/L", "7", "40"),
        ("chemistry.bili", "umol/L", "3", "20"),
        ("chemistry.creat", "mg/dL", "0.5", "1.2"),
        ("hematology.hgb", "g/L", "130", "175"),
    ):
        limits = LabRange(
            site="01", test=test, sex="M", age_from=18, age_to=120, valid_from=date(2024, 1, 1), unit=unit,
            low=Decimal(low), high=Decimal(high), by="data_manager", role="", at=datetime.now(UTC),
        )  # fmt: skip
        set_lab_range(study, limits)
    return desk


def read(desk, study, form: str, values, event: str = "C1D15"):
    return read_measured(study, desk.address(form, event), values)


def test_range_flag_and_grade_of_the_sites_laboratory(laboratory, study):
    marks = read(laboratory, study, "chemistry", {"collected_date": "2024-04-01", "alt": "121 U/L"}).marks
    alt = marks["alt"]
    assert (alt.low, alt.high, alt.flag, alt.grade) == (Decimal(7), Decimal(40), "HIGH", 2)
    assert alt.term.zh == "丙氨酸氨基转移酶升高"
    exactly = read(laboratory, study, "chemistry", {"collected_date": "2024-04-01", "alt": "120 U/L"})
    assert exactly.marks["alt"].grade == 1  # grade 2 begins above 3 times the limit


def test_limits_in_another_unit_are_converted_before_anything_is_compared(laboratory, study):
    values = {"collected_date": "2024-04-01", "creat": "107 umol/L"}
    creatinine = read(laboratory, study, "chemistry", values).marks["creat"]
    assert creatinine.high == pytest.approx(Decimal("106.1"), abs=Decimal("0.1"))
    assert creatinine.flag == "HIGH"
    assert not creatinine.converted
    typed = read(laboratory, study, "chemistry", {"collected_date": "2024-04-01", "creat": "1.3 mg/dL"})
    assert typed.marks["creat"].converted
    assert typed.marks["creat"].value == pytest.approx(Decimal("114.9"), abs=Decimal("0.1"))


def test_without_a_date_or_a_range_there_is_no_flag_and_no_grade_that_needs_one(laboratory, study):
    undated = read(laboratory, study, "chemistry", {"alt": "500 U/L"}).marks["alt"]
    assert (undated.has_range, undated.flag, undated.grade) == (False, "", None)
    before = read(laboratory, study, "chemistry", {"collected_date": "2023-12-31", "alt": "500 U/L"})
    assert not before.marks["alt"].has_range


def test_earlier_values_stand_in_the_order_of_their_days(laboratory, study):
    for event, on, value in (("SCREENING", "2024-03-08", "151"), ("CYCLE", "2024-03-28", "128")):
        values = {"collected_date": on, "hgb": f"{value} g/L"}
        laboratory.save("hematology", values, event=event, confirmed=True, reason="x")
    values = {"collected_date": "2024-04-11", "hgb": "99 g/L"}
    hemoglobin = read(laboratory, study, "hematology", values).marks["hgb"]
    assert [number for _, number in hemoglobin.earlier] == [Decimal(151), Decimal(128)]
    assert hemoglobin.grade == 2


def test_a_dose_log_that_begins_with_0_mg_has_the_same_first_dose_everywhere(laboratory, study):
    enroll(laboratory)
    dose(laboratory, day(-13), day(-1), mg=0, why="OTHER")
    dose(laboratory, day(0), number=2)
    subject = laboratory.subject
    for event, on, alt in (("SCREENING", -20, 100), ("UNSCHEDULED", -8, 130)):
        values = {"collected_date": day(on).isoformat(), "alt": f"{alt} U/L"}
        laboratory.save("chemistry", values, event=event, confirmed=True, reason="x")
    with ledger_transaction() as ledger:
        assert find_anchor(ledger, subject, "first_dose") == day(0)
    header = read_subject_header(study, subject, "en", day(4))
    assert (header.first_dose, header.study_day) == (day(0).isoformat(), 5)
    assert read_course(study, subject).first_dose == day(0)
    # Measured before the first dose, so no baseline stands before it: judged by the range alone.
    alt = read_results(study, subject, read_last_values([subject])[subject])[-1]
    assert (alt.day, alt.grade) == (day(-8), 2)
    assert read(laboratory, study, "chemistry", values, "UNSCHEDULED").marks["alt"].grade == 2


@pytest.mark.parametrize(
    ("form", "values", "about"),
    [
        ("vital_signs", {"sbp": 165, "dbp": 95}, "Blood pressure, grade 3"),
        ("vital_signs", {"sbp": 150, "dbp": 95}, None),
        ("urinalysis", {"protein": "2+"}, "Dipstick 2+ or more"),
        ("urinalysis", {"protein": "1+"}, None),
        ("urinalysis", {"protein": "2+", "protein_24h": "2.1 g/day"}, "24-hour urine protein"),
        ("chemistry", {"alt": "130 U/L", "bili": "42 umol/L"}, "Aminotransferases and bilirubin"),
        ("chemistry", {"alt": "110 U/L", "bili": "42 umol/L"}, None),
        ("echocardiogram", {"lvef": "48"}, "Ejection fraction: falls or low"),
    ],
)
def test_advice_of_the_label_comes_with_the_value_and_not_before(laboratory, study, form, values, about):
    dated = {"collected_date": "2024-04-01"} if form in ("chemistry", "urinalysis") else {}
    advice = read(laboratory, study, form, {**values, **dated}).advice
    assert [one.en for one, _ in advice] == ([about] if about else [])
