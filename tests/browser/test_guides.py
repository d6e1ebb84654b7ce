"""The pictures of the guides: taken from the pages as they are, one list for both languages.

`GREVY_PICTURES=1` writes them into docs/guides/pictures; without it the test only goes the way, so a picture
that can no longer be taken fails here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from live_site import PASSWORD, LiveSite
from playwright.sync_api import Page

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
TAKE = bool(os.environ.get("GREVY_PICTURES"))
SIZE = {"width": 1280, "height": 800}


def picture(page: Page, name: str, language: str) -> None:
    page.evaluate("scrollTo(0, 0)")
    shown = page.screenshot()
    assert len(shown) > 10_000, f"{name}: an empty page"
    if TAKE:
        (GUIDES / "pictures" / f"{name}-{language}.png").write_bytes(shown)


def treated(site: LiveSite) -> str:
    """A subject of site 01 with a second cycle and an assessment of the tumor."""
    rows = site.read(
        "SELECT record_id FROM ledger_revision WHERE record_id LIKE '01-%/IMAGING/2/tumor_assessment/1' "
        "ORDER BY record_id"
    )
    return str(rows[0][0].split("/")[0])


def ready(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_selector("[data-ready=yes]")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_coordinators_pictures(site: LiveSite, log_in: Callable[..., Page], language: str):
    page, subject = log_in("coordinator", language, viewport=SIZE), treated(site)
    page.goto("/")
    picture(page, "start", language)
    page.goto(f"/subjects/{subject}/")
    picture(page, "patient", language)
    ready(page, f"/subjects/{subject}/C1D15/1/vital_signs/1/")
    page.fill("[name=sbp]", "172")
    page.wait_for_selector("[data-field=sbp] .message, tr[data-field=sbp] .message")
    picture(page, "vital-signs", language)
    page.wait_for_selector("[data-kept]:not(:empty)")  # the draft is on the server
    ready(page, f"/subjects/{subject}/C1D15/1/vital_signs/1/")
    with page.expect_navigation():
        page.click("[data-discard]")
    ready(page, f"/subjects/{subject}/CYCLE/1/chemistry/1/")
    picture(page, "chemistry", language)
    ready(page, f"/subjects/{subject}/log/adverse_event/")
    picture(page, "adverse-events", language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_picture_of_a_clash(site: LiveSite, log_in: Callable[..., Page], subject: str, language: str):
    path = f"/subjects/{subject}/SCREENING/1/demographics/1/"
    one, other = (log_in(role, language, viewport=SIZE) for role in ("coordinator", "coordinator_b"))
    for page in (one, other):
        ready(page, path)
    other.fill("[name=birth_date]", "1961-05")
    other.click("[data-save]")
    other.wait_for_selector("[data-notices] .notice")
    one.fill("[name=birth_date]", "1960-05")
    one.click("[data-save]")
    one.wait_for_selector("dialog[data-clash]")
    picture(one, "clash", language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_investigators_pictures(site: LiveSite, log_in: Callable[..., Page], language: str):
    page, subject = log_in("investigator", language, viewport=SIZE), treated(site)
    page.set_default_navigation_timeout(60_000)  # the first tumor page of a server prepares the derivations
    ready(page, f"/subjects/{subject}/SCREENING/1/eligibility/1/")
    picture(page, "eligibility", language)
    ready(page, f"/subjects/{subject}/IMAGING/2/tumor_assessment/1/")
    picture(page, "tumor", language)
    form = "hematology" if language == "en" else "coagulation"
    ready(page, f"/subjects/{subject}/SCREENING/1/{form}/1/")
    page.fill("#password", PASSWORD)
    page.click("button[form=sign]")
    page.wait_for_selector(".state-signed")
    page.locator("#signature-head").scroll_into_view_if_needed()
    shown = page.screenshot()
    if TAKE:
        (GUIDES / "pictures" / f"signed-{language}.png").write_bytes(shown)


def test_every_picture_of_the_guides_is_there_and_none_is_left_over():
    named = {
        name
        for guide in GUIDES.glob("*.md")
        for name in re.findall(r"\]\(pictures/([^)]+)\)", guide.read_text(encoding="utf-8"))
    }
    assert named == {file.name for file in (GUIDES / "pictures").glob("*.png")}
    assert len(named) == 2 * 9
