"""What authors wrote into an earlier draft, to stand in the next one: the text between numbers is theirs.

A draft marks each place for an author with a content control whose tag names the section. Text that replaced
the mark is carried over, paragraph by paragraph with bold, italic, underlined, raised and lowered words. What
cannot be carried over is refused before anything is written: a rebuild must not lose a sentence.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docx import Document as open_document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from grevy.report import docx_xml as xml
from grevy.report.carried_over import CannotCarryOver

PREFIX = "author:"
KEPT_MARKS = ("b", "i", "u", "vertAlign")
NOT_CARRIED = {
    "drawing": "a picture",
    "pict": "a picture",
    "object": "an embedded object",
    "tbl": "a table",
    "hyperlink": "a link",
    "ins": "a tracked change",
    "del": "a tracked change",
    "footnoteReference": "a footnote",
    "endnoteReference": "an endnote",
    "commentReference": "a comment",
}


def read_author_text(path: Path, mark: str) -> dict[str, list[str]]:
    """The paragraphs of each section that an author wrote, by section, as XML of their runs.

    `mark` is what an empty place shows. CannotCarryOver names every section whose text is more than words.
    """
    try:
        body = open_document(str(path)).element.body
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError) as error:
        raise CannotCarryOver(
            f"{path}: cannot be read as DOCX. Move it away, or give another --out."
        ) from error
    found: dict[str, list[str]] = {}
    mistakes = []
    for section, control in _controls(body):
        content = control.find(qn("w:sdtContent"))
        texts = ["".join(node.itertext(qn("w:t"))) for node in content.iter(qn("w:p"))]
        kinds = sorted(
            {what for tag, what in NOT_CARRIED.items() if content.find(f".//{qn(f'w:{tag}')}") is not None}
        )
        if kinds:
            mistakes.append(f"{path}, section {section}: {', '.join(kinds)} in the author's text.")
        elif any(texts) and "".join(texts) != mark:
            found[section] = [_runs(node) for node in content.iter(qn("w:p"))]
    if mistakes:
        advice = "Only words are carried over to the next draft: move the rest away, or give another --out."
        raise CannotCarryOver("\n".join([*mistakes, advice]))
    return found


def check_sections(path: Path, text: Mapping[str, Any], sections: set[str]) -> None:
    """Refuse text of sections that the next draft does not have."""
    lost = sorted(set(text) - sections)
    if lost:
        raise CannotCarryOver(
            f"{path}: the next draft has no section {', '.join(lost)} for the author's text there. "
            "Move that text into another section, or give another --out."
        )


def _controls(body: Any) -> Iterator[tuple[str, Any]]:
    for control in body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        name = "" if tag is None else tag.get(qn("w:val"), "")
        if name.startswith(PREFIX):
            yield name.removeprefix(PREFIX), control


def _runs(paragraph: Any) -> str:
    """The runs of a paragraph, each with its words and the marks that carry meaning."""
    return "".join(_run(run) for run in paragraph.iter(qn("w:r")))


def _run(run: Any) -> str:
    words = "".join(
        {qn("w:t"): node.text or "", qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n"}.get(node.tag, "")
        for node in run
    )
    marks = {}
    for name in KEPT_MARKS:
        mark = run.find(f"{qn('w:rPr')}/{qn(f'w:{name}')}")
        if mark is not None and mark.get(qn("w:val"), "on") not in ("0", "false", "none", "baseline"):
            marks[name] = mark.get(qn("w:val"))
    return xml.marked_run(words, marks)
