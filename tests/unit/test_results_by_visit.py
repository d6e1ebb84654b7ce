"""Values by visit, performance status and worst changes, by hand on three subjects."""

from datetime import date

from grevy.definition.analysis_plan import ByVisit
from grevy.results.by_visit import estimate_by_visit, estimate_laboratory_by_visit
from grevy.results.heart import estimate_worst_changes
from grevy.results.performance import estimate_performance
from tests.unit.few_subjects import STUDY, make_data, print_rows

ADSL = [
    {"USUBJID": name, "COHORT": cohort} for name, cohort in zip("ABC", ("MONO", "MONO", "COMBO"), strict=True)
]
PLAN = STUDY.analysis.model_copy(update={"by_visit": ByVisit(minimum_subjects=2, laboratory=("HGB",))})


def value(subject, number, aval, *, code="HGB", change=None, **more):
    """A value of a visit: number 1 is the baseline."""
    names = {1: "SCREENING", 12: "CYCLE 2 DAY 1", 13: "CYCLE 3 DAY 1"}
    return {
        "USUBJID": subject, "PARAMCD": code, "PARAM": "Hemoglobin (g/L)", "AVAL": aval, "CHG": change,
        "AVISIT": names[number], "AVISITN": float(number), "ADT": date(2026, max(number - 10, 1), 1),
        "ADY": -3.0 if number == 1 else 30.0 * (number - 11), "ABLFL": "Y" if number == 1 else None,
        "ANL01FL": "Y", "ONTRTFL": None if number == 1 else "Y", **more,
    }  # fmt: skip


HEMOGLOBIN = [
    value("A", 1, 120.0), value("B", 1, 130.0), value("C", 1, 101.0),
    value("A", 12, 110.0, change=-10.0), value("B", 12, 124.0, change=-6.0),
    # a second value of the visit, which another one stands for
    value("A", 12, 70.0, change=-50.0, ANL01FL=None),
    # one subject alone: too few
    value("C", 13, 100.0, change=-1.0),
]  # fmt: skip


def test_a_visit_is_shown_where_enough_subjects_have_a_value():
    printed = print_rows(estimate_laboratory_by_visit(make_data(PLAN, ADSL=ADSL, ADLB=HEMOGLOBIN)))
    assert printed == {
        "N": {"MONO": "2", "COMBO": "1", "TOTAL": "3"},
        "HGB|BASE|n": {"MONO": "2", "COMBO": "1", "TOTAL": "3"},
        "HGB|BASE|mean": {"MONO": "125.0 (7.07)", "COMBO": "101.0 (NC)", "TOTAL": "117.0 (14.73)"},
        "HGB|12|n": {"MONO": "2", "COMBO": "0", "TOTAL": "2"},
        "HGB|12|mean": {"MONO": "117.0 (9.90)", "COMBO": "–", "TOTAL": "117.0 (9.90)"},
        "HGB|12|change": {"MONO": "−8.0 (2.83)", "COMBO": "–", "TOTAL": "−8.0 (2.83)"},
    }


def test_the_records_of_a_mean_are_those_of_the_visit():
    data = make_data(PLAN, ADSL=ADSL, ADLB=HEMOGLOBIN)
    (cell,) = (
        row for row in estimate_laboratory_by_visit(data)
        if (row.line.id, row.column.id) == ("HGB|12|mean", "TOTAL")
    )  # fmt: skip
    assert data["ADLB"]["AVAL"].iloc[cell.records.index].tolist() == [110.0, 124.0]


def test_readings_kept_apart_have_a_block_for_each_time_point():
    rows = [value("A", 1, 118.0, code="SYSBP", ATPT=point) for point in ("STANDING", "LYING")]
    data = make_data(PLAN, ADSL=ADSL, ADVS=rows)
    labels = [row.line.group.en for row in estimate_by_visit(data, "ADVS", ("SYSBP",)) if row.line.group]
    assert list(dict.fromkeys(labels)) == [
        "Systolic blood pressure, mmHg, lying", "Systolic blood pressure, mmHg, standing",
    ]  # fmt: skip


def test_without_measurements_there_is_no_row():
    assert list(estimate_by_visit(make_data(PLAN, ADSL=ADSL), "ADVS", ("SYSBP",))) == []


def test_performance_status_by_visit_and_at_its_worst():
    rows = [
        value("A", 1, 0.0, code="ECOG101"), value("B", 1, 1.0, code="ECOG101"),
        value("A", 12, 2.0, code="ECOG101", change=2.0), value("B", 12, 1.0, code="ECOG101", change=0.0),
    ]  # fmt: skip
    printed = print_rows(estimate_performance(make_data(PLAN, ADSL=ADSL, ADECOG=rows)))
    assert printed["12|N"] == {"MONO": "2", "COMBO": "0", "TOTAL": "2"}
    assert printed["12|2"] == {"MONO": "1 (50.0%)", "COMBO": "–", "TOTAL": "1 (50.0%)"}
    assert printed["WORST|0"]["TOTAL"] == "0"
    assert printed["WORST|1"]["TOTAL"] == "1 (50.0%)"
    assert printed["WORST|UP2"]["TOTAL"] == "1 (50.0%)"


def test_who_never_rose_has_a_rise_of_nothing():
    rows = [
        value("A", 12, 110.0, code="SYSBP", change=-10.0), value("B", 12, 150.0, code="SYSBP", change=25.0),
        value("A", 12, 54.0, code="WEIGHT", change=-6.0, PCHG=-10.0),
        value("A", 13, 56.0, code="WEIGHT", change=-4.0, PCHG=-6.7),
    ]  # fmt: skip
    printed = print_rows(estimate_worst_changes(make_data(PLAN, ADSL=ADSL, ADVS=rows)))
    assert printed["SYSBP|RISE|range"]["MONO"] == "0.0, 25.0"
    assert printed["SYSBP|FALL|range"]["MONO"] == "0.0, 10.0"
    assert printed["WEIGHT|LOSS|DOWN10"]["MONO"] == "1 (100%)"
    assert printed["WEIGHT|LOSS|DOWN20"]["MONO"] == "0"


def test_a_unit_is_that_of_the_data_and_not_of_the_forms():
    """A laboratory elsewhere gives hemoglobin in mmol/L; the form of this study says g/L."""
    rows = [row | {"PARAM": "Hemoglobin (mmol/L)", "AVAL": 8.6} for row in HEMOGLOBIN]
    data = make_data(PLAN, ADSL=ADSL, ADLB=rows)
    (label,) = {row.line.group for row in estimate_laboratory_by_visit(data) if row.line.group}
    assert label == ("Hemoglobin, mmol/L", "血红蛋白（HGB），mmol/L")
