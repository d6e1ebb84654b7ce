"""A save that the network made the browser send again is stored once; a draft that comes late is left out."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from small_study import PERSON

from grevy.capture.actions import keep_draft, lock, read_draft
from grevy.capture.errors import AgainstPolicy, ConfirmationNeeded, NotPermitted
from grevy.capture.models import FormRevision, LedgerRowsStay, Submission
from grevy.capture.pages import forms

KEY = "0123456789abcdef-0"


def revisions(desk) -> int:
    return FormRevision.objects.filter(record_id=desk.address("demographics").record).count()


# ---- Saves ---------------------------------------------------------------------------------------------


def test_the_same_save_sent_again_gets_the_same_answer_and_is_stored_once(desk):
    first = desk.save("demographics", PERSON, submission=KEY)
    desk.save("demographics", {**PERSON, "ecog": "0"}, 1, by="inv01", reason="Seen today")
    assert desk.save("demographics", PERSON, submission=KEY) == first
    assert revisions(desk) == 2
    assert desk.values("demographics")["ecog"] == "0"


def test_the_answer_of_a_merged_save_is_given_again_as_it_was(desk):
    desk.save("demographics", PERSON)
    desk.save("demographics", {**PERSON, "ecog": "0"}, 1, by="inv01", reason="Checked")
    mine = {**PERSON, "height_cm": "170"}
    saved = desk.save("demographics", mine, 1, reason="Was missing", submission=KEY)
    assert saved.merged == (("ecog",),)
    assert desk.save("demographics", mine, 1, reason="Was missing", submission=KEY) == saved


def test_a_save_that_changed_nothing_is_answered_again_after_another_saved(desk):
    desk.save("demographics", PERSON)
    nothing = desk.save("demographics", PERSON, 1, submission=KEY)
    desk.save("demographics", {**PERSON, "ecog": "0"}, 1, by="inv01", reason="Checked")
    assert desk.save("demographics", PERSON, 1, submission=KEY) == nothing


def test_the_answer_is_given_again_when_the_record_has_been_locked_since(desk):
    saved = desk.save("demographics", PERSON, submission=KEY)
    lock(desk.address("demographics").record, by="data_manager", reason="Clean", level="LOCKED")
    assert desk.save("demographics", PERSON, submission=KEY) == saved


def test_a_save_without_a_key_leaves_no_answer(desk):
    desk.save("demographics", PERSON)
    assert not Submission.objects.exists()


def test_a_refused_save_leaves_its_key_free(desk):
    unusual = {**PERSON, "height_cm": "231", "weight_kg": "180"}
    with pytest.raises(ConfirmationNeeded):
        desk.save("demographics", unusual, submission=KEY)
    saved = desk.save("demographics", unusual, reason="Measured twice", confirmed=True, submission=KEY)
    assert saved.number == 1


@pytest.mark.parametrize(
    "other",
    [
        {"by": "inv01"},  # another person
        {"form": "informed_consent"},  # another record
        {"values": {**PERSON, "ecog": "0"}},  # other values: silence would lose them
        {"started_from": 1},
        {"reason": "Another one"},
    ],
)
def test_a_key_is_not_used_for_another_save(desk, other):
    desk.save("demographics", PERSON, submission=KEY)
    again = {"form": "demographics", "values": PERSON, "started_from": 0, **other}
    with pytest.raises(AgainstPolicy, match="another save"):
        desk.save(**again, submission=KEY)
    assert revisions(desk) == 1


def test_a_person_who_lost_the_role_is_refused_though_the_save_was_stored(desk):
    desk.save("demographics", PERSON, submission=KEY)
    with pytest.raises(NotPermitted):
        desk.save("demographics", PERSON, submission=KEY, by="crc02")


@pytest.mark.parametrize("key", ["short", "x" * 65, "0123456789abcde ", "0123456789abcdef\n"])
def test_a_key_that_could_be_met_by_chance_is_refused(desk, key):
    with pytest.raises(AgainstPolicy, match="16 to 64"):
        desk.save("demographics", PERSON, submission=key)


def test_answers_stay(desk):
    desk.save("demographics", PERSON, submission=KEY)
    with pytest.raises(LedgerRowsStay):
        Submission.objects.all().delete()
    for sql in ("UPDATE capture_submission SET number = 9", "DELETE FROM capture_submission"):
        with pytest.raises(DatabaseError, match="stay"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_today_is_the_day_of_the_first_try_when_the_save_gets_through_after_midnight(desk, monkeypatch):
    client, day = Client(headers={"accept": "application/json"}), date(2026, 3, 5)
    client.force_login(User.objects.get(username="crc01"))
    path = f"/subjects/{desk.subject}/SCREENING/1/vital_signs/1/save/"

    def send(today: date, typed_on: str, key: str, started_from: int = 0):
        monkeypatch.setattr(forms, "site_today", lambda: today)
        sent = {
            "values": {"assessed_date": "t", "temperature": "36.5"},
            "started_from": started_from,
            "submission": key,
        }
        sent |= {"typed_on": typed_on, "reasons": {"": "Source"}}
        return client.post(path, json.dumps(sent), "application/json")

    first = send(day, "2026-03-05", KEY)
    assert first.status_code == 200, first.text
    again = send(day + timedelta(days=1), "2026-03-05", KEY)
    assert again.json()["number"] == first.json()["number"]
    assert desk.values("vital_signs")["assessed_date"] == "2026-03-05"
    for wrong in ("2026-03-07", "2025-03-05", "yesterday"):  # a wrong clock
        assert send(day + timedelta(days=1), wrong, f"{KEY}{wrong[:7]}", 1).status_code == 200
        assert desk.values("vital_signs")["assessed_date"] == "2026-03-06"


# ---- Drafts --------------------------------------------------------------------------------------------


def draft(desk, height: str, sequence: int | None, started_from: int = 0):
    address = desk.address("demographics")
    return keep_draft(
        desk.study, address, {"height_cm": height}, started_from=started_from, by="crc01", sequence=sequence
    )


def drafted(desk) -> str | None:
    kept = read_draft(desk.address("demographics"), by="crc01")
    return kept.content if kept else None


def test_a_draft_that_arrives_after_a_later_one_is_left_out(desk):
    assert draft(desk, "171", 12)
    assert draft(desk, "17", 11) is None
    assert drafted(desk) == '{"height_cm":"171"}'
    assert draft(desk, "172", 13)
    assert drafted(desk) == '{"height_cm":"172"}'


def test_a_draft_that_arrives_after_the_save_it_was_typed_for_is_left_out(desk):
    draft(desk, "17", 11)
    desk.save("demographics", {**PERSON, "height_cm": "171"})
    assert draft(desk, "171", 12) is None
    assert drafted(desk) is None
    # what is typed after the save is kept, and another person's save hinders nobody
    desk.save("demographics", {**PERSON, "height_cm": "172"}, 1, by="inv01", reason="Measured again")
    assert draft(desk, "173", 13, started_from=1)


def test_a_draft_takes_no_lock_of_the_ledger_and_writes_once(desk, django_assert_num_queries):
    from grevy.capture.models import ChainHead

    draft(desk, "17", 11)
    with django_assert_num_queries(6) as seen:
        draft(desk, "171", 12)
    statements = [query["sql"] for query in seen.captured_queries]
    assert not [sql for sql in statements if ChainHead._meta.db_table in sql]
    assert [sql.split()[0] for sql in statements].count("UPDATE") == 1


def test_the_migrations_are_those_of_the_models(db):
    call_command("makemigrations", "capture", check=True, dry_run=True, verbosity=0)


def test_a_save_that_changed_nothing_takes_the_draft_away_too(desk):
    desk.save("demographics", PERSON)
    draft(desk, "17", 11, started_from=1)
    desk.save("demographics", PERSON, 1)
    assert drafted(desk) is None
