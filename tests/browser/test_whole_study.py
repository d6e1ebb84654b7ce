"""The study walked from screening to death as people do it, in English and in Chinese, and then reported.

English: every form in the browser. Chinese: every screen once in the browser; the clerical forms of visits
that repeat are sent over the same session. Tables are filled by keyboard alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from whole_history import SCANS
from whole_report import Report, make_report
from whole_steps import STEPS, Walk
from whole_study import Office, day, empty_site


@pytest.fixture(scope="module")
def office(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The people of a hospital that has not had a patient yet."""
    with empty_site(tmp_path_factory.mktemp("whole")) as site:
        yield Office(chromium, site)


@pytest.fixture(scope="module")
def walked(office: Office) -> Callable[[str], Walk]:
    """The walk in a language, once: whichever test asks first."""

    @cache
    def walk_in(language: str) -> Walk:
        people = [office.seat(role, language) for role in ("coordinator", "investigator", "monitor")]
        walk = Walk(*people, by_hand=language == "en")
        for step in STEPS:
            step(walk)
        for person in people:
            person.page.context.close()
        return walk

    return walk_in


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_study_is_walked_from_screening_to_death(
    walked: Callable[[str], Walk], office: Office, language: str
):
    walk = walked(language)
    site = office.site
    assert site.read("SELECT COUNT(*) FROM capture_draft WHERE record_key LIKE ?", f"{walk.subject}/%") == [
        (0,)
    ]
    assert office.wrong == []
    calls = [
        site.values(f"{walk.subject}/{place}/tumor_assessment/1")["overall_response"] for place in SCANNED
    ]
    assert calls == [scan.response for scan in SCANS]


SCANNED = ("IMAGING/1", "IMAGING/2", "UNSCHEDULED/1", "IMAGING/3")
"""Where the scans stand, in the order of their days."""


BEHIND = {
    "T14.2.4|CBOR|FAS|PR|MONO": {("tumor_assessment", "inv01")},
    "T14.2.1|PFS|events|Disease progression|MONO": {("tumor_assessment", "inv01")},
    "T14.3.1.1|SERIOUS|MONO": {("adverse_event", "crc01a")},
    "T14.3.3|NREDUC|ANY|MONO": {("surufatinib_dosing", "crc01a")},
    "T14.1.10|FOLLOWUP|deaths|MONO": {("death", "crc01a")},
}
"""Numbers of the report that count the patients of the walks, with forms and authors to which they lead."""


@pytest.mark.slow
def test_the_report_shows_what_was_walked(
    walked: Callable[[str], Walk], office: Office, chromium: Browser, tmp_path: Path
):
    walks = [walked(language) for language in ("en", "zh")]
    report = make_report(office.site.database, tmp_path / "run")
    for walk in walks:
        check_analysis(report, walk)
    page = chromium.new_page()
    page.goto(report.page.as_uri())
    for result, entries in BEHIND.items():
        assert entries <= report.entries_behind(result), result
        page.locator(f'[data-p="{report.place(result)}"]').first.dispatch_event("click")
        for walk in walks:
            expect(page.locator("#panel")).to_contain_text(walk.subject)
            expect(page.locator("#panel")).not_to_contain_text(walk.refused)
    page.close()


def check_analysis(report: Report, walk: Walk) -> None:
    """Best response, progression-free survival, the serious event, the reduction, the death."""
    subject = walk.subject
    assert report.only("adsl", walk.refused)["TRTSDT"] is None
    assert report.only("adrs", subject, PARAMCD="CBOR")["AVALC"] == "PR"
    progression = report.only("adtte", subject, PARAMCD="PFS")
    assert (progression["CNSR"], progression["EVNTDESC"], progression["AVAL"]) == (
        0,
        "Disease progression",
        169,
    )
    assert progression["ADT"].isoformat() == day(168)
    event = report.only("adae", subject)
    assert (event["AEDECOD"], event["AESER"], event["AESHOSP"], event["AETOXGR"]) == (
        "Hypertension",
        "Y",
        "Y",
        "3",
    )
    doses = [row["AVAL"] for row in report.rows("adex", subject, PARAMCD="DOSE")]
    assert doses == [300, 0, 250]
    assert report.only("adex", subject, PARAMCD="NREDUC")["AVAL"] == 1
    assert report.only("adsl", subject)["DTHDT"].isoformat() == day(350)
    assert report.only("adtte", subject, PARAMCD="OS")["CNSR"] == 0
