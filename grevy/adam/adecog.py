"""ADECOG: ECOG performance status at each visit, with its baseline and change."""

import ibis.expr.types as ir
from ibis import _

from grevy.adam.measurements import (
    BDS_COLUMNS,
    add_subjects,
    derive_change,
    flag_and_number,
    select_measurements,
)
from grevy.definition import AnalysisPlan
from grevy.engine import Keep

TEST = "ECOG101"


def build_adecog(rs: ir.Table, adsl: ir.Table, plan: AnalysisPlan, *, keep: Keep) -> ir.Table:
    """Build ADECOG from RS and ADSL, one row per subject and assessment of performance status."""
    status = select_measurements(rs.filter(_.RSTESTCD == TEST), "RS")
    rows = add_subjects(status.mutate(PARAMCD=_.TEST, PARAM=_.NAME, PARCAT1=_.CAT), adsl)
    return flag_and_number(keep(derive_change(rows, plan)), plan, "RS").select(*BDS_COLUMNS)
