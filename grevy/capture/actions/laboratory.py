"""Limits of normal of the sites' laboratories."""

from __future__ import annotations

from decimal import Decimal

from grevy.capture.errors import AgainstPolicy, UnknownPlace
from grevy.capture.ledger import ledger_transaction
from grevy.capture.models import LabRange, Site
from grevy.capture.policies import check_reason
from grevy.capture.words import say
from grevy.definition import Study
from grevy.definition.forms import Item
from grevy.definition.words import Text
from grevy.snapshot import LabRange as Limits

SEXES = ("", "F", "M")


def set_lab_range(study: Study, limits: Limits, *, reason: str = "", origin: str = "person") -> None:
    """Add the limits of one test at a site from a day on; earlier limits stay for earlier samples.

    Limits that replace others of the very same day need a reason. Raises NotPermitted, UnknownPlace for a
    site or test that is not there, AgainstPolicy for limits that cannot be.
    """
    with ledger_transaction() as ledger:
        place = say("at_limits", test=limits.test, site=limits.site)
        role = ledger.role(limits.by, "set_lab_range", limits.site)
        if not Site.objects.filter(code=limits.site).exists():
            raise UnknownPlace(say("at_site", site=limits.site), say("no_such_site"))
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


def _find_test(study: Study, place: Text, test: str) -> Item:
    form, _, name = test.partition(".")
    item = study.forms[form].find(name) if form in study.forms else None
    if item is None or item.unit is None:
        raise UnknownPlace(place, say("no_such_test"), say("name_test"))
    return item


def _check_limits(place: Text, item: Item, limits: Limits) -> None:
    units = (str(item.unit), *item.units)
    if limits.unit not in units:
        raise AgainstPolicy(
            place, say("unit_refused", unit=limits.unit), say("allowed", names=", ".join(units))
        )
    if limits.sex not in SEXES:
        raise AgainstPolicy(place, say("sex_refused", sex=limits.sex), say("allowed_sexes"))
    if not 0 <= limits.age_from < limits.age_to:
        ages = say("ages_refused", low=limits.age_from, high=limits.age_to)
        raise AgainstPolicy(place, ages, say("younger_first"))
    if limits.low is None and limits.high is None:
        raise AgainstPolicy(place, say("no_limit"), say("give_limit"))
    if limits.low is not None and limits.high is not None and limits.low >= limits.high:
        raise AgainstPolicy(place, say("limits_crossed"), say("correct_limits"))


def _text(limit: Decimal | None) -> str:
    return "" if limit is None else f"{limit:f}"
