"""Why the ledger refuses: each refusal says where, what was found, what is allowed. Values stay out of logs.

`str(refusal)` never carries a value that was entered; `refusal.details` does, for the person who entered it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grevy.capture.words import say
from grevy.definition.words import Text


class Refused(Exception):
    """Something was refused and nothing was written.

    `where` is a record's key, which is the same in both languages, or words.
    """

    def __init__(self, where: str | Text, why: Text, what_to_do: Text | None = None) -> None:
        self.where = where.en if isinstance(where, Text) else where
        self.where_in_words = where if isinstance(where, Text) else Text(en=where, zh=where)
        self.why, self.what_to_do = why, what_to_do
        super().__init__(f"{self.where}: {' '.join(part.en for part in self.parts)}")

    @property
    def parts(self) -> tuple[Text, ...]:
        return (self.why,) if self.what_to_do is None else (self.why, self.what_to_do)

    def told(self, language: str) -> str:
        """Why, and what to do, for the reader of a page."""
        if language == "zh":
            return "".join(part.zh for part in self.parts)
        told = " ".join(part.en for part in self.parts)
        return told[:1].upper() + told[1:]

    def told_with_place(self, language: str) -> str:
        """The same where the page does not show the place already."""
        if language == "zh":
            return f"{self.where_in_words.zh}：{self.told(language)}"
        return str(self)


class NotPermitted(Refused):
    """The person has no role that may do this here."""


class AgainstPolicy(Refused):
    """The person may, but not now: the state of the subject or record does not allow it."""


class OpenQueries(AgainstPolicy):
    """What is to be locked has open queries."""


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

    def __init__(self, where: str | Text, details: tuple[Finding, ...]) -> None:
        self.details = details
        items = ", ".join(sorted({finding.item for finding in details}))
        why = say("values_refused", count=len(details), items=items)
        super().__init__(where, why, say("correct_them"))


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
        why = say("changed_between", name=fields[0].their_name, fields=names)
        super().__init__(where, why, say("choose_each"))
