"""One study as people do it: an empty ledger, people at their browsers, and what they type on which day.

The history began 420 days before today, so that nothing of it is in the future whenever the test runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from live_site import PASSWORD, PEOPLE, STUDY, LiveSite, running_site
from playwright.sync_api import Browser, Page, expect

from grevy.capture.words import Words
from grevy.definition import Study, load_study

FIRST_DOSE = datetime.now(UTC).date() - timedelta(days=420)
LOCALES = {"en": "en-US", "zh": "zh-CN"}

BUILD = """
import json, sys
from pathlib import Path
from grevy.capture.database import open_database
file, folder, password = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
open_database(file, study_folder=folder, anchor=file.parent / "anchor")

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from grevy.capture.actions import set_lab_range
from grevy.capture.ledger import ledger_transaction
from grevy.capture.load import open_study
from grevy.definition import load_study
from grevy.simulate import simulate_study

study = load_study(folder)
cohort = simulate_study(study, seed=3, subjects=2, sites=1)
open_study(cohort.sites, cohort.users, first=cohort.entries[0])
with ledger_transaction():
    for limits in sorted(cohort.lab_ranges, key=lambda limits: limits.at):
        set_lab_range(study, limits, origin="simulated")
User.objects.update(password=make_password(password))
people = {user.username: [user.pk, user.get_session_auth_hash()] for user in User.objects.all()}
print(json.dumps({"people": people, "fresh": []}))
"""


@contextmanager
def empty_site(folder: Path) -> Iterator[LiveSite]:
    """A hospital with its people and its laboratory's ranges, and not one patient."""
    with running_site(folder, BUILD) as site:
        yield site


def day(elapsed: int) -> str:
    """So many days after the first dose, as it is typed in either language."""
    return (FIRST_DOSE + timedelta(days=elapsed)).isoformat()


def shown_day(elapsed: int, language: str) -> str:
    """The same day as the pages show it."""
    when: date = FIRST_DOSE + timedelta(days=elapsed)
    return when.isoformat() if language == "zh" else f"{when:%d-%b-%Y}"


KIND = """names => Object.fromEntries(names.map((name) => {
  const named = (end) => document.querySelector(`[name="${CSS.escape(name + end)}"]`);
  const one = named("") ?? named(":number");
  if (!one) return [name, ""];
  return [name, one.type === "radio" ? "radio" : one.name.endsWith(":number") ? "number" : one.tagName];
}))"""

AT = """() => {
  const here = document.activeElement, name = here.name ?? "";
  return /:(sign|unit)$/.test(name) ? "" : name.replace(/:number$/, "").split(".").at(-1);
}"""

SEND = """async ([path, values]) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(`/subjects/${path}/save/`, {
    method: "POST", headers: {"Content-Type": "application/json", "X-CSRFToken": token},
    body: JSON.stringify({values, started_from: 0, reasons: {}, notes: {}, complete: true}),
  });
  return [answer.status, await answer.text()];
}"""


def with_units(form: str, values: Mapping[str, str]) -> dict[str, str]:
    """Quantities as a page sends them: with the unit that stands first beside the field."""
    units = {item.name: item.unit for item in read_study().forms[form].items if item.type == "quantity"}
    return {name: f"{value} {units[name]}" if name in units else value for name, value in values.items()}


@lru_cache(maxsize=1)
def read_study() -> Study:
    return load_study(STUDY)


