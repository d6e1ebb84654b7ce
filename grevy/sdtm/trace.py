"""Numbering of records and the way back from each of them to the form it was entered on."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from grevy.sdtm.mapping import ENTRY_ORDER, PROVENANCE

TRACE_VARIABLES = [
    "DOMAIN", "USUBJID", "SEQ", "FORM", "EVENTID", "EVENTSEQ", "FORMSEQ", "ROWKEY", "REVISION",
]  # fmt: skip
"""One row per tabulated record; supplemental qualifiers are traced through their parent."""


def number_records(records: ir.Table, domain: str) -> ir.Table:
    """Add --SEQ: unique per subject, in the order of the dates, then of the forms."""
    dated = next((name for name in (f"{domain}STDTC", f"{domain}DTC") if name in records.columns), None)
    date = records[dated].fill_null("9999") if dated else ibis.literal("9999")
    order = ibis.window(group_by="USUBJID", order_by=["ORDER_DATE", *ENTRY_ORDER])
    numbered = records.mutate(ORDER_DATE=date)
    return numbered.mutate(
        DOMAIN=ibis.literal(domain), **{f"{domain}SEQ": (ibis.row_number().over(order) + 1).cast("float64")}
    ).drop("ORDER_DATE")


def build_trace(records: Mapping[str, ir.Table]) -> ir.Table:
    """Trace: one row per SDTM record, with the form, the row and the revision it was made from.

    A subject's DM record is made from several forms; it leads to demographics, or to the consent where
    there are none yet, and has no --SEQ. A visit (SV) has none either and is known by its VISITNUM.
    """
    rows = [
        table.select(
            "USUBJID",
            *(name for name in PROVENANCE if name in TRACE_VARIABLES),
            DOMAIN=ibis.literal(domain),
            SEQ=_compute_sequence(table, domain),
        ).select(*TRACE_VARIABLES)
        for domain, table in records.items()
    ]
    return ibis.union(*rows).order_by("DOMAIN", "USUBJID", "SEQ")


def _compute_sequence(records: ir.Table, domain: str) -> ir.FloatingValue:
    if domain == "SV":
        return records.VISITNUM
    return records[f"{domain}SEQ"] if f"{domain}SEQ" in records.columns else ibis.null("float64")
