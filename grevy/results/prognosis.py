"""The prognostic models behind TX8 and FX8: fitted once, repeated whole in bootstrap samples.

Penalized Cox models of PFS and OS and a penalized logistic model of a severe adverse event, on the covariates
of the plan. The choice of the penalty is part of what is repeated (Harrell 2015, 5.3).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grevy.results.covariates import Level, Term, build_matrix, list_terms
from grevy.results.cox_models import ENDPOINTS
from grevy.results.frames import AnalysisData, Mask, Records
from grevy.results.labels import Label
from grevy.results.models import find_complete, find_varying
from grevy.results.reasons import REASONS
from grevy.results.time_to_event import NOT_DERIVED, select_times
from grevy.stats.arrays import BoolArray, FloatArray, IntArray
from grevy.stats.calibration import Calibration, calibrate_answers, calibrate_times, group_by_risk
from grevy.stats.no_estimate import Reason
from grevy.stats.penalized import (
    CoxRows,
    LogisticRows,
    Penalized,
    fit_penalized,
    fit_plain,
    sort_cox_rows,
)
from grevy.stats.prediction import (
    Censoring,
    Pairs,
    compute_brier,
    compute_concordances,
    compute_integrated_brier,
    compute_weighted_concordances,
    estimate_censoring,
    list_answer_pairs,
    list_brier_times,
    list_pairs,
    weigh_for_censoring,
    weigh_pairs_at,
    weigh_pairs_to,
)

SEVERE = Label("Adverse event of grade 3 or more", "3级及以上不良事件")
SEVERE_GRADE = 3
HORIZONS = (6, 12, 24)  # months
QUARTERS = 4
NO_COVARIATE = Label("No covariate of the plan varies.", "计划规定的协变量均无变异。")


Judged = tuple[FloatArray, FloatArray]
"""What a measure says of each model in its own sample, and in the data."""


@dataclass(frozen=True)
class Prognosis:
    """A model of one outcome; arrays are in the order of `rows`, samples on the first axis.

    The first sample is the data as they are, the others are bootstrap samples.
    """

    id: str
    label: Label
    dataset: str
    position: IntArray  # of each row's record
    columns: tuple[Level, ...]
    terms: tuple[Term, ...]  # of each column
    center: FloatArray
    x: FloatArray
    time: FloatArray  # days; 0 of an answer
    event: BoolArray
    site: IntArray
    rows: CoxRows | LogisticRows
    weight: FloatArray
    fits: Penalized
    of_one: Penalized  # without each site in turn
    left_out: IntArray  # records of those of whom a covariate is unknown
    unknown: tuple[tuple[Term, IntArray], ...]  # the same for each covariate of which that is so

    @property
    def is_answer(self) -> bool:
        """Whether the outcome is yes or no, and not a time."""
        return isinstance(self.rows, LogisticRows)

    @property
    def free(self) -> int:
        """Columns before the covariates: the intercept of a logistic model."""
        return int(self.is_answer)

    @property
    def records(self) -> Records:
        return Records(self.dataset, np.sort(self.position))

    @property
    def event_records(self) -> Records:
        return Records(self.dataset, np.sort(self.position[self.event]))

    @property
    def repeats(self) -> int:
        """Bootstrap samples."""
        return len(self.weight) - 1

    @cached_property
    def design(self) -> FloatArray:
        """Covariates about their mean, after a column of ones where there is an intercept."""
        ones = np.ones((len(self.x), self.free))
        return np.column_stack([ones, self.x])

    @cached_property
    def predictor(self) -> FloatArray:
        """Linear predictor of each row by the model of each sample."""
        return np.asarray(self.fits.coefficients @ self.design.T)

    @cached_property
    def pairs(self) -> Pairs:
        return list_answer_pairs(self.event) if self.is_answer else list_pairs(self.time, self.event)

    def correct(self, apparent: FloatArray, on_original: FloatArray) -> tuple[float, float]:
        """Mean optimism of the samples, and the apparent value less it; none without samples."""
        optimism = float(np.nanmean(apparent[1:] - on_original[1:]))
        return optimism, float(apparent[0] - optimism)

    @cached_property
    def censoring(self) -> Censoring:
        """How long subjects are followed, in the data as they are; the samples are weighed by it too."""
        return estimate_censoring(self.time, self.event)

    def is_followed(self, days: float) -> bool:
        """Whether anybody can be seen without the event past a day."""
        return bool(self.censoring.at(days) > 0)

    def discriminate(self, horizons: FloatArray) -> Judged:
        """Of each model Harrell's C, that of Uno up to the last horizon, and the AUC at each of them."""
        of_pair = [np.ones(len(self.pairs.sooner))]
        if not self.is_answer:
            at = (self.pairs, self.time, self.censoring)
            of_pair += [weigh_pairs_to(*at, horizons[-1]), *(weigh_pairs_at(*at, days) for days in horizons)]
        columns = np.column_stack(of_pair)
        return (
            compute_weighted_concordances(self.pairs, self.predictor, self.weight, columns),
            compute_weighted_concordances(self.pairs, self.predictor, np.ones_like(self.weight), columns),
        )

    def score(self, days: float) -> Judged:
        """Brier score of each model by a day, or of an answer."""
        chance, happened = np.ones(len(self.event)), self.event
        if not self.is_answer:
            chance, happened = weigh_for_censoring(self.time, self.event, days), self.time <= days
        risk = self.risk_by(days)
        alike = np.ones_like(self.weight)
        return (
            compute_brier(risk, happened, chance, self.weight),
            compute_brier(risk, happened, chance, alike),
        )

    def score_until(self, days: float) -> Judged:
        """Brier score of each model of a time, integrated up to a day."""
        hazard = self.hazards_by(list_brier_times(self.time, days))
        found = compute_integrated_brier(hazard, self.predictor, self.time, self.event, self.weight, days)
        return found[:, 0], found[:, 1]

    def calibrate(self, horizons: FloatArray) -> tuple[Calibration, Calibration]:
        """Predicted and observed risk in quarters of each model's predictions; one horizon of an answer."""
        risks = [self.risk_by(days) for days in horizons[: 1 if self.is_answer else None]]
        predicted = np.stack(risks, axis=2)
        alike = np.ones_like(self.weight)
        return self._calibrate(predicted, self.weight, horizons), self._calibrate(predicted, alike, horizons)

    def _calibrate(self, predicted: FloatArray, weight: FloatArray, horizons: FloatArray) -> Calibration:
        group = group_by_risk(self.predictor, weight, QUARTERS)
        if self.is_answer:
            return calibrate_answers(predicted, group, QUARTERS, self.event, weight)
        return calibrate_times(predicted, group, QUARTERS, self.time, self.event, weight, horizons)

    @cached_property
    def slope(self) -> Judged:
        """Slope of the outcome on each model's predictor, in its own sample and in the data."""
        predictor = self.predictor[:, :, None]
        if self.is_answer:
            predictor = np.concatenate([np.ones_like(predictor), predictor], axis=2)
        alike = np.ones_like(self.weight)
        return (
            fit_plain(self.rows, predictor, self.weight)[:, -1],
            fit_plain(self.rows, predictor, alike)[:, -1],
        )

    @cached_property
    def concordance_elsewhere(self) -> float:
        """C within each site by the model of the other sites (Steyerberg and Harrell 2016)."""
        predictor = self.of_one.coefficients @ self.design.T
        own = predictor[self.site, np.arange(len(self.site))][None]
        return float(compute_concordances(self.pairs, own, np.ones_like(own), within=self.site)[0])

    def risk_by(self, days: float) -> FloatArray:
        """Predicted risk by a day (of an answer: of a yes), of each row by the model of each sample."""
        if isinstance(self.rows, LogisticRows):
            return np.asarray(1 / (1 + np.exp(-self.predictor)))
        return np.asarray(-np.expm1(-self.hazards_by(np.array([days])) * np.exp(self.predictor)))

    def hazards_by(self, days: FloatArray) -> FloatArray:
        """Cumulative baseline hazard of the model of each sample by each day; none of an answer."""
        if isinstance(self.rows, LogisticRows):
            return np.zeros((len(self.weight), 0))
        return self.rows.baseline(self.fits.coefficients, self.design[None], self.weight, days)


