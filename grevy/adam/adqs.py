"""ADQS: scores of the questionnaires with baseline, change and the flag of a relevant change.

Answers become scores set-based, by the same tables as `grevy.rules.questionnaires`: each answer is joined
with the scales it belongs to. Scores are counted in whole parts of `PARTS`, so that a change of exactly
10 points is one on every engine.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from math import lcm
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from grevy.adam.assessments import true
from grevy.adam.dates import compute_date
from grevy.adam.measurements import (
    BDS_COLUMNS,
    KEYS,
    add_subjects,
    derive_change,
    find_column,
    flag_and_number,
    select_measurements,
)
from grevy.definition import AnalysisPlan
from grevy.engine import Keep
from grevy.rules.questionnaires import (
    C30_SUMMARY_CODE,
    EQ5D5L_CHINA,
    HIGHER_IS_BETTER,
    NOT_IN_SUMMARY,
    QLQ_C30,
    QLQ_GINET21,
    SCALE_LABELS,
    Scale,
)
from grevy.sdtm.dates import is_complete

ADQS_COLUMNS = [*BDS_COLUMNS, "CRIT1", "CRIT1FL", "CRIT2", "CRIT2FL"]

C30, GINET21, EQ5D, ADHERENCE = "EORTC QLQ-C30", "EORTC QLQ-GI.NET21", "EQ-5D-5L", "ADHERENCE"
ITEM_CODES = {C30: "EOR01", GINET21: "EOR15"}
"""Instrument to what QSTESTCD of its items begins with; the number of the item follows in two digits."""

TAKEN_AS_GIVEN = {
    "EQ5D0206": ("EQVAS", EQ5D), "ADHMISS": ("ADHMISS", ADHERENCE), "ADHMARS": ("ADHMARS", ADHERENCE),
    "ADHEXT": ("ADHEXT", ADHERENCE),
}  # fmt: skip
"""QSTESTCD whose answer is the score."""

PARTS = lcm(*(scale.item_range * n for scale in QLQ_C30 for n in range(1, len(scale.items) + 1)))
"""Every score of 0 to 100 is a whole number of this part of a point."""

THOUSANDTHS = 1000
"""Utility values are whole thousandths."""

FORMS = {C30: "FRMC30", GINET21: "FRMGI21", EQ5D: "FRMEQ5D", ADHERENCE: "FRMADH"}
"""Instrument to the parameter that says whether its form was received at a visit: 1, or 0 with the reason."""

RECEIVED, NO_REASON = "RECEIVED", "REASON NOT GIVEN"

BY_FORM = [*KEYS, "ADT", "DTC", "AVISITN", "AVISIT", "VISITDY"]
SCORED = [*BY_FORM, "SEQ", "PARAMCD", "PARCAT1", "AVAL"]


def build_adqs(qs: ir.Table, adsl: ir.Table, plan: AnalysisPlan, *, keep: Keep) -> ir.Table:
    """Build ADQS from QS and ADSL, one row per subject, score and form."""
    answers = keep(select_measurements(qs, "QS"))
    scales = keep(score_scales(answers, plan))
    parts = [
        scales.select(*SCORED),
        score_summary(scales),
        score_utility(answers),
        answers.inner_join(list_given(), "TEST").select(*SCORED),
    ]
    scored = ibis.union(*parts).mutate(AVALC=ibis.null("string"))
    rows = ibis.union(scored, list_forms(qs).select(*SCORED, "AVALC"))
    rows = rows.mutate(**{name: ibis.null(type_) for name, type_ in _ABSENT.items()})
    rows = keep(clear_change_of_forms(derive_change(add_subjects(rows, adsl), plan)))
    rows = flag_and_number(rows, plan, "QS")
    return flag_relevant_change(rows, plan).select(*ADQS_COLUMNS)


_ABSENT = {
    "AVALU": "string", "LO": "float64", "HI": "float64", "ATPT": "string",
    "ATPTN": "float64", "DTYPE": "string",
}  # fmt: skip


# --- Forms ----------------------------------------------------------------------------------------


def list_forms(qs: ir.Table) -> ir.Table:
    """One row per form at a visit: AVAL 1 where an answer was given, 0 where it was not done, and why."""
    texts = {
        name: find_column(qs, f"QS{name}") for name in ("TESTCD", "CAT", "STAT", "REASND", "STRESC", "DTC")
    }
    test, category = texts["TESTCD"].upper().fill_null(""), texts["CAT"].upper().fill_null("")
    whole_form = test == "QSALL"
    named = {
        C30: test.startswith(ITEM_CODES[C30]) | (whole_form & category.contains("C30")),
        GINET21: test.startswith(ITEM_CODES[GINET21]) | (whole_form & category.contains("NET21")),
        EQ5D: test.startswith("EQ5D02") | (whole_form & category.contains("EQ-5D")),
        ADHERENCE: test.startswith("ADH") | (whole_form & (category == ADHERENCE)),
    }
    rows = qs.select(
        *KEYS,
        PARCAT1=ibis.cases(*((condition, instrument) for instrument, condition in named.items())),
        SEQ=find_column(qs, "QSSEQ", "float64"),
        DTC=texts["DTC"],
        REASON=texts["REASND"],
        NOT_DONE=true(texts["STAT"].upper() == "NOT DONE"),
        GIVEN=texts["STRESC"].notnull() | find_column(qs, "QSSTRESN", "float64").notnull(),
        AVISIT=find_column(qs, "VISIT"),
        AVISITN=find_column(qs, "VISITNUM", "float64"),
        VISITDY=find_column(qs, "VISITDY", "float64"),
    )
    rows = rows.filter(_.PARCAT1.notnull() & (_.GIVEN | _.NOT_DONE))
    forms = rows.group_by([*KEYS, "PARCAT1", "AVISITN", "AVISIT", "VISITDY"]).agg(
        SEQ=_.SEQ.min(), DTC=_.DTC.max(), ANSWERS=_.count(where=_.GIVEN & ~_.NOT_DONE), REASON=_.REASON.max()
    )
    received = forms.ANSWERS > 0
    return forms.mutate(
        ADT=ibis.cases((is_complete(forms.DTC), compute_date(forms.DTC, "first"))).cast("date"),
        PARAMCD=forms.PARCAT1.cases(*FORMS.items()),
        AVAL=ibis.ifelse(received, 1.0, 0.0),
        AVALC=ibis.ifelse(received, RECEIVED, forms.REASON.coalesce(NO_REASON)),
    )


def clear_change_of_forms(rows: ir.Table) -> ir.Table:
    """A form that was received has no baseline and no change."""
    is_form = rows.PARAMCD.isin(list(FORMS.values()))
    return rows.mutate(
        **{name: ibis.cases((~is_form, rows[name])) for name in ("BASE", "CHG", "PCHG", "ABLFL")}
    )


# --- Scores ----------------------------------------------------------------------------------------


def score_scales(answers: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Scores of the EORTC scales, one row per form and scale; missing under half of the items answered.

    COUNT is the score in whole parts, GOOD the same turned so that high is good.
    """
    joined = answers.filter(_.AVAL.notnull()).inner_join(
        list_items(plan.value("pro.ginet21_variant")), "TEST"
    )
    sums = joined.group_by([*BY_FORM, "PARAMCD", "PARCAT1", "ITEMS", "RANGE", "INVERTED", "IN_SUMMARY"]).agg(
        SEQ=_.SEQ.min(), ANSWERED=_.AVAL.count(), TOTAL=_.AVAL.sum().round().cast("int64")
    )
    # ANSWERED x RANGE divides PARTS, so the quotient is whole
    above = 100 * PARTS * (sums.TOTAL - sums.ANSWERED)
    raw = (above / (sums.RANGE * sums.ANSWERED)).round().cast("int64")
    # the functional scales of QLQ-C30 are turned round, and so are its symptoms for the summary
    scores = sums.mutate(COUNT=ibis.ifelse(sums.INVERTED, 100 * PARTS - raw, raw), GOOD=100 * PARTS - raw)
    return scores.filter(2 * _.ANSWERED >= _.ITEMS).mutate(AVAL=_.COUNT.cast("float64") / float(PARTS))


