"""The prognostic models as a page needs them to predict for one set of baseline values, with uncertainty.

Coefficients and baselines of the models and of a hundred bootstrap samples: the page adds and multiplies.
"""

from typing import Any

import numpy as np

from grevy.results.frames import AnalysisData
from grevy.results.labels import Label
from grevy.results.models import find_complete
from grevy.results.prognosis import Prognosis, fit_prognoses
from grevy.stats.arrays import FloatArray
from grevy.stats.penalized import CoxRows

MONTHS = tuple(range(2, 25, 2))
SAMPLES = 100
FEWEST_AT_RISK = 10
FEWEST_SAMPLES = 50  # with fewer the limits would be those of chance


def describe_patient_view(data: AnalysisData) -> dict[str, Any] | None:
    """What the page asks for, within which limits, and the models; None where nothing can be predicted.

    Numbers are asked for between the smallest and largest of the data: beyond them the models know nothing.
    """
    models = [found for found in fit_prognoses(data).values() if isinstance(found, Prognosis)]
    if not models or min(model.repeats for model in models) < FEWEST_SAMPLES:
        return None
    described = [found for model in models if (found := _describe_model(data, model)) is not None]
    if not described:
        return None
    return {"terms": _list_terms(data, models), "months": list(MONTHS), "models": described}


def _pair(label: Label) -> list[str]:
    return [label.en, label.zh]


def _list_terms(data: AnalysisData, models: list[Prognosis]) -> list[dict[str, Any]]:
    """The covariates of any model, each once: a range of a number, or its levels, the reference first."""
    declared = {covariate.variable: covariate for covariate in data.plan.models.covariates}
    terms = {term.variable: term for model in models for term in model.terms}
    used = find_complete(data.in_set("FAS"), tuple(terms.values()))
    listed = []
    for variable in (name for name in declared if name in terms):
        term = terms[variable]
        if term.is_number:
            values = data.subjects[variable].to_numpy(float)[used]
            ends = {"low": float(values.min()), "high": float(values.max())}
            per = float(declared[variable].per or 1)
            listed.append({"id": variable, "label": _pair(term.label), "per": per, **ends})
        else:
            levels = [{"id": level.id, "label": _pair(level.label)} for level in term.levels]
            listed.append({"id": variable, "label": _pair(term.label), "levels": levels})
    return listed


def _describe_model(data: AnalysisData, model: Prognosis) -> dict[str, Any] | None:
    """Columns with their means, and what is added up for each sample; None where nobody is left."""
    samples = slice(0, SAMPLES + 1)
    described: dict[str, Any] = {
        "id": model.id,
        "label": _pair(model.label),
        "n": len(model.event),
        "events": int(model.event.sum()),
        "columns": [
            [term.variable, level.id] for term, level in zip(model.terms, model.columns, strict=True)
        ],
        "center": _round(model.center),
        "coefficients": _round(model.fits.coefficients[samples, model.free :]),
    }
    if not isinstance(model.rows, CoxRows):
        return described | {"start": _round(model.fits.coefficients[samples, 0])}
    days = [float(month * data.conventions.days_per_month) for month in MONTHS]
    followed = [
        month for month, day in zip(MONTHS, days, strict=True) if (model.time >= day).sum() >= FEWEST_AT_RISK
    ]
    if not followed:
        return None  # too few are followed to the first month
    hazards = model.rows.baseline(
        model.fits.coefficients[samples], model.design[None], model.weight[samples],
        np.array(days[: len(followed)]),
    )  # fmt: skip
    return described | {"start": _round(np.log(np.maximum(hazards, 1e-12)))}


def _round(values: FloatArray) -> list[Any]:
    rounded: list[Any] = np.round(values, 4).tolist()
    return rounded
