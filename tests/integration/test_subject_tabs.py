"""The search of the top bar, and the further pages of a subject: results, questionnaires, audit trail."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from small_study import PASSWORD, PERSON

from grevy.capture.actions import create_subject, lock, open_query, sign, verify
from grevy.capture.reading.audit_trail import read_audit_trail
from grevy.capture.reading.search import search


def log_in(client, name, language="en"):
    client.force_login(User.objects.get(username=name))
    client.cookies["grevy_language"] = language
    return client


# ---- Search --------------------------------------------------------------------------------------------


def test_a_number_leads_to_the_subject_with_or_without_its_dash(desk, client):
    create_subject("01", by="crc01")
    log_in(client, "crc01")
    for typed in (desk.subject, "01001", " 01-001 "):
        answer = client.get("/search/", {"q": typed})
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/subjects/{desk.subject}/"
    both = client.get("/search/", {"q": "01-0"}).text
    assert "01-001" in both
    assert "01-002" in both


def test_nobody_finds_a_subject_or_query_of_another_site(desk, client):
    desk.save("demographics", PERSON)
    open_query(desk.address("demographics"), "Zebra crossing", by="monitor")
    for name, found in (("crc01", True), ("monitor", True), ("crc02", False)):
        page = log_in(client, name).get("/search/", {"q": "01-0"})
        assert (page.status_code == 302) is found, name
        assert ("Zebra crossing" in client.get("/search/", {"q": "zebra"}).text) is found, name
    assert "Nothing at your sites fits" in client.get("/search/", {"q": "zebra"}).text


@pytest.mark.parametrize("typed", ["hematology", "血常规", "xcg"])
def test_forms_are_found_in_both_languages_and_by_pinyin(desk, study, typed):
    assert "hematology" in [name for name, _ in search(study, None, typed).forms]


def test_who_reads_no_data_has_no_search(people, client):
    assert "data-search-all" not in log_in(client, "administrator").get("/").text
    assert "data-search-all" in log_in(client, "crc01").get("/").text


# ---- Results and questionnaires ------------------------------------------------------------------------


def test_results_show_value_flag_and_grade_of_each_day(desk, client):
    desk.save("demographics", PERSON)
    for day, sbp in (("2024-03-06", 120), ("2024-03-12", 185)):
        values = {"assessed_date": day, "sbp": sbp, "dbp": 80}
        desk.save("vital_signs", values, int(sbp == 185), confirmed=True, reason="Source")
    page = log_in(client, "crc01").get(f"/subjects/{desk.subject}/results/").text
    assert "12-Mar-2024" in page
    assert "06-Mar-2024" not in page  # corrected: only what stands is shown
    assert '<span class="grade grade-3"' in page
    assert "CTCAE 3 级" in log_in(client, "crc01", "zh").get(f"/subjects/{desk.subject}/results/").text


def test_pages_without_anything_say_so(desk, client):
    log_in(client, "crc01")
    assert "No result was entered yet." in client.get(f"/subjects/{desk.subject}/results/").text
    assert client.get(f"/subjects/{desk.subject}/questionnaires/").status_code == 200


# ---- Audit trail ---------------------------------------------------------------------------------------


def test_the_audit_trail_tells_who_did_what_when_and_why(desk, client):
    desk.save("demographics", PERSON)
    address = desk.address("demographics")
    desk.save("demographics", {**PERSON, "ecog": "0"}, 1, reason="Corrected to match the source")
    open_query(address, "Is it right", by="monitor")
    verify(address, by="monitor", revision=2)
    sign(address, by="inv01", password=PASSWORD, revision=2, meaning="Reviewed")
    lock(desk.subject, by="data_manager", reason="Clean", level="FROZEN")
    told = [row.what for row in read_audit_trail(desk.subject, "01")]
    assert told == [
        "lock_frozen", "signed", "verified", "open", "changed", "entered", "entered", "step",
    ]  # fmt: skip
    page = log_in(client, "crc01").get(f"/subjects/{desk.subject}/audit/").text
    assert "Corrected to match the source" in page
    assert "<s>Restricted in strenuous" in page or "<s>1" in page
    only = client.get(f"/subjects/{desk.subject}/audit/", {"group": "locks"}).text
    assert "1 entries" in only
    assert "Clean" in only
    nothing = client.get(f"/subjects/{desk.subject}/audit/", {"by": "nobody", "page": "x"})
    assert "Nothing fits these filters." in nothing.text
