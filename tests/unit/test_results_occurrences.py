"""Subjects with at least one record, by class and term: counted by hand in a study of four."""

import pyarrow as pa
import pytest

from grevy.definition import load_study
from grevy.results import build_results

STUDY = load_study("studies/surufatinib_nen")


def table(*rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def of(subject, sequence, **values):
    return {"STUDYID": "S", "USUBJID": subject, "ASEQ": sequence, **values}


ADSL = table(
    *(
        of(
            subject, 1, SITEID=site, COHORT=regimen, SCRNFL="Y", ENRLFL=enrolled, FASFL=enrolled,
            SAFFL=enrolled,
        )
        for subject, site, regimen, enrolled in (
            ("A", "01", "MONO", "Y"), ("B", "01", "COMBO", "Y"), ("C", "02", "MONO", "Y"),
            ("D", "02", None, "N"),
        )
    )
)  # fmt: skip
ADDV = table(
    of("A", 1, DVTERM="Late visit", DVCAT="VISIT WINDOW", DVSCAT="MINOR"),
    of("A", 2, DVTERM="Late visit", DVCAT="VISIT WINDOW", DVSCAT="MINOR"),
    of("A", 3, DVTERM="No signature", DVCAT="INFORMED CONSENT", DVSCAT="MAJOR"),
    of("B", 1, DVTERM="Capsule forgotten", DVCAT="DOSING", DVSCAT="MINOR"),
    # not enrolled: stands nowhere
    of("D", 1, DVTERM="Late visit", DVCAT="VISIT WINDOW", DVSCAT="MINOR"),
)
ADCM = table(
    of("A", 1, CMTRT="amlodipin", CMDECOD="Amlodipine", CMCLAS="ANTIHYPERTENSIVE",
       CMCAT="CONCOMITANT MEDICATION", ONTRTFL="Y"),
    of("B", 1, CMTRT="Amlodipine", CMCLAS="ANTIHYPERTENSIVE", CMCAT="CONCOMITANT MEDICATION", ONTRTFL="Y"),
    # over before treatment, and a therapy of the tumor before the study
    of("C", 1, CMTRT="Loperamide", CMCAT="CONCOMITANT MEDICATION"),
    of("C", 2, CMTRT="Octreotide", CMCLAS="SOMATOSTATIN ANALOGUE", CMCAT="PRIOR ANTI-CANCER THERAPY",
       ONTRTFL="Y"),
)  # fmt: skip
ADPR = table(of("B", 1, PRTRT="Colonoscopy", PRCAT="ENDOSCOPY", ONTRTFL="Y"))
ADMH = table(
    of("A", 1, MHTERM="NEN", MHCAT="NEN DIAGNOSIS"),
    of("A", 2, MHTERM="Gout", MHCAT="GENERAL MEDICAL HISTORY"),
)


@pytest.fixture(scope="module")
def results():
    adam = {"ADSL": ADSL, "ADDV": ADDV, "ADCM": ADCM, "ADPR": ADPR, "ADMH": ADMH}
    return build_results(adam, STUDY, STUDY.analysis, "snapshot")


def lines(results, output):
    """What each line says, by regimen, in the order of the table."""
    shown = {}
    for row in results.rows.to_pylist():
        if row["output_id"] == output:
            shown.setdefault(row["row_id"], []).append(row["value_text"])
    return shown


def test_deviations_by_severity_and_class_then_by_center(results):
    assert list(lines(results, "T14.1.4").items()) == [
        ("N", ["2", "1", "3"]),
        ("ANY", ["1 (50.0%)", "1 (100%)", "2 (66.7%)"]),
        ("DVSCAT|MAJOR", ["1 (50.0%)", "0", "1 (33.3%)"]),
        ("DVSCAT|MAJOR|DVCAT|INFORMED CONSENT", ["1 (50.0%)", "0", "1 (33.3%)"]),
        ("DVSCAT|MINOR", ["1 (50.0%)", "1 (100%)", "2 (66.7%)"]),
        # one subject each: by name; a subject with two counts once
        ("DVSCAT|MINOR|DVCAT|DOSING", ["0", "1 (100%)", "1 (33.3%)"]),
        ("DVSCAT|MINOR|DVCAT|VISIT WINDOW", ["1 (50.0%)", "0", "1 (33.3%)"]),
        ("SITEID|01", ["1 (100%)", "1 (100%)", "2 (100%)"]),
        # nobody of the combination there: no share of nobody
        ("SITEID|02", ["0", "NC", "0"]),
    ]


def test_the_records_behind_a_line_are_the_deviations_of_it(results):
    (row,) = [r for r in results.rows.to_pylist() if r["result_id"] == "T14.1.4|DVSCAT|MINOR|TOTAL"]
    behind = [t for t in results.trace.to_pylist() if t["trace_key"] == row["trace_key"]]
    assert sorted((t["dataset"], t["USUBJID"], t["ASEQ"]) for t in behind) == [
        ("ADDV", "A", 1), ("ADDV", "A", 2), ("ADDV", "B", 1),
    ]  # fmt: skip


def test_a_reported_name_stands_where_nothing_was_coded(results):
    assert lines(results, "T14.1.9.1") == {
        "N": ["2", "1", "3"],
        "ANY": ["1 (50.0%)", "1 (100%)", "2 (66.7%)"],
        "CMCLAS|ANTIHYPERTENSIVE": ["1 (50.0%)", "1 (100%)", "2 (66.7%)"],
        "CMCLAS|ANTIHYPERTENSIVE|CMDECOD|Amlodipine": ["1 (50.0%)", "1 (100%)", "2 (66.7%)"],
    }


def test_prior_therapy_history_and_procedures_are_counted_apart(results):
    assert lines(results, "T14.1.7")["CMCLAS|SOMATOSTATIN ANALOGUE"] == ["1 (50.0%)", "0", "1 (33.3%)"]
    assert lines(results, "T14.1.8")["MHBODSYS|MISSING|MHDECOD|Gout"] == ["1 (50.0%)", "0", "1 (33.3%)"]
    assert lines(results, "T14.1.9.2")["PRCAT|ENDOSCOPY"] == ["0", "1 (100%)", "1 (33.3%)"]


def test_classes_are_words_and_what_was_not_coded_is_no_missing_condition(results):
    words = {r["result_id"]: (r["row_label_en"], r["row_label_zh"]) for r in results.rows.to_pylist()}
    assert words["T14.1.7|CMCLAS|SOMATOSTATIN ANALOGUE|TOTAL"] == ("Somatostatin analogue", "生长抑素类似物")
    assert words["T14.1.9.1|CMCLAS|ANTIHYPERTENSIVE|TOTAL"] == ("Antihypertensive", "降压药")
    assert words["T14.1.8|MHBODSYS|MISSING|TOTAL"] == ("Not coded", "未编码")


def test_without_records_the_table_says_so():
    nothing = build_results({"ADSL": ADSL}, STUDY, STUDY.analysis, "snapshot")
    assert lines(nothing, "T14.1.4")["ANY"] == ["0", "0", "0"]
