"""Set-based grades equal the grades of the pure rules: at, just below and just above every threshold."""

import random
from decimal import Decimal
from itertools import pairwise

import ibis
import pyarrow as pa
import pytest

from grevy.adam.grading import derive_grades
from grevy.definition import load_study
from grevy.rules.ctcae import CRITERIA, SYMPTOMS, Direction, grade_test
from grevy.rules.ctcae_criteria import Operand

STEPS = [Decimal(step) for step in ("-0.0001", "0", "0.0001")]
DRAWS = 8
"""Sets of limits and baseline drawn for each bound."""

SCHEMA = pa.schema(
    [("ROW", pa.int64()), ("TEST", pa.string()), ("PRE", pa.bool_())]
    + [(name, pa.float64()) for name in ("AVAL", "LO", "HI", "BASE", "BLO", "BHI")]
)


def draw_number(source: random.Random, least: int, most: int) -> Decimal | None:
    """Two decimals, sometimes missing, sometimes 0 after the point."""
    if source.random() < 0.12:
        return None
    return Decimal(source.randint(100 * least, 100 * most)) / source.choice([100, 100, 1])


def draw_records(version: str) -> list[dict]:
    """Values around every bound of every criterion, for several limits and baselines."""
    source = random.Random(20260131)
    records = []
    for criterion in CRITERIA[version]:
        for bound in {bound for band in criterion.bands for bound in band.bounds}:
            for _draw in range(DRAWS):
                low = draw_number(source, 1, 40)
                numbers = {
                    "lln": low,
                    "uln": draw_number(source, 41, 90),
                    "base": draw_number(source, 1, 120),
                    "base_lln": low,
                    "base_uln": draw_number(source, 41, 90),
                }
                operands = {Operand.LLN: "lln", Operand.ULN: "uln", Operand.BASE: "base"}
                of = Decimal(1) if bound.of is Operand.ONE else numbers[operands[bound.of]]
                threshold = bound.factor * (Decimal(17) if of is None else of) + bound.plus
                records += [{"test": criterion.test, "value": threshold + step, **numbers} for step in STEPS]
    return records


def grade_by_rules(version: str, symptoms: str, record: dict) -> tuple[int | None, int | None]:
    numbers = {name: value for name, value in record.items() if name not in ("test", "value", "pre")}
    if record["pre"]:
        numbers |= dict.fromkeys(("base", "base_lln", "base_uln"))
    low, high = (
        grade_test(
            version, record["test"], direction, record["value"], conditions=SYMPTOMS[symptoms], **numbers
        )
        for direction in (Direction.LOW, Direction.HIGH)
    )
    return low, high


def grade_by_sets(version: str, symptoms: str, records: list[dict]) -> list[tuple[int | None, int | None]]:
    def number(value):
        return None if value is None else float(value)

    rows = pa.Table.from_pylist(
        [
            {"ROW": row, "TEST": record["test"], "PRE": record["pre"], "AVAL": number(record["value"])}
            | {"LO": number(record["lln"]), "HI": number(record["uln"]), "BASE": number(record["base"])}
            | {"BLO": number(record["base_lln"]), "BHI": number(record["base_uln"])}
            for row, record in enumerate(records)
        ],
        schema=SCHEMA,
    )
    plan = load_study("studies/surufatinib_nen").analysis
    plan = plan.with_values({"ctcae.version": version, "ctcae.symptoms": symptoms})
    graded = derive_grades(ibis.memtable(rows), plan, keep=lambda table: table).order_by("ROW").to_pyarrow()
    return list(zip(graded["ATOXGRL"].to_pylist(), graded["ATOXGRH"].to_pylist(), strict=True))


@pytest.mark.parametrize("symptoms", SYMPTOMS)
@pytest.mark.parametrize("version", CRITERIA)
def test_grades_by_sets_are_those_of_the_rules(version, symptoms):
    records = [record | {"pre": pre} for record in draw_records(version) for pre in (False, True)]
    expected = [grade_by_rules(version, symptoms, record) for record in records]
    found = grade_by_sets(version, symptoms, records)
    differing = [
        (record, rules, sets)
        for record, rules, sets in zip(records, expected, found, strict=True)
        if rules != sets
    ]
    assert len(records) > 5_000
    assert differing[:3] == []
    # the comparison would say nothing if all grades were alike
    assert {grade for pair in expected for grade in pair} == {None, 0, 1, 2, 3, 4}


def test_a_step_over_a_threshold_changes_the_grade():
    """The smallest step drawn is one that the whole numbers still tell apart."""
    base = {"lln": None, "uln": Decimal("40.3"), "base": None, "base_lln": None, "base_uln": None}
    values = [3 * base["uln"] + step for step in STEPS]
    records = [base | {"test": "ALT", "value": value, "pre": False} for value in values]
    grades = [high for _low, high in grade_by_sets("5.0", "recorded", records)]
    assert grades == [1, 1, 2]
    assert [later - earlier for earlier, later in pairwise(values)] == [Decimal("0.0001")] * 2
