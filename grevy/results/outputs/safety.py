"""Section 14.3 of ICH E3: exposure, adverse events, laboratory, heart and vital signs."""

from functools import partial

from grevy.results.adverse_events import estimate_by_grade, estimate_by_term, estimate_overview
from grevy.results.by_visit import (
    HEART,
    INTERVALS,
    VITAL_SIGNS,
    estimate_by_visit,
    estimate_laboratory_by_visit,
)
from grevy.results.cumulative_incidence import SEVERE_HYPERTENSION, estimate_incidence
from grevy.results.deaths_and_serious import list_deaths, list_narratives, list_serious
from grevy.results.dose_figure import estimate_dose_course
from grevy.results.event_figures import estimate_butterfly, estimate_dots
from grevy.results.exposure import estimate_exposure
from grevy.results.exposure_adjusted import estimate_exposure_adjusted
from grevy.results.heart import (
    estimate_blood_pressure,
    estimate_blood_pressure_shift,
    estimate_ejection_fraction,
    estimate_qtc,
    estimate_worst_changes,
)
from grevy.results.labels import Label
from grevy.results.laboratory import estimate_hys_law, estimate_laboratory_grades, estimate_laboratory_shift
from grevy.results.laboratory_figure import estimate_laboratory_course
from grevy.results.liver_figure import estimate_edish
from grevy.results.outputs.declared import (
    CURVE,
    EMERGENT,
    GRADES,
    MEASUREMENTS,
    ON_TREATMENT,
    Output,
    merge_switches,
)
from grevy.results.performance import estimate_performance
from grevy.results.special_interest import estimate_special_interest

