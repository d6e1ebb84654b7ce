"""Who the virtual patients are: disease, severity, and the regimen that their physician chooses.

One patient per call. The physician's choice depends on severity, so that monotherapy and combination
differ at baseline as they do in practice (confounding by indication).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np

from grevy.simulate.assumptions import Assumptions


@dataclass(frozen=True)
class Partner:
    drug: str
    partner_class: str


@dataclass(frozen=True)
class Patient:
    """One virtual patient before treatment; nothing here is known to the sites except through forms."""

    sex: str
    age: float
    ethnic: str
    height_cm: float
    weight_kg: float
    ecog: int
    smoking: str
    nen_class: str
    group: str
    primary_site: str
    ki67: float | None
    mitoses: float | None
    functional: bool
    months_since_diagnosis: float
    prior_lines: int
    prior_surgery: bool
    prior_surufatinib: bool
    sstr: str
    cga_xuln: float | None
    metastases: frozenset[str]
    severity: float
    severity_in_class: float
    regimen: str
    partners: tuple[Partner, ...]

    @property
    def has_partner_class(self) -> frozenset[str]:
        return frozenset(partner.partner_class for partner in self.partners)


METASTASIS_SHARES = {
    "LIVER": 0.76,
    "NODE": 0.48,
    "BONE": 0.22,
    "LUNG": 0.15,
    "PERITONEUM": 0.10,
    "OTHER": 0.08,
}
PARTNERS = {
    "NET": (
        ((Partner("OCTREOTIDE_LAR", "SSA"),), 0.34),
        ((Partner("LANREOTIDE", "SSA"),), 0.12),
        ((Partner("TORIPALIMAB", "PD1"),), 0.24),
        ((Partner("CAPECITABINE", "CHEMO"), Partner("TEMOZOLOMIDE", "CHEMO")), 0.24),
        ((Partner("OTHER", "LOCAL"),), 0.06),
    ),
    "NET_G3": (
        ((Partner("TORIPALIMAB", "PD1"),), 0.38),
        ((Partner("SINTILIMAB", "PD1"),), 0.12),
        ((Partner("CAPECITABINE", "CHEMO"), Partner("TEMOZOLOMIDE", "CHEMO")), 0.40),
        ((Partner("OCTREOTIDE_LAR", "SSA"),), 0.10),
    ),
    "NEC": (
        ((Partner("TORIPALIMAB", "PD1"),), 0.42),
        ((Partner("SINTILIMAB", "PD1"),), 0.18),
        ((Partner("ETOPOSIDE", "CHEMO"), Partner("CISPLATIN", "CHEMO")), 0.14),
        (
            (Partner("SINTILIMAB", "PD1"), Partner("ETOPOSIDE", "CHEMO"), Partner("CARBOPLATIN", "CHEMO")),
            0.26,
        ),
    ),
}


def draw(rng: np.random.Generator, shares: dict[str, float]) -> str:
    """One code of a code list, with the given shares."""
    left = rng.random() * sum(shares.values())
    for code, share in shares.items():
        left -= share
        if left < 0:
            return code
    return code


def draw_patient(rng: np.random.Generator, assumed: Assumptions) -> Patient:
    """A patient of the assumed case mix, with a regimen chosen by severity."""
    nen_class = draw(rng, assumed.classes)
    primary_site = draw(rng, assumed.primary_sites)
    if nen_class == "NEC":
        nen_class = "NEC_SMALL" if rng.random() < 0.45 else "NEC_LARGE"
    person = draw_person(rng)
    disease = draw_disease(rng, assumed, nen_class, primary_site)
    within = (
        0.55 * (person["ecog"] - 0.8)
        + 0.22 * (len(disease["metastases"]) - 1.8)
        + 0.30 * (disease["prior_lines"] - 1.2)
        + 0.25 * rng.standard_normal()
    )
    severity = assumed.class_severity["NEC" if nen_class.startswith("NEC") else nen_class] + within
    choice = assumed.regimen_choice
    combination = rng.random() < 1 / (1 + exp(-choice.intercept - choice.slope * severity))
    group = group_of(nen_class, primary_site)
    return Patient(
        **person,
        **disease,
        nen_class=nen_class,
        primary_site=primary_site,
        group=group,
        severity=severity,
        severity_in_class=within,
        regimen="COMBO" if combination else "MONO",
        partners=draw_partners(rng, group) if combination else (),
    )


def group_of(nen_class: str, primary_site: str) -> str:
    """The group in which results are published: NET G1/G2 by origin, NET G3, NEC with MiNEN."""
    if nen_class in ("NET_G1", "NET_G2"):
        return "NET_G12_PANCREATIC" if primary_site == "PANCREAS" else "NET_G12_EXTRAPANCREATIC"
    return "NET_G3" if nen_class == "NET_G3" else "NEC"


def draw_person(rng: np.random.Generator) -> dict:
    sex = "M" if rng.random() < 0.57 else "F"
    height = rng.normal(169 if sex == "M" else 158, 6)
    return {
        "sex": sex,
        "age": float(np.clip(rng.normal(54.5, 11.5), 18.5, 84)),
        "ethnic": draw(rng, {"HAN": 0.93, "OTHER": 0.05, "UNK": 0.02}),
        "height_cm": round(float(np.clip(height, 145, 190)), 1),
        "weight_kg": round(float(np.clip(rng.normal(22.8, 3.2) * (height / 100) ** 2, 38, 110)), 1),
        "ecog": int(draw(rng, {"0": 0.38, "1": 0.50, "2": 0.11, "3": 0.01})),
        "smoking": draw(rng, {"NEVER": 0.62, "FORMER": 0.24, "CURRENT": 0.14}),
    }


def draw_disease(rng: np.random.Generator, assumed: Assumptions, nen_class: str, primary_site: str) -> dict:
    ki67, mitoses = draw_proliferation(rng, nen_class)
    if nen_class == "NET_G2" and primary_site in ("LUNG", "THYMUS"):
        mitoses = min(mitoses, 10.0)  # atypical carcinoid (WHO 2021)
    line = draw(rng, assumed.lines)
    prior_lines = {"first": 0, "second": 1}.get(line, 2 + int(rng.random() < 0.35) + int(rng.random() < 0.15))
    metastases = frozenset(organ for organ, share in METASTASIS_SHARES.items() if rng.random() < share)
    well = nen_class.startswith("NET")
    return {
        "ki67": ki67,
        "mitoses": mitoses if rng.random() < 0.72 else None,
        "functional": bool(well and rng.random() < 0.11),
        "months_since_diagnosis": float(rng.lognormal(np.log(20 if well else 5), 0.9)),
        "prior_lines": prior_lines,
        "prior_surgery": bool(rng.random() < (0.45 if well else 0.25)),
        "prior_surufatinib": bool(prior_lines and rng.random() < 0.03),
        "sstr": draw(
            rng, {"POS": 0.62, "NEG": 0.12, "ND": 0.26} if well else {"POS": 0.2, "NEG": 0.3, "ND": 0.5}
        ),
        "cga_xuln": round(float(rng.lognormal(np.log(1.8), 1.1)), 2) if rng.random() < 0.78 else None,
        "metastases": metastases if metastases or primary_site != "UNKNOWN" else frozenset({"LIVER"}),
    }


def draw_proliferation(rng: np.random.Generator, nen_class: str) -> tuple[float | None, float]:
    """Ki-67 and mitoses that agree with the class (WHO 2019: the higher of the two decides the grade)."""
    if nen_class == "NET_G1":
        return round(float(rng.uniform(0.5, 2.9)), 1), float(rng.integers(0, 2))
    if nen_class == "NET_G2":
        return round(float(np.clip(rng.lognormal(np.log(7), 0.55), 3, 20))), float(rng.integers(2, 13))
    if nen_class == "NET_G3":
        return round(float(np.clip(rng.lognormal(np.log(30), 0.28), 21, 70))), float(rng.integers(21, 40))
    return round(float(np.clip(rng.normal(68, 16), 25, 95))), float(rng.integers(22, 80))


def draw_partners(rng: np.random.Generator, group: str) -> tuple[Partner, ...]:
    options = PARTNERS.get(group, PARTNERS["NET"])
    edges = np.cumsum([share for _, share in options])
    return options[min(int(np.searchsorted(edges, rng.random() * edges[-1])), len(options) - 1)][0]
