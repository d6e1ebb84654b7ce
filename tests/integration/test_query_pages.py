"""The query inbox, the thread, and queries at the form: rights, states, counts that equal a recount."""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import median

import pytest
from desk import log_in
from small_study import PASSWORD, PERSON

from grevy.capture.actions import answer_query, close_query, open_query, sign
from grevy.capture.jobs import Worker
from grevy.capture.models import LogIn, Query, QueryMessage, Verification
from grevy.capture.permissions import roles_of
from grevy.capture.reading.query_inbox import count_waiting, number_queries

STEPS = ("answer", "close", "reopen", "cancel")
JSON = {"accept": "application/json"}


@pytest.fixture
def asked(desk):
    """A query about one field of a saved form, by its key."""
    desk.save("demographics", PERSON)
    return open_query(desk.address("demographics"), "Is it right", by="monitor", item="ecog")


def url_of(key, step=""):
    return f"/queries/{number_queries([key])[key]}/" + (f"{step}/" if step else "")


def state_of(key):
    return Query.objects.get(key=key).state


# ---- The inbox -----------------------------------------------------------------------------------------


def test_the_inbox_shows_only_the_queries_of_ones_sites(asked, client):
    assert url_of(asked) in log_in(client, "crc01").get("/queries/").text
    page = log_in(client, "crc02").get("/queries/").text
    assert url_of(asked) not in page
    assert "No query is here." in page


def test_what_waits_is_counted_in_the_bar_for_each_side(asked, client):
    waits = {name: count_waiting(roles_of(name)) for name in ("crc01", "crc02", "monitor", "statistician")}
    assert waits == {"crc01": 1, "crc02": 0, "monitor": 0, "statistician": 0}
    answer_query(asked, "Yes", by="crc01")
    assert (count_waiting(roles_of("crc01")), count_waiting(roles_of("monitor"))) == (0, 1)
    page = log_in(client, "monitor").get("/queries/").text
    assert '<span class="count count-query">1</span>' in page


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("", True), ("?state=OPEN", True), ("?state=CLOSED", False), ("?who=site", True),
        ("?who=sponsor", False), ("?opened=person", True), ("?opened=check", False), ("?site=01", True),
        ("?form=demographics", True), ("?form=death", False), ("?site=02", False), ("?older=7", False),
        ("?older=x&sort=-nothing&page=0", True), ("?subject=99-999", False), ("?batch=B1", False),
    ],
)  # fmt: skip
def test_the_address_says_which_queries_are_shown(asked, client, address, shown):
    page = log_in(client, "data_manager").get(f"/queries/{address}").text
    assert (url_of(asked) in page) is shown
    if not shown:
        assert "1 are not settled" in page


def test_ages_equal_a_recount_from_the_messages(asked, desk, client):
    open_query(desk.address("demographics"), "And this", by="monitor")
    now = datetime.now(UTC)
    days = [(now - turn.at).days for turn in QueryMessage.objects.filter(number=1)]
    ages = log_in(client, "monitor").get("/queries/").context["ages"]
    assert [(age.site, age.who_acts, age.queries, age.median_days) for age in ages] == [
        ("01", "site", len(days), float(median(days)))
    ]


def test_the_statements_of_the_inbox_do_not_grow_with_its_queries(
    asked, desk, client, django_assert_max_num_queries
):
    for number in range(30):
        open_query(desk.address("demographics"), f"Question {number}", by="monitor")
    log_in(client, "crc01")
    with django_assert_max_num_queries(30):
        client.get("/queries/")


def test_each_row_opens_the_thread_and_goes_to_its_field(asked, desk, client):
    page = log_in(client, "crc01").get("/queries/").text
    record = f"/subjects/{desk.subject}/SCREENING/1/demographics/1/"
    assert f'href="{record}#field-ecog"' in page
    assert 'id="field-ecog"' in client.get(record).text
    assert f"/queries/?subject={desk.subject}" in client.get(record).text


# ---- The thread ----------------------------------------------------------------------------------------


def test_each_role_is_offered_what_it_may_do_in_each_state(asked, client):
    def offered(name):
        page = log_in(client, name).get(url_of(asked)).text
        return [step for step in STEPS if f'formaction="{url_of(asked, step)}"' in page]

    assert (offered("crc01"), offered("monitor"), offered("statistician")) == (
        ["answer"],
        ["close", "cancel"],
        [],
    )
    answer_query(asked, "Yes", by="crc01")
    assert (offered("crc01"), offered("monitor")) == ([], ["close", "reopen"])
    close_query(asked, "Thank you", by="monitor")
    assert (offered("crc01"), offered("monitor")) == ([], ["reopen"])


