"""Signing, freezing and locking from the pages: who may, what a lock does to the pages, what opens it."""

from __future__ import annotations

import re

import pytest
from desk import log_in
from small_study import PASSWORD, PERSON

from grevy.capture.actions import open_query
from grevy.capture.actions.review import is_signed
from grevy.capture.models import Lock, LogIn, Signature

FORM = "/subjects/{}/SCREENING/1/demographics/1/"


@pytest.fixture
def entered(desk):
    desk.save("demographics", PERSON)
    return desk


def post(client, desk, what, **sent):
    return client.post(f"/subjects/{desk.subject}/review/{what}/", sent)


def scopes(desk):
    record = desk.address("demographics").record
    return {"record": record, "visit": record.rsplit("/", 2)[0], "subject": desk.subject}


# ---- Freezing and locking --------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["record", "visit", "subject"])
def test_a_lock_makes_the_form_read_only_and_says_who_when_and_why(entered, client, place):
    scope = scopes(entered)[place]
    answer = post(
        log_in(client, "data_manager"), entered, "lock", scope=scope, lock_reason="Data clean", level="LOCKED"
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/1/" if place == "record" else "/review/")
    page = log_in(client, "crc01").get(FORM.format(entered.subject)).text
    assert "Locked by data_manager (Data manager)" in page
    assert "Data clean" in page
    assert "data_manager, data_manager_2" in page  # whom to ask
    assert "data-save" not in page
    assert re.search(r'<input [^>]*name="birth_date"[^>]* readonly>', page)
    matrix = client.get(f"/subjects/{entered.subject}/").text
    assert "Demographics, Screening: Locked" in matrix
    sent = {"values": {**PERSON, "ecog": "0"}, "started_from": 1, "reasons": {"": "x"}, "notes": {}}
    refused = client.post(FORM.format(entered.subject) + "save/", sent, content_type="application/json")
    assert refused.status_code == 409
    assert "已锁定：不能录入。" in log_in(client, "crc01", "zh").get(FORM.format(entered.subject)).text


def test_a_lock_needs_a_reason_and_no_open_query(entered, client):
    log_in(client, "data_manager")
    nothing = post(client, entered, "lock", scope=entered.subject, level="LOCKED", lock_reason=" ")
    assert nothing.status_code == 409
    assert "Say why." in nothing.text
    open_query(entered.address("demographics"), "Right", by="monitor")
    for scope in scopes(entered).values():
        asked = post(client, entered, "lock", scope=scope, level="LOCKED", lock_reason="Clean")
        assert asked.status_code == 409
        assert "Queries are open there." in asked.text
        assert 'value="Clean"' in asked.text  # what was typed stays
    assert post(client, entered, "lock", lock_reason="Clean", level="FROZEN").status_code == 409
    assert not Lock.objects.exists()
    frozen = post(client, entered, "lock", scope=entered.subject, level="FROZEN", lock_reason="Clean")
    assert frozen.status_code == 302


def test_several_places_are_frozen_together_or_not_at_all(entered, client):
    log_in(client, "data_manager")
    both = [scopes(entered)["visit"], entered.subject]
    assert post(client, entered, "lock", scope=both, level="FROZEN", lock_reason="x").status_code == 302
    assert Lock.objects.count() == 2
    again = [scopes(entered)["record"], entered.subject]
    assert post(client, entered, "lock", scope=again, level="FROZEN", lock_reason="x").status_code == 409
    assert Lock.objects.count() == 2


@pytest.mark.parametrize(
    "scope",
    [
        "02-001", "site:01", "study", "{}/SCREENING/9", "{}/x", "../x",
        "{}/SCREENING/1/nothing/1", "{}/SCREENING/1/demographics/x", "{}/SCREENING/1/demographics/9",
    ],
)  # fmt: skip
def test_a_place_that_is_not_the_subjects_is_not_found(entered, client, scope):
    answer = post(
        log_in(client, "data_manager"),
        entered,
        "lock",
        scope=scope.format(entered.subject),
        level="FROZEN",
        lock_reason="x",
    )
    assert answer.status_code == 404
    assert not Lock.objects.exists()


def test_unlocking_takes_the_password_of_a_second_person(entered, client):
    log_in(client, "data_manager")
    scope = entered.subject
    post(client, entered, "lock", scope=scope, level="LOCKED", lock_reason="Clean")
    sent = {"scope": scope, "lock_reason": "Late finding", "second_person": "data_manager_2"}
    wrong = post(client, entered, "unlock", **sent, password="wrong")
    assert wrong.status_code == 403
    assert "Nothing was opened." in wrong.text
    assert LogIn.objects.get(username="data_manager_2").outcome == "SIGNATURE_REFUSED"
    for other in ("data_manager", "monitor", "nobody", ""):
        attempts = LogIn.objects.count()
        refused = post(client, entered, "unlock", **sent | {"second_person": other}, password=PASSWORD)
        assert refused.status_code == 403, other
        assert LogIn.objects.count() > attempts, other
    assert post(client, entered, "unlock", **sent | {"lock_reason": ""}, password=PASSWORD).status_code == 409
    assert post(client, entered, "unlock", **sent, password=PASSWORD).status_code == 302
    opened = Lock.objects.order_by("-seq").first()
    assert (opened.level, opened.by, opened.second_person) == ("OPEN", "data_manager", "data_manager_2")
    assert "data-save" in log_in(client, "crc01").get(FORM.format(entered.subject)).text


def test_guessing_the_second_persons_password_is_paused(entered, client):
    log_in(client, "data_manager")
    post(client, entered, "lock", scope=entered.subject, level="LOCKED", lock_reason="Clean")
    sent = {"scope": entered.subject, "lock_reason": "x", "second_person": "data_manager_2"}
    for _ in range(5):
        post(client, entered, "unlock", **sent, password="guess")
    assert post(client, entered, "unlock", **sent, password=PASSWORD).status_code == 409
    assert Lock.objects.get().level == "LOCKED"


def test_a_locked_log_cannot_be_added_to(entered, client):
    log_in(client, "data_manager")
    post(client, entered, "lock", scope=entered.subject, level="FROZEN", lock_reason="Clean")
    page = log_in(client, "crc01").get(f"/subjects/{entered.subject}/log/adverse_event/").text
    assert "data-add-row" not in page
    assert "Frozen by data_manager" in page


# ---- Signing ---------------------------------------------------------------------------------------------


def test_a_casebook_is_signed_with_one_password_each_record_on_its_own(entered, client):
    page = log_in(client, "inv01").get(f"/subjects/{entered.subject}/review/").text
    records = [f"{entered.address(form).record}#1" for form in ("informed_consent", "demographics")]
    assert all(f'value="{record}"' in page for record in records)
    wrong = post(client, entered, "sign", record=records, password="wrong")
    assert wrong.status_code == 403
    assert not Signature.objects.exists()
    assert post(client, entered, "sign", record=records, password=PASSWORD).status_code == 302
    assert all(is_signed(record.partition("#")[0]) for record in records)
    assert {one.revision_hash for one in Signature.objects.all()} == {
        one.record.revisions.get(number=1).hash for one in Signature.objects.all()
    }
    entered.save("demographics", {**PERSON, "ecog": "0"}, 1, reason="Source")
    page = client.get(f"/subjects/{entered.subject}/review/").text
    assert "changed since signed" in page
    assert f'value="{records[0]}"' not in page


def test_a_record_that_changed_since_it_was_read_stops_the_whole_signing(entered, client):
    log_in(client, "inv01")
    records = [f"{entered.address(form).record}#1" for form in ("informed_consent", "demographics")]
    entered.save("demographics", {**PERSON, "ecog": "0"}, 1, reason="Source")
    answer = post(client, entered, "sign", record=records, password=PASSWORD)
    assert answer.status_code == 409
    assert "Nothing was signed." in answer.text
    assert "it changed since revision 1." in answer.text
    assert not Signature.objects.exists()
    demographics = f"{entered.subject}/SCREENING/{{}}/demographics/1#{{}}"
    for record in ("02-001/x#1", demographics.format("x", 1), demographics.format(1, "²")):
        assert post(client, entered, "sign", record=record, password=PASSWORD).status_code == 400, record


def test_guessing_the_own_password_at_signing_is_paused(entered, client):
    log_in(client, "inv01")
    record = f"{entered.address('demographics').record}#1"
    for _ in range(5):
        assert post(client, entered, "sign", record=record, password="guess").status_code == 403
    refused = post(client, entered, "sign", record=record, password=PASSWORD)
    assert refused.status_code == 409
    assert "Wait 15 minutes." in refused.text
    one = client.post(FORM.format(entered.subject) + "sign/", {"revision": 1, "password": PASSWORD})
    assert one.status_code == 409
    assert not Signature.objects.exists()
