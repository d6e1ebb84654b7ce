"""TX8.1, TX8.2, FX8.1 and FX8.2: prognostic models, what they are worth, and whether they hold."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from grevy.results.covariates import list_terms
from grevy.results.format import format_fixed, format_ratio
from grevy.results.frames import AnalysisData, Column, Records
from grevy.results.labels import Label
from grevy.results.models import name_level
from grevy.results.prognosis import HORIZONS, QUARTERS, Judged, Prognosis, fit_prognoses
from grevy.results.reasons import REASONS
from grevy.results.rows import Line, Row, absent_row, count_row, number_row
from grevy.stats.arrays import FloatArray, IntArray
from grevy.stats.calibration import group_by_risk
from grevy.stats.no_estimate import Reason
from grevy.stats.penalized import CoxRows
from grevy.stats.prediction import compute_net_benefit

MOST_POINTS = 100
DECISION_MONTH = 12
THRESHOLDS = tuple(share / 100 for share in range(5, 100, 5))

COEFFICIENT = Column("COEFFICIENT", Label("Coefficient, penalized", "系数（惩罚后）"))
RATIO = Column("RATIO", Label("HR or OR, penalized", "HR或OR（惩罚后）"))
POINTS = Column("POINTS", Label("Points, at most 100", "分值，最高100"))
NO_REPEATS = Label("No bootstrap repeats are set.", "未设定自助法重复。")
ONE_CENTER = Label(
    "No two subjects of one of several centers can be compared.", "多中心内无可比较的受试者对。"
)


def count_days(data: AnalysisData, month: int) -> float:
    """Days of so many months."""
    return float(month * data.conventions.days_per_month)


def _list_days(data: AnalysisData) -> FloatArray:
    return np.array([count_days(data, month) for month in HORIZONS])


# --- TX8.1 --------------------------------------------------------------------------------------------------


def estimate_prognostic_models(data: AnalysisData) -> Iterator[Row]:
    """TX8.1: the model of each outcome, its coefficients as ratios and as points, and what it starts from."""
    for name, found in fit_prognoses(data).items():
        if isinstance(found, Label):
            yield absent_row(Line(name, found, "none", parameter=name), COEFFICIENT, found)
            continue
        yield from _list_coefficients(data, found)
        yield from _list_start(data, found)


def _list_coefficients(data: AnalysisData, found: Prognosis) -> Iterator[Row]:
    """Points: the largest effect between the ends of a covariate's range is 100 (a nomogram in numbers)."""
    beta = found.fits.coefficients[0, found.free :]
    reach = np.abs(beta) * np.ptp(found.x, axis=0)
    most = float(reach.max()) or 1.0
    places = {
        (term.variable, level.id): place
        for place, (term, level) in enumerate(zip(found.terms, found.columns, strict=True))
    }
    for term in list_terms(data, data.in_set("FAS")):
        for level in term.levels:
            label = term.label if term.is_number else name_level(level)
            line = Line(
                f"{found.id}|{term.variable}|{level.id}",
                _join(found.label, label) if term.is_number else label,
                "coefficient", group=_join(found.label, term.label), parameter=found.id,
                method="logistic, penalized" if found.is_answer else "Cox, Breslow, penalized",
                group_1=term.variable, group_1_value=level.id,
            )  # fmt: skip
            if level.values is None:
                yield number_row(replace(line, operation="reference"), COEFFICIENT, 0, "0")
                continue
            place = places.get((term.variable, level.id))
            if place is None:
                continue
            value = float(beta[place])
            yield number_row(line, COEFFICIENT, value, format_fixed(value, 3), found.records)
            ratio = replace(line, operation="ratio")
            yield number_row(ratio, RATIO, np.exp(value), format_ratio(float(np.exp(value))), found.records)
            points = MOST_POINTS * float(reach[place]) / most * (1 if value >= 0 else -1)
            yield number_row(
                replace(line, operation="points"), POINTS, points, format_fixed(points, 0), found.records
            )


def _join(outcome: Label, label: Label) -> Label:
    return Label(f"{outcome.en}: {label.en}", f"{outcome.zh}：{label.zh}")


