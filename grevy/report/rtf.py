"""Tables and listings as RTF: landscape, one output per section, as medical writers expect them.

Written by hand and not by a library: Chinese faces, rows that must not break and groups that say
"(continued)" are asked for, and the libraries for RTF have none of them (ADR 0010). Breaks of pages are set
here, so that a reader who repeats no head still shows title, head and notes on each page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from itertools import accumulate
from pathlib import Path

from grevy.report.document import Document, OutputView
from grevy.report.grid import Grid, Head, Line, Printed, continued, lay_out
from grevy.report.listing_index import printed_outputs
from grevy.report.listing_views import ListingView, lay_out_listing
from grevy.report.notes import describe_heading, describe_set, list_notes, list_settings
from grevy.report.paging import INDENT, SEAM, Widths, break_head, break_into_pages, measure_columns
from grevy.report.references import SETTINGS, bookmark_of
from grevy.report.rtf_pages import (
    LINE_HEIGHT,
    MARGIN,
    NOTE_LINE_HEIGHT,
    NOTE_SPACE,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    POINTS,
    ROOM,
    TITLE_LINE_HEIGHT,
    TITLE_SPACE,
    TOP,
    TWIPS_PER_MM,
    Note,
    count_row,
    gap_of,
    lines_for_rows,
    measure_for_rtf,
)
from grevy.report.words import PAGE

LATIN, HAN = 0, 1
NEW_PAGE, TITLE = r"\pagebb", r"\outlinelevel0"
PAGE_OF = "\x1a"  # around what a reference leads to, until its page is known: no text has this sign
PAGE_IN_TEXT = re.compile(f"{PAGE_OF}(.+?){PAGE_OF}")
TO_ESCAPE = re.compile(r"[\\{}]")  # what a text of plain signs must still escape
HEAD = (
    r"{\rtf1\ansi\ansicpg1252\uc1\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset134 SimSun;}}"
    r"{\colortbl;\red95\green102\blue112;\red26\green26\blue26;}"
    rf"\paperw{PAGE_WIDTH}\paperh{PAGE_HEIGHT}\landscape\margl{MARGIN}\margr{MARGIN}\margt{TOP}\margb{MARGIN}"
    r"\viewkind1\fs18\cf2"
)


def write_rtf(document: Document, language: str, path: Path) -> Path:
    """Write the tables and listings of a report in one language."""
    outputs = [output for output in printed_outputs(document) if not output.drawings]
    names = [*(output.id for output in outputs), *([SETTINGS] if document.switches else [])]
    parts = [_output(document, output, language, names) for output in outputs]
    if document.switches:
        parts.append(_settings(document, language))
    text = HEAD + "\n" + "\\sect\n".join(_with_pages(names, parts)) + "}\n"
    path.write_bytes(text.encode("ascii"))
    return path


def _with_pages(names: Sequence[str], sections: Sequence[str]) -> list[str]:
    """The sections with a mark where each begins, and in each reference the page of what it leads to."""
    counts = [1 + section.count(NEW_PAGE) for section in sections]
    pages = dict(zip(names, accumulate(counts, initial=1), strict=False))
    return [
        PAGE_IN_TEXT.sub(
            lambda found: _page_reference(found[1], pages[found[1]]),
            section.replace(TITLE, _bookmark(name) + TITLE, 1),
        )
        for name, section in zip(names, sections, strict=True)
    ]


def _bookmark(target: str) -> str:
    name = bookmark_of(target)
    return rf"{{\*\bkmkstart {name}}}{{\*\bkmkend {name}}}"


def write_listings_rtf(document: Document, language: str, path: Path) -> Path:
    """Write the patient listings in one language, one section each."""
    with path.open("w", encoding="ascii", newline="\n") as file:
        file.write(HEAD + "\n")
        shown = [view for view in document.listings.values() if view.subjects]
        for place, view in enumerate(shown):
            file.write("\\sect\n" if place else "")
            file.write(_listing(document, view, language))
        file.write("}\n")
    return path


def _listing(document: Document, view: ListingView, language: str) -> str:
    grid = lay_out_listing(view, language)
    notes = [Note(view.note.in_language(language))] if view.note else []
    body = _pages(grid, view.heading(language), "", notes, language, measure_for_rtf(grid))
    return _section(document, language, body)


# ---- Text ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2**16)  # listings say the same few texts again and again
def escape_text(text: str) -> str:
    """Text for RTF: Han in the Chinese face, every sign that is not ASCII by its number."""
    if text.isascii() and text.isprintable() and not TO_ESCAPE.search(text):
        return text
    runs, face = [], LATIN
    for character in text:
        wanted = HAN if ord(character) > 0x2E7F else LATIN
        if wanted != face:
            runs.append(r"{\f1 " if wanted == HAN else "}")
            face = wanted
        runs.append(_escape_character(character))
    return "".join(runs) + ("}" if face == HAN else "")


def _escape_character(character: str) -> str:
    if character in "\\{}":
        return "\\" + character
    if character == "\n":
        return "\\line "
    if " " <= character <= "~":
        return character
    if character > "\xff" and unicodedata.decomposition(character).startswith("<super>"):
        plain = escape_text(unicodedata.normalize("NFKC", character))  # Arial has raised figures 1 to 3 only
        return rf"{{\super {plain}}}"
    code = character.encode("utf-16-le")
    units = [int.from_bytes(code[i : i + 2], "little", signed=True) for i in range(0, len(code), 2)]
    return "".join(f"\\u{unit}?" for unit in units)


def _bold(text: str) -> str:
    return rf"{{\b {escape_text(text)}}}"


# ---- Sections --------------------------------------------------------------------------------------------


def _section(document: Document, language: str, body: str) -> str:
    """A section with its running head and foot; every output has one of its own."""

    def say(key: str) -> str:
        return PAGE[key].in_language(language)

    colon = "：" if language == "zh" else ": "
    before, between, after = _around_page_numbers(language)
    right = escape_text(f"{say('cutoff')}{colon}{document.cutoff.in_language(language)} | {before}")
    mark = say("simulated") if document.is_simulated else ""
    running_head = f"{document.study_id} | {say('report')}"
    snapshot = f"{say('snapshot')}{colon}{document.snapshot_short}"
    tabs = rf"\tqc\tx{ROOM // 2}\tqr\tx{ROOM}"
    return (
        rf"\sectd\sbkpage\lndscpsxn\pgwsxn{PAGE_WIDTH}\pghsxn{PAGE_HEIGHT}"
        rf"\marglsxn{MARGIN}\margrsxn{MARGIN}\margtsxn{TOP}\margbsxn{MARGIN}\headery720\footery567"
        rf"{{\header\pard\plain\f0\fs16\cf1{tabs}\brdrb\brdrs\brdrw5\brsp40 "
        rf"{escape_text(running_head)}\tab\tab {right}"
        rf"{_field('PAGE')}{escape_text(between)}{_field('NUMPAGES')}"
        rf"{escape_text(after)}\par}}"
        rf"{{\footer\pard\plain\f0\fs16\cf1{tabs}\brdrt\brdrs\brdrw5\brsp40 "
        rf"{escape_text(snapshot)}\tab {escape_text(mark)}"
        rf"\tab {escape_text(document.program)}\par}}"
        f"\n{body}"
    )


def _field(name: str) -> str:
    """A number that the reader's program counts."""
    return rf"{{\field{{\*\fldinst {{\f0\fs16\cf1 {name}}}}}{{\fldrslt {{\f0\fs16\cf1 1}}}}}}"


