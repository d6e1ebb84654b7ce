"""Each worked RECIST example entered through the pages: page and analysis say what the example says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pytest
from desk import Desk
from small_study import CONSENT, DIAGNOSIS, PERSON
from treated import ELIGIBLE

from grevy.adam import build_adam
from grevy.capture.actions import create_subject
from grevy.capture.revisions import read_revisions
from grevy.definition import Study
from grevy.sdtm import build_sdtm
from grevy.sdtm.domains import conform
from grevy.snapshot import build_form_tables, latest_revisions
from tests.oracles.analysis import ADRS_COLUMNS, ADTR_COLUMNS, Analysis, index
from tests.oracles.cases import Case, elapsed, load_cases, response_name

# What is derived does not depend on where the entries lie; saving them on both is tested elsewhere.
ON_ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FIRST = date(2024, 4, 2)
CASES = load_cases()
CODES = {"NON-CR/NON-PD": "NON_CR_NON_PD"}


def on(days: int) -> str:
    return (FIRST + timedelta(days=days)).isoformat()


@dataclass
class Person:
    """Somebody at the page of a subject: types, looks at the answer, saves."""

    client: Any
    subject: str

    def post(self, place: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
        reply = self.client.post(
            f"/subjects/{self.subject}/{place}/1/{what}/", body, content_type="application/json"
        )
        assert reply.status_code == 200, (reply.status_code, reply.json())
        return reply.json()

    def enter(self, place: str, values: dict[str, Any]) -> dict[str, Any]:
        """Check, keep a draft, and save with a note on each unusual value; the answer to the check."""
        answer = self.post(place, "check", {"values": values})
        self.post(place, "draft", {"values": values, "started_from": 0, "sequence": 1})
        notes = {
            f"{p['path']}|{p['rule']}": "As in the report" for p in answer["problems"] if p["level"] == "soft"
        }
        self.post(place, "save", {"values": values, "started_from": 0, "notes": notes, "reasons": {}})
        return answer


def baseline_of(case: Case) -> dict[str, Any]:
    """What is typed on the baseline page."""
    rows = []
    for role, lesions in (("TARGET", case.baseline.targets), ("NON_TARGET", case.baseline.non_targets)):
        for name, lesion in lesions.items():
            row = {
                "_key": name,
                "lesion_id": name,
                "role": role,
                "organ": lesion.organ.upper(),
                "kind": "NODAL" if lesion.nodal else "NON_NODAL",
                "method": "CT",
            }
            rows.append(row | ({"diameter_mm": str(lesion.mm)} if lesion.mm is not None else {}))
    return {"scan_date": on(case.baseline.day), "lesions": rows}


def visit_of(case: Case, visit: Any, call: str) -> dict[str, Any]:
    """What is typed on the page of one assessment."""
    rows = [target_row(name, reading) for name, reading in visit.targets.items()]
    rows += [non_target_row(name, finding) for name, finding in visit.non_targets.items()]
    new = [
        {
            "_key": one.lesion,
            "lesion_id": one.lesion,
            "organ": "LIVER",
            "status": "UNEQUIVOCAL" if one.proven else "EQUIVOCAL",
            "first_seen_date": on(one.first_seen),
            "scan_date": on(one.day),
        }
        for one in visit.new_lesions
    ]
    return {
        "done": "Y",
        "assessment_date": on(visit.day),
        "overall_response": CODES.get(call, call),
        "lesions": rows,
        "new_lesions": new,
    }


def target_row(name: str, reading: Any) -> dict[str, str]:
    row = {"_key": name, "lesion_id": name, "scan_date": on(reading.day)}
    if reading.kind == "NE":
        return row | {"state": "NOT_EVALUABLE", "ne_reason": reading.reason or "Not scanned"}
    if reading.kind == "SPLIT":
        return row | {"state": "SPLIT", "fragments": "+".join(str(part) for part in reading.parts)}
    if reading.kind == "MERGED":
        return row | {"state": "MERGED", "merged_into": reading.into}
    if reading.kind == "TTSM":
        return row | {"state": "TOO_SMALL"}
    if reading.mm == 0:
        return row | {"state": "ABSENT"}
    return row | {"state": "MEASURED", "diameter_mm": str(reading.mm)}


def non_target_row(name: str, finding: Any) -> dict[str, str]:
    row = {"_key": name, "lesion_id": name, "scan_date": on(finding.day)}
    if finding.node_mm is not None:
        return row | {"state": "MEASURED", "diameter_mm": str(finding.node_mm)}
    state = {"PD": "UNEQUIVOCAL_PD", "NE": "NOT_EVALUABLE"}.get(finding.state, finding.state)
    return row | {"state": state} | ({"ne_reason": "Not scanned"} if finding.state == "NE" else {})


def read_panel(html: str) -> dict[str, str]:
    found = {name: re.search(rf'data-{name}="([^"]*)"', html) for name in ("overall", "target", "non-target")}
    return {name: match[1] if match else "" for name, match in found.items()}


def differences(case: Case, expect: dict[str, Any], answer: dict[str, Any]) -> Iterator[tuple]:
    """Where the page says something else than the example."""
    panel, total = read_panel(answer["tumor"]["response"]), answer["tumor"]["sum"]
    wanted = {"overall": response_name(expect["overall"])}
    if case.baseline.targets:
        wanted["target"] = response_name(expect["target"])
        yield from ((case.id, "sum", expect["sum_mm"], total["now"]),) * (
            number(total["now"]) != expect["sum_mm"]
        )
        if number(total["nadir"]) != expect["nadir_mm"]:
            yield case.id, "nadir", expect["nadir_mm"], total["nadir"]
        if (
            expect["pct_baseline"] is not None
            and abs(number(total["change"]) - expect["pct_baseline"]) > 0.051
        ):
            yield case.id, "change", expect["pct_baseline"], total["change"]
    if case.baseline.non_targets:
        wanted["non-target"] = response_name(expect["non_target"])
    yield from ((case.id, name, want, panel[name]) for name, want in wanted.items() if panel[name] != want)


def number(text: str) -> float | None:
    match = re.search(r"[−+-]?\d+(\.\d+)?", text)
    return float(match[0].replace("−", "-")) if match else None


def screened_subject(study: Study) -> Desk:
    """A subject of site 01 in screening."""
    subject = create_subject("01", by="crc01")
    desk = Desk(study, subject)
    desk.save("informed_consent", {**CONSENT, "consent_date": "2024-02-20"})
    desk.save("demographics", PERSON)
    desk.save("nen_diagnosis", DIAGNOSIS)
    return desk


def treat(desk: Desk, case: Case) -> None:
    """Found eligible, first dose, and the new therapy of the example."""
    desk.save("eligibility", ELIGIBLE, by="inv01", confirmed=True, reason="x")
    first = {"start_date": on(0), "dose_mg": 300, "schedule": "QD", "change_reason": "START"}
    desk.save("surufatinib_dosing", first, event="LOG", confirmed=True, reason="x")
    if case.new_therapy is not None:
        other = {"name": "Everolimus", "start_date": on(case.new_therapy)}
        desk.save("subsequent_therapy", other, event="LOG", confirmed=True, reason="x")


@pytest.fixture
def entered(client, study, people, django_user_model):
    """All examples entered through the pages: the subject of each, and where a page said something else."""
    client.force_login(django_user_model.objects.get(username="inv01"))
    subjects, wrong = {}, []
    for case in CASES:
        desk = screened_subject(study)
        subject = subjects[case.id] = desk.subject
        person = Person(client, subject)
        guard = person.enter("SCREENING/1/baseline_lesions", baseline_of(case))["baseline"]
        treat(desk, case)
        if case.baseline.targets and f" {case.baseline.sum_mm:f} mm" not in guard:
            wrong.append((case.id, "baseline sum", case.baseline.sum_mm, guard))
        for number_, (visit, expect) in enumerate(
            zip(case.visits, case.expected_visits, strict=True), start=1
        ):
            typed = visit_of(case, visit, response_name(expect["overall"]))
            answer = person.enter(f"IMAGING/{number_}/tumor_assessment", typed)
            wrong += differences(case, expect, answer)
    return subjects, wrong


@ON_ONE_DATABASE
def test_pages_and_analysis_say_what_the_examples_say(entered, study):
    subjects, wrong = entered
    assert wrong == []
    analysis = analyse_ledger(study)
    for case in CASES:
        check_analysis(analysis, study, case, subjects[case.id])


def analyse_ledger(study: Study) -> Analysis:
    """The way of the report: revisions, form tables, tabulation, analysis data sets."""
    revisions = latest_revisions(read_revisions(), datetime.now(UTC))
    tables = {name: ibis.memtable(table) for name, table in build_form_tables(study, revisions).items()}
    domains = {
        name: conform(table, name) for name, table in build_sdtm(tables, study).items() if name != "TRACE"
    }
    adam = build_adam(domains, study.analysis)
    return Analysis(adtr=index(adam["ADTR"], ADTR_COLUMNS), adrs=index(adam["ADRS"], ADRS_COLUMNS), adtte={})


def check_analysis(analysis: Analysis, study: Study, case: Case, subject: str) -> None:
    usubjid = f"{study.id}-{subject}"
    rows = analysis.adtr.get((usubjid, "SUMDIAM"), [])
    later = sorted((row for row in rows if row["ABLFL"] != "Y"), key=lambda row: row["AVISITN"])
    if case.baseline.targets:
        assert [row["AVAL"] for row in later] == [e["sum_mm"] for e in case.expected_visits], case.id
        assert [row["NADIR"] for row in later] == [e["nadir_mm"] for e in case.expected_visits], case.id
    responses = sorted(analysis.adrs[usubjid, "OVR"], key=lambda row: row["AVISITN"])
    expected = [response_name(e.get("overall_final", e["overall"])) for e in case.expected_visits]
    assert [row["AVALC"] for row in responses] == expected, case.id
    for parameter, key in (("BOR", "bor_unconfirmed"), ("CBOR", "bor_confirmed")):
        found = analysis.only("adrs", usubjid, parameter)
        assert found["AVALC"] == response_name(case.expected[key]), (case.id, parameter)
    for parameter, key in (
        ("PD", "pd_day"),
        ("RSP", "first_response_day"),
        ("CRSP", "confirmed_response_day"),
    ):
        day = case.expected[key]
        wanted = None if day is None else FIRST + timedelta(days=elapsed(day))
        assert analysis.only("adrs", usubjid, parameter)["ADT"] == wanted, (case.id, parameter)


def test_the_comparison_sees_a_planted_error():
    """One millimeter more is seen."""
    case = next(case for case in CASES if case.id == "C03")
    expect = dict(case.expected_visits[0]) | {"sum_mm": Decimal(71)}
    answer = {
        "tumor": {
            "response": 'data-overall="PR" data-target="PR"',
            "sum": {"now": "70", "nadir": "100", "change": "−30.0%"},
        }
    }
    assert [what for _, what, *_ in differences(case, expect, answer)] == ["sum"]
