"""Models with imputed covariates as rows: near those of mice, outcomes never imputed, reasons for none."""

import json
from pathlib import Path

import numpy as np
import pytest
from explored import cell, level, number, read

from grevy.results.imputed_models import estimate_imputed_cox_models, estimate_imputed_logistic_models
from grevy.stats.imputation import compute_scale_reduction
from grevy.stats.kaplan_meier import compute_cumulative_hazard

REFERENCE = Path(__file__).parents[1] / "reference"
MICE = json.loads((REFERENCE / "resampling.json").read_text(encoding="utf-8"))
HOLES = MICE["holes"]


def read_holes(values=None):
    """The lung data with what is missing in them: karno in KI67, heavy in LIVERMFL."""
    subjects = {
        "SEX": ["F" if x == 1 else "M" for x in HOLES["sex"]],
        "KI67": [None if x is None else float(x) for x in HOLES["karno"]],
        "LIVERMFL": [None if x is None else "NY"[int(x)] for x in HOLES["heavy"]],
    }
    covariates = (level("SEX", "M"), number("KI67"), level("LIVERMFL", "N"))
    days = [float(x) for x in HOLES["time"]]
    return read(subjects, days, HOLES["event"], covariates, values)


@pytest.fixture(scope="module")
def rows():
    return list(estimate_imputed_cox_models(read_holes({"imputation.copies": "40"})))


@pytest.mark.parametrize(("line", "place"), [("PFS|SEX|F", 0), ("PFS|KI67|PER", 1), ("PFS|LIVERMFL|Y", 2)])
def test_pooled_ratios_are_those_of_mice(rows, line, place):
    """What is drawn cannot be the same: four times the Monte-Carlo error of 40 copies against 400."""
    row = cell(rows, line, "IMPUTED")
    value, error = (MICE["chained_donor"][part][place] for part in ("value", "error"))
    noise = cell(rows, line, "NOISE").value / 100 * error
    assert np.log(row.value) == pytest.approx(value, abs=4 * 1.1 * noise + 0.01 * error)
    assert (np.log(row.upper) - np.log(row.lower)) / 2 / 1.98 == pytest.approx(error, rel=0.08)


def test_whoever_has_the_outcome_is_used_and_the_imputed_are_counted(rows):
    missing = [x is None for x in HOLES["heavy"]]
    count = cell(rows, "PFS|LIVERMFL|N", "MISSING")
    assert count.value == sum(missing)
    assert list(count.records.index) == list(np.flatnonzero(missing))
    used = cell(rows, "PFS|ALL", "IMPUTED")
    assert used.value == len(HOLES["time"])
    complete = cell(rows, "PFS|ALL", "COMPLETE").value
    pairs = zip(HOLES["heavy"], HOLES["karno"], strict=True)
    assert complete == sum(None not in pair for pair in pairs)


def test_an_outcome_is_never_imputed(rows):
    (row,) = (row for row in rows if row.line.id == "OS|ALL" and row.column.id == "IMPUTED")
    assert row.value is None
    assert row.reason.en == "No subject has this outcome."


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    few = {"imputation.copies": "3"}
    first, again, other = (
        [
            row.value
            for row in estimate_imputed_cox_models(read_holes(few | seed))
            if row.column.id == "IMPUTED"
        ]
        for seed in ({}, {}, {"imputation.seed": "1"})
    )
    assert first == again
    assert first != other


def test_one_copy_is_refused():
    rows = list(estimate_imputed_cox_models(read_holes({"imputation.copies": "1"})))
    assert cell(rows, "PFS|ALL", "IMPUTED").reason.en == "Rubin's rules need at least two imputed copies."


def test_nothing_missing_is_nothing_imputed():
    subjects = {"AGE": [50.0 + i for i in range(30)]}
    data = read(subjects, [10.0 + i for i in range(30)], [1] * 30, [number("AGE")])
    rows = list(estimate_imputed_cox_models(data))
    assert cell(rows, "PFS|ALL", "IMPUTED").reason.en == "No covariate is missing; nothing is imputed."
    assert cell(rows, "PFS|ALL", "COMPLETE").value == 30


def test_a_logistic_model_is_imputed_too():
    n = 60
    subjects = {"AGE": [None if i % 6 == 5 else 40.0 + (7 * i) % 31 for i in range(n)]}
    keys = {"STUDYID": ["S"] * n, "USUBJID": [f"S-{i:04d}" for i in range(n)], "ASEQ": [1] * n}
    adrs = keys | {"PARAMCD": ["CBOR"] * n, "AVALC": ["PR" if i % 3 == 0 else "SD" for i in range(n)]}
    data = read(subjects, [10.0] * n, [1] * n, [number("AGE")], ADRS=adrs)
    rows = list(estimate_imputed_logistic_models(data))
    assert cell(rows, "ORR|AGE|PER", "MISSING").value == 10
    assert cell(rows, "ORR|AGE|PER", "IMPUTED").lower < cell(rows, "ORR|AGE|PER", "IMPUTED").value


def test_cumulative_hazard_is_that_of_nelson_and_aalen_by_hand():
    """1/4 at day 1, two of three at day 2, the last is censored."""
    assert compute_cumulative_hazard([2, 1, 2, 5], [1, 1, 1, 0]) == pytest.approx(
        [11 / 12, 1 / 4, 11 / 12, 11 / 12]
    )


def test_scale_reduction_by_hand():
    """Last two of four rounds: means 1 and 3, variances 2 and 2; sqrt(1/2 + 2/2)."""
    traces = np.array([[[9.0], [9.0], [0.0], [2.0]], [[9.0], [9.0], [2.0], [4.0]]])
    assert compute_scale_reduction(traces) == pytest.approx([np.sqrt(1.5)])
