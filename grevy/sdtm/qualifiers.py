"""Supplemental qualifiers of findings: SUPPEG and its like."""

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import Study
from grevy.definition.forms import Form, Item
from grevy.sdtm.mapping import FormTables, compute_submission, read_form

_KEY = ["USUBJID", "EVENTID", "EVENTSEQ", "FORMSEQ"]


def build_finding_supplement(
    tables: FormTables, study: Study, parent: str, numbered: ir.Table
) -> ir.Table | None:
    """SUPP-- of a findings domain: an item stands with the result of the item before it on its form.

    The description of an abnormal ECG stands behind its interpretation, and so belongs to that record.
    """
    parts = [
        _tie(tables, study, form, described, item, parent, numbered)
        for form in study.forms.values()
        if form.name in tables
        for described, item in _find_described(form, parent)
    ]
    return ibis.union(*parts) if len(parts) > 1 else parts[0] if parts else None


def _find_described(form: Form, parent: str) -> Iterable[tuple[Item, Item]]:
    result = None
    for item in form.items:
        if any((t.domain, t.variable) == (parent, f"{parent}ORRES") for t in item.targets):
            result = item
        elif result is not None and any(name.startswith(f"SUPP{parent}.") for name in item.sdtm):
            yield result, item


def _tie(
    tables: FormTables,
    study: Study,
    form: Form,
    described: Item,
    item: Item,
    parent: str,
    numbered: ir.Table,
) -> ir.Table:
    results = numbered.filter(form.name == _.FORM, described.name == _.PART).select(*_KEY, f"{parent}SEQ")
    rows = read_form(tables, form.name).inner_join(results, _KEY)
    name = next(name for name in item.sdtm if name.startswith(f"SUPP{parent}.")).split(".")[1]
    return rows.select(
        "STUDYID",
        "USUBJID",
        RDOMAIN=ibis.literal(parent),
        IDVAR=ibis.literal(f"{parent}SEQ"),
        IDVARVAL=rows[f"{parent}SEQ"].cast("int64").cast("string"),
        QNAM=ibis.literal(name),
        QLABEL=ibis.literal(item.label.en[:40].rstrip()),
        QVAL=compute_submission(rows, study, form.name, item.name),
        QORIG=ibis.literal("CRF"),
    ).filter(_.QVAL.notnull())
