"""ADAE: one row per adverse event: dated, treatment-emergent or not, related or not, first at worst grade.

Grades are the investigator's. An event that worsens under treatment is treatment-emergent by the record of
its worse grade, which has a start of its own.
"""

from functools import reduce

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.dates import (
    compute_date,
    compute_date_flag,
    compute_earliest,
    compute_latest,
    compute_study_day,
)
from grevy.definition import AnalysisPlan

KEYS = ["STUDYID", "USUBJID"]

SUBJECT_VARIABLES = ["COHORT", "SAFFL", "NENGRP", "TRTSDT", "TRTEDT", "DTHDT", "NWTRSDT", "CUTDT"]
"""ADSL variables that date an event, or by which events are tabulated."""

EVENT_VARIABLES = [
    *(
        "STUDYID",
        "USUBJID",
        "AESEQ",
        "AESPID",
        "AETERM",
        "AELLT",
        "AEDECOD",
        "AEBODSYS",
        "AESOC",
        "AETOXGR",
        "AESEV",
    ),
    *("AESER", "AEREL", "AEACN", "AEOUT", "AESDTH", "AESHOSP", "AESLIFE", "AESTDTC", "AEENDTC", "AEENRTPT"),
]

RELATED = ["RELATED", "PROBABLE", "PROBABLY RELATED", "POSSIBLE", "POSSIBLY RELATED", "DEFINITE", "Y", "YES"]
NOT_RELATED = ["NOT RELATED", "UNLIKELY", "UNLIKELY RELATED", "UNRELATED", "REMOTE", "NONE", "N", "NO"]


