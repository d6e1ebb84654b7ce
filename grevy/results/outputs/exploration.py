"""Section 14.2 of ICH E3, exploratory: models of the outcomes."""

from grevy.results.cox_models import estimate_cox_models, estimate_proportional_hazards
from grevy.results.labels import Label
from grevy.results.logistic_models import estimate_logistic_models
from grevy.results.outputs.declared import BEST_RESPONSE, MODELS, Output

EXPLORATION = (
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
)
