"""Sentences that stand under several outputs."""

from grevy.report.words import Words

DESCRIPTIVE = Words(
    "Regimen at first dose, chosen by the physician; differences between columns are descriptive.",
    "首次给药方案由医生选择，各列之间的差异仅作描述。",
)
OF_ARMS = Words(
    "Actual arm as tabulated; no arm is compared with another by a test.",
    "按数据中的实际组别列出；组间不作检验。",
)
PERCENT_OF_COLUMN = Words("Percentages are of the column N.", "百分比的分母为各列 N。")
BASELINE = Words(
    "Baseline: last value on or before the first dose.", "基线：首次给药当日或之前的末次测量值。"
)
KAPLAN_MEIER = Words(
    "Kaplan-Meier estimates; 95% confidence intervals {confidence.km}. "
    "Months are days / {time.days_per_month}.",
    "Kaplan-Meier 估计；95% 置信区间{confidence.km}。月数为天数除以 {time.days_per_month}。",
)
AALEN_JOHANSEN = Words(
    "Cumulative incidence by Aalen and Johansen; each cause competes with the others. "
    "Months are days / {time.days_per_month}.",
    "累积发生率采用 Aalen-Johansen 估计，各原因互为竞争事件。月数为天数除以 {time.days_per_month}。",
)
PFS_RULE = Words(
    "PFS: {time.origin} to the first derived RECIST 1.1 progression or death, whichever is earlier.",
    "PFS：{time.origin}至首次推导的 RECIST 1.1 疾病进展或死亡，以先发生者为准。",
)
OS_RULE = Words(
    "OS: {time.origin} to death from any cause; the living are censored at {os.censoring}.",
    "OS：{time.origin}至任何原因死亡；存活者于{os.censoring}删失。",
)
EXACT_INTERVAL = Words(
    "95% confidence intervals {confidence.rate}. A subject without a response counts in the denominator.",
    "95% 置信区间{confidence.rate}。无疗效评估的受试者计入分母。",
)
ONCE_PER_TERM = Words(
    "A subject counts once per class and per term, at the highest grade (CTCAE). "
    "Classes in alphabetical order, terms by frequency.",
    "每例受试者在每个分类和每个术语中按最高级别（CTCAE）计一次。分类按英文名称的字母顺序，术语按频率排列。",
)
EMERGENT = Words(
    "Treatment-emergent: onset or worsening from the first dose to {te.days_after_last_dose} days after the "
    "last dose.",
    "治疗期间出现：首次给药至末次给药后 {te.days_after_last_dose} 天内发生或加重。",
)
ONCE_PER_LINE = Words(
    "A subject counts once per line. Terms as coded, or as reported where nothing was coded.",
    "每例受试者每行计一次。已编码者按编码术语，未编码者按报告名称。",
)
DURING_TREATMENT = Words(
    "From the first dose to {te.days_after_last_dose} days after the last dose.",
    "首次给药至末次给药后 {te.days_after_last_dose} 天。",
)
EXPLORATORY = Words(
    "Exploratory: covariates declared in advance; the number of models tried stands at the end of each "
    "outcome, and p-values are not adjusted for it. An association is not an effect; regimens were chosen "
    "by the physician.",
    "探索性分析：协变量预先规定；各结局末行列出尝试的模型数，p值未作多重性校正。相关不等于因果；治疗方案由医生选择。",
)
COX_MODEL = Words(
    "Cox models with ties by Efron, stratified by differentiation. Subjects with all covariates and the "
    "differentiation known are used; where nobody's is known nothing is stratified. A level that lies within "
    "one stratum only has no hazard ratio.",
    "Cox模型，同时事件采用Efron法，按分化程度分层。仅纳入协变量及分化程度均已知的受试者；分化程度全部未知时不分层。"
    "仅位于单一层内的水平无风险比。",
)
ONE_ARM = Words(
    "Squares by the number of subjects; dashed line and diamond: all subjects. Arrow: limit not reached or "
    "beyond the axis. Subgroups below the declared size have no estimate. Nothing is compared.",
    "方块大小反映例数；虚线和菱形为全体受试者。箭头表示置信限未达到或超出坐标轴。例数少于规定的亚组不作估计。不作任何比较。",
)
LABORATORY_GRADE = Words(
    "Laboratory grades are derived from the numbers alone (CTCAE); they are not grades of adverse events.",
    "实验室分级仅由检测数值推导（CTCAE），不等同于不良事件分级。",
)
WORST_ON_TREATMENT = Words(
    "Worst value from the first dose to {te.days_after_last_dose} days after the last dose, unscheduled "
    "visits included.",
    "首次给药至末次给药后{te.days_after_last_dose}天内的最差值，含计划外访视。",
)
OF_MEASURED = Words(
    "Percentages are of the subjects with a value on treatment.", "百分比的分母为治疗期间有测量值的受试者数。"
)
SHIFT = Words(
    "Percentages are of the subjects in the line. Behind each number stand the worst and the baseline "
    "record.",
    "百分比的分母为该行受试者数。每个数字对应最差记录与基线记录。",
)
ONE_VALUE_A_VISIT = Words(
    "One value per subject and visit, nearest to the planned day; unscheduled values stand in the tables of "
    "worst values. A visit is shown where the number of subjects declared in the analysis plan has a value.",
    "每例受试者每次访视取最接近计划日的一个值；计划外检查值仅计入最差值表。仅列出有值受试者数达到分析计划规定例数的访视。",
)
