"""Why a person is screened and not treated: the criterion, and the value or record that proves it.

The investigator's judgment is written by `screening_records`; here the cause behind it is drawn, so that the
evidence of the eligibility criteria says the same as the judgment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grevy.simulate.assumptions import Assumptions
from grevy.simulate.conduct_assumptions import Cause
from grevy.simulate.health import Health
from grevy.simulate.patients import Patient
from grevy.simulate.records import Record, State, Values, Writer

NOT_MEASURABLE = {  # what is left to see of an organ when nothing can be measured
    "BONE": ("BONE", "BONE_BLASTIC", None),
    "NODE": ("LYMPH_NODE", "NODAL", "11"),
    "PERITONEUM": ("PERITONEUM", "EFFUSION_OR_ASCITES", None),
    "LIVER": ("LIVER", "NON_NODAL", "7"),
}


def draw_cause(
    rng: np.random.Generator, judged: Mapping[str, Any], *, is_treated: bool, assumed: Assumptions
) -> Cause | None:
    """The cause behind the criterion that was judged as failing; None if judgment alone decided.

    A few of the treated have a cause as well: their value was overlooked or waived, which is a deviation.
    """
    odds = assumed.screen_failures
    if is_treated:
        if rng.random() >= odds.treated_against_value_share:
            return None
        return pick(rng, odds.treated_causes)
    failed = [name for name, answer in judged.items() if is_failing(name, answer)]
    return pick(rng, odds.causes.get(failed[0], ())) if failed else None


def is_failing(criterion: str, answer: Any) -> bool:
    return answer == {"in": "NOT_MET", "ex": "MET"}.get(criterion[:2]) and len(criterion) == 4


def pick(rng: np.random.Generator, causes: Sequence[Cause]) -> Cause | None:
    """One of the causes by its share; what the shares leave of 1 has no cause that is recorded."""
    left = rng.random()
    for cause in causes:
        left -= cause.share
        if left < 0:
            return cause
    return None


def proofs(health: Health, consent_day: int, decision_day: int) -> Iterator[Record]:
    """The records in the log that prove a cause: an operation since consent, or another malignancy."""
    cause = health.cause
    if cause is None:
        return
    if cause.procedure:
        day = int(health.rng.integers(consent_day, decision_day + 1))
        values: Values = {"name": cause.procedure, "category": "SURGERY", "major": "Y"}
        values["procedure_date"] = health.text(day)
        yield Record("LOG", 1, "procedure", 1, (State(day, values),))
    if cause.malignancy:
        years = health.rng.uniform(0.6, 4.4)
        term = cause.malignancy[int(health.rng.integers(len(cause.malignancy)))]
        found = health.text(consent_day - int(365.25 * years))[:7]
        values = {
            "type": "OTHER",
            "term": term,
            "diagnosis_date": found,
            "treatment": "Surgery",
            "cured": "Y",
        }
        yield Record("LOG", 1, "previous_malignancy", 1, (State(consent_day, values),))


def lesions_not_measurable(writer: Writer, patient: Patient, day: int) -> Values:
    """A baseline form of a patient without measurable disease: non-target lesions only."""
    organs = [organ for organ in NOT_MEASURABLE if organ in patient.metastases] or ["BONE"]
    rows = []
    for number, organ in enumerate(organs[:2], 1):
        place, kind, diameter = NOT_MEASURABLE[organ]
        row: Values = {
            "lesion_id": f"NT{number}", "role": "NON_TARGET", "organ": place, "kind": kind, "method": "CT",
            "slice_mm": "5", "scan_date": writer.date(day), "prior_local_therapy": "N",
        }  # fmt: skip
        rows.append(row | ({"diameter_mm": diameter} if diameter else {}))
    return {"scan_date": writer.date(day), "lesions": rows}
