"""Why the ledger refuses: each refusal says where, what was found, what is allowed. Values stay out of logs.

`str(refusal)` never carries a value that was entered; `refusal.details` does, for the person who entered it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grevy.definition.words import Text


class Refused(Exception):
    """Something was refused and nothing was written."""

    def __init__(self, where: str, why: str, what_to_do: str = "") -> None:
        self.where, self.why, self.what_to_do = where, why, what_to_do
        super().__init__(
            ": ".join(part for part in (where, " ".join(p for p in (why, what_to_do) if p)) if part)
        )


class NotPermitted(Refused):
    """The person has no role that may do this here."""


class AgainstPolicy(Refused):
    """The person may, but not now: the state of the subject or record does not allow it."""


class UnknownPlace(Refused):
    """There is no such event, form, item, subject or record."""


class ReasonMissing(Refused):
    """A change after the first save has no reason (ICH E6(R3) 4.2.2)."""


@dataclass(frozen=True)
class Finding:
    """One problem with an item; the message is for the person at the form and may repeat the value.

    `record` names another record where the value brings the problem about.
    """

    form: str
    item: str
    message: Text
    record: str = ""


class ValuesRefused(Refused):
    """Values that cannot be: wrong type, unknown code or item, outside the hard range, or against a hard
    check."""

    def __init__(self, where: str, details: tuple[Finding, ...]) -> None:
        self.details = details
        items = ", ".join(sorted({finding.item for finding in details}))
        super().__init__(where, f"{len(details)} problems in {items}.", "Correct them; nothing was saved.")


class ConfirmationNeeded(ValuesRefused):
    """Unusual values that may be right: correct them, or confirm them with a note."""


@dataclass(frozen=True)
class FieldClash:
    """One field that two people changed differently since the revision both had seen."""

    field: tuple[str, ...]
    base: Any
    mine: Any
    theirs: Any
    their_name: str
    their_time: datetime
    their_reason: str


class Clash(Refused):
    """Somebody else saved other values into the same fields in between; nothing was written, nothing is
    lost."""

    def __init__(
        self,
        where: str,
        my_name: str,
        my_time: datetime,
        fields: tuple[FieldClash, ...],
        *,
        head: int = 0,
        started_from: int = 0,
        mine: Mapping[str, Any] | None = None,
    ) -> None:
        self.my_name, self.my_time, self.fields = my_name, my_time, fields
        self.head, self.started_from, self.mine = head, started_from, mine or {}
        names = ", ".join(".".join(clash.field) for clash in fields)
        super().__init__(
            where, f"changed by {fields[0].their_name} in between: {names}.", "Choose a value for each."
        )
