"""TX1 and FX1: why which regimen, what came before and after it, and use beyond progression.

Definitions of the study: treatment beyond progression is a dose more than 14 days after the first derived
progression without another therapy begun by then; cross-line use is a dose after another therapy began, and a
re-challenge one that followed a stop before that therapy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from grevy.results.frames import AnalysisData, Mask
from grevy.results.labels import MISSING, Label, find_label, list_coded_values
from grevy.results.response import select_responses
from grevy.results.rows import Line, Row, count_row, nothing_row
from grevy.results.variables import Categories, estimate_categories, estimate_set_size

PRIOR, SUBSEQUENT = "PRIOR ANTI-CANCER THERAPY", "SUBSEQUENT ANTI-CANCER THERAPY"
PARTNER = "COMBINATION PARTNER"
BEYOND = np.timedelta64(14, "D")
NO_DAY = np.datetime64("NaT", "s")
SMALL_FLOW = 5

REASON = Categories("REGREAS", Label("Reason for the regimen", "选择治疗方案的原因"), "regimen_reason")
LINE_OF_THERAPY = Categories("LINE", Label("Line of therapy", "治疗线数"), order=("1", "2", "3+"))

OF_ANOTHER_STUDY = Label(
    "The data are of another study: its arms are no choice of a regimen.",
    "数据来自其他研究：其组别并非治疗方案的选择。",
)
PRIOR_KINDS = {
    "NONE": Label("No prior systemic therapy", "无既往系统治疗"),
    "SEVERAL": Label("Two classes or more", "两类及以上"),
}
NEXT_KINDS = {
    "ONGOING": Label("Still on study drug only", "仍仅用研究药物"),
    "NONE": Label("No further therapy recorded", "无后续治疗记录"),
    "DIED": Label("Died without further therapy", "未接受后续治疗而死亡"),
    "OTHER": Label("Other", "其他"),
}


@dataclass(frozen=True)
class Sequences:
    """What each subject had before and after surufatinib, and the record of the first therapy after."""

    data: AnalysisData

    @cached_property
    def prior(self) -> NDArray[np.object_]:
        """Class of the systemic therapy before: one, several or none."""
        adcm = self.data["ADCM"]
        chosen = (adcm["CMCAT"] == PRIOR).to_numpy() & (adcm["CMCLAS"] != "").to_numpy()
        kinds = np.full(len(self.data.subjects), "NONE", dtype=object)
        pairs = {*zip(adcm["SUBJECT"].to_numpy()[chosen], adcm["CMCLAS"].to_numpy()[chosen], strict=True)}
        for subject, kind in sorted(pairs):
            kinds[subject] = kind if kinds[subject] == "NONE" else "SEVERAL"
        return kinds

    @cached_property
    def first_after(self) -> NDArray[np.intp]:
        """Position in ADCM of the first therapy after the first dose; -1 where there is none.

        The first day of a new therapy is that of ADSL: where only its month is known, that of the first dose.
        """
        adcm = self.data["ADCM"]
        start = self.data.spread(self.data.subjects["NWTRSDT"].to_numpy(), adcm).to_numpy()
        begun = adcm["ASTDT"].to_numpy()
        found = np.flatnonzero((adcm["CMCAT"] == SUBSEQUENT).to_numpy() & (begun >= start))
        order = found[np.lexsort((adcm["ASEQ"].to_numpy()[found], begun[found]))][::-1]
        position = np.full(len(self.data.subjects), -1, dtype=np.intp)
        position[adcm["SUBJECT"].to_numpy()[order]] = order  # the earliest is written last
        return position

    @cached_property
    def next(self) -> NDArray[np.object_]:
        """Class of the first therapy after, or why there is none."""
        subjects = self.data.subjects
        kinds = np.where(subjects["DTHFL"] == "Y", "DIED", "NONE").astype(object)
        kinds[(subjects["EOTSTT"] == "ONGOING").to_numpy()] = "ONGOING"
        has = self.first_after >= 0
        classes = self.data["ADCM"]["CMCLAS"].to_numpy()[self.first_after[has]]
        kinds[has] = np.where(classes == "", "MISSING", classes)
        return kinds


def estimate_patterns_of_use(data: AnalysisData) -> Iterator[Row]:
    """TX1: reasons for the regimen, therapy before, course of surufatinib, therapy after."""
    if data.plan.arms:
        yield nothing_row(data.regimens[-1], OF_ANOTHER_STUDY)
        return
    found = Sequences(data)
    yield from estimate_set_size(data, data.regimens, "FAS")
    yield from estimate_categories(data, REASON, data.regimens, "FAS")
    yield from _count_kinds(data, "PRIOR", found.prior, Label("Systemic therapy before", "既往系统治疗"))
    yield from estimate_categories(data, LINE_OF_THERAPY, data.regimens, "FAS")
    yield from _count_partners(data)
    yield from _count_course(data)
    yield from _count_kinds(data, "NEXT", found.next, Label("Next step", "下一步治疗"))
    yield from _count_switch_reasons(data, found)


def name_kind(data: AnalysisData, side: str, kind: str) -> Label:
    """The wording of a class before or after, or of why there is none."""
    words = PRIOR_KINDS if side == "PRIOR" else NEXT_KINDS
    if kind == "MISSING":
        return MISSING
    return words.get(kind) or find_label(data.study, _codelist(side), kind)


def _codelist(side: str) -> str:
    return "prior_therapy_type" if side == "PRIOR" else "therapy_class"


def order_kinds(data: AnalysisData, side: str, kinds: set[str]) -> list[str]:
    """Classes in the order of their code list; no therapy first before, and last after."""
    coded = [kind for kind in list_coded_values(data.study, _codelist(side)) if kind in kinds]
    coded += sorted(kinds - {*coded, *PRIOR_KINDS, *NEXT_KINDS})
    first, last = ["ONGOING"], ["OTHER", "NONE", "DIED"]
    if side == "PRIOR":
        first, last = ["NONE"], ["SEVERAL", "OTHER"]
    middle = [kind for kind in coded if kind not in (*first, *last)]
    return [kind for kind in (*first, *middle, *last) if kind in kinds]


def _count_kinds(data: AnalysisData, side: str, kinds: NDArray[np.object_], group: Label) -> Iterator[Row]:
    for kind in order_kinds(data, side, {*kinds[data.in_set("FAS")]}):
        line = Line(
            f"{side}|{kind}", name_kind(data, side, kind), "count", group=group, indent=1,
            group_1=side, group_1_value=kind,
        )  # fmt: skip
        yield from _count(data, line, kinds == kind)


def _count(data: AnalysisData, line: Line, flag: Mask) -> Iterator[Row]:
    """Subjects of each regimen; their rows in ADSL stand behind."""
    for column in data.regimens:
        inside = data.in_column("FAS", column)
        yield count_row(data, line, column, data.select("ADSL", inside & flag), int(inside.sum()))


def _count_records(data: AnalysisData, line: Line, dataset: str, chosen: Mask) -> Iterator[Row]:
    """Subjects with a flagged record; those records stand behind."""
    for column in data.regimens:
        inside = data.in_column("FAS", column)
        records = data.select(dataset, chosen & data.rows_of(dataset, inside))
        yield count_row(data, line, column, records, int(inside.sum()))


def _count_partners(data: AnalysisData) -> Iterator[Row]:
    """Classes of the partners that were declared; a subject with two stands in each."""
    adcm = data["ADCM"]
    declared = (adcm["CMCAT"] == PARTNER).to_numpy() & (adcm["CMCLAS"] != "").to_numpy()
    present = {*adcm["CMCLAS"][declared]}
    coded = list_coded_values(data.study, "partner_class")
    for kind in [*(kind for kind in coded if kind in present), *sorted(present - {*coded})]:
        line = Line(
            f"PARTNER|{kind}", find_label(data.study, "partner_class", kind), "count",
            group=PARTNERS, indent=1, group_1="CMCLAS", group_1_value=kind,
        )  # fmt: skip
        yield from _count_records(data, line, "ADCM", declared & (adcm["CMCLAS"] == kind).to_numpy())


def flag_partner_added_later(data: AnalysisData) -> Mask:
    """Flag the records of partners begun after the first dose by subjects who began alone."""
    adcm = data["ADCM"]
    subject = adcm["SUBJECT"].to_numpy()
    alone = (data.subjects["COHORT"] == "MONO").to_numpy()[subject]
    later = adcm["ASTDT"].to_numpy() > data.subjects["TRTSDT"].to_numpy()[subject]
    return np.asarray((adcm["CMCAT"] == PARTNER).to_numpy() & alone & later)


PARTNERS = Label("Class of the partner", "联合用药类别")
SWITCH = Label("Reason for the first further therapy, as reported", "开始首个后续治疗的原因（按报告）")
COURSE = Label("Course of study drug", "研究药物用药过程")


def _count_course(data: AnalysisData) -> Iterator[Row]:
    """Use beyond progression, across lines, and again after another therapy."""
    label = Label("Partner added after the first dose", "首次给药后加用联合药物")
    line = Line("COURSE|PARTNER", label, "count", group=COURSE, indent=1)
    yield from _count_records(data, line, "ADCM", flag_partner_added_later(data))
    doses = _Doses(data)
    for name, label, chosen in (
        (
            "BEYOND",
            Label("Treated more than 14 days after progression", "疾病进展14天后仍用药"),
            doses.beyond_progression,
        ),
        (
            "ACROSS",
            Label("Study drug went on when another therapy began", "其他治疗开始后继续使用研究药物"),
            doses.across_lines,
        ),
        (
            "AGAIN",
            Label(
                "Re-challenge: study drug again after another therapy", "再挑战：其他治疗后再次使用研究药物"
            ),
            doses.again,
        ),
    ):
        line = Line(f"COURSE|{name}", label, "count", group=COURSE, indent=1, parameter="DOSE")
        yield from _count_records(data, line, "ADEX", chosen)


@dataclass(frozen=True)
class _Doses:
    """The intervals above 0 mg with the days that matter, per record of ADEX; an open one runs on."""

    data: AnalysisData

    def _of_subject(self, values: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
        return values[self.data["ADEX"]["SUBJECT"].to_numpy()]

    @cached_property
    def _given(self) -> Mask:
        adex = self.data["ADEX"]
        return np.asarray((adex["PARAMCD"] == "DOSE").to_numpy() & (adex["AVAL"] > 0).to_numpy())

    @cached_property
    def _start(self) -> NDArray[np.datetime64]:
        return self.data["ADEX"]["ASTDT"].to_numpy()

    @cached_property
    def _end(self) -> NDArray[np.datetime64]:
        subjects = self.data.subjects
        last = subjects["CUTDT"].fillna(subjects["LSTALVDT"]).to_numpy()
        end = self.data["ADEX"]["AENDT"].to_numpy()
        return np.where(np.isnat(end), self._of_subject(last), end)

    @cached_property
    def _therapy(self) -> NDArray[np.datetime64]:
        return self._of_subject(self.data.subjects["NWTRSDT"].to_numpy())

    @cached_property
    def beyond_progression(self) -> Mask:
        limit = self._of_subject(read_progression(self.data)) + BEYOND
        before_therapy = np.isnat(self._therapy) | ((self._start < self._therapy) & (self._therapy > limit))
        return np.asarray(self._given & (self._end > limit) & before_therapy)

    @cached_property
    def across_lines(self) -> Mask:
        return np.asarray(self._given & (self._start <= self._therapy) & (self._end > self._therapy))

    @cached_property
    def again(self) -> Mask:
        """A dose after a therapy that began when surufatinib had been stopped."""
        subject = self.data["ADEX"]["SUBJECT"].to_numpy()
        went_on = np.isin(subject, subject[self.across_lines])
        return np.asarray(self._given & (self._start > self._therapy) & ~went_on)


def read_progression(data: AnalysisData) -> NDArray[np.datetime64]:
    """Day of the first derived progression of each subject, or none."""
    found = select_responses(data, "PD")
    dates = np.full(len(data.subjects), NO_DAY)
    progressed = found.answer == "Y"
    dates[progressed] = data["ADRS"]["ADT"].to_numpy()[found.position[progressed]]
    return dates


def _count_switch_reasons(data: AnalysisData, found: Sequences) -> Iterator[Row]:
    """Why the first further therapy was begun, as reported."""
    adcm = data["ADCM"]
    first = np.zeros(len(adcm), dtype=bool)
    first[found.first_after[found.first_after >= 0]] = True
    reasons = adcm["CMINDC"]
    counts = reasons[first & data.rows_of("ADCM", data.in_set("FAS"))].value_counts()
    for reason in sorted(counts.index, key=lambda reason: (reason == "", -counts[reason], reason)):
        line = Line(
            f"SWITCH|{reason or 'MISSING'}", Label(reason, reason) if reason else MISSING, "count",
            group=SWITCH, indent=1, group_1="CMINDC", group_1_value=reason,
        )  # fmt: skip
        yield from _count_records(data, line, "ADCM", first & (reasons == reason).to_numpy())


# --- FX1 ----------------------------------------------------------------------------------------------------

FLOW = {
    "PRIOR": Label("Systemic therapy before", "既往系统治疗"),
    "NEXT": Label("Next step", "下一步治疗"),
}


def estimate_flow_of_therapy(data: AnalysisData) -> Iterator[Row]:
    """FX1: from therapy before to regimen, and from regimen to the next step.

    A flow of fewer than 5 subjects joins "other" on its side: no single patient is read off a picture.
    """
    if data.plan.arms:
        yield nothing_row(data.regimens[-1], OF_ANOTHER_STUDY)
        return
    found = Sequences(data)
    for side, kinds in (("PRIOR", found.prior), ("NEXT", found.next)):
        merged = kinds.copy()
        for column in data.regimens[:-1]:
            inside = data.in_column("FAS", column)
            for kind in {*kinds[inside]}:
                flow = inside & (kinds == kind)
                if flow.sum() < SMALL_FLOW:
                    merged[flow] = "OTHER"
        for kind in order_kinds(data, side, {*merged[data.in_set("FAS")]}):
            label = NEXT_KINDS["OTHER"] if kind == "OTHER" else name_kind(data, side, kind)
            line = Line(f"{side}|{kind}", label, "count", group=FLOW[side], group_1=side, group_1_value=kind)
            yield from _count(data, line, merged == kind)
