"""Outputs X1 to X5 by hand: patterns of use, missed assessments, centers, later facts, missing data."""

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from math import lgamma, log
from pathlib import Path

import numpy as np
import pytest
from explored import cell, number, read
from printed_rows import draw, print_rows

from grevy.definition import load_study
from grevy.definition.analysis_plan import Arm
from grevy.definition.mistakes import StudyMistakes
from grevy.definition.words import Text
from grevy.report.sankey import describe_sankey, figure_sankey, read_flow
from grevy.results.landmark_models import estimate_landmark_models
from grevy.results.missed_assessments import estimate_missed_assessments
from grevy.results.missing_data import estimate_missing_data
from grevy.results.patterns_of_use import estimate_flow_of_therapy, estimate_patterns_of_use
from grevy.results.site_variation import estimate_site_variation
from grevy.stats.frailty import estimate_gamma_frailty

STUDY = Path(__file__).parents[2] / "studies" / "surufatinib_nen"
START = date(2023, 1, 1)


def day(elapsed):
    return None if elapsed is None else START + timedelta(days=elapsed)


def records(rows, **columns):
    """A data set from (subject number, values ...) and the names of the values."""
    names = list(columns)
    table = {"STUDYID": ["S"] * len(rows), "USUBJID": [f"S-{row[0]:04d}" for row in rows]}
    table["ASEQ"] = list(range(1, len(rows) + 1))
    for place, name in enumerate(names, start=1):
        table[name] = [columns[name](row[place]) for row in rows]
    return table


def same(value):
    return value


# --- X1 -----------------------------------------------------------------------------------------------------

PRIOR, NEXT, PARTNER = (
    "PRIOR ANTI-CANCER THERAPY",
    "SUBSEQUENT ANTI-CANCER THERAPY",
    "COMBINATION PARTNER",
)


@pytest.fixture(scope="module")
def course():
    """0: treated 20 days beyond progression. 1: exactly 14. 2: went on across a therapy. 3: took it again.

    0 and 2 are still on study drug; 2 has begun another therapy too, which is its next step.
    """
    subjects = {
        "COHORT": ["MONO", "MONO", "COMBO", "MONO", "MONO"],
        "TRTSDT": [START] * 5,
        "NWTRSDT": [None, None, day(50), day(50), None],
        "LSTALVDT": [day(300)] * 5,
        "EOTSTT": ["ONGOING", "DISCONTINUED", "ONGOING", *["DISCONTINUED"] * 2],
        "DTHFL": ["N", "Y", "N", "N", "N"],
        "REGREAS": ["GUIDELINE", "GUIDELINE", "BIOLOGY", "", "OTHER"],
    }
    adex = records(
        [(0, 300.0, 0, None), (1, 300.0, 0, 114), (2, 250.0, 0, 80), (3, 300.0, 0, 40), (3, 300.0, 90, 120)],
        AVAL=same, ASTDT=day, AENDT=day,
    ) | {"PARAMCD": ["DOSE"] * 5}  # fmt: skip
    adcm = records(
        [
            (0, PRIOR, "SOMATOSTATIN ANALOGUE", -100, ""),
            (0, PRIOR, "MTOR INHIBITOR", -50, ""),
            (1, PRIOR, "SOMATOSTATIN ANALOGUE", -100, ""),
            (2, NEXT, "TARGETED THERAPY", 70, "Toxicity"),
            (2, NEXT, "CHEMOTHERAPY", 50, "Progression"),
            (3, NEXT, "CHEMOTHERAPY", 50, "Progression"),
            (4, PARTNER, "", 30, ""),
        ],
        CMCAT=same, CMCLAS=same, ASTDT=day, CMINDC=same,
    )  # fmt: skip
    adrs = records([(0, "PD", "Y", 100), (1, "PD", "Y", 100)], PARAMCD=same, AVALC=same, ADT=day)
    return read(subjects, [100.0] * 5, [0] * 5, [], ADEX=adex, ADCM=adcm, ADRS=adrs)


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("COURSE|BEYOND", [0]),
        ("COURSE|ACROSS", [2]),
        ("COURSE|AGAIN", [3]),
        ("COURSE|PARTNER", [4]),
        ("PRIOR|SEVERAL", [0]),
        ("PRIOR|SOMATOSTATIN ANALOGUE", [1]),
        ("PRIOR|NONE", [2, 3, 4]),
        ("NEXT|ONGOING", [0]),
        ("NEXT|DIED", [1]),
        ("NEXT|CHEMOTHERAPY", [2, 3]),
        ("NEXT|NONE", [4]),
        ("SWITCH|Progression", [2, 3]),
        ("REGREAS|GUIDELINE", [0, 1]),
        ("REGREAS|MISSING", [3]),
    ],
)
def test_a_pattern_counts_and_opens_its_subjects(course, line, who):
    row = cell(estimate_patterns_of_use(course), line, "TOTAL")
    assert row.value == len(who)
    found = course[row.records.dataset]["SUBJECT"].to_numpy()[row.records.index]
    assert sorted(set(found.tolist())) == who