def score_summary(scales: ir.Table) -> ir.Table:
    """Summary score of QLQ-C30: mean of 13 scales with symptoms turned round; needs all of them."""
    needed = len(QLQ_C30) - len(NOT_IN_SUMMARY)
    sums = scales.filter(_.IN_SUMMARY).group_by(BY_FORM).agg(SEQ=_.SEQ.min(), N=_.count(), TOTAL=_.GOOD.sum())
    return (
        sums.filter(needed == _.N)
        .mutate(
            PARAMCD=ibis.literal(C30_SUMMARY_CODE),
            PARCAT1=ibis.literal(C30),
            AVAL=_.TOTAL.cast("float64") / float(needed * PARTS),
        )
        .select(*SCORED)
    )


def score_utility(answers: ir.Table) -> ir.Table:
    """EQINDEX: 1 less what each level takes (value set of China); needs all five dimensions."""
    levels = list_decrements()
    joined = answers.inner_join(levels, [answers.TEST == levels.ITEM, answers.AVAL == levels.LEVEL])
    sums = joined.group_by(BY_FORM).agg(
        SEQ=_.SEQ.min(), N=_.TEST.nunique(), ANSWERS=_.count(), TAKEN=_.DECREMENT.sum()
    )
    whole = (len(EQ5D5L_CHINA) == sums.N) & (sums.ANSWERS == sums.N)
    return (
        sums.filter(whole)
        .mutate(
            PARAMCD=ibis.literal("EQINDEX"),
            PARCAT1=ibis.literal(EQ5D),
            AVAL=(THOUSANDTHS - _.TAKEN).cast("float64") / float(THOUSANDTHS),
        )
        .select(*SCORED)
    )


