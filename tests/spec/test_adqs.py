"""Questionnaires: scores of forms equal those of the pure rules; baseline, change and relevant change."""

import random
from datetime import date, timedelta

import pytest

from grevy.adam.adqs import FORMS, build_adqs
from grevy.rules.questionnaires import (
    EQ5D5L_DIMENSIONS,
    QLQ_C30,
    QLQ_GINET21,
    score_eq5d,
    score_scales,
    score_summary,
)
from tests.spec.measured import build, pick

NUMBER_OF_FORMS = 40


def draw_form(source: random.Random) -> dict[str, int]:
    """Answers of one form by QSTESTCD, some of them missing."""
    missing = source.choice([0.0, 0.1, 0.5])
    items = {f"EOR01{item:02}": (item, 7 if item > 28 else 4) for item in range(1, 31)}
    items |= {f"EOR15{item}": (item, 4) for item in range(31, 52)}
    items |= {f"EQ5D02{place:02}": (place, 5) for place in range(1, 6)}
    answers = {code: source.randint(1, most) for code, (_item, most) in items.items()}
    return {code: answer for code, answer in answers.items() if source.random() >= missing}


def score_by_rules(form: dict[str, int], variant: str) -> dict[str, float]:
    c30 = {item: form.get(f"EOR01{item:02}") for item in range(1, 31)}
    ginet = {item: form.get(f"EOR15{item}") for item in range(31, 52)}
    scores = score_scales(c30, QLQ_C30) | score_scales(ginet, QLQ_GINET21[variant])
    scores["C30SUM"] = score_summary(scores)
    levels = {name: form.get(f"EQ5D02{place:02}") for place, name in enumerate(EQ5D5L_DIMENSIONS, start=1)}
    scores["EQINDEX"] = score_eq5d(levels)
    return {code: float(score) for code, score in scores.items() if score is not None}


@pytest.mark.parametrize("variant", QLQ_GINET21)
def test_scores_by_sets_are_those_of_the_rules(variant):
    source = random.Random(7)
    forms = {date(2024, 4, 1) + timedelta(days=n): draw_form(source) for n in range(NUMBER_OF_FORMS)}
    lines = [f"{code} | {answer} | {day}" for day, form in forms.items() for code, answer in form.items()]
    rows = build(
        build_adqs, "QS", "\n".join(["QSTESTCD | QSSTRESN | QSDTC", *lines]), {"pro.ginet21_variant": variant}
    )
    scores = [row for row in rows if row["PARAMCD"] not in FORMS.values()]
    found = {day: {row["PARAMCD"]: row["AVAL"] for row in scores if row["ADT"] == day} for day in forms}
    expected = {day: score_by_rules(form, variant) for day, form in forms.items()}
    assert found == {day: pytest.approx(scores, abs=1e-12) for day, scores in expected.items()}
    assert {"QL", "PF", "ED", "C30SUM", "EQINDEX"} <= {code for scores in found.values() for code in scores}
    # some forms lack too many answers
    assert any("C30SUM" not in scores for scores in found.values())


def test_deterioration_is_a_change_of_ten_points_in_the_bad_direction():
    rows = build(build_adqs, "QS", """
        QSTESTCD | QSSTRESN | QSDTC      | VISITNUM | VISIT
        EQ5D0206 | 80       | 2024-03-01 | 1        | SCREENING
        EQ5D0206 | 70       | 2024-04-01 | 3        | CYCLE 2 DAY 1
        EQ5D0206 | 71       | 2024-05-01 | 4        | CYCLE 3 DAY 1
        EQ5D0206 | 90       | 2024-05-20 | 5        | END OF TREATMENT
        EOR0111  | 1        | 2024-03-01 | 1        | SCREENING
        EOR0111  | 2        | 2024-04-01 | 3        | CYCLE 2 DAY 1
    """)  # fmt: skip
    assert pick(rows, "EQVAS", "AVAL", "ABLFL", "CHG", "CRIT1FL", "CRIT2FL") == [
        (80, "Y", None, None, None),
        (70, None, -10, "Y", "N"),
        (71, None, -9, "N", "N"),
        (90, None, 10, "N", "Y"),
    ]
    # insomnia: a high score is bad
    assert pick(rows, "SL", "CRIT1FL", "CRIT2FL") == [(None, None), ("Y", "N")]


def test_a_scale_may_have_a_threshold_of_its_own():
    """The visual scale asks for 20.5 points here, insomnia for the ten of all others."""
    drawn = """
        QSTESTCD | QSSTRESN | QSDTC      | VISITNUM | VISIT
        EQ5D0206 | 80       | 2024-03-01 | 1        | SCREENING
        EQ5D0206 | 60       | 2024-04-01 | 3        | CYCLE 2 DAY 1
        EOR0111  | 1        | 2024-03-01 | 1        | SCREENING
        EOR0111  | 2        | 2024-04-01 | 3        | CYCLE 2 DAY 1
    """
    rows = build(build_adqs, "QS", drawn, scale_points={"EQVAS": "20.5"})
    assert pick(rows, "EQVAS", "CRIT1", "CRIT1FL")[1] == ("Worse by >= 20.5 points", "N")
    assert pick(rows, "SL", "CRIT1", "CRIT1FL")[1] == ("Worse by >= 10 points", "Y")


def test_a_form_is_received_with_its_first_answer_or_not_done_for_a_reason():
    rows = build(build_adqs, "QS", """
        QSTESTCD | QSCAT         | QSSTRESN | QSSTAT   | QSREASND        | QSDTC      | VISITNUM
        EQ5D0201 | EQ-5D-5L      | 1        |          |                 | 2024-03-01 | 1
        EQ5D0206 | EQ-5D-5L      | 80       |          |                 | 2024-03-01 | 1
        QSALL    | EQ-5D-5L      |          | NOT DONE | SUBJECT TOO ILL |            | 12
        QSALL    | EORTC QLQ-C30 |          | NOT DONE |                 |            | 12
    """)  # fmt: skip
    columns = ("AVAL", "AVALC", "AVISITN", "BASE", "CHG", "SRCSEQ")
    assert pick(rows, "FRMEQ5D", *columns) == [
        (1, "RECEIVED", 1, None, None, 1),
        (0, "SUBJECT TOO ILL", 12, None, None, 3),
    ]
    assert pick(rows, "FRMC30", "AVAL", "AVALC") == [(0, "REASON NOT GIVEN")]
