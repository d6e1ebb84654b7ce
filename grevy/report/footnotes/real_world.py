"""Footnotes of the outputs of grevy.results.outputs.real_world."""

from grevy.report.footnotes.common import DESCRIPTIVE
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
PROGNOSTIC = Words(
    "Exploratory: models of who fares how, not of what treatment does. Penalized models on all covariates "
    "of the plan, strength of the penalty by AIC, ties by Breslow; subjects with all covariates known. "
    "Adverse events: whether one of grade 3 or more emerged on treatment, however long the subject was "
    "followed.",
    "探索性分析：描述受试者的预后，而非治疗的作用。惩罚模型纳入计划规定的全部协变量，惩罚强度按AIC选择，同时事件按Breslow法；"
    "仅纳入协变量完整的受试者。不良事件：治疗期间是否出现3级及以上事件，不考虑随访长短。",
)
CHECKLIST = Words(
    "Items in short words of our own; read the original beside them. What the program cannot know is left to "
    "the author. An output that this run cannot fill says why in its place.",
    "条目为自拟的简短表述，请对照原文。程序无法得知的内容留待作者填写。本次运行无法生成的图表在其位置说明原因。",
)

NEXT_STEP = Words(
    "Still on study drug only: no other therapy begun; all who are on study drug at cut-off: Table 14.1.1.",
    "仍仅用研究药物：尚未开始其他治疗；截止时仍在使用研究药物的全部受试者见表14.1.1。",
)

