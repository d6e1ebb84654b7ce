"""Answers of a patient: one burden behind all items, more for the symptoms whose events last."""

from __future__ import annotations

from grevy.simulate.health import Health
from grevy.simulate.records import Values, between

C30_LINES = {
    4: "fatigue", 9: "musculoskeletal_pain", 10: "fatigue", 11: "insomnia", 12: "fatigue",
    13: "decreased_appetite", 14: "nausea_vomiting", 15: "nausea_vomiting", 16: "constipation",
    17: "diarrhoea", 18: "fatigue", 19: "abdominal_pain",
}  # fmt: skip
GINET_LINES = {34: "abdominal_pain", 35: "abdominal_pain", 46: "weight_decreased", 48: "musculoskeletal_pain"}
EQ_LINES = {"mobility": "musculoskeletal_pain", "usual_activities": "fatigue", "pain": "abdominal_pain"}
EQ_SHIFTS = {"mobility": -0.2, "self_care": -0.8, "usual_activities": 0.0, "pain": 0.3, "anxiety": 0.2}
"""Self-care is the last that is lost, pain and worry come first."""
ITEM_SD = 0.5  # between the items of one patient: nobody answers all of them alike
NOT_APPLICABLE = (39, 40, 47, 51)  # about side effects of treatment and sexual life: may stay empty


def answer(
    health: Health, name: str, day: int, line: str | None = None, top: int = 4, shift: float = 0.0
) -> int:
    """One item on its scale: burden of the patient, its own trait, the event of that symptom, progression."""
    burden = 0.55 + shift + 0.35 * health.patient.ecog + 0.35 * health.trait("burden")
    burden += ITEM_SD * health.trait(name)
    burden += 0.9 * health.grade(line, day) + 0.25 * health.has_progressed(day) + 0.3 * health.noise()
    return int(between(1 + round(burden * (top - 1) / 4), 1, top))


def answers(health: Health, numbers: range, day: int, lines: dict[int, str], prefix: str) -> Values:
    missing = health.assumed.examinations.item_missing
    given = (n for n in numbers if health.rng.random() >= missing)
    return {f"q{n}": answer(health, f"{prefix}{n}", day, lines.get(n)) for n in given}


def head(health: Health, day: int) -> Values:
    mode = "SELF" if health.rng.random() < 0.9 else "ASSISTED"
    return {"completed_date": health.text(day), "mode": mode}


def qlq_c30(health: Health, day: int) -> Values:
    values = head(health, day) | answers(health, range(1, 29), day, C30_LINES, "q")
    good = 7 - round(1.4 * (answer(health, "q29", day, "fatigue") - 1))
    return values | {"q29": max(good, 1), "q30": max(min(good + int(health.noise() > 1), 7), 1)}


def qlq_ginet21(health: Health, day: int) -> Values:
    values = head(health, day) | answers(health, range(31, 52), day, GINET_LINES, "q")
    left = {f"q{n}" for n in NOT_APPLICABLE if health.trait(f"applies{n}") > 0.6}
    return {name: value for name, value in values.items() if name not in left}


def eq5d5l(health: Health, day: int) -> Values:
    values = {
        name: answer(health, name, day, EQ_LINES.get(name), top=5, shift=shift)
        for name, shift in EQ_SHIFTS.items()
    }
    scale = 92 - 4 * (sum(values.values()) - 5) + 3 * health.noise()
    return head(health, day) | values | {"vas": int(between(round(scale), 0, 100))}


def adherence(health: Health, day: int) -> Values:
    missed = int(health.rng.poisson(0.6 + 0.4 * max(health.trait("adherence"), 0)))
    return {"completed_date": health.text(day), "missed_doses_28d": min(missed, 28)}
