"""Accounts: the second factor, training before access, what the administrator does, one's own settings."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.test import Client
from small_study import PASSWORD

from grevy.capture.actions import close_account, create_account, grant_role, revoke_role
from grevy.capture.actions.access import record_delegation, record_training
from grevy.capture.errors import AgainstPolicy, NotPermitted, ReasonMissing
from grevy.capture.models import AccessChange, LogIn, OpenLogIn, UserSetting
from grevy.capture.second_factor import make_recovery_codes, set_up_time_codes

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
JSON = {"headers": {"accept": "application/json"}}


def code_in(steps: int) -> str:
    """The code of now, or of so many half minutes later."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps))


def person(name: str) -> User:
    return User.objects.get(username=name)


def log_in(client: Client, name: str, password: str = PASSWORD, **more):
    return client.post("/log-in/", {"username": name, "password": password}, **more)


def logged_in(name: str) -> Client:
    client = Client()
    assert log_in(client, name).status_code == 302
    return client


@pytest.fixture
def protected(people) -> list[str]:
    """The coordinator has an app and recovery codes; the code of half a minute ago set the app up."""
    assert set_up_time_codes(person("crc01"), SECRET, code_in(-1))
    return make_recovery_codes(person("crc01"))


def send_code(client: Client, code: str, **more):
    return client.post("/log-in/second-factor/", {"code": code}, **more)


# ---- Second factor -------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing_where_a_second_factor_is_set_up(protected):
    client = Client()
    answer = log_in(client, "crc01")
    assert answer.headers["Location"].startswith("/log-in/second-factor/")
    assert client.get("/subjects/").status_code == 302
    assert send_code(client, code_in(0)).headers["Location"] == "/"
    assert client.get("/subjects/").status_code == 200
    outcomes = list(LogIn.objects.order_by("seq").values_list("outcome", flat=True))
    assert outcomes[-2:] == ["PASSWORD_RIGHT", "SUCCESS"]


def test_a_code_is_taken_once(protected):
    code = code_in(0)
    for expected in (302, 403):
        client = Client()
        log_in(client, "crc01")
        assert send_code(client, code).status_code == expected


def test_a_recovery_code_is_taken_once(protected):
    for expected in (302, 403):
        client = Client()
        log_in(client, "crc01")
        assert send_code(client, protected[3]).status_code == expected
    assert Authenticator.objects.get(type="recovery_codes").data["used_mask"] == 1 << 3


def test_wrong_codes_pause_the_account_as_wrong_passwords_do(protected):
    client = Client()
    log_in(client, "crc01", "wrong")
    for _ in range(4):
        log_in(client, "crc01")  # a right password in between does not begin the count anew
        assert send_code(client, "000000").status_code == 403
    paused = send_code(client, protected[0])
    assert paused.status_code == 403
    assert "15 minutes" in paused.text
    assert LogIn.objects.order_by("-seq")[0].outcome == "PAUSED"
    assert log_in(Client(), "crc01").status_code == 403


def test_no_second_step_without_a_first_one(protected):
    assert send_code(Client(), code_in(0)).headers["Location"] == "/log-in/"


def test_the_secret_is_not_readable_in_the_database(protected):
    assert SECRET not in str(Authenticator.objects.get(type="totp").data)


def test_an_app_is_set_up_with_password_and_code_and_gives_recovery_codes(people):
    client = logged_in("crc01")
    page = client.get("/account/second-factor/")
    secret = client.session["mfa.totp.secret"]
    assert "<svg" in page.text
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    sent = {"what": "time_codes", "code": code}
    assert client.post("/account/second-factor/", {**sent, "password": "wrong"}).status_code == 422
    assert not Authenticator.objects.exists()
    made = client.post("/account/second-factor/", {**sent, "password": PASSWORD})
    assert made.status_code == 200
    assert made.text.count("<li><code") == 10
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}


def test_a_wrong_code_or_no_answer_of_a_key_sets_nothing_up(people):
    client = logged_in("crc01")
    client.get("/account/second-factor/")
    for sent in ({"what": "time_codes", "code": "000000"}, {"what": "key", "credential": '{"id": "x"}'}):
        answer = client.post("/account/second-factor/", {**sent, "password": PASSWORD})
        assert answer.status_code == 422
    assert not Authenticator.objects.exists()


