"""ADEG and ADCV: electrocardiogram and ejection fraction with baseline, change, grade and ICH E14 categories.

QTc is computed from QT and the RR interval or heart rate of the same day; what the machine printed stands in
only where they are missing.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.grading import GRADE_COLUMNS, derive_grades, flag_worst_grades
from grevy.adam.measurements import (
    BDS_COLUMNS,
    KEYS,
    MEASURED,
    add_subjects,
    compute_rounded,
    derive_change,
    flag_and_number,
    select_readings,
)
from grevy.definition import AnalysisPlan
from grevy.engine import Keep

PARAMETERS = {
    "EGHRMN": ("HR", "Heart Rate (beats/min)", "beats/min"),
    "HR": ("HR", "Heart Rate (beats/min)", "beats/min"),
    "PRAG": ("PR", "PR Interval (ms)", "ms"),
    "PRMEAN": ("PR", "PR Interval (ms)", "ms"),
    "QRSAG": ("QRS", "QRS Duration (ms)", "ms"),
    "QRSDUR": ("QRS", "QRS Duration (ms)", "ms"),
    "QTAG": ("QT", "QT Interval (ms)", "ms"),
    "QTMEAN": ("QT", "QT Interval (ms)", "ms"),
    "RRAG": ("RR", "RR Interval (ms)", "ms"),
    "RRMEAN": ("RR", "RR Interval (ms)", "ms"),
    "QTCFAG": ("QTCFP", "QTcF Interval as Printed (ms)", "ms"),
    "INTP": ("INTP", "Interpretation", None),
    "QTCF": ("QTCF", "QTcF Interval (ms)", "ms"),
    "QTCB": ("QTCB", "QTcB Interval (ms)", "ms"),
}
"""EGTESTCD, or what is derived here, to parameter; others keep their code and name."""

CRITERION_TEST = {"QTCF": "QTCFAG"}
"""Parameter to the test by which CTCAE grades it."""

QTC_CRITERIA = {
    "CRIT1": ("QTc > 450 ms", "AVAL", 450),
    "CRIT2": ("QTc > 480 ms", "AVAL", 480),
    "CRIT3": ("QTc > 500 ms", "AVAL", 500),
    "CRIT4": ("QTc increase > 30 ms", "CHG", 30),
    "CRIT5": ("QTc increase > 60 ms", "CHG", 60),
}
"""Categories of ICH E14, section 4: criterion, its text, variable and limit."""

ADEG_COLUMNS = [
    *BDS_COLUMNS,
    *GRADE_COLUMNS,
    *(f"{name}{end}" for name in QTC_CRITERIA for end in ("", "FL")),
]

EJECTION_CRITERIA = {
    "CRIT1": "LVEF < 50%",
    "CRIT2": "LVEF fall >= 10 points to < 50%",
    "CRIT3": "LVEF fall >= 20 points",
}
ADCV_COLUMNS = [
    *BDS_COLUMNS, *GRADE_COLUMNS, *(f"{name}{end}" for name in EJECTION_CRITERIA for end in ("", "FL")),
]  # fmt: skip


def build_adeg(eg: ir.Table, adsl: ir.Table, plan: AnalysisPlan, *, keep: Keep) -> ir.Table:
    """Build ADEG from EG and ADSL, one row per subject, parameter and tracing or mean of tracings."""
    measured = keep(select_readings(eg, "EG", plan))
    rows = ibis.union(measured, derive_corrected_qt(measured).select(*MEASURED))
    rows = _analyse(_name_parameters(rows), "EG", adsl, plan, keep)
    qtc = rows.PARAMCD.isin(["QTCF", "QTCB"])
    criteria = {}
    for name, (text, variable, limit) in QTC_CRITERIA.items():
        judged = qtc & rows[variable].notnull()
        criteria[name] = ibis.cases((judged, text))
        criteria[f"{name}FL"] = ibis.cases((judged, ibis.ifelse(rows[variable] > limit, "Y", "N")))
    return rows.mutate(**criteria).select(*ADEG_COLUMNS)


def build_adcv(cv: ir.Table, adsl: ir.Table, plan: AnalysisPlan, *, keep: Keep) -> ir.Table:
    """Build ADCV from CV and ADSL: ejection fraction, strain and what else was measured."""
    measured = keep(select_readings(cv, "CV", plan))
    named = measured.mutate(PARAMCD=_.TEST, PARAM=_.NAME + (" (" + _.AVALU + ")").fill_null(""))
    rows = _analyse(named, "CV", adsl, plan, keep)
    holds = {
        "CRIT1": rows.AVAL < 50,
        "CRIT2": (rows.AVAL < 50) & (rows.CHG <= -10),
        "CRIT3": rows.CHG <= -20,
    }
    criteria = {}
    for name, text in EJECTION_CRITERIA.items():
        judged = (rows.PARAMCD == "LVEF") & holds[name].notnull()
        criteria[name] = ibis.cases((judged, text))
        criteria[f"{name}FL"] = ibis.cases((judged, ibis.ifelse(holds[name], "Y", "N")))
    return rows.mutate(**criteria).select(*ADCV_COLUMNS)


def _analyse(named: ir.Table, domain: str, adsl: ir.Table, plan: AnalysisPlan, keep: Keep) -> ir.Table:
    """Baseline, change, flags and grades of rows that have PARAMCD and PARAM."""
    rows = add_subjects(named.mutate(PARCAT1=named.CAT), adsl)
    rows = flag_and_number(keep(derive_change(rows, plan)), plan, domain)
    test = rows.PARAMCD.cases(*CRITERION_TEST.items(), else_=rows.PARAMCD)
    rows = keep(rows.mutate(TEST=test))
    return keep(flag_worst_grades(derive_grades(rows, plan, keep=keep)))


def _name_parameters(rows: ir.Table) -> ir.Table:
    code, name, unit = (
        rows.TEST.cases(*((test, entry[place]) for test, entry in PARAMETERS.items() if entry[place]))
        for place in range(3)
    )
    return rows.mutate(PARAMCD=code.coalesce(rows.TEST), PARAM=name.coalesce(rows.NAME), AVALU=unit)


def derive_corrected_qt(rows: ir.Table) -> ir.Table:
    """QTCF = QT / cube root of RR in s (Fridericia), QTCB = QT / square root (Bazett).

    RR in ms is measured, or 60000 / heart rate. QTCF as printed where QT or both are missing.
    """
    code = rows.TEST.cases(*((test, entry[0]) for test, entry in PARAMETERS.items()))
    by = [*KEYS, "ADT", "AVISITN", "ATPTN"]
    wide = (
        rows.mutate(CODE=code)
        .group_by([*by, "AVISIT", "ATPT", "VISITDY"])
        .agg(
            QT=_.AVAL.mean(where=_.CODE == "QT"),
            RR=_.AVAL.mean(where=(_.CODE == "RR") & (_.AVAL > 0)),
            HR=_.AVAL.mean(where=(_.CODE == "HR") & (_.AVAL > 0)),
            PRINTED=_.AVAL.mean(where=_.CODE == "QTCFP"),
            SEQ=_.SEQ.max(where=_.CODE == "QT").coalesce(_.SEQ.max(where=_.CODE == "QTCFP")),
            DTC=_.DTC.max(),
            CAT=_.CAT.max(),
        )
    )
    seconds = wide.RR.coalesce(60000 / wide.HR) / 1000
    corrected = {"QTCF": wide.QT / seconds ** (1 / 3), "QTCB": wide.QT / seconds.sqrt()}
    parts = []
    for name, value in corrected.items():
        computed = compute_rounded(value, 4)
        number = computed.coalesce(wide.PRINTED) if name == "QTCF" else computed
        kind = ibis.ifelse(computed.notnull(), "DERIVED", "PRINTED")
        parts.append(
            wide.mutate(
                TEST=ibis.literal(name), NAME=ibis.literal(PARAMETERS[name][1]), AVAL=number, DTYPE=kind,
                AVALC=ibis.null("string"), AVALU=ibis.literal("ms"), SPEC=ibis.null("string"),
                LO=ibis.null("float64"), HI=ibis.null("float64"),
            ).filter(_.AVAL.notnull()).select(*MEASURED)
        )  # fmt: skip
    return ibis.union(*parts)