def make_flow():
    """7 subjects of one class and 4 of another go one way; the four are too few to be drawn apart."""
    subjects = {"COHORT": ["MONO"] * 7 + ["COMBO"] * 11, "TRTSDT": [START] * 18, "EOTSTT": ["ONGOING"] * 18}
    few = [(number, PRIOR, "MTOR INHIBITOR", -9) for number in range(7, 11)]
    many = [(number, PRIOR, "SOMATOSTATIN ANALOGUE", -9) for number in range(11, 18)]
    adcm = records(few + many, CMCAT=same, CMCLAS=same, ASTDT=day)
    return read(subjects, [100.0] * 18, [0] * 18, [], ADCM=adcm)


def test_flows_under_five_are_merged_and_nobody_is_lost():
    data = make_flow()
    rows = list(estimate_flow_of_therapy(data))
    assert cell(rows, "PRIOR|OTHER", "COMBO").value == 4
    assert "PRIOR|MTOR INHIBITOR" not in {row.line.id for row in rows}
    for side in ("PRIOR", "NEXT"):
        total = sum(row.value for row in rows if row.line.id.startswith(side) and row.column.id == "TOTAL")
        assert total == 18
    printed = print_rows(data, "FX1", rows)
    svg = draw(figure_sankey, printed)
    bands = sum(row.value > 0 and row.column.id != "TOTAL" for row in rows)
    assert svg.count('opacity="0.3"') == bands
    for language in ("en", "zh"):
        assert "18" in describe_sankey(printed, language)
    assert read_flow([row for row in printed if row.group_1 == "PRIOR"]) is None


def test_arms_of_another_study_are_no_choice(course):
    arms = (Arm(code="MONO", label=Text(en="A", zh="A")),)
    other = replace(course, plan=course.plan.model_copy(update={"arms": arms}))
    for estimate in (estimate_patterns_of_use, estimate_flow_of_therapy):
        (row,) = estimate(other)
        assert row.reason.en == "The data are of another study: its arms are no choice of a regimen."


# --- X2 -----------------------------------------------------------------------------------------------------


def test_assessments_are_done_late_not_evaluable_or_missed():
    """Planned at days 56 and 112 (window 7). 0: both. 1: day 70, then none. 2: progressed at day 60."""
    subjects = {"TRTSDT": [START] * 3, "LSTALVDT": [day(130)] * 3, "COHORT": ["MONO"] * 3}
    adrs = records(
        [
            (0, "OVR", "SD", 56), (0, "OVR", "NE", 119), (1, "OVR", "SD", 70), (2, "OVR", "PD", 60),
            (2, "PD", "Y", 60),
        ],
        PARAMCD=same, AVALC=same, ADT=day,
    )  # fmt: skip
    data = read(subjects, [100.0] * 3, [0] * 3, [], ADRS=adrs)
    rows = list(estimate_missed_assessments(data))
    found = {
        name: cell(rows, name, "TOTAL").value for name in {row.line.id for row in rows if row.line.id != "N"}
    }
    assert (found["1|DUE"], found["1|DONE"], found["1|LATE"], found["1|MISSED"]) == (2, 1, 1, 0)
    assert (found["2|DUE"], found["2|DONE"], found["2|NE"], found["2|MISSED"]) == (2, 1, 1, 1)
    assert (found["PATTERN|0"], found["PATTERN|1"], found["PATTERN|ROW"]) == (1, 1, 0)
    assert list(cell(rows, "2|MISSED", "TOTAL").records.index) == [1]


# --- X3 -----------------------------------------------------------------------------------------------------


def test_frailty_is_the_maximum_of_the_negative_binomial_likelihood():
    """Against the textbook density on a grid; the ratio by its formula."""

    def log_density(o, mean, variance):
        size, p = 1 / variance, 1 / (1 + variance * mean)
        return lgamma(o + size) - lgamma(size) - lgamma(o + 1) + size * log(p) + o * log(1 - p)

    observed, expected = np.array([12.0, 3, 9, 1, 20]), np.array([6.0, 6, 8, 4, 11])
    found = estimate_gamma_frailty(observed, expected)
    grid = found.variance * np.array([0.9, 0.99, 1.0, 1.01, 1.1])
    pairs = list(zip(observed, expected, strict=True))
    likelihood = [sum(log_density(o, e, v) for o, e in pairs) for v in grid]
    assert np.argmax(likelihood) == 2
    assert found.log_likelihood == pytest.approx(likelihood[2], rel=1e-9)
    shrunken = (observed + 1 / found.variance) / (expected + 1 / found.variance)
    assert found.ratio == pytest.approx(shrunken)
    assert all(abs(np.log(shrunken)) < abs(np.log(observed / expected)))


def test_centers_that_vary_as_chance_does_have_no_variance():
    found = estimate_gamma_frailty([5, 5, 5], [5, 5, 5])
    assert (found.variance, found.median_ratio) == (0.0, 1.0)
    assert list(found.ratio) == [1, 1, 1]


