"""Adverse events: AE, SUPPAE, and the records they are related to (RELREC)."""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import Study
from grevy.sdtm.mapping import FormTables, build_supplement, map_items, read_form

_FORM = "adverse_event"
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
    return events.mutate(
        AESPID=events.FORMSEQ.cast("string"),
        AEENRTPT=ibis.ifelse(events.ongoing == "Y", "ONGOING", ibis.null("string")),
        AESDTH=ibis.ifelse(events.outcome == "FATAL", "Y", ibis.null("string")),
    )


def build_event_supplement(events: ir.Table, study: Study) -> ir.Table:
    """SUPPAE: the causality judged for the combination partner."""
    return build_supplement("SUPPAE", "AESEQ", events, study, _FORM)


def build_relations(events: ir.Table, exposure: ir.Table, deaths: ir.Table, subjects: ir.Table) -> ir.Table:
    """RELREC: domains tied by lesion and assessment; dose changes and deaths tied to their adverse event."""
    return ibis.union(
        _tie_domains(subjects), _tie_to_event(exposure, "EX", events), _tie_to_event(deaths, "DD", events)
    )


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
