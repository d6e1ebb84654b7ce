"""RECIST 1.1 for one subject, in loops: the plain twin of the set-based derivations.

Written from the guideline (Eisenhauer 2009, the 2016 clarification, the EORTC questions and answers) and
from nothing in `grevy`. Slow and obvious on purpose. Days are elapsed days from the first dose (study day 1
is 0, the day before is -1); millimetres are exact decimals, so no threshold is ever rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

CR, PR, SD, PD, NE, NED, NON = "CR", "PR", "SD", "PD", "NE", "NED", "NON-CR/NON-PD"
NOT_APPLICABLE = "NA"

# Several responses on one date: the worst counts, and NE only when nothing else was said.
WORST_FIRST = (PD, NON, SD, PR, CR, NED, NE)


@dataclass(frozen=True)
class Settings:
    """The points on which analysis plans differ, at this study's defaults."""

    confirm_min_days: int = 28
    sd_min_days: int = 49
    max_ne_between: int = 1
    accept_sd_between: bool = False
    pr_policy: str = "strict"  # or eortc_sticky
    reappearance_after_cr: str = "PD"  # or REVIEW
    ttsm_default_mm: Decimal = Decimal(5)
    missing_target: str = "pd_if_proven"  # or ne
    pd_sum_date: str = "earliest"  # or last
    response_date: str = "latest"  # or earliest
    equivocal_date: str = "first_seen"  # or proof
    same_date: str = "worst"  # or last
    new_therapy: str = "until_start"  # or ignore


# ---------------------------------------------------------------------------------------------------
# What was seen
# ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lesion:
    """A lesion chosen at baseline: long axis in mm, for nodes the short axis; None if not measured."""

    organ: str
    nodal: bool = False
    mm: Decimal | None = None


@dataclass(frozen=True)
class Reading:
    """One target lesion at one visit.

    kind MEASURED (mm), TTSM (seen, too small to measure), NE, SPLIT (parts), MERGED (into another lesion).
    """

    kind: str
    day: int
    mm: Decimal | None = None
    parts: tuple[Decimal, ...] = ()
    into: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Finding:
    """One non-target lesion at one visit: ABSENT, PRESENT, PD (unequivocal), NE; a node by its short axis."""

    state: str
    day: int
    node_mm: Decimal | None = None


@dataclass(frozen=True)
class NewLesion:
    """A lesion that was not there at baseline, as judged at one visit."""

    lesion: str
    proven: bool
    first_seen: int
    day: int


@dataclass(frozen=True)
class Visit:
    name: str
    number: float
    day: int
    targets: dict[str, Reading] = field(default_factory=dict)
    non_targets: dict[str, Finding] = field(default_factory=dict)
    new_lesions: tuple[NewLesion, ...] = ()
    done: bool = True


@dataclass(frozen=True)
class Baseline:
    day: int
    targets: dict[str, Lesion]
    non_targets: dict[str, Lesion]

    @property
    def sum_mm(self) -> Decimal | None:
        if not self.targets:
            return None
        return sum((lesion.mm for lesion in self.targets.values()), Decimal(0))


# ---------------------------------------------------------------------------------------------------
# What follows from it
# ---------------------------------------------------------------------------------------------------


@dataclass
class Assessment:
    """One visit, judged."""

    name: str
    number: float
    sum_mm: Decimal | None
    available_mm: Decimal | None
    nadir_mm: Decimal | None
    target: str
    non_target: str
    new_lesion: bool
    overall: str  # with what was known at the visit
    final: str  # with what became known later
    first_day: int
    last_day: int
    pd_day: int | None  # when the visit shows progression
    date: int = 0


@dataclass(frozen=True)
class Given:
    """A response given by an assessor, without lesions."""

    name: str
    number: float
    day: int
    overall: str


@dataclass
class BestResponse:
    unconfirmed: str
    confirmed: str
    pd_day: int | None
    first_response_day: int | None
    confirmed_response_day: int | None
    eligible: list[float]


def counted_mm(reading: Reading, settings: Settings) -> Decimal | None:
    """The millimetres a target adds to the sum; None when it was not evaluated."""
    if reading.kind == "MEASURED":
        return reading.mm
    if reading.kind == "TTSM":
        return settings.ttsm_default_mm
    if reading.kind == "SPLIT":
        return sum(reading.parts, Decimal(0))
    if reading.kind == "MERGED":
        return Decimal(0)
    return None


