"""Every output of the report: number, title, analysis set, the switches it depends on, and who estimates it.

Numbers follow ICH E3, section 14. The footnotes of an output name exactly the switches declared here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from grevy.results.adverse_events import estimate_by_grade, estimate_by_term, estimate_overview
from grevy.results.baseline import estimate_demographics, estimate_disease_history
from grevy.results.cox_models import estimate_cox_models, estimate_proportional_hazards
from grevy.results.curves import estimate_os_curve, estimate_pfs_curve
from grevy.results.exposure import estimate_exposure
from grevy.results.exposure_adjusted import estimate_exposure_adjusted
from grevy.results.frames import AnalysisData
from grevy.results.heart import (
    estimate_blood_pressure,
    estimate_blood_pressure_shift,
    estimate_ejection_fraction,
    estimate_qtc,
)
from grevy.results.issues import list_issues
from grevy.results.labels import Label
from grevy.results.laboratory import (
    estimate_hys_law,
    estimate_laboratory_grades,
    estimate_laboratory_shift,
)
from grevy.results.logistic_models import estimate_logistic_models
from grevy.results.occurrences import (
    CONCOMITANT_DRUGS,
    MEDICAL_HISTORY,
    PRIOR_THERAPIES,
    PROCEDURES,
    estimate_deviations,
    estimate_occurrences,
)
from grevy.results.participants import (
    estimate_analysis_sets,
    estimate_disposition,
    estimate_enrollment_by_center,
    estimate_flow,
)
from grevy.results.questionnaires import estimate_scores
from grevy.results.response import estimate_best_response
from grevy.results.rows import Row
from grevy.results.subgroups import estimate_pfs_forest, estimate_response_forest, estimate_subgroups
from grevy.results.time_to_event import (
    estimate_follow_up,
    estimate_overall_survival,
    estimate_pfs_sensitivity,
    estimate_progression_free_survival,
    estimate_response_times,
)
from grevy.results.tumor_size import estimate_tumor_size, estimate_waterfall


@dataclass(frozen=True)
class Output:
    """A table, figure or listing."""

    id: str
    title: Label
    analysis_set: str
    estimate: Callable[[AnalysisData], Iterator[Row]]
    switches: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """table, figure or listing, by the first letter of the number."""
        return {"T": "table", "F": "figure", "L": "listing"}[self.id[0]]


LESIONS = (
    "recist.ttsm_default_mm",
    "recist.missing_target",
    "recist.reappearance_after_cr",
    "recist.pr_policy",
    "recist.same_date",
    "recist.response_source",
    "recist.evaluator",
)
PROGRESSION = (*LESIONS, "recist.pd_sum_date", "recist.equivocal_date")
BEST_RESPONSE = (
    *LESIONS,
    "recist.sd_min_days",
    "recist.sd_from",
    "recist.confirm_min_days",
    "recist.max_ne_between",
    "recist.accept_sd_between",
    "recist.response_date",
    "recist.new_therapy",
    "dates.new_therapy",
)
CLINICAL_BENEFIT = ("recist.cb_min_days",)
DURATION = ("time.origin", "time.duration", "time.days_per_month")
CURVE = ("confidence.level", "confidence.km", *DURATION)
RATE = ("confidence.level", "confidence.rate")
SURVIVAL = ("os.censoring", "dates.death")
PFS_RULES = (
    "pfs.rule_set",
    "pfs.missed_assessments",
    "pfs.missed_tolerance_days",
    "pfs.new_therapy",
    "pfs.no_baseline",
    "pfs.clinical_progression",
    "dates.death",
    "dates.new_therapy",
)
PFS = (*PFS_RULES, *PROGRESSION, *CURVE)
OS = (*SURVIVAL, *CURVE)
MODELS = (*PFS_RULES, *PROGRESSION, *SURVIVAL, "time.origin", "time.duration", "confidence.level")
EMERGENT = ("te.days_after_last_dose", "te.end_at_new_therapy", "dates.ae_start", "dates.ae_end")
MEASUREMENTS = ("baseline.same_day", "measurement.readings")
GRADES = ("ctcae.version", "ctcae.symptoms", "baseline.same_day", "lab.below_quantification")


def _merge(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for group in groups for key in group))


OUTPUTS = (
    Output("F14.1.1", Label("Flow of participants", "受试者流程图"), "SCREENED", estimate_flow),
    Output("T14.1.1", Label("Disposition", "受试者分布"), "FAS", estimate_disposition),
    Output("T14.1.2", Label("Analysis sets", "分析集"), "SCREENED", estimate_analysis_sets),
    Output(
        "T14.1.3", Label("Enrollment by center", "各中心入组情况"), "SCREENED", estimate_enrollment_by_center
    ),
    Output("T14.1.4", Label("Protocol deviations", "方案偏离"), "ENROLLED", estimate_deviations),
    Output("T14.1.5", Label("Demographics", "人口统计学资料"), "FAS", estimate_demographics),
    Output("T14.1.6", Label("Disease history", "疾病史"), "FAS", estimate_disease_history),
    Output(
        "T14.1.7",
        Label("Prior anti-cancer drug therapy", "既往抗肿瘤药物治疗"),
        "FAS",
        partial(estimate_occurrences, of=PRIOR_THERAPIES),
    ),
    Output(
        "T14.1.8",
        Label("Medical history", "既往病史"),
        "FAS",
        partial(estimate_occurrences, of=MEDICAL_HISTORY),
    ),
    Output(
        "T14.1.9.1",
        Label("Concomitant drugs", "合并用药"),
        "SAFETY",
        partial(estimate_occurrences, of=CONCOMITANT_DRUGS),
        ("te.days_after_last_dose",),
    ),
    Output(
        "T14.1.9.2",
        Label("Procedures during treatment", "治疗期间的操作"),
        "SAFETY",
        partial(estimate_occurrences, of=PROCEDURES),
        ("te.days_after_last_dose",),
    ),
    Output("T14.1.10", Label("Follow-up time", "随访时间"), "FAS", estimate_follow_up, OS),
    Output(
        "T14.2.1",
        Label("Progression-free survival", "无进展生存期"),
        "FAS",
        estimate_progression_free_survival,
        PFS,
    ),
    Output(
        "F14.2.1",
        Label("Progression-free survival, Kaplan-Meier curves", "无进展生存期Kaplan-Meier曲线"),
        "FAS",
        estimate_pfs_curve,
        PFS,
    ),
    Output(
        "T14.2.2",
        Label("Progression-free survival, sensitivity analyses", "无进展生存期敏感性分析"),
        "FAS",
        estimate_pfs_sensitivity,
        PFS,
    ),
    Output(
        "T14.2.3",
        Label("Overall survival", "总生存期"),
        "FAS",
        estimate_overall_survival,
        (*OS, "dates.new_therapy"),
    ),
    Output(
        "F14.2.2",
        Label("Overall survival, Kaplan-Meier curves", "总生存期Kaplan-Meier曲线"),
        "FAS",
        estimate_os_curve,
        OS,
    ),
    Output(
        "T14.2.4",
        Label("Best overall response, response and disease control", "最佳总体疗效、缓解率与疾病控制率"),
        "FAS",
        estimate_best_response,
        (*BEST_RESPONSE, *CLINICAL_BENEFIT, *RATE),
    ),
    Output(
        "T14.2.5",
        Label("Duration of response and time to response", "缓解持续时间与至缓解时间"),
        "FAS",
        estimate_response_times,
        _merge(BEST_RESPONSE, PFS),
    ),
    Output(
        "T14.2.6",
        Label("Tumor size", "肿瘤大小"),
        "FAS",
        estimate_tumor_size,
        _merge(PROGRESSION, ("dates.new_therapy", "time.days_per_month")),
    ),
    Output(
        "F14.2.4",
        Label("Best change of the sum of diameters", "直径总和最佳变化（瀑布图）"),
        "FAS",
        estimate_waterfall,
        _merge(PROGRESSION, BEST_RESPONSE),
    ),
    Output(
        "T14.2.7",
        Label("Subgroups", "亚组分析"),
        "FAS",
        estimate_subgroups,
        _merge(BEST_RESPONSE, RATE, PFS, OS),
    ),
    Output(
        "F14.2.8",
        Label("Progression-free survival by subgroup", "各亚组无进展生存期（森林图）"),
        "FAS",
        estimate_pfs_forest,
        PFS,
    ),
    Output(
        "F14.2.9",
        Label("Objective response by subgroup", "各亚组客观缓解率（森林图）"),
        "FAS",
        estimate_response_forest,
        (*BEST_RESPONSE, *RATE),
    ),
    Output(
        "T14.2.8",
        Label("Cox models of PFS and OS, exploratory", "PFS和OS的Cox模型（探索性）"),
        "FAS",
        estimate_cox_models,
        MODELS,
    ),
    Output(
        "T14.2.9",
        Label(
            "Logistic models of response and disease control, exploratory",
            "客观缓解和疾病控制的Logistic模型（探索性）",
        ),
        "FAS",
        estimate_logistic_models,
        (*BEST_RESPONSE, "confidence.level"),
    ),
    Output(
        "T14.2.10",
        Label("Proportional hazards in the Cox models", "Cox模型的比例风险检验"),
        "FAS",
        estimate_proportional_hazards,
        tuple(key for key in MODELS if key != "confidence.level"),
    ),
    Output(
        "T14.2.12",
        Label("Questionnaire scores by visit", "各访视生活质量问卷评分"),
        "FAS",
        estimate_scores,
        ("baseline.same_day",),
    ),
    Output(
        "T14.3.1.1",
        Label("Treatment-emergent adverse events: overview", "治疗期间出现的不良事件概览"),
        "SAFETY",
        estimate_overview,
        (*EMERGENT, "ae.missing_causality"),
    ),
    Output(
        "T14.3.1.2",
        Label(
            "Treatment-emergent adverse events by class and term",
            "治疗期间出现的不良事件，按系统器官分类和首选术语",
        ),
        "SAFETY",
        estimate_by_term,
        EMERGENT,
    ),
    Output(
        "T14.3.1.3",
        Label("Treatment-emergent adverse events by highest grade", "治疗期间出现的不良事件，按最高级别"),
        "SAFETY",
        estimate_by_grade,
        EMERGENT,
    ),
    Output(
        "T14.3.1.4",
        Label("Treatment-emergent adverse events of grade 3 or higher", "≥3级治疗期间出现的不良事件"),
        "SAFETY",
        partial(estimate_by_term, lowest_grade=3),
        EMERGENT,
    ),
    Output(
        "T14.3.1.5",
        Label("Treatment-emergent adverse events related to study drug", "与研究药物有关的治疗期间不良事件"),
        "SAFETY",
        partial(estimate_by_term, kinds=("RELATED",)),
        (*EMERGENT, "ae.missing_causality"),
    ),
    Output(
        "T14.3.1.6",
        Label("Serious treatment-emergent adverse events", "治疗期间出现的严重不良事件"),
        "SAFETY",
        partial(estimate_by_term, kinds=("SERIOUS",)),
        EMERGENT,
    ),
    Output(
        "T14.3.1.7",
        Label(
            "Adverse events leading to interruption, reduction or discontinuation",
            "导致暂停用药、降低剂量或永久停药的不良事件",
        ),
        "SAFETY",
        partial(estimate_by_term, kinds=("INTERRUPTION", "REDUCTION", "DISCONTINUATION")),
        EMERGENT,
    ),
    Output(
        "T14.3.1.8",
        Label("Adverse events leading to death", "导致死亡的不良事件"),
        "SAFETY",
        partial(estimate_by_term, kinds=("DEATH",)),
        EMERGENT,
    ),
    Output(
        "T14.3.1.10",
        Label("Exposure-adjusted incidence of adverse events", "不良事件的暴露调整发生率"),
        "SAFETY",
        estimate_exposure_adjusted,
        (*EMERGENT, "confidence.level"),
    ),
    Output(
        "T14.3.3",
        Label("Exposure to study drug", "研究药物暴露"),
        "SAFETY",
        estimate_exposure,
        ("exposure.planned", "time.days_per_month"),
    ),
    Output(
        "T14.3.4.2",
        Label(
            "Laboratory: grade at baseline and worst grade on treatment",
            "实验室检查：基线级别与治疗期间最差级别",
        ),
        "SAFETY",
        estimate_laboratory_shift,
        GRADES,
    ),
    Output(
        "T14.3.4.3",
        Label("Liver tests and potential cases of Hy's law", "肝功能与潜在Hy's法则病例"),
        "SAFETY",
        estimate_hys_law,
        ("liver.hys_law_bilirubin",),
    ),
    Output(
        "T14.3.4.4",
        Label("Laboratory: worst grade on treatment by regimen", "实验室检查：各方案治疗期间最差级别"),
        "SAFETY",
        estimate_laboratory_grades,
        GRADES,
    ),
    Output(
        "T14.3.5.1",
        Label("Blood pressure on treatment", "治疗期间血压"),
        "SAFETY",
        estimate_blood_pressure,
        MEASUREMENTS,
    ),
    Output(
        "T14.3.5.2",
        Label("Blood pressure: grade at baseline and worst on treatment", "血压：基线级别与治疗期间最差级别"),
        "SAFETY",
        estimate_blood_pressure_shift,
        GRADES,
    ),
    Output(
        "T14.3.5.3",
        Label("QTc interval on treatment", "治疗期间QTc间期"),
        "SAFETY",
        estimate_qtc,
        MEASUREMENTS,
    ),
    Output(
        "T14.3.5.4",
        Label("Left ventricular ejection fraction on treatment", "治疗期间左室射血分数"),
        "SAFETY",
        estimate_ejection_fraction,
        MEASUREMENTS,
    ),
    Output(
        "L-issues",
        Label("Data issues", "数据问题"),
        "SCREENED",
        list_issues,
        ("recist.same_date", "recist.response_source", "dates.ae_start", "dates.death"),
    ),
)
