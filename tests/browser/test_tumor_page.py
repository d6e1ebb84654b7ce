"""The tumor page: by keyboard alone, on a phone, and without script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from barriers import barriers
from playwright.sync_api import Page, expect

from grevy.capture.words import Words

SCANNED = (datetime.now(UTC).date() - timedelta(days=14)).isoformat()


def path_of(subject: str) -> str:
    return f"/subjects/{subject}/IMAGING/1/tumor_assessment/1/"


@pytest.fixture
def treated(site) -> str:
    """A subject with two target lesions (50 and 20 mm) and a bone lesion, eight weeks under treatment."""
    return site.take_subject("treated")


def type_lesions(page: Page, *keys: str) -> None:
    """The keys of each lesion, and Enter to the next."""
    for typed in keys:
        page.keyboard.type(typed)
        page.keyboard.press("Enter")


def test_an_assessment_is_made_by_keyboard_alone_and_has_no_barrier_on_a_phone(log_in, site, treated):
    page = log_in("investigator")
    page.set_default_navigation_timeout(60_000)  # the first tumor page of a server prepares the derivations
    page.goto(path_of(treated))
    page.locator("[data-ready=yes]").wait_for()
    for key in ("Tab", "Enter", "Tab", "Space"):  # to the content, to the first field: done
        page.keyboard.press(key)
    expect(page.locator("[name=assessment_date]")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type(SCANNED)
    page.keyboard.press("Tab")
    while not page.evaluate("document.activeElement.name?.endsWith('diameter_mm')"):
        page.keyboard.press("Tab")
    type_lesions(page, "30", "t")
    page.keyboard.press("w")
    overall = page.locator("[data-response] [data-overall]")
    expect(overall).to_have_attribute("data-overall", "PD")
    expect(page.locator("[data-response] [data-target]")).to_have_attribute("data-target", "PR")
    page.keyboard.press("p")
    expect(overall).to_have_attribute("data-overall", "PR")
    while page.evaluate("document.activeElement.name") != "overall_response":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the first choice, complete response: not what the lesions say
    expect(page.locator("[data-call] .message")).to_contain_text("PR")
    page.set_viewport_size({"width": 360, "height": 740})
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-call]")).to_contain_text(Words("en")["call_same"])
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    saved = site.values(f"{treated}/IMAGING/1/tumor_assessment/1")
    assert saved["overall_response"] == saved["computed_response"] == "PR"
    states = {row["lesion_id"]: (row["state"], row.get("diameter_mm")) for row in saved["lesions"]}
    assert states == {"T1": ("MEASURED", "30"), "T2": ("TOO_SMALL", None), "NT1": ("PRESENT", None)}


def test_an_assessment_is_made_without_script(log_in, site, treated):
    page = log_in("investigator", "zh", java_script_enabled=False)
    page.set_default_navigation_timeout(60_000)
    page.goto(path_of(treated))
    page.locator("[name=done][value=Y]").check()
    page.fill("[name=assessment_date]", SCANNED)
    for lesion, size in (("T1", "50"), ("T2", "20")):
        row = page.locator(f"tr[data-lesion={lesion}]")
        row.locator("input.number").fill(size)
        row.locator("[value=MEASURED]").check()
    page.locator("tr[data-lesion=NT1] [value=PRESENT]").check()
    page.locator("[name=overall_response][value=SD]").check()
    page.locator("[data-save]").click()
    expect(page.locator("[data-overall]").first).to_have_attribute("data-overall", "SD")
    saved = site.values(f"{treated}/IMAGING/1/tumor_assessment/1")
    assert (saved["overall_response"], saved["assessment_date"]) == ("SD", SCANNED)
    assert [row.get("diameter_mm") for row in saved["lesions"]] == ["50", "20", None]