def test_taking_the_last_factor_away_takes_the_recovery_codes_too(protected):
    client = Client()
    log_in(client, "crc01")
    send_code(client, code_in(0))
    number = Authenticator.objects.get(type="totp").pk
    client.post("/account/second-factor/", {"what": "remove", "number": number, "password": PASSWORD})
    assert not Authenticator.objects.exists()


def test_where_it_is_required_nobody_goes_on_without(people, settings):
    settings.GREVY_SECOND_FACTOR_REQUIRED = True
    client = logged_in("crc01")
    assert client.get("/subjects/").headers["Location"] == "/account/second-factor/"
    assert client.get("/subjects/", **JSON).status_code == 403
    set_up_time_codes(person("crc01"), SECRET, code_in(0))
    assert client.get("/subjects/").status_code == 200


def test_logging_in_again_in_place_answers_with_a_new_token(protected):
    client = Client()
    assert log_in(client, "crc01", "wrong", **JSON).json()["problem"] == "wrong"
    assert log_in(client, "crc01", **JSON).json() == {"next": "second_factor"}
    answer = send_code(client, code_in(0), **JSON).json()
    assert answer["user"] == "crc01"
    assert answer["token"]
    assert client.post("/log-in/extend/").json()["seconds"] == 1800


# ---- Training before access ----------------------------------------------------------------------------


@pytest.fixture
def newcomer(people) -> str:
    create_account("crc09", by="administrator", password=PASSWORD)
    grant_role("crc09", "coordinator", "01", by="administrator")
    return "crc09"


def test_a_page_opens_only_after_training_and_delegation(newcomer):
    client = logged_in(newcomer)
    page = client.get("/subjects/")
    assert page.status_code == 403
    assert "the record of your training" in page.text
    record_training(newcomer, by="administrator", reason="Course of 2 March")
    page = client.get("/subjects/")
    assert page.status_code == 403
    assert "the record of your training" not in page.text
    assert "the record of your delegation" in page.text
    record_delegation(newcomer, by="administrator", reason="Log of 3 March")
    assert client.get("/subjects/").status_code == 200


def test_training_is_recorded_with_reason_by_an_administrator_and_stays(newcomer):
    with pytest.raises(NotPermitted):
        record_training(newcomer, by="data_manager", reason="Course")
    with pytest.raises(ReasonMissing):
        record_training(newcomer, by="administrator", reason=" ")
    record_training(newcomer, by="administrator", reason="Course")
    assert AccessChange.objects.order_by("-seq")[0].reason == "Course"


def test_what_is_missing_is_said_in_chinese(newcomer):
    client = Client(headers={"accept-language": "zh"})
    log_in(client, newcomer)
    assert "您的账号尚未启用" in client.get("/").text


# ---- The administrator ---------------------------------------------------------------------------------


def test_a_new_account_gets_a_password_that_must_be_changed(people):
    admin = logged_in("administrator")
    page = admin.post("/people/", {"username": "crc08", "full_name": "Wang"})
    password = page.context["made"][1]
    assert password in page.text
    assert password not in admin.get("/people/").text
    client = Client()
    log_in(client, "crc08", password)
    assert client.get("/").headers["Location"] == "/account/password/"
    new = {"password": password, "new": "twelve zebras run", "again": "twelve zebras run"}
    assert client.post("/account/password/", {**new, "again": "other"}).status_code == 422
    assert client.post("/account/password/", {**new, "new": "short", "again": "short"}).status_code == 422
    assert client.post("/account/password/", new).status_code == 302
    assert client.get("/").status_code == 403  # training is still missing
    assert log_in(Client(), "crc08", password).status_code == 403


@pytest.mark.parametrize(("name", "problem"), [("crc01", "name_taken"), ("a b", "name_unusable")])
def test_an_account_name_that_cannot_be_is_refused(people, name, problem):
    page = logged_in("administrator").post("/people/", {"username": name, "full_name": "X"})
    assert page.status_code == 422
    assert page.context["problem"] == problem