def test_a_query_is_answered_asked_again_and_closed_by_the_pages(asked, client):
    log_in(client, "crc01").post(url_of(asked, "answer"), {"text": "Yes"})
    assert state_of(asked) == "ANSWERED"
    log_in(client, "monitor").post(url_of(asked, "reopen"), {"text": "Look again"})
    assert state_of(asked) == "REOPENED"
    answer = client.post(url_of(asked, "close"), {"text": "", "back": "who=site&nonsense=1"})
    assert (state_of(asked), answer.headers["Location"]) == ("CLOSED", "/queries/?who=site")
    assert client.post(url_of(asked, "cancel"), {"text": "x"}).status_code == 409
    assert state_of(asked) == "CLOSED"


def test_an_answer_without_words_is_refused_and_nothing_is_written(asked, client):
    answer = log_in(client, "crc01", "zh").post(url_of(asked, "answer"), {"text": "  "}, headers=JSON)
    assert (answer.status_code, answer.json()["message"]) == (409, "请填写提问或答复内容。")
    assert state_of(asked) == "OPEN"
    assert client.get("/queries/9999999/").status_code == 404


def test_what_the_system_closed_names_the_check_and_its_version(desk, client):
    fever = {"assessed_date": "2024-04-08", "temperature": "38.5"}
    place = {"event": "CYCLE", "event_seq": 1}
    desk.save("vital_signs", fever, origin="simulated", confirmed=True, **place)
    from grevy.capture.actions.check_data import check_data

    check_data(desk.study)
    key = Query.objects.get(check_id="VS_FEVER").key
    desk.save("vital_signs", {**fever, "temperature": "36.5"}, 1, reason="Typing mistake", **place)
    assert state_of(key) == "CLOSED"
    page = log_in(client, "crc01").get(url_of(key)).text
    assert f"Check VS_FEVER, study version {desk.study.version}" in page.split("turn-CLOSED")[1]


# ---- At the form ---------------------------------------------------------------------------------------


def test_a_query_is_opened_and_answered_in_the_panel_of_its_field(desk, client):
    desk.save("demographics", PERSON)
    record = f"/subjects/{desk.subject}/SCREENING/1/demographics/1/"
    log_in(client, "monitor")
    assert 'data-send="ask/"' in client.get(f"{record}history/?field=ecog").text
    assert (
        client.post(f"{record}ask/", {"field": "ecog", "text": "Is it right"}, headers=JSON).status_code
        == 200
    )
    query = Query.objects.get()
    assert (query.item, query.row_key, query.state) == ("ecog", "", "OPEN")
    panel = log_in(client, "crc01").get(f"{record}history/?field=ecog").text
    assert f'data-send="{url_of(query.key, "answer")}"' in panel
    assert 'data-send="ask/"' not in panel
    assert "Is it right" not in client.get(f"{record}history/?field=sex").text
    assert client.post(f"{record}ask/", {"field": "ecog", "text": "x"}).status_code == 403
    assert LogIn.objects.filter(outcome="REFUSED", username="crc01").count() == 1


def test_a_query_about_nothing_known_is_not_opened(desk, client):
    desk.save("demographics", PERSON)
    record = f"/subjects/{desk.subject}/SCREENING/1/demographics/1/"
    log_in(client, "monitor")
    for field in ("nothing", "a.b.c", "a..", "ecog.1"):
        assert client.post(f"{record}ask/", {"field": field, "text": "x"}).status_code == 404, field
    assert not Query.objects.exists()


def test_a_verified_field_stays_so_until_its_value_changes(desk, client):
    desk.save("demographics", PERSON)
    record = f"/subjects/{desk.subject}/SCREENING/1/demographics/1/"
    log_in(client, "monitor")
    answer = client.post(f"{record}verify/", {"field": "ecog", "revision": "1"}, headers=JSON)
    assert (answer.status_code, Verification.objects.get().item) == (200, "ecog")
    desk.save("demographics", {**PERSON, "sex": "F"}, 1, reason="Typing mistake")
    assert "Verified: monitor" in client.get(f"{record}history/?field=ecog").text
    assert "Not verified yet" in client.get(f"{record}history/?field=sex").text
    desk.save("demographics", {**PERSON, "sex": "F", "ecog": "0"}, 2, reason="Source says so")
    assert "Verified in revision 1" in client.get(f"{record}history/?field=ecog").text
    assert client.post(f"{record}verify/", {"field": "", "revision": "1"}).status_code == 409
    assert client.post(f"{record}verify/", {"field": "", "revision": "x"}).status_code == 409
    assert client.post(f"{record}verify/", {"field": "", "revision": "1" * 5_000}).status_code == 409
    client.post(f"{record}verify/", {"field": "", "revision": "3"})
    assert "Verified: monitor" in client.get(f"{record}history/?field=").text


