"""Shift tables, worst values on treatment and questionnaire scores, counted by hand on a few subjects."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from grevy.definition import load_study
from grevy.definition.analysis_plan import ByVisit
from grevy.results.conventions import read_conventions
from grevy.results.frames import AnalysisData, collect_frames
from grevy.results.heart import (
    Threshold,
    estimate_blood_pressure,
    estimate_ejection_fraction,
    estimate_qtc,
    select_worst,
)
from grevy.results.labels import Label
from grevy.results.laboratory import (
    estimate_hys_law,
    estimate_laboratory_grades,
    estimate_laboratory_shift,
    label_test,
)
from grevy.results.questionnaires import estimate_scores
from grevy.results.visits import name_visit

STUDY = load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")
DAY = date(2026, 1, 5)


def make_data(**datasets):
    """Subjects A to D on monotherapy, E on the combination, F never treated."""
    subjects = [
        {
            "STUDYID": "S", "USUBJID": name, "ASEQ": 1, "SAFFL": "N" if name == "F" else "Y",
            "FASFL": "N" if name == "F" else "Y", "COHORT": {"E": "COMBO", "F": None}.get(name, "MONO"),
            "NENGRP": "NET G1/G2",
        }
        for name in "ABCDEF"
    ]  # fmt: skip
    tables = {"ADSL": subjects, **datasets}
    frames = collect_frames({name: make_table(rows) for name, rows in tables.items()})
    return AnalysisData(frames, STUDY, read_conventions(STUDY.analysis), STUDY.analysis)


def make_table(rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    numbered, places = [], {}
    for row in rows:
        places[row["USUBJID"]] = places.get(row["USUBJID"], 0) + 1
        numbered.append({"STUDYID": "S", "ASEQ": places[row["USUBJID"]], **row})
    names = list(dict.fromkeys([*names, "STUDYID", "ASEQ"]))
    return pa.table({name: [row.get(name) for row in numbered] for name in names})


def texts(rows):
    """{row id: {column: printed text}}"""
    printed = {}
    for row in rows:
        printed.setdefault(row.line.id, {})[row.column.id] = row.text
    return printed


def record(subject, code, value, **more):
    return {"USUBJID": subject, "PARAMCD": code, "AVAL": value, "ADT": DAY, "ONTRTFL": "Y", **more}


def hemoglobin(subject, baseline, worst):
    """A baseline record and the worst record on treatment, graded low."""
    common = {"PARAM": "Hemoglobin (g/L)", "PARCAT1": "HEMATOLOGY", "ATOXDSCL": "Anemia"}
    before = record(subject, "HGB", 120.0, ABLFL="Y", ATOXGRL=baseline, BTOXGRL=baseline, **common)
    after = record(subject, "HGB", 90.0, WGRLFL="Y", ATOXGRL=worst, BTOXGRL=baseline, **common)
    return [before | {"ONTRTFL": None}, after]


GRADES = [
    *hemoglobin("A", 0, 0),
    *hemoglobin("B", 0, 2),
    *hemoglobin("C", 1, 3),
    *hemoglobin("D", None, 1),
    *hemoglobin("E", 0, 3),
    # not in the safety set
    *hemoglobin("F", 0, 4),
]


def shift(*cells):
    return dict(zip(["G0", "G1", "G2", "G3", "G4", "ALL"], cells, strict=True))


def test_shift_counts_each_subject_once_at_its_baseline_and_worst_grade():
    printed = texts(estimate_laboratory_shift(make_data(ADLB=GRADES)))
    assert printed == {
        "HGB|L|ANY": shift("1 (20.0%)", "1 (20.0%)", "1 (20.0%)", "2 (40.0%)", "0", "5"),
        "HGB|L|B0": shift("1 (33.3%)", "0", "1 (33.3%)", "1 (33.3%)", "0", "3"),
        "HGB|L|B1": shift("0", "0", "0", "1 (100%)", "0", "1"),
        "HGB|L|MISSING": shift("0", "1 (100%)", "0", "0", "0", "1"),
    }


def test_cell_of_a_shift_leads_to_the_worst_and_the_baseline_record():
    data = make_data(ADLB=GRADES)
    (cell,) = (
        row for row in estimate_laboratory_shift(data) if (row.line.id, row.column.id) == ("HGB|L|B1", "G3")
    )
    found = data["ADLB"].iloc[cell.records.index]
    assert list(zip(found["USUBJID"], found["ABLFL"], found["WGRLFL"], strict=True)) == [
        ("C", "Y", ""),
        ("C", "", "Y"),
    ]


def test_worse_than_at_baseline_is_counted_by_regimen():
    printed = texts(estimate_laboratory_grades(make_data(ADLB=GRADES)))
    assert printed["HGB|L|GRADED"] == {"MONO": "4", "COMBO": "1", "TOTAL": "5"}
    # D has no baseline grade: grade 1 counts as worsened from nothing known
    assert printed["HGB|L|ANY"] == {"MONO": "3 (75.0%)", "COMBO": "1 (100%)", "TOTAL": "4 (80.0%)"}
    assert printed["HGB|L|SEVERE"] == {"MONO": "1 (25.0%)", "COMBO": "1 (100%)", "TOTAL": "2 (40.0%)"}


@pytest.mark.parametrize(
    ("code", "en", "zh"),
    [
        ("HGB", "hemoglobin, g/L", "血红蛋白（HGB），g/L"),
        ("ALB", "albumin, g/L", "白蛋白（ALB），g/L"),
        # glucose of the blood and of the urine share a code in the tabulation
        ("GLUC", "fasting glucose, mmol/L", "空腹血糖（GLU），mmol/L"),
    ],
)
def test_tests_are_named_as_the_forms_name_them(code, en, zh):
    assert label_test(make_data(), code, "parameter") == Label(en, zh)


def test_test_that_no_form_has_keeps_the_name_of_the_data():
    assert label_test(make_data(), "XYZ", "Something (U/L)").zh == "Something (U/L)"
    assert "尿" in label_test(make_data(), "UGLUC", "Urine Glucose").zh


def test_case_of_hys_law_leads_to_the_liver_tests_of_its_days():
    """FDA 2009: ALT at least 3 times, bilirubin above 2 times the upper limit."""
    later = date(2026, 2, 5)
    rows = [
        record("A", "ALT", 120.0, A1HI=40.0),
        record("A", "BILI", 43.0, A1HI=21.0),
        record("A", "HYLAW", 1.0),
        record("A", "ALT", 30.0, A1HI=40.0) | {"ADT": later},
        record("B", "ALT", 119.0, A1HI=40.0),
        record("B", "BILI", 42.0, A1HI=21.0),
        record("B", "HYLAW", 0.0),
    ]
    data = make_data(ADLB=rows)
    printed = texts(estimate_hys_law(data))
    assert printed["ALT|3"]["MONO"] == "1 (50.0%)"
    assert printed["BILI|2"]["MONO"] == "1 (50.0%)"
    assert printed["HYLAW"]["MONO"] == "1 (50.0%)"
    (case,) = (r for r in estimate_hys_law(data) if (r.line.id, r.column.id) == ("HYLAW", "MONO"))
    assert data["ADLB"].iloc[case.records.index]["PARAMCD"].tolist() == ["ALT", "BILI", "HYLAW"]


def test_worst_value_is_the_highest_on_treatment_and_baseline_does_not_count():
    rows = [
        record("A", "SYSBP", 190.0) | {"ONTRTFL": None, "ABLFL": "Y"},
        record("A", "SYSBP", 150.0),
        record("A", "SYSBP", 165.0),
        record("B", "SYSBP", 139.0),
        record("E", "SYSBP", 180.0),
    ]
    data = make_data(ADVS=rows)
    worst = select_worst(data, "ADVS", "SYSBP", "AVAL", highest=True)
    assert worst.values[:2].tolist() == [165.0, 139.0]
    assert np.isnan(worst.values[2])
    printed = texts(estimate_blood_pressure(data))
    assert printed["SYSBP|n"] == {"MONO": "2", "COMBO": "1", "TOTAL": "3"}
    assert printed["SYSBP|CLASS|GE140"] == {"MONO": "1 (50.0%)", "COMBO": "1 (100%)", "TOTAL": "2 (66.7%)"}
    assert printed["SYSBP|CLASS|GE180"] == {"MONO": "0", "COMBO": "1 (100%)", "TOTAL": "1 (33.3%)"}


def test_qtc_classes_are_exceeded_and_not_reached():
    """ICH E14: above 450, above 480, a rise above 60."""
    rows = [
        record("A", "QTCF", 450.0, CHG=60.0),
        record("B", "QTCF", 450.5, CHG=60.5),
        record("C", "QTCF", 501.0, CHG=31.0),
    ]
    printed = texts(estimate_qtc(make_data(ADEG=rows)))
    assert [printed[f"QTCF|CLASS|GT{limit}"]["MONO"] for limit in (450, 480, 500)] == [
        "2 (66.7%)", "1 (33.3%)", "1 (33.3%)",
    ]  # fmt: skip
    assert [printed[f"QTCF|RISE|UP{rise}"]["MONO"] for rise in (30, 60)] == ["3 (100%)", "1 (33.3%)"]


def test_fall_of_ejection_fraction_is_counted_from_exactly_ten_points():
    rows = [
        record("A", "LVEF", 50.0, CHG=-10.0),
        record("B", "LVEF", 49.0, CHG=-9.0),
        record("C", "LVEF", 39.0, CHG=-20.0),
    ]
    printed = texts(estimate_ejection_fraction(make_data(ADCV=rows)))
    assert printed["LVEF|CLASS|LT50"]["MONO"] == "2 (66.7%)"
    assert printed["LVEF|FALL|DOWN10"]["MONO"] == "2 (66.7%)"
    assert printed["LVEF|FALL|DOWN20"]["MONO"] == "1 (33.3%)"


def test_missing_value_is_in_no_class():
    below = Threshold("X", Label("", ""), below=50)
    assert below.holds(np.array([np.nan, 49.0, 50.0])).tolist() == [False, True, False]


def score(subject, value, change, *, visit="CYCLE 3 DAY 1", number=13.0, baseline=None):
    return {
        "USUBJID": subject, "PARCAT1": "EORTC QLQ-C30 V3.0", "PARAMCD": "FA", "PARAM": "Fatigue",
        "AVAL": value, "CHG": change, "AVISIT": visit, "AVISITN": number,
        "CRIT1FL": None if change is None else "Y" if change >= 20 else "N",
        "CRIT2FL": None if change is None else "N", "ADY": -1 if baseline else 57, "ABLFL": baseline,
        "ANL01FL": "Y", "ADT": DAY,
    }  # fmt: skip


def test_scores_stand_by_visit_with_their_change():
    rows = [
        score("A", 33.3, None, visit="SCREENING", number=1.0, baseline="Y"),
        score("B", 66.7, None, visit="SCREENING", number=1.0, baseline="Y"),
        score("A", 50.0, 16.7),
        score("B", 100.0, 33.3),
        # one subject alone is no visit of the table
        score("A", 0.0, -33.3, visit="CYCLE 5 DAY 1", number=15.0),
    ]
    data = make_data(ADQS=rows)
    few = data.plan.model_copy(update={"by_visit": ByVisit(minimum_subjects=2)})
    printed = texts(estimate_scores(replace(data, plan=few)))
    assert printed["FA|BASE"] == {"N": "2", "SCORE": "50.0 (23.6)", **dict.fromkeys(CHANGES, "–")}
    assert printed["FA|13"] == {
        # 12.7 (the quantile of t with one degree of freedom) times 11.74 / sqrt 2 about the mean
        "N": "2", "SCORE": "75.0 (35.4)", "CHANGE": "25.0 (−80.5, 130.5)",
        "BETTER": "0", "STABLE": "1 (50.0%)", "WORSE": "1 (50.0%)",
    }  # fmt: skip
    assert set(printed) == {"FA|BASE", "FA|13"}


CHANGES = ("CHANGE", "BETTER", "STABLE", "WORSE")


@pytest.mark.parametrize(
    ("visit", "zh"),
    [
        ("CYCLE 3 DAY 1", "第3周期第1天"),
        ("CYCLE 1 DAY 15", "第1周期第15天"),
        ("END OF TREATMENT", "治疗结束"),
    ],
)
def test_visits_are_named_in_chinese(visit, zh):
    assert name_visit(visit).zh == zh
