"""Each contradiction that is planted in a clean study is listed, with its rule; a clean study has none."""

from datetime import date

import pytest

from grevy.results.contradictions import CONTRADICTIONS
from grevy.results.issues import KINDS, list_issues
from tests.unit.few_subjects import STUDY, make_data, print_rows

SUBJECT = {"USUBJID": "1"}
CLEAN = {
    "ADSL": SUBJECT
    | {"TRTSDT": date(2026, 1, 1), "TRTEDT": date(2026, 3, 1), "CUTDT": date(2026, 6, 15), "DTHFL": "Y"}
    | {"DTHDT": date(2026, 5, 20), "SEENALV": date(2026, 5, 10), "LSTALVDT": date(2026, 5, 10)}
    | {"LSTCTDT": date(2026, 5, 10), "NWTRSDT": date(2026, 5, 25), "DTHCAUS": "PROGRESSIVE DISEASE"}
    | {"EOTSTT": "DISCONTINUED", "DCTREAS": "ADVERSE EVENT", "DCTDT": date(2026, 3, 2)},
    "ADRS": SUBJECT | {"PARAMCD": "OVR", "AVALC": "SD", "AVISITN": 101, "ADT": date(2026, 2, 26)},
    "ADAE": SUBJECT
    | {"AEDECOD": "Hypertension", "AESTDTC": "2026-02", "AEENDTC": "2026-03", "ASTDTF": "D", "AENDTF": "D"}
    | {"ASTDT": date(2026, 2, 1), "AENDT": date(2026, 3, 31), "AEREL": "RELATED", "AREL": "RELATED"}
    | {"ATOXGR": 2, "AEACN": "DRUG WITHDRAWN"},
    "ADCM": SUBJECT | {"CMTRT": "Everolimus", "CMSTDTC": "2026-05", "CMCAT": "SUBSEQUENT"},
    "ADLB": SUBJECT | {"PARAMCD": "ALT", "PARAM": "ALT (U/L)", "AVAL": 30.0, "ADT": date(2026, 2, 1)},
    "ADEX": SUBJECT | {"PARAMCD": "NREDUC", "AVAL": 0.0, "ASTDT": date(2026, 1, 1)},
    "ADTTE": SUBJECT | {"PARAMCD": "PFS", "AVAL": 140, "CNSR": 0},
}
SURVIVED = SUBJECT | {"PARAMCD": "OS", "AVAL": 140, "CNSR": 0}

# kind: what is changed in the clean study, what the list says of it
PLANTED = {
    "AFTER_DEATH": ("ADRS", {"ADT": date(2026, 5, 21)}, "2026-05-21 > 2026-05-20"),
    "LAST_CONTACT": ("ADSL", {"LSTCTDT": date(2026, 2, 25)}, "2026-02-26 > 2026-02-25"),
    "LAST_CONTACT_EARLY": ("ADSL", {"LSTCTDT": date(2026, 5, 9)}, "2026-05-10 > 2026-05-09"),
    "SEEN_AFTER_DEATH": ("ADSL", {"SEENALV": date(2026, 5, 21)}, "2026-05-21 > 2026-05-20"),
    "DOSE_AFTER_DEATH": ("ADSL", {"TRTEDT": date(2026, 5, 22)}, "2026-05-22 > 2026-05-20"),
    "EVENT_AFTER_DEATH": (
        "ADAE",
        {"ASTDT": date(2026, 5, 21), "AENDT": None, "AESTDTC": "2026-05-21"},
        "Hypertension: 2026-05-21 > 2026-05-20",
    ),
    "DEATH_UNDATED": ("ADSL", {"DTHDT": None, "NWTRSDT": None}, "PROGRESSIVE DISEASE"),
    "THERAPY_BEFORE_EVENT": ("ADSL", {"NWTRSDT": date(2026, 4, 1)}, "2026-05-20 > 2026-04-01"),
    "EVENT_ENDS_FIRST": ("ADAE", {"AENDT": date(2026, 1, 31)}, "Hypertension: 2026-02-01 > 2026-01-31"),
    "CAUSALITY_MISSING": ("ADAE", {"AEREL": None}, "Hypertension"),
    "GRADE_MISSING": ("ADAE", {"ATOXGR": None}, "Hypertension"),
    "CUTOFF_ONSET": ("ADAE", {"AESTDTC": "2026-06"}, "Hypertension: 2026-06 / 2026-06-15"),
    "CUTOFF_END": ("ADAE", {"AEENDTC": "2026"}, "Hypertension: 2026 / 2026-06-15"),
    "CUTOFF_THERAPY": ("ADCM", {"CMSTDTC": "2026-06"}, "Everolimus: 2026-06 / 2026-06-15"),
    "CUTOFF_DEATH": ("ADSL", {"DTHDTF": "D", "DTHDT": date(2026, 6, 1)}, "2026-06 / 2026-06-15"),
    "UNDATED_RESULT": ("ADLB", {"ADT": None}, "ALT (U/L)"),
    "STOP_WITHOUT_EVENT": ("ADAE", {"AEACN": "NOT APPLICABLE"}, "2026-03-02"),
    "EVENT_WITHOUT_STOP": ("ADSL", {"DCTREAS": "PROGRESSIVE DISEASE"}, "Hypertension: 2026-02-01"),
    "REDUCTION_WITHOUT_DOSE": ("ADAE", {"AEACN": "DOSE REDUCED"}, "Hypertension: 2026-02-01"),
    "PARTIAL_ONSET": ("ADAE", {"AESTDTC": "2026-01"}, "Hypertension: 2026-01 / 2026-01-01"),
    "PARTIAL_DEATH": ("ADSL", {"DTHDTF": "D"}, "2026-05-20 (D)"),
    "PFS_AFTER_OS": ("ADTTE", {"AVAL": 141}, "PFS 141 > OS 140"),
}
ALSO = {
    # the same fact seen from another side
    "AFTER_DEATH": {"LAST_CONTACT"},
    "REDUCTION_WITHOUT_DOSE": {"STOP_WITHOUT_EVENT"},
    "LAST_CONTACT": {"LAST_CONTACT_EARLY"},
    "SEEN_AFTER_DEATH": {"LAST_CONTACT_EARLY"},
    "CUTOFF_DEATH": {"PARTIAL_DEATH", "THERAPY_BEFORE_EVENT"},
}


