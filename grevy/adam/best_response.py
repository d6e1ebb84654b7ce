"""Best overall response, unconfirmed and confirmed (RECIST 1.1, 4.3.2 to 4.4.3 and Table 3)."""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.assessments import CR, NE, NED, NON_CR_NON_PD, PD, PR, SD, true
from grevy.definition import AnalysisPlan

WORST_FIRST = [PD, NON_CR_NON_PD, SD, PR, CR, NED, NE]
"""Which of several responses on one day is kept; NE last, because it says nothing."""


def derive_order(responses: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Add IDX (order in time), KEPT (one response a day) and BEFORE_PD (no progression earlier).

    ``responses`` has one row per subject and assessment: SUBJECT, ASMT, DAY, RESPONSE.
    """
    rank = ibis.cases(*((response == _.RESPONSE, i) for i, response in enumerate(WORST_FIRST)), else_=99)
    ranked = responses.mutate(RANK=rank)
    order = (
        ["DAY", "RANK", "ASMT"] if plan.value("recist.same_date") == "worst" else ["DAY", ibis.desc("ASMT")]
    )
    before = ibis.window(group_by="SUBJECT", order_by=order, preceding=(None, 1))
    numbered = ranked.mutate(
        PREVIOUS_DAY=_.DAY.max().over(before),
        PD_BEFORE=_.ASMT.count(where=_.RESPONSE == PD).over(before),
        IDX=_.ASMT.count().over(before),
    )
    numbered = numbered.mutate(KEPT=_.PREVIOUS_DAY.isnull() | (_.PREVIOUS_DAY != _.DAY))
    if plan.value("recist.same_date") != "worst":
        # the worst of a day is always kept; the last entered may put a progression aside
        numbered = numbered.mutate(PD_BEFORE=_.ASMT.count(where=(_.RESPONSE == PD) & _.KEPT).over(before))
    return numbered.mutate(BEFORE_PD=_.PD_BEFORE.fill_null(0) == 0).drop("PREVIOUS_DAY", "PD_BEFORE", "RANK")


def flag_eligible(ordered: ir.Table, subjects: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Add ELIGIBLE: counts for best response: up to first PD and up to the start of new therapy.

    ``subjects`` has SUBJECT and NEW_THERAPY_DAY (null = none); the day of its start still counts.
    """
    in_time = ibis.literal(True)
    if plan.value("recist.new_therapy") == "until_start":
        in_time = _.NEW_THERAPY_DAY.isnull() | (_.DAY <= _.NEW_THERAPY_DAY)
    joined = ordered.left_join(subjects.select("SUBJECT", "NEW_THERAPY_DAY"), "SUBJECT").drop("SUBJECT_right")
    return joined.mutate(ELIGIBLE=_.KEPT & _.BEFORE_PD & in_time)


def derive_confirmations(eligible: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """One row per subject with a confirmed response: CONFIRMED_CR_DAY, CONFIRMED_PR_DAY, CONFIRMED_AT.

    A response is confirmed by a later one (any later one, not just the next) at least
    ``recist.confirm_min_days`` after it, with at most ``recist.max_ne_between`` assessments that were
    not evaluable between, and nothing worse (RECIST 1.1, 4.4.3). What lies between two assessments is
    read off running counts, so the pairs are one join of the table with itself.
    """
    responders = eligible.filter(_.RESPONSE.isin([CR, PR])).select("SUBJECT").distinct()
    rows = eligible.semi_join(responders, "SUBJECT")
    so_far = ibis.window(group_by="SUBJECT", order_by="IDX", preceding=(None, 0))
    later = ibis.window(group_by="SUBJECT", order_by="IDX", following=(1, None))
    counted = rows.mutate(
        NES=_.IDX.count(where=_.RESPONSE == NE).over(so_far),
        SDS=_.IDX.count(where=_.RESPONSE == SD).over(so_far),
        PRS=_.IDX.count(where=_.RESPONSE == PR).over(so_far),
        OTHERS=_.IDX.count(where=~_.RESPONSE.isin([CR, PR, SD, NE])).over(so_far),
    )
    counted = counted.mutate(PRS_AT_NEXT_CR=_.PRS.min(where=_.RESPONSE == CR).over(later))
    columns = ["SUBJECT", "IDX", "DAY", "RESPONSE", "NES", "SDS", "PRS", "OTHERS"]
    first = counted.filter(_.RESPONSE.isin([CR, PR])).select(*columns, "PRS_AT_NEXT_CR")
    second = first.select(*columns).rename({f"{name}_2": name for name in columns if name != "SUBJECT"})
    pairs = first.join(
        second,
        [
            "SUBJECT",
            first.IDX < second.IDX_2,
            int(plan.value("recist.confirm_min_days")) <= second.DAY_2 - first.DAY,
        ],
    )
    allowed_sd = 1 if plan.value("recist.accept_sd_between") else 0
    quiet = (int(plan.value("recist.max_ne_between")) >= _.NES_2 - _.NES) & (_.OTHERS_2 == _.OTHERS)
    confirms_cr = (_.RESPONSE == CR) & (_.RESPONSE_2 == CR) & quiet & (_.SDS_2 == _.SDS) & (_.PRS_2 == _.PRS)
    # a partial response after a complete one is disease after CR and confirms nothing
    pr_after_cr = true(_.PRS_2 > _.PRS_AT_NEXT_CR)
    confirms_pr = (_.RESPONSE == PR) & quiet & (allowed_sd >= _.SDS_2 - _.SDS) & ~pr_after_cr
    pairs = pairs.mutate(CONFIRMS_CR=confirms_cr, CONFIRMS_PR=confirms_pr)
    return (
        pairs.filter(_.CONFIRMS_CR | _.CONFIRMS_PR)
        .group_by("SUBJECT")
        .agg(
            CONFIRMED_CR_DAY=_.DAY.min(where=_.CONFIRMS_CR),
            CONFIRMED_PR_DAY=_.DAY.min(where=_.CONFIRMS_PR),
            CONFIRMED_DAY=_.DAY.min(),
            PR_CONFIRMED_AT=_.IDX_2.min(where=_.CONFIRMS_PR),
        )
    )


def derive_best_response(responses: ir.Table, subjects: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """One row per subject with an assessment: BOR, CBOR, days of first and confirmed response.

    ``responses`` carries ELIGIBLE (`flag_eligible`). Stable disease must be seen at or after
    ``recist.sd_min_days`` elapsed days; a response that is not confirmed counts as stable disease.
    """
    eligible = responses.filter(_.ELIGIBLE)
    elapsed = _.DAY
    if plan.value("recist.sd_from") == "baseline_scan":
        eligible = eligible.left_join(subjects.select("SUBJECT", "BASELINE_DAY"), "SUBJECT").drop(
            "SUBJECT_right"
        )
        elapsed = _.DAY - _.BASELINE_DAY
    long_enough = elapsed >= int(plan.value("recist.sd_min_days"))
    response = _.RESPONSE
    seen = eligible.group_by("SUBJECT").agg(
        HAS_CR=_.ASMT.count(where=response == CR),
        HAS_PR=_.ASMT.count(where=response == PR),
        HAS_SD=_.ASMT.count(where=(response == SD) & long_enough),
        CONTROL=_.ASMT.count(where=response.isin([CR, PR, SD]) & long_enough),
        HAS_NON_PD=_.ASMT.count(where=(response == NON_CR_NON_PD) & long_enough),
        HAS_PD=_.ASMT.count(where=response == PD),
        HAS_NED=_.ASMT.count(where=response == NED),
        RESPONSE_DAY=_.DAY.min(where=response.isin([CR, PR])),
        CR_DAY=_.DAY.min(where=response == CR),
        PR_DAY=_.DAY.min(where=response == PR),
        SD_DAY=_.DAY.min(where=(response == SD) & long_enough),
        CONTROL_DAY=_.DAY.min(where=response.isin([CR, PR, SD]) & long_enough),
        NON_PD_DAY=_.DAY.min(where=(response == NON_CR_NON_PD) & long_enough),
        PD_DAY=_.DAY.min(where=response == PD),
        NED_DAY=_.DAY.min(where=response == NED),
        NE_DAY=_.DAY.min(),
        BENEFIT=_.ASMT.count(
            where=response.isin([CR, PR, SD, NON_CR_NON_PD])
            & (elapsed >= int(plan.value("recist.cb_min_days")))
        ),
    )
    confirmed = derive_confirmations(eligible, plan)
    both = seen.left_join(confirmed, "SUBJECT").drop("SUBJECT_right")
    tail = (
        (_.HAS_NON_PD > 0, NON_CR_NON_PD, _.NON_PD_DAY),
        (_.HAS_PD > 0, PD, _.PD_DAY),
        (_.HAS_NED > 0, NED, _.NED_DAY),
    )
    best = ((_.HAS_CR > 0, CR, _.CR_DAY), (_.HAS_PR > 0, PR, _.PR_DAY), (_.HAS_SD > 0, SD, _.SD_DAY), *tail)
    confirmed_best = (
        (_.CONFIRMED_CR_DAY.notnull(), CR, _.CONFIRMED_CR_DAY),
        (_.CONFIRMED_PR_DAY.notnull(), PR, _.CONFIRMED_PR_DAY),
        (_.CONTROL > 0, SD, _.CONTROL_DAY),
        *tail,
    )
    return both.mutate(
        BOR=ibis.cases(*((when, code) for when, code, _day in best), else_=NE),
        BOR_DAY=ibis.cases(*((when, day) for when, _code, day in best), else_=_.NE_DAY),
        CBOR=ibis.cases(*((when, code) for when, code, _day in confirmed_best), else_=NE),
        CBOR_DAY=ibis.cases(*((when, day) for when, _code, day in confirmed_best), else_=_.NE_DAY),
    )


def apply_partial_response_policy(responses: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """After a confirmed partial response the visit stays PR until PD, where the plan says so.

    The committee's own example (sums 100, 70, 70, 80, 80, 80) reads every visit as PR
    (``recist.pr_policy: eortc_sticky``); by default each visit is judged on its own. Best response,
    progression and duration of response are the same either way, and new therapy does not matter here.
    """
    if plan.value("recist.pr_policy") == "strict":
        return responses
    confirmed = derive_confirmations(responses.filter(_.KEPT & _.BEFORE_PD), plan)
    held = responses.left_join(confirmed.select("SUBJECT", "PR_CONFIRMED_AT"), "SUBJECT").drop(
        "SUBJECT_right"
    )
    stays = true((_.IDX > _.PR_CONFIRMED_AT) & _.BEFORE_PD & (_.RESPONSE == SD))
    return held.mutate(
        RESPONSE=ibis.ifelse(stays, PR, _.RESPONSE),
        RULE=ibis.ifelse(stays, "PR: held after a confirmed partial response", _.RULE),
    ).drop("PR_CONFIRMED_AT")