SAFETY = (
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
        "T14.3.1.9",
        Label("Adverse events of special interest", "特别关注的不良事件"),
        "SAFETY",
        estimate_special_interest,
        (*EMERGENT, "ae.missing_causality", "confidence.level", "confidence.km", "time.days_per_month"),
    ),
    Output(
        "T14.3.1.10",
        Label("Exposure-adjusted incidence of adverse events", "不良事件的暴露调整发生率"),
        "SAFETY",
        estimate_exposure_adjusted,
        (*EMERGENT, "confidence.level"),
    ),
    Output(
        "F14.3.1",
        Label("Frequent adverse events by highest grade", "常见不良事件，按最高级别"),
        "SAFETY",
        estimate_butterfly,
        EMERGENT,
    ),
    Output(
        "F14.3.2",
        Label("Frequent adverse events and their onset", "常见不良事件及其发生时间"),
        "SAFETY",
        estimate_dots,
        EMERGENT,
    ),
    Output("L14.3.2.1", Label("Deaths", "死亡"), "SAFETY", list_deaths, ("dates.death",)),
    Output("L14.3.2.2", Label("Serious adverse events", "严重不良事件"), "SAFETY", list_serious, EMERGENT),
    Output(
        "L14.3.2.3",
        Label(
            "Narratives of serious adverse events and of deaths on treatment",
            "严重不良事件及治疗期间死亡的病例叙述",
        ),
        "SAFETY",
        list_narratives,
        ("te.days_after_last_dose", "te.end_at_new_therapy", "dates.death"),
    ),
    Output(
        "T14.3.3",
        Label("Exposure to study drug", "研究药物暴露"),
        "SAFETY",
        estimate_exposure,
        ("exposure.planned", "time.days_per_month"),
    ),
    Output(
        "F14.3.5",
        Label("Dose of study drug over time", "研究药物剂量随时间变化"),
        "SAFETY",
        estimate_dose_course,
    ),
    Output(
        "T14.3.4.1",
        Label("Laboratory values by visit", "各访视实验室检查值"),
        "SAFETY",
        estimate_laboratory_by_visit,
        ("baseline.same_day", "lab.below_quantification"),
    ),
    Output(
        "T14.3.4.2",
        Label(
            "Laboratory: grade at baseline and worst grade on treatment",
            "实验室检查：基线级别与治疗期间最差级别",
        ),
        "SAFETY",
        estimate_laboratory_shift,
        (*GRADES, *ON_TREATMENT),
    ),
    Output(
        "T14.3.4.3",
        Label("Liver tests and potential cases of Hy's law", "肝功能与潜在Hy's法则病例"),
        "SAFETY",
        estimate_hys_law,
        ("liver.hys_law_bilirubin", *ON_TREATMENT),
    ),
    Output(
        "T14.3.4.4",
        Label("Laboratory: worst grade on treatment by regimen", "实验室检查：各方案治疗期间最差级别"),
        "SAFETY",
        estimate_laboratory_grades,
        (*GRADES, *ON_TREATMENT),
    ),
    Output(
        "F14.3.3",
        Label(
            "Peak aminotransferases and bilirubin of each subject (eDISH)",
            "各受试者转氨酶与胆红素峰值（eDISH）",
        ),
        "SAFETY",
        estimate_edish,
        ("liver.hys_law_bilirubin", *ON_TREATMENT),
    ),
    Output(
        "F14.3.4",
        Label("Laboratory values over the visits", "实验室检查值随访视变化"),
        "SAFETY",
        estimate_laboratory_course,
        ("baseline.same_day", "lab.below_quantification"),
    ),
    Output(
        "T14.3.5.1",
        Label("Blood pressure on treatment", "治疗期间血压"),
        "SAFETY",
        estimate_blood_pressure,
        (*MEASUREMENTS, *ON_TREATMENT),
    ),
    Output(
        "T14.3.5.2",
        Label("Blood pressure: grade at baseline and worst on treatment", "血压：基线级别与治疗期间最差级别"),
        "SAFETY",
        estimate_blood_pressure_shift,
        (*GRADES, *ON_TREATMENT),
    ),
    Output(
        "T14.3.5.3",
        Label("QTc interval on treatment", "治疗期间QTc间期"),
        "SAFETY",
        estimate_qtc,
        (*MEASUREMENTS, *ON_TREATMENT),
    ),
    Output(
        "T14.3.5.4",
        Label("Left ventricular ejection fraction on treatment", "治疗期间左室射血分数"),
        "SAFETY",
        estimate_ejection_fraction,
        (*MEASUREMENTS, *ON_TREATMENT),
    ),
    Output(
        "T14.3.5.5",
        Label("Vital signs by visit", "各访视生命体征"),
        "SAFETY",
        partial(estimate_by_visit, dataset="ADVS", parameters=VITAL_SIGNS),
        MEASUREMENTS,
    ),
    Output(
        "T14.3.5.6",
        Label("Electrocardiogram by visit", "各访视心电图"),
        "SAFETY",
        partial(estimate_by_visit, dataset="ADEG", parameters=INTERVALS),
        MEASUREMENTS,
    ),
    Output(
        "T14.3.5.7",
        Label("Left ventricular ejection fraction by visit", "各访视左室射血分数"),
        "SAFETY",
        partial(estimate_by_visit, dataset="ADCV", parameters=HEART),
        MEASUREMENTS,
    ),
    Output(
        "T14.3.5.8",
        Label(
            "ECOG performance status by visit and worst on treatment", "各访视及治疗期间最差ECOG体力状况评分"
        ),
        "SAFETY",
        estimate_performance,
        ("baseline.same_day", *ON_TREATMENT),
    ),
    Output(
        "T14.3.5.9",
        Label("Vital signs: worst change on treatment", "生命体征：治疗期间最大变化"),
        "SAFETY",
        estimate_worst_changes,
        (*MEASUREMENTS, *ON_TREATMENT),
    ),
    Output(
        "F14.3.6",
        Label("First hypertension of grade 3 or higher, cumulative incidence", "首次≥3级高血压的累积发生率"),
        "SAFETY",
        partial(estimate_incidence, of=SEVERE_HYPERTENSION),
        merge_switches(EMERGENT, ("dates.death",), CURVE),
    ),
)
