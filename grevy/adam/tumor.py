"""The tumor side of the analysis in days: from tumor records to responses, best response, progression.

Everything here is keyed by SUBJECT, a whole number, and counted in whole days since first dose, which is
what lets the same expressions run on three hundred subjects and on millions. `adtr`, `adrs` and `adtte`
turn the result into data sets.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.assessments import (
    CR,
    NE,
    PD,
    derive_assessments,
    derive_baseline_and_nadir,
    derive_visit_responses,
    true,
)
from grevy.adam.best_response import (
    apply_partial_response_policy,
    derive_best_response,
    derive_order,
    flag_eligible,
)
from grevy.adam.lesions import TumorRecords, build_tumor_records
from grevy.adam.progression import derive_assessment_summary, derive_progression_free_survival
from grevy.definition import AnalysisPlan
from grevy.engine import Keep


@dataclass(frozen=True)
class TumorAnalysis:
    """What the tumor records say, keyed by SUBJECT.

    subjects: one row per subject: REFDT, DEATH_DAY, NEW_THERAPY_DAY, CLINICAL_DAY, HAS_BASELINE,
    BASELINE_DAY, MEASURABLE. lesions: one row per lesion and assessment. sums: one row per assessment with
    SLD, BASE, NADIR. responses: one row per assessment after baseline. best: one row per assessed subject.
    records: the tumor records made alike.
    """

    subjects: ir.Table
    lesions: ir.Table
    sums: ir.Table
    responses: ir.Table
    best: ir.Table
    records: TumorRecords


def number_subjects(adsl: ir.Table) -> ir.Table:
    """One row per subject: SUBJECT in the order of the keys, REFDT, and the days that end counting."""
    order = ibis.window(order_by=["STUDYID", "USUBJID"])
    reference = ibis.coalesce(adsl.TRTSDT, adsl.RFICDT, ibis.date("1960-01-01"))
    return adsl.select(
        "STUDYID",
        "USUBJID",
        SUBJECT=ibis.row_number().over(order),
        REFDT=reference,
        DEATH_DAY=adsl.DTHDT.delta(reference, unit="day").cast("int64"),
        NEW_THERAPY_DAY=adsl.NWTRSDT.delta(reference, unit="day").cast("int64"),
        CLINICAL_DAY=adsl.CLPDDT.delta(reference, unit="day").cast("int64"),
    )


def analyse_tumors(
    tu: ir.Table, tr: ir.Table, rs: ir.Table, adsl: ir.Table, plan: AnalysisPlan, *, keep: Keep
) -> TumorAnalysis:
    """Derive responses and best response of every subject from TU, TR and RS."""
    subjects = keep(number_subjects(adsl))
    records = build_tumor_records(tu, tr, rs, subjects, plan, keep=keep)
    subjects = keep(add_baseline(subjects, records.baseline))
    sums = keep(derive_baseline_and_nadir(derive_assessments(records.lesions)))
    responses = keep(choose_source(derive_visit_responses(sums, plan), records, plan))
    responses = keep(flag_eligible(derive_order(responses, plan), subjects, plan))
    best = keep(derive_best_response(responses, subjects, plan))
    responses = keep(apply_partial_response_policy(responses, plan))
    return TumorAnalysis(subjects, records.lesions, sums, responses, best, records)


def derive_endpoints(lesions: ir.Table, subjects: ir.Table, plan: AnalysisPlan, *, keep: Keep) -> ir.Table:
    """From lesions straight to one row per subject: BOR, CBOR, and progression-free survival in days.

    The way of a simulation or a pooled registry, where only the endpoints are wanted. ``subjects``:
    SUBJECT, DEATH_DAY, NEW_THERAPY_DAY, CLINICAL_DAY, HAS_BASELINE, BASELINE_DAY.
    """
    judged = derive_visit_responses(derive_baseline_and_nadir(derive_assessments(lesions)), plan)
    judged = judged.select("SUBJECT", "ASMT", "DAY", "RESPONSE")
    responses = keep(flag_eligible(derive_order(judged, plan), subjects, plan))
    best = keep(derive_best_response(responses, subjects, plan).select("SUBJECT", "BOR", "CBOR"))
    summary = derive_assessment_summary(responses, subjects, plan)
    survival = derive_progression_free_survival(summary, plan)
    rows = survival.left_join(best, "SUBJECT").drop("SUBJECT_right")
    return rows.select(
        "SUBJECT", BOR=_.BOR.fill_null(NE), CBOR=_.CBOR.fill_null(NE), PFSDAY=_.DAY_, CNSR=_.CNSR_
    )


def add_baseline(subjects: ir.Table, baseline: ir.Table) -> ir.Table:
    """Add HAS_BASELINE, BASELINE_DAY and MEASURABLE."""
    joined = subjects.left_join(baseline, "SUBJECT")
    return joined.mutate(HAS_BASELINE=_.SUBJECT_right.notnull(), MEASURABLE=true(_.MEASURABLE)).drop(
        "SUBJECT_right"
    )


RESPONSE_COLUMNS = [
    "SUBJECT", "ASMT", "DAY", "RESPONSE", "RESPONSE_AT_VISIT", "TARGET", "NON_TARGET", "NEW", "RULE",
    "SOURCE",
]  # fmt: skip


def choose_source(from_lesions: ir.Table, records: TumorRecords, plan: AnalysisPlan) -> ir.Table:
    """Responses by the lesions of whoever has lesions after baseline, else as an assessor gave them."""
    derived = from_lesions.mutate(
        NEW=ibis.ifelse(_.NEW_DAY.notnull(), "Y", "N"), SOURCE=ibis.literal("ADTR")
    ).select(*RESPONSE_COLUMNS)
    given = _judge_assessor(records.assessor, plan).mutate(
        RESPONSE_AT_VISIT=_.RESPONSE_GIVEN, NEW=ibis.null("string"), SOURCE=ibis.literal("RS")
    )
    given = given.select(*RESPONSE_COLUMNS)
    has_lesions = records.lesions.filter((_.ASMT > 0) & (_.ROLE != "-")).select("SUBJECT").distinct()
    if plan.value("recist.response_source") == "assessor":
        assessed = given.select("SUBJECT").distinct()
        return ibis.union(given, derived.anti_join(assessed, "SUBJECT"))
    only_given = given.anti_join(has_lesions, "SUBJECT")
    rest = only_given.select("SUBJECT").distinct()
    return ibis.union(only_given, derived.anti_join(rest, "SUBJECT"))


def _judge_assessor(assessor: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """An assessor's responses; disease after a complete response is PD there too (RECIST 1.1, Table 3)."""
    earlier = ibis.window(group_by="SUBJECT", order_by="ASMT", preceding=(None, 1))
    last_complete = _.ASMT.max(where=_.RESPONSE == CR).over(earlier)
    last_evaluable = _.ASMT.max(where=_.RESPONSE != NE).over(earlier)
    judged = assessor.mutate(
        RESPONSE_GIVEN=_.RESPONSE,
        AFTER_CR=true(last_complete == last_evaluable) & _.RESPONSE.isin(["PR", "SD", "NON-CR/NON-PD"]),
    )
    if plan.value("recist.reappearance_after_cr") == "REVIEW":
        judged = judged.mutate(AFTER_CR=ibis.literal(False))
    return judged.mutate(
        RESPONSE=ibis.ifelse(_.AFTER_CR, PD, _.RESPONSE),
        RULE=ibis.ifelse(
            _.AFTER_CR,
            "PD: disease after complete response, as given " + _.RESPONSE_GIVEN,
            "As given by the assessor",
        ),
    )


def summarise_progression(analysis: TumorAnalysis, plan: AnalysisPlan) -> ir.Table:
    """One row per subject with what progression-free survival needs (see `progression`)."""
    return derive_assessment_summary(analysis.responses, analysis.subjects, plan)