def fit_prognoses(data: AnalysisData) -> dict[str, Prognosis | Label]:
    """The models of PFS, OS and a severe adverse event, or why there is none; made once per analysis."""
    kept: dict[str, Prognosis | Label] = data.keep(
        "prognoses", lambda: _fit_all(data), reads=("ADSL", "ADTTE", "ADAE")
    )
    return kept


def _fit_all(data: AnalysisData) -> dict[str, Prognosis | Label]:
    found: dict[str, Prognosis | Label] = {}
    for parameter, label in ENDPOINTS.items():
        times = select_times(data, parameter, data.in_set("FAS"))
        subject = times.frame["SUBJECT"].to_numpy()
        known = np.zeros(len(data.subjects), dtype=bool)
        known[subject] = True
        days, event = np.zeros(len(known)), np.zeros(len(known), dtype=bool)
        position = np.full(len(known), -1, dtype=np.intp)
        days[subject], event[subject], position[subject] = times.days, times.is_event, times.records.index
        found[parameter] = _fit(data, parameter, label, "ADTTE", known, days, event, position)
    had, known = _flag_severe(data)
    everybody = np.arange(len(known))
    found["SEVERE"] = _fit(
        data, "SEVERE", SEVERE, "ADSL", data.in_set("FAS") & known, np.zeros(len(known)), had, everybody
    )
    return found


