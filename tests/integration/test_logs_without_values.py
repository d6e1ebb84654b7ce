"""An unexpected failure: the log has type, place and reference, the person the reference, neither a value."""

from __future__ import annotations

import io
import json
import logging
import re
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from small_study import PASSWORD, PERSON

from grevy.capture.logs import WithoutValues
from grevy.capture.models import Query

VALUE = "FEVER 38.7"


def own_handler() -> logging.StreamHandler:
    """The handler of the settings; the test run adds others of its own."""
    (handler,) = [one for one in logging.getLogger("django").handlers if one.name == "console"]
    return handler


@pytest.fixture
def log() -> io.StringIO:
    """What the application's own handler writes."""
    handler = own_handler()
    written, before = io.StringIO(), handler.stream
    handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.fixture
def coordinator(desk) -> Client:
    client = Client(raise_request_exception=False)
    client.post("/log-in/", {"username": "crc01", "password": PASSWORD})
    return client


@pytest.fixture
def broken(desk, monkeypatch):
    """Saving and showing a patient write a row that the database refuses, with the value in it."""

    def write(*_, **__):
        record = desk.address("informed_consent").record
        with transaction.atomic():
            Query.objects.create(key="key", record_id=record, state=VALUE)

    monkeypatch.setattr("grevy.capture.pages.forms.save_form", write)
    monkeypatch.setattr("grevy.capture.pages.forms.read_form_page", write)
    return write


def save(client, desk, language="en"):
    address = desk.address("demographics")
    path = f"/subjects/{address.record}/save/"
    sent = {"values": PERSON, "started_from": 0, "submission": str(uuid.uuid4()), "by": "crc01"}
    headers = {"accept": "application/json", "accept-language": language}
    return client.post(path, json.dumps(sent), content_type="application/json", headers=headers)


def test_postgresql_puts_the_row_into_the_text_of_its_error(broken, database):
    with pytest.raises(IntegrityError) as refused:
        broken()
    assert (VALUE in str(refused.value)) == (database == "postgresql")


def test_a_save_that_fails_is_quoted_and_found_in_the_log_without_the_value(desk, coordinator, broken, log):
    answer = save(coordinator, desk)
    assert answer.status_code == 500
    told = answer.json()
    assert re.fullmatch(r"G-[0-9A-F]{4}", told["reference"])
    assert told["message"].endswith(f"if it fails, quote {told['reference']}.")
    written = log.getvalue()
    assert f"{told['reference']} Internal Server Error: /subjects/" in written
    assert "django.db.utils.IntegrityError" in written
    assert re.search(r"grevy/capture/pages/forms\.py:\d+ in ", written)
    assert VALUE not in written
    assert "38.7" not in written + answer.text


@pytest.mark.parametrize(("language", "words"), [("en", "if it fails, quote G-"), ("zh", "请提供编号 G-")])
def test_a_page_that_fails_says_the_reference(desk, coordinator, broken, log, language, words):
    path = f"/subjects/{desk.address('demographics').record}/"
    page = coordinator.get(path, headers={"accept-language": language})
    assert page.status_code == 500
    (reference,) = set(re.findall(r"G-[0-9A-F]{4}", page.text))
    assert words in page.text
    assert reference in log.getvalue()
    assert VALUE not in log.getvalue() + page.text


def test_a_reference_is_said_even_where_the_database_cannot_be_asked(
    desk, coordinator, broken, log, monkeypatch
):
    monkeypatch.setattr("grevy.capture.web.roles_of", broken)
    page = coordinator.get(f"/subjects/{desk.address('demographics').record}/")
    assert page.status_code == 500
    (reference,) = set(re.findall(r"G-[0-9A-F]{4}", page.text))
    assert reference in log.getvalue()
    assert VALUE not in log.getvalue() + page.text


@pytest.mark.parametrize("form", ["message", "argument", "text"])
def test_an_error_that_somebody_logs_loses_its_text(form):
    error = ValueError(f"refused\nDETAIL:  Failing row contains (1, {VALUE}).")
    message, args = {
        "message": (error, ()),
        "argument": ("It failed: %s", (error,)),
        "text": (str(error), ()),
    }[form]
    record = logging.LogRecord("other", logging.ERROR, __file__, 1, message, args, None)
    assert WithoutValues().filter(record)
    told = logging.Formatter().format(record)
    assert told
    assert VALUE not in told


def test_loggers_of_other_packages_write_through_the_same_filter():
    assert [type(one) for one in own_handler().filters] == [WithoutValues]
    from django.conf import settings

    assert settings.LOGGING["root"]["handlers"] == ["console"]
    assert all(handler["filters"] == ["without_values"] for handler in settings.LOGGING["handlers"].values())
