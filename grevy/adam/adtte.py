"""ADTTE: times to event, with the record that decided each."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.adtr import date_of
from grevy.adam.dates import compute_earliest
from grevy.adam.deterioration import build_deterioration_rows
from grevy.adam.first_events import HYPERTENSION, build_first_event_rows
from grevy.adam.progression import CENSORINGS, derive_progression_free_survival
from grevy.adam.tumor import TumorAnalysis, summarise_progression
from grevy.definition import AnalysisPlan
from grevy.engine import Keep

PARAMETERS = {
    "PFS": "Progression-free survival",
    "PFSEMA": "Progression-free survival, every progression and death counted",
    "PFSCLIN": "Progression-free survival, clinical progression counted",
    "TTP": "Time to progression",
    "OS": "Overall survival",
    "RSD": "Duration of response",
    "CRSD": "Duration of confirmed response",
    "TTR": "Time to response",
    "CTTR": "Time to confirmed response",
    "TTF": "Time to treatment failure",
    "TTHYP": "Time to first hypertension of grade 3 or higher",
}
ORDER = list(PARAMETERS)
"""Times to deterioration (`deterioration`) stand behind these, in the order of their codes."""
SENSITIVITY: Mapping[str, Mapping[str, str]] = {
    "PFSEMA": {"pfs.rule_set": "ema"},
    "PFSCLIN": {"pfs.clinical_progression": "event"},
}
"""The same endpoint under other switches (`reporting` W31, W35)."""

COLUMNS = [
    "STUDYID",
    "USUBJID",
    "PARAMCD",
    "STARTDT",
    "ADT",
    "CNSR",
    "EVNTDESC",
    "CNSDTDSC",
    "SRCDOM",
    "SRCVAR",
]
OWN = {"PARAM": "string", "SRCSEQ": "float64"}
"""What some parameters say of themselves; for the others it follows from their code and their date."""


def build_adtte(
    analysis: TumorAnalysis,
    adsl: ir.Table,
    adrs: ir.Table,
    plan: AnalysisPlan,
    *,
    adae: ir.Table,
    adqs: ir.Table,
    keep: Keep,
) -> ir.Table:
    """One row per treated subject and endpoint.

    Response times are of responders only, times to deterioration of subjects with a baseline score. AVAL is
    in days, end - start + 1 (``time.duration``); CNSR 0 is an event.
    """
    treated = adsl.filter(_.TRTSDT.notnull())
    origin = {"first_dose": "TRTSDT", "enrolment": "ENRLDT", "consent": "RFICDT"}[
        str(plan.value("time.origin"))
    ]
    starts = treated.select(
        "STUDYID", "USUBJID", "TRTSDT", "TRTEDT", "DTHDT", "LSTALVDT", "CUTDT", "EOSSTT", "DCTREAS", "DCTDT",
        "NWTRSDT",
        ORIGIN=treated[origin].coalesce(treated.TRTSDT),
    )  # fmt: skip
    pfs = keep(_progression_rows("PFS", analysis, starts, plan))
    parts = [
        pfs,
        *(
            keep(_progression_rows(code, analysis, starts, plan.with_values(dict(values))))
            for code, values in SENSITIVITY.items()
        ),
        keep(_progression_rows("TTP", analysis, starts, plan, death_is_event=False)),
        _survival_rows(starts, plan),
        *_response_rows(pfs, starts, adrs),
        _failure_rows(starts, adrs, plan),
        *build_first_event_rows(adae, starts, plan, HYPERTENSION),
        *build_deterioration_rows(adqs, adrs, starts, plan, keep=keep),
    ]
    rows = keep(ibis.union(*(_complete(part) for part in parts)))
    rows = rows.mutate(ADT=ibis.greatest(_.ADT, _.STARTDT))
    extra = 1 if plan.value("time.duration") == "inclusive" else 0
    rows = rows.mutate(
        AVAL=(_.ADT.delta(_.STARTDT, unit="day") + extra).cast("int64"),
        PARAMN=_.PARAMCD.cases(*((code, i) for i, code in enumerate(ORDER)), else_=len(ORDER)),
        PARAM=_.PARAM.coalesce(_.PARAMCD.cases(*PARAMETERS.items())),
    )
    rows = _add_source(rows, adrs)
    order = ibis.window(group_by=["STUDYID", "USUBJID"], order_by=["PARAMN", "PARAMCD"])
    return rows.select(
        "STUDYID", "USUBJID", ASEQ=ibis.row_number().over(order) + 1, PARAMCD=_.PARAMCD, PARAM=_.PARAM,
        STARTDT=_.STARTDT, ADT=_.ADT, AVAL=_.AVAL, AVALU=ibis.literal("DAYS"), CNSR=_.CNSR.cast("int64"),
        EVNTDESC=_.EVNTDESC, CNSDTDSC=_.CNSDTDSC, SRCDOM=_.SRCDOM, SRCVAR=_.SRCVAR, SRCSEQ=_.SRCSEQ,
    )  # fmt: skip


def _complete(part: ir.Table) -> ir.Table:
    own = {name: part[name] if name in part.columns else ibis.null(type_) for name, type_ in OWN.items()}
    return part.select(*COLUMNS, **own)


def _progression_rows(
    code: str,
    analysis: TumorAnalysis,
    starts: ir.Table,
    plan: AnalysisPlan,
    *,
    death_is_event: bool = True,
) -> ir.Table:
    summary = summarise_progression(analysis, plan)
    timed = derive_progression_free_survival(summary, plan, death_is_event=death_is_event)
    rows = timed.inner_join(starts.select("STUDYID", "USUBJID", "ORIGIN"), ["STUDYID", "USUBJID"])
    event = _.CNSR_ == 0
    return rows.select(
        "STUDYID",
        "USUBJID",
        PARAMCD=ibis.literal(code),
        STARTDT=_.ORIGIN,
        ADT=date_of(_.DAY_, _.REFDT),
        CNSR=_.CNSR_,
        EVNTDESC=_.EVENT_,
        CNSDTDSC=ibis.cases(*((number == _.CNSR_, text) for number, text in CENSORINGS.items())),
        SRCDOM=ibis.cases(
            (event & (_.EVENT_ == "Disease progression"), "ADRS"),
            (event, "ADSL"),
            (_.DAY_ > 0, "ADRS"),
            else_="ADSL",
        ),
        SRCVAR=ibis.cases(
            (event & (_.EVENT_ == "Disease progression"), "ADT"),
            (event & (_.EVENT_ == "Death"), "DTHDT"),
            (event & (_.EVENT_ == "Clinical progression"), "CLPDDT"),
            (event, "NWTRSDT"),
            (_.DAY_ > 0, "ADT"),
            else_="TRTSDT",
        ),
    )


def _survival_rows(starts: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Overall survival: alive is censored at the last date known alive, never before the start (W37)."""
    last, variable = _.LSTALVDT, "LSTALVDT"
    if plan.value("os.censoring") == "cutoff":
        followed = (_.EOSSTT == "ONGOING") & _.CUTDT.notnull()
        last, variable = ibis.ifelse(followed, _.CUTDT, _.LSTALVDT), "CUTDT"
    dead = _.DTHDT.notnull()
    return starts.select(
        "STUDYID",
        "USUBJID",
        PARAMCD=ibis.literal("OS"),
        STARTDT=_.ORIGIN,
        ADT=ibis.ifelse(dead, _.DTHDT, last.coalesce(_.ORIGIN)),
        CNSR=ibis.ifelse(dead, 0, 1),
        EVNTDESC=ibis.cases((dead, "Death")),
        CNSDTDSC=ibis.cases((~dead, "Alive: last date known alive")),
        SRCDOM=ibis.literal("ADSL"),
        SRCVAR=ibis.ifelse(dead, "DTHDT", variable),
    )


