"""Reading the ledger for a snapshot: all revisions and limits of normal up to a moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from grevy.capture.models import FormRevision, LabRange
from grevy.snapshot import LabRange as Limits
from grevy.snapshot import Revision, name_revision

CHUNK = 2000
COLUMNS = (
    "record_id",
    "number",
    "content",
    "by",
    "role",
    "at",
    "reason",
    "origin",
    "withdrawn",
    "study_version",
    "site",
)


def read_revisions(as_of: datetime | None = None) -> Iterator[Revision]:
    """Every revision made at or before a moment (None: all), in the order in which they were added."""
    rows = FormRevision.objects.order_by("seq")
    if as_of is not None:
        rows = rows.filter(at__lte=as_of)
    for row in rows.values_list(*COLUMNS).iterator(chunk_size=CHUNK):
        record, number, content, by, role, at, reason, origin, withdrawn, version, site = row
        subject, event, event_seq, form, form_seq = record.split("/")
        yield Revision(
            site=site,
            subject=subject,
            event=event,
            event_seq=int(event_seq),
            form=form,
            form_seq=int(form_seq),
            values=json.loads(content),
            by=by,
            role=role,
            at=at,
            reason=reason or None,
            origin=origin,
            revision=name_revision(record, number),
            revno=number,
            withdrawn=withdrawn,
            study_version=version,
        )


def read_lab_ranges(as_of: datetime | None = None) -> list[Limits]:
    """Every range entered at or before a moment (None: all), in the order in which they were added."""
    rows = LabRange.objects.order_by("seq")
    if as_of is not None:
        rows = rows.filter(at__lte=as_of)
    return [limits_of(row) for row in rows]


def limits_of(row: LabRange) -> Limits:
    """A stored range as the analysis takes it."""
    return Limits(
        site=row.site,
        test=row.test,
        sex=row.sex,
        age_from=row.age_from,
        age_to=row.age_to,
        valid_from=date.fromisoformat(row.valid_from),
        unit=row.unit,
        low=Decimal(row.low) if row.low else None,
        high=Decimal(row.high) if row.high else None,
        by=row.by,
        role=row.role,
        at=row.at,
    )
