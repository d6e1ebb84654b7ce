"""A subject under treatment, built the short way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from small_study import DIAGNOSIS, LESIONS, PERSON

FIRST = date(2024, 4, 2)
JUDGED = {f"in0{n}": "MET" for n in range(1, 7)} | {f"ex0{n}": "NOT_MET" for n in range(1, 7)}
ELIGIBLE = {**JUDGED, "decision": "ELIGIBLE", "decision_date": "2024-03-30"}


def day(elapsed: int) -> date:
    """So many days after the first dose."""
    return FIRST + timedelta(days=elapsed)


def enroll(desk: Any, *, by: str = "crc01", decides: str = "inv01") -> None:
    desk.save("demographics", PERSON, by=by)
    desk.save("nen_diagnosis", DIAGNOSIS, by=by)
    desk.save("baseline_lesions", LESIONS, confirmed=True, reason="x", by=by)
    desk.save("eligibility", ELIGIBLE, by=decides, confirmed=True, reason="x")


def dose(desk: Any, start: date, end: date | None = None, *, started_from: int = 0, mg: int = 300,
         number: int = 1, why: str = "START", by: str = "crc01") -> None:  # fmt: skip
    values: dict[str, Any] = {
        "start_date": start.isoformat(), "dose_mg": mg, "schedule": "QD", "change_reason": why,
    }  # fmt: skip
    if end:
        values["end_date"] = end.isoformat()
    desk.save("surufatinib_dosing", values, started_from, event="LOG", form_seq=number,
              confirmed=True, reason="Source", by=by)  # fmt: skip


def vital_signs(desk: Any, when: date, event: str, seq: int = 1) -> None:
    values = {"assessed_date": when.isoformat(), "sbp": 120, "dbp": 80}
    desk.save("vital_signs", values, event=event, event_seq=seq, confirmed=True, reason="x")


def assess(desk: Any, when: date, seq: int, response: str) -> None:
    values = {"done": "Y", "assessment_date": when.isoformat(), "overall_response": response}
    desk.save("tumor_assessment", values, event="IMAGING", event_seq=seq, confirmed=True, reason="x")


def adverse_event(desk: Any, number: int, **more: Any) -> None:
    values = {"term": f"Event {number}", "start_date": day(5).isoformat(), "grade": 2, "ongoing": "Y",
              "serious": "N", **more}  # fmt: skip
    desk.save("adverse_event", values, event="LOG", form_seq=number, confirmed=True, reason="x")
