"""A real browser on a real server: one of each for a worker; every test has contexts of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from live_site import LiveSite, live_site
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = next(
    filter(
        None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))
    ),
    None,
)
LOCALES = {"en": "en-US", "zh": "zh-CN"}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The server with its small study."""
    with live_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: the pages were NOT tested in a browser")
    # Playwright keeps a loop running in this thread, for which Django would refuse the database to the tests
    # of other folders that this worker runs afterwards.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def log_in(chromium: Browser, site: LiveSite) -> Iterator[Callable[..., Page]]:
    """`log_in(role, language, **options of the context)`: a page of that person. What the page's scripts
    throw, and what the policy of contents blocks, fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(role: str | None, language: str = "en", **options: Any) -> Page:
        chosen = {"viewport": {"width": 1440, "height": 900}, "locale": LOCALES[language]} | options
        context = chromium.new_context(base_url=site.url, **chosen)
        contexts.append(context)
        context.set_default_timeout(10_000)
        cookies = [{"name": "grevy_language", "value": language, "url": site.url}]
        if role is not None:
            cookies.append({"name": "sessionid", "value": site.session_of(role), "url": site.url})
        context.add_cookies(cookies)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None,
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong, wrong


@pytest.fixture
def subject(site: LiveSite) -> str:
    """A subject of site 01 for this test alone, with consent and nothing else."""
    return site.take_subject()
