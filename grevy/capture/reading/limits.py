"""Limits of normal of a site's laboratory for one subject, in the item's own unit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from grevy.capture.models import LabRange, Subject
from grevy.capture.revisions import limits_of
from grevy.definition import Study
from grevy.definition.forms import Item
from grevy.definition.partial_values import read_partial_date
from grevy.rules.units import convert
from grevy.snapshot import LabRange as Limits
from grevy.snapshot import find_range

Pair = tuple[Decimal | None, Decimal | None]
"""Lower and upper limit."""


@dataclass(frozen=True)
class Person:
    """What decides which limits hold for a subject."""

    site: str
    sex: str | None
    birth: date | None

    def age_on(self, day: date) -> int | None:
        """Completed years; where the birth is known only in part, as if it were the first possible day."""
        if self.birth is None:
            return None
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))


def read_person(subject: str, demographics: dict[str, object], site: str | None = None) -> Person:
    """Sex and birth as entered, at the subject's site, which is looked up where it is not given."""
    birth, sex = read_partial_date(demographics.get("birth_date")), demographics.get("sex")
    site = site or Subject.objects.values_list("site_id", flat=True).get(number=subject)
    return Person(site, str(sex) if sex else None, birth[0] if birth else None)


def find_limits(study: Study, person: Person, days: Iterable[tuple[str, date]]) -> dict[str, Pair]:
    """The limits for samples, given as (test, day), the test as `form.item`; without limits, left out."""
    wanted = dict(days)
    found = find_limits_on(study, person, wanted.items())
    return {test: found[test, day] for test, day in wanted.items() if (test, day) in found}


def find_limits_on(
    study: Study, person: Person, days: Iterable[tuple[str, date]], ranges: Ranges | None = None
) -> dict[tuple[str, date], Pair]:
    """As `find_limits`, for many days of the same test; `ranges` where they were read already."""
    wanted = list(days)
    ranges = read_ranges({person.site}) if ranges is None else ranges
    found: dict[tuple[str, date], Pair] = {}
    for test, day in wanted:
        limits = find_range(
            ranges.get((person.site, test), ()),
            site=person.site,
            test=test,
            sex=person.sex,
            age=person.age_on(day),
            on=day,
        )
        form, _, name = test.partition(".")
        item = study.forms[form].find(name)
        if limits is not None and item is not None:
            found[test, day] = (in_unit_of(item, limits, limits.low), in_unit_of(item, limits, limits.high))
    return found


Ranges = dict[tuple[str, str], list[Limits]]
"""The limits of each site and test."""


def read_ranges(sites: Collection[str]) -> Ranges:
    """All limits of some sites' laboratories, in the order in which they were entered."""
    ranges: Ranges = {}
    for row in LabRange.objects.filter(site__in=sites).order_by("seq"):
        ranges.setdefault((row.site, row.test), []).append(limits_of(row))
    return ranges


def in_unit_of(item: Item, limits: Limits, limit: Decimal | None) -> Decimal | None:
    """A limit in the unit that the item is judged in."""
    if limit is None or limits.unit == item.unit or item.test is None:
        return limit
    return convert(item.test, limit, limits.unit, str(item.unit))
