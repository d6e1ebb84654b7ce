"""Reports in the application: asked for, built by a worker, kept, opened and taken out by who may."""

from __future__ import annotations

import json
import os
import shutil
import time
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from desk import log_in
from django.conf import settings
from django.test import Client
from small_study import PERSON

from grevy.capture import kept_reports, report_work
from grevy.capture.actions.jobs import cancel_job
from grevy.capture.actions.reports import Choice, ask_report
from grevy.capture.errors import NotPermitted
from grevy.capture.job_ends import Cancelled, CannotBeDone
from grevy.capture.jobs import Worker
from grevy.capture.kept_reports import find_report, read_reports
from grevy.capture.models import Export, Job, JobState
from grevy.capture.reading.courses import site_today
from grevy.capture.report_work import run_command, steps_of
from grevy.capture.words import WORDS

SCRIPT = "sha256-b3Vycw=="
WRITTEN = (
    *("sdtm/dm.parquet", "adam/adsl.parquet", "snapshot/demographics.parquet", "trace.parquet"),
    *("results.parquet", "results.csv", "results.json", "report.html", "report-en.pdf"),
)
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.GREVY_REPORTS = tmp_path / "reports"
    return tmp_path / "reports"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command is not run: what it would write is written; the arguments of each run."""
    commands: list[list[str]] = []

    def write(arguments: list[str], steps: Any, step: Any) -> None:
        commands.append(arguments)
        step(len(steps) - 1, len(steps))
        run = Path(arguments[arguments.index("--out") + 1])
        for name in WRITTEN:
            (run / name).parent.mkdir(parents=True, exist_ok=True)
            (run / name).write_text(f"<p>{name}</p>")
        manifest = {
            "study": {"version": "1.0"},
            "program": "grevy 9",
            "snapshot_id": "abc" * 20,
            "page_script": SCRIPT,
            "final": "--final" in arguments,
            "switches": {"sets.effectiveness": _chosen_set(arguments)},
        }
        (run / "manifest.json").write_text(json.dumps(manifest))

    monkeypatch.setattr(report_work, "run_command", write)
    return commands


def _chosen_set(arguments: list[str]) -> str:
    """As the command writes it into its manifest."""
    return dict(value.split("=") for value in arguments if "=" in value)["sets.effectiveness"]


def build(study: Any, by: str = "statistician", **choice: Any) -> str:
    """Ask, let a worker build, and give the key of the report."""
    job = ask_report(study, Choice(**{"cutoff": site_today(), **choice}), by=by)
    assert Worker().work_once()
    return str(json.loads(Job.objects.get(key=job).result)["report"])


@pytest.fixture
def client(desk: Any) -> Client:
    return log_in(Client(), "statistician")


def test_the_interim_report_takes_one_click_and_is_listed_once_it_is_built(client, ran):
    assert WORDS["reports_none"][0] in client.get("/reports/").text
    assert client.post("/reports/", {"interim": "yes"}).headers["Location"] == "/reports/"
    assert WORDS["job_cancel"][0] in client.get("/reports/").text
    assert Worker().work_once()
    assert Job.objects.get().state == JobState.DONE
    page = client.get("/reports/").text
    assert WORDS["outputs_safety"][0] in page
    assert "PDF, English" in page
    assert "abc" * 4 in page
    assert WORDS["report_is_draft"][0] in client.get(f"/reports/{read_reports()[0].key}/").text
    asked = f"--cutoff {site_today()} --set sets.effectiveness=full --only safety"
    assert f"{asked} --language en --language zh --document pdf" in " ".join(ran[0])


def test_what_is_typed_decides_the_report_and_what_is_wrong_is_told(client, ran):
    asked = {"cutoff": "2024-05-31", "as_of": "2024-06-30", "outputs": "14.2", "version": "current",
             "analysis_set": "per_protocol", "final": "yes",
             "format": ["docx", "data"], "language": ["zh"]}  # fmt: skip
    tomorrow = (site_today() + timedelta(days=1)).isoformat()
    for wrong, word in (
        ({"cutoff": tomorrow}, "report_cutoff_wrong"),
        ({"cutoff": ""}, "report_cutoff_wrong"),
        ({"as_of": "June"}, "report_as_of_wrong"),
        ({"language": []}, "report_documents_wrong"),
    ):
        page = client.post("/reports/", {**asked, **wrong}).text
        assert WORDS[word][0] in page
        assert not Job.objects.exists()
    client.post("/reports/", asked)
    Worker().work_once()
    text = " ".join(ran[0])
    assert "--as-of 2024-06-30T23:59:59.999999+08:00" in text
    assert "--cutoff 2024-05-31 --set sets.effectiveness=per_protocol" in text
    assert "--only 14.2 --language zh --document docx" in text
    kept = read_reports()[0]
    assert (kept.by, kept.outputs, kept.languages) == ("statistician", ("14.2",), ("zh",))
    assert kept.data is not None
    assert kept.analysis_set == "per_protocol"
    assert WORDS["set_per_protocol"][0] in client.get(f"/reports/{kept.key}/").text
    assert kept.is_final
    assert "--final" in ran[0]
    assert WORDS["report_is_final"][0] in client.get(f"/reports/{kept.key}/").text
    client.post("/reports/", {**asked, "analysis_set": "everyone"})
    Worker().work_once()
    assert "sets.effectiveness=full" in ran[-1], "what is not offered is not passed on"


def test_the_same_report_is_asked_for_once_and_its_moment_is_fixed_then(study, people):
    first = ask_report(study, Choice(site_today()), by="statistician")
    assert ask_report(study, Choice(site_today()), by="statistician") == first
    assert ask_report(study, Choice(site_today(), data=True), by="statistician") != first
    assert ask_report(study, Choice(site_today()), by="data_manager") != first
    asked = json.loads(Job.objects.get(key=first).asked)
    assert asked["as_of"].startswith(asked["asked_at"][:16])
    with pytest.raises(NotPermitted):
        ask_report(study, Choice(site_today()), by="monitor")


def test_the_page_tells_the_step_that_is_taken(client, study):
    job = ask_report(study, Choice(site_today(), documents=("pdf",)), by="statistician")
    Job.objects.update(state=JobState.RUNNING, done=3, total=7)
    told = client.get(f"/jobs/{job}/").json()["told"]
    assert told == "Step 4 of 7: estimates."
    for step in steps_of({"documents": ("pdf", "rtf", "docx")}):
        assert f"report_step_{step}" in WORDS


def test_a_kept_report_is_never_built_again_nor_changed(study, people, ran, folder):
    key = build(study)
    before = (folder / key / "about.json").read_bytes()
    Job.objects.update(state=JobState.WAITING)  # as after a worker that died once the report was kept
    Worker().work_once()
    assert len(ran) == 1
    assert (folder / key / "about.json").read_bytes() == before
    assert os.stat(folder / key / "run" / "report.html").st_mode & 0o222 == 0
    assert [path.name for path in folder.iterdir()] == [key]


def test_what_a_worker_that_died_left_behind_is_removed(study, people, ran, folder):
    ask_report(study, Choice(site_today()), by="statistician")
    key = json.loads(Job.objects.get().asked)["report"]
    (folder / f".{key}.half" / "run").mkdir(parents=True)
    Worker().work_once()
    assert [path.name for path in folder.iterdir()] == [key]


def test_the_page_of_a_report_runs_its_own_script_and_nothing_else(client, study, ran):
    key = build(study)
    answer = client.get(f"/reports/{key}/files/report.html")
    policy = answer.headers["Content-Security-Policy"]
    assert f"script-src '{SCRIPT}'" in policy
    assert "script-src 'unsafe-inline'" not in policy
    assert "default-src 'none'" in policy
    assert "sandbox allow-scripts allow-downloads" in policy
    assert "allow-same-origin" not in policy
    assert b"".join(answer.streaming_content) == b"<p>report.html</p>"
    download = client.get(f"/reports/{key}/files/report-en.pdf")
    assert f'attachment; filename="{key}-report-en.pdf"' == download.headers["Content-Disposition"]


@ONE_DATABASE
def test_a_file_that_was_changed_is_not_shown(client, study, ran, folder):
    key = build(study)
    page = folder / key / "run" / "report.html"
    page.chmod(0o644)
    page.write_text("<p>report.htmI</p>")
    answer = client.get(f"/reports/{key}/files/report.html")
    assert answer.status_code == 409
    assert WORDS["report_damaged_do"][0] in answer.text
    page.write_text("shorter")
    assert WORDS["report_damaged"][0] in client.get("/reports/").text
    assert WORDS["report_damaged"][0] in client.get(f"/reports/{key}/").text


@ONE_DATABASE
def test_no_address_leads_out_of_the_folder(client, study, ran, folder):
    key = build(study)
    (folder.parent / "secret").mkdir()
    (folder.parent / "secret" / "about.json").write_text("{}")
    for path in (f"{key}/files/manifest.json", f"{key}/files/..%2Fabout.json", f"{key}/files/data.zip",
                 "..%2Fsecret/", "%2E%2E/", "20200101-000000-aaaaaa/"):  # fmt: skip
        assert client.get(f"/reports/{path}").status_code == 404, path
    assert find_report("../secret") is None


def test_data_leave_with_purpose_and_recipient_and_only_by_who_may_export(client, study, ran):
    key = build(study, data=True)
    said = {"purpose": "Statistical review", "recipient": "CRO", "country": "CN"}
    refused = client.post(f"/reports/{key}/data/", {**said, "purpose": " "})
    assert refused.status_code >= 400
    assert not Export.objects.exists()
    answer = client.post(f"/reports/{key}/data/", said)
    archive = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))
    assert {"sdtm/dm.parquet", "adam/adsl.parquet", "results.csv"} <= set(archive.namelist())
    assert not any(name.startswith("snapshot") for name in archive.namelist())
    export = Export.objects.get()
    assert (export.purpose, export.recipient, export.by) == ("Statistical review", "CRO", "statistician")
    assert json.loads(export.files) == {f"{key}/data.zip": find_report(key).data.sha256}
    officer = log_in(Client(), "safety_officer")
    assert WORDS["report_take"][0] not in officer.get(f"/reports/{key}/").text
    assert officer.post(f"/reports/{key}/data/", said).status_code == 403
    assert client.get(f"/reports/{key}/data/").status_code == 405


def test_one_that_failed_or_was_given_up_is_told_until_the_next(client, study, monkeypatch):
    def fail(*_: Any) -> None:
        raise CannotBeDone("job_bad_input")

    monkeypatch.setattr(report_work, "run_command", fail)
    ask_report(study, Choice(site_today()), by="statistician")
    Worker().work_once()
    assert WORDS["job_bad_input"][0] in client.get("/reports/").text
    job = ask_report(study, Choice(site_today()), by="statistician")
    assert WORDS["job_bad_input"][0] not in client.get("/reports/").text
    cancel_job(job, by="statistician")
    assert WORDS["job_CANCELLED"][0] in client.get("/reports/").text


# ---- Two compared --------------------------------------------------------------------------------------


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch, desk: Any, study: Any, ran: Any) -> tuple[str, str, list[Any]]:
    """Two kept reports; the command that compares them writes one changed number. The commands that ran."""
    desk.save("demographics", PERSON)
    before, after = build(study, data=True), build(study)
    commands: list[Any] = []
    record = f"{desk.subject}/SCREENING/1/demographics/1"
    entry = {"revision": f"{record}#1", "record": record, "by": "crc01", "role": "coordinator",
             "at": "2026-03-20T08:00:00+00:00", "reason": "Typing error", "is_first": False,
             "is_withdrawn": False,
             "moved": [{"item": ["Sex", "性别"], "before": ["Male", "男"], "after": None}]}  # fmt: skip
    cell = {"result_id": "T14.1.5|SEX|M|TOTAL", "output_id": "T14.1.5", "row": ["Sex, male", "性别，男"],
            "column": ["Total", "合计"], "before": ["4 (57.1%)"] * 2, "after": None, "causes": ["entries"],
            "settings": [], "joined": [], "left": [desk.subject], "entries": [f"{record}#1"],
            "entry_count": 1}  # fmt: skip
    facts = {"program": "grevy 9", "cutoff": "2026-01-31", "snapshot_id": "0" * 64, "study_version": "1.0"}
    found = {"before": facts, "after": {**facts, "snapshot_id": "1" * 64}, "settings": {}, "compared": 40,
             "titles": {"T14.1.5": ["Demographics", "人口统计学资料"]}, "not_compared": [],
             "cells": [cell] * 150, "points": {},
             "entries": {f"{record}#1": entry}, "new_revisions": 1}  # fmt: skip

    def write(arguments: list[str], steps: Any, step: Any) -> None:
        commands.append(arguments)
        Path(arguments[arguments.index("--json") + 1]).write_text(json.dumps(found))

    monkeypatch.setattr(report_work, "run_command", write)
    return before, after, commands


def test_two_reports_are_compared_once_and_each_number_leads_to_its_entries(client, desk, compared, folder):
    before, after, commands = compared
    chosen = {"before": before, "after": after}
    here = client.post("/reports/compare/", chosen).headers["Location"]
    assert WORDS["job_WAITING"][0] in client.get(here).text
    Worker().work_once()
    assert commands[0][:3] == ["compare", str(folder / before / "run"), str(folder / after / "run")]
    page = client.get(here).text
    assert "150 numbers of 40 compared outputs read otherwise" in page
    assert f'href="/subjects/{desk.subject}/SCREENING/1/demographics/1/"' in page
    assert "Typing error" in page
    assert f"Now without {desk.subject}" in page
    assert page.count("4 (57.1%)") == 50
    assert client.get(f"{here}&page=3&output=T14.1.5").text.count("4 (57.1%)") == 50
    assert client.get(f"{here}&page=x").status_code == 200
    assert "人口统计学资料" in log_in(Client(), "data_manager", "zh").get(here).text
    client.post("/reports/compare/", chosen)
    assert len(commands) == 1
    assert not Worker().work_once()
    assert [path.name for path in (folder / ".compared").iterdir()] == [f"{before}--{after}.json"]


def test_two_different_reports_must_be_chosen(client, compared):
    before, _, commands = compared
    for chosen in (
        {"before": before, "after": before},
        {"before": before, "after": "../x"},
        {"before": before},
    ):
        page = client.post("/reports/compare/", chosen)
        assert (page.status_code, WORDS["compare_two"][0] in page.text) == (200, True)
    assert WORDS["compare_two"][0] not in client.get("/reports/compare/").text
    assert not Worker().work_once()
    assert commands == []


# ---- The process ---------------------------------------------------------------------------------------


def broken_study(place: Path) -> Path:
    folder = shutil.copytree(settings.GREVY_STUDY, place / "broken")
    form = folder / "forms" / "death.yaml"
    form.write_text(form.read_text().replace("type: partial_date", "type: partial_dat", 1))
    return folder


@ONE_DATABASE
def test_the_command_is_run_heard_and_its_failure_told(people, caplog, tmp_path):
    heard: list[tuple[int, int]] = []
    run_command(["--version"], ("a", "b"), lambda *step: heard.append(step))
    assert heard[-1] == (1, 2)
    with pytest.raises(CannotBeDone) as failed:
        run_command(["report"], ("a",), lambda *step: None)
    assert failed.value.word == "job_bad_input"
    assert "Missing option" in caplog.text
    with pytest.raises(CannotBeDone) as failed:
        run_command(["check-study", str(broken_study(tmp_path))], ("a",), lambda *step: None)
    assert failed.value.word == "job_not_final", "the word of a command with findings, as a final report has"


@ONE_DATABASE
def test_a_cancelled_command_ends_at_once(people, tmp_path):
    begun = time.monotonic()

    def cancel(*_: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        run_command(["simulate", "--subjects", "100000", "--out", str(tmp_path / "out")], ("a",), cancel)
    assert time.monotonic() - begun < 5
    assert not (tmp_path / "out").exists()


def test_the_step_that_was_said_last_is_the_one_that_is_shown():
    steps = ("snapshot", "sdtm", "adam")
    assert report_work._count_done(["step snapshot", "a warning", "step adam"], steps) == 2
    assert report_work._count_done(["step unheard"], steps) == 0
    assert kept_reports.KEY.fullmatch("20261128-144221-13f704")


@ONE_DATABASE
def test_a_report_of_the_ledger_is_asked_of_the_database_of_this_process(desk, settings):
    desk.save("demographics", PERSON)
    assert report_work._database() == str(settings.DATABASES["default"]["NAME"])
