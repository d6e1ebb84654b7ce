"""ADRS: responses at each assessment, best responses and the dates that endpoints are made of.

Parameter codes as admiralonco uses them.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.adtr import date_of, study_day_of
from grevy.adam.assessments import CR, NE, NON_CR_NON_PD, PD, PR, SD
from grevy.adam.tumor import TumorAnalysis
from grevy.engine import Keep

PARAMETERS = {
    "OVR": "Overall response at the assessment",
    "TRGRESP": "Target response at the assessment",
    "NTRGRESP": "Non-target response at the assessment",
    "NEWL": "Unequivocal new lesion at the assessment",
    "OVRINV": "Overall response as the investigator gave it",
    "PD": "Disease progression",
    "RSP": "Response, not necessarily confirmed",
    "CRSP": "Confirmed response",
    "DC": "Disease control (confirmed best response)",
    "CB": "Clinical benefit",
    "BOR": "Best overall response",
    "CBOR": "Confirmed best overall response",
    "LSTA": "Last adequate assessment, up to first progression",
    "MDIS": "Measurable disease at baseline",
    "DEATH": "Death",
}

ORDER = list(PARAMETERS)
BEST_ORDER = {CR: 1, PR: 2, SD: 3, NON_CR_NON_PD: 4, PD: 5, "NED": 6, NE: 7}

COLUMNS = [
    "SUBJECT",
    "PARAMCD",
    "ASMT",
    "AVALC",
    "AVALCV",
    "DAY",
    "ANL01FL",
    "RULE",
    "SRCDOM",
    "SRCVAR",
    "SRCSEQ",
]


def build_adrs(analysis: TumorAnalysis, adtr: ir.Table, *, keep: Keep) -> ir.Table:
    """One row per subject, parameter and (for responses at a visit) assessment.

    AVALC is the response with all that is known at the cut-off; AVALCV is the one that could be told at
    the visit, before a new lesion seen there was proven. ANL01FL marks what counts for best response.
    RULE says what decided.
    """
    parts = [*_visit_rows(analysis, adtr, keep), *_subject_rows(analysis, keep)]
    rows = keep(ibis.union(*(part.select(*COLUMNS) for part in parts)))
    rows = rows.mutate(
        PARAMN=ibis.cases(*((code == _.PARAMCD, i) for i, code in enumerate(ORDER))),
        ASMT=_.ASMT.cast("int64"),
    )
    named = rows.left_join(
        analysis.records.visits.select("SUBJECT", "ASMT", "VISITNUM", "VISIT"), ["SUBJECT", "ASMT"]
    ).drop("SUBJECT_right", "ASMT_right")
    keyed = named.inner_join(analysis.subjects.select("SUBJECT", "STUDYID", "USUBJID", "REFDT"), "SUBJECT")
    order = ibis.window(group_by="SUBJECT", order_by=["PARAMN", "ASMT"])
    return keyed.select(
        "STUDYID",
        "USUBJID",
        ASEQ=ibis.row_number().over(order) + 1,
        PARAMCD=_.PARAMCD,
        PARAM=ibis.cases(*((code == _.PARAMCD, text) for code, text in PARAMETERS.items())),
        AVALC=_.AVALC,
        AVAL=ibis.cases(
            (_.AVALC == "Y", 1.0),
            (_.AVALC == "N", 0.0),
            *((code == _.AVALC, float(number)) for code, number in BEST_ORDER.items()),
        ),
        AVALCV=_.AVALCV,
        ADT=date_of(_.DAY, _.REFDT),
        ADY=study_day_of(_.DAY),
        ASMT=_.ASMT,
        AVISITN=ibis.cases((_.ASMT.notnull(), _.VISITNUM.coalesce(_.ASMT.cast("float64")))),
        AVISIT=ibis.cases((_.ASMT.notnull(), _.VISIT.coalesce("Assessment " + _.ASMT.cast("string")))),
        ANL01FL=_.ANL01FL,
        RULE=_.RULE,
        SRCDOM=_.SRCDOM,
        SRCVAR=_.SRCVAR,
        SRCSEQ=_.SRCSEQ,
    )


def _visit_rows(analysis: TumorAnalysis, adtr: ir.Table, keep: Keep) -> list[ir.Table]:
    """OVR, TRGRESP, NTRGRESP, NEWL as derived, OVRINV as given, one row per assessment."""
    sums = adtr.filter(_.PARAMCD == "SUMDIAM").select(
        "STUDYID", "USUBJID", "ASMT", SUMSEQ=_.ASEQ.cast("float64")
    )
    sums = sums.inner_join(
        analysis.subjects.select("STUDYID", "USUBJID", "SUBJECT"), ["STUDYID", "USUBJID"]
    ).select("SUBJECT", "ASMT", "SUMSEQ")
    given = analysis.records.assessor.select(
        "SUBJECT", "ASMT", RSSEQ=_.SRCSEQ, GIVEN=_.RESPONSE, GIVEN_DAY=_.DAY
    )
    rows = analysis.responses.left_join(sums, ["SUBJECT", "ASMT"]).drop("SUBJECT_right", "ASMT_right")
    rows = rows.left_join(given, ["SUBJECT", "ASMT"]).drop("SUBJECT_right", "ASMT_right")
    rows = rows.mutate(
        ANL01FL=ibis.cases((_.ELIGIBLE, "Y")),
        SRCDOM=_.SOURCE,
        SRCVAR=ibis.ifelse(_.SOURCE == "RS", "RSSTRESC", "AVAL"),
        SRCSEQ=ibis.ifelse(_.SOURCE == "RS", _.RSSEQ, _.SUMSEQ),
    )
    rows = keep(rows)
    derived = [
        rows.mutate(PARAMCD=ibis.literal(code), AVALC=value, AVALCV=at_visit)
        for code, value, at_visit in (
            ("OVR", _.RESPONSE, _.RESPONSE_AT_VISIT),
            ("TRGRESP", _.TARGET, _.TARGET),
            ("NTRGRESP", _.NON_TARGET, _.NON_TARGET),
            ("NEWL", _.NEW, _.NEW),
        )
    ]
    told = given.mutate(
        PARAMCD=ibis.literal("OVRINV"),
        AVALC=_.GIVEN,
        AVALCV=_.GIVEN,
        DAY=_.GIVEN_DAY,
        ANL01FL=ibis.null("string"),
        RULE=ibis.literal("As given by the assessor"),
        SRCDOM=ibis.literal("RS"),
        SRCVAR=ibis.literal("RSSTRESC"),
        SRCSEQ=_.RSSEQ,
    )
    return [*(part.filter(_.AVALC.notnull()) for part in derived), told]


def _subject_rows(analysis: TumorAnalysis, keep: Keep) -> list[ir.Table]:
    """One row per subject for each parameter about the whole course."""
    counted = analysis.responses.filter(_.KEPT & _.BEFORE_PD)
    course = counted.group_by("SUBJECT").agg(
        FIRST_PD_DAY=_.DAY.min(where=_.RESPONSE == PD),
        FIRST_PD_RULE=_.RULE.min(where=_.RESPONSE == PD),
        LAST_DAY=_.DAY.max(where=_.RESPONSE != NE),
    )
    every = analysis.subjects.left_join(course, "SUBJECT").drop("SUBJECT_right")
    every = every.left_join(analysis.best.rename(BEST_PD_DAY="PD_DAY"), "SUBJECT").drop("SUBJECT_right")
    every = keep(every)
    bor, cbor = _.BOR.fill_null(NE), _.CBOR.fill_null(NE)
    control = cbor.isin([CR, PR, SD, NON_CR_NON_PD])
    none = ibis.literal("NE: no assessment after baseline")
    rows = {
        "PD": (_yes(_.FIRST_PD_DAY.notnull()), _.FIRST_PD_DAY, _.FIRST_PD_RULE),
        "RSP": (_yes(_.RESPONSE_DAY.notnull()), _.RESPONSE_DAY, ibis.literal("First CR or PR that counts")),
        "CRSP": (
            _yes(_.CONFIRMED_DAY.notnull()),
            _.CONFIRMED_DAY,
            ibis.literal("First CR or PR that a later assessment confirms"),
        ),
        "DC": (_yes(control), _.CBOR_DAY, "Confirmed best response " + cbor),
        "CB": (
            _yes(cbor.isin([CR, PR]) | (_.BENEFIT > 0)),
            _.CBOR_DAY,
            ibis.literal("Confirmed response, or SD or better long enough"),
        ),
        "BOR": (
            bor,
            _.BOR_DAY,
            ibis.ifelse(_.BOR.isnull(), none, "Best of the responses that count: " + bor),
        ),
        "CBOR": (cbor, _.CBOR_DAY, ibis.ifelse(_.CBOR.isnull(), none, _confirmation_rule(cbor))),
        "LSTA": (_yes(_.LAST_DAY.notnull()), _.LAST_DAY, ibis.literal("Last assessment other than NE")),
        "MDIS": (_yes(_.MEASURABLE), _.BASELINE_DAY, ibis.literal("A target lesion measured at baseline")),
        "DEATH": (_yes(_.DEATH_DAY.notnull()), _.DEATH_DAY, ibis.literal("Death from any cause")),
    }
    return [
        every.select(
            "SUBJECT",
            PARAMCD=ibis.literal(code),
            ASMT=ibis.null("int64"),
            AVALC=value,
            AVALCV=value,
            DAY=day,
            ANL01FL=ibis.literal("Y"),
            RULE=rule,
            SRCDOM=ibis.literal("ADSL" if code == "DEATH" else "ADRS"),
            SRCVAR=ibis.literal("DTHDT" if code == "DEATH" else "AVALC"),
            SRCSEQ=ibis.null("float64"),
        )
        for code, (value, day, rule) in rows.items()
    ]


def _yes(condition: ir.BooleanValue) -> ir.StringValue:
    return ibis.ifelse(condition.fill_null(False), "Y", "N")


def _confirmation_rule(code: ir.StringValue) -> ir.StringValue:
    return ibis.cases(
        (code == CR, "CR confirmed by a later CR"),
        (code == PR, "PR confirmed by a later PR or CR"),
        (code == SD, "SD or better for long enough, response not confirmed or none"),
        else_="Best of the responses that count: " + code,
    )
