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
IMPUTED = Words(
    "Missing covariates imputed by chained equations that are told the outcome (the event and, of a Cox "
    "model, the cumulative hazard); outcomes are never imputed. Numbers and levels of more than two from "
    "donors with a near prediction. Rubin's rules on the log scale, degrees of freedom by Barnard and Rubin. "
    "Monte-Carlo error above 10% of the standard error, or agreement above 1.1, asks for more copies.",
    "协变量缺失值采用链式方程插补，方程纳入结局（事件；Cox模型另纳入累积风险）；结局从不插补。数值及多于两级的分类取自"
    "预测值相近的供体。在对数尺度上按Rubin规则合并，自由度按Barnard和Rubin。蒙特卡罗误差超过标准误的10%或一致性超过1.1时，"
    "应增加插补份数。",
)
COX_IMPUTED = Words(
    "Cox models with ties by Efron, stratified by differentiation, which must be known.",
    "Cox模型，同时事件采用Efron法，按分化程度分层（分化程度须已知）。",
)
ONE_MODEL = Words(
    "Exploratory: one model per outcome with all covariates of the plan, p-values not adjusted for "
    "multiplicity. An association is not an effect; regimens were chosen by the physician.",
    "探索性分析：各结局一个模型，纳入计划规定的全部协变量；p值未作多重性校正。相关不等于因果；治疗方案由医生选择。",
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
    "TX7.1": (COX_IMPUTED, IMPUTED, ONE_MODEL),
    "TX7.2": (IMPUTED, ONE_MODEL),
}