def list_kinds(change=None, plan=STUDY.analysis):
    """{kind: {column: text}} of what is listed of the clean study with one change."""
    rows = {name: dict(row) for name, row in CLEAN.items()}
    if change is not None:
        rows[change[0]] |= change[1]
    tables = {name: [row] for name, row in rows.items()}
    tables["ADTTE"].append(SURVIVED)
    printed = print_rows(list_issues(make_data(plan, **tables)))
    return {line.split("|")[0]: texts for line, texts in printed.items() if not line.endswith("|NONE")}


def test_a_clean_study_has_no_issue_and_says_so_of_every_kind():
    assert list_kinds() == {}
    tables = {name: [row] for name, row in CLEAN.items()}
    lines = print_rows(list_issues(make_data(**tables)))
    assert {line.split("|")[0] for line in lines} == {kind.id for kind in KINDS}


@pytest.mark.parametrize("kind", PLANTED)
def test_what_is_planted_is_listed_with_its_rule(kind):
    dataset, values, found = PLANTED[kind]
    listed = list_kinds((dataset, values))
    assert set(listed) == {kind} | ALSO.get(kind, set())
    assert (listed[kind]["SUBJECT"], listed[kind]["FOUND"]) == ("1", found)
    assert listed[kind]["RULE"]


def test_every_contradiction_is_planted():
    assert {kind.id for kind in CONTRADICTIONS} <= set(PLANTED)


@pytest.mark.parametrize(
    ("kind", "switches", "rule"),
    [
        ("THERAPY_BEFORE_EVENT", {}, "PFS censored at the last adequate assessment on or before its start."),
        ("THERAPY_BEFORE_EVENT", {"pfs.rule_set": "ema"}, "The later event counts for PFS."),
        (
            "THERAPY_BEFORE_EVENT",
            {"pfs.new_therapy": "event"},
            "The start of the therapy counts as an event of PFS.",
        ),
        ("CAUSALITY_MISSING", {}, "Counted as related."),
        ("CAUSALITY_MISSING", {"ae.missing_causality": "not_related"}, "Counted as not related."),
    ],
)
def test_the_rule_follows_the_switch(kind, switches, rule):
    listed = list_kinds(PLANTED[kind][:2], STUDY.analysis.with_values(switches))
    assert listed[kind]["RULE"] == rule


@pytest.mark.parametrize(
    ("subject", "action", "listed"),
    [
        ({"EOTSTT": "ONGOING", "DCTREAS": None}, "DRUG WITHDRAWN", {"EVENT_WITHOUT_STOP"}),
        ({"DCTREAS": "DEATH"}, "DRUG WITHDRAWN", set()),  # a fatal event
        ({}, None, set()),  # the data have no actions at all
    ],
)
def test_the_end_of_treatment_is_held_against_the_actions_of_events(subject, action, listed):
    rows = {"ADSL": CLEAN["ADSL"] | subject, "ADAE": CLEAN["ADAE"] | {"AEACN": action}}
    printed = print_rows(list_issues(make_data(**{name: [row] for name, row in rows.items()})))
    assert {kind for kind in ("STOP_WITHOUT_EVENT", "EVENT_WITHOUT_STOP") if f"{kind}|1" in printed} == listed


@pytest.mark.parametrize("text", ["2026-05", "2026-07", "2026-06-15", "2025", ""])
def test_a_date_that_lies_on_one_side_of_the_cutoff_is_no_doubt(text):
    assert "CUTOFF_ONSET" not in list_kinds(("ADAE", {"AESTDTC": text}))


def test_the_last_day_of_a_month_leaves_no_doubt_about_that_month():
    """Every day of June is on or before a cut-off of 30 June; the year still reaches beyond it."""
    june = ("ADSL", {"CUTDT": date(2026, 6, 30)})
    rows = {name: [row | (june[1] if name == "ADSL" else {})] for name, row in CLEAN.items()}
    for text, doubtful in (("2026-06", False), ("2026", True)):
        rows["ADAE"] = [CLEAN["ADAE"] | {"AESTDTC": text}]
        listed = print_rows(list_issues(make_data(**rows)))
        assert ("CUTOFF_ONSET|1" in listed) is doubtful


def test_what_is_found_of_an_event_or_test_is_said_in_chinese_too():
    tables = {name: [dict(row)] for name, row in CLEAN.items()}
    tables["ADAE"][0]["AEREL"] = None
    tables["ADLB"][0]["ADT"] = None
    tables["ADTTE"].append(SURVIVED)
    rows = list_issues(make_data(STUDY.analysis, **tables))
    found = [(row.text, row.text_zh) for row in rows if row.column.id == "FOUND"]
    assert ("Hypertension", "高血压") in found
    assert [zh for en, zh in found if en == "ALT (U/L)"] == ["丙氨酸氨基转移酶（ALT），U/L"]
