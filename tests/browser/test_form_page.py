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


# ---- Two people, one record ----------------------------------------------------------------------------


def opened(log_in, role: str, path: str, language: str = "en"):
    page = log_in(role, language)
    page.goto(path)
    page.locator("[data-ready=yes]").wait_for()
    return page


def save(page) -> None:
    with page.expect_navigation():
        page.locator("[data-save]").click()
    page.locator("[data-ready=yes]").wait_for()


def give_reason(page, path: str, reason: str = "New information") -> None:
    page.locator(f'[data-reason="{path}"] select').select_option(reason)


def test_changes_of_different_fields_merge(log_in, site, subject):
    path = form_path(subject, "demographics")
    one = opened(log_in, "coordinator", path)
    one.locator("[name=birth_date]").fill("1960-05")
    one.locator("[name=sex][value=M]").check()
    save(one)
    other = opened(log_in, "investigator", path)
    one.locator("[name=weight_kg]").fill("70.5")
    give_reason(one, "weight_kg")
    other.locator("[name=height_cm]").fill("171")
    give_reason(other, "height_cm")
    save(one)
    save(other)
    expect(other.locator("[data-notices]")).to_contain_text(
        "1 fields that somebody else had changed were kept: Weight"
    )
    saved = site.revisions(f"{subject}/SCREENING/1/demographics/1")
    assert saved[-1][:2] == (
        3,
        {"birth_date": "1960-05", "height_cm": "171", "sex": "M", "weight_kg": "70.5"},
    )


def clash(log_in, subject: str, choice: str):
    """Both change the weight; the second person, who also typed a height, chooses."""
    path = form_path(subject, "demographics")
    one, other = (opened(log_in, role, path) for role in ("coordinator", "investigator"))
    one.locator("[name=birth_date]").fill("1960-05")
    one.locator("[name=sex][value=M]").check()
    one.locator("[name=weight_kg]").fill("70")
    save(one)
    other.locator("[name=weight_kg]").fill("71")
    other.locator("[name=height_cm]").fill("171")
    other.locator("[data-save]").click()
    dialog = other.locator("dialog")
    expect(dialog).to_contain_text("Someone else saved this form")
    expect(dialog).to_contain_text("70")
    dialog.locator(f"input[value={choice}]").check()
    dialog.locator("button.ink").click()
    if choice == "mine":
        give_reason(other, "weight_kg")
    give_reason(other, "height_cm")
    save(other)


def test_a_clash_asks_and_takes_mine(log_in, site, subject):
    clash(log_in, subject, "mine")
    values = site.values(f"{subject}/SCREENING/1/demographics/1")
    assert values == {"birth_date": "1960-05", "height_cm": "171", "sex": "M", "weight_kg": "71"}


def test_a_clash_asks_and_takes_theirs_with_everything_else_that_was_typed(log_in, site, subject):
    clash(log_in, subject, "theirs")
    values = site.values(f"{subject}/SCREENING/1/demographics/1")
    assert values == {"birth_date": "1960-05", "height_cm": "171", "sex": "M", "weight_kg": "70"}


# ---- The network goes, people go -----------------------------------------------------------------------


def test_what_is_typed_without_network_is_there_after_a_crash(log_in, site, subject):
    page = opened(log_in, "coordinator", form_path(subject, "demographics"))
    page.context.set_offline(True)
    page.locator("[name=height_cm]").press_sequentially("171.5")
    expect(page.locator("[data-offline]")).to_contain_text("Network away since")
    page.close()
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(form_path(subject, "demographics"))
    expect(again.locator("[name=height_cm]")).to_have_value("171.5")


def test_a_save_that_the_server_stored_and_never_answered_is_stored_once(log_in, site, subject):
    page = opened(log_in, "coordinator", form_path(subject, "demographics"))
    page.locator("[name=birth_date]").fill("1960")
    page.locator("[name=sex][value=F]").check()

    def store_and_cut(route) -> None:
        route.fetch()
        route.abort()

    page.route("**/save/", store_and_cut, times=1)
    save(page)
    assert [(n, values) for n, values, *_ in site.revisions(f"{subject}/SCREENING/1/demographics/1")] == [
        (1, {"birth_date": "1960", "sex": "F"})
    ]


def test_typing_goes_on_while_the_save_is_on_its_way_and_keeps_what_the_other_person_saved(
    log_in, site, subject
):
    path = form_path(subject, "demographics")
    one, other = (opened(log_in, role, path) for role in ("coordinator", "investigator"))
    one.locator("[name=birth_date]").fill("1960-05")
    one.locator("[name=sex][value=M]").check()
    one.locator("[name=height_cm]").fill("171")
    save(one)
    held: list = []
    other.route("**/save/", lambda route: held.append(route))
    other.locator("[name=weight_kg]").fill("70")
    other.locator("[data-save]").click()
    expect(other.locator("[data-notices]")).to_have_text("")
    other.wait_for_function("document.querySelector('[data-form]').dataset.here")
    other.locator("[name=weight_kg]").fill("70.5")
    while not held:
        other.wait_for_timeout(20)
    held[0].continue_()
    other.unroute("**/save/")
    # the server asks for the reason of a change: the first save of this person stands on a later revision
    give_reason(other, "weight_kg")
    held.clear()
    other.route("**/save/", lambda route: held.append(route))
    other.locator("[data-save]").click()
    while not held:
        other.wait_for_timeout(20)
    other.locator("[name=weight_kg]").fill("70.55")
    held[0].continue_()
    expect(other.locator("[data-notices]")).to_contain_text("Revision 2 is saved.")
    expect(other.locator("[name=height_cm]")).to_have_value("171")
    expect(other.locator("[name=weight_kg]")).to_have_value("70.55")
    other.unroute("**/save/")
    give_reason(other, "weight_kg")
    save(other)
    values = site.values(f"{subject}/SCREENING/1/demographics/1")
    assert values == {"birth_date": "1960-05", "height_cm": "171", "sex": "M", "weight_kg": "70.55"}


