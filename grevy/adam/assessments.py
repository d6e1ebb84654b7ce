"""From lesions to a response at each tumor assessment (RECIST 1.1, sections 4.3 and 4.4).

The grain goes from one row per lesion and assessment to one row per assessment. All sizes are whole
hundredths of a millimetre and all days are whole days since first dose, so that no rounding and no
engine can decide a response.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import AnalysisPlan

MM = 100
"""Sizes are kept in hundredths of a millimetre."""

FIVE_MM = 5 * MM
NODE_IS_NORMAL_BELOW = 10 * MM
"""Short axis under 10 mm: a normal node (RECIST 1.1, 4.3.1)."""

CR, PR, SD, PD, NE, NED, NA = "CR", "PR", "SD", "PD", "NE", "NED", "NA"
NON_CR_NON_PD = "NON-CR/NON-PD"

BY_ASSESSMENT = ["SUBJECT", "ASMT"]
EARLIER = ibis.window(group_by="SUBJECT", order_by="ASMT", preceding=(None, 1))


def least(*values: ir.Value) -> ir.Value:
    """Smallest of the values that are there; engines differ on nulls, so they are spelled out."""
    result = values[0]
    for value in values[1:]:
        result = ibis.least(result.fill_null(value), value.fill_null(result))
    return result


def true(condition: ir.BooleanValue) -> ir.BooleanValue:
    """A condition that cannot be judged does not hold."""
    return condition.fill_null(False)


def derive_assessments(lesions: ir.Table) -> ir.Table:
    """Sum up the lesions of each assessment; baseline is assessment 0.

    ``lesions`` has one row per lesion and assessment: SUBJECT, ASMT, DAY, ROLE (T target, N non-target,
    X new), SIZE (targets; null = not evaluated), EVALUATED, GONE, MERGED, PROGRESSED (non-target:
    unequivocal progression; new: unequivocal at this assessment), REDATED (new: equivocal here, proven
    later). The sum of diameters keeps nodes even when they are normal, so it need not reach 0.
    """
    target, non_target, new = _.ROLE == "T", _.ROLE == "N", _.ROLE == "X"
    seen = _.EVALUATED & ~_.GONE & ~_.MERGED
    return lesions.group_by(BY_ASSESSMENT).agg(
        TARGETS=_.count(where=target),
        MEASURED=_.count(where=target & _.EVALUATED),
        AVAILABLE=_.SIZE.sum(where=target).cast("int64"),
        VANISHED=_.count(where=target & _.GONE),
        SEEN=_.count(where=target & seen),
        TARGET_DAY=_.DAY.min(where=target & _.EVALUATED),
        TARGET_LAST_DAY=_.DAY.max(where=target & _.EVALUATED),
        NON_TARGETS=_.count(where=non_target),
        NT_EVALUATED=_.count(where=non_target & _.EVALUATED),
        NT_PRESENT=_.count(where=non_target & seen),
        NT_PRESENT_DAY=_.DAY.min(where=non_target & seen),
        NT_PROGRESSED_DAY=_.DAY.min(where=non_target & _.PROGRESSED),
        NEW_DAY=_.DAY.min(where=new & _.PROGRESSED),
        NEW_REDATED_DAY=_.DAY.min(where=new & _.REDATED),
        FIRST_DAY=_.DAY.min(),
        LAST_DAY=_.DAY.max(),
    )


def derive_baseline_and_nadir(assessments: ir.Table) -> ir.Table:
    """Add the lesions expected, BASE, SLD (null unless every target is measured) and NADIR.

    RECIST 1.1, 4.3.1: progression is judged against the smallest sum on study, baseline included. An
    assessment does not count itself, and one with a missing target never sets the nadir.
    """
    at_baseline = _.ASMT == 0
    expected = assessments.mutate(
        EXPECTED=_.TARGETS.max(where=at_baseline).over(EARLIER),
        NT_EXPECTED=_.NON_TARGETS.max(where=at_baseline).over(EARLIER),
        BASE=_.AVAILABLE.max(where=at_baseline & (_.MEASURED == _.TARGETS)).over(EARLIER),
        COUNTED=_.TARGETS.max(where=at_baseline).over(
            ibis.window(group_by="SUBJECT", order_by="ASMT", preceding=(None, 0))
        ),
    )
    complete = (_.COUNTED > 0) & (_.MEASURED == _.COUNTED)
    with_sum = expected.mutate(SLD=ibis.cases((complete, _.AVAILABLE)))
    return with_sum.mutate(NADIR=_.SLD.min().over(EARLIER)).drop("COUNTED")


def derive_visit_responses(assessments: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Add target, non-target and overall response, their date (DAY) and the deciding RULE.

    ``assessments`` is what `derive_baseline_and_nadir` gives; out comes one row per assessment after
    baseline. RESPONSE carries what later assessments taught (a new lesion
    that was equivocal at first is progression from its first sight); RESPONSE_AT_VISIT is the response
    as it could be told at that visit.
    """
    judged = _judge_lesions(assessments.filter(_.ASMT > 0), plan)
    judged = _flag_disease_after_complete_response(judged, plan)
    return _judge_overall(judged, plan)


