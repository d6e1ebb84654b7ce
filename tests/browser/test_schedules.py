"""Two browsers, one record or one log, 200 random schedules: after each, every character is there, and once.

A schedule is a row of steps by two people: typing, saving, the network cut before a save reached the server
or after it was stored, a page that crashes, a log-out in between. A plain model says what must stand in the
record at the end, and in how many revisions. A schedule that fails is named;
`GREVY_SCHEDULE=17` runs it alone.
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import dataclass, field

from live_site import LiveSite
from playwright.sync_api import Page, Route

ALONE = os.environ.get("GREVY_SCHEDULE")
SCHEDULES = [int(ALONE)] if ALONE else range(200)
OF_A_LOG = {number for number in SCHEDULES if number % 20 == 19}
"""These go through a log, whose rows are records of their own; the others through a form."""
STEPS = 5
ROLES = ("coordinator", "investigator")
ROWS = {"skin": "SKIN", "head": "HEENT", "chest": "CHEST"}
FIRST = {
    "exam_date": "2026-03-05",
    "systems": [
        {"_key": key, "system": code, "result": "ABN_NCS", "finding": key} for key, code in ROWS.items()
    ],
}


# ---- The model -----------------------------------------------------------------------------------------

Texts = dict[str, str]
"""The text of each row's field."""


@dataclass
class Record:
    """What the server must hold: the texts now, and how many revisions it took."""

    texts: Texts = field(default_factory=lambda: {key: key for key in ROWS})
    revisions: int = 1


@dataclass
class Desk:
    """One person at the page: the revision that was started from, what is typed, and a save on its way."""

    base: Texts
    typed: Texts
    sent: Texts | None = None
    stored: Texts | None = None
    """What the server stored of the save that is on its way, if it did."""

    def changes(self) -> Texts:
        return {key: text for key, text in self.typed.items() if text != self.base[key]}


def clashing(record: Record, base: Texts, mine: Texts) -> set[str]:
    return {
        key
        for key in ROWS
        if base[key] not in (mine[key], record.texts[key]) and mine[key] != record.texts[key]
    }


def store(record: Record, base: Texts, mine: Texts) -> Texts:
    """Save without a clash; what the new revision holds."""
    merged = {key: mine[key] if mine[key] != base[key] else record.texts[key] for key in ROWS}
    if merged != record.texts:
        record.texts, record.revisions = merged, record.revisions + 1
    return merged


def arrive(record: Record, desk: Desk, side: str) -> bool:
    """The save on its way reaches the server, or is answered again; True if it asked, and got `side`."""
    sent = desk.sent
    assert sent is not None  # the schedule pressed save
    desk.sent, asked = None, False
    if desk.stored is not None:
        held, desk.stored = desk.stored, None
    elif clashes := clashing(record, desk.base, sent):
        asked = True
        mine = {key: text for key, text in desk.changes().items() if side == "mine" or key not in clashes}
        desk.base, desk.typed = dict(record.texts), record.texts | mine
        sent, held = dict(desk.typed), store(record, record.texts, record.texts | mine)
    else:
        held = store(record, desk.base, sent)
    typed_on = {key: text for key, text in desk.typed.items() if text != sent[key]}
    desk.base, desk.typed = dict(held), held | typed_on
    if not typed_on:  # the page opens again, on the last revision
        desk.base, desk.typed = dict(record.texts), dict(record.texts)
    return asked


# ---- The browser ---------------------------------------------------------------------------------------

READY = """() => { const form = document.querySelector("[data-form]");
  return form?.dataset.ready === "yes" && form.getAttribute("aria-busy") !== "true" && !form.inert; }"""
TYPE = """async ([path, text]) => {
  const form = document.querySelector("[data-form]"), before = form.dataset.here;
  const one = form.querySelector(`[name="${path}"]`), wait = () => new Promise((go) => setTimeout(go, 5));
  one.value = text;
  one.dispatchEvent(new Event("input", { bubbles: true }));
  for (let n = 0; n < 400 && form.dataset.here === before; n++) await wait(); }"""
CHOOSE = """(side) => {
  for (const one of document.querySelectorAll(`dialog input[value=${side}]`)) one.checked = true;
  document.querySelector("dialog button.ink").click(); }"""
READ = """() => Object.fromEntries([...document.querySelectorAll('[name$=".finding"]')]
  .filter((one) => !one.closest("template")).map((one) => [one.name.split(".")[1], one.value]))"""


