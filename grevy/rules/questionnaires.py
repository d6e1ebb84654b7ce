"""Scores of questionnaires: EORTC QLQ-C30 v3, QLQ-GI.NET21, EQ-5D-5L with the value set of China, MARS.

Item numbers, scales and formulas only; the wording belongs to its holders and is not here. Scores are exact
fractions, for a change of 10 points decides and a third has no end. MMAS is not scored: its holder
claims the algorithm too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from grevy.rules.words import Words


@dataclass(frozen=True)
class Scale:
    """Items of a scale and how its raw score becomes 0 to 100.

    `item_range` is the largest answer less the smallest. `inverted` turns the scale round, as the functional
    scales of QLQ-C30 are; `higher_is_better` says how the score reads.
    """

    code: str
    items: tuple[int, ...]
    label: Words
    item_range: int = 3
    inverted: bool = False
    higher_is_better: bool = False
    testcd: str | None = None


def _functional(code: str, testcd: str, items: tuple[int, ...], en: str, zh: str) -> Scale:
    return Scale(code, items, Words(en, zh), inverted=True, higher_is_better=True, testcd=testcd)


def _symptom(code: str, testcd: str | None, items: tuple[int, ...], en: str, zh: str) -> Scale:
    return Scale(code, items, Words(en, zh), testcd=testcd)


# ---------------------------------------------------------------------------------------------------
# EORTC: scoring manual of QLQ-C30, as the packages PROscorer and qscorer score it
# ---------------------------------------------------------------------------------------------------

QLQ_C30: tuple[Scale, ...] = (
    Scale(
        "QL",
        (29, 30),
        Words("Global health status / QoL", "总体健康状况/生活质量"),
        item_range=6,
        higher_is_better=True,
        testcd="EOR0131",
    ),
    _functional("PF", "EOR0132", (1, 2, 3, 4, 5), "Physical functioning", "躯体功能"),
    _functional("RF", "EOR0133", (6, 7), "Role functioning", "角色功能"),
    _functional("EF", "EOR0134", (21, 22, 23, 24), "Emotional functioning", "情绪功能"),
    _functional("CF", "EOR0135", (20, 25), "Cognitive functioning", "认知功能"),
    _functional("SF", "EOR0136", (26, 27), "Social functioning", "社会功能"),
    _symptom("FA", "EOR0137", (10, 12, 18), "Fatigue", "疲乏"),
    _symptom("NV", "EOR0138", (14, 15), "Nausea and vomiting", "恶心呕吐"),
    _symptom("PA", "EOR0139", (9, 19), "Pain", "疼痛"),
    _symptom("DY", "EOR0140", (8,), "Dyspnea", "呼吸困难"),
    _symptom("SL", "EOR0141", (11,), "Insomnia", "失眠"),
    _symptom("AP", "EOR0142", (13,), "Appetite loss", "食欲减退"),
    _symptom("CO", "EOR0143", (16,), "Constipation", "便秘"),
    _symptom("DI", "EOR0144", (17,), "Diarrhea", "腹泻"),
    _symptom("FI", "EOR0145", (28,), "Financial difficulties", "经济困难"),
)
C30_SUMMARY_CODE = "C30SUM"
NOT_IN_SUMMARY = {"QL", "FI"}
"""The summary score is the mean of the 13 other scales, symptoms turned round (Giesinger 2016)."""

_GINET21_COMMON = (
    _symptom("ED", None, (31, 32, 33), "Endocrine symptoms", "内分泌症状"),
    _symptom("GI", None, (34, 35, 36, 37, 38), "Gastrointestinal symptoms", "胃肠道症状"),
    _symptom("SF21", None, (42, 44, 49), "Social function", "社会功能问题"),
    _symptom("DRW", None, (41, 43, 47), "Disease-related worries", "疾病相关担忧"),
    _symptom("MBP", None, (48,), "Muscle or bone pain", "肌肉或骨骼疼痛"),
    _symptom("BI", None, (45,), "Body image", "身体形象"),
    _symptom("INF", None, (50,), "Information", "信息需求"),
    _symptom("SX", None, (51,), "Sexual function", "性功能问题"),
)
QLQ_GINET21: dict[str, tuple[Scale, ...]] = {
    "manual": (
        *_GINET21_COMMON,
        _symptom("TR", None, (39, 40, 46), "Treatment-related symptoms", "治疗相关症状"),
    ),
    # Yadegarfar et al. 2013 took weight gain out as an item of its own
    "validation_2013": (
        *_GINET21_COMMON,
        _symptom("TR", None, (39, 40), "Treatment-related symptoms", "治疗相关症状"),
        _symptom("WG", None, (46,), "Weight gain", "体重增加"),
    ),
}
"""Variant to its scales; a high score is bad in all of them, the social scale included."""
NOT_APPLICABLE_ITEMS = {39, 40, 47, 51}
"""Items of QLQ-GI.NET21 that may be answered `not applicable`; such an answer is missing."""


def score_scale(answers: Mapping[int, int | None], scale: Scale) -> Fraction | None:
    """Score of 0 to 100, missing unless at least half of the items were answered.

    Physical functioning with 1, 2, 1, 2, 3 is 73.33; fatigue with 2, 3 and one answer missing is 50.
    """
    given = [answer for item in scale.items if (answer := answers.get(item)) is not None]
    if not given or 2 * len(given) < len(scale.items):
        return None
    score = Fraction(100 * (sum(given) - len(given)), scale.item_range * len(given))
    return 100 - score if scale.inverted else score


def score_scales(
    answers: Mapping[int, int | None], scales: Sequence[Scale] = QLQ_C30
) -> dict[str, Fraction | None]:
    """Score of each scale by its code."""
    return {scale.code: score_scale(answers, scale) for scale in scales}


def score_summary(scores: Mapping[str, Fraction | None]) -> Fraction | None:
    """Summary score of QLQ-C30 from the scores of its scales; needs all 13, nothing is prorated."""
    parts = []
    for scale in QLQ_C30:
        if scale.code in NOT_IN_SUMMARY:
            continue
        score = scores.get(scale.code)
        if score is None:
            return None
        parts.append(score if scale.higher_is_better else 100 - score)
    return sum(parts, Fraction(0)) / len(parts)


# ---------------------------------------------------------------------------------------------------
# EQ-5D-5L, value set of China: Luo et al., Value Health 2017;20:662-669
# ---------------------------------------------------------------------------------------------------

EQ5D5L_DIMENSIONS = ("mobility", "self_care", "usual_activities", "pain", "anxiety")
EQ5D5L_CHINA: dict[str, tuple[Decimal, ...]] = {
    dimension: tuple(map(Decimal, decrements.split()))
    for dimension, decrements in {
        "mobility": "0 0.066 0.158 0.287 0.345",
        "self_care": "0 0.048 0.116 0.210 0.253",
        "usual_activities": "0 0.045 0.107 0.194 0.233",
        "pain": "0 0.058 0.138 0.252 0.302",
        "anxiety": "0 0.049 0.118 0.215 0.258",
    }.items()
}
"""Dimension to what its levels 1 to 5 take from 1; there is no constant and no interaction."""


def score_eq5d(levels: Mapping[str, int | None]) -> Decimal | None:
    """Index of health from the levels 1 to 5 of the five dimensions; missing if one is.

    12345 is 0.335 and 55555 is -0.391.
    """
    index = Decimal(1)
    for dimension, decrements in EQ5D5L_CHINA.items():
        level = levels.get(dimension)
        if level is None:
            return None
        if not 1 <= level <= len(decrements):
            raise ValueError(f"{dimension} has level {level}; allowed: 1 to {len(decrements)}")
        index -= decrements[level - 1]
    return index


# ---------------------------------------------------------------------------------------------------
# Adherence
# ---------------------------------------------------------------------------------------------------

MARS_ITEMS = 5


def score_mars(answers: Sequence[int | None]) -> int | None:
    """Sum of the five answers of 1 to 5, higher is better; missing if one is."""
    if len(answers) != MARS_ITEMS:
        raise ValueError(f"{len(answers)} answers; expected {MARS_ITEMS}")
    given = [answer for answer in answers if answer is not None]
    return sum(given) if len(given) == MARS_ITEMS else None


# ---------------------------------------------------------------------------------------------------
# Labels
# ---------------------------------------------------------------------------------------------------

SCALE_LABELS: dict[str, Words] = {
    **{scale.code: scale.label for scale in QLQ_C30},
    C30_SUMMARY_CODE: Words("Summary score", "总分"),  # the last of its questionnaire
    **{scale.code: scale.label for version in QLQ_GINET21.values() for scale in version},
    "EQINDEX": Words("Utility index", "健康效用值"),
    "EQVAS": Words("Visual analog scale", "视觉模拟评分"),
    "FRMC30": Words("QLQ-C30 received", "收到QLQ-C30"),
    "FRMGI21": Words("QLQ-GI.NET21 received", "收到QLQ-GI.NET21"),
    "FRMEQ5D": Words("EQ-5D-5L received", "收到EQ-5D-5L"),
    "FRMADH": Words("Adherence form received", "收到依从性表"),
    "ADHMISS": Words("Missed doses in 28 days", "28天内漏服次数"),
    "ADHMARS": Words("MARS total", "MARS总分"),
    "ADHEXT": Words("Total computed outside", "外部计算总分"),
}
"""Code of a score (PARAMCD) to its label."""


def find_scale_label(code: str) -> Words | None:
    """Label of a score, None if the code is not one of ours."""
    return SCALE_LABELS.get(code)


HIGHER_IS_BETTER: dict[str, bool] = {
    scale.code: scale.higher_is_better for scale in (*QLQ_C30, *QLQ_GINET21["validation_2013"])
} | {C30_SUMMARY_CODE: True, "EQVAS": True}
"""Scores of 0 to 100 of which it is known which end is good: a change of some points can be called worse."""