def _flag_severe(data: AnalysisData) -> tuple[Mask, Mask]:
    """Who had a treatment-emergent event of grade 3 or more; known of all where events are tabulated."""
    adae = data["ADAE"]
    chosen = (adae["TRTEMFL"] == "Y").to_numpy() & (adae["ATOXGR"] >= SEVERE_GRADE).to_numpy()
    had = np.zeros(len(data.subjects), dtype=bool)
    had[adae["SUBJECT"].to_numpy()[chosen]] = True
    return had, np.full(len(had), bool(len(adae)))


def _fit(
    data: AnalysisData,
    name: str,
    label: Label,
    dataset: str,
    known: Mask,
    days: FloatArray,
    event: Mask,
    position: IntArray,
) -> Prognosis | Label:
    if not known.any():
        return NOT_DERIVED
    terms = tuple(t for t in list_terms(data, data.in_set("FAS")) if (t.known & known).any())
    used = find_complete(known, terms)
    fewest = min(int(event[used].sum()), int((~event[used]).sum()) if dataset == "ADSL" else len(used))
    if fewest < data.plan.models.minimum_events:
        return REASONS[Reason.TOO_FEW_EVENTS]
    columns = [(term, level) for term in terms for level in term.columns]
    matrix = build_matrix(tuple(level for _, level in columns), used)
    varies = find_varying(matrix, np.zeros(len(matrix), dtype=np.int64))
    columns = [column for column, flag in zip(columns, varies, strict=True) if flag]
    if not columns:
        return NO_COVARIATE
    rows = (
        LogisticRows(event[used].astype(float))
        if dataset == "ADSL"
        else sort_cox_rows(days[used], event[used])
    )
    order = rows.order if isinstance(rows, CoxRows) else np.arange(int(used.sum()))
    x = matrix[:, varies][order]
    center = x.mean(axis=0)
    site = np.unique(data.subjects["SITEID"].to_numpy(str)[used][order], return_inverse=True)[1]
    weight = _draw_samples(len(x), data.plan.value("prediction.repeats"), data.plan.value("prediction.seed"))
    free = int(isinstance(rows, LogisticRows))
    design = np.column_stack([np.ones((len(x), free)), x - center])
    penalty = data.plan.value("prediction.penalty")
    without = (np.arange(site.max() + 1)[:, None] != site[None, :]).astype(float)
    return Prognosis(
        name, label, dataset, position[used][order],
        tuple(level for _, level in columns), tuple(term for term, _ in columns),
        center, x - center, days[used][order], event[used][order], site, rows, weight,
        fit_penalized(rows, design, weight, penalty, free=free),
        fit_penalized(rows, design, without, penalty, free=free),
        position[known & ~used],
        tuple((term, position[lacks]) for term in terms if (lacks := known & ~term.known).any()),
    )  # fmt: skip


def _draw_samples(n: int, repeats: int, seed: int) -> FloatArray:
    """How often each row stands in each sample; the first sample is the data as they are."""
    random = np.random.default_rng(seed)
    drawn = [np.bincount(random.integers(0, n, n), minlength=n) for _ in range(repeats)]
    return np.array([np.ones(n), *drawn], dtype=float)
