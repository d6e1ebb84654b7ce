"""ADAE: adverse events with analysis dates, treatment-emergence and occurrence flags."""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.adsl import KEYS, flag
from grevy.adam.assessments import true
from grevy.adam.dates import compute_date, compute_date_flag, compute_latest, compute_study_day
from grevy.definition import AnalysisPlan

RELATED = ["RELATED", "PROBABLE", "POSSIBLE", "PROBABLY RELATED", "POSSIBLY RELATED", "Y", "YES"]
SUBJECT_VARIABLES = ["COHORT", "NENGRP", "SAFFL", "TRTSDT", "TRTEDT", "NWTRSDT", "DTHDT", "CUTDT"]


def build_adae(ae: ir.Table, adsl: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """One row per adverse event record.

    Treatment-emergent (W41): onset from first dose to ``te.days_after_last_dose`` days after the last
    one. A missing causality counts as related unless the plan says otherwise (W42); a missing grade stays
    missing.
    """
    events = ae.inner_join(adsl.select(*KEYS, *SUBJECT_VARIABLES), KEYS)
    events = _date_events(events, plan)
    events = _flag_treatment_emergent(events, plan)
    related = _.AEREL.upper().isin(RELATED)
    missing = "RELATED" if plan.value("ae.missing_causality") == "related" else "NOT RELATED"
    events = events.mutate(
        ATOXGR=_.AETOXGR.try_cast("int64"),
        AREL=ibis.cases((_.AEREL.isnull(), missing), (related, "RELATED"), else_="NOT RELATED"),
        ASEQ=_.AESEQ.cast("int64"),
        SRCDOM=ibis.literal("AE"),
        SRCVAR=ibis.literal("AESTDTC"),
        SRCSEQ=_.AESEQ,
    )
    return flag_occurrences(events).drop("LATEST_END")


def _date_events(events: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """ASTDT, AENDT with flags and study days (W8, W9).

    A partial onset takes the first day possible; where that lies before first dose but the event may have
    begun on or after it and did not end before it, the day of first dose, so that it counts.
    """
    rule = str(plan.value("dates.ae_start"))
    first = compute_date(_.AESTDTC, "first" if rule == "treatment_emergent" else rule)
    events = events.mutate(ASTDT=first, LATEST=compute_date(_.AESTDTC, "last"), LATEST_END=compute_date(_.AEENDTC, "last"))
    if rule == "treatment_emergent":
        may_be = true((_.ASTDT < _.TRTSDT) & (_.LATEST >= _.TRTSDT)) | (_.ASTDT.isnull() & _.TRTSDT.notnull())
        over = true(_.LATEST_END < _.TRTSDT)
        events = events.mutate(ASTDT=ibis.ifelse(may_be & ~over, _.TRTSDT, _.ASTDT))
    end = compute_date(_.AEENDTC, str(plan.value("dates.ae_end")))
    partial = compute_date_flag(_.AEENDTC).notnull()
    stop = ibis.least(_.DTHDT.coalesce(_.CUTDT), _.CUTDT.coalesce(_.DTHDT))
    events = events.mutate(
        ASTDTF=ibis.cases((_.AESTDTC.isnull() & _.ASTDT.notnull(), "Y"), else_=compute_date_flag(_.AESTDTC)),
        AENDT=ibis.ifelse(partial & true(end > stop), stop, end),
        AENDTF=compute_date_flag(_.AEENDTC),
    ).drop("LATEST")
    return events.mutate(
        AENDT=ibis.cases((_.AENDT.notnull(), compute_latest(_.AENDT, _.ASTDT))),
        ASTDY=compute_study_day(_.ASTDT, _.TRTSDT),
    )


def _flag_treatment_emergent(events: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """TRTEMFL, and PREFL and FUPFL for what began before and after."""
    last = _.TRTEDT + ibis.interval(days=int(plan.value("te.days_after_last_dose")))
    before = _.TRTSDT.isnull() | true(_.ASTDT < _.TRTSDT) | _.ASTDT.isnull()
    after = true(_.ASTDT > last.cast("date"))
    if plan.value("te.end_at_new_therapy"):
        after = after | true(_.ASTDT >= _.NWTRSDT)
    return events.mutate(PREFL=flag(before), FUPFL=flag(~before & after), TRTEMFL=flag(~before & ~after))


def flag_occurrences(events: ir.Table) -> ir.Table:
    """AOCCFL, AOCCSFL, AOCCPFL: each subject once, once per class, once per term, at the worst grade.

    The record kept among treatment-emergent ones is the one of highest grade, the earliest of several.
    """
    worst_first = [ibis.desc("WORST"), ibis.asc("ONSET"), ibis.asc("AESEQ")]
    events = events.mutate(
        WORST=_.ATOXGR.fill_null(0), ONSET=_.ASTDT.coalesce(ibis.date("2999-12-31")), EMERGENT=_.TRTEMFL == "Y"
    )
    groups = {"AOCCFL": [], "AOCCSFL": ["AEBODSYS"], "AOCCPFL": ["AEBODSYS", "AEDECOD"]}
    for name, terms in groups.items():
        window = ibis.window(group_by=[*KEYS, "EMERGENT", *terms], order_by=worst_first)
        place = ibis.row_number().over(window)
        events = events.mutate(PLACE=place).mutate(
            **{name: ibis.cases((_.EMERGENT & (_.PLACE == 0), "Y"))}
        ).drop("PLACE")
    return events.drop("WORST", "ONSET", "EMERGENT")
