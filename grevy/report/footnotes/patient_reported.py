"""Footnotes of the outputs of grevy.results.outputs.patient_reported."""

from grevy.report.footnotes.common import AALEN_JOHANSEN, BASELINE, DESCRIPTIVE, KAPLAN_MEIER
from grevy.report.words import Words

DETERIORATION = Words(
    "Deterioration: worse than baseline by at least 10 points and in every later score too, or death. "
    "Without it, censored at the last score.",
    "恶化：较基线恶化至少10分且此后每次评分均如此，或死亡；未发生者于末次评分删失。",
)

PATIENT_REPORTED: dict[str, tuple[Words, ...]] = {
    "T14.2.12": (
        Words(
            "Observed scores; a visit is shown where at least 20 subjects have one. QLQ-C30 functioning and "
            "global scales: high is good; all other scales of QLQ-C30 and GI.NET21: high is bad.",
            "观察到的评分；至少20例受试者有评分的访视方列出。QLQ-C30功能量表和总体健康状况：分值高为好；"
            "QLQ-C30其余量表及GI.NET21：分值高为差。",
        ),
        BASELINE,
    ),
    "T14.2.13": (
        DETERIORATION,
        Words(
            "A subject without a baseline score is left out and counted; one without a later score is "
            "censored at day 1. Primary scales are followed by the other definitions; all other scales are "
            "supportive, and nothing is corrected for their number.",
            "无基线评分者不纳入并计数；基线后无评分者于第1天删失。主要量表后列出其他定义；其余量表为支持性，未作多重性校正。",
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
}
