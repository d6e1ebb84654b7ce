"""The tumors of one virtual patient: lesions at baseline and how each of them shrinks and grows again.

A lesion's diameter follows `d0 * (exp(-shrink t) + exp(growth t) - 1)`: a sensitive part melts while a
resistant part grows. Patients differ, and so do the lesions of one patient. RECIST responses are never drawn;
they happen when these lesions are measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, exp, log

import numpy as np

from grevy.simulate.assumptions import Assumptions
from grevy.simulate.patients import Patient, draw

NORMAL_NODE_MM = 5.0  # the short axis of a node that has healed: nodes do not vanish
LARGEST_MM = 190.0
MAX_TARGETS, MAX_PER_ORGAN = 5, 2  # RECIST 1.1, 3.1.2


@dataclass(frozen=True)
class Lesion:
    """One lesion as it really is; what is recorded of it depends on the scan."""

    lesion_id: str
    role: str
    organ: str
    side: str | None
    kind: str
    method: str
    slice_mm: float
    diameter_mm: float | None
    shrink: float
    growth: float
    prior_local_therapy: bool = False


@dataclass(frozen=True)
class Biology:
    """What the tumors will do, drawn once: rates per day, latent days of new disease and of death."""

    shrink: float
    growth: float
    new_lesion_day: float
    non_target_day: float
    death_day: float


def draw_biology(rng: np.random.Generator, patient: Patient, assumed: Assumptions) -> Biology:
    """Latent course of one patient; fast growth brings new disease and death earlier."""
    group, kinetics = assumed.groups[patient.group], assumed.kinetics
    fast = rng.standard_normal()
    shrink = group.shrink * exp(kinetics.shrink_sd * rng.standard_normal())
    severity = kinetics.severity_on_growth * patient.severity_in_class
    growth = group.growth * exp(kinetics.growth_sd * fast + severity)
    if patient.regimen == "COMBO":
        shrink *= kinetics.combination_on_shrink
    if rng.random() < group.refractory_share:
        shrink, growth = shrink * 0.1, growth * kinetics.refractory_growth
    elif rng.random() < kinetics.exceptional_share:
        shrink, growth = shrink * kinetics.exceptional_shrink, growth * 0.1
    pace = (growth / group.growth) ** kinetics.growth_on_new_disease
    return Biology(
        shrink=shrink,
        growth=growth,
        new_lesion_day=weibull(rng, group.new_disease_median / pace, kinetics.new_disease_shape),
        non_target_day=weibull(rng, 2.2 * group.new_disease_median / pace, kinetics.new_disease_shape),
        death_day=draw_death_day(rng, fast, patient, assumed),
    )


def draw_death_day(rng: np.random.Generator, fast: float, patient: Patient, assumed: Assumptions) -> float:
    """Weibull survival with the assumed median of the group; early for fast tumors and severe disease."""
    kinetics = assumed.kinetics
    by_severity = 0.45 * patient.severity_in_class  # about a third of a standard deviation
    unexplained = (1 - kinetics.death_correlation**2 - 0.3**2) ** 0.5
    score = unexplained * rng.standard_normal() - kinetics.death_correlation * fast - by_severity
    late = min(0.5 * (1 + erf(score / 2**0.5)), 1 - 1e-9)
    median = assumed.groups[patient.group].os_median_months * 30.4375
    return median * (log(1 - late) / log(0.5)) ** (1 / kinetics.death_shape)


def weibull(rng: np.random.Generator, median: float, shape: float) -> float:
    return float(median * (-log(1 - rng.random()) / log(2)) ** (1 / shape))


# ------------------------------------------------------------------------------------------------------
# Lesions at baseline
# ------------------------------------------------------------------------------------------------------

PRIMARY_ORGAN = {
    "PANCREAS": "PANCREAS", "STOMACH": "STOMACH", "DUODENUM": "BOWEL", "JEJUNUM_ILEUM": "BOWEL",
    "APPENDIX": "BOWEL", "COLON": "BOWEL", "RECTUM": "BOWEL", "LUNG": "LUNG", "LIVER": "LIVER",
    "THYMUS": "SOFT_TISSUE",
}  # fmt: skip
METASTASIS_ORGAN = {"LIVER": "LIVER", "NODE": "LYMPH_NODE", "LUNG": "LUNG", "PERITONEUM": "PERITONEUM"}
PAIRED = ("LUNG", "ADRENAL", "KIDNEY")


def draw_lesions(
    rng: np.random.Generator, patient: Patient, biology: Biology, assumed: Assumptions
) -> tuple[Lesion, ...]:
    """Up to five targets, at most two of an organ, and non-targets (RECIST 1.1, 3.1.2)."""
    targets = [draw_target(rng, organ, biology, assumed) for organ in draw_target_organs(rng, patient)]
    others = [
        draw_non_target(rng, organ, kind, biology, assumed) for organ, kind in draw_remaining(rng, patient)
    ]
    numbered = [(f"T{i}", lesion) for i, lesion in enumerate(targets, 1)]
    numbered += [(f"NT{i}", lesion) for i, lesion in enumerate(others, 1)]
    return tuple(Lesion(lesion_id=name, **lesion) for name, lesion in numbered)


def draw_target_organs(rng: np.random.Generator, patient: Patient) -> list[str]:
    candidates: list[str] = []
    if "LIVER" in patient.metastases:
        candidates += ["LIVER"] * (1 + int(rng.random() < 0.72))
    primary = PRIMARY_ORGAN.get(patient.primary_site)
    if primary and not (patient.prior_surgery and rng.random() < 0.75) and rng.random() < 0.75:
        candidates.append(primary)
    if "NODE" in patient.metastases:
        candidates += ["LYMPH_NODE"] * (1 + int(rng.random() < 0.35))
    if "LUNG" in patient.metastases and rng.random() < 0.75:
        candidates.append("LUNG")
    if "PERITONEUM" in patient.metastases and rng.random() < 0.4:
        candidates.append("PERITONEUM")
    if "OTHER" in patient.metastases:
        candidates.append(draw(rng, {"ADRENAL": 0.5, "SOFT_TISSUE": 0.3, "SPLEEN": 0.2}))
    if "BONE" in patient.metastases and rng.random() < 0.15:
        candidates.append("BONE")
    chosen: list[str] = []
    for organ in candidates or [
        "LYMPH_NODE" if patient.primary_site == "UNKNOWN" else primary or "SOFT_TISSUE"
    ]:
        if len(chosen) < MAX_TARGETS and chosen.count(organ) < MAX_PER_ORGAN:
            chosen.append(organ)
    return chosen


def draw_remaining(rng: np.random.Generator, patient: Patient) -> list[tuple[str, str]]:
    """Disease that is followed without being measured."""
    remaining: list[tuple[str, str]] = []
    if "LIVER" in patient.metastases and rng.random() < 0.6:
        remaining.append(("LIVER", "NON_NODAL"))
    if "BONE" in patient.metastases:
        remaining.append(("BONE", "BONE_BLASTIC"))
    if "NODE" in patient.metastases and rng.random() < 0.45:
        remaining.append(("LYMPH_NODE", "NODAL"))
    if "PERITONEUM" in patient.metastases:
        effusion = rng.random() < 0.3
        remaining.append(("PERITONEUM", "EFFUSION_OR_ASCITES" if effusion else "OTHER_NON_MEASURABLE"))
    if "LUNG" in patient.metastases and rng.random() < 0.5:
        remaining.append(("LUNG", "OTHER_NON_MEASURABLE"))
    return remaining


def draw_target(rng: np.random.Generator, organ: str, biology: Biology, assumed: Assumptions) -> dict:
    nodal = organ == "LYMPH_NODE"
    median = {"LYMPH_NODE": 21, "LUNG": 19, "PANCREAS": 37, "BOWEL": 30, "BONE": 28}.get(organ, 33)
    smallest = 15.0 if nodal else 11.0
    diameter = float(np.clip(rng.lognormal(np.log(median), 0.25 if nodal else 0.42), smallest, 150))
    treated = organ == "LIVER" and rng.random() < 0.06
    kind = "NODAL" if nodal else "BONE_LYTIC_SOFT_TISSUE" if organ == "BONE" else "NON_NODAL"
    return {
        "role": "TARGET",
        "organ": organ,
        "side": side_of(rng, organ),
        "kind": kind,
        "method": "MRI" if organ == "LIVER" and rng.random() < 0.35 else "CT",
        "slice_mm": 5.0 if rng.random() < 0.8 else 3.0,
        "diameter_mm": diameter,
        "prior_local_therapy": treated,
        **draw_rates(rng, biology, assumed),
    }


def draw_non_target(
    rng: np.random.Generator, organ: str, kind: str, biology: Biology, assumed: Assumptions
) -> dict:
    diameter = {"NODAL": rng.uniform(10, 14.4), "NON_NODAL": rng.uniform(5, 24)}.get(kind)
    return {
        "role": "NON_TARGET",
        "organ": organ,
        "side": side_of(rng, organ),
        "kind": kind,
        "method": "CT",
        "slice_mm": 5.0,
        "diameter_mm": diameter,
        **draw_rates(rng, biology, assumed),
    }


def draw_rates(rng: np.random.Generator, biology: Biology, assumed: Assumptions) -> dict[str, float]:
    sd = assumed.kinetics.lesion_sd
    return {
        "shrink": biology.shrink * exp(sd * rng.standard_normal()),
        "growth": biology.growth * exp(sd * rng.standard_normal()),
    }


def side_of(rng: np.random.Generator, organ: str) -> str | None:
    if organ in PAIRED:
        return "LEFT" if rng.random() < 0.5 else "RIGHT"
    return None


# ------------------------------------------------------------------------------------------------------
# Growth
# ------------------------------------------------------------------------------------------------------


def remaining_share(lesion: Lesion, day: float, stop: float, growth_off_treatment: float) -> float:
    """Size as a share of baseline on a day; without treatment only growth is left, and it is faster."""
    treated = min(day, stop)
    share = exp(-lesion.shrink * treated) + exp(min(lesion.growth * treated, 3.0)) - 1
    return share * exp(min(lesion.growth * growth_off_treatment * (day - treated), 2.0))


def true_diameter(lesion: Lesion, day: float, stop: float, growth_off_treatment: float) -> float:
    """Diameter in mm on a day after the first dose (for a node the short axis)."""
    share = remaining_share(lesion, day, stop, growth_off_treatment)
    baseline = lesion.diameter_mm or 0.0
    normal = NORMAL_NODE_MM if lesion.kind == "NODAL" else 0.0
    return min(normal + (baseline - normal) * share, LARGEST_MM)
