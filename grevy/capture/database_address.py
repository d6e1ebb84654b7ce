"""Where a ledger is: an SQLite file, or an address such as `postgresql://grevy@database/grevy`. No Django."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEMES = ("postgresql://", "postgres://")


def is_postgresql(address: Path | str) -> bool:
    """Whether the text is the address of a PostgreSQL database; anything else is a file."""
    return str(address).startswith(SCHEMES)


def without_password(address: Path | str) -> str:
    """The address as it may be printed."""
    return re.sub(r"^(\w+://[^:/@?]*):[^@/?]*@", r"\1@", str(address))


def postgresql_settings(address: str) -> dict[str, Any]:
    """Django's settings for an address as libpq reads it.

    What the address leaves out comes from PGHOST, PGPASSFILE and the other variables of libpq.
    """
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query))
    settings = {
        "NAME": unquote(parts.path.removeprefix("/")) or options.pop("dbname", ""),
        "USER": unquote(parts.username or "") or options.pop("user", ""),
        "PASSWORD": unquote(parts.password or "") or options.pop("password", ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or "") or options.pop("port", ""),
    }
    return {"ENGINE": "django.db.backends.postgresql", **settings, "OPTIONS": options}
