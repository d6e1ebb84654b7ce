"""What the panel beside a form says of one field, or of the whole record: its queries and its review."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grevy.capture.addresses import Address
from grevy.capture.merging import flatten
from grevy.capture.models import FormRevision, Verification
from grevy.capture.permissions import role_that_may, roles_of
from grevy.capture.policies import find_form
from grevy.capture.reading.form_page import query_path
from grevy.capture.reading.queries import list_queries
from grevy.capture.reading.query_inbox import read_threads
from grevy.definition import Study


@dataclass(frozen=True)
class VerifiedLine:
    """The last verification of a field or a record; `holds` as long as what was verified has not changed."""

    by: str
    at: datetime
    revision: int
    holds: bool


def read_panel(study: Study, address: Address, path: str, username: str) -> dict[str, Any]:
    """Queries of the place, unsettled ones first, and what this person may do there."""
    held, site = roles_of(username), address.subject.split("-")[0]
    rows = [
        row
        for row in list_queries(subject=address.subject, form=address.form)
        if row.address == address and query_path(row.item, row.row_key) == path
    ]
    parts = path.split(".")
    item = find_form(study, address).find(f"{parts[0]}.{parts[-1]}" if len(parts) == 3 else path)
    head = FormRevision.objects.filter(record_id=address.record).order_by("-number").first()
    return {
        "address": address,
        "label": item.label if item else None,
        "threads": read_threads(sorted(rows, key=lambda row: not row.who_acts), held),
        "head_number": head.number if head else 0,
        "may_ask": head is not None and role_that_may(held, "open_query", site) is not None,
        "may_verify": head is not None and role_that_may(held, "verify", site) is not None,
        "verified": read_verification(address.record, path, head),
    }


def read_verification(record: str, path: str, head: FormRevision | None) -> VerifiedLine | None:
    """The last verification of a field, by itself or with its record; a change of the value ends it."""
    found = [
        one
        for one in Verification.objects.filter(record_id=record).order_by("-seq")
        if query_path(one.item, one.row_key) in (path, "")
    ]
    if not found or head is None:
        return None
    last = found[0]
    return VerifiedLine(last.by, last.at, last.revision_number, _holds(last, path, head))


def _holds(last: Verification, path: str, head: FormRevision) -> bool:
    if last.revision_number == head.number:
        return True
    if not path:
        return False
    then = FormRevision.objects.get(record_id=last.record_id, number=last.revision_number)
    where = tuple(path.split("."))
    before, now = (flatten(json.loads(row.content)).get(where) for row in (then, head))
    return not head.withdrawn and bool(before == now)
