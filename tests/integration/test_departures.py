"""A day outside its window, and a target against the rules of baseline: asked about, and a deviation then."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User
from small_study import LESIONS
from treated import day, dose, enroll

from grevy.capture.actions import withdraw_record
from grevy.capture.addresses import address_of
from grevy.capture.errors import ConfirmationNeeded
from grevy.capture.models import FormRevision

CYCLE_3 = {"event": "CYCLE", "event_seq": 3}  # planned for day 56 after first dose, 3 days either way


@pytest.fixture
def treated(desk):
    enroll(desk)
    dose(desk, day(0))
    return desk


def vital_signs(when):
    return {"assessed_date": when.isoformat(), "sbp": 120, "dbp": 80}


def save(desk, when, started_from=0, reason=None, form="vital_signs", item="assessed_date"):
    values = {**(vital_signs(when) if form == "vital_signs" else {item: when.isoformat()})}
    return desk.save(form, values, started_from, **CYCLE_3, confirmed=reason is not None, reason=reason)


def deviations(desk):
    """The last state of each record of the log of deviations."""
    rows = FormRevision.objects.filter(record__form="protocol_deviation").order_by("record_id", "number")
    last = {row.record_id: row for row in rows}
    return [row for row in last.values() if not row.withdrawn]


# ---- Windows -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("elapsed", [53, 56, 59])
def test_a_day_in_the_window_is_not_asked_about(treated, elapsed):
    save(treated, day(elapsed))
    assert deviations(treated) == []


@pytest.mark.parametrize(
    ("elapsed", "said"), [(60, "1 days after the window"), (51, "2 days before the window")]
)
def test_a_day_outside_is_asked_about_and_makes_a_deviation_with_the_reason(treated, elapsed, said):
    with pytest.raises(ConfirmationNeeded) as asked:
        save(treated, day(elapsed))
    assert [one.item for one in asked.value.details] == ["assessed_date"]
    assert "Cycle 3, day 1" in asked.value.details[0].message.en
    assert "窗口期" in asked.value.details[0].message.zh
    assert deviations(treated) == []
    save(treated, day(elapsed), reason="The train did not run")
    (row,) = deviations(treated)
    content = json.loads(row.content)
    assert (row.by, row.origin, row.reason) == ("crc01", "window CYCLE/3", "The train did not run")
    assert content["deviation_date"] == day(elapsed).isoformat()
    assert (content["category"], content["severity"]) == ("VISIT_WINDOW", "MINOR")
    assert said in content["description"]
    assert "The train did not run" in content["description"]


def test_the_same_day_of_the_visit_is_asked_about_once_and_another_day_again(treated):
    save(treated, day(60), reason="Holiday")
    treated.save("ecg", {"ecg_date": day(60).isoformat()}, **CYCLE_3, confirmed=True, reason="x")
    assert len(deviations(treated)) == 1
    with pytest.raises(ConfirmationNeeded) as asked:
        treated.save("ecg", {"ecg_date": day(70).isoformat()}, 1, **CYCLE_3, reason="Source")
    assert "outside the window" in asked.value.details[-1].message.en


def test_another_visit_on_the_same_day_is_asked_about_of_its_own(treated):
    save(treated, day(90), reason="Holiday")
    other = {"event": "CYCLE", "event_seq": 4}
    with pytest.raises(ConfirmationNeeded):
        treated.save("vital_signs", vital_signs(day(90)), **other)
    treated.save("vital_signs", vital_signs(day(90)), **other, confirmed=True, reason="Holiday")
    assert [row.origin for row in deviations(treated)] == ["window CYCLE/3", "window CYCLE/4"]


def test_what_does_not_touch_the_day_is_not_asked_about(treated):
    save(treated, day(60), reason="Holiday")
    (row,) = deviations(treated)
    withdraw_record(treated.study, address_of(row.record_id), by="crc01", reason="x")
    treated.save("vital_signs", {**vital_signs(day(60)), "sbp": 121}, 1, **CYCLE_3, reason="Typing error")
    assert deviations(treated) == []


def test_a_corrected_day_withdraws_the_deviation_unless_somebody_edited_it(treated):
    save(treated, day(60), reason="Holiday")
    save(treated, day(57), 1, reason="Typing error")
    assert deviations(treated) == []
    save(treated, day(61), 2, reason="It was late after all")
    (row,) = deviations(treated)
    number = int(row.record_id.rsplit("/", 1)[1])
    edited = {**json.loads(row.content), "severity": "MAJOR", "action": "Site trained"}
    treated.save("protocol_deviation", edited, 1, event="LOG", form_seq=number, reason="Reviewed")
    save(treated, day(57), 3, reason="Typing error")
    assert [row.number for row in deviations(treated)] == [2]


def test_a_deviation_that_a_person_entered_answers_the_question(treated):
    treated.save(
        "protocol_deviation",
        {"deviation_date": day(60).isoformat(), "category": "VISIT_WINDOW", "severity": "MINOR",
         "description": "Late"},
        event="LOG",
    )  # fmt: skip
    save(treated, day(60))
    assert len(deviations(treated)) == 1


def test_before_the_first_dose_nothing_is_outside(desk):
    desk.save("vital_signs", vital_signs(day(60)))
    assert deviations(desk) == []


def test_the_page_asks_in_place_and_tells_what_was_recorded(treated, client):
    client.force_login(User.objects.get(username="crc01"))
    url = f"/subjects/{treated.subject}/CYCLE/3/vital_signs/1/"
    typed = {"assessed_date": day(60).isoformat(), "sbp": "120", "dbp": "80"}
    sent = {"values": typed, "started_from": 0, "reasons": {}, "notes": {}}
    answer = client.post(url + "check/", sent, content_type="application/json").json()
    assert ("assessed_date", "soft", "visit_window") in {
        (one["path"], one["level"], one["rule"]) for one in answer["problems"]
    }
    refused = client.post(url + "save/", sent, content_type="application/json")
    assert (refused.status_code, refused.json()["problem"]) == (422, "confirm")
    sent["notes"] = {f"{one['path']}|{one['rule']}": "Holiday" for one in answer["problems"]}
    assert client.post(url + "save/", sent, content_type="application/json").status_code == 200
    page = client.get(url).text
    assert "Protocol deviation 1 was recorded with it, of 01-Jun-2024" in page
    assert f"/subjects/{treated.subject}/LOG/1/protocol_deviation/1/" in page


# ---- Targets of baseline -------------------------------------------------------------------------------


def test_a_target_kept_against_a_rule_of_baseline_is_a_deviation_until_it_is_corrected(desk):
    small = {**LESIONS, "lesions": [{**LESIONS["lesions"][0], "method": "CT", "diameter_mm": "8"}]}
    with pytest.raises(ConfirmationNeeded):
        desk.save("baseline_lesions", small)
    assert deviations(desk) == []
    desk.save("baseline_lesions", small, confirmed=True, reason="The only lesion")
    (row,) = deviations(desk)
    content = json.loads(row.content)
    assert (row.origin, content["category"], content["severity"]) == (
        "guard BL_TARGET_SMALL T1",
        "OTHER",
        "MAJOR",
    )
    assert content["deviation_date"] == "2024-03-06"
    assert "T1" in content["description"]
    assert "The only lesion" in content["description"]
    right = {**LESIONS, "lesions": [{**LESIONS["lesions"][0], "method": "CT"}]}
    desk.save("baseline_lesions", right, 1, reason="Typing error")
    assert deviations(desk) == []


def test_each_target_kept_against_a_rule_has_its_own_note(desk, client):
    client.force_login(User.objects.get(username="crc01"))
    url = f"/subjects/{desk.subject}/SCREENING/1/baseline_lesions/1/"
    lesions = [
        {"_key": key, "lesion_id": name, "role": "TARGET", "kind": "NON_NODAL", "organ": "LIVER",
         "method": "CT", "diameter_mm": "8"}
        for key, name in (("r1", "T1"), ("r2", "T2"))
    ]  # fmt: skip
    sent = {"values": {"scan_date": "2024-03-06", "lesions": lesions}, "started_from": 0, "reasons": {}}
    answer = client.post(url + "check/", sent, content_type="application/json").json()
    notes = {"r1": "the train stood; patient came by bus: late", "r2": "The only other one"}
    sent["notes"] = {
        f"{one['path']}|{one['rule']}": notes.get(one["path"].split(".")[1], "x")
        for one in answer["problems"]
        if one["level"] == "soft"
    }
    # The reason for the change of a field does not stand in for its note.
    sent["reasons"] = {path.split("|")[0]: "Typing error" for path in sent["notes"]}
    assert client.post(url + "save/", sent, content_type="application/json").status_code == 200
    said = {row.origin: json.loads(row.content)["description"] for row in deviations(desk)}
    assert {origin: text.split(" / ")[-1] for origin, text in said.items()} == {
        "guard BL_TARGET_SMALL T1": f"Typing error; {notes['r1']}",
        "guard BL_TARGET_SMALL T2": f"Typing error; {notes['r2']}",
    }
