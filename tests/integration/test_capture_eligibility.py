"""The decision on eligibility: whose it is, what keeps it pending, what the data say against it."""

from __future__ import annotations

import pytest
from small_study import DIAGNOSIS, LESIONS, PERSON

from grevy.capture.errors import AgainstPolicy, ConfirmationNeeded, NotPermitted
from grevy.capture.models import SubjectState, SubjectStep
from grevy.capture.reading.screening import enrollment_number, read_eligibility

JUDGED = {f"in0{n}": "MET" for n in range(1, 7)} | {f"ex0{n}": "NOT_MET" for n in range(1, 7)}
DECIDED = {**JUDGED, "decision": "ELIGIBLE", "decision_date": "2024-03-10"}


@pytest.fixture
def screened(desk):
    """A subject of whom everything speaks for eligibility but the judgment of criteria, still to be made."""
    desk.save("demographics", PERSON, confirmed=True, reason="x")
    desk.save("nen_diagnosis", DIAGNOSIS, confirmed=True, reason="x")
    desk.save("baseline_lesions", LESIONS, confirmed=True, reason="x")
    return desk


def test_the_investigator_decides_and_nobody_else(screened):
    with pytest.raises(NotPermitted):
        screened.save("eligibility", DECIDED, confirmed=True, reason="x")
    screened.save("eligibility", JUDGED, confirmed=True, reason="x")
    screened.save("eligibility", DECIDED, 1, by="inv01", confirmed=True, reason="x")
    assert SubjectStep.objects.filter(subject_id=screened.subject, state=SubjectState.ELIGIBLE).exists()
    assert enrollment_number(screened.subject) == "01-E001"


def test_what_is_not_assessed_keeps_the_decision_pending(screened):
    pending = {**DECIDED, "in04": "NOT_ASSESSED"}
    with pytest.raises(AgainstPolicy, match="IN04"):
        screened.save("eligibility", pending, by="inv01", confirmed=True, reason="x")
    screened.save("eligibility", {**pending, "decision": "PENDING"}, by="inv01", confirmed=True, reason="x")
    assert enrollment_number(screened.subject) == ""


def test_data_against_the_judgment_ask_for_a_reason(screened, study):
    screened.save(
        "hematology", {"collected_date": "2024-03-05", "neut": "0.9 10^9/L"}, confirmed=True, reason="x"
    )
    view = read_eligibility(study, screened.subject, "en", typed=DECIDED)
    assert [one.id for one in view.contradicted] == ["IN04"]
    assert view.eligible is False
    with pytest.raises(ConfirmationNeeded) as asked:
        screened.save("eligibility", DECIDED, by="inv01")
    assert {finding.item for finding in asked.value.details} >= {"decision", "in04"}
    screened.save("eligibility", DECIDED, by="inv01", confirmed=True, reason="Repeated on 9 March: 1.8")


def test_the_evidence_names_value_and_place(screened, study):
    view = read_eligibility(study, screened.subject, "zh")
    diagnosis = view.criteria[1].evidence[0]
    assert diagnosis.value == "组织学"
    assert diagnosis.address is not None
    assert diagnosis.address.record == f"{screened.subject}/SCREENING/1/nen_diagnosis/1"
    function = {one.label: one for one in view.criteria[3].evidence}
    assert all(one.missing for one in function.values())
