"""What tests of the ledger use by name: the repository, another database, saving the short way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from grevy.definition import Study

ROOT = Path(__file__).parents[2]


def database_beside(address: str, name: str) -> str:
    """The address of another database of the same PostgreSQL server."""
    return urlsplit(address)._replace(path=f"/{name}").geturl()


def log_in(client: Any, name: str, language: str = "en") -> Any:
    """The client as this person, in this language."""
    from django.contrib.auth.models import User

    client.force_login(User.objects.get(username=name))
    client.cookies["grevy_language"] = language
    return client


@dataclass(frozen=True)
class Desk:
    """Saves forms the short way; each address stands at screening."""

    study: Study
    subject: str

    def address(self, form: str, event: str = "SCREENING", event_seq: int = 1, form_seq: int = 1) -> Any:
        from grevy.capture.policies import Address

        return Address(self.subject, event, event_seq, form, form_seq)

    def save(
        self, form: str, values: dict[str, Any], started_from: int = 0, *, by: str = "crc01", **more: Any
    ) -> Any:
        from grevy.capture.actions import save_form

        place = {key: more.pop(key) for key in ("event", "event_seq", "form_seq") if key in more}
        return save_form(
            self.study, self.address(form, **place), values, started_from=started_from, by=by, **more
        )

    def values(self, form: str, event: str = "SCREENING") -> dict[str, Any]:
        from grevy.capture.ledger import ledger_transaction

        with ledger_transaction() as ledger:
            head = ledger.head(self.address(form, event).record)
            return head.values if head else {}

    def name_places(self, **others: object) -> dict[str, object]:
        """A value for each part of the addresses, with a query of the monitor's; all of site 01.

        A new part of an address gets its example here, for every test that asks all addresses.
        """
        from grevy.capture.actions import open_query
        from grevy.capture.models import QueryMessage

        query = open_query(self.address("demographics"), "Is it right", by="monitor", item="ecog")
        return {
            "subject": self.subject,
            "event": "SCREENING",
            "event_seq": 1,
            "form": "demographics",
            "form_seq": 1,
            "site": "01",
            "query": QueryMessage.objects.get(query_id=query, number=1).seq,
            "batch": "B1",
            "job": "0" * 32,
            "report": "20260101-000000-000000",
            "file": "report.html",
            "number": 1,
            "username": "crc01",
            **others,
        }
