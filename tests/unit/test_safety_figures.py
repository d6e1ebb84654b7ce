"""Figures of safety: their numbers by hand, and how they look with nobody, one, a few, and with arms."""

import html
import re
from datetime import date, timedelta

import pytest

from grevy.definition.analysis_plan import Arm, ByVisit
from grevy.definition.words import Text
from grevy.results import build_results
from grevy.results.dose_figure import estimate_dose_course
from grevy.results.enrollment_figure import estimate_enrollment
from grevy.results.event_figures import estimate_butterfly, estimate_dots
from grevy.results.laboratory_figure import estimate_laboratory_course
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


def hemoglobin(subject, place):
    """A baseline and two visits, of which the second is that of everybody."""
    common = {"USUBJID": subject, "PARAMCD": "HGB", "PARAM": "Hemoglobin (g/L)", "ANL01FL": "Y"}
    return [
        common | {"AVAL": 130.0 + place, "AVISIT": "SCREENING", "AVISITN": 1.0, "ADY": -3.0, "ABLFL": "Y",
                  "A1LO": 115.0, "A1HI": 150.0},
        common | {"AVAL": 120.0 + place, "AVISIT": "CYCLE 2 DAY 1", "AVISITN": 12.0, "ADY": 29.0},
        common | {"AVAL": 118.0 + place, "AVISIT": "END OF TREATMENT", "AVISITN": 700.0, "ADY": 90.0},
    ]  # fmt: skip


def dosed(subject, *intervals):
    """Intervals of a dose from one day to another, the first dose being day 1."""
    return [
        {"USUBJID": subject, "PARAMCD": "DOSE", "AVAL": dose, "ASTDT": FIRST_DOSE + timedelta(days=start - 1),
         "AENDT": FIRST_DOSE + timedelta(days=end - 1)}
        for dose, start, end in intervals
    ]  # fmt: skip


def adam(count, cohorts, events=True):
    """Data sets of so many subjects, each with a common event, some with a long name, and liver tests."""
    of_subjects = [{"SAFFL": "Y", "TRTSDT": FIRST_DOSE, **row} for row in subjects(count, cohorts)]
    names = [row["USUBJID"] for row in of_subjects]
    found = [event(name, term, 1 + place % 5, 3 * place + 1) for place, name in enumerate(names)
             for term in ("Rash", LONG_NAME)] if events else []  # fmt: skip
    tests = [row for place, name in enumerate(names) for row in of_liver(name, 130.0 + place, 41.0 + place)]
    tests += [row for place, name in enumerate(names) for row in hemoglobin(name, place)]
    doses = [row for name in names for row in dosed(name, (300.0, 1, 20), (250.0, 28, 200))]
    enrolled = {"ENRLFL": "Y", "SITEID": "Hospital of a long name", "ENRLDT": FIRST_DOSE}
    of_subjects = [row | enrolled for row in of_subjects]
    tables = {"ADSL": of_subjects, "ADAE": found, "ADLB": tests, "ADEX": doses}
    return {name: make_table(list(number_rows(rows))) for name, rows in tables.items() if rows}


ALL = ["F14.1.2", "F14.3.1", "F14.3.2", "F14.3.3", "F14.3.4", "F14.3.5"]


def few(plan):
    """The plan with tables by visit from one subject on."""
    return plan.model_copy(update={"by_visit": ByVisit(minimum_subjects=1, laboratory=("HGB",))})


@pytest.mark.parametrize("output", ALL)
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
    ((english, chinese),) = draw(output, adam(count, cohorts), STUDY, few(plan))
    assert list_texts_outside(english) == []
    assert list_texts_outside(chinese) == []
    assert "Simulated data" in list_texts(english)
    if plan is OF_ARMS:
        assert "Monotherapy" not in list_texts(english)


@pytest.mark.parametrize("output", ALL)
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


