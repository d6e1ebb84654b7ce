"""Medical history: MH with the neoplasm itself, other conditions and previous malignancies."""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import Study
from grevy.sdtm.mapping import FormTables, complete_variables, map_form, map_items, read_form

_FORM = "nen_diagnosis"
_NULL = ibis.null("string")


def build_history(tables: FormTables, study: Study) -> ir.Table:
    """MH: the diagnosis that the study is about, one row per subject, and every other condition."""
    diagnosis = map_items(read_form(tables, _FORM), study, _FORM, "MH")
    parts = [
        complete_variables(diagnosis, "MH").mutate(
            MHTERM=ibis.literal("NEUROENDOCRINE NEOPLASM"),
            MHDECOD=ibis.literal("NEUROENDOCRINE NEOPLASM"),
            MHCAT=ibis.literal("NEN DIAGNOSIS"),
        )
    ]
    parts += [
        _derive_reference(map_form(tables, study, form, "MH"))
        for form in ("medical_history", "previous_malignancy")
        if form in tables
    ]
    return ibis.union(*(part.select(*parts[0].columns) for part in parts)) if len(parts) > 1 else parts[0]


def _derive_reference(rows: ir.Table) -> ir.Table:
    """What went on at consent has no end but a point of reference."""
    ongoing = rows.MHENRTPT == "Y"
    return rows.mutate(
        MHSPID=_.FORMSEQ.cast("string"),
        MHENRTPT=ibis.ifelse(ongoing, "ONGOING", _NULL),
        MHENTPT=ibis.ifelse(ongoing, "INFORMED CONSENT", _NULL),
    )
