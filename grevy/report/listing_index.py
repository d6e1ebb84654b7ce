"""Section 16.2 on paper: one table that says what each listing has, and where its entries stand.

The listings are documents of their own; in the web page each opens its entries. A row here bears the name of
its listing as heading and bookmark, so that a listing is found by its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grevy.report.document import Document, OutputView, Section
from grevy.report.result_rows import ResultRow
from grevy.report.tables import Column, Row, Table, Value, value_of
from grevy.report.words import KIND, PAGE, Words

HEADS = ("of_listing", "of_title", "of_set", "entries", "of_subjects", "of_rule")
COUNTS = ("ENTRIES", "SUBJECTS")


def printed_sections(document: Document) -> list[Section]:
    """The sections as paper has them: the listings as one table."""
    return [_with_index(section, document) for section in document.sections]


def printed_outputs(document: Document) -> list[OutputView]:
    """The outputs as paper has them, in their order."""
    return [output for section in printed_sections(document) for output in section.outputs]


def _with_index(section: Section, document: Document) -> Section:
    listed = [output for output in section.outputs if output.is_listing_of_patients]
    if not any(output.is_listed for output in listed):
        return section
    others = [output for output in section.outputs if not output.is_listing_of_patients]
    return replace(section, outputs=[_index(listed, section.number, document), *others])


def _index(listed: Sequence[OutputView], number: str, document: Document) -> OutputView:
    counts = {(row.output_id, row.row_id): row for row in document.rows if row.row_id in COUNTS}
    kind = KIND["L"]
    return OutputView(
        id=f"L{number}",
        label=Words(f"{kind.en} {number}", f"{kind.zh} {number}"),
        title=PAGE["index_of_listings"],
        set=PAGE["set_of_each"],
        n=None,
        table=Table(
            columns=tuple(Column(name, PAGE[name]) for name in HEADS),
            spanners=(),
            rows=tuple(_row(output, counts, document) for output in listed),
            left_width=1,
            right_width=0,
            percent_width=0,
            is_listing=True,
        ),
        drawings=(),
        notes=(),
        reasons=(),
        abbreviations=None,
        switches=list({s.key: s for output in listed for s in output.switches}.values()),
        empty=None,
    )


def _row(output: OutputView, counts: dict[tuple[str, str], ResultRow], document: Document) -> Row:
    view = document.listings.get(output.id)
    rule = output.empty or (view.rule if view else None)
    found = [counts.get((output.id, name)) for name in COUNTS]
    size = f", N = {output.n.left}" if output.n else ""
    cells = (
        (_say(output.label),),
        (_say(output.title),),
        (_say(Words(output.set.en + size, output.set.zh + size.replace(", ", "，"))),),
        *((value_of(row),) if row else () for row in found),
        (_say(rule),) if rule else (),
    )
    return Row(output.label, cells=cells, stands_for=output.id)


def _say(words: Words) -> Value:
    return Value("", "", -1, words.en, "", is_text=True, zh=words.zh)
