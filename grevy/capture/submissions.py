"""Exactly-once saves: the answer that each save got, by the key its browser made for it.

A network that is cut after the server stored and before the browser heard of it makes the browser send again.
The key tells the server that it is the same save, so the first answer is given again.

The answers are no link of the hash chains. They say nothing about a patient that the revision they name does
not say, and no answer can change what is stored: if one is lost, a save that is sent again counts as a new
one, which merges or clashes in sight of its author. In the chains they would double the hashing of each save,
and fill with the network's troubles what an inspector reads. They stay all the same: triggers refuse to
change them.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from grevy.capture.errors import AgainstPolicy
from grevy.capture.merging import FieldPath, Values
from grevy.capture.models import Submission
from grevy.capture.words import say
from grevy.snapshot import canonical_json, name_revision

KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True)
class Saved:
    """What a save made: the revision, and the fields another person had changed in between."""

    revision: str
    number: int
    merged: tuple[FieldPath, ...] = ()


@dataclass(frozen=True)
class Request:
    """One save as the browser sent it, under the key that it made for it."""

    key: str
    record: str
    by: str
    values: Values
    started_from: int
    reason: str | None

    def content_hash(self) -> str:
        """Tells the same save from another one under the same key."""
        text = canonical_json([self.values, self.started_from, self.reason or ""])
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def find_saved(request: Request) -> Saved | None:
    """The answer this very save got before; None if it is new. A key used for another save is refused."""
    if not KEY.fullmatch(request.key):
        raise AgainstPolicy(request.record, say("save_key_shape"))
    known = Submission.objects.filter(key=request.key).first()
    if known is None:
        return None
    if (known.record_key, known.by, known.content_hash) != (
        request.record,
        request.by,
        request.content_hash(),
    ):
        raise AgainstPolicy(request.record, say("save_key_used"), say("open_and_save"))
    merged = tuple(tuple(path) for path in json.loads(known.merged))
    return Saved(name_revision(known.record_key, known.number), known.number, merged)


def keep_saved(request: Request | None, saved: Saved) -> Saved:
    """Keep the answer with the save, in its transaction; a save without a key leaves none."""
    if request:
        Submission(
            key=request.key,
            record_key=request.record,
            by=request.by,
            content_hash=request.content_hash(),
            number=saved.number,
            merged=canonical_json(saved.merged),
            at=datetime.now(UTC),
        ).save()
    return saved
