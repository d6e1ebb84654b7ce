"""ADCM, ADMH, ADPR and ADDV: what has a start and an end, before, during or after study treatment."""

from functools import reduce

import ibis
import ibis.expr.types as ir

from grevy.adam.assessments import true
from grevy.adam.dates import (
    DateRule,
    compute_date,
    compute_date_flag,
    compute_earliest,
    compute_new_therapy_start,
    compute_study_day,
)
from grevy.adam.measurements import KEYS, keep_flag
from grevy.adam.therapies import is_new_therapy
from grevy.definition import AnalysisPlan

SUBJECT_VARIABLES = ["COHORT", "SAFFL", "FASFL", "NENGRP", "TRTSDT", "TRTEDT", "DTHDT", "CUTDT"]

CM_VARIABLES = [
    *("CMSEQ", "CMSPID", "CMTRT", "CMDECOD", "CMCLAS", "CMCLASCD", "CMCAT", "CMSCAT", "CMINDC", "CMDOSE"),
    *("CMDOSU", "CMDOSFRQ", "CMROUTE", "CMRSDISC", "CMSTDTC", "CMENDTC", "CMENRTPT"),
]
MH_VARIABLES = [
    *(
        "MHSEQ",
        "MHSPID",
        "MHTERM",
        "MHDECOD",
        "MHBODSYS",
        "MHCAT",
        "MHSCAT",
        "MHSTDTC",
        "MHENDTC",
        "MHENRTPT",
    ),
]
PR_VARIABLES = ["PRSEQ", "PRSPID", "PRTRT", "PRDECOD", "PRCAT", "PRINDC", "PRSTDTC", "PRENDTC"]
DV_VARIABLES = ["DVSEQ", "DVSPID", "DVTERM", "DVDECOD", "DVCAT", "DVSCAT", "DVSTDTC", "DVENDTC"]
DATED = ["ASTDT", "ASTDTF", "AENDT", "AENDTF", "ASTDY", "AENDY"]
SOURCE = ["SRCDOM", "SRCVAR", "SRCSEQ"]
ADCM_COLUMNS = [
    *("STUDYID", "USUBJID", "ASEQ", *SUBJECT_VARIABLES, *CM_VARIABLES, *DATED, "PREFL", "ONTRTFL", "FUPFL"),
    *SOURCE,
]
ADMH_COLUMNS = [
    *("STUDYID", "USUBJID", "ASEQ", *SUBJECT_VARIABLES, *MH_VARIABLES, *DATED, "PREFL", "ONGOFL", *SOURCE),
]
ADPR_COLUMNS = [
    *("STUDYID", "USUBJID", "ASEQ", *SUBJECT_VARIABLES, *PR_VARIABLES, *DATED, "PREFL", "ONTRTFL", "FUPFL"),
    *SOURCE,
]
ADDV_COLUMNS = ["STUDYID", "USUBJID", "ASEQ", *SUBJECT_VARIABLES, *DV_VARIABLES, *DATED, *SOURCE]