def _response_rows(pfs: ir.Table, starts: ir.Table, adrs: ir.Table) -> list[ir.Table]:
    """Duration of response and time to response, confirmed and not, of responders."""
    parts = []
    for parameter, duration, time_to in (("RSP", "RSD", "TTR"), ("CRSP", "CRSD", "CTTR")):
        responders = adrs.filter((parameter == _.PARAMCD) & (_.AVALC == "Y")).select(
            "STUDYID", "USUBJID", RSPDT=_.ADT
        )
        lasting = pfs.inner_join(responders, ["STUDYID", "USUBJID"])
        parts.append(lasting.mutate(PARAMCD=ibis.literal(duration), STARTDT=_.RSPDT))
        reached = starts.inner_join(responders, ["STUDYID", "USUBJID"])
        parts.append(
            reached.select(
                "STUDYID",
                "USUBJID",
                PARAMCD=ibis.literal(time_to),
                STARTDT=_.ORIGIN,
                ADT=_.RSPDT,
                CNSR=ibis.literal(0),
                EVNTDESC=ibis.literal("Response"),
                CNSDTDSC=ibis.null("string"),
                SRCDOM=ibis.literal("ADRS"),
                SRCVAR=ibis.literal("ADT"),
            )
        )
    return parts


def _failure_rows(starts: ir.Table, adrs: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Time to treatment failure: permanent stop for any reason, or death (`ttf.progression`: or progression).

    On one day the stop is named before progression, and progression before death.
    """
    found = adrs.filter((_.PARAMCD == "PD") & (_.AVALC == "Y")).select("STUDYID", "USUBJID", PDDT=_.ADT)
    rows = starts.left_join(found, ["STUDYID", "USUBJID"]).drop("STUDYID_right", "USUBJID_right")
    counts = plan.value("ttf.progression") == "event"
    rows = rows.mutate(
        PDDT=_.PDDT if counts else ibis.null("date"),
        STOPDT=ibis.cases((_.DCTREAS.notnull(), ibis.coalesce(_.TRTEDT, _.DCTDT, _.ORIGIN))).cast("date"),
    )
    rows = rows.mutate(FIRST=compute_earliest(compute_earliest(_.STOPDT, _.PDDT), _.DTHDT))
    outcomes = [
        ((_.STOPDT == _.FIRST).fill_null(False), "Permanent stop of treatment", "TRTEDT"),
        ((_.PDDT == _.FIRST).fill_null(False), "Disease progression", "ADT"),
        ((_.DTHDT == _.FIRST).fill_null(False), "Death", "DTHDT"),
    ]
    failed = _.FIRST.notnull()
    stopped_undated = (_.STOPDT == _.FIRST).fill_null(False) & _.TRTEDT.isnull()
    progressed = failed & (_.EVNTDESC == "Disease progression").fill_null(False)
    rows = rows.mutate(EVNTDESC=ibis.cases(*((happened, text) for happened, text, _name in outcomes)))
    return rows.select(
        "STUDYID",
        "USUBJID",
        "EVNTDESC",
        PARAMCD=ibis.literal("TTF"),
        STARTDT=_.ORIGIN,
        ADT=ibis.coalesce(_.FIRST, _.LSTALVDT, _.ORIGIN),
        CNSR=ibis.ifelse(failed, 0, 1),
        CNSDTDSC=ibis.cases((~failed, "On treatment: last date known alive")),
        SRCDOM=ibis.ifelse(progressed, "ADRS", "ADSL"),
        SRCVAR=ibis.cases(
            (stopped_undated, "DCTDT"),
            *((happened, name) for happened, _text, name in outcomes),
            else_="LSTALVDT",
        ),
    )


def _add_source(rows: ir.Table, adrs: ir.Table) -> ir.Table:
    """SRCSEQ, where the parameter did not say it: the ADRS record of the date; 1 for ADSL (one row each)."""
    dated = (
        adrs.filter((_.PARAMCD == "OVR") & (_.AVALC != "NE"))
        .group_by("STUDYID", "USUBJID", "ADT")
        .agg(OVRSEQ=_.ASEQ.min())
    )
    joined = rows.left_join(dated, ["STUDYID", "USUBJID", "ADT"]).drop(
        "STUDYID_right", "USUBJID_right", "ADT_right"
    )
    return joined.mutate(
        SRCSEQ=_.SRCSEQ.coalesce(ibis.ifelse(_.SRCDOM == "ADRS", _.OVRSEQ, 1).cast("float64"))
    )