def _page_reference(target: str, page: int) -> str:
    """The page of a place: as it is broken here, until the reader's program counts anew."""
    return rf"{{\field{{\*\fldinst {{PAGEREF {bookmark_of(target)} \\h}}}}{{\fldrslt {{{page}}}}}}}"


def _around_page_numbers(language: str) -> tuple[str, str, str]:
    before, _, rest = PAGE["page_of"].in_language(language).partition("{page}")
    between, _, after = rest.partition("{pages}")
    return before, between, after


def _output(document: Document, output: OutputView, language: str, printed: Sequence[str]) -> str:
    heading, subtitle = describe_heading(output, language), describe_set(output, language)
    notes = [
        *(Note(reason.in_language(language), letter) for letter, reason in output.reasons),
        *(Note(note) for note in list_notes(output, language)),
    ]
    if output.table is None:
        said = [Note(output.empty.in_language(language))] if output.empty else []
        return _section(document, language, _title(heading, subtitle) + _paragraphs([*said, *notes]))
    grid = lay_out(output.table, language, printed)
    return _section(document, language, _pages(grid, heading, subtitle, notes, language))


def _settings(document: Document, language: str) -> str:
    """The settings of the analysis as a listing of their own."""
    words = [
        PAGE[key].in_language(language) for key in ("meaning", "value", "default", "source", "of_outputs")
    ]
    lines = tuple(
        Line(f"{s.label} ({s.key})", cells=tuple(
            (Printed(text, is_text=True),) for text in (s.value, s.default, s.source, s.outputs)
        ))
        for s in list_settings(document, language)
    )  # fmt: skip
    grid = Grid(
        words[0], tuple(Head(word) for word in words[1:]), (), lines, is_listing=True, percent_width=0
    )
    heading = PAGE["methods"].in_language(language)
    return _section(document, language, _pages(grid, heading, "", [], language))


