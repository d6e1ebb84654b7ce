"""Drugs: EX for surufatinib as taken, CM for combination partners and for what came afterwards."""

import ibis
import ibis.expr.types as ir

from grevy.definition import Study
from grevy.sdtm.mapping import FormTables, map_items, read_form, read_group

_THERAPY = [
    "STUDYID", "USUBJID", "FORM", "EVENTID", "EVENTSEQ", "FORMSEQ", "ROWKEY", "ROWNO", "PART", "REVISION",
    "CMTRT", "CMCLAS", "CMSTDTC", "CMENDTC", "CMCAT", "CMINDC",
]  # fmt: skip


def build_exposure(tables: FormTables, study: Study) -> ir.Table:
    """EX: one row per interval at one dose; an interruption has 0 mg, an interval without end is ongoing."""
    intervals = map_items(read_form(tables, "surufatinib_dosing"), study, "surufatinib_dosing", "EX")
    return intervals.mutate(
        EXSPID=intervals.FORMSEQ.cast("string"),
        EXTRT=ibis.literal("SURUFATINIB"),
        EXDOSU=ibis.literal("mg"),
        EXDOSFRM=ibis.literal("CAPSULE"),
        EXDOSFRQ=intervals.EXDOSFRQ.coalesce("QD"),
        EXROUTE=ibis.literal("ORAL"),
    )


def build_therapies(tables: FormTables, study: Study) -> ir.Table:
    """CM: one row per declared combination partner and per anti-cancer therapy after surufatinib."""
    later = map_items(read_form(tables, "subsequent_therapy"), study, "subsequent_therapy", "CM").mutate(
        CMCAT=ibis.literal("SUBSEQUENT ANTI-CANCER THERAPY")
    )
    partners = map_items(
        read_group(tables, "regimen_decision", "partners"), study, "regimen_decision", "CM", group="partners"
    ).mutate(
        CMCAT=ibis.literal("COMBINATION PARTNER"), CMENDTC=ibis.null("string"), CMINDC=ibis.null("string")
    )
    return ibis.union(later.select(*_THERAPY), partners.select(*_THERAPY))
