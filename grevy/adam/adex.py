"""ADEX: how much surufatinib a subject took: per interval at one dose, and over the whole treatment.

One row per subject and dosing interval (PARAMCD DOSE), and one per subject and summary parameter.
"""

from datetime import date
from functools import reduce

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam import pill_count
from grevy.adam.adsl import is_taken
from grevy.adam.dates import compute_date, compute_earliest, compute_study_day
from grevy.definition import AnalysisPlan

KEYS = ["STUDYID", "USUBJID"]
SUBJECT_VARIABLES = ["COHORT", "SAFFL", "NENGRP", "TRTSDT", "TRTEDT", "DTHDT", "LSTALVDT"]
BY_SUBJECT = ibis.window(group_by=KEYS, order_by=["ASTDT", "EXSEQ"])

PLANNED_DAILY_MG = {"MONO": 300, "COMBO": 250}
"""Planned dose per day of a regimen: its starting dose (study description; W46)."""

DOSES_PER_DAY = {"QD": 1.0, "BID": 2.0, "TID": 3.0, "QOD": 0.5, "QD 3 WEEKS ON 1 WEEK OFF": 0.75}

PARAMETERS = {
    "TDURD": "Treatment duration (days)",
    "CUMDOSE": "Cumulative dose (mg)",
    "AVDDOSE": "Average daily dose (mg/day)",
    "PLANDOSE": "Planned cumulative dose (mg)",
    "RDI": "Relative dose intensity (%)",
    "NREDUC": "Number of dose reductions",
    "NINTERR": "Number of dose interruptions",
    "DOSEINT": "Duration of dose interruptions (days)",
    "FRSTRED": "Time to first dose reduction (days)",
    "STRTDOSE": "Starting dose (mg/day)",
    "RDIEARLY": "Relative dose intensity of the first weeks (%)",
    **pill_count.PARAMETERS,
    "DOSE": "Dose of the interval (mg)",
}

COLUMNS = [
    *("STUDYID", "USUBJID", "ASEQ", "PARAMCD", "PARAM", "AVAL", "ASTDT", "AENDT", "ASTDY", "AENDY"),
    *("COHORT", "SAFFL", "NENGRP", "SRCDOM", "SRCVAR", "SRCSEQ"),
]


def build_adex(
    ex: ir.Table, adsl: ir.Table, plan: AnalysisPlan, cutoff: date | None, *, da: ir.Table
) -> ir.Table:
    """Build ADEX from EX records of the study drug, ADSL and the accountability of the drug (DA)."""
    intervals = derive_intervals(ex, adsl, plan, cutoff)
    summary = summarise_exposure(derive_dose_changes(intervals), plan)
    pills = pill_count.count_pills(da, intervals, compute_doses_per_day(intervals))
    summary = summary.left_join(pills, KEYS).drop(*(f"{key}_right" for key in KEYS))
    doses = intervals.mutate(
        PARAMCD=ibis.literal("DOSE"), AVAL=_.EXDOSE, SRCVAR=ibis.literal("EXDOSE"), SRCSEQ=_.EXSEQ
    )
    parameters = summary.pivot_longer(
        [name for name in PARAMETERS if name != "DOSE"], names_to="PARAMCD", values_to="AVAL"
    ).mutate(SRCVAR=ibis.null("string"), SRCSEQ=ibis.null("float64"))
    shared = [
        *KEYS,
        "COHORT",
        "SAFFL",
        "NENGRP",
        "TRTSDT",
        "PARAMCD",
        "AVAL",
        "ASTDT",
        "AENDT",
        "SRCVAR",
        "SRCSEQ",
    ]
    rows = ibis.union(parameters.select(*shared), doses.select(*shared)).filter(_.AVAL.notnull())
    order = ibis.window(group_by=KEYS, order_by=["RANK", _.SRCSEQ.fill_null(0)])
    ranked = rows.mutate(RANK=_.PARAMCD.cases(*((name, rank) for rank, name in enumerate(PARAMETERS))))
    return ranked.mutate(
        ASEQ=(ibis.row_number().over(order) + 1).cast("int64"),
        PARAM=_.PARAMCD.cases(*PARAMETERS.items()),
        ASTDY=compute_study_day(ranked.ASTDT, ranked.TRTSDT),
        AENDY=compute_study_day(ranked.AENDT, ranked.TRTSDT),
        SRCDOM=ibis.ifelse(ranked.PARAMCD.isin(list(pill_count.PARAMETERS)), "DA", "EX"),
    ).select(*COLUMNS)


def derive_intervals(ex: ir.Table, adsl: ir.Table, plan: AnalysisPlan, cutoff: date | None) -> ir.Table:
    """One row per dosing interval of the study drug, within the time from first to last dose.

    The last dose of a subject still on treatment is the cut-off or death, whichever comes first; without
    a cut-off it is the last day known alive. Intervals of 0 mg are interruptions; one that only follows
    the last dose is no interruption and is left out.
    """
    subjects = adsl.filter(_.TRTSDT.notnull()).select(*KEYS, *SUBJECT_VARIABLES)
    ours = ex.filter(ex.EXTRT.upper().strip().isin([name.upper() for name in plan.study_drugs]))
    dosing = ours.select(*KEYS, "EXSEQ", "EXTRT", "EXDOSE", "EXDOSFRQ", "EXSTDTC", "EXENDTC")
    rows = dosing.inner_join(subjects, KEYS)
    known = ibis.literal(cutoff, "date") if cutoff else ibis.null("date")
    until = ibis.coalesce(_.TRTEDT, compute_earliest(rows.DTHDT, known), _.LSTALVDT)
    rows = rows.mutate(
        ASTDT=compute_date(rows.EXSTDTC, "first"), END=compute_date(rows.EXENDTC, "last"), UNTIL=until
    ).filter(_.ASTDT.notnull(), _.EXDOSE.notnull())
    following = ibis.window(group_by=KEYS, order_by=["ASTDT", "EXSEQ"])
    rows = rows.mutate(NEXT=_.ASTDT.lead().over(following))
    # a dose left open when the next began ended the day before: no day counts twice
    replaced = ibis.cases((rows.NEXT > rows.ASTDT, rows.NEXT + ibis.interval(days=-1))).cast("date")
    rows = rows.mutate(AENDT=reduce(compute_earliest, [rows.END, rows.UNTIL, replaced])).drop("NEXT")
    rows = rows.filter(_.AENDT >= _.ASTDT)
    return rows.mutate(DAYS=(rows.AENDT.delta(rows.ASTDT, unit="day") + 1).cast("int64"))