@dataclass
class Seat:
    """A page of one person, and what cuts its network."""

    site: LiveSite
    role: str
    page: Page
    path: str = ""

    def open(self, path: str) -> None:
        self.path = path
        self.page.goto(path, wait_until="domcontentloaded")
        self.page.wait_for_function("() => document.querySelector('[data-form]')?.dataset.ready === 'yes'")

    def crash(self) -> None:
        context = self.page.context
        fresh = context.new_page()
        self.page.close()
        self.page = fresh

    def type(self, key: str, text: str) -> None:
        self.page.evaluate(TYPE, [f"systems.{key}.finding", text])

    def press_save(self) -> None:
        self.page.evaluate("document.querySelector('[data-save]').click()")

    def cut(self, how: str) -> None:
        """The network goes before the save reaches the server, or after it was stored."""

        def fail(route: Route) -> None:
            if how == "after":
                route.fetch()
            route.abort()

        self.page.route("**/save/", fail, times=1)

    def back(self) -> None:
        self.page.evaluate("window.dispatchEvent(new Event('online'))")

    def settle(self, side: str) -> bool:
        """Wait until the save is answered; choose a side if it asks. True if it asked."""
        asked = False
        while True:
            self.page.wait_for_function(READY)
            if not self.page.locator("dialog[open]").count():
                return asked
            asked = True
            self.page.evaluate(CHOOSE, side)

    def texts(self) -> Texts:
        return self.page.evaluate(READ)


def sit_down(log_in, site: LiveSite, role: str) -> Seat:
    page = log_in(role)
    page.context.add_init_script("sessionStorage.setItem('grevy reason', 'New information')")
    return Seat(site, role, page)


def begin(seat: Seat, path: str) -> None:
    """The first revision, by the first person."""
    seat.page.goto(path, wait_until="domcontentloaded")
    token = seat.page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value")
    answer = seat.page.request.post(
        f"{path}save/",
        data={"values": FIRST, "started_from": 0},
        headers={"X-CSRFToken": token or "", "Accept": "application/json"},
    )
    assert answer.status == 200, answer.text()


# ---- The schedules -------------------------------------------------------------------------------------


def run(number: int, seats: list[Seat], path: str) -> tuple[Record, list[str]]:
    """One schedule in both the browser and the model; the model's record and what was done."""
    draw = random.Random(number)
    record, told, count = Record(), [], 0
    for seat in seats:
        seat.open(path)
    desks = [Desk(dict(record.texts), dict(record.texts)) for _ in seats]

    def type_something(who: int) -> None:
        nonlocal count
        count += 1
        key, token = draw.choice(list(ROWS)), f" {'ab'[who]}{count}"
        text = desks[who].typed[key] + token
        desks[who].typed[key] = text
        seats[who].type(key, text)
        told.append(f"{who} types {token!r} into {key}")

    def finish(who: int) -> None:
        side = draw.choice(("mine", "theirs"))
        expected = arrive(record, desks[who], side)
        assert seats[who].settle(side) == expected, f"asked: {not expected}"
        told.append(f"{who} is answered{', asked, takes ' + side if expected else ''}")

    def save(who: int) -> None:
        desks[who].sent = dict(desks[who].typed)
        seats[who].press_save()
        told.append(f"{who} saves")
        finish(who)

    def cut_save(who: int) -> None:
        how, desk = draw.choice(("before", "after")), desks[who]
        clash = clashing(record, desk.base, desk.typed)
        desk.sent = dict(desk.typed)
        seats[who].cut(how)
        seats[who].press_save()
        seats[who].page.locator("[data-offline]:not([hidden])").wait_for()
        told.append(f"{who} saves, the network is cut {how} the server stores")
        if how == "after" and not clash:
            desk.stored = store(record, desk.base, desk.sent)
        between = draw.choice(("nothing", "types", "crashes", "other saves"))
        told.append(f"between: {between}")
        if between == "types":
            type_something(who)
        elif between == "other saves" and desks[1 - who].changes():
            save(1 - who)
        if between == "crashes":
            seats[who].crash()
            seats[who].open(path)
        else:
            seats[who].back()
        finish(who)

    def crash(who: int) -> None:
        seats[who].crash()
        seats[who].open(path)
        if not desks[who].changes():  # nothing of one's own to come back to: what stands in the record now
            desks[who].base, desks[who].typed = dict(record.texts), dict(record.texts)
        told.append(f"{who} crashes")

    def log_out(who: int) -> None:
        context = seats[who].page.context
        context.clear_cookies(name="sessionid")
        type_something(who)
        cookie = {"name": "sessionid", "value": seats[who].site.session_of(seats[who].role)}
        context.add_cookies([cookie | {"url": seats[who].site.url}])
        told.append(f"{who} was logged out and in")

    steps = {type_something: 6, save: 3, cut_save: 4, crash: 2, log_out: 1}
    try:
        for _ in range(STEPS):
            step = draw.choices(list(steps), list(steps.values()))[0]
            step(draw.randrange(2))
        for who in (0, 1, 0):
            if desks[who].changes():
                save(who)
        for who in (0, 1):
            assert seats[who].texts() == desks[who].typed, f"the page of {who}"
    except Exception as error:
        raise AssertionError(f"schedule {number}: " + "; ".join(told)) from error
    return record, told


def test_200_random_schedules_lose_nothing(log_in, site):
    seats = [sit_down(log_in, site, role) for role in ROLES]
    subject = site.take_subject()
    for number in (each for each in SCHEDULES if each not in OF_A_LOG):
        path = f"/subjects/{subject}/CYCLE/{number + 1}/physical_examination/1/"
        begin(seats[0], path)
        record, told = run(number, seats, path)
        saved = site.revisions(path.removeprefix("/subjects/").rstrip("/"))
        texts = {row["_key"]: row["finding"] for row in saved[-1][1]["systems"]}
        assert texts == record.texts, f"schedule {number}: " + "; ".join(told)
        assert len(saved) == record.revisions, f"schedule {number}: " + "; ".join(told)


