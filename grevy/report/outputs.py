"""What is printed around an output: its section, its conventions, its drawing. Titles come with the results.

Numbering after ICH E3, section 14. An output that has no rows in a run is printed all the same, with the
reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from grevy.report.words import Words, same
from grevy.results.outputs import OUTPUTS


class Output(NamedTuple):
    """One table, figure or listing: what is printed around the numbers."""

    id: str
    title: Words
    set: str
    notes: tuple[Words, ...] = ()
    draw: str | None = None

    @property
    def kind(self) -> str:
        return self.id[0]

    @property
    def number(self) -> str:
        return self.id[1:].lstrip("-")

    @property
    def is_numbered(self) -> bool:
        """An output outside ICH E3 has a name instead of a number."""
        return self.number[0].isdigit()


SECTIONS = (
    ("14.1", Words("Participants", "受试者")),
    ("14.2", Words("Effectiveness", "有效性")),
    ("14.3", Words("Safety", "安全性")),
    ("issues", Words("Data issues", "数据问题")),
)

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
    "Kaplan-Meier estimates; 95% confidence intervals by the log-log transformation. "
    "Months are days / 30.4375.",
    "Kaplan-Meier 估计；95% 置信区间采用对数-对数变换。月数为天数除以 30.4375。",
)
PFS_RULE = Words(
    "PFS: first dose to the first derived RECIST 1.1 progression or death, whichever is earlier.",
    "PFS：首次给药至首次推导的 RECIST 1.1 疾病进展或死亡，以先发生者为准。",
)
OS_RULE = Words(
    "OS: first dose to death from any cause; the living are censored at the last date known alive.",
    "OS：首次给药至任何原因死亡；存活者于末次确认存活日期删失。",
)
EXACT_INTERVAL = Words(
    "95% confidence intervals by Clopper-Pearson. A subject without a response counts in the denominator.",
    "95% 置信区间采用 Clopper-Pearson 精确法。无疗效评估的受试者计入分母。",
)
ONCE_PER_TERM = Words(
    "A subject counts once per class and per term, at the highest grade (CTCAE). "
    "Classes in alphabetical order, terms by frequency.",
    "每例受试者在每个分类和每个术语中按最高级别 (CTCAE) 计一次。分类按字母顺序，术语按频率排列。",
)
EMERGENT = Words(
    "Treatment-emergent: onset or worsening from the first dose to 30 days after the last dose.",
    "治疗期间出现：首次给药至末次给药后 30 天内发生或加重。",
)
ONCE_PER_LINE = Words(
    "A subject counts once per line. Terms as coded, or as reported where nothing was coded.",
    "每例受试者每行计一次。已编码者按编码术语，未编码者按报告名称。",
)
DURING_TREATMENT = Words(
    "From the first dose to 30 days after the last dose.", "首次给药至末次给药后 30 天。"
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

CONVENTIONS: dict[str, tuple[Words, ...]] = {
    "F14.1.1": (DESCRIPTIVE,),
    "T14.1.1": (PERCENT_OF_COLUMN, DESCRIPTIVE),
    "T14.1.4": (
        ONCE_PER_LINE,
        Words(
            "Percentages of the subjects enrolled; by center, of those whom the center enrolled.",
            "百分比的分母为入组受试者；各中心行的分母为该中心入组受试者。",
        ),
    ),
    "T14.1.5": (PERCENT_OF_COLUMN, BASELINE, DESCRIPTIVE),
    "T14.1.6": (
        PERCENT_OF_COLUMN,
        Words("A subject may have several metastatic sites.", "一例受试者可有多个转移部位。"),
        DESCRIPTIVE,
    ),
    "T14.1.7": (PERCENT_OF_COLUMN, ONCE_PER_LINE),
    "T14.1.8": (PERCENT_OF_COLUMN, ONCE_PER_LINE),
    "T14.1.9.1": (PERCENT_OF_COLUMN, ONCE_PER_LINE, DURING_TREATMENT),
    "T14.1.9.2": (PERCENT_OF_COLUMN, ONCE_PER_LINE, DURING_TREATMENT),
    "T14.1.10": (
        Words(
            "Median by the reverse Kaplan-Meier method: the roles of event and censoring are exchanged.",
            "中位数采用逆 Kaplan-Meier 法：事件与删失互换。",
        ),
    ),
    "T14.2.1": (PFS_RULE, KAPLAN_MEIER, DESCRIPTIVE),
    "F14.2.1": (PFS_RULE, KAPLAN_MEIER),
    "T14.2.2": (KAPLAN_MEIER,),
    "T14.2.3": (OS_RULE, KAPLAN_MEIER, DESCRIPTIVE),
    "F14.2.2": (OS_RULE, KAPLAN_MEIER),
    "T14.2.4": (EXACT_INTERVAL, DESCRIPTIVE),
    "F14.2.4": (
        Words(
            "Best change before progression or new therapy, that day included; dashed lines at +20% and "
            "−30%. A triangle marks progression by a new lesion.",
            "疾病进展或新治疗之前（含当日）的最佳变化；虚线为 +20% 和 −30%。三角形表示因新病灶进展。",
        ),
    ),
    "T14.2.5": (Words("Responders only.", "仅包括缓解者。"), KAPLAN_MEIER),
    "T14.2.6": (BASELINE,),
    "T14.2.7": (
        EXACT_INTERVAL,
        Words(
            "Subgroups below the declared size are listed without an estimate.",
            "例数少于规定的亚组仅列出例数，不作估计。",
        ),
    ),
    "F14.2.8": (PFS_RULE, ONE_ARM, KAPLAN_MEIER),
    "F14.2.9": (EXACT_INTERVAL, ONE_ARM),
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
    "T14.3.1.1": (PERCENT_OF_COLUMN, EMERGENT, DESCRIPTIVE),
    "T14.3.1.2": (ONCE_PER_TERM, EMERGENT, DESCRIPTIVE),
    "T14.3.1.3": (ONCE_PER_TERM, EMERGENT),
    **{f"T14.3.1.{number}": (ONCE_PER_TERM, EMERGENT, DESCRIPTIVE) for number in range(4, 9)},
    "T14.3.1.10": (
        Words(
            "Patient-years: first dose to the end of the window below (new therapy, where the plan ends it "
            "there), death, last date known alive or cut-off, whichever is first. "
            "First events: time until the first one; all events: all of that "
            "time. Exact Poisson limits. Terms of at least 5% of the set.",
            "人年：自首次给药至下述窗口结束（方案规定以新治疗为止者，至新治疗前）、死亡、末次确认存活或数据截止，以先到者为准。首次事件计至首次发生；"
            "全部事件计全部时间。置信区间采用精确Poisson法。仅列出至少5%受试者发生的术语。",
        ),
        EMERGENT,
        DESCRIPTIVE,
    ),
    "T14.3.3": (
        Words(
            "Relative dose intensity: cumulative dose divided by starting dose times days from first to last "
            "dose, interruptions included.",
            "相对剂量强度：累积剂量除以起始剂量与首末次给药间天数之积，含中断天数。",
        ),
        DESCRIPTIVE,
    ),
}
LABORATORY_GRADE = Words(
    "Laboratory grades are derived from the numbers alone (CTCAE); they are not grades of adverse events.",
    "实验室分级仅由检测数值推导 (CTCAE)，不等同于不良事件分级。",
)
WORST_ON_TREATMENT = Words(
    "Worst value from the first dose to 30 days after the last dose, unscheduled visits included.",
    "首次给药至末次给药后30天内的最差值，含计划外访视。",
)
OF_MEASURED = Words(
    "Percentages are of the subjects with a value on treatment.", "百分比的分母为治疗期间有测量值的受试者数。"
)
SHIFT = Words(
    "Percentages are of the subjects in the line. A click opens the worst and the baseline record.",
    "百分比的分母为该行受试者数。点击可查看最差记录与基线记录。",
)
CONVENTIONS |= {
    "T14.2.12": (
        Words(
            "Observed scores; a visit is shown where at least 20 subjects have one. QLQ-C30 functioning and "
            "global scales: high is good; all other scales of QLQ-C30 and GI.NET21: high is bad.",
            "观察到的评分；至少20例受试者有评分的访视方列出。QLQ-C30功能量表和总体健康状况：分值高为好；"
            "QLQ-C30其余量表及GI.NET21：分值高为差。",
        ),
        BASELINE,
    ),
    "T14.3.4.2": (LABORATORY_GRADE, WORST_ON_TREATMENT, SHIFT),
    "T14.3.4.3": (
        Words(
            "Potential case: ALT or AST at least 3 × ULN and total bilirubin above 2 × ULN within 3 days, "
            "alkaline phosphatase below 2 × ULN. Whether another cause exists is a clinical judgment.",
            "潜在病例：3天内ALT或AST≥3×ULN且总胆红素>2×ULN，碱性磷酸酶<2×ULN。是否存在其他原因需临床判断。",
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
}
DRAWINGS = {
    "F14.1.1": "flow",
    "F14.2.1": "km",
    "F14.2.2": "km",
    "F14.2.4": "waterfall",
    "F14.2.8": "forest",
    "F14.2.9": "forest",
}


def list_outputs(present: Iterable[str], *, of_arms: bool = False) -> list[Output]:
    """The declared outputs in their order, then those that only the rows have.

    Data of another study stand in columns by arm: nobody chose a regimen there.
    """
    declared = [
        Output(o.id, Words(o.title.en, o.title.zh), o.analysis_set, _notes(o.id, of_arms), DRAWINGS.get(o.id))
        for o in OUTPUTS
    ]
    known = {output.id for output in declared}
    return [*declared, *(Output(name, same(name), "SCREENED") for name in present if name not in known)]


def _notes(output_id: str, of_arms: bool) -> tuple[Words, ...]:
    notes = CONVENTIONS.get(output_id, ())
    return tuple(OF_ARMS if of_arms and note is DESCRIPTIVE else note for note in notes)


def section_of(output_id: str) -> str:
    """The section an output stands in: the first two parts of its number."""
    number = output_id[1:].lstrip("-")
    parts = number.split(".")
    return ".".join(parts[:2]) if len(parts) > 1 else number
