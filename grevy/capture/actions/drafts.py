"""Drafts: what a person has typed and not saved. No part of the ledger: nothing here waits for its lock."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from grevy.capture.errors import UnknownPlace
from grevy.capture.merging import Values
from grevy.capture.models import Draft, FormRevision, Subject
from grevy.capture.permissions import check_can
from grevy.capture.policies import Address, check_items_are_known, find_form
from grevy.capture.words import say
from grevy.definition import Study
from grevy.snapshot import canonical_json, key_rows


def keep_draft(
    study: Study, address: Address, values: Values, *, started_from: int, by: str, sequence: int | None = None
) -> datetime | None:
    """Keep what a person is typing, unchecked and for nobody else; return the moment, None if it came late.

    `sequence` grows with each draft that a browser sends: milliseconds since 1970, and at least one more
    than the last, so that windows of one person share an order (None: the server's clock). A draft that
    arrives after a later one, or after the person's own save of what it was typed for, is left out.
    """
    form = find_form(study, address)
    check_can(by, "save_form", _site_of(address.subject))
    values = key_rows(values)
    check_items_are_known(form, values, address.record)
    order = time.time_ns() // 1_000_000 if sequence is None else sequence
    mine = {"user": User.objects.get(username=by), "record_key": address.record}
    content = {
        "content": canonical_json(values),
        "started_from": started_from,
        "kept_at": datetime.now(UTC),
        "sequence": order,
    }
    own_saves = FormRevision.objects.filter(record_id=address.record, number__gt=started_from, by=by)
    if not own_saves.exists() and _store(mine, content):
        if not own_saves.exists():  # asked again: a save that ended in between had no draft to remove
            return content["kept_at"]
        Draft.objects.filter(**mine, sequence=order).delete()
    return None


def _site_of(subject: str) -> str:
    site = Subject.objects.filter(number=subject).values_list("site_id", flat=True).first()
    if site is None:
        raise UnknownPlace(say("at_subject", subject=subject), say("no_such_subject"), say("create_first"))
    return site


def _store(mine: dict[str, object], content: dict[str, object]) -> bool:
    """Store a draft unless there is a newer one; tried again when another begins at the same moment."""
    return _replace(mine, content) or _begin(mine, content) or _replace(mine, content)


def _replace(mine: dict[str, object], content: dict[str, object]) -> bool:
    """One statement, so that of two drafts at once the one with the higher number stands."""
    return bool(Draft.objects.filter(**mine, sequence__lte=content["sequence"]).update(**content))


def _begin(mine: dict[str, object], content: dict[str, object]) -> bool:
    try:
        with transaction.atomic():
            Draft.objects.create(**mine, **content)
    except IntegrityError:
        return False  # there is one: it is newer, or came at the same moment
    return True


def read_draft(address: Address, *, by: str) -> Draft | None:
    """The person's own draft of a record; there is no way to read another's."""
    return Draft.objects.filter(user__username=by, record_key=address.record).first()


def discard_draft(address: Address, *, by: str) -> bool:
    """Throw the person's own draft away; True if there was one."""
    deleted, _ = Draft.objects.filter(user__username=by, record_key=address.record).delete()
    return deleted > 0
