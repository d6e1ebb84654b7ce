"""What a domain is, and how its variables are written down."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """A variable of a domain; `type` is Char or Num, `core` is Req, Exp or Perm."""

    name: str
    label: str
    type: str
    core: str


@dataclass(frozen=True)
class Domain:
    """A domain with the keys that make its records unique and its variables in their published order."""

    name: str
    label: str
    keys: tuple[str, ...]
    variables: tuple[Variable, ...]


def declare(name: str, label: str, keys: str, variables: str) -> Domain:
    """Declare a domain from a table of one line per variable: name, type, core, label."""
    rows = (line.split(maxsplit=3) for line in variables.strip().splitlines())
    return Domain(
        name,
        label,
        tuple(keys.split()),
        tuple(Variable(variable, text, type_, core) for variable, type_, core, text in rows),
    )
