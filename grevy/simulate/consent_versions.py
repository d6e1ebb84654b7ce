"""Versions of the informed consent form: which one a site uses on a day, and who has to sign again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from grevy.simulate.assumptions import Assumptions
from grevy.simulate.conduct_assumptions import ConsentVersion
from grevy.simulate.course import Course
from grevy.simulate.health import Health
from grevy.simulate.records import Record, State, Writer

RECENT_DAYS = 60  # as long after a new version the old one is still lying about


def approved_on(version: ConsentVersion, site: str) -> date:
    """The day on which a site may use a version: its ethics committee needs up to ten weeks."""
    return version.valid_from + timedelta(days=int(site) * 37 % 70)


def versions_on(assumed: Assumptions, site: str, day: date) -> list[ConsentVersion]:
    """The versions that a site has had up to a day; the last one is in force."""
    return [version for version in assumed.consent_versions if approved_on(version, site) <= day]


def version_signed(writer: Writer, consent_day: int) -> str:
    """The version in force; soon after a change some patients are given the old form."""
    day = writer.first_dose + timedelta(days=consent_day)
    known = versions_on(writer.assumed, writer.site, day)
    is_new = len(known) > 1 and (day - approved_on(known[-1], writer.site)).days < RECENT_DAYS
    if is_new and writer.rng.random() < writer.assumed.deviations.old_consent_form_signed:
        return known[-2].version
    return known[-1].version


@dataclass(frozen=True)
class Signature:
    """A version that a treated patient has to sign on study: due from `due`, signed on `day`, if ever."""

    version: str
    reason: str
    due: int
    day: int | None


def signatures(health: Health, course: Course, site: str, consent_day: int, signed: str) -> list[Signature]:
    """Every version to be signed on study: the right one after a wrong one, and those that came later."""
    odds, rng = health.assumed.deviations, health.rng
    at_consent = versions_on(health.assumed, site, health.date(consent_day))
    asked: list[Signature] = []
    if at_consent[-1].version != signed:
        day = consent_day + 7 + int(rng.exponential(10))
        asked.append(Signature(at_consent[-1].version, "CORRECTION", consent_day, day))
    for version in health.assumed.consent_versions[len(at_consent) :]:
        due = (approved_on(version, site) - health.first_dose).days
        never, wait = (
            rng.random() < odds.consent_again_never,
            3 + int(rng.exponential(odds.consent_again_after_days)),
        )
        if due <= course.last_treated:
            asked.append(Signature(version.version, str(version.reason), due, None if never else due + wait))
    return asked


def consents_again(health: Health, course: Course, asked: list[Signature]) -> Iterator[Record]:
    """The forms of re-consent; who leaves before signing signs nothing."""
    signed = [one for one in asked if one.day is not None and one.day <= course.observed_until]
    for number, one in enumerate(signed, 1):
        assert one.day is not None
        values = {"consent_date": health.text(one.day), "consent_version": one.version, "reason": one.reason}
        yield Record("LOG", 1, "reconsent", number, (State(one.day, values),))