def is_gone(lesion_id: str, baseline: Baseline, readings: dict[str, Reading], settings: Settings) -> bool:
    """Whether a target counts as gone: absent, or a node under 10 mm. A merged one goes with its partner."""
    reading = readings[lesion_id]
    if reading.kind == "MERGED":
        return is_gone(reading.into, baseline, readings, settings)
    if reading.kind == "TTSM" and not baseline.targets[lesion_id].nodal:
        return False
    mm = counted_mm(reading, settings)
    return mm < 10 if baseline.targets[lesion_id].nodal else mm == 0


def has_grown(x: Decimal, nadir: Decimal) -> bool:
    return 5 * x >= 6 * nadir and x - nadir >= 5


def judge_targets(
    baseline: Baseline, visit: Visit, nadir: Decimal, after_cr: bool, settings: Settings
) -> tuple[str, Decimal | None, Decimal]:
    """Target response, complete sum (None if a target is missing) and available sum of one visit."""
    seen = {
        lesion_id: visit.targets[lesion_id]
        for lesion_id in baseline.targets
        if lesion_id in visit.targets and visit.targets[lesion_id].kind != "NE"
    }
    # A merged lesion can only be judged with the lesion it went into.
    seen = {i: r for i, r in seen.items() if r.kind != "MERGED" or r.into in seen}
    available = sum((counted_mm(reading, settings) for reading in seen.values()), Decimal(0))
    complete = len(seen) == len(baseline.targets)
    total = available if complete else None
    gone = [is_gone(lesion_id, baseline, seen, settings) for lesion_id in seen]

    if complete and all(gone):
        return CR, total, available
    if has_grown(available, nadir) and (complete or settings.missing_target == "pd_if_proven"):
        return PD, total, available
    if after_cr and settings.reappearance_after_cr == "PD" and not all(gone):
        return PD, total, available
    if not complete:
        return NE, None, available
    if 10 * available <= 7 * baseline.sum_mm:
        return PR, total, available
    return SD, total, available


def finding_state(finding: Finding) -> str:
    if finding.node_mm is not None:
        return "ABSENT" if finding.node_mm < 10 else "PRESENT"
    return finding.state


def judge_non_targets(baseline: Baseline, visit: Visit, after_cr: bool, settings: Settings) -> str:
    states = [
        finding_state(visit.non_targets[lesion_id]) if lesion_id in visit.non_targets else NE
        for lesion_id in baseline.non_targets
    ]
    if PD in states:
        return PD
    if after_cr and settings.reappearance_after_cr == "PD" and "PRESENT" in states:
        return PD
    if NE in states:
        return NE
    if "PRESENT" in states:
        return NON
    return CR


def judge_overall(target: str, non_target: str, new_lesion: bool, done: bool) -> str:
    """RECIST 1.1 tables 1 to 3: with targets, with non-targets only, with no disease at baseline."""
    if target == PD or non_target == PD or new_lesion:
        return PD
    if target == NOT_APPLICABLE and non_target == NOT_APPLICABLE:
        return NED if done else NE
    if target == NOT_APPLICABLE:
        return non_target
    if target == CR and non_target in (NON, NE):
        return PR
    return target


def progression_day(
    visit: Visit, target: str, non_target: str, after_cr: bool, settings: Settings
) -> int | None:
    """The earliest date among the components that show progression at this visit."""
    days: list[int] = []
    if target == PD:
        scans = [reading.day for reading in visit.targets.values() if reading.kind not in (NE, "MERGED")]
        days.append(min(scans) if settings.pd_sum_date == "earliest" else max(scans))
    if non_target == PD:
        progressed = [f.day for f in visit.non_targets.values() if finding_state(f) == PD]
        returned = [f.day for f in visit.non_targets.values() if finding_state(f) == "PRESENT" and after_cr]
        days += progressed or returned
    for lesion in visit.new_lesions:
        if lesion.proven:
            days.append(lesion.first_seen if settings.equivocal_date == "first_seen" else lesion.day)
    return min(days) if days else None


def component_days(visit: Visit) -> list[int]:
    days = [reading.day for reading in visit.targets.values() if reading.kind != "MERGED"]
    days += [finding.day for finding in visit.non_targets.values()]
    days += [lesion.day for lesion in visit.new_lesions]
    return days or [visit.day]


