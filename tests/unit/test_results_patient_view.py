"""What the page predicts from: the same risks as the models, limits of the data, nothing without "
"uncertainty."""

import numpy as np
import pytest
from explored import read_lung

from grevy.results.patient_view import MONTHS, SAMPLES, describe_patient_view
from grevy.results.prognosis import fit_prognoses


@pytest.fixture(scope="module")
def lung():
    return read_lung(repeats=60)


def predict(model, values):
    """The sums of the page's script: values by covariate, a number per its unit or a level."""
    x = [
        (values[variable] if level == "PER" else float(values[variable] == level)) - center
        for (variable, level), center in zip(model["columns"], model["center"], strict=True)
    ]
    sums = np.array(model["coefficients"]) @ x
    start = np.array(model["start"])
    if start.ndim == 1:
        return (1 / (1 + np.exp(-start - sums)))[:, None]
    return 1 - np.exp(-np.exp(start + sums[:, None]))


@pytest.mark.parametrize("place", [0, 17, 100])
def test_the_page_predicts_what_the_models_do(lung, place):
    view = describe_patient_view(lung)
    models = fit_prognoses(lung)
    for described in view["models"]:
        model = models[described["id"]]
        age, female = (model.x + model.center)[place]
        values = {"AGE": age, "SEX": "F" if female else "M"}
        found = predict(described, values)
        for time in range(found.shape[1]):
            days = float(MONTHS[time] * lung.conventions.days_per_month)
            assert found[:, time] == pytest.approx(model.risk_by(days)[: SAMPLES + 1, place], abs=2e-3)


def test_numbers_are_asked_for_within_the_data_and_levels_as_they_are(lung):
    terms = {term["id"]: term for term in describe_patient_view(lung)["terms"]}
    ages = lung.subjects["AGE"]
    assert (terms["AGE"]["low"], terms["AGE"]["high"]) == (ages.min(), ages.max())
    assert [level["id"] for level in terms["SEX"]["levels"]] == ["M", "F"]
    assert terms["SEX"]["levels"][1]["label"] == ["Female", "女"]


def test_without_enough_repeats_there_is_no_uncertainty_and_no_prediction():
    assert describe_patient_view(read_lung(repeats=10)) is None


def test_what_is_kept_counts_as_read_by_each_that_asks():
    """Else an output would be taken from an earlier run although its data have changed."""
    data = read_lung(repeats=1)
    fit_prognoses(data)

    class Noted(dict):
        def __getitem__(self, name):
            read.add(name)
            return super().__getitem__(name)

    read: set[str] = set()
    object.__setattr__(data, "frames", Noted(data.frames))
    fit_prognoses(data)
    assert {"ADSL", "ADTTE", "ADAE"} <= read
