"""TX6.2: PFS and OS by regimen, as they are and weighted by the propensity score, without any test."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from grevy.results.cox_models import ENDPOINTS
from grevy.results.format import format_fixed, format_ratio
from grevy.results.frames import AnalysisData, Column, Mask
from grevy.results.labels import Label
from grevy.results.reasons import describe_no_estimate
from grevy.results.regimen_weights import Comparison, compare_regimens, refuse
from grevy.results.rows import Line, Row, absent_row, count_row, number_row, with_id
from grevy.results.time_to_event import MONTHS, NOT_DERIVED, Times, fit_curve, quantile_row, select_times
from grevy.stats.arrays import FloatArray
from grevy.stats.cox import fit_cox
from grevy.stats.cox_residuals import add_robust_variance
from grevy.stats.kaplan_meier import estimate_weighted_kaplan_meier
from grevy.stats.no_estimate import NoEstimate
from grevy.stats.propensity import compute_e_value, compute_effective_size

COMMON_FROM = 0.15  # share with the event from which a hazard ratio is far from a risk ratio

RATIO = Column("RATIO", Label("Hazard ratio (95% CI), no effect of treatment", "风险比（95%CI），非治疗效应"))


def estimate_weighted_outcomes(data: AnalysisData) -> Iterator[Row]:
    """TX6.2: events, medians and the hazard ratio of the second regimen to the first, as is and weighted."""
    found = compare_regimens(data)
    if isinstance(found, Label):
        yield from refuse(data, found)
        return
    for parameter, endpoint in ENDPOINTS.items():
        base = Line(parameter, endpoint, "", group=endpoint, parameter=parameter)
        times = select_times(data, parameter, found.used)
        if not len(times.records.index):
            yield absent_row(with_id(base, "N", NOT_DERIVED, "count"), RATIO, NOT_DERIVED)
            continue
        weight = found.spread(found.propensity.weight)[times.frame["SUBJECT"].to_numpy()]
        yield from _describe_regimens(data, found, base)
        yield from _estimate_ratios(data, found, base, times, weight)


def _describe_regimens(data: AnalysisData, found: Comparison, base: Line) -> Iterator[Row]:
    parameter = base.parameter or ""
    by_subject = found.spread(found.propensity.weight)
    for regimen in found.regimens:
        times = select_times(data, parameter, found.members(regimen))
        weight = by_subject[times.frame["SUBJECT"].to_numpy()]
        line = with_id(base, "N", Label("Subjects compared", "纳入比较的受试者"), "count")
        yield count_row(data, line, regimen, times.records, None)
        line = with_id(base, "EVENTS", Label("Events", "事件数"), "count")
        yield count_row(data, line, regimen, times.where(times.is_event), None)
        line = with_id(base, "EFFECTIVE", Label("Effective sample size", "有效样本量"), "effective size")
        size = compute_effective_size(weight)
        yield number_row(line, regimen, size, format_fixed(size, 1), times.records)
        label = Label("Median, months (95% CI)", "中位数，个月（95%CI）")
        line = with_id(base, "MEDIAN", label, "median", unit=MONTHS, method="Kaplan-Meier")
        yield quantile_row(data, line, regimen, fit_curve(data, times), 0.5, times)
        label = Label("Median after weighting, months (95% CI)", "加权后中位数，个月（95%CI）")
        line = with_id(base, "WEIGHTED_MEDIAN", label, "median", unit=MONTHS, method="weighted Kaplan-Meier")
        curve = estimate_weighted_kaplan_meier(
            times.days,
            times.is_event,
            weight,
            confidence=data.conventions.confidence,
            interval=data.conventions.survival_interval,
        )
        yield quantile_row(data, line, regimen, curve, 0.5, times)


def _estimate_ratios(
    data: AnalysisData, found: Comparison, base: Line, times: Times, weight: FloatArray
) -> Iterator[Row]:
    is_second: Mask = found.members(found.second)[times.frame["SUBJECT"].to_numpy()]
    fits = {
        "CRUDE": (
            Label("Hazard ratio before weighting", "风险比，加权前"),
            "Cox, Efron",
            np.ones(len(weight)),
        ),
        "WEIGHTED": (Label("Hazard ratio after weighting", "风险比，加权后"), "Cox, Efron, robust", weight),
    }
    for name, (label, method, used) in fits.items():
        line = with_id(base, name, label, "ratio", method=method)
        fit = fit_cox(
            times.days,
            times.is_event,
            is_second.astype(float),
            weight=used,
            minimum_events=data.plan.models.minimum_events,
        )
        if isinstance(fit, NoEstimate):
            yield absent_row(line, RATIO, describe_no_estimate(fit), records=times.records)
            continue
        if name == "WEIGHTED":
            fit = add_robust_variance(fit)
        lower, upper = (float(limit[0]) for limit in fit.compute_limits(data.conventions.confidence))
        ratio = float(fit.hazard_ratio[0])
        text = f"{format_ratio(ratio)} ({format_ratio(lower)}, {format_ratio(upper)})"
        yield Row(line, RATIO, ratio, text, lower, upper, records=times.records)
        if name == "WEIGHTED":
            yield from _estimate_e_value(line, times, (ratio, lower, upper))


def _estimate_e_value(line: Line, times: Times, ratio: tuple[float, float, float]) -> Iterator[Row]:
    """How strong a hidden cause would have to be; a common outcome's is brought near a risk ratio."""
    is_common = bool(times.is_event.mean() > COMMON_FROM)
    value = compute_e_value(*ratio, is_hazard_ratio=True, is_common=is_common)
    method = "VanderWeele and Ding 2017" + (", common outcome" if is_common else "")
    for name, label, number in (
        ("E_VALUE", Label("E-value of the hazard ratio", "风险比的E值"), value.estimate),
        ("E_LIMIT", Label("E-value of the limit nearer to 1", "较近1的置信限的E值"), value.limit),
    ):
        new = replace(line, id=f"{line.parameter}|{name}", label=label, operation="E-value", method=method)
        yield number_row(new, RATIO, number, format_fixed(number, 2), times.records)
