"""Adverse events: dates, treatment emergence, causality, grade and first occurrence."""

from datetime import date

import ibis
import pyarrow as pa
import pytest

from grevy.adam.adae import build_adae
from grevy.definition import load_study
from grevy.sdtm.domains import conform

# treated from 10 March to 20 May 2024
ADSL = pa.schema(
    [(name, pa.string()) for name in ("STUDYID", "USUBJID", "COHORT", "SAFFL", "NENGRP")]
    + [(name, pa.date32()) for name in ("TRTSDT", "TRTEDT", "DTHDT", "NWTRSDT", "CUTDT")]
)
SUBJECT = {
    "STUDYID": "S",
    "USUBJID": "1",
    "COHORT": "MONO",
    "SAFFL": "Y",
    "TRTSDT": date(2024, 3, 10),
    "TRTEDT": date(2024, 5, 20),
}


@pytest.fixture(scope="module")
def plan():
    return load_study("studies/surufatinib_nen").analysis


@pytest.fixture
def analyse(plan):
    """Build ADAE from events given as dicts; a subject's dates and switches may be changed."""

    def run(*events, switches=None, subjects=(SUBJECT,)):
        records = [
            {"STUDYID": "S", "USUBJID": "1", "AESEQ": float(n), "AETERM": "cough", "AEDECOD": "Cough"}
            | {
                "AEBODSYS": "Respiratory",
                "AESTDTC": "2024-03-15",
                "AEENDTC": None,
                "AETOXGR": "1",
                "AEREL": None,
            }
            | event
            for n, event in enumerate(events, start=1)
        ]
        names = {name for record in records for name in record}
        ae = pa.Table.from_pylist(
            records,
            schema=pa.schema([(n, pa.float64() if n == "AESEQ" else pa.string()) for n in sorted(names)]),
        )
        adsl = ibis.memtable(pa.Table.from_pylist(list(subjects), schema=ADSL))
        adae = build_adae(conform(ibis.memtable(ae), "AE"), adsl, plan.with_values(switches or {}))
        return sorted(adae.to_pyarrow().to_pylist(), key=lambda row: (row["USUBJID"], row["AESEQ"]))

    return run


def d(text):
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("start", "end", "astdt", "flag", "emergent"),
    [
        # complete
        ("2024-03-09", None, "2024-03-09", None, None),
        ("2024-03-10", None, "2024-03-10", None, "Y"),
        ("2024-06-19", None, "2024-06-19", None, "Y"),  # 30 days after the last dose
        ("2024-06-20", None, "2024-06-20", None, None),
        # first dose within the month or year, and the event may still run on that day
        ("2024-03", None, "2024-03-10", "D", "Y"),
        ("2024-03", "2024-03-10", "2024-03-10", "D", "Y"),
        ("2024-03", "2024-03", "2024-03-10", "D", "Y"),
        ("2024", None, "2024-03-10", "M", "Y"),
        # ended before the first dose
        ("2024-03", "2024-03-09", "2024-03-01", "D", None),
        ("2024", "2024-02", "2024-01-01", "M", None),
        # another month: the first possible day
        ("2024-02", None, "2024-02-01", "D", None),
        ("2024-04", None, "2024-04-01", "D", "Y"),
        ("2024-06", None, "2024-06-01", "D", "Y"),
        # unknown
        (None, None, "2024-03-10", "Y", "Y"),
        ("--04-15", "2024-04-20", "2024-03-10", "Y", "Y"),
        (None, "2024-03-09", None, None, None),
        (None, "2024-03", "2024-03-10", "Y", "Y"),
    ],
)
def test_start_and_treatment_emergence(analyse, start, end, astdt, flag, emergent):
    (row,) = analyse({"AESTDTC": start, "AEENDTC": end})
    assert (row["ASTDT"], row["ASTDTF"], row["TRTEMFL"]) == (d(astdt), flag, emergent)


def test_period_before_and_after_treatment_is_flagged(analyse):
    rows = analyse({"AESTDTC": "2024-03-09"}, {"AESTDTC": "2024-03-10"}, {"AESTDTC": "2024-06-20"})
    assert [(row["PREFL"], row["TRTEMFL"], row["FUPFL"]) for row in rows] == [
        ("Y", None, None),
        (None, "Y", None),
        (None, None, "Y"),
    ]
    assert [row["ASTDY"] for row in rows] == [-1, 1, 103]


def test_nothing_is_treatment_emergent_without_treatment_and_everything_later_is_while_it_goes_on(analyse):
    untreated = SUBJECT | {"TRTSDT": None, "TRTEDT": None}
    (row,) = analyse({"AESTDTC": "2024-03-15"}, subjects=[untreated])
    assert (row["TRTEMFL"], row["PREFL"], row["FUPFL"]) == (None, None, None)
    (row,) = analyse({"AESTDTC": "2025-03-15"}, subjects=[SUBJECT | {"TRTEDT": None}])
    assert row["TRTEMFL"] == "Y"