def test_the_dose_of_a_week_is_the_highest_taken_in_it():
    adex = [
        # 300 mg to day 10, so also in the second week; none in the third; 250 mg from the fourth on
        *dosed("000", (300.0, 1, 10), (250.0, 8, 14), (0.0, 15, 21), (250.0, 22, 30)),
        # stopped on day 7; followed, as the end is known
        *dosed("002", (300.0, 1, 7)),
        # still treated on day 9, and nothing is known later
        *dosed("004", (200.0, 1, 9)),
    ]  # fmt: skip
    adsl = subjects(5)
    ends = {"000": date(2026, 1, 30), "002": date(2026, 1, 7)}
    adsl = [
        row | {"TRTEDT": ends.get(row["USUBJID"])} for row in adsl if row["USUBJID"] in ("000", "002", "004")
    ]
    printed = print_rows(estimate_dose_course(make_data(ADSL=adsl, ADEX=adex)))
    shown = {line: cells["MONO"] for line, cells in printed.items() if "MONO" in cells}
    assert (shown["2|300"], shown["2|250"], shown["2|200"]) == ("1 (33.3%)", "0", "1 (33.3%)")
    assert (shown["3|NONE"], shown["3|ENDED"], shown["3|ON"]) == ("1 (50.0%)", "1 (50.0%)", "1")
    assert (shown["4|250"], shown["52|ENDED"]) == ("1 (50.0%)", "2 (100%)")


def test_placebo_is_a_dose_of_nothing_and_no_interruption():
    data = make_data(OF_ARMS, ADSL=subjects(1, ("PLA",)), ADEX=dosed("000", (0.0, 1, 7)))
    assert print_rows(estimate_dose_course(data))["1|0"]["PLA"] == "1 (100%)"


def test_enrollment_stands_against_an_even_plan():
    """350 subjects in 30 months: 11.67 a month, 23.33 by the second; two sites, 175 each."""
    adsl = [
        {"USUBJID": name, "ENRLFL": "Y", "ENRLDT": day, "SITEID": site}
        for name, day, site in (
            ("A", date(2026, 1, 20), "01"), ("B", date(2026, 1, 31), "01"), ("C", date(2026, 3, 1), "02"),
        )
    ]  # fmt: skip
    printed = print_rows(estimate_enrollment(make_data(ADSL=adsl)))
    assert printed["MONTH|2026-01"] == {"ENROLLED": "2", "CUMULATIVE": "2", "PLANNED": "12"}
    assert printed["MONTH|2026-02"] == {"ENROLLED": "0", "CUMULATIVE": "2", "PLANNED": "23"}
    assert printed["MONTH|2026-03"]["CUMULATIVE"] == "3"
    assert printed["SITE|02"] == {"ENROLLED": "1", "PLANNED": "175.0"}


def test_without_a_visit_of_enough_subjects_the_course_says_so():
    data = make_data(ADSL=subjects(1), ADLB=hemoglobin("000", 0))
    (row,) = estimate_laboratory_course(data)
    assert row.reason.en.startswith("At no visit after baseline have as many subjects a value")


def test_boxes_have_quartiles_and_limits_of_normal():
    """Values 120, 121, 122, 123 (half of the regimen's subjects): quartiles by SAS PCTLDEF 5."""
    rows = [row for place in range(4) for row in hemoglobin(f"{place:03}", place)]
    data = make_data(few(STUDY.analysis), ADSL=subjects(4, ("MONO",)), ADLB=rows)
    printed = print_rows(estimate_laboratory_course(data))
    assert printed["HGB|12|box"]["MONO"] == "121.5 (120.5, 122.5)"
    assert printed["HGB|12|middle"]["MONO"] == "120.0, 123.0"
    assert (printed["HGB|LLN"]["TOTAL"], printed["HGB|ULN"]["TOTAL"]) == ("115", "150")


LINKED = re.compile(r'<a class="v" [^>]*data-p="(\d+)"><text [^>]*>([^<]*)</text></a>')


@pytest.mark.parametrize("output", ALL)
def test_a_number_that_leads_somewhere_is_the_text_of_its_result(output):
    tables = adam(12, ("MONO", "COMBO"))
    plan = few(STUDY.analysis)
    texts = build_results(tables, STUDY, plan, "x", only=[output]).rows["value_text"].to_pylist()
    for english, chinese in draw(output, tables, STUDY, plan):
        for place, shown in LINKED.findall(english) + LINKED.findall(chinese):
            assert html.unescape(shown) == texts[int(place)]
