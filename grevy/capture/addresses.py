"""Where a record stands, and its key."""

from __future__ import annotations

from dataclasses import dataclass

from grevy.snapshot import name_record


@dataclass(frozen=True)
class Address:
    """Where a record stands: subject, event and its number, form and its number."""

    subject: str
    event: str
    event_seq: int
    form: str
    form_seq: int = 1

    @property
    def record(self) -> str:
        return name_record(self.subject, self.event, self.event_seq, self.form, self.form_seq)

    @property
    def occasion(self) -> str:
        """The visit that the record belongs to."""
        return f"{self.subject}/{self.event}/{self.event_seq}"


def kind_of_place(scope: str) -> str:
    """How wide a freeze or lock at a place reaches: study, site, subject, visit or record; empty if it is
    none of these."""
    if scope == "study":
        return "study"
    if scope.startswith("site:"):
        return "site"
    return {0: "subject", 2: "visit", 4: "record"}.get(scope.count("/") if scope else -1, "")


def address_of(record: str) -> Address:
    """The address of a record from its key."""
    subject, event, event_seq, form, form_seq = record.split("/")
    return Address(subject, event, int(event_seq), form, int(form_seq))
