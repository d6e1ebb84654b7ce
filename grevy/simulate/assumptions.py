"""The assumptions behind the virtual cohort, read from `simulation.yaml` of the study folder.

What is assumed and what must be reproduced are data with their sources; this module only gives them types.
"""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from grevy.simulate.conduct_assumptions import ConsentVersion, Deviations, Procedures, ScreenFailures
from grevy.simulate.examination_assumptions import Examinations

GROUPS = ("NET_G12_PANCREATIC", "NET_G12_EXTRAPANCREATIC", "NET_G3", "NEC")
SHIPPED = Path(__file__).resolve().parents[2] / "studies" / "surufatinib_nen" / "simulation.yaml"


class AssumptionMistakes(ValueError):
    """The file of assumptions cannot be read as such; the message lists every mistake."""


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Target(Frozen):
    """A published or assumed figure with the interval in which the mean of many cohorts must lie."""

    measure: str
    group: str | None = None
    term: str | None = None
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    events: int | None = None
    n: int | None = None
    unit: str
    confidence: str
    source: str


class Recruitment(Frozen):
    screen_failure_share: float
    recruiting_share_of_study: float
    last_site_active_after_days: int
    never_treated_share: float
    baseline_scan_missing_share: float


class RegimenChoice(Frozen):
    intercept: float
    slope: float


class GroupKinetics(Frozen):
    shrink: float
    growth: float
    refractory_share: float
    new_disease_median: float
    os_median_months: float


class Kinetics(Frozen):
    shrink_sd: float
    growth_sd: float
    lesion_sd: float
    severity_on_growth: float
    combination_on_shrink: float
    refractory_growth: float
    exceptional_share: float
    exceptional_shrink: float
    growth_off_treatment: float
    new_disease_shape: float
    growth_on_new_disease: float
    measurement_sd_share: float
    measurement_sd_mm: float
    death_shape: float
    death_correlation: float


class Imperfections(Frozen):
    scan_missed: float
    scan_gap: float
    missed_scan_recorded: float
    scan_late: float
    scan_unscheduled: float
    scan_unscheduled_if_growing: float
    second_scan_day: float
    lesion_not_evaluable: float
    lesion_row_missing: float
    lesion_split: float
    lesion_merged: float
    new_lesion_equivocal: float
    equivocal_proven: float
    investigator_disagrees: float
    partial_diagnosis_date: float
    partial_birth_date: float
    partial_death_date: float
    partial_therapy_date: float
    partial_event_date: float
    late_entry: float
    correction: float


class Leaving(Frozen):
    lost_per_year: float
    consent_withdrawn_per_year: float
    treatment_stopped_by_patient_per_year: float
    treatment_stopped_by_investigator_per_year: float
    clinical_progression_near_death: float
    clinical_progression_between_scans: float
    treatment_beyond_progression: float
    scans_continue_off_treatment: float
    new_therapy_before_progression: float
    new_therapy_after_progression: float
    scans_continue_on_new_therapy: float
    added_therapy_on_treatment_per_year: float


class Dosing(Frozen):
    interruption_by_grade: dict[int, float]
    reduction_after_interruption: float
    reduction_without_interruption: dict[int, float]
    stop_by_grade: dict[int, float]
    interruption_median_days: float
    interruption_sd: float
    other_interruption_per_year: float
    longest_interruption_days: int
    fatal_share_of_deaths_on_treatment: float


class AdverseEventRate(Frozen):
    """One line of the label (or an assumed one): how often, how severe, how soon, which preferred terms."""

    any: float
    grade3: float
    onset: float
    related: float
    labelled: bool = False
    with_pd1: float = 1.0
    with_chemo: float = 1.0
    members: dict[str, tuple[str, float]]


class Safety(Frozen):
    onset_sd: float
    reached_days: float
    frailty_sd: float
    again: float
    resolved_median_days: float
    never_resolved: float
    grade4_of_grade3plus: float
    serious_by_grade: dict[int, float]
    before_treatment_share: float


class Assumptions(Frozen):
    statement: dict[str, str]
    targets: tuple[Target, ...]
    recruitment: Recruitment
    classes: dict[str, float]
    primary_sites: dict[str, float]
    lines: dict[str, float]
    regimen_choice: RegimenChoice
    class_severity: dict[str, float]
    groups: dict[str, GroupKinetics]
    kinetics: Kinetics
    imperfections: Imperfections
    leaving: Leaving
    dosing: Dosing
    soc: dict[str, str]
    adverse_events: dict[str, AdverseEventRate]
    safety: Safety
    screen_failures: ScreenFailures
    consent_versions: tuple[ConsentVersion, ...]
    deviations: Deviations
    procedures: Procedures
    examinations: Examinations


def load_assumptions(path: Path | str = SHIPPED) -> Assumptions:
    """Read `simulation.yaml`; scalars are text until the model converts them, as in every study file."""
    text = Path(path).read_text(encoding="utf-8")
    try:
        return Assumptions.model_validate(yaml.load(text, Loader=yaml.BaseLoader))
    except ValidationError as error:
        places = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}, found {e['input']!r}" for e in error.errors()]
        raise AssumptionMistakes(f"{path}: " + "; ".join(places)) from error
