"""The report as files to submit, print and edit: which format makes which file, and on how many processors.

A large report is written by processes of their own, a PDF each: they run side by side, and the memory that
setting a thousand pages takes is given back with each. The files are the same to the byte either way.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from grevy.report.document import Document

DOCUMENTS = ("pdf", "rtf", "docx")
LANGUAGES = ("en", "zh")
LISTING_FORMATS = ("pdf", "rtf")
SMALL = 5_000
"""Results and lines of listings that are set faster than a process starts."""

MOST_PROCESSES = 4  # each takes up to 2.5 GB for the listings of 350 subjects


@dataclass(frozen=True)
class File:
    """One document in one language: the report, or its listings."""

    format: str
    language: str
    path: Path
    draft: Path | None = None  # an earlier draft, whose authors' text is carried over
    is_listings: bool = False


def write_documents(
    document: Document,
    formats: Iterable[str],
    folder: Path,
    *,
    languages: Iterable[str] = LANGUAGES,
    told: Callable[[str], None] = lambda format: None,
    earlier: Path | None = None,
    processes: int | None = None,
) -> list[Path]:
    """Write the report in each format, one file per language: `report-en.pdf`, `report-zh.pdf` and so on.

    `told` hears of each format before it is waited for. `earlier` is the folder of an earlier report, from
    whose drafts the authors' text is carried over; CannotCarryOver where it would be lost. ValueError for an
    unknown format.
    """
    begun = write_beside(document, formats, folder, languages=languages, earlier=earlier, processes=processes)
    with begun as finish:
        return finish(told)


@contextmanager
def write_beside(
    document: Document,
    formats: Iterable[str],
    folder: Path,
    *,
    languages: Iterable[str] = LANGUAGES,
    earlier: Path | None = None,
    processes: int | None = None,
) -> Iterator[Callable[[Callable[[str], None]], list[Path]]]:
    """Begin to write documents while the caller does something else; what is given waits for them."""
    files = list_files(document, formats, folder, languages, earlier)
    if processes is None:
        processes = _count_processes(document, files)
    if processes < 2:
        yield lambda told: [_write_one(document, file) for file in _tell(files, told)]
        return
    with (
        TemporaryDirectory(prefix=".document.", dir=folder) as place,
        ProcessPoolExecutor(processes, get_context("spawn"), max_tasks_per_child=1) as pool,
    ):
        kept = Path(place) / "document"
        kept.write_bytes(pickle.dumps(document, pickle.HIGHEST_PROTOCOL))
        begun: dict[File, Future[None]] = {}
        for batch in _share_out(files):
            begun.update(dict.fromkeys(batch, pool.submit(_write_kept, kept, batch)))

        def finish(told: Callable[[str], None]) -> list[Path]:
            for file in _tell(files, told):
                begun[file].result()
            return [file.path for file in files]

        try:
            yield finish
        finally:
            pool.shutdown(cancel_futures=True)


def list_files(
    document: Document, formats: Iterable[str], folder: Path, languages: Iterable[str], earlier: Path | None
) -> list[File]:
    """The files of the formats; section 16.2 is a document of its own, to which a draft only refers."""
    chosen = [language for language in LANGUAGES if language in set(languages)]
    files = []
    for format in dict.fromkeys(formats):
        if format not in DOCUMENTS:
            raise ValueError(f"format {format!r} is not known; known: {', '.join(DOCUMENTS)}")
        if document.listings and format in LISTING_FORMATS:
            files += [
                File(format, language, folder / f"listings-{language}.{format}", is_listings=True)
                for language in chosen
            ]
        for language in chosen:
            path = folder / f"report-{language}.{format}"
            draft = earlier / path.name if earlier and format == "docx" else None
            files.append(File(format, language, path, draft if draft and draft.is_file() else None))
    return files


def _tell(files: Iterable[File], told: Callable[[str], None]) -> Iterator[File]:
    """The files in their order; each format is told with its first one."""
    before = None
    for file in files:
        if file.format != before:
            told(file.format)
        before = file.format
        yield file


def _count_processes(document: Document, files: list[File]) -> int:
    lines = sum(len(view.subjects) for view in document.listings.values())
    if len(document.rows) + lines < SMALL:
        return 1
    return min(os.cpu_count() or 1, len(files), MOST_PROCESSES)


def _share_out(files: list[File]) -> list[list[File]]:
    """The files of each process: a PDF alone, for its memory; the rest of a language together."""
    alone = sorted((file for file in files if file.format == "pdf"), key=lambda file: not file.is_listings)
    others = [[f for f in files if f.format != "pdf" and f.language == language] for language in LANGUAGES]
    return [[file] for file in alone] + [batch for batch in others if batch]


def _write_kept(kept: Path, files: list[File]) -> None:
    """What a process does: read the document that another one described, write its files."""
    document: Document = pickle.loads(kept.read_bytes())
    for file in files:
        _write_one(document, file)


def _write_one(document: Document, file: File) -> Path:
    """Write a file. The libraries behind a format are loaded here: most runs want the page alone."""
    if file.format == "pdf":
        from grevy.report.listing_documents import write_listings_pdf
        from grevy.report.pdf import write_pdf

        return (write_listings_pdf if file.is_listings else write_pdf)(document, file.language, file.path)
    if file.format == "rtf":
        from grevy.report.rtf import write_listings_rtf, write_rtf

        return (write_listings_rtf if file.is_listings else write_rtf)(document, file.language, file.path)
    from grevy.report.docx_draft import write_docx

    return write_docx(document, file.language, file.path, earlier=file.draft)