def assess(
    baseline: Baseline | None, visits: Sequence[Visit], settings: Settings | None = None
) -> list[Assessment]:
    """Judge every visit of one subject, in date order; re-date PD when a doubtful lesion is proven."""
    settings = settings or Settings()
    ordered = sorted(visits, key=lambda visit: (max(component_days(visit)), visit.number))
    ordered = date_first_sight_once(ordered)
    nadir = baseline.sum_mm if baseline else None
    last_evaluable: str | None = None
    judged: list[Assessment] = []
    for visit in ordered:
        after_cr = last_evaluable == CR
        target, total, available = NOT_APPLICABLE, None, None
        if baseline and baseline.targets:
            target, total, available = judge_targets(baseline, visit, nadir, after_cr, settings)
        non_target = NOT_APPLICABLE
        if baseline and baseline.non_targets:
            non_target = judge_non_targets(baseline, visit, after_cr, settings)
        new_lesion = any(lesion.proven for lesion in visit.new_lesions)
        overall = judge_overall(target, non_target, new_lesion, visit.done and baseline is not None)
        days = component_days(visit)
        judged.append(
            Assessment(
                name=visit.name, number=visit.number, sum_mm=total, available_mm=available, nadir_mm=nadir,
                target=target, non_target=non_target, new_lesion=new_lesion, overall=overall, final=overall,
                first_day=min(days), last_day=max(days),
                pd_day=progression_day(visit, target, non_target, after_cr, settings),
            )
        )  # fmt: skip
        if total is not None:
            nadir = min(nadir, total)
        if overall != NE:
            last_evaluable = overall
    if settings.equivocal_date == "first_seen":
        redate_proven_lesions(ordered, judged)
    if settings.pr_policy == "eortc_sticky":
        keep_confirmed_pr(judged, settings)
    for assessment in judged:
        assessment.date = response_day(assessment, settings)
    return judged


def date_first_sight_once(visits: Sequence[Visit]) -> list[Visit]:
    """First sight dates the visit that first shows the lesion; a later visit shows it on its own day.

    So the visit of proof stays where it is in time, whatever the visit of first sight becomes.
    """
    shown: set[str] = set()
    dated = []
    for visit in visits:
        lesions = tuple(
            replace(lesion, first_seen=lesion.day) if lesion.lesion in shown else lesion
            for lesion in visit.new_lesions
        )
        shown |= {lesion.lesion for lesion in lesions}
        dated.append(replace(visit, new_lesions=lesions))
    return dated


def redate_proven_lesions(visits: Sequence[Visit], judged: Sequence[Assessment]) -> None:
    """A doubtful lesion that is proven later was a new lesion at every visit that showed it.

    The first of these visits becomes the progression, on the day of first sight.
    """
    proven = {lesion.lesion for visit in visits for lesion in visit.new_lesions if lesion.proven}
    for visit, assessment in zip(visits, judged, strict=True):
        seen = [lesion.first_seen for lesion in visit.new_lesions if lesion.lesion in proven]
        if seen:
            assessment.final = PD
            assessment.pd_day = min(seen if assessment.pd_day is None else [*seen, assessment.pd_day])


def response_day(assessment: Assessment, settings: Settings) -> int:
    if assessment.final == PD:
        return assessment.pd_day
    return assessment.last_day if settings.response_date == "latest" else assessment.first_day


def keep_confirmed_pr(judged: list[Assessment], settings: Settings) -> None:
    """EORTC reading: after a confirmed PR a visit stays PR until progression."""
    confirmed = False
    for index, assessment in enumerate(judged):
        if assessment.final == PD:
            return
        if confirmed and assessment.final == SD:
            assessment.final = PR
        before = [(a.final, response_day(a, settings)) for a in judged[: index + 1]]
        confirmed = confirmed or any(pr_is_confirmed(before, i, settings) for i in range(len(before)))


# ---------------------------------------------------------------------------------------------------
# Best response
# ---------------------------------------------------------------------------------------------------


def one_per_date(assessments: Sequence[Assessment], settings: Settings | None = None) -> list[Assessment]:
    """Of several responses on one date the worst counts (or, by choice, the one entered last)."""
    keeps_last = settings is not None and settings.same_date == "last"
    kept: dict[int, Assessment] = {}
    for assessment in assessments:
        other = kept.get(assessment.date)
        is_worse = other is None or WORST_FIRST.index(assessment.final) < WORST_FIRST.index(other.final)
        if is_worse or keeps_last:
            kept[assessment.date] = assessment
    return [kept[day] for day in sorted(kept)]


