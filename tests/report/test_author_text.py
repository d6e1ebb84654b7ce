"""What authors write into the draft stands in the next one; what would be lost is refused before writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from grevy.report.author_text import read_author_text
from grevy.report.carried_over import CannotCarryOver
from grevy.report.documents import write_documents
from grevy.report.docx_draft import write_docx
from grevy.report.words import PAGE

MARK = PAGE["for_author"].en
WORDS = (
    '<w:p><w:r><w:t xml:space="preserve">Tumors shrank in </w:t></w:r>'
    "<w:r><w:rPr><w:b/></w:rPr><w:t>some</w:t></w:r>"
    "<w:r><w:t>.</w:t><w:br/><w:t>More &lt; less.</w:t></w:r></w:p>"
    "<w:p><w:r><w:rPr><w:i/></w:rPr><w:t>二</w:t></w:r></w:p>"
)


def place_of(body: Any, section: str) -> Any:
    return next(
        control for control in body.iter(qn("w:sdt"))
        if control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")) == f"author:{section}"
    )  # fmt: skip


def write_into(path: Path, section: str, inside: str) -> Path:
    """What a word processor leaves when an author replaces the mark of a section."""
    file = docx.Document(str(path))
    content = place_of(file.element.body, section).find(qn("w:sdtContent"))
    for node in list(content):
        content.remove(node)
    for node in parse_xml(f"<w:body {nsdecls('w')}>{inside}</w:body>"):
        content.append(node)
    edited = path.with_name(f"edited-{section}.docx")
    file.save(str(edited))
    return edited


@pytest.fixture(scope="module")
def draft(run, tmp_path_factory) -> Path:
    return write_docx(run.describe(), "en", tmp_path_factory.mktemp("draft") / "report-en.docx")


@pytest.fixture(scope="module")
def section(draft) -> str:
    tag = next(docx.Document(str(draft)).element.body.iter(qn("w:tag")))
    return tag.get(qn("w:val")).removeprefix("author:")


def test_a_fresh_draft_has_no_text_of_an_author(draft):
    assert read_author_text(draft, MARK) == {}


def test_words_with_their_marks_stand_in_the_next_draft_and_in_the_one_after(run, draft, section, tmp_path):
    edited = write_into(draft, section, WORDS)
    second = write_docx(run.describe(), "en", tmp_path / "2.docx", earlier=edited)
    third = write_docx(run.describe(), "en", tmp_path / "3.docx", earlier=second)
    assert second.read_bytes() == third.read_bytes()
    paragraphs = list(place_of(docx.Document(str(third)).element.body, section).iter(qn("w:p")))
    assert ["".join(p.itertext(qn("w:t"))) for p in paragraphs] == [
        "Tumors shrank in some.More < less.",
        "二",
    ]
    bold = [
        run.find(qn("w:t")).text
        for run in paragraphs[0].iter(qn("w:r"))
        if run.find(f".//{qn('w:b')}") is not None
    ]
    assert bold == ["some"]
    assert len(list(paragraphs[0].iter(qn("w:br")))) == 1


def test_all_other_sections_are_as_without_the_text(run, draft, section, tmp_path):
    edited = write_into(draft, section, WORDS)
    second = docx.Document(str(write_docx(run.describe(), "en", tmp_path / "2.docx", earlier=edited)))
    fresh = docx.Document(str(draft))
    for body in (second.element.body, fresh.element.body):
        place = place_of(body, section)
        place.getparent().remove(place)
    assert [p.text for p in second.paragraphs] == [p.text for p in fresh.paragraphs]


def test_what_is_more_than_words_is_refused_with_every_place(draft, section):
    table = "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/>"
    tracked = "<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>"
    edited = write_into(draft, section, table + tracked)
    with pytest.raises(
        CannotCarryOver, match=f"section {section}: a table, a tracked change in the author's text"
    ):
        read_author_text(edited, MARK)


def test_text_of_a_section_that_is_no_more_is_refused(run, draft, section, tmp_path):
    edited = write_into(draft, section, WORDS)
    file = docx.Document(str(edited))
    place_of(file.element.body, section).find(f".//{qn('w:tag')}").set(qn("w:val"), "author:99.9")
    file.save(str(edited))
    with pytest.raises(CannotCarryOver, match=r"no section 99\.9"):
        write_docx(run.describe(), "en", tmp_path / "2.docx", earlier=edited)
    assert not (tmp_path / "2.docx").exists()


def test_a_file_that_is_no_docx_is_refused(tmp_path):
    (tmp_path / "report-en.docx").write_text("no")
    with pytest.raises(CannotCarryOver, match="cannot be read as DOCX"):
        read_author_text(tmp_path / "report-en.docx", MARK)


def test_the_next_report_in_a_folder_takes_the_text_of_the_draft_that_lies_there(
    run, draft, section, tmp_path
):
    earlier, later = tmp_path / "earlier", tmp_path / "later"
    earlier.mkdir()
    later.mkdir()
    write_into(draft, section, WORDS).rename(earlier / "report-en.docx")
    write_documents(run.describe(), ["docx"], later, earlier=earlier)
    assert section in read_author_text(later / "report-en.docx", MARK)
    assert read_author_text(later / "report-zh.docx", PAGE["for_author"].zh) == {}
