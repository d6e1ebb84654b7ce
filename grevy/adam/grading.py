"""CTCAE grades of measurements, set-based, from the same tables as `grevy.rules.ctcae`.

A criterion is data: one row per band (grade) with at most three bounds `left op factor x of + plus`. Records
are joined with the bands of their test, every band is judged alike, and the first that is decided counts.
Numbers are whole millionths and factors whole hundredths, so that no rounding and no engine decides a grade.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from grevy.adam.assessments import true
from grevy.adam.measurements import RECORDS_OF_A_SUBJECT, keep_flag
from grevy.definition import AnalysisPlan
from grevy.engine import Keep
from grevy.rules.ctcae import CRITERIA, SYMPTOMS
from grevy.rules.ctcae_criteria import Band, Bound, Condition, Criterion, Operand

BOUNDS = 3
"""The most bounds a band has."""

HUNDREDTHS = 100
MILLIONTHS = 10**6
GREATEST = 10.0**8
"""Larger numbers are no measurements; they are graded as this one, which keeps the products whole."""

ALWAYS = {"LEFT": "VALUE", "OF": "ONE", "FACTOR": 0, "PLUS": 0, "SIGN": 0, "SLACK": 1}
NEVER = (Bound("<", Decimal(0)), Bound(">", Decimal(0)))
"""Below 0 and above 0: a criterion of which no band can hold still grades, with 0."""

UNDECIDED = 9
"""Stands for a grade in the code of a band that a missing limit leaves open."""

GRADE_COLUMNS = [
    *("ATOXDSCL", "ATOXDSCH", "ATOXGRL", "ATOXGRH", "BTOXGRL", "BTOXGRH", "WGRLFL", "WGRHFL", "CTCVER"),
]


def derive_grades(rows: ir.Table, plan: AnalysisPlan, *, keep: Keep) -> ir.Table:
    """Add ATOXDSCL, ATOXDSCH (term) and ATOXGRL, ATOXGRH (grade) of both directions.

    ``rows`` have the unique number ROW, TEST (code of the criterion), AVAL, LO, HI, BASE, BLO, BHI in the
    unit of the criterion, and PRE. What was measured before treatment has no baseline to be compared with.
    """
    judged = keep(_judge_bands(rows, list_bands(plan.value("ctcae.version"), plan.value("ctcae.symptoms"))))
    joined = rows.left_join(judged, rows.ROW == judged.OF_ROW)
    grades = {f"ATOXGR{side}": _read_grade(joined[f"CODE{side}"], joined[f"ATOXDSC{side}"]) for side in "LH"}
    return joined.mutate(**grades).select(
        *rows.columns,
        "ATOXDSCL",
        "ATOXDSCH",
        "ATOXGRL",
        "ATOXGRH",
        CTCVER=ibis.literal(plan.value("ctcae.version")),
    )


def _read_grade(code: ir.IntegerValue, term: ir.StringValue) -> ir.IntegerValue:
    grade = code % 10
    return ibis.cases(
        (term.isnull(), ibis.null("int64")),
        (code.isnull(), 0),
        (grade == UNDECIDED, ibis.null("int64")),
        else_=grade,
    ).cast("int64")


def _judge_bands(rows: ir.Table, bands: ir.Table) -> ir.Table:
    """One row per record that has a criterion: the first decided band of each direction."""
    numbers = rows.filter(rows.AVAL.notnull()).select(
        OF_ROW=_.ROW,
        TEST=_.TEST,
        VALUE=_count_millionths(_.AVAL),
        LLN=_count_millionths(_.LO),
        ULN_=_count_millionths(_.HI),
        BASE=_count_millionths(ibis.cases((~_.PRE, _.BASE))),
        IS_HIGH=true(~_.PRE & (_.BASE > _.BHI)),
        IS_LOW=true(~_.PRE & (_.BASE < _.BLO)),
    )
    each = numbers.inner_join(bands, "TEST")
    meant = each.BASELINE.cases(
        ("NORMAL", ~each.IS_HIGH),
        ("ABNORMAL", each.IS_HIGH),
        ("LOW", each.IS_LOW),
        ("NOT_LOW", ~each.IS_LOW),
        else_=True,
    )
    each = each.filter(meant).mutate(ULN=_.ULN_.coalesce(_.DEFAULT_ULN))
    holds = ibis.and_(*(_holds_bound(each, number) for number in range(1, BOUNDS + 1)))
    code = ibis.cases(
        (true(holds), each.PLACE * 10 + each.GRADE),
        (holds.isnull() & ~each.IF_KNOWN, each.PLACE * 10 + UNDECIDED),
    )
    decided = each.select("OF_ROW", "DIRECTION", "TERM", CODE=code)
    low, high = _.DIRECTION == "LOW", _.DIRECTION == "HIGH"
    return decided.group_by("OF_ROW").agg(
        ATOXDSCL=_.TERM.max(where=low),
        ATOXDSCH=_.TERM.max(where=high),
        CODEL=_.CODE.min(where=low),
        CODEH=_.CODE.min(where=high),
    )


def _count_millionths(number: ir.FloatingValue) -> ir.IntegerValue:
    capped = ibis.cases((number > GREATEST, GREATEST), (number < -GREATEST, -GREATEST), else_=number)
    return (capped * MILLIONTHS).round().cast("int64")


def _holds_bound(each: ir.Table, number: int) -> ir.BooleanValue:
    """`left op factor x of + plus` in whole numbers; unknown where a number of it is missing."""
    left = ibis.cases((each[f"LEFT{number}"] == "BASE", each.BASE), else_=each.VALUE)
    of = each[f"OF{number}"].cases(("ULN", each.ULN), ("LLN", each.LLN), ("BASE", each.BASE), else_=0)
    difference = HUNDREDTHS * left - each[f"FACTOR{number}"] * of - each[f"PLUS{number}"]
    return each[f"SIGN{number}"] * difference + each[f"SLACK{number}"] > 0


# --- The tables of criteria as a table ---------------------------------------------------------------


@cache
def list_bands(version: str, symptoms: str) -> ir.Table:
    """One row per criterion and band that can hold under the conditions taken for granted."""
    conditions = SYMPTOMS[symptoms]
    records = [row for criterion in CRITERIA[version] for row in _list_bands(criterion, conditions)]
    return ibis.memtable(pa.Table.from_pylist(records, schema=_schema()))


def _list_bands(criterion: Criterion, conditions: frozenset[Condition]) -> Iterator[dict[str, Any]]:
    shared = {
        "TEST": criterion.test,
        "TERM": criterion.term,
        "DIRECTION": criterion.direction.value,
        "BASELINE": criterion.baseline.value,
        "DEFAULT_ULN": None
        if criterion.default_uln is None
        else _count_whole(criterion.default_uln, MILLIONTHS),
    }
    yield shared | {"PLACE": 99, "GRADE": 0, "IF_KNOWN": True} | _describe_bounds(NEVER)
    for place, band in enumerate(criterion.bands, start=1):
        if _applies(band, conditions):
            grade = {"PLACE": place, "GRADE": band.grade, "IF_KNOWN": band.if_known}
            yield shared | grade | _describe_bounds(band.bounds)


def _applies(band: Band, conditions: frozenset[Condition]) -> bool:
    if band.when is Condition.ASYMPTOMATIC:
        return Condition.SYMPTOMATIC not in conditions
    return band.when is None or band.when in conditions


def _describe_bounds(bounds: tuple[Bound, ...]) -> dict[str, Any]:
    if len(bounds) > BOUNDS:
        raise ValueError(f"a band has {len(bounds)} bounds; at most {BOUNDS} are judged")
    row: dict[str, Any] = {}
    for number in range(1, BOUNDS + 1):
        described = _describe_bound(bounds[number - 1]) if number <= len(bounds) else ALWAYS
        row |= {f"{name}{number}": value for name, value in described.items()}
    return row


def _describe_bound(bound: Bound) -> dict[str, Any]:
    factor, plus = bound.factor, bound.plus
    if bound.of is Operand.ONE:
        factor, plus = Decimal(0), factor + plus
    return {
        "LEFT": bound.left.value,
        "OF": bound.of.value,
        "FACTOR": _count_whole(factor, HUNDREDTHS),
        "PLUS": _count_whole(plus, HUNDREDTHS * MILLIONTHS),
        "SIGN": 1 if bound.op in (">", ">=") else -1,
        "SLACK": 1 if bound.op in ("<=", ">=") else 0,
    }


def _count_whole(number: Decimal, parts: int) -> int:
    whole = number * parts
    if whole != whole.to_integral_value():
        raise ValueError(f"{number} of a criterion is no whole number of {parts}ths")
    return int(whole)


def _schema() -> pa.Schema:
    kinds = {"TEST": pa.string(), "TERM": pa.string(), "DIRECTION": pa.string(), "BASELINE": pa.string()}
    kinds |= {"DEFAULT_ULN": pa.int64(), "PLACE": pa.int64(), "GRADE": pa.int64(), "IF_KNOWN": pa.bool_()}
    for number in range(1, BOUNDS + 1):
        kinds |= {f"{name}{number}": pa.string() for name in ("LEFT", "OF")}
        kinds |= {f"{name}{number}": pa.int64() for name in ("FACTOR", "PLUS", "SIGN", "SLACK")}
    return pa.schema(list(kinds.items()))


# --- Grades of a subject ----------------------------------------------------------------------------


def flag_worst_grades(rows: ir.Table) -> ir.Table:
    """Add BTOXGRL, BTOXGRH (grade at baseline) and WGRLFL, WGRHFL (first record of the worst grade).

    The worst grade is that of all records on treatment, unscheduled ones too, per subject and parameter.
    """
    by = ["SUBJECT", "PARAMCD"]
    keyed = rows.mutate(TP=rows.ATPTN.fill_null(-1.0))
    counted = keyed.filter((keyed.ONTRTFL == "Y") & (keyed.ATOXGRL.notnull() | keyed.ATOXGRH.notnull()))
    # records are numbered in the order of their dates: of equal grades the first has the largest code
    worst = counted.group_by(by).agg(
        **{f"CODE{side}": (_[f"ATOXGR{side}"] * RECORDS_OF_A_SUBJECT - _.ASEQ).max() for side in "LH"}
    )
    baseline = keyed.filter(keyed.ABLFL == "Y").group_by([*by, "TP"])
    baseline = baseline.agg(**{f"BTOXGR{side}": _[f"ATOXGR{side}"].max() for side in "LH"})
    joined = keyed.left_join(worst, by).select(*keyed.columns, "CODEL", "CODEH")
    joined = joined.left_join(baseline, [*by, "TP"])
    flags = {}
    for side in "LH":
        code = joined[f"ATOXGR{side}"] * RECORDS_OF_A_SUBJECT - joined.ASEQ
        flags[f"WGR{side}FL"] = keep_flag(true(joined.ONTRTFL == "Y") & (code == joined[f"CODE{side}"]))
    return joined.select(*rows.columns, "BTOXGRL", "BTOXGRH", **flags)
