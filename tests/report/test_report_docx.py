"""The DOCX draft: sections of ICH E3, sentences with the numbers of their rows, captions as fields."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from documents_made import LONG, long_rows, with_rows
from documents_read import LANGUAGES, find_missing, outputs_with_tables, read_docx, without_blanks
from docx.oxml.ns import qn
from docx.shared import Mm
from report_run import Run

from grevy.report.document import Document
from grevy.report.docx_draft import BOTTOM, HEIGHT, SIDE, TOP, WIDTH, write_docx
from grevy.report.listing_index import printed_outputs
from grevy.report.methods_text import METHODS, write_methods
from grevy.report.narrative import PARTS, RESULT, fill_sentences, outputs_of, rows_by_id
from grevy.report.tables import Row
from grevy.report.words import same

ORDER_OF_PARAGRAPH = ("pStyle", "keepNext", "pageBreakBefore", "tabs", "spacing", "ind", "jc")
NAMES_WITH_DIGITS = re.compile(
    r"95% ?CI|Q1, Q3|12 months|12个月|65 years|65岁|grade 3|3级|QLQ-C30|160 mmHg|(500|60) ms|50%"
)


@pytest.fixture(scope="module")
def document(run: Run) -> Document:
    return run.describe()


@pytest.fixture(scope="module")
def files(document: Document, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("docx")
    return {language: write_docx(document, language, folder / f"{language}.docx") for language in LANGUAGES}


@pytest.fixture(scope="module")
def body(files: dict[str, Path]) -> Any:
    return docx.Document(str(files["en"])).element.body


def codes_of(element: Any, name: str) -> list[str]:
    codes = [code.text.split() for code in element.iter(qn("w:instrText"))]
    return [code[1] for code in codes if code[0] == name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_of_tables_and_listings_is_printed(language, document, files):
    tables = [output for output in outputs_with_tables(document) if not output.drawings]
    assert find_missing(tables, language, without_blanks(read_docx(files[language]))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_those_of_the_parts_in_their_order(language, files):
    headings = [
        p.text for p in docx.Document(str(files[language])).paragraphs if p.style.name[:7] == "Heading"
    ]
    found = [text for text in headings if text[0].isdigit() and not text.startswith(("14.", "16."))]
    assert found == [f"{part.number}  {part.title.in_language(language)}" for part in PARTS]


def test_caption_ends_in_a_field_and_references_lead_to_captions(document, body):
    numbered = [o for o in printed_outputs(document) if o.id[1:].lstrip("X").replace(".", "").isdigit()]
    assert len(codes_of(body, "SEQ")) == len(numbered)
    names = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    references = codes_of(body, "REF")
    assert set(references) <= names
    assert len(references) == sum(len(outputs_of(part, document)) for part in PARTS)


def test_output_is_referred_to_by_one_part_only(document):
    referred = [name for part in PARTS for name in outputs_of(part, document)]
    assert len(referred) == len(set(referred))
    assert {o.id for o in document.outputs if o.id[1:2] in (*"0123456789X",)} - set(referred) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentence_has_no_number_but_those_of_results(language):
    for part in PARTS:
        for sentence in part.sentences:
            rest = NAMES_WITH_DIGITS.sub("", RESULT.sub("", sentence.in_language(language)))
            assert not re.search(r"\d", rest), rest


def test_sentence_says_the_text_of_its_results_and_goes_with_them(document, files):
    rows = rows_by_id(document)
    disposition = next(part for part in PARTS if part.number == "10.1")
    [first, *_] = fill_sentences(disposition.sentences, rows, "en")
    assert without_blanks(first) in without_blanks(read_docx(files["en"]))
    screened = rows["T14.1.2|SCREENED|TOTAL"]
    changed = rows | {screened.result_id: screened._replace(value_text="987")}
    assert fill_sentences(disposition.sentences, changed, "en")[0].startswith("Of 987 subjects screened")
    del changed[screened.result_id]
    assert first not in fill_sentences(disposition.sentences, changed, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_is_said_in_the_methods(language, document):
    before = list(write_methods(document, language))
    for place, switch in enumerate(document.switches):
        switches = [*document.switches]
        switches[place] = replace(switch, value="another value")
        after = list(write_methods(replace(document, switches=switches), language))
        assert after != before, switch.key
        assert any("another value" in text for _, text in after), switch.key


def test_option_with_a_sentence_exists_in_the_plan(run):
    switches = run.study.analysis.switches
    for _, sentences in METHODS:
        for key, options in sentences.items():
            allowed = {str(option) for option in switches[key].options or ("true", "false")}
            allowed.add(switches[key].default)
            assert set(options) - {""} <= allowed, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_abbreviations_are_in_alphabetical_order(language, files):
    texts = [p.text for p in docx.Document(str(files[language])).paragraphs]
    begin = next(n for n, text in enumerate(texts) if text.startswith("4  ") and texts[n + 1][:3] != "5  ")
    found = list(itertools.takewhile(lambda text: not text.startswith("5  "), texts[begin + 1 :]))
    assert len(found) > 5
    assert found == sorted(found, key=str.casefold)


def test_table_has_fixed_widths_a_repeated_head_and_whole_rows(body):
    tables = list(body.iter(qn("w:tbl")))
    assert tables
    for table in tables:
        rows = list(table.iter(qn("w:tr")))
        assert all(next(row.iter(qn("w:cantSplit")), None) is not None for row in rows)
        assert next(rows[0].iter(qn("w:tblHeader")), None) is not None
        widths = [int(c.get(qn("w:w"))) for c in table.iter(qn("w:gridCol"))]
        for row in rows:
            assert sum(int(c.get(qn("w:w"))) for c in row.iter(qn("w:tcW"))) == sum(widths)


def test_properties_stand_in_the_order_that_word_asks_for(body):
    for properties in body.iter(qn("w:pPr")):
        names = [child.tag.partition("}")[2] for child in properties]
        places = [ORDER_OF_PARAGRAPH.index(name) for name in names if name != "sectPr"]
        assert places == sorted(places), names


def test_figure_has_its_description(document, body):
    drawings = [drawing for output in document.outputs for drawing in output.drawings]
    described = [shape.get("descr") for shape in body.iter(qn("wp:docPr"))]
    assert described == [drawing.alt.en for drawing in drawings]


def test_figure_stays_between_the_margins_and_with_its_notes(document, body):
    pages = [shape.getparent() for shape in body.iter(qn("wp:docPr"))]
    sizes = [next(inline.iter(qn("wp:extent"))) for inline in pages]
    assert max(int(size.get("cx")) for size in sizes) <= round(Mm(WIDTH - 2 * SIDE))
    assert max(int(size.get("cy")) for size in sizes) <= round(Mm(HEIGHT - TOP - BOTTOM))
    for paragraph in (next(inline.iterancestors(qn("w:p"))) for inline in pages):
        after = paragraph.getnext()
        style = next(after.iter(qn("w:pStyle")), None)
        if style is not None and style.get(qn("w:val")) == "TableNote":
            assert paragraph.pPr.keepNext is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_latin_text_is_never_of_a_language_whose_lines_break_anywhere(language, files):
    for of_text in docx.Document(str(files[language])).styles.element.iter(qn("w:lang")):
        assert of_text.get(qn("w:val")) == "en-US"


def test_author_finds_room_under_each_part_of_theirs(body):
    tags = [tag.get(qn("w:val")) for tag in body.iter(qn("w:tag"))]
    assert tags == [f"author:{part.number}" for part in PARTS if part.is_for_author]


def test_data_of_another_study_are_not_given_the_design_of_ours(document, files, tmp_path):
    other = replace(document, has_arms=True, has_entries=False, sections=[])
    text = read_docx(write_docx(other, "en", tmp_path / "other.docx"))
    for sentence in (
        "open-label study with one arm",
        "revisions that nobody can change",
        "Inclusion criteria",
    ):
        assert sentence in read_docx(files["en"])
        assert sentence not in text


def test_no_heading_is_alone_on_its_page(files):
    """A heading or caption keeps with the next paragraph, and no page is turned between them."""
    paragraphs = docx.Document(str(files["zh"])).paragraphs
    for before, after in itertools.pairwise(paragraphs):
        if before.style.name.startswith("Heading"):
            assert before.paragraph_format.keep_with_next or before.style.paragraph_format.keep_with_next
            assert not list(after._p.iter(qn("w:sectPr"))), before.text


def test_same_document_gives_the_same_bytes(document, tmp_path):
    small = with_rows(document, LONG, long_rows(1, 3))
    one, two = (write_docx(small, "en", tmp_path / f"{n}.docx").read_bytes() for n in range(2))
    assert one == two


def test_hostile_text_stays_text(document, tmp_path):
    label = '<w:p/> & "x" \x07 {PAGE} 🙂 中文'
    path = write_docx(
        with_rows(document, LONG, [Row(same(label), cells=((), (), ()))]), "en", tmp_path / "odd.docx"
    )
    assert without_blanks(label.replace("\x07", "")) in without_blanks(read_docx(path))


def test_checklist_names_pages_that_the_readers_program_counts(body):
    named = codes_of(body, "PAGEREF")
    names = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    assert {"out_T14_1_1", "out_F14_1_1", "out_METHODS", "part_9_3"} <= set(named) <= names
    begins = [mark for mark in body.iter(qn("w:fldChar")) if mark.get(qn("w:fldCharType")) == "begin"]
    stale = [mark for mark in begins if mark.get(qn("w:dirty")) == "true"]
    assert len(stale) == len(named) + 1, "and the contents"
