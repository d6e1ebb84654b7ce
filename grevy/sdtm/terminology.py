"""Controlled terminology: the pinned lists of the variables we write, and the check of values against them.

The lists are those of NCI EVS in one package, whose date stands in the file. A study may use values beyond
an extensible list; each of them stands with its reason in `terminology_extensions.yaml` of the study.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import ibis.expr.types as ir

from grevy.definition.terminology import TermExtension

_QUESTIONNAIRES = {"EOR01": ("EOR01TC", "EOR01TN"), "EQ5D02": ("EQ5D02TC", "EQ5D02TN")}
_CLINICAL = {"ECOG1": ("ECOG1TC", "ECOG1TN")}
_NUMBER = re.compile(r"(<=|>=|<|>)?-?[0-9]+(\.[0-9]+)?")
_TUMOR = ("ONCRTSCD", "ONCRTS")


@dataclass(frozen=True)
class CodeList:
    """A code list of the package: submission values with the concept each of them stands for."""

    name: str
    concept: str
    extensible: bool
    terms: Mapping[str, str]


@dataclass(frozen=True, order=True)
class TermFinding:
    """A value that does not stand in its list.

    `problem` is closed or extensible (not in a list of that kind), case (differs only in case from
    `expected`) or name (--TEST is not `expected`, the name of its --TESTCD).
    """

    domain: str
    variable: str
    level: Literal["error", "warning"]
    problem: Literal["closed", "extensible", "case", "name"]
    lists: str
    value: str
    expected: str = ""


# --- Reading --------------------------------------------------------------------------------------


@cache
def load_package() -> dict[str, Any]:
    """The package as it is kept: date, source, variables and code lists."""
    return dict(json.loads(files("grevy.sdtm").joinpath("terminology.json").read_text(encoding="utf-8")))


@cache
def find_codelist(name: str) -> CodeList:
    """A list by its short name, such as LBTESTCD."""
    lists = load_package()["codelists"]
    if name not in lists:
        raise ValueError(f"code list {name!r} is not in the package {load_package()['date']}")
    found = lists[name]
    return CodeList(name, found["conceptId"], found["extensible"], found["terms"])


def find_codelists(domain: str, variable: str) -> tuple[CodeList, ...]:
    """The lists whose values a variable may have; none where its values are free."""
    return tuple(find_codelist(name) for name in load_package()["variables"].get(f"{domain}.{variable}", ()))


def check_extensions(extensions: Iterable[TermExtension]) -> tuple[str, ...]:
    """What is wrong with the extensions of a study: of no list, of a closed one, or of no need."""
    return tuple(mistake for extension in extensions for mistake in _describe_mistakes(extension))


def _describe_mistakes(extension: TermExtension) -> Iterator[str]:
    name, value = extension.codelist, extension.value
    package = load_package()
    if name not in package["codelists"]:
        yield f"code list {name!r} is not in the package {package['date']}. Name a list of it."
    elif not find_codelist(name).extensible:
        yield f"code list {name!r} is closed: nothing may be added to it. Use one of its terms."
    elif value in find_codelist(name).terms:
        yield f"{value!r} stands in {name} already. Take the line away."


# --- Test names -----------------------------------------------------------------------------------


def find_test_name(domain: str, code: str) -> str | None:
    """--TEST of a --TESTCD: the term of the same concept; None for a code that the package does not know."""
    for codes, names in _find_test_lists(domain):
        concept = codes.terms.get(code)
        found = next((name for name, known in names.terms.items() if known == concept), None)
        if concept is not None and found is not None:
            return found
    return None


def _find_test_lists(domain: str) -> tuple[tuple[CodeList, CodeList], ...]:
    if domain == "QS":
        pairs = tuple(_QUESTIONNAIRES.values())
    elif domain == "RS":
        pairs = (*_CLINICAL.values(), _TUMOR)
    else:
        codes = find_codelists(domain, f"{domain}TESTCD")
        names = find_codelists(domain, f"{domain}TEST")
        return tuple(zip(codes, names, strict=True))
    return tuple((find_codelist(codes), find_codelist(names)) for codes, names in pairs)


# --- Checking -------------------------------------------------------------------------------------


def check_terminology(
    tables: Mapping[str, ir.Table], extensions: Iterable[TermExtension] = ()
) -> tuple[TermFinding, ...]:
    """Hold every value of the tabulation against its list.

    A value outside a closed list is an error, one that differs only in case as well; outside an extensible
    list it is a warning, unless the study extends the list by it. A --TESTCD and its --TEST must be of one
    concept, or as the study names a code of its own.
    """
    added: dict[str, set[str]] = {}
    tests: dict[str, str] = {}
    for extension in extensions:
        added.setdefault(extension.codelist, set()).add(extension.value)
        if extension.test is not None:
            tests[extension.value] = extension.test
    findings: list[TermFinding] = []
    for domain, table in sorted(tables.items()):
        named = f"{domain}TEST"
        for variable in table.columns:
            lists = find_codelists(domain, variable)
            if lists:
                known = {term for found in lists for term in added.get(found.name, ())}
                known |= set(tests.values()) if variable == named else set()
                findings += _check_values(domain, variable, _read_distinct(table, variable), lists, known)
        if {f"{domain}TESTCD", named} <= set(table.columns):
            findings += _check_pairs(domain, table, tests)
    return tuple(sorted(findings))


def _read_distinct(table: ir.Table, variable: str) -> list[str]:
    column = table.select(variable).distinct().to_pyarrow()[variable].to_pylist()
    return [value for value in column if value is not None]


def _check_values(
    domain: str, variable: str, values: Iterable[str], lists: tuple[CodeList, ...], added: set[str]
) -> Iterator[TermFinding]:
    names = ", ".join(codelist.name for codelist in lists)
    terms = {term for codelist in lists for term in codelist.terms} | added
    lowered = {term.lower(): term for term in terms}
    is_extensible = any(codelist.extensible for codelist in lists)
    for value in values:
        if value in terms or _is_no_term(domain, variable, value):
            continue
        if value.lower() in lowered:
            yield TermFinding(domain, variable, "error", "case", names, value, lowered[value.lower()])
        elif is_extensible:
            yield TermFinding(domain, variable, "warning", "extensible", names, value)
        else:
            yield TermFinding(domain, variable, "error", "closed", names, value)


def _is_no_term(domain: str, variable: str, value: str) -> bool:
    """A number as a result, and what stands for all tests of a form that was not done (SDTMIG 4.5.1)."""
    if variable == f"{domain}STRESC":
        return _NUMBER.fullmatch(value) is not None
    if variable == f"{domain}TEST":
        return value.startswith("All ")
    return variable == f"{domain}TESTCD" and value == f"{domain}ALL"


def _check_pairs(domain: str, table: ir.Table, tests: Mapping[str, str]) -> Iterator[TermFinding]:
    code, name = f"{domain}TESTCD", f"{domain}TEST"
    for row in table.select(code, name).distinct().to_pyarrow().to_pylist():
        expected = (find_test_name(domain, row[code]) or tests.get(row[code])) if row[code] else None
        if expected is not None and row[name] != expected:
            yield TermFinding(domain, name, "error", "name", row[code], str(row[name]), expected)
