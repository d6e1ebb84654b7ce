"""Data cut-off: what is dated after it does not exist for the analysis (W5)."""

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

STARTS = {domain: f"{domain}STDTC" for domain in ("DS", "MH", "EX", "AE", "CM", "PR", "DV")}
"""Domains of things that last: the variable that says when they began; others have --DTC."""

ENDS = {"EX": "EXENDTC", "AE": "AEENDTC", "CM": "CMENDTC", "PR": "PRENDTC"}
"""What ends after the cut-off is ongoing at it."""

UNDATED = {"DM", "CO", "RELREC", "TRACE"}


def cut_off(sdtm: Mapping[str, ir.Table], cutoff: date) -> dict[str, ir.Table]:
    """Tabulation data as they could be known on the cut-off date.

    ISO 8601 texts are compared as text: a partial date that may lie before the cut-off stays.
    """
    day = cutoff.isoformat()
    return {name: _cut_domain(name, table, day) for name, table in sdtm.items()}


def _cut_domain(name: str, table: ir.Table, day: str) -> ir.Table:
    if name == "DM":
        alive = table.filter(_.RFICDTC.isnull() | (_.RFICDTC.substr(0, 10) <= day))
        return alive.mutate(
            DTHDTC=_hide(alive.DTHDTC, day),
            DTHFL=ibis.ifelse(
                alive.DTHDTC.notnull() & _hide(alive.DTHDTC, day).isnull(), ibis.null("string"), alive.DTHFL
            ),
            RFXSTDTC=_hide(alive.RFXSTDTC, day),
            RFSTDTC=_hide(alive.RFSTDTC, day),
            RFXENDTC=_hide(alive.RFXENDTC, day),
        )
    variable = STARTS.get(name, f"{name}DTC")
    if name in UNDATED or name.startswith("SUPP") or variable not in table.columns:
        return table
    table = table.filter(table[variable].isnull() | (table[variable].substr(0, 10) <= day))
    if name in ENDS:
        table = table.mutate(**{ENDS[name]: _hide(table[ENDS[name]], day)})
    if name == "AE":
        fatal_later = (table.AEOUT == "FATAL") & table.AEENDTC.isnull()
        table = table.mutate(AEOUT=ibis.ifelse(fatal_later, "UNKNOWN", table.AEOUT))
    return table


def _hide(dtc: ir.StringValue, day: str) -> ir.StringValue:
    return ibis.cases((dtc.substr(0, 10) <= day, dtc))
