"""What the twin expects of a subject's analysis records, and where the records differ from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tests.oracles.analysis import Analysis
from tests.oracles.endpoints import (
    FollowUp,
    Outcome,
    adequate_days,
    duration_of_response,
    ema_style,
    fda_style,
    last_day_of_two_missed,
    overall_survival,
)
from tests.oracles.recist import (
    CR,
    NOT_APPLICABLE,
    PD,
    PR,
    Assessment,
    BestResponse,
    Settings,
    accept_given,
    assess,
    best_response,
    one_per_date,
)
from tests.oracles.subjects import Subject

EVENT_WORDS = {"PD": ("progress",), "DEATH": ("death", "died")}


@dataclass(frozen=True)
class Expectation:
    """One subject, derived by the twin."""

    subject: Subject
    assessments: list[Assessment]
    kept: list[Assessment]
    best: BestResponse
    outcomes: dict[str, Outcome | None]

    def corners(self) -> Iterator[str]:
        """Corners that only the derivation can tell."""
        responses = [a.final for a in self.kept]
        if PD in responses and any(r in (CR, PR) for r in responses[responses.index(PD) :]):
            yield "response after progression"
        if any(a.overall != a.final for a in self.assessments):
            yield "visit re-dated to progression"
        if any(a.target == PD and a.sum_mm is None for a in self.assessments):
            yield "progression in spite of a missing target"
        if (pfs := self.outcomes["PFS"]) and pfs.kind == "MISSED ASSESSMENTS":
            yield "event after two missed"
            progression = self.best.pd_day
            if progression is not None and (self.subject.death is None or progression <= self.subject.death):
                yield "progression after two missed"
        if self.best.confirmed != self.best.unconfirmed:
            yield "response not confirmed"
        if self.outcomes["PFS"].kind == "NEW THERAPY":
            yield "event after new therapy"
        adequate = adequate_days(self.kept)
        if self.best.pd_day is not None and adequate:
            before = [day for day in adequate if day < self.best.pd_day]
            if before and self.best.pd_day > last_day_of_two_missed(before[-1]) - 56:
                yield "one missed"


DERIVED_CORNERS = (
    "response after progression", "visit re-dated to progression", "progression in spite of a missing target",
    "event after two missed", "progression after two missed", "response not confirmed",
    "event after new therapy", "one missed",
)  # fmt: skip


def expect(subject: Subject, settings: Settings | None = None, missed: int = 2) -> Expectation:
    settings = settings or Settings()
    if subject.given:
        assessments = accept_given(subject.given, settings)
        has_baseline = True
    else:
        assessments = assess(subject.baseline, subject.visits, settings)
        has_baseline = subject.baseline is not None
    if not subject.id.startswith("SURU-NEN-01"):
        has_baseline = True  # subjects with responses only
    kept = one_per_date(assessments, settings)
    best = best_response(assessments, subject.new_therapy, settings)
    follow_up = FollowUp(
        has_baseline=has_baseline,
        death=subject.death,
        new_therapy=subject.new_therapy,
        clinical_progression=subject.clinical_progression,
        last_alive=max([subject.last_dose, *subject.contacts]),
    )
    pfs = fda_style(kept, follow_up, missed=missed)
    return Expectation(
        subject, assessments, kept, best,
        {
            "PFS": pfs,
            "PFSEMA": ema_style(kept, follow_up),
            "TTP": fda_style(kept, follow_up, counts_death=False, missed=missed),
            "OS": overall_survival(follow_up),
            "RSD": duration_of_response(best.first_response_day, pfs),
            "CRSD": duration_of_response(best.confirmed_response_day, pfs),
        },
    )  # fmt: skip


@dataclass(frozen=True)
class Difference:
    usubjid: str
    what: str
    expected: object
    found: object

    def __str__(self) -> str:
        return f"{self.usubjid} {self.what}: expected {self.expected}, found {self.found}"


def compare(expectations: Sequence[Expectation], analysis: Analysis) -> list[Difference]:
    return [difference for one in expectations for difference in compare_subject(one, analysis)]


def compare_subject(one: Expectation, analysis: Analysis) -> Iterator[Difference]:
    yield from compare_visits(one, analysis)
    yield from compare_sums(one, analysis)
    yield from compare_best(one, analysis)
    yield from compare_outcomes(one, analysis)


def at(one: Expectation, day: int | None):
    return None if day is None else one.subject.first_dose + timedelta(days=day)


def compare_visits(one: Expectation, analysis: Analysis) -> Iterator[Difference]:
    name = one.subject.id
    eligible = set(one.best.eligible)
    last_eligible = (
        one.kept.index(next(a for a in one.kept if a.number == one.best.eligible[-1])) if eligible else -1
    )
    dated = {a.number for a in one.kept[: last_eligible + 1]}
    found = {row["AVISITN"]: row for row in analysis.adrs.get((name, "OVR"), [])}
    if set(found) != {a.number for a in one.assessments}:
        yield Difference(name, "OVR visits", sorted(a.number for a in one.assessments), sorted(found))
        return
    for assessment in one.assessments:
        row = found[assessment.number]
        visit = f"at {assessment.number:g}"
        if row["AVALC"] != assessment.final:
            yield Difference(name, f"OVR {visit}", assessment.final, row["AVALC"])
        if (row["ANL01FL"] == "Y") != (assessment.number in eligible):
            yield Difference(name, f"ANL01FL {visit}", assessment.number in eligible, row["ANL01FL"])
        # After the first progression the date of a further one decides nothing.
        if assessment.number in dated and row["ADT"] != at(one, assessment.date):
            yield Difference(name, f"ADT {visit}", at(one, assessment.date), row["ADT"])
    for paramcd, attribute in (("TRGRESP", "target"), ("NTRGRESP", "non_target")):
        rows = {row["AVISITN"]: row["AVALC"] for row in analysis.adrs.get((name, paramcd), [])}
        for assessment in one.assessments:
            expected = getattr(assessment, attribute)
            value = rows.get(assessment.number) or NOT_APPLICABLE
            if value != expected:
                yield Difference(name, f"{paramcd} at {assessment.number:g}", expected, value)


def compare_sums(one: Expectation, analysis: Analysis) -> Iterator[Difference]:
    baseline = one.subject.baseline
    if baseline is None or not baseline.targets:
        return
    name = one.subject.id
    rows = [row for row in analysis.adtr.get((name, "SUMDIAM"), []) if row["ABLFL"] != "Y"]
    found = {row["AVISITN"]: row for row in rows}
    for assessment in one.assessments:
        row = found.get(assessment.number, {})
        for column, expected in (("AVAL", assessment.sum_mm), ("NADIR", assessment.nadir_mm)):
            value = row.get(column)
            wanted = None if expected is None else float(expected)
            if value != wanted and (value is None or wanted is None or abs(value - wanted) > 1e-9):
                yield Difference(name, f"{column} at {assessment.number:g}", wanted, value)


def compare_best(one: Expectation, analysis: Analysis) -> Iterator[Difference]:
    name = one.subject.id
    for paramcd, expected in (("BOR", one.best.unconfirmed), ("CBOR", one.best.confirmed)):
        row = analysis.only("adrs", name, paramcd)
        value = row and row["AVALC"]
        if value != expected:
            yield Difference(name, paramcd, expected, value)
    for paramcd, day in (
        ("PD", one.best.pd_day),
        ("RSP", one.best.first_response_day),
        ("CRSP", one.best.confirmed_response_day),
    ):
        row = analysis.only("adrs", name, paramcd) or {}
        expected = ("N" if day is None else "Y", at(one, day))
        value = (row.get("AVALC"), row.get("ADT"))
        if value != expected:
            yield Difference(name, paramcd, expected, value)


def compare_outcomes(one: Expectation, analysis: Analysis) -> Iterator[Difference]:
    name = one.subject.id
    for paramcd, outcome in one.outcomes.items():
        row = analysis.only("adtte", name, paramcd)
        if (row is None) != (outcome is None):
            yield Difference(name, paramcd, outcome, row)
        elif outcome is not None:
            expected = (at(one, outcome.start), at(one, outcome.day), outcome.duration, outcome.is_event)
            value = (row["STARTDT"], row["ADT"], row["AVAL"], row["CNSR"] == 0)
            if value != expected:
                yield Difference(name, f"{paramcd} ({outcome.kind})", expected, value)
            elif outcome.is_event and not names_event(row["EVNTDESC"], outcome.kind):
                yield Difference(name, f"{paramcd} EVNTDESC", outcome.kind, row["EVNTDESC"])


def names_event(description: str | None, kind: str) -> bool:
    return any(word in (description or "").lower() for word in EVENT_WORDS[kind])


def summarize(differences: Sequence[Difference], shown: int = 12) -> str:
    kinds = Counter(d.what.split(" at ")[0] for d in differences)
    lines = [f"{len(differences)} differences: {dict(kinds)}"]
    return "\n".join(lines + [str(d) for d in differences[:shown]])