# ---- From a listing ------------------------------------------------------------------------------------


@pytest.fixture
def forty(desk):
    """Forty adverse events of one subject: forty lines of a listing."""
    for number in range(1, 41):
        event = {"term": f"Rash {number}", "start_date": "2024-03-10"}
        desk.save("adverse_event", event, event="LOG", form_seq=number, origin="simulated", confirmed=True)
    return [f"{desk.address('adverse_event', 'LOG', 1, number).record}|" for number in range(1, 41)]


def test_forty_lines_are_asked_in_one_batch_and_taken_back_while_unanswered(forty, client):
    sent = {"listing": "form=adverse_event", "line": forty, "text": "Which drug", "about": "term"}
    log_in(client, "data_manager")
    preview = client.post("/listings/preview/", sent)
    assert "Open 40 queries" in preview.text
    assert not Query.objects.exists()
    answer = client.post("/listings/queries/", sent)
    batch = Query.objects.first().batch
    assert answer.headers["Location"] == f"/queries/?batch={batch}"
    assert set(Query.objects.values_list("batch", "item", "state")) == {(batch, "term", "OPEN")}
    assert Query.objects.count() == 40
    answer_query(Query.objects.first().key, "The study drug", by="crc01")
    assert "Take back the 39 that nobody has answered" in client.get(f"/queries/?batch={batch}").text
    client.post(f"/queries/batch/{batch}/undo/")
    assert sorted(set(Query.objects.values_list("state", flat=True))) == ["ANSWERED", "CANCELLED"]
    assert client.post(f"/queries/batch/{batch}/undo/").status_code == 409


def test_a_listing_is_filtered_by_its_address(forty, client):
    def terms(query):
        page = log_in(client, "crc01").get(f"/listings/?form=adverse_event&item=term&{query}")
        return [line.cells[0] for line in page.context["lines"]]

    assert len(terms("")) == 40
    assert terms("where=term&how=has&value=rash 4") == ["Rash 4", "Rash 40"]
    assert terms("where=term&how=eq&value=Rash 7") == ["Rash 7"]
    assert len(terms("where=term&how=ne&value=Rash 7")) == 39
    assert terms("where=term&how=empty") == []
    assert terms("site=02") == []
    assert len(terms("where=nothing&how=worse&page=x")) == 40
    assert log_in(client, "crc02").get("/listings/?form=adverse_event").context["left"] == 0
    assert len(terms("subject=01-0")) == 40
    assert terms("subject=99") == []
    assert 'name="line"' not in log_in(client, "crc01").get("/listings/?form=adverse_event").text


def test_lines_that_one_does_not_see_or_that_are_none_are_not_asked(forty, client):
    log_in(client, "monitor")
    sent = {"listing": "form=adverse_event", "line": ["nothing"], "text": "Which drug"}
    assert "No line was chosen" in client.post("/listings/preview/", sent).text
    assert client.post("/listings/queries/", sent).status_code == 409
    assert client.post("/listings/queries/", {**sent, "line": forty[:1], "text": " "}).status_code == 409
    assert not Query.objects.exists()


# ---- Before a check is published -----------------------------------------------------------------------


def test_a_check_says_what_it_would_ask_and_where_and_writes_nothing(desk, client):
    for cycle, temperature in ((1, "38.5"), (2, "36.5"), (3, "39.0")):
        fever = {"assessed_date": f"2024-0{cycle + 3}-08", "temperature": temperature}
        desk.save("vital_signs", fever, event="CYCLE", event_seq=cycle, origin="simulated", confirmed=True)
    head = desk.address("vital_signs", "CYCLE", 1)
    sign(head, by="inv01", password=PASSWORD, revision=1, meaning="Reviewed")
    log_in(client, "data_manager")
    assert client.get("/checks/").context["found"] is None
    begun = client.post("/checks/", {"check": "VS_FEVER"}).headers["Location"]
    waits = client.get(begun)
    assert waits.context["found"] is None
    assert "data-job=" in waits.text
    assert Worker().work_once()
    page = client.get(begun)
    assert "2 queries would open on 2 records; 1 of these records are signed." in page.text
    assert page.context["found"]["by_site"] == {"01": 2}
    assert [address.event_seq for address in page.context["records"]] == [1, 3]
    assert not Query.objects.exists()
    assert client.post("/checks/", {"check": "NOTHING"}).headers["Location"] == "/checks/"
    assert client.get("/checks/?check=NOTHING").context["found"] is None
