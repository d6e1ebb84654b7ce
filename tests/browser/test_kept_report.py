"""A kept report in Chromium: its numbers lead to the application's forms, and no text becomes a script."""

from __future__ import annotations

from pathlib import Path

import pytest
from barriers import barriers
from every_page import keep_report
from live_site import LiveSite
from playwright.sync_api import Browser, expect

from grevy.report import hash_script
from tests.report.report_run import build_small_run

KEY, PLANTED = "20260501-101500-0a1b2c", "20260502-101500-0a1b2c"
SCRIPT = "<script>document.title = 'planted'; document.body.dataset.planted = 'yes'</script>"
RESPONDERS = "T14.2.4|BOR|FAS|PR|MONO"


@pytest.fixture(scope="module")
def page_of_report(study, tmp_path_factory: pytest.TempPathFactory) -> str:
    run = build_small_run(study)
    return run.write_page(Path(tmp_path_factory.mktemp("kept")) / "report.html")


def test_an_entry_behind_a_number_opens_its_form_and_the_way_back_leads_to_the_number(
    log_in, site: LiveSite, page_of_report
):
    keep_report(site, KEY, page_of_report, hash_script())
    page = log_in("statistician")
    page.goto("/reports/")
    page.locator(f'a[href*="{KEY}/files/report.html"]').click()
    page.locator(f'[id="{RESPONDERS}"]').click()
    page.get_by_role("link", name="Open the form").first.click()
    expect(page).to_have_url(f"{site.url}/subjects/01-001/IMAGING/1/tumor_assessment/1/")
    page.go_back()
    expect(page.locator("#panel-h")).to_have_text("1 (50.0%)")


def test_outside_the_application_there_is_no_such_link(chromium: Browser, page_of_report, tmp_path: Path):
    (tmp_path / "report.html").write_text(page_of_report, encoding="utf-8")
    page = chromium.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    page.locator(f'[id="{RESPONDERS}"]').click()
    expect(page.locator("#panel .form").first).to_be_visible()
    expect(page.get_by_role("link", name="Open the form")).to_have_count(0)
    page.close()


def test_a_script_planted_in_a_report_does_not_run_and_reads_no_cookie(
    chromium: Browser, site: LiveSite, page_of_report
):
    keep_report(site, PLANTED, page_of_report.replace("</main>", f"{SCRIPT}</main>"), hash_script())
    context = chromium.new_context(base_url=site.url)
    context.add_cookies([{"name": "sessionid", "value": site.session_of("statistician"), "url": site.url}])
    page = context.new_page()
    page.goto(f"/reports/{PLANTED}/files/report.html")
    page.locator(f'[id="{RESPONDERS}"]').click()
    expect(page.locator("#panel-h")).to_be_visible()  # its own script runs
    assert page.evaluate("document.body.dataset.planted || document.title.includes('planted')") is False
    assert page.evaluate("window.origin") == "null"
    context.close()


def test_the_form_to_build_one_has_no_barrier_and_sends_by_keyboard(log_in, site: LiveSite):
    keep_report(site, KEY)
    page = log_in("statistician", "zh")
    page.goto("/reports/")
    page.locator("details > summary").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cutoff")).to_be_visible()
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert barriers(page) == [], width
    page.locator('input[value="pdf"]').focus()
    page.keyboard.press("Space")
    page.locator("#cutoff").press("Enter")
    expect(page.locator("[data-job-told]").first).to_have_text("排队等待中。")
    page.get_by_role("button", name="取消").first.press("Enter")
    expect(page.locator("[data-job-told]").first).to_have_text("已取消。")
