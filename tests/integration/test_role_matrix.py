"""Every role at every site on every address by every method; generated from the table of addresses.

Who may is written down here a second time, on purpose: a change of a right must be a change here too, and an
address without a line here fails. What is not allowed is refused, and the refusal stands in the ledger.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from small_study import PASSWORD, PERSON

from grevy.capture.actions import create_account, grant_role
from grevy.capture.ledger import ledger_transaction
from grevy.capture.load import record_ready
from grevy.capture.models import ChainHead, LogIn
from grevy.capture.pages.routes import Page
from grevy.capture.urls import PAGES, urlpatterns

# Who may is decided before the database is asked: once is enough, on the quicker of both.
ON_ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
ROLES = (
    "coordinator",
    "investigator",
    "monitor",
    "data_manager",
    "statistician",
    "safety_officer",
    "administrator",
)

ALL, PEOPLE = "no log-in needed", "any account"
SITE_STAFF = {"coordinator", "investigator"}
ASKERS = {"monitor", "data_manager", "safety_officer"}
REPORTERS = {"data_manager", "statistician", "safety_officer"}
READERS = {*SITE_STAFF, "monitor", "data_manager", "statistician", "safety_officer"}

OF_SITE, ANY_SITE, WHOLE_STUDY = "the site of the address", "any site", "the whole study"

# Name of the address: where the role must be held, and for each method who may use it.
EXPECTED: dict[str, tuple[str, dict[str, object]]] = {
    "log_in": (ANY_SITE, {"GET": ALL, "POST": ALL}),
    "second_factor": (ANY_SITE, {"GET": ALL, "POST": ALL}),
    "extend": (ANY_SITE, {"POST": PEOPLE}),
    "account": (ANY_SITE, {"GET": PEOPLE, "POST": PEOPLE}),
    "account_password": (ANY_SITE, {"GET": PEOPLE, "POST": PEOPLE}),
    "account_second_factor": (ANY_SITE, {"GET": PEOPLE, "POST": PEOPLE}),
    "people": (WHOLE_STUDY, {"GET": {"administrator"}, "POST": {"administrator"}}),
    "person": (WHOLE_STUDY, {"GET": {"administrator"}, "POST": {"administrator"}}),
    "log_out": (ANY_SITE, {"POST": ALL}),
    "set_language": (ANY_SITE, {"POST": ALL}),
    "start": (ANY_SITE, {"GET": PEOPLE}),
    "search": (ANY_SITE, {"GET": READERS}),
    "report": (WHOLE_STUDY, {"GET": READERS}),
    "reports": (WHOLE_STUDY, {"GET": REPORTERS, "POST": REPORTERS}),
    "compare": (WHOLE_STUDY, {"GET": REPORTERS, "POST": REPORTERS}),
    "kept_report": (WHOLE_STUDY, {"GET": REPORTERS}),
    "report_file": (WHOLE_STUDY, {"GET": REPORTERS}),
    "report_data": (WHOLE_STUDY, {"POST": {"investigator", "data_manager", "statistician"}}),
    "new_subject": (ANY_SITE, {"GET": SITE_STAFF, "POST": SITE_STAFF}),
    "dashboard": (ANY_SITE, {"GET": READERS}),
    "patients": (ANY_SITE, {"GET": READERS, "POST": READERS}),
    "screening_log": (ANY_SITE, {"GET": READERS}),
    "patient": (OF_SITE, {"GET": READERS}),
    "patient_log": (OF_SITE, {"GET": READERS}),
    "form": (OF_SITE, {"GET": READERS, "POST": SITE_STAFF}),
    "results": (OF_SITE, {"GET": READERS}),
    "questionnaires": (OF_SITE, {"GET": READERS}),
    "audit": (OF_SITE, {"GET": READERS}),
    "casebook": (OF_SITE, {"GET": READERS}),
    "casebook_sign": (OF_SITE, {"POST": {"investigator"}}),
    "casebook_lock": (OF_SITE, {"POST": {"data_manager"}}),
    "casebook_unlock": (OF_SITE, {"POST": {"data_manager"}}),
    "log": (OF_SITE, {"GET": READERS}),
    "log_add": (OF_SITE, {"POST": SITE_STAFF}),
    "form_withdraw": (OF_SITE, {"POST": SITE_STAFF}),
    "laboratory": (ANY_SITE, {"GET": SITE_STAFF, "POST": SITE_STAFF}),
    "lab_file": (ANY_SITE, {"GET": SITE_STAFF, "POST": SITE_STAFF}),
    "lab_import": (ANY_SITE, {"POST": SITE_STAFF}),
    "form_sign": (OF_SITE, {"POST": {"investigator"}}),
    "form_check": (OF_SITE, {"POST": SITE_STAFF}),
    "form_draft": (OF_SITE, {"POST": SITE_STAFF}),
    "form_save": (OF_SITE, {"POST": SITE_STAFF}),
    "form_discard": (OF_SITE, {"POST": SITE_STAFF}),
    "form_history": (OF_SITE, {"GET": READERS}),
    "queries": (ANY_SITE, {"GET": READERS}),
    "query": (OF_SITE, {"GET": READERS}),
    "query_answer": (OF_SITE, {"POST": SITE_STAFF}),
    "query_close": (OF_SITE, {"POST": ASKERS}),
    "query_reopen": (OF_SITE, {"POST": ASKERS}),
    "query_cancel": (OF_SITE, {"POST": ASKERS}),
    "checks": (ANY_SITE, {"GET": {"data_manager"}, "POST": {"data_manager"}}),
    "job": (ANY_SITE, {"GET": PEOPLE}),
    "job_cancel": (ANY_SITE, {"POST": PEOPLE}),
    "listings": (ANY_SITE, {"GET": READERS}),
    "listing_preview": (ANY_SITE, {"POST": ASKERS}),
    "listing_ask": (ANY_SITE, {"POST": ASKERS}),
    "batch_undo": (ANY_SITE, {"POST": ASKERS}),
    "form_ask": (OF_SITE, {"POST": ASKERS}),
    "form_verify": (OF_SITE, {"POST": {"monitor"}}),
}


# What a post needs to get past the question who asks; elsewhere an empty one will do.
BODIES = {"log_in": {"username": "crc01", "password": PASSWORD}, "new_subject": {"site": "01"}}


@dataclass(frozen=True)
class Person:
    """Somebody with one role at one place, with none, or nobody at all."""

    name: str
    role: str | None
    site: str | None


NOBODY, WITHOUT_ROLE = Person("", None, None), Person("without_role", None, None)
PERSONS = (
    NOBODY,
    WITHOUT_ROLE,
    *(Person(f"{role}_at_{site or 'study'}", role, site) for role in ROLES for site in ("01", "02", None)),
)


def is_allowed(page: str, method: str, person: Person) -> bool:
    """What this file says of it; every address here lies at site 01."""
    place, rights = EXPECTED[page]
    who = rights.get("GET" if method == "HEAD" else method)
    if who is None:
        return False
    if who in (ALL, PEOPLE):
        return who == ALL or person is not NOBODY
    if person.role not in who:
        return False
    if page == "new_subject" and method == "POST":  # the site stands in the body
        place = OF_SITE
    return person.site is None or place == ANY_SITE or (place == OF_SITE and person.site == "01")


# ---- The table is complete -----------------------------------------------------------------------------


def test_every_address_has_its_line_here():
    named = {page.name for page in PAGES}
    assert named - set(EXPECTED) == set(), "say in EXPECTED of this file who may use these addresses"
    assert set(EXPECTED) - named == set(), "these addresses are gone: take their lines out of EXPECTED"


def test_no_address_goes_past_the_table():
    assert [pattern.name for pattern in urlpatterns] == [page.name for page in PAGES]
    assert len({page.name for page in PAGES}) == len(PAGES)


def test_each_address_answers_the_methods_of_its_line_and_no_other():
    for page in PAGES:
        assert set(page.rights) == set(EXPECTED[page.name][1]), page.name


def test_an_address_without_a_rule_cannot_be_made():
    for rights in ({}, {"GET": "may_do_anything"}):
        with pytest.raises(ValueError, match="address new"):
            Page("new/", lambda request: None, "new", rights)
    with pytest.raises(ValueError, match="unknown place"):
        Page("new/", lambda request: None, "new", {"GET": "view"}, "somewhere")


# ---- Each person asks each address ---------------------------------------------------------------------


@pytest.fixture
def places(desk) -> dict[str, object]:
    """A value for each part of the addresses; all of site 01."""
    with ledger_transaction():
        for person in PERSONS[1:]:
            create_account(person.name, by="administrator")
            record_ready(person.name, by="administrator")
            if person.role:
                grant_role(person.name, person.role, person.site, by="administrator")
    desk.save("demographics", PERSON)
    return desk.name_places()


def address_of(page: Page, places: dict[str, object]) -> str:
    parts = re.findall(r"<(?:\w+:)?(\w+)>", page.path)
    unknown = set(parts) - set(places)
    assert not unknown, f"address {page.name}: give an example of {unknown} in `Desk.name_places`"
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(places[part[1]]), page.path)


def ask(client: Client, page: Page, method: str, path: str):
    """The answer to an empty request; whatever it changed is taken back."""
    sent = {"data": BODIES.get(page.name, {})} if method == "POST" else {}
    with transaction.atomic():
        before = LogIn.objects.count()
        answer = (
            client.generic(method, path)
            if method == "TRACE"
            else getattr(client, method.lower())(path, **sent)
        )
        told = list(LogIn.objects.order_by("seq").values_list("username", "outcome", "address")[before:])
        transaction.set_rollback(True)
    return answer, told


@ON_ONE_DATABASE
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_who_may_use_the_address(page, places):
    path = address_of(page, places)
    heads = list(ChainHead.objects.values_list("table", "seq"))
    for person in PERSONS:
        client = Client(raise_request_exception=False)
        if person is not NOBODY:
            client.force_login(User.objects.get(username=person.name))
        for method in METHODS:
            answer, told = ask(client, page, method, path)
            here = f"{method} {path} as {person.name or 'nobody'}: {answer.status_code}"
            assert answer.status_code < 500, here
            if is_allowed(page.name, method, person):
                assert answer.status_code not in (401, 403, 405), here
                assert "REFUSED" not in [outcome for _, outcome, _ in told], here
            elif ("GET" if method == "HEAD" else method) not in EXPECTED[page.name][1]:
                assert answer.status_code == 405, here
            elif person is NOBODY:
                asks = answer.status_code == 302 and answer.headers["Location"].startswith("/log-in/?next=")
                assert asks or answer.status_code == 401, here
            else:
                assert answer.status_code == 403, here
                site = " 01" if EXPECTED[page.name][0] == OF_SITE else ""
                assert told == [(person.name, "REFUSED", f"{method} {page.name}{site}")], here
    assert list(ChainHead.objects.values_list("table", "seq")) == heads


def test_a_refusal_tells_who_could_grant_it_in_both_languages(places):
    client = Client(headers={"accept-language": "zh"})
    client.force_login(User.objects.get(username="coordinator_at_02"))
    path = f"/subjects/{places['subject']}/SCREENING/1/demographics/1/"
    page = client.get(path)
    assert page.status_code == 403
    assert "您的账号无权打开此页" in page.text
    assert "研究协调员" in page.text
    answer = client.post(
        path + "save/", {}, content_type="application/json", headers={"accept": "application/json"}
    )
    assert answer.status_code == 403
    assert answer.json()["problem"] == "refused"
