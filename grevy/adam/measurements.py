"""What all data sets of measurements share: from a findings domain to analysis values with their baseline.

The domain may be ours or of another system: visits by VISITNUM and VISIT, several readings at one visit,
variables beyond the declared ones. One row per subject, parameter, time point and date of measurement.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.assessments import true
from grevy.adam.dates import compute_date, compute_study_day
from grevy.definition import AnalysisPlan
from grevy.engine import add_ordered
from grevy.sdtm.dates import is_complete

KEYS = ["STUDYID", "USUBJID"]
SUBJECT_VARIABLES = ["COHORT", "SAFFL", "FASFL", "NENGRP", "TRTSDT", "TRTEDT"]
"""Subject variables that stand in every data set of measurements."""

BY_PARAMETER = ["SUBJECT", "PARAMCD", "ATPTN"]
"""A parameter has one baseline per planned time point within the visit, where readings are kept apart."""

ROUNDED = 6
"""Decimals that computed values keep: more than any laboratory prints, less than the noise of arithmetic."""

RECORDS_OF_A_SUBJECT = 10**6
"""More than a subject has in any data set."""

BDS_COLUMNS = [
    *("STUDYID", "USUBJID", "ASEQ", *SUBJECT_VARIABLES, "PARAMCD", "PARAM", "PARCAT1"),
    *("AVAL", "AVALC", "AVALU", "BASE", "CHG", "PCHG", "ABLFL", "ADT", "ADY", "AVISIT", "AVISITN"),
    *("ATPT", "ATPTN", "ANL01FL", "ONTRTFL", "DTYPE", "SRCDOM", "SRCVAR", "SRCSEQ"),
]  # fmt: skip
"""Columns of every data set of measurements; each adds its own behind them."""

MEASURED = [
    *("STUDYID", "USUBJID", "SEQ", "TEST", "NAME", "CAT", "SPEC", "AVAL", "AVALC", "AVALU", "LO", "HI"),
    *("DTC", "ADT", "AVISIT", "AVISITN", "VISITDY", "ATPT", "ATPTN", "DTYPE"),
]
"""Columns of a measurement before the subject's variables are added; DTYPE says how AVAL was derived."""


def compute_rounded(value: ir.NumericValue, digits: int = ROUNDED) -> ir.FloatingValue:
    """Round half away from zero, with the same last digit on every engine: a whole number, divided once."""
    whole = (value * float(10**digits)).round().cast("int64").cast("float64")
    return whole / ibis.literal(float(10**digits), "float64")


def keep_flag(condition: ir.BooleanValue) -> ir.StringValue:
    """Y where the condition holds, null elsewhere, as analysis flags of records are."""
    return ibis.ifelse(true(condition), "Y", ibis.null("string"))


def find_column(table: ir.Table, name: str, type_: str = "string") -> ir.Value:
    """A variable another system may have supplied, null where it did not."""
    return table[name].cast(type_) if name in table.columns else ibis.null(type_)


# --- From the tabulation -------------------------------------------------------------------------


def select_measurements(findings: ir.Table, domain: str) -> ir.Table:
    """The results of a findings domain under names that do not depend on it.

    What was not done is left out. A partial date is no date of a measurement (W7): ADT is null, and such a
    result is neither baseline nor on treatment.
    """

    def column(suffix: str, type_: str = "string") -> ir.Value:
        return find_column(findings, domain + suffix, type_)

    dtc, text = column("DTC"), column("STRESC")
    number = column("STRESN", "float64").coalesce(_read_number(text))
    rows = findings.select(
        *KEYS,
        SEQ=column("SEQ", "float64"),
        TEST=column("TESTCD").upper(),
        NAME=column("TEST"),
        CAT=column("CAT"),
        SPEC=column("SPEC"),
        AVAL=number,
        AVALC=text,
        AVALU=column("STRESU"),
        LO=column("STNRLO", "float64"),
        HI=column("STNRHI", "float64"),
        DTC=dtc,
        ADT=ibis.cases((is_complete(dtc), compute_date(dtc, "first"))).cast("date"),
        AVISIT=find_column(findings, "VISIT"),
        AVISITN=find_column(findings, "VISITNUM", "float64"),
        VISITDY=find_column(findings, "VISITDY", "float64"),
        ATPT=column("TPT"),
        ATPTN=column("TPTNUM", "float64"),
        DTYPE=ibis.null("string"),
        STAT=column("STAT"),
    )
    done = ~true(_.STAT.upper() == "NOT DONE") & (_.AVAL.notnull() | _.AVALC.notnull())
    return rows.filter(done).select(*MEASURED)