def build_adcm(cm: ir.Table, adsl: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Build ADCM from CM and ADSL, one row per medication record.

    PREFL: begun before the first dose. ONTRTFL (concomitant): taken at any time from the first dose to some
    days after the last one. FUPFL: begun later. One that began before and went on is both of the first.
    A start that is unknown is taken as before treatment, an end that is unknown as not yet come.
    A new anti-cancer therapy begins on the day that ADSL has for it (W10).
    """
    rows = _date_records(cm, adsl, "CM", CM_VARIABLES, plan)
    return _flag_periods(rows, plan).select(*ADCM_COLUMNS)


def build_adpr(pr: ir.Table, adsl: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Build ADPR from PR and ADSL, one row per procedure, with the flags of ADCM; without an end, a day."""
    ended = pr.mutate(ENTERED=pr.PRENDTC, PRENDTC=pr.PRENDTC.coalesce(pr.PRSTDTC))
    rows = _flag_periods(_date_records(ended, adsl, "PR", [*PR_VARIABLES, "ENTERED"]), plan)
    return rows.mutate(PRENDTC=rows.ENTERED).select(*ADPR_COLUMNS)


def build_addv(dv: ir.Table, adsl: ir.Table) -> ir.Table:
    """Build ADDV from DV and ADSL, one row per deviation from the protocol."""
    return _date_records(dv, adsl, "DV", DV_VARIABLES).select(*ADDV_COLUMNS)


def _flag_periods(rows: ir.Table, plan: AnalysisPlan) -> ir.Table:
    treated = rows.TRTSDT.notnull()
    end = rows.TRTEDT + ibis.interval(days=int(plan.value("te.days_after_last_dose")))
    before = rows.ASTDT.isnull() | (rows.ASTDT < rows.TRTSDT)
    ended_before = true(rows.AENDT < rows.TRTSDT)
    after = true(end < rows.ASTDT)
    return rows.mutate(
        PREFL=keep_flag(treated & before),
        ONTRTFL=keep_flag(treated & ~ended_before & ~after),
        FUPFL=keep_flag(treated & after),
    )


def build_admh(mh: ir.Table, adsl: ir.Table) -> ir.Table:
    """Build ADMH from MH and ADSL, one row per condition; ONGOFL: not over at the first dose."""
    rows = _date_records(mh, adsl, "MH", MH_VARIABLES)
    ongoing = true(rows.MHENRTPT.upper() == "ONGOING") | true(rows.AENDT >= rows.TRTSDT)
    return rows.mutate(
        PREFL=keep_flag(rows.TRTSDT.notnull() & (rows.ASTDT.isnull() | (rows.ASTDT < rows.TRTSDT))),
        ONGOFL=keep_flag(ongoing),
    ).select(*ADMH_COLUMNS)


def _date_records(
    records: ir.Table,
    adsl: ir.Table,
    domain: str,
    variables: list[str],
    plan: AnalysisPlan | None = None,
) -> ir.Table:
    """Subject variables, dates and number of each record.

    A partial start is the first possible day, a partial end the last one, not after death or cut-off (W9).
    With a plan, a new anti-cancer therapy begins by its rule (W10).
    """
    subjects = adsl.select(*KEYS, *SUBJECT_VARIABLES)
    is_new = ibis.literal(False) if plan is None else is_new_therapy(records, domain, plan)
    rows = records.select(*KEYS, *variables, IS_NEW=is_new).inner_join(subjects, KEYS)
    start, end = rows[f"{domain}STDTC"], rows[f"{domain}ENDTC"]
    last = compute_date(end, "last")
    first = compute_date(start, "first")
    if plan is not None:
        rule: DateRule = plan.value("dates.new_therapy")
        begun = compute_new_therapy_start(start, rows.TRTSDT, rule)
        first = ibis.cases((rows.IS_NEW, begun), else_=first)
    capped = reduce(compute_earliest, [last, rows.DTHDT, rows.CUTDT])
    rows = rows.mutate(
        ASTDT=first,
        ASTDTF=compute_date_flag(start),
        AENDT=ibis.cases(
            (last.isnull(), ibis.null("date")), (compute_date_flag(end).isnull(), last), else_=capped
        ),
        AENDTF=compute_date_flag(end),
    )
    order = ibis.window(group_by=KEYS, order_by=[f"{domain}SEQ"])
    return rows.mutate(
        ASTDY=compute_study_day(rows.ASTDT, rows.TRTSDT),
        AENDY=compute_study_day(rows.AENDT, rows.TRTSDT),
        ASEQ=(ibis.row_number().over(order) + 1).cast("int64"),
        SRCDOM=ibis.literal(domain),
        SRCVAR=ibis.literal(f"{domain}STDTC"),
        SRCSEQ=rows[f"{domain}SEQ"],
    )
