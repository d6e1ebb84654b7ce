"""What a person or a script is told when a request cannot be answered: in their language, and what to do."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client

from grevy.capture.words import WORDS

RECORD = "/subjects/{}/SCREENING/1/demographics/1/"


@pytest.fixture
def asked(desk):
    """Answers to one bad request each, by the words they are told with, in a language."""

    def ask(language: str, accept: str) -> dict[str, object]:
        headers = {"accept-language": language, "accept": accept}
        client, strict = Client(headers=headers), Client(headers=headers, enforce_csrf_checks=True)
        for one in (client, strict):
            one.force_login(User.objects.get(username="crc01"))
        here = RECORD.format(desk.subject)
        return {
            "not_found": client.get("/nowhere/"),
            "bad_request": client.post(here + "save/", b"{", "application/json"),
            "unusable_text": client.get("/subjects/?q=a%00b"),
            "too_large": client.post(here, {"sex": "x" * 3_000_000}),
            "foreign": strict.post(here, {"sex": "F"}),
            "wrong_method": client.put(here),
        }

    return ask


STATUS = {
    "not_found": 404,
    "bad_request": 400,
    "unusable_text": 400,
    "too_large": 413,
    "foreign": 403,
    "wrong_method": 405,
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_person_is_told_the_problem_and_what_to_do(asked, language):
    for problem, answer in asked(language, "text/html").items():
        assert answer.status_code == STATUS[problem], problem
        for word in (problem, f"{problem}_do"):
            assert WORDS[word][language == "zh"] in answer.text, word


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_script_is_told_the_same_in_its_form(asked, language):
    for problem, answer in asked(language, "application/json").items():
        told = answer.json()
        assert (answer.status_code, told["problem"]) == (STATUS[problem], problem)
        assert WORDS[f"{problem}_do"][language == "zh"] in told["message"]


def test_half_a_character_in_a_script_s_text_is_told_and_never_stored(desk):
    client = Client()
    client.force_login(User.objects.get(username="crc01"))
    sent = {"values": {"initials": "a\ud800"}, "started_from": 0, "sequence": 1}
    for what in ("check/", "draft/", "save/"):
        path = RECORD.format(desk.subject) + what
        answer = client.post(
            path, json.dumps(sent), "application/json", headers={"accept": "application/json"}
        )
        assert (answer.status_code, answer.json()["problem"]) == (400, "unusable_text")
    assert desk.values("demographics") == {}


def test_an_event_that_happens_once_takes_no_second_record(desk):
    client = Client()
    client.force_login(User.objects.get(username="crc01"))
    for event_seq in (2, 999, 10**12):
        path = f"/subjects/{desk.subject}/SCREENING/{event_seq}/demographics/1/"
        assert client.get(path).status_code == 404
        assert client.post(path, {"sex": "F"}).status_code == 404
