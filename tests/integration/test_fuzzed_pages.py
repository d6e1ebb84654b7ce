"""Bad input on every address: never an error of ours, never a part written.

Generated from the table of addresses, so that a new one is tried without anybody thinking of it. What a plain
post may carry is read from the forms on the pages; what an address may say, from what its view looks up. The
draws have a fixed seed: a failure names the request, and comes again.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from unittest import mock
from urllib.parse import urlencode, urlsplit

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.datastructures import MultiValueDict
from nasty_values import (
    DATES,
    FILES,
    KINDS,
    LONE_SURROGATE,
    NO_JSON,
    NUL,
    NUMBERS,
    PATHS,
    PLACES,
    TEXTS,
    TYPED,
    changed_everywhere,
    upload,
)
from small_study import LESIONS, PERSON

from grevy.capture.actions import create_account, grant_role, keep_view
from grevy.capture.actions.jobs import ask_job
from grevy.capture.actions.lab_files import keep_lab_file
from grevy.capture.hospital_files import read_sheet
from grevy.capture.load import record_ready
from grevy.capture.pages.routes import Page
from grevy.capture.urls import PAGES

SEED = 20260131
WHO = "of_all_roles"
FORM = "application/x-www-form-urlencoded"
MAY_STAY = ("LogIn", "ChainHead", "OpenLogIn", "Draft")
"""What a refused request leaves on purpose: that it was asked, and what the person typed."""


# ---- Asking --------------------------------------------------------------------------------------------


def _count_rows() -> dict[str, int]:
    models = [User, *apps.get_app_config("capture").get_models()]
    return {one.__name__: one._base_manager.count() for one in models if one.__name__ not in MAY_STAY}


@dataclass
class Asker:
    """Sends requests as one person, takes back what they changed, and collects what went wrong."""

    client: Client
    places: dict[str, Any]
    database: str
    rows: dict[str, int] = field(default_factory=_count_rows)
    wrong: list[str] = field(default_factory=list)
    sent: int = 0

    def path(self, page: Page, **changes: Any) -> str:
        parts = {**self.places, **changes}
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(parts[part[1]]), page.path)

    def ask(
        self, method: str, path: str, body: bytes = b"", kind: str = FORM, told: str = "", **headers: str
    ) -> Any:
        """One request; `told` says in a failure what was special about it."""
        self.sent += 1
        here = f"{method} {path[:120]} {told[:200]!r}"
        with transaction.atomic():
            answer = self.client.generic(
                method,
                path,
                body,
                kind,
                headers={name.replace("_", "-"): text for name, text in headers.items()},
            )
            if answer.status_code >= 500:
                cause = answer.exc_info[0].__name__ if getattr(answer, "exc_info", None) else ""
                self.wrong.append(f"{answer.status_code} {cause}: {here}")
            elif answer.status_code >= 400 and _count_rows() != self.rows:
                self.wrong.append(f"{answer.status_code} and yet rows were written: {here}")
            elif method == "POST" and answer.status_code < 400:
                self._follow(answer, here)
            transaction.set_rollback(True)
        return answer

    def _follow(self, answer: Any, here: str) -> None:
        """What was accepted can be shown afterwards: no value poisons a page."""
        leads = answer.headers.get("Location") or (
            answer.json().get("url") if "json" in answer.headers.get("Content-Type", "") else ""
        )
        if not leads or urlsplit(leads).netloc:
            return
        shown = self.client.get(leads)
        if shown.status_code >= 500:
            self.wrong.append(f"{shown.status_code} at {leads[:80]} after: {here}")

    def share(self, examples: list[Any]) -> list[Any]:
        """All of the examples; on PostgreSQL a part, for the database is asked by the same code."""
        if self.database == "sqlite":
            return examples
        return random.Random(SEED).sample(examples, max(len(examples) // 8, 1))

    def check(self, least: int) -> None:
        assert self.wrong == [], f"{len(self.wrong)} of {self.sent} requests"
        assert self.sent > (least if self.database == "sqlite" else least // 10)


@pytest.fixture
def asker(desk, database) -> Asker:
    """Somebody with every role, so that every request gets past the question who may."""
    create_account(WHO, by="administrator")
    record_ready(WHO, by="administrator")
    for role, site in (
        ("coordinator", "01"), ("investigator", "01"), ("monitor", None), ("data_manager", None),
        ("administrator", None),
    ):  # fmt: skip
        grant_role(WHO, role, site, by="administrator")
    desk.save("demographics", PERSON)
    desk.save("baseline_lesions", LESIONS)
    results = "编号,日期,项目,结果,单位\n01-001,2024-03-05,WBC,5.1,10^9/L\n".encode("gb18030")
    sheet = read_sheet("results.csv", results)
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username=WHO))
    places = desk.name_places(
        job=ask_job("preview_check", {"check": "VS_FEVER", "study": desk.study.hash}, by=WHO),
        number=keep_lab_file("01", sheet, by=WHO),
    )
    return Asker(client, places, database)


def test_a_planted_error_and_a_planted_part_of_a_write_are_seen(asker):
    pages = {page.name: page for page in PAGES}

    def write_and_refuse(request: Any, **_: Any) -> HttpResponse:
        keep_view("half", "", by=WHO)
        return HttpResponse(status=409)

    for name, view in (("dashboard", lambda request: 1 // 0), ("set_language", write_and_refuse)):
        before = pages[name].view
        object.__setattr__(pages[name], "view", view)  # frozen, and held by the address already
        try:
            asker.ask("GET" if name == "dashboard" else "POST", asker.path(pages[name]))
        finally:
            object.__setattr__(pages[name], "view", before)
    assert asker.wrong == [
        "500 ZeroDivisionError: GET /dashboard/ ''",
        "409 and yet rows were written: POST /language/ ''",
    ]


# ---- Addresses -----------------------------------------------------------------------------------------


def test_no_part_of_an_address_makes_an_error(asker):
    draw = random.Random(SEED)
    asked = [
        (method, page, part, value)
        for page in PAGES
        for kind, part in re.findall(r"<(?:(\w+):)?(\w+)>", page.path)
        for value in draw.sample(PATHS[kind or "str"], 6)
        for method in page.rights
    ]
    for method, page, part, value in asker.share(asked):
        asker.ask(method, asker.path(page, **{part: value}), told=part)
    asker.check(400)


def names_looked_up(asker: Asker, page: Page) -> set[str]:
    """The names that the view of an address looks up in its query."""
    names: set[str] = set()

    def record(way: str) -> Any:
        real = getattr(MultiValueDict, way)

        def looked_up(self: Any, key: Any, *rest: Any) -> Any:
            if isinstance(self, QueryDict):
                names.add(key)
            return real(self, key, *rest)

        return mock.patch.object(MultiValueDict, way, looked_up)

    with record("__getitem__"), record("getlist"), record("__contains__"):
        asker.ask("GET", asker.path(page))
    return names


def test_no_query_of_an_address_makes_an_error(asker):
    draw, asked = random.Random(SEED), []
    for page in (page for page in PAGES if "GET" in page.rights):
        for name in sorted(names_looked_up(asker, page)):
            for value in draw.sample(TYPED, 7):
                asked.append((page, [(name, value)]))
            asked.append((page, [(name, value) for value in draw.sample(TYPED, 5)] * 2))
    for page, pairs in asker.share(asked):
        asker.ask("GET", f"{asker.path(page)}?{urlencode(pairs)}", told=str(pairs))
    for page in asker.share([page for page in PAGES if "GET" in page.rights]):
        for raw in ("%00=%00", "%ff=%fe&a", "&" * 50 + "=", "page=1&" * 1_200):
            asker.ask("GET", f"{asker.path(page)}?{raw}", told=raw)
    asker.check(400)


def test_no_header_makes_an_error(asker):
    for value in ("zh;q=x", "," * 900, "x" * 9_000, "\x00", "中文".encode().decode("latin-1"), '"'):
        for name in ("accept", "accept-language", "cookie", "referer", "user-agent", "x-forwarded-for"):
            asker.ask("GET", "/log-in/", told=f"{name}: {value[:20]}", **{name.replace("-", "_"): value})
    asker.check(30)


# ---- Plain posts ---------------------------------------------------------------------------------------


class Forms(HTMLParser):
    """The forms of a page: where each is sent, and its fields with the values they have."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method", "").lower() == "post":
            self.found.append((said.get("action", ""), {}))
        if tag == "select":
            self.select = said.get("name", "")
        if not self.found:
            return
        fields = self.found[-1][1]
        if said.get("name") == "csrfmiddlewaretoken":
            return
        if tag == "option" and self.select and ("selected" in said or not fields.get(self.select)):
            fields[self.select] = said.get("value", "")
        if tag in ("input", "button", "textarea") and said.get("name"):
            fields.setdefault(said["name"], said.get("value", ""))


