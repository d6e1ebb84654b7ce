"""What a Chinese reader is told, refusals above all: on no page a sentence of the other language."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.contrib.auth.models import User
from django.template import Context, Template
from small_study import PASSWORD, PERSON

from grevy.capture.actions import open_query
from grevy.capture.actions.locks import lock
from grevy.capture.reading.query_inbox import number_queries

FORM = "/subjects/{}/SCREENING/1/demographics/1/"
ENGLISH = re.compile(r"(?:\b[A-Za-z][a-z']*[ ,]+){2,}[A-Za-z]+")
"""Three Latin words after one another: names, codes and units are shorter."""


@pytest.fixture
def reader(desk, client):
    """Log a person in who reads Chinese."""
    desk.save("demographics", PERSON)

    def log_in(name):
        client.force_login(User.objects.get(username=name))
        client.cookies["grevy_language"] = "zh"
        return client

    return log_in


def main_text(answer):
    """The words of the page itself, without those that belong to the study's name or the frame."""
    body = re.search(r"<main.*?</main>", answer.text, re.S)
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", body.group() if body else answer.text, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


def told(answer, *words):
    text = main_text(answer)
    for word in words:
        assert word in text, text
    assert not ENGLISH.search(text), ENGLISH.search(text)


def test_the_pattern_finds_an_english_sentence():
    assert ENGLISH.search("<p>it is locked.</p>")
    assert not ENGLISH.search("crc01（研究协调员）· 访视 SCREENING，ALT 40 U/L")


def test_a_save_of_a_locked_form_is_refused_in_chinese(reader, desk):
    lock(desk.subject, by="data_manager", reason="清理完毕", level="LOCKED")
    sent = {"values": {**PERSON, "ecog": "0"}, "started_from": 1, "reasons": {"": "更正"}, "notes": {}}
    page = FORM.format(desk.subject)
    answer = reader("crc01").post(page + "save/", json.dumps(sent), "application/json")
    assert answer.status_code == 409
    assert answer.json()["detail"] == "该记录已锁定。请联系数据管理员解锁。"
    assert not ENGLISH.search(" ".join(answer.json().values()))


def test_the_page_without_script_tells_it_in_chinese(reader, desk):
    lock(desk.subject, by="data_manager", reason="清理完毕", level="FROZEN")
    typed = {**PERSON, "ecog": "0", "_started_from": "1", "_reason": "更正"}
    answer = reader("crc01").post(FORM.format(desk.subject), typed)
    assert answer.status_code == 422
    assert "该记录已冻结。请联系数据管理员解锁。" in answer.text


def test_a_signature_of_an_old_revision_is_refused_in_chinese(reader, desk):
    desk.save("demographics", {**PERSON, "ecog": "0"}, 1, reason="更正")
    sent = {"revision": "1", "password": PASSWORD, "meaning": "MINE"}
    told(
        reader("inv01").post(FORM.format(desk.subject) + "sign/", sent),
        "目前无法执行；未作任何更改。",
        "第 1 版之后已有改动。请先阅读最新一版。",
    )


def test_a_step_that_a_query_cannot_take_is_refused_in_chinese(reader, desk):
    key = open_query(desk.address("demographics"), "请核对", by="monitor", item="ecog")
    answer = reader("monitor").post(f"/queries/{number_queries([key])[key]}/reopen/", {"text": "请核对"})
    told(answer, "该质疑当前为“待答复”，不能改为“再次质疑”。")


def test_a_batch_that_is_not_there_is_refused_in_chinese(reader):
    told(reader("monitor").post("/queries/batch/B999999/undo/"), "没有该批次。")


def test_a_listing_names_the_visit_in_chinese(reader, desk):
    page = reader("monitor").get("/listings/?form=demographics").text
    assert f'<td class="nb">{desk.study.event("SCREENING").name_of(1).zh}</td>' in page
    assert "SCREENING 1" not in page


@pytest.mark.parametrize(("language", "print_"), [("en", "ratio"), ("zh", "比值")])
def test_a_unit_is_printed_as_its_reader_writes_it(language, print_):
    shown = Template("{% load show %}{% unit name %}")
    assert shown.render(Context({"language": language, "name": "RATIO"})) == print_
    assert shown.render(Context({"language": language, "name": "furlong"})) == "furlong"


def test_what_the_administrator_cannot_do_is_told_exactly(reader):
    sent = {"what": "grant", "role": "coordinator", "site": "01", "reason": "入组开始"}
    answer = reader("administrator").post("/people/crc01/", sent)
    assert answer.status_code == 422
    assert "此人已具有该角色。" in answer.text


def test_a_second_lock_is_refused_with_its_place(reader, desk):
    lock(desk.subject, by="data_manager", reason="清理完毕", level="LOCKED")
    sent = {"scope": desk.subject, "lock_reason": "再次", "level": "LOCKED"}
    answer = reader("data_manager").post(f"/subjects/{desk.subject}/review/lock/", sent)
    assert answer.status_code == 409
    assert f"未作更改。{desk.subject}：该处已锁定。" in answer.text


def test_a_view_without_a_name_is_refused_and_not_passed_over(reader):
    answer = reader("crc01").post("/subjects/", {"name": " ", "query": ""})
    assert answer.status_code == 409
    told(answer, "没有名称。请填写名称。")
