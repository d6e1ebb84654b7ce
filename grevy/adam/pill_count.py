"""Adherence by counting capsules: what was taken of what the dose in force asked for (domain, 7.5).

Taken is what was dispensed and neither returned nor lost; a dispensing whose rest was never counted says
nothing and is left out. Prescribed is the dose of each day from the dispensing to its return or the next
dispensing; on days at 0 mg, which the physician ordered, nothing was prescribed.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.dates import compute_date, compute_earliest, compute_latest
from grevy.sdtm.dates import is_complete

KEYS = ["STUDYID", "USUBJID"]
CAPSULE_MG = 50.0
"""The one strength of the study drug."""

PARAMETERS = {
    "CAPDISP": "Capsules dispensed and counted",
    "CAPRET": "Capsules returned",
    "CAPLOST": "Capsules lost",
    "CAPTAKEN": "Capsules taken",
    "CAPPRES": "Capsules prescribed",
    "ADHERPC": "Adherence by pill count (%)",
}


def list_dispensings(da: ir.Table) -> ir.Table:
    """One row per dispensing that was counted: capsules, and the days that it served."""
    rows = da.select(
        *KEYS,
        "VISITNUM",
        TEST=da.DATESTCD.upper(),
        AMOUNT=da.DASTRESN.cast("float64"),
        DATE=ibis.cases((is_complete(da.DADTC), compute_date(da.DADTC, "first"))).cast("date"),
    )
    counted = rows.group_by([*KEYS, "VISITNUM"]).agg(
        DISPENSED=_.AMOUNT.sum(where=_.TEST == "DISPAMT"),
        RETURNED=_.AMOUNT.sum(where=_.TEST == "RETAMT"),
        LOST=_.AMOUNT.sum(where=_.TEST == "LOSTAMT"),
        FROM=_.DATE.min(where=_.TEST == "DISPAMT"),
        RETURN=_.DATE.max(where=_.TEST == "RETAMT"),
    )
    given = counted.filter(_.FROM.notnull() & _.DISPENSED.notnull())
    order = ibis.window(group_by=KEYS, order_by=["FROM", "VISITNUM"])
    given = given.mutate(NEXT=_.FROM.lead().over(order))
    given = given.mutate(UNTIL=compute_earliest(_.RETURN, _.NEXT))
    return given.filter(_.RETURN.notnull() & _.RETURNED.notnull()).mutate(LOST=_.LOST.fill_null(0.0))


def count_pills(da: ir.Table, intervals: ir.Table, per_day: ir.FloatingValue) -> ir.Table:
    """One row per subject, one column per parameter; `per_day`: how often a dose of an interval is taken."""
    dispensings = list_dispensings(da)
    doses = intervals.select(*KEYS, "ASTDT", "AENDT", CAPSULES=intervals.EXDOSE * per_day / CAPSULE_MG)
    served = dispensings.inner_join(doses, KEYS)
    begin = compute_latest(served.ASTDT, served.FROM)
    # the day of the return is served by what is dispensed on it
    last = compute_earliest(served.AENDT, (served.UNTIL + ibis.interval(days=-1)).cast("date"))
    days = ibis.greatest((last.delta(begin, unit="day") + 1).cast("int64"), 0)
    prescribed = served.mutate(ASKED=served.CAPSULES * days).group_by(KEYS).agg(CAPPRES=_.ASKED.sum())
    totals = dispensings.group_by(KEYS).agg(
        CAPDISP=_.DISPENSED.sum(), CAPRET=_.RETURNED.sum(), CAPLOST=_.LOST.sum()
    )
    rows = totals.left_join(prescribed, KEYS).drop(*(f"{key}_right" for key in KEYS))
    rows = rows.mutate(CAPTAKEN=_.CAPDISP - _.CAPRET - _.CAPLOST)
    return rows.mutate(ADHERPC=100 * _.CAPTAKEN / _.CAPPRES.nullif(0.0)).select(*KEYS, *PARAMETERS)
