"""Section 14.2 of ICH E3: what patients report, and their adherence."""

from grevy.results.labels import Label
from grevy.results.outputs.declared import Output
from grevy.results.questionnaires import estimate_scores

PATIENT_REPORTED = (
    Output(
        "T14.2.12",
        Label("Questionnaire scores by visit", "各访视生活质量问卷评分"),
        "FAS",
        estimate_scores,
        ("baseline.same_day",),
    ),
)