def _list_start(data: AnalysisData, found: Prognosis) -> Iterator[Row]:
    """Of a subject with average covariates: the chance to be free of the event, or to have it."""
    group = _join(found.label, Label("Average covariates", "协变量取均值"))
    if not isinstance(found.rows, CoxRows):
        chance = 100 / (1 + np.exp(-float(found.fits.coefficients[0, 0])))
        line = Line(f"{found.id}|AVERAGE", Label("Probability, %", "概率，%"), "rate", group=group)
        yield number_row(line, COEFFICIENT, chance, format_fixed(chance, 1), found.records)
        return
    hazards = found.hazards_by(_list_days(data))[0]
    for month, hazard in zip(HORIZONS, hazards, strict=True):
        label = Label(f"Free of the event at {month} months, %", f"{month}个月无事件，%")
        line = Line(f"{found.id}|AVERAGE|{month}", label, "rate", group=group, time=float(month))
        if not found.is_followed(count_days(data, month)):
            yield absent_row(line, COEFFICIENT, REASONS[Reason.PAST_FOLLOW_UP], records=found.records)
            continue
        free = 100 * float(np.exp(-hazard))
        yield number_row(line, COEFFICIENT, free, format_fixed(free, 1), found.records)


# --- TX8.2 --------------------------------------------------------------------------------------------------


def estimate_performance(data: AnalysisData) -> Iterator[Row]:
    """TX8.2: discrimination, calibration and error as they look, and as they would be in new subjects."""
    for name, found in fit_prognoses(data).items():
        if isinstance(found, Label):
            column = Column(name, Label(name, name))
            yield absent_row(Line("N", Label("Subjects used", "纳入的受试者"), "count"), column, found)
            continue
        column = Column(name, found.label)
        yield from _describe_model(data, found, column)
        yield from _estimate_discrimination(data, found, column)
        yield from _estimate_error(data, found, column)


def _describe_model(data: AnalysisData, found: Prognosis, column: Column) -> Iterator[Row]:
    line = Line("N", Label("Subjects used", "纳入的受试者"), "count")
    yield count_row(data, line, column, found.records, None)
    line = Line("EVENTS", Label("Events", "事件数"), "count")
    yield count_row(data, line, column, found.event_records, None)
    bearing = min(int(found.event.sum()), int((~found.event).sum()) if found.is_answer else len(found.event))
    parameters = found.x.shape[1]
    yield from _count_left_out(data, found, column)
    line = Line("PER_PARAMETER", Label("Events per candidate parameter", "每个候选参数的事件数"), "mean")
    share = bearing / parameters
    yield number_row(line, column, share, format_fixed(share, 1), found.event_records)
    line = Line("STRENGTH", Label("Strength of the penalty", "惩罚强度"), "number")
    strength = float(found.fits.strength[0])
    yield number_row(line, column, strength, f"{strength:g}", found.records)
    line = Line("DF", Label("Parameters the model is worth", "模型有效参数个数"), "number")
    df = float(found.fits.df[0]) - found.free
    yield number_row(line, column, df, format_fixed(df, 1), found.records)
    line = Line("REPEATS", Label("Bootstrap repeats", "自助法重复次数"), "number")
    yield number_row(line, column, found.repeats, str(found.repeats))


def _count_left_out(data: AnalysisData, found: Prognosis, column: Column) -> Iterator[Row]:
    """Whom the complete cases leave out, and for which covariate; one may lack several."""
    line = Line("LEFT_OUT", Label("Left out: a covariate is unknown", "未纳入：协变量未知"), "count")
    yield count_row(data, line, column, Records(found.dataset, np.sort(found.left_out)), None)
    for term, position in found.unknown:
        line = Line(f"LEFT_OUT|{term.variable}", term.label, "count", indent=1)
        yield count_row(data, line, column, Records(found.dataset, np.sort(position)), None)


