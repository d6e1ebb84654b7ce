"""Progression-free survival: the censoring examples, both rule sets, from lesions and from responses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from tests.oracles.analysis import analyse
from tests.oracles.censoring_cases import CENSORING_CASES, TWO_MISSED_LIMITS, CensoringCase
from tests.oracles.recist import Baseline, Given, Lesion, NewLesion, Reading, Visit
from tests.oracles.subjects import FIRST_DOSE, STUDY, Subject

BASELINE = Baseline(-7, {"T1": Lesion("liver", mm=Decimal(50))}, {})
SIZES = {"SD": Decimal(49), "PR": Decimal(30), "PD": Decimal(70)}

# Responses alone cannot say that the baseline scan is missing.
GIVEN_CASES = [case for case in CENSORING_CASES if case.has_baseline]


def usubjid(case: CensoringCase) -> str:
    return f"SURU-NEN-01-{case.id}"


def course(case: CensoringCase) -> dict:
    days = [day for _, day in case.assessments] + [case.new_therapy or 0, case.clinical_progression or 0]
    last = case.death or max([*days, case.lost or case.cutoff or 0])
    return {
        "new_therapy": case.new_therapy,
        "death": case.death,
        "clinical_progression": case.clinical_progression,
        "last_dose": min(last, 40),
        "contacts": () if case.death else (last,),
    }


def as_visit(case: CensoringCase, number: int, response: str, day: int) -> Visit:
    new: tuple[NewLesion, ...] = ()
    targets = {"T1": Reading("NE", day)}
    if response in SIZES:
        targets = {"T1": Reading("MEASURED", day, mm=SIZES[response])}
    if case.doubtful_from is not None:
        targets = {"T1": Reading("MEASURED", day, mm=SIZES["SD"])}
        new = (NewLesion("N1", response == "PD", case.doubtful_from, day),)
    if not case.has_baseline:
        targets, new = {}, (NewLesion("N1", True, day, day),)
    return Visit(f"WEEK {8 * number}", 100.0 + number, day, targets, {}, new)


def from_lesions(case: CensoringCase) -> Subject:
    visits = tuple(
        as_visit(case, number, response, day) for number, (response, day) in enumerate(case.assessments, 1)
    )
    return Subject(
        id=usubjid(case), baseline=BASELINE if case.has_baseline else None, visits=visits, **course(case)
    )


def from_responses(case: CensoringCase) -> Subject:
    given = tuple(
        Given(f"WEEK {8 * number}", 100.0 + number, day, "PD" if day == case.doubtful_from else response)
        for number, (response, day) in enumerate(case.assessments, 1)
    )
    return Subject(id=usubjid(case), given=given, **course(case))


@pytest.fixture(scope="module")
def lesions():
    return analyse([from_lesions(case) for case in (*CENSORING_CASES, *LIMIT_CASES)])


@pytest.fixture(scope="module")
def responses():
    return analyse([from_responses(case) for case in (*GIVEN_CASES, *LIMIT_CASES)])


def check(analysis, case: CensoringCase, paramcd: str, expected: tuple[int, bool]) -> None:
    day, is_event = expected
    row = analysis.only("adtte", usubjid(case), paramcd)
    assert row["ADT"] == FIRST_DOSE + timedelta(days=day)
    assert row["STARTDT"] == FIRST_DOSE
    assert row["AVAL"] == day + 1
    assert (row["CNSR"] == 0) == is_event
    assert (row["EVNTDESC"] is not None) == is_event
    assert (row["CNSDTDSC"] is None) == is_event


@pytest.mark.parametrize("case", CENSORING_CASES, ids=lambda case: case.id)
def test_fda_style_from_lesions(lesions, case):
    check(lesions, case, "PFS", case.fda)


@pytest.mark.parametrize("case", CENSORING_CASES, ids=lambda case: case.id)
def test_ema_style_from_lesions(lesions, case):
    check(lesions, case, "PFSEMA", case.ema)


@pytest.mark.parametrize("case", GIVEN_CASES, ids=lambda case: case.id)
def test_fda_style_from_responses(responses, case):
    check(responses, case, "PFS", case.fda)


@pytest.mark.parametrize("case", GIVEN_CASES, ids=lambda case: case.id)
def test_ema_style_from_responses(responses, case):
    check(responses, case, "PFSEMA", case.ema)


@pytest.mark.parametrize("case", CENSORING_CASES, ids=lambda case: case.id)
def test_rule_set_can_be_the_primary_one(case, ema_primary):
    check(ema_primary, case, "PFS", case.ema)


@pytest.fixture(scope="module")
def ema_primary():
    return analyse([from_lesions(case) for case in CENSORING_CASES], {"pfs.rule_set": "ema"})


def limit_cases() -> list[CensoringCase]:
    """A death on the last day that counts after each last assessment, and one a day later."""
    cases = []
    for last, limit in TWO_MISSED_LIMITS:
        assessments = () if last is None else (("SD", last),)
        for day, fda in ((limit, (limit, True)), (limit + 1, (last or 0, False))):
            cases.append(CensoringCase(f"DEATH{day}", assessments, fda, (day, True), death=day))
    return cases


LIMIT_CASES = limit_cases()


@pytest.mark.parametrize("case", LIMIT_CASES, ids=lambda case: case.id)
def test_death_counts_to_the_last_day_of_two_missed_assessments(lesions, responses, case):
    for analysis in (lesions, responses):
        check(analysis, case, "PFS", case.fda)
        check(analysis, case, "PFSEMA", case.ema)


def test_data_after_the_cut_off_are_invisible():
    """P2 with progression and death after the cut-off: still censored at the last assessment before it."""
    case = CensoringCase(
        "P2", (("SD", 56), ("SD", 112), ("PD", 200)), (112, False), (112, False), death=260
    )  # fmt: skip
    analysis = analyse([from_lesions(case)], cutoff=FIRST_DOSE + timedelta(days=180))
    check(analysis, case, "PFS", case.fda)
    check(analysis, case, "PFSEMA", case.ema)
    assert analysis.only("adtte", usubjid(case), "OS")["CNSR"] > 0


SEEN = Visit("WEEK 8", 101.0, 56, {"T1": Reading("MEASURED", 56, mm=Decimal(49))})
GROWN = Visit("WEEK 24", 103.0, 168, {"T1": Reading("MEASURED", 168, mm=Decimal(70))})
REASONS = {
    # no assessment: a new therapy months later is not why nothing was seen
    "never scanned": (Subject("", BASELINE, new_therapy=60, contacts=(90,)), "No assessment after baseline"),
    "no baseline": (Subject("", None, (SEEN,), new_therapy=60), "No baseline tumor assessment"),
    # the therapy kept the early death from counting
    "early death": (Subject("", BASELINE, new_therapy=30, death=60), "New anti-cancer therapy"),
    # there was an assessment: the event came too late after it, or after the baseline
    "late progression": (Subject("", BASELINE, (GROWN,)), "Event after missed assessments"),
    "late death": (Subject("", BASELINE, (SEEN,), death=300), "Event after missed assessments"),
    "late death, never scanned": (Subject("", BASELINE, death=300), "No assessment after baseline"),
    "therapy": (Subject("", BASELINE, (SEEN,), new_therapy=60, contacts=(90,)), "New anti-cancer therapy"),
    "nothing": (Subject("", BASELINE, (SEEN,), contacts=(90,)), "No progression or death"),
}  # fmt: skip


def test_reason_of_a_censoring_is_the_first_row_of_the_table_that_fits():
    names = {f"SURU-NEN-01-{n}": name for n, name in enumerate(REASONS)}
    subjects = [replace(REASONS[name][0], id=usubjid) for usubjid, name in names.items()]
    found = analyse(subjects)
    reasons = {name: found.only("adtte", usubjid, "PFS")["CNSDTDSC"] for usubjid, name in names.items()}
    assert {name: reason.split(":")[0] for name, reason in reasons.items()} == {
        name: reason for name, (_, reason) in REASONS.items()
    }


def test_a_merge_holds_for_the_whole_visit_that_tells_of_it():
    """The first lesion was scanned on day 56; that the second is part of it was seen on day 59."""
    lesions = {"T1": Lesion("liver", mm=Decimal(46)), "T2": Lesion("liver", mm=Decimal(15))}
    targets = {"T1": Reading("MEASURED", 56, mm=Decimal(60)), "T2": Reading("MERGED", 59, into="T1")}
    merged = Subject("SURU-NEN-01-1", Baseline(-7, lesions, {}), (Visit("WEEK 8", 101.0, 56, targets),))
    (row,) = analyse([merged]).adrs["SURU-NEN-01-1", "OVR"]
    assert row["AVALC"] == "SD"


@pytest.mark.parametrize(("mode", "day"), [("TELEPHONE CALL", 60), ("IN PERSON", 60), (None, 30)])
def test_a_contact_without_findings_is_a_date_known_alive_if_the_subject_was_reached(mode, day):
    def add_contact(tables):
        contact = {"STUDYID": STUDY, "DOMAIN": "SV", "USUBJID": "SURU-NEN-01-1", "VISITNUM": 710.0}
        contact |= {"SVSTDTC": (FIRST_DOSE + timedelta(days=60)).isoformat(), "SVCNTMOD": mode}
        schema = pa.schema([(name, pa.float64() if name == "VISITNUM" else pa.string()) for name in contact])
        return tables | {"SV": pa.Table.from_pylist([contact], schema=schema)}

    found = analyse([Subject("SURU-NEN-01-1", BASELINE, contacts=(30,))], change_tables=add_contact)
    assert found.only("adtte", "SURU-NEN-01-1", "OS")["ADT"] == FIRST_DOSE + timedelta(days=day)
