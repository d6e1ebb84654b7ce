"""Progression-free survival and time to progression: events and censorings in days since first dose.

The rules are the tables A to C of the FDA's endpoint guidance (2007, appendix 3) and, as the other rule
set, the EMA's (EMA/CHMP/27994/2008/Rev.1): every progression and death is an event.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.assessments import NE, PD, least, true
from grevy.definition import AnalysisPlan

FIRST_PERIOD = 56
"""Imaging every 8 weeks ..."""
FIRST_VISITS = 6
"""... for six visits, to week 48, ..."""
LATER_PERIOD = 84
"""... then every 12 weeks."""

ALIVE, NO_BASELINE, NO_ASSESSMENT, MISSED, NEW_THERAPY, CLINICAL, DEATH_NOT_EVENT = 1, 2, 3, 4, 5, 6, 7
CENSORINGS = {
    ALIVE: "No progression or death: last adequate assessment",
    NO_BASELINE: "No baseline tumor assessment",
    NO_ASSESSMENT: "No assessment after baseline",
    MISSED: "Event after missed assessments: last adequate assessment before them",
    NEW_THERAPY: "New anti-cancer therapy: last adequate assessment on or before its start",
    CLINICAL: "Clinical progression: last adequate assessment before it",
    DEATH_NOT_EVENT: "Death without progression: last adequate assessment",
}


def compute_visit_limit(last_day: ir.IntegerValue, *, missed: int, tolerance: int) -> ir.IntegerValue:
    """Last elapsed day on which an event does not yet follow ``missed`` missed assessments.

    The last adequate assessment belongs to the planned one nearest in time, ties to the earlier, with
    day 0 as planned assessment 0; the limit is the planned day of the one ``missed`` later, plus the
    tolerance.
    """
    switch_day = FIRST_PERIOD * FIRST_VISITS
    nearest = ibis.ifelse(
        last_day <= switch_day,
        (last_day + (FIRST_PERIOD - 1) // 2) // FIRST_PERIOD,
        FIRST_VISITS + (last_day - switch_day + (LATER_PERIOD - 1) // 2) // LATER_PERIOD,
    )
    following = nearest + missed
    planned = ibis.ifelse(
        following <= FIRST_VISITS,
        FIRST_PERIOD * following,
        switch_day + LATER_PERIOD * (following - FIRST_VISITS),
    )
    return planned + tolerance


def derive_assessment_summary(responses: ir.Table, subjects: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """One row per subject of ``subjects``: first PD, last adequate assessments before it and before stops.

    Adequate: CR, PR, SD, Non-CR/Non-PD, NED or PD; an assessment that is not evaluable is not.
    """
    stop = _stop_day(plan)
    timed = subjects.mutate(STOP=stop).select("SUBJECT", "DEATH_DAY", "STOP")
    rows = responses.filter(_.KEPT & _.BEFORE_PD).inner_join(timed, "SUBJECT")
    adequate = ~_.RESPONSE.isin([NE, PD]) & (_.DEATH_DAY.isnull() | (_.DAY <= _.DEATH_DAY))
    summary = rows.group_by("SUBJECT").agg(
        PD_DAY=_.DAY.min(where=_.RESPONSE == PD),
        LAST_DAY=_.DAY.max(where=adequate),
        LAST_DAY_TO_STOP=_.DAY.max(where=adequate & (_.DAY <= _.STOP)),
        ASSESSMENTS=_.ASMT.count(where=_.RESPONSE != NE),
    )
    return subjects.mutate(STOP=stop).left_join(summary, "SUBJECT").drop("SUBJECT_right")


def _rule(plan: AnalysisPlan, key: str, *, fda: str, ema: str) -> str:
    """The option of one row of the rule set, unless the plan sets that row on its own."""
    chosen = str(plan.value(key))
    if chosen != "by_rule_set":
        return chosen
    return fda if plan.value("pfs.rule_set") == "fda" else ema


def _stop_day(plan: AnalysisPlan) -> ir.IntegerValue:
    """First day after which nothing counts any more."""
    stop = ibis.null("int64")
    if _rule(plan, "pfs.new_therapy", fda="censor", ema="ignore") == "censor":
        stop = _.NEW_THERAPY_DAY
    if plan.value("pfs.clinical_progression") == "censor":
        stop = least(_.CLINICAL_DAY, stop)
    return stop


def derive_progression_free_survival(
    summary: ir.Table, plan: AnalysisPlan, *, death_is_event: bool = True
) -> ir.Table:
    """Add DAY_, CNSR_ and EVENT_ of progression-free survival (or of time to progression).

    ``summary`` is `derive_assessment_summary`: one row per treated subject. Day 0 is the day of first
    dose; CNSR_ 0 is an event, any other number the reason of censoring (`CENSORINGS`).
    """
    no_baseline_counts = _rule(plan, "pfs.no_baseline", fda="censor", ema="event") == "event"
    judged = _.HAS_BASELINE if not no_baseline_counts else ibis.literal(True)
    events = {
        "PD": ibis.cases((judged, _.PD_DAY)),
        "DEATH": _.DEATH_DAY,
        "CLINICAL": _.CLINICAL_DAY if plan.value("pfs.clinical_progression") == "event" else None,
        "NEW": _.NEW_THERAPY_DAY
        if _rule(plan, "pfs.new_therapy", fda="censor", ema="ignore") == "event"
        else None,
    }
    present = {name: day for name, day in events.items() if day is not None}
    dated = summary.mutate(
        EVENT_DAY=least(*present.values()),
        PD_COUNTED=present["PD"],
        LAST=ibis.cases((judged, _.LAST_DAY)).fill_null(0),
        TO_STOP=ibis.cases((judged, _.LAST_DAY_TO_STOP)).fill_null(0),
    )
    dated = dated.mutate(
        EVENT_=ibis.cases(
            (_.EVENT_DAY == _.PD_COUNTED, "Disease progression"),
            (_.EVENT_DAY == _.DEATH_DAY, "Death"),
            *(
                [(_.EVENT_DAY == _.CLINICAL_DAY, "Clinical progression")]
                if events["CLINICAL"] is not None
                else []
            ),
            *(
                [(_.EVENT_DAY == _.NEW_THERAPY_DAY, "New anti-cancer therapy")]
                if events["NEW"] is not None
                else []
            ),
        ),
        AFTER_MISSED=_after_missed(plan),
        STOPPED=true(_.STOP < _.EVENT_DAY) | (_.STOP.notnull() & _.EVENT_DAY.isnull()),
    )
    death_censored = ibis.literal(False) if death_is_event else _.EVENT_ == "Death"
    counts = _.EVENT_DAY.notnull() & ~_.AFTER_MISSED & ~true(death_censored)
    stopped_by = ibis.ifelse(true(_.STOP == _.NEW_THERAPY_DAY), NEW_THERAPY, CLINICAL)
    # The rows of the table in their order: who cannot be judged is not censored for a therapy, unless that
    # kept an event from counting; an event after missed assessments is one also where there was none before.
    reason = ibis.cases(
        (_.STOPPED & counts, stopped_by),
        (counts, 0),
        (~judged, NO_BASELINE),
        (_.ASSESSMENTS.fill_null(0) == 0, NO_ASSESSMENT),
        (_.STOPPED, stopped_by),
        (_.EVENT_DAY.notnull() & _.AFTER_MISSED, MISSED),
        (_.EVENT_DAY.notnull(), DEATH_NOT_EVENT),
        else_=ALIVE,
    )
    dated = dated.mutate(CNSR_=reason)
    return dated.mutate(
        DAY_=ibis.cases((_.CNSR_ == 0, _.EVENT_DAY), (_.STOPPED, _.TO_STOP), else_=_.LAST),
        EVENT_=ibis.cases((_.CNSR_ == 0, _.EVENT_)),
    )


def _after_missed(plan: AnalysisPlan) -> ir.BooleanValue:
    """Does the event follow too many missed assessments?"""
    missed = _rule(plan, "pfs.missed_assessments", fda="2", ema="never")
    if missed == "never":
        return ibis.literal(False)
    limit = compute_visit_limit(
        _.LAST, missed=int(missed), tolerance=int(plan.value("pfs.missed_tolerance_days"))
    )
    return true(limit < _.EVENT_DAY)
