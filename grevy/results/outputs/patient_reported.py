"""Section 14.2 of ICH E3: what patients report, and their adherence."""

from functools import partial

from grevy.results.adherence import estimate_adherence
from grevy.results.changes_of_scores import estimate_mean_changes, estimate_models
from grevy.results.compliance import estimate_compliance
from grevy.results.cumulative_incidence import LEAVING, estimate_incidence
from grevy.results.deterioration import estimate_deterioration, estimate_deterioration_curves
from grevy.results.labels import Label
from grevy.results.outputs.declared import CURVE, DETERIORATION, SCORES, Output, merge_switches
from grevy.results.questionnaires import estimate_scores
from grevy.results.tumor_markers import estimate_markers

PATIENT_REPORTED = (
    Output(
        "T14.2.11",
        Label("Questionnaires received and expected", "问卷回收情况"),
        "FAS",
        estimate_compliance,
        ("dates.death",),
    ),
    Output(
        "T14.2.12.1",
        Label("Questionnaire scores by visit", "各访视生活质量问卷评分"),
        "FAS",
        estimate_scores,
        (*SCORES, "pro.deterioration_points", "confidence.level"),
    ),
    Output(
        "T14.2.12.2",
        Label("Change of questionnaire scores, mixed model", "问卷评分的变化，混合模型"),
        "FAS",
        estimate_models,
        (*SCORES, "pro.deterioration_points", "confidence.level"),
    ),
    Output(
        "F14.2.10",
        Label("Mean change of the primary questionnaire scores", "主要问卷评分的平均变化"),
        "FAS",
        estimate_mean_changes,
        (*SCORES, "pro.deterioration_points", "confidence.level"),
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
    Output(
        "T14.2.14",
        Label("Adherence", "用药依从性"),
        "FAS",
        estimate_adherence,
    ),
    Output(
        "T14.2.15",
        Label("Biochemical response: tumor markers", "生化缓解：肿瘤标志物"),
        "FAS",
        estimate_markers,
        ("baseline.same_day", "lab.below_quantification", "te.days_after_last_dose"),
    ),
)