# ---- The schedules of a log ----------------------------------------------------------------------------

READY_LOG = """() => { const page = document.querySelector("[data-log]");
  return page?.dataset.ready === "yes" && page.getAttribute("aria-busy") !== "true"; }"""
TYPE_ROW = """async ([old, text]) => {
  const page = document.querySelector("[data-log]"), before = page.dataset.here;
  const wait = () => new Promise((go) => setTimeout(go, 5));
  const rows = () => [...page.querySelectorAll("tbody tr[data-row]")];
  const field = (row, name) => row.querySelector(`[data-item=${name}] :is(input, textarea, select)`);
  if (old === null) page.querySelector("[data-add-row]").click();
  const row = old === null ? rows().at(-1) : rows().find((one) => field(one, "term").value === old);
  for (const [name, value] of [["ongoing", "Y"], ["start_date", "2020"], ["term", text]]) {
    field(row, name).value = value;
    field(row, name).dispatchEvent(new Event("input", { bubbles: true })); }
  for (let n = 0; n < 400 && page.dataset.here === before; n++) await wait(); }"""


@dataclass
class LogSeat:
    """A log's page of one person, with the rows that are typed and not saved yet."""

    seat: Seat
    name: str
    typed: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.seat.path = path
        self.seat.page.goto(path, wait_until="domcontentloaded")
        self.seat.page.wait_for_function(READY_LOG)

    def type(self, draw: random.Random, count: int) -> None:
        """A new row, or more of one that is not saved yet."""
        old = draw.choice([None, None, *self.typed])
        text = f"{old or 'row'} {self.name}{count}"
        self.seat.page.evaluate(TYPE_ROW, [old, text])
        self.typed = [one for one in self.typed if one != old] + [text]

    def cut(self, how: str) -> None:
        def fail(route: Route) -> None:
            if how == "after":
                route.fetch()
            route.abort()

        self.seat.page.route("**/add/", fail, times=1)

    def save(self) -> list[str]:
        self.seat.press_save()
        return self.settle()

    def settle(self) -> list[str]:
        """Wait for the answers; the rows that are saved by them."""
        self.seat.page.wait_for_function(READY_LOG)
        saved, self.typed = self.typed, []
        return saved


def run_log(number: int, seats: list[LogSeat], path: str) -> tuple[list[str], str]:
    """One schedule of a log; the rows that must be saved, and what was done."""
    draw, saved, told = random.Random(number), [], []
    for seat in seats:
        seat.open(path)
    for count in range(STEPS):
        seat = draw.choice(seats)
        step = draw.choice(("types", "types", "saves", "cut before", "cut after", "crashes", "logs out"))
        told.append(f"{seat.name} {step}")
        seat.type(draw, count)
        if step == "saves":
            saved += seat.save()
        elif step.startswith("cut"):
            seat.cut(step.split()[1])
            seat.seat.press_save()
            seat.seat.page.locator("[data-offline]:not([hidden])").wait_for()
            if draw.random() < 0.5:
                seat.seat.crash()
                seat.open(path)
            else:
                seat.seat.back()
            saved += seat.settle()
        elif step == "crashes":
            seat.seat.crash()
            seat.open(path)
        elif step == "logs out":
            context = seat.seat.page.context
            context.clear_cookies(name="sessionid")
            seat.type(draw, count + 100)
            cookie = {"name": "sessionid", "value": seat.seat.site.session_of(seat.seat.role)}
            context.add_cookies([cookie | {"url": seat.seat.site.url}])
    for seat in seats:
        saved += seat.save()
    return saved, "; ".join(told)


def test_random_schedules_of_a_log_lose_no_row_and_save_none_twice(log_in, site):
    seats = [LogSeat(sit_down(log_in, site, role), name) for role, name in zip(ROLES, "ab", strict=True)]
    for number in sorted(OF_A_LOG):
        subject = site.take_subject()
        expected, told = run_log(number, seats, f"/subjects/{subject}/log/medical_history/")
        sql = "SELECT content FROM ledger_revision WHERE record_id LIKE ?"
        rows = site.read(sql, f"{subject}/LOG/1/medical_history/%")
        terms = [json.loads(content)["term"] for (content,) in rows]
        assert sorted(terms) == sorted(expected), f"schedule {number}: {told}"


def test_the_model_sees_a_lost_text():
    record = Record()
    desk = Desk(
        dict(record.texts), record.texts | {"skin": "skin a1"}, sent=record.texts | {"skin": "skin a1"}
    )
    assert arrive(record, desk, "mine") is False
    assert record == Record({"skin": "skin a1", "head": "head", "chest": "chest"}, 2)
    late = Desk(
        {key: key for key in ROWS}, {key: key for key in ROWS} | {"skin": "skin b1", "head": "head b2"}
    )
    late.sent = dict(late.typed)
    assert arrive(record, late, "theirs") is True
    assert record == Record({"skin": "skin a1", "head": "head b2", "chest": "chest"}, 3)
