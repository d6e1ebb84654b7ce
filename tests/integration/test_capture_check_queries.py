"""Queries that checks open and close by themselves: one per cause, never about what was confirmed."""

from __future__ import annotations

import pytest

from grevy.capture.actions import (
    Place,
    answer_query,
    cancel_query,
    close_query,
    lock,
    open_queries,
    open_query,
    reopen_query,
    restore_record,
    save_form,
    undo_queries,
    withdraw_record,
)
from grevy.capture.actions.queries import QUERY_STEPS
from grevy.capture.errors import AgainstPolicy, ConfirmationNeeded
from grevy.capture.models import Confirmation, Query, QueryMessage, QueryState

CYCLE = {"event": "CYCLE"}
LATE = {"death_date": "2024-05-01", "cause": "PD"}
NOTE = "The hospital's letter says so"


def visit(day, weight="60", **more):
    return {"assessed_date": day, "weight": weight, **more}


def imported(desk, form, values, started_from=0, **more):
    return desk.save(form, values, started_from, confirmed=True, origin="import", **more)


def states():
    return {(q.record_id.split("/", 1)[1], q.check_id): q.state for q in Query.objects.all()}


def the_query():
    return Query.objects.get()


def turns(query):
    return list(QueryMessage.objects.filter(query=query).order_by("number"))


@pytest.fixture
def contradicted(desk):
    """A visit after the death that was confirmed at the form on death: one query at the visit."""
    desk.save("vital_signs", visit("2024-06-03"), **CYCLE)
    desk.save("death", LATE, event="EOS", confirmed=True, reason=NOTE)
    return desk


# ---- Opened and closed ---------------------------------------------------------------------------------


def test_a_death_entered_later_names_the_visit_that_conflicts_and_asks_there(desk):
    desk.save("vital_signs", visit("2024-06-03"), **CYCLE, event_seq=3)
    desk.save("vital_signs", visit("2024-04-08"), **CYCLE, event_seq=1)
    with pytest.raises(ConfirmationNeeded) as caught:
        desk.save("death", LATE, event="EOS")
    (finding,) = caught.value.details
    assert finding.record == f"{desk.subject}/CYCLE/3/vital_signs/1"
    assert "Vital signs (Day 1 of the cycle 3): The vital signs were measured after" in finding.message.en
    assert "生命体征（周期第1天 3）" in finding.message.zh
    assert states() == {}
    desk.save("death", LATE, event="EOS", confirmed=True, reason=NOTE)
    assert states() == {("CYCLE/3/vital_signs/1", "VS_AFTER_DEATH"): "OPEN"}


def test_the_query_names_system_check_version_and_trigger_in_both_languages(contradicted):
    (turn,) = turns(the_query())
    assert (turn.by, turn.role, turn.site) == ("system", "system", "01")
    assert turn.reason == (
        f"check VS_AFTER_DEATH, study version 1.0, after {contradicted.subject}/EOS/1/death/1#1"
    )
    assert turn.text.split("\n") == [
        "The vital signs were measured after the date of death. Check both dates.",
        "测量日期晚于死亡日期，请核对两个日期。",
    ]
    assert (turn.item, turn.revision_number) == ("assessed_date", 1)


@pytest.mark.parametrize("is_answered", [False, True])
def test_the_query_is_closed_when_the_data_are_right_whichever_record_is_corrected(contradicted, is_answered):
    query = the_query()
    if is_answered:
        answer_query(query.key, "We look", by="crc01")
    contradicted.save("death", {**LATE, "death_date": "2024-07-01"}, 1, event="EOS", reason="Typing error")
    assert the_query().state == "CLOSED"
    last = turns(query)[-1]
    assert (last.by, last.kind) == ("system", "CLOSED")
    assert last.reason.startswith("check VS_AFTER_DEATH, study version 1.0, after ")
    assert last.reason.endswith("/EOS/1/death/1#2")


def test_a_change_that_the_check_does_not_read_leaves_the_query_alone(contradicted):
    contradicted.save("vital_signs", visit("2024-06-03", pulse=72), 1, **CYCLE, reason="Added")
    assert [turn.kind for turn in turns(the_query())] == ["OPEN"]


