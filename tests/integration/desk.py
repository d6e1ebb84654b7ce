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
