"""Work in the background: shown while it runs, cancelled, begun again after a worker died, failures told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone
from small_study import PERSON

from grevy.capture import jobs
from grevy.capture.actions.jobs import (
    LOST_AFTER,
    MOST_TRIES,
    ask_job,
    cancel_job,
    end_job,
    find_job,
    put_job_back,
    take_job,
)
from grevy.capture.jobs import Worker
from grevy.capture.models import Job, JobState
from grevy.capture.words import WORDS

BY = "data_manager"


@pytest.fixture
def client(desk) -> Client:
    client = Client(headers={"accept-language": "zh"})
    client.force_login(User.objects.get(username=BY))
    return client


@pytest.fixture
def steps(monkeypatch):
    """A kind of work that goes through the functions it is given, each before the next step."""

    def begin(*between):
        def work(asked, step):
            for number, act in enumerate(between):
                step(number, len(between))
                act()
            return {"asked": asked}

        monkeypatch.setattr(jobs, "NOTE_EVERY", 0)
        monkeypatch.setitem(jobs.WORKS, "steps", work)
        return ask_job("steps", {"n": len(between)}, by=BY)

    return begin


def state_of(key: str) -> str:
    return Job.objects.get(key=key).state


def test_work_is_asked_for_once_done_and_its_result_kept(people, steps):
    key = steps(lambda: None)
    assert ask_job("steps", {"n": 1}, by=BY) == key
    assert ask_job("steps", {"n": 1}, by="administrator") != key
    assert Worker().work_once()
    assert (state_of(key), Job.objects.get(key=key).result) == (JobState.DONE, '{"asked": {"n": 1}}')
    assert find_job("steps", {"n": 1}, by=BY).key == key
    assert ask_job("steps", {"n": 1}, by=BY) != key


def test_how_far_it_is_can_be_seen_while_it_runs_and_by_nobody_else(client, steps):
    seen = []
    key = steps(lambda: None, lambda: seen.append(client.get(f"/jobs/{key}/").json()))
    assert client.get(f"/jobs/{key}/").json()["told"] == WORDS["job_WAITING"][1]
    Worker().work_once()
    assert seen == [{"state": "RUNNING", "open": True, "done": 1, "total": 2, "told": "已完成 1 / 2。"}]
    other = Client()
    other.force_login(User.objects.get(username="crc01"))
    assert other.get(f"/jobs/{key}/").status_code == 404
    assert other.post(f"/jobs/{key}/cancel/").status_code == 404


def test_a_job_is_cancelled_while_it_waits_and_while_it_runs(client, steps):
    waits = steps(lambda: None)
    assert client.post(f"/jobs/{waits}/cancel/", {"next": "/checks/"}).headers["Location"] == "/checks/"
    for elsewhere in ("//evil.example/", "https://evil.example/"):
        assert client.post(f"/jobs/{waits}/cancel/", {"next": elsewhere}).headers["Location"] == "/"
    assert state_of(waits) == JobState.CANCELLED
    assert not Worker().work_once()
    reached = []
    runs = steps(lambda: cancel_job(runs, by=BY), lambda: reached.append("the step after"))
    assert Worker().work_once()
    assert (state_of(runs), reached) == (JobState.CANCELLED, [])
    assert not cancel_job(runs, by=BY)


def test_a_job_goes_back_when_its_worker_is_told_to_stop(people, steps):
    worker = Worker()
    key = steps(worker.stopping.set, lambda: None)
    worker.work_once()
    assert (state_of(key), Job.objects.get(key=key).tries) == (JobState.WAITING, 0)
    Worker().work_once()
    assert state_of(key) == JobState.DONE


def test_a_job_whose_worker_died_is_begun_again_and_not_without_end(people, steps):
    key = steps(lambda: None)
    for tried in range(1, MOST_TRIES + 1):
        assert take_job().tries == tried
        assert take_job() is None  # while its worker lives, it is that worker's
        Job.objects.update(beat_at=timezone.now() - 2 * LOST_AFTER)
    assert take_job() is None
    assert (state_of(key), Job.objects.get(key=key).problem) == (JobState.FAILED, "job_lost")


def test_of_two_workers_that_see_the_same_job_one_takes_it(people, steps):
    key, taken = steps(lambda: None), []

    def let_another_be_first(execute, sql, *rest):
        if '"tries" = (' in sql and not taken:  # about to take what it saw
            taken.append(None)
            taken[0] = take_job()
        return execute(sql, *rest)

    with connection.execute_wrapper(let_another_be_first):
        assert take_job() is None
    assert (taken[0].key, taken[0].tries, Job.objects.get(key=key).tries) == (key, 1, 1)


def test_a_worker_that_lost_its_job_to_another_neither_ends_nor_goes_on_with_it(people, steps):
    reached = []

    def be_silent_for_too_long():
        Job.objects.update(beat_at=timezone.now() - 2 * LOST_AFTER)
        assert take_job().tries == 2

    key = steps(be_silent_for_too_long, lambda: reached.append("the step after"))
    Worker().work_once()
    assert (state_of(key), reached) == (JobState.RUNNING, [])
    late = Job(key=key, tries=1)
    end_job(late, JobState.DONE, result="stale")
    put_job_back(late)
    assert (state_of(key), Job.objects.get(key=key).result) == (JobState.RUNNING, "")


def test_a_failure_is_told_with_its_reference_and_the_next_job_is_done(client, steps, caplog):
    def fail() -> None:
        raise ValueError("the value of a patient")

    key = steps(fail)
    following = ask_job("steps", {"n": 9}, by=BY)
    assert Worker().work_once()
    reference = Job.objects.get(key=key).problem
    page = client.get(f"/jobs/{key}/").text
    assert reference in page
    assert reference in caplog.text
    assert "the value of a patient" not in page + caplog.text + Job.objects.get(key=key).result
    assert Worker().work_once()
    assert state_of(following) == JobState.FAILED


def test_work_for_a_version_that_is_gone_says_so_and_one_that_waits_long_too(client):
    key = ask_job("preview_check", {"check": "VS_FEVER", "study": "another"}, by=BY)
    Job.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    assert client.get(f"/jobs/{key}/").json()["told"] == WORDS["job_no_worker"][1]
    Worker().work_once()
    assert WORDS["job_other_version"][1] in client.get(f"/jobs/{key}/").json()["told"]


def test_the_checks_page_shows_a_job_that_waits_and_one_that_was_cancelled(desk, client):
    desk.save("demographics", PERSON)
    here = client.post("/checks/", {"check": "VS_FEVER"}).headers["Location"]
    page = client.get(here).text
    assert WORDS["job_cancel"][1] in page
    cancel_job(Job.objects.get().key, by=BY)
    page = client.get(here).text
    assert WORDS["job_CANCELLED"][1] in page
    assert WORDS["checks_count"][1] in page
