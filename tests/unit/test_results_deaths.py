"""Deaths, serious adverse events and narratives, as printed, on three subjects."""

from datetime import date

import pandas as pd
import pytest

from grevy.results.deaths_and_serious import (
    count_days,
    list_deaths,
    list_narratives,
    list_serious,
)
from tests.unit.few_subjects import make_data, print_rows

ADSL = [
    {
        "USUBJID": "A", "AGE": 61.0, "SEX": "F", "NENGRP": "NET G3", "TRTEDT": date(2026, 2, 1),
        "DTHDT": date(2026, 2, 11), "DTHFL": "Y", "DTHCAUS": "ADVERSE EVENT", "DCTREAS": "ADVERSE EVENT",
        "LSTALVDT": date(2026, 2, 11),
    },
    {"USUBJID": "B", "AGE": 70.0, "SEX": "M", "LSTALVDT": date(2026, 6, 1)},
    # died long after treatment: in the list of deaths, without a narrative
    {
        "USUBJID": "C", "TRTEDT": date(2026, 1, 2), "DTHDT": date(2026, 6, 1), "DTHDTF": "D", "DTHFL": "Y",
        "LSTALVDT": date(2026, 6, 1),
    },
]  # fmt: skip
ADAE = [
    {
        "USUBJID": "A", "AEDECOD": "Hepatic failure", "AETERM": "Liver failure", "ATOXGR": 5, "AESER": "Y",
        "AESDTH": "Y", "AESHOSP": "Y", "AEREL": "POSSIBLE", "AEACN": "DRUG WITHDRAWN", "AEOUT": "FATAL",
        "AESTDTC": "2026-01-20", "ASTDT": date(2026, 1, 20), "AEENDTC": "2026-02-11", "TRTEMFL": "Y",
    },
    # a serious event before treatment, with a day that nobody knows
    {
        "USUBJID": "B", "AEDECOD": "Pneumonia", "AETERM": "Pneumonia", "AESER": "Y", "AESTDTC": "2025-12",
        "ASTDT": date(2025, 12, 1), "ASTDTF": "D",
    },
    {"USUBJID": "B", "AEDECOD": "Fatigue", "AETERM": "Fatigue", "ATOXGR": 1, "TRTEMFL": "Y"},
]  # fmt: skip


@pytest.fixture(scope="module")
def data():
    return make_data(ADSL=ADSL, ADAE=ADAE)


def test_every_death_is_listed_with_its_day_and_an_imputed_date_is_marked(data):
    printed = print_rows(list_deaths(data))
    assert list(printed) == ["A", "C"]
    assert printed["A"] == {
        "SUBJECT": "A", "AGE_SEX": "61, Female", "FIRST": "2026-01-01", "LAST": "2026-02-01",
        "DEATH": "2026-02-11 (42)", "SINCE": "10", "CAUSE": "Adverse event",
    }  # fmt: skip
    assert printed["C"]["DEATH"] == "2026-06-01 (152) *"
    assert printed["C"]["CAUSE"] == "Unknown"


def test_serious_events_are_listed_as_recorded(data):
    printed = print_rows(list_serious(data))
    assert list(printed) == ["A|1", "B|1"]
    assert printed["A|1"] == {
        "SUBJECT": "A", "EVENT": "Hepatic failure", "GRADE": "5", "ONSET": "2026-01-20 (20)",
        "END": "2026-02-11", "WHY": "Death, Hospitalization", "CAUSALITY": "Possibly related",
        "ACTION": "Permanently discontinued", "OUTCOME": "Fatal",
    }  # fmt: skip
    # before treatment, of a day not known: no study day is made up
    assert (printed["B|1"]["EVENT"], printed["B|1"]["ONSET"]) == ("Pneumonia †", "2025-12")


def test_a_narrative_says_what_the_records_say_in_both_languages(data):
    rows = [row for row in list_narratives(data) if row.column.id == "TEXT" and row.line.group.en == "A"]
    assert [row.text for row in rows] == [
        "Female, 61 years, NET G3; Surufatinib 300 mg monotherapy; first dose on 2026-01-01.",
        "Hepatic failure (Liver failure), grade 5, began on 2026-01-20 (day 20). Serious because of: Death, "
        "Hospitalization. Causality: Possibly related. Action with study drug: Permanently discontinued. "
        "Outcome: Fatal; ended on 2026-02-11.",
        "Last dose on 2026-02-01 (day 32); reason: Adverse event. Died on 2026-02-11 (day 42), days after "
        "the last dose: 10; cause: Adverse event.",
    ]
    assert rows[0].text_zh == "女，61岁，NET G3；索凡替尼300 mg单药治疗；首次给药2026-01-01。"
    assert rows[2].text_zh == (
        "末次给药2026-02-01（第32天），原因：不良事件。2026-02-11死亡（第42天），距末次给药10天；死因：不良事件。"
    )
    assert [row.records.dataset for row in rows] == ["ADSL", "ADAE", "ADSL"]


def test_a_narrative_marks_an_imputed_date_of_death():
    subjects = [ADSL[0] | {"DTHDTF": "D"}]
    told = print_rows(list_narratives(make_data(ADSL=subjects, ADAE=ADAE[:1])))
    assert any("Died on 2026-02-11* (day 42)" in text for cells in told.values() for text in cells.values())


def test_who_is_still_treated_is_said_to_be(data):
    rows = [row for row in list_narratives(data) if row.column.id == "TEXT" and row.line.group.en == "B"]
    assert rows[-1].text == "Still on treatment when last seen, on 2026-06-01."
    assert "C" not in {row.line.group.en for row in list_narratives(data)}


def test_the_first_dose_is_day_1_and_there_is_no_day_0():
    assert [count_days(*map(date_of, pair)) for pair in (("01-05", "01-05"), ("01-05", "01-04"))] == [1, -1]


def date_of(text):
    return pd.Timestamp(f"2026-{text}")


def test_where_nobody_died_the_list_says_so():
    nobody = make_data(ADSL=[{"USUBJID": "A", "LSTALVDT": date(2026, 6, 1)}])
    for listed in (list_deaths, list_serious, list_narratives):
        (row,) = listed(nobody)
        assert row.line.id == "EMPTY"
