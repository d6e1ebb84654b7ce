"""Outputs X: what a study of ordinary practice adds to ICH E3, and exploration."""

from grevy.results.checklists import (
    estimate_grow,
    estimate_record,
    estimate_strobe,
    estimate_tripod_ai,
)
from grevy.results.imputed_models import (
    estimate_imputed_cox_models,
    estimate_imputed_logistic_models,
)
from grevy.results.labels import Label
from grevy.results.landmark_models import estimate_landmark_models
from grevy.results.missed_assessments import estimate_missed_assessments
from grevy.results.missing_data import estimate_missing_data
from grevy.results.outputs.declared import (
    BEST_RESPONSE,
    EMERGENT,
    MODELS,
    OS,
    PFS,
    PROGRESSION,
    Output,
    merge_switches,
)
from grevy.results.patterns_of_use import estimate_flow_of_therapy, estimate_patterns_of_use
from grevy.results.prognostic_models import (
    estimate_calibration,
    estimate_decision_curves,
    estimate_performance,
    estimate_prognostic_models,
)
from grevy.results.regimen_balance import estimate_balance, estimate_love_plot, estimate_overlap
from grevy.results.site_variation import estimate_site_variation
from grevy.results.weighted_outcomes import estimate_weighted_outcomes

IMPUTATION = ("imputation.copies", "imputation.seed")
PREDICTION = (
    *("prediction.penalty", "prediction.repeats", "prediction.seed"),
    *(key for key in (*MODELS, *EMERGENT) if key != "confidence.level"),
)
WEIGHTS = ("comparison.weights", "comparison.truncation")

REAL_WORLD = (
    Output(
        "TX1",
        Label("Choice of the regimen and patterns of use", "治疗方案的选择与使用模式"),
        "FAS",
        estimate_patterns_of_use,
        merge_switches(PROGRESSION, ("dates.new_therapy",)),
    ),
    Output(
        "FX1",
        Label("Flow of therapy", "治疗流向"),
        "FAS",
        estimate_flow_of_therapy,
        ("dates.new_therapy",),
    ),
    Output(
        "TX2",
        Label("Planned tumor assessments: done, late, missed", "计划肿瘤评估：完成、延迟与缺失"),
        "FAS",
        estimate_missed_assessments,
        merge_switches(PROGRESSION, ("dates.new_therapy", "dates.death")),
    ),
    Output(
        "TX3",
        Label("Variation between centers", "中心间变异"),
        "FAS",
        estimate_site_variation,
        MODELS,
    ),
    Output(
        "TX4",
        Label(
            "Response, toxicity and later combination as predictors of PFS and OS",
            "缓解、毒性及后续联合用药与PFS和OS的关系",
        ),
        "FAS",
        estimate_landmark_models,
        merge_switches(MODELS, ("recist.response_date",), EMERGENT),
    ),
    Output(
        "TX5",
        Label("Missing data", "缺失数据"),
        "FAS",
        estimate_missing_data,
    ),
    Output(
        "TX6.1",
        Label("Balance of the regimens before and after weighting", "加权前后两种治疗方案的均衡性"),
        "FAS",
        estimate_balance,
        WEIGHTS,
    ),
    Output(
        "FX6.1",
        Label("Standardized differences between the regimens", "两种治疗方案的标准化差异"),
        "FAS",
        estimate_love_plot,
        WEIGHTS,
    ),
    Output(
        "FX6.2",
        Label("Overlap of the propensity scores", "倾向性评分的重叠"),
        "FAS",
        estimate_overlap,
        WEIGHTS,
    ),
    Output(
        "TX6.2",
        Label("PFS and OS by regimen, weighted, exploratory", "按治疗方案加权的PFS和OS（探索性）"),
        "FAS",
        estimate_weighted_outcomes,
        merge_switches(WEIGHTS, PFS, OS),
    ),
    Output(
        "TX7.1",
        Label("Cox models of PFS and OS with imputed covariates", "协变量插补后的PFS和OS Cox模型"),
        "FAS",
        estimate_imputed_cox_models,
        merge_switches(IMPUTATION, MODELS),
    ),
    Output(
        "TX7.2",
        Label(
            "Logistic models of response and disease control with imputed covariates",
            "协变量插补后的客观缓解和疾病控制Logistic模型",
        ),
        "FAS",
        estimate_imputed_logistic_models,
        merge_switches(IMPUTATION, BEST_RESPONSE, ("confidence.level",)),
    ),
    Output(
        "TX8.1",
        Label(
            "Prognostic models of PFS, OS and severe adverse events", "PFS、OS及严重级别不良事件的预后模型"
        ),
        "FAS",
        estimate_prognostic_models,
        PREDICTION,
    ),
    Output(
        "TX8.2",
        Label("Performance of the prognostic models", "预后模型的性能"),
        "FAS",
        estimate_performance,
        PREDICTION,
    ),
    Output(
        "FX8.1",
        Label("Calibration of the prognostic models", "预后模型的校准"),
        "FAS",
        estimate_calibration,
        PREDICTION,
    ),
    Output(
        "FX8.2",
        Label("Decision curves of the prognostic models", "预后模型的决策曲线"),
        "FAS",
        estimate_decision_curves,
        PREDICTION,
    ),
    Output("TX9.1", Label("STROBE checklist", "STROBE清单"), "FAS", estimate_strobe),
    Output("TX9.2", Label("RECORD checklist", "RECORD清单"), "FAS", estimate_record),
    Output("TX9.3", Label("ESMO-GROW, by section", "ESMO-GROW（按章节）"), "FAS", estimate_grow),
    Output("TX9.4", Label("TRIPOD+AI checklist", "TRIPOD+AI清单"), "FAS", estimate_tripod_ai),
)
