"""ADLB: laboratory results in standard units with baseline, change and CTCAE grade.

Grades come from the number alone (laboratory grades), not from the investigator. Derived parameters: calcium
corrected for albumin, glomerular filtration and creatinine clearance, potential Hy's law.
"""

from functools import cache

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from grevy.adam.assessments import true
from grevy.adam.grading import GRADE_COLUMNS, derive_grades, flag_worst_grades
from grevy.adam.measurements import (
    BDS_COLUMNS,
    MEASURED,
    SUBJECT_VARIABLES,
    add_subjects,
    compute_rounded,
    derive_change,
    flag_and_number,
    select_measurements,
)
from grevy.definition import AnalysisPlan
from grevy.engine import Keep
from grevy.rules.ctcae import find_criteria
from grevy.rules.pressure_and_protein import COLLECTION_WINDOW_DAYS, DIPSTICK_GRADES
from grevy.rules.units import TO_STANDARD

ADLB_COLUMNS = [*BDS_COLUMNS, "A1LO", "A1HI", "ANRIND", "BNRIND", *GRADE_COLUMNS]

ALSO_IN_URINE = [
    *("PROT", "GLUC", "WBC", "RBC", "CREAT", "ALB", "K", "SODIUM", "CL", "CA", "MG", "PHOS", "URATE", "UREA"),
    *("UREAN", "BILI", "KETONES"),
]
"""Tests of blood whose code also stands for urine; their parameter in urine begins with U."""

DERIVED = {
    "CACRALB": "Calcium Corrected for Albumin",
    "GFRBSCRT": "Glomerular Filtration Rate by CKD-EPI 2021",
    "CREATCLR": "Creatinine Clearance by Cockcroft-Gault",
    "HYLAW": "Potential Hy's Law",
}

NORMAL_FILTRATION = 90.0
"""Lower limit of normal of filtration and clearance: KDIGO 2012, category G1."""

CREATININE_PER_MG = 88.42
"""umol/L of 1 mg/dL."""

HYS_LAW_WINDOW_DAYS = 3
"""Aminotransferase and bilirubin within so many days belong together."""


def build_adlb(lb: ir.Table, adsl: ir.Table, plan: AnalysisPlan, *, keep: Keep) -> ir.Table:
    """Build ADLB from LB and ADSL, one row per subject, parameter and sample."""
    measured = convert_units(read_quantification(select_measurements(lb, "LB"), plan))
    rows = keep(name_parameters(add_subjects(measured, adsl, "AGE", "SEX", "WEIGHT")))
    derived = [
        derive_corrected_calcium(rows),
        derive_filtration(rows),
        derive_clearance(rows),
        derive_hys_law(rows, plan),
    ]
    rows = keep(_name_alike(ibis.union(*(part.select(*_SAMPLE) for part in [rows, *derived]))))
    rows = flag_and_number(keep(derive_change(rows, plan)), plan, "LB")
    # a test has its criterion only in the unit of the criterion
    rows = keep(rows.mutate(TEST=ibis.cases((_.IN_STANDARD_UNIT, _.PARAMCD))))
    rows = keep(derive_grades(rows, plan, keep=keep))
    rows = keep(flag_worst_grades(grade_dipsticks(rows, plan)))
    return rows.mutate(
        A1LO=_.LO,
        A1HI=_.HI,
        ANRIND=_compute_range_indicator(_.AVAL, _.LO, _.HI),
        BNRIND=_compute_range_indicator(_.BASE, _.BLO, _.BHI),
        AVALC=ibis.cases((_.AVAL.isnull() | _.DTYPE.notnull() | (_.PARAMCD == "HYLAW"), _.AVALC)),
    ).select(*ADLB_COLUMNS)


_SAMPLE = [
    *MEASURED, *SUBJECT_VARIABLES, "SUBJECT", "RFXSTDTC", "ADY", "PARAMCD", "PARCAT1", "IN_STANDARD_UNIT",
]  # fmt: skip


