"""Logs: records take the next free number once, are withdrawn and come back; terms are found."""

from __future__ import annotations

import json
import uuid

import pytest
from django.test import Client
from small_study import PASSWORD

from grevy.capture.actions import add_record
from grevy.capture.errors import AgainstPolicy
from grevy.capture.models import Draft, FormRecord
from grevy.capture.reading.log_page import find_terms, read_log, spell

EVENT = {
    "term": "Blood pressure up",
    "decod": "Hypertension",
    "soc": "Vascular disorders",
    "start_date": "2024-05-02",
    "grade": "2",
    "serious": "N",
    "ongoing": "Y",
}


OTHER = {**EVENT, "term": "Loose stools", "decod": "Diarrhoea", "soc": "Gastrointestinal disorders"}


@pytest.fixture
def coordinator(desk) -> Client:
    client = Client(headers={"accept": "application/json"})
    client.post("/log-in/", {"username": "crc01", "password": PASSWORD})
    return client


def send(client: Client, desk, what: str, **sent):
    sent = {"values": EVENT, "started_from": 0, "form_seq": 1, "submission": str(uuid.uuid4()), **sent}
    path = f"/subjects/{desk.subject}/log/adverse_event/{what}"
    return client.post(path, json.dumps(sent), content_type="application/json")


def count(desk) -> int:
    return FormRecord.objects.filter(study_event__subject_id=desk.subject, form="adverse_event").count()


def test_two_people_who_begin_a_row_under_one_number_get_a_record_each(desk, coordinator):
    assert send(coordinator, desk, "add/").json()["record"].endswith("/adverse_event/1")
    assert send(coordinator, desk, "add/", values=OTHER).json()["record"].endswith("/adverse_event/2")
    assert count(desk) == 2


def test_a_row_sent_again_is_the_same_record(desk, coordinator):
    key = str(uuid.uuid4())
    first = send(coordinator, desk, "add/", submission=key).json()
    again = send(coordinator, desk, "add/", submission=key).json()
    assert (again["record"], again["number"]) == (first["record"], first["number"])
    assert count(desk) == 1


def test_a_row_sent_again_after_others_added_theirs_is_the_same_record(desk, study):
    key, mine = str(uuid.uuid4()), {**EVENT, "grade": 2}

    def add(values, submission, by="crc01"):
        address = desk.address("adverse_event", "LOG")
        more = {"confirmed": True, "reason": "As in the source"}
        return add_record(study, address, values, by=by, submission=submission, **more)

    first = add(mine, key)
    others = [add({**OTHER, "term": f"Event {n}", "grade": 1}, str(uuid.uuid4()), by="inv01") for n in (1, 2)]
    assert add(mine, key) == first
    assert len({first, *others}) == 3
    assert desk.values("adverse_event", "LOG")["term"] == EVENT["term"]
    assert count(desk) == 3
    with pytest.raises(AgainstPolicy, match="another save"):
        add({**mine, "grade": 3}, key)
    assert count(desk) == 3


def test_a_row_with_mistakes_writes_nothing_and_says_where(desk, coordinator):
    refused = send(coordinator, desk, "add/", values={**EVENT, "start_date": "03/04/2024", "grade": "7"})
    assert refused.status_code == 422
    assert {one["path"] for one in refused.json()["problems"]} >= {"start_date"}
    assert count(desk) == 0


def test_a_draft_begun_under_a_number_that_was_taken_goes_with_the_save(desk, coordinator):
    send(coordinator, desk, "add/")
    draft = {"values": EVENT, "started_from": 0, "sequence": 1}
    path = f"/subjects/{desk.subject}/LOG/1/adverse_event/5/draft/"
    coordinator.post(path, json.dumps(draft), content_type="application/json")
    assert Draft.objects.count() == 1
    saved = send(coordinator, desk, "add/", values=OTHER, form_seq=5).json()
    assert saved["record"].endswith("/adverse_event/2")
    assert not Draft.objects.exists()


