"""Visits and elements: SV from the dates of the forms of each visit, SE from the doses."""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import Study
from grevy.sdtm.mapping import PROVENANCE, FormTables, read_form
from grevy.sdtm.timing import derive_visit

_NULL = ibis.null("string")
_COLLECTED = ("LB", "VS", "EG", "CV", "PE", "QS", "RS", "DA", "TU", "TR", "SS")
_VISIT_DATES = {*(f"{domain}.{domain}DTC" for domain in _COLLECTED), "SV.SVSTDTC", "DM.RFICDTC"}


def build_visits(tables: FormTables, study: Study) -> ir.Table | None:
    """SV: one row per visit that took place, from the first to the last date of its forms, or was missed.

    The dates are those that the forms give for their own findings; a screening lasts from consent on. The
    record leads back to the form with the earliest date. An imaging that was not done is a visit that did not
    occur, with the reason (SDTMIG 3.4, 5.5). The log is no visit.
    """
    parts = [
        _select_date(tables, study, form.name, item.name)
        for form in study.forms.values()
        for item in form.items
        if form.name in tables and item.type == "date" and _is_visit_date(item.sdtm)
    ]
    if "tumor_assessment" in tables:
        parts.append(_select_missed(tables))
    if not parts:
        return None
    dated = ibis.union(*parts) if len(parts) > 1 else parts[0]
    visits = ibis.window(group_by=["USUBJID", "EVENTID", "EVENTSEQ"])
    first = ibis.window(group_by=["USUBJID", "EVENTID", "EVENTSEQ"], order_by=["DATE", "FORM", "FORMSEQ"])
    rows = dated.mutate(
        SVSTDTC=_.DATE.min().over(visits).cast("string"),
        SVENDTC=_.DATE.max().over(visits).cast("string"),
        RANK=ibis.row_number().over(first),
    ).filter(_.RANK == 0)
    # only what the schedule plans stands in TV; the end of a participation is on no planned day
    planned = rows.EVENTID.isin([event.id for event in study.events if event.kind == "scheduled"])
    unplanned = [(event.id, event.label.en.upper()) for event in study.events if event.kind == "unscheduled"]
    occurred = ibis.ifelse(rows.SVSTDTC.notnull(), "Y", "N")
    described = rows.mutate(
        SVPRESP=ibis.ifelse(planned, "Y", _NULL),
        SVOCCUR=ibis.ifelse(planned, occurred, _NULL),
        SVREASOC=ibis.ifelse(planned & (occurred == "N"), rows.REASON, _NULL),
        SVUPDES=rows.EVENTID.cases(*unplanned, else_=_NULL),
    )
    return derive_visit(described).filter(_.VISITNUM.notnull()).drop("DATE", "REASON", "RANK")


def _is_visit_date(targets: tuple[str, ...]) -> bool:
    """A date of collection or of the visit itself; not the start of an event, which is often earlier."""
    return not _VISIT_DATES.isdisjoint(targets)


def _select_date(tables: FormTables, study: Study, form: str, item: str) -> ir.Table:
    rows = read_form(tables, form)
    return rows.filter(rows[item].notnull()).select(
        "STUDYID",
        "USUBJID",
        *PROVENANCE,
        DATE=rows[item],
        REASON=_NULL,
        SVCNTMOD=_read_mode(rows, study, form),
    )


def _read_mode(rows: ir.Table, study: Study, form: str) -> ir.StringValue:
    """How a contact was made, in the standard's words; null where nobody was reached or nobody asked."""
    for item in study.forms[form].items:
        if "SV.SVCNTMOD" in item.sdtm and item.codelist:
            codes = study.codelists[item.codelist].codes
            return rows[item.name].cases(*((c.code, c.sdtm) for c in codes if c.sdtm), else_=_NULL)
    return _NULL


def _select_missed(tables: FormTables) -> ir.Table:
    rows = read_form(tables, "tumor_assessment")
    return rows.filter(rows.done == "N", rows.assessment_date.isnull()).select(
        "STUDYID",
        "USUBJID",
        *PROVENANCE,
        DATE=ibis.null("date"),
        REASON=rows.not_done_reason,
        SVCNTMOD=_NULL,
    )


def build_elements(subjects: ir.Table, study: Study) -> ir.Table:
    """SE: screening from consent to the first dose, treatment to the day after the last one, follow-up.

    One row per element that a subject entered; the arm decides which one it is in an epoch. An element ends
    where the next begins; the last one ends with the participation and is open while that goes on.
    """
    after = (_.RFXENDTC.cast("date") + ibis.interval(days=1)).cast("string").substr(0, 10)
    followed = subjects.mutate(AFTER=after)
    elements = [
        ("SCREENING", 1, "RFICDTC", lambda t: ibis.coalesce(t.RFXSTDTC, t.RFPENDTC)),
        ("TREATMENT", 2, "RFXSTDTC", lambda t: t.AFTER),
        ("FOLLOW-UP", 3, "AFTER", lambda t: t.RFPENDTC),
    ]
    entry = ["FORM", "EVENTID", "EVENTSEQ", "FORMSEQ", "ROWKEY", "REVISION"]
    return ibis.union(
        *(
            followed.filter(followed[start].notnull()).select(
                "STUDYID",
                "USUBJID",
                *entry,
                ROWNO=ibis.literal(0, "int64"),
                PART=ibis.literal(epoch),
                **_name_element(followed, study, epoch),
                TAETORD=ibis.literal(float(order)),
                SESTDTC=followed[start],
                SEENDTC=end(followed),
            )
            for epoch, order, start, end in elements
        )
    )


def _name_element(subjects: ir.Table, study: Study, epoch: str) -> dict[str, ir.StringValue]:
    """ETCD and ELEMENT: that of the arm in an epoch; who has no arm is in the first arm's element of it.

    Only screening is entered without an arm, and all arms share it. Without a trial design an element is
    named by its epoch, of which ETCD holds eight characters.
    """
    if study.trial_design is None:
        return {"ETCD": ibis.literal(epoch[:8]), "ELEMENT": ibis.literal(epoch.capitalize())}
    found = [
        (arm.code, element)
        for arm in study.trial_design.arms
        for element in map(study.trial_design.element, arm.elements)
        if element.epoch == epoch
    ]
    if not found:
        return {"ETCD": _NULL, "ELEMENT": _NULL}
    first = found[0][1]
    return {
        "ETCD": subjects.ARMCD.cases(*((arm, e.code) for arm, e in found), else_=first.code),
        "ELEMENT": subjects.ARMCD.cases(*((arm, e.label.en) for arm, e in found), else_=first.label.en),
    }
