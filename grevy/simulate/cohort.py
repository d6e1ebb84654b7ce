"""The virtual cohort: sites open, patients are screened, treated and followed, and everything is entered.

The result is what sites would have typed, as entries in the order of their time, each with author, role,
moment and reason; simulated data go through the same ledger as data of people. Same seed, same entries.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from grevy.simulate.assumptions import Assumptions, load_assumptions
from grevy.simulate.consent_versions import consents_again, signatures
from grevy.simulate.contradictions import Planted, plant_contradictions
from grevy.simulate.course import Course
from grevy.simulate.deviations import Conduct, deviations
from grevy.simulate.follow_up_records import end_of_study, treated_records
from grevy.simulate.health import Health
from grevy.simulate.patients import Patient, draw, draw_patient
from grevy.simulate.procedures import procedures
from grevy.simulate.queries import SPONSOR, QueryEvent, simulate_queries
from grevy.simulate.records import Record, Writer
from grevy.simulate.screen_failures import draw_cause, lesions_not_measurable
from grevy.simulate.screening_records import consent_and_person, decisions, eligibility, screening
from grevy.simulate.site_laboratories import SiteLaboratory, lab_ranges, open_laboratory
from grevy.simulate.site_work import Desk, Site, User, open_sites
from grevy.simulate.treated_patient import simulate_course
from grevy.simulate.visits import examination_records, plan_cycles
from grevy.snapshot.entries import Entry, latest_revisions, number_revisions
from grevy.snapshot.lab_ranges import LAB_RANGES, LabRange, build_lab_range_table, latest_ranges
from grevy.snapshot.tables import build_form_tables

if TYPE_CHECKING:
    from grevy.definition import Study

START, END = date(2023, 1, 9), date(2026, 1, 31)


@dataclass(frozen=True)
class Truth:
    """What really happened, for calibration and tests; no site and no analysis sees it."""

    courses: dict[str, Course]
    first_doses: dict[str, date]
    screen_failures: tuple[str, ...]
    never_treated: tuple[str, ...]


@dataclass(frozen=True)
class SimulatedStudy:
    """Sites, their staff, every save in time order, and the limits of normal of the sites' laboratories."""

    sites: tuple[Site, ...]
    users: tuple[User, ...]
    entries: list[Entry]
    truth: Truth
    lab_ranges: list[LabRange] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    queries: list[QueryEvent] = field(default_factory=list)


@dataclass(frozen=True)
class Candidate:
    """One screened person: where, when, and how far the person comes."""

    site: str
    subject: str
    consent: date
    fate: str


@dataclass(frozen=True)
class Screened:
    """A candidate as a patient: days of screening counted from the first dose, and the course if treated."""

    rng: np.random.Generator
    candidate: Candidate
    patient: Patient
    first_dose: date
    days: dict[str, int]
    course: Course | None


def simulate_study(
    study: Study,
    *,
    seed: int,
    subjects: int = 350,
    sites: int = 14,
    start: date = START,
    end: date = END,
    assumptions: Assumptions | None = None,
) -> SimulatedStudy:
    """`subjects` enrolled patients (and the screen failures beside them) at `sites` hospitals up to `end`."""
    check_regimens(study)
    assumed = assumptions or load_assumptions()
    places, users, screened = screen_and_treat(seed, subjects, sites, start, end, assumed)
    entries: list[Entry] = []
    for one in screened:
        entries += enter_records(one, users, end, assumed)
    laboratories = [open_laboratory(seed, number, site, assumed) for number, site in enumerate(places)]
    by_site = {laboratory.site: laboratory for laboratory in laboratories}
    entered: dict[str, list[Entry]] = {}
    for entry in entries:
        entered.setdefault(entry.subject, []).append(entry)
    for number, one in enumerate(screened):
        # Streams of their own: what is examined, done besides or found by a monitor moves no course.
        streams = np.random.default_rng([seed, number, 1]), np.random.default_rng([seed, number, 4, 1])
        known = entered.get(one.candidate.subject, [])
        entries += enter_examinations(
            study, streams, one, by_site[one.candidate.site], known, users, end, assumed
        )
    entries.sort(key=lambda entry: entry.at)
    entries, planted = plant_contradictions(entries, seed=seed, end=end)
    ranges = list(lab_ranges(laboratories, places, users, end, assumed))
    queries = simulate_queries(study, entries, planted, users, seed=seed, end=end)
    people = users + SPONSOR
    return SimulatedStudy(places, people, entries, truth_of(screened), ranges, planted, queries)


