"""The laboratories of the virtual sites: limits of normal, units and analyzers of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import numpy as np

from grevy.rules.units import convert
from grevy.simulate.assumptions import Assumptions
from grevy.simulate.examination_assumptions import LaboratoryTest
from grevy.simulate.site_work import Site, User
from grevy.snapshot.lab_ranges import LabRange

FIRST_DAY = date(2020, 12, 1)


@dataclass(frozen=True)
class Limits:
    """Limits of normal in the standard unit, from a day on."""

    valid_from: date
    low: float
    high: float


@dataclass(frozen=True)
class SiteLaboratory:
    """What one laboratory prints: limits by test and sex, units and the offset of its analyzers by test."""

    site: str
    limits: dict[tuple[str, str], tuple[Limits, ...]]
    units: dict[str, str]
    offsets: dict[str, float]

    def limits_on(self, test: str, sex: str, day: date) -> Limits:
        return [limits for limits in self.limits[test, sex] if limits.valid_from <= day][-1]

    def text(self, test: str, assumed: LaboratoryTest, value: float) -> str:
        """The value as the laboratory prints it: rounded, with the unit of the site."""
        number, unit = in_unit(assumed, value, self.units[test])
        return f"{number} {unit}"


def in_unit(assumed: LaboratoryTest, value: float, unit: str) -> tuple[Decimal, str]:
    standard = Decimal(str(value))
    if unit == assumed.unit:
        return standard.quantize(Decimal(1).scaleb(-assumed.digits)), unit
    other = convert(assumed.target, standard, assumed.unit, unit)
    return other.quantize(Decimal("0.01" if other < 10 else "0.1")), unit


def open_laboratory(seed: int, number: int, site: Site, assumed: Assumptions) -> SiteLaboratory:
    """One stream per site, so that a site more does not move the laboratories of the others."""
    rng, odds = np.random.default_rng([seed, number, 2, 1]), assumed.examinations
    limits: dict[tuple[str, str], tuple[Limits, ...]] = {}
    units, offsets = {}, {}
    for name, test in odds.tests.items():
        own, changes = 1 + 0.03 * float(rng.standard_normal()), rng.random() < odds.limits_changed_share
        change_day = site.active_from + timedelta(days=int(rng.integers(200, 700)))
        for sex in ("F", "M"):
            low, high = limits_of(test, sex)
            first = Limits(FIRST_DAY, low, high * own)
            later = (Limits(change_day, low, high * own * 1.04),) if changes else ()
            limits[name, sex] = (first, *later)
        has_own_unit = test.other_unit and rng.random() < odds.own_unit_share
        units[name] = str(test.other_unit) if has_own_unit else test.unit
        offsets[name] = 1 + odds.analyzer_sd * float(rng.standard_normal())
    return SiteLaboratory(site.code, limits, units, offsets)


def limits_of(test: LaboratoryTest, sex: str) -> tuple[float, float]:
    if sex == "M" and test.low_male is not None and test.high_male is not None:
        return test.low_male, test.high_male
    return test.low, test.high


def lab_ranges(
    laboratories: Sequence[SiteLaboratory],
    sites: Sequence[Site],
    users: Sequence[User],
    end: date,
    assumed: Assumptions,
) -> Iterator[LabRange]:
    """The limits as the sites enter them: on activation, and on the day on which they change."""
    for laboratory, site in zip(laboratories, sites, strict=True):
        by = next(user for user in users if user.site == site.code and user.role == "coordinator")
        for (name, sex), known in laboratory.limits.items():
            test = assumed.examinations.tests[name]
            for limits in known:
                if limits.valid_from > end:
                    continue
                yield LabRange(
                    site=site.code, test=name, sex=sex, age_from=18, age_to=120,
                    valid_from=limits.valid_from, unit=laboratory.units[name],
                    low=in_unit(test, limits.low, laboratory.units[name])[0],
                    high=in_unit(test, limits.high, laboratory.units[name])[0],
                    by=by.name, role=by.role,
                    at=datetime.combine(max(limits.valid_from, site.active_from), time(2), UTC),
                )  # fmt: skip
