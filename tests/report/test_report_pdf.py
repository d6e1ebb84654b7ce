"""The PDF: every number in its row, nothing clipped, covered or alone, and the same bytes each time."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from documents_made import LONG, long_rows, with_rows
from documents_read import (
    LANGUAGES,
    Pdf,
    find_missing,
    find_overlaps,
    outputs_with_tables,
    read_pdf,
    without_blanks,
)
from report_run import SNAPSHOT, Run

from grevy.report.document import Document
from grevy.report.grid import lay_out
from grevy.report.paging import break_into_pages, measure_columns
from grevy.report.pdf import compile_pages, describe_pages, write_pdf
from grevy.report.tables import Row
from grevy.report.words import PAGE, same

MARGIN = 56.0  # 20 mm in points, less half a point


@pytest.fixture(scope="module")
def document(run: Run) -> Document:
    return run.describe()


@pytest.fixture(scope="module")
def pdfs(document: Document, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pdf]:
    folder = tmp_path_factory.mktemp("pdf")
    return {lang: read_pdf(write_pdf(document, lang, folder / f"{lang}.pdf")) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def long(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Pdf:
    pages = with_rows(document, LONG, long_rows(3, 40))
    return read_pdf(write_pdf(pages, "en", tmp_path_factory.mktemp("long") / "long.pdf"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_is_printed_with_its_numbers_in_their_order(language, document, pdfs):
    assert find_missing(outputs_with_tables(document), language, pdfs[language].text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_character_is_outside_the_page_or_on_another(language, pdfs):
    for number, page in enumerate(pdfs[language].pages, start=1):
        left, right = page.boxes[:, 0].min(), page.boxes[:, 2].max()
        assert left >= MARGIN, number
        assert right <= page.width - MARGIN, number
        assert find_overlaps(page) == [], number


def test_overlap_is_found_where_there_is_one(pdfs):
    page = pdfs["en"].pages[0]
    boxes = np.vstack([page.boxes, page.boxes])
    doubled = replace(page, characters=page.characters * 2, boxes=boxes)
    assert find_overlaps(doubled)


@pytest.mark.parametrize("language", LANGUAGES)
def test_bookmarks_name_sections_and_outputs(language, document, pdfs):
    titles = [without_blanks(title) for _, title in pdfs[language].bookmarks]
    for section in document.sections:
        assert without_blanks(section.heading.in_language(language)) in titles
    for output in document.outputs:
        heading = output.label.in_language(language) + output.title.in_language(language)
        assert without_blanks(heading) in titles


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_says_its_number_cut_off_snapshot_and_program(language, document, pdfs):
    pages = pdfs[language].pages
    for number, page in enumerate(pages, start=1):
        count = PAGE["page_of"].filled(page=number, pages=len(pages)).in_language(language)
        for part in (
            count,
            "2026-01-31",
            SNAPSHOT[:12],
            document.program,
            PAGE["simulated"].in_language(language),
        ):
            assert without_blanks(part) in without_blanks(page.text), number


def test_number_of_a_figure_is_that_of_its_result(document, pdfs):
    figure = next(output for output in document.outputs if output.id == "F14.2.1")
    page = next(
        page for page in pdfs["en"].pages if figure.title.en in page.text and "Number at risk" in page.text
    )
    medians = [row.value_text for row in document.rows if row.result_id.startswith("T14.2.1|PFS|median")]
    assert any(without_blanks(median) in without_blanks(page.text) for median in medians)


def test_long_table_says_title_head_group_and_notes_on_every_page(document, long):
    tables = [page for page in long.pages[2:] if "Row " in page.text]
    assert len(tables) >= 3
    for page in tables[1:]:
        assert "Demographics (continued)" in page.text
        assert "(continued)" in page.text.split("Demographics (continued)")[1], "the group is named again"
    for page in tables:
        assert "N = " in page.text
        assert "Percentages are of the column N." in page.text


def test_no_heading_stands_alone_at_the_foot_of_a_page(long):
    for page in long.pages[2:]:
        body = page.text.split("Percentages are")[0].strip().splitlines()
        assert not body[-1].startswith("Group"), body[-1]


def test_same_document_gives_the_same_bytes(document):
    pages = with_rows(document, LONG, long_rows(1, 3))
    made = [compile_pages(describe_pages(pages, "zh"), pages.date) for _ in range(2)]
    assert made[0] == made[1]
    assert b"D:20260131" in made[0] or b"2026-01-31" in made[0]


def test_character_that_no_face_has_is_spelled_out(document, tmp_path):
    rows = [Row(same("Potassium (K⁺), \U00013000 #let x = <a> @b *c*"), cells=((), (), ()))]
    found = read_pdf(write_pdf(with_rows(document, LONG, rows), "en", tmp_path / "odd.pdf")).text
    assert without_blanks("Potassium (K+), [U+13000] #let x = <a> @b *c*") in found


def test_lost_number_is_noticed(document, tmp_path):
    output = next(output for output in document.outputs if output.id == LONG)
    shorter = with_rows(document, LONG, list(output.table.rows[:-1]))
    text = read_pdf(write_pdf(shorter, "en", Path(tmp_path / "short.pdf"))).text
    assert len(find_missing([output], "en", text)) == 1


def test_no_row_of_a_group_stands_alone_before_or_after_a_break(document, tmp_path):
    """Groups of every length, so that breaks fall everywhere."""
    rows = [row for size in range(2, 13) for row in long_rows(1, size)] * 7
    pages = read_pdf(write_pdf(with_rows(document, LONG, rows), "en", tmp_path / "groups.pdf")).pages[2:]
    assert len(pages) >= 3
    for page in pages:
        lines = [line[:3] for line in page.text.splitlines() if line.startswith(("Row", "Group"))]
        assert lines[-2:] == ["Row", "Row"]
        assert lines[:3] == ["Gro", "Row", "Row"]


def test_no_break_parts_a_mean_from_the_visit_of_which_it_is(document, tmp_path):
    """Visits over their two rows: a page begins with a visit, and ends with the last row of one."""
    rows = [row for row in long_rows(2, 12) for row in ([row] if row.is_heading else told_under(row))] * 3
    changed = with_rows(document, LONG, rows)
    pages = read_pdf(write_pdf(changed, "en", tmp_path / "visits.pdf")).pages[2:]
    assert len(pages) >= 3
    for page in pages:
        lines = [line[:3] for line in page.text.splitlines() if line.startswith(("Row", "Group", "Mean"))]
        assert lines[:3] == ["Gro", "Row", "Mea"]
        assert lines[-3:] == ["Row", "Mea", "Mea"]
    grid = lay_out(changed.outputs[0].table, "en")
    for size in range(8, 14):
        for page in break_into_pages(grid, measure_columns(grid, 170, 9), 9, size, "en"):
            assert [line.label[:3] for line in page.lines[:3]] == ["Gro", "Row", "Mea"]


def test_chinese_names_of_columns_break_between_words(pdfs):
    """On two lines where one is too long: the dose stays with the drug."""
    text = "\n".join(page.text for page in pdfs["zh"].pages)
    assert re.search(r"索凡替尼\s?300\smg\s*\n单药治疗", text)
    assert not re.search(r"300\s*\nmg", text)


def told_under(row: Row) -> list[Row]:
    """A row with two under it."""
    return [row, *(replace(row, label=same("Mean"), indent=row.indent + 1) for _ in range(2))]


PAGE_OF = {
    "en": re.compile(r"((?:Table|Figure)\s[X\d.]+\d|Settings of the analysis)\s\(p\.\s(\d+)\)"),
    "zh": re.compile(r"([表图]\s?[X\d.]+\d|分析设置)（第\s?(\d+)\s?页）"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_checklist_names_the_page_on_which_an_output_begins(language, pdfs):
    pdf = pdfs[language]
    starts = {without_blanks(title): page for title, page in pdf.starts.items()}
    text = re.sub(r"\s+", " ", " ".join(page.text for page in pdf.pages))
    named = {(without_blanks(name), int(page)) for name, page in PAGE_OF[language].findall(text)}
    assert len(named) > 20
    for name, page in named:
        title = next(title for title in starts if re.match(rf"{re.escape(name)}(?![\d.])", title))
        assert starts[title] == page, name
        assert title in without_blanks(pdf.pages[page - 1].text)
        assert title not in without_blanks(pdf.pages[page - 2].text)