def test_what_fires_again_is_asked_again_in_the_same_query(contradicted):
    later = {**LATE, "death_date": "2024-07-01"}
    contradicted.save("death", later, 1, event="EOS", reason="Typing error")
    contradicted.save("death", LATE, 2, event="EOS", confirmed=True, reason="It was right")
    assert [turn.kind for turn in turns(the_query())] == ["OPEN", "CLOSED", "REOPENED"]
    assert the_query().state == "REOPENED"


def test_what_a_person_closed_is_asked_again_only_after_the_value_changed(contradicted):
    query = the_query()
    answer_query(query.key, "As in the source", by="crc01")
    close_query(query.key, "Thank you", by="data_manager")
    contradicted.save("death", {**LATE, "death_date": "2024-05-02"}, 1, event="EOS", reason="Day")
    assert the_query().state == "CLOSED"
    imported(contradicted, "vital_signs", visit("2024-06-04"), 1, **CYCLE, reason="Import")
    assert the_query().state == "REOPENED"


def test_a_withdrawn_record_has_no_open_query_of_a_check_and_gets_it_back_when_restored(contradicted, study):
    address = contradicted.address("vital_signs", "CYCLE")
    withdraw_record(study, address, by="crc01", reason="Another patient")
    assert the_query().state == "CLOSED"
    assert "withdrawn" in turns(the_query())[-1].text
    restore_record(study, address, by="crc01", reason="It was this one")
    assert the_query().state == "REOPENED"


def test_a_withdrawn_death_closes_what_it_asked_elsewhere(contradicted, study):
    withdraw_record(study, contradicted.address("death", "EOS"), by="crc01", reason="Alive")
    assert the_query().state == "CLOSED"


def test_a_locked_record_is_not_asked_about(desk):
    desk.save("vital_signs", visit("2024-06-03"), **CYCLE)
    lock(desk.address("vital_signs", "CYCLE").record, by="data_manager", reason="Done")
    desk.save("death", LATE, event="EOS", confirmed=True, reason=NOTE)
    assert states() == {}


# ---- Confirmed -----------------------------------------------------------------------------------------


def test_a_confirmed_value_is_kept_with_its_note_and_not_asked_about(desk):
    desk.save("vital_signs", visit("2024-04-08", temperature="38.5"), **CYCLE, confirmed=True, reason=NOTE)
    (kept,) = Confirmation.objects.all()
    assert (kept.check_id, kept.item, kept.reason, kept.by) == ("VS_FEVER", "temperature", NOTE, "crc01")
    desk.save("vital_signs", visit("2024-04-08", "61", temperature="38.5"), 1, **CYCLE, reason="Weight")
    assert states() == {}


def test_a_confirmed_conflict_is_not_asked_about_when_the_other_record_changes(desk):
    desk.save("death", LATE, event="EOS")
    desk.save("vital_signs", visit("2024-06-03"), **CYCLE, confirmed=True, reason=NOTE)
    desk.save("death", {**LATE, "death_date": "2024-05-02"}, 1, event="EOS", reason="Day")
    assert states() == {}


def test_an_import_comes_without_note_and_its_unusual_values_are_asked_about_once(desk):
    imported(desk, "vital_signs", visit("2024-04-08", "300", temperature="38.5"), **CYCLE)
    found = {check for _, check in states()}
    assert found == {"VS_FEVER", "soft_range"}
    imported(desk, "vital_signs", visit("2024-04-08", "299", temperature="38.5"), 1, **CYCLE, reason="Again")
    assert Query.objects.count() == 2
    imported(desk, "vital_signs", visit("2024-04-08", "62", temperature="36.5"), 2, **CYCLE, reason="Again")
    assert set(states().values()) == {"CLOSED"}


def test_each_row_has_its_query(desk):
    lesion = {"role": "TARGET", "organ": "LIVER", "kind": "NON_NODAL", "method": "CT", "diameter_mm": "8"}
    rows = [{**lesion, "lesion_id": f"T{n}"} for n in (1, 2)]
    imported(desk, "baseline_lesions", {"scan_date": "2024-03-01", "lesions": rows})
    small = Query.objects.filter(check_id="BL_TARGET_SMALL")
    assert len({query.row_key for query in small}) == len(small) == 2
    stored = desk.values("baseline_lesions")
    stored["lesions"][0]["diameter_mm"] = "18"
    imported(desk, "baseline_lesions", stored, 1, reason="Corrected")
    assert sorted(query.state for query in small.all()) == ["CLOSED", "OPEN"]


