"""The neuroendocrine neoplasm itself: MH and its supplemental qualifiers."""

import ibis
import ibis.expr.types as ir

from grevy.definition import Study
from grevy.sdtm.mapping import FormTables, build_supplement, map_items, read_form

_FORM = "nen_diagnosis"


def build_history(tables: FormTables, study: Study) -> ir.Table:
    """MH: one row per subject, the diagnosis that the study is about."""
    diagnosis = map_items(read_form(tables, _FORM), study, _FORM, "MH")
    return diagnosis.mutate(
        MHTERM=ibis.literal("NEUROENDOCRINE NEOPLASM"),
        MHDECOD=ibis.literal("NEUROENDOCRINE NEOPLASM"),
        MHCAT=ibis.literal("NEN DIAGNOSIS"),
    )


def build_history_supplement(history: ir.Table, study: Study) -> ir.Table:
    """SUPPMH: class, site, grade, stage, spread and prior therapy of the neoplasm."""
    return build_supplement("SUPPMH", "MHSEQ", history, study, _FORM)
