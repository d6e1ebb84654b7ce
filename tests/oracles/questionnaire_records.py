"""Scores of one subject's questionnaires from the answers in QS, with baseline and change."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from tests.oracles.questionnaires_twin import eq5d_china, qlq_c30, qlq_ginet21, summary
from tests.oracles.records import Course, Domains, whole_day

C30, GINET, EQ5D = "EOR01", "EOR15", "EQ5D02"

FormKey = tuple[str, float, date]
Values = dict[str, object]


def expect_scores(subject: Domains, course: Course) -> dict[tuple[str, float, date], Values]:
    """Parameter, visit and day of a form to the score, its baseline and its change."""
    forms: dict[FormKey, dict[int, int]] = defaultdict(dict)
    for row in subject["QS"]:
        day, code = whole_day(row.get("QSDTC")), row["QSTESTCD"]
        prefix = next((p for p in (C30, GINET, EQ5D) if code.startswith(p)), None)
        if prefix and day and row.get("QSSTRESN") is not None:
            forms[prefix, row["VISITNUM"], day][int(code[len(prefix) :])] = int(row["QSSTRESN"])
    scores: dict[tuple[str, float, date], float] = {}
    for (instrument, visit, day), answers in forms.items():
        for paramcd, score in score_form(instrument, answers).items():
            if score is not None:
                scores[paramcd, visit, day] = score
    return {key: with_change(key, score, scores, course) for key, score in scores.items()}


def score_form(instrument: str, answers: dict[int, int]) -> dict[str, float | None]:
    if instrument == C30:
        scores = qlq_c30(answers)
        return {**scores, "C30SUM": summary(scores)}
    if instrument == GINET:
        return qlq_ginet21(answers, "manual")
    levels = [answers.get(item) for item in range(1, 6)]
    return {"EQINDEX": eq5d_china(*levels), "EQVAS": answers.get(6)}


def with_change(key, score: float, scores, course: Course) -> Values:
    paramcd, visit, day = key
    before = [
        (other_day, other_visit)
        for (other, other_visit, other_day) in scores
        if other == paramcd and course.first_dose and other_day <= course.first_dose
    ]
    if not before:
        return {"AVAL": score, "BASE": None, "CHG": None, "ABLFL": None}
    base_day, base_visit = max(before)
    base = scores[paramcd, base_visit, base_day]
    is_base = (day, visit) == (base_day, base_visit)
    return {
        "AVAL": score,
        "BASE": base,
        "CHG": score - base if not is_base and day >= base_day else None,
        "ABLFL": "Y" if is_base else None,
    }
