"""Footnotes of the outputs of grevy.results.outputs.participants."""

from grevy.report.footnotes.common import (
    BASELINE,
    DESCRIPTIVE,
    DURING_TREATMENT,
    ONCE_PER_LINE,
    PERCENT_OF_COLUMN,
)
from grevy.report.words import Words

PARTICIPANTS: dict[str, tuple[Words, ...]] = {
    "F14.1.1": (DESCRIPTIVE,),
    "F14.1.2": (
        Words(
            "By the day of enrollment; of consent or first dose where it is not known. Plan, where the "
            "study has one: the planned number of subjects, even "
            "over the planned months from the first enrollment on and over the sites; a planning number.",
            "按入组日期，未知者按知情同意或首次给药日期。计划（如有）：计划例数自首例入组起在计划月数内及各中心间平均分配，仅为计划数。",
        ),
    ),
    "T14.1.1": (
        PERCENT_OF_COLUMN,
        Words(
            "Reasons as given at the end of treatment and of the study; Table 14.3.1.1 counts the adverse "
            "events that say of themselves that treatment ended. Subjects of whom the two differ: data "
            "issues.",
            "原因取自治疗结束与研究结束记录；表14.3.1.1按不良事件自身记录的永久停药计数。两者不一致的受试者见数据问题清单。",
        ),
        DESCRIPTIVE,
    ),
    "T14.1.2": (
        Words(
            "Columns by the regimen of the first dose; who had no dose stands in the total alone. Under a "
            "set: why subjects are not in it.",
            "各列按首次给药方案划分；未给药者仅计入合计列。各分析集下方为未纳入的原因。",
        ),
    ),
    "T14.1.4": (
        Words("A subject counts once per line.", "每例受试者每行计一次。"),
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
}
