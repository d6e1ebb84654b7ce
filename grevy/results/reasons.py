"""The words for an estimate that could not be made, printed in its place."""

from grevy.results.labels import Label
from grevy.stats.no_estimate import NoEstimate, Reason

REASONS = {
    Reason.EMPTY: Label("No data.", "无数据。"),
    Reason.ONE_GROUP: Label("Fewer than two groups have subjects.", "有受试者的组少于两个。"),
    Reason.NO_EVENT: Label("No event.", "无事件。"),
    Reason.TOO_FEW_EVENTS: Label("Too few events.", "事件数过少。"),
    Reason.PAST_FOLLOW_UP: Label("No subject was followed as long as this.", "无受试者随访至该时间点。"),
    Reason.NO_VARIATION: Label("All values are alike.", "所有值相同。"),
    Reason.COLLINEAR: Label(
        "A covariate is constant or a combination of others.", "某协变量为常数或为其他协变量的线性组合。"
    ),
    Reason.SEPARATED: Label(
        "Separated: a covariate tells the outcome without exception; the estimate would be infinite.",
        "完全分离：某协变量可完全预测结局，估计值为无穷大。",
    ),
    Reason.NOT_CONVERGED: Label("The computation did not converge.", "计算未收敛。"),
    Reason.TOO_LARGE: Label("Too large for an exact computation.", "规模过大，无法精确计算。"),
}


def describe_no_estimate(found: NoEstimate) -> Label:
    """The reason in both languages."""
    return REASONS[found.reason]
