"""Adverse events: AE, SUPPAE, and the records they are related to (RELREC)."""

from collections.abc import Iterable, Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import Study
from grevy.sdtm.mapping import FormTables, build_supplement, map_items, read_form

_FORM = "adverse_event"
_REPORT = "serious_adverse_event"
_CRITERIA = ("AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE")
_RELATION = ["STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELTYPE", "RELID"]

# identifiers that tie whole domains: lesion over time, assessment over domains
_TIED_DOMAINS = (
    ("TU", "TULNKID", "ONE", "TUTR"),
    ("TR", "TRLNKID", "MANY", "TUTR"),
    ("TR", "TRLNKGRP", "MANY", "TRRS"),
    ("RS", "RSLNKGRP", "MANY", "TRRS"),
)


def build_adverse_events(tables: FormTables, study: Study) -> ir.Table:
    """AE: one row per adverse event, as the investigator graded and judged it."""
    events = map_items(read_form(tables, _FORM), study, _FORM, "AE")
    return _add_criteria(events, tables, study).mutate(
        AESPID=events.FORMSEQ.cast("string"),
        AEENRTPT=ibis.ifelse(events.ongoing == "Y", "ONGOING", ibis.null("string")),
        AESDTH=ibis.ifelse(_.outcome == "FATAL", "Y", _.AESDTH),
    )


def _add_criteria(events: ir.Table, tables: FormTables, study: Study) -> ir.Table:
    """Why an event is serious, from the last report about it; the report names the event by its number."""
    null = ibis.null("string")
    if _REPORT not in tables:
        return events.mutate(AESDTH=null)
    reports = map_items(read_form(tables, _REPORT), study, _REPORT, "AE")
    criteria = [name for name in _CRITERIA if name in reports.columns]
    last = _select_last_reports(reports)
    known = last.select("USUBJID", REPORTED=_.ae_number, **{f"NEW_{name}": last[name] for name in criteria})
    joined = events.left_join(known, ["USUBJID", ("FORMSEQ", "REPORTED")]).drop("USUBJID_right", "REPORTED")
    return joined.mutate(
        **{
            name: ibis.coalesce(joined[f"NEW_{name}"], joined[name] if name in joined.columns else null)
            for name in criteria
        }
    ).drop(*(f"NEW_{name}" for name in criteria))


def build_event_supplement(events: ir.Table, tables: FormTables, study: Study) -> ir.Table:
    """SUPPAE: the causality judged for the combination partner, and what the last serious report adds."""
    own = build_supplement("SUPPAE", "AESEQ", events, study, _FORM)
    if _REPORT not in tables:
        return own
    reports = _select_last_reports(read_form(tables, _REPORT))
    known = events.select("USUBJID", "AESEQ", ae_number=_.FORMSEQ)
    reported = reports.inner_join(known, ["USUBJID", "ae_number"])
    return ibis.union(own, build_supplement("SUPPAE", "AESEQ", reported, study, _REPORT))


def _select_last_reports(reports: ir.Table) -> ir.Table:
    """One row per serious event: the report with the highest number."""
    latest = ibis.window(group_by=["USUBJID", "ae_number"], order_by=[_.FORMSEQ.desc()])
    return reports.mutate(RANK=ibis.row_number().over(latest)).filter(_.RANK == 0).drop("RANK")


def build_relations(events: ir.Table, related: Mapping[str, ir.Table | None], subjects: ir.Table) -> ir.Table:
    """RELREC: domains tied by lesion and assessment, records tied to their adverse event.

    `related` are records by domain that carry the number of an event: dose changes, deaths, medications,
    procedures.
    """
    tied = [_tie_to_event(rows, domain, events) for domain, rows in related.items() if rows is not None]
    return ibis.union(_tie_domains(subjects), *tied)


def read_event_numbers(
    numbered: ir.Table, domain: str, tables: FormTables, forms: Iterable[str]
) -> ir.Table | None:
    """Records of a domain that came from some forms, with the number of the event that stands on them."""
    key = ["USUBJID", "EVENTID", "EVENTSEQ", "FORMSEQ"]
    sequence = numbered.select("STUDYID", "FORM", *key, f"{domain}SEQ")
    parts = [
        sequence.filter(form == _.FORM).inner_join(tables[form].select(*key, "ae_number"), key)
        for form in forms
        if form in tables and "ae_number" in tables[form].columns
    ]
    return ibis.union(*parts) if len(parts) > 1 else parts[0] if parts else None


def _tie_domains(subjects: ir.Table) -> ir.Table:
    studies = subjects.select("STUDYID").distinct()
    return ibis.union(
        *(
            studies.select(
                "STUDYID",
                RDOMAIN=ibis.literal(domain),
                USUBJID=ibis.null("string"),
                IDVAR=ibis.literal(variable),
                IDVARVAL=ibis.null("string"),
                RELTYPE=ibis.literal(many),
                RELID=ibis.literal(relation),
            )
            for domain, variable, many, relation in _TIED_DOMAINS
        )
    )


def _tie_to_event(records: ir.Table, domain: str, events: ir.Table) -> ir.Table:
    """Two rows per pair: the record and the adverse event whose number stands on its form."""
    numbered = records.filter(_.ae_number.notnull()).select(
        "STUDYID", "USUBJID", "ae_number", SEQ=_[f"{domain}SEQ"].cast("int64").cast("string")
    )
    known = events.select("USUBJID", ae_number=_.FORMSEQ, AESEQ=_.AESEQ.cast("int64").cast("string"))
    pairs = numbered.inner_join(known, ["USUBJID", "ae_number"]).mutate(
        RELTYPE=ibis.null("string"), RELID=f"AE{domain}" + _.SEQ
    )
    return ibis.union(
        *(
            pairs.mutate(RDOMAIN=ibis.literal(side), IDVAR=ibis.literal(f"{side}SEQ"), IDVARVAL=value).select(
                *_RELATION
            )
            for side, value in ((domain, _.SEQ), ("AE", _.AESEQ))
        )
    )
