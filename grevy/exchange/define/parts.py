"""What a Define-XML says, before it is XML: data sets, variables, values, code lists, methods."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from grevy.rules.words import Words


@dataclass(frozen=True)
class Term:
    """A value of a code list; `concept` is its code in the published list, `words` what it stands for."""

    value: str
    words: Words | None = None
    concept: str = ""
    extended: bool = False


@dataclass(frozen=True)
class Codes:
    """A code list, published (with its concept) or the data sets' own; or a dictionary with its version."""

    oid: str
    name: str
    terms: tuple[Term, ...] = ()
    concept: str = ""
    type: str = "text"
    dictionary: str = ""
    version: str = ""


@dataclass(frozen=True)
class Source:
    """Where values come from: a type of the standard, who gave them, and in words from what."""

    type: str
    by: str = ""
    words: str = ""


@dataclass(frozen=True)
class Method:
    """How a value is derived."""

    oid: str
    name: str
    words: Words


@dataclass(frozen=True)
class Shape:
    """Data type, greatest length and decimals of the values that are there."""

    type: str
    length: int | None = None
    decimals: int | None = None
    format: str = ""


@dataclass(frozen=True)
class Item:
    """A variable, or its values under a condition."""

    oid: str
    name: str
    label: str
    shape: Shape
    source: Source | None
    codes: Codes | None = None
    method: Method | None = None
    values: tuple["Value", ...] = ()
    role: str = ""
    key: int | None = None
    mandatory: bool = False
    empty: bool = False


@dataclass(frozen=True)
class Condition:
    """The records in which a variable, by its OID, has a value."""

    oid: str
    of: str
    equals: str


@dataclass(frozen=True)
class Value:
    """What a variable is under a condition."""

    condition: Condition
    item: Item


@dataclass(frozen=True)
class Group:
    """A data set."""

    oid: str
    name: str
    label: str
    class_: str
    structure: str
    repeating: bool
    reference: bool
    items: tuple[Item, ...]
    file: str
    domain: str = ""
    subclass: str = ""
    standard: str = ""


@dataclass(frozen=True)
class Used:
    """The records of a data set that a result was made from, and the variables that were analysed."""

    group: str
    condition: Condition
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Analysis:
    """A result of the study: what it is of, why it was made, from what."""

    oid: str
    title: str
    parameter: str
    purpose: str
    words: str
    used: tuple[Used, ...]


@dataclass(frozen=True)
class Display:
    """An output of the report with its results."""

    oid: str
    name: str
    title: str
    results: tuple[Analysis, ...]


@dataclass(frozen=True)
class Definition:
    """All that one Define-XML says of the data sets of a layer.

    `further` are standards beside the first, with their versions; a group may name one of them.
    """

    study: str
    title: str
    protocol: str
    standard: str
    version: str
    terminology: str
    purpose: str
    groups: tuple[Group, ...]
    further: tuple[tuple[str, str], ...] = ()
    displays: tuple[Display, ...] = ()

    def list_items(self) -> list[Item]:
        """Every variable and every value level, once."""
        every = (found for group in self.groups for item in group.items for found in _with_values(item))
        return list({item.oid: item for item in every}.values())

    def list_conditions(self) -> list[Condition]:
        """Every condition of a value level or a result, once."""
        of_values = (value.condition for item in self.list_items() for value in item.values)
        of_results = (
            used.condition for display in self.displays for result in display.results for used in result.used
        )
        return list({one.oid: one for one in (*of_values, *of_results)}.values())

    def list_methods(self) -> list[Method]:
        """Every method, once."""
        methods = (item.method for item in self.list_items() if item.method)
        return list({method.oid: method for method in methods}.values())

    def list_codes(self) -> list[Codes]:
        """Every code list, once, with the terms of all the variables that have it."""
        found: dict[str, Codes] = {}
        for item in self.list_items():
            if item.codes:
                known = found.get(item.codes.oid, item.codes)
                terms = {term.value: term for term in (*known.terms, *item.codes.terms)}
                found[known.oid] = replace(known, terms=tuple(terms.values()))
        return list(found.values())


def _with_values(item: Item) -> Iterator[Item]:
    yield item
    yield from (value.item for value in item.values)
