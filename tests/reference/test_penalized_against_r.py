"""Ridge and lasso against R's glmnet, which finds the same maximum by another way."""

import numpy as np
import pytest
from r_values import read_reference, read_set

from grevy.stats.penalized import GRIDS, LogisticRows, fit_penalized, sort_cox_rows

REFERENCE = read_reference("penalized")


@pytest.mark.parametrize(
    "case", REFERENCE["cases"], ids=lambda case: f"{case['set']}-{case['penalty']}-{case['strength']}"
)
def test_coefficients_are_those_of_glmnet(case, monkeypatch):
    monkeypatch.setitem(GRIDS, case["penalty"], np.array([float(case["strength"])]))
    data = read_set(case["set"])
    time, event = np.array(data["time"], dtype=float), np.array(data["event"]) == 1
    x = np.column_stack([np.array(data[name], dtype=float) for name in case["columns"]])
    alike = np.ones((1, len(x)))
    rows = sort_cox_rows(time, event)
    centered = (x - x.mean(axis=0))[rows.order]
    found = fit_penalized(rows, centered, alike, case["penalty"]).coefficients[0]
    assert found == pytest.approx(case["cox"], rel=1e-5, abs=1e-7)
    design = np.column_stack([np.ones(len(x)), x])
    answers = fit_penalized(
        LogisticRows(event.astype(float)), design, alike, case["penalty"], free=1
    ).coefficients[0]
    assert answers == pytest.approx(case["logistic"], rel=1e-5, abs=1e-7)
