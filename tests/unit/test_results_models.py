"""Exploratory models as rows: the numbers of R on public data, reasons for none, the records behind."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from grevy.definition import load_study
from grevy.definition.analysis_plan import Covariate, Models
from grevy.definition.words import Text
from grevy.results import build_results
from grevy.results.format import format_p, format_ratio

ROOT = Path(__file__).parents[2]
STUDY = load_study(ROOT / "studies" / "surufatinib_nen")
REFERENCE = ROOT / "tests" / "reference"
SETS = json.loads((REFERENCE / "data.json").read_text(encoding="utf-8"))["sets"]
LOGISTIC = json.loads((REFERENCE / "logistic.json").read_text(encoding="utf-8"))["cases"]
COX = json.loads((REFERENCE / "cox.json").read_text(encoding="utf-8"))["cases"]


def covariate(variable, **coding):
    return Covariate(variable=variable, label=Text(en=variable, zh=variable), **coding)


def build(subjects, days, event, models, **more):
    """One endpoint, PFS, on hand-made subjects; `subjects` gives the covariates as columns."""
    n = len(days)
    keys = {"STUDYID": ["S"] * n, "USUBJID": [f"S-{i:04d}" for i in range(n)]}
    adsl = keys | {"FASFL": ["Y"] * n, "SAFFL": ["Y"] * n, "ASEQ": [1] * n} | subjects
    adtte = keys | {
        "ASEQ": [1] * n,
        "PARAMCD": ["PFS"] * n,
        "AVAL": [float(day) for day in days],
        "CNSR": [0 if one else 1 for one in event],
    }
    plan = STUDY.analysis.model_copy(update={"models": models})
    return build_results({"ADSL": pa.table(adsl), "ADTTE": pa.table(adtte)} | more, STUDY, plan, "snapshot")


def cell(results, result_id):
    found = [row for row in results.rows.to_pylist() if row["result_id"] == result_id]
    assert len(found) == 1, result_id
    return found[0]


@pytest.fixture(scope="module")
def lung():
    """The lung cancer data of R's survival package, 227 subjects: sex 1 is male, Ki-67 stands in for ECOG."""
    data = SETS["lung"]
    subjects = {
        "AGE": [float(x) for x in data["age"]],
        "SEX": ["M" if x == 1 else "F" for x in data["sex"]],
        "KI67": [None if x is None else float(x) for x in data["ecog"]],
    }
    models = Models(
        covariates=(
            covariate("AGE", per="10"),
            covariate("SEX", reference="M"),
            covariate("KI67", per="1"),
        )
    )
    return build(subjects, data["time"], data["event"], models)


def test_multivariable_hazard_ratios_are_those_of_coxph(lung):
    expected = COX["lung"]
    ids = ("T14.2.8|PFS|AGE|PER", "T14.2.8|PFS|SEX|F", "T14.2.8|PFS|KI67|PER")
    for number, (name, unit) in enumerate(zip(ids, (10, 1, 1), strict=True)):
        row = cell(lung, f"{name}|MULTI")
        assert row["value"] == pytest.approx(np.exp(unit * expected["coefficients"][number]), rel=1e-6)
        assert row["value_lower"] == pytest.approx(expected["lower"][number] ** unit, rel=1e-6)
        assert row["value_upper"] == pytest.approx(expected["upper"][number] ** unit, rel=1e-6)
        assert cell(lung, f"{name}|MULTI_P")["value"] == pytest.approx(expected["p"][number], rel=1e-6)
    assert cell(lung, "T14.2.8|PFS|ALL|MULTI_P")["value"] == pytest.approx(expected["ratio"][2], rel=1e-6)
    assert cell(lung, "T14.2.8|PFS|SEX|F|MULTI")["value_text"] == "0.58 (0.41, 0.80)"


def test_proportional_hazards_are_those_of_cox_zph(lung):
    expected = COX["lung"]["zph"]["km"]
    for name, (chi_square, df, p) in zip(("AGE", "SEX", "KI67", "GLOBAL"), expected, strict=True):
        line = f"T14.2.10|PFS|{name}"
        assert cell(lung, f"{line}|CHISQ")["value"] == pytest.approx(chi_square, rel=1e-6)
        assert cell(lung, f"{line}|DF")["value"] == df
        assert cell(lung, f"{line}|P")["value"] == pytest.approx(p, rel=1e-6)


