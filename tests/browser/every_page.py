"""Every page of the application as a person of some role sees it: the list that the tests of all pages walk.

An address of the table that renders a page and is missing here fails `test_every_page.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from live_site import HALF_IN, LiveSite

Address = Callable[[LiveSite], str]

PATIENT = "01-001"
"""A patient of the small study who was treated for a long time."""


def at(path: str) -> Address:
    return lambda site: path


def record_of(form: str, subject: str = PATIENT) -> Address:
    """The last record of a form that a patient has; where none has one, an empty form of the schedule."""

    def find(site: LiveSite) -> str:
        sql = "SELECT key FROM capture_form_record WHERE form = ? AND key LIKE ? ORDER BY key DESC"
        found = site.read(sql, form, f"{subject}/%") or site.read(sql, form, "01-%")
        return f"/subjects/{found[0][0]}/" if found else f"/subjects/{subject}/{occasion_of(form)}/{form}/1/"

    return find


def occasion_of(form: str) -> str:
    """The first event of the schedule with the form, and its first number."""
    from live_site import STUDY

    from grevy.definition import load_study

    study = load_study(STUDY)
    return f"{next(event.id for event in study.events if form in event.forms)}/1"


def first_query(site: LiveSite) -> str:
    """A query of site 01, with its conversation."""
    found = site.read("SELECT key FROM capture_query WHERE record_id LIKE '01-%' ORDER BY key LIMIT 1")
    number = site.read("SELECT MIN(seq) FROM ledger_query_message WHERE query_id = ?", found[0][0])
    return f"/queries/{number[0][0]}/"


def of_few(page: str) -> Address:
    """A page of the patient of site 01 with the fewest records among those who were treated."""

    def find(site: LiveSite) -> str:
        sql = (
            "SELECT SUBSTR(key, 1, 6), COUNT(*) FROM capture_form_record WHERE key LIKE '01-%' GROUP BY 1 "
            "HAVING SUM(form = 'surufatinib_dosing') > 0"
        )
        return f"/subjects/{min(site.read(sql), key=lambda row: (row[1], row[0]))[0]}/{page}/"

    return find


def first_lab_file(site: LiveSite) -> str:
    """A file of a hospital with results to add, one that is there otherwise, and lines with a problem."""
    return f"/laboratory/{site.read('SELECT MIN(id) FROM capture_lab_file')[0][0]}/"


def keep_report(site: LiveSite, key: str, page: str = "", script: str = "sha256-") -> None:
    """A report that was kept, with files and data to take out."""
    run = site.database.parent / "reports" / key / "run"
    run.mkdir(parents=True, exist_ok=True)
    texts = {"report.html": page.encode(), "report-zh.pdf": b"", "data.zip": b""}
    files = [
        {"name": name, "bytes": len(text), "sha256": sha256(text).hexdigest()} for name, text in texts.items()
    ]
    for name, text in texts.items():
        (run / name).write_bytes(text)
    about = {
        "by": "stat01",
        "asked_at": "2026-03-01T10:15:00+00:00",
        "built_at": "2026-03-01T10:16:10+00:00",
        "as_of": "2026-03-01T10:15:00+00:00",
        "cutoff": "2026-02-28",
        "outputs": ["safety"],
        "languages": ["zh"],
        "study_version": "1.0",
        "program": "grevy 0.1.0",
        "snapshot_id": "0a1b" * 16,
        "page_script": script,
        "files": files,
    }
    (run.parent / "about.json").write_text(json.dumps(about))


FIRST, SECOND = "20260301-101500-0a1b2c", "20260401-101500-0a1b2c"


def kept_report(site: LiveSite) -> str:
    keep_report(site, FIRST)
    return f"/reports/{FIRST}/"


def list_of_reports(site: LiveSite) -> str:
    keep_report(site, FIRST)
    keep_report(site, SECOND)
    return "/reports/"


def compared_reports(site: LiveSite) -> str:
    """A number that a corrected entry changed, a setting and a figure."""
    list_of_reports(site)
    facts = {"program": "grevy 0.1.0", "study_version": "1.0", "definition": "0a1b" * 16}
    revision = f"{PATIENT}/SCREENING/1/demographics/1#2"
    male, female, sex = ["Male", "男"], ["Female", "女"], ["Sex", "性别"]
    cell = {"row": male, "column": ["Total", "合计"], "before": ["4", "4"], "after": None, "entry_count": 9,
            "result_id": "T14.1.5|SEX|M|TOTAL", "output_id": "T14.1.5", "causes": ["entries", "setting"],
            "settings": ["time.origin"], "joined": [], "left": [PATIENT], "entries": [revision]}  # fmt: skip
    entry = {"revision": revision, "record": revision[:-2], "by": "crc01a", "role": "coordinator",
             "at": "2026-03-20T08:00:00+00:00", "reason": "Source", "is_first": False, "is_withdrawn": False,
             "moved": [{"item": sex, "before": male, "after": female}]}  # fmt: skip
    found = {
        "before": {**facts, "snapshot_id": "0a1b" * 16, "cutoff": "2026-02-28"},
        "after": {**facts, "snapshot_id": "0a1c" * 16, "cutoff": None},
        "settings": {"time.origin": ["0", "1"]},
        "titles": {
            "T14.1.5": [
                "Treatment-emergent adverse events by class and term, the title of an output that is long",
                "治疗期间出现的不良事件，按系统器官分类和首选术语，一个很长的输出标题，用于检查手机宽度",
            ]
        },
        "compared": 12,
        "not_compared": ["T14.2.1"],
        "cells": [cell] * 101,
        "points": {"F14.2.1": 3},
        "entries": {revision: entry},
        "new_revisions": 9,
    }
    place = site.database.parent / "reports" / ".compared"
    place.mkdir(exist_ok=True)
    (place / f"{FIRST}--{SECOND}.json").write_text(json.dumps(found))
    return f"/reports/compare/?before={FIRST}&after={SECOND}"


@dataclass(frozen=True)
class Visit:
    """One page as one role sees it. `name` is the address in the table of addresses."""

    name: str
    role: str | None
    address: Address
    note: str = ""

    @property
    def label(self) -> str:
        return "-".join(part for part in (self.name, self.note, self.role) if part)


VISITS = (
    Visit("log_in", None, at("/log-in/")),
    Visit("second_factor", HALF_IN, at("/log-in/second-factor/")),
    Visit("account", "coordinator", at("/account/")),
    Visit("account_password", "coordinator", at("/account/password/")),
    Visit("account_second_factor", "coordinator", at("/account/second-factor/")),
    Visit("people", "administrator", at("/people/")),
    Visit("person", "administrator", at("/people/crc01a/")),
    Visit("start", "coordinator", at("/")),
    Visit("start", "investigator", at("/")),
    Visit("start", "monitor", at("/")),
    Visit("start", "data_manager", at("/")),
    Visit("start", "statistician", at("/")),
    Visit("start", "safety_officer", at("/")),
    Visit("start", "administrator", at("/")),
    Visit("search", "coordinator", at("/search/?q=01-0")),
    Visit("new_subject", "coordinator", at("/subjects/new/")),
    Visit("dashboard", "data_manager", at("/dashboard/")),
    Visit("dashboard", "coordinator", at("/dashboard/")),
    Visit("patients", "coordinator", at("/subjects/")),
    Visit("patients", "monitor", at("/subjects/?q=zzz"), "none-found"),
    Visit("screening_log", "coordinator", at("/subjects/screening/")),
    Visit("patient", "investigator", at(f"/subjects/{PATIENT}/")),
    Visit("patient_log", "coordinator", at(f"/subjects/{PATIENT}/all/hematology/")),
    Visit("results", "coordinator", of_few("results")),
    Visit("questionnaires", "coordinator", of_few("questionnaires")),
    Visit("audit", "monitor", of_few("audit")),
    Visit("casebook", "investigator", of_few("review")),
    Visit("casebook", "data_manager", of_few("review")),
    Visit("form", "data_manager", record_of("demographics"), "demographics"),
    Visit("log", "coordinator", at(f"/subjects/{PATIENT}/log/adverse_event/"), "adverse_event"),
    Visit("log", "monitor", at(f"/subjects/{PATIENT}/log/concomitant_medication/"), "concomitant_medication"),
    Visit("queries", "coordinator", at("/queries/")),
    Visit("queries", "monitor", at("/queries/")),
    Visit("query", "coordinator", first_query),
    Visit("query", "monitor", first_query),
    Visit("checks", "data_manager", at("/checks/")),
    Visit("reports", "safety_officer", list_of_reports),
    Visit("kept_report", "statistician", kept_report),
    Visit("compare", "data_manager", compared_reports),
    Visit("listings", "data_manager", at("/listings/")),
    Visit("laboratory", "coordinator", at("/laboratory/")),
    Visit("lab_file", "coordinator", first_lab_file),
    Visit("form", "coordinator", record_of("demographics"), "demographics"),
    Visit("form", "monitor", record_of("demographics"), "demographics"),
    Visit("form", "coordinator", record_of("hematology"), "hematology"),
    Visit("form", "coordinator", record_of("prior_therapy"), "prior_therapy"),
    Visit("form", "coordinator", record_of("surufatinib_dosing"), "surufatinib_dosing"),
    Visit("form", "investigator", record_of("eligibility"), "eligibility"),
    Visit("form", "investigator", record_of("baseline_lesions"), "baseline_lesions"),
    Visit("form", "investigator", record_of("tumor_assessment"), "tumor_assessment"),
    Visit("not_found", "coordinator", at("/nowhere/"), "problem"),
    Visit("refused", "coordinator_02", record_of("demographics"), "problem"),
)

NO_PAGES = {
    "job": "what the script of the checks asks; shown within their page",
    "report": "a file of its own, tested in tests/report",
    "report_file": "the same file, built by a page",
    "form_history": "a part of the form page; opened there in test_every_page.py",
}
"""Addresses that answer GET with something else than a page, each with the reason."""

PROBLEM_PAGES = {"not_found", "refused"}
"""Visits that belong to no address: what is seen where there is none, or no right to it."""
