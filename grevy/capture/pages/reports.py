"""The reports page: those that are kept, a form to build one, and each with its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grevy.capture.actions import record_export
from grevy.capture.actions.reports import Choice, ask_report, last_that_failed, open_jobs
from grevy.capture.errors import Refused
from grevy.capture.kept_reports import DATA, PAGE, KeptReport, find_report, open_file, read_reports
from grevy.capture.pages.jobs import progress_of
from grevy.capture.pages.problems import tell
from grevy.capture.pages.queries import refuse
from grevy.capture.permissions import can
from grevy.capture.policies import SITE_ZONE
from grevy.capture.reading.courses import site_today
from grevy.capture.web import current_study, kept_report_policy, language_of, next_study
from grevy.capture.words import LANGUAGES, Words
from grevy.definition import Study
from grevy.definition.analysis_plan import SET_OF_EFFECTIVENESS

OUTPUTS = ("", "safety", "14.1", "14.2", "14.3")
DOCUMENTS = ("pdf", "rtf", "docx")
FILES_IN_A_LINE = 3
TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "rtf": "application/rtf"}
INTERIM = {"outputs": ("safety",), "documents": ("pdf",)}
"""What a data-monitoring meeting asks for."""


def reports(request: HttpRequest) -> HttpResponse:
    """The kept reports and one's own in the making. Posted: asks for one; the interim one by one click."""
    problems: list[str] = []
    if request.method == "POST":
        study, choice, problems = _read_choice(request.POST)
        if not problems:
            ask_report(study, choice, by=request.user.username)
            return redirect("reports")
    t, username = Words(language_of(request)), request.user.username
    failed = last_that_failed(username)
    context = {
        "reports": [_line(report) for report in read_reports()],
        "jobs": [progress_of(job, t) for job in open_jobs(username)],
        "failed": progress_of(failed, t) if failed else None,
        "problems": problems,
        "typed": request.POST,
        "today": site_today(),
        "versions": _versions(),
        "outputs": OUTPUTS,
        "sets": current_study().analysis.switches[SET_OF_EFFECTIVENESS].options,
        "documents": (*DOCUMENTS, "data"),
        "languages": LANGUAGES,
        "chosen": _chosen(request),
    }
    return render(request, "capture/reports.html", context)


def report(request: HttpRequest, report: str) -> HttpResponse:
    """One kept report: what it was made from, and its files."""
    kept = _find(report)
    username = request.user.username
    context = {"line": _line(kept), "report": kept, "may_export": can(username, "export", None)}
    return render(request, "capture/report.html", context)


def report_file(request: HttpRequest, report: str, file: str) -> HttpResponse:
    """A file of a kept report: the page under a policy of its own, documents as downloads."""
    kept = _find(report)
    if file not in {one.name for one in kept.documents}:
        raise Http404
    path = open_file(kept, file)
    if path is None:
        return tell(request, "report_damaged", 409)
    kind = TYPES.get(path.suffix[1:], "application/octet-stream")
    if file != PAGE:
        return _download(path, f"{kept.key}-{file}", kind)
    response = FileResponse(path.open("rb"), content_type=kind)
    response.headers["Content-Security-Policy"] = kept_report_policy(kept.script)
    return response


def report_data(request: HttpRequest, report: str) -> HttpResponse:
    """The data sets, once what they leave for is recorded."""
    kept = _find(report)
    if kept.data is None:
        raise Http404
    path = open_file(kept, DATA)
    if path is None:
        return tell(request, "report_damaged", 409)
    said = {name: request.POST.get(name, "") for name in ("purpose", "recipient", "country")}
    try:
        record_export(by=request.user.username, files={f"{kept.key}/{DATA}": kept.data.sha256}, **said)
    except Refused as refusal:
        return refuse(request, refusal)
    return _download(path, f"{kept.key}-{DATA}", "application/zip")


def _download(path: Path, name: str, kind: str) -> FileResponse:
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind)


def _find(key: str) -> KeptReport:
    found = find_report(key)
    if found is None:
        raise Http404
    return found


# ---- What is chosen ------------------------------------------------------------------------------------


