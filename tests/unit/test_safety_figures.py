"""Figures of safety: their numbers by hand, and how they look with nobody, one, a few, and with arms."""

from datetime import date, timedelta

import pytest

from grevy.definition.analysis_plan import Arm
from grevy.definition.words import Text
from grevy.results.event_figures import estimate_butterfly, estimate_dots
from grevy.results.liver_figure import estimate_edish
from tests.unit.drawn_texts import draw, list_texts, list_texts_outside
from tests.unit.few_subjects import FIRST_DOSE, STUDY, make_data, make_table, number_rows, print_rows

ARMS = tuple(Arm(code=code, label=Text(en=name, zh=name)) for code, name in (
    ("PLA", "Placebo"), ("LOW", "Xanomeline Low Dose"), ("HIGH", "Xanomeline High Dose"),
))  # fmt: skip
OF_ARMS = STUDY.analysis.model_copy(update={"arms": ARMS})
LONG_NAME = "Blood thyroid stimulating hormone increased"


def subjects(count, cohorts=("MONO", "COMBO")):
    return [
        {"USUBJID": f"{n:03}", "COHORT": cohorts[n % len(cohorts)], "LSTALVDT": date(2026, 6, 1)}
        for n in range(count)
    ]


def event(subject, term, grade, day=10):
    return {
        "USUBJID": subject, "AEDECOD": term, "ATOXGR": grade, "ASTDT": FIRST_DOSE + timedelta(days=day - 1),
        "TRTEMFL": "Y",
    }  # fmt: skip


def liver(subject, code, value, *, is_baseline=False):
    return {
        "USUBJID": subject, "PARAMCD": code, "AVAL": value, "A1HI": 40.0 if code != "BILI" else 20.0,
        "ABLFL": "Y" if is_baseline else None, "ONTRTFL": None if is_baseline else "Y",
    }  # fmt: skip


def of_liver(subject, peak, bilirubin, baseline=30.0):
    """A subject's tests before treatment and their peaks on it."""
    before = [liver(subject, code, baseline, is_baseline=True) for code in ("ALT", "AST")]
    return [
        *before, liver(subject, "BILI", 10.0, is_baseline=True), liver(subject, "ALT", peak),
        liver(subject, "AST", 35.0), liver(subject, "BILI", bilirubin),
    ]  # fmt: skip


def test_a_subject_stands_in_a_bar_once_at_the_highest_grade():
    events = [event("000", "Rash", 1), event("000", "Rash", 3), event("001", "Rash", 2)]
    printed = print_rows(estimate_butterfly(make_data(ADSL=subjects(3), ADAE=events)))
    assert printed["PT|Rash|grade_3"] == {"MONO": "1 (50.0%)", "COMBO": "0", "TOTAL": "1 (33.3%)"}
    assert printed["PT|Rash|grade_2"] == {"MONO": "0", "COMBO": "1 (100%)", "TOTAL": "1 (33.3%)"}
    assert "PT|Rash|grade_1" not in printed


def test_rare_terms_are_not_drawn():
    events = [event("000", "Cough", 1), *(event(f"{n:03}", "Rash", 1) for n in range(6))]
    printed = print_rows(estimate_dots(make_data(ADSL=subjects(22), ADAE=events)))
    # 1 of 11 is below a tenth of the column, 3 of 11 are not
    assert [line for line in printed if line.endswith("ANY")] == ["PT|Rash|ANY"]


def test_onset_is_that_of_all_subjects_with_the_event():
    events = [event("000", "Rash", 3, day=8), event("000", "Rash", 1, day=3), event("001", "Rash", 2, day=21)]
    printed = print_rows(estimate_dots(make_data(ADSL=subjects(2), ADAE=events)))
    assert printed["PT|Rash|ONSET"] == {"TOTAL": "12.0 (3.0, 21.0)"}
    assert printed["PT|Rash|SEVERE"]["TOTAL"] == "1 (50.0%)"