def test_the_administrator_works_on_a_person_and_every_act_stands_in_the_ledger(newcomer):
    admin = logged_in("administrator")
    theirs = logged_in(newcomer)
    path = f"/people/{newcomer}/"
    assert admin.post(path, {"what": "training", "reason": ""}).status_code == 422
    for sent in (
        {"what": "training", "reason": "Course"},
        {"what": "delegation", "reason": "Log"},
        {"what": "grant", "role": "investigator", "site": "02", "reason": ""},
        {"what": "revoke", "role": "investigator", "site": "02", "reason": "Left"},
    ):
        assert admin.post(path, sent).status_code == 302, sent
    assert theirs.get("/subjects/").status_code == 200
    admin.post(path, {"what": "end", "reason": "Lost laptop"})
    assert theirs.get("/subjects/").status_code == 302
    reset = admin.post(path, {"what": "reset", "reason": "Forgot"})
    assert log_in(Client(), newcomer).status_code == 403
    assert log_in(Client(), newcomer, reset.context["password"]).status_code == 302
    admin.post(path, {"what": "close", "reason": "Left the site"})
    assert log_in(Client(), newcomer, reset.context["password"]).status_code == 403
    kinds = list(
        AccessChange.objects.filter(username=newcomer).order_by("seq").values_list("change", flat=True)
    )
    assert kinds[2:] == [
        "TRAINING_RECORDED",
        "DELEGATION_RECORDED",
        "ROLE_GRANTED",
        "ROLE_REVOKED",
        "LOG_INS_ENDED",
        "ACCESS_RESET",
        "ACCOUNT_CLOSED",
    ]
    page = admin.get(path, headers={"accept-language": "zh"})
    assert "登记培训" in page.text


def test_a_revoked_role_and_a_closed_account_end_with_the_next_request(people):
    client, other = logged_in("crc01"), logged_in("crd01")
    assert client.get("/subjects/").status_code == other.get("/subjects/").status_code == 200
    revoke_role("crc01", "coordinator", "01", by="administrator", reason="Left")
    close_account("crd01", by="administrator", reason="Left")
    assert client.get("/subjects/").status_code == 403
    assert other.get("/subjects/").status_code == 302


def test_nobody_takes_away_the_own_way_in(people):
    with pytest.raises(AgainstPolicy):
        close_account("administrator", by="administrator", reason="Oops")
    with pytest.raises(AgainstPolicy):
        revoke_role("administrator", "administrator", None, by="administrator", reason="Oops")


def test_the_list_shows_roles_training_and_last_log_in(newcomer):
    page = logged_in("administrator").get("/people/")
    shown = {one.username: one for one in page.context["accounts"]}
    assert not shown[newcomer].is_ready
    assert shown["crc01"].is_ready
    assert [(held.role, held.site) for held in shown["crc01"].roles] == [("coordinator", "01")]
    assert shown["administrator"].last_log_in
    assert shown["administrator"].open_log_ins == 1


# ---- One's own account ---------------------------------------------------------------------------------


def test_settings_are_kept_and_the_language_follows_the_person(people):
    client = logged_in("crc01")
    client.post("/account/", {"what": "settings", "density": "compact", "theme": "dark", "language": "zh"})
    page = client.get("/account/").text
    assert 'data-density="compact" data-theme="dark"' in page
    assert "我的账号" in page
    elsewhere = logged_in("crc01")
    assert "我的账号" in elsewhere.get("/account/").text
    elsewhere.post("/language/", {"language": "en"})
    assert UserSetting.objects.get(user__username="crc01").language == "en"
    client.post("/account/", {"what": "settings", "density": "huge", "theme": "pink"})
    assert UserSetting.objects.get(user__username="crc01").density == "compact"


def test_ones_own_log_ins_are_listed_and_ended_and_nobody_elses(people):
    here, there, other = logged_in("crc01"), logged_in("crc01"), logged_in("crd01")
    shown = here.get("/account/").context["open_log_ins"]
    assert [one.is_this for one in shown] == [True, False]
    foreign = OpenLogIn.objects.get(user__username="crd01").pk
    for which in (foreign, shown[1].number):
        here.post("/account/", {"what": "end", "which": which})
    assert there.get("/account/").status_code == 302
    assert other.get("/account/").status_code == 200
    third = logged_in("crc01")
    here.post("/account/", {"what": "end", "which": "others"})
    assert third.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_a_new_password_ends_the_other_log_ins_and_keeps_this_one(people):
    here, there = logged_in("crc01"), logged_in("crc01")
    new = {"password": PASSWORD, "new": "twelve zebras run", "again": "twelve zebras run"}
    assert here.post("/account/password/", new).status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert len(here.get("/account/").context["open_log_ins"]) == 1
