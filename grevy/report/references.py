"""Where an item of a checklist is answered: places by their names, and in print the page each begins on.

A result row says the names; which output is meant comes from the item of the checklist itself. Pages are the
format's to count: it prints the number, or leaves it to the reader's program as a field.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from grevy.report.result_rows import ResultRow
from grevy.report.words import PAGE, Words
from grevy.results.checklist_items import METHODS
from grevy.results.checklists import CHECKLISTS, PLACE, WHERE, name_place, places_of

DRAFT = "DRAFT:"
SETTINGS = METHODS
WIDEST_PAGE = "000"
KIND_AND_NUMBER = re.compile(r"^(\w+) (\S+)$")  # not parted at the end of a line


class Place(NamedTuple):
    """One place: its name, and what stands there (an output, the settings, a chapter of the draft)."""

    name: Words
    target: str


class PageOf(NamedTuple):
    """The number of a page, which the format counts."""

    target: str


def read_places(row: ResultRow) -> tuple[Place, ...]:
    """The places that a row of a checklist names; none where an older list said something else."""
    if row.operation != PLACE or row.column_id != WHERE.id:
        return ()
    items = {item.number: item for item in CHECKLISTS.get(row.output_id, ())}
    if row.row_id not in items:
        return ()
    places = tuple(Place(Words(*name_place(x)), x) for x in places_of(items[row.row_id]))
    names = ", ".join(place.name.en for place in places)
    return places if names == row.value_text else ()


def write_out(places: Sequence[Place], language: str, printed: Collection[str]) -> tuple[str | PageOf, ...]:
    """The names of the places; behind each that is printed in this document, the page it begins on."""
    before, _, after = PAGE["on_page"].in_language(language).partition("{page}")
    parts: list[str | PageOf] = []
    for number, place in enumerate(places):
        if number:
            parts.append("、" if language == "zh" else ", ")
        parts.append(KIND_AND_NUMBER.sub("\\1\u00a0\\2", place.name.in_language(language)))
        if place.target in printed:
            parts += [before, PageOf(place.target), after]
    return tuple(parts)


def measure_out(parts: Sequence[str | PageOf]) -> str:
    """The text with the widest numbers, for formats that must know widths before pages."""
    return "".join(WIDEST_PAGE if isinstance(part, PageOf) else part for part in parts)


def bookmark_of(target: str) -> str:
    """The name of a place as bookmarks of RTF and DOCX may be called."""
    kind = "part_" if target.startswith(DRAFT) else "out_"
    return kind + re.sub(r"[^A-Za-z0-9]", "_", target.removeprefix(DRAFT))
