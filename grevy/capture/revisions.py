"""Reading the ledger for a snapshot: all revisions up to a moment, in chunks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from grevy.capture.models import FormRevision
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
