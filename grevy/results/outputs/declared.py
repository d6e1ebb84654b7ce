"""What is declared of an output, and the switches of the analysis plan that outputs depend on, by concern."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from grevy.definition.analysis_plan import AnalysisPlan
from grevy.results.conventions import read_effectiveness_set
from grevy.results.frames import AnalysisData
from grevy.results.labels import Label
from grevy.results.rows import Row


@dataclass(frozen=True)
class Output:
    """A table, figure or listing."""

    id: str
    title: Label
    analysis_set: str
    estimate: Callable[[AnalysisData], Iterator[Row]]
    switches: tuple[str, ...] = ()
    names_its_sets: bool = False
    """It shows several analysis sets side by side, each by its name."""

    @property
    def kind(self) -> str:
        """table, figure or listing, by the first letter of the number."""
        return {"T": "table", "F": "figure", "L": "listing"}[self.id[0]]

    def set_in_force(self, plan: AnalysisPlan) -> str:
        """The analysis set: for effectiveness (ICH E3, 14.2) the one that the plan chooses."""
        is_chosen = self.analysis_set == "FAS" and self.id[1:].startswith("14.2.") and not self.names_its_sets
        return read_effectiveness_set(plan) if is_chosen else self.analysis_set


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
ON_TREATMENT = ("te.days_after_last_dose", "te.end_at_new_therapy")
EMERGENT = (*ON_TREATMENT, "dates.ae_start", "dates.ae_end")
SCORES = ("pro.ginet21_variant", "baseline.same_day")
DETERIORATION = (
    "pro.deterioration",
    "pro.deterioration_points",
    "pro.deterioration_events",
    *SCORES,
)
MEASUREMENTS = ("baseline.same_day", "measurement.readings")
GRADES = ("ctcae.version", "ctcae.symptoms", "baseline.same_day", "lab.below_quantification")


def merge_switches(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for group in groups for key in group))
