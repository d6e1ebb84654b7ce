"""ADEX: exposure to the study drug: intervals of dose, and dose intensity per subject."""

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.adsl import KEYS
from grevy.adam.assessments import true
from grevy.adam.dates import compute_date, compute_earliest
from grevy.definition import AnalysisPlan

PARAMETERS = {
    "DOSE": "Daily dose in an interval (mg)",
    "TDURD": "Duration of treatment (days)",
    "CUMDOSE": "Cumulative dose (mg)",
    "AVDDOSE": "Average daily dose (mg/day)",
    "PLANDOSE": "Planned cumulative dose (mg)",
    "RDI": "Relative dose intensity (%)",
    "NREDUC": "Number of dose reductions",
    "NINTERR": "Number of interruptions",
    "DOSEINT": "Days of interruption",
    "FRSTRED": "Days to first reduction",
}
ORDER = list(PARAMETERS)


def build_adex(ex: ir.Table, adsl: ir.Table, plan: AnalysisPlan, cutoff: date | None) -> ir.Table:
    """One row per interval of dose (DOSE) and one per subject and summary parameter.

    Relative dose intensity (W46): cumulative dose over start dose times the days from first to last
    dose; ordered interruptions stay in the denominator unless ``exposure.planned`` says otherwise.
    """
    intervals = _date_intervals(ex, adsl, plan, cutoff)
    intervals = _number_intervals(intervals)
    rows = ibis.union(_interval_rows(intervals), _summary_rows(intervals, plan))
    rows = rows.mutate(PARAMN=ibis.cases(*((_.PARAMCD == code, i) for i, code in enumerate(ORDER))))
    order = ibis.window(group_by=KEYS, order_by=["PARAMN", "ASTDT", "SRCSEQ"])
    subject = adsl.select(*KEYS, "COHORT", "NENGRP", "SAFFL")
    return rows.inner_join(subject, KEYS).select(
        *KEYS,
        ASEQ=ibis.row_number().over(order) + 1,
        PARAMCD=_.PARAMCD,
        PARAM=ibis.cases(*((_.PARAMCD == code, text) for code, text in PARAMETERS.items())),
        AVAL=_.AVAL, ASTDT=_.ASTDT, AENDT=_.AENDT, REASON=_.REASON, COHORT=_.COHORT, NENGRP=_.NENGRP, SAFFL=_.SAFFL,
        SRCDOM=ibis.cases((_.SRCSEQ.notnull(), "EX")),
        SRCVAR=ibis.cases((_.SRCSEQ.notnull(), "EXDOSE")),
        SRCSEQ=_.SRCSEQ,
    )  # fmt: skip


def _date_intervals(ex: ir.Table, adsl: ir.Table, plan: AnalysisPlan, cutoff: date | None) -> ir.Table:
    """Intervals of the study drug; one that goes on ends with the cut-off or death, whichever is first."""
    names = [name.upper() for name in plan.study_drugs]
    ours = ex.filter(true(_.EXTRT.upper().strip().isin(names)))
    ours = ours.inner_join(adsl.select(*KEYS, "TRTSDT", "DTHDT", "LSTALVDT"), KEYS)
    stop = compute_earliest(_.DTHDT, ibis.literal(cutoff, "date")) if cutoff else _.DTHDT
    return ours.mutate(
        ASTDT=compute_date(_.EXSTDTC, "first"),
        AENDT=ibis.coalesce(compute_date(_.EXENDTC, "last"), stop, _.LSTALVDT),
        DOSE=_.EXDOSE.fill_null(0.0),
    ).mutate(DAYS=ibis.greatest(_.AENDT.delta(_.ASTDT, unit="day") + 1, 0).cast("int64"))


def _number_intervals(intervals: ir.Table) -> ir.Table:
    """Add the start dose, the previous dose that was given, and the last day of any dose."""
    before = ibis.window(group_by=KEYS, order_by=["ASTDT", "EXSEQ"], preceding=(None, 1))
    whole = ibis.window(group_by=KEYS)
    given = _.DOSE > 0
    ranked = intervals.mutate(
        LOWEST=ibis.cases((given, _.DOSE)).min().over(before),
        LAST_GIVEN=ibis.cases((given, _.AENDT)).max().over(whole),
        FIRST_GIVEN=ibis.cases((given, _.ASTDT)).min().over(whole),
    )
    starting = ranked.filter(_.ASTDT == _.FIRST_GIVEN).group_by(KEYS).agg(STARTDOSE=_.DOSE.max())
    return ranked.left_join(starting, KEYS).drop("STUDYID_right", "USUBJID_right")


def _interval_rows(intervals: ir.Table) -> ir.Table:
    return intervals.select(
        *KEYS,
        PARAMCD=ibis.literal("DOSE"),
        AVAL=_.DOSE,
        ASTDT=_.ASTDT,
        AENDT=_.AENDT,
        REASON=_.EXADJ,
        SRCSEQ=_.EXSEQ,
    )


def _summary_rows(intervals: ir.Table, plan: AnalysisPlan) -> ir.Table:
    within = (_.DOSE == 0) & (_.ASTDT <= _.LAST_GIVEN)
    reduced = (_.DOSE > 0) & (_.DOSE < _.LOWEST)
    one = intervals.group_by(KEYS).agg(
        ASTDT=_.FIRST_GIVEN.min(),
        AENDT=_.LAST_GIVEN.max(),
        STARTDOSE=_.STARTDOSE.max(),
        CUMDOSE=(_.DOSE * _.DAYS).sum(),
        NREDUC=_.EXSEQ.count(where=reduced),
        NINTERR=_.EXSEQ.count(where=within),
        DOSEINT=_.DAYS.sum(where=within).fill_null(0),
        REDUCED=_.ASTDT.min(where=reduced),
    )
    one = one.filter(_.ASTDT.notnull()).mutate(TDURD=(_.AENDT.delta(_.ASTDT, unit="day") + 1).cast("float64"))
    planned_days = _.TDURD
    if plan.value("exposure.planned") == "without_interruptions":
        planned_days = _.TDURD - _.DOSEINT
    one = one.mutate(PLANDOSE=_.STARTDOSE * planned_days)
    one = one.mutate(
        AVDDOSE=_.CUMDOSE / _.TDURD,
        RDI=100.0 * _.CUMDOSE / _.PLANDOSE.nullif(0),
        FRSTRED=_.REDUCED.delta(_.ASTDT, unit="day") + 1,
    )
    parts = [
        one.select(
            *KEYS,
            PARAMCD=ibis.literal(code),
            AVAL=one[code].cast("float64"),
            ASTDT=_.ASTDT,
            AENDT=_.AENDT,
            REASON=ibis.null("string"),
            SRCSEQ=ibis.null("float64"),
        )
        for code in ORDER
        if code != "DOSE"
    ]
    return ibis.union(*parts).filter(_.AVAL.notnull())
