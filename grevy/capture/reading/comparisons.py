"""The comparison of two kept reports, as `grevy compare` wrote it, for the page in one language."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from grevy.capture.addresses import Address, address_of

CELLS_A_PAGE = 50
FACTS = ("cutoff", "snapshot_id", "study_version", "definition", "program")


@dataclass(frozen=True)
class Entry:
    """A form revision that only one of the snapshots has; `moved` are item, value before and after."""

    address: Address
    number: int
    by: str
    role: str
    at: datetime
    reason: str
    is_first: bool
    is_withdrawn: bool
    moved: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Cell:
    """A number that reads otherwise; an empty text where a report does not have it."""

    output: str
    title: str
    row: str
    column: str
    before: str
    after: str
    causes: tuple[str, ...]
    settings: tuple[str, ...]
    joined: tuple[str, ...]
    left: tuple[str, ...]
    entries: tuple[Entry, ...]
    entry_count: int

    @property
    def more(self) -> int:
        return self.entry_count - len(self.entries)


@dataclass(frozen=True)
class Comparison:
    """One page of what differs, with the facts that differ for all of it."""

    facts: tuple[tuple[str, str, str], ...]
    settings: tuple[tuple[str, str, str], ...]
    compared: int
    not_compared: tuple[str, ...]
    points: tuple[tuple[str, int], ...]
    revisions: int
    outputs: tuple[tuple[str, str, int], ...]
    count: int
    cells: tuple[Cell, ...]
    page: int
    pages: int

    @property
    def page_numbers(self) -> range:
        return range(1, self.pages + 1)


@lru_cache(maxsize=4)
def _read(path: Path) -> dict[str, Any]:
    """A comparison is written once and stays."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def read_comparison(path: Path, language: str, *, output: str = "", page: int = 1) -> Comparison:
    """A page of the changed numbers, of all outputs or of one."""
    found, side = _read(path), 1 if language == "zh" else 0
    titles = {name: both[side] for name, both in found["titles"].items()}
    counts = Counter(cell["output_id"] for cell in found["cells"])
    chosen = [cell for cell in found["cells"] if not output or cell["output_id"] == output]
    pages = max((len(chosen) - 1) // CELLS_A_PAGE + 1, 1)
    page = min(max(page, 1), pages)
    shown = chosen[(page - 1) * CELLS_A_PAGE : page * CELLS_A_PAGE]
    return Comparison(
        facts=tuple(_differing(found)),
        settings=tuple((key, old or "", new or "") for key, (old, new) in found["settings"].items()),
        compared=found["compared"],
        not_compared=tuple(found["not_compared"]),
        points=tuple(found["points"].items()),
        revisions=found["new_revisions"],
        outputs=tuple((name, titles.get(name, ""), n) for name, n in counts.items()),
        count=len(found["cells"]),
        cells=tuple(_cell(cell, titles, found["entries"], side) for cell in shown),
        page=page,
        pages=pages,
    )


def _differing(found: Mapping[str, Any]) -> Any:
    for name in FACTS:
        before, after = (str(found[side].get(name) or "") for side in ("before", "after"))
        if before != after:
            yield name, _short(before), _short(after)


def _short(value: str) -> str:
    """Of a hash as much as tells it from another."""
    return value[:12] if len(value) == 64 else value


def _cell(cell: Mapping[str, Any], titles: Mapping[str, str], entries: Mapping[str, Any], side: int) -> Cell:
    return Cell(
        output=cell["output_id"],
        title=titles.get(cell["output_id"], ""),
        row=cell["row"][side],
        column=cell["column"][side],
        before=cell["before"][side] if cell["before"] else "",
        after=cell["after"][side] if cell["after"] else "",
        causes=tuple(cell["causes"]),
        settings=tuple(cell["settings"]),
        joined=tuple(cell["joined"]),
        left=tuple(cell["left"]),
        entries=tuple(_entry(entries[name], side) for name in cell["entries"]),
        entry_count=cell["entry_count"],
    )


def _entry(entry: Mapping[str, Any], side: int) -> Entry:
    return Entry(
        address=address_of(entry["record"]),
        number=int(entry["revision"].rpartition("#")[2]),
        by=entry["by"],
        role=entry["role"],
        at=datetime.fromisoformat(entry["at"]),
        reason=entry["reason"] or "",
        is_first=entry["is_first"],
        is_withdrawn=entry["is_withdrawn"],
        moved=tuple(
            (one["item"][side], *(one[when][side] if one[when] else "" for when in ("before", "after")))
            for one in entry["moved"]
        ),
    )
