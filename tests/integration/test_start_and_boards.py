"""Tasks by role, the page of one patient, the dashboard: what they count equals a recount."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from small_study import CONSENT
from treated import FIRST, adverse_event, assess, day, dose, enroll, vital_signs

from grevy.capture.actions import (
    answer_query,
    close_query,
    create_subject,
    keep_draft,
    open_query,
    sign,
    withdraw_record,
)
from grevy.capture.models import Draft
from grevy.capture.permissions import roles_of
from grevy.capture.reading.courses import read_course, site_today
from grevy.capture.reading.figures import project_enrollment, read_figures, waiting_queries
from grevy.capture.reading.patient import list_additions, read_treatment
from grevy.capture.reading.tasks import Holder, read_tasks

TODAY = day(60)


def tasks_of(study, name: str, today: date = TODAY):
    return read_tasks(study, Holder(name, roles_of(name)), today)


def whats(study, name: str, today: date = TODAY) -> list[str]:
    return [task.what for task in tasks_of(study, name, today)]


@pytest.fixture
def treated(desk):
    enroll(desk)
    desk.save("regimen_decision", {"decision_date": "2024-03-30", "regimen": "MONO"})
    dose(desk, FIRST)
    vital_signs(desk, day(0), "CYCLE", 1)
    return desk


# ---- Tasks ---------------------------------------------------------------------------------------------


def test_nothing_is_due_before_anybody_is_screened(people, study, client):
    assert tasks_of(study, "crc01") == []
    client.force_login(User.objects.get(username="crc01"))
    client.cookies["grevy_language"] = "en"
    assert "Nothing due." in client.get("/").text


def test_due_and_overdue_visits_open_at_their_first_form(treated, study):
    tasks = [task for task in tasks_of(study, "crc01", day(29)) if task.kind == "visit"]
    assert [(task.what, task.address.event, task.due) for task in tasks] == [
        ("visit_overdue", "C1D15", day(17)),
        ("visit_due", "CYCLE", day(31)),
    ]
    assert tasks[0].urgency(day(29)) == "overdue"
    assert tasks[1].urgency(day(31)) == "today"
    assert tasks[1].address.form == "vital_signs"
    vital_signs(treated, day(29), "CYCLE", 2)
    after = [task for task in tasks_of(study, "crc01", day(29)) if task.kind == "visit"]
    assert after == []  # entered; and day 15 is missed for good


def test_a_series_of_visits_that_fell_behind_is_one_task_that_opens_the_oldest(treated, study):
    tasks = [task for task in tasks_of(study, "crc01", day(130)) if task.address.event == "CYCLE"]
    behind = [task for task in tasks if task.kind == "visit"]
    assert [(task.what, task.address.event_seq, task.words["count"]) for task in behind] == [
        ("visits_overdue", 2, 4)
    ]


def test_missing_forms_of_a_visit_are_one_task(treated, study):
    task = next(task for task in tasks_of(study, "crc01", day(1)) if task.address.event == "CYCLE")
    assert task.what == "forms_missing"
    assert task.words["count"] == 5
    assert task.due == day(7)


def test_oldest_due_comes_first_and_others_sites_stay_out(treated, study):
    dues = [task.due for task in tasks_of(study, "crc01")]
    assert dues == sorted(dues)
    assert dues
    assert tasks_of(study, "crc02") == []
    assert tasks_of(study, "statistician") == []
    assert tasks_of(study, "administrator") == []


def test_a_query_goes_from_the_site_to_whoever_closes_it_and_back(treated, study):
    key = open_query(treated.address("demographics"), "Is it right", by="monitor", item="ecog")
    task = next(task for task in tasks_of(study, "crc01") if task.kind == "query")
    assert (task.what, task.item) == ("answer_wanted", "ecog")
    assert "query" not in {task.kind for task in tasks_of(study, "data_manager")}
    answer_query(key, "Yes", by="crc01")
    assert "query" not in {task.kind for task in tasks_of(study, "crc01")}
    assert "answer_given" in whats(study, "data_manager")
    close_query(key, "Thank you", by="data_manager")
    assert whats(study, "data_manager") == []


def test_a_question_of_a_check_is_shown_in_the_readers_language(treated, client):
    from grevy.capture.checked import SYSTEM
    from grevy.capture.models import QueryMessage

    open_query(treated.address("demographics"), "Seen twice", by="monitor")
    message = QueryMessage.objects.latest("seq")
    for language, seen, other in (("en", "Check it", "请核对"), ("zh", "请核对", "Check it")):
        client.force_login(User.objects.get(username="crc01"))
        client.cookies["grevy_language"] = language
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                QueryMessage, "from_db", _as_said_by(SYSTEM, "Check it\n请核对", QueryMessage.from_db)
            )
            for path in ("/?kind=query", f"/subjects/{treated.subject}/"):
                page = client.get(path).text
                assert seen in page, path
                assert other not in page, path
    assert message.text == "Seen twice"


def _as_said_by(by: str, text: str, load):
    def from_db(*args, **kwargs):
        row = load(*args, **kwargs)
        row.by, row.text = by, text
        return row

    return from_db


def test_a_draft_is_a_task_after_two_days_for_its_author_alone(treated, study):
    keep_draft(study, treated.address("demographics"), {"sex": "F"}, started_from=1, by="crc01")
    assert "draft_waits" not in whats(study, "crc01")
    Draft.objects.update(kept_at=Draft.objects.get().kept_at - timedelta(days=3))
    assert "draft_waits" in whats(study, "crc01")
    assert "draft_waits" not in whats(study, "crd01")


def test_a_serious_event_without_its_report_starts_the_clock_of_24_hours(treated, study):
    adverse_event(treated, 1, serious="Y")
    task = next(task for task in tasks_of(study, "inv01") if task.kind == "clock")
    assert task.what == "serious_unreported"
    entered = read_course(study, treated.subject).all_of("adverse_event")[0][0].first_at
    assert task.due - entered.date() in (timedelta(days=1), timedelta(days=2))  # the day at the site
    report = {"ae_number": 1, "report_type": "INITIAL", "aware_at": f"{day(8)}T09:00", "causality": "RELATED",
              "expected": "N", "life_threatening": "Y"}  # fmt: skip
    treated.save("serious_adverse_event", report, event="LOG", confirmed=True, reason="x")
    task = next(task for task in tasks_of(study, "inv01") if task.kind == "clock")
    assert (task.what, task.due, task.item) == ("report_due", day(9), "reported_at")
    treated.save("serious_adverse_event", {**report, "reported_at": f"{day(9)}T10:00"}, 1, event="LOG",
                 confirmed=True, reason="x")  # fmt: skip
    assert "clock" not in {task.kind for task in tasks_of(study, "inv01")}
    susar = next(task for task in tasks_of(study, "safety_officer", day(10)) if task.kind == "clock")
    assert susar.due == day(16)  # unexpected, suspected, life-threatening: seven days from the report


def test_a_new_version_of_the_consent_asks_the_others_again(treated, study):
    assert "reconsent" not in whats(study, "crc01")
    other = type(treated)(study, create_subject("01", by="crc01"))
    other.save("informed_consent", {**CONSENT, "consent_date": "2024-05-01", "consent_version": "2.0"})
    task = next(task for task in tasks_of(study, "crc01") if task.what == "reconsent")
    assert (task.subject, task.words["version"]) == (treated.subject, "2.0")
    again = {"consent_date": "2024-05-06", "consent_version": "2.0", "reason": "AMENDMENT"}
    treated.save("reconsent", again, event="LOG", confirmed=True, reason="x")
    assert "reconsent" not in whats(study, "crc01")


def test_what_carries_results_is_signed_by_the_investigator_and_again_after_a_change(treated, study):
    from small_study import PASSWORD

    assert "to_sign" not in whats(study, "crc01")
    task = next(task for task in tasks_of(study, "inv01") if task.kind == "sign")
    assert (task.address.form, task.words["count"]) == ("eligibility", 1)
    sign(treated.address("eligibility"), by="inv01", password=PASSWORD, revision=1, meaning="I confirm")
    assert "to_sign" not in whats(study, "inv01")


def test_the_end_of_treatment_is_awaited_after_progression(treated, study):
    assess(treated, day(57), 1, "PD")
    assert "end_awaited" in whats(study, "crc01")


def test_the_queries_of_the_start_page_do_not_grow_with_the_subjects(
    treated, client, django_assert_max_num_queries
):
    client.force_login(User.objects.get(username="inv01"))
    client.get("/")
    for _ in range(4):
        create_subject("01", by="crc01")
    with django_assert_max_num_queries(52):
        client.get("/")


def test_chips_leave_tasks_of_one_kind(treated, client):
    client.force_login(User.objects.get(username="crc01"))
    client.cookies["grevy_language"] = "en"
    everything, visits = client.get("/").text, client.get("/?kind=visit").text
    assert everything.count("data-go") > visits.count("data-go") > 0
    assert client.get("/?kind=nonsense&show=x").status_code == 200


# ---- The page of one patient ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_the_course_in_both_languages(treated, client, language):
    adverse_event(treated, 1, grade=3, decod="Hypertension")
    assess(treated, day(57), 1, "PR")
    client.force_login(User.objects.get(username="crc01"))
    client.cookies["grevy_language"] = language
    page = client.get(f"/subjects/{treated.subject}/").text
    for part in ("Hypertension", 'class="dose dose-full dose-mono"', "resp-mark-PR", "W8"):
        assert part in page
    sentence = {"en": "Vital signs, Cycle 1, day 1", "zh": "生命体征"}[language]
    assert sentence in page
    assert "style=" not in page


def test_forty_adverse_events_are_forty_rows_each_with_its_address(treated, client):
    for number in range(1, 41):
        adverse_event(treated, number)
    client.force_login(User.objects.get(username="crc01"))
    page = client.get(f"/subjects/{treated.subject}/all/adverse_event/", follow=True).text
    for number in range(1, 41):
        assert f"/subjects/{treated.subject}/LOG/1/adverse_event/{number}/" in page
    visits = client.get(f"/subjects/{treated.subject}/all/vital_signs/").text
    assert visits.count('<th scope="row">') == 1
    assert client.get(f"/subjects/{treated.subject}/all/nonsense/").status_code == 404


def test_the_next_free_number_is_offered_and_a_withdrawn_one_is_not_given_again(treated, study):
    def offered(form: str):
        found = {one.address.form: one.address for one in list_additions(study, treated.subject)}
        return found[form].event_seq, found[form].form_seq

    assert offered("adverse_event") == (1, 1)
    assert offered("unscheduled_visit") == (1, 1)
    adverse_event(treated, 1)
    withdraw_record(study, treated.address("adverse_event", event="LOG"), by="crc01", reason="Entered twice")
    assert offered("adverse_event") == (1, 2)
    visit = {"visit_date": day(9).isoformat(), "reason": "OTHER", "detail": "x"}
    treated.save("unscheduled_visit", visit, event="UNSCHEDULED", confirmed=True, reason="x")
    assert offered("unscheduled_visit") == (2, 1)
    assert offered("surufatinib_dosing") == (1, 2)


def test_the_dose_intensity_is_that_of_the_rule(treated, study):
    """28 days of 300 mg, 7 days of rest and 21 days of 250 mg are 81.25 percent."""
    dose(treated, FIRST, day(27), started_from=1)
    dose(treated, day(28), day(34), number=2, mg=0, why="PATIENT")
    dose(treated, day(35), number=3, mg=250, why="PATIENT")
    card = read_treatment(read_course(study, treated.subject), day(55))
    assert float(card.intensity) == 81.25
    assert (card.days_on_drug, card.days, card.reductions, card.interruptions) == (49, 56, 1, 1)


def test_who_only_reads_is_offered_nothing_to_add(treated, client):
    client.force_login(User.objects.get(username="monitor"))
    client.cookies["grevy_language"] = "en"
    page = client.get(f"/subjects/{treated.subject}/").text
    assert "/LOG/1/adverse_event/1/" not in page
    client.force_login(User.objects.get(username="crc02"))
    assert client.get(f"/subjects/{treated.subject}/").status_code == 403


def test_the_queries_of_the_page_do_not_grow_with_the_records(treated, client, django_assert_max_num_queries):
    client.force_login(User.objects.get(username="crc01"))
    client.get(f"/subjects/{treated.subject}/")
    for number in range(1, 9):
        adverse_event(treated, number)
    with django_assert_max_num_queries(40):
        client.get(f"/subjects/{treated.subject}/")


def test_neighbors_are_those_of_the_list_one_came_from(treated, client):
    others = [create_subject("01", by="crc01") for _ in range(3)]
    client.force_login(User.objects.get(username="crc01"))
    client.get("/subjects/?sort=-number")
    page = client.get(f"/subjects/{others[1]}/").text
    assert page.index(f'href="/subjects/{others[2]}/" data-before') < page.index(
        f'href="/subjects/{others[0]}/" data-after'
    )


# ---- Figures -------------------------------------------------------------------------------------------


def test_the_figures_equal_a_recount(treated, study):
    create_subject("02", by="crc02")
    key = open_query(treated.address("demographics"), "Is it right", by="monitor")
    open_query(treated.address("demographics"), "And that", by="monitor")
    answer_query(key, "Yes", by="crc01")
    today = site_today()
    figures = read_figures(study, None, today, "en")
    assert (figures.screened, figures.enrolled, figures.on_treatment) == (2, 1, 1)
    assert (figures.open_queries, figures.answers) == (2, 1)
    assert {group.kind: group.counts[0] for group in figures.ages} == {"answer_wanted": 1, "answer_given": 1}
    assert [site.code for site in figures.sites] == ["01", "02"]
    assert [site.enrolled for site in figures.sites] == [1, 0]
    assert sum(site.completeness.asked for site in figures.sites) == figures.completeness.asked
    own = read_figures(study, frozenset({"02"}), today, "en")
    assert (own.screened, own.enrolled, own.open_queries) == (1, 0, 0)
    assert sum(group.total for group in waiting_queries(frozenset({"02"}), today)) == 0


def test_scans_in_their_window_are_counted_once_the_window_is_over(treated, study):
    assess(treated, day(60), 1, "SD")
    assert read_figures(study, None, day(63), "en").scans == 0
    figures = read_figures(study, None, day(64), "en")
    assert (figures.scans_in_window, figures.scans) == (1, 1)
    later = read_figures(study, None, day(130), "en")
    assert (later.scans_in_window, later.scans) == (1, 2)


def test_enrollment_goes_on_at_the_rate_of_twelve_weeks():
    today = date(2024, 6, 30)
    days = tuple(today - timedelta(days=7 * n) for n in range(11, -1, -1))  # one a week
    found = project_enrollment(days, 36, today)
    assert found.rate == 1.0
    assert found.reached == today + timedelta(weeks=24)
    assert found.earliest < found.reached < found.latest
    assert project_enrollment(days, 12, today).reached is None  # the target is reached
    assert project_enrollment((), 12, today).rate == 0


def test_the_board_shows_no_outcome(treated, client):
    assess(treated, day(57), 1, "PR")
    client.force_login(User.objects.get(username="data_manager"))
    client.cookies["grevy_language"] = "en"
    page = client.get("/dashboard/").text
    assert "no outcome data" in page
    assert "resp-" not in page
    for language in ("en", "zh"):
        client.cookies["grevy_language"] = language
        assert client.get("/dashboard/").status_code == 200