def compute_points(
    scale: ir.StringValue, plan: AnalysisPlan, *, show: Callable[[Decimal], Any] = float
) -> ir.Value:
    """The change that counts for a scale: its own points, or those of all others (W47)."""
    usual = ibis.literal(show(plan.value("pro.deterioration_points")))
    own = [(code, show(plan.find_points(code))) for code in plan.scale_points]
    return scale.cases(*own, else_=usual) if own else usual


def flag_relevant_change(rows: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Add PARAM and CRIT1 (worse), CRIT2 (better) by at least the points that the plan asks of the scale.

    For scores of 0 to 100 of which it is known which end is good.
    """
    limit = compute_points(rows.PARAMCD, plan)
    good = [code for code, high_is_good in HIGHER_IS_BETTER.items() if high_is_good]
    bad = [code for code, high_is_good in HIGHER_IS_BETTER.items() if not high_is_good]
    worse = ibis.cases((rows.PARAMCD.isin(good), -rows.CHG), (rows.PARAMCD.isin(bad), rows.CHG))
    criteria = {}
    shown = compute_points(rows.PARAMCD, plan, show=lambda points: f"{points:g}")
    for name, word, change in (("CRIT1", "Worse", worse), ("CRIT2", "Better", -worse)):
        text = ibis.literal(f"{word} by >= ") + shown + " points"
        criteria[name] = ibis.cases((change.notnull(), text))
        criteria[f"{name}FL"] = ibis.cases((change.notnull(), ibis.ifelse(change >= limit, "Y", "N")))
    names = {code: label.en for code, label in SCALE_LABELS.items()}
    return rows.mutate(PARAM=rows.PARAMCD.cases(*names.items(), else_=rows.PARAMCD), **criteria)


# --- The tables of the instruments as tables ---------------------------------------------------------


@cache
def list_items(variant: str) -> ir.Table:
    """One row per item of an EORTC instrument and the scale it belongs to."""
    instruments = {C30: QLQ_C30, GINET21: QLQ_GINET21[variant]}
    records = [
        {"TEST": f"{ITEM_CODES[name]}{item:02}", **_describe_scale(name, scale)}
        for name, scales in instruments.items()
        for scale in scales
        for item in scale.items
    ]
    return ibis.memtable(pa.Table.from_pylist(records))


def _describe_scale(instrument: str, scale: Scale) -> dict[str, str | int | bool]:
    return {
        "PARAMCD": scale.code,
        "PARCAT1": instrument,
        "ITEMS": len(scale.items),
        "RANGE": scale.item_range,
        "INVERTED": scale.inverted,
        "IN_SUMMARY": instrument == C30 and scale.code not in NOT_IN_SUMMARY,
    }


@cache
def list_decrements() -> ir.Table:
    """One row per dimension and level of EQ-5D-5L: what it takes from 1, in thousandths."""
    records = [
        {"ITEM": f"EQ5D02{place:02}", "LEVEL": float(level), "DECREMENT": int(decrement * THOUSANDTHS)}
        for place, decrements in enumerate(EQ5D5L_CHINA.values(), start=1)
        for level, decrement in enumerate(decrements, start=1)
    ]
    return ibis.memtable(pa.Table.from_pylist(records))


@cache
def list_given() -> ir.Table:
    """One row per test whose answer is the score."""
    records = [
        {"TEST": test, "PARAMCD": code, "PARCAT1": instrument}
        for test, (code, instrument) in TAKEN_AS_GIVEN.items()
    ]
    return ibis.memtable(pa.Table.from_pylist(records))
