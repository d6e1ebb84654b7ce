"""The subject list and the screening log: rows, filters, order, saved views."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.http import QueryDict
from small_study import CONSENT, DIAGNOSIS, PERSON
from treated import FIRST, assess, day, dose, enroll, vital_signs

from grevy.capture.actions import create_subject, open_query
from grevy.capture.models import FormRevision, SavedView
from grevy.capture.reading import courses
from grevy.capture.reading.screening_log import read_screening_log
from grevy.capture.reading.subject_list import (
    SCREEN_FAILED,
    find_hiding,
    read_filter,
    read_rows,
    select_rows,
)

TODAY = day(70)


@pytest.fixture
def several(desk, study, people):
    """Three subjects: one treated with an assessment, one that failed screening, one of the other site."""
    desk_class = type(desk)
    enroll(desk)
    desk.save("regimen_decision", {"decision_date": "2024-03-30", "regimen": "MONO"})
    dose(desk, FIRST)
    for seq, elapsed in ((1, 0), (2, 28), (3, 57)):
        vital_signs(desk, day(elapsed), "CYCLE", seq)
    assess(desk, day(57), 1, "PR")
    open_query(desk.address("demographics"), "Is it right", by="monitor")
    failed = desk_class(study, create_subject("01", by="crc01"))
    failed.save("informed_consent", CONSENT)
    failed.save("demographics", PERSON)
    failed.save("nen_diagnosis", {**DIAGNOSIS, "confirmed": "NONE"}, confirmed=True, reason="x")
    failed.save("eligibility", {"decision": "NOT_ELIGIBLE", "decision_date": "2024-03-12"}, by="inv01",
                confirmed=True, reason="x")  # fmt: skip
    other = desk_class(study, create_subject("02", by="crc02"))
    other.save("informed_consent", {**CONSENT, "consent_date": "2024-06-01"}, by="crc02")
    return desk, failed, other


def select(study, query: str, sites=None):
    rows = read_rows(study, sites, TODAY)
    return [row.number for row in select_rows(rows, read_filter(QueryDict(query)))]


def test_rows_say_what_was_entered(several, study):
    desk, failed, other = several
    first, second, third = read_rows(study, None, TODAY)
    assert [first.number, second.number, third.number] == [desk.subject, failed.subject, other.subject]
    assert (first.state, second.state, third.state) == ("ON_TREATMENT", SCREEN_FAILED, "SCREENING")
    assert (first.summary.cohort, first.summary.dose, first.summary.response) == ("mono", 300, "PR")
    assert (first.summary.cycle, first.summary.day) == (3, 71)
    assert first.summary.trend == (32.0,)  # the assessment has no lesion, and a missing one is not 0 mm
    assert first.open_queries == 1
    assert first.is_overdue  # forms of the visits
    assert first.summary.next_visit.event == "CYCLE"
    assert first.summary.next_visit.event_seq == 4


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "123"), ("q=01-", "12"), ("q=1-0 02", "2"), ("state=ON_TREATMENT", "1"),
        ("state=SCREEN_FAILED&state=SCREENING", "23"), ("cohort=mono", "1"), ("cohort=none", "23"),
        ("site=02", "3"), ("response=PR", "1"), ("response=PD", ""), ("queries=1", "1"),
        ("without_failed=1", "13"), ("overdue=1&site=01", "1"), ("sort=-number", "321"),
        ("sort=state", "312"), ("sort=-queries", "132"), ("sort=nonsense&page=-4&state=x", "123"),
    ],
)  # fmt: skip
def test_the_address_filters_and_sorts(several, study, query, found):
    numbers = [desk.subject for desk in several]
    left = select(study, query)
    if query == "sort=-queries":
        assert left[0] == numbers[0]
    else:
        assert left == [numbers[int(n) - 1] for n in found]


def test_a_filter_says_itself_in_the_address_again():
    query = "q=01&state=ON_TREATMENT&state=DEAD&cohort=mono&overdue=1&sort=-day&page=3"
    chosen = read_filter(QueryDict(query))
    assert read_filter(QueryDict(chosen.query(page=3))) == chosen
    assert "page" not in chosen.query(overdue=False)
    assert read_filter(QueryDict(chosen.query(sort="number", descending=True))).descending


def test_only_the_sites_of_the_person_are_seen(several, study, client):
    assert select(study, "", frozenset({"02"})) == [several[2].subject]
    client.force_login(_user("crc02"))
    page = client.get("/subjects/").text
    assert several[2].subject in page
    assert several[0].subject not in page


def test_an_empty_result_names_the_filter_that_hides(several, study):
    rows = read_rows(study, None, TODAY)
    hiding = find_hiding(rows, read_filter(QueryDict("cohort=combo&site=02")))
    assert dict(hiding) == {"cohort": 1, "site": 0}


def test_views_are_kept_for_their_person_alone(several, client):
    client.force_login(_user("crc01"))
    client.post("/subjects/", {"name": "Mono here", "query": "cohort=mono&nonsense=1"})
    assert list(SavedView.objects.values_list("name", "query")) == [("Mono here", "cohort=mono")]
    page = client.get("/subjects/?cohort=mono").text
    assert "Mono here" in page
    key = SavedView.objects.get().pk
    client.force_login(_user("crd01"))
    assert "Mono here" not in client.get("/subjects/").text
    client.post("/subjects/", {"remove": key, "query": ""})
    assert SavedView.objects.count() == 1
    client.force_login(_user("crc01"))
    client.post("/subjects/", {"remove": key, "query": ""})
    assert SavedView.objects.count() == 0


def test_pages_of_twenty_with_all_counted(people, study, client):
    for _ in range(23):
        create_subject("01", by="crc01")
    client.force_login(_user("crc01"))
    first, last = (client.get(f"/subjects/?page={n}").text for n in (1, 99))
    assert (first.count('<th scope="row">'), last.count('<th scope="row">')) == (20, 3)
    assert "23 of 23" in first


def test_the_number_of_queries_does_not_grow_with_the_subjects(
    several, client, django_assert_max_num_queries
):
    client.force_login(_user("monitor"))
    client.get("/subjects/")
    for _ in range(5):
        create_subject("01", by="crc01")
    with django_assert_max_num_queries(26):
        client.get("/subjects/")


def test_the_completeness_is_a_recount_of_required_items(several, study):
    """Of the failed subject nothing more is expected than what was entered."""
    row = read_rows(study, None, TODAY)[1]
    entered = FormRevision.objects.filter(record__study_event__subject_id=row.number)
    counted = [
        courses.count_answers(study, r.record.form, r.content) for r in entered.select_related("record")
    ]
    asked = sum(asked or 1 for _, asked in counted)
    answered = sum(answered if asked else 1 for answered, asked in counted)
    assert (row.summary.completeness.answered, row.summary.completeness.asked) == (answered, asked)


# ---- Screening log -------------------------------------------------------------------------------------


def test_the_log_fills_the_reason_from_the_data(several, study):
    lines = {line.number: line for line in read_screening_log(study, None)}
    desk, failed, other = (lines[one.subject] for one in several)
    assert (desk.outcome, failed.outcome, other.outcome) == ("enrolled", "failed", "pending")
    assert [one.id for one in failed.against] == ["IN02"]
    assert desk.against == ()
    assert other.open


def test_a_judgment_alone_is_a_reason_too(desk, study):
    judged = {f"ex0{n}": "NOT_MET" for n in range(1, 7)} | {"ex02": "MET"}
    values = {**judged, "decision": "NOT_ELIGIBLE", "decision_date": "2024-03-10"}
    desk.save("eligibility", values, by="inv01", confirmed=True, reason="x")
    line = read_screening_log(study, None)[0]
    assert (line.outcome, [one.id for one in line.against]) == ("failed", ["EX02"])


def test_the_pages_speak_both_languages(several, client):
    client.force_login(_user("monitor"))
    for path in ("/subjects/", "/subjects/screening/", "/subjects/?q=nobody"):
        for language, word in (("en", "Subjects"), ("zh", "受试者")):
            client.cookies["grevy_language"] = language
            page = client.get(path)
            assert page.status_code == 200
            assert word in page.text


def test_no_address_of_the_list_is_refused_for_what_it_says(several, client):
    client.force_login(_user("monitor"))
    for query in (
        "page=99999999999999",
        "page=²",
        "sort=",
        "q=" + "x" * 500,
        "site=" + "y" * 99,
    ):
        assert client.get(f"/subjects/?{query}").status_code == 200
    # A character that no database keeps is a bad request.
    assert client.get("/subjects/?state=%00").status_code == 400
    assert client.post("/subjects/", {"remove": "x", "query": ""}).status_code == 400
    # A view without a name is refused, and told so.
    assert client.post("/subjects/", {"name": "", "query": ""}).status_code == 409
    assert not SavedView.objects.exists()


def test_dates_are_in_the_readers_manner(several, client):
    client.force_login(_user("monitor"))
    client.cookies["grevy_language"] = "en"
    assert re.search(r"\d\d-Mar-2024", client.get("/subjects/screening/").text)
    assert date(2024, 3, 4).isoformat() not in client.get("/subjects/screening/").text


def _user(name: str):
    from django.contrib.auth.models import User

    return User.objects.get(username=name)
