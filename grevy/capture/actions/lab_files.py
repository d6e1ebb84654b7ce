"""Importing a hospital's laboratory results: the file kept, its columns mapped, all or nothing saved."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from django.contrib.auth.models import User

from grevy.capture.actions.forms import save_form
from grevy.capture.errors import AgainstPolicy, UnknownPlace
from grevy.capture.hospital_files import Sheet
from grevy.capture.lab_import import ColumnMap, Plan, plan_import
from grevy.capture.ledger import ledger_transaction
from grevy.capture.models import LabFile, LabMapping, Site
from grevy.capture.permissions import check_can
from grevy.capture.words import say
from grevy.definition import Study
from grevy.snapshot import canonical_json


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    records: int
    values: int
    conflicts: int


def keep_lab_file(site: str, sheet: Sheet, *, by: str) -> int:
    """Keep a file that was read, for its owner to map and import; return its number."""
    check_can(by, "save_form", site)
    if not Site.objects.filter(code=site).exists():
        raise UnknownPlace(say("at_site", site=site), say("no_such_site"))
    kept, _ = LabFile.objects.update_or_create(
        user=User.objects.get(username=by),
        site_id=site,
        sha256=sheet.sha256,
        defaults={
            "name": sheet.name[:200],
            "content": canonical_json({"header": sheet.header, "rows": sheet.rows}),
            "kept_at": datetime.now(UTC),
        },
    )
    return int(kept.pk)


def put_lab_file_aside(number: int, *, by: str) -> None:
    """Throw a file of one's own away; nothing was imported from it."""
    LabFile.objects.filter(pk=number, user__username=by).delete()


def sheet_of(kept: LabFile) -> Sheet:
    """The table of a kept file."""
    content = json.loads(kept.content)
    rows = tuple(tuple(row) for row in content["rows"])
    return Sheet(kept.name, kept.sha256, tuple(content["header"]), rows)


def save_lab_mapping(site: str, sheet: Sheet, mapping: ColumnMap, *, by: str) -> None:
    """Keep how this site's layout of columns is read, for the next file like it."""
    check_can(by, "save_form", site)
    LabMapping(
        site_id=site,
        signature=sheet.signature(),
        content=canonical_json(asdict(mapping)),
        by=by,
        at=datetime.now(UTC),
    ).save()


def find_lab_mapping(site: str, sheet: Sheet) -> ColumnMap | None:
    """The mapping last kept for this layout of columns."""
    known = LabMapping.objects.filter(site_id=site, signature=sheet.signature()).order_by("-pk").first()
    return ColumnMap(**json.loads(known.content)) if known else None


def import_lab_file(
    study: Study, site: str, sheet: Sheet, mapping: ColumnMap, *, by: str, today: date
) -> Imported:
    """Save everything that the file adds, in one transaction; nothing if any row has a problem.

    Results that are there already add nothing, so the same file twice changes nothing; results that
    contradict what was entered stay out and were shown. Raises AgainstPolicy, and what `save_form` raises.
    """
    with ledger_transaction() as ledger:
        ledger.role(by, "save_form", site)
        plan = plan_import(study, site, sheet, mapping, today=today)
        if plan.problems:
            why = say("file_has_problems", count=len(plan.problems))
            raise AgainstPolicy(sheet.name, why, say("settle_them"))
        reason = f"Laboratory import, file {sheet.sha256[:12]}"
        for address, values in plan.values.items():
            head = ledger.head(address.record)
            save_form(
                study,
                address,
                {**(head.values if head else {}), **values},
                started_from=head.number if head else 0,
                by=by,
                reason=reason,
                origin="import",
                confirmed=True,
            )
    return _counted(plan)


def _counted(plan: Plan) -> Imported:
    return Imported(len(plan.values), len(plan.added), len(plan.conflicts))