def _judge_lesions(judged: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Response of targets and non-targets, as if no complete response had gone before.

    ALL_GONE, GROWN and SHRUNK are the questions that are asked in this order; the first yes decides.
    """
    available = _.AVAILABLE.fill_null(0)
    complete = _.MEASURED == _.EXPECTED
    enough = complete if plan.value("recist.missing_target") == "ne" else ibis.literal(True)
    has_targets = _.EXPECTED.fill_null(0) > 0
    judged = judged.mutate(
        UP_20_PERCENT=true(5 * available >= 6 * _.NADIR), UP_5_MM=true(available - _.NADIR >= FIVE_MM)
    )
    judged = judged.mutate(
        ALL_GONE=true(has_targets & complete & (_.VANISHED == _.EXPECTED)),
        GROWN=true(has_targets & _.UP_20_PERCENT & _.UP_5_MM & enough),
        SHRUNK=true(has_targets & complete & (10 * _.SLD <= 7 * _.BASE)),
    )
    judged = judged.mutate(
        TARGET=ibis.cases(
            (_.EXPECTED.fill_null(0) == 0, NA),
            (_.ALL_GONE, CR),
            (_.GROWN, PD),
            (_.SHRUNK, PR),
            (complete & _.BASE.notnull(), SD),
            else_=NE,
        ),
        NON_TARGET=ibis.cases(
            (_.NT_PROGRESSED_DAY.notnull(), PD),
            (_.NT_EXPECTED.fill_null(0) == 0, NA),
            # some not evaluated: neither gone for sure nor stable for sure (Table 2)
            (_.NT_EVALUATED < _.NT_EXPECTED, NE),
            (_.NT_PRESENT == 0, CR),
            else_=NON_CR_NON_PD,
        ),
    )
    return judged.mutate(GROWN=_.GROWN & (_.TARGET == PD))


def _flag_disease_after_complete_response(judged: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Add RETURNED: disease seen again while the last evaluable overall response was CR.

    Any disease after a true complete response is progression at that point (RECIST 1.1, Table 3,
    footnote), also when another target is missing. An assessment that is not evaluable but shows
    disease ends the "last response was CR" either way: it is progression if the one before was CR.
    """
    if plan.value("recist.reappearance_after_cr") == "REVIEW":
        return judged.mutate(RETURNED=ibis.literal(False))
    disease = (_.SEEN > 0) | (_.NT_PRESENT > 0)
    overall = _overall(_.TARGET, _.NON_TARGET, _.NEW_DAY.notnull(), _.EXPECTED, _.NT_EXPECTED)
    judged = judged.mutate(OVERALL=overall, DISEASE=disease)
    judged = judged.mutate(COMPLETE_RESPONSE=_.OVERALL == CR, EVALUABLE=(_.OVERALL != NE) | _.DISEASE)
    last_complete = _.ASMT.max(where=_.COMPLETE_RESPONSE).over(EARLIER)
    last_evaluable = _.ASMT.max(where=_.EVALUABLE).over(EARLIER)
    judged = judged.mutate(RETURNED=true(last_complete == last_evaluable) & _.DISEASE)
    return judged.drop("OVERALL", "COMPLETE_RESPONSE", "EVALUABLE", "DISEASE")


def _overall(
    target: ir.StringValue,
    non_target: ir.StringValue,
    new_lesion: ir.BooleanValue,
    targets: ir.IntegerValue,
    non_targets: ir.IntegerValue,
) -> ir.StringValue:
    """Overall response at one assessment (RECIST 1.1, Tables 1 and 2)."""
    return ibis.cases(
        ((target == PD) | (non_target == PD) | new_lesion, PD),
        # no baseline assessment: nothing to compare with
        (targets.isnull(), NE),
        ((target == CR) & non_target.isin([CR, NA]), CR),
        (target.isin([CR, PR]), PR),
        (target.isin([SD, NE]), target),
        (non_targets > 0, non_target),
        else_=NED,
    )


def _judge_overall(judged: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Overall response, its date and the rule that decided it."""
    judged = judged.mutate(
        TARGET=ibis.ifelse(_.RETURNED & (_.SEEN > 0) & (_.TARGET != CR), PD, _.TARGET),
        NON_TARGET=ibis.ifelse(_.RETURNED & (_.NT_PRESENT > 0), PD, _.NON_TARGET),
    )
    redated = _.NEW_REDATED_DAY.notnull()
    if plan.value("recist.equivocal_date") == "proof":
        redated = ibis.literal(False)
    judged = judged.mutate(
        RESPONSE_AT_VISIT=_overall(_.TARGET, _.NON_TARGET, _.NEW_DAY.notnull(), _.EXPECTED, _.NT_EXPECTED),
        REDATED=redated & _.NEW_DAY.isnull(),
    )
    judged = judged.mutate(RESPONSE=ibis.ifelse(_.REDATED, PD, _.RESPONSE_AT_VISIT))
    other_day = _.FIRST_DAY if plan.value("recist.response_date") == "earliest" else _.LAST_DAY
    return judged.mutate(
        DAY=ibis.ifelse(_.RESPONSE == PD, _progression_day(plan), other_day).fill_null(other_day),
        RULE=ibis.cases(
            (_.NEW_DAY.notnull(), "PD: unequivocal new lesion"),
            (_.REDATED, "PD: new lesion proven later, dated to first sight"),
            (
                (_.NON_TARGET == PD) & _.NT_PROGRESSED_DAY.notnull(),
                "PD: unequivocal progression of non-targets",
            ),
            (_.RETURNED & (_.RESPONSE == PD) & ~_.GROWN, "PD: disease after complete response"),
            (_.GROWN, "PD: sum at least 20% and 5 mm above nadir"),
            (_.RESPONSE == CR, "CR: all disease gone, nodes under 10 mm"),
            ((_.RESPONSE == PR) & (_.TARGET == CR), "PR: targets gone, non-targets not"),
            (_.RESPONSE == PR, "PR: sum at least 30% below baseline"),
            (_.RESPONSE == SD, "SD: neither PR nor PD"),
            (_.RESPONSE == NON_CR_NON_PD, "Non-CR/Non-PD: non-targets persist"),
            (_.RESPONSE == NED, "NED: no disease at baseline, none new"),
            (_.EXPECTED.isnull(), "NE: no baseline assessment"),
            else_="NE: lesions not evaluated",
        ),
    )


def _progression_day(plan: AnalysisPlan) -> ir.IntegerValue:
    """Earliest day that shows progression (FDA 2007); the sum's day by ``recist.pd_sum_date``."""
    sum_day = _.TARGET_LAST_DAY if plan.value("recist.pd_sum_date") == "last" else _.TARGET_DAY
    new_day = _.NEW_DAY
    if plan.value("recist.equivocal_date") == "first_seen":
        new_day = least(_.NEW_DAY, _.NEW_REDATED_DAY)
    return least(
        new_day,
        _.NT_PROGRESSED_DAY,
        ibis.cases((_.TARGET == PD, sum_day)),
        ibis.cases((_.RETURNED & (_.NON_TARGET == PD), _.NT_PRESENT_DAY)),
    )