def test_a_ratio_opens_the_records_it_was_fitted_to(lung):
    n, events = cell(lung, "T14.2.8|PFS|ALL|N"), cell(lung, "T14.2.8|PFS|ALL|EVENTS")
    ratio = cell(lung, "T14.2.8|PFS|SEX|F|MULTI")
    assert n["value"] == len(SETS["lung"]["time"])
    assert events["value"] == sum(SETS["lung"]["event"])
    assert ratio["trace_key"] == n["trace_key"]
    traced = lung.trace.filter(pc.equal(lung.trace["trace_key"], ratio["trace_key"]))
    assert set(traced["dataset"].to_pylist()) == {"ADTTE"}
    assert len(set(traced["USUBJID"].to_pylist())) == n["value"]


def test_models_tried_are_counted(lung):
    assert cell(lung, "T14.2.8|PFS|MODELS|UNI")["value_text"] == "3"
    assert cell(lung, "T14.2.8|PFS|MODELS|MULTI")["value_text"] == "1"
    assert cell(lung, "T14.2.8|PFS|SEX|M|UNI")["row_label_zh"] == "男（参照）"


def test_an_endpoint_without_records_is_a_row_with_a_reason(lung):
    row = cell(lung, "T14.2.8|OS|SEX|F|UNI")
    assert (row["status"], row["reason"]) == ("NOT_CALCULABLE", "No data.")
    assert cell(lung, "T14.2.10|OS|GLOBAL|CHISQ")["reason"] == "This endpoint is not in the data."


def test_strata_are_those_of_coxph():
    data = SETS["veteran"]
    subjects = {
        "DIFFER": [str(x) for x in data["cell"]],
        "AGE": [float(x) for x in data["trt"]],
        "KI67": [float(x) for x in data["karno"]],
        "CGAXULN": [float(x) for x in data["prior"]],
    }
    terms = tuple(covariate(name, per="1") for name in ("AGE", "KI67", "CGAXULN"))
    found = build(subjects, data["time"], data["event"], Models(covariates=terms, stratum="DIFFER"))
    for name, coefficient in zip(
        ("AGE", "KI67", "CGAXULN"), COX["veteran_strata"]["coefficients"], strict=True
    ):
        row = cell(found, f"T14.2.8|PFS|{name}|PER|MULTI")
        assert row["value"] == pytest.approx(np.exp(coefficient), rel=1e-6)
        assert row["method"] == "Cox, Efron, stratified by DIFFER"


DAYS = [5, 8, 12, 16, 23, 27, 30, 33, 43, 45, 50, 55]
EVENT = [1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1]


def test_a_level_within_one_stratum_has_no_ratio_and_the_others_have_theirs():
    """NEC lies in the stratum of poor differentiation alone; the model is that of the rest, as R's NA."""
    group = ["NET G1/G2", "NET G3", "NEC/MiNEN"] * 4
    differ = ["WELL" if name.startswith("NET") else "POOR" for name in group]
    models = Models(
        covariates=(covariate("NENGRP", reference="NET G1/G2"),), stratum="DIFFER", minimum_events=1
    )
    found = build({"NENGRP": group, "DIFFER": differ}, DAYS, EVENT, models)
    absent = cell(found, "T14.2.8|PFS|NENGRP|NEC/MiNEN|UNI")
    assert (absent["value_text"], absent["status"]) == ("NC", "NOT_CALCULABLE")
    assert absent["reason"]
    assert absent["reason_zh"]
    only_net = [i for i, name in enumerate(group) if name.startswith("NET")]
    alone = build(
        {"NENGRP": [group[i] for i in only_net]},
        [DAYS[i] for i in only_net],
        [EVENT[i] for i in only_net],
        models.model_copy(update={"stratum": None}),
    )
    with_nec = cell(found, "T14.2.8|PFS|NENGRP|NET G3|UNI")["value"]
    assert with_nec == pytest.approx(cell(alone, "T14.2.8|PFS|NENGRP|NET G3|UNI")["value"])


