"""The daily digest: length and last hash of every chain, kept outside the database.

A chain shows what changed inside it; only a copy of its head elsewhere shows that its tail was cut off,
or that
the whole chain was written anew.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from grevy.capture.chain import CHAINS, START
from grevy.capture.models import ChainHead


def write_daily_digest(day: date, folder: Path | str) -> Path:
    """Write the heads of all chains as they are now, under a day's name; return the file.

    A digest is never overwritten: a second one of the same day with other heads gets a number.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    heads = {head.table: {"count": head.seq, "hash": head.hash} for head in ChainHead.objects.all()}
    chains = {table: heads.get(table, {"count": 0, "hash": START}) for table in CHAINS}
    text = json.dumps({"day": day.isoformat(), "chains": chains}, indent=1, sort_keys=True) + "\n"
    number = 1
    while True:
        path = folder / (f"{day.isoformat()}.json" if number == 1 else f"{day.isoformat()}.{number}.json")
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return path
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            number += 1
        else:
            return path