def _corrected_rows(
    name: str,
    words: Label,
    found: Prognosis,
    column: Column,
    values: Judged | None,
    missing: Reason = Reason.PAST_FOLLOW_UP,
) -> Iterator[Row]:
    """As it looks, the optimism, and what is left of it; or why it is `missing`."""
    line = Line(f"{name}|APPARENT", _join(words, Label("apparent", "表观")), name)
    if values is None or np.isnan(values[0][0]):
        yield absent_row(line, column, REASONS[missing], records=found.records)
        return
    apparent, on_original = values
    yield number_row(line, column, apparent[0], format_fixed(float(apparent[0]), 3), found.records)
    labels = (Label("optimism", "乐观度"), Label("corrected", "校正后"))
    corrected = found.correct(apparent, on_original) if found.repeats else None
    for place, (part, label) in enumerate(zip(("OPTIMISM", "CORRECTED"), labels, strict=True)):
        line = Line(f"{name}|{part}", _join(words, label), name, method="bootstrap of the whole procedure")
        if corrected is None:
            yield absent_row(line, column, NO_REPEATS, records=found.records)
        else:
            yield number_row(line, column, corrected[place], format_fixed(corrected[place], 3), found.records)


def _estimate_discrimination(data: AnalysisData, found: Prognosis, column: Column) -> Iterator[Row]:
    in_sample, in_data = found.discriminate(_list_days(data))
    words = Label("Harrell's C", "Harrell C")
    harrell = in_sample[:, 0], in_data[:, 0]
    yield from _corrected_rows("C", words, found, column, harrell, Reason.NO_VARIATION)
    label = Label("C in each center by the model of the others", "各中心以其余中心模型预测的C")
    line = Line("C|ELSEWHERE", label, "C", method="internal-external")
    value = found.concordance_elsewhere if found.site.max() else np.nan
    if np.isnan(value):
        yield absent_row(line, column, ONE_CENTER, records=found.records)
    else:
        yield number_row(line, column, value, format_fixed(value, 3), found.records)
    if not found.is_answer:
        yield from _estimate_discrimination_by(data, found, column, (in_sample[:, 1:], in_data[:, 1:]))
    slope = Label("Calibration slope", "校准斜率")
    yield from _corrected_rows("SLOPE", slope, found, column, found.slope, Reason.NO_VARIATION)


def _estimate_discrimination_by(
    data: AnalysisData, found: Prognosis, column: Column, values: Judged
) -> Iterator[Row]:
    """Uno's C up to the last horizon and the area under the curve at each, as far as anybody is followed."""
    last = HORIZONS[-1]
    asked = [("UNO", last, Label(f"Uno's C up to {last} months", f"{last}个月内的Uno C"))]
    for month in HORIZONS:
        asked.append((f"AUC{month}", month, Label(f"AUC at {month} months", f"{month}个月AUC")))
    for place, (name, month, words) in enumerate(asked):
        is_followed = found.is_followed(count_days(data, month))
        one = (values[0][:, place], values[1][:, place]) if is_followed else None
        reason = Reason.NO_VARIATION if is_followed else Reason.PAST_FOLLOW_UP
        yield from _corrected_rows(name, words, found, column, one, reason)


def _estimate_error(data: AnalysisData, found: Prognosis, column: Column) -> Iterator[Row]:
    if found.is_answer:
        yield from _corrected_rows(
            "BRIER", Label("Brier score", "Brier评分"), found, column, found.score(0.0)
        )
        return
    for month in HORIZONS:
        days = count_days(data, month)
        words = Label(f"Brier score at {month} months", f"{month}个月Brier评分")
        score = found.score(days) if found.is_followed(days) else None
        yield from _corrected_rows(f"BRIER{month}", words, found, column, score)
    words = Label(f"Integrated Brier score up to {month} months", f"{month}个月内的积分Brier评分")
    score = found.score_until(days) if found.is_followed(days) else None
    yield from _corrected_rows("IBS", words, found, column, score)


# --- FX8.1 --------------------------------------------------------------------------------------------------

SIZE = Column("N", Label("Subjects", "受试者例数"))
PREDICTED = Column("PREDICTED", Label("Predicted risk, %", "预测风险，%"))
OBSERVED = Column("OBSERVED", Label("Observed risk, %", "观察风险，%"))
CORRECTED = Column(
    "CORRECTED", Label("Observed risk, corrected for optimism, %", "校正乐观度后的观察风险，%")
)


def estimate_calibration(data: AnalysisData) -> Iterator[Row]:
    """FX8.1: predicted and observed risk in quarters of the predicted, as it looks and less the optimism."""
    for found in fit_prognoses(data).values():
        if isinstance(found, Label):
            continue
        in_sample, in_data = found.calibrate(_list_days(data))
        quarter = group_by_risk(found.predictor[:1], found.weight[:1], QUARTERS)[0]
        seen = in_sample.observed[0]
        optimism = _average_optimism(in_sample.error[1:] - in_data.error[1:]) if found.repeats else None
        for place, month in enumerate((None,) if found.is_answer else HORIZONS):
            corrected = None if optimism is None else seen[:, place] - optimism[:, place]
            values = in_sample.predicted[0, :, place], seen[:, place], corrected
            yield from _list_quarters(found, month, quarter, values)