REAL_WORLD: dict[str, tuple[Words, ...]] = {
    "TX1": (
        DESCRIPTIVE,
        NEXT_STEP,
        Words(
            "A subject counts once per line. After progression: a dose more than 14 days after the first "
            "derived progression, no other therapy begun by then. Re-challenge: a dose after another therapy "
            "that began when study drug had been stopped. Systemic therapy before: without local therapy.",
            "每例受试者每行计一次。进展后用药：首次推导的疾病进展14天之后仍用药且此时尚未开始其他治疗。再挑战：停用研究药物"
            "并开始其他治疗之后再次用药。既往系统治疗不含局部治疗。",
        ),
    ),
    "FX1": (
        DESCRIPTIVE,
        NEXT_STEP,
        Words(
            "Flows of fewer than 5 subjects of a regimen stand under other.",
            "同一方案中少于5例的流向并入其他。",
        ),
    ),
    "TX2": (
        DESCRIPTIVE,
        Words(
            "An assessment belongs to the planned one that is nearest, a tie to the earlier. Due: observed "
            "to the end of the window without progression, new therapy or death. Percentages of those due.",
            "评估归入最近的计划访视，距离相同时归入较早者。到期：至访视窗结束仍在观察，未出现疾病进展、新的抗肿瘤治疗或死亡。"
            "百分比的分母为到期者。",
        ),
    ),
    "TX3": (
        Words(
            "Events observed and expected per center by the multivariable Cox models of Table 14.2.8; a "
            "gamma frailty draws the ratio of a small center towards 1. Exploratory. Centers are neither "
            "named nor ranked: what is left may be case mix that was not recorded.",
            "各中心的观察与期望事件数取自表14.2.8的多因素Cox模型；gamma脆弱项使小中心的风险比向1收缩。探索性分析。"
            "不列出中心名称，不作排名：剩余差异可能来自未记录的病例构成。",
        ),
    ),
    "TX4": (
        Words(
            "Caution: what is known only after the first dose must not be taken as a baseline fact, for its "
            "bearers have lived up to it (immortal time). From a landmark: subjects event-free then, by what "
            "had happened by then. Time-dependent: from the day on. A plan that declares such a fact as a "
            "covariate is refused. Exploratory; an association is not an effect.",
            "注意：首次给药后才获知的事实不得作为基线因素，因其携带者必须存活至该时点（永恒时间偏倚）。界标分析：界标时点无事件的"
            "受试者按此前是否出现分组。时间依赖：自出现之日起改变。将此类事实列为协变量的计划会被拒绝。探索性分析；相关不等于因果。",
        ),
    ),
    "TX5": (
        Words(
            "Percentages are of the column N. Models with imputed covariates: tables X7.1, X7.2.",
            "百分比的分母为各列N。协变量插补后的模型见表X7.1、表X7.2。",
        ),
    ),
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
    "TX8.1": (
        PROGNOSTIC,
        Words(
            "Points: effect over the range of the covariate, the largest as 100; negative points lower the "
            "risk. Penalized coefficients have no confidence intervals.",
            "分值：协变量取值范围内的效应，最大者为100；负分降低风险。惩罚后的系数无置信区间。",
        ),
    ),
    "TX8.2": (
        PROGNOSTIC,
        Words(
            "Optimism: mean over bootstrap samples of the value in the sample less that in the data; "
            "corrected: apparent less optimism. Internal-external: each center predicted by the model of "
            "the others.",
            "乐观度：各自助样本内的数值与在原数据中的数值之差的均值；校正后：表观值减乐观度。内部-外部验证：以其余中心的模型预测各中心。",
        ),
        Words(
            "Subjects of whom a covariate is unknown are left out and counted by covariate, of which one may "
            "lack several. Nothing is imputed here, as it would have to be done anew in each bootstrap "
            "sample; models with imputed covariates: X7.",
            "协变量未知的受试者不纳入，并按协变量计数（同一受试者可缺失多项）。此处不作插补，因插补须在每个自助样本内重新进行；"
            "协变量插补后的模型见X7。",
        ),
        Words(
            "Weighted by the inverse chance of being still followed, by Kaplan-Meier in the data, where "
            "events of a day precede censorings: Uno's C (Uno 2011), AUC of events by a time against being "
            "free of them after it (Uno 2007; Hung and Chiang 2010), Brier score and its mean over time "
            "(Graf 1999). C and AUC: 0.5 is chance; Brier score: 0 is perfect. Harrell's C of a "
            "yes-or-no outcome is its AUC.",
            "以仍在随访的概率的倒数加权（按全部数据的Kaplan-Meier估计，同日事件先于删失）："
            "Uno C（Uno 2011）；AUC，即该时点前发生事件者与其后仍无事件者相比（Uno 2007；"
            "Hung和Chiang 2010）；Brier评分及其随时间的均值（Graf 1999）。"
            "C和AUC为0.5即等同随机；Brier评分为0即完全准确。二分类结局的Harrell C即其AUC。",
        ),
    ),
    "FX8.1": (
        PROGNOSTIC,
        Words(
            "Predicted and observed risk in the data of the models (apparent), observed by Kaplan-Meier. "
            "Corrected: less the mean over bootstrap samples of what observed less predicted risk is in the "
            "quarters of the sample beyond what it is in those of the data. The figure shows the apparent "
            "values filled, the corrected ones open.",
            "预测风险和观察风险采用建模数据（表观值），观察风险按Kaplan-Meier估计。校正后：减去各自助样本四分位组中观察与预测风险之差"
            "超出原数据四分位组中该差值部分的均值。图中实心点为表观值，空心点为校正后值。",
        ),
    ),
    "FX8.2": (
        PROGNOSTIC,
        Words(
            "Apparent, not corrected; risk of the positives by Kaplan-Meier. No recommendation to treat or "
            "not.",
            "表观值，未作校正；阳性者的风险按Kaplan-Meier估计。不作为是否治疗的建议。",
        ),
    ),
    "TX9.1": (CHECKLIST,),
    "TX9.2": (CHECKLIST,),
    "TX9.3": (
        CHECKLIST,
        Words(
            "Its 35 recommendations are grouped here by subject; their own numbers are in the original.",
            "其35条建议在此按主题归并，原编号见原文。",
        ),
    ),
    "TX9.4": (CHECKLIST,),
}
