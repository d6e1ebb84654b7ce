"""What the Define-XML of the analysis data sets says: their specification, with the values that are there."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from grevy.adam.specification import DATA_SETS, DICTIONARIES, DataSet, Variable
from grevy.adam.specification.terms import Terms, find_terms
from grevy.definition import Study
from grevy.exchange.define.displays import list_displays
from grevy.exchange.define.parts import (
    Codes,
    Condition,
    Definition,
    Group,
    Item,
    Method,
    Shape,
    Source,
    Term,
    Value,
)
from grevy.exchange.define.shapes import measure, measure_numbers, measure_texts
from grevy.rules.words import Words
from grevy.sdtm.terminology import load_package

SUBCLASSES = {"ADTTE": "TIME-TO-EVENT", "ADAE": "ADVERSE EVENT"}
OCCURRENCES = {"OCCURRENCE DATA STRUCTURE": ("ADaM-OCCDSIG", "1.1")}
"""Class to the guide that describes it, where that is not ADaMIG."""

BY_PARAMETER = {"ADRS": "AVALC"}
"""Data set to the variable whose value level its parameters are; AVAL of all others."""


def define_analysis(tables: Mapping[str, pa.Table], study: Study, *, suffix: str) -> Definition:
    """Describe the analysis data sets; `suffix` is the ending of their files."""
    return Definition(
        study=study.id,
        title=study.title.en,
        protocol=study.short_title.en,
        standard="ADaMIG",
        version="1.3",
        terminology=load_package()["date"],
        purpose="Analysis",
        groups=tuple(
            _describe_data_set(declared, tables[name], study, suffix)
            for name, declared in DATA_SETS.items()
            if name in tables
        ),
        further=tuple(OCCURRENCES.values()),
        displays=list_displays(study.analysis, tables.keys()),
    )


def _describe_data_set(declared: DataSet, table: pa.Table, study: Study, suffix: str) -> Group:
    return Group(
        oid=f"IG.{declared.name}",
        name=declared.name,
        label=declared.label,
        class_=declared.class_,
        structure=declared.structure,
        repeating=declared.name != "ADSL",
        reference=False,
        items=tuple(_describe_variable(declared, one, table, study) for one in declared.variables),
        file=f"{declared.name.lower()}{suffix}",
        subclass=SUBCLASSES.get(declared.name, ""),
        standard=OCCURRENCES.get(declared.class_, ("", ""))[0],
    )


def _describe_variable(declared: DataSet, variable: Variable, table: pa.Table, study: Study) -> Item:
    column = table[variable.name]
    oid = f"{declared.name}.{variable.name}"
    by = "Sponsor" if variable.origin != "Predecessor" else ""
    method = None
    if variable.method:
        method = Method(f"MT.{oid}", f"Derivation of {oid}", variable.method)
    item = Item(
        oid=f"IT.{oid}",
        name=variable.name,
        label=variable.label,
        shape=measure(variable.name, column),
        source=Source(variable.origin, by, variable.source),
        codes=_find_codes(declared, variable, table, study),
        method=method,
        key=declared.keys.index(variable.name) + 1 if variable.name in declared.keys else None,
        mandatory=column.null_count == 0 and variable.name in ("STUDYID", "USUBJID", "PARAMCD", "PARAM"),
        empty=column.null_count == len(column),
    )
    if declared.parameters and variable.name == BY_PARAMETER.get(declared.name, "AVAL"):
        return replace(item, values=tuple(_describe_values(item, declared, table)))
    return item


# --- Code lists --------------------------------------------------------------------------------------


def _find_codes(declared: DataSet, variable: Variable, table: pa.Table, study: Study) -> Codes | None:
    if variable.name == "PARAMCD":
        texts = table.select(["PARAMCD", "PARAM"]).group_by(["PARAMCD", "PARAM"]).aggregate([]).to_pylist()
        names = {row["PARAMCD"]: row["PARAM"] for row in texts}
        terms = tuple(Term(code, Words(name or code, "")) for code, name in sorted(names.items()))
        return Codes(f"CL.{declared.name}.PARAMCD", f"Parameters of {declared.name}", terms)
    name = variable.codelist
    if name in DICTIONARIES:
        return Codes(f"CL.{name}", name, dictionary=DICTIONARIES[name])
    terms = find_terms(name, study.codelists)
    return _list_terms(terms, variable, table[variable.name]) if terms else None


def _list_terms(terms: Terms, variable: Variable, column: pa.ChunkedArray) -> Codes | None:
    """The whole of a list of our own; of a published one the terms that are used."""
    type_ = "integer" if variable.type == "integer" else "text"
    name = terms.name if type_ == "text" else f"{terms.name}.N"
    if terms.words:
        used = map(str, pc.unique(column.drop_null()).to_pylist())
        further = {value: Words(value, "") for value in sorted(used) if value not in terms.words}
        own = tuple(Term(value, words) for value, words in (terms.words | further).items())
        return Codes(f"CL.{name}", name, own, type=type_)
    used = sorted(map(str, pc.unique(column.drop_null()).to_pylist()))
    values = tuple(
        Term(value, None, terms.concepts.get(value, ""), value not in terms.concepts) for value in used
    )
    return Codes(f"CL.{name}", name, values, terms.concept, type_) if values else None


# --- Parameters --------------------------------------------------------------------------------------


def _describe_values(item: Item, declared: DataSet, table: pa.Table) -> Iterator[Value]:
    """The value level of AVAL, or AVALC: by parameter its shape and its method."""
    pairs = table.select(["PARAMCD", item.name]).group_by(["PARAMCD", item.name]).aggregate([])
    used: dict[str, list] = {}
    for code, value in zip(pairs["PARAMCD"].to_pylist(), pairs[item.name].to_pylist(), strict=True):
        used.setdefault(code, []).extend([] if value is None else [value])
    texts = table.select(["PARAMCD", "PARAM"]).group_by(["PARAMCD", "PARAM"]).aggregate([]).to_pylist()
    names = {row["PARAMCD"]: row["PARAM"] or row["PARAMCD"] for row in texts}
    for code, found in sorted(used.items()):
        parameter = declared.find_parameter(code)
        if parameter is None:
            continue
        kind = parameter.code.replace("*", "ANY")
        method = Method(
            f"MT.{declared.name}.{item.name}.{kind}", f"{item.name} of {parameter.code}", parameter.method
        )
        value = replace(
            item,
            oid=f"{item.oid}.{code}",
            name=code,
            label=names[code],
            shape=_measure_values(item.shape, found),
            method=method,
            values=(),
            key=None,
            mandatory=False,
            empty=not found,
        )
        by = f"{declared.name}.PARAMCD"
        yield Value(Condition(f"WC.{by}.{code}", f"IT.{by}", code), value)


def _measure_values(whole: Shape, found: list) -> Shape:
    if whole.type == "text":
        return replace(measure_texts(found), type="text", decimals=None)
    return measure_numbers(found, "integer" if whole.type == "integer" else "float")
