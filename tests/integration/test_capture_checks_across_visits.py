"""Edit checks at entry that read earlier visits, logs, and the end of the study."""

from __future__ import annotations

import pytest
from small_study import CONSENT

from grevy.capture.actions import save_form, withdraw_record
from grevy.capture.errors import ConfirmationNeeded, UnknownPlace
from grevy.capture.ledger import ledger_transaction
from grevy.capture.models import Query
from grevy.capture.other_records import other_values

CYCLE = {"event": "CYCLE"}
EVENT = {"term": "Nausea", "decod": "Nausea", "soc": "Gastrointestinal disorders", "start_date": "2024-04-10",
         "grade": 1, "serious": "N", "ongoing": "Y"}  # fmt: skip


def asked(desk, form, values, **place):
    """The messages of what a save asks to confirm."""
    with pytest.raises(ConfirmationNeeded) as caught:
        desk.save(form, values, **place)
    return " ".join(finding.message.en for finding in caught.value.details)


def visit(day, weight="60"):
    return {"assessed_date": day, "weight": weight}


def test_a_value_is_compared_with_the_visit_before(desk):
    desk.save("vital_signs", visit("2024-03-10"))
    desk.save("vital_signs", visit("2024-04-08"), **CYCLE, event_seq=1)
    assert "more than 10%" in asked(desk, "vital_signs", visit("2024-05-06", "53"), **CYCLE, event_seq=2)


def test_the_visit_before_follows_the_date_that_is_being_typed(desk):
    desk.save("vital_signs", visit("2024-03-10", "60"))
    desk.save("vital_signs", visit("2024-05-06", "66"), **CYCLE, event_seq=2)
    assert "10%" in asked(desk, "vital_signs", visit("2024-06-03", "59"), **CYCLE, event_seq=1)
    desk.save("vital_signs", visit("2024-04-08", "60.5"), **CYCLE, event_seq=1)


def test_a_withdrawn_visit_is_not_the_one_before(desk, study):
    desk.save("vital_signs", visit("2024-03-10", "60"))
    desk.save("vital_signs", visit("2024-04-08", "65"), **CYCLE, event_seq=1)
    address = desk.address("vital_signs", "CYCLE", 1)
    withdraw_record(study, address, by="crc01", reason="Another patient")
    assert "10%" in asked(desk, "vital_signs", visit("2024-05-06", "67"), **CYCLE, event_seq=2)


def test_visits_in_the_wrong_order_are_asked_about(desk):
    desk.save("vital_signs", visit("2024-05-06"), **CYCLE, event_seq=1)
    assert "exchanged" in asked(desk, "vital_signs", visit("2024-04-08"), **CYCLE, event_seq=2)


def test_every_visit_sees_the_date_of_death(desk):
    desk.save("death", {"death_date": "2024-05-01", "cause": "PD"}, event="EOS")
    assert "after the date of death" in asked(desk, "vital_signs", visit("2024-05-02"), **CYCLE)
    assert "after the date of death" in asked(desk, "adverse_event", {**EVENT, "start_date": "2024-06"},
                                              event="LOG")  # fmt: skip


def test_the_date_of_death_sees_all_records_of_a_log(desk):
    for form_seq in (1, 2):
        event = {**EVENT, "decod": f"Event {form_seq}", "start_date": f"2024-0{3 + form_seq}-10"}
        desk.save("adverse_event", event, event="LOG", form_seq=form_seq)
    text = asked(desk, "death", {"death_date": "2024-05-01", "cause": "PD"}, event="EOS")
    assert "adverse event begins after the date of death" in text


def test_a_log_counts_the_record_that_is_being_typed_once(desk):
    desk.save("adverse_event", EVENT, event="LOG", form_seq=1)
    again = desk.save("adverse_event", {**EVENT, "grade": 2}, 1, event="LOG", form_seq=1, reason="Grade")
    assert again.number == 2
    assert "recorded twice" in asked(desk, "adverse_event", EVENT, event="LOG", form_seq=2)


def test_records_of_the_same_transaction_are_seen_before_they_are_written(desk, study):
    with ledger_transaction() as ledger:
        for number in (1, 2):
            address = desk.address("adverse_event", "LOG", 1, number)
            values = {**EVENT, "start_date": f"2024-04-1{number}"}
            save_form(study, address, values, started_from=0, by="crc01")
        address = desk.address("death", "EOS")
        assert len(other_values(study, ledger, address, {})["adverse_event"]["records"]) == 2


def test_the_end_of_the_study_comes_once(desk):
    with pytest.raises(UnknownPlace, match="once"):
        desk.save("death", {"death_date": "2024-05-01", "cause": "PD"}, event="EOS", event_seq=2)


def test_consent_is_read_by_all_and_reads_none(desk, study):
    with ledger_transaction() as ledger:
        assert other_values(study, ledger, desk.address("informed_consent"), CONSENT) == {}


def test_what_a_value_brings_about_elsewhere_is_confirmed_on_the_page_with_a_note(
    desk, client, django_user_model
):
    desk.save("vital_signs", visit("2024-05-02"), **CYCLE)
    client.force_login(django_user_model.objects.get(username="crc01"))
    death = {"values": {"death_date": "2024-05-01", "cause": "PD"}, "started_from": 0}

    def save(**more):
        place = f"/subjects/{desk.subject}/EOS/1/death/1/save/"
        return client.post(place, death | more, content_type="application/json")

    asked = save()
    assert (asked.status_code, asked.json()["problem"]) == (422, "confirm")
    (one,) = asked.json()["elsewhere"]
    assert (one["path"], one["level"]) == ("death_date", "soft")
    assert "after the date of death" in one["message"]
    told = save(notes={f"{one['path']}|{one['rule']}": "Told by the family"})
    assert told.status_code == 200, told.json()
    assert Query.objects.filter(record_id=f"{desk.subject}/CYCLE/1/vital_signs/1").count() == 1
