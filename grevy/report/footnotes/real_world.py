"""Footnotes of the outputs of grevy.results.outputs.real_world."""

from grevy.report.words import Words

CONFOUNDED = Words(
    "Caution: the physician chose the regimen for reasons that also bear on the outcome (confounding by "
    "indication). Weighting balances what was recorded only; differences are not effects of treatment.",
    "注意：治疗方案由医生选择，选择的理由本身也影响结局（适应证混杂）。加权仅能平衡已记录的因素；差异不是治疗效应。",
)
PROPENSITY = Words(
    "Propensity score: logistic model of the regimen on the covariates of the plan, all known before the "
    "first dose. Subjects with all covariates known are compared.",
    "倾向性评分：以计划规定的协变量（均为首次给药前已知）对治疗方案作Logistic回归。仅比较协变量完整的受试者。",
)

REAL_WORLD: dict[str, tuple[Words, ...]] = {
    "TX6.1": (
        CONFOUNDED,
        PROPENSITY,
        Words(
            "Standardized difference: difference of means or shares over the standard deviation before "
            "weighting (Austin 2009); below 0.10 counts as balanced. Effective sample size by Kish.",
            "标准化差异：均值或比例之差除以加权前的标准差（Austin 2009）；低于0.10视为均衡。"
            "有效样本量按Kish公式。",
        ),
    ),
    "FX6.1": (CONFOUNDED, PROPENSITY),
    "FX6.2": (CONFOUNDED, PROPENSITY),
    "TX6.2": (
        CONFOUNDED,
        PROPENSITY,
        Words(
            "Weighted hazard ratio with robust error, which takes the weights as known. No test is made. "
            "E-value: the risk ratio that a hidden cause would need with both regimen and outcome to explain "
            "the hazard ratio away.",
            "加权风险比采用稳健标准误，权重视为已知；不作检验。E值：未记录的因素须与治疗方案和结局均达到该风险比，"
            "方可完全解释所见风险比。",
        ),
    ),
}
