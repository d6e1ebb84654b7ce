"""Scores of questionnaires and definitive deterioration: worked answers, then random ones against a twin."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from grevy.rules.deterioration import DEFINITIONS, find_definitive_deterioration
from grevy.rules.questionnaires import (
    EQ5D5L_DIMENSIONS,
    QLQ_C30,
    QLQ_GINET21,
    find_scale_label,
    score_eq5d,
    score_mars,
    score_scale,
    score_scales,
    score_summary,
)
from tests.oracles import questionnaires_twin as twin

SCALES = {scale.code: scale for scale in QLQ_C30}


@pytest.mark.parametrize(
    ("code", "answers", "expected"),
    [
        ("PF", {1: 1, 2: 2, 3: 1, 4: 2, 5: 3}, "73.33"),
        ("FA", {10: 2, 12: 3, 18: None}, "50.00"),
        ("QL", {29: 5, 30: 6}, "75.00"),
        # half of the items are enough, less are not
        ("PF", {1: 1, 2: 1, 3: 1}, "100.00"),
        ("PF", {1: 1, 2: 1}, None),
        ("EF", {21: 4, 22: 4}, "0.00"),
        ("CF", {20: 2}, "66.67"),
        ("DY", {}, None),
        ("DY", {8: 4}, "100.00"),
    ],
)
def test_scale_is_scored_if_half_of_its_items_are_answered(code, answers, expected):
    score = score_scale(answers, SCALES[code])
    assert (None if score is None else f"{float(score):.2f}") == expected


def test_best_and_worst_answers():
    best = dict.fromkeys(range(1, 29), 1) | {29: 7, 30: 7}
    worst = dict.fromkeys(range(1, 29), 4) | {29: 1, 30: 1}
    for scale in QLQ_C30:
        assert score_scale(best, scale) == (100 if scale.higher_is_better else 0)
        assert score_scale(worst, scale) == (0 if scale.higher_is_better else 100)
    assert score_summary(score_scales(best)) == 100
    assert score_summary(score_scales(worst)) == 0


def test_summary_needs_13_scales_but_not_the_global_one_nor_money():
    scores = score_scales(dict.fromkeys(range(1, 28), 2))
    assert score_summary(scores) == Fraction(200, 3)
    assert score_summary(scores | {"QL": None, "FI": None}) == Fraction(200, 3)
    assert score_summary(scores | {"DY": None}) is None


def test_every_item_belongs_to_one_scale():
    for scales, items in [(QLQ_C30, range(1, 31)), *((each, range(31, 52)) for each in QLQ_GINET21.values())]:
        assert sorted(item for scale in scales for item in scale.items) == list(items)


def test_weight_gain_stands_alone_in_the_variant_of_the_validation():
    answers = {39: 1, 40: 1, 46: 4}
    manual = score_scales(answers, QLQ_GINET21["manual"])
    validated = score_scales(answers, QLQ_GINET21["validation_2013"])
    assert (manual["TR"], "WG" in manual) == (Fraction(100, 3), False)
    assert (validated["TR"], validated["WG"]) == (0, 100)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ("11111", "1.000"),
        ("21111", "0.934"),
        ("11221", "0.897"),
        ("22222", "0.734"),
        ("33333", "0.363"),
        ("12345", "0.335"),
        ("55555", "-0.391"),
        ("1_111", None),
    ],
)
def test_index_of_eq5d_in_china(levels, expected):
    given = [None if level == "_" else int(level) for level in levels]
    index = score_eq5d(dict(zip(EQ5D5L_DIMENSIONS, given, strict=True)))
    assert index == (None if expected is None else Decimal(expected))


def test_level_out_of_range_is_refused():
    with pytest.raises(ValueError, match="pain has level 6; allowed: 1 to 5"):
        score_eq5d(dict.fromkeys(EQ5D5L_DIMENSIONS, 1) | {"pain": 6})


def test_mars_is_the_sum_of_five_answers():
    assert score_mars([5, 5, 4, 5, 4]) == 23
    assert score_mars([5, 5, None, 5, 4]) is None
    with pytest.raises(ValueError, match="4 answers; expected 5"):
        score_mars([1, 2, 3, 4])


def test_labels_in_both_languages():
    assert find_scale_label("PF").zh == "躯体功能"
    assert find_scale_label("C30SUM").en == "Summary score"
    assert find_scale_label("XX") is None


@pytest.mark.parametrize("seed", range(4))
def test_random_answers_with_missing_items_agree_with_the_twin(seed):
    random = np.random.default_rng(seed)
    missing = seed * 0.2
    for _ in range(1000):
        answers = {
            item: None if random.random() < missing else int(random.integers(1, 8 if item in (29, 30) else 5))
            for item in range(1, 52)
        }
        scores = score_scales(answers)
        assert_close(scores, twin.qlq_c30(answers))
        assert_close({"sum": score_summary(scores)}, {"sum": twin.summary(twin.qlq_c30(answers))})
        for variant, scales in QLQ_GINET21.items():
            assert_close(score_scales(answers, scales), twin.qlq_ginet21(answers, variant))


def assert_close(found, expected):
    assert found.keys() == expected.keys()
    for code, score in found.items():
        assert (score is None) == (expected[code] is None), code
        assert score is None or float(score) == pytest.approx(expected[code], abs=1e-9), code


def test_all_3125_states_of_eq5d_agree_with_the_twin():
    for levels in product(range(1, 6), repeat=5):
        index = score_eq5d(dict(zip(EQ5D5L_DIMENSIONS, levels, strict=True)))
        assert float(index) == pytest.approx(twin.eq5d_china(*levels), abs=1e-12)


# ---------------------------------------------------------------------------------------------------
# Definitive deterioration
# ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "def1", "def2", "def3"),
    [
        # baseline 80, high is good; run through QoLR
        ((80, 65, 60, 65), 1, 1, 1),
        ((65, 80, 80, 80), 0, None, None),
        ((65, 95, 80, 80), None, None, None),
        ((65, 60, 72, 72), 0, None, 0),
        ((80, 80, 80, 65), 3, 3, 3),
        ((60, 70, 65, 65), 0, 0, 0),
        # exactly 10 points, and a form without a score
        ((70,), 0, 0, 0),
        ((71,), None, None, None),
        ((65, None, 65), 0, 0, 0),
        ((), None, None, None),
    ],
)
def test_definitive_deterioration(scores, def1, def2, def3):
    for definition, expected in (("def1", def1), ("def2", def2), ("def3", def3)):
        good = find_definitive_deterioration(80, scores, higher_is_better=True, definition=definition)
        # the same course of a symptom, where high is bad
        turned = [None if score is None else 100 - score for score in scores]
        bad = find_definitive_deterioration(20, turned, higher_is_better=False, definition=definition)
        assert (good, bad) == (expected, expected)


def test_unknown_definition_is_refused():
    with pytest.raises(ValueError, match="'def4' is not known; known: def1, def2, def3"):
        find_definitive_deterioration(80, [60], higher_is_better=True, definition="def4")


def test_random_courses_agree_with_the_twin():
    random = np.random.default_rng(7)
    found = dict.fromkeys(DEFINITIONS, 0)
    for _ in range(3000):
        baseline = int(random.integers(3, 18)) * 5
        course = [
            None if random.random() < 0.15 else int(random.integers(0, 21)) * 5
            for _ in range(random.integers(0, 7))
        ]
        for name, good in product(DEFINITIONS, (True, False)):
            place = find_definitive_deterioration(baseline, course, higher_is_better=good, definition=name)
            assert place == twin.definitive_deterioration(baseline, course, good, name)
            found[name] += place is not None
    assert all(number > 500 for number in found.values())
