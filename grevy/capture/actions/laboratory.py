"""Limits of normal of the sites' laboratories."""

from __future__ import annotations

from decimal import Decimal

from grevy.capture.errors import AgainstPolicy, UnknownPlace
from grevy.capture.ledger import ledger_transaction
from grevy.capture.models import LabRange, Site
from grevy.capture.policies import check_reason
from grevy.definition import Study
from grevy.definition.forms import Item
from grevy.snapshot import LabRange as Limits

SEXES = ("", "F", "M")


def set_lab_range(study: Study, limits: Limits, *, reason: str = "", origin: str = "person") -> None:
    """Add the limits of one test at a site from a day on; earlier limits stay for earlier samples.

    Limits that replace others of the very same day need a reason. Raises NotPermitted, UnknownPlace for a
    site or test that is not there, AgainstPolicy for limits that cannot be.
    """
    with ledger_transaction() as ledger:
        place = f"limits of {limits.test} at site {limits.site}"
        role = ledger.role(limits.by, "set_lab_range", limits.site)
        if not Site.objects.filter(code=limits.site).exists():
            raise UnknownPlace(f"site {limits.site}", "there is no such site.")
        _check_limits(place, _find_test(study, place, limits.test), limits)
        same = LabRange.objects.filter(
            site=limits.site, test=limits.test, sex=limits.sex, age_from=limits.age_from,
            age_to=limits.age_to, valid_from=limits.valid_from.isoformat(),
        )  # fmt: skip
        why = check_reason(place, reason) if same.exists() else reason.strip()
        at = ledger.clock(None if origin == "person" else limits.at, origin, LabRange)
        ledger.add(
            LabRange(
                at=at,
                by=limits.by,
                role=role,
                site=limits.site,
                reason=why,
                test=limits.test,
                sex=limits.sex,
                age_from=limits.age_from,
                age_to=limits.age_to,
                valid_from=limits.valid_from.isoformat(),
                unit=limits.unit,
                low=_text(limits.low),
                high=_text(limits.high),
                origin=origin,
            )
        )


def _find_test(study: Study, place: str, test: str) -> Item:
    form, _, name = test.partition(".")
    item = study.forms[form].find(name) if form in study.forms else None
    if item is None or item.unit is None:
        raise UnknownPlace(
            place, "the study has no such test.", "Name it as form.item, such as chemistry.alt."
        )
    return item


def _check_limits(place: str, item: Item, limits: Limits) -> None:
    units = (str(item.unit), *item.units)
    if limits.unit not in units:
        raise AgainstPolicy(place, f"the unit is {limits.unit}.", f"Allowed: {', '.join(units)}.")
    if limits.sex not in SEXES:
        raise AgainstPolicy(place, f"the sex is {limits.sex}.", "Allowed: F, M, or empty for both.")
    if not 0 <= limits.age_from < limits.age_to:
        ages = f"{limits.age_from} to {limits.age_to}"
        raise AgainstPolicy(place, f"the ages are {ages}.", "Give the younger one first, in whole years.")
    if limits.low is None and limits.high is None:
        raise AgainstPolicy(place, "there is no limit.", "Give the lower one, the upper one, or both.")
    if limits.low is not None and limits.high is not None and limits.low >= limits.high:
        raise AgainstPolicy(place, "the lower limit is not below the upper one.", "Correct them.")


def _text(limit: Decimal | None) -> str:
    return "" if limit is None else f"{limit:f}"
