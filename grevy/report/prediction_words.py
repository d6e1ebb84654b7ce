"""What the page says around a prediction for chosen baseline values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grevy.report.words import Words
from grevy.results.baseline import DEMOGRAPHICS, DISEASE_HISTORY

PREDICT = {
    "title": Words("Prediction for chosen baseline values", "按所选基线值预测"),
    "caution": Words(
        "The start of an individualized pathway, not advice: not validated elsewhere, not for decisions "
        "about a patient. A regimen is entered as what was chosen; comparing regimens here says nothing of "
        "their effect.",
        "仅为个体化路径的起点，不构成医疗建议：未经外部验证，不得用于患者的诊疗决策。方案按实际选择录入；在此比较方案不能说明其疗效。",
    ),
    "limits": Words(
        "From the penalized models of this report, for subjects like those of the study; numbers within the "
        "range of the data only. Intervals are of the model by bootstrap samples, not of one person's "
        "course.",
        "采用本报告的惩罚模型，适用于与本研究相似的受试者；数值须在数据范围之内。区间为自助样本所示的模型不确定性，并非个人病程的范围。",
    ),
    "incomplete": Words("Choose a value of each line to see a prediction.", "请为每一项选择取值以查看预测。"),
    "outside": Words(
        "No prediction: a value lies outside the data of the models, where they know nothing.",
        "不作预测：有取值超出模型数据的范围，模型对此一无所知。",
    ),
    "caption": Words(
        "Predicted probability (95% interval): of being free of the event; of an adverse event: of having it",
        "预测概率（95%区间）：无事件的概率；不良事件为发生的概率",
    ),
    "outcome": Words("Outcome (subjects, events)", "结局（例数，事件数）"),
    "month6": Words("6 months", "6个月"),
    "month12": Words("12 months", "12个月"),
    "month24": Words("24 months", "24个月"),
    "curves": Words(
        "Predicted curves of PFS and OS over 24 months, with intervals", "24个月内PFS和OS的预测曲线及区间"
    ),
    "months": Words("Months from the first dose", "首次给药后月数"),
    "free": Words("Free of the event (%)", "无事件（%）"),
    "performance": Words("Table X8.2, performance", "表X8.2 模型性能"),
    "models": Words("Table X8.1, the models", "表X8.1 模型"),
    "quality": Words("How well the models do, and what they are:", "模型的性能与内容："),
}
NUMBERS = {item.variable: item.label for item in (*DEMOGRAPHICS, *DISEASE_HISTORY)}


def name_number(term: Mapping[str, Any]) -> Words:
    """A number with its own unit, not per so many of them."""
    label = NUMBERS.get(term["id"])
    return Words(label.en, label.zh) if label else Words(*term["label"])
