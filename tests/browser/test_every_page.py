"""All pages, in both languages: no barrier that axe finds, nothing cut off, no word left untranslated."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest
from barriers import barriers
from every_page import NO_PAGES, PROBLEM_PAGES, VISITS, record_of
from live_site import STUDY, LiveSite
from playwright.sync_api import Page

BOTH = pytest.mark.parametrize("language", ["en", "zh"])
EACH = pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.label)


def test_the_list_of_pages_is_whole():
    from grevy.capture.pages.layouts import LAYOUTS
    from grevy.capture.urls import PAGES

    with_page = {page.name for page in PAGES if "GET" in page.rights} - set(NO_PAGES)
    assert with_page - {visit.name for visit in VISITS} == set(), "add a Visit to every_page.py for each"
    assert {visit.name for visit in VISITS} - PROBLEM_PAGES - with_page == set(), "no such pages any more"
    forms = {visit.note for visit in VISITS if visit.name == "form"}
    walked = {LAYOUTS[form].template for form in forms if form in LAYOUTS}
    assert {layout.template for layout in LAYOUTS.values()} == walked, "add a form of each layout"


def open_visit(log_in, site: LiveSite, visit, language: str) -> Page:
    page = log_in(visit.role, language)
    answer = page.goto(visit.address(site))
    assert answer is not None
    assert answer.status == {"not_found": 404, "refused": 403}.get(visit.name, 200)
    if page.locator("[data-form]").count():
        page.locator("[data-ready=yes]").wait_for()
    return page


@BOTH
@EACH
def test_a_page_has_no_barrier_is_whole_and_speaks_the_readers_language(visit, language, log_in, site):
    """All that is asked of a page at one opening of it, and all that is wrong told at once."""
    page = open_visit(log_in, site, visit, language)
    found = {"words": foreign(page.evaluate(SEEN), language, words_of_entries(site))}
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found["light"] = barriers(page)
    page.emulate_media(color_scheme="dark")
    found["dark"] = barriers(page, only="color-contrast")  # the one rule that colors decide
    page.emulate_media(color_scheme="light")
    for width in (2560, 1440, 768, 360):
        page.set_viewport_size({"width": width, "height": 900})
        found[f"cut off at {width} px"] = page.evaluate(CUT_OFF)
    found["phone"] = barriers(page)
    assert {what: wrong for what, wrong in found.items() if wrong} == {}


# ---- Barriers ------------------------------------------------------------------------------------------


def test_axe_finds_a_planted_barrier(log_in):
    page = log_in(None)
    page.goto("/log-in/")
    page.evaluate("document.querySelector('label[for=username]').remove()")
    assert [one.split(":")[0] for one in barriers(page)] == ["label"]
    assert barriers(page, only="color-contrast") == []
    page.evaluate("document.querySelector('h1').style.color = '#eee'")
    assert [one.split(":")[0] for one in barriers(page, only="color-contrast")] == ["color-contrast"]


# ---- Room ----------------------------------------------------------------------------------------------

CUT_OFF = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const beyond = [...document.querySelectorAll("body *")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && box.right > innerWidth + 1 && !one.closest(".scroll, .visually-hidden, svg, dialog");
  });
  const named = "button, .button, .pill, th, h1, h2, label, .role";
  const cut = [...document.querySelectorAll(named)].filter((one) =>
    getComputedStyle(one).overflowX === "hidden" && one.scrollWidth > one.clientWidth + 1
    && getComputedStyle(one).textOverflow !== "ellipsis" && !one.closest(".visually-hidden"));
  const name = (one) => one.outerHTML.slice(0, 140);
  const told = wide > 0 ? [`the page is ${wide} px too wide`, ...beyond.slice(0, 3).map(name)] : [];
  return [...told, ...cut.slice(0, 3).map(name)];
}"""


def test_a_planted_width_is_found(log_in):
    page = log_in(None)
    page.goto("/log-in/")
    page.evaluate("document.querySelector('main').style.minWidth = '2000px'")
    assert page.evaluate(CUT_OFF)[0].startswith("the page is ")


# ---- Words ---------------------------------------------------------------------------------------------

SEEN = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const other = (one) => one.closest("[lang]") !== document.documentElement;
  const outside = (one) => one.closest("script, noscript, style, template, textarea") || other(one);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (text && !outside(one)) found.push(text);
  }
  for (const one of document.querySelectorAll("[title], [aria-label], [placeholder], [alt]"))
    for (const name of ["title", "aria-label", "placeholder", "alt"])
      if (!other(one) && one.getAttribute(name)) found.push(one.getAttribute(name));
  found.push(document.title);
  return found;
}"""
LATIN = re.compile(r"[A-Za-z][A-Za-z]+(?:[-'][A-Za-z]+)*")
CHINESE = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=1)
def words_of_chinese_texts() -> frozenset[str]:
    """Latin words that stand on purpose in Chinese texts of the pages and the study: names, codes, units."""
    from grevy.capture.words import WORDS
    from grevy.definition import load_study

    study = load_study(STUDY)
    texts = [zh for _, zh in WORDS.values()]
    texts += re.findall(r'"zh":"((?:[^"\\]|\\.)*)"', study.model_dump_json())
    texts += re.findall(r'"short":"([^"]*)"', study.model_dump_json())
    texts += re.findall(r'"id":"([A-Z0-9_]+)"', study.model_dump_json())
    texts += [*study.units, *study.codelists, *study.forms, *(event.id for event in study.events)]
    texts += [code.code for codes in study.codelists.values() for code in codes.codes]
    return frozenset(word for text in texts for word in LATIN.findall(text))


@lru_cache(maxsize=1)
def words_of_entries(site: LiveSite) -> frozenset[str]:
    """Words that people wrote or that name them: these stand as they were written, in every language."""
    sql = (
        "SELECT content FROM ledger_revision UNION SELECT reason FROM ledger_revision "
        "UNION SELECT text FROM ledger_query_message UNION SELECT username FROM auth_user "
        "UNION SELECT first_name FROM auth_user UNION SELECT code FROM capture_site "
        "UNION SELECT content FROM capture_lab_file UNION SELECT name FROM capture_lab_file"
    )
    return frozenset(
        word for (text,) in site.read(sql) for word in [*LATIN.findall(text), *CHINESE.findall(text)]
    )


KEYS = frozenset({"Ctrl", "Alt", "PgDn", "English", "mg"})


def foreign(texts: list[str], language: str, entered: frozenset[str]) -> list[str]:
    """Texts with words of the other language that are neither names nor what a person entered."""
    if language == "en":
        return [
            text
            for text in texts
            if CHINESE.search(text) and not set(CHINESE.findall(text)) <= set("".join(entered))
        ]
    known = words_of_chinese_texts() | entered | KEYS
    return [text for text in texts if not set(LATIN.findall(text)) <= known]


@BOTH
def test_every_word_of_every_form_is_in_the_readers_language(language, log_in, site, study):
    page = log_in("coordinator", language)
    wrong = {}
    for form in study.forms:
        answer = page.goto(record_of(form)(site), wait_until="domcontentloaded")
        assert answer is not None
        assert answer.status == 200, form
        if found := foreign(page.evaluate(SEEN), language, words_of_entries(site)):
            wrong[form] = found
    assert wrong == {}


def test_a_planted_foreign_word_is_found(log_in, site):
    page = log_in("coordinator", "zh")
    page.goto("/")
    page.evaluate("document.querySelector('h1').textContent = 'Welcome back'")
    assert foreign(page.evaluate(SEEN), "zh", words_of_entries(site)) == ["Welcome back"]
