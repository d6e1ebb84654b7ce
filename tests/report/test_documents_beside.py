"""Documents written by processes of their own: the same bytes, the same refusals, nothing left behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grevy.report.carried_over import CannotCarryOver
from grevy.report.documents import Writers, list_files, write_documents
from grevy.report.listing_views import view_listings
from grevy.report.rtf import write_rtf
from grevy.results.rows import SCHEMA


@pytest.fixture(scope="module")
def document(run):
    return run.describe()


def test_processes_write_what_one_would(document, tmp_path):
    told = []
    for processes in (1, 2):
        folder = tmp_path / str(processes)
        folder.mkdir()
        write_documents(
            document, ["rtf", "docx"], folder, languages=["zh"], processes=processes, told=told.append
        )
    alone, beside = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in "12")
    assert alone == beside
    assert set(alone) == {"report-zh.rtf", "report-zh.docx"}, "the description for the processes is not left"
    assert told == ["rtf", "docx"] * 2


def test_a_refusal_in_a_process_reaches_the_caller_and_leaves_nothing(document, tmp_path):
    earlier, folder = tmp_path / "earlier", tmp_path / "later"
    earlier.mkdir()
    folder.mkdir()
    (earlier / "report-en.docx").write_text("no")
    with pytest.raises(CannotCarryOver, match="cannot be read as DOCX"):
        write_documents(document, ["docx"], folder, languages=["en"], earlier=earlier, processes=2)
    assert list(folder.iterdir()) == []


def test_a_mistake_of_the_caller_ends_the_processes(document, tmp_path):
    def fail_meanwhile():
        with Writers(["rtf"], tmp_path, languages=["en"], processes=2) as writers:
            writers.begin_report(document)
            raise KeyError("what the caller did")

    with pytest.raises(KeyError):
        fail_meanwhile()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".document")] == []


def test_listings_rest_on_no_result(run, document, tmp_path):
    """They are begun while the estimates are made: only their lines and the snapshot's name are known."""
    views = view_listings(run.results.listings, run.results.subjects)
    nothing = replace(run.results, rows=SCHEMA.empty_table())
    early = run.describe(nothing, listings=views, snapshot_id=document.snapshot_id)
    made = {}
    for name, described in (("early", early), ("whole", replace(document, listings=views))):
        folder = tmp_path / name
        folder.mkdir()
        with Writers(["pdf", "rtf"], folder, languages=["zh"], processes=1) as writers:
            writers.begin_listings(described)
            made[name] = {path.name: path.read_bytes() for path in writers.finish()}
    assert list(made["early"]) == ["listings-zh.pdf", "listings-zh.rtf"]
    assert made["early"] == made["whole"]


def test_the_index_of_listings_is_that_of_the_whole_description(run, document, tmp_path):
    """The lines are left out of what a process reads; number, title, counts and rule are not."""
    whole = replace(document, listings=view_listings(run.results.listings, run.results.subjects))
    assert any(view.rule for view in whole.listings.values())
    with Writers(["rtf"], tmp_path, languages=["en"], processes=1) as writers:
        writers.begin_report(whole)
        (written,) = writers.finish()
    assert written.read_bytes() == write_rtf(whole, "en", tmp_path / "whole.rtf").read_bytes()


def test_an_unknown_format_is_refused(tmp_path):
    with pytest.raises(ValueError, match="'odt' is not known; known: pdf, rtf, docx"):
        list_files(["odt"], tmp_path)