def test_too_few_events_are_no_model():
    models = Models(covariates=(covariate("AGE", per="10"),), minimum_events=11)
    found = build({"AGE": [float(40 + i * i % 37) for i in range(12)]}, DAYS, EVENT, models)
    row = cell(found, "T14.2.8|PFS|AGE|PER|UNI")
    assert (row["value_text"], row["reason"]) == ("NC", "Too few events.")
    assert cell(found, "T14.2.8|PFS|AGE|PER|EVENTS")["value"] == 10


def test_missing_covariates_leave_the_model_and_show_in_n():
    ages = [float(40 + i * i % 37) for i in range(12)]
    models = Models(covariates=(covariate("AGE", per="10"),), minimum_events=1)
    found = build({"AGE": [None, None, *ages[2:]]}, DAYS, EVENT, models)
    assert cell(found, "T14.2.8|PFS|AGE|PER|N")["value"] == 10


@pytest.fixture(scope="module")
def response():
    """Logistic case of R on the lung cancer data: the outcome stands for a partial response."""
    case, data = LOGISTIC[0], SETS["lung"]
    n = len(case["outcome"])
    subjects = {
        "AGE": [float(x) for x in data["age"]],
        "SEX": ["M" if x == 1 else "F" for x in data["sex"]],
        "KI67": [float(x) for x in data["ecog"]],
    }
    answers = {
        "STUDYID": ["S"] * n,
        "USUBJID": [f"S-{i:04d}" for i in range(n)],
        "ASEQ": [1] * n,
        "PARAMCD": ["CBOR"] * n,
        "AVALC": ["PR" if one else "SD" for one in case["outcome"]],
    }
    models = Models(
        covariates=(covariate("AGE", per="1"), covariate("SEX", reference="M"), covariate("KI67", per="1"))
    )
    return build(subjects, data["time"], data["event"], models, ADRS=pa.table(answers))


def test_odds_ratios_and_profile_limits_are_those_of_glm(response):
    case = LOGISTIC[0]
    ids = ("T14.2.9|ORR|AGE|PER", "T14.2.9|ORR|SEX|F", "T14.2.9|ORR|KI67|PER")
    for number, name in enumerate(ids, start=1):
        row = cell(response, f"{name}|MULTI")
        lower, upper = np.exp(case["profile"][number])
        assert row["value"] == pytest.approx(np.exp(case["coefficients"][number]), rel=1e-6)
        assert (row["value_lower"], row["value_upper"]) == pytest.approx((lower, upper), rel=1e-6)
        assert cell(response, f"{name}|MULTI_P")["value"] == pytest.approx(case["p"][number], rel=1e-6)
        assert row["dataset"] == "ADRS"


def test_the_rarer_answer_bears_the_parameters(response):
    outcome = LOGISTIC[0]["outcome"]
    rarer = min(sum(outcome), len(outcome) - sum(outcome))
    assert cell(response, "T14.2.9|ORR|PER_PARAMETER|EVENTS")["value"] == pytest.approx(rarer / 3)


def test_an_answer_that_all_have_is_no_model(response):
    """Everybody's disease is controlled: nothing to explain, and every estimate says so."""
    row = cell(response, "T14.2.9|DCR|SEX|F|MULTI")
    assert (row["value_text"], row["status"]) == ("NC", "NOT_CALCULABLE")
    assert cell(response, "T14.2.9|DCR|SEX|F|EVENTS")["value"] == SETS["lung"]["sex"].count(2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.50"),
        (1.005, "1.01"),
        (0.1, "0.10"),
        (0.0523, "0.0523"),
        (0.00456, "0.00456"),
        (12.345, "12.35"),
    ],
)
def test_ratios_below_a_tenth_have_three_figures(value, text):
    assert format_ratio(value) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0, "<0.001"), (0.0004, "<0.001"), (0.0005, "0.001"), (0.04999, "0.050"), (1.0, ">0.999")],
)
def test_a_p_value_is_never_zero_and_never_one(p, text):
    assert format_p(p) == text


def test_a_covariate_from_after_the_first_dose_is_refused():
    with pytest.raises(ValueError, match="BOR"):
        covariate("BOR", reference="SD")
