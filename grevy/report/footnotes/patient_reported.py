"""Footnotes of the outputs of grevy.results.outputs.patient_reported."""

from grevy.report.footnotes.common import AALEN_JOHANSEN, BASELINE, DESCRIPTIVE, KAPLAN_MEIER
from grevy.report.words import Words

DETERIORATION = Words(
    "Deterioration: worse than baseline by the threshold (10 points unless set otherwise) or more and in "
    "every later score too, or death. Without it, censored at the last score.",
    "恶化：较基线恶化达到界值（未另行设定时为10分）且此后每次评分均如此，或死亡；未发生者于末次评分删失。",
)

DIRECTIONS = Words(
    "QLQ-C30 functioning and global scales: high is good; all other scales of QLQ-C30 and GI.NET21: high "
    "is bad.",
    "QLQ-C30功能量表和总体健康状况：分值高为好；QLQ-C30其余量表及GI.NET21：分值高为差。",
)

PATIENT_REPORTED: dict[str, tuple[Words, ...]] = {
    "T14.2.11": (
        Words(
            "Received / expected. Expected: planned at the visit, of a subject alive and on treatment on "
            "the planned "
            "day, or received; at the end of treatment of all who stopped and lived past its visit. A visit "
            "is shown "
            "where at least 20 forms were expected.",
            "收到数/应收数。应收：计划访视日受试者存活且仍在治疗，或已收到；"
            "治疗结束访视为所有停药且存活至该访视者。"
            "应收不少于20份的访视方列出。",
        ),
        Words(
            "Last change: the last score before treatment ended, or so far, against baseline.",
            "末次变化：停药前（或截至目前）末次评分较基线的变化。",
        ),
        DIRECTIONS,
    ),
    "T14.2.12.1": (
        Words(
            "Observed scores; a visit is shown where at least 20 subjects have one. Better and worse: by at "
            "least the threshold (10 points unless set otherwise) in the direction that is good or bad for "
            "the scale; percentages are of the subjects with a change.",
            "观察到的评分；至少20例受试者有评分的访视方列出。"
            "改善和恶化：向有利或不利方向的变化达到界值（百分制，未另行设定时为10分）；"
            "百分比的分母为有变化值的受试者。",
        ),
        DIRECTIONS,
        BASELINE,
    ),
    "T14.2.12.2": (
        Words(
            "Mixed model for repeated measures, restricted maximum likelihood, degrees of freedom of "
            "Satterthwaite: a mean for each planned visit, adjusted to the mean baseline score. The "
            "covariance of the visits is unstructured; where that does not converge autoregressive, then "
            "compound "
            "symmetry.",
            "重复测量混合模型，限制性极大似然，Satterthwaite自由度：每个计划访视一个均值，"
            "校正至平均基线评分。"
            "访视间协方差为非结构化；不收敛时依次采用一阶自回归、复合对称结构。",
        ),
        Words(
            "Missing scores are taken as missing at random given those observed. Sensitivity: each missing "
            "score of a subject in the model worse than the model expects by the threshold (10 points unless "
            "set otherwise). Scores after death do not exist; the means are those of a cohort without "
            "deaths.",
            "缺失评分按随机缺失处理。敏感性分析：模型中受试者的每个缺失评分较模型预期差一个界值（未另行设定时为10分）。"
            "死亡后无评分；所列均值对应假定无死亡的人群。",
        ),
        DIRECTIONS,
    ),
    "F14.2.10": (
        Words(
            "Observed mean changes with 95% confidence intervals (t); visits at which at least 20 subjects "
            "have "
            "a change. Dashed lines: the change that counts (10 points unless set otherwise).",
            "观察到的平均变化及95%置信区间（t分布）；仅列至少20例受试者有变化值的访视。"
            "虚线：计为改善或恶化的变化（未另行设定时为10分）。",
        ),
        DIRECTIONS,
        DESCRIPTIVE,
    ),
    "T14.2.13": (
        DETERIORATION,
        Words(
            "A subject without a baseline score is left out and counted; one without a later score is "
            "censored at day 1. Primary scales are followed by the other definitions; all other scales are "
            "supportive, and nothing is corrected for their number.",
            "无基线评分者不纳入并计数；基线后无评分者于第1天删失。主要量表后列出其他定义；其余量表为支持性，"
            "未作多重性校正。",
        ),
        KAPLAN_MEIER,
        DESCRIPTIVE,
    ),
    "F14.2.11": (DETERIORATION, KAPLAN_MEIER),
    "F14.2.12": (
        Words(
            "First dose to permanent stop of treatment or death, by the reason recorded; subjects on "
            "treatment are censored at the last date known alive.",
            "首次给药至永久停药或死亡，按记录的原因；仍在治疗者于末次确认存活日期删失。",
        ),
        AALEN_JOHANSEN,
    ),
    "T14.2.14": (
        Words(
            "Capsules taken (dispensed less returned and lost) of those that the dose in force asked for; "
            "days at 0 mg "
            "ask for none. Shown at most as 100%; classes of the value itself, of the subjects with a count.",
            "实际服用粒数（发放减回收和丢失）占当时剂量应服粒数的比例；剂量为0 mg的日期不计应服。"
            "显示上限为100%；"
            "分类按原始值，分母为有清点结果的受试者。",
        ),
        Words(
            "Totals of licensed scales are shown as they were supplied; nothing is scored here.",
            "需许可量表的总分按所提供的数值列出，不在此计分。",
        ),
    ),
    "T14.2.15": (
        Words(
            "Best: the lowest value from the first dose to {te.days_after_last_dose} days after the last "
            "dose. Percentages are of the column N. Exploratory: no criterion of response.",
            "最佳：首次给药至末次给药后{te.days_after_last_dose}天内的最低值。百分比的分母为各列N。探索性指标，非疗效评价标准。",
        ),
        Words(
            "ULN: upper limit of normal of the laboratory at the time. Where it changed after the baseline, "
            "the change is that of the multiples of it.",
            "ULN：检测时该实验室的正常值上限。基线后上限有变动者，变化按上限的倍数计算。",
        ),
        BASELINE,
    ),
}
