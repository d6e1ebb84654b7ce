"""Footnotes of the outputs of grevy.results.outputs.patient_reported."""

from grevy.report.footnotes.common import BASELINE
from grevy.report.words import Words

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
}
