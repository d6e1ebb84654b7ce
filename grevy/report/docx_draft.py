"""The draft of the study report as DOCX: sections of ICH E3, text from settings and results, all outputs.

Headings, captions and tables are real ones; captions and references are fields. The file says the data
cut-off where others say the clock: the same snapshot gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Mapping
from math import ceil
from pathlib import Path
from typing import Any

from docx import Document as new_document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from grevy.report import docx_xml as xml
from grevy.report.abbreviations import find_abbreviations
from grevy.report.author_text import PREFIX, check_sections, read_author_text
from grevy.report.document import Document, OutputView, find_level
from grevy.report.grid import Grid, lay_out
from grevy.report.listing_index import printed_sections
from grevy.report.methods_text import write_methods
from grevy.report.narrative import PARTS, Part, can_say, fill_sentences, outputs_of, rows_by_id
from grevy.report.notes import describe_set, list_notes, list_reasons, list_settings
from grevy.report.paging import measure_columns, measure_text, stands_across
from grevy.report.pdf import open_compiler
from grevy.report.raster import draw_pictures, size_of_picture
from grevy.report.references import DRAFT, SETTINGS, bookmark_of
from grevy.report.words import PAGE
from grevy.results.labels import say_level

LATIN, HAN = "Arial", "SimSun"
WIDTH, HEIGHT, SIDE, TOP, BOTTOM = 210, 297, 20, 25, 22  # A4 and its margins in mm
TABLE_POINTS, NOTE_POINTS = xml.TABLE_POINTS, 8.0
HEADING_POINTS = {1: 14, 2: 12, 3: 10.5}
CAPTION_ROOM, NOTE_LINE, PICTURE_GAP = 20.0, 4.6, 6.0  # mm that stand beside a picture


def write_docx(document: Document, language: str, path: Path, *, earlier: Path | None = None) -> Path:
    """Write the draft in one language, with what authors wrote into an `earlier` one; CannotCarryOver."""
    text = read_author_text(earlier, PAGE["for_author"].in_language(language)) if earlier else {}
    if earlier:
        check_sections(earlier, text, {part.number for part in PARTS})
    draft = _Draft(document, language, text)
    draft.write_front()
    for part in PARTS:
        draft.write_part(part)
    path.write_bytes(_with_fixed_dates(draft.file, document.date))
    return path


def _with_fixed_dates(file: Any, date: dt.date) -> bytes:
    """The package with one date for all its parts, in a fixed order."""
    written, again = io.BytesIO(), io.BytesIO()
    file.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (date.year, date.month, date.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return again.getvalue()


class _Draft:
    """A Word file that is being written, with what it must remember: bookmarks and the page's direction."""

    def __init__(self, document: Document, language: str, author_text: Mapping[str, list[str]]) -> None:
        self.document = document
        self.author_text = author_text
        self.language = language
        self.rows = rows_by_id(document)
        self.labels = {output.id: output.label.in_language(language) for output in document.outputs}
        self.printed = {*self.labels, SETTINGS, *(f"{DRAFT}{part.number}" for part in PARTS)}
        self.bookmarks = 0
        self.is_wide = False
        self.file = new_document()
        _set_styles(self.file)
        _set_properties(self.file, document, language)
        self._set_page(self.file.sections[0], wide=False)

    def say(self, key: str, **values: object) -> str:
        words = PAGE[key].filled(**values) if values else PAGE[key]
        return words.in_language(self.language)

    def add(self, element: Any) -> None:
        self.file.element.body.insert(len(self.file.element.body) - 1, element)

    def paragraph(self, text: str, style: str = "Normal") -> None:
        self.add(xml.paragraph(style, xml.run(text)))

    # ---- Front -------------------------------------------------------------------------------------------

    def write_front(self) -> None:
        """Title page and contents."""
        document, colon = self.document, "：" if self.language == "zh" else ": "
        self.paragraph(document.title.in_language(self.language), "Title")
        self.paragraph(self.say("draft"), "Subtitle")
        if document.kind != PAGE["report"]:
            self.paragraph(document.kind.in_language(self.language), "Subtitle")
        for name, fact in (
            ("study", f"{document.study_id}, {document.study_version.in_language(self.language)}"),
            ("cutoff", document.cutoff.in_language(self.language)),
            ("snapshot", document.snapshot_id),
            ("program", document.program),
        ):
            self.paragraph(f"{self.say(name)}{colon}{fact}")
        if document.is_simulated:
            self.add(xml.paragraph("Normal", xml.run(self.say("simulated_long"), bold=True)))
        self.paragraph(document.preface.in_language(self.language))
        self.add(xml.paragraph("TOCHeading", xml.run(self.say("contents")), "<w:pageBreakBefore/>"))
        self._write_contents()

    def _write_contents(self) -> None:
        """A table of contents that the reader's program numbers; until then it lists the headings."""
        entries = [(part.level, f"{part.number}  {part.title.in_language(self.language)}") for part in PARTS]
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
            '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-3" \\h \\z </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        for place, (level, text) in enumerate(entries):
            inside = (begin if not place else "") + xml.run(text) + (end if place == len(entries) - 1 else "")
            self.add(xml.paragraph(f"TOC{level}", inside))

    # ---- Parts -------------------------------------------------------------------------------------------

    def write_part(self, part: Part) -> None:
        """One section: heading, sentences with numbers, references to outputs, room for the author."""
        heading = f"{part.number}  {part.title.in_language(self.language)}"
        new_page = "<w:pageBreakBefore/>" if part.number in ("2", "14") else ""
        marked = self._mark(f"{DRAFT}{part.number}", xml.run(heading))
        if part.content == "methods":
            marked = self._mark(SETTINGS, marked)
        self.add(xml.paragraph(f"Heading{part.level}", marked, new_page))
        between = "" if self.language == "zh" else " "
        is_true = can_say(part, self.document)
        if is_true and (sentences := fill_sentences(part.sentences, self.rows, self.language)):
            self.paragraph(say_level(between.join(sentences), find_level(self.document.switches)))
        if is_true and part.content:
            getattr(self, f"_write_{part.content}")()
        if found := outputs_of(part, self.document):
            self._refer(found)
        tag = f"{PREFIX}{part.number}"
        if part.number in self.author_text:
            self.add(xml.text_of_author(tag, self.author_text[part.number]))
        elif part.is_for_author or not is_true:
            self.add(xml.room_for_author(tag, self.say("for_author")))

    def _refer(self, outputs: list[str]) -> None:
        before, _, after = self.say("see").partition("{what}")
        join = xml.run("、" if self.language == "zh" else ", ")
        fields = [xml.field(f"REF {bookmark_of(name)} \\h", self.labels[name]) for name in outputs]
        self.add(xml.paragraph("Normal", xml.run(before) + join.join(fields) + xml.run(after)))

    def _write_abbreviations(self) -> None:
        found = [words.in_language(self.language) for words in find_abbreviations(self.document.rows)]
        for said in sorted(found, key=str.casefold):
            self.paragraph(said, "ListBullet")

    def _write_objective(self) -> None:
        self.paragraph(self.document.design.objective.in_language(self.language))

    def _write_criteria(self) -> None:
        for key, criteria in (
            ("inclusion", self.document.design.inclusion), ("exclusion", self.document.design.exclusion)
        ):  # fmt: skip
            self.add(xml.paragraph("Normal", xml.run(self.say(key), bold=True), "<w:keepNext/>"))
            for criterion in criteria:
                self.paragraph(criterion.in_language(self.language), "ListBullet")

    def _write_regimens(self) -> None:
        for regimen in self.document.design.regimens:
            self.paragraph(regimen.in_language(self.language), "ListBullet")

    def _write_methods(self) -> None:
        for heading, text in write_methods(self.document, self.language):
            self.add(xml.paragraph("Normal", xml.run(heading, bold=True), "<w:keepNext/>"))
            self.paragraph(text)

    def _write_changes(self) -> None:
        changed = [s for s in list_settings(self.document, self.language) if s.is_changed]
        if not changed:
            self.paragraph(self.say("nothing_changed"))
        for setting in changed:
            default = f"{self.say('default')} {setting.default}"
            self.paragraph(f"{setting.label} ({setting.key}): {setting.value}; {default}", "ListBullet")

    # ---- Outputs -----------------------------------------------------------------------------------------

    def _write_outputs(self) -> None:
        with open_compiler() as compiler:
            for section in printed_sections(self.document):
                grids = [self._grid(output) for output in section.outputs]
                self._turn(wide=bool(grids and grids[0] and stands_across(grids[0])))
                self.add(xml.paragraph("Heading2", xml.run(section.heading.in_language(self.language))))
                for output, grid in zip(section.outputs, grids, strict=True):
                    self._write_output(output, grid, draw_pictures(output.drawings, self.language, compiler))
        self._turn(wide=False)

    def _grid(self, output: OutputView) -> Grid | None:
        """The table of an output; a figure stands for its own data."""
        if not output.table or output.drawings:
            return None
        return lay_out(output.table, self.language, self.printed)

    def _write_output(self, output: OutputView, grid: Grid | None, pictures: list[bytes]) -> None:
        self._turn(wide=bool(grid and stands_across(grid)))
        self._write_caption(output)
        self.paragraph(describe_set(output, self.language), "SetLine")
        if output.empty:
            self.paragraph(output.empty.in_language(self.language))
        said = self._say_notes(output)
        for place, (drawing, picture) in enumerate(zip(output.drawings, pictures, strict=True)):
            self._insert(
                picture, drawing.alt.in_language(self.language),
                above=0 if place else CAPTION_ROOM, notes=said if place == len(pictures) - 1 else [],
            )  # fmt: skip
        if grid and grid.lines:
            self._insert_table(grid)
        for place, (mark, note) in enumerate(said, start=1):
            inside = (xml.run(mark, raised=True) if mark else "") + xml.run(note)
            self.add(xml.paragraph("TableNote", inside, "<w:keepNext/>" if place < len(said) else ""))

    def _say_notes(self, output: OutputView) -> list[tuple[str, str]]:
        """Marks and notes under an output; they stay together, and with what they are about."""
        told = list_reasons(output, self.language)
        marks = [(letter, f" {reason}" if letter else reason) for letter, reason in told]
        return [*marks, *(("", note) for note in list_notes(output, self.language))]

    def _write_caption(self, output: OutputView) -> None:
        """Kind and number as a bookmark that references show; the last part of the number is a field."""
        kind, _, number = output.label.in_language(self.language).partition(" ")
        last = number[len(number.rstrip("0123456789")) :]
        if last:
            before = number.removesuffix(last)
            sequence = f"{output.id[0]}_{before.rstrip('.').replace('.', '_')}"
            label = xml.run(f"{kind} {before}") + xml.field(f"SEQ {sequence} \\r {last}", last)
        else:
            label = xml.run(f"{kind} {number}".strip())
        title = xml.run(f"\u2003{output.title.in_language(self.language)}")
        self.add(xml.paragraph("Caption", self._mark(output.id, label) + title))

    def _mark(self, target: str, inside: str) -> str:
        """A bookmark, by which references and numbers of pages find the place."""
        self.bookmarks += 1
        return xml.bookmark(bookmark_of(target), self.bookmarks, inside)

    def _insert(self, picture: bytes, alt: str, *, above: float, notes: list[tuple[str, str]]) -> None:
        """A picture no larger than the page has room for beside its caption and its notes."""
        width, height = size_of_picture(picture)
        room = WIDTH - 2 * SIDE
        lines = sum(ceil(measure_text(note, NOTE_POINTS) / room) for _, note in notes)
        left = HEIGHT - TOP - BOTTOM - above - NOTE_LINE * lines - PICTURE_GAP
        paragraph = self.file.add_paragraph()
        paragraph.paragraph_format.keep_with_next = bool(notes)
        scale = min(1.0, room / width, left / height)
        shape = paragraph.add_run().add_picture(io.BytesIO(picture), width=Mm(width * scale))
        shape._inline.docPr.set("descr", alt)

    def _insert_table(self, grid: Grid) -> None:
        room = (HEIGHT if self.is_wide else WIDTH) - 2 * SIDE
        for element in xml.tables(grid, measure_columns(grid, room, TABLE_POINTS), self._mark):
            self.add(element)

    # ---- Pages -------------------------------------------------------------------------------------------

    def _turn(self, *, wide: bool) -> None:
        """Begin a new section where the direction of the page changes."""
        if wide != self.is_wide:
            self._set_page(self.file.add_section(WD_SECTION.NEW_PAGE), wide=wide)

    def _set_page(self, section: Any, *, wide: bool) -> None:
        self.is_wide = wide
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(HEIGHT if wide else WIDTH), Mm(WIDTH if wide else HEIGHT)
        section.left_margin = section.right_margin = Mm(SIDE)
        section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
        section.header_distance = section.footer_distance = Mm(12)
        room = round(((HEIGHT if wide else WIDTH) - 2 * SIDE) * xml.TWIPS_PER_MM)
        for place, parts in ((section.header, [*self._head()]), (section.footer, [*self._foot()])):
            place.is_linked_to_previous = False
            old = place.paragraphs[0]._p
            stops = (("center", room // 2), ("right", room))[-len(parts) + 1 :]
            tabs = "".join(f'<w:tab w:val="{kind}" w:pos="{stop}"/>' for kind, stop in stops)
            old.addprevious(
                xml.paragraph("Running", "<w:r><w:tab/></w:r>".join(parts), f"<w:tabs>{tabs}</w:tabs>")
            )
            old.getparent().remove(old)

    def _head(self) -> Iterator[str]:
        colon = "：" if self.language == "zh" else ": "
        yield xml.run(f"{self.document.study_id} | {self.say('draft')}")
        before, _, rest = self.say("page_of").partition("{page}")
        between, _, after = rest.partition("{pages}")
        cutoff = f"{self.say('cutoff')}{colon}{self.document.cutoff.in_language(self.language)} | "
        yield "".join((
            xml.run(cutoff + before), xml.field("PAGE", "1"), xml.run(between), xml.field("NUMPAGES", "1"),
            xml.run(after),
        ))  # fmt: skip

    def _foot(self) -> Iterator[str]:
        colon = "：" if self.language == "zh" else ": "
        yield xml.run(f"{self.say('snapshot')}{colon}{self.document.snapshot_short}")
        yield xml.run(self.say("simulated") if self.document.is_simulated else "")
        yield xml.run(self.document.program)


# ---- Styles ----------------------------------------------------------------------------------------------


def _set_properties(file: Any, document: Document, language: str) -> None:
    properties = file.core_properties
    moment = dt.datetime.combine(document.date, dt.time())
    properties.created = properties.modified = moment
    properties.title = document.title.in_language(language)
    properties.author = properties.last_modified_by = document.program
    properties.comments = ""
    properties.language = "zh-CN" if language == "zh" else "en-US"


def _set_styles(file: Any) -> None:
    """The faces and sizes of every style that is used, Latin and Han apart."""
    styles = file.styles
    for name, points, bold, before, after in (
        ("Normal", 10, False, 0, 6), ("Title", 20, True, 60, 6), ("Subtitle", 11, False, 0, 12),
        ("Caption", 10.5, True, 16, 2), ("List Bullet", 10, False, 0, 2), ("TOC Heading", 14, True, 0, 8),
        *((f"Heading {level}", points, True, 12, 4) for level, points in HEADING_POINTS.items()),
    ):  # fmt: skip
        _set_style(styles[name], points, bold, before, after)
    for name, points, before, after in (
        ("Table Text", TABLE_POINTS, 0, 0), ("Table Note", NOTE_POINTS, 2, 0),
        ("Set Line", TABLE_POINTS, 0, 6), ("Running", NOTE_POINTS, 0, 0), ("For Author", 10, 0, 6),
        ("TOC 1", 10, 4, 0), ("TOC 2", 10, 0, 0),
        ("TOC 3", 10, 0, 0),
    ):  # fmt: skip
        style = styles.add_style(name, 1)
        style.base_style = styles["Normal"]
        _set_style(style, points, False, before, after)
    for name in ("Set Line", "Running", "For Author"):
        styles[name].font.color.rgb = RGBColor(0x5F, 0x66, 0x70)
    for name in ("Caption", "Set Line"):
        styles[name].paragraph_format.keep_with_next = True
    for level in (2, 3):
        styles[f"TOC {level}"].paragraph_format.left_indent = Mm(5 * (level - 1))
    # `val` is of the Latin text in either language: as Chinese, its words and numbers would break anywhere
    of_text = parse_xml(f'<w:lang {xml.NAMESPACES} w:val="en-US" w:eastAsia="zh-CN"/>')
    styles["Normal"].element.get_or_add_rPr().append(of_text)


def _set_style(style: Any, points: float, bold: bool, before: float, after: float) -> None:
    font = style.font
    font.name, font.size, font.bold, font.italic = LATIN, Pt(points), bold, False
    font.color.rgb = RGBColor(0x1A, 0x1A, 0x1A)
    faces = style.element.rPr.rFonts
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(qn(f"w:{name}"), None)
    faces.set(qn("w:eastAsia"), HAN)
    for border in style.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
