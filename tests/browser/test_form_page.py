"""The form page in a browser: typed, kept, checked, saved, seen again."""

from __future__ import annotations

from playwright.sync_api import expect


def form_path(
    subject: str, form: str, event: str = "SCREENING", event_seq: int = 1, form_seq: int = 1
) -> str:
    return f"/subjects/{subject}/{event}/{event_seq}/{form}/{form_seq}/"


def test_a_form_is_typed_saved_and_seen_again(log_in, site, subject):
    page = log_in("coordinator")
    page.goto(form_path(subject, "demographics"))
    page.locator("[data-ready=yes]").wait_for()
    page.locator("[name=birth_date]").fill("1960-05")
    page.locator("[name=sex][value=M]").check()
    page.locator("[name=weight_kg]").fill("70.50")
    with page.expect_navigation():
        page.locator("[data-save]").click()
    expect(page.locator("[data-notices]")).to_contain_text("Revision 1 is saved.")
    expect(page.locator("[name=birth_date]")).to_have_value("UN-May-1960")
    expect(page.locator("[name=weight_kg]")).to_have_value("70.50")
    saved = site.values(f"{subject}/SCREENING/1/demographics/1")
    assert saved == {"birth_date": "1960-05", "sex": "M", "weight_kg": "70.50"}
