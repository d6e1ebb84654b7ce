"""What a reader of the documents sees, read back from the files: texts, and where each character stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import numpy as np
import pypdfium2
from docx.oxml.ns import qn

from grevy.report.document import Document, OutputView
from grevy.report.grid import Line, lay_out
from grevy.report.listing_index import printed_outputs

LANGUAGES = ("en", "zh")


def without_blanks(text: str) -> str:
    """Text as a sequence of signs: where a line breaks is the format's business."""
    return re.sub(r"[\s\u200b\ufffe]+", "", text)


def read_line(line: Line) -> str:
    """A row of a table as it must stand in any document: label, then each value with its mark."""
    values = [f"{value.text}{value.mark}" for cell in line.cells for value in cell]
    return without_blanks("".join([line.label, *values]))


def lines_of(output: OutputView, language: str) -> Iterator[str]:
    if output.table:
        yield from (read_line(line) for line in lay_out(output.table, language).lines)


def outputs_with_tables(document: Document) -> list[OutputView]:
    """In the order of print: the data of figures come last."""
    tables = [output for output in printed_outputs(document) if output.table]
    return sorted(tables, key=lambda output: bool(output.drawings))


PAGES = re.compile(r"\(p\.(?:\d+|…)?\)|（第(?:\d+|…)?页）")


def find_missing(outputs: list[OutputView], language: str, text: str) -> list[str]:
    """The rows that do not stand in the text in their order."""
    missing, place = [], 0
    text = PAGES.sub("", text)  # behind the names of places: no part of a result
    for output in outputs:
        for line in lines_of(output, language):
            found = text.find(line, place)
            if found < 0:
                missing.append(f"{output.id}: {line}")
            else:
                place = found + len(line)
    return missing


# ---- PDF -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """One page: its text, and the box of each visible character in points from the lower left."""

    text: str
    width: float
    height: float
    characters: list[str]
    boxes: np.ndarray


@dataclass(frozen=True)
class Pdf:
    pages: list[Page]
    bookmarks: list[tuple[int, str]]
    starts: dict[str, int]  # the page, counted from 1, to which a bookmark leads
    metadata: dict[str, str]

    @property
    def text(self) -> str:
        return without_blanks("".join(page.text for page in self.pages))


def read_pdf(path: Path) -> Pdf:
    file = pypdfium2.PdfDocument(path)
    bookmarks = [(mark.level, mark.get_title()) for mark in file.get_toc()]
    starts = {mark.get_title(): mark.get_dest().get_index() + 1 for mark in file.get_toc()}
    return Pdf([_read_page(page) for page in file], bookmarks, starts, file.get_metadata_dict())


def _read_page(page: pypdfium2.PdfPage) -> Page:
    text = page.get_textpage()
    count = text.count_chars()
    whole = text.get_text_range(0, count) if count else ""
    characters, boxes = [], []
    for place in range(count):
        character = chr(pypdfium2.raw.FPDFText_GetUnicode(text.raw, place))
        left, bottom, right, top = text.get_charbox(place)
        if character.strip() and right > left:
            characters.append(character)
            boxes.append((left, bottom, right, top))
    return Page(whole, *page.get_size(), characters, np.array(boxes).reshape(-1, 4))


def find_overlaps(page: Page, share: float = 0.3) -> list[str]:
    """Characters that stand on one another: more than a share of the smaller one is covered.

    Neighbors in one and the same box are a ligature.
    """
    boxes = page.boxes
    found = []
    order = np.argsort(boxes[:, 0])
    for position, one in enumerate(order):
        others = order[position + 1 :]
        others = others[: np.searchsorted(boxes[others, 0], boxes[one, 2])]
        wide = np.minimum(boxes[one, 2], boxes[others, 2]) - boxes[others, 0]
        high = np.minimum(boxes[one, 3], boxes[others, 3]) - np.maximum(boxes[one, 1], boxes[others, 1])
        area = (boxes[others, 2] - boxes[others, 0]) * (boxes[others, 3] - boxes[others, 1])
        own = (boxes[one, 2] - boxes[one, 0]) * (boxes[one, 3] - boxes[one, 1])
        covered = np.clip(wide, 0, None) * np.clip(high, 0, None) > share * np.minimum(area, own)
        found += [
            f"{page.characters[one]} on {page.characters[other]}"
            for other in others[covered]
            if abs(other - one) > 1 or (boxes[one] != boxes[other]).any()
        ]
    return found


# ---- RTF -------------------------------------------------------------------------------------------------

RTF_TOKEN = re.compile(r"\\u(-?\d+)\?|\\([a-z]+)(-?\d*) ?|\\(.)|([{}])|([^\\{}]+)")
RTF_BLANKS = {"tab": " ", "line": " ", "par": "\n", "cell": " ", "row": "\n", "sect": "\n"}
RTF_UNREAD = ("fonttbl", "colortbl", "header", "footer", "fldinst", "fldrslt", "bkmkstart", "bkmkend")


def read_rtf(path: Path) -> str:
    """The text of the body as a reader of RTF shows it; heads and feet of pages are left out."""
    found: list[str] = []
    groups = [True]
    for number, word, _, sign, brace, text in RTF_TOKEN.findall(path.read_bytes().decode("ascii")):
        if brace == "{":
            groups.append(groups[-1])
        elif brace == "}":
            groups.pop()
        elif word in RTF_UNREAD:
            groups[-1] = False
        elif groups[-1]:
            unit = (
                (int(number) % 65536).to_bytes(2, "little").decode("utf-16-le", "surrogatepass")
                if number
                else ""
            )
            found.append(unit or RTF_BLANKS.get(word, "") or sign.strip("*") or text.replace("\n", ""))
    assert len(groups) == 1, "braces do not match"
    return "".join(found).encode("utf-16", "surrogatepass").decode("utf-16")


# ---- DOCX ------------------------------------------------------------------------------------------------


def read_docx(path: Path) -> str:
    """The text of the body in its order: paragraphs, tables, controls; what a field shows, not its code."""
    body = docx.Document(str(path)).element.body
    return "".join(text.text or "" for text in body.iter(qn("w:t")))