def derive_dose_changes(intervals: ir.Table) -> ir.Table:
    """Add REDUCED and REST (days without drug before it) to each interval in which surufatinib was taken.

    A reduction is a daily dose below the last one taken, whatever lies between: 200 mg for three weeks of
    four is the level below 200 mg (label, table 1). The days between two intervals are an interruption,
    recorded as 0 mg or not recorded at all; what follows the last dose is none.
    """
    before = ibis.window(group_by=KEYS, order_by=["ASTDT", "EXSEQ"], preceding=(None, 1))
    taken = intervals.filter(is_taken(intervals))
    taken = taken.mutate(DAILY_MG=_.EXDOSE * compute_doses_per_day(taken))
    rows = taken.mutate(
        DOSE_BEFORE=_.DAILY_MG.lag().over(BY_SUBJECT), ENDED_BEFORE=_.AENDT.max().over(before)
    )
    rest = (rows.ASTDT.delta(rows.ENDED_BEFORE, unit="day") - 1).cast("int64")
    return rows.mutate(
        REDUCED=(_.DAILY_MG < _.DOSE_BEFORE).fill_null(False),
        REST=ibis.ifelse((rest > 0).fill_null(False), rest, 0),
        FIRST_DOSE=_.EXDOSE.first().over(BY_SUBJECT),
        IS_FIRST=ibis.row_number().over(BY_SUBJECT) == 0,
    )


def compute_doses_per_day(intervals: ir.Table) -> ir.FloatingValue:
    """How many doses a day the frequency of an interval means; one where it is not known."""
    return intervals.EXDOSFRQ.upper().cases(*DOSES_PER_DAY.items(), else_=1.0)


def _count_doses(taken: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Add the dose of each interval in mg, and of it what was taken in the first weeks (EARLY_MG)."""
    per_day = compute_doses_per_day(taken)
    early = taken.TRTSDT + ibis.interval(days=7 * int(plan.value("sets.intensity_weeks")) - 1)
    early_days = compute_earliest(taken.AENDT, early).delta(taken.ASTDT, unit="day") + 1
    return taken.mutate(
        MG=_.EXDOSE * per_day * _.DAYS,
        EARLY_MG=_.EXDOSE * per_day * ibis.greatest(early_days, 0),
        EARLY_END=compute_earliest(taken.UNTIL, early),
        DAILY=_.FIRST_DOSE * per_day,
        REDUCED_ON=ibis.cases((_.REDUCED, _.ASTDT)),
    )


def summarise_exposure(taken: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """One row per subject with one column per parameter.

    Relative dose intensity is the dose taken over the dose planned: the starting dose of the regimen for
    every day from first to last dose, interruptions included unless the switch W46 leaves them out.
    """
    duration = (_.UNTIL.max().delta(_.TRTSDT.min(), unit="day") + 1).cast("float64")
    to_reduction = (_.REDUCED_ON.min().delta(_.TRTSDT.min(), unit="day") + 1).cast("float64")
    totals = (
        _count_doses(taken, plan)
        .group_by([*KEYS, "COHORT", "SAFFL", "NENGRP", "TRTSDT"])
        .agg(
            TDURD=duration,
            CUMDOSE=_.MG.sum(),
            NREDUC=_.count(where=_.REDUCED).cast("float64"),
            NINTERR=_.count(where=_.REST > 0).cast("float64"),
            DOSEINT=_.REST.sum().cast("float64"),
            FRSTRED=to_reduction,
            FIRST_DOSE=_.FIRST_DOSE.max(),
            STRTDOSE=_.DAILY.max(where=_.IS_FIRST),
            EARLY_MG=_.EARLY_MG.sum(),
            EARLY_DAYS=(_.EARLY_END.max().delta(_.TRTSDT.min(), unit="day") + 1).cast("float64"),
            ASTDT=_.ASTDT.min(),
            AENDT=_.UNTIL.max(),
        )
    )
    # without a cohort the first dose stands for the plan; with an arm of another study nothing does
    daily = totals.COHORT.cases(*PLANNED_DAILY_MG.items()).cast("float64")
    daily = ibis.ifelse(totals.COHORT.isnull(), totals.FIRST_DOSE, daily)
    resting = totals.DOSEINT if plan.value("exposure.planned") == "without_interruptions" else 0
    planned = totals.mutate(PLANDOSE=daily * (totals.TDURD - resting), AVDDOSE=_.CUMDOSE / _.TDURD)
    return planned.mutate(
        RDI=100 * _.CUMDOSE / _.PLANDOSE.nullif(0),
        RDIEARLY=100 * planned.EARLY_MG / (planned.EARLY_DAYS * daily).nullif(0),
    ).drop("FIRST_DOSE", "EARLY_MG", "EARLY_DAYS")
