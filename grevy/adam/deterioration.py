"""Time until definitive deterioration of each questionnaire score: rows of ADTTE (reporting W47, W48).

A score deteriorates when it is worse than baseline by at least the points of the plan, in the direction that
is bad for it. The deterioration is definitive by one of the definitions of the R package QoLR, which
`grevy.rules.deterioration` words for one subject.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.adqs import compute_points
from grevy.adam.measurements import ROUNDED
from grevy.definition import AnalysisPlan
from grevy.engine import Keep
from grevy.rules.questionnaires import C30_SUMMARY_CODE, HIGHER_IS_BETTER

BY_SCALE = ["STUDYID", "USUBJID", "SCALE"]
PARTS_OF_A_POINT = 10**ROUNDED
"""Changes are compared in whole numbers of the last digit that they keep."""

NO_DETERIORATION, NO_LATER_SCORE = 1, 2
CENSORINGS = {
    NO_DETERIORATION: "No definitive deterioration: last score",
    NO_LATER_SCORE: "No score after baseline",
}
DETERIORATION = "Definitive deterioration"


@dataclass(frozen=True)
class Variant:
    """What counts, under the first letters of the parameters made for it."""

    prefix: str
    definition: str
    events: str
    words: str


OTHER_DEFINITIONS = {
    "def1": ("TD1", "not better than baseline afterwards"),
    "def2": ("TD2", "still worse than baseline afterwards"),
    "def3": ("TD3", "not better than the score that qualified afterwards"),
    "first": ("TDF", "first, whatever follows"),
}
OTHER_EVENTS = {
    "death": ("TDD", "or death"),
    "none": ("TDN", "death not an event"),
    "progression_or_death": ("TDP", "or progression or death"),
}


def list_variants(plan: AnalysisPlan) -> tuple[Variant, ...]:
    """What the plan asks for, and each other definition and set of events beside it as sensitivity."""
    definition, events = str(plan.value("pro.deterioration")), str(plan.value("pro.deterioration_events"))
    others = [
        Variant(prefix, name, events, f", {words}")
        for name, (prefix, words) in OTHER_DEFINITIONS.items()
        if name != definition
    ]
    others += [
        Variant(prefix, definition, name, f", {words}")
        for name, (prefix, words) in OTHER_EVENTS.items()
        if name != events
    ]
    return (Variant("TTD", definition, events, ""), *others)


def name_parameter(prefix: str, scale: str) -> str:
    """PARAMCD of a scale, at most eight characters: TTDQL; the summary score of QLQ-C30 is TTDSUM."""
    return prefix + ("SUM" if scale == C30_SUMMARY_CODE else scale)


def build_deterioration_rows(
    adqs: ir.Table, adrs: ir.Table, starts: ir.Table, plan: AnalysisPlan, *, keep: Keep
) -> list[ir.Table]:
    """One row per treated subject with a baseline score, scale and variant; sensitivities of primary scales.

    Censored at the last score; at the start where no score followed the baseline. No baseline, no row.
    """
    courses = summarise_courses(adqs, plan).inner_join(starts, ["STUDYID", "USUBJID"])
    progressed = adrs.filter((_.PARAMCD == "PD") & (_.AVALC == "Y"))
    progressed = progressed.select("STUDYID", "USUBJID", PDDT=_.ADT)
    courses = courses.left_join(progressed, ["STUDYID", "USUBJID"]).drop("STUDYID_right", "USUBJID_right")
    courses = keep(courses)
    main, *others = list_variants(plan)
    primary = courses.filter(_.SCALE.isin(list[str](plan.primary_scales) or [""]))
    return [_date_deterioration(courses, main), *(_date_deterioration(primary, one) for one in others)]


def summarise_courses(adqs: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """One row per subject and scale with a baseline: last score, and the first that each definition takes.

    All scores after the first dose count, unscheduled ones too. ASEQ of ADQS is in the order of dates.
    """
    scored = adqs.filter(_.PARAMCD.isin(list(HIGHER_IS_BETTER)) & _.AVAL.notnull() & _.BASE.notnull())
    scored = scored.rename(SCALE="PARAMCD")
    good = [code for code, high_is_good in HIGHER_IS_BETTER.items() if high_is_good]
    change = ibis.ifelse(_.SCALE.isin(good), -_.CHG, _.CHG)
    worse = (change * float(PARTS_OF_A_POINT)).round().cast("int64")
    later = scored.filter(_.CHG.notnull() & _.ADT.notnull()).mutate(WORSE=worse)
    # what comes after a score matters only by its best, that is least bad, value
    following = ibis.window(group_by=BY_SCALE, order_by="ASEQ", following=(1, None))
    later = later.mutate(LEAST=_.WORSE.min().over(following))
    limit = compute_points(later.SCALE, plan, show=lambda points: int(points * PARTS_OF_A_POINT))
    reached, last = limit <= later.WORSE, later.LEAST.isnull()
    qualifies = {
        "def1": reached & (last | (-limit <= later.LEAST)),
        "def2": reached & (last | (limit <= later.LEAST)),
        "def3": reached & (last | (later.WORSE - limit <= later.LEAST)),
        "first": reached,
    }
    dated: dict[str, ir.Value] = {}
    for name, condition in qualifies.items():
        dated |= {f"{name}_DT": _.ADT.min(where=condition), f"{name}_SEQ": _.ASEQ.min(where=condition)}
    found = later.group_by(BY_SCALE).agg(LASTDT=_.ADT.max(), LASTSEQ=_.ASEQ.max(), **dated)
    baseline = scored.filter(_.ABLFL == "Y").group_by(BY_SCALE).agg(NAME=_.PARAM.max())
    joined = baseline.left_join(found, BY_SCALE)
    return joined.drop(*(f"{key}_right" for key in BY_SCALE))


def _date_deterioration(courses: ir.Table, variant: Variant) -> ir.Table:
    """Date, event or censoring, and the record that decided, of one variant."""
    worse, sequence = courses[f"{variant.definition}_DT"], courses[f"{variant.definition}_SEQ"]
    never = ibis.null("date")
    death = never if variant.events == "none" else courses.DTHDT
    progression = courses.PDDT if variant.events == "progression_or_death" else never
    far = ibis.date("9999-12-31")
    soonest = ibis.least(worse.coalesce(far), progression.coalesce(far), death.coalesce(far))
    is_event = worse.notnull() | progression.notnull() | death.notnull()
    deteriorated = is_event & (worse == soonest).fill_null(False)
    progressed = is_event & ~deteriorated & (progression == soonest).fill_null(False)
    followed = courses.LASTDT.notnull()
    scales = {code: name_parameter(variant.prefix, code) for code in HIGHER_IS_BETTER}

    def choose(on_worse: ir.Value, on_progression: ir.Value, on_death: ir.Value, last: ir.Value) -> ir.Value:
        return ibis.cases(
            (deteriorated, on_worse),
            (progressed, on_progression),
            (is_event, on_death),
            (followed, last),
        )

    none = ibis.null("string")
    return courses.select(
        "STUDYID",
        "USUBJID",
        PARAMCD=courses.SCALE.cases(*scales.items()),
        PARAM=ibis.literal("Time to deterioration: ") + courses.NAME + ibis.literal(variant.words),
        STARTDT=courses.ORIGIN,
        ADT=choose(worse, progression, death, courses.LASTDT).coalesce(courses.ORIGIN),
        CNSR=ibis.cases((is_event, 0), (followed, NO_DETERIORATION), else_=NO_LATER_SCORE),
        EVNTDESC=choose(
            ibis.literal(DETERIORATION), ibis.literal("Disease progression"), ibis.literal("Death"), none
        ),
        CNSDTDSC=ibis.cases(
            (is_event, none),
            (followed, CENSORINGS[NO_DETERIORATION]),
            else_=CENSORINGS[NO_LATER_SCORE],
        ),
        SRCDOM=choose(
            ibis.literal("ADQS"), ibis.literal("ADRS"), ibis.literal("ADSL"), ibis.literal("ADQS")
        ).coalesce("ADSL"),
        SRCVAR=choose(
            ibis.literal("ADT"), ibis.literal("ADT"), ibis.literal("DTHDT"), ibis.literal("ADT")
        ).coalesce("TRTSDT"),
        SRCSEQ=choose(sequence, ibis.null("int64"), ibis.null("int64"), courses.LASTSEQ).cast("float64"),
    )
