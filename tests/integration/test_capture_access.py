"""Who may do what where: actions, roles and sites; review; log-ins; the pages in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from small_study import PASSWORD, PERSON

from grevy.capture.actions import (
    answer_query,
    cancel_query,
    close_account,
    close_query,
    create_account,
    grant_role,
    lock,
    open_query,
    record_export,
    record_log_in,
    reopen_query,
    revoke_role,
    sign,
    unlock,
    verify,
)
from grevy.capture.actions.review import is_signed
from grevy.capture.errors import AgainstPolicy, NotPermitted, UnknownPlace
from grevy.capture.models import AccessChange, Export, LogIn, Query, QueryMessage, Signature
from grevy.capture.permissions import ROLES, ROLES_THAT_MAY, can, sites_to_view
from grevy.capture.words import WORDS

SITES = {"coordinator", "investigator"}
READERS = SITES | {"monitor", "data_manager", "statistician", "safety_officer"}
ASKERS = {"monitor", "data_manager", "safety_officer"}
# Written down a second time, on purpose: a change of a right must be a change here too.
EXPECTED = {
    "view": READERS,
    "create_subject": SITES,
    "save_form": SITES,
    "withdraw_record": SITES,
    "set_lab_range": {"coordinator", "data_manager"},
    "open_query": ASKERS,
    "answer_query": SITES,
    "close_query": ASKERS,
    "verify": {"monitor"},
    "sign": {"investigator"},
    "decide_eligibility": {"investigator"},
    "publish_checks": {"data_manager"},
    "lock": {"data_manager"},
    "unlock": {"data_manager"},
    "change_access": {"administrator"},
    "export": {"investigator", "data_manager", "statistician"},
    "report": {"data_manager", "statistician", "safety_officer"},
}


def test_the_matrix_of_actions_roles_and_sites(people):
    assert set(ROLES_THAT_MAY) == set(EXPECTED)
    for action, roles in EXPECTED.items():
        for name, (role, own_site) in people.items():
            for site in ("01", "02", None):
                expected = role in roles and own_site in (None, site)
                assert can(name, action, site) is expected, (action, name, site)
    assert not can("nobody", "view", "01")


def test_which_sites_a_person_reads(people):
    assert sites_to_view("crc01") == {"01"}
    assert sites_to_view("monitor") is None
    assert sites_to_view("administrator") == frozenset()


@pytest.mark.parametrize(
    "name", ["crc02", "inv02", "monitor", "data_manager", "statistician", "administrator"]
)
def test_others_do_not_write_at_site_01(desk, name):
    with pytest.raises(NotPermitted):
        desk.save("demographics", PERSON, by=name)


def test_every_action_refuses_the_wrong_person(desk, study):
    desk.save("demographics", PERSON)
    address = desk.address("demographics")
    key = open_query(address, "Is it right", by="monitor")
    for attempt in (
        lambda: open_query(address, "x", by="crc01"),
        lambda: answer_query(key, "x", by="crc02"),
        lambda: close_query(key, "x", by="crc01"),
        lambda: verify(address, by="crc01", revision=1),
        lambda: sign(address, by="crc01", password=PASSWORD, revision=1, meaning="x"),
        lambda: lock(desk.subject, by="monitor", reason="x"),
        lambda: grant_role("crc01", "monitor", None, by="data_manager"),
        lambda: revoke_role("crc01", "coordinator", "01", by="crc01", reason="x"),
        lambda: create_account("new", by="monitor"),
        lambda: create_account("new", by="system"),
        lambda: close_account("crc01", by="inv01", reason="x"),
        lambda: record_export(by="monitor", purpose="a", recipient="b", country="CN", files={"x": "0"}),
    ):
        with pytest.raises(NotPermitted):
            attempt()


def test_a_query_goes_only_along_its_states(desk):
    desk.save("demographics", PERSON)
    key = open_query(desk.address("demographics"), "Is it right", by="monitor", item="ecog")
    with pytest.raises(AgainstPolicy):
        reopen_query(key, "x", by="monitor")
    answer_query(key, "Yes", by="crc01")
    with pytest.raises(AgainstPolicy):
        cancel_query(key, "x", by="monitor")
    reopen_query(key, "Sure", by="monitor")
    answer_query(key, "Quite", by="inv01")
    close_query(key, "Thank you", by="data_manager")
    with pytest.raises(AgainstPolicy):
        answer_query(key, "x", by="crc01")
    assert Query.objects.get(key=key).state == "CLOSED"
    story = QueryMessage.objects.filter(query_id=key).order_by("number")
    assert [m.kind for m in story] == ["OPEN", "ANSWERED", "REOPENED", "ANSWERED", "CLOSED"]
    assert {m.item for m in story} == {"ecog"}
    with pytest.raises(AgainstPolicy, match="empty"):
        open_query(desk.address("demographics"), "  ", by="monitor")
    with pytest.raises(UnknownPlace):
        answer_query("nothing?1", "x", by="crc01")


def test_a_signature_takes_the_password_and_breaks_with_the_next_revision(desk):
    desk.save("demographics", PERSON)
    address = desk.address("demographics")
    with pytest.raises(NotPermitted, match="password"):
        sign(address, by="inv01", password="wrong", revision=1, meaning="I confirm")
    assert not Signature.objects.exists()
    assert LogIn.objects.get().outcome == "SIGNATURE_REFUSED"
    sign(address, by="inv01", password=PASSWORD, revision=1, meaning="I confirm")
    assert is_signed(address.record)
    desk.save("demographics", {**PERSON, "ecog": "0"}, 1, reason="Source")
    assert not is_signed(address.record)
    with pytest.raises(AgainstPolicy, match="changed since"):
        sign(address, by="inv01", password=PASSWORD, revision=1, meaning="I confirm")


@pytest.mark.parametrize("scope", ["record", "visit", "subject", "site", "study"])
def test_a_lock_stops_entry_and_two_persons_open_it(desk, scope):
    desk.save("demographics", PERSON)
    address = desk.address("demographics")
    scope = {
        "record": address.record,
        "visit": address.occasion,
        "subject": desk.subject,
        "site": "site:01",
        "study": "study",
    }[scope]
    lock(scope, by="data_manager", reason="Interim", level="FROZEN")
    with pytest.raises(AgainstPolicy, match="frozen"):
        desk.save("demographics", {**PERSON, "ecog": "0"}, 1, reason="x")
    key = open_query(desk.address("demographics"), "Frozen leaves queries", by="monitor")
    with pytest.raises(AgainstPolicy, match="queries are open"):
        lock(scope, by="data_manager", reason="Final")
    cancel_query(key, "Settled", by="monitor")
    lock(scope, by="data_manager", reason="Final")
    with pytest.raises(AgainstPolicy, match="locked"):
        open_query(desk.address("demographics"), "x", by="monitor")
    with pytest.raises(NotPermitted, match="second person"):
        unlock(scope, by="data_manager", second_person="data_manager", reason="x")
    with pytest.raises(NotPermitted):
        unlock(scope, by="data_manager", second_person="monitor", reason="x")
    unlock(scope, by="data_manager", second_person="data_manager_2", reason="Late finding")
    desk.save("demographics", {**PERSON, "ecog": "0"}, 1, reason="Late finding")


def test_access_changes_and_exports_are_in_the_ledger(people):
    revoke_role("crc01", "coordinator", "01", by="administrator", reason="Left")
    assert not can("crc01", "view", "01")
    close_account("inv01", by="administrator", reason="Left")
    assert not can("inv01", "view", "01")
    last = AccessChange.objects.order_by("-seq")[:2]
    assert [change.change for change in last] == ["ACCOUNT_CLOSED", "ROLE_REVOKED"]
    with pytest.raises(UnknownPlace, match="no such role"):
        grant_role("crc02", "king", None, by="administrator")
    assert "king" not in ROLES
    record_export(
        by="statistician", purpose="Interim", recipient="Sponsor", country="CN", files={"dm.xpt": "a" * 64}
    )
    assert Export.objects.get().files == '{"dm.xpt": "' + "a" * 64 + '"}'
    with pytest.raises(AgainstPolicy):
        record_export(by="statistician", purpose="", recipient="Sponsor", country="CN", files={"dm.xpt": "a"})


# ---- Pages ---------------------------------------------------------------------------------------------


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"})


def log_in(browser: Client, name: str, password: str = PASSWORD):
    return browser.post("/log-in/", {"username": name, "password": password})


def test_the_log_in_page_speaks_the_browsers_language_and_switches(people, browser):
    page = browser.get("/log-in/")
    assert 'lang="zh-Hans"' in page.text
    assert WORDS["log_in"][1] in page.text
    back = browser.post("/language/", {"language": "en", "next": "/log-in/"})
    assert back.headers["Location"] == "/log-in/"
    page = browser.get("/log-in/")
    assert '<html lang="en">' in page.text
    assert "Every log-in is recorded." in page.text


@pytest.mark.parametrize("path", ["/", "/log-in/"])
def test_pages_load_nothing_inline_and_nothing_from_elsewhere(people, browser, path):
    log_in(browser, "monitor") if path == "/" else None
    page = browser.get(path)
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    inline = ("<script>", "<style", " style=", "onclick", "http://", "https://")
    assert not [part for part in inline if part in page.text]
    data = len(re.findall(r'<script id="[a-z-]+" type="application/json">', page.text))  # words, never run
    assert page.text.count("<script") == data + page.text.count('<script type="module" src="/static/')
    assert page.headers["X-Frame-Options"] == "DENY"


def test_log_ins_are_recorded_and_five_failures_pause(people, browser):
    for _ in range(5):
        assert log_in(browser, "crc01", "wrong").status_code == 403
    paused = log_in(browser, "crc01")
    assert paused.status_code == 403
    assert WORDS["paused"][1] in paused.text
    assert log_in(browser, "crc02").status_code == 302
    browser.post("/log-out/")
    outcomes = list(LogIn.objects.order_by("seq").values_list("username", "outcome"))
    assert outcomes == [("crc01", "FAILURE")] * 5 + [
        ("crc01", "PAUSED"),
        ("crc02", "SUCCESS"),
        ("crc02", "LOG_OUT"),
    ]


def test_the_start_page_counts_the_persons_own_sites(desk, browser, settings, tmp_path: Path):
    settings.GREVY_REPORT = str(tmp_path / "report.html")
    Path(settings.GREVY_REPORT).write_text("<p>All sites</p>", encoding="utf-8")
    desk.save("demographics", PERSON)
    assert browser.get("/").status_code == 302
    log_in(browser, "crc01")
    page = browser.get("/").text
    assert "医院01" in page
    assert "医院02" not in page
    assert WORDS["report_denied"][1] in page
    assert browser.get("/report/").status_code == 403
    assert LogIn.objects.filter(username="crc01", outcome="REFUSED", address="GET report").exists()
    browser.post("/log-out/")
    log_in(browser, "monitor")
    browser.post("/language/", {"language": "en"})
    page = browser.get("/").text
    assert "Hospital 02" in page
    assert '<td class="n" data-label="Records">2</td>' in page
    report = browser.get("/report/")
    assert b"All sites" in b"".join(report.streaming_content)
    assert "sandbox" in report.headers["Content-Security-Policy"]


def test_a_closed_account_is_out_with_its_next_request(people, browser):
    log_in(browser, "crc01")
    assert browser.get("/").status_code == 200
    close_account("crc01", by="administrator", reason="Left")
    assert browser.get("/").status_code == 302


def test_log_in_leads_nowhere_else(people, browser):
    answer = browser.post("/log-in/", {"username": "crc01", "password": PASSWORD, "next": "//evil.example/"})
    assert answer.headers["Location"] == "/"
    assert browser.get("/nowhere/").status_code == 404
    assert Client(enforce_csrf_checks=True).post("/log-in/", {"username": "crc01"}).status_code == 403


def test_every_word_stands_in_both_languages():
    assert all(english.strip() and chinese.strip() for english, chinese in WORDS.values())


def test_weak_passwords_are_refused(people):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        create_account("weak", by="administrator", password="password")
    assert not User.objects.filter(username="weak").exists()
    record_log_in("x" * 400, outcome="FAILURE")
    assert len(LogIn.objects.get().username) == 150


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "٣", "9" * 30])
def test_a_number_that_is_none_is_a_bad_request_and_changes_nothing(desk, browser, number):
    desk.save("demographics", PERSON)
    log_in(browser, "inv01")
    path = f"/subjects/{desk.subject}/SCREENING/1/demographics/1/"
    assert browser.post(path + "sign/", {"revision": number, "password": PASSWORD}).status_code == 400
    assert browser.post(path, {"_started_from": number, "sex": "F"}).status_code == 400
    assert not Signature.objects.exists()
    assert desk.values("demographics") == PERSON