def test_switches_of_the_treatment_period(analyse):
    late = {"AESTDTC": "2024-06-20"}
    assert analyse(late, switches={"te.days_after_last_dose": "31"})[0]["TRTEMFL"] == "Y"
    new_therapy = [SUBJECT | {"NWTRSDT": d("2024-06-01")}]
    events = [{"AESTDTC": "2024-05-31"}, {"AESTDTC": "2024-06-01"}]
    assert [row["TRTEMFL"] for row in analyse(*events, subjects=new_therapy)] == ["Y", "Y"]
    stopped = analyse(*events, subjects=new_therapy, switches={"te.end_at_new_therapy": "true"})
    assert [(row["TRTEMFL"], row["FUPFL"]) for row in stopped] == [("Y", None), (None, "Y")]


@pytest.mark.parametrize(
    ("rule", "start", "end", "astdt", "emergent"),
    [
        ("first", "2024-03", None, "2024-03-01", None),
        ("last", "2024-03", None, "2024-03-31", "Y"),
        ("last", "2024-03", "2024-03-20", "2024-03-20", "Y"),
        ("last", "2024-03-05", "2024-03-20", "2024-03-05", None),
        ("first", None, None, None, "Y"),
    ],
)
def test_other_rules_for_a_partial_start(analyse, rule, start, end, astdt, emergent):
    (row,) = analyse({"AESTDTC": start, "AEENDTC": end}, switches={"dates.ae_start": rule})
    assert (row["ASTDT"], row["TRTEMFL"]) == (d(astdt), emergent)


@pytest.mark.parametrize(
    ("rule", "end", "death", "cutoff", "aendt", "flag"),
    [
        ("last", "2024-04-10", "2024-04-05", None, "2024-04-10", None),  # complete: as entered
        ("last", "2024-04", None, None, "2024-04-30", "D"),
        ("last", "2024-04", "2024-04-20", None, "2024-04-20", "D"),
        ("last", "2024-04", "2024-04-20", "2024-04-18", "2024-04-18", "D"),
        ("last", "2024", None, None, "2024-12-31", "M"),
        ("middle", "2024-04", None, None, "2024-04-15", "D"),
        ("first", "2024-04", None, None, "2024-04-01", "D"),
        ("first", "2024-03", None, None, "2024-03-15", "D"),  # not before the start
        ("last", None, None, None, None, None),
    ],
)
def test_end_of_an_event(analyse, rule, end, death, cutoff, aendt, flag):
    subject = SUBJECT | {"DTHDT": d(death), "CUTDT": d(cutoff)}
    (row,) = analyse({"AEENDTC": end}, subjects=[subject], switches={"dates.ae_end": rule})
    assert (row["AENDT"], row["AENDTF"]) == (d(aendt), flag)


def test_causality_is_related_from_possible_upwards_and_missing_by_the_switch(analyse):
    words = ["RELATED", "PROBABLE", "Possible", "UNLIKELY", "NOT RELATED", None, "UNKNOWN"]
    events = [{"AEREL": word} for word in words]
    no, yes = "NOT RELATED", "RELATED"
    assert [row["AREL"] for row in analyse(*events)] == [yes, yes, yes, no, no, yes, yes]
    other = analyse(*events, switches={"ae.missing_causality": "not_related"})
    assert [row["AREL"] for row in other] == [yes, yes, yes, no, no, no, no]


def test_grade_is_a_number_or_missing(analyse):
    rows = analyse(*({"AETOXGR": grade} for grade in ("3", "GRADE 4", None)))
    assert [row["ATOXGR"] for row in rows] == [3, 4, None]


def test_first_occurrence_at_the_worst_grade_of_treatment_emergent_events(analyse):
    rows = analyse(
        {"AETOXGR": "4", "AESTDTC": "2024-03-01"},  # worst of all, but before treatment
        {"AETOXGR": "2", "AESTDTC": "2024-04-01"},
        {"AETOXGR": "3", "AESTDTC": "2024-05-01"},  # worst cough, first of its grade
        {"AETOXGR": "3", "AESTDTC": "2024-05-02"},
        {"AETOXGR": "3", "AESTDTC": "2024-04-15", "AEDECOD": "Dyspnoea"},  # same class, same grade, earlier
        {"AETOXGR": None, "AESTDTC": "2024-04-16", "AEDECOD": "Rash", "AEBODSYS": "Skin"},
    )
    assert [(row["AOCCFL"], row["AOCCSFL"], row["AOCCPFL"]) for row in rows] == [
        (None, None, None),
        (None, None, None),
        (None, None, "Y"),
        (None, None, None),
        ("Y", "Y", "Y"),
        (None, "Y", "Y"),
    ]


def test_every_event_stays_with_its_source_and_its_subject(analyse):
    rows = analyse(
        {}, {}, {"USUBJID": "2"}, subjects=[SUBJECT, SUBJECT | {"USUBJID": "2", "COHORT": "COMBO"}]
    )
    assert [(row["USUBJID"], row["ASEQ"], row["SRCDOM"], row["SRCSEQ"], row["COHORT"]) for row in rows] == [
        ("1", 1, "AE", 1.0, "MONO"),
        ("1", 2, "AE", 2.0, "MONO"),
        ("2", 1, "AE", 3.0, "COMBO"),
    ]
