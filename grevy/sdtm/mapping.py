"""From form tables to SDTM variables, by the targets that the items of the forms declare.

A target such as "AE.AETERM" stands once, in the form; what an item becomes (its submission value, its ISO
8601 text, its number) follows from its type and its code list. Only what several items decide together
(the result of a lesion, the term of a disposition) is written out in the module of its domain.
"""

from collections import Counter
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import Study
from grevy.definition.forms import Item
from grevy.sdtm.domains import get_domain
from grevy.snapshot.entries import name_row

FormTables = Mapping[str, ir.Table]

RECORD = ["STUDYID", "SITEID", "SUBJID", "USUBJID", "EVENTID", "EVENTSEQ", "FORMSEQ"]
"""What tells one record of a form from another; SITEID and SUBJID follow from USUBJID."""

PROVENANCE = ["FORM", "EVENTID", "EVENTSEQ", "FORMSEQ", "ROWKEY", "ROWNO", "PART", "REVISION"]
"""Where a tabulated record comes from. PART tells apart the records made from one entry."""

# rows of two groups of one form may share a number; the key with the name of the group tells them apart
ENTRY_ORDER = ["FORM", "EVENTID", "EVENTSEQ", "FORMSEQ", "ROWNO", "ROWKEY", "PART"]
"""Order of the records of one subject and date: no two records of a domain share all of it."""


def read_form(tables: FormTables, form: str) -> ir.Table:
    """One row per record of a form: keys, provenance, and the items by their names."""
    return tables[form].mutate(
        FORM=ibis.literal(form),
        ROWKEY=ibis.null("string"),
        ROWNO=ibis.literal(0, "int64"),
        PART=ibis.literal(""),
    )


def read_group(tables: FormTables, form: str, group: str) -> ir.Table:
    """One row per row of a group, with the items of its form beside it under `form_` names."""
    record = tables[form]
    keys = [name for name in record.columns if name.isupper()]
    items = {f"form_{name}": record[name] for name in record.columns if name not in keys}
    rows = tables[f"{form}__{group}"].mutate(
        FORM=ibis.literal(form), PART=ibis.literal(""), ROWKEY=name_row(group, "") + _.ROWKEY
    )
    return rows.inner_join(record.select(*RECORD, **items), RECORD)


def map_items(rows: ir.Table, study: Study, form: str, domain: str, *, group: str | None = None) -> ir.Table:
    """Add the variables of a domain that exactly one item of the form (or of its group) is declared for."""
    declared = {variable.name: variable.type for variable in get_domain(domain).variables}
    targets = [
        (target.split(".")[1], item)
        for item in _items(study, form, group)
        for target in item.sdtm
        if target.split(".")[0] == domain and " WHEN " not in target
    ]
    times = Counter(variable for variable, _item in targets)
    mapped = {
        variable: compute_number(rows[item.name])
        if declared[variable] == "Num"
        else compute_submission(rows, study, form, item.name, group=group)
        for variable, item in targets
        if times[variable] == 1
    }
    # engines do not tell names apart by case: the item `sex` gives way to SEX
    kept = [name for name in rows.columns if name.upper() not in mapped]
    return rows.select(*kept, **mapped)


def map_form(tables: FormTables, study: Study, form: str, domain: str) -> ir.Table:
    """One row per record of a form: its provenance and every variable of the domain, null if not declared.

    What the form assigns stands in all of its records. Forms of one domain can be joined below each other.
    """
    rows = map_items(read_form(tables, form), study, form, domain)
    named = (name.split(".") for name in study.forms[form].assigned if name.startswith(f"{domain}."))
    values = {variable: study.forms[form].assigned[f"{domain}.{variable}"] for _domain, variable in named}
    return complete_variables(rows, domain, values)


def complete_variables(rows: ir.Table, domain: str, values: Mapping[str, str] | None = None) -> ir.Table:
    """Keep the provenance of records and give them every variable of the domain that a form may fill."""
    return rows.select("STUDYID", "USUBJID", *PROVENANCE, **_declared(rows, domain, values or {}))


