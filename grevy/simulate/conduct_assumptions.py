"""What is assumed of the conduct of the study: screen failures, consent, deviations, procedures."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cause(Frozen):
    """Why a criterion fails: the values of screening, a word on a form, an operation or another tumor."""

    name: str
    share: float
    values: dict[str, tuple[float, float]] = {}
    say: dict[str, str] = {}
    procedure: str | None = None
    malignancy: tuple[str, ...] = ()


class ScreenFailures(Frozen):
    confidence: str
    source: str
    withdrawn_share: float
    criteria: dict[str, float]
    causes: dict[str, tuple[Cause, ...]]
    treated_against_value_share: float
    treated_causes: tuple[Cause, ...]


class ConsentVersion(Frozen):
    """A version of the informed consent form; `reason` says why those who signed another one sign again."""

    version: str
    valid_from: date
    reason: str | None = None


class Deviations(Frozen):
    confidence: str
    source: str
    visit_late: float
    latest_visit_days: int
    found_share: float
    found_after_days: float
    dose_not_changed_found: float
    prohibited_drug_per_year: float
    capsules_not_returned: float
    old_consent_form_signed: float
    consent_again_after_days: float
    consent_again_late_days: int
    consent_again_never: float


class EventProcedure(Frozen):
    """What is done because of an adverse event of a line (and a term) from a grade on."""

    line: str
    grade: int
    share: float
    name: str
    category: str
    term: str | None = None
    major: bool | None = None


class TimedProcedure(Frozen):
    """What is done at some time on treatment; `needs` an organ with metastases."""

    per_year: float
    name: str
    category: str
    needs: str | None = None
    major: bool | None = None


class Procedures(Frozen):
    confidence: str
    source: str
    because_of_event: tuple[EventProcedure, ...]
    by_time: tuple[TimedProcedure, ...]
    port_with_chemotherapy: float
    biopsy_at_screening: float
    biopsy_at_progression: float