def posts_on_pages(asker: Asker) -> dict[str, list[dict[str, str]]]:
    """What the forms on all pages send, by the name of the address that takes it; without repetitions."""
    found: dict[str, list[dict[str, str]]] = {page.name: [{}] for page in PAGES if "POST" in page.rights}
    for page in (page for page in PAGES if "GET" in page.rights):
        here = asker.path(page)
        forms = Forms()
        answer = asker.ask("GET", here)
        if not answer.streaming:
            forms.feed(answer.text)
        for action, fields in forms.found:
            try:
                name = resolve(urlsplit(action or here).path).url_name
            except Resolver404:
                continue
            if name in found and fields not in found[name]:
                found[name].append(fields)
    return {name: posts[:1] + posts[-3:] for name, posts in found.items()}


def changed_posts(fields: dict[str, str], draw: random.Random) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """A post with one thing wrong each: what is wrong, and its fields."""
    yield "as it stands", list(fields.items())
    for name in draw.sample(sorted(fields), min(len(fields), 6)):
        others = [(key, value) for key, value in fields.items() if key != name]
        yield f"{name} left out", others
        for value in (NUL, *draw.sample(TYPED, 2)):
            yield f"{name} is {value[:20]!r}", [*others, (name, value)]
        yield f"{name} twice", [*others, (name, "1"), (name, "x")]
    yield "unknown fields", [*fields.items(), ("unknown", "1"), (NUL, NUL), ("a.b.c", "x"), ("", "")]
    yield "a very long text", [(name, "长" * 100_000) for name in list(fields)[:2]]
    yield "too many fields", [(f"f{n}", "x") for n in range(1_100)]
    yield "too much", [("text", "x" * 3_000_000)]


