"""The report as files to submit, print and edit: which format makes which file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from grevy.report.document import Document

DOCUMENTS = ("pdf", "rtf", "docx")
LANGUAGES = ("en", "zh")
LISTING_FORMATS = ("pdf", "rtf")


def write_documents(
    document: Document,
    formats: Iterable[str],
    folder: Path,
    *,
    languages: Iterable[str] = LANGUAGES,
    told: Callable[[str], None] = lambda format: None,
    earlier: Path | None = None,
) -> list[Path]:
    """Write the report in each format, one file per language: `report-en.pdf`, `report-zh.pdf` and so on.
    `told` hears of each format before it is written. `earlier` is the folder of an earlier report, from whose
    drafts the authors' text is carried over; CannotCarryOver where it would be lost.

    The libraries behind a format are loaded when it is asked for: most runs want the page alone.
    """
    wanted = tuple(languages)
    written = []
    for format in dict.fromkeys(formats):
        told(format)
        if document.listings and format in LISTING_FORMATS:
            written += [
                _write_listings(document, format, language, folder / f"listings-{language}.{format}")
                for language in LANGUAGES
                if language in wanted
            ]
        written += [
            _write(document, format, language, folder / f"report-{language}.{format}", earlier)
            for language in LANGUAGES
            if language in wanted
        ]
    return written


def _write_listings(document: Document, format: str, language: str, path: Path) -> Path:
    """Section 16.2 as a document of its own; a draft for authors only refers to it."""
    if format == "pdf":
        from grevy.report.listing_documents import write_listings_pdf

        return write_listings_pdf(document, language, path)
    from grevy.report.rtf import write_listings_rtf

    return write_listings_rtf(document, language, path)


def _write(document: Document, format: str, language: str, path: Path, earlier: Path | None) -> Path:
    if format == "pdf":
        from grevy.report.pdf import write_pdf

        return write_pdf(document, language, path)
    if format == "rtf":
        from grevy.report.rtf import write_rtf

        return write_rtf(document, language, path)
    if format == "docx":
        from grevy.report.docx_draft import write_docx

        draft = earlier / path.name if earlier else None
        return write_docx(document, language, path, earlier=draft if draft and draft.is_file() else None)
    raise ValueError(f"format {format!r} is not known; known: {', '.join(DOCUMENTS)}")
