"""The listings as documents of their own: PDF and RTF.

The PDF is PDF/A-2b without tags: they would make 30,000 lines six times as large and take half as long
again. Who needs a structure to read by finds every listing in the web page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grevy.report.document import Document
from grevy.report.grid import Grid
from grevy.report.listing_pages import PADDING, PagedListing, is_surely_one_line, page_listing, texts_of
from grevy.report.pdf import compile_pages, read_template
from grevy.report.words import PAGE

LINES_OF_PAGE = {"en": 41.0, "zh": 40.0}  # of 8 point type, with the head


def write_listings_pdf(document: Document, language: str, path: Path) -> Path:
    """Write section 16.2 in one language."""
    pages = describe_listings(document, language)
    template = read_template("listings.typ")
    path.write_bytes(compile_pages(pages, document.date, template=template, is_tagged=False))
    return path


def describe_listings(document: Document, language: str) -> dict[str, Any]:
    """The listings in one language as the template reads them."""

    def say(key: str, **values: object) -> str:
        return PAGE[key].filled(**values).in_language(language) if values else PAGE[key].in_language(language)

    paged = [page_listing(view, language, LINES_OF_PAGE[language]) for view in document.listings.values()]
    return {
        "language": language,
        "title": document.title.in_language(language),
        "subtitle": say("listings"),
        "date": [document.date.year, document.date.month, document.date.day],
        "running_head": f"{document.study_id} | {say('listings')}",
        "cutoff": document.cutoff.in_language(language),
        "snapshot": document.snapshot_short,
        "program": document.program,
        "mark": say("simulated") if document.is_simulated else "",
        "mark_long": say("simulated_long") if document.is_simulated else "",
        "how_to_read": say("how_to_read_listings"),
        "facts": [
            (say("study"), f"{document.study_id}, {document.study_version.in_language(language)}"),
            (say("cutoff"), document.cutoff.in_language(language)),
            (say("snapshot"), document.snapshot_id),
            (say("program"), document.program),
        ],
        "words": {name: say(name) for name in ("contents", "cutoff", "snapshot")}
        | {
            "page": say("page_of", page="{page}", pages="{pages}"),
            "colon": "：" if language == "zh" else ": ",
        },
        "padding": PADDING,
        "listings": [_listing(listing, language) for listing in paged if listing.view.subjects],
    }


def _listing(paged: PagedListing, language: str) -> dict[str, Any]:
    view = paged.view
    heading = view.heading(language)
    pages = [_lines(page) for page in paged.pages]
    return {
        "heading": heading,
        "again": PAGE["continued"].filled(what=heading).in_language(language),
        "heads": paged.heads,
        "widths": [round(width, 2) for width in paged.widths.all],
        "note": view.note.in_language(language) if view.note else "",
        "pages": pages,
        # Whether a line is surely one of text: to measure them all takes a fifth of the time.
        "known": [
            [not isinstance(line, str) and is_surely_one_line(line, paged.widths) for line in page]
            for page in pages
        ],
    }


def _lines(page: Grid) -> list[str | list[str]]:
    """A line of cells, or the text over a subject."""
    return [line.label if line.is_heading else texts_of(line) for line in page.lines]
