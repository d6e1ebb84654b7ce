"""What the specification of an analysis data set says, and how it is written down as a compact table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from textwrap import dedent
from typing import Literal

from grevy.rules.words import Words
from grevy.sdtm.domains import get_domain
from grevy.sdtm.terminology import find_codelists

Origin = Literal["Assigned", "Derived", "Predecessor"]
MADE_HERE: dict[str, Origin] = {"Assigned": "Assigned", "Derived": "Derived"}
TYPES = ("text", "integer", "float", "date")
SUBSETS = {"Y": ("NY", ("Y",)), "YN": ("NY", ("Y", "N"))}
"""Code lists that are part of a published one: its short name and the terms that are allowed."""


@dataclass(frozen=True)
class Variable:
    """A variable; `source` is what it was copied from, `codelist` names its values, `method` how it is made.

    A code list is a short name of the controlled terminology (several with commas), one of `code_lists`, a
    list of the study (`@nen_class`), or a dictionary (`MedDRA`).
    """

    name: str
    label: str
    type: str
    origin: Origin
    source: str = ""
    codelist: str = ""
    method: Words | None = None


@dataclass(frozen=True)
class Parameter:
    """How the value of a parameter is made. A code that ends in * stands for all that begin so."""

    code: str
    name: str
    method: Words

    def is_of(self, code: str) -> bool:
        """Whether it is about a PARAMCD."""
        return code.startswith(self.code[:-1]) if self.code.endswith("*") else code == self.code


@dataclass(frozen=True)
class DataSet:
    """An analysis data set with the keys that make its records unique and its variables in their order."""

    name: str
    label: str
    class_: str
    structure: str
    keys: tuple[str, ...]
    variables: tuple[Variable, ...]
    parameters: tuple[Parameter, ...] = ()

    def find(self, name: str) -> Variable:
        """Look a variable up."""
        return next(variable for variable in self.variables if variable.name == name)

    def find_parameter(self, code: str) -> Parameter | None:
        """What is said of a PARAMCD: by its whole code, else by the longest beginning."""
        known = [parameter for parameter in self.parameters if parameter.is_of(code)]
        return max(known, key=lambda one: (not one.code.endswith("*"), len(one.code)), default=None)


Shelf = Mapping[str, Variable]
"""Variables that stand in several data sets, by name."""


def declare(
    name: str,
    label: str,
    class_: str,
    structure: str,
    keys: str,
    variables: str,
    parameters: tuple[Parameter, ...] = (),
    **shelves: Shelf,
) -> DataSet:
    """Declare a data set from a table of its variables (`declare_variables`)."""
    found = declare_variables(variables, **shelves)
    return DataSet(name, label, class_, structure, tuple(keys.split()), tuple(found.values()), parameters)


def declare_variables(text: str, **shelves: Shelf) -> dict[str, Variable]:
    """Declare variables: a line of name, type, origin, code list and label, then its method in two languages.

    ``TRTSDT date Derived - Date of First Exposure to Treatment``: the code list is - where there is none. An
    origin with a dot (``MH.MHTERM``) is what a predecessor was copied from. Lines further in are the method,
    English then Chinese. A line ``AE: AESEQ AETERM`` takes variables as they are: from a shelf of that name,
    or copied from the domain.
    """
    found: dict[str, Variable] = {}
    for line, below in _gather(dedent(text).strip("\n").splitlines()):
        head, _, rest = line.partition(" ")
        if head.endswith(":"):
            taken = [_take(head[:-1], one, shelves) for one in rest.split()]
        else:
            taken = [_read(head, rest, below)]
        found |= {variable.name: variable for variable in taken}
    return found


def declare_parameters(names: Mapping[str, str], text: str) -> tuple[Parameter, ...]:
    """Declare parameters: a line with the code, then its method in two languages further in."""
    return tuple(
        Parameter(code, names.get(code, ""), _read_method(below))
        for code, below in _gather(dedent(text).strip("\n").splitlines())
    )


def copy_from(data_set: str, shelf: Shelf) -> dict[str, Variable]:
    """The variables of a data set as others that copy them show them."""
    return {
        name: replace(variable, origin="Predecessor", source=f"{data_set}.{name}", method=None)
        for name, variable in shelf.items()
    }


def _gather(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    line, below = "", []
    for one in lines:
        if one.startswith(" "):
            below.append(one.strip())
            continue
        if line:
            yield line, below
        line, below = one.strip(), []
    if line:
        yield line, below


def _read(name: str, rest: str, below: list[str]) -> Variable:
    type_, origin, codelist, label = rest.split(maxsplit=3)
    if type_ not in TYPES:
        raise ValueError(f"{name} has type {type_!r}; allowed: {', '.join(TYPES)}")
    source = origin if "." in origin else ""
    if not source and origin not in MADE_HERE:
        raise ValueError(
            f"{name} has origin {origin!r}; allowed: {', '.join(MADE_HERE)}, or DATASET.VARIABLE"
        )
    said: Origin = "Predecessor" if source else MADE_HERE[origin]
    method = _read_method(below) if below else None
    return Variable(name, label, type_, said, source, codelist.strip("-"), method)


def _read_method(below: list[str]) -> Words:
    if len(below) != 2:
        raise ValueError(f"a method has one line per language: {below}")
    return Words(*below)


def _take(place: str, name: str, shelves: Mapping[str, Shelf]) -> Variable:
    if place in shelves:
        return shelves[place][name]
    declared = next(variable for variable in get_domain(place).variables if variable.name == name)
    lists = ",".join(found.name for found in find_codelists(place, name)) or _DICTIONARIES.get(name, "")
    type_ = "text" if declared.type == "Char" else "float"
    return Variable(name, declared.label, type_, "Predecessor", f"{place}.{name}", lists)


_DICTIONARIES = {
    **dict.fromkeys(("AELLT", "AEDECOD", "AEBODSYS", "AESOC", "MHDECOD", "MHBODSYS"), "MedDRA"),
    **dict.fromkeys(("CMDECOD", "CMCLAS", "CMCLASCD"), "WHODrug"),
    "AETOXGR": "GRADE",
    "COUNTRY": "ISO3166",
}
"""Variables of the tabulation whose values stand in a dictionary."""