def _declared(rows: ir.Table, domain: str, assigned: Mapping[str, str]) -> dict[str, ir.Value]:
    derived = {"STUDYID", "USUBJID", "DOMAIN", "EPOCH", "VISITNUM", "VISIT", "VISITDY", f"{domain}SEQ"}
    columns: dict[str, ir.Value] = {}
    for variable in get_domain(domain).variables:
        if variable.name in derived or variable.name.endswith("DY"):
            continue
        kind = "string" if variable.type == "Char" else "float64"
        if variable.name in rows.columns:
            columns[variable.name] = rows[variable.name].cast(kind)
        else:
            columns[variable.name] = ibis.literal(assigned.get(variable.name), "string").cast(kind)
    return columns


def build_supplements(tables: FormTables, study: Study, parent: str, numbered: ir.Table) -> ir.Table | None:
    """Supplemental qualifiers of the records of a domain, from every form that declares some; else None."""
    name, parts = f"SUPP{parent}", []
    key = ["USUBJID", "EVENTID", "EVENTSEQ", "FORMSEQ"]
    for form in study.forms.values():
        declared = any(target.startswith(f"{name}.") for item in form.items for target in item.sdtm)
        if not declared or form.name not in tables:
            continue
        records = numbered.filter(form.name == _.FORM, _.ROWKEY.isnull()).select(*key, f"{parent}SEQ")
        joined = read_form(tables, form.name).inner_join(records, key)
        parts.append(build_supplement(name, f"{parent}SEQ", joined, study, form.name))
    return ibis.union(*parts) if len(parts) > 1 else parts[0] if parts else None


def compute_submission(
    rows: ir.Table, study: Study, form: str, name: str, *, group: str | None = None
) -> ir.StringValue:
    """Value of an item as it is submitted: the code list's submission value, ISO 8601 text, plain digits."""
    item = next(item for item in _items(study, form, group) if item.name == name)
    column = rows[name]
    if item.codelist is not None:
        codes = study.codelists[item.codelist].codes
        pairs = [(code.code, code.sdtm) for code in codes if code.sdtm is not None]
        return column.cast("string").cases(*pairs, else_=ibis.null("string"))
    if item.type == "partial_date":
        return column.nullif("UNK")
    if item.type == "decimal":
        return compute_digits(column)
    return column.cast("string")


def compute_digits(number: ir.NumericValue) -> ir.StringValue:
    """Text of a decimal without trailing zeros: 12.500000 is 12.5 and 100.000000 is 100."""
    return number.cast("decimal(18, 6)").cast("string").re_replace(r"\.?0+$", "")


def compute_number(column: ir.Value) -> ir.FloatingValue:
    """Number of an item for a Num variable."""
    return column.cast("float64")


def build_supplement(
    name: str, id_variable: str | None, records: ir.Table, study: Study, form: str
) -> ir.Table:
    """Supplemental qualifiers of one form: one row per record and item declared for the SUPP-- domain.

    `records` are the numbered records of the parent with the items beside them; `id_variable` is the
    --SEQ they are tied to, none for DM.
    """
    parent = name.removeprefix("SUPP")
    sequence = records[id_variable].cast("int64").cast("string") if id_variable else ibis.null("string")
    qualifiers = [
        records.select(
            "STUDYID",
            "USUBJID",
            RDOMAIN=ibis.literal(parent),
            IDVAR=ibis.literal(id_variable, "string"),
            IDVARVAL=sequence,
            QNAM=ibis.literal(target.split(".")[1]),
            QLABEL=ibis.literal(item.label.en[:40].rstrip()),
            QVAL=compute_submission(records, study, form, item.name),
            QORIG=ibis.literal("CRF"),
        )
        for item in _items(study, form, None)
        for target in item.sdtm
        if target.split(".")[0] == name
    ]
    if not qualifiers:
        raise ValueError(f"no item of form {form!r} is declared for {name}")
    return ibis.union(*qualifiers).filter(_.QVAL.notnull())


def find_item(study: Study, form: str, name: str) -> Item:
    """An item that a form is known to have."""
    return next(item for item in study.forms[form].items if item.name == name)


def _items(study: Study, form: str, group: str | None) -> tuple[Item, ...]:
    if group is None:
        return study.forms[form].items
    return next(g.items for g in study.forms[form].groups if g.name == group)
