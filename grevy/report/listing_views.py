"""The listings of section 16.2 as every format prints them: heads, lines and what stands over a subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grevy.report.grid import Grid, Head, Line, Printed
from grevy.report.words import KIND, PAGE, VALUES, Words
from grevy.results.labels import Label
from grevy.results.listings import Listed


@dataclass(frozen=True)
class ListingView:
    """One listing: a text per line, column and language, and the records behind each line."""

    id: str
    label: Words
    title: Words
    dataset: str
    heads: Sequence[Words]
    subjects: Sequence[str]
    records: Sequence[tuple[int, ...]]
    en: Sequence[Sequence[str]]
    zh: Sequence[Sequence[str]]
    over: Mapping[str, Words]
    rule: Words | None

    @property
    def is_one_per_subject(self) -> bool:
        """Whether a subject has one line, so that nothing need stand over it."""
        return len(set(self.subjects)) == len(self.subjects)

    def texts(self, language: str) -> Sequence[Sequence[str]]:
        return self.zh if language == "zh" else self.en

    def heading(self, language: str) -> str:
        return f"{self.label.in_language(language)}\u2003{self.title.in_language(language)}"


def view_listings(listings: Mapping[str, Listed], subjects: Mapping[str, Label]) -> dict[str, ListingView]:
    """Every listing with the words around it."""
    over = {name: Words(*label) for name, label in subjects.items()}
    return {name: _view(listed, over) for name, listed in listings.items()}


def _view(listed: Listed, over: Mapping[str, Words]) -> ListingView:
    listing = listed.listing
    kind = KIND["L"]
    number = listing.id[1:]
    return ListingView(
        listing.id,
        Words(f"{kind.en} {number}", f"{kind.zh} {number}"),
        Words(*listing.title),
        listing.dataset,
        [Words(*item.label) for item in listing.items],
        listed.subjects,
        listed.records,
        listed.en,
        [_translate(en, zh) for en, zh in zip(listed.en, listed.zh, strict=True)],
        over,
        Words(*listing.rule) if listing.rule else None,
    )


def _translate(en: Sequence[str], zh: Sequence[str]) -> Sequence[str]:
    """Rules and other texts that data sets carry in English, in the words of the report."""
    known = {text: VALUES[text].zh for text in set(en) if len(text) > 3 and text in VALUES}
    if not known:
        return zh
    return [known.get(a, b) if a == b else b for a, b in zip(en, zh, strict=True)]


def lay_out_listing(view: ListingView, language: str) -> Grid:
    """The lines under their subjects; a subject with one line stands in the first column."""
    texts = view.texts(language)
    heads = [head.in_language(language) for head in view.heads]
    rows = list(zip(*texts, strict=True)) if texts else []
    if view.is_one_per_subject:
        lines = [Line(name, cells=_cells(row)) for name, row in zip(view.subjects, rows, strict=True)]
        stub = PAGE["subject"].in_language(language)
        return _grid(stub, heads, lines)
    lines, before = [], None
    for name, row in zip(view.subjects, rows, strict=True):
        if name != before:
            lines.append(Line(view.over[name].in_language(language), is_heading=True))
            before = name
        lines.append(Line(row[0], indent=1, cells=_cells(row[1:])))
    return _grid(heads[0], heads[1:], lines)


def _cells(texts: Sequence[str]) -> tuple[tuple[Printed, ...], ...]:
    return tuple((Printed(text, is_text=True),) for text in texts)


def _grid(stub: str, heads: Sequence[str], lines: Sequence[Line]) -> Grid:
    return Grid(stub, tuple(Head(head) for head in heads), (), tuple(lines), is_listing=True, percent_width=0)