def build_adae(ae: ir.Table, adsl: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Build ADAE from AE records and ADSL (ICH E2A, E9; CTCAE grades as entered)."""
    subjects = adsl.select(*KEYS, *SUBJECT_VARIABLES)
    events = ae.select(*EVENT_VARIABLES).left_join(subjects, KEYS).drop(*(f"{key}_right" for key in KEYS))
    adae = derive_event_dates(events, plan)
    adae = derive_treatment_emergence(adae, plan)
    adae = derive_causality_and_grade(adae, plan)
    adae = flag_first_occurrences(adae)
    order = ibis.window(group_by=KEYS, order_by=["AESEQ", "AETERM", "AESTDTC"])
    return adae.mutate(
        ASEQ=(ibis.row_number().over(order) + 1).cast("int64"),
        SRCDOM=ibis.literal("AE"),
        SRCVAR=ibis.literal("AESTDTC"),
        SRCSEQ=_.AESEQ,
    )


def derive_event_dates(events: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Add ASTDT, ASTDTF, AENDT, AENDTF and ASTDY; partial dates by the switches W8 and W9.

    A partial start is the first possible day, but the first dose if that lies in the same period and the
    event cannot have ended before it; an unknown start likewise, so that doubt counts against the drug.
    A partial end is the last possible day, not after death or cut-off, and not before the start.
    """
    earliest, latest = compute_date(events.AESTDTC, "first"), compute_date(events.AESTDTC, "last")
    last_end = compute_date(events.AEENDTC, "last")
    may_run_at_first_dose = events.TRTSDT.notnull() & (last_end.isnull() | (last_end >= events.TRTSDT))
    dose_in_period = (earliest <= events.TRTSDT) & (latest >= events.TRTSDT) & (earliest != latest)
    rule = plan.value("dates.ae_start")
    if rule == "treatment_emergent":
        start = ibis.cases(
            (earliest.isnull() & may_run_at_first_dose, events.TRTSDT),
            (dose_in_period & may_run_at_first_dose, events.TRTSDT),
            else_=earliest,
        )
    elif rule == "first":
        start = earliest
    else:
        start = ibis.ifelse(earliest == latest, latest, compute_earliest(latest, last_end))
    dated = events.mutate(ASTDT=start)
    imputed_whole = earliest.isnull() & dated.ASTDT.notnull()
    return dated.mutate(
        ASTDTF=ibis.ifelse(imputed_whole, "Y", compute_date_flag(dated.AESTDTC)),
        AENDT=_compute_end(dated, plan),
        AENDTF=compute_date_flag(dated.AEENDTC),
        ASTDY=compute_study_day(dated.ASTDT, dated.TRTSDT),
        MAY_RUN_AT_FIRST_DOSE=may_run_at_first_dose,
    )


def _compute_end(dated: ir.Table, plan: AnalysisPlan) -> ir.DateValue:
    imputed = compute_date(dated.AEENDTC, plan.value("dates.ae_end"))
    capped = reduce(compute_earliest, [imputed, dated.DTHDT, dated.CUTDT])
    # raised to the start only where the partial date allows the start at all
    raised = ibis.ifelse(
        compute_date(dated.AEENDTC, "last") >= dated.ASTDT, compute_latest(capped, dated.ASTDT), capped
    )
    return ibis.cases(
        (imputed.isnull(), ibis.null("date")),
        (compute_date_flag(dated.AEENDTC).isnull(), imputed),
        else_=raised,
    )


def derive_treatment_emergence(adae: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Add TRTEMFL, PREFL and FUPFL (Y or null): onset from first dose to some days after the last one (W41).

    An event whose start stays unknown is treatment-emergent unless it ended before the first dose.
    """
    end = adae.TRTEDT + ibis.interval(days=int(plan.value("te.days_after_last_dose")))
    after = (end < adae.ASTDT).fill_null(False)
    if plan.value("te.end_at_new_therapy"):
        after = after | (adae.ASTDT >= adae.NWTRSDT).fill_null(False)
    before = (adae.ASTDT < adae.TRTSDT).fill_null(False)
    unknown = adae.ASTDT.isnull()
    treated = adae.TRTSDT.notnull()
    emergent = treated & ibis.ifelse(unknown, adae.MAY_RUN_AT_FIRST_DOSE, ~before & ~after)
    return adae.mutate(
        TRTEMFL=_flag(emergent),
        PREFL=_flag(treated & (before | (unknown & ~adae.MAY_RUN_AT_FIRST_DOSE))),
        FUPFL=_flag(treated & ~before & after),
    ).drop("MAY_RUN_AT_FIRST_DOSE")


def derive_causality_and_grade(adae: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Add AREL (related: related, probable, possible) and ATOXGR; missing causality by the switch W42.

    A missing grade stays missing and is shown so: it is never guessed from the severity.
    """
    judged = adae.AEREL.upper().strip()
    missing = "RELATED" if plan.value("ae.missing_causality") == "related" else "NOT RELATED"
    grade = adae.AETOXGR.re_extract("([1-5])", 1).nullif("")
    return adae.mutate(
        AREL=ibis.cases(
            (judged.isin(RELATED), "RELATED"), (judged.isin(NOT_RELATED), "NOT RELATED"), else_=missing
        ),
        ATOXGR=grade.cast("int64"),
    )


def flag_first_occurrences(adae: ir.Table) -> ir.Table:
    """Flag each subject's first treatment-emergent event at the worst grade: any, per SOC, per SOC and PT."""
    keyed = adae.mutate(
        SOC=ibis.coalesce(adae.AEBODSYS, adae.AESOC, ""),
        TERM=ibis.coalesce(adae.AEDECOD, adae.AETERM, ""),
        WORST=-adae.ATOXGR.fill_null(0),
    )
    levels = {"AOCCFL": [], "AOCCSFL": ["SOC"], "AOCCPFL": ["SOC", "TERM"]}
    return keyed.mutate(**{name: _is_worst(keyed, by) for name, by in levels.items()}).drop(
        "SOC", "TERM", "WORST"
    )


def _is_worst(keyed: ir.Table, by: list[str]) -> ir.StringValue:
    order = ibis.window(group_by=[*KEYS, "TRTEMFL", *by], order_by=["WORST", "ASTDT", "AESEQ"])
    return _flag((keyed.TRTEMFL == "Y").fill_null(False) & (ibis.row_number().over(order) == 0))


def _flag(condition: ir.BooleanValue) -> ir.StringValue:
    return ibis.ifelse(condition, "Y", ibis.null("string"))
