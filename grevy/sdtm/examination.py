"""Physical examination: PE, one row per body system that was examined."""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import Study
from grevy.sdtm.findings import flag_last_before_exposure
from grevy.sdtm.mapping import PROVENANCE, FormTables, compute_submission, read_form, read_group
from grevy.sdtm.timing import derive_visit

_FORM, _GROUP = "physical_examination", "systems"
_NULL = ibis.null("string")


def build_examinations(tables: FormTables, study: Study, period: ir.Table) -> ir.Table | None:
    """PE: the finding as it was written where there is one; one record where nothing was examined.

    `period` has the first dose: the last examination of a system before it is flagged.
    """
    if _FORM not in tables:
        return None
    rows = ibis.union(_systems(tables, study), _not_done(tables, study))
    return derive_visit(flag_last_before_exposure(rows, "PE", period))


def _systems(tables: FormTables, study: Study) -> ir.Table:
    rows = read_group(tables, _FORM, _GROUP)
    group = study.forms[_FORM].find_group(_GROUP)
    assert group is not None
    system = next(item for item in group.items if item.name == "system")
    codes = study.codelists[str(system.codelist)].codes
    result = compute_submission(rows, study, _FORM, "result", group=_GROUP)
    named = rows.system.cases(*((code.code, code.en[:40].rstrip()) for code in codes), else_=_NULL)
    found = rows.filter(rows.result.notnull()).select(
        "STUDYID",
        "USUBJID",
        *PROVENANCE,
        PETESTCD=compute_submission(rows, study, _FORM, "system", group=_GROUP),
        PETEST=named,
        PEORRES=ibis.coalesce(rows.finding, result),
        PESTRESC=ibis.coalesce(rows.finding, result),
        PESTAT=_NULL,
        PEREASND=_NULL,
        PEDTC=rows.form_exam_date.cast("string"),
    )
    return found.filter(_.PETESTCD.notnull())


def _not_done(tables: FormTables, study: Study) -> ir.Table:
    rows = read_form(tables, _FORM)
    return rows.filter(rows.not_done_reason.notnull()).select(
        "STUDYID",
        "USUBJID",
        *PROVENANCE,
        PETESTCD=ibis.literal("PEALL"),
        PETEST=ibis.literal("All Physical Examinations"),
        PEORRES=_NULL,
        PESTRESC=_NULL,
        PESTAT=ibis.literal("NOT DONE"),
        PEREASND=compute_submission(rows, study, _FORM, "not_done_reason"),
        PEDTC=rows.exam_date.cast("string"),
    )