def _read_number(text: ir.StringValue) -> ir.FloatingValue:
    """A text that is a number and nothing else, where no numeric result was tabulated."""
    plain = text.re_search(r"^\s*-?[0-9]+(\.[0-9]+)?\s*$")
    return ibis.cases((true(plain), text.strip())).cast("float64")


def average_readings(rows: ir.Table) -> ir.Table:
    """One row per subject, test, visit and date: the mean of its readings, whatever time point they had.

    Blood pressure is the mean of two or three readings, an ECG interval that of three tracings. SEQ is the
    last reading of the mean.
    """
    by = [*KEYS, "TEST", "AVISITN", "AVISIT", "ADT"]
    same = ["NAME", "CAT", "SPEC", "AVALU", "LO", "HI", "DTC", "VISITDY"]
    means = rows.group_by(by).agg(
        **{name: rows[name].max() for name in same},
        SEQ=_.SEQ.max(),
        MEAN=compute_rounded(_.AVAL.mean()),
        TEXT=_.AVALC.max(),
        READINGS=_.AVAL.count(),
    )
    several = means.READINGS > 1
    return means.mutate(
        AVAL=means.MEAN,
        AVALC=ibis.ifelse(several, ibis.null("string"), means.TEXT),
        DTYPE=ibis.ifelse(several, "AVERAGE", ibis.null("string")),
        ATPT=ibis.null("string"),
        ATPTN=ibis.null("float64"),
    ).select(*MEASURED)


def select_readings(findings: ir.Table, domain: str, plan: AnalysisPlan) -> ir.Table:
    """Measurements that are read several times at a visit, by the switch `measurement.readings`."""
    rows = select_measurements(findings, domain)
    return average_readings(rows) if plan.value("measurement.readings") == "average" else rows


# --- Analysis variables --------------------------------------------------------------------------


def add_subjects(rows: ir.Table, adsl: ir.Table, *more: str) -> ir.Table:
    """Add the subject's variables, SUBJECT (a number) and ADY; what is of nobody in ADSL is left out."""
    number = ibis.row_number().over(ibis.window(order_by=KEYS))
    subjects = adsl.select(*KEYS, *SUBJECT_VARIABLES, "RFXSTDTC", *more, SUBJECT=number)
    joined = rows.inner_join(subjects, KEYS)
    return joined.mutate(ADY=compute_study_day(joined.ADT, joined.TRTSDT))