@dataclass
class Person:
    """Somebody at a browser, logged in with a password, who reads one language."""

    page: Page
    site: LiveSite
    language: str
    words: Words = field(init=False)

    def __post_init__(self) -> None:
        self.words = Words(self.language)

    def log_in(self, role: str) -> None:
        self.page.goto("/log-in/")
        self.page.fill("#username", PEOPLE[role])
        self.page.fill("#password", PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        expect(self.page.locator("html")).to_have_attribute("lang", re.compile(self.language))

    def ready(self) -> None:
        self.page.locator("[data-ready=yes]").wait_for()

    def open(self, subject: str, event: str, event_seq: int, form: str, form_seq: int = 1) -> None:
        self.page.goto(f"/subjects/{subject}/{event}/{event_seq}/{form}/{form_seq}/")
        self.ready()

    @property
    def form(self) -> str:
        """The form that is open now."""
        return str(self.page.locator("[data-form]").get_attribute("data-form")).split("/")[3]

    def type(self, values: Mapping[str, str]) -> None:
        """Into the fields of the open form, by what each field is."""
        for name, kind in self.page.evaluate(KIND, list(values)).items():
            value = values[name]
            if kind == "radio":
                self.page.locator(f'[name="{name}"][value="{value}"]').check()
            elif kind == "SELECT":
                self.page.locator(f'[name="{name}"]').select_option(value)
            else:
                end = ":number" if kind == "number" else ""
                self.page.locator(f'[name="{name}{end}"]').fill(value)

    def save(self) -> None:
        """Save what is open, and see that it is saved."""
        with self.page.expect_navigation():
            self.page.locator("[data-save]").click()
        self.ready()
        expect(self.page.locator("[data-notices]")).to_contain_text(self.saved_sentence())

    def saved_sentence(self) -> str:
        return self.words["saved_revision"].split("{")[0].strip()

    def save_and_go_on(self) -> None:
        """Ctrl S: save, and go to the next form of the visit."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Control+s")
        self.ready()

    def enter_visit(
        self, subject: str, event: str, event_seq: int, forms: Mapping[str, Mapping[str, str]]
    ) -> None:
        """The forms of a visit in their order, each saved with the key that opens the next one."""
        left = dict(forms)
        self.open(subject, event, event_seq, next(iter(left)))
        while left:
            if self.form not in left:
                with self.page.expect_navigation():
                    self.page.keyboard.press("Alt+PageDown")
                self.ready()
                continue
            self.type(left.pop(self.form))
            self.save_and_go_on()

    def send_visit(
        self, subject: str, event: str, event_seq: int, forms: Mapping[str, Mapping[str, str]]
    ) -> None:
        """The same over the same session without the pages: clerical work, walked in the other language."""
        for form, values in forms.items():
            path = f"{subject}/{event}/{event_seq}/{form}/1"
            status, told = self.page.evaluate(SEND, [path, with_units(form, values)])
            assert status == 200, (path, told)

    # ---- By keyboard alone -----------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def skip_to_content(self) -> None:
        """The first stop of every page."""
        self.press("Tab", "Enter")

    def key_in(self, values: Mapping[str, str]) -> None:
        """From where the keyboard stands: Tab to each item, type it, or choose it with the arrows."""
        for item, value in values.items():
            self.tab_to(item)
            kind = self.page.evaluate("document.activeElement.type")
            if kind in ("select-one", "radio"):
                self.choose(value, "ArrowDown" if kind == "select-one" else "ArrowRight")
            else:
                self.page.keyboard.press("Control+a")
                self.page.keyboard.type(value)

    def tab_to(self, item: str, most: int = 30) -> None:
        """Tab until the keyboard stands in the control of an item, past signs and units."""
        for _ in range(most):
            if self.page.evaluate(AT) == item:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{item} was not reached with {most} tabs at {self.page.url}")

    def choose(self, value: str, key: str) -> None:
        """The arrows through a list or a row of choices."""
        self.page.keyboard.press("Space" if key == "ArrowRight" else "Home")
        for _ in range(40):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{value} is not among the choices at {self.page.url}")

    def paste(self, text: str) -> None:
        """As from a spreadsheet: the clipboard, and Ctrl V."""
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.keyboard.press("Control+v")


@dataclass
class Office:
    """The people of a study at work, and what their pages threw."""

    chromium: Browser
    site: LiveSite
    wrong: list[str] = field(default_factory=list)

    def seat(self, role: str, language: str, **options: Any) -> Person:
        """A person at a browser of their own, logged in."""
        chosen = {"viewport": {"width": 1440, "height": 900}, "locale": LOCALES[language]} | options
        context = self.chromium.new_context(base_url=self.site.url, **chosen)
        context.set_default_timeout(20_000)
        context.set_default_navigation_timeout(60_000)  # a server's first tumor page prepares derivations
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=self.site.url)
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.on(
            "console", lambda said: self.wrong.append(said.text) if "Content Security" in said.text else None
        )
        person = Person(page, self.site, language)
        person.log_in(role)
        return person
