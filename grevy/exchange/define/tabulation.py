"""What the Define-XML of the tabulation says: domains as declared, values as they are."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from grevy.definition import Study
from grevy.exchange.define.parts import Codes, Condition, Definition, Group, Item, Source, Term, Value
from grevy.exchange.define.shapes import measure, measure_texts
from grevy.exchange.define.sources import Collected, find_source, list_collected
from grevy.exchange.labels import find_labels
from grevy.rules.words import Words
from grevy.sdtm.domains import Domain, Variable, get_domain
from grevy.sdtm.domains.roles import describe_structure, find_role
from grevy.sdtm.terminology import find_codelists, load_package

BY_TEST = ("TR", "RS", "QS", "FA", "LB", "VS", "EG", "CV")
"""Findings whose results differ by test: value level."""

ORIGINS = {"CRF": "Collected", "DERIVED": "Derived", "ASSIGNED": "Assigned"}
DICTIONARIES = {
    **dict.fromkeys(("AELLT", "AEDECOD", "AEHLT", "AEHLGT", "AEBODSYS", "AESOC", "MHBODSYS"), "MedDRA"),
    **dict.fromkeys(("CMDECOD", "CMCLAS", "CMCLASCD"), "WHODD"),
    "AETOXGR": "CTCAE",
    "COUNTRY": "ISO 3166",
}


def define_tabulation(tables: Mapping[str, pa.Table], study: Study, *, suffix: str) -> Definition:
    """Describe the data sets of a tabulation; `suffix` is the ending of their files."""
    collected = list_collected(study)
    domains = {name: get_domain(name) for name in sorted(tables)}
    return Definition(
        study=study.id,
        title=study.title.en,
        protocol=study.short_title.en,
        standard="SDTMIG",
        version="3.4",
        terminology=load_package()["date"],
        purpose="Tabulation",
        groups=tuple(
            _describe_domain(domain, tables[name], study, collected, suffix)
            for name, domain in domains.items()
        ),
    )


def _describe_domain(
    domain: Domain, table: pa.Table, study: Study, collected: Collected, suffix: str
) -> Group:
    class_, structure = describe_structure(domain)
    name = domain.name
    declared = {variable.name: variable for variable in domain.variables}
    further = {
        column: Variable(column, label, "Char", "Perm")
        for column, label in find_labels(table, domain).items()
    }
    items = tuple(
        _describe_variable(domain, (further | declared)[column], table, study, collected)
        for column in table.column_names
    )
    return Group(
        oid=f"IG.{name}",
        name=name,
        label=domain.label,
        class_=class_,
        structure=structure,
        repeating=name != "DM",
        reference=class_ == "TRIAL DESIGN",
        items=items,
        file=f"{name.lower()}{suffix}",
        domain=name[4:] if name.startswith("SUPP") else name,
    )  # fmt: skip


def _describe_variable(
    domain: Domain, variable: Variable, table: pa.Table, study: Study, collected: Collected
) -> Item:
    column = table[variable.name]
    empty = column.null_count == len(column)
    source, method = find_source(domain.name, variable.name, collected, empty=empty)
    item = Item(
        oid=f"IT.{domain.name}.{variable.name}",
        name=variable.name,
        label=variable.label,
        shape=measure(variable.name, column),
        source=source,
        codes=None if empty else _find_codes(domain.name, variable.name, column, study),
        method=method,
        role=find_role(domain.name, variable.name),
        key=domain.keys.index(variable.name) + 1 if variable.name in domain.keys else None,
        mandatory=variable.core == "Req",
        empty=empty,
    )
    if variable.name == f"{domain.name}TESTCD":
        item = replace(item, codes=_name_tests(item.codes, domain.name, table))
    by = "QNAM" if variable.name == "QVAL" else f"{domain.name}TESTCD"
    if variable.name == "QVAL" or (domain.name in BY_TEST and variable.name[2:] in ("ORRES", "STRESC")):
        return replace(item, values=tuple(_describe_values(item, domain.name, by, table, collected)))
    return item


def _find_codes(domain: str, variable: str, column: pa.ChunkedArray, study: Study) -> Codes | None:
    if variable in DICTIONARIES:
        name = DICTIONARIES[variable]
        version = str(study.analysis.value("ctcae.version")) if name == "CTCAE" else ""
        return Codes(f"CL.{name.replace(' ', '')}", name, dictionary=name, version=version)
    lists = find_codelists(domain, variable)
    if not lists or (domain in BY_TEST and variable.endswith("STRESC")):
        return None
    known = {value: concept for one in lists for value, concept in one.terms.items()}
    used = sorted(pc.unique(column.drop_null()).to_pylist())
    terms = tuple(Term(value, None, known.get(value, ""), value not in known) for value in used)
    name = ".".join(one.name for one in lists)
    return Codes(f"CL.{name}", name, terms, lists[0].concept if len(lists) == 1 else "")


def _name_tests(codes: Codes | None, domain: str, table: pa.Table) -> Codes:
    """The tests of a domain with their names; those of no published list are the study's own."""
    names = _pair(table, f"{domain}TESTCD", f"{domain}TEST")
    # where no list is published for the tests of a domain, its values extend nothing
    known = {term.value: term for term in codes.terms} if codes else {}
    terms = tuple(
        replace(known.get(code, Term(code)), words=Words(name, "")) for code, name in sorted(names.items())
    )
    concept = codes.concept if codes else ""
    return Codes(f"CL.{domain}TESTCD", f"{domain}TESTCD", terms, concept)


