"""ADVS: vital signs with baseline and change, mean pressure, body mass index, grade of blood pressure.

The grade of a reading is a screening grade: the grade of hypertension as an adverse event needs the drugs
that were started.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.assessments import true
from grevy.adam.grading import GRADE_COLUMNS, derive_grades, flag_worst_grades
from grevy.adam.measurements import (
    BDS_COLUMNS,
    KEYS,
    MEASURED,
    add_subjects,
    compute_rounded,
    derive_change,
    flag_and_number,
    number_records,
    select_readings,
)
from grevy.definition import AnalysisPlan
from grevy.engine import Keep
from grevy.rules.pressure_and_protein import V6_RISE_FROM_SYSTOLIC, V6_RISE_OF_MEAN_PRESSURE

ADVS_COLUMNS = [*BDS_COLUMNS, *GRADE_COLUMNS]

DERIVED = {
    "MAP": ("Mean Arterial Pressure (mmHg)", "mmHg"),
    "BMI": ("Body Mass Index (kg/m2)", "kg/m2"),
    "BPGR": ("Blood Pressure, Grade of the Reading", None),
}


def build_advs(vs: ir.Table, adsl: ir.Table, plan: AnalysisPlan, *, keep: Keep) -> ir.Table:
    """Build ADVS from VS and ADSL, one row per subject, parameter and reading or mean of readings."""
    measured = keep(select_readings(vs, "VS", plan))
    parts = [measured, derive_mean_pressure(measured), derive_body_mass(measured, adsl)]
    rows = add_subjects(ibis.union(*(part.select(*MEASURED) for part in parts)), adsl)
    unit = ibis.cases((_.DTYPE.fill_null("") != "DERIVED", " (" + _.AVALU + ")"), else_="")
    rows = rows.mutate(PARAMCD=_.TEST, PARAM=_.NAME + unit.fill_null(""), PARCAT1=_.CAT)
    rows = keep(derive_change(rows, plan))
    rows = keep(derive_grades(keep(number_records(rows, "VS")), plan, keep=keep))
    rows = ibis.union(rows, grade_pressure(rows, plan).select(*rows.columns))
    rows = keep(flag_and_number(rows, plan, "VS"))
    return flag_worst_grades(rows).select(*ADVS_COLUMNS)


def _pair(rows: ir.Table, code: str, other: str, *columns: str) -> ir.Table:
    """Readings of one test with those of another at the same time; the other's columns begin with O_."""
    first = rows.filter(code == _.TEST).mutate(VISIT_KEY=_.AVISITN.fill_null(-1), TP=_.ATPTN.fill_null(-1))
    second = rows.filter(other == _.TEST).mutate(VISIT_KEY=_.AVISITN.fill_null(-1), TP=_.ATPTN.fill_null(-1))
    by = [*KEYS, "ADT", "VISIT_KEY", "TP"]
    # several readings at one time and no time point to tell them apart: paired in their order
    order = ibis.window(group_by=by, order_by="SEQ")
    first = first.mutate(NTH=ibis.row_number().over(order))
    second = second.mutate(NTH=ibis.row_number().over(order))
    second = second.select(*by, "NTH", **{f"O_{name}": second[name] for name in columns})
    return first.inner_join(second, [*by, "NTH"]).drop("VISIT_KEY", "TP", "NTH")


def derive_mean_pressure(rows: ir.Table) -> ir.Table:
    """MAP = (systolic + 2 x diastolic) / 3 of the same reading."""
    pairs = _pair(rows, "SYSBP", "DIABP", "AVAL")
    return _derive(pairs, "MAP", compute_rounded((pairs.AVAL + 2 * pairs.O_AVAL) / 3))


def derive_body_mass(rows: ir.Table, adsl: ir.Table) -> ir.Table:
    """BMI = weight / height squared, with the height of ADSL."""
    weights = rows.filter(_.TEST == "WEIGHT").inner_join(adsl.select(*KEYS, "HEIGHT"), KEYS)
    meters = weights.HEIGHT / 100
    return _derive(weights, "BMI", compute_rounded(weights.AVAL / meters / meters))


def _derive(rows: ir.Table, code: str, value: ir.FloatingValue) -> ir.Table:
    name, unit = DERIVED[code]
    return rows.mutate(
        TEST=ibis.literal(code),
        NAME=ibis.literal(name),
        AVAL=value,
        AVALC=ibis.null("string"),
        AVALU=ibis.literal(unit, "string"),
        DTYPE=ibis.literal("DERIVED"),
        LO=ibis.null("float64"),
        HI=ibis.null("float64"),
    ).filter(_.AVAL.notnull())


def grade_pressure(rows: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """BPGR: the higher of the grades of systolic and diastolic pressure of a reading.

    CTCAE v6.0 adds: systolic above 140 with a mean pressure risen by more than 15 mmHg is grade 3.
    """
    pairs = _pair(rows, "SYSBP", "DIABP", "ATOXGRH", "AVAL", "BASE")
    grade = ibis.greatest(pairs.ATOXGRH.fill_null(0), pairs.O_ATOXGRH.fill_null(0))
    if plan.value("ctcae.version") == "6.0":
        # three times the rise of the mean pressure, so that nothing is divided
        rise = (pairs.AVAL - pairs.BASE) + 2 * (pairs.O_AVAL - pairs.O_BASE)
        above = float(V6_RISE_FROM_SYSTOLIC) < pairs.AVAL
        risen = ~pairs.PRE & above & (rise > float(3 * V6_RISE_OF_MEAN_PRESSURE))
        grade = ibis.ifelse(true(risen), ibis.greatest(grade, 3), grade)
    graded = _derive(pairs, "BPGR", grade.cast("float64"))
    nothing = ibis.null("float64")
    at_baseline = _.AVAL.max(where=_.ABLFL == "Y").over(ibis.window(group_by=["SUBJECT", "ATPTN"]))
    return graded.mutate(
        PARAMCD=_.TEST, PARAM=_.NAME, ATOXGRH=_.AVAL.cast("int64"), BASE=at_baseline, PCHG=nothing
    ).mutate(CHG=ibis.cases((~_.PRE, _.AVAL - _.BASE)))