def test_simulated_entries_bring_their_own_queries(desk, study):
    address = desk.address("vital_signs", "CYCLE")
    from datetime import UTC, datetime

    at = datetime.now(UTC)
    values = visit("2024-04-08", temperature="38.5")
    save_form(study, address, values, started_from=0, by="crc01", at=at, origin="simulated", confirmed=True)
    assert states() == {}


def test_a_question_in_the_words_of_a_check_is_that_check_s_question(desk):
    desk.save("vital_signs", visit("2024-06-03"), **CYCLE)
    place = desk.address("vital_signs", "CYCLE")
    open_query(place, "After death?", by="data_manager", item="assessed_date", check="VS_AFTER_DEATH",
               study_version="1.0")  # fmt: skip
    desk.save("death", LATE, event="EOS", confirmed=True, reason=NOTE)
    assert Query.objects.count() == 1
    desk.save("death", {**LATE, "death_date": "2024-07-01"}, 1, event="EOS", reason="Typing error")
    assert the_query().state == "CLOSED"


# ---- States --------------------------------------------------------------------------------------------

MOVES = {
    QueryState.ANSWERED: lambda key: answer_query(key, "text", by="crc01"),
    QueryState.CLOSED: lambda key: close_query(key, "text", by="data_manager"),
    QueryState.REOPENED: lambda key: reopen_query(key, "text", by="data_manager"),
    QueryState.CANCELLED: lambda key: cancel_query(key, "text", by="data_manager"),
}
WAYS = {
    "OPEN": (),
    "ANSWERED": ("ANSWERED",),
    "CLOSED": ("ANSWERED", "CLOSED"),
    "REOPENED": ("ANSWERED", "REOPENED"),
    "CANCELLED": ("CANCELLED",),
}
# From the first state to the second: o for a step there is, . for one that is refused.
TABLE = """
              ANSWERED CLOSED REOPENED CANCELLED
    OPEN             o      o        .         o
    ANSWERED         .      o        o         .
    CLOSED           .      .        o         .
    REOPENED         o      o        .         .
    CANCELLED        .      .        .         .
"""
HEAD, *LINES = (line.split() for line in TABLE.strip().splitlines())
STEPS = [
    (line[0], to, mark == "o") for line in LINES for to, mark in zip(HEAD, line[1:], strict=True)
]  # fmt: skip


@pytest.mark.parametrize(("start", "to", "is_allowed"), STEPS)
def test_the_table_of_states(desk, start, to, is_allowed):
    key = open_query(desk.address("informed_consent"), "Which version?", by="data_manager")
    for state in WAYS[start]:
        MOVES[state](key)
    assert (start in QUERY_STEPS[to]) is is_allowed
    if is_allowed:
        MOVES[to](key)
        assert the_query().state == to
    else:
        with pytest.raises(AgainstPolicy, match=f"it is {start.lower()} and cannot become {to.lower()}"):
            MOVES[to](key)
        assert the_query().state == start


# ---- Many at once --------------------------------------------------------------------------------------


def test_many_are_asked_in_one_batch_and_undone_while_unanswered(desk):
    for number in range(1, 5):
        desk.save("vital_signs", visit(f"2024-0{3 + number}-08"), **CYCLE, event_seq=number)
    places = [Place(desk.address("vital_signs", "CYCLE", number), "weight") for number in range(1, 5)]
    batch = open_queries(places, "Which scales?", by="monitor")
    assert set(Query.objects.values_list("batch", "state", "item")) == {(batch, "OPEN", "weight")}
    assert set(QueryMessage.objects.values_list("reason", flat=True)) == {f"batch {batch}"}
    answer_query(Query.objects.order_by("key").first().key, "The same ones", by="crc01")
    assert undo_queries(batch, "Asked by mistake", by="monitor") == 3
    assert sorted(Query.objects.values_list("state", flat=True)) == ["ANSWERED", *["CANCELLED"] * 3]
    with pytest.raises(AgainstPolicy, match="answered or closed"):
        undo_queries(batch, "Once more", by="monitor")
    with pytest.raises(AgainstPolicy, match="no such batch"):
        undo_queries("B1", "Which?", by="monitor")


def test_a_batch_is_asked_whole_or_not_at_all(desk):
    with pytest.raises(Exception, match="nothing is saved there"):
        open_queries(
            [Place(desk.address("informed_consent")), Place(desk.address("demographics"))], "?", by="monitor"
        )
    assert states() == {}