def _pair(table: pa.Table, code: str, name: str) -> dict[str, str]:
    rows = table.select([code, name]).group_by([code, name]).aggregate([]).to_pylist()
    return {row[code]: row[name] or row[code] for row in rows if row[code] is not None}


def _describe_values(
    item: Item, domain: str, by: str, table: pa.Table, collected: Collected
) -> Iterator[Value]:
    """The value level of results by test, and of supplemental qualifiers by name."""
    names = _pair(table, by, "QLABEL" if by == "QNAM" else f"{domain}TEST")
    origins = _pair(table, "QNAM", "QORIG") if by == "QNAM" else {}
    used: dict[str, list[str]] = {code: [] for code in names}
    pairs = table.select([by, item.name]).group_by([by, item.name]).aggregate([])
    for code, text in zip(pairs[by].to_pylist(), pairs[item.name].to_pylist(), strict=True):
        if code is not None and text is not None:
            used[code].append(text)
    for code, name in sorted(names.items()):
        if by == "QNAM":
            source, method = _read_origin(origins[code], collected.get((domain, code, ""), ())), None
        else:
            source, method = find_source(domain, item.name, collected, empty=not used[code], test=code)
        value = Item(
            oid=f"{item.oid}.{code}",
            name=code,
            label=name,
            shape=measure_texts(used[code]),
            source=source,
            codes=_find_value_codes(domain, item.name, code, used[code]),
            method=method,
            role=item.role,
            empty=not used[code],
        )
        yield Value(Condition(f"WC.{domain}.{by}.{code}", f"IT.{domain}.{by}", code), value)


def _read_origin(told: str, items: tuple[str, ...]) -> Source:
    type_ = ORIGINS.get(told.upper(), "Assigned")
    by = "Investigator" if type_ == "Collected" else "Sponsor"
    return Source(type_, by, "Forms: " + ", ".join(items) if items else "")


def _find_value_codes(domain: str, variable: str, code: str, used: list[str]) -> Codes | None:
    """The list of a test's results, where each of them is a published term."""
    lists = find_codelists(domain, variable)
    known = {value: concept for one in lists for value, concept in one.terms.items()}
    if not used or any(value not in known for value in used):
        return None
    terms = tuple(Term(value, None, known[value]) for value in sorted(used))
    name = ".".join(one.name for one in lists)
    concept = lists[0].concept if len(lists) == 1 else ""
    return Codes(f"CL.{name}.{domain}.{code}", f"{name}, {code}", terms, concept)
