"""The subject list, the page of one patient and the start page: by keyboard, in both languages."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from every_page import PATIENT
from playwright.sync_api import expect


def rows(page) -> list[str]:
    return page.locator("[data-list] tbody th a").all_inner_texts()


def test_a_subject_is_found_and_opened_by_keyboard_alone(log_in):
    page = log_in("monitor")
    page.goto("/subjects/")
    numbers = rows(page)
    assert len(numbers) > 5
    page.keyboard.press("/")
    page.keyboard.type(numbers[2])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q="))
    assert rows(page) == [numbers[2]]
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/subjects/{numbers[2]}/")


def test_sorting_paging_and_filters_stand_in_the_address(log_in):
    page = log_in("monitor")
    page.goto("/subjects/")
    page.get_by_role("columnheader", name="Number").get_by_role("link").click()
    page.wait_for_url("**sort=-number**")
    last = rows(page)
    assert last == sorted(last, reverse=True)
    assert len(last) == 20
    page.get_by_role("link", name="Page 2").click()
    page.wait_for_url("**page=2**")
    assert max(rows(page)) < min(last)
    page.go_back()
    page.get_by_text("State", exact=True).first.click()
    page.get_by_label("Screening", exact=True).check()
    page.get_by_role("button", name="Apply").first.click()
    page.wait_for_url("**state=SCREENING**")
    page.reload()
    assert set(page.locator("tbody .pill").all_inner_texts()) == {"Screening"}
    page.go_back()
    assert rows(page) == last


def test_brackets_go_to_the_neighbors_of_the_list(log_in):
    page = log_in("monitor")
    page.goto("/subjects/?sort=-number")
    numbers = rows(page)
    page.goto(f"/subjects/{numbers[1]}/")
    page.keyboard.press("]")
    page.wait_for_url(f"**/subjects/{numbers[2]}/")
    page.keyboard.press("[")
    page.wait_for_url(f"**/subjects/{numbers[1]}/")


@pytest.fixture
def treated(log_in):
    """The page of a patient with visits, as the coordinator of the site sees it."""
    page = log_in("coordinator")
    page.goto("/subjects/?sort=-dose")
    for number in rows(page):
        page.goto(f"/subjects/{number}/")
        if page.locator(".timeline").count() and page.locator("a.cell").count() > 40:
            return page
    raise AssertionError("no patient under treatment at site 01 of the small study")


def test_the_matrix_has_one_tab_stop_and_arrows_move_in_it(treated):
    cells = treated.locator("a.cell")
    assert treated.locator('a.cell[tabindex="0"]').count() == 1
    first = treated.locator('a.cell[tabindex="0"]')
    first.focus()
    name = first.get_attribute("aria-label")
    assert re.search(r", .+:? .+", name)
    treated.keyboard.press("ArrowDown")
    below = treated.evaluate("document.activeElement.getAttribute('aria-label')")
    assert below != name
    treated.keyboard.press("Home")
    at_start = treated.evaluate("document.activeElement.closest('td').cellIndex")
    treated.keyboard.press("End")
    assert treated.evaluate("document.activeElement.closest('td').cellIndex") >= at_start
    assert treated.locator('a.cell[tabindex="0"]').count() == 1
    assert cells.count() > 40
    address = treated.evaluate("document.activeElement.href")
    treated.keyboard.press("Enter")
    treated.wait_for_url(address)


def test_an_unscheduled_visit_is_added_in_two_actions(treated):
    treated.locator("summary", has_text="Add").click()
    treated.locator(".popover-body").get_by_role("link", name=re.compile("Unscheduled visit")).click()
    treated.wait_for_url("**/UNSCHEDULED/*/unscheduled_visit/1/")


def test_a_solved_task_leaves_without_a_reload(log_in, site, subject):
    page = log_in("coordinator")
    page.goto("/?kind=screening&show=2000")  # all, for other tests leave tasks of theirs
    task = page.locator(f'a.task[href*="{subject}/SCREENING/1/demographics/"]')
    expect(task).to_have_count(1)
    other = log_in("coordinator_b")
    other.goto(f"/subjects/{subject}/SCREENING/1/demographics/1/")
    other.locator("[data-ready=yes]").wait_for()
    other.locator("[name=birth_date]").fill("1960-05")
    other.locator("[name=sex][value=M]").check()
    with other.expect_navigation():
        other.locator("[data-save]").click()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(task).to_have_count(0)


PATHS = ("/", "/subjects/", "/subjects/screening/", "/dashboard/", "patient", "records")


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 1440), ("zh", "dark", 1440),
                                                            ("zh", "light", 360)])  # fmt: skip
def test_the_pages_have_no_barrier_and_no_sideways_scrolling(log_in, language, scheme, width):
    page = log_in(
        "coordinator",
        language,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,
    )
    page.goto("/subjects/?sort=-dose")
    number = rows(page)[0]
    names = {"patient": f"/subjects/{number}/", "records": f"/subjects/{number}/all/vital_signs/"}
    for path in (names.get(path, path) for path in PATHS):
        page.goto(path)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


# ---- Keys ----------------------------------------------------------------------------------------------


def test_slash_and_ctrl_k_search_v_switches_the_view_and_f_goes_to_the_filters(log_in):
    page = log_in("coordinator")
    page.goto(f"/subjects/{PATIENT}/")
    page.keyboard.press("v")
    assert page.evaluate("document.activeElement.matches('[data-matrix] a.cell')")
    page.keyboard.press("v")
    assert page.evaluate("document.activeElement.matches('.timeline-scroll')")
    page.keyboard.press("/")
    page.keyboard.type("01-002 v/")  # letters typed there are no keys
    assert page.input_value("[data-search-all]") == "01-002 v/"
    page.fill("[data-search-all]", "01-002")
    page.keyboard.press("Enter")
    page.wait_for_url("**/subjects/01-002/")
    page.goto("/subjects/")
    page.keyboard.press("/")  # the page's own search goes before
    assert page.evaluate("document.activeElement.matches('[data-search]')")
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.matches('[data-search-all]')")
    page.locator("h1").click()
    page.keyboard.press("f")
    assert page.evaluate("document.activeElement.closest('details.filter').open")
