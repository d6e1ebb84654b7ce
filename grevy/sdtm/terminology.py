"""Controlled terminology: the pinned lists of the variables we write, and the check of values against them.

The lists are those of NCI EVS in one package, whose date stands in the file. A study may use values beyond
an extensible list; each of them stands with its reason in `terminology_extensions.yaml` of the study.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import yaml

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


@dataclass(frozen=True)
class Extension:
    """A value that a study adds to an extensible list; for a --TESTCD list `test` is its name."""

    codelist: str
    value: str
    reason: str
    test: str | None = None


@dataclass(frozen=True, order=True)
class TermFinding:
    """A value that does not stand in its list; `level` is error or warning."""

    domain: str
    variable: str
    value: str
    level: str
    message: str

    def __str__(self) -> str:
        return f"{self.domain}.{self.variable} {self.value!r}: {self.level}: {self.message}"


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


def read_extensions(path: Path) -> tuple[Extension, ...]:
    """Extensions of a study; each names its list, its value and its reason. A missing file adds nothing."""
    if not path.exists():
        return ()
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))["extensions"]
    mistakes = [describe for row in rows for describe in _describe_mistakes(row)]
    if mistakes:
        raise ValueError("\n".join(f"{path.name}: {mistake}" for mistake in mistakes))
    return tuple(
        Extension(row["codelist"], str(row["value"]), row["reason"], row.get("test")) for row in rows
    )


def _describe_mistakes(row: Mapping[str, Any]) -> Iterable[str]:
    name, value = row.get("codelist"), row.get("value")
    if not row.get("reason"):
        yield f"{name} {value!r} has no reason. Say why the list does not suffice."
    if name not in load_package()["codelists"]:
        yield f"code list {name!r} is not in the package. Name a list of the package."
    elif not find_codelist(str(name)).extensible:
        yield f"code list {name!r} is closed: nothing may be added to it."
    elif str(value) in find_codelist(str(name)).terms:
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
    tables: Mapping[str, ir.Table], extensions: Iterable[Extension] = ()
) -> tuple[TermFinding, ...]:
    """Hold every value of the tabulation against its list.

    A value outside a closed list is an error, one that differs only in case as well; outside an extensible
    list it is a warning, unless the study extends the list by it. A --TESTCD and its --TEST must be of one
    concept.
    """
    known: dict[str, set[str]] = {}
    for extension in extensions:
        known.setdefault(extension.codelist, set()).add(extension.value)
    findings: list[TermFinding] = []
    for domain, table in sorted(tables.items()):
        for variable in table.columns:
            lists = find_codelists(domain, variable)
            if lists:
                findings += _check_values(domain, variable, _read_distinct(table, variable), lists, known)
        if {f"{domain}TESTCD", f"{domain}TEST"} <= set(table.columns):
            findings += _check_pairs(domain, table)
    return tuple(sorted(findings))


def _read_distinct(table: ir.Table, variable: str) -> list[str]:
    column = table.select(variable).distinct().to_pyarrow()[variable].to_pylist()
    return [value for value in column if value is not None]


def _check_values(
    domain: str,
    variable: str,
    values: Iterable[str],
    lists: tuple[CodeList, ...],
    known: Mapping[str, set[str]],
) -> Iterable[TermFinding]:
    names = ", ".join(codelist.name for codelist in lists)
    terms = {term for codelist in lists for term in codelist.terms}
    terms |= {value for codelist in lists for value in known.get(codelist.name, ())}
    lowered = {term.lower(): term for term in terms}
    level = "warning" if any(codelist.extensible for codelist in lists) else "error"
    for value in values:
        if value in terms or _is_no_term(domain, variable, value):
            continue
        if value.lower() in lowered:
            message = f"differs only in case from {lowered[value.lower()]!r} in {names}"
            yield TermFinding(domain, variable, value, "error", message)
        else:
            state = "extensible" if level == "warning" else "closed"
            yield TermFinding(domain, variable, value, level, f"not in the {state} list {names}")


def _is_no_term(domain: str, variable: str, value: str) -> bool:
    """A number as a result, and the code that stands for all tests of what was not done (SDTMIG 4.5.1)."""
    if variable == f"{domain}STRESC":
        return _NUMBER.fullmatch(value) is not None
    return variable == f"{domain}TESTCD" and value.endswith("ALL")


def _check_pairs(domain: str, table: ir.Table) -> Iterable[TermFinding]:
    code, name = f"{domain}TESTCD", f"{domain}TEST"
    for row in table.select(code, name).distinct().to_pyarrow().to_pylist():
        expected = find_test_name(domain, row[code]) if row[code] is not None else None
        if expected is not None and row[name] != expected:
            message = f"{code} {row[code]} is {expected!r} in the same concept"
            yield TermFinding(domain, name, str(row[name]), "error", message)