def cr_is_confirmed(sequence: Sequence[tuple[str, int]], i: int, settings: Settings) -> bool:
    response, day = sequence[i]
    if response != CR:
        return False
    for j in range(i + 1, len(sequence)):
        between = [r for r, _ in sequence[i + 1 : j]]
        if any(r not in (CR, NE) for r in between) or between.count(NE) > settings.max_ne_between:
            return False
        if sequence[j][0] == CR and sequence[j][1] - day >= settings.confirm_min_days:
            return True
    return False


def pr_is_confirmed(sequence: Sequence[tuple[str, int]], i: int, settings: Settings) -> bool:
    response, day = sequence[i]
    if response != PR:
        return False
    allowed = (PR, CR, NE, SD) if settings.accept_sd_between else (PR, CR, NE)
    for j in range(i + 1, len(sequence)):
        between = [r for r, _ in sequence[i + 1 : j]]
        if any(r not in allowed for r in between):
            return False
        if between.count(NE) > settings.max_ne_between or between.count(SD) > 1:
            return False
        inside = [r for r, _ in sequence[i : j + 1]]
        if CR in inside and PR in inside[inside.index(CR) :]:
            return False
        if sequence[j][0] in (PR, CR) and sequence[j][1] - day >= settings.confirm_min_days:
            return True
    return False


def best_response(
    assessments: Sequence[Assessment], new_therapy: int | None = None, settings: Settings | None = None
) -> BestResponse:
    """Best overall response, with and without confirmation, from judged visits."""
    settings = settings or Settings()
    kept = one_per_date(assessments, settings)
    if settings.new_therapy == "ignore":
        new_therapy = None
    window: list[Assessment] = []
    for assessment in kept:
        if new_therapy is not None and assessment.date > new_therapy:
            break
        window.append(assessment)
        if assessment.final == PD:
            break
    sequence = [(a.final, a.date) for a in window]
    responses = [r for r, _ in sequence]
    stable_late = any(r in (CR, PR, SD) and day >= settings.sd_min_days for r, day in sequence)
    sd_late = any(r == SD and day >= settings.sd_min_days for r, day in sequence)
    non_late = any(r == NON and day >= settings.sd_min_days for r, day in sequence)

    def without_response(is_stable: bool) -> str:
        if is_stable:
            return SD
        if non_late:
            return NON
        if PD in responses:
            return PD
        if responses and all(r == NED for r in responses):
            return NED
        return NE

    unconfirmed = CR if CR in responses else PR if PR in responses else without_response(sd_late)
    confirmed_crs = [i for i in range(len(sequence)) if cr_is_confirmed(sequence, i, settings)]
    confirmed_prs = [i for i in range(len(sequence)) if pr_is_confirmed(sequence, i, settings)]
    confirmed = CR if confirmed_crs else PR if confirmed_prs else without_response(stable_late)

    first = [day for r, day in sequence if r in (CR, PR)]
    first_confirmed = [sequence[i][1] for i in confirmed_crs + confirmed_prs]
    return BestResponse(
        unconfirmed=unconfirmed,
        confirmed=confirmed,
        pd_day=first_progression(kept),
        first_response_day=min(first) if first else None,
        confirmed_response_day=min(first_confirmed) if first_confirmed else None,
        eligible=[a.number for a in window],
    )


def first_progression(kept: Sequence[Assessment]) -> int | None:
    """The date of the first progression, whatever treatment came before it."""
    return next((a.date for a in kept if a.final == PD), None)


def accept_given(given: Sequence[Given], settings: Settings | None = None) -> list[Assessment]:
    """Judge responses that came without lesions: any disease after a complete response is PD there."""
    settings = settings or Settings()
    last_evaluable: str | None = None
    judged: list[Assessment] = []
    for item in sorted(given, key=lambda g: (g.day, g.number)):
        overall = item.overall
        if settings.reappearance_after_cr == "PD" and last_evaluable == CR and overall in (PR, SD, NON):
            overall = PD
        judged.append(
            Assessment(
                name=item.name, number=item.number, sum_mm=None, available_mm=None, nadir_mm=None,
                target=NOT_APPLICABLE, non_target=NOT_APPLICABLE, new_lesion=False, overall=overall,
                final=overall, first_day=item.day, last_day=item.day,
                pd_day=item.day if overall == PD else None, date=item.day,
            )
        )  # fmt: skip
        if overall != NE:
            last_evaluable = overall
    return judged
