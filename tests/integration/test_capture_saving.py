"""Saving forms: revisions, reasons, merge, refusals. Nothing is written when a save is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from small_study import CONSENT, DIAGNOSIS, LESIONS, PERSON

from grevy.capture.actions import (
    create_subject,
    discard_draft,
    keep_draft,
    read_draft,
    restore_record,
    save_form,
    withdraw_record,
)
from grevy.capture.errors import (
    AgainstPolicy,
    Clash,
    ConfirmationNeeded,
    NotPermitted,
    ReasonMissing,
    Refused,
    UnknownPlace,
    ValuesRefused,
)
from grevy.capture.models import FormRecord, FormRevision, StudyEvent, Subject
from grevy.capture.policies import Address
from grevy.capture.revisions import read_revisions
from grevy.snapshot import latest_revisions

ELIGIBLE = {
    f"{kind}0{n}": ("MET" if kind == "in" else "NOT_MET") for kind in ("in", "ex") for n in range(1, 7)
} | {
    "decision": "ELIGIBLE",
    "decision_date": "2024-03-08",
}


def refuse(desk, error, form, values, started_from=0, **more):
    """The save is refused with this error, and the ledger is as it was."""
    before = (FormRevision.objects.count(), FormRecord.objects.count(), StudyEvent.objects.count())
    with pytest.raises(error) as caught:
        desk.save(form, values, started_from, **more)
    assert (FormRevision.objects.count(), FormRecord.objects.count(), StudyEvent.objects.count()) == before
    return caught.value


# ---- Revisions -----------------------------------------------------------------------------------------


def test_each_save_adds_a_revision_with_author_role_time_and_reason(desk):
    saved = desk.save("demographics", PERSON)
    again = desk.save("demographics", {**PERSON, "ecog": "0"}, 1, by="inv01", reason="Source checked")
    assert (saved.revision, again.revision) == (
        f"{desk.subject}/SCREENING/1/demographics/1#1",
        saved.revision[:-1] + "2",
    )
    first, second = FormRevision.objects.filter(record_id=desk.address("demographics").record).order_by(
        "number"
    )
    assert (first.by, first.role, first.site, first.reason) == ("crc01", "coordinator", "01", "")
    assert (second.by, second.role, second.reason) == ("inv01", "investigator", "Source checked")
    assert first.at <= second.at <= datetime.now(UTC)
    assert '"ecog":"1"' in first.content  # the old value stays


def test_a_change_after_the_first_save_needs_a_reason(desk):
    desk.save("demographics", PERSON)
    refuse(desk, ReasonMissing, "demographics", {**PERSON, "ecog": "0"}, 1)
    refuse(desk, ReasonMissing, "demographics", {**PERSON, "ecog": "0"}, 1, reason="  ")


def test_a_save_that_changes_nothing_makes_no_revision(desk):
    first = desk.save("demographics", PERSON)
    assert desk.save("demographics", dict(reversed(PERSON.items())), 1).revision == first.revision


def test_rows_without_a_key_get_one_that_stays(desk):
    rows = [
        {"drug": "SINTILIMAB", "partner_class": "PD1"},
        {"drug": "OCTREOTIDE_LAR", "partner_class": "SSA"},
    ]
    values = {"decision_date": "2024-03-08", "regimen": "COMBO", "partners": rows}
    desk.save("regimen_decision", values)
    kept = desk.values("regimen_decision")["partners"]
    assert [row["_key"] for row in kept] == ["1", "2"]
    desk.save("regimen_decision", {**values, "partners": kept[1:]}, 1, reason="First one was never given")
    assert [row["_key"] for row in desk.values("regimen_decision")["partners"]] == ["2"]


def test_the_clock_is_the_servers_for_people_and_runs_forward_for_simulated_data(desk):
    past = datetime(2020, 1, 1, tzinfo=UTC)
    assert "server" in str(refuse(desk, AgainstPolicy, "demographics", PERSON, at=past))
    assert "older" in str(refuse(desk, AgainstPolicy, "demographics", PERSON, at=past, origin="simulated"))
    naive = datetime(2090, 1, 1)  # noqa: DTZ001
    assert "zone" in str(refuse(desk, AgainstPolicy, "demographics", PERSON, at=naive, origin="simulated"))


# ---- Merge and clash -----------------------------------------------------------------------------------


def test_different_fields_of_two_people_merge(desk):
    desk.save("demographics", PERSON)
    desk.save("demographics", {**PERSON, "ecog": "0"}, 1, by="inv01", reason="Checked")
    saved = desk.save("demographics", {**PERSON, "height_cm": "170"}, 1, reason="Was missing")
    assert saved.number == 3
    assert saved.merged == (("ecog",),)
    assert desk.values("demographics") == {**PERSON, "ecog": "0", "height_cm": "170"}


def test_the_same_field_of_two_people_clashes_with_both_values_names_and_times(desk):
    desk.save("demographics", PERSON)
    desk.save("demographics", {**PERSON, "ecog": "0"}, 1, by="inv01", reason="Seen today")
    desk.save("demographics", {**PERSON, "ecog": "0", "weight_kg": "70"}, 2, by="crd01", reason="Was missing")
    error = refuse(
        desk, Clash, "demographics", {**PERSON, "ecog": "2", "height_cm": "170"}, 1, reason="Read wrongly"
    )
    (field,) = error.fields
    assert (field.field, field.base, field.mine, field.theirs) == (("ecog",), "1", "2", "0")
    assert (field.their_name, field.their_reason, error.my_name) == ("inv01", "Seen today", "crc01")
    assert field.their_time <= error.my_time
    assert "ecog" in str(error)


def test_two_first_saves_of_one_form_clash_or_merge(desk):
    desk.save("demographics", PERSON)
    refuse(desk, Clash, "demographics", {**PERSON, "sex": "F"}, 0, by="inv01", reason="Mine")
    merged = desk.save("demographics", {"height_cm": "170"}, 0, by="inv01", reason="Measured")
    assert merged.number == 2
    assert desk.values("demographics") == {**PERSON, "height_cm": "170"}


def test_a_base_that_never_was_is_refused(desk):
    desk.save("demographics", PERSON)
    refuse(desk, UnknownPlace, "demographics", PERSON, 7, reason="Why not")


# ---- Values --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "values", "item"),
    [
        ("demographics", {**PERSON, "height_cm": "tall"}, "height_cm"),  # wrong type
        ("demographics", {**PERSON, "height_cm": 170.5}, "height_cm"),  # a float is no decimal text
        ("demographics", {**PERSON, "sex": "X"}, "sex"),  # not in the code list
        ("demographics", {**PERSON, "birth_date": "1960-02-30"}, "birth_date"),  # no such day
        ("demographics", {**PERSON, "height_cm": "1700"}, "height_cm"),  # out of the hard range
        ("demographics", {**PERSON, "birth_date": "2999"}, "birth_date"),  # in the future
        ("informed_consent", {**CONSENT, "consent_date": "2999-01-01"}, "consent_date"),
    ],
)
def test_impossible_values_are_refused_by_form_and_item_without_the_value_in_the_text(
    desk, form, values, item
):
    started = 1 if form == "informed_consent" else 0
    error = refuse(desk, (ValuesRefused, TypeError), form, values, started, reason="x")
    if isinstance(error, ValuesRefused):
        assert item in {finding.item for finding in error.details}
        assert form in str(error)
        assert item in str(error)
        assert str(values[item]) not in str(error).replace(error.where, "")
        assert all(finding.message.en and finding.message.zh for finding in error.details)


def test_unusual_values_ask_once_and_are_kept_with_a_note(desk):
    unusual = {**PERSON, "height_cm": "231", "weight_kg": "180"}
    asked = refuse(desk, ConfirmationNeeded, "demographics", unusual)
    assert {finding.item for finding in asked.details} & {"height_cm", "weight_kg"}
    refuse(desk, ConfirmationNeeded, "demographics", unusual, confirmed=True)  # confirmed, but without a note
    desk.save("demographics", unusual, confirmed=True, reason="Measured twice")
    # the confirmed value is not asked about again
    desk.save("demographics", {**unusual, "ecog": "0"}, 1, reason="Checked")


@pytest.mark.parametrize(
    ("place", "values", "named"),
    [
        ({"form": "no_such_form"}, {}, "unknown form"),
        ({"event": "NOWHERE"}, {}, "unknown event"),
        ({"event": "EOT"}, {}, "does not belong"),
        ({"form_seq": 2}, {}, "does not repeat"),
        ({"event_seq": 0}, {}, "count from 1"),
        ({}, {"shoe_size": "42"}, "shoe_size"),
    ],
)
def test_unknown_places_and_items_are_refused(desk, study, place, values, named):
    whole = {
        "subject": desk.subject,
        "event": "SCREENING",
        "event_seq": 1,
        "form": "demographics",
        "form_seq": 1,
    }
    with pytest.raises(UnknownPlace, match=named):
        save_form(study, Address(**(whole | place)), {**PERSON, **values}, started_from=0, by="crc01")
    with pytest.raises(UnknownPlace, match="no such subject"):
        save_form(
            study, Address("01-999", "SCREENING", 1, "demographics"), PERSON, started_from=0, by="crc01"
        )


def test_unknown_items_in_rows_and_doubled_row_keys_are_refused(desk):
    values = {"decision_date": "2024-03-08", "regimen": "COMBO"}
    error = refuse(desk, UnknownPlace, "regimen_decision", {**values, "partners": [{"dose": "1"}]})
    assert "partners.dose" in str(error)
    rows = [{"_key": "a", "drug": "OTHER"}, {"_key": "a", "drug": "OTHER"}]
    assert "same key" in str(refuse(desk, UnknownPlace, "regimen_decision", {**values, "partners": rows}))


# ---- Order ---------------------------------------------------------------------------------------------


def test_nothing_but_consent_is_stored_before_consent(study, people):
    subject = create_subject("01", by="crc01")
    with pytest.raises(AgainstPolicy, match="consent"):
        save_form(study, Address(subject, "SCREENING", 1, "demographics"), PERSON, started_from=0, by="crc01")


def test_withdrawn_consent_stops_entry(desk, study):
    withdraw_record(study, desk.address("informed_consent"), by="crc01", reason="Signed by another person")
    refuse(desk, AgainstPolicy, "demographics", PERSON)


DOSE = {"start_date": "2024-03-11", "dose_mg": 300, "change_reason": "START"}


@pytest.mark.parametrize(
    ("form", "event", "values"),
    [
        ("surufatinib_dosing", "LOG", DOSE),
        ("end_of_treatment", "EOT", {"last_dose_date": "2024-05-01", "reason": "WITHDRAWAL"}),
        ("survival_followup", "SURVIVAL_FU", {"contact_date": "2024-05-01", "status": "ALIVE"}),
    ],
)
def test_steps_that_skip_one_are_refused(desk, form, event, values):
    error = refuse(desk, AgainstPolicy, form, values, event=event, origin="import", confirmed=True)
    assert "has not reached" in str(error)


def test_the_subjects_state_is_the_furthest_step_in_whatever_order_papers_come(desk):
    def state():
        return Subject.objects.get(number=desk.subject).state

    desk.save("demographics", PERSON)
    desk.save("nen_diagnosis", DIAGNOSIS, confirmed=True, reason="As in the source")
    desk.save("baseline_lesions", LESIONS, confirmed=True, reason="As in the source")
    desk.save("eligibility", ELIGIBLE, by="inv01", confirmed=True, reason="As in the source")
    assert state() == "ELIGIBLE"
    desk.save("surufatinib_dosing", DOSE, event="LOG", confirmed=True, reason="As in the source")
    assert state() == "ON_TREATMENT"
    desk.save(
        "death", {"death_date": "2024-06", "cause": "PD"}, event="EOS", confirmed=True, reason="Certificate"
    )
    late = {"last_dose_date": "2024-05-01", "reason": "PROGRESSION_RECIST", "progression_date": "2024-05-01"}
    desk.save("end_of_treatment", late, event="EOT", confirmed=True, reason="Late")
    assert state() == "DEAD"
    steps = Subject.objects.get(number=desk.subject).steps.order_by("number").values_list("state", flat=True)
    assert list(steps) == ["SCREENING", "ELIGIBLE", "ON_TREATMENT", "DEAD", "TREATMENT_ENDED"]


# ---- Withdrawal, drafts, subjects ----------------------------------------------------------------------


def test_a_withdrawn_record_leaves_the_data_stays_in_the_history_and_comes_back(desk, study):
    desk.save("demographics", PERSON)
    address = desk.address("demographics")

    def forms():
        return {r.form for r in latest_revisions(read_revisions(), datetime.now(UTC) + timedelta(days=1))}

    with pytest.raises(ReasonMissing):
        withdraw_record(study, address, by="crc01", reason=" ")
    withdraw_record(study, address, by="crc01", reason="Wrong subject")
    assert "demographics" not in forms()
    refuse(desk, AgainstPolicy, "demographics", {**PERSON, "ecog": "0"}, 2, reason="x")
    with pytest.raises(AgainstPolicy):
        withdraw_record(study, address, by="crc01", reason="Again")
    restore_record(study, address, by="crc01", reason="It was right")
    assert "demographics" in forms()
    assert FormRevision.objects.filter(record_id=address.record).count() == 3


def test_a_draft_is_private_unchecked_and_gone_after_the_save(desk, study):
    address = desk.address("demographics")
    keep_draft(study, address, {"height_cm": "impossible"}, started_from=0, by="crc01")
    keep_draft(study, address, {"height_cm": "17"}, started_from=0, by="crc01")
    assert read_draft(address, by="crc01").content == '{"height_cm":"17"}'
    assert read_draft(address, by="inv01") is None
    assert not discard_draft(address, by="inv01")
    desk.save("demographics", PERSON, by="inv01")
    assert read_draft(address, by="crc01") is not None  # another person's save leaves it
    desk.save("demographics", {**PERSON, "height_cm": "170"}, 1, reason="Measured")
    assert read_draft(address, by="crc01") is None
    with pytest.raises(NotPermitted):
        keep_draft(study, address, {}, started_from=0, by="crc02")
    with pytest.raises(UnknownPlace):
        keep_draft(study, address, {"shoe": "1"}, started_from=0, by="crc01")


def test_screening_numbers_follow_each_other_within_a_site(people):
    assert [create_subject("01", by="crc01"), create_subject("01", by="inv01")] == ["01-001", "01-002"]
    assert create_subject("02", by="crc02") == "02-001"
    with pytest.raises(AgainstPolicy, match="taken"):
        create_subject("01", by="crc01", number="01-002")
    with pytest.raises(AgainstPolicy):
        create_subject("01", by="crc01", number="02-009")


def test_a_refusal_inside_a_batch_writes_nothing_of_its_own(desk, study):
    from grevy.capture.ledger import ledger_transaction

    with ledger_transaction():
        with pytest.raises(Refused):
            desk.save("demographics", {**PERSON, "sex": "X"})
        desk.save("demographics", PERSON)
    assert FormRevision.objects.filter(record_id=desk.address("demographics").record).count() == 1


def test_a_closed_account_writes_no_more(desk):
    User.objects.filter(username="crc01").update(is_active=False)
    refuse(desk, NotPermitted, "demographics", PERSON)
