"""Footnotes of the outputs of grevy.results.outputs.safety."""

from grevy.report.footnotes.common import (
    AALEN_JOHANSEN,
    BASELINE,
    DESCRIPTIVE,
    EMERGENT,
    LABORATORY_GRADE,
    OF_MEASURED,
    ONCE_PER_TERM,
    ONE_VALUE_A_VISIT,
    PERCENT_OF_COLUMN,
    SHIFT,
    WORST_ON_TREATMENT,
)
from grevy.report.words import Words

FREQUENT = Words(
    "Terms that at least 10% of the subjects of a column had, by frequency, at most 25.",
    "任一列中至少10%受试者发生的术语，按频率排列，最多25个。",
)
ONE_SCALE = Words(
    "Each subject once per term at the highest grade; both sides have one scale.",
    "每例受试者每个术语按最高级别计一次；两侧刻度相同。",
)

SAFETY: dict[str, tuple[Words, ...]] = {
    "F14.3.1": (FREQUENT, ONE_SCALE, EMERGENT, DESCRIPTIVE),
    "F14.3.2": (
        FREQUENT,
        Words(
            "Filled mark: grade 3 or higher; open mark: any grade. Onset: first event of each subject, all "
            "together.",
            "实心标记：≥3级；空心标记：任何级别。发生时间：各受试者首次事件，合并计算。",
        ),
        EMERGENT,
        DESCRIPTIVE,
    ),
    "F14.3.3": (
        Words(
            "Peaks on treatment, not always of one day; exactly 3 × ULN counts as above its line, "
            "exactly 2 × ULN does not, unless the setting says so. A potential case (Table 14.3.4.3) also "
            "needs both within 3 days and no cholestasis.",
            "治疗期间峰值，不要求同日；恰为3×ULN计为高于界线，恰为2×ULN不计（设置另有规定者除外）。"
            "潜在病例（表14.3.4.3）另要求两者相隔不超过3天且无胆汁淤积。",
        ),
        WORST_ON_TREATMENT,
        DESCRIPTIVE,
    ),
    "F14.3.4": (
        Words(
            "Box: quartiles; thick line: median; whiskers: 10th to 90th percentile. LLN, ULN: median of "
            "the lower "
            "and upper limits of normal given with the baseline values. BL: baseline; C: cycle, D: day, W: "
            "week; EOT: end of "
            "treatment; FU: safety follow-up.",
            "箱体：四分位数；粗线：中位数；须线：第10至第90百分位数。LLN、ULN：基线检查所附正常值下限、上限的中位数。"
            "BL：基线；C：周期，D：天，W：周；EOT：治疗结束；FU：安全性随访。",
        ),
        ONE_VALUE_A_VISIT,
        DESCRIPTIVE,
    ),
    "F14.3.5": (
        Words(
            "The dose of a week is the highest taken in it; interrupted: no dose in the week and treatment "
            "not ended. Percentages are of the subjects followed to the week.",
            "当周剂量为该周最高剂量；暂停用药：该周未用药且治疗未结束。百分比的分母为随访至该周的受试者。",
        ),
        DESCRIPTIVE,
    ),
    "T14.3.1.1": (
        PERCENT_OF_COLUMN,
        Words(
            "Leading to: by the one action recorded with the event. Reasons for the end of treatment stand "
            "in Table 14.1.1, doses as taken in Table 14.3.3; subjects in whom they contradict: data issues.",
            "导致剂量调整或停药：按该事件记录的（唯一）采取措施。治疗结束原因见表14.1.1，实际剂量见表14.3.3；"
            "相互矛盾的受试者见数据问题清单。",
        ),
        EMERGENT,
        DESCRIPTIVE,
    ),
    "T14.3.1.2": (ONCE_PER_TERM, EMERGENT, DESCRIPTIVE),
    "T14.3.1.3": (ONCE_PER_TERM, EMERGENT),
    "T14.3.1.9": (
        Words(
            "Groups by the term lists of the analysis plan. n/N: of the subjects with an event of the group. "
            "Duration: Kaplan-Meier over the first events, going on at the last date known alive where no "
            "end is recorded. Outcome: that of the subject's event that went worst. Cumulative incidence by "
            "Aalen-Johansen: the end of treatment (with the window below) and death compete.",
            "组别按分析计划的术语列表。n/N：分母为发生该组事件的受试者。持续时间：首次事件的Kaplan-Meier估计，"
            "无结束日期者于末次确认存活日期删失。转归：取受试者结局最差的事件。累积发生率采用Aalen-Johansen法："
            "治疗结束（含下述窗口）与死亡为竞争事件。",
        ),
        EMERGENT,
        DESCRIPTIVE,
    ),
    **{f"T14.3.1.{number}": (ONCE_PER_TERM, EMERGENT, DESCRIPTIVE) for number in range(4, 9)},
    "T14.3.1.10": (
        Words(
            "Patient-years: first dose to the end of the window below (new therapy, where the plan ends it "
            "there), death, last date known alive of who did not die, or cut-off, whichever is first. "
            "First events: time until the first one; all events: all of that "
            "time. Exact Poisson limits. Terms of at least 5% of the set.",
            "人年：自首次给药至下述窗口结束（方案规定以新治疗为止者，至新治疗前）、死亡、末次确认存活（未死亡者）或数据截止，以先到者为准。首次事件计至首次发生；"
            "全部事件计全部时间。置信区间采用精确Poisson法。仅列出至少5%受试者发生的术语。",
        ),
        EMERGENT,
        DESCRIPTIVE,
    ),
    "L-issues": (
        Words(
            "One date > another: the first is later. A partial date / the date on both sides of which it may "
            "lie. A response / another: derived / by the investigator. (D), (M), (Y): day, month or year "
            "imputed. ×2: in two records.",
            "日期 > 日期：前者晚于后者。部分日期 / 日期：后者为首次给药或数据截止日期，"
            "前者可能早于或晚于后者。疗效 / 疗效：系统推导 / 研究者评估。"
            "(D)、(M)、(Y)：日、月、年为填补值。×2：有两条记录。",
        ),
    ),
    "L14.3.2.1": (
        Words(
            "All deaths of the set, whenever they were. Study day: the first dose is day 1. "
            "*: part of the date is imputed.",
            "列出该集全部死亡，不限时间。研究日：首次给药为第1天。*：日期部分为填补值。",
        ),
    ),
    "L14.3.2.2": (
        Words(
            "Serious by the investigator's record, or fatal. Dates as recorded, partial ones too. "
            "†: not treatment-emergent.",
            "研究者记录为严重，或为致死事件。日期按记录列出，含不完整日期。†：非治疗期间出现。",
        ),
        EMERGENT,
    ),
    "L14.3.2.3": (
        Words(
            "Sentences built from the records, each with the record it says; nothing is interpreted. On "
            "treatment: up to the end of the window below. *: part of the date is imputed.",
            "由记录自动生成的语句，每句附其来源记录，不作解释。治疗期间：至下述窗口结束。*：日期部分为填补值。",
        ),
        EMERGENT,
    ),
    "T14.3.3": (
        Words(
            "Relative dose intensity: cumulative dose divided by starting dose times days from first to last "
            "dose, {exposure.planned}.",
            "相对剂量强度：累积剂量除以起始剂量与首末次给药间天数之积，{exposure.planned}。",
        ),
        Words(
            "Reductions and interruptions by the doses recorded, whatever the reason; Table 14.3.1.1 counts "
            "adverse events by their action. A stop during an interruption is no interruption here.",
            "减量与中断按给药记录计，不论原因；表14.3.1.1按不良事件的采取措施计。中断期间终止治疗者，该次不计为中断。",
        ),
        DESCRIPTIVE,
    ),
    "T14.3.4.1": (ONE_VALUE_A_VISIT, BASELINE, DESCRIPTIVE),
    "T14.3.4.2": (LABORATORY_GRADE, WORST_ON_TREATMENT, SHIFT),
    "T14.3.4.3": (
        Words(
            "Potential case: ALT or AST at least 3 × ULN and total bilirubin {liver.hys_law_bilirubin} "
            "within 3 days, alkaline phosphatase below 2 × ULN. Whether another cause exists is a clinical "
            "judgment.",
            "潜在病例：3天内ALT或AST≥3×ULN且总胆红素{liver.hys_law_bilirubin}，碱性磷酸酶<2×ULN。是否存在其他原因需临床判断。",
        ),
        WORST_ON_TREATMENT,
        DESCRIPTIVE,
    ),
    "T14.3.4.4": (LABORATORY_GRADE, WORST_ON_TREATMENT, DESCRIPTIVE),
    "T14.3.5.1": (OF_MEASURED, WORST_ON_TREATMENT, DESCRIPTIVE),
    "T14.3.5.2": (
        Words(
            "Grades of single readings; the grade of an adverse event also needs clinical facts.",
            "按单次测量值分级；不良事件分级尚需临床信息。",
        ),
        WORST_ON_TREATMENT,
        SHIFT,
    ),
    "T14.3.5.3": (
        Words(
            "QT corrected by Fridericia; mean of the readings of one day.",
            "QT间期按Fridericia公式校正；取同日各次均值。",
        ),
        OF_MEASURED,
        WORST_ON_TREATMENT,
    ),
    "T14.3.5.4": (OF_MEASURED, WORST_ON_TREATMENT),
    **dict.fromkeys(("T14.3.5.5", "T14.3.5.6", "T14.3.5.7"), (ONE_VALUE_A_VISIT, BASELINE, DESCRIPTIVE)),
    "T14.3.5.8": (
        ONE_VALUE_A_VISIT,
        Words(
            "Percentages are of the subjects assessed at the visit, or at any time on treatment.",
            "百分比的分母为该访视（或治疗期间）已评估的受试者数。",
        ),
        BASELINE,
    ),
    "T14.3.5.9": (
        Words(
            "A subject whose value never rose (or fell) has a greatest rise (or fall) of 0.",
            "数值从未升高（或下降）者，其最大升幅（或降幅）为0。",
        ),
        BASELINE,
        WORST_ON_TREATMENT,
        OF_MEASURED,
    ),
    "F14.3.6": (
        Words(
            "First treatment-emergent hypertension of grade 3 or higher. It competes with death and with the "
            "end of treatment, counted {te.days_after_last_dose} days after the last dose, the time in which "
            "events are treatment-emergent.",
            "首次治疗期间出现的≥3级高血压。与死亡及治疗结束（末次给药后{te.days_after_last_dose}天，即治疗期事件的时间窗）竞争。",
        ),
        AALEN_JOHANSEN,
    ),
}
