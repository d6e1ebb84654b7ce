"""The RTF: every number in its row, pages that say what they continue, nothing wider than its cell."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from documents_made import LONG, long_rows, with_rows
from documents_read import LANGUAGES, find_missing, outputs_with_tables, read_rtf, without_blanks
from report_run import SNAPSHOT, Run

from grevy.report.document import Document
from grevy.report.grid import lay_out
from grevy.report.listing_index import printed_outputs
from grevy.report.paging import break_into_pages, measure_columns
from grevy.report.rtf import POINTS, ROOM, TWIPS_PER_MM, escape_text, write_rtf
from grevy.report.svg import text_width
from grevy.report.tables import Row
from grevy.report.words import same


@pytest.fixture(scope="module")
def document(run: Run) -> Document:
    return run.describe()


@pytest.fixture(scope="module")
def files(document: Document, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("rtf")
    return {language: write_rtf(document, language, folder / f"{language}.rtf") for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_of_tables_and_listings_is_printed(language, document, files):
    tables = [output for output in outputs_with_tables(document) if not output.drawings]
    assert find_missing(tables, language, without_blanks(read_rtf(files[language]))) == []


def test_output_is_a_landscape_section_with_head_and_foot(document, files):
    sections = files["en"].read_text("ascii").split(r"\sectd")[1:]
    assert len(sections) == 1 + sum(not output.drawings for output in printed_outputs(document))
    for section in sections:
        for part in (
            r"\lndscpsxn",
            "NUMPAGES",
            "2026-01-31",
            SNAPSHOT[:12],
            document.program,
            "Simulated data",
        ):
            assert part in section


def test_every_row_ends_at_the_edge_of_the_text(files):
    for definition in re.findall(r"\\trowd.*", files["zh"].read_text("ascii")):
        edges = [int(edge) for edge in re.findall(r"\\cellx(\d+)", definition)]
        assert edges == sorted(set(edges))
        assert edges[-1] == ROOM


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_value_is_wider_than_its_column(language, document):
    for output in outputs_with_tables(document):
        grid = lay_out(output.table, language)
        widths = measure_columns(grid, ROOM / TWIPS_PER_MM, POINTS)
        assert sum(widths.all) == pytest.approx(ROOM / TWIPS_PER_MM)
        for line in grid.lines:
            for cell, width in zip(line.cells, widths.columns, strict=False):
                for value in cell:
                    halves = text_width(value.left, POINTS) + text_width(value.right, POINTS)
                    assert value.is_text or halves <= width, (output.id, value.text)


def test_group_that_goes_on_says_so_and_no_row_stands_alone(document):
    [output] = with_rows(document, LONG, long_rows(4, 11)).outputs
    grid = lay_out(output.table, "en")
    widths = measure_columns(grid, 257, POINTS)
    pages = break_into_pages(grid, widths, POINTS, 10, "en")
    assert len(pages) > 4
    for before, after in itertools.pairwise(pages):
        first, last = after.lines[0], before.lines[-1]
        assert first.is_heading
        if first.label.endswith("(continued)"):
            assert len([line for line in after.lines[1:3] if not line.is_heading]) == 2
        assert not last.is_heading
    rows = [line.label for page in pages for line in page.lines if "(continued)" not in line.label]
    assert rows == [line.label for line in grid.lines]


def test_continued_page_begins_with_the_title_and_repeats_the_head(document, tmp_path):
    text = write_rtf(with_rows(document, LONG, long_rows(3, 40)), "zh", tmp_path / "l.rtf").read_text("ascii")
    pages = text.split(r"\pagebb")
    assert len(pages) >= 4
    for page in pages:
        assert page.count(r"\trhdr") == 1
    assert all(escape_text("（续）")[6:-1] in page for page in pages[1:])


def test_hostile_text_stays_text(document, tmp_path):
    label = r"a {b} \par c \'e9 🙂 中文 }}{\object"
    rows = [Row(same(label), cells=((), (), ()))]
    path = write_rtf(with_rows(document, LONG, rows), "en", tmp_path / "odd.rtf")
    assert without_blanks(label) in without_blanks(read_rtf(path))


def test_lost_number_is_noticed(document, tmp_path):
    output = next(output for output in document.outputs if output.id == LONG)
    shorter = with_rows(document, LONG, list(output.table.rows[:-1]))
    text = without_blanks(read_rtf(write_rtf(shorter, "en", tmp_path / "short.rtf")))
    assert len(find_missing([output], "en", text)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_checklist_names_the_page_on_which_an_output_begins(language, document, files):
    """Counted here by the breaks before the mark: of sections, and of pages within them."""
    text = files[language].read_text("ascii")
    named = set(re.findall(r"PAGEREF (\w+) \\\\h\}\}\{\\fldrslt \{(\d+)\}", text))
    assert len(named) > 15
    for mark, page in named:
        before = text[: text.index(rf"{{\*\bkmkstart {mark}}}")]
        assert before.count("\\sect\n") + len(re.findall(r"\\pagebb\b", before)) + 1 == int(page), mark
    assert "out_F14_1_1" not in dict(named), "figures are not in this file"
    assert "\x1a" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_a_page_has_an_exact_height(language, files):
    """Faces differ between machines: a Chinese one of another height pushed the notes off every page."""
    body = re.sub(r"\\(header|footer)\\pard\\plain", "", files[language].read_text("ascii"))
    paragraphs = body.split(r"\pard\plain")[1:]
    assert len(paragraphs) > 1000
    assert all(r"\sl-" in paragraph[:120] for paragraph in paragraphs)


def test_a_reason_stands_where_its_mark_stands(document, files):
    """None found: the label says it itself."""
    text = read_rtf(files["en"])
    assert "None found." in text
    assert "None found. –" not in text
    for page in files["en"].read_text("ascii").split(r"\pagebb"):
        for letter, _ in re.findall(r"\{\\super (\w)\} ([A-Z])", page):
            assert len(re.findall(rf"\{{\\super {letter}\}}", page)) > 1, page[:200]


def test_a_raised_sign_that_arial_lacks_is_a_raised_plain_one():
    assert escape_text("Na⁺, Ca²⁺") == r"Na{\super +}, Ca\u178?{\super +}"
    assert escape_text("10⁹/L") == r"10{\super 9}/L"
    assert escape_text("血钠（Na⁺）") == r"{\f1 \u-30656?\u-27488?\u-248?}Na{\super +}{\f1 \u-247?}"
