"""Section 16.2 on paper is one table; each listing keeps its number, its counts and its bookmark."""

from __future__ import annotations

from dataclasses import replace

import docx
import pytest
from documents_read import LANGUAGES, read_pdf, without_blanks
from docx.oxml.ns import qn
from report_run import Run

from grevy.report.document import Document
from grevy.report.docx_draft import write_docx
from grevy.report.grid import lay_out
from grevy.report.listing_index import printed_outputs
from grevy.report.listing_views import ListingView
from grevy.report.pdf import write_pdf
from grevy.report.rtf import write_rtf
from grevy.report.words import Words, same

RULE = Words("Listed: those that differ.", "所列为不一致者。")


@pytest.fixture(scope="module")
def document(run: Run) -> Document:
    """Section 16.2 alone, with a rule of one listing."""
    view = ListingView("L16.2.7", same(""), same(""), "ADAE", [], [], [], [], [], {}, RULE)
    whole = run.describe(listings={"L16.2.7": view})
    [section] = (section for section in whole.sections if section.number == "16.2")
    return replace(whole, sections=[section])


def rows_of(document, language):
    [index] = printed_outputs(document)
    return {line.stands_for: line for line in lay_out(index.table, language).lines}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_listing_is_a_row_with_its_counts_and_what_it_lists(language, document):
    lines = rows_of(document, language)
    assert list(lines) == [output.id for output in document.outputs]
    counts = {(row.output_id, row.row_id): row.value_text for row in document.rows}
    for output in document.outputs:
        label, title, _, entries, subjects, rule = (
            lines[output.id].label,
            *("".join(value.text for value in cell) for cell in lines[output.id].cells),
        )
        assert (label, title) == (output.label.in_language(language), output.title.in_language(language))
        assert entries == counts.get((output.id, "ENTRIES"), "")
        assert subjects == counts.get((output.id, "SUBJECTS"), "")
        if output.empty:
            assert rule == output.empty.in_language(language)
    assert lines["L16.2.7"].cells[-1][0].text == RULE.in_language(language)
    assert counts["L16.2.7", "ENTRIES"] == "3"


def test_a_listing_is_found_by_its_number(document, tmp_path):
    """Bookmarks of the PDF, marks of RTF and DOCX, in the rows of one table."""
    pdf = read_pdf(write_pdf(document, "en", tmp_path / "index.pdf"))
    rtf = write_rtf(document, "en", tmp_path / "index.rtf").read_text("ascii")
    body = docx.Document(str(write_docx(document, "en", tmp_path / "index.docx"))).element.body
    marks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    for output in document.outputs:
        title = f"{output.label.en}\u2003{output.title.en}"
        assert without_blanks(output.label.en) in without_blanks(pdf.pages[pdf.starts[title] - 1].text)
        name = "out_" + output.id.replace(".", "_")
        assert name in marks
        assert f"bkmkstart {name}}}" in rtf
    assert pdf.starts["Settings of the analysis"] <= 5, "after cover, contents and the table"
    assert rtf.count("\\sectd") == 2


def test_listings_that_have_nothing_at_all_stand_as_they_are(document):
    empty = [replace(output, table=None) for output in document.outputs]
    bare = replace(document, sections=[replace(document.sections[0], outputs=empty)])
    assert [output.id for output in printed_outputs(bare)] == [output.id for output in document.outputs]