def changed_places(fields: dict[str, str], subject: str) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """A post whose field that names a place names one that is almost right; all else is filled in."""
    filled = {name: value or "x" for name, value in fields.items()}
    for name in (name for name, value in fields.items() if value.startswith(subject)):
        for place in PLACES:
            yield f"{name} is {place!r}", list((filled | {name: f"{subject}/{place}"}).items())


def test_no_plain_post_makes_an_error(asker):
    draw, asked = random.Random(SEED), []
    pages = {page.name: page for page in PAGES}
    for name, posts in posts_on_pages(asker).items():
        if name == "log_out":  # nobody would be left to ask
            continue
        for fields in posts:
            asked += [(pages[name], told, pairs) for told, pairs in changed_posts(fields, draw)]
            subject = asker.places["subject"]
            asked += [(pages[name], told, pairs) for told, pairs in changed_places(fields, subject)]
    for page, told, pairs in asker.share(asked):
        accept = draw.choice(("text/html", "application/json"))
        asker.ask("POST", asker.path(page), urlencode(pairs).encode(), told=f"{told} {accept}", accept=accept)
    asker.check(600)


def test_no_file_and_no_kind_of_body_makes_an_error(asker):
    pages = [page for page in PAGES if "POST" in page.rights and page.name != "log_out"]
    for page, (name, content) in asker.share([(page, file) for page in pages for file in FILES]):
        body, kind = upload(name, content), "multipart/form-data; boundary=B"
        asker.ask("POST", asker.path(page), body, kind, told=f"file {name!r}")
    for page, kind in asker.share([(page, kind) for page in pages for kind in KINDS]):
        asker.ask("POST", asker.path(page), b"a=%00&b=\xff&--B\r\n\r\n", kind, told=kind)
    asker.check(400)


