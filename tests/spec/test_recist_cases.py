"""RECIST 1.1: the worked examples, in every way in which another system may tabulate them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.oracles.analysis import Analysis, analyse
from tests.oracles.cases import elapsed, load_cases, response_name
from tests.oracles.subjects import FIRST_DOSE, Subject, Tabulation

CASES = load_cases()

VARIANTS = {
    "as_grevy_writes": Tabulation(),
    "diameter_and_zero": Tabulation(diameter="DIAMETER", absent="ZERO", too_small="FIVE"),
    "no_row_when_not_evaluated": Tabulation(not_evaluated="NO_ROW", absent="BOTH", evaluator=None),
    "long_ids": Tabulation(long_ids=True, merged_id="SLASH", progressed_word="INCREASED"),
    "visit_names_only": Tabulation(visit="VISIT", too_small="TEXT_AND_FIVE"),
    "link_groups_only": Tabulation(visit="LNKGRP", extra_sum=True),
    "new_lesion_without_state": Tabulation(new_lesion="TU_ONLY"),
    "dates_only": Tabulation(visit="DATE", evaluator=None, new_lesion="TU_ONLY"),
}

# Without a visit key an assessment is its date: one visit scanned on two dates looks like two visits.
NEEDS_A_VISIT_KEY = {"C43"}


def usubjid(case) -> str:
    return f"SURU-NEN-01-{case.id}"


def as_subject(case, tabulation: Tabulation) -> Subject:
    last = max([visit.day for visit in case.visits] + [28])
    return Subject(
        id=usubjid(case), baseline=case.baseline, visits=case.visits, new_therapy=case.new_therapy,
        last_dose=last, contacts=(last + 10,), tabulation=tabulation,
    )  # fmt: skip


@pytest.fixture(scope="module", params=VARIANTS, ids=VARIANTS.keys())
def analysis(request) -> Analysis:
    tabulation = VARIANTS[request.param]
    keyed = tabulation.visit != "DATE"
    subjects = [as_subject(case, tabulation) for case in CASES if keyed or case.id not in NEEDS_A_VISIT_KEY]
    if not keyed:
        subjects += [
            as_subject(case, VARIANTS["visit_names_only"]) for case in CASES if case.id in NEEDS_A_VISIT_KEY
        ]
    return analyse(subjects)


def on(study_day: int | None) -> date | None:
    return None if study_day is None else FIRST_DOSE + timedelta(days=elapsed(study_day))


def rows_by_visit(analysis: Analysis, case, paramcd: str) -> list[dict]:
    return analysis.by_date(usubjid(case), paramcd)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_sums_nadir_and_changes_at_each_visit(analysis, case):
    expected = [e for e in case.expected_visits if case.baseline.targets]
    rows = analysis.adtr.get((usubjid(case), "SUMDIAM"), [])
    found = sorted((row for row in rows if row["ABLFL"] != "Y"), key=lambda row: row["ADT"])
    assert len(found) == len(expected)
    for row, expect in zip(found, expected, strict=True):
        assert row["AVAL"] == expect["sum_mm"]
        assert row["BASE"] == case.baseline.sum_mm
        assert row["NADIR"] == expect["nadir_mm"]
        assert_rounds_to(row["PCHG"], expect["pct_baseline"])
        assert_rounds_to(row["PCHGNAD"], expect["pct_nadir"])
        assert row["CHGNAD"] == expect["abs_nadir_mm"]
        if "available_sum_mm" in expect:
            assert (row["AVALAV"] or 0) == expect["available_sum_mm"]


def assert_rounds_to(found: float | None, printed: float | None) -> None:
    if printed is None:
        assert found is None
    else:
        assert found == pytest.approx(printed, abs=0.051)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_target_and_non_target_response_at_each_visit(analysis, case):
    for paramcd, key, present in (
        ("TRGRESP", "target", case.baseline.targets),
        ("NTRGRESP", "non_target", case.baseline.non_targets),
    ):
        found = [row["AVALC"] for row in rows_by_visit(analysis, case, paramcd)]
        expected = [response_name(expect[key]) for expect in case.expected_visits]
        if present:
            assert found == expected
        else:
            assert set(found) <= {"NA", None}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_overall_response_at_each_visit(analysis, case):
    found = [row["AVALC"] for row in rows_by_visit(analysis, case, "OVR")]
    expected = [
        response_name(expect.get("overall_final", expect["overall"])) for expect in case.expected_visits
    ]
    assert found == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_best_response_and_its_dates(analysis, case):
    check_best_response(analysis, case, case.expected)


def check_best_response(analysis: Analysis, case, expected: dict) -> None:
    assert analysis.only("adrs", usubjid(case), "BOR")["AVALC"] == response_name(expected["bor_unconfirmed"])
    assert analysis.only("adrs", usubjid(case), "CBOR")["AVALC"] == response_name(expected["bor_confirmed"])
    for paramcd, key in (("PD", "pd_day"), ("RSP", "first_response_day"), ("CRSP", "confirmed_response_day")):
        row = analysis.only("adrs", usubjid(case), paramcd)
        assert row["AVALC"] == ("N" if expected[key] is None else "Y"), paramcd
        assert row["ADT"] == on(expected[key]), paramcd


ALTERNATIVES = [(case, settings, changed) for case in CASES for settings, changed in case.alternatives]


@pytest.mark.parametrize(
    ("case", "settings", "changed"), ALTERNATIVES, ids=lambda value: getattr(value, "id", "")
)
def test_alternative_settings(case, settings, changed):
    switches = {
        f"recist.{key}": str(value).lower() if value is True else value for key, value in settings.items()
    }
    analysis = analyse([as_subject(case, Tabulation())], switches)
    check_best_response(analysis, case, case.expected | changed)
    if "overall_by_visit" in changed:
        found = [row["AVALC"] for row in rows_by_visit(analysis, case, "OVR")]
        assert found == changed["overall_by_visit"]


def test_a_planted_error_is_found():
    """One millimetre at the threshold of partial response is seen by the checks above."""
    case = next(case for case in CASES if case.id == "C03")
    visit = case.visits[0]
    wrong = replace(visit.targets["T1"], mm=visit.targets["T1"].mm + 1)
    planted = replace(case, visits=(replace(visit, targets=visit.targets | {"T1": wrong}), *case.visits[1:]))
    analysis = analyse([as_subject(planted, Tabulation())])
    with pytest.raises(AssertionError):
        check_best_response(analysis, case, case.expected)
