"""Section 14.2 of ICH E3: what patients report, and their adherence."""

from functools import partial

from grevy.results.cumulative_incidence import LEAVING, estimate_incidence
from grevy.results.deterioration import estimate_deterioration, estimate_deterioration_curves
from grevy.results.labels import Label
from grevy.results.outputs.declared import CURVE, DETERIORATION, Output, merge_switches
from grevy.results.questionnaires import estimate_scores

PATIENT_REPORTED = (
    Output(
        "T14.2.12",
        Label("Questionnaire scores by visit", "各访视生活质量问卷评分"),
        "FAS",
        estimate_scores,
        ("baseline.same_day",),
    ),
    Output(
        "T14.2.13",
        Label("Time to deterioration of questionnaire scores", "至问卷评分恶化的时间"),
        "FAS",
        estimate_deterioration,
        merge_switches(DETERIORATION, ("dates.death",), CURVE),
    ),
    Output(
        "F14.2.11",
        Label(
            "Time to deterioration of the primary scales, Kaplan-Meier curves",
            "主要量表至恶化时间Kaplan-Meier曲线",
        ),
        "FAS",
        estimate_deterioration_curves,
        merge_switches(DETERIORATION, ("dates.death",), CURVE),
    ),
    Output(
        "F14.2.12",
        Label("Leaving treatment, cumulative incidence by reason", "终止治疗原因的累积发生率"),
        "FAS",
        partial(estimate_incidence, of=LEAVING),
        merge_switches(("ttf.progression", "dates.death"), CURVE),
    ),
)
