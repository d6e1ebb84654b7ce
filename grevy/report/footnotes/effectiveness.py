"""Footnotes of the outputs of grevy.results.outputs.effectiveness."""

from grevy.report.footnotes.common import (
    BASELINE,
    DESCRIPTIVE,
    EXACT_INTERVAL,
    KAPLAN_MEIER,
    ONE_ARM,
    OS_RULE,
    PFS_RULE,
)
from grevy.report.words import Words

EFFECTIVENESS: dict[str, tuple[Words, ...]] = {
    "T14.2.1": (PFS_RULE, KAPLAN_MEIER, DESCRIPTIVE),
    "F14.2.1": (PFS_RULE, KAPLAN_MEIER),
    "T14.2.2": (
        KAPLAN_MEIER,
        Words(
            "The subjects whose result moves, and why, stand in Listing 16.2.6.7.",
            "结果发生变化的受试者及其原因见列表 16.2.6.7。",
        ),
    ),
    "T14.2.3": (OS_RULE, KAPLAN_MEIER, DESCRIPTIVE),
    "F14.2.2": (OS_RULE, KAPLAN_MEIER),
    "F14.2.3": (
        PFS_RULE,
        KAPLAN_MEIER,
        Words(
            "Subgroups below the declared size have no curve. Regimen and disease class: Figure 14.2.1. "
            "Nothing is compared.",
            "例数少于规定的亚组无曲线。治疗方案与病理分类见图 14.2.1。不作任何比较。",
        ),
    ),
    "T14.2.4": (EXACT_INTERVAL, DESCRIPTIVE),
    "F14.2.4": (
        Words(
            "Best change before progression or new therapy, that day included; dashed lines at +20% and "
            "−30%. A triangle marks progression by a new lesion.",
            "疾病进展或新治疗之前（含当日）的最佳变化；虚线为 +20% 和 −30%。三角形表示因新病灶进展。",
        ),
    ),
    "F14.2.5": (
        Words(
            "Sums before progression or new therapy, that day included; every line starts at the first dose. "
            "A triangle marks a progression by a new lesion, at its date and the last known sum; an arrow a "
            "subject without progression on treatment at the cut-off.",
            "疾病进展或新治疗之前（含当日）的直径总和；各线自首次给药起。三角形为因新病灶进展（按其日期与末次已知总和绘制）；"
            "箭头为截止时无进展且仍在治疗。",
        ),
    ),
    "F14.2.6": (
        Words(
            "Bar: first to last dose, by dose of study drug. Signs stand at their date, or after the sign "
            "before them where they would touch. Response: confirmed, until progression or death.",
            "条形：首次至末次给药，颜色为研究药物剂量。符号位于其发生日期；若会重叠则顺移至前一符号之后。"
            "缓解：经确认的缓解，至疾病进展或死亡。",
        ),
    ),
    "F14.2.7": (
        Words(
            "Responders only; from the first response later confirmed to progression or death, censored as "
            "progression-free survival.",
            "仅包括缓解者；自后经确认的首次缓解至疾病进展或死亡，删失规则同无进展生存期。",
        ),
        KAPLAN_MEIER,
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
}