def _compute_range_indicator(
    value: ir.FloatingValue, low: ir.FloatingValue, high: ir.FloatingValue
) -> ir.StringValue:
    return ibis.cases(
        (true(value < low), "LOW"),
        (true(value > high), "HIGH"),
        (value.notnull() & (low.notnull() | high.notnull()), "NORMAL"),
    )


# --- Results as numbers in standard units ----------------------------------------------------------


def read_quantification(rows: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Give results such as "<0.5" a number by `lab.below_quantification`; DTYPE says that it is a limit."""
    rule = plan.value("lab.below_quantification")
    if rule == "missing":
        return rows
    text = rows.AVALC.strip()
    limited = true(text.re_search(r"^[<>]=?\s*[0-9]+(\.[0-9]+)?$")) & rows.AVAL.isnull()
    number = ibis.cases((limited, text.re_replace(r"^[<>]=?\s*", ""))).cast("float64")
    if rule == "half":
        number = ibis.ifelse(true(text.startswith("<")), number / 2, number)
    kind = "LIMIT" if rule == "limit" else "HALF LIMIT"
    return rows.mutate(
        AVAL=rows.AVAL.coalesce(number), DTYPE=ibis.ifelse(limited, kind, ibis.null("string"))
    ).select(*MEASURED)


@cache
def list_units() -> ir.Table:
    """One row per test and unit: the factor to the standard unit. A ratio may come without a unit."""
    records = [
        {"TEST": test, "UNIT": unit, "STANDARD": next(iter(units)), "FACTOR": float(factor)}
        for test, units in TO_STANDARD.items()
        for unit, factor in (*units.items(), *(() if "RATIO" not in units else (("", units["RATIO"]),)))
    ]
    return ibis.memtable(pa.Table.from_pylist(records))


def convert_units(rows: ir.Table) -> ir.Table:
    """Give result and limits the standard unit of the test, and say in IN_STANDARD_UNIT whether it is.

    A unit that is not known for the test stays, and what is in it is not graded.
    """
    keyed = rows.mutate(UNIT=rows.AVALU.fill_null("").strip())
    joined = keyed.left_join(list_units(), ["TEST", "UNIT"])
    known = joined.FACTOR.notnull()
    converted = {
        name: ibis.ifelse(
            known & (joined.FACTOR != 1.0), compute_rounded(joined[name] * joined.FACTOR), joined[name]
        )
        for name in ("AVAL", "LO", "HI")
    }
    return joined.mutate(
        **converted, AVALU=ibis.ifelse(known, joined.STANDARD, joined.AVALU), IN_STANDARD_UNIT=known
    ).select(*MEASURED, "IN_STANDARD_UNIT")


def name_parameters(rows: ir.Table) -> ir.Table:
    """Add PARAMCD and PARCAT1; a test of urine that blood has too gets a parameter of its own."""
    urine = true(rows.SPEC.upper().contains("URINE")) | true(rows.CAT.upper() == "URINALYSIS")
    shared = urine & rows.TEST.isin(ALSO_IN_URINE)
    return rows.mutate(
        PARAMCD=ibis.ifelse(shared, ("U" + rows.TEST).substr(0, 8), rows.TEST),
        NAME=ibis.ifelse(shared, "Urine " + rows.NAME, rows.NAME),
        IN_STANDARD_UNIT=rows.IN_STANDARD_UNIT & ~shared,
        PARCAT1=rows.CAT,
    )


def _name_alike(rows: ir.Table) -> ir.Table:
    """Add PARAM, one text per PARAMCD: the name of the test and its unit where all have the same."""
    names = rows.group_by("PARAMCD").agg(
        NAMED=_.NAME.max(), UNIT=_.AVALU.max(), UNITS=_.AVALU.nunique(), CATEGORY=_.PARCAT1.max()
    )
    unit = ibis.ifelse(names.UNITS == 1, " (" + names.UNIT + ")", "")
    names = names.select(CODE="PARAMCD", PARAM=names.NAMED.coalesce(names.PARAMCD) + unit)
    return rows.left_join(names, rows.PARAMCD == names.CODE).drop("CODE")


# --- Derived parameters ----------------------------------------------------------------------------


def _derive(
    rows: ir.Table, code: str, value: ir.FloatingValue, unit: str | None, **more: ir.Value
) -> ir.Table:
    words = {"PARAMCD": code, "TEST": code, "NAME": DERIVED[code], "DTYPE": "DERIVED"}
    columns = {name: ibis.literal(word) for name, word in words.items()}
    columns |= {"AVAL": value, "AVALU": ibis.literal(unit, "string"), "AVALC": ibis.null("string")}
    return rows.mutate(**(columns | more)).filter(_.AVAL.notnull())


def derive_corrected_calcium(rows: ir.Table) -> ir.Table:
    """CACRALB = calcium + 0.02 x (40 - albumin), mmol/L and g/L; limits of calcium.

    The albumin is that of the same visit and day; where it was not measured with the calcium, of the day.
    """
    standard = rows.filter(rows.IN_STANDARD_UNIT)
    albumin = standard.filter(_.PARAMCD == "ALB")
    of_day = albumin.group_by(["SUBJECT", "ADT"]).agg(OF_DAY=_.AVAL.max())
    of_visit = albumin.group_by(["SUBJECT", "ADT", "AVISITN"]).agg(OF_VISIT=_.AVAL.max())
    calcium = standard.filter(_.PARAMCD == "CA").inner_join(of_day, ["SUBJECT", "ADT"])
    joined = calcium.left_join(of_visit, ["SUBJECT", "ADT", "AVISITN"])
    joined = joined.mutate(ALBUMIN=_.OF_VISIT.coalesce(_.OF_DAY))
    corrected = compute_rounded(joined.AVAL + 0.02 * (40 - joined.ALBUMIN))
    return _derive(joined, "CACRALB", corrected, "mmol/L")


def derive_filtration(rows: ir.Table) -> ir.Table:
    """GFRBSCRT: CKD-EPI 2021 from creatinine, age at consent and sex (Inker, NEJM 2021), mL/min/1.73 m2."""
    creatinine = _select_creatinine(rows)
    female = creatinine.SEX == "F"
    ratio = creatinine.AVAL / CREATININE_PER_MG / ibis.ifelse(female, 0.7, 0.9)
    below, above = ibis.ifelse(ratio < 1, ratio, 1.0), ibis.ifelse(ratio > 1, ratio, 1.0)
    rate = (
        142 * below ** ibis.ifelse(female, -0.241, -0.302) * above**-1.2
        * ibis.literal(0.9938) ** creatinine.AGE * ibis.ifelse(female, 1.012, 1.0)
    )  # fmt: skip
    return _derive(creatinine, "GFRBSCRT", compute_rounded(rate, 4), "mL/min/1.73m2", **_filtration_limits())


def derive_clearance(rows: ir.Table) -> ir.Table:
    """CREATCLR: Cockcroft and Gault 1976 from creatinine, age, sex and weight at baseline, mL/min."""
    creatinine = _select_creatinine(rows)
    sex = ibis.ifelse(creatinine.SEX == "F", 0.85, 1.0)
    milligrams = creatinine.AVAL / CREATININE_PER_MG
    clearance = (140 - creatinine.AGE) * creatinine.WEIGHT * sex / (72 * milligrams)
    return _derive(creatinine, "CREATCLR", compute_rounded(clearance, 4), "mL/min", **_filtration_limits())


def _select_creatinine(rows: ir.Table) -> ir.Table:
    return rows.filter(
        rows.IN_STANDARD_UNIT & (rows.PARAMCD == "CREAT") & (rows.AVAL > 0) & rows.SEX.notnull()
    )


def _filtration_limits() -> dict[str, ir.Value]:
    return {"LO": ibis.literal(NORMAL_FILTRATION), "HI": ibis.null("float64")}


def derive_hys_law(rows: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """HYLAW: Y or N per sample of ALT or AST with bilirubin within 3 days.

    ALT or AST at least 3 times the upper limit, bilirubin above 2 times, and no alkaline phosphatase of 2
    times or more within the same days (FDA 2009). One row per subject and date of the aminotransferase.
    """
    known = rows.filter(rows.ADT.notnull() & rows.AVAL.notnull() & (rows.HI > 0) & rows.IN_STANDARD_UNIT)
    high = known.AVAL > 2 * known.HI
    if plan.value("liver.hys_law_bilirubin") == "at_least":
        high = known.AVAL >= 2 * known.HI
    samples = known.filter(_.PARAMCD.isin(["ALT", "AST"])).mutate(TRIPLED=_.AVAL >= 3 * _.HI)
    samples = samples.mutate(
        PLACE=ibis.row_number().over(
            ibis.window(group_by=["SUBJECT", "ADT"], order_by=[ibis.desc("TRIPLED"), "SEQ"])
        )
    ).filter(_.PLACE == 0)
    others = known.mutate(HIGH=high, DOUBLED=known.AVAL >= 2 * known.HI).filter(
        known.PARAMCD.isin(["BILI", "ALP"])
    )
    others = others.select("SUBJECT", OTHER=_.PARAMCD, ON=_.ADT, HIGH=_.HIGH, DOUBLED=_.DOUBLED)
    near = samples.select("SUBJECT", "SEQ", "ADT").inner_join(others, "SUBJECT")
    near = near.filter(_.ADT.delta(_.ON, unit="day").abs() <= HYS_LAW_WINDOW_DAYS)
    bilirubin = _.OTHER == "BILI"
    found = near.group_by(["SUBJECT", "SEQ"]).agg(
        BILIRUBIN=_.count(where=bilirubin),
        RAISED=_.count(where=bilirubin & _.HIGH),
        CHOLESTASIS=_.count(where=~bilirubin & _.DOUBLED),
    )
    joined = samples.inner_join(found.filter(_.BILIRUBIN > 0), ["SUBJECT", "SEQ"])
    is_case = joined.TRIPLED & (joined.RAISED > 0) & (joined.CHOLESTASIS == 0)
    limits = {name: ibis.null("float64") for name in ("LO", "HI")}
    return _derive(
        joined, "HYLAW", ibis.ifelse(is_case, 1.0, 0.0), None, **limits, AVALC=ibis.ifelse(is_case, "Y", "N")
    )


# --- Proteinuria -----------------------------------------------------------------------------------


def grade_dipsticks(rows: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Grade protein by dipstick (UPROT); a 24-hour collection within 7 days takes its place.

    CTCAE, proteinuria: 1+; 2+ and 3+; 4+. The nearest collection counts, the later of two as near.
    """
    collections = rows.filter((_.PARAMCD == "PROTEXR") & _.ATOXGRH.notnull()).select(
        "SUBJECT", ON=_.ADT, COLLECTED=_.ATOXGRH, CSEQ=_.ASEQ
    )
    sticks = rows.filter((_.PARAMCD == "UPROT") & _.ADT.notnull()).select("SUBJECT", "ROW", "ADT")
    near = sticks.inner_join(collections, "SUBJECT").mutate(APART=_.ADT.delta(_.ON, unit="day").abs())
    near = near.filter(_.APART <= COLLECTION_WINDOW_DAYS)
    nearest = ibis.window(group_by="ROW", order_by=["APART", ibis.desc("ON"), ibis.desc("CSEQ")])
    near = near.mutate(PLACE=ibis.row_number().over(nearest)).filter(_.PLACE == 0)
    near = near.select(OF_ROW=_.ROW, COLLECTED=_.COLLECTED)
    joined = rows.left_join(near, rows.ROW == near.OF_ROW)
    stick = ibis.ifelse(joined.AVALC.upper() == "NEGATIVE", "NEG", joined.AVALC.upper().strip())
    is_stick = joined.PARAMCD == "UPROT"
    term = find_criteria(plan.value("ctcae.version"), "PROTEXR")[0].term
    grade = joined.COLLECTED.coalesce(stick.cases(*DIPSTICK_GRADES.items()).cast("int64"))
    return joined.mutate(
        ATOXGRH=ibis.ifelse(is_stick, grade, joined.ATOXGRH),
        ATOXDSCH=ibis.ifelse(is_stick & grade.notnull(), term, joined.ATOXDSCH),
    ).drop("OF_ROW", "COLLECTED")
