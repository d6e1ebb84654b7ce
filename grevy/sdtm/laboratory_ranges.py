"""Ranges of normal: the limits of the laboratory of the site, for the subject and the date of the sample."""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.rules.units import TO_STANDARD
from grevy.sdtm.dates import compute_complete_date
from grevy.sdtm.mapping import compute_digits
from grevy.sdtm.subjects import compute_age
from grevy.sdtm.units import build_factors

_LIMIT = "decimal(16, 6)"
_KEY = ["SITEID", "TEST", "SEX", "AGE_FROM", "AGE_TO"]
_CONTENT = ["UNIT", "LOW", "HIGH"]
"""What tells apart two ranges that were entered for one key and day: without it, either might hold."""


def derive_ranges(results: ir.Table, ranges: ir.Table | None, subjects: ir.Table) -> ir.Table:
    """Add ORNRLO, ORNRHI, STNRLO, STNRHI and NRIND to the results of a laboratory.

    A range holds for one site and item from its first day until the next one begins, for completed years of
    age from AGE_FROM to below AGE_TO; that of the subject's sex goes before that of any. Without a range
    there is no indicator.
    """
    if ranges is None:
        null = ibis.null("float64")
        text = ibis.null("string")
        return results.mutate(ORNRLO=text, ORNRHI=text, STNRLO=null, STNRHI=null, NRIND=text)
    limits = _find_limits(results, _derive_end(ranges), subjects)
    return _derive_indicator(results.left_join(limits, _entry(results), rname="{name}_range"))


def _entry(results: ir.Table) -> list[str]:
    return ["USUBJID", "FORM", "EVENTID", "EVENTSEQ", "FORMSEQ", "PART"]


def _derive_end(ranges: ir.Table) -> ir.Table:
    """Close each range on the day on which its successor begins."""
    later = ibis.window(group_by=_KEY, order_by=["VALID_FROM", *_CONTENT])
    return ranges.select(*_KEY, "VALID_FROM", *_CONTENT).mutate(VALID_TO=_.VALID_FROM.lead().over(later))


def _find_limits(results: ir.Table, ranges: ir.Table, subjects: ir.Table) -> ir.Table:
    """One row per result that has a range: the range that holds for it."""
    persons = subjects.select("USUBJID", SUBJECT_SEX=_.SEX, BIRTH=_.BRTHDTC)
    asked = results.filter(_.STAT.isnull(), _.DTC.notnull()).select(
        *_entry(results), "SITEID", "KEY", "TESTCD", "TYPED_UNIT", "DTC", STANDARD=_.UNIT
    )
    aged = asked.inner_join(persons, "USUBJID").mutate(
        DATE=compute_complete_date(_.DTC), AGE=compute_age(_.BIRTH, _.DTC)
    )
    offered = aged.inner_join(ranges, ["SITEID", ("KEY", "TEST")], rname="RANGE_{name}").filter(
        (_.SEX == "") | _.SEX.isnull() | (_.SEX == _.SUBJECT_SEX),
        _.AGE_FROM.isnull() | (_.AGE >= _.AGE_FROM),
        _.AGE_TO.isnull() | (_.AGE < _.AGE_TO),
        _.DATE >= _.VALID_FROM,
        _.VALID_TO.isnull() | (_.DATE < _.VALID_TO),
    )
    best = ibis.window(
        group_by=_entry(results),
        order_by=[_.SEX.fill_null("").desc(), _.VALID_FROM.desc(), _.AGE_FROM.desc(), _.AGE_TO, *_CONTENT],
    )
    chosen = offered.mutate(RANK=ibis.row_number().over(best)).filter(_.RANK == 0)
    return chosen.select(*_entry(results), "LOW", "HIGH", RANGE_UNIT=_.UNIT)


def _derive_indicator(results: ir.Table) -> ir.Table:
    """Limits in the unit of the result and in the standard unit, and where the result lies."""
    pairs = build_range_factors()
    joined = results.drop(*(name for name in results.columns if name.endswith("_range"))).left_join(
        pairs,
        [("TESTCD", "TEST"), ("RANGE_UNIT", "FROM_UNIT"), ("UNIT", "TO_UNIT")],
        rname="{name}_limit",
    )
    same = (joined.RANGE_UNIT == joined.UNIT).fill_null(False)
    factor = ibis.ifelse(same, ibis.literal(1).cast("decimal(20, 12)"), joined.FACTOR_limit)
    sized = joined.mutate(
        STANDARD_LOW=(joined.LOW.cast(_LIMIT) * factor).cast("decimal(18, 6)"),
        STANDARD_HIGH=(joined.HIGH.cast(_LIMIT) * factor).cast("decimal(18, 6)"),
    ).drop("TEST_limit", "FROM_UNIT", "TO_UNIT")
    own = (sized.RANGE_UNIT == sized.TYPED_UNIT).fill_null(False)
    return sized.mutate(
        STNRLO=sized.STANDARD_LOW.cast("float64"),
        STNRHI=sized.STANDARD_HIGH.cast("float64"),
        ORNRLO=_compute_original(own, sized.LOW, sized.STANDARD_LOW, sized.FACTOR),
        ORNRHI=_compute_original(own, sized.HIGH, sized.STANDARD_HIGH, sized.FACTOR),
        NRIND=_compute_indicator(sized),
    )


def build_range_factors() -> ir.Table:
    """Factors between all units of all tests: a range may be given in another unit than its results."""
    return build_factors((test, unit) for test, units in TO_STANDARD.items() for unit in units)


def _compute_original(
    own: ir.BooleanValue, limit: ir.DecimalValue, standard: ir.DecimalValue, factor: ir.DecimalValue
) -> ir.StringValue:
    back = (standard.cast("float64") / factor.cast("float64")).cast("decimal(18, 6)")
    return compute_digits(ibis.ifelse(own, limit.cast("decimal(18, 6)"), back))


def _compute_indicator(rows: ir.Table) -> ir.StringValue:
    """LOW below the lower limit, HIGH above the upper one; a limit itself is normal.

    Below 0.5 is LOW where the limit is 0.5 or higher; otherwise `<0.5` is normal only if there is no lower
    limit that it might fall short of.
    """
    value, low, high, sign = rows.AMOUNT, rows.STANDARD_LOW, rows.STANDARD_HIGH, rows.COMPARATOR
    under = ((value < low) & ~sign.startswith(">")) | ((value == low) & (sign == "<"))
    above = ((value > high) & ~sign.startswith("<")) | ((value == high) & (sign == ">"))
    within = (
        ((sign == "") & (low.notnull() | high.notnull()))
        | (sign.startswith("<") & low.isnull() & (value <= high))
        | (sign.startswith(">") & high.isnull() & (value >= low))
    )
    return ibis.cases(
        (value.isnull(), ibis.null("string")),
        (under.fill_null(False), "LOW"),
        (above.fill_null(False), "HIGH"),
        (within.fill_null(False), "NORMAL"),
    )