def test_a_row_is_withdrawn_with_a_reason_and_comes_back(desk, coordinator, study):
    send(coordinator, desk, "add/")
    path = f"/subjects/{desk.subject}/LOG/1/adverse_event/1/withdraw/"
    assert coordinator.post(path, {"reason": " "}).status_code == 422
    assert coordinator.post(path, {"reason": "Entered twice"}).status_code == 200
    page = read_log(study, desk.subject, "adverse_event", by="crc01", language="en")
    assert page.rows[0].withdrawn
    assert coordinator.post(path, {"reason": "It was right", "restore": "yes"}).status_code == 200
    page = read_log(study, desk.subject, "adverse_event", by="crc01", language="en")
    assert not page.rows[0].withdrawn


def test_every_row_is_visible_and_counted(desk, coordinator, study):
    for number in range(1, 41):
        add_record(
            study,
            desk.address("adverse_event", "LOG"),
            {**EVENT, "grade": 2, "term": f"Event {number}"},
            by="crc01",
            confirmed=True,
            reason="As in the source",
        )
    page = read_log(study, desk.subject, "adverse_event", by="crc01", language="en")
    assert [row.address.form_seq for row in page.rows] == list(range(1, 41))
    html = coordinator.get(f"/subjects/{desk.subject}/log/adverse_event/").text
    assert html.count('class="row-number"') == 41  # and the empty one


def test_terms_are_found_by_characters_pinyin_initials_and_english(study):
    assert spell("高血压") == ("gaoxueya", "gxy")
    (found,) = [one for one in find_terms(study, "zh") if one["term"] == "Hypertension"]
    assert {"gaoxueya", "gxy", "高血压", "hypertension"} <= set(found["keys"].split(" "))
    assert found["class"] == "Vascular disorders"


def test_a_form_that_has_no_log_has_no_page(desk, coordinator):
    assert coordinator.get(f"/subjects/{desk.subject}/log/vital_signs/").status_code == 404
    assert coordinator.get(f"/subjects/{desk.subject}/log/nothing/").status_code == 404


def test_a_row_of_another_person_s_page_is_not_taken_for_one_s_own(desk, coordinator):
    assert send(coordinator, desk, "add/", by="inv01").json()["problem"] == "other_person"
    assert count(desk) == 0
    assert send(coordinator, desk, "add/", by="crc01").status_code == 200
    path = f"/subjects/{desk.subject}/LOG/1/adverse_event/1/withdraw/"
    assert coordinator.post(path, {"reason": "Entered twice", "by": "inv01"}).status_code == 409
    assert coordinator.post(path, {"reason": "Entered twice", "by": "crc01"}).status_code == 200


def test_a_row_begun_under_a_number_that_somebody_took_since_is_a_row_of_its_own(desk, coordinator, study):
    draft = {"values": OTHER, "started_from": 0, "sequence": 7}
    path = f"/subjects/{desk.subject}/LOG/1/adverse_event/1/draft/"
    coordinator.post(path, json.dumps(draft), content_type="application/json")
    values = {**EVENT, "grade": 2}
    add_record(study, desk.address("adverse_event", "LOG"), values, by="inv01", confirmed=True, reason="Seen")
    first, second = read_log(study, desk.subject, "adverse_event", by="crc01", language="en").rows
    assert (first.number, first.drafted, first.base["term"]) == (1, False, EVENT["term"])
    assert (second.number, second.drafted, second.sequence) == (0, True, 7)
    assert second.address.form_seq == 2
    assert second.moved_from.endswith("/adverse_event/1")
    coordinator.post(
        path.replace("/1/draft/", "/2/draft/"), json.dumps(draft), content_type="application/json"
    )
    rows = read_log(study, desk.subject, "adverse_event", by="crc01", language="en").rows
    assert [row.address.form_seq for row in rows] == [1, 2]  # moved, the old draft still there
