"""Units as they are submitted, and the factors that bring results of a study into its standard units."""

from collections.abc import Iterable
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from grevy.rules.units import TO_STANDARD, compute_factor

_SUBMITTED = {
    "10^3/uL": "10^9/L",
    "10^6/uL": "10^12/L",
    "ng/mL": "ug/L",
    "pg/mL": "ng/L",
    "uIU/mL": "mIU/L",
    "mg/g": "g/kg",
    "sec": "s",
    "msec": "ms",
    "ratio": "RATIO",
}
"""Units that the terminology knows as synonyms of another one; the value is the same in both."""


def compute_submitted_unit(unit: ir.StringValue) -> ir.StringValue:
    """The submission value of a unit in the list UNIT: ng/mL is submitted as ug/L."""
    return unit.cases(*_SUBMITTED.items(), else_=unit)


def build_factors(tests: Iterable[tuple[str, str]]) -> ir.Table:
    """One row per test with its standard unit, and per unit that can be converted into it: FACTOR."""
    rows = sorted(
        (test, unit, standard, compute_factor(test, unit, standard))
        for test, standard in set(tests)
        for unit in {standard, *TO_STANDARD.get(test, ())}
        if unit == standard or standard in TO_STANDARD.get(test, ())
    )
    schema = {
        "TEST": "string",
        "FROM_UNIT": "string",
        "TO_UNIT": "string",
        "FACTOR": "decimal(20, 12)",
    }
    exact = [(*names, factor.quantize(Decimal("1e-12"))) for *names, factor in rows]
    return ibis.memtable([dict(zip(schema, row, strict=True)) for row in exact], schema=ibis.schema(schema))