def test_no_center_is_named():
    lung = json.loads((STUDY.parents[1] / "tests/reference/data.json").read_text(encoding="utf-8"))
    lung = lung["sets"]["lung"]
    n = len(lung["time"])
    subjects = {"AGE": [float(x) for x in lung["age"]], "SITEID": [f"SITE{i % 7}" for i in range(n)]}
    data = read(subjects, [float(x) for x in lung["time"]], lung["event"], [number("AGE")])
    rows = list(estimate_site_variation(data))
    assert cell(rows, "SITES", "PFS").value == 7
    assert cell(rows, "RATIO_0.00", "PFS").value <= 1 <= cell(rows, "RATIO_1.00", "PFS").value
    for row in rows:
        assert "SITE0" not in f"{row.line.label} {row.line.id} {row.text}"


# --- X4 -----------------------------------------------------------------------------------------------------


def test_later_facts_by_landmark_and_as_they_happen():
    """20 subjects, ten respond on day 40 (by week 8) or 100 (by week 16); events from day 51 on."""
    subjects = {"TRTSDT": [START] * 20, "COHORT": ["MONO"] * 20}
    days = [51.0 + 10 * i for i in range(20)]
    answers = [(i, "RSP", "Y", 39 if i % 2 else 99) for i in range(9, 19)]
    adrs = records(answers, PARAMCD=same, AVALC=same, ADT=day)
    data = read(subjects, days, [1] * 20, [], ADRS=adrs)
    data.frames["ADTTE"]["STARTDT"] = np.datetime64(START, "s")
    rows = list(estimate_landmark_models(data))
    assert cell(rows, "PFS|RESPONSE", "L8_N").value == 19  # one has the event on day 51
    assert cell(rows, "PFS|RESPONSE", "L8_WITH").value == 5
    assert cell(rows, "PFS|RESPONSE", "L16_WITH").value == 10
    assert cell(rows, "PFS|RESPONSE", "TD_WITH").value == 10
    ratio = cell(rows, "PFS|RESPONSE", "L16_HR")
    assert ratio.lower < ratio.value < ratio.upper
    assert len(ratio.records.index) == 13  # events from day 121 on
    absent = cell(rows, "PFS|SEVERE", "TD_HR")
    assert absent.reason.en == "All values are alike."


def test_the_time_dependent_ratio_is_that_of_coxph():
    """survival 3.5: exp(coef), exp(confint) of coxph(Surv(start, stop, event) ~ on) on these intervals."""
    days = [5, 8, 12, 16, 23, 27, 30, 33, 43, 45, 50, 55]
    event = [1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1]
    onset = {1: 3, 3: 10, 6: 7, 8: 20, 9: 12, 11: 30}
    subjects = {"TRTSDT": [START] * 12}
    adrs = records(
        [(who, "RSP", "Y", elapsed - 1) for who, elapsed in onset.items()], PARAMCD=same, AVALC=same, ADT=day
    )
    data = read(subjects, [float(x) for x in days], event, [], ADRS=adrs)
    data.frames["ADTTE"]["STARTDT"] = np.datetime64(START, "s")
    row = cell(estimate_landmark_models(data), "PFS|RESPONSE", "TD_HR")
    expected = [1.409373244880866, 0.336121936128498, 5.909560578714071]
    assert [row.value, row.lower, row.upper] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("variable", "fact"), [("CBOR", "response"), ("ATOXGR", "toxicity")])
def test_a_plan_that_takes_a_later_fact_for_a_baseline_fact_is_refused(tmp_path, variable, fact):
    study = shutil.copytree(STUDY, tmp_path / "study")
    file = study / "analysis.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("{variable: AGE, per:", f"{{variable: {variable}, per:"), encoding="utf-8")
    with pytest.raises(StudyMistakes) as refused:
        load_study(study)
    assert "analysis.yaml, line" in str(refused.value)
    assert f"covariate '{variable}': {fact} is known only after the first dose" in str(refused.value)
    assert "by landmark and as time-dependent terms" in str(refused.value)


# --- X5 -----------------------------------------------------------------------------------------------------


def test_what_is_missing_is_counted_and_opened():
    subjects = {
        "AGE": [50.0, None, None, 60.0],
        "KI67": [1.0, None, 3.0, 4.0],
        "COHORT": ["MONO", "MONO", "COMBO", "COMBO"],
    }
    data = read(subjects, [10.0, 20.0, 30.0, 40.0], [1, 1, 0, 1], [number("AGE"), number("KI67")])
    rows = list(estimate_missing_data(data))
    assert cell(rows, "ADSL|AGE", "TOTAL").text == "2 (50.0%)"
    assert list(cell(rows, "ADSL|KI67", "MONO").records.index) == [1]
    assert [cell(rows, f"COVARIATES|{name}", "TOTAL").value for name in ("ALL", "ONE", "MORE")] == [2, 1, 1]
    assert cell(rows, "OUTCOME|PFS", "TOTAL").value == 0
    assert cell(rows, "OUTCOME|CBOR", "TOTAL").value == 4
