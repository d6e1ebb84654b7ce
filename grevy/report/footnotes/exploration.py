"""Footnotes of the outputs of grevy.results.outputs.exploration."""

from grevy.report.footnotes.common import COX_MODEL, EXPLORATORY
from grevy.report.words import Words

EXPLORATION: dict[str, tuple[Words, ...]] = {
    "T14.2.8": (COX_MODEL, EXPLORATORY),
    "T14.2.9": (
        Words(
            "Confirmed response; a subject without an assessment counts as without response. Intervals by "
            "profile likelihood. Subjects with all covariates known are used.",
            "经确认的缓解；无疗效评估者计为未缓解。置信区间采用轮廓似然法。仅纳入协变量完整的受试者。",
        ),
        EXPLORATORY,
    ),
    "T14.2.10": (
        COX_MODEL,
        Words(
            "Score test of a log hazard ratio that changes with time (Kaplan-Meier scale), in the "
            "multivariable models; exploratory, not adjusted. No action follows from a p-value alone.",
            "多因素模型中对数风险比随时间变化（Kaplan-Meier尺度）的得分检验；探索性，未作校正。不单凭p值采取措施。",
        ),
    ),
}
