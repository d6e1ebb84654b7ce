"""When a record was made: study day, epoch and visit, against the first and last dose of surufatinib."""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.sdtm.dates import compute_complete_date, compute_study_day
from grevy.sdtm.mapping import FormTables

# numbers and names of the visits; the term added is the number of a repeated one
_VISITNUM = {
    "SCREENING": (1.0, 0),
    "CYCLE": (10.0, 1),
    "C1D15": (11.5, 0),
    "IMAGING": (100.0, 1),
    "EOT": (700.0, 0),
    "SAFETY_FU": (710.0, 0),
    "SURVIVAL_FU": (800.0, 1),
    "UNSCHEDULED": (900.0, 1),
    "EOS": (990.0, 0),
}
_VISIT = {
    "SCREENING": "SCREENING",
    "C1D15": "CYCLE 1 DAY 15",
    "EOT": "END OF TREATMENT",
    "SAFETY_FU": "SAFETY FOLLOW-UP",
    "EOS": "END OF STUDY",
}
_LAST_EIGHT_WEEK_IMAGING = 6
_CYCLE_DAYS = 28


def build_exposure_period(tables: FormTables) -> ir.Table:
    """First and last dose: one row per subject who took surufatinib; LAST_DOSE is null while on treatment.

    Interruptions are dosing records of 0 mg and belong to neither end.
    """
    taken = tables["surufatinib_dosing"].filter(_.dose_mg > 0)
    period = taken.group_by("USUBJID").agg(
        FIRST_DOSE=_.start_date.min(),
        LAST_END=_.end_date.max(),
        OPEN=_.start_date.count(where=_.end_date.isnull()),
    )
    stopped = tables["end_of_treatment"].group_by("USUBJID").agg(LAST_ENTERED=_.last_dose_date.max())
    return period.left_join(stopped, "USUBJID").select(
        "USUBJID",
        "FIRST_DOSE",
        LAST_DOSE=ibis.coalesce(_.LAST_ENTERED, ibis.ifelse(_.OPEN == 0, _.LAST_END, ibis.null("date"))),
    )


def derive_timing(records: ir.Table, domain: str, period: ir.Table) -> ir.Table:
    """Add the study day beside every --DTC, and the EPOCH of the record's first date."""
    dated = [name for name in records.columns if name.startswith(domain) and name.endswith("DTC")]
    timed = records.left_join(period, "USUBJID").drop("USUBJID_right")
    dates = {name: compute_complete_date(timed[name]) for name in dated}
    days = {
        name.removesuffix("DTC") + "DY": compute_study_day(date, timed.FIRST_DOSE)
        for name, date in dates.items()
    }
    first = dates.get(f"{domain}STDTC", dates[dated[0]])
    return timed.mutate(EPOCH=compute_epoch(first, timed.FIRST_DOSE, timed.LAST_DOSE), **days)


def compute_epoch(date: ir.DateValue, first_dose: ir.DateValue, last_dose: ir.DateValue) -> ir.StringValue:
    """Screening before the first dose, treatment to the last one, follow-up after it."""
    return ibis.cases(
        (date.isnull(), ibis.null("string")),
        (first_dose.isnull() | (date < first_dose), "SCREENING"),
        (last_dose.isnull() | (date <= last_dose), "TREATMENT"),
        else_="FOLLOW-UP",
    )


def derive_visit(records: ir.Table) -> ir.Table:
    """Add VISITNUM, VISIT and VISITDY (planned day); a record of the log belongs to no visit."""
    number = [(event == _.EVENTID, first + step * _.EVENTSEQ) for event, (first, step) in _VISITNUM.items()]
    repeat = records.EVENTSEQ.cast("string")
    weeks = compute_imaging_week(records.EVENTSEQ)
    week = weeks.cast("string")
    return records.mutate(
        VISITNUM=ibis.cases(*number).cast("float64"),
        VISIT=ibis.cases(
            *((event == _.EVENTID, name) for event, name in _VISIT.items()),
            (_.EVENTID == "CYCLE", "CYCLE " + repeat + " DAY 1"),
            (_.EVENTID == "IMAGING", "WEEK " + week),
            (_.EVENTID == "SURVIVAL_FU", "SURVIVAL FOLLOW-UP " + repeat),
            (_.EVENTID == "UNSCHEDULED", "UNSCHEDULED " + repeat),
        ),
        # only what is planned against the first dose has a planned day
        VISITDY=ibis.cases(
            (_.EVENTID == "CYCLE", _CYCLE_DAYS * (records.EVENTSEQ - 1) + 1),
            (_.EVENTID == "C1D15", 15),
            (_.EVENTID == "IMAGING", 7 * weeks + 1),
        ).cast("float64"),
    )


def compute_imaging_week(k: ir.IntegerValue) -> ir.IntegerValue:
    """Week of planned imaging k: every 8 weeks to week 48, every 12 weeks afterwards."""
    later = 8 * _LAST_EIGHT_WEEK_IMAGING + 12 * (k - _LAST_EIGHT_WEEK_IMAGING)
    return ibis.ifelse(k <= _LAST_EIGHT_WEEK_IMAGING, 8 * k, later)