def simulate_truth(
    *,
    seed: int,
    subjects: int = 350,
    sites: int = 14,
    start: date = START,
    end: date = END,
    assumptions: Assumptions | None = None,
) -> Truth:
    """The courses behind `simulate_study` with the same seed, without what the sites make of them."""
    assumed = assumptions or load_assumptions()
    return truth_of(screen_and_treat(seed, subjects, sites, start, end, assumed)[2])


def simulate_tables(study: Study, seed: int, **options: Any) -> dict[str, pa.Table]:
    """The same cohort as form tables as of the data cut, without a database; options as in simulate_study."""
    simulated = simulate_study(study, seed=seed, **options)
    revisions = number_revisions(simulated.entries, study.version)
    as_of = datetime.combine(options.get("end", END), time.max, UTC)
    tables = build_form_tables(study, latest_revisions(revisions, as_of))
    return tables | {LAB_RANGES: build_lab_range_table(latest_ranges(simulated.lab_ranges, as_of))}


def screen_and_treat(
    seed: int, subjects: int, sites: int, start: date, end: date, assumed: Assumptions
) -> tuple[tuple[Site, ...], tuple[User, ...], list[Screened]]:
    check_size(subjects, sites, start, end)
    rng = np.random.default_rng(seed)
    places, users = open_sites(rng, sites, start, assumed.recruitment.last_site_active_after_days)
    candidates = recruit(rng, places, subjects, start, end, assumed)
    # One stream per subject, so that a change in one patient does not shift the others.
    streams = (np.random.default_rng([seed, number]) for number in range(len(candidates)))
    screened = [follow(own, one, end, assumed) for own, one in zip(streams, candidates, strict=True)]
    return places, users, screened


def truth_of(screened: list[Screened]) -> Truth:
    treated = [one for one in screened if one.course is not None]
    return Truth(
        courses={one.candidate.subject: one.course for one in treated},
        first_doses={one.candidate.subject: one.first_dose for one in treated},
        screen_failures=tuple(x.candidate.subject for x in screened if x.candidate.fate == "FAILS"),
        never_treated=tuple(x.candidate.subject for x in screened if x.candidate.fate == "NEVER_TREATED"),
    )


def check_regimens(study: Study) -> None:
    """Refuse a study whose regimens are not those that the assumptions know."""
    codes = {regimen.code for regimen in study.regimens}
    if codes != {"MONO", "COMBO"}:
        found = f"Study {study.id} has the regimens {sorted(codes)}"
        raise ValueError(f"{found}; the assumptions know MONO and COMBO.")


def check_size(subjects: int, sites: int, start: date, end: date) -> None:
    if subjects < 1 or not 1 <= sites <= 99:
        raise ValueError(f"{subjects} subjects at {sites} sites; allowed: at least 1 subject, 1 to 99 sites.")
    if (end - start).days < 365:
        raise ValueError(f"The study runs from {start} to {end}; allowed: at least 365 days.")


# ------------------------------------------------------------------------------------------------------
# Recruitment
# ------------------------------------------------------------------------------------------------------


def recruit(
    rng: np.random.Generator,
    sites: tuple[Site, ...],
    subjects: int,
    start: date,
    end: date,
    assumed: Assumptions,
) -> list[Candidate]:
    """Everybody who signs consent, in the order of the day; numbers are given by the site at screening."""
    plan = assumed.recruitment
    failures = round(subjects * plan.screen_failure_share / (1 - plan.screen_failure_share))
    total = subjects + failures
    close = start + timedelta(days=int(plan.recruiting_share_of_study * (end - start).days))
    shares = np.array([site.share for site in sites])
    chosen = rng.choice(len(sites), total, p=shares / shares.sum())
    consents = [draw_consent(rng, sites[index].active_from, close) for index in chosen]
    fates = np.array(["FAILS"] * failures + ["TREATED"] * subjects, dtype=object)
    fates[failures:][rng.random(subjects) < plan.never_treated_share] = "NEVER_TREATED"
    rng.shuffle(fates)
    order = sorted(range(total), key=lambda i: (consents[i], i))
    numbers: dict[str, int] = {}
    candidates = []
    for i in order:
        code = sites[chosen[i]].code
        numbers[code] = numbers.get(code, 0) + 1
        candidates.append(Candidate(code, f"{code}-{numbers[code]:03d}", consents[i], str(fates[i])))
    return candidates


def draw_consent(rng: np.random.Generator, active: date, close: date) -> date:
    day = active + timedelta(days=int(rng.integers(5, max((close - active).days, 6))))
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


# ------------------------------------------------------------------------------------------------------
# One subject
# ------------------------------------------------------------------------------------------------------