def derive_change(rows: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Add PRE, ABLFL, BASE, BLO, BHI, CHG and PCHG: the change since the last value before treatment (W11).

    ``rows`` have PARAMCD. Same day as the first dose counts as before it, unless both are timed and the
    measurement is later. The PRE that is added is true as well of what has no whole date: a grade or a
    criterion compares it with no baseline.
    """
    rows = rows.mutate(PRE=_is_before_treatment(rows, plan))
    newest = ibis.window(
        group_by=BY_PARAMETER, order_by=[ibis.desc("ADT"), ibis.desc("DTC"), ibis.desc("SEQ")]
    )
    before = rows.filter(_.PRE & (_.AVAL.notnull() | _.AVALC.notnull()))
    last = before.mutate(PLACE=ibis.row_number().over(newest)).filter(_.PLACE == 0)
    last = last.select(
        "SUBJECT", "PARAMCD", TP=_.ATPTN.fill_null(-1), BASE=_.AVAL, BSEQ=_.SEQ, BLO=_.LO, BHI=_.HI
    )
    keyed = rows.mutate(TP=rows.ATPTN.fill_null(-1))
    joined = keyed.left_join(last, ["SUBJECT", "PARAMCD", "TP"])
    joined = joined.select(*rows.columns, "BASE", "BSEQ", "BLO", "BHI")
    # of an unknown day nobody can say that it is later
    change = ibis.cases((~_.PRE & _.ADT.notnull(), compute_rounded(_.AVAL - _.BASE)))
    return joined.mutate(
        ABLFL=keep_flag(_.PRE & (_.SEQ == _.BSEQ)),
        CHG=change,
        PCHG=compute_rounded(100 * change / _.BASE.nullif(0)),
        PRE=_.PRE | _.ADT.isnull(),
    ).drop("BSEQ")


def _is_before_treatment(rows: ir.Table, plan: AnalysisPlan) -> ir.BooleanValue:
    same_day = rows.ADT == rows.TRTSDT
    if plan.value("baseline.same_day") == "never":
        return true(rows.ADT < rows.TRTSDT)
    timed = (rows.DTC.length() >= 16) & (rows.RFXSTDTC.length() >= 16)
    later = true(timed & (rows.DTC.substr(0, 16) > rows.RFXSTDTC.substr(0, 16)))
    return true(rows.ADT < rows.TRTSDT) | (true(same_day) & ~later)


def flag_and_number(rows: ir.Table, plan: AnalysisPlan, domain: str) -> ir.Table:
    """Add ONTRTFL (after baseline, to days after the last dose), ANL01FL (one record per visit) and numbers.

    Of several records at a visit the one nearest its planned day stands for it, the earlier at a tie (W12);
    where no day is planned, the first. Unscheduled records stand for no visit. The numbers are those of
    `number_records`. ``rows`` that are kept are not sorted whole.
    """
    planned = true(
        rows.AVISITN.notnull()
        & (rows.AVISITN.floor() == rows.AVISITN)
        & ~true(rows.AVISIT.upper().contains("UNSCHEDULED"))
    )
    day = rows.ADT.delta(rows.TRTSDT, unit="day").cast("float64")
    planned_day = ibis.ifelse(rows.VISITDY > 0, rows.VISITDY - 1, rows.VISITDY)
    result = ibis.ifelse(rows.AVAL.notnull() | rows.AVALC.notnull(), 0, 1)
    distance = (day - planned_day).abs().fill_null(0.0)
    best = ibis.window(
        group_by=[*BY_PARAMETER, planned, "AVISITN"], order_by=[result, distance, rows.ADT, rows.SEQ]
    )
    ordered = add_ordered(
        rows, CHOSEN=planned & (ibis.row_number().over(best) == 0), ASEQ=_compute_number(rows)
    )
    end = ordered.TRTEDT + ibis.interval(days=int(plan.value("te.days_after_last_dose")))
    treated = ~ordered.PRE & true(ordered.ADT >= ordered.TRTSDT)
    flagged = ordered.mutate(
        ONTRTFL=keep_flag(treated & (end.isnull() | true(end >= ordered.ADT))),
        ANL01FL=keep_flag(ordered.CHOSEN),
    )
    return _add_source(flagged.drop("CHOSEN"), domain)


def number_records(rows: ir.Table, domain: str) -> ir.Table:
    """Add ASEQ in the order of parameter and date, ROW (unique over all) and where each record came from."""
    return _add_source(add_ordered(rows, ASEQ=_compute_number(rows)), domain)


def _compute_number(rows: ir.Table) -> ir.IntegerValue:
    order = ibis.window(group_by="SUBJECT", order_by=["PARAMCD", "ADT", "ATPTN", "SEQ"])
    return (ibis.row_number().over(order) + 1).cast("int64")


def _add_source(rows: ir.Table, domain: str) -> ir.Table:
    variable = ibis.literal(f"{domain}STRESN" if domain != "QS" else "QSSTRESC")
    return rows.mutate(
        ROW=rows.SUBJECT * RECORDS_OF_A_SUBJECT + rows.ASEQ,
        SRCDOM=ibis.literal(domain),
        SRCVAR=ibis.ifelse(rows.AVAL.notnull(), variable, f"{domain}STRESC"),
        SRCSEQ=rows.SEQ,
    )
