"""The words of conditions: items with their types, and the few functions beside those of CEL itself."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cel_expr_python import cel

RECORDS = "records"
"""Name under which conditions find all records of a repeating form."""

SERIES = ("previous", "first", "repeat_before")
"""Words before the name of a form that a subject has several times: another record of the same form."""

_CEL_TYPES = {
    "text": cel.Type.STRING,
    "code": cel.Type.STRING,
    "integer": cel.Type.DOUBLE,
    "decimal": cel.Type.DOUBLE,
    "quantity": cel.Type.DOUBLE,
    "date": cel.Type.TIMESTAMP,
    "partial_date": cel.Type.TIMESTAMP,
    "datetime": cel.Type.TIMESTAMP,
}


# ---- Functions that conditions may call ----------------------------------------------------------------


def _days(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 86400


def _age(birth: datetime, at: datetime) -> float:
    return float(at.year - birth.year - ((at.month, at.day) < (birth.month, birth.day)))


def _decided(answer: str, yes: Sequence[str], no: Sequence[str]) -> bool:
    if answer in yes:
        return True
    if answer in no:
        return False
    raise ValueError("not decided")  # becomes CEL's error value, which a condition reads as unknown


def _count(rows: Sequence[object]) -> float:
    return float(len(rows))


def _declare_functions() -> list[Any]:
    moment, text, number = cel.Type.TIMESTAMP, cel.Type.STRING, cel.Type.DOUBLE
    texts, rows = cel.Type.List(text), cel.Type.List(cel.Type.Map(text, cel.Type.DYN))
    declared = {
        "days": (number, [moment, moment], _days),
        "age": (number, [moment, moment], _age),
        "decided": (cel.Type.BOOL, [text, texts, texts], _decided),
        "count": (number, [rows], _count),
    }
    return [
        cel.FunctionDecl(name, [cel.Overload(f"{name}_of", result, parameters, False, call)])
        for name, (result, parameters, call) in declared.items()
    ]


# ---- What conditions may name --------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """One name that conditions may use: an item, whether it was given, the rows of a group, or today."""

    name: str
    kind: str
    form: str = ""
    group: str = ""
    item: str = ""
    type: str = ""
    codes: frozenset[str] | None = None
    columns: tuple["Term", ...] = ()
    unit: str | None = None
    test: str | None = None

    def cel_type(self) -> Any:
        if self.kind == "given":
            return cel.Type.BOOL
        if self.kind == "rows":
            return cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN))
        return cel.Type.TIMESTAMP if self.kind == "today" else _CEL_TYPES[self.type]


def item_terms(
    form: str,
    item: str,
    type_: str,
    codes: frozenset[str] | None,
    group: str = "",
    *,
    unit: str | None = None,
    test: str | None = None,
) -> tuple[Term, Term]:
    """The two names of an item: its value, and whether it was given."""
    name = ".".join(filter(None, (form, group, item)))
    value = Term(name, "item", form, group, item, type_, codes, unit=unit, test=test)
    return value, Term(f"{name}.given", "given", form, group, item)


def series_terms(terms: Sequence[Term]) -> Iterator[Term]:
    """The names of a form's items and groups in its other records: `previous.vital_signs.weight`."""
    for word in SERIES:
        for term in terms:
            if term.group != RECORDS:
                yield replace(term, name=f"{word}.{term.name}", form=f"{word}.{term.form}")


def rows_term(form: str, group: str, columns: Sequence[Term]) -> Term:
    """The name of a group: the list of its rows."""
    return Term(f"{form}.{group}", "rows", form, group, columns=tuple(columns))


class ConditionMistake(ValueError):
    """A condition that does not compile: what was found and what is allowed."""

    def __init__(self, message: str, found: str, allowed: str) -> None:
        super().__init__(message)
        self.found, self.allowed = found, allowed


class Vocabulary:
    """All names of a study, declared once with their types."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = {term.name: term for term in (Term("today", "today"), *terms)}
        self._env = cel.NewEnv(
            variables={name: term.cel_type() for name, term in self.terms.items()},
            functions=_declare_functions(),
        )

    def find(self, name: str) -> Term | None:
        """The longest declared name that a name begins with; the rest is a method such as `.matches`."""
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            if term := self.terms.get(".".join(parts[:length])):
                return term
        return None

    def activate(self, bound: Mapping[str, Any]) -> Any:
        """Values as CEL takes them, for any number of conditions."""
        return self._env.Activation(dict(bound))

    def compile(self, text: str) -> Any:
        """A program for CEL text; ConditionMistake says what is wrong with it."""
        try:
            program = self._env.compile(text)
        except RuntimeError as error:
            raise ConditionMistake(*_explain(str(error))) from None
        if program.return_type() != cel.Type.BOOL:
            found = _WORDS.get(program.return_type().name().lower(), program.return_type().name())
            raise ConditionMistake(
                f"a condition must be true or false, this one is a {found}", found, "true or false"
            )
        return program


_NO_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '([^']*)'")
_WORDS = {
    "double": "number",
    "string": "text",
    "google.protobuf.Timestamp": "date",
    "timestamp": "date",
    "bool": "true or false",
}


def _explain(error: str) -> tuple[str, str, str]:
    first = error.split("ERROR: ", 1)[-1].split("\n", 1)[0].replace(" (in container '')", "")
    place, _, rest = first.partition(": ")
    column = place.rsplit(":", 1)[-1]
    if match := _NO_OVERLOAD.search(first):
        operator = match[1].strip("_").replace("_", " ").strip() or match[1]
        types = match[2].strip("()")
        for cel_name, word in _WORDS.items():
            types = types.replace(cel_name, word)
        return (
            f"'{operator}' cannot be used on ({types}), at character {column}",
            f"({types})",
            "values of one type",
        )
    return (
        f"the condition cannot be read at character {column}: {rest or first}",
        rest or first,
        "a CEL expression",
    )