def test_quadrants_count_3_as_above_and_2_as_not():
    """Limits: ALT 40, bilirubin 20. 3 and above 2; 3 and exactly 2; normal; raised before."""
    tests = [
        *of_liver("000", 120.0, 40.1), *of_liver("001", 120.0, 40.0), *of_liver("002", 39.0, 20.0),
        *of_liver("003", 200.0, 60.0, baseline=41.0),
    ]  # fmt: skip
    data = make_data(ADSL=subjects(4), ADLB=tests)
    printed = print_rows(estimate_edish(data))
    quadrants = ("HY", "CHOLESTASIS", "TEMPLE", "NORMAL")
    assert [printed[f"NORMAL|{key}"]["TOTAL"] for key in quadrants] == [
        "1 (33.3%)", "0", "1 (33.3%)", "1 (33.3%)",
    ]  # fmt: skip
    assert printed["ABNORMAL|HY"] == {"MONO": "–", "COMBO": "1 (100%)", "TOTAL": "1 (100%)"}
    assert printed["NORMAL|000"] == {"ALT_AST": "3.00", "BILI": "2.01"}


def adam(count, cohorts, events=True):
    """Data sets of so many subjects, each with a common event, some with a long name, and liver tests."""
    of_subjects = [{"SAFFL": "Y", "TRTSDT": FIRST_DOSE, **row} for row in subjects(count, cohorts)]
    names = [row["USUBJID"] for row in of_subjects]
    found = [event(name, term, 1 + place % 5, 3 * place + 1) for place, name in enumerate(names)
             for term in ("Rash", LONG_NAME)] if events else []  # fmt: skip
    tests = [row for place, name in enumerate(names) for row in of_liver(name, 130.0 + place, 41.0 + place)]
    tables = {"ADSL": of_subjects, "ADAE": found, "ADLB": tests}
    return {name: make_table(list(number_rows(rows))) for name, rows in tables.items() if rows}


@pytest.mark.parametrize("output", ["F14.3.1", "F14.3.2", "F14.3.3"])
@pytest.mark.parametrize(
    ("count", "cohorts", "plan"),
    [
        (1, ("MONO", "COMBO"), STUDY.analysis),
        (12, ("MONO", "COMBO"), STUDY.analysis),
        # everybody on one regimen
        (3, ("COMBO",), STUDY.analysis),
        # three arms of another study
        (12, ("PLA", "LOW", "HIGH"), OF_ARMS),
    ],
)
def test_drawings_of_a_few_subjects_and_of_arms_stay_within_their_canvas(output, count, cohorts, plan):
    ((english, chinese),) = draw(output, adam(count, cohorts), STUDY, plan)
    assert list_texts_outside(english) == []
    assert list_texts_outside(chinese) == []
    assert "Simulated data" in list_texts(english)
    if plan is OF_ARMS:
        assert "Monotherapy" not in list_texts(english)


@pytest.mark.parametrize("output", ["F14.3.1", "F14.3.2", "F14.3.3"])
def test_with_nothing_to_draw_there_is_no_drawing(output):
    nobody = {"ADSL": make_table(list(number_rows(subjects(2))))}
    assert draw(output, nobody, STUDY, STUDY.analysis) == []


def test_both_sides_of_the_butterfly_are_named_with_their_size():
    ((english, _),) = draw("F14.3.1", adam(12, ("MONO", "COMBO")), STUDY, STUDY.analysis)
    texts = list_texts(english)
    assert {"Monotherapy", "Combination"} <= set(texts)
    assert texts.count("6") >= 2
    assert texts.count("6 (100%)") == 4


def test_subjects_of_the_critical_range_are_named_where_they_are_few():
    ((english, _),) = draw("F14.3.3", adam(3, ("MONO", "COMBO")), STUDY, STUDY.analysis)
    assert "3 (100%)" in list_texts(english)
    assert [text for text in list_texts(english) if text.endswith("002")] != []
    ((english, _),) = draw("F14.3.3", adam(12, ("MONO", "COMBO")), STUDY, STUDY.analysis)
    assert [text for text in list_texts(english) if text.endswith("002")] == []
