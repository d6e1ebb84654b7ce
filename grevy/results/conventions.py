"""The switches of the analysis plan that the estimates themselves obey."""

from dataclasses import dataclass
from fractions import Fraction

from grevy.definition.analysis_plan import SET_OF_EFFECTIVENESS, AnalysisPlan

CHOSEN_SETS = {"full": "FAS", "evaluable": "EVALUABLE", "per_protocol": "PER_PROTOCOL"}
DAYS_PER_MONTH = Fraction(487, 16)  # 30.4375 days, exact


@dataclass(frozen=True)
class Conventions:
    """Confidence, quantiles and months as the plan sets them (statistical analysis plan, general part)."""

    confidence: float = 0.95
    survival_interval: str = "log-log"
    proportion_interval: str = "clopper-pearson"
    days_per_month: Fraction = DAYS_PER_MONTH
    landmarks: tuple[int, ...] = (6, 12, 18, 24)
    smallest_subgroup: int = 10
    effectiveness_set: str = "FAS"


def read_conventions(plan: AnalysisPlan) -> Conventions:
    """Take from the plan what the estimates obey."""
    return Conventions(
        confidence=float(plan.value("confidence.level")),
        survival_interval=str(plan.value("confidence.km")).replace("_", "-"),
        proportion_interval=str(plan.value("confidence.rate")).replace("_", "-"),
        days_per_month=Fraction(plan.value("time.days_per_month")),
        landmarks=plan.landmarks_months,
        smallest_subgroup=plan.subgroup_minimum,
        effectiveness_set=read_effectiveness_set(plan),
    )


def read_effectiveness_set(plan: AnalysisPlan) -> str:
    """The analysis set in which effectiveness is estimated (ICH E9, 5.2)."""
    return CHOSEN_SETS[str(plan.value(SET_OF_EFFECTIVENESS))]
