"""The search of the top bar, and the further pages of a subject: results, questionnaires, audit trail."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from desk import Desk, log_in
from small_study import CONSENT, PASSWORD, PERSON

from grevy.capture.actions import create_subject, lock, open_query, set_lab_range, sign, verify
from grevy.capture.permissions import roles_of
from grevy.capture.reading.audit_trail import read_audit_trail
from grevy.capture.reading.search import search
from grevy.capture.reading.tasks import Holder, read_tasks
from grevy.snapshot import LabRange

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


def test_a_site_and_an_item_are_found_and_only_sites_of_ones_own(desk, study, client):
    assert [one.code for one in search(study, None, "hospital").sites] == ["01", "02"]
    assert [one.code for one in search(study, {"01"}, "医院").sites] == ["01"]
    item = ("demographics", "ecog")
    for typed in ("ECOG", "体力"):
        assert item in [(one.form, one.item) for one in search(study, None, typed).items], typed
    page = log_in(client, "crc01").get("/search/", {"q": "hospital"}).text
    assert 'href="/subjects/?site=01"' in page
    assert "Hospital 02" not in page
    assert "form=demographics&amp;item=ecog" in client.get("/search/", {"q": "ecog"}).text


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


def test_results_above_and_below_the_range_are_told_apart_each_on_its_day(desk, study, client):
    desk.save("demographics", PERSON)
    limits = LabRange(
        site="01", test="hematology.hgb", sex="M", age_from=18, age_to=120, valid_from=date(2024, 1, 1),
        unit="g/L", low=Decimal(130), high=Decimal(175), by="data_manager", role="", at=datetime.now(UTC),
    )  # fmt: skip
    set_lab_range(study, limits)
    for event, day, found in (("SCREENING", "2024-03-08", 190), ("UNSCHEDULED", "2024-03-12", 99)):
        values = {"collected_date": day, "hgb": f"{found} g/L"}
        desk.save("hematology", values, event=event, confirmed=True, reason="x")
    page = log_in(client, "crc01").get(f"/subjects/{desk.subject}/results/").text
    assert re.findall(r'<a class="nb" href="[^"]*/hematology/1/">([^<]*)</a>', page) == [
        "12-Mar-2024", "08-Mar-2024",
    ]  # fmt: skip
    cells = re.findall(r'<td class="n nb">(\d+) <span class="flag" role="img" aria-label="([^"]*)">(.)', page)
    assert cells == [("99", "below the range", "↓"), ("190", "above the range", "↑")]


def test_questionnaires_count_what_was_answered_of_what_was_expected(desk, client):
    log_in(client, "crc01")
    url = f"/subjects/{desk.subject}/questionnaires/"
    assert "<b>EQ-5D-5L</b> 0 of 1 expected so far" in client.get(url).text
    level = dict.fromkeys(("mobility", "self_care", "usual_activities", "pain", "anxiety"), 1)
    answered = {"completed_date": "2024-03-08", "mode": "SELF", **level, "vas": 80}
    desk.save("eq5d5l", answered, confirmed=True, reason="x")
    page = client.get(url).text
    assert "<b>EQ-5D-5L</b> 1 of 1 expected so far" in page
    assert "EQ-5D-5L, Screening: Complete" in page
    assert "<b>EORTC QLQ-C30</b> 0 of 1 expected so far" in page


def test_pages_without_anything_say_so(desk, client):
    log_in(client, "crc01")
    assert "No result was entered yet." in client.get(f"/subjects/{desk.subject}/results/").text
    assert client.get(f"/subjects/{desk.subject}/questionnaires/").status_code == 200


# ---- Audit trail ---------------------------------------------------------------------------------------


def do_the_same_to_another(study):
    other = Desk(study, create_subject("01", by="crc01"))
    other.save("informed_consent", CONSENT)
    other.save("demographics", PERSON)
    open_query(other.address("demographics"), "Of another subject", by="monitor")
    verify(other.address("demographics"), by="monitor", revision=1)
    sign(other.address("demographics"), by="inv01", password=PASSWORD, revision=1, meaning="Reviewed")
    lock(other.subject, by="data_manager", reason="Of another subject", level="FROZEN")


def test_the_audit_trail_tells_who_did_what_when_and_why(desk, study, client):
    desk.save("demographics", PERSON)
    address = desk.address("demographics")
    desk.save("demographics", {**PERSON, "ecog": "0"}, 1, reason="Corrected to match the source")
    open_query(address, "Is it right", by="monitor")
    verify(address, by="monitor", revision=2)
    sign(address, by="inv01", password=PASSWORD, revision=2, meaning="Reviewed")
    lock(desk.subject, by="data_manager", reason="Clean", level="FROZEN")
    do_the_same_to_another(study)
    told = [row.what for row in read_audit_trail(desk.subject, "01")]
    assert told == [
        "lock_frozen", "signed", "verified", "open", "changed", "entered", "entered", "step",
    ]  # fmt: skip
    page = log_in(client, "crc01").get(f"/subjects/{desk.subject}/audit/").text
    assert "Corrected to match the source" in page
    assert "Of another subject" not in page
    assert "<s>Restricted in strenuous" in page or "<s>1" in page
    only = client.get(f"/subjects/{desk.subject}/audit/", {"group": "locks"}).text
    assert "1 entries" in only
    assert "Clean" in only
    nothing = client.get(f"/subjects/{desk.subject}/audit/", {"by": "nobody", "page": "x"})
    assert "Nothing fits these filters." in nothing.text


# ---- Alerts and results to review ----------------------------------------------------------------------


@pytest.fixture
def high_pressure(desk):
    desk.save("demographics", PERSON)
    values = {"assessed_date": "2024-03-12", "sbp": 185, "dbp": 80}
    desk.save("vital_signs", values, confirmed=True, reason="Source")
    return desk


def reviews(study, name="inv01"):
    tasks = read_tasks(study, Holder(name, roles_of(name)), date(2024, 3, 20))
    return [task for task in tasks if task.kind == "review"]


def test_a_result_of_grade_3_waits_for_the_investigator_until_it_is_signed(high_pressure, study):
    desk, address = high_pressure, high_pressure.address("vital_signs")
    (task,) = reviews(study)
    assert (task.what, task.subject, task.address, task.item) == (
        "results_to_review", desk.subject, address, "sbp",
    )  # fmt: skip
    assert reviews(study, "crc01") == []
    assert reviews(study, "inv02") == []
    sign(address, by="inv01", password=PASSWORD, revision=1, meaning="Reviewed")
    assert reviews(study) == []
    changed = {"assessed_date": "2024-03-12", "sbp": 190, "dbp": 80}
    desk.save("vital_signs", changed, 1, confirmed=True, reason="Source")
    assert len(reviews(study)) == 1
    right = {"assessed_date": "2024-03-12", "sbp": 125, "dbp": 80}
    desk.save("vital_signs", right, 2, confirmed=True, reason="Typing error")
    assert reviews(study) == []


def test_the_header_points_out_what_has_to_be_seen_each_with_its_link(high_pressure, client):
    page = log_in(client, "inv01").get(f"/subjects/{high_pressure.subject}/").text
    url = f"/subjects/{high_pressure.subject}/SCREENING/1/vital_signs/1/"
    for said in ("1 results of grade 3 or more to review", "Blood pressure grade 3"):
        assert re.search(rf'<a class="pill state-warning" href="{url}">.*?{said}</a>', page), said
    assert "血压 3 级" in log_in(client, "inv01", "zh").get(url).text


def test_a_serious_event_without_its_report_is_an_alert(desk, client):
    values = {"term": "Bleeding", "start_date": "2024-03-10", "grade": 3, "ongoing": "Y", "serious": "Y"}
    desk.save("adverse_event", values, event="LOG", confirmed=True, reason="x")
    page = log_in(client, "crc01").get(f"/subjects/{desk.subject}/").text
    assert "Serious event: report due" in page
    assert f"/subjects/{desk.subject}/LOG/1/serious_adverse_event/1/" in page