def _pages(
    grid: Grid,
    heading: str,
    subtitle: str,
    notes: Sequence[Note],
    language: str,
    widths: Widths | None = None,
) -> str:
    """The pages of one table, each with title, head, rows and the notes that these rows need."""
    widths = widths or measure_columns(grid, ROOM / TWIPS_PER_MM, POINTS)
    room = lines_for_rows(grid, widths, continued(heading, language), subtitle, notes)
    pages = break_into_pages(grid, widths, POINTS, room, language, partial(count_row, gap=gap_of(grid)))
    return "".join(
        (
            _title(continued(heading, language), subtitle, on_new_page=True)
            if number
            else _title(heading, subtitle)
        )
        + _table(page, widths)
        + _paragraphs([note for note in notes if not note.mark or note.mark in page.marks])
        for number, page in enumerate(pages)
    )


def _title(heading: str, subtitle: str, *, on_new_page: bool = False) -> str:
    new_page = NEW_PAGE if on_new_page else ""
    space = rf"\sa{TITLE_SPACE}"
    kept = rf"\keepn\sl-{TITLE_LINE_HEIGHT}\slmult0{'' if subtitle else space}"
    below = (
        rf"\pard\plain\f0\fs18\cf1\keepn\sl-{LINE_HEIGHT}\slmult0{space} {escape_text(subtitle)}\par" + "\n"
    )
    title = rf"\pard\plain{new_page}\f0\fs21\cf2{kept}{TITLE} {_bold(heading)}\par" + "\n"
    return title + (below if subtitle else "")


def _paragraphs(notes: Iterable[Note]) -> str:
    layout = rf"\pard\plain\f0\fs16\cf2\sb{NOTE_SPACE}\sl-{NOTE_LINE_HEIGHT}\slmult0 "
    return "".join(
        rf"{'' if place else layout}{_mark(note.mark)}{' ' if note.mark else ''}{escape_text(note.text)}\par"
        + "\n"
        for place, note in enumerate(notes)
    )


# ---- Tables ----------------------------------------------------------------------------------------------

TOP_RULE, BOTTOM_RULE = r"\clbrdrt\brdrs\brdrw16", r"\clbrdrb\brdrs\brdrw16"
HEAD_RULE, SPANNER_RULE = r"\clbrdrb\brdrs\brdrw10", r"\clbrdrb\brdrs\brdrw8"


def _table(grid: Grid, widths: Widths) -> str:
    edges = _edges(widths.all)
    rows = [_spanner_row(grid, edges)] if grid.spanners else []
    rows.append(_head_row(grid, edges, widths, TOP_RULE if not grid.spanners else ""))
    last = len(grid.lines) - 1
    rows += [
        _body_row(line, edges, widths, BOTTOM_RULE if n == last else "", grid)
        for n, line in enumerate(grid.lines)
    ]
    return "".join(rows)


def _edges(widths: Iterable[float]) -> list[int]:
    """The right edge of each column in twips; the last is the edge of the text."""
    edges, place = [], 0.0
    for width in widths:
        place += width
        edges.append(round(place * TWIPS_PER_MM))
    return edges