# ---- What scripts send ---------------------------------------------------------------------------------


def envelope(values: dict[str, Any]) -> dict[str, Any]:
    """A form as the page's script sends it."""
    return {
        "by": WHO,
        "values": values,
        "started_from": 1,
        "sequence": 1,
        "form_seq": 1,
        "reasons": {"": "Source", "ecog": "Source"},
        "notes": {"ecog|X": "Measured twice"},
        "submission": "11111111-1111-4111-8111-111111111111",
        "complete": True,
    }


def post_json(asker: Asker, path: str, sent: Any, told: str = "") -> None:
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    asker.ask("POST", path, body, "application/json", told=told or str(body[:150]), accept="application/json")


def test_nothing_that_a_script_sends_makes_an_error(asker):
    draw, asked = random.Random(SEED), []
    lesion = {"_key": "r1", "lesion_id": "T1", "organ": "LIVER", "diameter_mm": "20"}
    for page in (page for page in PAGES if "POST" in page.rights and page.name != "log_out"):
        takes_forms = page.name in ("form_check", "form_draft", "form_save", "log_add")
        bodies = [
            *(NO_JSON if takes_forms else draw.sample(NO_JSON, 3)),
            *changed_everywhere(envelope(dict(PERSON)), draw, 2 if takes_forms else 0),
        ]
        bodies += [envelope({"lesions": [lesion]})] if takes_forms else []
        asked += [(asker.path(page), body) for body in bodies]
        if takes_forms:
            form = "adverse_event" if page.name == "log_add" else "baseline_lesions"
            rows = changed_everywhere({"scan_date": "2024-03-06", "lesions": [lesion]}, draw, 1)
            asked += [(asker.path(page, form=form), envelope({}) | {"values": values}) for values in rows]
    for path, sent in asker.share(asked):
        post_json(asker, path, sent)
    asker.check(500)


def test_nothing_that_is_typed_into_a_form_makes_an_error(asker, study):
    draw, asked = random.Random(SEED), []
    pages = {page.name: page for page in PAGES}
    for event in study.events:
        for name in event.forms:
            form, place = study.forms[name], {"event": event.id, "form": name}
            for action in ("form_check", "form_save"):
                typed = {item.name: draw.choice(_texts(item.type)) for item in form.items}
                for group in form.groups:
                    row = {item.name: draw.choice(_texts(item.type)) for item in group.items}
                    typed[group.name] = [{"_key": "r1", **row}, {"_key": draw.choice(TEXTS), **row}]
                one = draw.choice(list(typed))
                sent = typed if action == "form_check" else {one: typed[one]}
                asked.append((asker.path(pages[action], **place), sent))
    draw.shuffle(asked)
    for path, values in asker.share(asked[:220]):
        post_json(asker, path, envelope(values) | {"started_from": 0, "complete": False}, str(values))
    asker.check(150)


def _texts(kind: str) -> tuple[str, ...]:
    if kind in ("date", "partial_date", "datetime"):
        return DATES + TEXTS[:8]
    if kind in ("integer", "decimal", "quantity"):
        return NUMBERS + TEXTS[:8]
    return (*TEXTS, LONE_SURROGATE)
