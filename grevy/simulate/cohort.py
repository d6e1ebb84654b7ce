"""The virtual cohort: sites open, patients are screened, treated and followed, and everything is entered.

The result is what sites would have typed, as entries in the order of their time, each with author, role, moment
and reason; simulated data go through the same ledger as data of people. The same seed gives the same entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from grevy.simulate.assumptions import Assumptions, load_assumptions
from grevy.simulate.course import Course, simulate_course
from grevy.simulate.patients import Patient, draw, draw_patient
from grevy.simulate.records import (
    Record,
    Writer,
    consent_and_person,
    eligibility,
    end_of_study,
    regimen_decision,
    screening,
    treated_records,
)
from grevy.simulate.site_work import Desk, Site, User, open_sites
from grevy.snapshot.entries import Entry, latest_revisions, number_revisions
from grevy.snapshot.tables import build_form_tables

if TYPE_CHECKING:
    from grevy.definition import Study

START, END = date(2023, 1, 9), date(2026, 1, 31)
SCREEN_FAILURES = {
    "in03": 0.22, "in04": 0.24, "in05": 0.08, "ex01": 0.08, "ex02": 0.10, "ex03": 0.16, "ex05": 0.07, "ex06": 0.05,
}  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """What really happened, for calibration and tests; no site and no analysis sees it."""

    courses: dict[str, Course]
    first_doses: dict[str, date]
    screen_failures: tuple[str, ...]
    never_treated: tuple[str, ...]


@dataclass(frozen=True)
class SimulatedStudy:
    """Sites, their staff, and every save in time order."""

    sites: tuple[Site, ...]
    users: tuple[User, ...]
    entries: list[Entry]
    truth: Truth


@dataclass(frozen=True)
class Candidate:
    """One screened person: where, when, and how far the person comes."""

    site: str
    subject: str
    consent: date
    fate: str


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
    check_size(study, subjects, sites, start, end)
    assumed = assumptions or load_assumptions()
    rng = np.random.default_rng(seed)
    places, users = open_sites(rng, sites, start, assumed.recruitment.last_site_active_after_days)
    truth = Truth({}, {}, (), ())
    entries: list[Entry] = []
    candidates = recruit(rng, places, subjects, start, end, assumed)
    for number, candidate in enumerate(candidates):
        own = np.random.default_rng([seed, number])  # one stream per subject: others do not shift it
        staff = tuple(user for user in users if user.site == candidate.site)
        entries += enter_candidate(own, candidate, staff, end, assumed, truth)
    entries.sort(key=lambda entry: entry.at)
    fates = {fate: tuple(c.subject for c in candidates if c.fate == fate) for fate in ("FAILS", "NEVER_TREATED")}
    truth = Truth(truth.courses, truth.first_doses, fates["FAILS"], fates["NEVER_TREATED"])
    return SimulatedStudy(places, users, entries, truth)


def simulate_tables(study: Study, seed: int, **options) -> dict[str, pa.Table]:
    """The same cohort as form tables as of the data cut, without a database; options as in simulate_study."""
    simulated = simulate_study(study, seed=seed, **options)
    revisions = number_revisions(simulated.entries, study.version)
    as_of = datetime.combine(options.get("end", END), time.max, UTC)
    return build_form_tables(study, latest_revisions(revisions, as_of))


def check_size(study: Study, subjects: int, sites: int, start: date, end: date) -> None:
    """Refuse what cannot be simulated, and a study whose regimens are not those of the assumptions."""
    if subjects < 1 or not 1 <= sites <= 99:
        raise ValueError(f"{subjects} subjects at {sites} sites; allowed: at least 1 subject, 1 to 99 sites.")
    if (end - start).days < 365:
        raise ValueError(f"The study runs from {start} to {end}; allowed: at least 365 days.")
    codes = {regimen.code for regimen in study.regimens}
    if codes != {"MONO", "COMBO"}:
        raise ValueError(f"Study {study.id} has the regimens {sorted(codes)}; the assumptions know MONO and COMBO.")


# ---------------------------------------------------------------------------------------------------------------
# Recruitment
# ---------------------------------------------------------------------------------------------------------------


def recruit(
    rng: np.random.Generator, sites: tuple[Site, ...], subjects: int, start: date, end: date, assumed: Assumptions
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


# ---------------------------------------------------------------------------------------------------------------
# One subject
# ---------------------------------------------------------------------------------------------------------------


def enter_candidate(
    rng: np.random.Generator, candidate: Candidate, staff: tuple[User, ...], end: date, assumed: Assumptions, truth: Truth
) -> list[Entry]:
    """One screened subject from consent to the last entry before the data cut."""
    patient = draw_patient(rng, assumed)
    screening_days = int(rng.integers(5, 22))
    first_dose = candidate.consent + timedelta(days=screening_days)
    writer = Writer(rng, first_dose, assumed)
    days = {"consent": -screening_days, "scan": draw_scan_day(rng, screening_days)}
    days["decision"] = -int(rng.integers(0, min(4, screening_days)))
    if candidate.fate == "TREATED":
        course = simulate_course(rng, patient, (end - first_dose).days, assumed)
        truth.courses[candidate.subject] = course
        truth.first_doses[candidate.subject] = first_dose
        records = treated_records(writer, course, days)
    else:
        records = untreated_records(writer, patient, days, fails=candidate.fate == "FAILS")
    desk = Desk(rng, candidate.site, candidate.subject, staff, first_dose, end, assumed)
    return desk.enter(records)


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
        records.append(screening("eligibility", decision, eligibility(writer, patient, decision, None), "investigator"))
        records.append(screening("regimen_decision", decision, regimen_decision(writer, patient, decision), "investigator"))
        return [*records, end_of_study(writer, decision + 6, "WITHDRAWAL", decision + 6)]
    if writer.rng.random() < 0.12:  # withdrew consent before anything was decided
        return [*records, end_of_study(writer, decision, "WITHDRAWAL", decision)]
    failed = draw(writer.rng, SCREEN_FAILURES)
    records.append(screening("eligibility", decision, eligibility(writer, patient, decision, failed), "investigator"))
    return [*records, end_of_study(writer, decision + 1, "SCREEN_FAILURE", decision)]
