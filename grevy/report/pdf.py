"""The report as PDF/A: one file per language, set by Typst from the same description as the page.

Fonts come from packages and never from the machine, the date of the file is the data cut-off: the same
snapshot gives the same bytes. PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) are checked by the compiler,
which refuses what does not conform.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib.resources import as_file, files
from itertools import accumulate, groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from grevy.report.document import Document, OutputView
from grevy.report.grid import Grid, Line, Printed, continued, lay_out
from grevy.report.listing_index import printed_sections
from grevy.report.notes import describe_heading, describe_set, list_notes, list_reasons, list_settings
from grevy.report.paging import (
    LEAST_ROWS,
    UPRIGHT_ROOM,
    break_evenly,
    count_block,
    measure_columns,
    needs_own_widths,
    stands_across,
)
from grevy.report.references import SETTINGS
from grevy.report.svg import as_print, text_width
from grevy.report.words import PAGE

STANDARDS: list[Any] = ["a-2a", "ua-1"]
UNTAGGED: list[Any] = ["a-2b"]
FAMILIES = "Source Sans Pro, Noto Sans CJK SC"
POINTS = 8.5
WIDE_ROOM = 257.0  # mm between the margins of A4, across
FONTS = (
    ("font_source_sans_pro", "files/SourceSansPro-Regular.otf"),
    ("font_source_sans_pro", "files/SourceSansPro-Semibold.otf"),
    ("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc"),
    ("noto_cjk_sans_jp_bold", "NotoSansCJKjp-Bold.otf"),  # has all regions: the language chooses the shapes
)


def write_pdf(document: Document, language: str, path: Path) -> Path:
    """Write the report in one language."""
    path.write_bytes(compile_pages(describe_pages(document, language), document.date))
    return path


def compile_pages(
    pages: dict[str, Any], date: dt.date, *, template: bytes | None = None, is_tagged: bool = True
) -> bytes:
    """Set the pages; a warning of the compiler (a missing font) is a failure, not a line in a log."""
    moment = dt.datetime.combine(date, dt.time(), tzinfo=dt.UTC)
    with open_compiler() as compiler:
        text = _spell_out_what_no_face_has(json.dumps(pages, ensure_ascii=False), compiler)
        made, warnings = compiler.compile_with_warnings(
            template or read_template("report.typ"),
            format="pdf",
            sys_inputs={"document": text},
            pdf_standards=STANDARDS if is_tagged else UNTAGGED,
            timestamp=moment,
            pdf_tags=is_tagged,
        )
    if warnings:
        raise ValueError("\n".join(str(warning.diagnostic) for warning in warnings))
    return made if isinstance(made, bytes) else b"".join(made or [])


MISSING = re.compile('the text .*?`"(.+?)"`.* could not be displayed')
PROBE = b'#set text(font: ("Source Sans Pro", "Noto Sans CJK SC"), fallback: false)\n#sys.inputs.text'


def _spell_out_what_no_face_has(text: str, compiler: typst.Compiler) -> str:
    """Write a character that no face can draw as its plain form or its code point: never as an empty box.

    The compiler refuses PDF/A with a missing glyph and names it, so it is asked with all distinct characters.
    """
    rare = {character for character in text if ord(character) > 0x7E}
    while rare:
        try:
            compiler.compile(
                PROBE, format="pdf", sys_inputs={"text": " ".join(sorted(rare))}, pdf_standards=["a-2b"]
            )
        except typst.TypstError as error:
            found = MISSING.search(error.message)
            if found is None:
                raise
            for character in rare & set(found[1]):
                text = text.replace(character, _plain(character))
                rare.remove(character)
        else:
            break
    return text


def _plain(character: str) -> str:
    """A superscript or a ligature by its plain letters, all else by its code point."""
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain.isascii() and plain != character else f"[U+{ord(character):04X}]"


def read_template(name: str) -> bytes:
    """A template of pages, by its file name."""
    return (files("grevy.report") / "resources" / name).read_bytes()


@contextmanager
def open_compiler() -> Iterator[typst.Compiler]:
    """A compiler that knows exactly the faces that are used.

    The packages hold each face twice, and which one is found first would be the file system's choice.
    """
    with TemporaryDirectory() as folder, ExitStack() as held:
        for package, name in FONTS:
            face = held.enter_context(as_file(files(package) / name))
            (Path(folder) / face.name).symlink_to(face)
        yield typst.Compiler(font_paths=[folder], ignore_system_fonts=True)


# ---- What the template reads -----------------------------------------------------------------------------


def describe_pages(document: Document, language: str) -> dict[str, Any]:
    """The report in one language as the template reads it: texts, lengths of texts, drawings."""

    def say(key: str, **values: object) -> str:
        return PAGE[key].filled(**values).in_language(language) if values else PAGE[key].in_language(language)

    title = document.title.in_language(language)
    printed = {*(output.id for output in document.outputs), *([SETTINGS] if document.switches else [])}
    outputs = [
        {
            **_output(output, language, printed),
            "section": section.heading.in_language(language) if not place else "",
        }
        for section in printed_sections(document)
        for place, output in enumerate(section.outputs)
    ]
    return {
        "language": language,
        "title": title,
        "date": [document.date.year, document.date.month, document.date.day],
        "running_head": f"{document.study_id} | {document.kind.in_language(language)}",
        "cutoff": document.cutoff.in_language(language),
        "snapshot": document.snapshot_short,
        "program": document.program,
        "mark": say("simulated") if document.is_simulated else "",
        "mark_long": say("simulated_long") if document.is_simulated else "",
        "how_to_read": document.preface.in_language(language),
        "facts": [
            (say("study"), f"{document.study_id}, {document.study_version.in_language(language)}"),
            (say("cutoff"), document.cutoff.in_language(language)),
            (say("snapshot"), document.snapshot_id),
            (say("program"), document.program),
        ],
        "words": {
            name: say(name)
            for name in (
                "contents", "cutoff", "snapshot", "methods", "meaning", "value",
                "default", "source", "changed", "remarks", "remarks_intro",
            )
        } | {"methods_intro": say("methods_intro_print"),
            "page": say("page_of", page="{page}", pages="{pages}"), "outputs": say("of_outputs"),
            "report": document.kind.in_language(language), "colon": "：" if language == "zh" else ": "},
        "outputs": [*outputs, *_data_of_figures(document, language)],
        "settings": [setting._asdict() for setting in list_settings(document, language)],
        "remarks": [remark.in_language(language) for remark in document.remarks],
    }  # fmt: skip


def _output(output: OutputView, language: str, printed: Collection[str] = ()) -> dict[str, Any]:
    heading = describe_heading(output, language)
    grid = lay_out(output.table, language, printed) if output.table and not output.drawings else None
    return {
        "id": output.id,
        "heading": heading,
        "again": continued(heading, language),
        "set": describe_set(output, language),
        "wide": bool(grid and stands_across(grid)),
        "empty": output.empty.in_language(language) if output.empty else "",
        "drawings": [
            {"svg": as_print(str(d.in_language(language)), FAMILIES), "alt": d.alt.in_language(language)}
            for d in output.drawings
        ],
        "table": _grid(grid, language) if grid else None,
        "reasons": list_reasons(output, language),
        "notes": list_notes(output, language),
    }


def _data_of_figures(document: Document, language: str) -> list[dict[str, Any]]:
    """The plotted values as tables, after all outputs: long, and needed by few readers."""
    found = []
    for output in document.outputs:
        if not output.table or not output.drawings or output.has_long_data:
            continue
        page = _output(replace(output, drawings=[]), language)
        figure = output.label.in_language(language)
        heading = PAGE["figure_data"].filled(figure=figure).in_language(language)
        found.append(page | {
            "id": f"{output.id}-data", "heading": heading, "again": continued(heading, language),
            "section": "" if found else PAGE["plotted"].in_language(language), "notes": [],
        })  # fmt: skip
    return found


# ---- Tables ----------------------------------------------------------------------------------------------


def _grid(grid: Grid, language: str) -> dict[str, Any]:
    return {
        "stub": grid.stub,
        "heads": [
            {"label": head.label, "n": head.n, "lines": break_evenly(head.label, POINTS)}
            for head in grid.heads
        ],
        "spanners": grid.spanners,
        "listing": grid.is_of_words,
        "widest": _widest_halves(grid),
        "widest_percent": _longest(v.right for v in grid.printed if v.is_percent),
        "longest_label": _longest(line.label for line in grid.lines),
        "widest_label": max(
            (line.label for line in grid.lines if not line.is_heading),
            key=lambda label: text_width(label, POINTS),
            default="",
        ),
        "own_widths": needs_own_widths(grid),
        "shares": _shares(grid),
        "lines": [
            {**_line(line, is_group, before, language), "held": held}
            for line, is_group, before, held in zip(grid.lines, *_arrange(grid), strict=True)
        ],
    }


def _arrange(grid: Grid) -> tuple[list[bool], list[bool], list[int]]:
    """For each line: whether it begins a group, comes after one that it does not belong to, is held together.

    A line with numbers and nothing below it is a row like others: a head without rows breaks the compiler.
    """
    following = [*(line.begins_group for line in grid.lines), True][1:]
    groups = [
        line.is_heading or (line.begins_group and not next_begins)
        for line, next_begins in zip(grid.lines, following, strict=True)
    ]
    ended, inside = [], False
    for line, is_group in zip(grid.lines, groups, strict=True):
        ended.append(inside and not is_group and line.indent == 0)
        inside = is_group or (inside and line.indent > 0)
    return groups, ended, _hold_together(groups, ended, [line.indent for line in grid.lines])


def _hold_together(groups: list[bool], ended: list[bool], indents: list[int]) -> list[int]:
    """For each row, how many rows from it on must stay on one page; 0 inside such a block.

    A row holds what is told under it, a visit its mean; the first two and the last two rows of a group stay
    together, so that none stands alone at a break.
    """
    held: list[int] = []
    blocks = accumulate(ended)
    for (begins_group, _), lines in groupby(
        zip(groups, blocks, indents, strict=True), key=lambda line: line[:2]
    ):
        rows = [indent for *_, indent in lines]
        for count in [len(rows)] if begins_group else _part(rows):
            held += [0 if begins_group else count] + [0] * (count - 1)
    return held


def _part(indents: list[int]) -> list[int]:
    """The rows of a group as blocks between which a page may end: how many rows each has."""
    counts, place = [], 0
    while place < len(indents):
        counts.append(count_block(indents[place:]))
        place += counts[-1]
    if len(indents) < 2 * LEAST_ROWS:
        return [len(indents)]
    while counts[0] < LEAST_ROWS:
        counts[:2] = [sum(counts[:2])]
    while counts[-1] < LEAST_ROWS:
        counts[-2:] = [sum(counts[-2:])]
    return counts


def _line(line: Line, is_group: bool, ends_group: bool, language: str) -> dict[str, Any]:
    return {
        "label": line.label,
        "stands_for": line.stands_for,
        "title": line.title if line.stands_for else "",
        "again": continued(line.label, language),
        "indent": line.indent,
        "heading": line.is_heading,
        "bold": line.is_bold,
        "group": is_group,
        "ends_group": ends_group,
        "cells": [[_value(value) for value in cell] for cell in line.cells],
    }


def _value(value: Printed) -> dict[str, Any]:
    printed = {
        "left": value.left, "right": value.right, "percent": value.is_percent, "text": value.is_text,
        "mark": value.mark,
    }  # fmt: skip
    if value.parts:
        printed["parts"] = [
            part if isinstance(part, str) else {"page_of": part.target} for part in value.parts
        ]
    return printed


def _widest_halves(grid: Grid) -> list[tuple[str, str]]:
    """The longest left and right half of each column; figures are of equal width, so length tells width."""
    halves: list[tuple[str, str]] = []
    for place in range(len(grid.heads)):
        values = [v for line in grid.lines if line.cells for v in line.cells[place] if not v.is_text]
        halves.append((_longest(v.left for v in values), _longest(v.right for v in values)))
    return halves


def _shares(grid: Grid) -> list[float]:
    """The widths of columns of words: dates and codes stay whole, what lacks is taken from long texts."""
    if not grid.is_of_words:
        return []
    widths = measure_columns(grid, WIDE_ROOM if stands_across(grid) else UPRIGHT_ROOM, POINTS)
    return [round(width, 1) for width in widths.all]


def _longest(texts: Sequence[str] | Any) -> str:
    return max(texts, key=len, default="")
