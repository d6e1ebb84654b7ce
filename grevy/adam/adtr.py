"""ADTR: target lesions and their sum at each assessment, against baseline and nadir."""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.assessments import MM
from grevy.adam.tumor import TumorAnalysis


def in_mm(size: ir.IntegerValue) -> ir.FloatingValue:
    """Hundredths of a millimetre as mm."""
    return size.cast("float64") / MM


def percent(change: ir.IntegerValue, reference: ir.IntegerValue) -> ir.FloatingValue:
    """Change in percent; one division of whole numbers, so that engines round alike. Null at 0."""
    return (100 * change).cast("float64") / reference.nullif(0).cast("float64")


def date_of(day: ir.IntegerValue, reference: ir.DateValue) -> ir.DateValue:
    """Calendar date of an elapsed day."""
    return (reference + day.as_interval("D")).cast("date")


def study_day_of(day: ir.IntegerValue) -> ir.IntegerValue:
    """Study day: day 1 is first dose, there is no day 0 (ADaM)."""
    return ibis.ifelse(day >= 0, day + 1, day)


ROW_COLUMNS = [
    "SUBJECT", "ASMT", "DAY", "PARAMN", "PARAMCD", "TRLNKID", "LESSTATE", "SIZE", "AVAILABLE", "BASE",
    "NADIR", "SRCSEQ",
]  # fmt: skip


def build_adtr(analysis: TumorAnalysis) -> ir.Table:
    """One row per subject, assessment and target lesion (LDIAM), and one for their sum (SUMDIAM).

    AVAL is in mm as it entered the sum: too small to measure at its default, fragments added, 0 for the
    partner of a merged lesion. The sum is null unless every target was evaluated; AVALAV is the sum of
    those that were. NADIR is the smallest complete sum before this assessment, baseline included.
    """
    parts = _lesion_rows(analysis), _sum_rows(analysis)
    rows = ibis.union(*(part.select(ROW_COLUMNS) for part in parts))
    named = rows.left_join(
        analysis.records.visits.select("SUBJECT", "ASMT", "VISITNUM", "VISIT"), ["SUBJECT", "ASMT"]
    ).drop("SUBJECT_right", "ASMT_right")
    keyed = named.inner_join(analysis.subjects.select("SUBJECT", "STUDYID", "USUBJID", "REFDT"), "SUBJECT")
    order = ibis.window(group_by="SUBJECT", order_by=["PARAMN", "ASMT", "TRLNKID"])
    return keyed.select(
        "STUDYID",
        "USUBJID",
        ASEQ=ibis.row_number().over(order) + 1,
        PARAMCD=_.PARAMCD,
        PARAM=ibis.ifelse(
            _.PARAMCD == "LDIAM", "Diameter of target lesion (mm)", "Sum of diameters of target lesions (mm)"
        ),
        TRLNKID=_.TRLNKID,
        LESSTATE=_.LESSTATE,
        AVAL=in_mm(_.SIZE),
        AVALAV=in_mm(_.AVAILABLE),
        BASE=in_mm(_.BASE),
        CHG=in_mm(_.SIZE - _.BASE),
        PCHG=percent(_.SIZE - _.BASE, _.BASE),
        NADIR=in_mm(_.NADIR),
        CHGNAD=in_mm(_.SIZE - _.NADIR),
        PCHGNAD=percent(_.SIZE - _.NADIR, _.NADIR),
        ABLFL=ibis.cases((_.ASMT == 0, "Y")),
        ADT=date_of(_.DAY, _.REFDT),
        ADY=study_day_of(_.DAY),
        ASMT=_.ASMT,
        AVISITN=ibis.ifelse(_.ASMT == 0, 0.0, _.VISITNUM.coalesce(_.ASMT.cast("float64"))),
        AVISIT=ibis.ifelse(_.ASMT == 0, "Baseline", _.VISIT.coalesce("Assessment " + _.ASMT.cast("string"))),
        SRCDOM=ibis.cases((_.SRCSEQ.notnull(), "TR")),
        SRCVAR=ibis.cases((_.SRCSEQ.notnull(), "TRSTRESN")),
        SRCSEQ=_.SRCSEQ,
    ).drop_null(["ASMT"])


def _lesion_rows(analysis: TumorAnalysis) -> ir.Table:
    targets = analysis.lesions.filter(_.ROLE == "T")
    base = targets.filter(_.ASMT == 0).select("SUBJECT", "LNKID", BASE=_.SIZE)
    joined = targets.left_join(base, ["SUBJECT", "LNKID"]).drop("SUBJECT_right", "LNKID_right")
    return joined.select(
        "SUBJECT",
        "ASMT",
        "DAY",
        "SIZE",
        PARAMN=ibis.literal(1),
        PARAMCD=ibis.literal("LDIAM"),
        TRLNKID=_.LNKID,
        LESSTATE=_.STATE,
        AVAILABLE=ibis.null("int64"),
        BASE=ibis.ifelse(_.ASMT > 0, _.BASE, ibis.null("int64")),
        NADIR=ibis.null("int64"),
        SRCSEQ=_.SRCSEQ,
    )


def _sum_rows(analysis: TumorAnalysis) -> ir.Table:
    at_baseline = _.ASMT == 0
    measured = analysis.sums.filter((_.EXPECTED > 0) | (at_baseline & (_.TARGETS > 0)))
    return measured.select(
        "SUBJECT",
        "ASMT",
        DAY=_.TARGET_DAY.coalesce(_.FIRST_DAY),
        SIZE=_.SLD,
        PARAMN=ibis.literal(2),
        PARAMCD=ibis.literal("SUMDIAM"),
        TRLNKID=ibis.null("string"),
        LESSTATE=ibis.null("string"),
        AVAILABLE=_.AVAILABLE.fill_null(0),
        BASE=_.BASE,
        NADIR=_.NADIR,
        SRCSEQ=ibis.null("float64"),
    )