def _row(
    cells: Sequence[str], borders: Sequence[str], edges: Sequence[int], gap: int, *, is_head: bool = False
) -> str:
    kind = r"\trhdr" if is_head else ""
    definition = "".join(rf"{border}\cellx{edge}" for border, edge in zip(borders, edges, strict=True))
    body = "".join(
        rf"\pard\plain\intbl\sl-{LINE_HEIGHT}\slmult0\f0\fs18\cf2{cell}\cell" + "\n" for cell in cells
    )
    return rf"\trowd\trgaph{gap}\trleft0\trkeep{kind}{definition}" + "\n" + body + r"\row" + "\n"


def _spanner_row(grid: Grid, edges: list[int]) -> str:
    cells, borders, ends, place = [" "], [TOP_RULE], [edges[0]], 0
    for label, width in grid.spanners:
        place += width
        cells.append(rf"\qc {_bold(label)}" if label else " ")
        borders.append(TOP_RULE + (SPANNER_RULE if label else ""))
        ends.append(edges[place])
    return _row(cells, borders, ends, gap_of(grid), is_head=True)


def _head_row(grid: Grid, edges: list[int], widths: Widths, top: str) -> str:
    align = r"\ql" if grid.is_of_words else r"\qc"
    cells = [rf"\ql {_bold(grid.stub)}"] + [
        rf"{align} {_bold(chr(10).join(break_head(head.label, width, POINTS)))}"
        + (rf"\line {escape_text(f'N = {head.n}')}" if head.n else "")
        for head, width in zip(grid.heads, widths.columns, strict=True)
    ]
    return _row(cells, [rf"\clvertalb{top}{HEAD_RULE}"] * len(cells), edges, gap_of(grid), is_head=True)


def _body_row(line: Line, edges: list[int], widths: Widths, rule: str, grid: Grid) -> str:
    space = (r"\sb60" if line.begins_group else "") + (r"\sa30" if rule else "")
    indent = rf"\li{round(INDENT * TWIPS_PER_MM * line.indent)}" if line.indent else ""
    keep = r"\keepn" if line.begins_group else ""
    label = rf"{space}{indent}{keep}\ql " + (
        _bold(line.label) if line.begins_group else escape_text(line.label)
    )
    if line.is_heading:
        return _row([label], [rule], edges[-1:], gap_of(grid))
    if line.stands_for:
        label += _bookmark(line.stands_for)
    cells = [label] + [
        space + _cell(cell, line.is_bold, widths.seams[place], widths.percents[place], grid.is_of_words)
        for place, cell in enumerate(line.cells)
    ]
    return _row(cells, [rule] * len(cells), edges, gap_of(grid))


def _cell(
    cell: tuple[Printed, ...], is_bold: bool, seam: float, percent_width: float, is_of_words: bool
) -> str:
    """The values of a cell: halves meet at a tab, so that decimals stand under each other."""
    if is_of_words or any(value.is_text for value in cell):
        return (r"\ql " if is_of_words else r"\qc ") + r"\line ".join(_words(v) for v in cell)
    first = round(seam * TWIPS_PER_MM)
    percent = any(value.is_percent for value in cell)
    second = round((seam + SEAM + (percent_width if percent else 0)) * TWIPS_PER_MM)
    tabs = rf"\tqr\tx{first}" + (rf"\tqr\tx{second}" if percent else rf"\tx{second}")
    body = r"\line ".join(
        rf"\tab {escape_text(value.left)}"
        + (rf"\tab {_marked(value, value.right)}" if value.right else _mark(value.mark))
        for value in cell
    )
    return tabs + (rf"{{\b {body}}}" if is_bold else rf" {body}")


def _words(value: Printed) -> str:
    """A text; where it names places, with room for their pages, which are known when all are broken."""
    if not value.parts:
        return _marked(value, value.text)
    return "".join(
        escape_text(x) if isinstance(x, str) else f"{PAGE_OF}{x.target}{PAGE_OF}" for x in value.parts
    )


def _marked(value: Printed, text: str) -> str:
    return escape_text(text) + _mark(value.mark)


def _mark(mark: str) -> str:
    return rf"{{\super {mark}}}" if mark else ""
