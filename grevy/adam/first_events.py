"""Time to the first adverse event of a kind: rows of ADTTE.

The time at risk is the one in which an event is treatment-emergent (W41): from the first dose to some days
after the last one. Death and the end of that time compete with the event; contact that ends before is
censoring. The reason stands in CNSR, so that a cumulative incidence can tell them apart.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.dates import compute_earliest
from grevy.definition import AnalysisPlan
from grevy.definition.analysis_plan import InterestGroup, SpecialInterest

LAST_CONTACT, AFTER_TREATMENT, DIED, NEW_THERAPY = 1, 2, 3, 4
CENSORINGS = {
    LAST_CONTACT: "No event: last date known alive",
    AFTER_TREATMENT: "No event: end of the time at risk after the last dose",
    DIED: "No event: death",
    NEW_THERAPY: "No event: new anti-cancer therapy",
}


@dataclass(frozen=True)
class FirstEvent:
    """An event of special interest, by its group and lowest grade, and the parameter that carries it."""

    parameter: str
    group: str
    from_grade: int
    description: str


HYPERTENSION = FirstEvent("TTHYP", "HYPERTENSION", 3, "Hypertension of grade 3 or higher")


def is_of_interest(term: ir.StringValue, group: InterestGroup, interest: SpecialInterest) -> ir.BooleanValue:
    """Whether a term belongs to a group of special interest of the plan, as `SpecialInterest.find_groups`."""
    written = term.lower()
    for other in interest.other_terms:
        written = written.replace(other.casefold(), "")
    return ibis.or_(*(written.contains(word.casefold()) for word in group.words)).fill_null(False)


def build_first_event_rows(
    adae: ir.Table, starts: ir.Table, plan: AnalysisPlan, event: FirstEvent
) -> list[ir.Table]:
    """One row per treated subject: time to the first treatment-emergent event of the group and grade.

    A plan that does not declare the group has no such parameter.
    """
    interest = plan.special_interest
    group = next((one for one in interest.groups if one.code == event.group), None)
    if group is None:
        return []
    term = adae.AEDECOD.coalesce(adae.AETERM)
    severe = adae.filter(
        (adae.TRTEMFL == "Y") & (event.from_grade <= adae.ATOXGR) & is_of_interest(term, group, interest)
    )
    order = ibis.window(group_by=["STUDYID", "USUBJID"], order_by=["ASTDT", "ASEQ"])
    first = severe.filter(_.ASTDT.notnull()).mutate(PLACE=ibis.row_number().over(order)).filter(_.PLACE == 0)
    first = first.select("STUDYID", "USUBJID", ONSET=_.ASTDT, SEQ=_.ASEQ)
    rows = starts.left_join(first, ["STUDYID", "USUBJID"]).drop("STUDYID_right", "USUBJID_right")
    rows = rows.mutate(WINDOW=_.TRTEDT + ibis.interval(days=int(plan.value("te.days_after_last_dose"))))
    rows = rows.mutate(CONTACT=_.DTHDT.coalesce(_.LSTALVDT))
    stop = rows.NWTRSDT + ibis.interval(days=-1)
    if not plan.value("te.end_at_new_therapy"):
        stop = ibis.null("date")
    rows = rows.mutate(STOP=stop.cast("date"))
    rows = rows.mutate(
        LAST=compute_earliest(compute_earliest(_.WINDOW.cast("date"), _.CONTACT), _.STOP).coalesce(_.ORIGIN)
    )
    is_event = rows.ONSET.notnull()
    reason = ibis.cases(
        (is_event, 0),
        ((rows.LAST == rows.DTHDT).fill_null(False), DIED),
        ((rows.LAST == rows.STOP).fill_null(False), NEW_THERAPY),
        ((rows.LAST == rows.WINDOW).fill_null(False), AFTER_TREATMENT),
        else_=LAST_CONTACT,
    )
    sources = {DIED: "DTHDT", NEW_THERAPY: "NWTRSDT", AFTER_TREATMENT: "TRTEDT", LAST_CONTACT: "LSTALVDT"}
    found = rows.mutate(REASON=reason).select(
        "STUDYID",
        "USUBJID",
        PARAMCD=ibis.literal(event.parameter),
        PARAM=ibis.null("string"),
        STARTDT=_.ORIGIN,
        ADT=_.ONSET.coalesce(_.LAST),
        CNSR=_.REASON,
        EVNTDESC=ibis.cases((_.REASON == 0, event.description)),
        CNSDTDSC=_.REASON.cases(*CENSORINGS.items()),
        SRCDOM=ibis.ifelse(_.REASON == 0, "ADAE", "ADSL"),
        SRCVAR=_.REASON.cases(*sources.items(), else_="ASTDT"),
        SRCSEQ=_.SEQ.cast("float64"),
    )
    return [found]
