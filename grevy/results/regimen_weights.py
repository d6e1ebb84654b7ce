"""Who is compared by regimen, and with which weights: the propensity model behind TX6.1 and TX6.2.

The physician chose the regimen. Weighting balances what was recorded before the first dose; what decided the
choice and was not recorded stays in the difference (confounding by indication), which is therefore not an
effect of treatment.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grevy.results.covariates import Term, build_matrix, list_terms
from grevy.results.frames import AnalysisData, Column, Mask
from grevy.results.labels import Label
from grevy.results.models import find_complete, fit_estimable
from grevy.results.reasons import describe_no_estimate
from grevy.results.rows import Row, nothing_row
from grevy.stats.arrays import FloatArray
from grevy.stats.no_estimate import NoEstimate
from grevy.stats.propensity import Propensity, Target, estimate_propensity

TREATMENT = "COHORT"
TARGETS: dict[str, Target] = {"stabilized": "everybody", "overlap": "overlap"}

TWO_REGIMENS = Label("A comparison needs exactly two regimens.", "仅在恰有两种治疗方案时可作比较。")
NO_COVARIATE = Label("No covariate of the plan is known.", "计划规定的协变量均无数据。")


@dataclass(frozen=True)
class Comparison:
    """Two regimens, who of them is compared, and the weights of those."""

    first: Column
    second: Column
    eligible: Mask
    used: Mask  # the eligible of whom every covariate is known
    is_second: Mask  # of each subject used
    terms: tuple[Term, ...]
    propensity: Propensity

    @property
    def regimens(self) -> tuple[Column, Column]:
        """The regimen that is the reference, then the other."""
        return self.first, self.second

    def in_regimen(self, column: Column) -> Mask:
        """Flag those of a regimen among the subjects used."""
        return self.is_second if column is self.second else ~self.is_second

    def members(self, column: Column) -> Mask:
        """Flag the subjects used of a regimen among all subjects."""
        flag = np.zeros(len(self.used), dtype=bool)
        flag[self.used] = self.in_regimen(column)
        return flag

    def spread(self, values: FloatArray) -> FloatArray:
        """Give all subjects the values of those used; the others have none."""
        everybody = np.full(len(self.used), np.nan)
        everybody[self.used] = values
        return everybody


def compare_regimens(data: AnalysisData) -> Comparison | Label:
    """Weight the treated subjects by a logistic model of the regimen on the covariates of the plan.

    Complete cases; a covariate that is constant or a combination of others is left out, as is one that nobody
    has. A regimen with fewer subjects than the smallest number of events of the plan is not modeled.
    """
    regimens = data.regimens[:-1]
    if len(regimens) != 2:
        return TWO_REGIMENS
    first, second = regimens
    treated = data.in_column("FAS", second)
    eligible = data.in_column("FAS", first) | treated
    terms = tuple(term for term in list_terms(data, eligible) if term.variable != TREATMENT)
    terms = tuple(term for term in terms if (term.known & eligible).any())
    if not terms:
        return NO_COVARIATE
    used = find_complete(eligible, terms)
    is_second = treated[used]
    smallest = data.plan.models.minimum_events
    if min(np.count_nonzero(is_second), np.count_nonzero(~is_second)) < smallest:
        return _say_too_few(smallest)
    target = TARGETS[data.plan.value("comparison.weights")]
    share = float(data.plan.value("comparison.truncation"))

    def fit(_: Mask, matrix: FloatArray) -> Propensity | NoEstimate:
        return estimate_propensity(is_second, matrix, target=target, truncate_at=share or None)

    matrix = build_matrix(tuple(level for term in terms for level in term.columns), used)
    found = fit_estimable(used, matrix, np.zeros(len(matrix), dtype=np.int64), fit)[2]
    if isinstance(found, NoEstimate):
        return describe_no_estimate(found)
    return Comparison(first, second, eligible, used, is_second, terms, found)


def _say_too_few(smallest: int) -> Label:
    return Label(
        f"Fewer than {smallest} subjects of a regimen have all covariates known.",
        f"某一治疗方案中协变量完整的受试者少于{smallest}例。",
    )


def refuse(data: AnalysisData, reason: Label) -> Iterator[Row]:
    """The reason for no comparison, as the only row."""
    yield nothing_row(data.regimens[-1], reason)
