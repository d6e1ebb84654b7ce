"""The door: a tabulated table gets every variable of its domain, each with its type."""

from collections.abc import Sequence

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from grevy.sdtm.domains.catalog import get_domain
from grevy.sdtm.domains.declaration import Variable

_TYPES: dict[str, dt.DataType] = {"Char": dt.string, "Num": dt.float64}


def conform(table: ir.Table, domain: str) -> ir.Table:
    """Give a tabulated table all variables of its domain, each with its type; blank text becomes null.

    Absent variables are added as nulls, names are raised to upper case, and variables that the domain
    does not declare stay behind the declared ones. Text that is no number in a Num variable is an error
    of the engine: whoever reads files checks them before.
    """
    table = _raise_names(table)
    declared = get_domain(domain).variables
    columns = {variable.name: _conform_variable(table, variable) for variable in declared}
    extra = {name: table[name] for name in table.columns if name not in columns}
    return table.select(**columns, **extra)


def build_empty(domain: str) -> ir.Table:
    """Build the conformed table without rows that stands for a domain nobody supplied."""
    schema = {variable.name: _TYPES[variable.type] for variable in get_domain(domain).variables}
    return ibis.memtable([], schema=ibis.schema(schema))


def _raise_names(table: ir.Table) -> ir.Table:
    raised = [name.upper() for name in table.columns]
    twice = sorted({name for name in raised if raised.count(name) > 1})
    if twice:
        raise ValueError(f"variables that differ only in case: {', '.join(twice)}; keep one of each")
    return table.select(**{name.upper(): table[name] for name in table.columns})


def _conform_variable(table: ir.Table, variable: Variable) -> ir.Value:
    if variable.name not in table.columns:
        return ibis.null(_TYPES[variable.type])
    column = table[variable.name]
    return _compute_text(column) if variable.type == "Char" else _compute_number(column)


def _compute_text(column: ir.Value) -> ir.Value:
    if isinstance(column, ir.FloatingColumn):
        # a code that another system stored as a number: grade 3.0 is the code "3"
        whole = (column == column.floor()) & ~column.isnan()
        column = ibis.ifelse(whole, column.cast("int64").cast("string"), column.cast("string"))
    elif isinstance(column, ir.TimestampColumn):
        column = column.cast("string").replace(" ", "T")
    text = column.cast("string")
    # blank text sorts below "!"; stripping every text would take longer than all else that happens to it
    return ibis.ifelse((text < "!") & (text.strip() == ""), ibis.null("string"), text)


def _compute_number(column: ir.Value) -> ir.Value:
    if isinstance(column, ir.StringColumn):
        column = column.strip().nullif("")
    number = column.cast("float64")
    return ibis.ifelse(number.isnan(), ibis.null("float64"), number)


def select_variables(table: ir.Table, domain: str, order: Sequence[str] = ()) -> ir.Table:
    """Keep the declared variables of a domain, in their published order, sorted by its keys."""
    declared = get_domain(domain)
    names = [variable.name for variable in declared.variables if variable.name in table.columns]
    return table.select(*names).order_by(*(order or declared.keys))
