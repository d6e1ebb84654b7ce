"""The listings of section 16.2 as every format prints them: heads, lines and what stands over a subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grevy.report.abbreviations import find_in_text, say_in_one_line
from grevy.report.grid import Grid, Head, Line, Printed
from grevy.report.words import KIND, PAGE, VALUES, Words
from grevy.results.labels import Label
from grevy.results.listings import Listed

OF_CODES = ("ADSL", "ADRS", "ADTTE")  # without texts as an investigator wrote them
IMPUTED = ("(D)", "(M)", "(Y)")


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
    rule: Words | None  # what is left out
    note: Words | None = None  # the rule, and what codes and signs of the listing mean

    @property
    def is_one_per_subject(self) -> bool:
        """Whether a subject has one line, so that nothing need stand over it."""
        return len(set(self.subjects)) == len(self.subjects)

    def without_lines(self) -> ListingView:
        """The listing as an index names it, without the lines that make it long."""
        return replace(self, subjects=(), records=(), en=(), zh=())

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
    rule = Words(*listing.rule) if listing.rule else None
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
        rule,
        _say_note(listed, rule),
    )


def _say_note(listed: Listed, rule: Words | None) -> Words | None:
    """The rule, the codes of the listing and the marks of imputed dates: those that stand there."""
    told = [rule] if rule else []
    if listed.listing.dataset in OF_CODES:
        texts = (text for column in listed.en for text in set(column))
        heads = (item.label.en for item in listed.listing.items)
        if found := say_in_one_line(find_in_text(" ".join((*heads, *texts)))):
            told.append(found)
    flagged = [column for item, column in zip(listed.listing.items, listed.en, strict=True) if item.flag]
    if any(text.endswith(IMPUTED) for column in flagged for text in column):
        told.append(PAGE["imputed_parts"])
    if not told:
        return None
    return Words(" ".join(words.en for words in told), "".join(words.zh for words in told))


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