def _versions() -> list[tuple[str, Study]]:
    """The version in use, and the one to be published where the server has one."""
    present, following = current_study(), next_study()
    return [("current", present), *([("next", following)] if following.hash != present.hash else [])]


def _read_choice(sent: Any) -> tuple[Study, Choice, list[str]]:
    """What was chosen, and the words of what is wrong with it."""
    if "interim" in sent:
        return current_study(), Choice(cutoff=site_today(), **INTERIM), []
    cutoff, cutoff_problem = _read_day(sent.get("cutoff", ""), "report_cutoff_wrong")
    until, until_problem = _read_day(sent.get("as_of", ""), "report_as_of_wrong")
    problems = [cutoff_problem if sent.get("cutoff") else "report_cutoff_wrong", until_problem]
    studies = dict(_versions())
    version = sent.get("version", "") if sent.get("version") in studies else "current"
    documents = tuple(name for name in DOCUMENTS if name in sent.getlist("format"))
    languages = tuple(name for name in LANGUAGES if name in sent.getlist("language"))
    if documents and not languages:
        problems.append("report_documents_wrong")
    outputs = sent.get("outputs", "")
    choice = Choice(
        cutoff=cutoff,
        as_of=datetime.combine(until, time.max, SITE_ZONE) if until else None,
        version=version,
        analysis_set=_read_set(sent.get("analysis_set", ""), studies[version]),
        outputs=(outputs,) if outputs and outputs in OUTPUTS else (),
        languages=languages or LANGUAGES,
        documents=documents,
        data="data" in sent.getlist("format"),
        final="final" in sent,
    )
    return studies[version], choice, [problem for problem in problems if problem]


def _read_set(sent: str, study: Study) -> str:
    """The set that was chosen, or that of the plan."""
    switch = study.analysis.switches[SET_OF_EFFECTIVENESS]
    return sent if sent in switch.options else switch.default


def _read_day(text: str, problem: str) -> tuple[date | None, str]:
    """A day up to today at the sites; none is no problem here."""
    if not text:
        return None, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, problem
    return (day, "") if day <= site_today() else (None, problem)


def _chosen(request: HttpRequest) -> Mapping[str, Any]:
    """What the form shows as chosen: what was sent, else what is usual."""
    if request.method != "POST":
        usual = {"cutoff": site_today().isoformat(), "languages": LANGUAGES, "formats": ("pdf",)}
        plan = current_study().analysis
        usual["analysis_set"] = plan.switches[SET_OF_EFFECTIVENESS].default
        return {**usual, "as_of": "", "outputs": "", "version": "current", "final": False}
    sent = request.POST
    named = {name: sent.get(name, "") for name in ("cutoff", "as_of", "outputs", "analysis_set", "version")}
    ticked = {"languages": sent.getlist("language"), "formats": sent.getlist("format")}
    return {**named, **ticked, "final": "final" in sent}


# ---- What is shown -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A kept report as the list shows it."""

    report: KeptReport
    outputs: tuple[str, ...]
    size: str
    files: tuple[tuple[str, str, str, str, str], ...]

    @property
    def first_files(self) -> tuple[tuple[str, str, str, str, str], ...]:
        """All of a few, else the page alone: the rest stands on the page of the report."""
        return self.files if len(self.files) <= FILES_IN_A_LINE else self.files[:1]

    @property
    def more_files(self) -> int:
        return len(self.files) - len(self.first_files)


def _line(report: KeptReport) -> Line:
    outputs = tuple(f"outputs_{name}" for name in report.outputs) or ("outputs_all",)
    return Line(report, outputs, _megabytes(report.bytes), tuple(_describe_files(report)))


def _describe_files(report: KeptReport) -> Any:
    """Name, the word of its format, that of its language (the page has both), size and hash of each file."""
    for file in report.documents:
        stem, _, suffix = file.name.rpartition(".")
        language = stem.rpartition("-")[2]
        spoken = f"language_{language}" if language in LANGUAGES else ""
        kind = f"listings_{suffix}" if stem.startswith("listings") else suffix
        yield file.name, f"format_{kind}", spoken, _megabytes(file.bytes), file.sha256


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}"