def test_a_log_out_in_between_loses_nothing_and_a_log_in_in_another_tab_goes_on(log_in, site, subject):
    page = opened(log_in, "coordinator", form_path(subject, "demographics"))
    page.context.clear_cookies(name="sessionid")
    page.locator("[name=height_cm]").fill("168")
    expect(page.locator("[data-offline]")).to_contain_text("You were logged out")
    page.context.add_cookies(
        [{"name": "sessionid", "value": site.session_of("coordinator"), "url": site.url}]
    )
    page.context.clear_cookies(name="csrftoken")
    tab = page.context.new_page()
    tab.goto("/")
    expect(page.locator("[data-kept]")).to_contain_text("Kept", timeout=15_000)
    assert (
        '"168"'
        in site.read(
            "SELECT content FROM capture_draft WHERE record_key = ?", f"{subject}/SCREENING/1/demographics/1"
        )[0][0]
    )


def test_what_one_person_typed_is_not_saved_by_another(log_in, site, subject):
    page = opened(log_in, "coordinator", form_path(subject, "demographics"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": site.session_of("investigator"), "url": site.url}]
    )
    page.locator("[name=height_cm]").fill("168")
    expect(page.locator("[data-offline]")).to_contain_text("Somebody else is logged in here now")
    page.locator("[data-save]").click()
    page.wait_for_timeout(300)
    assert site.revisions(f"{subject}/SCREENING/1/demographics/1") == []
    assert not site.read(
        "SELECT 1 FROM capture_draft WHERE record_key = ?", f"{subject}/SCREENING/1/demographics/1"
    )


# ---- The keyboard --------------------------------------------------------------------------------------


def test_enter_goes_to_the_next_field_and_the_save_of_the_keyboard_leaves_no_draft(log_in, site, subject):
    page = opened(log_in, "coordinator", form_path(subject, "demographics"))
    page.locator("[name=birth_date]").focus()
    page.keyboard.type("1960-05")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "sex"
    page.keyboard.press("Space")
    page.locator("[name=weight_kg]").focus()
    page.keyboard.type("70.5")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    page.wait_for_url("**/nen_diagnosis/1/")
    page.locator("[data-ready=yes]").wait_for()
    assert page.evaluate("document.activeElement.name") == "diagnosis_date"
    page.goto(form_path(subject, "demographics"))
    page.locator("[data-ready=yes]").wait_for()
    assert page.locator(".reason").count() == 0
    assert site.revisions(f"{subject}/SCREENING/1/demographics/1")[0][1]["weight_kg"] == "70.5"
    drafts = "SELECT COUNT(*) FROM capture_draft WHERE record_key LIKE ?"
    assert site.read(drafts, f"{subject}/%") == [(0,)]


def test_the_results_of_a_laboratory_are_typed_down_the_column(log_in, site, subject):
    page = opened(log_in, "coordinator", form_path(subject, "hematology"))
    page.locator("[name=collected_date]").focus()
    page.keyboard.type("2026-03-02")
    page.locator("[name='wbc:number']").focus()
    for typed in ("5.2", "3.1", "1.5"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("1.6")
    save(page)
    typed = site.values(f"{subject}/SCREENING/1/hematology/1")
    assert [typed[name].split()[0] for name in ("wbc", "neut", "lym")] == ["5.2", "3.1", "1.6"]


def test_the_password_of_a_signature_is_no_draft_of_the_form(log_in, site, subject):
    page = opened(log_in, "investigator", form_path(subject, "informed_consent"))
    page.locator("#password").fill("not to be kept")
    page.wait_for_timeout(1000)
    drafts = "SELECT COUNT(*) FROM capture_draft WHERE record_key LIKE ?"
    assert site.read(drafts, f"{subject}/%") == [(0,)]


def test_rows_of_a_spreadsheet_are_shown_under_the_columns_and_fill_the_empty_row_first(
    log_in, site, subject
):
    page = opened(log_in, "coordinator", f"/subjects/{subject}/log/medical_history/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("Control+Enter")
    lines = "Appendectomy\t2019\tN\t2019\nDiabetes\t2015-03\tYes"
    page.evaluate("text => navigator.clipboard.writeText(text)", lines)
    page.keyboard.press("Control+v")
    expect(page.locator("dialog thead th")).to_have_count(page.locator("main thead th[data-item]").count())
    page.keyboard.press("Enter")
    expect(page.locator("main tbody tr")).to_have_count(2)
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    kept = [site.values(f"{subject}/LOG/1/medical_history/{n}") for n in (1, 2)]
    assert [(one["term"], one["ongoing"]) for one in kept] == [("Appendectomy", "N"), ("Diabetes", "Y")]


def test_a_new_form_is_told_what_it_lacks_only_when_it_is_saved_so(log_in, site, subject):
    page = opened(log_in, "coordinator", form_path(subject, "hematology"))
    expect(page.locator("[data-settle]")).to_be_hidden()
    assert page.locator("main .message").count() == 0
    page.locator("[data-save]").click()
    expect(page.locator("[data-field=collected_date] .message")).to_contain_text("form is empty")
    expect(page.locator("[data-settle]")).to_be_visible()
