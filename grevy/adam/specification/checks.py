"""Whether a built data set is what its specification says, in sentences."""

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from grevy.adam.specification.declaration import DataSet, Variable
from grevy.adam.specification.terms import find_terms
from grevy.definition.forms import CodeList

ARROW_TYPES = {"text": pa.string(), "integer": pa.int64(), "float": pa.float64(), "date": pa.date32()}


def check_data_set(table: pa.Table, declared: DataSet, study_lists: Mapping[str, CodeList]) -> list[str]:
    """Everything in which a built data set departs from its specification."""
    return [
        *check_variables(table.schema, declared),
        *check_parameters(table, declared),
        *check_values(table, declared, study_lists),
        *check_keys(table, declared),
    ]


def check_variables(schema: pa.Schema, declared: DataSet) -> Iterator[str]:
    """The variables are those declared, in that order, each of its type."""
    names, wanted = schema.names, [variable.name for variable in declared.variables]
    if names != wanted:
        place = next(
            (at for at, pair in enumerate(zip(names, wanted, strict=False)) if len(set(pair)) > 1), -1
        )
        missing, unknown = sorted(set(wanted) - set(names)), sorted(set(names) - set(wanted))
        where = f"; the first other one is {names[place]}" if place >= 0 else ""
        yield f"{declared.name}: not declared: {unknown}; not built: {missing}{where}"
    for variable in declared.variables:
        if variable.name in names and schema.field(variable.name).type != ARROW_TYPES[variable.type]:
            found = schema.field(variable.name).type
            yield f"{declared.name}.{variable.name}: is {found}, declared {variable.type}"


def check_parameters(table: pa.Table, declared: DataSet) -> Iterator[str]:
    """Each parameter has its method, and each code one text."""
    if "PARAMCD" not in table.column_names:
        return
    pairs = table.select(["PARAMCD", "PARAM"]).group_by(["PARAMCD", "PARAM"]).aggregate([]).to_pylist()
    texts: dict[str, list[str]] = {}
    for pair in pairs:
        texts.setdefault(pair["PARAMCD"], []).append(pair["PARAM"])
    for code, found in sorted(texts.items()):
        if declared.find_parameter(code) is None:
            yield f"{declared.name}: parameter {code} has no method"
        if len(found) > 1:
            yield f"{declared.name}: parameter {code} has several texts: {sorted(found)}"


def check_values(table: pa.Table, declared: DataSet, study_lists: Mapping[str, CodeList]) -> Iterator[str]:
    """Values lie in the code list of their variable."""
    for variable in declared.variables:
        if variable.name in table.column_names and variable.codelist:
            yield from _check_values(table, declared, variable, study_lists)


def _check_values(
    table: pa.Table, declared: DataSet, variable: Variable, study_lists: Mapping[str, CodeList]
) -> Iterator[str]:
    terms = find_terms(variable.codelist, study_lists)
    if terms is None:
        return
    values = pc.unique(table[variable.name].drop_null()).to_pylist()
    wrong = sorted(str(value) for value in values if not terms.allow(value))
    if wrong:
        yield f"{declared.name}.{variable.name}: not in {terms.name}: {', '.join(wrong)}"


def check_keys(table: pa.Table, declared: DataSet) -> Iterator[str]:
    """The keys make each record unique."""
    keys = [key for key in declared.keys if key in table.column_names]
    distinct = table.select(keys).group_by(keys).aggregate([]).num_rows
    if distinct != table.num_rows:
        yield f"{declared.name}: {table.num_rows} records, {distinct} by {', '.join(declared.keys)}"