def _average_optimism(difference: FloatArray) -> FloatArray:
    """Mean over the samples in which the quarter is followed that long; NaN where it is in none."""
    is_known = ~np.isnan(difference)
    total, known = np.where(is_known, difference, 0.0).sum(axis=0), is_known.sum(axis=0)
    return np.divide(total, known, out=np.full(total.shape, np.nan), where=known > 0)


def _name_panel(found: Prognosis, month: int | None) -> Label:
    if month is None:
        return found.label
    return Label(f"{found.label.en} at {month} months", f"{month}个月{found.label.zh}")


def _list_quarters(
    found: Prognosis,
    month: int | None,
    quarter: IntArray,
    values: tuple[FloatArray, FloatArray, FloatArray | None],
) -> Iterator[Row]:
    predicted, observed, corrected = values
    for number in range(QUARTERS):
        inside = quarter == number
        if not inside.any():
            continue
        records = Records(found.dataset, np.sort(found.position[inside]))
        label = Label(f"Quarter {number + 1}", f"第{number + 1}四分位组")
        line = Line(
            f"{found.id}|{month or 'ANY'}|{number + 1}", label, "count", group=_name_panel(found, month),
            parameter=found.id, group_1=f"{found.id}|{month or 'ANY'}", time=None if month is None else month,
        )  # fmt: skip
        yield number_row(line, SIZE, int(inside.sum()), str(int(inside.sum())), records)
        yield _percent_row(replace(line, operation="mean"), PREDICTED, predicted[number], records)
        rate = replace(line, operation="rate", method=None if month is None else "Kaplan-Meier")
        yield _percent_row(rate, OBSERVED, observed[number], records)
        rate = replace(line, operation="rate", method="bootstrap of the whole procedure")
        if corrected is None:
            yield absent_row(rate, CORRECTED, NO_REPEATS, records=records)
        else:
            yield _percent_row(rate, CORRECTED, corrected[number], records)


def _percent_row(line: Line, column: Column, share: float, records: Records) -> Row:
    if np.isnan(share):
        return absent_row(line, column, REASONS[Reason.PAST_FOLLOW_UP], records=records)
    return number_row(line, column, 100 * float(share), format_fixed(100 * float(share), 1), records)


# --- FX8.2 --------------------------------------------------------------------------------------------------

MODEL = Column("MODEL", Label("By the model", "按模型"))
ALL = Column("ALL", Label("Everybody", "全部干预"))
NONE = Column("NONE", Label("Nobody", "均不干预"))


def estimate_decision_curves(data: AnalysisData) -> Iterator[Row]:
    """FX8.2: net benefit of acting on predicted risks, on everybody and on nobody, by the threshold."""
    for found in fit_prognoses(data).values():
        if isinstance(found, Label):
            continue
        month = None if found.is_answer else DECISION_MONTH
        days = 0.0 if month is None else count_days(data, month)
        predicted = found.risk_by(days)[0]
        time = np.where(found.event, 0.0, 1.0) if found.is_answer else found.time
        for threshold in THRESHOLDS:
            shown = f"{100 * threshold:.0f}%"
            line = Line(
                f"{found.id}|{100 * threshold:02.0f}",
                Label(shown, shown),
                "net benefit", group=_name_panel(found, month), parameter=found.id, time=threshold,
                group_1=found.id, method="Vickers and Elkin 2006",
            )  # fmt: skip
            everybody = np.ones_like(predicted)
            for column, risk in ((MODEL, predicted), (ALL, everybody)):
                value = compute_net_benefit(risk, time, found.event, days, threshold)
                if np.isnan(value):
                    reason = REASONS[Reason.PAST_FOLLOW_UP]
                    yield absent_row(line, column, reason, records=found.records)
                else:
                    yield number_row(line, column, value, format_fixed(value, 3), found.records)
            yield number_row(line, NONE, 0.0, "0.000", found.records)
