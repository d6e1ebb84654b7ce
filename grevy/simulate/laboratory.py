"""Laboratory values: around the patient's own level, in the band of the grade while an event lasts."""

from __future__ import annotations

import numpy as np

from grevy.simulate.health import Health
from grevy.simulate.records import Values, between, decimal

DIPSTICK_BY_GRADE = {0: ("NEG", "NEG", "NEG", "TRACE"), 1: ("1+",), 2: ("2+", "3+"), 3: ("4+",), 4: ("4+",)}
PROTEIN_BY_GRADE = {1: (0.3, 0.95), 2: (1.05, 3.3), 3: (3.6, 6.5), 4: (3.6, 6.5)}  # g per day, CTCAE 5.0
NORMAL_PT = 11.2  # seconds at an international normalized ratio of 1
NORMAL_ALBUMIN = 40  # g/L; calcium bound to albumin is corrected by 0.02 mmol/L for each g/L (CTCAE 5.0)
PART_OF = {  # what is a part of something else on the same form: of what, smallest and largest share
    "hematology.neut": ("hematology.wbc", 0.45, 0.68),
    "hematology.lym": ("hematology.wbc", 0.20, 0.30),
    "hematology.rbc": ("hematology.hgb", 0.031, 0.036),
    "lipids.hdl": ("lipids.chol", 0.22, 0.34),
    "lipids.ldl": ("lipids.chol", 0.45, 0.60),
    "chemistry.bili_direct": ("chemistry.bili", 0.20, 0.38),
}


def laboratory_form(health: Health, form: str, day: int) -> Values:
    """One form with all its tests, some missing; each value in the unit that the site's laboratory prints."""
    odds = health.assumed.examinations
    values: dict[str, float] = {}
    texts: Values = {}
    for name, test in odds.tests.items():
        if not name.startswith(f"{form}."):
            continue
        values[name] = value_of(health, name, day, values)
        is_cause = health.cause is not None and name in health.cause.values
        if health.rng.random() >= odds.item_missing or is_cause:
            texts[name.split(".")[1]] = health.laboratory.text(name, test, values[name])
    if form == "coagulation":
        texts["inr"] = decimal(round(values["coagulation.pt"] / NORMAL_PT, 2))
    return {"collected_date": health.text(day), **texts}


def value_of(health: Health, name: str, day: int, known: dict[str, float]) -> float:
    """The value in the standard unit: an event decides first, then what it is a part of, then the level."""
    test, sex = health.assumed.examinations.tests[name], health.patient.sex
    limits = health.laboratory.limits_on(name, sex, health.date(day))
    forced = health.forced(name, day)
    if forced is not None:
        return forced * (limits.high if test.of == "ULN" else 1.0)
    if name == "coagulation.pt" and (ratio := health.forced("coagulation.inr", day)) is not None:
        return ratio * NORMAL_PT
    grade = health.grade(test.line, day)
    if grade:
        low, high = test.bands[max(g for g in test.bands if g <= grade)]
        unit = limits.high if test.of == "ULN" else 1.0
        bound = bound_calcium(known) if name == "chemistry.ca" else 0.0
        return float(health.rng.uniform(low, high)) * unit + bound
    if name in PART_OF:
        whole, low, high = PART_OF[name]
        share = 0.5 + 0.2 * health.trait(name) + 0.05 * health.noise()
        return known[whole] * (low + (high - low) * between(share, 0, 1))
    width = limits.high - limits.low
    middle = limits.low + width / 2 + test.between * width * health.trait(name)
    value = (middle + test.within * width * health.noise()) * health.laboratory.offsets[name]
    # Before treatment nobody is eligible with values far outside; under treatment a little outside happens.
    margin = 0.02 if day < 0 else -0.04
    inside = margin * width
    if test.line:
        inside = max(inside, 0.03 * width)  # no event of this line lasts, so no grade either
    bound = min(bound_calcium(known), 0.0) if name == "chemistry.ca" else 0.0
    return between(value, limits.low + inside, limits.high - inside) + bound


def bound_calcium(known: dict[str, float]) -> float:
    """What is measured beyond the corrected calcium: less than it where albumin is low."""
    return 0.02 * (known["chemistry.albumin"] - NORMAL_ALBUMIN)


def urinalysis(health: Health, day: int) -> Values:
    """Dipstick by the grade of proteinuria; a 24-hour collection whenever the dipstick shows 2+ or more."""
    grade = health.grade("proteinuria", day)
    choices = DIPSTICK_BY_GRADE[grade]
    dipstick = choices[int(health.rng.integers(len(choices)))]
    blood = "1+" if health.grade("haemorrhage", day) and health.rng.random() < 0.3 else "NEG"
    values: Values = {"collected_date": health.text(day), "protein": dipstick, "blood": blood}
    values |= {"glucose": "NEG", "wbc": "NEG", "ph": decimal(round(6.2 + 0.4 * health.noise(), 1))}
    forced = health.forced("urinalysis.protein_24h", day)
    if forced is not None:
        return values | {"protein": "3+"} | collected(health, day, forced)
    if grade >= 2 and health.rng.random() < 0.93:
        return values | collected(health, day, float(health.rng.uniform(*PROTEIN_BY_GRADE[grade])))
    return values


def collected(health: Health, day: int, grams: float) -> Values:
    """A collection of urine over 24 hours."""
    return {"protein_24h": f"{grams:.2f} g/day", "protein_24h_date": health.text(day)}


def tumor_markers(health: Health, day: int) -> Values:
    """Chromogranin A follows the disease; neuron-specific enolase is high in carcinoma."""
    level = (health.patient.cga_xuln or 1.2) * (1.5 if health.has_progressed(day) else 1.0)
    cga = 94 * level * float(np.exp(0.15 * health.noise()))
    nse = 12 * (3 if health.patient.group == "NEC" else 1) * float(np.exp(0.2 * health.trait("nse")))
    return {
        "collected_date": health.text(day),
        "cga": f"{min(cga, 20000):.1f} ng/mL",
        "nse": f"{nse * float(np.exp(0.1 * health.noise())):.1f} ng/mL",
    }


def cardiac_markers(health: Health, day: int) -> Values:
    failing = 12 if health.grade("heart_failure", day) else 1
    natriuretic = 70 * failing * float(np.exp(0.5 * health.trait("ntprobnp") + 0.15 * health.noise()))
    troponin = 6 * float(np.exp(0.3 * health.trait("troponin")))
    return {
        "collected_date": health.text(day),
        "ntprobnp": f"{natriuretic:.0f} ng/L",
        "troponin": f"{troponin:.1f} ng/L",
    }


def pregnancy_test(health: Health, day: int) -> Values:
    specimen = "SERUM" if health.rng.random() < 0.7 else "URINE"
    return {"test_date": health.text(day), "specimen": specimen, "result": "NEG"}
