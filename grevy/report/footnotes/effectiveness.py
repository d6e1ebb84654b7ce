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
}