def follow(rng: np.random.Generator, candidate: Candidate, end: date, assumed: Assumptions) -> Screened:
    """One screened subject, with the whole course up to the data cut if treated."""
    patient = draw_patient(rng, assumed)
    screening_days = int(rng.integers(5, 22))
    first_dose = candidate.consent + timedelta(days=screening_days)
    days = {"consent": -screening_days, "scan": draw_scan_day(rng, screening_days)}
    days["decision"] = -int(rng.integers(0, min(4, screening_days)))
    course = None
    if candidate.fate == "TREATED":
        course = simulate_course(rng, patient, (end - first_dose).days, assumed)
    return Screened(rng, candidate, patient, first_dose, days, course)


def enter_records(one: Screened, users: tuple[User, ...], end: date, assumed: Assumptions) -> list[Entry]:
    """All saves of one subject from consent to the last one before the data cut."""
    writer = Writer(one.rng, one.first_dose, assumed, one.candidate.site)
    if one.course is not None:
        records = treated_records(writer, one.course, one.days)
    else:
        records = untreated_records(writer, one.patient, one.days, fails=one.candidate.fate == "FAILS")
    site, subject = one.candidate.site, one.candidate.subject
    staff = tuple(user for user in users if user.site == site)
    return Desk(one.rng, site, subject, staff, one.first_dose, end, assumed).enter(records)


def enter_examinations(
    study: Study,
    streams: tuple[np.random.Generator, np.random.Generator],
    one: Screened,
    laboratory: SiteLaboratory,
    entered: list[Entry],
    users: tuple[User, ...],
    end: date,
    assumed: Assumptions,
) -> list[Entry]:
    """Saves of all examinations of one subject, beside the records that are entered already."""
    if not entered:
        return []
    rng, besides = streams
    values = {entry.form: entry.values for entry in entered}
    judged, is_treated = values.get("eligibility", {}), one.course is not None
    cause = draw_cause(besides, judged, is_treated=is_treated, assumed=assumed)
    health = Health(rng, one.patient, one.course, one.first_dose, laboratory, assumed, {}, cause)
    cycle_days = plan_cycles(study, health)
    records = examination_records(study, health, one.days, cycle_days)
    if one.course is not None:
        signed = str(values["informed_consent"]["consent_version"])
        records += conduct_records(study, replace(health, rng=besides), one, records, cycle_days, signed)
    staff = tuple(user for user in users if user.site == one.candidate.site)
    desk = Desk(rng, one.candidate.site, one.candidate.subject, staff, one.first_dose, end, assumed)
    return desk.add(records, entered)


def conduct_records(
    study: Study,
    health: Health,
    one: Screened,
    records: list[Record],
    cycle_days: dict[int, int],
    signed: str,
) -> list[Record]:
    """Procedures, consent to new versions, and the deviations that follow from all the records."""
    assert one.course is not None
    asked = signatures(health, one.course, one.candidate.site, one.days["consent"], signed)
    conduct = Conduct(study, health, one.course, records, cycle_days, one.days["scan"], asked)
    return [
        *procedures(health, one.course, one.days["consent"], one.days["decision"]),
        *consents_again(health, one.course, asked),
        *deviations(conduct),
    ]


def draw_scan_day(rng: np.random.Generator, screening_days: int) -> int:
    """Baseline scan: after consent, or a routine scan shortly before it; rarely more than 28 days old."""
    if rng.random() < 0.02:
        return -int(rng.integers(29, 36))
    return -int(rng.integers(1, min(screening_days + 4, 27)))


def untreated_records(writer: Writer, patient: Patient, days: dict[str, int], *, fails: bool) -> list[Record]:
    """Screen failures, and the few who were eligible and changed their mind before the first dose."""
    records = list(consent_and_person(writer, patient, days["consent"]))
    decision = days["decision"]
    if not fails:
        records += decisions(writer, patient, decision, is_treated=False)
        return [*records, end_of_study(writer, decision + 6, "WITHDRAWAL", decision + 6)]
    odds = writer.assumed.screen_failures
    if writer.rng.random() < odds.withdrawn_share:  # before anything was decided
        return [*records, end_of_study(writer, decision, "WITHDRAWAL", decision)]
    failed = draw(writer.rng, odds.criteria)
    if failed == "in03":
        day = min(days["scan"], decision)
        lesions = lesions_not_measurable(writer, patient, day)
        records.append(screening("baseline_lesions", day, lesions, "investigator"))
    judged = eligibility(writer, patient, decision, failed)
    records.append(screening("eligibility", decision, judged, "investigator"))
    return [*records, end_of_study(writer, decision + 1, "SCREEN_FAILURE", decision)]
