"""The half hour of a log-in, logging in again in place, and security keys, in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live_site import PASSWORD, PEOPLE, LiveSite
from playwright.sync_api import Browser, Page, expect

from grevy.capture.words import Words

WORDS = {language: Words(language) for language in ("en", "zh")}
BOTH = pytest.mark.parametrize("language", ["en", "zh"])


def opened(log_in, subject: str, form: str = "demographics", language: str = "en") -> Page:
    page = log_in("coordinator", language)
    page.clock.install()
    page.goto(f"/subjects/{subject}/SCREENING/1/{form}/1/")
    page.locator("[data-ready=yes]").wait_for()
    return page


def log_out_in_the_meantime(page: Page, site: LiveSite) -> None:
    """The half hour is over for this browser alone."""
    (session,) = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid"]
    site.write("DELETE FROM django_session WHERE session_key = ?", (session,))


# ---- Logging in again in place -------------------------------------------------------------------------


@BOTH
def test_after_the_time_out_one_logs_in_again_in_place_and_goes_on(log_in, site, subject, language):
    page, words = opened(log_in, subject, language=language), WORDS[language]
    page.locator("[name=birth_date]").fill("1960-05")
    log_out_in_the_meantime(page, site)
    page.locator("[name=weight_kg]").fill("70.5")
    dialog = page.locator("dialog.log-in-again")
    expect(dialog).to_contain_text(words["again_title"])
    assert page.evaluate("document.activeElement.type") == "password"
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text(words["wrong"])
    page.keyboard.type(PASSWORD)  # the wrong one is selected
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator("[data-offline]")).to_be_hidden()
    drafts = "SELECT COUNT(*) FROM capture_draft WHERE record_key LIKE ? AND content LIKE '%70.5%'"
    expect(page.locator("[data-kept]")).not_to_be_empty()
    assert site.read(drafts, f"{subject}/%") == [(1,)]
    page.locator("[name=sex][value=M]").check()
    with page.expect_navigation():
        page.locator("[data-save]").click()
    saved = site.values(f"{subject}/SCREENING/1/demographics/1")
    assert saved == {"birth_date": "1960-05", "sex": "M", "weight_kg": "70.5"}


def test_a_save_that_found_the_log_in_ended_is_made_after_the_log_in(log_in, site, subject):
    page = opened(log_in, subject)
    page.locator("[name=birth_date]").fill("1960-05")
    page.locator("[name=sex][value=F]").check()
    log_out_in_the_meantime(page, site)
    page.locator("[data-save]").click()
    page.locator("dialog.log-in-again input[type=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[data-notices]")).to_contain_text("Revision 1 is saved.")
    assert len(site.revisions(f"{subject}/SCREENING/1/demographics/1")) == 1


def test_the_rows_of_a_log_wait_for_the_log_in_too(log_in, site, subject):
    """Also where another tab began a log-in in the meantime."""
    page = log_in("coordinator")
    page.goto(f"/subjects/{subject}/log/medical_history/")
    page.locator("[data-ready=yes]").wait_for()
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Appendectomy")
    page.locator("tbody [data-item=ongoing] select").select_option("N")
    log_out_in_the_meantime(page, site)
    page.context.clear_cookies(name="csrftoken")
    page.context.new_page().goto("/log-in/")  # another tab changed the token of this browser
    page.keyboard.press("Control+s")
    page.locator("dialog.log-in-again input[type=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert site.values(f"{subject}/LOG/1/medical_history/1") == {"term": "Appendectomy", "ongoing": "N"}


# ---- The warning before the end ------------------------------------------------------------------------


@BOTH
def test_two_minutes_before_the_end_a_warning_offers_to_stay(log_in, site, subject, language):
    page, words = opened(log_in, subject, language=language), WORDS[language]
    page.clock.fast_forward("27:50")
    expect(page.locator("dialog")).to_have_count(0)
    page.clock.fast_forward("00:20")
    dialog = page.locator("dialog")
    expect(dialog).to_contain_text(words["idle_title"])
    expect(dialog.get_by_role("timer")).to_contain_text("1")
    with page.expect_response("**/log-in/extend/") as answer:
        page.keyboard.press("Enter")  # the dialog stands at its button
    assert answer.value.ok
    expect(dialog).to_have_count(0)
    page.clock.fast_forward("20:00")
    expect(dialog).to_have_count(0)


def test_at_the_end_a_form_asks_for_the_password_in_place_and_a_list_goes_to_the_log_in(
    log_in, site, subject
):
    page = opened(log_in, subject)
    page.locator("[name=weight_kg]").fill("71")
    page.clock.fast_forward("30:10")
    expect(page.locator("dialog.log-in-again")).to_be_visible()
    expect(page.locator("[name=weight_kg]")).to_have_value("71")
    other = log_in("coordinator")
    other.clock.install()
    other.goto("/subjects/")
    log_out_in_the_meantime(other, site)
    other.clock.fast_forward("30:10")
    other.wait_for_url("**/log-in/?next=%2Fsubjects%2F")


# ---- A security key ------------------------------------------------------------------------------------


@pytest.fixture
def at_localhost(chromium: Browser, site: LiveSite) -> Iterator[Page]:
    """A page with a security key in the machine. Browsers give keys to names, not to numbers of machines."""
    context = chromium.new_context(base_url=site.url.replace("127.0.0.1", "localhost"))
    context.set_default_timeout(10_000)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()


def give_password(page: Page, role: str) -> None:
    page.goto("/log-in/")
    page.fill("#username", PEOPLE[role])
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_security_key_is_set_up_and_logs_in(at_localhost: Page, site: LiveSite):
    page, words = at_localhost, WORDS["en"]
    give_password(page, "statistician")
    page.goto("/account/second-factor/")
    page.fill("#name", "Key at my desk")
    page.fill("#password_key", PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name=words["key_add"]).click()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("button", name=words["log_out"]).click()
    give_password(page, "statistician")
    assert page.url.split("?")[0].endswith("/log-in/second-factor/")
    with page.expect_navigation():
        page.get_by_role("button", name=words["use_key"]).click()
    expect(page.locator("header.top")).to_contain_text("stat01")
    outcomes = "SELECT outcome FROM ledger_log_in WHERE username = 'stat01' ORDER BY seq DESC LIMIT 2"
    assert site.read(outcomes) == [("SUCCESS",), ("PASSWORD_RIGHT",)]


def test_without_the_key_a_recovery_code_logs_in_once(at_localhost: Page, chromium: Browser, site: LiveSite):
    """The key of another machine is not here: the page says so, and takes a code."""
    page, words = at_localhost, WORDS["en"]
    give_password(page, "safety_officer")
    page.goto("/account/second-factor/")
    page.fill("#name", "Key")
    page.fill("#password_key", PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name=words["key_add"]).click()
    code = page.locator(".recovery-codes code").first.inner_text()
    context = chromium.new_context(base_url=site.url)
    elsewhere = context.new_page()
    for attempt in (1, 2):
        give_password(elsewhere, "safety_officer")
        elsewhere.fill("#code", code)
        with elsewhere.expect_navigation():
            elsewhere.keyboard.press("Enter")
        if attempt == 1:
            elsewhere.get_by_role("button", name=words["log_out"]).click()
    expect(elsewhere.locator("#problem")).to_have_text(words["wrong_code"])
    context.close()
