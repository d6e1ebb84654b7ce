"""Comments: CO, each with the record that it is about (SDTMIG 3.4, 5.1)."""

from collections.abc import Iterable, Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import Study
from grevy.definition.forms import Form, Item
from grevy.sdtm.mapping import PROVENANCE, FormTables, read_form

_KEY = ["USUBJID", "EVENTID", "EVENTSEQ", "FORMSEQ"]


def build_comments(tables: FormTables, study: Study, numbered: Mapping[str, ir.Table]) -> ir.Table | None:
    """One row per comment that was written; None if the study has no item for one.

    An item that is declared for CO.COVAL is about the result of the last item above it that has one. The
    date is that of the record it is about, and so is not said again.
    """
    parts = [
        _tie(read_form(tables, form.name), form, described, parent, item, numbered[parent])
        for form in study.forms.values()
        if form.name in tables
        for described, parent, item in _find_commented(form)
        if parent in numbered
    ]
    return ibis.union(*parts) if len(parts) > 1 else parts[0] if parts else None


def _find_commented(form: Form) -> Iterable[tuple[Item, str, Item]]:
    """Each item that is a comment, after the item it is about and the domain of that."""
    about: tuple[Item, str] | None = None
    for item in form.items:
        for target in item.targets:
            if target.variable == f"{target.domain}ORRES":
                about = item, target.domain
        if "CO.COVAL" in item.sdtm and about is not None:
            yield *about, item


def _tie(
    rows: ir.Table, form: Form, described: Item, parent: str, item: Item, numbered: ir.Table
) -> ir.Table:
    results = numbered.filter(form.name == _.FORM, described.name == _.PART).select(*_KEY, f"{parent}SEQ")
    joined = rows.inner_join(results, _KEY)
    return (
        joined.mutate(
            PART=ibis.literal(item.name),
            RDOMAIN=ibis.literal(parent),
            IDVAR=ibis.literal(f"{parent}SEQ"),
            IDVARVAL=joined[f"{parent}SEQ"].cast("int64").cast("string"),
            COVAL=joined[item.name],
            COEVAL=ibis.literal("INVESTIGATOR"),
        )
        .filter(_.COVAL.notnull())
        .select("STUDYID", "USUBJID", *PROVENANCE, "RDOMAIN", "IDVAR", "IDVARVAL", "COVAL", "COEVAL")
    )
