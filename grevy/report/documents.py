"""The report as files to submit, print and edit: which format makes which file, and on how many processors.

A large report is written by processes of their own, a PDF each: they run side by side, and the memory that
setting a thousand pages takes is given back with each. The files are the same to the byte either way.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from grevy.report.document import Document

DOCUMENTS = ("pdf", "rtf", "docx")
LANGUAGES = ("en", "zh")
LISTING_FORMATS = ("pdf", "rtf")
SMALL = 5_000
"""Results or lines of listings that are set faster than a process starts."""
LINES_OF_SUBJECT = 80  # in the listings, about

WRITERS = [f"grevy.report.{name}" for name in ("pdf", "listing_documents", "rtf", "docx_draft")]
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
    with Writers(formats, folder, languages=languages, earlier=earlier, processes=processes) as writers:
        writers.begin_listings(document)
        writers.begin_report(document)
        return writers.finish(told)


class Writers:
    """Writers of documents who work while the caller goes on: listings first, which rest on no estimate.

    A context: when it is left early, what has not begun is given up and nothing is left behind.
    """

    def __init__(
        self,
        formats: Iterable[str],
        folder: Path,
        *,
        languages: Iterable[str] = LANGUAGES,
        earlier: Path | None = None,
        processes: int | None = None,
    ) -> None:
        self._files = list_files(formats, folder, languages, earlier)
        self._folder = folder
        self._processes = processes
        self._begun: dict[File, Callable[[], object]] = {}
        self._held = ExitStack()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._held.close()

    def prepare(self, subjects: int) -> None:
        """Load what processes need while the caller does something else, where so many will need them."""
        if self._files and subjects * LINES_OF_SUBJECT >= SMALL:
            _prepare_processes()

    def begin_listings(self, document: Document) -> None:
        """Begin to write section 16.2 in its formats, if the document has listings."""
        if document.listings:
            lines = sum(len(view.subjects) for view in document.listings.values())
            self._begin(document, [file for file in self._files if file.is_listings], lines)

    def begin_report(self, document: Document) -> None:
        """Begin to write the report in every format; of the listings it has an index only."""
        listings = {name: view.without_lines() for name, view in document.listings.items()}
        self._begin(
            replace(document, listings=listings),
            [file for file in self._files if not file.is_listings],
            len(document.rows),
        )

    def finish(self, told: Callable[[str], None] = lambda format: None) -> list[Path]:
        """Wait for what was begun; `told` hears of each format first. The paths in the order of formats."""
        files = [file for file in self._files if file in self._begun]
        for file in _tell(files, told):
            self._begun[file]()
        return [file.path for file in files]

    def _begin(self, document: Document, files: list[File], size: int) -> None:
        processes = self._processes or (1 if size < SMALL else min(os.cpu_count() or 1, MOST_PROCESSES))
        if processes < 2:
            self._begun.update((file, partial(_write_one, document, file)) for file in files)
            return
        place = Path(self._held.enter_context(TemporaryDirectory(prefix=".document.", dir=self._folder)))
        (place / "document").write_bytes(pickle.dumps(document, pickle.HIGHEST_PROTOCOL))
        pool = self._open(processes)
        for batch in _share_out(files):
            written = pool.submit(_write_kept, place / "document", batch)
            self._begun.update(dict.fromkeys(batch, written.result))

    def _open(self, processes: int) -> ProcessPoolExecutor:
        """The one pool, which is closed before the descriptions that its processes read are removed."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(processes, _prepare_processes(), max_tasks_per_child=1)
        self._held.callback(self._pool.shutdown, cancel_futures=True)
        return self._pool


def _prepare_processes() -> BaseContext:
    """Processes are forked from one of their own that has loaded the libraries and nothing else.

    They are loaded once, and no thread of the caller can be caught in the middle of something.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(WRITERS)
    forkserver.ensure_running()
    return context


def list_files(
    formats: Iterable[str], folder: Path, languages: Iterable[str] = LANGUAGES, earlier: Path | None = None
) -> list[File]:
    """The files of the formats; section 16.2 is a document of its own, to which a draft only refers."""
    chosen = [language for language in LANGUAGES if language in set(languages)]
    files = []
    for format in dict.fromkeys(formats):
        if format not in DOCUMENTS:
            raise ValueError(f"format {format!r} is not known; known: {', '.join(DOCUMENTS)}")
        if format in LISTING_FORMATS:
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


def _share_out(files: list[File]) -> list[list[File]]:
    """The files of each process: a PDF alone, for its memory; the rest of a language together."""
    alone = [file for file in files if file.format == "pdf"]
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
